"""Registers as offices send them, workbooks or CSV, each checked with the rules of the campaign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from qualepref_lib.campagne import Campagne, FicheCampagne, find_campagne
from qualepref_lib.campagne.dossiers import FICHE, find_edition
from qualepref_lib.campagne.numerotes import keep_servies
from qualepref_lib.campagne.regles import check_regles
from qualepref_lib.campagne.tables import colonnes_de
from qualepref_lib.core.arbre import load_arbre
from qualepref_lib.core.fiches import valider
from qualepref_lib.core.refus import Releve
from qualepref_lib.formats.brut import LIGNE_ENTETE
from qualepref_lib.formats.classeur import load_classeur
from qualepref_lib.formats.colonnes import Colonne, check_colonnes
from qualepref_lib.formats.extensions import EXTENSIONS
from qualepref_lib.formats.texte import load_texte
from qualepref_lib.referentiel import Referentiel, load_referentiel
from qualepref_lib.running.registre.feuilles import SAISIES

COURRIERS = "courriers"


@dataclass(frozen=True)
class Exemplaire:
    """One register that was read: its rows as text, written in one way, index = line in the file.

    ``libres`` counts the numbered rows that nobody used; they are left out.
    """

    nom: str
    cadre: pd.DataFrame
    libres: int


def load_cadre_de(nom: str) -> Campagne:
    """The campaign without its tables: what a register is checked against.

    What is wrong in another file of the campaign does not keep registers from being put together.
    Raises :class:`Refus`.
    """
    dossier = find_campagne(nom)
    releve = Releve()
    arbre = load_arbre(dossier / FICHE, FICHE, releve)
    fiche = valider(arbre, FicheCampagne, FICHE, releve) if arbre else None
    releve.refuser()
    assert fiche is not None, "whatever was not read was refused"
    referentiel = load_referentiel(find_edition(dossier, fiche.edition))
    fiche = fiche.model_copy(update=_sans_fin(fiche))
    return Campagne(fiche, referentiel, dossier, MappingProxyType({}), (), ())


def _sans_fin(fiche: FicheCampagne) -> dict[str, object]:
    """A register goes on when the audit is over: neither its period nor its day bounds the rows."""
    sources = dict(fiche.sources)
    if COURRIERS in sources:
        sans = {"debut": None, "fin": None}
        sources[COURRIERS] = sources[COURRIERS].model_copy(update=sans)
    return {"sources": sources, "date_reference": max(fiche.date_reference, dt.date.today())}


def load_exemplaires(
    chemins: Sequence[Path], campagne: Campagne, releve: Releve
) -> list[Exemplaire]:
    """Read every file; all that is wrong in all of them goes to ``releve``."""
    noms = _noms(chemins)
    lus = [_load(c, nom, campagne, releve) for c, nom in zip(chemins, noms, strict=True)]
    return [exemplaire for exemplaire in lus if exemplaire is not None]


def check_registre(
    brut: pd.DataFrame, nom: str, campagne: Campagne, releve: Releve
) -> pd.DataFrame | None:
    """The typed rows of a register, with the rules of its source; None when a column is missing."""
    propre = Releve()
    cadre = check_colonnes(brut, colonnes_courriers(campagne.referentiel), nom, propre)
    entiere = not any(p.ligne == brut.attrs.get(LIGNE_ENTETE, 1) for p in propre.problemes)
    if entiere:
        check_regles(
            COURRIERS, cadre, brut, campagne.referentiel, campagne.fiche, nom, propre
        )  # fmt: skip
    releve.absorber(propre)
    return cadre if entiere else None


def colonnes_courriers(referentiel: Referentiel) -> tuple[Colonne, ...]:
    """The columns that are read: what the workbook computes is not."""
    return tuple(c for c in colonnes_de(COURRIERS, referentiel) if c.nom in SAISIES)


def _load(chemin: Path, nom: str, campagne: Campagne, releve: Releve) -> Exemplaire | None:
    brut = _load_brut(chemin, nom, releve)
    if brut is None:
        return None
    servies, libres = keep_servies(brut)
    cadre = check_registre(servies, nom, campagne, releve)
    if cadre is None:
        return None
    return Exemplaire(nom, texte_de(cadre, campagne.referentiel), libres)


def _load_brut(chemin: Path, nom: str, releve: Releve) -> pd.DataFrame | None:
    if chemin.suffix.lower() in EXTENSIONS:
        return load_classeur(chemin, nom, releve, attendus=SAISIES)
    return load_texte(chemin, nom, releve)


def texte_de(cadre: pd.DataFrame, referentiel: Referentiel) -> pd.DataFrame:
    """The typed rows as text, each value written in one way: ISO dates, labels, no accents lost."""
    colonnes = {}
    for colonne in colonnes_courriers(referentiel):
        valeurs = cadre[colonne.nom]
        if colonne.genre == "date":
            textes = valeurs.dt.strftime("%Y-%m-%d")
        elif colonne.genre == "code":
            textes = valeurs.map(lambda code, c=colonne: c.connus.get(code, code), "ignore")
        else:
            textes = valeurs
        colonnes[colonne.nom] = textes.fillna("").astype(str)
    return pd.DataFrame(colonnes, index=cadre.index)[list(SAISIES)]


def _noms(chemins: Sequence[Path]) -> list[str]:
    """What each file is called: its name alone, with its folder where two have the same."""
    seuls = [chemin.name for chemin in chemins]
    return [
        nom if seuls.count(nom) == 1 else str(chemin)
        for nom, chemin in zip(seuls, chemins, strict=True)
    ]
