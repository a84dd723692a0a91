"""Do the answers differ between profiles? Shares by sub-group, and named tests.

Bases are unweighted; where the survey is weighted the shares are, as are their tests. A difference
is said to be established only by a named test, whose p-value is adjusted for all the comparisons
made (Holm); several sub-groups too small to be told are compared as one. Rules 3.3 and 3.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.listes import new_liste
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Renvoi
from qualepref_lib.core.comparaisons import dire_p
from qualepref_lib.core.francais import nombre, pourcentage
from qualepref_lib.core.mesures import Taux, TauxMasque, TriCroise
from qualepref_lib.enquete.bilans import new_bilan_reponses
from qualepref_lib.enquete.comparaisons import Comparaison, compare_profils, profils_lus
from qualepref_lib.enquete.croisements import Croisements, croisements_de
from qualepref_lib.enquete.diffusion import avec_regle, dire_regle
from qualepref_lib.enquete.questions import SOURCE, echelles_de, question_de, questionnaire_de
from qualepref_lib.enquete.redressement import redressement_de
from qualepref_lib.referentiel import Modalite, Question

RISQUE = 0.05
ETABLIES = "différences entre profils établies par un test"
PART = "part = réponses favorables ÷ réponses exprimées du sous-groupe, base non pondérée"
PART_REDRESSEE = (
    "part = somme des poids des réponses favorables ÷ somme des poids des réponses exprimées du "
    "sous-groupe ; erreur linéarisée (Taylor), compte tenu du calage ; intervalle sur l’échelle "
    "logit ; base non pondérée"
)


def measure_profils(campagne: Campagne) -> Bilan:
    """The main question by sub-group of every profile: share favourable, base, interval."""
    principale = question_de(campagne, questionnaire_de(campagne).question_principale)
    croisements = croisements_de(campagne)
    lignes = [
        Ligne(f"{profil.code}.{groupe.code}", groupe.libelle, taux, groupe=profil.court)
        for profil in profils_lus(campagne)
        for groupe, taux in croisements.parts(profil.code, principale.code)
        if taux.observes or isinstance(taux, TauxMasque)
    ]
    return _bilan_parts(
        campagne,
        code="profils.principale",
        titre=f"{principale.court} : réponses favorables par profil",
        entete="Sous-groupe",
        entete_groupe="Profil",
        lignes=lignes,
    )


def measure_items_par_profil(campagne: Campagne, profil: str) -> Bilan:
    """Every item by sub-group of one profile question; a share that is masked says so."""
    question, croisements = question_de(campagne, profil), croisements_de(campagne)
    lignes = []
    for item in echelles_de(campagne) if SOURCE in campagne.tables else ():
        paires = croisements.parts(profil, item.code)
        lignes.append(
            Ligne(item.code, item.court, TriCroise({g.libelle: taux for g, taux in paires}))
        )
    return _bilan_parts(
        campagne,
        code=f"profils.{profil}",
        titre=f"Réponses favorables par question et par profil : {question.court.lower()}",
        entete="Question",
        lignes=lignes,
    )


def list_tests_profils(campagne: Campagne) -> Liste:
    """For the main question, the test of each profile and what it establishes."""
    comparaisons = compare_profils(campagne, [_principale(campagne)])
    return _liste_tests(
        campagne, comparaisons, "profils.tests", "Ce que les tests disent de la question principale"
    )


def list_tests_items(campagne: Campagne) -> Liste:
    """For all other items, the differences that a test establishes, all tests adjusted together."""
    principale = _principale(campagne)
    items = [q for q in echelles_de(campagne) if q.code != principale.code]
    comparaisons = compare_profils(campagne, items)
    etablies = [c for c in comparaisons if c.test.significatif(RISQUE)]
    return _liste_tests(
        campagne, etablies, "profils.tests_items",
        "Autres questions : les différences établies par un test", len(comparaisons),
    )  # fmt: skip


def measure_comparaisons(campagne: Campagne) -> Bilan:
    """How many differences are established, out of all the comparisons made, in each family."""
    principale = _principale(campagne)
    familles = {
        "principale": (f"{ETABLIES}, {principale.court.lower()}", [principale]),
        "autres": (
            f"{ETABLIES}, autres questions",
            [q for q in echelles_de(campagne) if q != principale],
        ),
    }
    lignes = []
    for code, (libelle, items) in familles.items():
        comparaisons = compare_profils(campagne, items)
        etablies = sum(c.test.significatif(RISQUE) for c in comparaisons)
        if comparaisons:
            lignes.append(Ligne(code, libelle, Taux(etablies, len(comparaisons))))
    return new_bilan_reponses(
        campagne,
        code="profils.comparaisons",
        titre="Différences entre profils établies par un test",
        entete="Question",
        entetes_taux=("Établies", "Comparaisons", "Part"),
        plan="recensement",
        unite="comparaison",
        formule=f"établie = p ajustée par Holm sur toutes les comparaisons de la famille, "
        f"inférieure à {pourcentage(RISQUE)}",
        lignes=lignes,
    )


def list_masques(campagne: Campagne) -> Liste:
    """Which sub-groups are masked, and in which tables, without any value.

    Which masks are of a small number and which protect another is not told: it would help to
    guess them.
    """
    croisements = croisements_de(campagne)
    lignes = [
        (profil.court, modalite.libelle, dans)
        for profil in profils_lus(campagne)
        for modalite, dans in _masques(campagne, croisements, profil)
    ]
    return new_liste(
        campagne,
        SOURCE,
        code="profils.masques",
        titre="Ce qui est masqué dans les tableaux par profil",
        champ=f"{dire_regle(campagne)} ; un sous-groupe dont l’effectif est masqué l’est partout",
        colonnes=("Profil", "Sous-groupe", "Masqué dans"),
        lignes=lignes,
    )


def _masques(
    campagne: Campagne, croisements: Croisements, profil: Question
) -> Iterator[tuple[Modalite, str]]:
    """The sub-groups of a profile that something is masked of, and where."""
    items, tus = echelles_de(campagne), croisements.typologie(profil.code)
    caches = {item.court: croisements.masques(profil.code, item.code)[1] for item in items}
    for modalite in croisements.modalites(profil.code):
        dans = [court for court, codes in caches.items() if modalite.code in codes]
        if modalite.code in tus:
            yield modalite, "les effectifs et toutes les questions"
        elif len(dans) == len(items):
            yield modalite, "toutes les questions"
        elif dans:
            yield modalite, ", ".join(dans)


def _principale(campagne: Campagne) -> Question:
    return question_de(campagne, questionnaire_de(campagne).question_principale)


def _liste_tests(
    campagne: Campagne,
    comparaisons: Sequence[Comparaison],
    code: str,
    titre: str,
    famille: int | None = None,
) -> Liste:
    combien = len(comparaisons) if famille is None else famille
    une = famille is None  # the main question alone: its title says which
    colonnes = ("Question", "Profil", "Sous-groupe", "Test", "Réponses", "p ajustée", "Lecture")
    return new_liste(
        campagne,
        SOURCE,
        code=code,
        titre=titre,
        champ=f"{nombre(combien)} comparaisons, p ajustées ensemble par la méthode de Holm ; les "
        "sous-groupes masqués sont comparés comme un seul, avec les profils non indiqués",
        colonnes=colonnes[une:],
        lignes=[_rang(c)[une:] for c in comparaisons],
    )


def _rang(c: Comparaison) -> tuple[str | Renvoi, ...]:
    etablie = c.test.significatif(RISQUE)
    lecture = Renvoi("différence établie" if etablie else "non établie",
                     statut="moyen" if etablie else "neutre")  # fmt: skip
    sous_groupe = f"{c.sous_groupe}, face aux autres" if c.sous_groupe else "entre eux"
    assert c.test.p_lue is not None
    return (c.item.court, c.profil.court, sous_groupe, c.test.nom, nombre(c.test.n),
            dire_p(c.test.p_lue).removeprefix("p = ").removeprefix("p "), lecture)  # fmt: skip


def _bilan_parts(campagne: Campagne, **contenu: Any) -> Bilan:
    """A bilan of shares by sub-group: masked where they must be, weighted where the survey is."""
    redressee = redressement_de(campagne) is not None
    formule = PART_REDRESSEE if redressee else PART
    if redressee:
        contenu |= {"entetes_taux": ("Favorables", "Base non pondérée", "Part redressée")}
    bilan = new_bilan_reponses(campagne, redresse=redressee, formule=formule, **contenu)
    return avec_regle(campagne, bilan)
