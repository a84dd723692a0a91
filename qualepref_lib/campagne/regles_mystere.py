"""What the rows of ``mystere.csv`` must respect: one test, its grid, its outcome, its answers."""

from __future__ import annotations

from qualepref_lib.campagne.contexte import Contexte, Regle, dans_la_periode, unique
from qualepref_lib.campagne.tables import REPONSES_MYSTERE
from qualepref_lib.core.refus import extrait
from qualepref_lib.formats.texte import INACHEVE

TESTS_MONTRES = 10


def _test_complet(c: Contexte) -> None:
    """A reached test answers its whole grid; the last of a file cut off mid-line does not."""
    tailles = {g.code: len(g.observations) for g in c.referentiel.grilles}
    aboutis = c.cadre[(c.cadre["abouti"] == "oui") & ~c.refusees("observation", "grille")]
    par_test = aboutis.groupby("test")
    lacunes = par_test["grille"].first().map(tailles) > par_test["observation"].nunique()
    incomplets = set(lacunes.index[lacunes])
    if c.brut.attrs.get(INACHEVE) and c.cadre["test"].iloc[-1] in incomplets:
        c.releve.signaler(
            c.nom,
            f"le fichier finit au milieu d’une ligne et le test « "
            f"{extrait(c.cadre['test'].iloc[-1])} » est incomplet : il est sans doute tronqué.",
            ligne=int(c.cadre.index[-1]),
            remede="exporter à nouveau le fichier entier.",
        )
    elif incomplets and not c.releve.problemes:
        premieres = aboutis[aboutis["test"].isin(incomplets)].drop_duplicates("test")
        c.remarquer(
            c.cadre.index.to_series().isin(premieres.index),
            "observation",
            "le test n’a pas toutes les observations de sa grille.",
        )


def _observation_de_la_grille(c: Contexte) -> None:
    """An observation belongs to the grid of its row; a reached test says something."""
    grille_de = {o.code: g.code for g in c.referentiel.grilles for o in g.observations}
    cadre = c.cadre
    attendues = cadre["observation"].map(grille_de)
    fausses = cadre["grille"].notna() & attendues.notna() & (attendues != cadre["grille"])
    for grille in cadre.loc[fausses, "grille"].unique():
        c.signaler(
            fausses & (cadre["grille"] == grille),
            "observation",
            f"l’observation n’est pas de la grille « {grille} » que dit la ligne.",
            "corriger la grille ou l’observation.",
        )
    c.signaler(
        (cadre["abouti"] == "oui") & c.vides("observation"),
        "observation",
        "test abouti sans observation.",
        "écrire ce qui a été observé, ou « non » dans la colonne abouti.",
    )
    c.signaler(
        (cadre["abouti"] == "non") & cadre["observation"].notna(),
        "observation",
        "observation sur un test qui n’a pas abouti.",
        "vider l’observation, ou écrire « oui » dans la colonne abouti.",
    )


def _test_coherent(c: Contexte) -> None:
    """All the rows of one test tell the same grid, day and outcome."""
    for colonne in ("vague", "grille", "date", "abouti"):
        remplies = c.cadre.dropna(subset=["test", colonne])
        premieres = remplies.groupby("test")[colonne].transform("first")
        autres = remplies[colonne] != premieres
        fautifs = remplies.loc[autres, "test"].unique()
        c.releve.taire(c.nom, colonne, max(0, len(fautifs) - TESTS_MONTRES))
        for test in fautifs[:TESTS_MONTRES]:
            c.signaler(
                autres & (remplies["test"] == test),
                colonne,
                f"le test « {extrait(test)} » n’a pas la même valeur sur toutes ses lignes.",
                "écrire la même valeur, ou donner un autre numéro au test.",
            )


def _reponse_ou_valeur(c: Contexte) -> None:
    """A criterion has an answer, a measure has a value."""
    genres = c.cadre["observation"].map(
        {code: o.genre for code, o in c.referentiel.observations.items()}
    )
    choix = ", ".join(REPONSES_MYSTERE.values())
    c.signaler(
        (genres == "critere") & c.vides("reponse"),
        "reponse",
        "un critère observé attend une réponse.",
        f"écrire l’une des réponses : {choix}.",
    )
    c.signaler(
        (genres == "mesure") & c.vides("valeur") & (c.cadre["reponse"] != "sans_objet"),
        "valeur",
        "une mesure attend un nombre.",
        "écrire la mesure, ou « sans objet » dans la colonne reponse.",
    )


REGLES: tuple[Regle, ...] = (
    unique("test", "observation"),
    _test_coherent,
    _observation_de_la_grille,
    _reponse_ou_valeur,
    dans_la_periode,
    _test_complet,
)
