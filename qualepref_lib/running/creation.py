"""A new campaign: its folder, its form and its grids to fill, from an edition or an older one."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from qualepref_lib.campagne import find_campagne, load_campagne
from qualepref_lib.campagne.dossiers import find_edition
from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.referentiel import Referentiel, load_referentiel
from qualepref_lib.running.carnets import find_racine
from qualepref_lib.running.ecriture import entetes_de, format_csv
from qualepref_lib.running.reprise import write_reports

NOM = re.compile(r"[a-z0-9][a-z0-9_]*")
EDITION = "demonstration"
A_REMPLIR = ("plan_actions", "mystere", "enquete", "preuves", "entretiens", "constats")
"""Sources whose empty file, headers only, waits for its rows; it counts as absent until then."""


def write_campagne(nom: str, depuis: str | None = None) -> Path:
    """Create ``data/campagnes/<nom>`` and answer with its path.

    The self-diagnosis lists every criterion of the retained modules, to be rated. From an older
    campaign (``depuis``) the edition, the site and the modules are kept, what is still open is
    carried over, and every rating is blank again, the last one beside it. Raises :class:`Refus`;
    an existing folder is never touched.
    """
    dossier = find_racine() / "data" / "campagnes" / nom
    _verifier_nom(nom, dossier)
    provisoire = dossier.with_name(f".{nom}.chantier")
    shutil.rmtree(provisoire, ignore_errors=True)
    provisoire.mkdir(parents=True)
    try:
        if depuis is None:
            edition = load_referentiel(find_edition(dossier, EDITION))
            _write_neuve(provisoire, nom, edition)
        else:
            _write_reprise(provisoire, nom, depuis)
        provisoire.rename(dossier)
    finally:
        shutil.rmtree(provisoire, ignore_errors=True)
    return dossier


def _verifier_nom(nom: str, dossier: Path) -> None:
    if not NOM.fullmatch(nom):
        raise Refus(
            Probleme(
                "nom de campagne",
                f"« {nom} » n’est pas admis.",
                remede="minuscules sans accent, chiffres et tiret bas : metz_2027.",
            )
        )
    if dossier.exists():
        raise Refus(Probleme(dossier.name, "cette campagne existe déjà ; rien n’est modifié."))


def _write_neuve(dossier: Path, nom: str, referentiel: Referentiel) -> None:
    modules = [m.code for m in referentiel.modules if m.engagements]
    _write_fiche(dossier, nom, EDITION, "Préfecture à nommer", "", modules)
    entetes = entetes_de("autodiagnostic", referentiel)
    criteres = [c for c, module in referentiel.module_de.items() if module in modules]
    libelle = entetes.index("libelle")
    lignes = [[code] + [""] * (len(entetes) - 1) for code in criteres]
    for ligne in lignes:
        ligne[libelle] = referentiel.criteres[ligne[0]].libelle
    (dossier / "autodiagnostic.csv").write_bytes(format_csv(entetes, lignes))
    for source in A_REMPLIR:
        vide = format_csv(entetes_de(source, referentiel), [])
        (dossier / f"{source}.csv").write_bytes(vide)


def _write_reprise(dossier: Path, nom: str, depuis: str) -> None:
    ancienne = load_campagne(find_campagne(depuis))
    fiche = ancienne.fiche
    _write_fiche(dossier, nom, fiche.edition, fiche.site.libelle, fiche.site.zone, fiche.modules)
    with (dossier / "campagne.yaml").open("a", encoding="utf-8") as fichier:
        fichier.write(_PRECEDENTE.format(nom=ancienne.dossier.name))
    write_reports(ancienne, dossier)


_PRECEDENTE = """\
# L’édition d’avant : ce que les actions ont fait bouger depuis s’y lit (chapitre des effets).
precedente: {nom}
"""


def _write_fiche(
    dossier: Path, nom: str, edition: str, site: str, zone: str, modules: Iterable[str]
) -> None:
    aujourd_hui = dt.date.today()
    texte = f"""\
# Fiche de la campagne : à compléter. Les dates s’écrivent AAAA-MM-JJ.
code: {nom}
libelle: "Audit interne, {nom}"
site:
  libelle: "{site}"
  zone: "{zone}"
edition: {edition}
demonstration: false
date_reference: {aujourd_hui:%Y-%m-%d}
modules: [{", ".join(f'"{code}"' for code in modules)}]
calendrier:
  - {{code: autodiagnostic, libelle: "Auto-diagnostic", debut: {aujourd_hui:%Y-%m-%d}}}
sources:
  autodiagnostic:
    plan: recensement
    libelle: "Auto-diagnostic"
    champ: "tous les critères applicables des modules retenus, cotés par les services"
  plan_actions:
    plan: recensement
    libelle: "Plan d’actions"
    champ: "toutes les actions inscrites au plan"
  mystere:
    plan: mystère
    libelle: "Enquêtes mystère"
    champ: "tests menés par des enquêteurs mystère"
  enquete:
    plan: volontaires
    libelle: "Enquête de satisfaction"
    champ: "usagers ayant répondu de leur propre initiative"
  constats:
    plan: recensement
    libelle: "Constats de l’auditeur"
    champ: "constats inscrits par l’auditeur"
"""
    (dossier / "campagne.yaml").write_text(texte, encoding="utf-8")
