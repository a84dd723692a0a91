"""A second run redoes only what changed, and gives the bytes of a run that redoes everything."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from conftest import Projet

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks under Linux")
INCHANGE = "rien n’a changé"


def faire(projet: Projet, *options: str) -> str:
    """Run the report; what it printed on both streams."""
    fait = projet.run("rapport", "moselle_2022", *options)
    assert fait.returncode == 0, fait.stderr
    return fait.stdout + fait.stderr


def memoire(projet: Projet, campagne: str = "moselle_2022") -> dict[str, int]:
    """When each chapter was last run."""
    fiches = (projet.sortie.parent / f".{campagne}.memoire").glob("*.json")
    return {fiche.stem: fiche.stat().st_mtime_ns for fiche in fiches}


def page(projet: Projet) -> bytes:
    """The bytes of the report."""
    return (projet.sortie / "rapport_audit.html").read_bytes()


def refaits(projet: Projet, *options: str) -> set[str]:
    """The chapters that a run has run again."""
    avant = memoire(projet)
    assert INCHANGE not in faire(projet, *options)
    return {nom for nom, quand in memoire(projet).items() if avant.get(nom) != quand}


def ajouter(fichier: Path, ligne: str) -> None:
    """Add one row to a file."""
    fichier.write_text(fichier.read_text(encoding="utf-8") + ligne, encoding="utf-8")


def test_only_what_changed_is_run_again(projet: Projet) -> None:
    """One changed source: its chapters and those that cross it; the same bytes as a full run."""
    faire(projet)
    premiere = page(projet)
    assert INCHANGE in faire(projet)
    assert page(projet) == premiere

    ajouter(projet.campagne / "titres.csv", "D22-9001;cni;2022-03-01;;CERT\n")
    assert refaits(projet) == {
        "00_synthese", "01_presentation", "03_evaluation", "03d_registres", "03g_titres",
        "03i_croisement",
    }  # fmt: skip
    partielle = page(projet)
    assert partielle != premiere
    assert INCHANGE not in faire(projet, "--tout")
    assert page(projet) == partielle


def test_what_is_no_table_counts_too(projet: Projet) -> None:
    """An evidence file, a notebook, the référentiel: each is seen, though no table has changed."""
    faire(projet)
    preuve = next((projet.campagne / "preuves").iterdir())
    preuve.write_bytes(preuve.read_bytes() + b" ")
    chapitres = refaits(projet)
    assert "03h_preuves" in chapitres and "03c_satisfaction" not in chapitres
    (projet.campagne / "noms_a_masquer.txt").write_text("Untel\n", encoding="utf-8")
    chapitres = refaits(projet)
    assert "03l_verbatims" in chapitres and "03c_satisfaction" not in chapitres
    (projet.campagne / "cloture.yaml").write_text("conclusion: 'Vu.'\n", encoding="utf-8")
    assert refaits(projet) == {"06_cloture"}

    carnet = projet.racine / "notebooks" / "08_pieces.ipynb"
    contenu = json.loads(carnet.read_text(encoding="utf-8"))
    contenu["cells"][0]["source"] = ["# Pièces attendues\n", "\n", "*Les pièces sont-elles là ?*"]
    carnet.write_text(json.dumps(contenu), encoding="utf-8")
    assert refaits(projet) == {"08_pieces"}
    assert "Pièces attendues" in page(projet).decode()

    lexique = projet.data / "referentiel" / "demonstration" / "lexique.yaml"
    ajouter(lexique, '  - terme: "Zone"\n    definition: "Une zone."\n')
    assert len(refaits(projet)) == len(memoire(projet))


def test_the_edition_before_is_read_by_its_chapters_only(projet: Projet) -> None:
    """A change of the edition before runs again what compares with it, and nothing else."""
    campagne = "moselle_2026_en_cours"
    assert projet.run("rapport", campagne).returncode == 0
    avant = memoire(projet, campagne)
    ajouter(projet.campagne / "titres.csv", "D22-9001;cni;2022-03-01;;CERT\n")
    assert projet.run("rapport", campagne).returncode == 0
    apres = memoire(projet, campagne)
    refaits = {nom for nom, quand in apres.items() if avant.get(nom) != quand}
    assert "09b_effets" in refaits
    assert refaits <= {
        "00_synthese",
        "03c_satisfaction",
        "03n_satisfaction_comparaisons",
        "09b_effets",
    }


def test_a_report_edited_by_hand_is_made_again(projet: Projet) -> None:
    """The shortcut trusts the page that it wrote, and no other; nor another date."""
    faire(projet)
    bonne = page(projet)
    (projet.sortie / "rapport_audit.html").write_bytes(bonne + b"<!-- -->")
    assert INCHANGE not in faire(projet)
    assert page(projet) == bonne
    assert INCHANGE not in faire(projet, "-p", "date_reference", "2022-04-02")
    assert page(projet) != bonne


def test_a_refusal_keeps_its_words_after_a_good_run(projet: Projet) -> None:
    """Data that are broken after a good run are refused: the shortcut hides nothing."""
    faire(projet)
    ajouter(projet.campagne / "titres.csv", "D22-9002;cni;2022-02-31;;CERT\n")
    fait = projet.run("rapport", "moselle_2022")
    assert fait.returncode == 1 and "2022-02-31" in fait.stderr
