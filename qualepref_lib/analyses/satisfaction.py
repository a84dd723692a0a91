"""The satisfaction survey: who answered, what they came for, what they think, what changed.

Shares are out of the expressed answers; *sans opinion* and blanks are counted apart and printed.
The satisfaction rate is the two favourable answers out of the expressed ones (formula
``T2B-exprimes``, version 1). Rules 3.4.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from qualepref_lib.campagne import Campagne, EditionPubliee, new_bilan
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import enumeration, round_half_up
from qualepref_lib.core.intervalles import newcombe
from qualepref_lib.core.mesures import Ecart, Effectif, Repartition, Taux
from qualepref_lib.core.refus import Probleme, Refus, proche
from qualepref_lib.referentiel import Question, Questionnaire

SOURCE = "enquete"
T2B = (
    "T2B-exprimes, version 1 : taux = réponses « très » ou « plutôt » favorables "
    "÷ réponses exprimées"
)


def measure_participation(campagne: Campagne) -> Bilan:
    """The number of answers, in all and by week of collection."""
    lignes: list[Ligne] = []
    if SOURCE in campagne.tables:
        dates = campagne.tables[SOURCE].cadre["date"]
        numeros = tuple(int(i) for i in dates.index)
        lignes.append(Ligne("total", "Ensemble", Effectif(len(dates), "réponse"), numeros))
        lundis = dates - pd.to_timedelta(dates.dt.day_of_week, unit="D")
        for lundi, groupe in dates.groupby(lundis):
            libelle = f"À partir du {groupe.min():%d/%m/%Y}"
            rangs = tuple(int(i) for i in groupe.index)
            code = f"{lundi:%Y-%m-%d}"
            lignes.append(Ligne(code, libelle, Effectif(len(groupe), "réponse"), rangs))
    return _bilan(
        campagne,
        "satisfaction.participation",
        "Réponses reçues",
        "Semaine",
        "nombre de réponses reçues",
        lignes,
    )


def measure_reponses(campagne: Campagne, question: str) -> Bilan:
    """The share of each answer to one question; several answers are possible where it allows."""
    q = _question(campagne, question)
    modalites = [m for m in _questionnaire(campagne).modalites(q) if not m.hors_base]
    lignes = []
    if SOURCE in campagne.tables:
        choix = campagne.tables[SOURCE].cadre[question].astype(object).map(_en_liste)
        exprimes = choix[choix.map(lambda c: any(m.code in c for m in modalites))]
        for modalite in modalites:
            cites = exprimes[exprimes.map(lambda c, m=modalite: m.code in c)]
            lignes.append(
                Ligne(
                    modalite.code,
                    modalite.libelle,
                    Taux(len(cites), len(exprimes)),
                    tuple(int(i) for i in cites.index),
                )
            )
    plusieurs = q.genre == "multiple" and "plusieurs réponses" not in q.libelle
    suite = " (plusieurs réponses possibles)" if plusieurs else ""
    return _bilan(
        campagne,
        f"satisfaction.{question}",
        q.libelle + suite,
        "Réponse",
        "part = réponses portant cette modalité ÷ personnes ayant répondu à la question",
        sorted(lignes, key=lambda li: -li.mesure.favorables),  # type: ignore[union-attr]
        entetes_taux=("Citations", "Base", "Part"),
    )


def measure_satisfaction(campagne: Campagne) -> Bilan:
    """The satisfaction rate of every scale question, from the best to the worst."""
    lignes = [
        Ligne(q.code, q.court, _repartition(campagne, q).taux(*_favorables(campagne, q)), rangs)
        for q, rangs in _echelles(campagne)
    ]
    lignes.sort(key=lambda li: (-(li.mesure.valeur or 0), li.code))  # type: ignore[union-attr]
    return _bilan(
        campagne, "satisfaction.taux", "Réponses favorables par question", "Question", T2B, lignes
    )


def measure_principale(campagne: Campagne) -> Bilan:
    """The satisfaction rate of the main question of the survey, alone."""
    principale = _questionnaire(campagne).question_principale
    lignes = [
        Ligne(q.code, q.court, _repartition(campagne, q).taux(*_favorables(campagne, q)), rangs)
        for q, rangs in _echelles(campagne)
        if q.code == principale
    ]
    titre = _question(campagne, principale).libelle
    return _bilan(campagne, "satisfaction.principale", titre, "Question", T2B, lignes)


def measure_appreciations(campagne: Campagne, echelle: str) -> Bilan:
    """All the answers to the questions of one scale: the diverging bars of the survey."""
    lignes = [
        Ligne(q.code, q.court, _repartition(campagne, q), rangs)
        for q, rangs in _echelles(campagne)
        if q.echelle == echelle
    ]
    return _bilan(
        campagne,
        f"satisfaction.appreciations.{echelle}",
        f"Réponses détaillées : {_libelle_echelle(campagne, echelle)}",
        "Question",
        "part = réponses portant cette modalité ÷ réponses exprimées",
        lignes,
    )


def measure_evolution(campagne: Campagne) -> Bilan:
    """The main question against a past edition known only by its published rate.

    Its base is unknown, so the difference is given for each plausible base, and every sentence
    made of it is conditional (rules 3.4, comparability guard).
    """
    principale = measure_principale(campagne)
    lignes = [
        ligne
        for edition in campagne.fiche.editions_publiees
        for ligne in _ecarts(principale, edition)
    ]
    return _bilan(
        campagne,
        "satisfaction.evolution",
        "Évolution depuis l’édition publiée",
        "Hypothèse",
        "écart = taux de cette édition − taux publié ; intervalle de Newcombe",
        lignes,
        reserve=_reserve(campagne),
    )


def _reserve(campagne: Campagne) -> str:
    """What is unknown of the published edition, in words; empty when nothing is."""
    return " ; ".join(
        f"on ignore, pour {edition.annee}, {enumeration(edition.inconnus)}"
        for edition in campagne.fiche.editions_publiees
        if edition.inconnus
    )


def _ecarts(principale: Bilan, edition: EditionPubliee) -> list[Ligne]:
    lignes = []
    for ligne in principale.lignes:
        if ligne.code != edition.indicateur or not isinstance(ligne.mesure, Taux):
            continue
        if not ligne.mesure.observes:  # nobody said anything: there is nothing to compare
            continue
        for base in (edition.base,) if edition.base else edition.bases_plausibles:
            avant = Taux(round_half_up(edition.valeur * base), base)
            intervalle = newcombe(
                float(ligne.mesure.favorables),
                ligne.mesure.observes,
                float(avant.favorables),
                base,
                principale.niveau,
            )
            connue = edition.base is not None
            retenue = base == edition.base_retenue and not connue
            lignes.append(
                Ligne(
                    code=f"{ligne.code}.{edition.annee}.{base}",
                    libelle=f"{'' if connue else 'si '}l’édition {edition.annee} comptait {base} "
                    "réponses",
                    mesure=Ecart(ligne.mesure, avant, intervalle, connue, ligne.libelle),
                    lignes=ligne.lignes,
                    reference=edition.valeur,
                    groupe=str(edition.annee),
                    statut="hypothèse retenue" if retenue else "",
                )
            )
    return lignes


def _bilan(
    campagne: Campagne,
    code: str,
    titre: str,
    entete: str,
    formule: str,
    lignes: list[Ligne],
    **suite: Any,
) -> Bilan:
    # A missing survey is described as the most modest of designs.
    sans_plan = {} if SOURCE in campagne.fiche.sources else {"plan": "volontaires"}
    return new_bilan(
        campagne,
        SOURCE,
        code=code,
        titre=titre,
        entete=entete,
        unite="réponse",
        formule=formule,
        lignes=lignes,
        **(sans_plan | suite),
    )


def _questionnaire(campagne: Campagne) -> Questionnaire:
    questionnaire = campagne.referentiel.questionnaire
    if questionnaire is None:
        raise Refus(Probleme("questionnaire.yaml", "l’édition n’a pas de questionnaire."))
    return questionnaire


def _question(campagne: Campagne, code: str) -> Question:
    questions = _questionnaire(campagne).questions
    if code not in questions:
        raise Refus(
            Probleme(
                "questionnaire.yaml",
                f"« {code} » n’est pas une question.",
                connus=tuple(questions),
                voisin=proche(code, questions),
            )
        )
    return questions[code]


def _en_liste(reponse: object) -> tuple[object, ...]:
    return tuple(str(reponse).split("|")) if isinstance(reponse, str) else ()


def _echelles(campagne: Campagne) -> list[tuple[Question, tuple[int, ...]]]:
    """The scale questions with the rows that answered them."""
    if SOURCE not in campagne.tables:
        return []
    cadre = campagne.tables[SOURCE].cadre
    return [
        (q, tuple(int(i) for i in cadre.index[cadre[q.code].notna()]))
        for q in _questionnaire(campagne).questions.values()
        if q.genre == "echelle"
    ]


def _repartition(campagne: Campagne, question: Question) -> Repartition:
    reponses = campagne.tables[SOURCE].cadre[question.code]
    comptes = reponses.value_counts()
    modalites = _questionnaire(campagne).modalites(question)
    dans = {m.libelle: int(comptes.get(m.code, 0)) for m in modalites if not m.hors_base}
    hors = {m.libelle: int(comptes.get(m.code, 0)) for m in modalites if m.hors_base}
    return Repartition(dans, hors | {"sans réponse": int(reponses.isna().sum())})


def _libelle_echelle(campagne: Campagne, code: str) -> str:
    libelles = {echelle.code: echelle.libelle for echelle in _questionnaire(campagne).echelles}
    return libelles.get(code, code)


def _favorables(campagne: Campagne, question: Question) -> list[str]:
    return [m.libelle for m in _questionnaire(campagne).modalites(question) if m.favorable]
