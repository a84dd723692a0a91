"""Mystery tests as the analyses read them: the wave that is read, its tests, its observations.

``mystere.csv`` has one row an observation. Headline figures read the tests of the latest wave and
their first (simple) coding; content is read on the tests that reached someone. What is later than
the reference date has not happened yet. Services are merged before anything is counted by them.
Rules 3.5.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.fiche import JOURS_SEMAINE
from qualepref_lib.campagne.tables import REPONSES_MYSTERE, colonnes_de
from qualepref_lib.core.francais import date_courte, pluriel
from qualepref_lib.core.refus import sans_accent
from qualepref_lib.referentiel import Grille
from qualepref_lib.registres.mystere_services import merge_services, name_testeurs

SOURCE = "mystere"
TENTATIVES = "mystere_tentatives"
DOUBLE = "double"
JUGEES = ("oui", "non")
"""The answers that a conformity rate is out of: « sans objet » is neither."""

_TYPES = {"date": "datetime64[us]", "nombre": "float64", "heure": "float64"}
_DU_TEST = (
    "vague", "grille", "service", "date", "heure", "creneau", "profil", "testeur", "tentatives",
    "abouti", "date_reponse",
)  # fmt: skip
"""What all the rows of one test say alike; a cell may be left empty on some of them."""
_REPRIS = ("canal", "service", "jour", "creneau", "profil", "testeur", "date", "date_reponse")
"""What an observation takes from its test."""


@dataclass(frozen=True)
class VagueLue:
    """One wave as the file holds it: the days of its first and last tests, and how many it has.

    ``repere`` says that it is part of the declared baseline of charts.
    """

    code: str
    libelle: str
    debut: dt.date
    fin: dt.date
    tests: int
    repere: bool = False


def vagues_de(campagne: Campagne) -> tuple[VagueLue, ...]:
    """The waves that have a test by the reference date, the oldest first.

    Their order is that of their declared start, else of their first test. Empty without tests.
    """
    tests = _connues(campagne).drop_duplicates("test")
    declarees = {vague.code: vague for vague in campagne.fiche.vagues}
    lues = []
    for code, siens in tests.groupby("vague"):
        declaree = declarees.get(str(code))
        debut, fin = siens["date"].min().date(), siens["date"].max().date()
        libelle, repere = (declaree.libelle, declaree.repere) if declaree else (str(code), False)
        vague = VagueLue(str(code), libelle, debut, fin, len(siens), repere)
        lues.append((declaree.debut if declaree else debut, vague))
    return tuple(vague for _, vague in sorted(lues, key=lambda lue: (lue[0], lue[1].code)))


def dire_lue(campagne: Campagne) -> str:
    """The scope of what is read: the declared one and, of several waves, which one it is."""
    declaration = campagne.fiche.sources.get(SOURCE)
    champ = declaration.champ if declaration else "tests mystère"
    vagues = vagues_de(campagne)
    if len(vagues) < 2:
        return champ
    lue = vagues[-1]
    jours = f"tests du {date_courte(lue.debut)} au {date_courte(lue.fin)}"
    return f"{champ} ; vague « {lue.libelle} » ({jours}), la dernière des {len(vagues)} du fichier"


def dire_vagues(campagne: Campagne, vagues: tuple[VagueLue, ...]) -> str:
    """The scope of what is read over several waves: which ones, and how many tests each has."""
    declaration = campagne.fiche.sources.get(SOURCE)
    champ = declaration.champ if declaration else "tests mystère"
    noms = [f"« {vague.libelle} » ({pluriel(vague.tests, 'test')})" for vague in vagues]
    nature = "vagues" if len(noms) > 1 else "vague"
    return f"{champ} ; {nature} {', '.join(noms)}" if noms else champ


def grilles_de(campagne: Campagne, tests: pd.DataFrame) -> list[Grille]:
    """The grids that some test (or observation) was made with, in the order of the channels."""
    presentes = set(tests["grille"].unique())
    rangs = list(campagne.referentiel.libelles_canaux)
    grilles = [g for g in campagne.referentiel.grilles if g.code in presentes]
    return sorted(grilles, key=lambda g: (rangs.index(g.canal), g.code))


def tests_de(campagne: Campagne, toutes: bool = False) -> pd.DataFrame:
    """One row a test of the latest wave (of all waves if ``toutes``); index = number of the test.

    Columns: ``vague``, ``grille``, ``canal``; ``service``, merged for privacy; ``date``
    (datetime64), ``jour`` (« lundi »…), ``creneau`` (the hour of the test when the cell is empty),
    ``profil``, ``testeur`` (a pseudonym), ``tentatives`` (float, how many attempts: those of
    ``mystere_tentatives.csv`` where it tells of the test; NaN when unknown), ``abouti`` (bool),
    ``date_reponse`` (NaT: none by the reference date), ``ligne`` (its first line in the file).
    Empty when the campaign has no tests.
    """
    lignes = _simples(campagne, toutes)
    tests = lignes.groupby("test", sort=False)[list(_DU_TEST)].first()
    premieres = lignes.index[~lignes["test"].duplicated()]
    canaux = {g.code: g.canal for g in campagne.referentiel.grilles}
    jours = np.array(JOURS_SEMAINE, object)
    return tests.assign(
        canal=tests["grille"].map(canaux),
        service=merge_services(tests["service"], campagne.fiche.site.services),
        jour=jours[tests["date"].dt.day_of_week.to_numpy(dtype="int64")],
        creneau=_creneaux(tests),
        testeur=name_testeurs(tests["testeur"]),
        tentatives=_tentatives(campagne, tests),
        abouti=tests["abouti"] == "oui",
        ligne=premieres.to_numpy(dtype="int64"),
    ).drop(columns="heure")


def observations_de(campagne: Campagne, toutes: bool = False) -> pd.DataFrame:
    """What was observed in the tests that reached someone; index = line of the file.

    Only the simple coding, of the latest wave (of all waves if ``toutes``). Columns: ``test``,
    ``vague``, ``grille``, ``observation``, ``genre`` (critere or mesure), ``reponse``, those of
    its test (``canal``, ``service``, ``jour``, ``creneau``, ``profil``, ``testeur``, ``date``,
    ``date_reponse``) and, of measures, ``valeur`` (float; business days of the site from the test
    to its answer where the grid says so and the cell is empty) and ``tenu`` (bool, within the
    target; a computed delay is within it when the answer came by the due day). Rules 3.5, 3.6.
    """
    lignes = _simples(campagne, toutes)
    lignes = lignes[(lignes["abouti"] == "oui") & lignes["observation"].notna()]
    tests = tests_de(campagne, toutes)
    rangs = tests.index.get_indexer(lignes["test"])
    repris = {nom: tests[nom].to_numpy()[rangs] for nom in _REPRIS}
    declarees = campagne.referentiel.observations
    genres = {code: o.genre for code, o in declarees.items()}
    colonnes = ["test", "vague", "grille", "observation", "reponse", "valeur"]
    cadre = lignes[colonnes].assign(genre=lignes["observation"].map(genres), **repris)
    return _mesurer(campagne, cadre)


def doubles_de(campagne: Campagne) -> pd.DataFrame:
    """The criteria noted by two testers or more, in tests of the latest wave that reached someone.

    One row a rating, index = line of the file: ``test``, ``grille``, ``observation``, ``testeur``
    (a pseudonym), ``codage`` (simple or double), ``reponse`` (in words: « sans objet »).
    """
    lignes = _de_la_vague(campagne, _connues(campagne))
    doubles = lignes.loc[lignes["codage"] == DOUBLE, "test"].unique()
    lignes = lignes[lignes["test"].isin(doubles) & (lignes["abouti"] == "oui")]
    declarees = campagne.referentiel.observations
    criteres = [code for code, o in declarees.items() if o.genre == "critere"]
    notes = lignes[lignes["observation"].isin(criteres) & lignes["reponse"].notna()]
    cadre = notes[["test", "grille", "observation"]].assign(
        testeur=name_testeurs(notes["testeur"]),
        codage=notes["codage"].where(notes["codage"] == DOUBLE, "simple"),
        reponse=notes["reponse"].map(REPONSES_MYSTERE),
    )
    plusieurs = cadre.groupby("test")["testeur"].transform("nunique") > 1
    return cadre[plusieurs] if len(cadre) else cadre


def slug_of(nom: str) -> str:
    """A name as a code: letters and figures, the words joined by dashes.

    >>> slug_of("09h-10h"), slug_of("Usager à mobilité réduite")
    ('09h-10h', 'usager-a-mobilite-reduite')
    """
    mots = "".join(c if c.isalnum() else " " for c in sans_accent(nom)).split()
    return "-".join(mots) or "sans-nom"


def _connues(campagne: Campagne) -> pd.DataFrame:
    """The rows of the file up to the reference date; none, with their columns, without a file."""
    if SOURCE not in campagne.tables:
        colonnes = colonnes_de(SOURCE, campagne.referentiel)
        vides = {c.nom: pd.Series(dtype=_TYPES.get(c.genre, "object")) for c in colonnes}
        return pd.DataFrame(vides)
    cadre, jour = campagne.tables[SOURCE].cadre, pd.Timestamp(campagne.fiche.date_reference)
    lignes = cadre[cadre["date"] <= jour]
    return lignes.assign(date_reponse=lignes["date_reponse"].where(lignes["date_reponse"] <= jour))


def _de_la_vague(campagne: Campagne, lignes: pd.DataFrame) -> pd.DataFrame:
    vagues = vagues_de(campagne)
    return lignes[lignes["vague"] == vagues[-1].code] if len(vagues) > 1 else lignes


def _simples(campagne: Campagne, toutes: bool) -> pd.DataFrame:
    lignes = _connues(campagne)
    lignes = lignes if toutes else _de_la_vague(campagne, lignes)
    return lignes[lignes["codage"] != DOUBLE]


def _creneaux(tests: pd.DataFrame) -> pd.Series:
    """The slot that is written, else the hour of the test; empty when neither is known."""
    heures = (tests["heure"] // 60).dropna().astype("int64")
    calcules = heures.map({h: f"{h:02d}h-{h + 1:02d}h" for h in range(24)})
    return tests["creneau"].astype(object).fillna(calcules.reindex(tests.index).astype(object))


def _tentatives(campagne: Campagne, tests: pd.DataFrame) -> pd.Series:
    """How many attempts each test took, as far as is known."""
    if TENTATIVES not in campagne.tables:
        return tests["tentatives"]
    comptees = campagne.tables[TENTATIVES].cadre.groupby("test")["rang"].max()
    return comptees.reindex(tests.index).fillna(tests["tentatives"])


def _mesurer(campagne: Campagne, cadre: pd.DataFrame) -> pd.DataFrame:
    """Add the delays that compute themselves, and whether each measure is within its target."""
    declarees = campagne.referentiel.observations
    calculees = [code for code, o in declarees.items() if o.calcul == "delai_ouvre"]
    calcule = (
        cadre["observation"].isin(calculees)
        & cadre["valeur"].isna()
        & cadre["date_reponse"].notna()
        & (cadre["reponse"] != "sans_objet")
    ).to_numpy()
    maxima = {code: float(o.maximum) for code, o in declarees.items() if o.maximum is not None}
    maximum = cadre["observation"].map(maxima).astype("float64").to_numpy()
    valeurs = cadre["valeur"].to_numpy(dtype="float64", copy=True)
    tenu = valeurs <= maximum
    if calcule.any():
        ouvres = campagne.fiche.site.jours_ouvres
        envois, reponses = (
            cadre[nom].to_numpy()[calcule].astype("datetime64[D]")
            for nom in ("date", "date_reponse")
        )
        valeurs[calcule] = ouvres.compter(envois, reponses)
        bornes = np.nan_to_num(np.floor(maximum[calcule])).astype("int64")
        tenu[calcule] = (reponses <= ouvres.echeances(envois, bornes)) & ~np.isnan(maximum[calcule])
    return cadre.assign(valeur=valeurs, tenu=tenu)
