"""Invented campaigns: they pass every check, differ truly, and one seed gives one set of bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from qualepref_lib.analyses.autodiagnostic import measure_autodiagnostic
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.core.refus import Refus
from qualepref_lib.running.reseau.generer import new_site, write_reseau

MODELE = "moselle_2022"


def empreintes(dossier: Path) -> dict[str, str]:
    """The hash of each file below a folder."""
    fichiers = (f for f in sorted(dossier.rglob("*")) if f.is_file())
    return {
        f.relative_to(dossier).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest()
        for f in fichiers
    }


@pytest.fixture(scope="module")
def reseau(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network of six sites."""
    sortie = tmp_path_factory.mktemp("reseau") / "essai"
    write_reseau(6, sortie, 7, MODELE)
    return sortie


@pytest.fixture(scope="module")
def lues(reseau: Path) -> list[Campagne]:
    """Its campaigns, read and checked by the rules that real ones must pass."""
    return [load_campagne(d) for d in sorted((reseau / "campagnes").iterdir())]


def test_every_site_passes_every_check(reseau: Path, lues: list[Campagne]) -> None:
    """Each campaign is accepted under its own name, has every source of its model, is no copy."""
    modele = load_campagne(MODELE)
    assert [c.fiche.code for c in lues] == [f"site_{rang:03d}" for rang in range(1, 7)]
    assert all(set(c.tables) == set(modele.tables) for c in lues)
    assert all(c.fiche.demonstration for c in lues)
    assert len({c.source("enquete").sha256 for c in lues}) == len(lues)
    assert not [d.name for d in (reseau / "campagnes").iterdir() if d.name.startswith(".")]


def test_the_same_seed_gives_the_same_bytes(reseau: Path, tmp_path: Path) -> None:
    """Six sites then three of the same seed: the three are the same; another seed, others."""
    write_reseau(3, tmp_path / "a", 7, MODELE)
    write_reseau(3, tmp_path / "b", 8, MODELE)
    tous = empreintes(reseau / "campagnes")
    trois, autres = (empreintes(tmp_path / nom / "campagnes") for nom in "ab")
    assert trois.items() <= tous.items()
    assert trois["site_001/enquete.csv"] != autres["site_001/enquete.csv"]


def test_sites_differ_by_their_level(lues: list[Campagne]) -> None:
    """The rates of the sites follow the levels that were drawn: the spread is no noise."""
    niveaux = [new_site(c.fiche.code, 7).niveau for c in lues]
    taux = []
    for campagne in lues:
        mesure = measure_autodiagnostic(campagne, par="module").ligne("1").mesure
        taux.append(float(mesure.valeur))
    ordre = sorted(range(len(lues)), key=niveaux.__getitem__)
    assert taux[ordre[-1]] - taux[ordre[0]] > 0.1


def test_an_existing_campaign_is_never_replaced(reseau: Path) -> None:
    """A second set in the same folder is refused, and the first one stays as it was."""
    avant = empreintes(reseau)
    with pytest.raises(Refus, match="existe déjà"):
        write_reseau(2, reseau, 9, MODELE)
    assert empreintes(reseau) == avant
