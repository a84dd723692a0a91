"""What is computed once for a campaign: the same answer, and never another campaign's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.campagne.retenue import keep_reponse


@pytest.fixture
def demonstration() -> Campagne:
    """The demonstration campaign, read for this test alone."""
    return load_campagne("moselle_2022")


def test_computed_once_for_a_campaign_and_its_arguments(demonstration: Campagne) -> None:
    """Asked again, the same object; other arguments or another dial are computed anew."""
    faits: list[tuple[str, str, int]] = []

    @keep_reponse
    def calculer(campagne: Campagne, question: str, rang: int = 0) -> list[str]:
        faits.append((str(campagne.fiche.date_reference), question, rang))
        return [question]

    assert calculer(demonstration, "a") is calculer(demonstration, "a")
    assert calculer(demonstration, "a", rang=1) is not calculer(demonstration, "a")
    fiche = demonstration.fiche.model_copy(update={"niveau_confiance": 0.9})
    autre = replace(demonstration, fiche=fiche)
    assert calculer(autre, "a") is not calculer(demonstration, "a")
    assert [fait[1:] for fait in faits] == [("a", 0), ("a", 1), ("a", 0)]


def test_two_questions_of_one_campaign_do_not_mix(demonstration: Campagne) -> None:
    """Two functions with the same arguments keep their own answers."""
    premier = keep_reponse(lambda campagne, code: f"un {code}")
    second = keep_reponse(lambda campagne, code: f"deux {code}")
    assert (premier(demonstration, "x"), second(demonstration, "x")) == ("un x", "deux x")
