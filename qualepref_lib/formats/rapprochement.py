"""Which of their headers make each column of ours: named by the mapping, or ours by name.

Everything that is wrong with the keys of the mapping is told here, each problem on its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from qualepref_lib.core.refus import extrait, proche
from qualepref_lib.formats.cellules import Colonne
from qualepref_lib.formats.reponses_associees import Lecture, citer
from qualepref_lib.formats.tetes import forme_entete, nettoyer_entete

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


class Rapprochement:
    """The headers of a file matched to our columns.

    ``origines`` are the headers that make each column found; ``perdues`` the columns that were
    told to be wrong, so that nothing else is said of them.
    """

    def __init__(self, lecture: Lecture, colonnes: Mapping[str, Colonne]) -> None:
        self.lecture, self.colonnes, self.dit = lecture, colonnes, lecture.dit
        self.entetes = {forme_entete(str(e)): str(e) for e in reversed(list(lecture.brut.columns))}
        self.perdues: set[str] = set()
        self._verifier_cles()
        self.origines = self._origines()
        self._verifier_requises(self.origines)
        self._dire_restes(self.origines)

    def _verifier_cles(self) -> None:
        """Every key is a column of ours, told once, and a unit belongs to a number."""
        for groupe in GROUPES:
            for nom in getattr(self.dit, groupe):
                if nom not in self.colonnes:
                    self.lecture.signaler(
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
                    self.lecture.signaler((groupe, nom), constat, remede="retirer l’une des deux.")
        for groupe, (genres, constat) in GENRES.items():
            for nom in getattr(self.dit, groupe):
                if nom in self.colonnes and self.colonnes[nom].genre not in genres:
                    self.lecture.signaler((groupe, nom), constat, remede="retirer cette ligne.")

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
        trouve = self.lecture.entete(voulu, "colonnes", nom)
        if trouve in self._ignores():
            constat = f"« {extrait(voulu)} » est à la fois associé et ignoré."
            self.lecture.signaler(("colonnes", nom), constat, remede="le retirer de « ignorees ».")
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
                self.lecture.signaler(
                    ("colonnes",),
                    f"la colonne « {nom} » est obligatoire, et aucun en-tête de "
                    f"{self.lecture.nom} ne lui est associé.",
                    connus=tuple(libres),
                    voisin=proche(nom, libres),
                    remede=f"écrire « {nom}: … » sous « colonnes » (ou sous « constantes »).",
                )

    def _libres(self, origines: Mapping[str, tuple[str, ...]]) -> list[str]:
        dits = (self.entetes.get(forme_entete(e), "") for e in self.dit.nommes)
        pris = {e for entetes in origines.values() for e in entetes} | self._ignores() | {*dits}
        return [str(e) for e in self.lecture.brut.columns if e and e not in pris]

    def _dire_restes(self, origines: Mapping[str, tuple[str, ...]]) -> None:
        """Their columns that nothing tells, and what is ignored without being there."""
        if libres := self._libres(origines):
            self.lecture.releve.remarquer(
                self.lecture.nom,
                f"en-têtes ni associés ni ignorés : {citer(map(nettoyer_entete, libres))}.",
                remede="les associer, ou les écrire sous « ignorees » dans "
                f"{self.lecture.fichier.nom}.",
            )
        for entete in self.dit.ignorees:
            if forme_entete(entete) not in self.entetes:
                self.lecture.releve.remarquer(
                    self.lecture.fichier.nom,
                    f"l’en-tête ignoré « {extrait(entete)} » n’est pas dans {self.lecture.nom}.",
                    ligne=self.lecture.fichier.arbre.ligne(("ignorees",)),
                    colonne="ignorees",
                    voisin=proche(entete, libres),
                )
