"""The network view: what a site shares is masked, and what many sites say ranks nobody."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from conftest import RACINE
from hypothesis import given
from hypothesis import strategies as st
from test_frontiere import ATTAQUES, defauts

from qualepref_lib.campagne import load_campagne
from qualepref_lib.core.bilan import Source
from qualepref_lib.core.entonnoir import (
    HORS_LIMITES,
    limites_binomiales,
    limites_elargies,
    measure_dispersion,
)
from qualepref_lib.core.mesures import Effectif, Taux
from qualepref_lib.core.refus import Refus
from qualepref_lib.display.graphique import Graphique
from qualepref_lib.display.phrase import texte_phrase
from qualepref_lib.reseau.agregat import BASE_MINIMALE, CASE_MINIMALE, Agregat
from qualepref_lib.reseau.comparaison import (
    DANS,
    HORS,
    SITES_MINIMUM,
    compare_sites,
    list_ecartes,
    measure_communs,
)
from qualepref_lib.reseau.lecture import Recu, load_agregats
from qualepref_lib.reseau.partage import measure_agregat
from qualepref_lib.running.reseau.page import write_comparaison
from qualepref_lib.running.reseau.partage import write_agregat

SOURCE = Source("fichiers", "0" * 64, "Agrégats des sites")


def partage(**suite: Any) -> dict[str, Any]:
    """One indicator as a file gives it."""
    return {
        "code": "appels.decroches", "libelle": "Appels répondus", "ensemble": "Registre des appels",
        "unite": "appel", "plan": "recensement", "formule": "répondus ÷ reçus",
        "favorables": 80, "observes": 100,
    } | suite  # fmt: skip


def agregat(numero: int, *indicateurs: Mapping[str, Any], **suite: Any) -> dict[str, Any]:
    """The file of one site."""
    return {
        "format": "qualepref-agregat-1", "campagne": f"site_{numero:02}",
        "site": f"Site {numero:02}", "edition": "demonstration", "date_reference": "2022-04-01",
        "indicateurs": list(indicateurs) or [partage()],
    } | suite  # fmt: skip


def recus(agregats: Sequence[Mapping[str, Any]]) -> tuple[Recu, ...]:
    """Files as read, without a disk."""
    lus = [Agregat.model_validate(a) for a in agregats]
    return tuple(Recu(Path(f"agregat_{lu.campagne}.json"), lu) for lu in lus)


def write(dossier: Path, contenu: Mapping[str, Any]) -> Path:
    """The file of a site on the disk."""
    chemin = dossier / f"agregat_{contenu['campagne']}.json"
    chemin.write_text(json.dumps(contenu, ensure_ascii=False), encoding="utf-8")
    return chemin


# The limits of chance.


@pytest.mark.parametrize(
    ("part", "base", "bas", "haut"),
    # R 4.2: low <- function(p, n, q) { r <- qbinom(q, n, p); a <- (pbinom(r, n, p) - q) /
    # (pbinom(r, n, p) - pbinom(r - 1, n, p)); max(0, (r - a) / n) } ; low(p, n, .001),
    # 1 - low(1 - p, n, .001)
    [
        (0.5, 100, 0.341216, 0.658784),
        (0.8, 20, 0.460746, 1.000000),
        (0.624, 29, 0.319232, 0.900652),
        (0.05, 40, 0.000000, 0.197309),
        (0.54, 171, 0.418807, 0.659764),
        (0.98, 12, 0.719502, 1.000000),
    ],
)
def test_limites_exactes(part: float, base: int, bas: float, haut: float) -> None:
    """The limits are those of the exact binomial law, interpolated, as R computes them."""
    assert limites_binomiales(part, base) == pytest.approx((bas, haut), abs=1e-6)


@given(st.floats(0.02, 0.98), st.integers(1, 400))
def test_les_deux_cotes_jugent_pareil(part: float, base: int) -> None:
    """A count is beyond a limit exactly when so extreme a count is too rare, on either side."""
    from scipy.stats import binom

    bas, haut = limites_binomiales(part, base)
    risque = (1 - HORS_LIMITES) / 2
    for k in range(base + 1):
        rares = (binom.cdf(k, base, part), binom.sf(k - 1, base, part))
        if min(abs(rare - risque) for rare in rares) < 1e-9:
            continue
        assert (not bas - 1e-12 <= k / base <= haut + 1e-12) == (min(rares) < risque)


def test_dispersion_mesuree_comme_r() -> None:
    """Dispersion is the mean squared z-score, a tenth drawn in each side, as R computes it."""
    k = [30, 45, 60, 22, 90, 15, 70, 41, 33, 58, 80, 12]
    n = [60, 80, 100, 50, 120, 40, 100, 70, 60, 95, 100, 35]
    # R 4.2: z <- (k / n - p) / sqrt(p * (1 - p) / n), winsorised, mean(w^2); qchisq(.95, 12) / 12
    mesuree = measure_dispersion(sum(k) / sum(n), list(zip(k, n, strict=True)))
    assert mesuree.facteur == pytest.approx(4.401689, abs=1e-6)
    assert mesuree.excessive  # 4.40 > 1.752


def test_elargir_ecarte_les_limites() -> None:
    """Widened by a dispersion of four, limits are twice as far, and never leave 0 to 100 %."""
    simples, larges = (limites_elargies(0.5, 400, f) for f in (1, 4))
    assert larges[1] - 0.5 == pytest.approx(2 * (simples[1] - 0.5))
    assert limites_elargies(0.98, 12, 9) == (0.0, 1.0) or limites_elargies(0.98, 12, 9)[1] == 1.0


# What a site shares.


def test_la_demonstration_se_partage() -> None:
    """The published rates are shared with their terms, and no file, row or name goes with them."""
    partage = measure_agregat(load_campagne("moselle_2022"))
    lus = {i.code: (i.favorables, i.observes) for i in partage.indicateurs}
    assert lus["autodiagnostic.module.1"] == (65.5, 94)
    assert lus["satisfaction.taux.accueil_global"] == (92, 171)
    texte = partage.model_dump_json()
    assert "lignes" not in texte and ".csv" not in texte and "suggestions" not in texte


def test_rien_de_petit_ne_part() -> None:
    """Under ten cases nothing is shared, nor a count of one to four people who answered."""
    for indicateur in measure_agregat(load_campagne("moselle_2022")).indicateurs:
        if indicateur.masque or indicateur.unite == "critère":
            continue
        assert indicateur.observes is not None and indicateur.favorables is not None
        assert indicateur.observes >= BASE_MINIMALE
        if indicateur.plan in ("volontaires", "tirage", "quotas"):
            autres = indicateur.observes - indicateur.favorables
            assert not {indicateur.favorables, autres} & set(range(1, CASE_MINIMALE))


def test_un_petit_effectif_est_masque(tmp_path: Path) -> None:
    """A survey where three people out of sixty were unhappy does not say that they were three."""
    shutil.copytree(RACINE / "data" / "referentiel", tmp_path / "referentiel")
    dossier = tmp_path / "campagnes" / "moselle_2022"
    shutil.copytree(RACINE / "data" / "campagnes" / "moselle_2022", dossier)
    texte = (dossier / "enquete.csv").read_text(encoding="utf-8").splitlines()
    entete = texte[0].split(";")
    rang = entete.index("courtoisie")
    lignes = [ligne.split(";") for ligne in texte[1:61]]
    for numero, ligne in enumerate(lignes):
        ligne[rang] = "pas du tout satisfait" if numero < 3 else "très satisfait"
    contenu = "\n".join([texte[0], *(";".join(ligne) for ligne in lignes)]) + "\n"
    (dossier / "enquete.csv").write_text(contenu, encoding="utf-8")
    lus = {i.code: i for i in measure_agregat(load_campagne(dossier)).indicateurs}
    courtoisie = lus["satisfaction.taux.courtoisie"]
    assert courtoisie.masque == "effectif trop petit"
    assert courtoisie.observes is courtoisie.favorables is None


def test_le_fichier_se_relit(tmp_path: Path) -> None:
    """What a site writes is what the network reads, and a second run writes the same bytes."""
    chemin, ecrit = write_agregat("moselle_2022", tmp_path / "agregat_moselle.json")
    (relu,) = load_agregats([tmp_path])
    assert relu.agregat == ecrit
    avant = chemin.read_bytes()
    write_agregat("moselle_2022", chemin)
    assert chemin.read_bytes() == avant and len(avant) < 60_000


# What many sites say.


def test_un_site_lointain_est_signale() -> None:
    """Among sites at 80 %, a large one at 60 % is beyond the limits, a small one is not."""
    tous = [agregat(n, partage(favorables=80 + n % 3)) for n in range(10)]
    tous.append(agregat(10, partage(favorables=600, observes=1000)))
    tous.append(agregat(11, partage(favorables=6, observes=10)))
    tous += [agregat(n, partage(favorables=800, observes=1000)) for n in range(12, 30)]
    (bilan,) = compare_sites(recus(tous), SOURCE)
    statuts = {ligne.code: ligne.statut for ligne in bilan.lignes}
    assert statuts["site-10"] == HORS and statuts["site-11"] == DANS
    assert "« Site 10 », 600 sur 1" in texte_phrase(bilan)
    assert "Site 11" not in texte_phrase(bilan)


def test_aucun_classement() -> None:
    """Sites stand in the order of the alphabet, whatever their rates, and none is the best."""
    tous = [agregat(n, partage(favorables=90 - 7 * n, observes=100)) for n in range(8)]
    (bilan,) = compare_sites(recus(list(reversed(tous))), SOURCE)
    assert [ligne.libelle for ligne in bilan.lignes] == [f"Site {n:02}" for n in range(8)]
    bloc = Graphique(bilan).bloc()
    for texte in (texte_phrase(bilan), bloc.alt):  # type: ignore[union-attr]
        assert not re.search(r"plus (haut|bas)|meilleur|premier|dernier|rang", texte)


def test_la_dispersion_est_dite() -> None:
    """Sites that truly differ widen the limits, and the sentence says by how much."""
    tous = [agregat(n, partage(favorables=400 + 40 * n, observes=1000)) for n in range(10)]
    (bilan,) = compare_sites(recus(tous), SOURCE)
    assert "fois la dispersion binomiale" in texte_phrase(bilan)
    pareils = [agregat(n, partage(favorables=500 + n, observes=1000)) for n in range(10)]
    (bilan,) = compare_sites(recus(pareils), SOURCE)
    assert "limites exactes" in texte_phrase(bilan).lower()


@pytest.mark.parametrize(
    ("autre", "cause"),
    [
        ({"formule": "autre"}, "autre formule"),
        ({"plan": "volontaires"}, "autre plan de recueil"),
        ({"unite": "ligne"}, "autre unité"),
        ({"favorables": None, "observes": None, "masque": "base trop petite"}, "base trop petite"),
    ],
)
def test_ce_qui_n_est_pas_comparable(autre: dict[str, Any], cause: str) -> None:
    """A site that measured otherwise is left out of the comparison, and told with its reason."""
    tous = [agregat(n) for n in range(6)] + [agregat(6, partage(**autre))]
    lus = recus(tous)
    (bilan,) = compare_sites(lus, SOURCE)
    assert len(bilan.lignes) == 6 and "Site 06" not in str(bilan.lignes)
    assert list_ecartes(lus, SOURCE).lignes == (("Site 06", "Appels répondus", cause),)
    (commun,) = measure_communs(lus, SOURCE).lignes
    assert commun.mesure == Taux(480, 600)


def test_une_autre_edition_ne_se_compare_pas() -> None:
    """Two editions of the label are two ways of asking: their rates are not mixed."""
    tous = [agregat(n) for n in range(6)] + [agregat(6, edition="2027")]
    assert list_ecartes(recus(tous), SOURCE).lignes[0][2] == "autre édition du référentiel"


def test_trop_peu_de_sites() -> None:
    """With fewer than five sites the common rate would be a neighbour's: nothing is compared."""
    lus = recus([agregat(n) for n in range(SITES_MINIMUM - 1)])
    assert compare_sites(lus, SOURCE) == ()
    assert len(list_ecartes(lus, SOURCE).lignes) == SITES_MINIMUM - 1


@pytest.mark.parametrize(
    "suite",
    [{"unite": "critère"}, {"grappes": True}, {"favorables": 100}],
)
def test_sans_limites_une_repartition(suite: dict[str, Any]) -> None:
    """Where chance gives no limits, no site is named: only how many are in each class of rates."""
    (bilan,) = compare_sites(recus([agregat(n, partage(**suite)) for n in range(7)]), SOURCE)
    assert "sans limites" in bilan.champ
    assert sum(li.mesure.n for li in bilan.lignes if isinstance(li.mesure, Effectif)) == 7
    assert not any("Site" in ligne.libelle for ligne in bilan.lignes)


# The files that come.


def test_chaque_defaut_de_chaque_fichier(tmp_path: Path) -> None:
    """What is wrong in all the files is listed at once, and an older page stays."""
    page = tmp_path / "comparaison.html"
    page.write_text("ancienne")
    dossier = tmp_path / "recus"
    dossier.mkdir()
    write(dossier, agregat(1, partage(favorables=120)))
    write(dossier, agregat(2, partage(masque="base trop petite")))
    write(dossier, agregat(3, partage(), partage()))
    write(dossier, agregat(4, format="autre"))
    write(dossier, agregat(5, inconnu="x"))
    (dossier / "agregat_6.json").write_text("{ceci n'est pas", encoding="utf-8")
    write(dossier, agregat(7))
    (dossier / "agregat_double.json").write_text(json.dumps(agregat(7)), encoding="utf-8")
    with pytest.raises(Refus) as refus:
        write_comparaison([dossier, tmp_path / "absent.json"], page)
    texte = str(refus.value)
    for attendu in ("plus de cas favorables", "est masqué, et ses effectifs", "donné deux fois",
                    "« autre » n’est pas admis", "« inconnu » n’est pas connue",
                    "agregat_6.json", "est déjà dans", "absent.json"):  # fmt: skip
        assert attendu in texte, (attendu, texte)
    assert page.read_text() == "ancienne"


def test_un_dossier_vide_est_dit(tmp_path: Path) -> None:
    """A folder without any file is a mistake to tell, not a network of no site."""
    with pytest.raises(Refus, match="ne contient aucun fichier"):
        load_agregats([tmp_path])


def test_la_page_ne_fait_rien(tmp_path: Path) -> None:
    """Whatever a site writes as its name is read on the page, and not obeyed."""
    for n in range(8):
        site = ATTAQUES[n % len(ATTAQUES)].replace("@", f"SENTINELLE{n}")
        ecart = partage(favorables=99 if n else 10)
        write(tmp_path, agregat(n, ecart, site=site))
    page = tmp_path / "page.html"
    assert write_comparaison([tmp_path], page) == (1, 8)
    html = page.read_text(encoding="utf-8")
    assert defauts(html) == []
    assert all(f"SENTINELLE{n}" in unescape(html) for n in range(8))


def test_memes_fichiers_memes_octets(tmp_path: Path) -> None:
    """The page depends on the files alone, not on the order in which they are named."""
    chemins = [write(tmp_path, agregat(n, partage(favorables=70 + n))) for n in range(6)]
    pages = [tmp_path / "a.html", tmp_path / "b.html"]
    write_comparaison(chemins, pages[0])
    write_comparaison(list(reversed(chemins)), pages[1])
    assert pages[0].read_bytes() == pages[1].read_bytes()
