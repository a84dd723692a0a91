"""From one wave of mystery tests to the next: what has changed, and what may be chance.

Two waves are compared criterion by criterion, and judged together: the more criteria, the more of
them change by chance alone. Several waves are followed on a control chart (rules 3.3, 3.5, 3.6).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Renvoi
from qualepref_lib.core.cartes import Carte, new_carte_p
from qualepref_lib.core.comparaisons import (
    FISHER,
    KHI_DEUX,
    Comparaison,
    Test,
    ajuster_comparaisons,
    comparer_taux,
    fisher,
)
from qualepref_lib.core.francais import nombre, pluriel
from qualepref_lib.core.mesures import Taux
from qualepref_lib.registres.mystere import (
    SOURCE,
    VagueLue,
    grilles_de,
    observations_de,
    slug_of,
    vagues_de,
)
from qualepref_lib.registres.mystere_criteres import (
    CONFORMITE,
    OBSERVATIONS,
    PREMIER_CODAGE,
    dire_part,
    new_bilan_mystere,
    rate_of,
    risque_de,
)

ETABLIE = f"évolution établie ({FISHER}, Holm)"
NON_ETABLIE = "changement non établi"
EXACT_MAX = 4000
"""Up to this many tests of one criterion, Fisher's exact test; beyond, it takes seconds and the
chi-square gives the same answer."""


@dataclass(frozen=True)
class _Evolution:
    """One criterion in the last two waves: its line, and the test adjusted over the family."""

    ligne: Ligne
    test: Test


def measure_vagues(campagne: Campagne) -> Bilan:
    """The criteria of the last two waves that both have observed: what each has gained or lost.

    With a single wave there is no line, and ``si_vide`` says so.
    """
    return _new_bilan(campagne, _comparer(campagne))


def _new_bilan(campagne: Campagne, evolutions: list[_Evolution]) -> Bilan:
    vagues = vagues_de(campagne)
    niveau, risque = (dire_part(p) for p in (campagne.fiche.niveau_confiance, risque_de(campagne)))
    famille = max((e.test.famille for e in evolutions), default=0)
    combien = "1 critère comparé" if famille == 1 else f"les {famille} critères comparés"
    return new_bilan_mystere(
        campagne,
        [e.ligne for e in evolutions],
        code="mystere.vagues",
        titre="Évolution des critères d’une vague à l’autre",
        entete="Critère observé",
        formule="écart = taux de la dernière vague − taux de la vague d’avant ; "
        f"{CONFORMITE} ; intervalle de Newcombe à {niveau}, chaque écart pris seul ; « évolution "
        f"établie » si la valeur p du {FISHER} ({KHI_DEUX} au-delà de {nombre(EXACT_MAX)} tests "
        f"d’un critère), ajustée par Holm sur {combien if famille else 'les critères comparés'}, "
        f"est sous {risque} ; un intervalle qui laisse zéro dehors n’y suffit donc pas ; "
        f"{PREMIER_CODAGE}",
        champ=_dire_vagues(campagne, vagues[-2:]),
        si_vide=_dire_pourquoi(vagues),
    )


def list_vagues(campagne: Campagne) -> Liste:
    """The same comparisons in words, with the p-value of each test."""
    evolutions = _comparer(campagne)
    bilan = _new_bilan(campagne, evolutions)
    return new_liste(
        campagne,
        SOURCE,
        code="mystere.vagues",
        titre="Tests d’évolution, critère par critère",
        colonnes=("Critère observé", "Grille", "Vague d’avant", "Dernière vague",
                  "Écart en points", "Test", "Lecture"),
        lignes=_lignes_tests(bilan, evolutions),
        champ=bilan.champ,
        chiffres=bilan.chiffres(),
    )  # fmt: skip


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
        "varient de l’une à l’autre ; repère : vagues déclarées « repere » dans la fiche de "
        "campagne (six au moins), sinon les vingt premières (douze au moins) ; moins de vagues ne "
        "donnent pas de limites ; signal : un point au-delà des limites, ou huit de suite du même "
        "côté du taux central ; les vagues ne se comparent que si les canaux et les critères "
        f"testés y sont les mêmes ; {PREMIER_CODAGE}",
        champ=_dire_vagues(campagne, vagues),
        grappes=True,
        si_vide="Aucun test abouti à la date de référence.",
    )


def _comparer(campagne: Campagne) -> list[_Evolution]:
    """The criteria that apply in both of the last two waves, their tests adjusted together."""
    vagues = vagues_de(campagne)
    if len(vagues) < 2:
        return []
    observations = observations_de(campagne, toutes=True)
    avant, apres = (observations[observations["vague"] == v.code] for v in vagues[-2:])
    lignes, deux = [], []
    for ligne, taux_avant, taux_apres in _communs(campagne, avant, apres):
        lignes.append(ligne)
        deux.append(_tester(taux_apres, taux_avant, campagne.fiche.niveau_confiance, ligne.libelle))
    risque = risque_de(campagne)
    return [
        _Evolution(_lire(ligne, c, risque), c.test)
        for ligne, c in zip(lignes, ajuster_comparaisons(deux), strict=True)
    ]


def _communs(
    campagne: Campagne, avant: pd.DataFrame, apres: pd.DataFrame
) -> Iterator[tuple[Ligne, Taux, Taux]]:
    """Each criterion with a base in both waves: a line without its measure yet, and the rates."""
    rangs = [cadre.groupby("observation").indices for cadre in (avant, apres)]
    for g in grilles_de(campagne, apres):
        for o in g.observations:
            if o.genre != "critere" or not all(o.code in r for r in rangs):
                continue
            taux_avant, lignes_avant = rate_of(avant.iloc[rangs[0][o.code]])
            taux_apres, lignes_apres = rate_of(apres.iloc[rangs[1][o.code]])
            if taux_avant.observes and taux_apres.observes:
                numeros = tuple(sorted((*lignes_avant, *lignes_apres)))
                yield (
                    Ligne(o.code, o.libelle, taux_apres, numeros, g.libelle),
                    taux_avant,
                    taux_apres,
                )


def _tester(maintenant: Taux, avant: Taux, niveau: float, sujet: str) -> Comparaison:
    """Newcombe's interval and a test: the exact one, whatever the expected counts."""
    comparaison = comparer_taux(maintenant, avant, niveau, sujet)
    n = maintenant.observes + avant.observes
    if n > EXACT_MAX and comparaison.test.p is not None:
        return comparaison
    oui, oui_avant = int(maintenant.favorables), int(avant.favorables)
    p = fisher([[oui, maintenant.observes - oui], [oui_avant, avant.observes - oui_avant]])
    return replace(comparaison, test=Test(FISHER, p, None, n))


def _lire(ligne: Ligne, comparaison: Comparaison, risque: float) -> Ligne:
    assert comparaison.ecart is not None
    etablie = ETABLIE.replace(FISHER, comparaison.test.nom)
    statut = etablie if comparaison.test.significatif(risque) else NON_ETABLIE
    return replace(ligne, mesure=comparaison.ecart, statut=statut)


def _lignes_tests(bilan: Bilan, evolutions: list[_Evolution]) -> Iterator[tuple[str | Renvoi, ...]]:
    for evolution in evolutions:
        ligne, ecart = evolution.ligne, evolution.ligne.mesure
        assert hasattr(ecart, "avant") and hasattr(ecart, "maintenant")
        yield (
            ligne.libelle,
            ligne.groupe,
            str(ecart.avant),
            str(ecart.maintenant),
            Renvoi(str(ecart).replace(" points", ""), bilan.identifiant(ligne)),
            str(evolution.test),
            ligne.statut,
        )


def _ligne_vague(vague: VagueLue, observations: pd.DataFrame) -> Ligne:
    taux, numeros = rate_of(observations[observations["vague"] == vague.code])
    return Ligne(slug_of(vague.code), vague.libelle, taux, numeros)


def _juger(points: list[Ligne], vagues: tuple[VagueLue, ...]) -> list[Ligne]:
    """The central line, limits and signal of each wave; a wave without a base has no line."""
    taux = [ligne.mesure for ligne in points]
    faits = np.array([float(t.favorables) for t in taux if isinstance(t, Taux)])
    bases = np.array([t.observes for t in taux if isinstance(t, Taux)])
    declares = np.array([vague.repere for vague in vagues], bool)
    carte = new_carte_p(faits, bases, declares if declares.any() else None)
    juges = [_placer(ligne, carte, rang) for rang, ligne in enumerate(points)]
    return [ligne for ligne, base in zip(juges, bases, strict=True) if base]


def _placer(ligne: Ligne, carte: Carte, rang: int) -> Ligne:
    centre = None if math.isnan(carte.centre) else Fraction(carte.centre)
    limites = carte.limites[rang] if carte.limites else None
    return replace(ligne, reference=centre, limites=limites, statut=carte.signaux[rang])


def _dire_vagues(campagne: Campagne, vagues: tuple[VagueLue, ...]) -> str:
    declaration = campagne.fiche.sources.get(SOURCE)
    champ = declaration.champ if declaration else "tests mystère"
    noms = [f"« {vague.libelle} » ({pluriel(vague.tests, 'test')})" for vague in vagues]
    return (
        f"{champ} ; {'vagues' if len(noms) > 1 else 'vague'} {', '.join(noms)}" if noms else champ
    )


def _dire_pourquoi(vagues: tuple[VagueLue, ...]) -> str:
    if len(vagues) < 2:
        return "Une seule vague de tests : rien à quoi la comparer encore."
    return "Aucun critère n’a été observé dans les deux dernières vagues."
