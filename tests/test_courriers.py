"""The register of mail: worked cases, and what holds whatever the letters and the day.

The reference of the properties is independent: it walks the calendar day by day with the published
public holidays of Moselle, letter by letter.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from petit_registre import load_registre, new_envois
from test_cas import _accorde

from qualepref_lib.analyses import (
    courriers,
    courriers_ouverts,
    courriers_semaines,
    reclamations,
)
from qualepref_lib.campagne import Campagne, Table
from qualepref_lib.core.bilan import Bilan, Renvoi
from qualepref_lib.core.mesures import Durees, Effectif, Taux
from qualepref_lib.core.refus import sans_accent
from qualepref_lib.registres.courriers import suivre
from qualepref_lib.registres.delais import ECHUS, ETATS, find_delais

CAS = yaml.load(
    (Path(__file__).parent / "cas" / "courriers.yaml").read_text(encoding="utf-8"),
    Loader=yaml.BaseLoader,
)["cas"]
FERIES = {
    dt.date.fromisoformat(f"2022-{jour}")
    for jour in ("01-01", "04-15", "04-18", "05-01", "05-08", "05-26", "06-06", "07-14", "08-15",
                 "11-01", "11-11", "12-25", "12-26")
}  # fmt: skip
"""The thirteen public holidays of Moselle in 2022, as the prefecture publishes them."""
DEBUT = dt.date(2022, 4, 4)
PROFIL = settings(max_examples=40, deadline=None, derandomize=True)
MESURES = (
    courriers.measure_indicateurs_courriers,
    courriers.measure_delais_tenus,
    courriers.measure_accuses,
    courriers_ouverts.measure_ouverts,
    reclamations.measure_reclamations,
    reclamations.measure_motifs,
    courriers.measure_etats_courriers,
    courriers.measure_delais_courriers,
    courriers_semaines.measure_suivi_courriers,
    courriers_semaines.measure_arriere_courriers,
)


def observe_courriers(donnees: dict[str, Any], racine: Path) -> dict[str, Any]:
    """What the library finds in the letters of a worked case."""
    options = {nom: donnees[nom] for nom in ("zone", "fermetures", "delais") if nom in donnees}
    tables = {"courriers": new_envois(donnees["envois"])}
    campagne = load_registre(racine, tables, donnees["jour"], **options)
    suivi = suivre(campagne)
    indicateurs = courriers.measure_indicateurs_courriers(campagne)
    tenus = indicateurs.ligne("courriers.delais_tenus")
    assert isinstance(tenus.mesure, Taux)
    etats = courriers.measure_etats_courriers(campagne)
    delais = courriers.measure_delais_courriers(campagne).lignes[0].mesure
    assert isinstance(delais, Durees)
    dues = suivi["echeance"].dt.strftime("%Y-%m-%d").fillna("")
    return {
        "échéances": dues.tolist(),
        "états": suivi["etat"].tolist(),
        "états des accusés": suivi["etat_accuse"].tolist(),
        "taux": str(tenus.mesure),
        "taux exact": tenus.mesure.valeur,
        "indicateur": tenus.statut,
        "accusés": str(indicateurs.ligne("courriers.accuses").mesure),
        "réclamations": str(indicateurs.ligne("courriers.reclamations").mesure),
        "médiane": delais.mediane,
        "répondus": delais.n,
        "sans réponse": delais.en_cours,
        "semaines": _lignes(courriers_semaines.measure_suivi_courriers(campagne)),
        "arriéré": _lignes(courriers_semaines.measure_arriere_courriers(campagne)),
        "liste": _retards(campagne),
        **{ligne.code: str(ligne.mesure) for ligne in etats.lignes},
    }


def _lignes(bilan: Bilan) -> list[str]:
    return [f"{ligne.code} {ligne.mesure}" for ligne in bilan.lignes]


def _retards(campagne: Campagne) -> list[str]:
    lignes = courriers_ouverts.list_retards(campagne).lignes
    return [f"{li[0]} {_texte(li[6])} : {_texte(li[7])}" for li in lignes]


def _texte(cellule: str | Renvoi) -> str:
    return cellule if isinstance(cellule, str) else cellule.texte


@pytest.mark.parametrize("cas", CAS, ids=[sans_accent(cas["nom"]) for cas in CAS])
def test_cas(cas: dict[str, Any], tmp_path: Path) -> None:
    """What the library finds in a register is what the case computed by hand."""
    observe = observe_courriers(cas["donnees"], tmp_path)
    for nom, attendu in cas["attendu"].items():
        assert nom in observe, f"« {nom} » n'est pas observé ; observé : {sorted(observe)}"
        assert _accorde(attendu, observe[nom]), f"{nom} : attendu {attendu}, obtenu {observe[nom]}"


@pytest.fixture(scope="module")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Campagne:
    """A campaign whose register the properties replace by theirs."""
    tables = {"courriers": new_envois([{"recu": "2022-04-04"}])}
    return load_registre(tmp_path_factory.mktemp("modele"), tables, "2022-06-01")


@st.composite
def _un_envoi(draw: st.DrawFn) -> dict[str, Any]:
    """A letter of the ten weeks from 4 April 2022 on; its dates are days from then."""
    recu = draw(st.integers(0, 70))
    delai = st.none() | st.integers(0, 40)
    accuse, reponse = draw(delai), draw(delai)
    return {
        "canal": draw(st.sampled_from(["courriel", "courrier"])),
        "nature": draw(st.sampled_from(["information", "reclamation"])),
        "motif": draw(st.sampled_from([None, "attente", "accueil"])),
        "service": draw(st.sampled_from([None, "Accueil", "accueil", "Régie"])),
        "recu": recu,
        "accuse": None if accuse is None else recu + accuse,
        "repondu": None if reponse is None else recu + reponse,
        "cloture": draw(st.sampled_from([None, None, None, "transmis", "doublon"])),
    }


ENVOIS = st.lists(_un_envoi(), min_size=1, max_size=25)
JOURS = st.integers(0, 120)


def _campagne(modele: Campagne, envois: list[dict[str, Any]], jour: int) -> Campagne:
    """The model campaign with these letters, on that day."""
    dates = {"recu": "date_reception", "accuse": "date_accuse", "repondu": "date_reponse"}
    cadre = pd.DataFrame(envois, index=range(2, len(envois) + 2), dtype=object)
    cadre = cadre.rename(columns=dates)
    for nom in dates.values():
        jours = pd.to_timedelta(cadre[nom].astype("float64"), unit="D")
        cadre[nom] = pd.Timestamp(DEBUT) + jours
    cadre["chrono"] = [f"E{ligne}" for ligne in cadre.index]
    fiche = modele.fiche.model_copy(update={"date_reference": DEBUT + dt.timedelta(jour)})
    source = modele.tables["courriers"].source
    return dataclasses.replace(modele, fiche=fiche, tables={"courriers": Table(cadre, source)})


def _due(recu: int, jours: int) -> int:
    """The due day, found by walking the calendar."""
    while jours:
        recu += 1
        jour = DEBUT + dt.timedelta(recu)
        jours -= jour.weekday() < 5 and jour not in FERIES
    return recu


def _etat(envoi: dict[str, Any], jour: int, fait: int | None, jours: int) -> str:
    """The state of a letter, as the rule is told in words."""
    due = _due(envoi["recu"], jours)
    if fait is not None and fait <= jour:
        return "tenu" if fait <= due else "hors_delai"
    if envoi["cloture"] and envoi["repondu"] is None:
        return "clos"
    return "en_retard" if due < jour else "en_cours"


def _taux(bilan: Bilan) -> dict[str, Fraction | None]:
    return {li.code: li.mesure.valeur for li in bilan.lignes if isinstance(li.mesure, Taux)}


@PROFIL
@given(ENVOIS, JOURS)
def test_les_etats_sont_ceux_de_la_regle(
    modele: Campagne, envois: list[dict[str, Any]], jour: int
) -> None:
    """Each letter received by the day is in the state that the rule gives, letter by letter."""
    recus = [envoi for envoi in envois if envoi["recu"] <= jour]
    suivi = suivre(_campagne(modele, envois, jour))
    delais = [15 if e["nature"] == "reclamation" or e["canal"] == "courrier" else 5 for e in recus]
    attendus = [_etat(e, jour, e["repondu"], n) for e, n in zip(recus, delais, strict=True)]
    assert suivi["etat"].tolist() == attendus
    faits = [min((j for j in (e["accuse"], e["repondu"]) if j is not None), default=None)
             for e in recus]  # fmt: skip
    accuses = [_etat(e, jour, fait, 3) for e, fait in zip(recus, faits, strict=True)]
    assert suivi["etat_accuse"].tolist() == accuses


@PROFIL
@given(ENVOIS, JOURS)
def test_les_etats_partagent_les_envois(
    modele: Campagne, envois: list[dict[str, Any]], jour: int
) -> None:
    """A letter is in one state and one only; what is open is late, pending, or without a rule."""
    campagne = _campagne(modele, envois, jour)
    suivi, bilan = suivre(campagne), courriers.measure_etats_courriers(campagne)
    if suivi.empty:
        assert bilan.lignes == ()
        return
    rangs = [n for etat in ETATS for n in bilan.ligne(etat).lignes]
    assert sorted(rangs) == suivi.index.tolist() == list(bilan.ligne("total").lignes)
    ouverts = suivi["etat"].isin(["en_retard", "en_cours"])
    assert suivi["ouvert"].equals(ouverts)
    assert suivi["delai"].isna().equals(suivi["etat"] == "clos")


@PROFIL
@given(ENVOIS, JOURS)
def test_tenus_et_en_retard_ne_depassent_pas_la_base(
    modele: Campagne, envois: list[dict[str, Any]], jour: int
) -> None:
    """The share kept and the share late without an answer never exceed one together."""
    suivi = suivre(_campagne(modele, envois, jour))
    etats = suivi["etat"].value_counts()
    base = sum(int(etats.get(etat, 0)) for etat in ECHUS)
    assert int(etats.get("tenu", 0)) + int(etats.get("en_retard", 0)) <= base


@PROFIL
@given(ENVOIS, JOURS, _un_envoi())
def test_un_envoi_en_cours_ne_change_aucun_taux(
    modele: Campagne, envois: list[dict[str, Any]], jour: int, autre: dict[str, Any]
) -> None:
    """One more letter, open and not yet due, moves no rate of those that were there."""
    ouvert = autre | {"recu": jour, "accuse": None, "repondu": None, "cloture": None}
    sans = _campagne(modele, envois, jour)
    avec = _campagne(modele, [*envois, ouvert], jour)
    for mesure in (courriers.measure_indicateurs_courriers, courriers.measure_delais_tenus,
                   courriers.measure_accuses, reclamations.measure_reclamations):  # fmt: skip
        avant, apres = _taux(mesure(sans)), _taux(mesure(avec))
        assert avant.items() <= apres.items()
        assert all(apres[code] is None for code in apres.keys() - avant.keys())


@PROFIL
@given(ENVOIS, JOURS, st.integers(0, 60))
def test_le_temps_qui_passe_ne_rattrape_rien(
    modele: Campagne, envois: list[dict[str, Any]], jour: int, ecoules: int
) -> None:
    """Seen later, an answer in time stays in time and one out of time stays out of it."""
    avant = suivre(_campagne(modele, envois, jour))["etat"]
    apres = suivre(_campagne(modele, envois, jour + ecoules))["etat"].reindex(avant.index)
    faits = avant.isin(["tenu", "hors_delai", "clos"])
    assert apres[faits].equals(avant[faits])
    assert set(apres[avant == "en_retard"]) <= {"en_retard", "hors_delai"}


@PROFIL
@given(ENVOIS, JOURS)
def test_le_registre_se_lit_comme_il_etait_ce_jour_la(
    modele: Campagne, envois: list[dict[str, Any]], jour: int
) -> None:
    """The letters on a past day are those of a register that stops on that day."""

    def connu(envoi: dict[str, Any], nom: str) -> int | None:
        return envoi[nom] if envoi[nom] is not None and envoi[nom] <= jour else None

    # A closing has no date; it comes with its answer when there is one.
    arretes = [
        e | {nom: connu(e, nom) for nom in ("accuse", "repondu")}
        | {"cloture": e["cloture"] if e["repondu"] is None else None}
        for e in envois if e["recu"] <= jour
    ]  # fmt: skip
    suivi = suivre(_campagne(modele, envois, 120), DEBUT + dt.timedelta(jour))
    if arretes:
        autre = suivre(_campagne(modele, arretes, jour))
        colonnes = ["echeance", "delai", "ouvert", "etat", "etat_accuse"]
        assert suivi[colonnes].reset_index(drop=True).equals(autre[colonnes].reset_index(drop=True))
    else:
        assert suivi.empty


@PROFIL
@given(ENVOIS, JOURS)
def test_l_arriere_finit_sur_les_envois_ouverts(
    modele: Campagne, envois: list[dict[str, Any]], jour: int
) -> None:
    """The last backlog is the open letters of the day; each week's is counted letter by letter."""
    campagne = _campagne(modele, envois, jour)
    lignes = courriers_semaines.measure_arriere_courriers(campagne).lignes
    suivi = suivre(campagne)
    if suivi.empty:
        assert lignes == ()
        return
    assert list(lignes[-1].lignes) == suivi.index[suivi["ouvert"]].tolist()
    premier = (min(e["recu"] for e in envois) // 7) * 7  # 4 April 2022 is a Monday
    for rang, ligne in enumerate(lignes):
        fin = min(premier + 7 * rang + 6, jour)
        compte = sum(
            e["recu"] <= fin
            and not (e["cloture"] and e["repondu"] is None)
            and (e["repondu"] is None or e["repondu"] > fin)
            for e in envois
        )
        assert isinstance(ligne.mesure, Effectif) and ligne.mesure.n == compte


@PROFIL
@given(ENVOIS, JOURS)
def test_une_semaine_jugee_ne_change_plus(
    modele: Campagne, envois: list[dict[str, Any]], jour: int
) -> None:
    """A week on the chart has no pending letter: its base is the same ever after."""
    suivis = courriers_semaines.measure_suivi_courriers(_campagne(modele, envois, jour))
    plus_tard = courriers_semaines.measure_suivi_courriers(_campagne(modele, envois, 200))
    for ligne in suivis.lignes:
        apres = plus_tard.ligne(ligne.code)
        assert isinstance(ligne.mesure, Taux) and isinstance(apres.mesure, Taux)
        assert (ligne.mesure, ligne.lignes) == (apres.mesure, apres.lignes)


GENRES = st.tuples(
    st.integers(0, 900),
    st.sampled_from(["courriel", "courrier"]),
    st.sampled_from(["information", "reclamation"]),
)
"""A letter by its day of reception, its channel and its nature."""


@PROFIL
@given(st.lists(GENRES, max_size=12))
def test_le_delai_de_chaque_ligne_est_celui_du_referentiel(
    modele: Campagne, lignes: list[tuple[int, str, str]]
) -> None:
    """Looked up once per kind and period, a delay is the one that the référentiel gives the row."""
    registres = modele.referentiel.registres
    debut = dt.date(2020, 1, 1)  # before any rule of the tests
    cadre = pd.DataFrame(lignes, columns=["jour", "canal", "nature"])
    recus = pd.Series(np.datetime64(debut) + cadre["jour"].to_numpy().astype("timedelta64[D]"))
    dus = find_delais(modele, "reponse", recus, canal=cadre["canal"], nature=cadre["nature"])
    for recu, (_, canal, nature), due in zip(recus, lignes, dus["echeance"], strict=True):
        delai = registres.delai(recu.date(), "reponse", canal=canal, nature=nature)
        jours_ouvres = modele.fiche.site.jours_ouvres
        attendue = jours_ouvres.echeance(recu.date(), delai.jours) if delai else None
        assert (None if pd.isna(due) else due.date()) == attendue


def test_un_service_en_deux_graphies_est_un_service(tmp_path: Path) -> None:
    """Accents and capitals do not make two services; letters of no service are told last."""
    recu = {"recu": "2022-09-05", "repondu": "2022-09-06"}
    noms = ["Régie", "Accueil général", "ACCUEIL GENERAL", "Accueil général", "", ""]
    envois = new_envois([recu | {"service": nom} for nom in noms])
    campagne = load_registre(tmp_path, {"courriers": envois}, "2022-09-30")
    bilan = courriers.measure_delais_tenus(campagne, par="service")
    assert [(li.code, li.libelle, str(li.mesure)) for li in bilan.lignes] == [
        ("accueil-general", "Accueil général", "3 sur 3"),
        ("regie", "Régie", "1 sur 1"),
        ("non_indique", "service non indiqué", "2 sur 2"),
    ]


def test_sans_service_indique(tmp_path: Path) -> None:
    """A register whose services are all blank has one line, and no failure."""
    envois = new_envois([{"recu": "2022-09-05"}])
    campagne = load_registre(tmp_path, {"courriers": envois}, "2022-09-30")
    lignes = courriers.measure_delais_courriers(campagne, par="service").lignes
    assert [ligne.libelle for ligne in lignes] == ["service non indiqué"]


def test_les_reclamations_par_motif(tmp_path: Path) -> None:
    """Complaints are told by motive, those without one last; other letters are not complaints."""
    plainte = {"recu": "2022-09-01", "nature": "reclamation"}
    envois = [
        plainte | {"motif": "accueil", "repondu": "2022-09-05"},
        plainte | {"motif": "attente"},
        plainte | {"motif": "attente", "repondu": "2022-09-02"},
        plainte | {"recu": "2022-09-29", "motif": "attente"},
        plainte,
        {"recu": "2022-09-01"},
    ]
    campagne = load_registre(tmp_path, {"courriers": new_envois(envois)}, "2022-09-30")
    taux = reclamations.measure_reclamations(campagne)
    assert [(li.code, str(li.mesure)) for li in taux.lignes] == [
        ("attente", "1 sur 2"), ("accueil", "1 sur 1"), ("non_indique", "0 sur 1"),
    ]  # fmt: skip
    comptes = reclamations.measure_motifs(campagne)
    assert [str(li.mesure) for li in comptes.lignes] == [
        "3 réclamations", "1 réclamation", "1 réclamation",
    ]  # fmt: skip


def _semaines(nombre: int, tenus: Iterable[int]) -> list[dict[str, str]]:
    """Ten letters on the Monday of each week from 3 January 2022 on, so many answered at once."""
    envois = []
    for rang, bons in zip(range(nombre), tenus, strict=True):
        lundi = dt.date(2022, 1, 3) + dt.timedelta(7 * rang)
        recu = {"recu": lundi.isoformat(), "fois": "1"}
        envois += [recu | {"repondu": lundi.isoformat()}] * bons + [recu] * (10 - bons)
    return new_envois(envois)


def test_chaque_repere_vaut_de_son_debut_au_suivant(tmp_path: Path) -> None:
    """A chart with two declared baselines has the rate of each as its line, from its start on."""
    tenus = [9, 8, 9, 8, 9, 8, 9, 8, 9, 8, 5, 4, 5, 4, 5, 4, 5, 4, 5, 4]
    reperes = [("2022-01-12", "2022-02-27"), ("2022-03-14", "2022-04-24")]
    campagne = load_registre(
        tmp_path, {"courriers": _semaines(20, tenus)}, "2022-07-01", reperes=reperes
    )
    lignes = courriers_semaines.measure_suivi_courriers(campagne).lignes
    assert [int(li.mesure.favorables) for li in lignes if isinstance(li.mesure, Taux)] == tenus
    # The first begins on a Wednesday: its week belongs to it, the week before has no line.
    assert (lignes[0].reference, lignes[0].limites, lignes[0].statut) == (None, None, "")
    # Weeks 2 to 8: 8 + 9 + 8 + 9 + 8 + 9 + 8 = 59 of 70; weeks 11 to 16: 27 of 60.
    centres = [float(li.reference or 0) for li in lignes[1:]]
    assert centres == pytest.approx([59 / 70] * 9 + [27 / 60] * 10)
    assert all(li.limites and li.limites[0] < float(li.reference or 0) for li in lignes[1:])
    assert not any(li.statut for li in lignes)


def test_une_chute_est_signalee(tmp_path: Path) -> None:
    """Judged by the declared months, a week far under them is beyond the limits."""
    tenus = [9, 8, 9, 8, 9, 8, 9, 8, 9, 8, 9, 8, 1, 9]
    reperes = [("2022-01-01", "2022-03-27")]
    campagne = load_registre(
        tmp_path, {"courriers": _semaines(14, tenus)}, "2022-07-01", reperes=reperes
    )
    signaux = [li.statut for li in courriers_semaines.measure_suivi_courriers(campagne).lignes]
    assert signaux == [""] * 12 + ["au-delà des limites", ""]


def test_trop_peu_de_semaines_n_ont_pas_de_limites(tmp_path: Path) -> None:
    """Without a declared baseline, fewer than twelve weeks say nothing of what is ordinary."""
    campagne = load_registre(tmp_path, {"courriers": _semaines(6, [9, 8, 9, 8, 1, 9])},
                             "2022-07-01")  # fmt: skip
    lignes = courriers_semaines.measure_suivi_courriers(campagne).lignes
    assert len(lignes) == 6 and not any(li.limites or li.statut for li in lignes)


def test_la_liste_ne_cite_personne(tmp_path: Path) -> None:
    """The daily list quotes no requester, not even by its key; it says on which day it stands."""
    envois = new_envois([{"recu": "2022-09-05"}, {"recu": "2022-09-06"}])
    campagne = load_registre(tmp_path, {"courriers": envois}, "2022-09-30")
    liste = courriers_ouverts.list_retards(campagne, dt.date(2022, 9, 13))
    assert liste.titre == "Envois à traiter au 13 septembre 2022"
    assert [li[0] for li in liste.lignes] == ["E1", "E2"]
    assert not any("cle" in _texte(cellule) for li in liste.lignes for cellule in li)


def test_sans_registre_chaque_mesure_dit_ce_qui_manque(tmp_path: Path) -> None:
    """Without the register there is no figure: each measure names the missing file."""
    campagne = load_registre(tmp_path, {}, "2022-09-30")
    for mesure in MESURES:
        bilan = mesure(campagne)
        assert bilan.lignes == () and "courriers.csv" in bilan.manque
    assert "courriers.csv" in courriers_ouverts.list_retards(campagne).manque


def test_qui_garde_les_envois_sans_reponse(tmp_path: Path) -> None:
    """Open letters are told by service, late or not due yet; whoever answered all is left out, and
    a closed letter waits for nobody."""
    envois = new_envois([
        {"recu": "2022-09-01", "service": "Titres", "fois": "3"},
        {"recu": "2022-09-29", "service": "titres"},
        {"recu": "2022-09-28", "service": "Accueil", "canal": "courrier"},
        {"recu": "2022-09-01", "service": "Accueil", "repondu": "2022-09-02"},
        {"recu": "2022-09-01", "service": "Accueil", "cloture": "sans_suite"},
        {"recu": "2022-09-01", "service": "Presse", "repondu": "2022-09-20"},
    ])  # fmt: skip
    bilan = courriers_ouverts.measure_ouverts(
        load_registre(tmp_path, {"courriers": envois}, "2022-09-30")
    )
    lus = {li.libelle: (str(li.mesure), li.lignes) for li in bilan.lignes}
    assert lus == {
        "Ensemble": ("en retard : 3 ; délai non échu : 2", (6, 2, 3, 4, 5)),
        "Accueil": ("en retard : 0 ; délai non échu : 1", (6,)),
        "Titres": ("en retard : 3 ; délai non échu : 1", (2, 3, 4, 5)),
    }


@given(st.lists(_un_envoi(), min_size=1, max_size=30), st.sampled_from(["canal", "nature"]))
@settings(max_examples=30)
def test_les_ouverts_sont_ceux_des_etats(
    modele: Campagne, envois: list[dict[str, Any]], par: courriers_ouverts.Axe
) -> None:
    """Whatever they are told by, the open letters are those late, not due or without a delay."""
    campagne = _campagne(modele, envois, 60)
    suivis = suivre(campagne)
    bilan = courriers_ouverts.measure_ouverts(campagne, par)
    groupes = [li for li in bilan.lignes if li.code != "total"]
    assert sum(li.mesure.base for li in groupes) == suivis["ouvert"].sum()  # type: ignore[union-attr]
    retards = sum(li.mesure.effectifs.get("en retard", 0) for li in groupes)  # type: ignore[union-attr]
    assert retards == (suivis["etat"] == "en_retard").sum()


def test_une_carte_dit_son_repere_et_son_motif(tmp_path: Path) -> None:
    """The chart's scope tells its declared baseline and why; without one, which weeks it is of."""
    envois = {"courriers": _semaines(14, [8, 9] * 7)}
    declaree = load_registre(tmp_path / "a", envois, "2022-07-01",
                             reperes=[("2022-01-03", "2022-03-27")])  # fmt: skip
    champ = courriers_semaines.measure_suivi_courriers(declaree).champ
    assert champ.endswith(" ; repère du 3 janvier au 27 mars 2022 : essai")
    muette = load_registre(tmp_path / "b", envois, "2022-07-01")
    champ = courriers_semaines.measure_suivi_courriers(muette).champ
    assert champ.endswith(" ; repère : les 14 premières semaines, faute de repère déclaré")
    courte = load_registre(tmp_path / "c", {"courriers": _semaines(6, [8, 9] * 3)}, "2022-07-01")
    assert "repère" not in courriers_semaines.measure_suivi_courriers(courte).champ


def test_avant_le_premier_envoi_il_n_y_a_rien(modele: Campagne) -> None:
    """On a day before the first letter, nothing exists: no line, and no failure."""
    campagne = _campagne(modele, [{"canal": "courriel", "nature": "reclamation", "motif": None,
                                   "service": None, "recu": 9, "accuse": None, "repondu": None,
                                   "cloture": None}], 3)  # fmt: skip
    assert all(mesure(campagne).lignes == () for mesure in MESURES)
    assert courriers_ouverts.list_retards(campagne).lignes == ()


@pytest.mark.parametrize("mesure", MESURES)
def test_une_formule_se_suffit(modele: Campagne, mesure: Any) -> None:
    """A rate's formula says what is divided by what, when a letter is due, and what is left out."""
    formule = mesure(modele).formule
    if any(isinstance(li.mesure, Taux) for li in mesure(modele).lignes):
        for dit in ("÷", "échéance = date de réception", "comptant pour zéro", "hors de la base"):
            assert dit in formule
    assert not formule.endswith(".") and "  " not in formule and "'" not in formule
