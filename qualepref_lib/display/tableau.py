"""A Bilan or a Liste as a table: the columns depend on what was measured, and on nothing else."""

from __future__ import annotations

import re
from typing import Literal

from qualepref_lib.core.bilan import Bilan, Liste, Renvoi
from qualepref_lib.core.feuilles import Liasse
from qualepref_lib.display.aspects.table import aspect_de
from qualepref_lib.display.blocs import (
    Bloc,
    BlocAvis,
    BlocTableau,
    Cellule,
    ChiffreBloc,
    Colonne,
    Grille,
)
from qualepref_lib.display.colonnes import TIRET, Trait, texte
from qualepref_lib.display.lecture import cellule_statut
from qualepref_lib.display.montre import Montre
from qualepref_lib.display.notices import notice, notice_liste


class Tableau(Montre):
    """The table of a bilan or a list; in a notebook, what a cell ends with.

    A bilan whose source is missing shows what is missing; a list that only the auditor may fill
    shows its blank.
    """

    def __init__(self, contenu: Bilan | Liste) -> None:
        self.contenu = contenu

    def bloc(self) -> Bloc:
        """The table as the report receives it."""
        contenu = self.contenu
        if contenu.manque:
            return avis_manque(contenu)
        if isinstance(contenu, Liste):
            return _bloc_liste(contenu)
        if not contenu.lignes:
            return BlocAvis(
                sorte="rien_a_signaler", texte=contenu.si_vide or f"{contenu.titre} : aucun."
            )
        return BlocTableau(
            titre=contenu.titre,
            grille=grille(contenu),
            notice=notice(contenu),
            chiffres=chiffres(contenu),
        )


def avis_manque(contenu: Bilan | Liste | Liasse) -> BlocAvis:
    """The notice that stands in the place of a table whose source is missing."""
    texte = f"{contenu.titre} : non évalué, il manque {contenu.manque}."
    return BlocAvis(sorte="non_evalue", texte=texte)


def chiffres(bilan: Bilan) -> tuple[ChiffreBloc, ...]:
    """The register entries of a bilan, as they travel to the report."""
    return tuple(ChiffreBloc.de(chiffre) for chiffre in bilan.chiffres())


def grille(bilan: Bilan) -> Grille:
    """The columns and rows of a bilan; empty columns are left out."""
    traits = _traits(bilan)
    lignes = tuple(tuple(dessin(ligne) for _, dessin in traits) for ligne in bilan.lignes)
    return Grille(colonnes=tuple(colonne for colonne, _ in traits), lignes=lignes)


def _traits(bilan: Bilan) -> list[Trait]:
    """The columns of a bilan, in order: its lines, then what was measured, then the state."""
    aspect = aspect_de(bilan)
    traits: list[Trait] = [texte(bilan.entete, lambda ligne: ligne.libelle)]
    if bilan.entete_groupe:
        traits.append(texte(bilan.entete_groupe, lambda ligne: ligne.groupe))
    traits += [*aspect.traits(bilan), *aspect.suite()]
    if any(ligne.statut for ligne in bilan.lignes):
        colonne = Colonne(titre=aspect.etat)
        traits.append((colonne, lambda ligne: cellule_statut(ligne.statut)))
    return traits


def _bloc_liste(liste: Liste) -> Bloc:
    if liste.a_completer:
        return BlocAvis(sorte="a_completer", texte=liste.a_completer)
    if not liste.lignes:
        texte = liste.si_vide or f"{liste.titre} : aucun."
        return BlocAvis(sorte="rien_a_signaler", texte=texte)
    return BlocTableau(
        titre=liste.titre,
        grille=Grille(
            colonnes=tuple(
                Colonne(titre=titre, genre=_genre(liste, rang))
                for rang, titre in enumerate(liste.colonnes)
            ),
            lignes=tuple(tuple(cellule(t) for t in ligne) for ligne in liste.lignes),
        ),
        notice=notice_liste(liste),
        chiffres=tuple(ChiffreBloc.de(chiffre) for chiffre in liste.chiffres),
    )


_NOMBRE = re.compile(r"(<\s)?[−-]?\d[\d\s,]*(\s%)?")
"""A number as French prints it: thousands apart, a comma; perhaps « less than », or a per cent."""


def _genre(liste: Liste, rang: int) -> Literal["texte", "nombre"]:
    """Numbers where a column holds nothing else, blanks and dashes apart; the first names rows."""
    lus = {cellule(ligne[rang]).texte for ligne in liste.lignes} - {"", TIRET}
    nombres = rang and lus and all(_NOMBRE.fullmatch(lu) for lu in lus)
    return "nombre" if nombres else "texte"


def cellule(contenu: str | Renvoi) -> Cellule:
    """A text of a list or of a sheet, with its figure and its nuance when it has them."""
    if isinstance(contenu, Renvoi):
        return Cellule(texte=contenu.texte, chiffre=contenu.chiffre, statut=contenu.statut)
    return Cellule(texte=contenu)
