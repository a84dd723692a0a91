"""From a campaign to its report: check, run the chapters, draw, put in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qualepref_lib.atelier.chargement import keep_campagne, load_chapitre
from qualepref_lib.campagne import find_campagne
from qualepref_lib.campagne.dossiers import nom_court
from qualepref_lib.rapport.dossier import write_rapport
from qualepref_lib.running.carnets import Carnet, check_donnes, find_racine, load_carnets
from qualepref_lib.running.depot import RAPPORT, chantier
from qualepref_lib.running.echeances.marque import Essai, write_marque
from qualepref_lib.running.empreintes import hash_demande, note
from qualepref_lib.running.journal import consigner
from qualepref_lib.running.memoire import Memoire
from qualepref_lib.running.moteur import AUTO, Limites, run_carnets

REGLAGES = ("date_reference", "niveau_confiance")
"""Parameters that the whole report shares, and that the provenance prints."""


@dataclass(frozen=True)
class Demande:
    """A report to make: the campaign, the chapters (all by default), the dials, the output.

    ``tout`` runs every chapter again, even those that nothing would change. ``attente_s`` is how
    long to wait for another run on the same output to end, ``essai`` which due runs of the calendar
    the report is made for.
    """

    campagne: str
    chapitres: Sequence[str] = ()
    parametres: Mapping[str, Any] | None = None
    sortie: Path | None = None
    moteur: str = AUTO
    tout: bool = False
    limites: Limites = field(default_factory=Limites)
    attente_s: float = 0.0
    essai: Essai | None = None


def make_rapport(
    demande: Demande,
    commencer: Callable[[Sequence[Carnet]], None] = lambda carnets: None,
    avancer: Callable[[str], None] = lambda nom: None,
) -> Path:
    """Make the report; answer with the path of its page.

    Raises :class:`Refus` (data or parameters refused) or ``pannes.Echec`` (a chapter failed); in
    both cases the previous report is untouched and the journal says why.
    """
    racine = find_racine()
    parametres = dict(demande.parametres or {})
    dossier = find_campagne(demande.campagne)
    sortie = demande.sortie or racine / "reports" / dossier.name
    du = demande.essai.entree if demande.essai else {}
    with consigner(sortie.parent, campagne=dossier.name, **du, parametres=parametres):
        carnets = load_carnets(racine, demande.chapitres)
        check_donnes(carnets, parametres)
        commencer(carnets)
        empreinte = hash_demande(racine, dossier, demande.chapitres, parametres)
        _construire(dossier, carnets, parametres, sortie, demande, avancer)
        with suppress(OSError):  # the report is in place: the next run only costs its time
            note(sortie, empreinte)
    return sortie / RAPPORT


def _construire(
    dossier: Path,
    carnets: Sequence[Carnet],
    parametres: dict[str, Any],
    sortie: Path,
    demande: Demande,
    avancer: Callable[[str], None],
) -> None:
    # The campaign is read here first: a refusal must not wait for a dozen kernels to start.
    reglages = {nom: parametres[nom] for nom in REGLAGES if nom in parametres}
    # By name where that is enough: an executed notebook need not tell where the disk is.
    nom = nom_court(dossier, carnets[0].chemin.parents[1])
    keep_campagne(nom)
    campagne = load_chapitre(nom, **reglages)
    with chantier(sortie, demande.attente_s) as provisoire:
        if demande.essai:
            write_marque(provisoire, sortie, demande.essai)
        tout = parametres | {"campagne": nom}
        memoire = None if demande.tout else Memoire(sortie, campagne, tout)
        dossier_execute = provisoire / "notebooks"
        executes = run_carnets(
            carnets, tout, dossier_execute, avancer, demande.moteur, memoire, demande.limites
        )
        sources = {carnet.nom: carnet.sha256 for carnet in carnets}
        write_rapport(campagne, executes, sources, reglages, provisoire)
