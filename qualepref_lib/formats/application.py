"""A mapping applied to the raw frame of its source: their columns become ours, or are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from qualepref_lib.core.francais import enumeration
from qualepref_lib.core.refus import Releve, extrait, proche, sans_accent
from qualepref_lib.core.valeurs import Illisible
from qualepref_lib.formats.association import FichierAssociation
from qualepref_lib.formats.brut import LETTRES, factorize, unfactorize
from qualepref_lib.formats.cellules import Colonne, couper, formes_de, lecteur_de
from qualepref_lib.formats.entetes import check_sans_nom
from qualepref_lib.formats.precisions import find_precisions
from qualepref_lib.formats.reponses_associees import (
    Lecture,
    keep_completes,
    new_numeros,
    split,
    tick,
    write_jours,
)
from qualepref_lib.formats.tetes import forme_entete, nettoyer_entete

VALEURS_DITES = 8
GROUPES = ("colonnes", "valeurs", "unites", "constantes", "cases", "separateurs", "autres",
           "dates", "numerotees")  # fmt: skip
"""The keys whose own keys are columns of ours."""
_PLUSIEURS = "la question n’admet pas plusieurs réponses."
GENRES = {
    "unites": (("nombre",), "la colonne n’est pas une durée : elle n’a pas d’unité."),
    "cases": (("codes",), _PLUSIEURS),
    "separateurs": (("codes",), _PLUSIEURS),
    "autres": (("code", "codes"), "la colonne n’a pas de liste de réponses."),
    "dates": (("date",), "la colonne n’est pas une date."),
}
"""The kinds of columns that a key is for, and what is said of the others."""


@dataclass(frozen=True)
class Associe:
    """A raw frame under our names, and our columns as this file writes them.

    The columns that could not be found are not among them: they were told. ``juste`` says that
    there were none.
    """

    brut: pd.DataFrame
    colonnes: tuple[Colonne, ...]
    juste: bool


def apply_association(
    brut: pd.DataFrame,
    fichier: FichierAssociation,
    colonnes: tuple[Colonne, ...],
    nom: str,
    releve: Releve,
) -> Associe:
    """Apply the mapping to ``brut``; problems go to ``releve`` under the file that has them."""
    return _Application(brut, fichier, {c.nom: c for c in colonnes}, nom, releve).appliquer()


class _Application:
    """The work of one mapping on one frame; everything that is wrong goes to the same record."""

    def __init__(
        self,
        brut: pd.DataFrame,
        fichier: FichierAssociation,
        colonnes: Mapping[str, Colonne],
        nom: str,
        releve: Releve,
    ) -> None:
        self.brut, self.fichier, self.nom, self.releve = brut, fichier, nom, releve
        self.colonnes = colonnes
        self.dit = fichier.association
        self.entetes = {forme_entete(str(e)): str(e) for e in reversed(list(brut.columns))}
        self.perdues: set[str] = set()

    def appliquer(self) -> Associe:
        """The frame under our names; each check tells what it finds and lets the others run."""
        avant = len(self.releve.problemes)
        check_sans_nom(self.brut, self.nom, self.releve)
        self._verifier_cles()
        origines = self._origines()
        self._verifier_requises(origines)
        self._dire_restes(origines)
        numeros = new_numeros(self.brut)
        self.brut = keep_completes(Lecture(self.brut, self.fichier, self.nom, self.releve))
        valeurs = {n: self._joindre(entetes) for n, entetes in origines.items()}
        valeurs |= dict.fromkeys(self.dit.numerotees, numeros.loc[self.brut.index])
        valeurs |= {n: self._constante(v) for n, v in self.dit.constantes.items()
                    if self._constante_juste(n, v)}  # fmt: skip
        lecture = Lecture(self.brut, self.fichier, self.nom, self.releve)
        precisions = find_precisions(lecture, self.colonnes, valeurs)
        valeurs = {n: self._traduire(n, serie) for n, serie in valeurs.items()}
        valeurs |= self._cases() | precisions
        cadre = pd.DataFrame(valeurs, index=self.brut.index)
        lettres = self.brut.attrs.get(LETTRES, {})
        ici = {n: lettres.get(entetes[0], "") for n, entetes in origines.items()}
        cadre.attrs = dict(self.brut.attrs) | {LETTRES: ici}
        gardees = [
            self._decrire(c, origines.get(n, ()))
            for n, c in self.colonnes.items()
            if n not in self.perdues
        ]
        return Associe(cadre, tuple(gardees), len(self.releve.problemes) == avant)

    def _signaler(self, chemin: Sequence[str], constat: str, **precisions: Any) -> None:
        ligne = self.fichier.arbre.ligne(tuple(chemin))
        self.releve.signaler(
            self.fichier.nom, constat, ligne=ligne, colonne=" > ".join(chemin), **precisions
        )

    def _verifier_cles(self) -> None:
        """Every key is a column of ours, told once, and a unit belongs to a number."""
        for groupe in GROUPES:
            for nom in getattr(self.dit, groupe):
                if nom not in self.colonnes:
                    self._signaler(
                        (groupe, nom),
                        f"« {extrait(nom)} » n’est pas une colonne de cette source.",
                        connus=tuple(self.colonnes),
                        voisin=proche(nom, self.colonnes),
                        remede="écrire le nom d’une de nos colonnes.",
                    )
        for groupe in ("constantes", "cases", "numerotees"):
            for nom in getattr(self.dit, groupe):
                if nom in self.dit.colonnes:
                    constat = f"la colonne est à la fois sous « colonnes » et sous « {groupe} »."
                    self._signaler((groupe, nom), constat, remede="retirer l’une des deux.")
        for groupe, (genres, constat) in GENRES.items():
            for nom in getattr(self.dit, groupe):
                if nom in self.colonnes and self.colonnes[nom].genre not in genres:
                    self._signaler((groupe, nom), constat, remede="retirer cette ligne.")

    def _origines(self) -> dict[str, tuple[str, ...]]:
        """Of each column of ours, the headers that make it: named, or already ours by name."""
        origines = {}
        for nom in self.colonnes:
            if nom in self.dit.colonnes:
                trouves = [self._entete(nom, voulu) for voulu in self.dit.colonnes[nom]]
                if all(trouves):
                    origines[nom] = tuple(e for e in trouves if e)
                else:
                    self.perdues.add(nom)
        pris = {e for entetes in origines.values() for e in entetes} | self._ignores()
        for nom in self.colonnes:
            meme = self.entetes.get(forme_entete(nom))
            dites = {*self.dit.colonnes, *self.dit.constantes, *self.dit.cases}
            libre = nom not in dites and nom not in self.dit.numerotees
            if libre and meme and meme not in pris:
                origines[nom] = (meme,)
        return origines

    def _entete(self, nom: str, voulu: str) -> str | None:
        trouve = self.entetes.get(forme_entete(voulu))
        if trouve is None:
            connus = [e for e in self.entetes.values() if e]
            self._signaler(
                ("colonnes", nom),
                f"« {extrait(voulu)} » n’est pas un en-tête de {self.nom}.",
                connus=tuple(connus),
                voisin=proche(voulu, connus),
                remede="écrire l’en-tête comme il est dans le fichier.",
            )
        elif trouve in self._ignores():
            constat = f"« {extrait(voulu)} » est à la fois associé et ignoré."
            self._signaler(("colonnes", nom), constat, remede="le retirer de « ignorees ».")
        return trouve

    def _ignores(self) -> set[str]:
        formes = (forme_entete(entete) for entete in self.dit.ignorees)
        return {self.entetes[forme] for forme in formes if forme in self.entetes}

    def _verifier_requises(self, origines: Mapping[str, tuple[str, ...]]) -> None:
        libres = self._libres(origines)
        for nom, colonne in self.colonnes.items():
            dites = {*origines, *self.dit.constantes, *self.dit.cases, *self.dit.numerotees}
            la = nom in dites or nom in self.perdues
            if colonne.requise and not la:
                self.perdues.add(nom)
                self._signaler(
                    ("colonnes",),
                    f"la colonne « {nom} » est obligatoire, et aucun en-tête de {self.nom} ne "
                    "lui est associé.",
                    connus=tuple(libres),
                    voisin=proche(nom, libres),
                    remede=f"écrire « {nom}: … » sous « colonnes » (ou sous « constantes »).",
                )

    def _libres(self, origines: Mapping[str, tuple[str, ...]]) -> list[str]:
        dits = (self.entetes.get(forme_entete(e), "") for e in self.dit.nommes)
        pris = {e for entetes in origines.values() for e in entetes} | self._ignores() | {*dits}
        return [str(e) for e in self.brut.columns if e and e not in pris]

    def _dire_restes(self, origines: Mapping[str, tuple[str, ...]]) -> None:
        """Their columns that nothing tells, and what is ignored without being there."""
        if libres := self._libres(origines):
            self.releve.remarquer(
                self.nom,
                f"en-têtes ni associés ni ignorés : {_citer(map(nettoyer_entete, libres))}.",
                remede=f"les associer, ou les écrire sous « ignorees » dans {self.fichier.nom}.",
            )
        for entete in self.dit.ignorees:
            if forme_entete(entete) not in self.entetes:
                self.releve.remarquer(
                    self.fichier.nom,
                    f"l’en-tête ignoré « {extrait(entete)} » n’est pas dans {self.nom}.",
                    ligne=self.fichier.arbre.ligne(("ignorees",)),
                    colonne="ignorees",
                    voisin=proche(entete, libres),
                )

    def _joindre(self, entetes: tuple[str, ...]) -> pd.Series:
        """Their cells, those of several columns joined by a space."""
        serie = self.brut[entetes[0]]
        for entete in entetes[1:]:
            serie = serie.astype(str) + " " + self.brut[entete].astype(str)
        return serie.str.strip() if len(entetes) > 1 else serie

    def _cases(self) -> dict[str, pd.Series]:
        """The questions whose answers have a column each."""
        lecture = Lecture(self.brut, self.fichier, self.nom, self.releve)
        connues = [nom for nom in self.dit.cases if nom in self.colonnes]
        faites = {nom: tick(lecture, nom, self.colonnes[nom]) for nom in connues}
        self.perdues |= {nom for nom, serie in faites.items() if serie is None}
        return {nom: serie for nom, serie in faites.items() if serie is not None}

    def _constante(self, valeur: str) -> pd.Series:
        return pd.Series(valeur, index=self.brut.index, dtype=str)

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
            self._signaler(
                chemin, str(erreur), connus=connus,
                voisin=proche(valeur, connus) if connus else None, remede="corriger la valeur.",
            )  # fmt: skip
            self.perdues.add(colonne.nom)
            return False
        return True

    def _traduire(self, nom: str, serie: pd.Series) -> pd.Series:
        """Their values as ours; what the mapping does not tell stays, for the check to tell."""
        if nom in self.dit.constantes:
            return serie
        lecture = Lecture(self.brut, self.fichier, self.nom, self.releve)
        if nom in self.dit.dates:
            return write_jours(lecture, nom, serie)
        if not any(
            nom in groupe for groupe in (self.dit.valeurs, self.dit.separateurs, self.dit.autres)
        ):
            return serie
        colonne, table = self.colonnes[nom], self._table(nom)
        if nom in self.dit.separateurs:
            return split(lecture, nom, serie, formes_de(colonne) | table)
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
                self._signaler(chemin, constat, remede="ne l’associer qu’une fois.")
            if self._lisible(chemin, self.colonnes[nom], notre):
                table.setdefault(forme, notre)
        return table

    def _dire_valeurs(self, nom: str, valeurs: list[str]) -> None:
        if valeurs:
            self.releve.remarquer(
                self.nom,
                f"valeurs que l’association ne dit pas, gardées telles quelles : "
                f"{_citer(valeurs)}.",
                colonne=nom,
                voisin=proche(valeurs[0], self.dit.valeurs[nom]),
            )

    def _decrire(self, colonne: Colonne, entetes: tuple[str, ...]) -> Colonne:
        """Our column as this file writes it: what a refusal names, and what it advises."""
        nom, valeurs = colonne.nom, self.dit.valeurs.get(colonne.nom, {})
        conseil = ""
        if colonne.genre in ("code", "codes") and entetes:
            conseil = f"associer cette valeur sous « valeurs > {nom} » dans {self.fichier.nom}."
        elif nom in self.dit.unites:
            conseil = f"corriger la durée, ou l’unité « unites > {nom} » dans {self.fichier.nom}."
        titre = " + ".join(entetes)
        return replace(
            colonne,
            titre="" if sans_accent(titre) == sans_accent(nom) else titre,
            unite_lue=self.dit.unites.get(nom, ""),
            conseil=conseil,
            voisins=tuple(valeurs),
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


def _citer(textes: Iterable[str]) -> str:
    textes = list(textes)
    reste = len(textes) - VALEURS_DITES
    dits = [f"« {extrait(texte)} »" for texte in textes[:VALEURS_DITES]]
    return enumeration([*dits, f"{reste} autres"] if reste > 0 else dits)
