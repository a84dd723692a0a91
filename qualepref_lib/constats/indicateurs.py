"""The headline figures of the registers, side by side: what the lens *mesuré* rests on."""

from __future__ import annotations

from qualepref_lib.analyses.appels import measure_indicateurs_appels
from qualepref_lib.analyses.courriers import measure_indicateurs_courriers
from qualepref_lib.analyses.tickets import measure_indicateurs_tickets
from qualepref_lib.analyses.titres import measure_indicateurs_titres
from qualepref_lib.campagne import Campagne
from qualepref_lib.constats.chiffres import quoted
from qualepref_lib.constats.regards import Citation
from qualepref_lib.core.bilan import Ligne, Liste, Nuance, Renvoi, Source
from qualepref_lib.core.francais import enumeration, pluriel, pourcentage
from qualepref_lib.referentiel import cible_au

REGISTRES = ("courriers", "appels", "tickets", "titres")
_NUANCES: dict[str, Nuance] = {"cible atteinte": "bien", "cible non atteinte": "ecart"}


def indicateurs_de(campagne: Campagne) -> tuple[Citation, ...]:
    """Every indicator that the registers give, each with its bilan."""
    bilans = (
        measure_indicateurs_courriers(campagne),
        measure_indicateurs_appels(campagne),
        measure_indicateurs_tickets(campagne),
        measure_indicateurs_titres(campagne),
    )
    return tuple((bilan, ligne) for bilan in bilans for ligne in bilan.lignes)


def list_indicateurs(campagne: Campagne) -> Liste:
    """The indicators of all the registers: value with its base, target, state, register."""
    citations = indicateurs_de(campagne)
    manques = [m for registre in REGISTRES if (m := campagne.manque(registre))]
    suite = f" ; non évalué, il manque : {enumeration(manques)}" if manques else ""
    return Liste(
        code="registres.indicateurs",
        titre="Ce que mesurent les registres",
        champ=f"registres du site{suite}",
        source=_source(campagne),
        colonnes=("Indicateur", "Valeur", "Cible", "État", "Registre"),
        lignes=tuple(
            (
                ligne.libelle + _seuil(campagne, ligne),
                Renvoi(str(ligne.mesure), bilan.identifiant(ligne)),
                pourcentage(ligne.cible) if ligne.cible is not None else "–",
                _etat(ligne),
                bilan.source.libelle,
            )
            for bilan, ligne in citations
        ),
        manque="" if citations else enumeration(manques),
        chiffres=quoted(citations),
    )


def _seuil(campagne: Campagne, ligne: Ligne) -> str:
    """« (20 minutes au plus) »: what the measure itself must not exceed, today."""
    indicateur = campagne.referentiel.registres.indicateur(ligne.code)
    seuil = cible_au(indicateur.seuils, campagne.fiche.date_reference) if indicateur else None
    if indicateur is None or seuil is None:
        return ""
    return (
        f" ({pluriel(seuil.valeur, indicateur.unite.removesuffix('s'), indicateur.unite)} au plus)"
    )


def _etat(ligne: Ligne) -> str | Renvoi:
    if not ligne.statut:
        return "–"
    return Renvoi(ligne.statut, statut=_NUANCES.get(ligne.statut, "neutre"))


def _source(campagne: Campagne) -> Source:
    fichiers = [campagne.source(r).fichier for r in REGISTRES if r in campagne.tables]
    return Source(", ".join(fichiers) or "aucun fichier", "", "Registres")
