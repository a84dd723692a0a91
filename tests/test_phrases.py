"""The sentences of registers: control charts, two-way tables, waits, indicators, backlog."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualepref_lib.core.bilan import Bilan, Ligne, Source
from qualepref_lib.core.mesures import Durees, Effectif, Mesure, Taux, TriCroise
from qualepref_lib.display.blocs import BlocPhrase
from qualepref_lib.display.graphique import texte_alternatif
from qualepref_lib.display.phrase import phrase, resume, texte_phrase
from qualepref_lib.display.tableau import Tableau

HORS, HUIT = "au-delà des limites", "série de huit du même côté"
CENTRE = Fraction(4, 5)


def bilan(*lignes: Ligne, **autres: Any) -> Bilan:
    """A bilan of some lines."""
    champs: dict[str, Any] = {
        "code": "essai.phrase",
        "titre": "Titre du bilan",
        "unite": "envoi",
        "formule": "a ÷ b",
        "champ": "tous les envois",
        "source": Source("essai.csv", "0" * 64, "Source d’essai"),
        "plan": "recensement",
        "lignes": lignes,
    }
    return Bilan(**(champs | autres))


def dite(lu: Bilan) -> str:
    """The sentence of a bilan, with ordinary spaces."""
    return re.sub("[\u00a0\u202f]", " ", texte_phrase(lu))


def liens(lu: Bilan) -> dict[str, str]:
    """The figures that a sentence prints: their codes, and how it prints them."""
    bloc = phrase(lu).bloc()
    assert isinstance(bloc, BlocPhrase)
    codes = {chiffre.code for chiffre in bloc.chiffres}
    cites = {m.chiffre: m.texte.replace("\u00a0", " ") for m in bloc.morceaux if m.chiffre}
    assert set(cites) <= codes
    return cites


def carte(*valeurs: tuple[Taux, str], centre: Fraction | None = CENTRE) -> Bilan:
    """A control chart, one line a week of January 2022."""
    return bilan(
        *(
            Ligne(
                f"s{rang}",
                f"semaine du {3 + 7 * rang} janv. 2022",
                taux,
                reference=centre,
                limites=(0.6, 1.0),
                statut=statut,
            )
            for rang, (taux, statut) in enumerate(valeurs)
        )
    )


def test_une_carte_dit_ses_signaux_et_son_dernier_point() -> None:
    """A control chart: how many points carry each signal, and the last against its central line."""
    lue = carte(
        (Taux(20, 50), HORS), (Taux(44, 50), HUIT), (Taux(45, 50), HUIT), (Taux(30, 50), "")
    )
    assert dite(lue) == (
        "Au-delà des limites : 1 point sur 4 ; série de huit du même côté : 2 points sur 4. "
        "Dernier point, « semaine du 24 janv. 2022 » : 30 sur 50 (60 %), "
        "en dessous de la ligne centrale (80 %)."
    )
    assert liens(lue) == {
        "essai.phrase.statut.au-dela-des-limites": "1 point sur 4",
        "essai.phrase.statut.serie-de-huit-du-meme-cote": "2 points sur 4",
        "essai.phrase.s3": "30 sur 50 (60 %)",
    }


def test_une_carte_sans_signal() -> None:
    """Without a signal the sentence says so, of the points that there are."""
    lue = carte((Taux(40, 50), ""), (Taux(45, 50), ""), (Taux(0, 0), ""))
    assert dite(lue) == (
        "Aucun signal sur 2 points. Dernier point, « semaine du 10 janv. 2022 » : "
        "45 sur 50 (90 %), au-dessus de la ligne centrale (80 %)."
    )
    assert dite(carte((Taux(40, 50), ""))).endswith("(80 %), sur la ligne centrale (80 %).")
    assert dite(carte((Taux(40, 50), ""), centre=None)).endswith("40 sur 50 (80 %).")
    assert dite(carte((Taux(0, 0), ""))) == "Aucun signal sur 0 point."


def test_une_carte_d_effectifs() -> None:
    """Counts have a control chart too (XmR): its central line is a count."""
    lignes = [
        Ligne(
            f"s{n}", f"mars 202{n}", Effectif(n, "envoi"), reference=Fraction(3, 2), limites=(0, 4)
        )
        for n in (0, 1)
    ]
    assert dite(bilan(*lignes)).endswith("1 envoi, en dessous de la ligne centrale (1,5).")


POINTS = st.tuples(
    st.integers(0, 60).flatmap(lambda n: st.builds(Taux, st.integers(0, n), st.just(n))),
    st.sampled_from(["", HORS, HUIT]),
)


@settings(max_examples=60)
@given(st.lists(POINTS, min_size=1, max_size=4), st.sampled_from([None, CENTRE]))
def test_une_carte_ne_conclut_pas(points: list[tuple[Taux, str]], centre: Fraction | None) -> None:
    """No sentence of a control chart speaks of significance, of proof or of all users."""
    lue = carte(*points, centre=centre)
    texte = dite(lue)
    assert not re.search(r"significati|prouv|\bles usagers\b|meilleur|amélior|dégrad", texte)
    assert texte.endswith(".") and ".." not in texte
    liens(lue)
    assert 30 <= len(texte_alternatif("Carte de contrôle", lue)) <= 250


def croise(**heures: dict[str, Taux]) -> Bilan:
    """A two-way table: hours by days."""
    return bilan(*(Ligne(code, f"{code[1:]} h", TriCroise(c)) for code, c in heures.items()))


def test_un_croisement_dit_ses_extremes() -> None:
    """The highest and lowest cells are named by line and column, each linked to its own figure."""
    lu = croise(
        h8={"lundi": Taux(2, 2), "mardi": Taux(30, 40)},
        h9={"lundi": Taux(10, 40), "mardi": Taux(20, 40)},
    )
    assert dite(lu) == (
        "Le plus haut est « 8 h, mardi » : 30 sur 40 (75 %) ; le plus bas, « 9 h, lundi » : "
        "10 sur 40 (25 %). Les cases de moins de 10 cas ne sont pas comparées."
    )
    assert set(liens(lu)) == {"essai.phrase.h8.mardi", "essai.phrase.h9.lundi"}
    assert resume(lu).replace("\u00a0", " ") == "De 25 % à 75 % selon les cases."


def test_un_croisement_de_petites_bases() -> None:
    """Without a cell of ten cases no percentage is compared; without a case nothing is said."""
    petites = croise(h8={"lundi": Taux(2, 2), "mardi": Taux(3, 9)})
    assert dite(petites) == "Aucune case n’a 10 cas : le tableau donne les effectifs."
    assert dite(croise(h8={"lundi": Taux(0, 0)})) == ""
    une = croise(h8={"lundi": Taux(6, 12), "mardi": Taux(0, 0)})
    assert dite(une) == "« 8 h, lundi » : 6 sur 12 (50 %)."
    egales = croise(h8={"lundi": Taux(6, 12), "mardi": Taux(10, 20)})
    assert dite(egales).startswith(
        "Le taux est le même dans chaque case ; « 8 h, lundi » : 6 sur 12"
    )
    tests = Bilan(**(vars(egales) | {"plan": "mystère"}))
    assert dite(tests).startswith("Sur les tests menés, le taux est le même")


def duree(code: str, *mesure: Any, **autres: Any) -> Ligne:
    """A line of waits."""
    return Ligne(code, f"canal {code}", Durees(*mesure, **autres))


def test_des_durees_de_meme_cible_disent_la_plus_longue() -> None:
    """One unit and one target: the line of the longest median, with what has no end yet."""
    en_cours = {"en_cours": 12, "ouverts": "en cours"}
    lu = bilan(
        duree("a", 40, 4.0, 9.0, "minutes", Taux(30, 40), "10 au plus"),
        duree("b", 50, 12.0, 41.5, "minutes", Taux(20, 62), "10 au plus", **en_cours),
    )
    assert dite(lu) == (
        "Le plus long : « canal b », médiane 12,0, 9e décile 41,5 (minutes) ; 20 sur 62 (32 %) "
        "dans la cible ; 12 en cours. Ce qui n’est pas terminé compte pour le temps déjà écoulé."
    )
    assert set(liens(lu)) == {"essai.phrase.b"}
    assert resume(lu) == "Médianes de 4,0 à 12,0 minutes."


def test_des_durees_de_cibles_differentes() -> None:
    """Targets that differ cannot be compared by length: the one least often kept is named."""
    lu = bilan(
        duree("a", 40, 4.0, 9.0, "jours", Taux(10, 40), "5 jours au plus"),
        duree("b", 40, 12.0, 20.0, "jours", Taux(30, 40), "15 jours au plus"),
    )
    assert dite(lu).startswith(
        "La cible la moins souvent tenue est « canal a » (5 jours au plus) : médiane 4,0, 9e décile"
    )


def test_une_mediane_non_atteinte_est_la_plus_longue() -> None:
    """More than half still open is longer than any median; a few cases are not the worst."""
    ouverte = duree("b", 20, None, None, "jours", en_cours=45, ouverts="en cours")
    petite = duree("c", 3, 90.0, 95.0, "jours")
    connue = duree("a", 40, 4.0, 9.0, "jours")
    assert dite(bilan(connue, ouverte, petite)).startswith(
        "Le plus long : « canal b », médiane non atteinte ; 45 en cours."
    )
    assert dite(bilan(connue, petite)).startswith("Le plus long : « canal a », médiane 4,0")
    assert dite(bilan(petite)) == "« canal c » : médiane 90,0 (jours)."


def test_sans_mesure_n_est_pas_en_cours() -> None:
    """What was not measured is counted, and is not said to count for the time elapsed."""
    texte = dite(bilan(duree("a", 40, 4.0, 9.0, "jours", en_cours=3)))
    assert texte == "« canal a » : médiane 4,0, 9e décile 9,0 (jours) ; 3 sans mesure."


def test_des_durees_sans_rien() -> None:
    """Lines without any item say nothing, and are no failure."""
    vide = bilan(duree("a", 0, None, None, "jours"), duree("b", 0, None, None, "jours"))
    assert dite(vide) == "" and resume(vide) == ""


def test_les_indicateurs_par_leur_nom() -> None:
    """Indicators: which reach their target and which do not, by name, with base and target."""

    def ligne(code: str, taux: Taux, statut: str, cible: Fraction | None = CENTRE) -> Ligne:
        return Ligne(f"essai.{code}", f"Indicateur {code}", taux, statut=statut, cible=cible)

    lu = bilan(
        ligne("a", Taux(85, 100), "cible atteinte"),
        ligne("b", Taux(30, 100), "cible non atteinte", Fraction(9, 10)),
        ligne("c", Taux(95, 100), "cible atteinte", Fraction(19, 20)),
        ligne("d", Taux(7, 9), "", None),
        ligne("e", Taux(0, 0), ""),
        entete="Indicateur",
    )
    assert dite(lu) == (
        "Cible atteinte : « Indicateur a », 85 sur 100 (85 %) pour une cible de 80 % ; "
        "« Indicateur c », 95 sur 100 (95 %) pour une cible de 95 %. "
        "Cible non atteinte : « Indicateur b », 30 sur 100 (30 %) pour une cible de 90 %. "
        "Sans cible : « Indicateur d », 7 sur 9. Sans observation : « Indicateur e »."
    )
    assert set(liens(lu)) == {f"essai.phrase.essai.{code}" for code in "abcd"}
    assert resume(lu) == "Cible atteinte pour 2 indicateurs sur 3."
    aucune = bilan(ligne("b", Taux(3, 10), "cible non atteinte"), entete="Indicateur")
    assert resume(aucune) == "Aucune cible atteinte sur 1 indicateur."


def test_un_arriere_dit_le_dernier_et_le_plus_haut() -> None:
    """Counts in time: the last one and the highest, each with its figure."""

    def arriere(*comptes: int) -> Bilan:
        return bilan(
            *(
                Ligne(f"s{r}", f"semaine du {3 + 7 * r} janv. 2022", Effectif(n, "envoi"))
                for r, n in enumerate(comptes)
            )
        )

    assert dite(arriere(5, 1210, 40)) == (
        "Dernier point, « semaine du 17 janv. 2022 » : 40 envois ; "
        "le plus haut, « semaine du 10 janv. 2022 » : 1 210 envois."
    )
    assert set(liens(arriere(5, 1210, 40))) == {"essai.phrase.s1", "essai.phrase.s2"}
    assert dite(arriere(5, 7)).endswith("7 envois, le plus haut de la série.")
    assert dite(arriere(5)) == "Dernier point, « semaine du 3 janv. 2022 » : 5 envois."
    canaux = bilan(
        Ligne("a", "courriel", Effectif(3, "envoi")), Ligne("b", "pli", Effectif(1, "envoi"))
    )
    assert dite(canaux) == "Le plus : « courriel », 3 envois ; le moins : « pli », 1 envoi."


def test_les_extremes_ont_assez_de_base() -> None:
    """Where rates are compared, those of fewer than ten cases are left out, and that is said."""
    taux = {"a": Taux(6, 6), "b": Taux(9, 12), "c": Taux(11, 22), "d": Taux(0, 1)}
    lu = bilan(*(Ligne(nom, f"motif {nom}", t) for nom, t in taux.items()))
    assert dite(lu) == (
        "Le plus haut est « motif b » : 9 sur 12 (75 %) ; le plus bas, « motif c » : "
        "11 sur 22 (50 %). Les lignes de moins de 10 cas ne sont pas comparées."
    )
    petites = bilan(*(Ligne(n, f"motif {n}", Taux(k, 4)) for k, n in enumerate("abcde")))
    assert "le plus bas, « motif a » : 0 sur 4" in dite(petites)


def test_un_texte_alternatif_ne_coupe_pas_une_date() -> None:
    """The point of « janv. » ends no sentence: a message is kept whole or dropped whole."""
    lue = carte((Taux(45, 50), ""), (Taux(40, 50), ""))
    for longueur in range(1, 240, 3):
        alt = texte_alternatif("Courbe", Bilan(**(vars(lue) | {"titre": "t" * longueur})))
        assert not re.search(r"\bjanv\.$", alt) and alt.count("«") == alt.count("»")


@pytest.mark.parametrize(
    ("mesure", "attendue"),
    [
        (TriCroise({"lundi": Taux(12, 15)}), "« L », « lundi » : 12 sur 15, soit 80 %."),
        (
            Durees(30, 4.5, 9.0, "jours", en_cours=7, ouverts="en cours"),
            "« L » : la moitié ne dépasse pas 4,5 jours, compte tenu de 7 en cours.",
        ),
        (
            Durees(3, None, None, "jours", en_cours=7, ouverts="en cours"),
            "« L » : la médiane n’est pas atteinte, compte tenu de 7 en cours.",
        ),
        (Durees(0, None, None, "jours"), ""),
    ],
)
def test_lecture(mesure: Mesure, attendue: str) -> None:
    """Under each table, its first line is read aloud."""
    bloc = Tableau(bilan(Ligne("l", "L", mesure))).bloc()
    assert bloc.notice.lecture.replace("\u00a0", " ") == attendue  # type: ignore[union-attr]
