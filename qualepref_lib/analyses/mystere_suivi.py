"""Several waves of mystery tests on control charts: what varies of itself, and what stands out.

Rates have a p′ chart; a measure has an XmR chart of its median, wave after wave. The baseline is
the waves declared with ``repere``, and one that leaves the first waves out says why. A signal says
that something changed, never what (rules 3.5, 3.6).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Renvoi
from qualepref_lib.core.cartes import Carte, new_carte_p, new_carte_xmr
from qualepref_lib.core.francais import nombre
from qualepref_lib.core.mesures import Durees, Taux
from qualepref_lib.core.survie import resumer
from qualepref_lib.referentiel import Grille, Observation
from qualepref_lib.registres.mystere import (
    SOURCE,
    VagueLue,
    dire_vagues,
    grilles_de,
    observations_de,
    slug_of,
    vagues_de,
)
from qualepref_lib.registres.mystere_criteres import (
    OBSERVATIONS,
    PREMIER_CODAGE,
    new_bilan_mystere,
    rate_of,
)

SANS_LIMITES = "–"
_SIGNAL = "un point au-delà des limites, ou huit de suite du même côté de la ligne centrale"
_MEMES = "les vagues ne se comparent que si les canaux et les critères testés y sont les mêmes"


@dataclass(frozen=True)
class _Suivi:
    """One measure of one grid, wave after wave, and the chart of its medians."""

    grille: Grille
    observation: Observation
    lignes: tuple[Ligne, ...]
    carte: Carte


def measure_suivi_vagues(campagne: Campagne, grille: str = "") -> Bilan:
    """The conforming observations of each wave on a p′ chart, of one grid if it is named.

    The baseline is the waves declared with ``repere``; without one, the first twenty waves, twelve
    at least. Fewer waves have no limits, and no signal.
    """
    observations, vagues = observations_de(campagne, toutes=True), vagues_de(campagne)
    if grille:
        observations = observations[observations["grille"] == grille]
    points = [_ligne_vague(vague, observations) for vague in vagues]
    nom = {g.code: g.libelle for g in campagne.referentiel.grilles}.get(grille, "")
    return new_bilan_mystere(
        campagne,
        _juger(points, vagues),
        code="mystere.suivi" + (f".{grille}" if grille else ""),
        titre="Observations conformes, vague après vague" + (f" — {nom}" if nom else ""),
        entete="Vague",
        unite="observation",
        formule=f"{OBSERVATIONS} de chaque vague ; limites de la carte p′ de Laney : trois "
        "écarts-types autour du taux central, élargis de ce que les taux des vagues de repère "
        f"varient de l’une à l’autre ; {_dire_repere(campagne)} ; signal : {_SIGNAL} ; {_MEMES} ; "
        f"{PREMIER_CODAGE}",
        champ=dire_vagues(campagne, vagues),
        grappes=True,
        si_vide="Aucun test abouti à la date de référence.",
    )


def list_suivi_mesures(campagne: Campagne) -> Liste:
    """Each measure wave after wave: its median, the limits of its XmR chart, and the signals.

    A measure that a single wave has made is not followed yet, and has no row.
    """
    suivis = list(_suivis(campagne))
    bilan = new_bilan_mystere(
        campagne,
        [ligne for suivi in suivis for ligne in suivi.lignes],
        code="mystere.suivi_mesures",
        titre="Délais et attentes, vague après vague",
        entete="Mesure et vague",
        formule="médiane des tests mesurés de chaque vague ; limites de la carte XmR : moyenne "
        "des médianes des vagues de repère, plus ou moins 2,66 fois leur étendue mobile moyenne ; "
        f"{_dire_repere(campagne)} ; signal : {_SIGNAL} ; {_MEMES} ; {PREMIER_CODAGE}",
    )
    return new_liste(
        campagne,
        SOURCE,
        code="mystere.suivi_mesures",
        titre="Délais et attentes, vague après vague",
        colonnes=("Mesure", "Grille", "Vague", "Mesurés", "Médiane", "Limites", "Signal"),
        lignes=[rangee for suivi in suivis for rangee in _rangees(suivi, bilan)],
        champ=dire_vagues(campagne, vagues_de(campagne)),
        chiffres=bilan.chiffres(),
    )


def _dire_repere(campagne: Campagne) -> str:
    """The rule of the baseline, and the reason of the one that is declared."""
    motifs = [v.motif for v in campagne.fiche.vagues if v.repere and v.motif]
    raison = f" ; raison du repère : {' ; '.join(motifs)}" if motifs else ""
    return (
        "repère : vagues déclarées « repere » dans la fiche de campagne (six au moins), sinon les "
        f"vingt premières (douze au moins){raison} ; moins de vagues ne donnent pas de limites"
    )


def _ligne_vague(vague: VagueLue, observations: pd.DataFrame) -> Ligne:
    taux, numeros = rate_of(observations[observations["vague"] == vague.code])
    return Ligne(slug_of(vague.code), vague.libelle, taux, numeros)


def _repere(vagues: tuple[VagueLue, ...]) -> npt.NDArray[np.bool_] | None:
    declares = np.array([vague.repere for vague in vagues], bool)
    return declares if declares.any() else None


def _juger(points: list[Ligne], vagues: tuple[VagueLue, ...]) -> list[Ligne]:
    """The central line, limits and signal of each wave; a wave without a base has no line."""
    taux = [ligne.mesure for ligne in points]
    faits = np.array([float(t.favorables) for t in taux if isinstance(t, Taux)])
    bases = np.array([t.observes for t in taux if isinstance(t, Taux)])
    carte = new_carte_p(faits, bases, _repere(vagues))
    juges = [_placer(ligne, carte, rang) for rang, ligne in enumerate(points)]
    return [ligne for ligne, base in zip(juges, bases, strict=True) if base]


def _placer(ligne: Ligne, carte: Carte, rang: int) -> Ligne:
    centre = None if math.isnan(carte.centre) else Fraction(carte.centre)
    limites = carte.limites[rang] if carte.limites else None
    return replace(ligne, reference=centre, limites=limites, statut=carte.signaux[rang])


def _suivis(campagne: Campagne) -> Iterator[_Suivi]:
    observations, vagues = observations_de(campagne, toutes=True), vagues_de(campagne)
    mesurees = observations[observations["valeur"].notna()]
    rangs = mesurees.groupby(["observation", "vague"]).indices
    for grille in grilles_de(campagne, mesurees):
        for o in grille.observations:
            siennes = [mesurees.iloc[rangs.get((o.code, vague.code), [])] for vague in vagues]
            if o.genre != "mesure" or sum(len(lues) > 0 for lues in siennes) < 2:
                continue
            lignes = tuple(
                Ligne(
                    f"{o.code}.{slug_of(vague.code)}",
                    f"{o.libelle} ({o.unite}) — {vague.libelle}",
                    resumer(lues["valeur"].to_numpy(), np.zeros(len(lues), bool), o.unite),
                    tuple(lues.index.tolist()),
                    vague.libelle,
                )
                for vague, lues in zip(vagues, siennes, strict=True)
            )
            carte = new_carte_xmr([_mediane(li) for li in lignes], _repere(vagues), plancher=0)
            yield _Suivi(grille, o, lignes, carte)


def _mediane(ligne: Ligne) -> float:
    """The median of a wave, NaN when it made no measure."""
    assert isinstance(ligne.mesure, Durees)
    return math.nan if ligne.mesure.mediane is None else ligne.mesure.mediane


def _rangees(suivi: _Suivi, bilan: Bilan) -> Iterator[tuple[str | Renvoi, ...]]:
    o = suivi.observation
    for rang, ligne in enumerate(suivi.lignes):
        assert isinstance(ligne.mesure, Durees)
        if not ligne.mesure.n:
            continue
        limites = suivi.carte.limites[rang] if suivi.carte.limites else None
        yield (
            f"{o.libelle} ({o.unite})",
            suivi.grille.libelle,
            ligne.groupe,
            nombre(ligne.mesure.n),
            Renvoi(nombre(_mediane(ligne), 1), bilan.identifiant(ligne)),
            SANS_LIMITES
            if limites is None
            else f"[{nombre(limites[0], 1)} ; {nombre(limites[1], 1)}]",
            suivi.carte.signaux[rang] or SANS_LIMITES,
        )
