"""The shapes of charts: what each draws, that its words can be read, and that it stays light."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from itertools import pairwise
from typing import Any

import matplotlib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle, StepPatch
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from qualepref_lib.core.bilan import Bilan, Ligne, Source
from qualepref_lib.core.mesures import Durees, Effectif, Repartition, Taux, TriCroise
from qualepref_lib.display.blocs import BlocGraphique, BlocRien
from qualepref_lib.display.formes import chaleur, couleurs, durees, likert, planche, serie
from qualepref_lib.display.formes.allegement import alleger
from qualepref_lib.display.formes.serie_signaux import mot
from qualepref_lib.display.graphique import Graphique
from qualepref_lib.display.periodes import MOIS, abreger, est_periode

HORS, HUIT = "au-delà des limites", "série de huit du même côté"
ENTETES = ("Dans le délai", "Échus", "Part tenue")
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")


def bilan(*lignes: Ligne, **autres: Any) -> Bilan:
    """A bilan of some lines."""
    champs: dict[str, Any] = {
        "code": "essai.forme",
        "titre": "Titre du bilan",
        "unite": "envoi",
        "formule": "a ÷ b",
        "champ": "tous les envois",
        "source": Source("essai.csv", "0" * 64, "Source d’essai"),
        "plan": "recensement",
        "lignes": lignes,
        "entetes_taux": ENTETES,
    }
    return Bilan(**(champs | autres))


def semaine(rang: int) -> str:
    """The label of a week, from 4 October 2021."""
    jour = dt.date(2021, 10, 4) + dt.timedelta(weeks=rang)
    nom = "1er" if jour.day == 1 else str(jour.day)
    return f"semaine du {nom} {MOIS[jour.month - 1]} {jour.year}"


def points(
    parts: list[float], base: int = 50, signaux: dict[int, str] | None = None, **autres: Any
) -> tuple[Ligne, ...]:
    """One line a week, each of the same base, with its signal if it has one."""
    return tuple(
        Ligne(
            f"s{rang}",
            semaine(rang),
            Taux(round(part * base), base),
            (rang + 2,),
            statut=(signaux or {}).get(rang, ""),
            **autres,
        )
        for rang, part in enumerate(parts)
    )


def carte(combien: int, signaux: dict[int, str] | None = None) -> Bilan:
    """A control chart around 80 %; signalled points are at 40 %, or at 90 % for a run."""
    signaux = signaux or {}
    valeurs = {HORS: 0.4, HUIT: 0.9}
    parts = [valeurs.get(signaux.get(rang, ""), 0.8) for rang in range(combien)]
    return bilan(*points(parts, 50, signaux, reference=Fraction(4, 5), limites=(0.63, 0.97)))


def croise(*lignes: dict[str, Taux]) -> Bilan:
    """A two-way table, one line an hour."""
    return bilan(
        *(Ligne(f"h{rang}", f"{8 + rang} h", TriCroise(c)) for rang, c in enumerate(lignes))
    )


SEMAINE = dict(
    zip(JOURS, (Taux(6, 12), Taux(45, 50), Taux(3, 4), Taux(0, 0), Taux(27, 90)), strict=True)
)
ATTENTES = bilan(
    Ligne("a", "8 h 00", Durees(30, 8.0, 21.5, "minutes")),
    Ligne("b", "8 h 30", Durees(20, None, None, "minutes", en_cours=45, ouverts="en attente")),
    Ligne("c", "9 h 00", Durees(4, 2.0, 5.0, "minutes")),
    Ligne("d", "9 h 30", Durees(40, 9.0, None, "minutes", en_cours=20, ouverts="en attente")),
    Ligne("e", "10 h 00", Durees(0, None, None, "minutes")),
)
NOUVELLES: dict[str, tuple[Bilan, Any]] = {
    "carte": (carte(53, {5: HORS, **dict.fromkeys(range(20, 28), HUIT)}), None),
    "serie": (bilan(*points([0.5, 0.7, 0.6])), "serie"),
    "arriere": (bilan(Ligne("a", semaine(0), Effectif(1210, "envoi"))), "serie"),
    "chaleur": (croise(SEMAINE, SEMAINE), None),
    "durees": (ATTENTES, None),
}


def dessiner(draw: Any, *arguments: Any) -> tuple[Figure, Axes]:
    """A figure drawn and laid out as in the report, without writing it."""
    with matplotlib.rc_context(planche.STYLE):
        figure = draw(*arguments)
        FigureCanvasAgg(figure)
        figure.canvas.draw()
    return figure, figure.axes[0]


def cadre(texte: Text) -> Bbox:
    """The room of a text on the page."""
    figure = texte.get_figure()
    assert isinstance(figure, Figure)
    return texte.get_window_extent(figure.canvas.get_renderer())  # type: ignore[attr-defined]


def se_touchent(textes: list[Text]) -> list[str]:
    """The texts that overlap their neighbour, whatever their line."""
    cadres = [(texte.get_text(), cadre(texte)) for texte in textes if texte.get_text().strip()]
    return [
        f"{a} / {b}"
        for rang, (a, premier) in enumerate(cadres)
        for b, second in cadres[rang + 1 :]
        if premier.overlaps(second)
    ]


def legende(figure: Figure) -> list[str]:
    """The words of the legend."""
    return [texte.get_text() for lue in figure.legends for texte in lue.get_texts()]


def ecrits(axes: Axes) -> list[str]:
    """The words inside the axes."""
    return [texte.get_text() for texte in axes.texts]


@pytest.mark.parametrize("sorte", sorted(NOUVELLES))
def test_regles_de_la_planche(sorte: str) -> None:
    """A chart is the same bytes twice, its text stays text, and it says neither date nor maker."""
    lu, forme = NOUVELLES[sorte]
    bloc = Graphique(lu, forme=forme).bloc()
    assert isinstance(bloc, BlocGraphique)
    assert bloc.svg == Graphique(lu, forme=forme).bloc().svg  # type: ignore[union-attr]
    assert bloc.svg.startswith("<svg") and "<text" in bloc.svg and "DejaVuSans-" not in bloc.svg
    assert not re.search(r"<metadata|<script|<image|dc:date|\b20\d\d-\d\d-\d\dT", bloc.svg)
    assert "\n" not in bloc.svg.strip().split("</style>")[1]


@pytest.mark.parametrize("sorte", sorted(NOUVELLES))
def test_texte_alternatif_porte_le_message(sorte: str) -> None:
    """The alternative text says the kind of chart, its subject, and a figure of its message."""
    lu, forme = NOUVELLES[sorte]
    alt = Graphique(lu, forme=forme).bloc().alt  # type: ignore[union-attr]
    alt = re.sub("[\u00a0\u202f]", " ", alt)
    attendus = {
        "carte": "Carte de contrôle : Titre du bilan, 53 points. Au-delà des limites : 1 point",
        "serie": "Courbe : Titre du bilan, 3 points. Semaine du 4 oct. 2021 : 25 sur 50 (50 %) ;",
        "arriere": "Courbe : Titre du bilan, 1 point. Dernier point, « semaine du 4 oct. 2021 » :",
        "chaleur": "Carte de chaleur : Titre du bilan, 2 lignes et 5 colonnes. Le plus haut est",
        "durees": "Diagramme des durées : Titre du bilan, 5 lignes. Le plus long : « 8 h 30 »",
    }
    assert alt.startswith(attendus[sorte])
    assert 30 <= len(alt) <= 250


@pytest.mark.parametrize("sorte", sorted(NOUVELLES))
@pytest.mark.parametrize("longueur", [100, 190, 215, 400])
def test_un_titre_long_laisse_le_message(sorte: str, longueur: int) -> None:
    """Whatever the length of the title, the alternative text keeps a figure of the message."""
    lu, forme = NOUVELLES[sorte]
    long = Bilan(**(vars(lu) | {"titre": "Un titre. " * (longueur // 10)}))
    alt = Graphique(long, forme=forme).bloc().alt  # type: ignore[union-attr]
    assert 30 <= len(alt) <= 250 and alt.endswith(".")
    reste = re.sub(r"^.*?\d+ (point|ligne)s?( et \d+ colonnes)?", "", alt)
    assert re.search(r"\d", reste), alt


@pytest.mark.parametrize("combien", [1, 2, 10, 13, 26, 37, 53])
def test_les_semaines_se_lisent(combien: int) -> None:
    """From one week to fifty-three, labels do not touch, and the year is told where it changes."""
    figure, axes = dessiner(serie.draw_serie, carte(combien))
    etiquettes = [e for e in axes.get_xticklabels() if e.get_text().strip()]
    assert etiquettes[0].get_text() == "4 oct.\n2021"
    assert len(etiquettes) >= min(combien, 5)
    assert not se_touchent(etiquettes)
    annees = re.findall(r"20\d\d", " ".join(e.get_text() for e in etiquettes))
    assert annees == (["2021"] if combien < 14 else ["2021", "2022"])
    page = Bbox([[0, 0], figure.get_size_inches() * figure.dpi])
    assert all(page.x0 <= cadre(e).x0 and cadre(e).x1 <= page.x1 for e in etiquettes)


def test_les_mois_se_lisent() -> None:
    """Twelve months have twelve labels, the year under the first and under January."""
    noms = "septembre octobre novembre décembre janvier février mars avril mai juin juillet août"
    lignes = [
        Ligne(f"m{rang}", f"{nom} {2021 if rang < 4 else 2022}", Taux(rang + 20, 50))
        for rang, nom in enumerate(noms.split())
    ]
    _, axes = dessiner(serie.draw_serie, bilan(*lignes))
    lus = [e.get_text().strip() for e in axes.get_xticklabels()]
    assert lus == [
        "sept.\n2021", "oct.", "nov.", "déc.", "janv.\n2022", "févr.", "mars", "avr.", "mai",
        "juin", "juil.", "août",
    ]  # fmt: skip
    assert not se_touchent(list(axes.get_xticklabels()))


def test_des_libelles_qui_ne_sont_pas_des_dates() -> None:
    """Long labels that are no period are printed whole, on several lines, without touching."""
    lignes = [Ligne(f"l{n}", f"Période d’enquête {n}", Taux(20 + n, 50)) for n in range(12)]
    _, axes = dessiner(serie.draw_serie, bilan(*lignes))
    etiquettes = [e for e in axes.get_xticklabels() if e.get_text().strip()]
    assert " ".join(etiquettes[0].get_text().split()) == "Période d’enquête 0"
    assert not se_touchent(etiquettes)


@pytest.mark.parametrize(
    ("libelle", "attendu"),
    [
        ("semaine du 31 janv. 2022", ("31 janv.", "2022")),
        ("semaine du\u00a01er\u00a0août 2022", ("1er août", "2022")),
        ("31 décembre 2021", ("31 déc.", "2021")),
        ("2022", ("2022", "")),
        ("2022-03", ("mars", "2022")),
        ("courriel", ("courriel", "")),
        ("8 h 30", ("8 h 30", "")),
        ("Service mairie", ("Service mairie", "")),
    ],
)
def test_abreger(libelle: str, attendu: tuple[str, str]) -> None:
    """A label of a period is shortened without losing its year; any other is left as it is."""
    assert abreger(libelle) == attendu


def test_une_periode_a_une_annee() -> None:
    """A month or a week of a year is a period; an hour, a channel, a year in a title are not."""
    assert est_periode("semaine du 3 mai 2021") and est_periode("mai 2021")
    for autre in ("8 h 30", "courrier", "mai", "Enquête menée en 2021", "sous-préfecture"):
        assert not est_periode(autre), autre


def test_un_signal_a_un_mot_et_une_marque() -> None:
    """Signals have a marker of their own, a word in the chart and one in the legend."""
    signaux = {5: HORS, 30: HORS, **dict.fromkeys(range(14, 22), HUIT)}
    figure, axes = dessiner(serie.draw_serie, carte(53, signaux))
    assert {HORS, HUIT} <= set(legende(figure))
    assert ecrits(axes).count(mot(HORS)) == 2 and ecrits(axes).count(mot(HUIT)) == 1
    marques = {
        ligne.get_marker(): list(np.asarray(ligne.get_xdata(), dtype=int))
        for ligne in axes.lines
        if ligne.get_linestyle() == "None"
    }
    assert marques["D"] == [5, 30] and marques["s"] == list(range(14, 22))
    assert not set(marques["o"]) & set(signaux)


def test_une_cible_atteinte_n_est_pas_un_signal() -> None:
    """Only what calls for an explanation is marked: a point that meets its target is ordinary."""
    lignes = points([0.5, 0.9], signaux={0: "cible non atteinte", 1: "cible atteinte"})
    figure, axes = dessiner(serie.draw_serie, bilan(*lignes))
    assert "cible non atteinte" in legende(figure) and "cible atteinte" not in legende(figure)
    assert "cible non atteinte" in ecrits(axes)


@settings(max_examples=12)
@given(
    st.integers(10, 53),
    st.dictionaries(st.integers(0, 52), st.sampled_from([HORS, HUIT]), max_size=25),
)
def test_les_mots_des_signaux_ne_se_touchent_pas(combien: int, signaux: dict[int, str]) -> None:
    """Whatever the signals, no word of the chart covers another, nor leaves the page."""
    gardes = {rang: statut for rang, statut in signaux.items() if rang < combien}
    figure, axes = dessiner(serie.draw_serie, carte(combien, gardes))
    mots = [t for t in axes.texts if t.get_text() in (mot(HORS), mot(HUIT))]
    assert {t.get_text() for t in mots} == {mot(s) for s in gardes.values()}
    assert not se_touchent([*mots, *axes.get_xticklabels()])
    largeur = figure.get_size_inches()[0] * figure.dpi
    assert all(cadre(t).x0 >= 0 and cadre(t).x1 <= largeur for t in mots)


def test_une_base_nulle_laisse_un_vide() -> None:
    """A week without a case is a gap in the line, not a zero."""
    lignes = list(points([0.5, 0.6, 0.7]))
    lignes[1] = Ligne("s1", semaine(1), Taux(0, 0))
    _, axes = dessiner(serie.draw_serie, bilan(*lignes))
    (courbe,) = [li for li in axes.lines if li.get_zorder() == 3]
    valeurs = np.asarray(courbe.get_ydata(), dtype=float)
    assert valeurs[[0, 2]] == pytest.approx([50, 70]) and np.isnan(valeurs[1])


def test_une_petite_base_est_creuse() -> None:
    """A point of fewer than ten cases is hollow, and the last one prints counts, no percentage."""
    lignes = (*points([0.5]), Ligne("s1", semaine(1), Taux(3, 7)))
    figure, axes = dessiner(serie.draw_serie, bilan(*lignes))
    assert "moins de 10 cas" in legende(figure)
    assert ecrits(axes) == ["3 sur 7"]


def test_la_carte_se_brise_quand_la_ligne_centrale_change() -> None:
    """A new baseline breaks central line and limits; both values are told, and where it changes."""
    avant = points([0.7] * 12, reference=Fraction(7, 10), limites=(0.5, 0.9))
    apres = [
        Ligne(f"n{r}", semaine(12 + r), Taux(45, 50), reference=Fraction(9, 10), limites=(0.8, 1.1))
        for r in range(8)
    ]
    figure, axes = dessiner(serie.draw_serie, bilan(*avant, *apres))
    centres = [li for li in axes.lines if to_hex(li.get_color()) == planche.ENCRE.lower()]
    assert [list(li.get_xdata()) for li in centres] == [[-0.5, 11.5], [11.5, 19.5]]
    assert [li.get_ydata()[0] for li in centres] == pytest.approx([70, 90])
    marches = [p.get_data().values for p in axes.patches if isinstance(p, StepPatch)]
    assert [(len(m), m[0]) for m in marches] == [
        (12, pytest.approx(50)), (12, pytest.approx(90)), (8, pytest.approx(80)), (8, 100.0),
    ]  # fmt: skip
    noms = legende(figure)
    assert "ligne centrale : 70 %, puis 90 %" in noms and "limites de contrôle" in noms
    assert "changement de ligne centrale" in noms


def test_sans_limites_ni_cible() -> None:
    """A series without a baseline has neither central line nor limits, and is no control chart."""
    lu = bilan(*points([0.5, 0.6, 0.7]))
    figure, axes = dessiner(serie.draw_serie, lu)
    assert legende(figure) == ["part tenue"] and not axes.patches
    assert Graphique(lu).forme == "points" and Graphique(carte(3)).forme == "serie"


def test_la_cible_commune_est_dite() -> None:
    """A target that all lines share is drawn and named; one of some lines only is not."""
    toutes = bilan(*points([0.5, 0.6], cible=Fraction(17, 20)))
    assert "cible : 85 %" in legende(dessiner(serie.draw_serie, toutes)[0])
    une = bilan(*points([0.5], cible=Fraction(17, 20)), *points([0.5] * 2)[1:])
    assert not any("cible" in nom for nom in legende(dessiner(serie.draw_serie, une)[0]))


def test_un_arriere_part_de_zero() -> None:
    """Counts are read by their height: their axis starts at zero and has round values."""
    lignes = [
        Ligne(f"s{r}", semaine(r), Effectif(n, "envoi en attente", "envois en attente"))
        for r, n in enumerate((1150, 1300, 1210))
    ]
    figure, axes = dessiner(serie.draw_serie, bilan(*lignes))
    assert axes.get_ylim()[0] == 0
    assert [t.get_text() for t in axes.get_yticklabels()][:2] == ["0", "500"]
    assert legende(figure) == ["envois en attente"] and ecrits(axes) == ["1\u202f210"]


def test_l_axe_des_parts_reste_entre_0_et_100() -> None:
    """Shares have no graduation outside 0 to 100 %, even around a constant 100 %."""
    for part in (0.0, 1.0):
        _, axes = dessiner(serie.draw_serie, bilan(*points([part] * 4)))
        lues = [float(t.get_text().removesuffix(" %")) for t in axes.get_yticklabels()]
        assert len(lues) >= 3 and min(lues) >= 0 and max(lues) <= 100
        assert axes.get_ylim()[1] - axes.get_ylim()[0] >= 10


def test_chaque_case_dit_son_taux() -> None:
    """A cell prints its percentage, its counts under the small base, a dash without any."""
    figure, axes = dessiner(chaleur.draw_chaleur, croise(SEMAINE))
    assert ecrits(axes) == ["50 %", "90 %", "3 sur 4", "–", "30 %"]
    assert [t.get_text() for t in axes.get_xticklabels()] == list(JOURS)
    assert "moins de 10 cas" in legende(figure)


@settings(max_examples=15)
@given(st.lists(st.integers(0, 100), min_size=1, max_size=24))
def test_la_legende_couvre_chaque_case(parts: list[int]) -> None:
    """Each printed percentage is inside one class of the legend, and has the tint of that class."""
    cases = {f"c{rang}": Taux(part, 100) for rang, part in enumerate(parts)}
    figure, axes = dessiner(chaleur.draw_chaleur, croise(cases))
    (lue,) = figure.legends
    classes = [
        (*map(int, re.findall(r"\d+", texte.get_text())), to_hex(pastille.get_facecolor()))
        for texte, pastille in zip(lue.get_texts(), lue.get_patches(), strict=True)
    ]
    assert len({teinte for *_, teinte in classes}) == len(classes) <= 6
    dessinees = {to_hex(p.get_facecolor()) for p in axes.patches}
    attendues = {t for part in parts for bas, haut, t in classes if bas <= part <= haut}
    assert dessinees == attendues
    assert all(sum(bas <= part <= haut for bas, haut, _ in classes) == 1 for part in parts)


def test_chaque_texte_est_lisible_sur_son_fond() -> None:
    """Each ink has a contrast of at least 4.5 on each tint of the scales (WCAG 2.1, 1.4.3)."""
    fonds = {*couleurs.SEQUENCE, couleurs.BLANC, couleurs.NEUTRE}
    fonds |= {teinte for nombre in range(2, 8) for teinte in couleurs.teintes(nombre)}
    for fond in fonds:
        encre = to_hex(couleurs.encre_sur(fond)).upper()
        assert couleurs.contraste(encre, fond) >= couleurs.CONTRASTE_MIN, fond


def test_les_teintes_s_ordonnent_sans_couleur() -> None:
    """From light to dark, each step of the sequence is told from the next in black and white."""
    clartes = [couleurs.contraste(teinte, "#000000") for teinte in couleurs.SEQUENCE]
    assert clartes == sorted(clartes, reverse=True)
    assert all(clair / sombre >= 1.15 for clair, sombre in pairwise(clartes))


@pytest.mark.parametrize("largeur", [1, 5, 7, 12])
def test_les_tetes_de_colonnes_ne_se_touchent_pas(largeur: int) -> None:
    """However many columns, the printed values stay inside their cells; short heads do too."""
    cases = {f"{rang + 8} h": Taux(rang, 12) for rang in range(largeur)} | {"0 h": Taux(3, 9)}
    _, axes = dessiner(chaleur.draw_chaleur, croise(cases, cases))
    assert not se_touchent([*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels()])


def test_une_duree_dit_mediane_et_decile() -> None:
    """Median and ninth decile are printed; what is not reached is said, the unit is on the axis."""
    figure, axes = dessiner(durees.draw_durees, ATTENTES)
    assert ecrits(axes) == ["21,5", "8,0", "médiane non atteinte", "2,0", "9,0", "aucune mesure"]
    assert axes.get_xlabel() == "minutes"
    assert legende(figure)[0] == "médiane" and "9e décile non atteint" in legende(figure)
    assert not se_touchent([*axes.texts, *axes.get_yticklabels()])


def test_des_durees_proches_se_lisent() -> None:
    """Equal or null waits do not cover each other's values, nor the labels of their rows."""
    lignes = [
        Ligne(f"d{rang}", f"{8 + rang} h", Durees(30, m, p, "minutes"))
        for rang, (m, p) in enumerate([(0.0, 0.0), (5.0, 5.0), (5.0, 5.1), (0.0, 9.5)])
    ]
    _, axes = dessiner(durees.draw_durees, bilan(*lignes))
    assert not se_touchent([*axes.texts, *axes.get_yticklabels()])


def test_des_durees_de_plusieurs_unites_n_ont_pas_d_axe() -> None:
    """Minutes and days cannot share an axis: there is no chart, and none without any median."""
    melees = (
        Ligne("a", "A", Durees(12, 4, 9, "minutes")),
        Ligne("b", "B", Durees(9, 2, 3, "jours")),
    )
    assert isinstance(Graphique(bilan(*melees)).bloc(), BlocRien)
    assert isinstance(Graphique(bilan(ATTENTES.lignes[1])).bloc(), BlocRien)
    assert isinstance(Graphique(ATTENTES).bloc(), BlocGraphique)


def segments(nombre: int) -> list[tuple[float, float, str]]:
    """Left end, width and colour of each answer of a bar where all are equally frequent."""
    reponses = Repartition({f"réponse {n}": 12 for n in range(nombre)})
    _, axes = dessiner(likert.draw_likert, bilan(Ligne("q", "Question", reponses)))
    barres = {
        str(boite.get_label()): barre
        for boite in axes.containers
        for barre in boite.get_children()
        if isinstance(barre, Rectangle)
    }
    rangees = [barres[nom] for nom in reponses.effectifs]
    return [(b.get_x(), b.get_width(), to_hex(b.get_facecolor()).upper()) for b in rangees]


def test_quatre_degres_de_part_et_d_autre() -> None:
    """Four answers: the two favourable to the right, mildest first, in the published colours."""
    lus = segments(4)
    assert [gauche for gauche, *_ in lus] == pytest.approx([25, 0, -25, -50])
    assert [largeur for _, largeur, _ in lus] == pytest.approx([25] * 4)
    assert [c for *_, c in lus] == ["#00478F", "#7FA6D6", "#E1995C", "#8C3B00"]


@pytest.mark.parametrize("nombre", [2, 3, 4, 5, 6, 7])
def test_une_echelle_est_symetrique(nombre: int) -> None:
    """Equal answers balance around zero: the middle one of an odd scale stands across it."""
    lus = segments(nombre)
    largeur = 100 / nombre
    attendus = [50 - largeur * (rang + 1) for rang in range(nombre)]
    assert [gauche for gauche, *_ in lus] == pytest.approx(attendus)
    teintes = [c for *_, c in lus]
    assert len(set(teintes)) == nombre and (teintes[0], teintes[-1]) == ("#00478F", "#8C3B00")
    assert (couleurs.NEUTRE in teintes) == (nombre % 2 == 1)
    pleins = [hachure for hachure in couleurs.hachures(nombre) if not hachure]
    assert len(pleins) == nombre - nombre // 2 and len(couleurs.hachures(nombre)) == nombre


def test_une_longue_echelle_se_dessine() -> None:
    """Eleven steps, as from 0 to 10, have a colour each side of the middle, and no failure."""
    teintes = couleurs.teintes(11)
    assert len(teintes) == len(couleurs.hachures(11)) == 11
    assert teintes[5] == couleurs.NEUTRE and len(set(teintes[:5]) & set(teintes[6:])) == 0


def test_alleger_ne_change_pas_le_dessin() -> None:
    """Lightening an SVG keeps its texts, what draws and the numbers of its paths, not its names."""
    brut = (
        '<svg viewBox="0 0 9 9">\n <g id="a">\n  <path d="M 1 2 \nL -3.5 4 \nz\n" id="m"/>\n'
        ' </g>\n <g id="vide"/>\n <text transform="rotate(-0 1 2)">8 h  à\u00a09 h</text>\n'
        ' <text transform="rotate(-40 1 2)">b</text>\n</svg>\n'
    )
    leger = alleger(brut).strip()
    assert leger == (
        "<svg viewBox='0 0 9 9'><path d='M1 2L-3.5 4z'/>"
        "<text>8 h  à\u00a09 h</text><text transform='rotate(-40 1 2)'>b</text></svg>"
    )


def test_un_an_de_semaines_reste_leger() -> None:
    """A year of weeks and a week of hours weigh less than 30 kB each: a report holds several."""
    for sorte in ("carte", "chaleur"):
        lu, forme = NOUVELLES[sorte]
        assert len(Graphique(lu, forme=forme).bloc().svg) < 30_000  # type: ignore[union-attr]
