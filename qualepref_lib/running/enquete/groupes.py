"""The columns of an export, and those that one question has together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from qualepref_lib.formats.multiples import COCHEES, NON_COCHEES
from qualepref_lib.running.enquete.intitules import Intitule, cut_intitule, mots


@dataclass(frozen=True)
class Colonne:
    """A column of the export: its header, taken apart, and its distinct cells."""

    intitule: Intitule
    valeurs: tuple[str, ...]

    @property
    def entete(self) -> str:
        """Its header, as the file writes it."""
        return self.intitule.entete

    @property
    def est_case(self) -> bool:
        """Whether its cells only say that a box is ticked."""
        siens = {mots(self.intitule.item)} - {""}
        formes = {v.strip().lower() for v in self.valeurs}
        return all(f in COCHEES | NON_COCHEES or mots(f) in siens for f in formes)

    @property
    def est_case_seule(self) -> bool:
        """Whether it is a box and nothing else: ticked somewhere, and at most in three ways."""
        return self.est_case and len(self.valeurs) <= 3 and set(self.valeurs) != {""}

    @property
    def est_annexe(self) -> bool:
        """Whether it only completes another one: the text of « Autre », a comment."""
        return self.intitule.est_autre or self.intitule.est_commentaire


def new_colonne(entete: str, valeurs: Iterable[str]) -> Colonne:
    """A column from its header and its cells."""
    return Colonne(cut_intitule(entete), tuple(dict.fromkeys(valeurs)))


@dataclass(frozen=True)
class Groupe:
    """The columns of one question, in the order of the file; at least one."""

    colonnes: tuple[Colonne, ...]

    @property
    def tete(self) -> Intitule:
        """The header that speaks for all."""
        return self.colonnes[0].intitule

    @property
    def est_detaille(self) -> bool:
        """Whether its columns are items of something: boxes, or the lines of an array."""
        return len(self.colonnes) > 1 or bool(self.tete.item or self.tete.code_item)

    @property
    def est_accompagne(self) -> bool:
        """Whether it is one question, with the free text of « Autre » or comments beside it."""
        propres = self.propres
        return len(propres) == 1 < len(self.colonnes) and not propres[0].intitule.base

    @property
    def est_nu(self) -> bool:
        """Whether its header is a bare code."""
        return not (self.tete.texte or self.tete.item)

    @property
    def propres(self) -> tuple[Colonne, ...]:
        """Its columns but those that only complete another one."""
        return tuple(c for c in self.colonnes if not c.est_annexe)

    @property
    def principale(self) -> Colonne:
        """The column that holds the answers."""
        return (self.propres or self.colonnes)[0]

    def sans(self, pris: Collection[Colonne]) -> Groupe | None:
        """What is left of it once these columns are taken."""
        restent = tuple(c for c in self.colonnes if c not in pris)
        return Groupe(restent) if restent else None

    def deplier(self) -> list[Groupe]:
        """An array is as many questions as it has columns; boxes are one question."""
        propres = self.propres
        if len(propres) < 2 or all(c.est_case for c in propres):
            return [self]
        return [Groupe((c,)) for c in propres]


def group_colonnes(colonnes: Sequence[Colonne]) -> list[Groupe]:
    """The columns of each question together, in the order of the file."""
    groupes: dict[str, list[Colonne]] = {}
    for colonne in colonnes:
        vu = colonne.intitule
        cle = vu.base or mots(vu.code or vu.texte)
        seule = not vu.base and any(not c.intitule.base for c in groupes.get(cle, ()))
        groupes.setdefault(colonne.entete if seule or not cle else cle, []).append(colonne)
    return [Groupe(tuple(siennes)) for siennes in groupes.values()]
