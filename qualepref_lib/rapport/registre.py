"""The register of figures: every number printed has one card, and one only.

It is read off the blocks, so a chapter cannot print a number that the register does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from qualepref_lib.core.francais import nombre
from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.display.blocs import (
    BlocFiches,
    BlocGraphique,
    BlocPhrase,
    BlocTableau,
    ChiffreBloc,
)
from qualepref_lib.display.html import LIGNES_AFFICHEES, ancre
from qualepref_lib.rapport.chapitre import Chapitre, Depliee

BlocChiffre = BlocTableau | BlocGraphique | BlocPhrase | BlocFiches
COLONNES = {
    "numerateur": "Numérateur",
    "denominateur": "Dénominateur",
    "intervalle": "Intervalle ou bornes",
    "lignes": "Lignes du fichier",
}
TERMES = ("numerateur", "denominateur")
PLAGES_LUES = 12
"""Beyond this many ranges of rows, the page counts them."""
PLAGE = re.compile(r"\d+(-\d+)?")


@dataclass(frozen=True)
class Groupe:
    """The cards of one bilan: they share the formula and the file, which are said once."""

    titre: str
    formule: str
    fichier: str
    sha256: str
    chiffres: tuple[ChiffreBloc, ...]

    @property
    def colonnes(self) -> dict[str, str]:
        """The columns that say something: a census has no interval, « 3 sur 4 » says its terms."""
        dits = all(_dit_ses_termes(x) for x in self.chiffres)
        return {
            c: t
            for c, t in COLONNES.items()
            if any(getattr(x, c) for x in self.chiffres) and not (dits and c in TERMES)
        }

    @property
    def sur_base(self) -> bool:
        """True when its figures are shares of something."""
        return any(x.denominateur for x in self.chiffres)

    @property
    def racine(self) -> str:
        """What all its codes begin with, up to a dot: said once, before the suffix of each."""
        morceaux = [x.code.split(".")[:-1] for x in self.chiffres]
        communs = takewhile(lambda pas: len(set(pas)) == 1, zip(*morceaux, strict=False))
        return ".".join(pas[0] for pas in communs)

    @property
    def lots(self) -> list[tuple[ChiffreBloc, ...]]:
        """Its rows, in tables that a person can still read."""
        pas = LIGNES_AFFICHEES
        return [self.chiffres[i : i + pas] for i in range(0, len(self.chiffres), pas)]


def _dit_ses_termes(chiffre: ChiffreBloc) -> bool:
    """Whether the value itself shows its numerator and its denominator."""
    termes = f"{chiffre.numerateur} sur {chiffre.denominateur}"
    suite = chiffre.valeur.removeprefix(termes)
    return bool(chiffre.denominateur) and suite != chiffre.valeur and not suite[:1].isdigit()


def collect_registre(chapitres: Iterable[Chapitre]) -> tuple[ChiffreBloc, ...]:
    """The cards of all chapters, each code once, in order of appearance.

    Refuses two contents under one code, two codes under one anchor, a number without a card.
    """
    chapitres = tuple(chapitres)
    registre: dict[str, ChiffreBloc] = {}
    problemes: list[Probleme] = []
    for chapitre, bloc in _blocs(chapitres):
        for chiffre in bloc.chiffres:
            if registre.setdefault(chiffre.code, chiffre) != chiffre:
                constat = f"le chiffre « {chiffre.code} » a deux contenus différents."
                problemes.append(Probleme(f"{chapitre.nom}.ipynb", constat))
    problemes += _ancres_doubles(registre) + list(_sans_carte(chapitres, registre))
    if problemes:
        raise Refus(*dict.fromkeys(problemes))
    return tuple(registre.values())


def _ancres_doubles(registre: dict[str, ChiffreBloc]) -> list[Probleme]:
    vues: dict[str, str] = {}
    doubles = [(vues.setdefault(ancre(code), code), code) for code in registre]
    constat = "les chiffres « {} » et « {} » auraient la même adresse dans le rapport."
    return [Probleme("registre des chiffres", constat.format(*d)) for d in doubles if d[0] != d[1]]


def _sans_carte(
    chapitres: tuple[Chapitre, ...], registre: dict[str, ChiffreBloc]
) -> Iterator[Probleme]:
    for chapitre, bloc in _blocs(chapitres):
        for code in _references(bloc):
            if code not in registre:
                constat = f"le chiffre « {code} » est imprimé sans être au registre."
                remede = "donner sa fiche dans « chiffres » du bloc qui l'imprime."
                yield Probleme(f"{chapitre.nom}.ipynb", constat, remede=remede)


def _blocs(chapitres: tuple[Chapitre, ...]) -> Iterator[tuple[Chapitre, BlocChiffre]]:
    for chapitre in chapitres:
        for element in chapitre.elements:
            bloc = element.bloc if isinstance(element, Depliee) else element
            if isinstance(bloc, BlocChiffre):
                yield chapitre, bloc


def _references(bloc: BlocChiffre) -> Iterator[str]:
    if isinstance(bloc, BlocPhrase):
        yield from (morceau.chiffre for morceau in bloc.morceaux if morceau.chiffre)
    elif isinstance(bloc, BlocFiches):
        rubriques = (r for fiche in bloc.fiches for r in fiche.rubriques)
        yield from (c.chiffre for r in rubriques for c in r.contenus if c.chiffre)
    else:
        yield from (c.chiffre for ligne in bloc.grille.lignes for c in ligne if c.chiffre)


def grouper(registre: Iterable[ChiffreBloc]) -> list[Groupe]:
    """The register by bilan and source file, in order of appearance."""
    groupes: dict[tuple[str, str, str, str], list[ChiffreBloc]] = {}
    for chiffre in registre:
        titre = chiffre.libelle.partition(" — ")[0]
        cle = (titre, chiffre.formule, chiffre.fichier, chiffre.sha256)
        groupes.setdefault(cle, []).append(chiffre)
    return [Groupe(*cle, tuple(chiffres)) for cle, chiffres in groupes.items()]


def lignes_courtes(chiffre: ChiffreBloc) -> str:
    """The rows of a card as the page prints them: listed while a person would still read them."""
    plages = chiffre.lignes.split(", ")
    if len(plages) <= PLAGES_LUES or not PLAGE.fullmatch(plages[0]):
        return chiffre.lignes
    bornes = [[int(n) for n in plage.split("-")] for plage in plages]
    compte = sum(b[-1] - b[0] + 1 for b in bornes)
    return f"{nombre(compte)} lignes, de {bornes[0][0]} à {bornes[-1][-1]}"


def libelle_court(chiffre: ChiffreBloc) -> str:
    """The label within its group: without the title of the bilan.

    The title is followed by « — » in ``core.bilan``; a label without it stays whole.
    """
    titre, _, reste = chiffre.libelle.partition(" — ")
    return reste or titre
