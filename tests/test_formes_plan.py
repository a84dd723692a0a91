"""The charts of the plan: steps, not slopes; every colour backed by a word, readable in grey."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import pairwise
from typing import Any

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import num2date
from matplotlib.figure import Figure

from qualepref_lib.core.bilan import Bilan, Ligne, Source
from qualepref_lib.core.mesures import Effectif, Fourchette, Periode, Taux, VisAVis
from qualepref_lib.display.blocs import BlocGraphique, BlocTableau
from qualepref_lib.display.formes import gantt, planche, trajectoire, vis_a_vis
from qualepref_lib.display.graphique import ALT_MAX, Graphique
from qualepref_lib.display.phrase import texte_phrase
from qualepref_lib.display.tableau import Tableau


def bilan(*lignes: Ligne, **autres: Any) -> Bilan:
    """A bilan of some lines."""
    champs: dict[str, Any] = {
        "code": "essai.plan", "titre": "Titre du bilan", "unite": "critère", "formule": "a ÷ b",
        "champ": "tout le plan", "source": Source("essai.csv", "0" * 64, "Source d’essai"),
        "plan": "recensement", "lignes": lignes,
    }  # fmt: skip
    return Bilan(**(champs | autres))


def dessiner(draw: Any, lu: Bilan) -> Figure:
    """A figure laid out as in the report."""
    with matplotlib.rc_context(planche.STYLE):
        figure: Figure = draw(lu)
        FigureCanvasAgg(figure)
        figure.canvas.draw()
    return figure


def fourchette(jour: dt.date, tenu: int, simule: bool = True) -> Fourchette:
    """A range out of twenty, from 8 today to 18 with everything done."""
    deciles = (Taux(tenu - 1, 20), Taux(tenu, 20), Taux(tenu + 1, 20)) if simule else None
    chance = Taux(300, 500) if simule else None
    return Fourchette(jour, Taux(8, 20), Taux(9, 20), Taux(tenu, 20), Taux(18, 20), deciles, chance)


def projete(simule: bool = True) -> Bilan:
    """Two modules on three days, the second of which is an audit."""
    jours = {"01/04/2022": (4, 10), "Audit externe (01/06/2022)": (6, 12), "01/08/2022": (8, 16)}
    lignes = [
        Ligne(
            f"{module}.{mois}",
            nom,
            fourchette(dt.date(2022, mois, 1), tenu, simule),
            groupe=f"Module {module} — Un nom",
            cible=Fraction(4, 5),
        )
        for module in ("1", "2")
        for nom, (mois, tenu) in jours.items()
    ]
    return bilan(*lignes, entete="Date", entete_groupe="Module", reserve="hypothèse de l’essai")


CANAUX = bilan(
    Ligne("a", "Courriers", VisAVis(Taux(7, 16), Effectif(1, "action ouverte", "actions ouvertes")),
          cible=Fraction(4, 5), statut="peu d’actions"),
    Ligne("b", "Accueil", VisAVis(Taux(21, 30), Effectif(7, "action ouverte", "actions ouvertes")),
          cible=Fraction(4, 5), statut="actions engagées"),
    entete="Canal", entetes_taux=("Actions ouvertes", "Critères", "Taux déclaré"),
)  # fmt: skip


def test_a_rate_jumps_on_its_day_and_stays() -> None:
    """The blue line is a step: flat between two days, its height that of the day reached."""
    axes = dessiner(trajectoire.draw_trajectoire, projete()).axes[0]
    (escalier,) = [li for li in axes.lines if li.get_linewidth() == 2]
    assert escalier.get_drawstyle() == "steps-post"
    jours = [num2date(x).date() for x in escalier.get_xdata()]
    assert jours[:3] == [dt.date(2022, m, 1) for m in (4, 6, 8)]
    assert np.allclose(escalier.get_ydata(), [50, 60, 80, 80])


def test_the_audit_is_marked_and_its_rate_printed() -> None:
    """Only the audit has a vertical line, a dot and its percentage."""
    figure = dessiner(trajectoire.draw_trajectoire, projete())
    assert [[t.get_text() for t in axes.texts] for axes in figure.axes] == [["60 %"], ["60 %"]]
    assert "Audit externe (01/06/2022)" in figure.axes[-1].get_xlabel()


def test_without_a_simulation_nothing_of_it_is_drawn() -> None:
    """No decile, no median, no word of them in the legend."""
    for simule in (True, False):
        figure = dessiner(trajectoire.draw_trajectoire, projete(simule))
        noms = [t.get_text() for t in figure.legends[0].get_texts()]
        assert ("médiane simulée" in noms) == ("huit tirages sur dix" in noms) == simule
        assert {"échéances tenues", "de rien de plus à tout fait", "cible"} <= set(noms)


def test_the_bands_are_told_apart_in_grey() -> None:
    """The two bands and the line have lightnesses far enough apart for a photocopy."""

    def clarte(couleur: str) -> float:
        rouge, vert, bleu = matplotlib.colors.to_rgb(couleur)
        return 0.2126 * rouge + 0.7152 * vert + 0.0722 * bleu

    tons = sorted(map(clarte, (trajectoire.BORNES, trajectoire.SIMULE, planche.BLEU, "#FFFFFF")))
    assert all(b - a > 0.08 for a, b in pairwise(tons))


def test_every_range_is_in_the_table_and_the_register() -> None:
    """Each rate that is drawn has its cell or its card, with its base."""
    lu = projete()
    bloc = Tableau(lu).bloc()
    assert isinstance(bloc, BlocTableau)
    titres = [colonne.titre for colonne in bloc.grille.colonnes]
    assert titres[:2] == ["Date", "Module"] and titres[-2:] == ["Cible", "Chance (500 tirages)"]
    cites = {case.chiffre for rang in bloc.grille.lignes for case in rang if case.chiffre}
    cartes = {carte.code: carte for carte in bloc.chiffres}
    assert cites <= set(cartes) and len(cartes) == 6 * 8
    assert cartes["essai.plan.1.6.echeances-tenues"].valeur == "12 sur 20 (60\xa0%)"
    assert cartes["essai.plan.1.6.chance"].denominateur == "500"


def test_alternative_texts_say_kind_subject_and_message() -> None:
    """At most 250 characters, and the message is in it: the end of the plan, the low channel."""
    for lu, debut, message in (
        (projete(), "Courbes en escalier", "Module 1"),
        (CANAUX, "Diagramme en vis-à-vis", "« Courriers »"),
    ):
        bloc = Graphique(lu).bloc()
        assert isinstance(bloc, BlocGraphique)
        alt = bloc.alt.replace("\xa0", " ")
        assert alt.startswith(debut) and message in alt and len(alt) <= ALT_MAX
        assert bloc.grille.lignes and bloc.svg.startswith("<svg")


def test_the_sentence_gives_the_chance_and_its_assumption() -> None:
    """Day by day, the range and the draws; then what is assumed."""
    dite = texte_phrase(projete()).replace("\xa0", " ").replace("\u202f", " ")
    assert (
        "Audit externe (01/06/2022) : Module 1, de 55 % à 65 %, cible de 80 % atteinte dans "
        in dite
    )
    assert "300 sur 500 tirages" in dite and dite.endswith("Hypothèse de l’essai.")
    sans = texte_phrase(projete(simule=False)).replace("\xa0", " ")
    assert "Module 1, de 45 % à 90 %" in sans and "tirages" not in sans


def test_rate_and_actions_share_their_rows() -> None:
    """Left the rates, right the counts, one row a channel, numbers printed on both sides."""
    figure = dessiner(vis_a_vis.draw_vis_a_vis, CANAUX)
    gauche, droite = figure.axes
    assert [t.get_text() for t in gauche.texts] == ["44 %", "70 %"]
    assert [t.get_text() for t in droite.texts] == ["1", "7"]
    assert gauche.get_ylim() == droite.get_ylim()
    assert "« Courriers », 7 sur 16 (44\xa0%), 1 action ouverte" in texte_phrase(CANAUX)


def test_the_gantt_names_the_audits_and_today() -> None:
    """Each date marked has its name above its line; the reference date is dashed and said."""
    lu = bilan(
        Ligne("a", "A01", Periode(dt.date(2022, 2, 1), dt.date(2022, 5, 1)), statut="en retard"),
        jour=dt.date(2022, 4, 1),
        dates=(
            (dt.date(2022, 6, 1), "Audit externe"),
            (dt.date(2022, 9, 1), "Labellisation visée"),
        ),
    )
    axes = dessiner(gantt.draw_gantt, lu).axes[0]
    noms = [t.get_text() for t in axes.texts]
    assert noms == ["en retard", "Audit externe", "Labellisation\nvisée"]
    legende = axes.get_xlabel().replace("\n", " ")
    assert "01/04/2022, date de référence" in legende and "Audit externe (01/06)" in legende
    droite = num2date(axes.get_xlim()[1]).date()
    assert droite > dt.date(2022, 9, 1)
