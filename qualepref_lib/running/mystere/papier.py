"""The same grids on paper: one page a test, to take along and to copy into the workbook after."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.tables import ISSUES_TENTATIVE, REPONSES_MYSTERE
from qualepref_lib.core.francais import date_longue
from qualepref_lib.rapport.typographie import appliquer
from qualepref_lib.running.mystere.affectation import TestPrevu
from qualepref_lib.running.mystere.grilles import TENTATIVES, est_appel, est_ecrit


def render_papier(campagne: Campagne, testeur: str, tests: Sequence[TestPrevu]) -> str:
    """The pages of one tester, in the order of the days; nothing in them says what is hoped for."""
    grilles = {g.code: g for g in campagne.referentiel.grilles}
    ranges = sorted(tests, key=lambda t: (t.date, t.creneau, t.test))
    page = (
        _modeles()
        .get_template("papier.html.j2")
        .render(
            vague=tests[0].vague,
            testeur=testeur,
            tests=[(test, grilles[test.grille]) for test in ranges],
            tentatives=TENTATIVES,
            issues=list(ISSUES_TENTATIVE.values()),
            reponses=list(REPONSES_MYSTERE.values()),
        )
    )
    return appliquer(page).strip() + "\n"


def _modeles() -> Environment:
    modeles = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    modeles.filters |= {"jour": date_longue, "ecrit": est_ecrit, "appel": est_appel}
    return modeles
