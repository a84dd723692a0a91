"""Executed notebooks become the folder of a report: the page, its figures, its provenance."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.francais import date_longue, nombre_court
from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.rapport.chapitre import Chapitre, build_chapitre
from qualepref_lib.rapport.page import (
    Couverture,
    Fichier,
    Page,
    Provenance,
    collect_registre,
)
from qualepref_lib.rapport.sceau import render_scellee

LABEL = "Qual-e-Pref"
TITRE = "Rapport d’audit interne"
BIBLIOTHEQUES = ("qualepref", "pandas", "matplotlib", "papermill", "nbconvert")
"""Versions that can change a printed figure or its drawing; the lock pins them."""


def write_rapport(
    campagne: Campagne,
    executes: Sequence[Path],
    carnets: Mapping[str, str],
    reglages: Mapping[str, Any],
    sortie: Path,
) -> Page:
    """Write ``rapport_audit.html``, ``chiffres.json`` and ``provenance.json`` into ``sortie``.

    ``executes`` are the executed notebooks, in order; ``carnets`` the name and SHA-256 of their
    sources; ``reglages`` the parameters that were given. Raises :class:`Refus` listing every cell
    that the report cannot show.
    """
    chapitres = _lire(executes)
    page = Page(
        couverture=_couverture(campagne),
        chapitres=chapitres,
        registre=collect_registre(chapitres),
        provenance=_provenance(campagne, carnets, reglages),
    )
    texte, empreinte = render_scellee(page)
    page = dataclasses.replace(page, empreinte=empreinte)
    (sortie / "rapport_audit.html").write_text(texte, encoding="utf-8", newline="\n")
    _write_json(sortie / "chiffres.json", [c.model_dump() for c in page.registre])
    _write_json(sortie / "provenance.json", _provenance_json(campagne, page))
    return page


def _lire(executes: Sequence[Path]) -> tuple[Chapitre, ...]:
    """The chapters; what the report cannot show is listed for all of them at once."""
    chapitres: list[Chapitre] = []
    problemes: list[Probleme] = []
    for chemin in executes:
        # Plain JSON, by the rules of the format: nbformat brings half a second of imports.
        carnet = json.loads(chemin.read_text(encoding="utf-8"))
        try:
            chapitres.append(build_chapitre(carnet, chemin.stem, strict=True))
        except Refus as refus:
            problemes += refus.problemes
    if problemes:
        raise Refus(*problemes)
    return tuple(chapitres)


def _couverture(campagne: Campagne) -> Couverture:
    fiche = campagne.fiche
    return Couverture(
        titre=TITRE,
        site=fiche.site.libelle,
        label=LABEL,
        edition=campagne.referentiel.edition.libelle,
        date=date_longue(fiche.date_reference),
        dates=(("Objet", fiche.libelle), ("Date de référence", date_longue(fiche.date_reference))),
        demonstration=fiche.demonstration,
    )


def _provenance(
    campagne: Campagne, carnets: Mapping[str, str], reglages: Mapping[str, Any]
) -> Provenance:
    lignes = {t.source.fichier: nombre_court(len(t.cadre)) for t in campagne.tables.values()}
    fichiers = [Fichier(s.fichier, s.sha256, lignes.get(s.fichier, "")) for s in campagne.fichiers]
    fichiers += [Fichier(f"notebooks/{nom}.ipynb", somme) for nom, somme in carnets.items()]
    return Provenance(
        fichiers=tuple(fichiers),
        parametres=(
            ("campagne", campagne.fiche.code),
            ("date de référence", date_longue(campagne.fiche.date_reference)),
            *((nom, str(valeur)) for nom, valeur in sorted(reglages.items())),
        ),
        versions=tuple((nom, version(nom)) for nom in BIBLIOTHEQUES),
    )


def _provenance_json(campagne: Campagne, page: Page) -> dict[str, Any]:
    assert page.provenance is not None
    return {
        "campagne": campagne.fiche.code,
        "empreinte": page.empreinte,
        "fichiers": {f.nom: f.sha256 for f in page.provenance.fichiers},
        "parametres": dict(page.provenance.parametres),
        "versions": dict(page.provenance.versions),
    }


def _write_json(chemin: Path, contenu: Any) -> None:
    texte = json.dumps(contenu, ensure_ascii=False, indent=1)
    chemin.write_text(texte + "\n", encoding="utf-8", newline="\n")
