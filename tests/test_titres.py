"""The register of titles: which applications are decided in time, after how long, which wait."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from petit_registre import load_registre

from qualepref_lib.analyses import titres
from qualepref_lib.campagne import Campagne
from qualepref_lib.core.mesures import Durees
from qualepref_lib.registres.titres import suivre

DEMANDES = [
    # Due 20 business days after 1 September 2022: 29 September.
    ("cni", "2022-09-01", "2022-09-29"),
    ("cni", "2022-09-01", "2022-09-30"),
    ("cni", "2022-09-01", ""),
    # Due on 12 October: not yet due on 30 September, decided or not.
    ("cni", "2022-09-14", ""),
    ("cni", "2022-09-14", "2022-09-15"),
    # 30 business days for a licence, and a decision that the day does not know yet.
    ("permis", "2022-09-01", "2022-10-13"),
    ("permis", "2022-10-03", ""),
]
MESURES = (
    titres.measure_indicateurs_titres,
    titres.measure_titres_tenus,
    titres.measure_delais_titres,
    titres.measure_arriere_titres,
)


def _load(racine: Path, jour: str, **options: Any) -> Campagne:
    lignes = [
        {"dossier": f"D{rang}", "titre": titre, "date_depot": depot, "date_decision": decision}
        for rang, (titre, depot, decision) in enumerate(DEMANDES, 1)
    ]
    return load_registre(racine, {"titres": lignes}, jour, **options)


def test_les_etats_des_demandes(tmp_path: Path) -> None:
    """An application is on time up to its due day; what comes after the day is not known yet."""
    suivi = suivre(_load(tmp_path, "2022-09-30"))
    assert suivi["etat"].tolist() == [
        "tenu", "hors_delai", "en_retard", "en_cours", "tenu", "en_cours",
    ]  # fmt: skip
    dues = suivi["echeance"].dt.strftime("%Y-%m-%d").tolist()
    assert dues == ["2022-09-29"] * 3 + ["2022-10-12"] * 2 + ["2022-10-13"]
    assert suivi["ouvert"].tolist() == [False, False, True, True, False, True]


def test_le_taux_compte_les_demandes_en_retard(tmp_path: Path) -> None:
    """Decided in time out of decided or past due; a title with nothing due has no rate."""
    campagne = _load(tmp_path, "2022-09-30")
    tenus = titres.measure_titres_tenus(campagne)
    assert [str(li.mesure) for li in tenus.lignes] == ["2 sur 4", "sans objet"]
    (indicateur,) = titres.measure_indicateurs_titres(campagne).lignes
    assert (indicateur.code, indicateur.statut) == ("titres.delais", "cible non atteinte")
    assert str(indicateur.mesure) == "2 sur 4"


def test_les_delais_comptent_les_demandes_ouvertes(tmp_path: Path) -> None:
    """The median weighs open applications by Kaplan-Meier; the delay to keep is named."""
    # Decided after 1, 20 and 21 days; open since 12 and 21. Still open: 4/5 after 1 day, then,
    # with three at risk, 4/5 × 2/3 after 20, half of that after 21. Without the open ones: 20.
    cni, permis = titres.measure_delais_titres(_load(tmp_path, "2022-09-30")).lignes
    assert isinstance(cni.mesure, Durees) and isinstance(permis.mesure, Durees)
    assert (cni.mesure.mediane, cni.mesure.n, cni.mesure.en_cours) == (21.0, 3, 2)
    assert cni.mesure.cible == "20 jours ouvrés au plus"
    assert (permis.mesure.mediane, permis.mesure.n, permis.mesure.en_cours) == (None, 0, 1)


def test_les_demandes_en_attente(tmp_path: Path) -> None:
    """The backlog is what was made by the day and has no decision on it, by title and in all."""
    lignes = titres.measure_arriere_titres(_load(tmp_path, "2022-09-30")).lignes
    assert [(li.code, str(li.mesure)) for li in lignes] == [
        ("total", "3 demandes"), ("cni", "2 demandes"), ("permis", "1 demande"),
    ]  # fmt: skip
    assert lignes[0].lignes == (4, 5, 7)


def test_un_delai_qui_change_se_dit(tmp_path: Path) -> None:
    """When the delay changed meanwhile, each application is held to the one of its own day."""
    regle = {"objet": "titre", "titre": "cni"}
    delais = [regle | {"depuis": "2022-01-01", "jours": "20"},
              regle | {"depuis": "2022-09-10", "jours": "10"}]  # fmt: skip
    campagne = _load(tmp_path, "2022-09-30", delais=delais)
    suivi = suivre(campagne)
    assert suivi["etat"].tolist() == [
        "tenu", "hors_delai", "en_retard", "en_retard", "tenu", "sans_regle",
    ]  # fmt: skip
    cni, permis = (li.mesure for li in titres.measure_delais_titres(campagne).lignes)
    assert isinstance(cni, Durees) and isinstance(permis, Durees)
    assert (cni.cible, permis.cible) == ("délai propre à chacun", "")


@pytest.mark.parametrize("mesure", MESURES)
def test_sans_registre(tmp_path: Path, mesure: Any) -> None:
    """Without the register, or before its first row, there is no line and no failure."""
    absent = mesure(load_registre(tmp_path / "absent", {}, "2022-09-30"))
    assert absent.lignes == () and "titres.csv" in absent.manque
    vide = mesure(_load(tmp_path / "vide", "2022-08-01"))
    assert vide.lignes == () and not vide.manque and vide.si_vide
