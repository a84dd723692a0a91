"""A mystery workbook with one sheet a channel, as people keep it: one row a test.

A sheet is one of a grid when it bears its code or its wording. Its row is a test, or one of its
codings; each observation has a column, headed by its code, its wording, or the wording and the code
between brackets of the grids to fill in. The sheets become the rows of ``mystere.csv``, which every
rule then checks: only where a row stands is told otherwise. A sheet that has the columns of
``mystere.csv`` itself is read as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from qualepref_lib.core.onglets import Onglets, numero_de
from qualepref_lib.core.refus import Releve, extrait, proche, sans_accent
from qualepref_lib.formats.brut import LIGNE_ENTETE, LIGNES_LUES, ORIGINE_DES_JOURS
from qualepref_lib.formats.cellules import Colonne
from qualepref_lib.formats.classeur import list_feuilles, load_classeur
from qualepref_lib.referentiel import Grille, Referentiel

SOURCE = "mystere"
ONGLETS = "onglets"
"""The key of the sheets among the attributes of the raw frame."""
PAR_TEST = ("vague", "test", "date", "abouti")
"""What a sheet must have besides its observations; the grid is the sheet's own."""
LARGEUR_FEUILLE = 31
"""How many characters of a sheet's name a spreadsheet keeps."""

_ISSUE = "issue tentative "
_OBSERVEES = ("observation", "reponse", "valeur")
Ligne = dict[str, str]


@dataclass(frozen=True)
class _Colonnes:
    """The headers of one sheet: of the test, of each observation (code → header), of attempts."""

    du_test: Mapping[str, str]
    observations: Mapping[str, str]
    issues: Sequence[str]

    @property
    def longue(self) -> bool:
        """Whether the sheet has one row an observation, as ``mystere.csv``."""
        return "observation" in self.du_test


def find_grilles(chemin: Path, referentiel: Referentiel, releve: Releve) -> dict[str, Grille]:
    """The grid of each sheet that bears the name of one, in the order of the workbook.

    Beside them, a sheet whose name is nearly that of a grid is a problem: its tests would be lost.
    """
    noms = {}
    for grille in referentiel.grilles:
        for nom in (grille.code, grille.libelle, grille.libelle[:LARGEUR_FEUILLE]):
            noms[sans_accent(nom)] = grille
    feuilles = {f: noms.get(sans_accent(f)) for f in list_feuilles(chemin)}
    lues = {feuille: grille for feuille, grille in feuilles.items() if grille}
    for feuille in feuilles if lues else ():
        if feuille in lues:
            continue
        if proche(feuille, noms):
            libelles = [grille.libelle for grille in referentiel.grilles]
            releve.signaler_inconnu(chemin.name, "le nom d’une grille", feuille, libelles,
                                    remede="corriger le nom de la feuille.")  # fmt: skip
        else:
            releve.remarquer(chemin.name, f"la feuille « {extrait(feuille)} » n’est pas lue.")
    return lues


def load_feuilles(
    chemin: Path,
    grilles: Mapping[str, Grille],
    colonnes: tuple[Colonne, ...],
    releve: Releve,
) -> pd.DataFrame | None:
    """The rows of all the sheets, as text; None when one of them cannot be read.

    What is wrong in a sheet goes to ``releve`` under its name. Index = the numbers of
    :mod:`~qualepref_lib.core.onglets`; ``attrs`` hold the sheets. A planned test of which nothing
    is noted yet has no row.
    """
    noms = tuple(colonne.nom for colonne in colonnes)
    bruts, lues = {}, []
    for rang, (feuille, grille) in enumerate(grilles.items()):
        nom = f"{chemin.name}, feuille {extrait(feuille)}"
        brut = load_classeur(chemin, nom, releve, feuille, attendus=PAR_TEST)
        entetes = None if brut is None else _ranger(brut, grille, noms, nom, releve)
        if brut is not None and entetes is not None:
            bruts[feuille] = brut, entetes
            lues += list(_lignes(brut, rang, grille, entetes))
    if len(bruts) < len(grilles):
        return None
    cadre = pd.DataFrame(
        {nom: [ligne.get(nom, "") for _, ligne in lues] for nom in noms},
        index=pd.Index([n for n, _ in lues], name="ligne", dtype="int64"),
        dtype=str,
    )
    titres = tuple(tuple(entetes.observations.values()) for _, entetes in bruts.values())
    premier = next(iter(bruts.values()))[0].attrs
    cadre.attrs |= {
        LIGNE_ENTETE: 1,
        LIGNES_LUES: sum(len(brut) for brut, _ in bruts.values()),
        ONGLETS: Onglets(tuple(grilles), titres),
    } | {cle: premier[cle] for cle in (ORIGINE_DES_JOURS,) if cle in premier}
    return cadre


def _ranger(
    brut: pd.DataFrame, grille: Grille, noms: Sequence[str], nom: str, releve: Releve
) -> _Colonnes | None:
    """Which header is what; None, and the problems, when the sheet cannot be read."""
    formes = {sans_accent(n): n for n in noms}
    formes |= {_forme_titre(o.code): o.code for o in grille.observations}
    formes |= {
        sans_accent(titre): o.code
        for o in grille.observations
        for titre in (o.libelle, f"{o.libelle} ({o.unite})")
    }
    du_test: dict[str, str] = {}
    observations: dict[str, str] = {}
    issues = []
    juste = True
    for entete in map(str, brut.columns):
        code = formes.get(_forme_titre(entete)) or formes.get(sans_accent(entete))
        ou = du_test if code in noms else observations
        if code in ou:
            releve.signaler(nom, f"deux colonnes pour « {code} ».", colonne=entete,
                            remede="n’en garder qu’une.")  # fmt: skip
            juste = False
        elif code:
            ou[code] = entete
        elif sans_accent(entete).startswith(_ISSUE):
            issues.append(entete)
        elif entete and not sans_accent(entete).startswith("heure tentative "):
            releve.remarquer(nom, "la colonne n’est pas utilisée.", colonne=entete)
    entetes = _Colonnes(du_test, observations, issues)
    return entetes if _complete(brut, grille, entetes, nom, releve) and juste else None


def _forme_titre(entete: str) -> str:
    """A header without its case; of one that ends with a code between brackets, the code.

    >>> _forme_titre("L’agent salue [Visite.Salut]"), _forme_titre("visite.salut")
    ('[visite.salut]', '[visite.salut]')
    """
    dedans = entete.rsplit("[", 1)[-1].removesuffix("]")
    return f"[{sans_accent(dedans)}]"


def _complete(
    brut: pd.DataFrame, grille: Grille, entetes: _Colonnes, nom: str, releve: Releve
) -> bool:
    """Whether the sheet has all that it must have; what it lacks is told."""
    manquent = [n for n in PAR_TEST if n not in entetes.du_test]
    for absente in manquent:
        releve.signaler(
            nom,
            "la colonne manque.",
            colonne=absente,
            voisin=proche(absente, [str(c) for c in brut.columns]),
            remede="l’ajouter (les grilles de « mystere grilles » passent par « collecter »).",
        )
    if entetes.longue:
        return not manquent
    oubliees = [o.code for o in grille.observations if o.code not in entetes.observations]
    for code in oubliees:
        releve.signaler(
            nom, "l’observation n’a pas de colonne : ses réponses manqueraient.", colonne=code,
            voisin=proche(_libelle(grille, code), [str(c) for c in brut.columns]),
            remede="ajouter la colonne, titrée par le code de l’observation.",
        )  # fmt: skip
    return not (manquent or oubliees)


def _libelle(grille: Grille, code: str) -> str:
    """The wording of one of its observations."""
    return next(o.libelle for o in grille.observations if o.code == code)


def _lignes(
    brut: pd.DataFrame, feuille: int, grille: Grille, entetes: _Colonnes
) -> Iterator[tuple[int, Ligne]]:
    """The rows of one sheet, each with its number."""
    for numero, cellules in zip(brut.index, brut.to_dict("records"), strict=True):
        test = {n: cellules[e] for n, e in entetes.du_test.items()}
        test["grille"] = test.get("grille") or grille.code
        if entetes.longue:
            yield numero_de(feuille, int(numero)), test
            continue
        if "tentatives" not in test and (n := sum(cellules[e] != "" for e in entetes.issues)):
            test["tentatives"] = str(n)
        notees = list(_observees(grille, entetes, cellules))
        if sans_accent(test["abouti"]) != "oui" or sans_accent(test.get("codage", "")) == "double":
            # A second coding may leave out; of a test that failed, what is noted is told by the
            # rules.
            notees = [(rang, ligne) for rang, ligne in notees if any(list(ligne.values())[1:])]
        for rang, ligne in notees:
            yield numero_de(feuille, int(numero), rang), test | ligne
        if not notees and test["abouti"]:
            yield numero_de(feuille, int(numero)), test


def _observees(
    grille: Grille, entetes: _Colonnes, cellules: Mapping[str, str]
) -> Iterator[tuple[int, Ligne]]:
    """The observations of one row, in the order of its columns, from 1."""
    genres = {o.code: o.genre for o in grille.observations}
    for rang, (code, entete) in enumerate(entetes.observations.items(), 1):
        cellule = cellules[entete]
        en_nombre = genres[code] == "mesure" and sans_accent(cellule) != "sans objet"
        reponse, valeur = ("", cellule) if en_nombre else (cellule, "")
        yield rang, dict(zip(_OBSERVEES, (code, reponse, valeur), strict=True))
