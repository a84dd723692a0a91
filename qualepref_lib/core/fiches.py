"""YAML files written by people, read strictly into frozen models.

Every scalar arrives as text and is typed by the field that expects it, the French way: a date may
be ``29/03/2022``, a share ``0,8``, a yes ``oui``. Problems are told in French with the line, and
all of them at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator

from qualepref_lib.core.arbre import Arbre, Chemin, load_arbre
from qualepref_lib.core.refus import Releve, extrait, proche
from qualepref_lib.core.valeurs import (
    lire_date,
    lire_entier,
    lire_nombre,
    lire_oui_non,
    lire_part,
)

_LECTURES: dict[type, Callable[[str], Any]] = {
    dt.date: lire_date,
    bool: lire_oui_non,
    int: lire_entier,
    float: lire_nombre,
    Fraction: lire_part,
}


class Fiche(BaseModel):
    """A frozen model whose unknown keys are refused: a misspelt key must not be lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _lire_en_francais(cls, valeur: Any, info: ValidationInfo) -> Any:
        if not isinstance(valeur, str) or info.field_name is None:
            return valeur
        genres = _genres(cls.model_fields[info.field_name].annotation)
        for genre, lire in _LECTURES.items():
            if genre in genres:
                return lire(valeur)
        return valeur


def _genres(annotation: Any) -> set[Any]:
    """The types that an annotation names: itself, its branches, what they hold."""
    return {annotation}.union(*(_genres(a) for a in get_args(annotation)))


Modele = TypeVar("Modele", bound=BaseModel)

_FRANCAIS = {
    "missing": "la clé « {cle} » est obligatoire et n’est pas là.",
    "extra_forbidden": "la clé « {cle} » n’est pas connue.",
    "int_parsing": "{valeur} n’est pas un nombre entier.",
    "float_parsing": "{valeur} n’est pas un nombre.",
    "literal_error": "{valeur} n’est pas admis ici.",
    "string_type": "un texte était attendu, {valeur} est là.",
    "string_pattern_mismatch": "{valeur} n’est pas un code (minuscules sans accent, chiffres, "
    "point, tiret, tiret bas).",
    "list_type": "une liste était attendue, {valeur} est là.",
    "tuple_type": "une liste était attendue, {valeur} est là.",
    "dict_type": "un groupe de clés était attendu, {valeur} est là.",
    "model_type": "un groupe de clés était attendu, {valeur} est là.",
    "too_short": "la liste est trop courte (au moins {min_length}).",
    "greater_than": "{valeur} doit être plus grand que {gt}.",
    "greater_than_equal": "{valeur} doit être au moins {ge}.",
    "less_than": "{valeur} doit être plus petit que {lt}.",
    "less_than_equal": "{valeur} doit être au plus {le}.",
}
_REMEDES = {
    "missing": "ajouter la clé.",
    "extra_forbidden": "corriger ou retirer la clé.",
    "list_type": 'écrire les valeurs entre crochets : ["1", "2"].',
    "tuple_type": 'écrire les valeurs entre crochets : ["1", "2"].',
}


def load_fiche(chemin: Path, modele: type[Modele], nom: str, releve: Releve) -> Modele | None:
    """Read ``chemin`` as a ``modele``; problems go to ``releve`` under the file name ``nom``.

    Returns None when the file cannot be used at all.
    """
    arbre = load_arbre(chemin, nom, releve)
    return None if arbre is None else valider(arbre, modele, nom, releve)


def valider(arbre: Arbre, modele: type[Modele], nom: str, releve: Releve) -> Modele | None:
    """Type what was read; None when it is not a ``modele``."""
    try:
        return modele.model_validate(arbre.valeurs)
    except ValidationError as erreurs:
        for erreur in erreurs.errors():
            _traduire(erreur, arbre, modele, nom, releve)
        return None


def _traduire(erreur: Any, arbre: Arbre, modele: type[BaseModel], nom: str, releve: Releve) -> None:
    chemin: Chemin = erreur["loc"]
    connus = _connus(erreur, modele)
    releve.signaler(
        nom,
        _constat(erreur),
        ligne=arbre.ligne(chemin),
        colonne=_lieu(chemin),
        connus=connus,
        voisin=_voisin(erreur, connus),
        remede=_REMEDES.get(erreur["type"], ""),
    )


def _constat(erreur: Any) -> str:
    """The finding in French, whatever the words of the validator."""
    sorte, contexte, valeur = erreur["type"], erreur.get("ctx", {}), erreur.get("input")
    cle = extrait(erreur["loc"][-1]) if erreur["loc"] else ""
    if sorte in ("value_error", "assertion_error"):
        return str(contexte["error"])
    if valeur is None and sorte != "missing":
        return f"la clé « {cle} » est vide."
    phrase = _FRANCAIS.get(sorte, "{valeur} n’est pas admis pour « {cle} ».")
    bornes = {
        nom: str(borne).replace(".0", "").replace(".", ",") for nom, borne in contexte.items()
    }
    return phrase.format(**(bornes | {"cle": cle, "valeur": _vu(valeur)}))


def _vu(valeur: Any) -> str:
    """A value as the finding quotes it."""
    if isinstance(valeur, list | dict):
        return extrait(valeur)
    texte = f"{valeur:g}".replace(".", ",") if isinstance(valeur, float) else extrait(valeur)
    return f"« {texte} »"


def _connus(erreur: Any, modele: type[BaseModel]) -> tuple[str, ...]:
    """The values, or the keys, that were possible where the error is."""
    if erreur["type"] == "literal_error":
        attendu = str(erreur["ctx"]["expected"]).replace(" or ", ", ")
        return tuple(mot.strip("'") for mot in attendu.split(", "))
    if erreur["type"] == "extra_forbidden":
        return tuple(_modele_au(modele, erreur["loc"][:-1]).model_fields)
    return ()


def _voisin(erreur: Any, connus: tuple[str, ...]) -> str | None:
    if not connus:
        return None
    mot = erreur["loc"][-1] if erreur["type"] == "extra_forbidden" else erreur.get("input")
    return proche(str(mot), connus)


def _modele_au(modele: type[BaseModel], chemin: Chemin) -> type[BaseModel]:
    """The model of the group at ``chemin``, found by walking the fields of ``modele``."""
    for pas in chemin:
        if pas in modele.model_fields:
            genres = _genres(modele.model_fields[str(pas)].annotation)
            dedans = [g for g in genres if isinstance(g, type) and issubclass(g, BaseModel)]
            modele = dedans[0] if dedans else modele
    return modele


def _lieu(chemin: Chemin) -> str:
    return " > ".join(str(p + 1) if isinstance(p, int) else p for p in chemin)
