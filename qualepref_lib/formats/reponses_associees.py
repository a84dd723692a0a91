"""What a mapping says of the answers of a survey: boxes, answers in one cell, days, whole rows.

Each function changes the raw frame, or one column of it, and tells what it could not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from qualepref_lib.core.francais import enumeration, nombre
from qualepref_lib.core.refus import Releve, extrait, proche, sans_accent
from qualepref_lib.core.valeurs import ORIGINE
from qualepref_lib.formats.association import Association, FichierAssociation
from qualepref_lib.formats.brut import INCOMPLETES, ORIGINE_DES_JOURS, factorize
from qualepref_lib.formats.cellules import Colonne, formes_de
from qualepref_lib.formats.multiples import COCHEES, NON_COCHEES, Case, join_cases, split_cellules
from qualepref_lib.formats.tetes import forme_entete, nettoyer_entete

DITS = 8
"""How many headers or values a remark names."""
_AMERICAINE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?:[ T].*)?")
_NUMERO = re.compile(r"([0-9]{4,6})(?:[.,][0-9]+)?")
_CROCHET = re.compile(r"\[([^\[\]]*)\]\s*$")


@dataclass(frozen=True)
class Lecture:
    """What every step looks at: the raw frame, the mapping, and where problems go."""

    brut: pd.DataFrame
    fichier: FichierAssociation
    nom: str
    releve: Releve

    @property
    def dit(self) -> Association:
        """What the mapping says."""
        return self.fichier.association

    def signaler(self, chemin: Sequence[str], constat: str, **precisions: Any) -> None:
        """Tell a problem of the mapping, at the line and under the keys where it is written."""
        ligne = self.fichier.arbre.ligne(tuple(chemin))
        self.releve.signaler(
            self.fichier.nom, constat, ligne=ligne, colonne=" > ".join(chemin), **precisions
        )

    def entete(self, voulu: str, *chemin: str) -> str | None:
        """The header of the file that is meant; None, and a problem, when there is none."""
        connus = {forme_entete(str(e)): str(e) for e in reversed(list(self.brut.columns)) if e}
        trouve = connus.get(forme_entete(voulu))
        if trouve is None:
            self.signaler(
                chemin,
                f"« {extrait(voulu)} » n’est pas un en-tête de {self.nom}.",
                connus=tuple(connus.values()),
                voisin=proche(voulu, connus.values()),
                remede="écrire l’en-tête comme il est dans le fichier.",
            )
        return trouve


def citer(textes: Iterable[str]) -> str:
    """The first texts in quotes, and how many more there are."""
    textes = list(textes)
    reste = len(textes) - DITS
    dits = [f"« {extrait(texte)} »" for texte in textes[:DITS]]
    return enumeration([*dits, f"{reste} autres"] if reste > 0 else dits)


def keep_completes(lecture: Lecture) -> pd.DataFrame:
    """The rows that are whole answers; the others are counted, told, and left out or kept."""
    regle, brut = lecture.dit.completes, lecture.brut
    entete = lecture.entete(regle.entete, "completes", "entete") if regle else None
    if regle is None or entete is None:
        return brut
    rangs, valeurs = factorize(brut[entete])
    admises = {sans_accent(valeur) for valeur in regle.valeurs}
    entieres = [
        sans_accent(v) in admises if admises else bool(v.strip()) for v in map(str, valeurs)
    ]
    masque = np.array([*entieres, False], dtype=bool)[rangs]
    manquent = int((~masque).sum())
    if not manquent:
        return brut
    gardees = regle.incompletes == "gardees"
    sort = "gardées, comme le dit l’association" if gardees else "comptées à part, non analysées"
    lecture.releve.remarquer(
        lecture.nom,
        f"réponses incomplètes (d’après « {extrait(nettoyer_entete(entete))} ») : "
        f"{nombre(manquent)} sur {nombre(len(brut))}, {sort}.",
    )
    restent = brut if gardees else brut[masque]
    restent.attrs = dict(brut.attrs) | {INCOMPLETES: manquent}
    return restent


def tick(lecture: Lecture, nom: str, colonne: Colonne) -> pd.Series | None:
    """The answers of a question that has one column for each; None when a column is missing."""
    cases: list[Case] = []
    juste = True
    for valeur, entetes in lecture.dit.cases[nom].items():
        code = formes_de(colonne).get(sans_accent(valeur))
        if code is None:
            _signaler_valeur(lecture, ("cases", nom, valeur), colonne, valeur)
            juste = False
        for voulu in entetes:
            trouve = lecture.entete(voulu, "cases", nom, valeur)
            juste &= trouve is not None
            if trouve and code:
                cases.append(case_de(lecture.dit, code, trouve, colonne))
    if not juste:
        return None
    decochent = NON_COCHEES | {sans_accent(v) for v in lecture.dit.non_cochees}
    serie, doutes = join_cases(lecture.brut, cases, decochent)
    for doute in doutes:
        lecture.releve.signaler(
            lecture.nom,
            f"« {extrait(doute.valeur)} » ne dit pas si la case est cochée.",
            ligne=doute.lignes[0],
            autres=doute.lignes[1:],
            colonne=f"{extrait(nettoyer_entete(doute.entete))} (pour {nom})",
            remede=f"l’ajouter sous « cochees » ou « non_cochees » dans {lecture.fichier.nom}, ou "
            "l’en-tête sous « libres » si l’on y écrit ce que l’on veut.",
        )
    return serie


def case_de(dit: Association, code: str, entete: str, colonne: Colonne) -> Case:
    """A box is ticked by a plain yes, by its own label, or by what the mapping adds."""
    crochet = _CROCHET.search(nettoyer_entete(entete))
    mots = {code, colonne.connus.get(code, ""), entete, crochet.group(1) if crochet else ""}
    mots |= {v for v, notre in dit.valeurs.get(colonne.nom, {}).items() if notre == code}
    cochent = COCHEES | {sans_accent(mot) for mot in (*mots, *dit.cochees)} - {""}
    libre = forme_entete(entete) in {forme_entete(e) for e in dit.libres}
    return Case(code, entete, frozenset(cochent), libre)


def split(lecture: Lecture, nom: str, serie: pd.Series, formes: Mapping[str, str]) -> pd.Series:
    """The answers that one cell holds, as codes."""
    autre = lecture.dit.autres.get(nom, "")
    return split_cellules(serie, lecture.dit.separateurs[nom].strip() or " ", formes, autre)


def _signaler_valeur(
    lecture: Lecture, chemin: Sequence[str], colonne: Colonne, valeur: str
) -> None:
    lecture.releve.signaler(
        lecture.fichier.nom,
        f"« {extrait(valeur)} » n’est pas {colonne.nature}.",
        ligne=lecture.fichier.arbre.ligne(tuple(chemin)),
        colonne=" > ".join(chemin),
        connus=colonne.montres,
        voisin=proche(valeur, colonne.montres),
        remede="corriger la valeur.",
    )


def new_numeros(brut: pd.DataFrame) -> pd.Series:
    """The rank of each row of the file, for a tool that gives its answers no number."""
    rangs = np.arange(1, len(brut) + 1).astype(str).astype(object)
    return pd.Series(rangs, index=brut.index, dtype=object)


def write_jours(lecture: Lecture, nom: str, serie: pd.Series) -> pd.Series:
    """Days that the file writes another way, as ``AAAA-MM-JJ``; what is none stays."""
    forme = lecture.dit.dates[nom]
    if forme == "jj/mm/aaaa":
        return serie
    origine = lecture.brut.attrs.get(ORIGINE_DES_JOURS, ORIGINE)
    ecrire = _iso_americaine if forme == "mm/jj/aaaa" else _iso_numero(origine)
    rangs, valeurs = factorize(serie)
    neuves = np.array([*(ecrire(str(v)) for v in valeurs), ""], dtype=object)
    return pd.Series(neuves[rangs], index=serie.index, dtype=object)


def _iso_americaine(valeur: str) -> str:
    if trouve := _AMERICAINE.fullmatch(valeur.strip()):
        mois, jour, annee = trouve.groups()
        return f"{annee}-{mois:0>2}-{jour:0>2}"
    return valeur


def _iso_numero(origine: Any) -> Callable[[str], str]:
    def ecrire(valeur: str) -> str:
        if trouve := _NUMERO.fullmatch(valeur.strip()):
            return str((pd.Timestamp(origine) + pd.Timedelta(days=int(trouve.group(1)))).date())
        return valeur

    return ecrire
