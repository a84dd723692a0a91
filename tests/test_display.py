"""Tables, charts and notices: one bilan of each kind of measure, shown the same way every time."""

from __future__ import annotations

import datetime as dt
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import matplotlib
import pytest

from qualepref_lib.analyses import (
    appels,
    autodiagnostic,
    courriers,
    courriers_semaines,
    mystere,
    plan_actions,
    satisfaction,
    satisfaction_evolution,
    satisfaction_fidelite,
    satisfaction_notes,
    satisfaction_participation,
    satisfaction_priorites,
    satisfaction_redressement,
    satisfaction_redresses,
    satisfaction_reponses,
    tickets,
    titres,
)
from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Renvoi, Source
from qualepref_lib.core.intervalles import newcombe
from qualepref_lib.core.mesures import (
    Durees,
    Ecart,
    Effectif,
    Mesure,
    Periode,
    Repartition,
    Taux,
    TriCroise,
)
from qualepref_lib.display.avis import a_completer
from qualepref_lib.display.blocs import (
    BlocAvis,
    BlocGraphique,
    BlocPhrase,
    BlocRien,
    BlocTableau,
    lire_bloc,
)
from qualepref_lib.display.formes import allegement
from qualepref_lib.display.graphique import Graphique, texte_alternatif
from qualepref_lib.display.phrase import phrase
from qualepref_lib.display.tableau import Tableau

RACINE = Path(__file__).parents[1]
SOURCE = Source("essai.csv", "0" * 64, "Source d’essai")
MESURES: dict[str, tuple[Mesure, Mesure]] = {
    "taux": (Taux(14, 18, 3), Taux(7, 12)),
    "repartition": (
        Repartition({"oui": 9, "non": 3}, {"sans opinion": 2}),
        Repartition({"oui": 1, "non": 3}, {"sans opinion": 0}),
    ),
    "durees": (
        Durees(12, 4.5, 9.0, "minutes", Taux(10, 12), "10 au plus", 1),
        Durees(5, 15.0, 21.0, "jours ouvrés", Taux(3, 5), "15 au plus"),
    ),
    "effectif": (Effectif(7, "action"), Effectif(1, "action")),
    "croisement": (
        TriCroise({"lundi": Taux(12, 15), "mardi": Taux(3, 7)}),
        TriCroise({"lundi": Taux(9, 30), "mardi": Taux(0, 0)}),
    ),
    "ecart": (
        Ecart(Taux(92, 171), Taux(126, 150), newcombe(92, 171, 126, 150)),
        Ecart(Taux(92, 171), Taux(84, 100), newcombe(92, 171, 84, 100), base_connue=True),
    ),
    "periode": (
        Periode(dt.date(2022, 1, 10), dt.date(2022, 3, 31), 0.4),
        Periode(None, dt.date(2022, 6, 30)),
    ),
}
MODULES = (
    autodiagnostic, mystere, plan_actions, satisfaction, satisfaction_evolution,
    satisfaction_fidelite, satisfaction_notes, satisfaction_participation,
    satisfaction_priorites, satisfaction_redressement, satisfaction_redresses,
    satisfaction_reponses,
    courriers, courriers_semaines, titres, appels, tickets,
)  # fmt: skip
DESSINEES = ["taux", "repartition", "effectif", "periode", "croisement"]


def bilan(sorte: str = "taux", **autres: Any) -> Bilan:
    """A bilan of two lines of one kind of measure."""
    statuts = {"periode": ("en retard", "à faire")}.get(sorte, ("", ""))
    lignes = tuple(
        Ligne(f"l{rang}", f"Ligne {rang}", mesure, (rang + 2,), "Groupe", statut=statut,
              reference=Fraction(21, 25) if sorte == "ecart" else None)
        for rang, (mesure, statut) in enumerate(zip(MESURES[sorte], statuts, strict=True))
    )  # fmt: skip
    champs: dict[str, Any] = {
        "code": "essai.bilan",
        "titre": "Titre du bilan",
        "unite": "critère",
        "formule": "a ÷ b",
        "champ": "tous les critères",
        "source": SOURCE,
        "plan": "recensement",
        "lignes": lignes,
    }
    return Bilan(**(champs | autres))


def dessin(sorte: str = "taux", **autres: Any) -> BlocGraphique:
    """The block of the chart of a bilan."""
    bloc = Graphique(bilan(sorte, **autres)).bloc()
    assert isinstance(bloc, BlocGraphique)
    return bloc


def colonnes(contenu: Bilan | Liste) -> list[str]:
    """The headers of a table."""
    bloc = Tableau(contenu).bloc()
    assert isinstance(bloc, BlocTableau)
    return [colonne.titre.replace("\u00a0", " ") for colonne in bloc.grille.colonnes]


def cellules(contenu: Bilan | Liste, rang: int = 0) -> list[str]:
    """The texts of one row of a table, with ordinary spaces."""
    bloc = Tableau(contenu).bloc()
    assert isinstance(bloc, BlocTableau)
    return [cellule.texte.replace("\u00a0", " ") for cellule in bloc.grille.lignes[rang]]


@pytest.mark.parametrize("sorte", DESSINEES)
def test_texte_alternatif(sorte: str) -> None:
    """Every chart has a text that names it and says its subject, in 30 to 250 characters."""
    alt = dessin(sorte).alt
    assert 30 <= len(alt) <= 250
    motif = r"(Diagramme|Barres|Carte) .+\u00a0: Titre du bilan, 2 lignes( et 2 colonnes)?\."
    assert re.match(motif, alt)


@pytest.mark.parametrize("sorte", DESSINEES)
def test_deux_rendus_memes_octets(sorte: str) -> None:
    """The same bilan drawn twice gives the same SVG."""
    assert dessin(sorte).svg == dessin(sorte).svg


def test_memes_octets_dans_un_autre_processus() -> None:
    """The hashes of Python change from one process to the next; those of the SVG do not."""
    programme = (
        "import sys, hashlib; sys.path.insert(0, 'tests'); import test_display as t;"
        "print(hashlib.sha256(''.join(t.dessin(s).svg for s in t.DESSINEES).encode()).hexdigest())"
    )
    sorties = {
        subprocess.run(
            [sys.executable, "-c", programme],
            capture_output=True,
            text=True,
            check=True,
            cwd=RACINE,
            env=os.environ | {"PYTHONHASHSEED": graine},
        ).stdout
        for graine in ("1", "2")
    }
    assert len(sorties) == 1


@pytest.mark.parametrize("sorte", DESSINEES)
def test_svg_sans_date_ni_metadonnees(sorte: str) -> None:
    """An SVG says neither when nor by what it was made, and needs nothing from the network."""
    svg = dessin(sorte).svg
    assert svg.startswith("<svg")
    assert "<metadata" not in svg and "<script" not in svg and "<!DOCTYPE" not in svg
    assert "dc:date" not in svg and "Matplotlib v" not in svg
    assert not re.search(r"20\d\d-\d\d-\d\dT", svg)
    assert "url(http" not in svg and 'href="http' not in svg


@pytest.mark.parametrize("sorte", DESSINEES)
def test_les_transformations_ne_sont_pas_arrondies(
    sorte: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rounding is for coordinates only: rounded transforms would shrink the letters."""
    arrondi = dessin(sorte).svg
    monkeypatch.setattr(allegement, "_arrondir", lambda trace: trace)
    exact = dessin(sorte).svg
    for attribut in ("transform", "style", "viewBox"):
        motif = rf"\s{attribut}='[^']*'"
        assert re.findall(motif, arrondi) == re.findall(motif, exact), attribut
    assert arrondi != exact
    traces = " ".join(re.findall(r"\s(?:d|x|y)='([^']*)'", arrondi))
    assert traces and not re.search(r"\.\d{3}", traces)


def test_dessiner_ne_laisse_pas_d_etat() -> None:
    """Charts use bare figures: no pyplot, and the settings of matplotlib are as before."""
    avant = dict(matplotlib.rcParams)
    for sorte in DESSINEES:
        dessin(sorte)
    assert dict(matplotlib.rcParams) == avant
    programme = (
        "import sys; sys.path.insert(0, 'tests'); import test_display as t;"
        "[t.dessin(s) for s in t.DESSINEES]; print('matplotlib.pyplot' in sys.modules)"
    )
    sortie = subprocess.run(
        [sys.executable, "-c", programme], capture_output=True, text=True, check=True, cwd=RACINE
    )
    assert sortie.stdout.strip() == "False"


def test_colonnes_d_un_recensement() -> None:
    """A census: counts beside the rate, what is open, the bounds; no interval."""
    assert colonnes(bilan("taux")) == [
        "Libellé", "Favorables", "Base", "Taux", "Non évalués", "Bornes",
    ]  # fmt: skip
    assert cellules(bilan("taux")) == ["Ligne 0", "14", "18", "78 %", "3", "entre 67 % et 81 %"]
    assert cellules(bilan("taux"), 1) == ["Ligne 1", "7", "12", "58 %", "0", "–"]


def test_colonnes_d_un_echantillon() -> None:
    """A sample: its interval at the declared level; none when rows come in bunches."""
    tests = bilan("taux", plan="mystère", niveau=0.9, lignes=bilan("taux").lignes[1:])
    assert colonnes(tests) == ["Libellé", "Favorables", "Base", "Taux", "Intervalle à 90 %"]
    grappes = bilan("taux", plan="mystère", grappes=True, lignes=bilan("taux").lignes[1:])
    assert colonnes(grappes) == ["Libellé", "Favorables", "Base", "Taux"]


def test_une_petite_base_n_a_pas_de_pourcentage() -> None:
    """Under ten observations the counts stand alone."""
    petite = bilan(lignes=(Ligne("l", "Ligne", Taux(2, 2)), Ligne("m", "Vide", Taux(0, 0))))
    assert cellules(petite) == ["Ligne", "2", "2"]
    assert cellules(petite, 1) == ["Vide", "0", "0"]
    melee = bilan(lignes=(Ligne("l", "Ligne", Taux(2, 2)), Ligne("m", "Grande", Taux(5, 10))))
    assert cellules(melee) == ["Ligne", "2", "2", "–"]


def test_colonnes_des_autres_mesures() -> None:
    """Each kind of measure has its columns; a base stands beside every share."""
    assert colonnes(bilan("repartition")) == ["Libellé", "oui", "non", "Base", "sans opinion"]
    assert cellules(bilan("repartition")) == ["Ligne 0", "9 (75 %)", "3 (25 %)", "12", "2"]
    assert cellules(bilan("repartition"), 1) == ["Ligne 1", "1", "3", "4", "0"]
    assert colonnes(bilan("durees")) == [
        "Libellé", "Mesurés", "Sans mesure", "Médiane", "9e décile", "Cible", "Dans la cible",
    ]  # fmt: skip
    assert cellules(bilan("durees"))[1:] == [
        "12", "1", "4,5", "9,0", "10 au plus", "10 sur 12 (83 %)",
    ]  # fmt: skip
    assert colonnes(bilan("effectif")) == ["Libellé", "Nombre"]
    assert colonnes(bilan("periode")) == ["Libellé", "Échéance", "Avancement", "État"]
    assert cellules(bilan("periode")) == ["Ligne 0", "31/03/2022", "40 %", "en retard"]
    assert cellules(bilan("periode"), 1)[1:] == ["30/06/2022", "–", "à faire"]


def test_colonnes_d_un_croisement() -> None:
    """A two-way table: one column a case, counts and rate together, a dash without a base."""
    assert colonnes(bilan("croisement")) == ["Libellé", "lundi", "mardi"]
    assert cellules(bilan("croisement"))[1:] == ["12 sur 15 (80 %)", "3 sur 7"]
    assert cellules(bilan("croisement"), 1)[1:] == ["9 sur 30 (30 %)", "–"]
    bloc = Tableau(bilan("croisement")).bloc()
    assert isinstance(bloc, BlocTableau)
    assert [c.chiffre for c in bloc.grille.lignes[0]] == [
        "", "essai.bilan.l0.lundi", "essai.bilan.l0.mardi",
    ]  # fmt: skip


def test_un_croisement_dont_les_lignes_n_ont_pas_les_memes_cases() -> None:
    """The columns are those of all the lines; a case that a line does not have is a dash."""
    lignes = (
        Ligne("a", "A", TriCroise({"lundi": Taux(6, 12)})),
        Ligne("b", "B", TriCroise({"mardi": Taux(3, 12)})),
    )
    assert colonnes(bilan(lignes=lignes)) == ["Libellé", "lundi", "mardi"]
    assert cellules(bilan(lignes=lignes)) == ["A", "6 sur 12 (50 %)", "–"]


def test_colonnes_de_durees_suivies() -> None:
    """Open items have the analysis's word; a quantile that is not reached says so."""
    suivies = (
        Ligne("a", "courriel", Durees(1200, 3.0, None, "jours ouvrés", None, "", 245, "en cours")),
        Ligne("b", "recommandé", Durees(20, None, None, "jours ouvrés", None, "", 45, "en cours")),
        Ligne("c", "formulaire", Durees(0, None, None, "jours ouvrés", None, "", 0, "en cours")),
        Ligne("d", "courrier", Durees(6, 2.0, 8.0, "jours ouvrés", None, "", 0, "en cours")),
    )
    lues = bilan("durees", lignes=suivies)
    assert colonnes(lues) == [
        "Libellé", "Mesurés", "En cours", "Médiane (jours ouvrés)", "9e décile (jours ouvrés)",
    ]  # fmt: skip
    assert cellules(lues) == ["courriel", "1\u202f200", "245", "3,0", "non atteint"]
    assert cellules(lues, 1)[3:] == ["non atteinte", "non atteint"]
    assert cellules(lues, 2)[3:] == ["–", "–"]
    assert cellules(lues, 3)[3:] == ["2,0", "–"], "nine in ten of six is no more than the longest"


def test_colonnes_d_une_carte_de_controle() -> None:
    """A control chart: central line, limits kept among shares, and which points are signalled."""
    signal = "au-delà des limites"
    lignes = (
        Ligne("a", "A", Taux(45, 50), reference=Fraction(4, 5), limites=(0.63, 1.02)),
        Ligne(
            "b", "B", Taux(25, 50), reference=Fraction(4, 5), limites=(0.63, 0.97), statut=signal
        ),
        Ligne("c", "C", Taux(0, 0), reference=Fraction(4, 5)),
    )
    carte = bilan(lignes=lignes)
    assert colonnes(carte)[-3:] == ["Ligne centrale", "Limites", "Signal"]
    assert cellules(carte)[-3:] == ["80,0 %", "[63,0 ; 100,0] %", "–"]
    assert cellules(carte, 1)[-3:] == ["80,0 %", "[63,0 ; 97,0] %", signal]
    assert cellules(carte, 2)[-3:] == ["80,0 %", "–", "–"]
    comptes = bilan(
        lignes=(Ligne("a", "A", Effectif(7, "envoi"), reference=Fraction(15, 2), limites=(-1, 16)),)
    )
    assert cellules(comptes)[1:] == ["7", "7,5", "[0,0 ; 16,0]"]
    assert "Ligne centrale" not in colonnes(bilan("ecart")), "an earlier edition is no central line"


def test_un_ecart_dit_si_l_autre_base_est_connue() -> None:
    """A published rate of unknown base says so; one whose base is known does not."""
    assert colonnes(bilan("ecart")) == [
        "Libellé", "Cette édition", "Édition publiée", "Écart en points", "Intervalle à 95 %",
    ]  # fmt: skip
    assert cellules(bilan("ecart"))[2] == "84 % (base inconnue)"
    assert cellules(bilan("ecart"))[3:] == ["−30,2", "[−39,2 ; −20,3]"]
    assert cellules(bilan("ecart"), 1)[2] == "84 %"
    connue = bilan("ecart", plan="volontaires", lignes=bilan("ecart").lignes[1:])
    assert "base inconnue" not in repr(phrase(connue))
    assert "serait" in repr(phrase(connue)), "comparability remains a hypothesis"


@pytest.mark.parametrize("sorte", sorted(MESURES))
def test_une_source_absente_se_dit(sorte: str) -> None:
    """A bilan without its source: a notice for table and sentence, nothing for the chart."""
    absent = bilan(sorte, lignes=(), manque="auto-diagnostic (fichier autodiagnostic.csv)")
    avis = Tableau(absent).bloc()
    assert isinstance(avis, BlocAvis) and avis.sorte == "non_evalue"
    assert "non évalué, il manque auto-diagnostic" in avis.texte
    assert isinstance(Graphique(absent).bloc(), BlocRien)
    assert phrase(absent).bloc() == avis


def test_rien_a_dessiner() -> None:
    """Where no line can be drawn there is no chart, and no failure."""
    vides: list[Mesure] = [Taux(0, 0), Repartition({"oui": 0, "non": 0}), Periode(None, None)]
    for mesure in vides:
        rien = bilan(lignes=(Ligne("l", "Ligne", mesure),))
        assert isinstance(Graphique(rien).bloc(), BlocRien)
        assert isinstance(Tableau(rien).bloc(), BlocTableau)
    assert isinstance(Graphique(bilan("durees")).bloc(), BlocRien)
    assert isinstance(Graphique(bilan("taux"), forme="likert").bloc(), BlocRien)


def test_une_liste_vide_et_un_blanc() -> None:
    """A list: what only the auditor may write is a blank, an empty one says that it is empty."""
    champs = {"code": "l", "titre": "Liste", "champ": "champ", "source": SOURCE}
    blanc = Liste(**champs, colonnes=("A",), lignes=(), a_completer="les constats")
    vide = Liste(**champs, colonnes=("A",), lignes=())
    pleine = Liste(**champs, colonnes=("A", "B"), lignes=(("a", Renvoi("3 sur 4", "x.y")),))
    sortes = [Tableau(liste).bloc() for liste in (blanc, vide)]
    assert [b.sorte for b in sortes if isinstance(b, BlocAvis)] == [
        "a_completer",
        "rien_a_signaler",
    ]
    assert cellules(pleine) == ["a", "3 sur 4"]
    assert a_completer("le nom").bloc() == BlocAvis(sorte="a_completer", texte="le nom")


def test_les_nombres_d_une_liste_sont_alignes() -> None:
    """A column of a list that holds numbers and nothing else is one of numbers; its first is not.

    Dashes and blanks are no text; a code, a date or a count with its base is no number.
    """
    titres = ("N", "Compte", "Part", "p", "Écart", "Code", "Date", "Sur")
    lignes = (
        (
            "1",
            Renvoi("3\u202f136", "x.y"),
            "80 %",
            "0,013",
            "−4,5",
            "1.01",
            "15/09/2021",
            "3 sur 4",
        ),
        ("2", "–", "", "< 0,001", "12", "2", "16/09/2021", "5 sur 8 (63 %)"),
    )
    liste = Liste("l", "Liste", "champ", SOURCE, titres, lignes)
    bloc = Tableau(liste).bloc()
    assert isinstance(bloc, BlocTableau)
    genres = {c.titre: c.genre for c in bloc.grille.colonnes}
    assert {t for t, g in genres.items() if g == "nombre"} == {"Compte", "Part", "p", "Écart"}


def test_un_tiret_ne_mene_a_aucune_fiche() -> None:
    """A dash says that there is no figure: it is not a link to one."""
    sans_cible = replace(MESURES["durees"][0], dans_cible=None, cible="")
    lignes = (Ligne("a", "A", sans_cible), Ligne("b", "B", MESURES["durees"][0]))
    bloc = Tableau(bilan("durees", lignes=lignes)).bloc()
    assert isinstance(bloc, BlocTableau)
    dernieres = [ligne[-1] for ligne in bloc.grille.lignes]
    assert [(c.texte, c.chiffre) for c in dernieres] == [
        ("–", ""),
        ("10 sur 12 (83\u00a0%)", "essai.bilan.b"),
    ]


@pytest.mark.parametrize("sorte", sorted(MESURES))
def test_le_paquet_mime_est_relu(sorte: str) -> None:
    """What a cell hands over is JSON under our type: read back, it is the same block."""
    for montre in (Tableau(bilan(sorte)), Graphique(bilan(sorte)), phrase(bilan(sorte))):
        paquet = montre._repr_mimebundle_()
        assert lire_bloc(paquet) == montre.bloc()
        assert "text/plain" in paquet
        assert ("text/html" in paquet) == (not isinstance(montre.bloc(), BlocRien))


@pytest.mark.parametrize("sorte", ["taux", "repartition", "effectif", "croisement", "durees"])
def test_chaque_cellule_chiffree_est_au_registre(sorte: str) -> None:
    """A cell that prints a figure names it, and the block carries its card."""
    bloc = Tableau(bilan(sorte)).bloc()
    assert isinstance(bloc, BlocTableau)
    cites = {c.chiffre for ligne in bloc.grille.lignes for c in ligne if c.chiffre}
    assert cites and cites <= {chiffre.code for chiffre in bloc.chiffres}


def _bilans(campagne: Campagne) -> Iterator[Bilan]:
    """Every measure that a chapter may call, on one campaign."""
    axes: tuple[autodiagnostic.Axe, ...] = ("ensemble", "module", "canal", "engagement", "service")
    for par in axes:
        yield autodiagnostic.measure_autodiagnostic(campagne, par=par)
        yield autodiagnostic.measure_cotations(campagne, par=par)
    for module in MODULES:
        for nom, measure in vars(module).items():
            if not nom.startswith("measure_") or measure.__module__ != module.__name__:
                continue
            attendus = list(inspect.signature(measure).parameters.values())[1:]
            if all(attendu.default is not attendu.empty for attendu in attendus):
                yield measure(campagne)
    questionnaire = campagne.referentiel.questionnaire
    assert questionnaire is not None
    for question in questionnaire.questions:
        yield satisfaction_reponses.measure_reponses(campagne, question)
    for echelle in questionnaire.echelles:
        yield satisfaction.measure_appreciations(campagne, echelle.code)
    for partie in questionnaire.parties:
        yield satisfaction.measure_satisfaction_partie(campagne, partie.code)


@pytest.mark.parametrize("nom", ["moselle_2022", "moselle_2026_en_cours"])
def test_chaque_mesure_de_la_demonstration_se_montre(nom: str) -> None:
    """Each measure has its table and its sentence, and an alternative text that fits."""
    for mesure in _bilans(load_campagne(RACINE / "data" / "campagnes" / nom)):
        avis = isinstance(Tableau(mesure).bloc(), BlocAvis)
        assert avis == (bool(mesure.manque) or not mesure.lignes), mesure.code
        assert 30 <= len(texte_alternatif("Diagramme en points", mesure)) <= 250, mesure.code
        dite = phrase(mesure).bloc()
        if isinstance(dite, BlocPhrase):
            cites = {morceau.chiffre for morceau in dite.morceaux if morceau.chiffre}
            assert cites and cites <= {chiffre.code for chiffre in dite.chiffres}, mesure.code


def test_une_phrase_de_volontaires() -> None:
    """Volunteers are the respondents, and the interval is named with its level."""
    seul = bilan("taux", plan="volontaires", lignes=(Ligne("l", "Accueil", Taux(92, 171)),))
    bloc = phrase(seul).bloc()
    assert isinstance(bloc, BlocPhrase)
    assert repr(phrase(seul)).replace("\u00a0", " ").replace("\u202f", " ") == (
        "Parmi les répondants, « Accueil » : 92 sur 171 (54 %), "
        "intervalle de confiance à 95 % [46 ; 61] %."
    )
