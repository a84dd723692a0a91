"""``campagne.yaml`` against what it speaks of: the référentiel, its folder, the files beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from qualepref_lib.campagne.dossiers import FICHE, find_fichiers, find_precedente
from qualepref_lib.campagne.fiche import FicheCampagne
from qualepref_lib.campagne.sources import SOURCES
from qualepref_lib.campagne.verification_enquete import check_redressement
from qualepref_lib.core.arbre import Arbre, Chemin
from qualepref_lib.core.refus import Releve, extrait
from qualepref_lib.referentiel import Referentiel

Mention = tuple[Chemin, str]


A_NOMMER = "à nommer"
"""What a new campaign says where only the person can write the name of the site."""


def check_fiche(
    fiche: FicheCampagne, arbre: Arbre, referentiel: Referentiel, dossier: Path, releve: Releve
) -> None:
    """Every code that the file mentions exists, once; every CSV beside it is declared."""
    for nature, connus, mentions in _mentions(fiche, referentiel):
        for chemin, code in mentions:
            if code not in connus:
                releve.signaler_inconnu(
                    FICHE,
                    nature,
                    code,
                    connus,
                    ligne=arbre.ligne(chemin),
                    colonne=str(chemin[0]),
                    remede="corriger le code, ou le retirer.",
                )
    _verifier_modules(fiche, arbre, referentiel, releve)
    _verifier_calendrier(fiche, arbre, releve)
    _verifier_vagues(fiche, arbre, releve)
    _verifier_sources(fiche, arbre, dossier, releve)
    _verifier_precedente(fiche, arbre, dossier, releve)
    check_redressement(fiche, arbre, referentiel, releve)
    if A_NOMMER in fiche.site.libelle:
        releve.remarquer(
            FICHE,
            f"le nom du site est encore à écrire (« {fiche.site.libelle} »).",
            ligne=arbre.ligne(("site", "libelle")),
            colonne="site",
        )
    if fiche.code != dossier.name:
        releve.remarquer(
            FICHE,
            f"le code « {fiche.code} » n’est pas le nom du dossier (« {dossier.name} »).",
            ligne=arbre.ligne(("code",)),
            colonne="code",
            remede="écrire le même nom aux deux endroits.",
        )


def _mentions(
    f: FicheCampagne, r: Referentiel
) -> Iterable[tuple[str, tuple[str, ...], list[Mention]]]:
    questions = tuple(r.questionnaire.questions) if r.questionnaire else ()
    yield (
        "un module du référentiel",
        tuple(m.code for m in r.modules),
        [(("modules", i), code) for i, code in enumerate(f.modules)],
    )
    yield (
        "une source connue",
        tuple(SOURCES),
        [(("sources", code), code) for code in f.sources],
    )
    yield (
        "une question du questionnaire",
        questions,
        [(("editions_publiees", i), e.indicateur) for i, e in enumerate(f.editions_publiees)],
    )
    yield (
        "une pièce de la liste",
        tuple(p.code for p in r.pieces),
        [(("pieces_recues", i), p.piece) for i, p in enumerate(f.pieces_recues)],
    )


def _verifier_precedente(fiche: FicheCampagne, arbre: Arbre, dossier: Path, releve: Releve) -> None:
    """A campaign does not follow itself; one that is not there is only missed."""
    nom, ligne = fiche.precedente, arbre.ligne(("precedente",))
    if nom and nom in (fiche.code, dossier.name):
        releve.signaler(
            FICHE,
            f"« {extrait(nom)} » est cette campagne : elle ne se précède pas elle-même.",
            ligne=ligne,
            colonne="precedente",
            remede="écrire le nom du dossier de l’édition d’avant, ou retirer la ligne.",
        )
    elif nom and find_precedente(dossier, nom) is None:
        releve.remarquer(
            FICHE,
            f"l’édition précédente « {extrait(nom)} » est introuvable : les effets des actions ne "
            "seront pas évalués.",
            ligne=ligne,
            colonne="precedente",
        )


def _verifier_modules(
    fiche: FicheCampagne, arbre: Arbre, referentiel: Referentiel, releve: Releve
) -> None:
    vides = {m.code for m in referentiel.modules if not m.engagements}
    for rang, code in enumerate(fiche.modules):
        ligne = arbre.ligne(("modules", rang))
        if code in vides:
            releve.signaler(
                FICHE,
                f"le module {code} est retenu mais n’a aucun engagement dans l’édition.",
                ligne=ligne,
                colonne="modules",
                remede="retirer le module, ou compléter son fichier dans le référentiel.",
            )
        if code in fiche.modules[:rang]:
            releve.signaler(
                FICHE,
                f"le module {code} est écrit deux fois.",
                ligne=ligne,
                colonne="modules",
                remede="ne l’écrire qu’une fois.",
            )


def _verifier_calendrier(fiche: FicheCampagne, arbre: Arbre, releve: Releve) -> None:
    fois = Counter(echeance.code for echeance in fiche.calendrier)
    for rang, echeance in enumerate(fiche.calendrier):
        if fois[echeance.code] > 1:
            fois[echeance.code] = 0
            releve.signaler(
                FICHE,
                f"l’étape « {echeance.code} » est plusieurs fois dans le calendrier.",
                ligne=arbre.ligne(("calendrier", rang)),
                colonne="calendrier",
                remede="donner à chaque étape son propre code.",
            )


def _verifier_vagues(fiche: FicheCampagne, arbre: Arbre, releve: Releve) -> None:
    """Each wave is declared once; a baseline that leaves the first wave out says why."""
    codes = [vague.code for vague in fiche.vagues]
    for rang, code in enumerate(codes):
        if code in codes[:rang]:
            releve.signaler(
                FICHE,
                f"la vague « {code} » est déclarée deux fois.",
                ligne=arbre.ligne(("vagues", rang)),
                colonne="vagues",
                remede="ne la déclarer qu’une fois.",
            )
    reperes = [vague for vague in fiche.vagues if vague.repere]
    premiere = min(fiche.vagues, key=lambda vague: vague.debut, default=None)
    if reperes and premiere not in reperes and not any(vague.motif for vague in reperes):
        rang = fiche.vagues.index(reperes[0])
        releve.signaler(
            FICHE,
            "le repère des cartes laisse de côté les premières vagues, sans dire pourquoi.",
            ligne=arbre.ligne(("vagues", rang)),
            colonne="vagues",
            remede="écrire la raison dans « motif », ou déclarer « repere » la première vague.",
        )


def _verifier_sources(fiche: FicheCampagne, arbre: Arbre, dossier: Path, releve: Releve) -> None:
    for code, source in SOURCES.items():
        absente = source.echantillon and code not in fiche.sources
        for chemin in find_fichiers(dossier, code) if absente else ():
            releve.signaler(
                FICHE,
                f"le fichier {chemin.name} est là, mais la source « {code} » n’est pas déclarée.",
                ligne=arbre.ligne(("sources",)),
                colonne="sources",
                remede=f"déclarer « {code} » sous « sources » (plan, libelle, champ).",
            )
