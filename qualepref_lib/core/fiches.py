"""YAML files written by people, read strictly.

Every scalar is read as text and typed by the pydantic model that expects it, because plain YAML
reads ``1.10`` as 1.1, ``NO`` as False and lets a repeated key win. Problems are told in French
with the line, and all of them at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from qualepref_lib.core.refus import Releve, proche


class Fiche(BaseModel):
    """A frozen model whose unknown keys are refused: a misspelt key must not be lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Modele = TypeVar("Modele", bound=BaseModel)
Chemin = tuple[str | int, ...]

_FRANCAIS = {
    "missing": "la clé « {cle} » est obligatoire et n'est pas là.",
    "extra_forbidden": "la clé « {cle} » n'est pas connue.",
    "int_parsing": "« {valeur} » n'est pas un nombre entier.",
    "float_parsing": "« {valeur} » n'est pas un nombre (le séparateur décimal est ici le point).",
    "bool_parsing": "« {valeur} » n'est ni oui ni non.",
    "literal_error": "« {valeur} » n'est pas admis ici (admis : {admis}).",
    "string_type": "un texte était attendu.",
    "list_type": "une liste était attendue.",
    "dict_type": "un groupe de clés était attendu.",
    "model_type": "un groupe de clés était attendu.",
    "tuple_type": "une liste était attendue.",
}
_DATE = "« {valeur} » n'est pas une date (attendu : AAAA-MM-JJ, par exemple 2022-03-29)."


def load_fiche(chemin: Path, modele: type[Modele], nom: str, releve: Releve) -> Modele | None:
    """Read ``chemin`` as a ``modele``; problems go to ``releve`` under the file name ``nom``.

    Returns None when the file cannot be used at all.
    """
    try:
        texte = chemin.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        releve.signaler(nom, "le fichier n'existe pas.")
        return None
    except UnicodeDecodeError:
        releve.signaler(nom, "le fichier n'est pas en UTF-8.", remede="l'enregistrer en UTF-8.")
        return None
    lignes: dict[Chemin, int] = {}
    try:
        noeud = yaml.compose(texte, Loader=yaml.SafeLoader)
        contenu = _texte_seul(noeud, (), lignes, nom, releve)
    except yaml.YAMLError as erreur:
        marque = getattr(erreur, "problem_mark", None)
        releve.signaler(
            nom,
            "le fichier n'est pas un YAML lisible (retrait, deux-points ou guillemet mal placé).",
            ligne=marque.line + 1 if marque else None,
        )
        return None
    return _valider(contenu, modele, nom, lignes, releve)


def _valider(
    contenu: Any, modele: type[Modele], nom: str, lignes: dict[Chemin, int], releve: Releve
) -> Modele | None:
    if not isinstance(contenu, dict):
        releve.signaler(nom, "le fichier est vide ou n'est pas un groupe de clés.")
        return None
    try:
        return modele.model_validate(contenu)
    except ValidationError as erreurs:
        for erreur in erreurs.errors():
            _traduire(erreur, modele, nom, lignes, releve)
        return None


def _texte_seul(
    noeud: yaml.Node | None, chemin: Chemin, lignes: dict[Chemin, int], nom: str, releve: Releve
) -> Any:
    """The tree with every scalar as text, an empty one as None; notes the line of each path."""
    if noeud is None:
        return None
    lignes[chemin] = noeud.start_mark.line + 1
    if isinstance(noeud, yaml.SequenceNode):
        return [
            _texte_seul(n, (*chemin, i), lignes, nom, releve) for i, n in enumerate(noeud.value)
        ]
    if isinstance(noeud, yaml.MappingNode):
        return _groupe(noeud, chemin, lignes, nom, releve)
    vide = noeud.value in ("", "~", "null") and getattr(noeud, "style", None) is None
    return None if vide else noeud.value


def _groupe(
    noeud: yaml.MappingNode, chemin: Chemin, lignes: dict[Chemin, int], nom: str, releve: Releve
) -> dict[str, Any]:
    groupe: dict[str, Any] = {}
    for cle, valeur in noeud.value:
        if cle.value in groupe:
            releve.signaler(
                nom,
                f"la clé « {cle.value} » est écrite deux fois.",
                ligne=cle.start_mark.line + 1,
                remede="garder une seule des deux.",
            )
        enfant = (*chemin, cle.value)
        groupe[cle.value] = _texte_seul(valeur, enfant, lignes, nom, releve)
        lignes[enfant] = cle.start_mark.line + 1
    return groupe


def _traduire(
    erreur: Any, modele: type[BaseModel], nom: str, lignes: dict[Chemin, int], releve: Releve
) -> None:
    chemin: Chemin = erreur["loc"]
    sorte: str = erreur["type"]
    modele_phrase = _DATE if sorte.startswith("date") else _FRANCAIS.get(sorte)
    cle = str(chemin[-1]) if chemin else ""
    if sorte in ("value_error", "assertion_error"):
        constat = str(erreur["ctx"]["error"])
    elif modele_phrase is None:
        constat = f"« {erreur.get('input')} » n'est pas admis pour « {cle} »."
    else:
        admis = erreur.get("ctx", {}).get("expected", "").replace("'", "").replace(" or ", ", ")
        constat = modele_phrase.format(cle=cle, valeur=erreur.get("input"), admis=admis)
    voisin = proche(cle, _cles(modele)) if sorte == "extra_forbidden" else None
    releve.signaler(
        nom, constat, ligne=_ligne(chemin, lignes), colonne=_lieu(chemin), voisin=voisin
    )


def _lieu(chemin: Chemin) -> str:
    return " > ".join(str(p + 1) if isinstance(p, int) else p for p in chemin)


def _ligne(chemin: Chemin, lignes: dict[Chemin, int]) -> int | None:
    while chemin and chemin not in lignes:
        chemin = chemin[:-1]
    return lignes.get(chemin)


def _cles(modele: type[BaseModel]) -> list[str]:
    """Every key that the model or a model inside it knows, for the near-miss."""
    schema = modele.model_json_schema()
    groupes = [schema, *schema.get("$defs", {}).values()]
    return sorted({cle for groupe in groupes for cle in groupe.get("properties", {})})
