"""The plan of a wave: how many tests prove the target, which ones, written once."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields
from pathlib import Path

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.essais import plan_essais
from qualepref_lib.core.refus import Probleme, Refus, proche
from qualepref_lib.referentiel import Grille, cible_au
from qualepref_lib.running.atomique import write_atomique
from qualepref_lib.running.mystere.affectation import TestPrevu

PLAN = "plan.csv"
COLONNES = tuple(champ.name for champ in fields(TestPrevu))


def find_plan(campagne: Campagne, vague: str) -> Path:
    """Where the plan of a wave is kept: in the campaign, out of the way of its sources."""
    return campagne.dossier / "mystere" / vague / PLAN


def effectifs_de(
    campagne: Campagne, jour: dt.date, fautes: int, confiance: float, imposes: Mapping[str, int]
) -> dict[str, int]:
    """How many tests each grid needs to prove its target in spite of so many ``fautes``.

    A number in ``imposes`` wins. Raises :class:`Refus` for an unknown grid, a grid without a target
    and without a number, a number of faults that 200 tests would not prove.
    """
    grilles = {g.code: g for g in campagne.referentiel.grilles}
    problemes = [
        Probleme("plan de la vague", f"« {code} » n’est pas une grille mystère.",
                 connus=tuple(grilles), voisin=proche(code, grilles))
        for code in imposes if code not in grilles
    ]  # fmt: skip
    effectifs: dict[str, int] = {}
    for code, grille in grilles.items():
        if imposes and code not in imposes:
            continue
        n = imposes.get(code) or taille_de(grille, jour, fautes, confiance)
        if n is None:
            constat = f"« {grille.libelle} » : sans cible en vigueur, ou trop de fautes tolérées."
            remede = f"dire le nombre de tests : --nombre {code}=14."
            problemes.append(Probleme("plan de la vague", constat, remede=remede))
        else:
            effectifs[code] = n
    if problemes:
        raise Refus(*problemes)
    return effectifs


def services_de(campagne: Campagne, choisis: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The services to test on each grid: those asked for, else those tested before, else all."""
    declares = tuple(s.libelle for s in campagne.fiche.site.services)
    deja: dict[str, tuple[str, ...]] = {}
    if not choisis and "mystere" in campagne.tables:
        cadre = campagne.tables["mystere"].cadre.dropna(subset=["service"])
        deja = {str(g): tuple(sorted(set(v))) for g, v in cadre.groupby("grille")["service"]}
    return {
        g.code: tuple(choisis) or deja.get(g.code) or declares for g in campagne.referentiel.grilles
    }


def taille_de(grille: Grille, jour: dt.date, fautes: int, confiance: float) -> int | None:
    """The smallest number of tests that proves the grid's target; None when there is none."""
    cible = cible_au(grille.cibles, jour)
    return plan_essais(float(cible.valeur), confiance).taille(fautes) if cible else None


def write_plan(chemin: Path, tests: Sequence[TestPrevu]) -> Path:
    """Write the plan; raises :class:`Refus` when there is one already: a draw is not made twice."""
    if chemin.exists():
        raise Refus(
            Probleme(
                chemin.name,
                "un plan existe déjà pour cette vague ; rien n’est modifié.",
                remede="prendre un autre code de vague, ou un autre dossier.",
            )
        )
    chemin.parent.mkdir(parents=True, exist_ok=True)
    tampon = io.StringIO()
    auteur = csv.writer(tampon, delimiter=";", lineterminator="\n")
    auteur.writerow(COLONNES)
    auteur.writerows(astuple(test) for test in tests)
    write_atomique(chemin, tampon.getvalue().encode())
    return chemin


def load_plan(chemin: Path) -> tuple[TestPrevu, ...]:
    """Read a plan back. Raises :class:`Refus` when it is not there, or was taken apart."""
    try:
        with chemin.open(encoding="utf-8-sig", newline="") as fichier:
            rangs = list(csv.DictReader(fichier, delimiter=";"))
        return tuple(_relire(rang) for rang in rangs)
    except FileNotFoundError:
        remede = "le faire avec « qualepref mystere plan »."
        raise Refus(Probleme(chemin.name, "aucun plan pour cette vague.", remede=remede)) from None
    except (KeyError, ValueError, TypeError) as erreur:
        constat = f"ce n’est pas un plan de vague ({erreur})."
        raise Refus(Probleme(chemin.name, constat, remede="le refaire.")) from None


def _relire(rang: Mapping[str, str]) -> TestPrevu:
    textes = {nom: rang[nom] for nom in COLONNES if nom != "date"}
    return TestPrevu(date=dt.date.fromisoformat(rang["date"]), **textes)
