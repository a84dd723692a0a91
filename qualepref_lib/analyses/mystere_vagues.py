"""From one wave of mystery tests to the next: what has changed, and what may be chance.

Two waves are compared criterion by criterion, and judged together: the more criteria, the more of
them change by chance alone (rules 3.3, 3.5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Nuance, Renvoi
from qualepref_lib.core.comparaisons import (
    FISHER,
    KHI_DEUX,
    Comparaison,
    Test,
    ajuster_comparaisons,
    comparer_taux,
    dire_p,
    fisher,
)
from qualepref_lib.core.francais import nombre, pluriel
from qualepref_lib.core.mesures import Ecart, Taux
from qualepref_lib.registres.mystere import (
    SOURCE,
    VagueLue,
    dire_vagues,
    grilles_de,
    observations_de,
    vagues_de,
)
from qualepref_lib.registres.mystere_criteres import (
    CONFORMITE,
    PREMIER_CODAGE,
    dire_part,
    new_bilan_mystere,
    rate_of,
    risque_de,
)

HAUSSE, BAISSE = "hausse établie", "baisse établie"
"""How the state of a change that a test establishes begins; the test is named after it."""
NON_ETABLIE = "changement non établi"
_COMPAREES = ("Critère observé", "Grille", "Vague d’avant", "Dernière vague", "Écart en points")
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
    famille = _famille(evolutions)
    combien = {0: "les critères comparés", 1: "1 critère comparé"}.get(
        famille, f"les {famille} critères comparés"
    )
    return new_bilan_mystere(
        campagne,
        [e.ligne for e in evolutions],
        code="mystere.vagues",
        titre="Évolution des critères d’une vague à l’autre",
        entete="Critère observé",
        formule="écart = taux de la dernière vague − taux de la vague d’avant ; "
        f"{CONFORMITE} ; intervalle de Newcombe à {niveau}, chaque écart pris seul ; « hausse "
        f"établie », ou « baisse établie », si la valeur p du {FISHER} ({KHI_DEUX} au-delà de "
        f"{nombre(EXACT_MAX)} tests d’un critère), ajustée par Holm sur {combien}, est "
        f"sous {risque} ; un intervalle qui laisse zéro dehors n’y suffit donc pas ; "
        f"{PREMIER_CODAGE}",
        champ=dire_vagues(campagne, vagues[-2:]),
        si_vide=_dire_pourquoi(vagues),
    )


def list_vagues(campagne: Campagne) -> Liste:
    """The same comparisons in words, with the adjusted p-value of each test."""
    evolutions = _comparer(campagne)
    bilan = _new_bilan(campagne, evolutions)
    return new_liste(
        campagne,
        SOURCE,
        code="mystere.vagues",
        titre="Tests d’évolution, critère par critère",
        colonnes=(*_COMPAREES, "Valeur p ajustée", "Lecture"),
        lignes=[
            (*_comparee(bilan, e.ligne), _dire_test(e.test), _statut(e.ligne.statut))
            for e in evolutions
        ],
        champ=f"{bilan.champ} ; {FISHER} sauf mention, ajusté par Holm sur "
        f"{pluriel(_famille(evolutions), 'comparaison')}",
        chiffres=bilan.chiffres(),
        si_vide=bilan.si_vide,
    )


def list_changements(campagne: Campagne) -> Liste:
    """The criteria whose change since the wave before is established: all that one page has to say.

    What is not established is counted, and told with its tests by :func:`list_vagues`.
    """
    evolutions = _comparer(campagne)
    bilan = _new_bilan(campagne, evolutions)
    etablis = [e.ligne for e in evolutions if e.ligne.statut != NON_ETABLIE]
    cites = {bilan.identifiant(ligne) for ligne in etablis}
    combien = pluriel(len(evolutions), "critère comparé", "critères comparés")
    return new_liste(
        campagne,
        SOURCE,
        code="mystere.changements",
        titre="Changements établis d’une vague à l’autre",
        colonnes=(*_COMPAREES, "Lecture"),
        lignes=[(*_comparee(bilan, ligne), _statut(ligne.statut)) for ligne in etablis],
        champ=f"{bilan.champ} ; {combien}",
        chiffres=[chiffre for chiffre in bilan.chiffres() if chiffre.code in cites],
        si_vide=bilan.si_vide
        if not evolutions
        else f"Aucun changement n’est établi entre les deux dernières vagues, sur {combien}.",
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
    sens = HAUSSE if comparaison.ecart.valeur > 0 else BAISSE
    etablie = f"{sens} ({comparaison.test.nom}, Holm)"
    statut = etablie if comparaison.test.significatif(risque) else NON_ETABLIE
    return replace(ligne, mesure=comparaison.ecart, statut=statut)


def _comparee(bilan: Bilan, ligne: Ligne) -> tuple[str | Renvoi, ...]:
    """A criterion, its grid, its two rates, and their difference, which quotes its figure."""
    ecart = ligne.mesure
    assert isinstance(ecart, Ecart)
    points = Renvoi(str(ecart).replace(" points", ""), bilan.identifiant(ligne))
    return ligne.libelle, ligne.groupe, str(ecart.avant), str(ecart.maintenant), points


def _famille(evolutions: list[_Evolution]) -> int:
    """How many comparisons are adjusted together."""
    return max((e.test.famille for e in evolutions), default=0)


def _dire_test(test: Test) -> str:
    """The adjusted p-value; the test is named where it is not the one that the scope names."""
    if test.p_lue is None:
        return str(test)
    return dire_p(test.p_lue) + (f" ({test.nom})" if test.nom != FISHER else "")


def _statut(statut: str) -> Renvoi:
    nuances: dict[str, Nuance] = {HAUSSE: "bien", BAISSE: "ecart"}
    return Renvoi(statut, statut=nuances.get(statut.split(" (")[0], "neutre"))


def _dire_pourquoi(vagues: tuple[VagueLue, ...]) -> str:
    if len(vagues) < 2:
        return "Une seule vague de tests : rien à quoi la comparer encore."
    return "Aucun critère n’a été observé dans les deux dernières vagues."
