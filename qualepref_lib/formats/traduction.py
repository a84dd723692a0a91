"""Their cells as ours: constants, values, several answers in one cell, days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from qualepref_lib.core.refus import extrait, proche, sans_accent
from qualepref_lib.core.valeurs import Illisible
from qualepref_lib.formats.brut import factorize, unfactorize
from qualepref_lib.formats.cellules import Colonne, couper, formes_de, lecteur_de
from qualepref_lib.formats.reponses_associees import Lecture, citer, split, tick, write_jours


class Traduction:
    """The columns of a frame written as ours; those that cannot be are told, and ``perdues``."""

    def __init__(self, lecture: Lecture, colonnes: Mapping[str, Colonne]) -> None:
        self.lecture, self.colonnes, self.dit = lecture, colonnes, lecture.dit
        self.perdues: set[str] = set()

    def constantes(self) -> dict[str, pd.Series]:
        """The columns that the mapping fills with one value, where it may stand in them."""
        return {
            nom: pd.Series(valeur, index=self.lecture.brut.index, dtype=str)
            for nom, valeur in self.dit.constantes.items()
            if self._constante_juste(nom, valeur)
        }

    def cases(self) -> dict[str, pd.Series]:
        """The questions whose answers have a column each."""
        connues = [nom for nom in self.dit.cases if nom in self.colonnes]
        faites = {nom: tick(self.lecture, nom, self.colonnes[nom]) for nom in connues}
        self.perdues |= {nom for nom, serie in faites.items() if serie is None}
        return {nom: serie for nom, serie in faites.items() if serie is not None}

    def _constante_juste(self, nom: str, valeur: str) -> bool:
        """Whether the value may stand in the column; a column that was found has its own."""
        if nom not in self.colonnes or nom in self.dit.colonnes:
            return False
        return self._lisible(("constantes", nom), self.colonnes[nom], valeur)

    def _lisible(self, chemin: Sequence[str], colonne: Colonne, valeur: str) -> bool:
        try:
            if valeur:
                lecteur_de(colonne)(valeur)
        except Illisible as erreur:
            connus = colonne.montres
            self.lecture.signaler(
                chemin, str(erreur), connus=connus,
                voisin=proche(valeur, connus) if connus else None, remede="corriger la valeur.",
            )  # fmt: skip
            self.perdues.add(colonne.nom)
            return False
        return True

    def traduire(self, nom: str, serie: pd.Series) -> pd.Series:
        """Their values as ours; what the mapping does not tell stays, for the check to tell."""
        if nom in self.dit.constantes:
            return serie
        if nom in self.dit.dates:
            return write_jours(self.lecture, nom, serie)
        if not any(
            nom in groupe for groupe in (self.dit.valeurs, self.dit.separateurs, self.dit.autres)
        ):
            return serie
        colonne, table = self.colonnes[nom], self._table(nom)
        if nom in self.dit.separateurs:
            return split(self.lecture, nom, serie, formes_de(colonne) | table)
        rangs, valeurs = factorize(serie)
        autre, connues = self.dit.autres.get(nom, ""), formes_de(colonne)
        neuves = [_traduite(str(valeur), table, colonne) for valeur in valeurs]
        if autre:
            neuves = [v if not v or sans_accent(v) in connues else autre for v in neuves]
        if colonne.genre == "texte":
            self._dire_valeurs(nom, [v for v in valeurs if v and _forme(v) not in table])
        return unfactorize(rangs, neuves, serie.index)

    def _table(self, nom: str) -> dict[str, str]:
        """Our value for each form of theirs; two spellings of one form must agree."""
        table: dict[str, str] = {}
        for valeur, notre in self.dit.valeurs.get(nom, {}).items():
            chemin, forme = ("valeurs", nom, valeur), _forme(valeur)
            if table.get(forme, notre) != notre:
                constat = f"« {extrait(valeur)} » est associée deux fois, autrement écrite."
                self.lecture.signaler(chemin, constat, remede="ne l’associer qu’une fois.")
            if self._lisible(chemin, self.colonnes[nom], notre):
                table.setdefault(forme, notre)
        return table

    def _dire_valeurs(self, nom: str, valeurs: list[str]) -> None:
        if valeurs:
            self.lecture.releve.remarquer(
                self.lecture.nom,
                f"valeurs que l’association ne dit pas, gardées telles quelles : {citer(valeurs)}.",
                colonne=nom,
                voisin=proche(valeurs[0], self.dit.valeurs[nom]),
            )


def _forme(valeur: str) -> str:
    """How two spellings are compared; signs and other alphabets, which have no form, stay."""
    return sans_accent(valeur) or valeur.strip()


def _traduite(valeur: str, table: Mapping[str, str], colonne: Colonne) -> str:
    """One value of theirs as ours; in a cell of several codes each is translated."""
    entiere = table.get(_forme(valeur))
    if entiere is not None or colonne.genre != "codes":
        return valeur if entiere is None else entiere
    lien = "|" if colonne.separateur == "|" else " "
    return lien.join(table.get(_forme(partie), partie) for partie in couper(valeur, colonne))
