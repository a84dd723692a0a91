"""The docs say what the code does: commands, paths, names, and « one change, one file ».

Each example of ``docs/ajouter.md`` is applied to a temporary copy of ``data/``, as it is printed.
"""

from __future__ import annotations

import csv
import importlib
import inspect
import pkgutil
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from pydantic import BaseModel

from qualepref_lib.__main__ import cli
from qualepref_lib.analyses.autodiagnostic import measure_autodiagnostic
from qualepref_lib.analyses.mystere import measure_conformite, measure_delais
from qualepref_lib.analyses.satisfaction import measure_satisfaction
from qualepref_lib.analyses.verbatims import measure_themes
from qualepref_lib.campagne import find_campagne, load_campagne
from qualepref_lib.coherence import list_coherence
from qualepref_lib.core.bilan import Bilan, Ligne, Source
from qualepref_lib.core.francais import nombre
from qualepref_lib.core.mesures import Durees, Mesure, Taux
from qualepref_lib.core.mesures.mesure import Termes
from qualepref_lib.core.refus import Refus
from qualepref_lib.display.aspects.aspect import Aspect
from qualepref_lib.display.aspects.table import ASPECTS
from qualepref_lib.display.blocs import BlocRien, BlocTableau
from qualepref_lib.display.colonnes import chiffre
from qualepref_lib.display.graphique import Graphique
from qualepref_lib.display.lecture import lire_telle
from qualepref_lib.display.phrase import texte_phrase
from qualepref_lib.display.phrases.morceaux import enumerer
from qualepref_lib.display.tableau import Tableau
from qualepref_lib.running.carnets import load_carnets

RACINE = Path(__file__).parents[1]
DOCS = [*sorted((RACINE / "docs").glob("*.md")), RACINE / "README.md"]
COMMANDE = re.compile(r"(?<![\w-])(?<!--to )qualepref ([a-z][^>#&]*)")
AJOUTER = (RACINE / "docs" / "ajouter.md").read_text(encoding="utf-8")


def _commandes() -> Iterator[Any]:
    """Every « qualepref … » that a document quotes."""
    for doc in DOCS:
        texte = doc.read_text(encoding="utf-8")
        blocs = re.findall(r"```(?:sh|cron)\n(.*?)```", texte, flags=re.DOTALL)
        lignes = [ligne for bloc in blocs for ligne in bloc.splitlines()]
        lignes += re.findall(r"`(qualepref [^`]+)`", texte)
        for ligne in lignes:
            if trouve := COMMANDE.search(ligne):
                yield pytest.param(trouve[1].strip(), id=f"{doc.name}: {trouve[1].strip()}")


@pytest.mark.parametrize("commande", sorted(set(_commandes()), key=lambda p: str(p.id)))
def test_les_commandes_citees_existent(commande: str) -> None:
    """A quoted command parses: its name, its arguments, its options."""
    nom, *arguments = shlex.split(commande)
    trouvee = cli.commands.get(nom)
    assert trouvee is not None, f"« {nom} » : connues {sorted(cli.commands)}"
    trouvee.make_context(nom, arguments)


def test_les_parametres_cites_existent() -> None:
    """A parameter that a document gives to a report is one that a chapter declares."""
    donnes = {p.values[0]: shlex.split(p.values[0]) for p in _commandes()}
    cites = {m[m.index("-p") + 1] for m in donnes.values() if "-p" in m} - {"NOM"}
    connus = {nom for carnet in load_carnets(RACINE) for nom in carnet.parametres}
    assert cites and cites <= connus


def test_chaque_commande_est_documentee() -> None:
    """The analyst's guide shows every command."""
    guide = (RACINE / "docs" / "guide.md").read_text(encoding="utf-8")
    assert [nom for nom in cli.commands if f"qualepref {nom}" not in guide] == []


def test_les_documents_citent_des_commandes() -> None:
    """The search for commands finds some: an empty test proves nothing."""
    assert len(list(_commandes())) >= 10
    with pytest.raises(click.UsageError):
        cli.commands["rapport"].make_context("rapport", ["moselle_2022", "--inconnue"])


CHEMIN = re.compile(r"`((?:data|docs|notebooks|qualepref_lib|reports|tests)/[\w./-]*)`")
FABRIQUES = ("data/campagnes/metz_", "reports/")
"""Paths that the reader makes: they are not there before."""


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: doc.name)
def test_les_chemins_cites_existent(doc: Path) -> None:
    """A path named in a document exists, and so does each file that it links to."""
    texte = doc.read_text(encoding="utf-8")
    cites = CHEMIN.findall(texte) + re.findall(r"^papermill (\S+)", texte, flags=re.MULTILINE)
    cites = [c for c in cites if not c.startswith(FABRIQUES)]
    assert [c for c in cites if not (RACINE / c).exists()] == []
    liens = re.findall(r"\]\((?!https?:|#)([^)#]+)\)", texte)
    lies = [lien for lien in liens if not lien.startswith("reports/")]
    assert [lien for lien in lies if not (doc.parent / lien).exists()] == []


def _classes() -> Iterator[str]:
    """The public data classes of the three packages whose nouns an auditor may say."""
    for paquet in ("core", "referentiel", "campagne"):
        racine = importlib.import_module(f"qualepref_lib.{paquet}")
        for module in pkgutil.iter_modules(racine.__path__):
            charge = importlib.import_module(f"qualepref_lib.{paquet}.{module.name}")
            for nom, classe in inspect.getmembers(charge, inspect.isclass):
                sienne = classe.__module__ == charge.__name__ and not nom.startswith("_")
                if sienne and (is_dataclass(classe) or issubclass(classe, BaseModel | Exception)):
                    yield nom


def test_le_glossaire_est_complet() -> None:
    """Every public data class has its entry, with an English name and a definition."""
    glossaire = (RACINE / "docs" / "glossaire.md").read_text(encoding="utf-8")
    rangs = [ligne.split("|") for ligne in glossaire.splitlines() if ligne.startswith("| `")]
    assert all(len(rang) == 5 and all(case.strip() for case in rang[1:4]) for rang in rangs)
    decrits = {nom for rang in rangs for nom in re.findall(r"`(\w+)`", rang[1])}
    assert sorted(set(_classes()) - decrits) == []


def test_le_glossaire_ne_decrit_rien_d_autre() -> None:
    """A class that the glossary names exists somewhere in the library."""
    glossaire = (RACINE / "docs" / "glossaire.md").read_text(encoding="utf-8")
    nommees = set(re.findall(r"`([A-Z]\w+)`", glossaire))
    code = "\n".join(
        f.read_text(encoding="utf-8") for f in (RACINE / "qualepref_lib").rglob("*.py")
    )
    absentes = [n for n in nommees if not re.search(rf"\bclass {n}\b|^{n}(:| =)", code, re.M)]
    assert sorted(absentes) == []


# « One change, one file » (design 02.7), on a copy of data/.


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the référentiel, and a place for campaigns."""
    copie = tmp_path / "data"
    shutil.copytree(RACINE / "data" / "referentiel", copie / "referentiel")
    (copie / "campagnes").mkdir()
    return copie


def _exemple(titre: str) -> str:
    """The YAML example of one section of ``docs/ajouter.md``, as it is printed."""
    section = AJOUTER.split(f"## {titre}\n", 1)[1].split("\n## ", 1)[0]
    trouve = re.search(r"```yaml\n(.*?)```", section, flags=re.DOTALL)
    assert trouve is not None
    return trouve[1]


def _ajouter(data: Path, dossier: str, titre: str) -> None:
    chemin = data / "referentiel" / "demonstration" / dossier / "9_essai.yaml"
    chemin.write_text(_exemple(titre), encoding="utf-8")


def _campagne(
    data: Path,
    modules: str = '["1"]',
    date_reference: str = "2022-04-01",
    **tables: list[list[str]],
) -> Path:
    """A new campaign: one folder."""
    dossier = data / "campagnes" / "nouvelle"
    dossier.mkdir()
    plans = {"mystere": "mystère", "enquete": "volontaires"}
    sources = "".join(
        f"  {nom}: {{plan: {plans.get(nom, 'recensement')}, libelle: {nom}, champ: essai}}\n"
        for nom in tables
    )
    fiche = f"""code: nouvelle
libelle: Nouvelle campagne
site: {{libelle: Un site}}
edition: demonstration
date_reference: {date_reference}
modules: {modules}
sources:
{sources}"""
    (dossier / "campagne.yaml").write_text(fiche, encoding="utf-8")
    for nom, lignes in tables.items():
        with (dossier / f"{nom}.csv").open("w", encoding="utf-8", newline="") as fichier:
            csv.writer(fichier, delimiter=";").writerows(lignes)
    return dossier


def test_ajouter_un_module(data: Path) -> None:
    """A module is one YAML: the campaign that retains it measures it."""
    _ajouter(data, "modules", "Un module")
    cotations = [["critere", "cotation"], ["8.01.a", "réalisé"]]
    campagne = load_campagne(_campagne(data, '["8"]', autodiagnostic=cotations))
    bilan = measure_autodiagnostic(campagne, par="module")
    assert [(ligne.code, str(ligne.mesure)) for ligne in bilan.lignes] == [("8", "1 sur 1")]
    assert str(measure_autodiagnostic(campagne, par="canal").ligne("courriers").mesure) == "1 sur 1"


def test_ajouter_un_canal(data: Path) -> None:
    """A channel is one YAML: a criterion that names it gives it a rate."""
    _ajouter(data, "canaux", "Un canal")
    module = data / "referentiel" / "demonstration" / "modules" / "8.yaml"
    module.write_text(_exemple("Un module").replace("courriers", "visio"), encoding="utf-8")
    cotations = [["critere", "cotation"], ["8.01.a", "partiel"]]
    campagne = load_campagne(_campagne(data, '["8"]', autodiagnostic=cotations))
    ligne = measure_autodiagnostic(campagne, par="canal").ligne("visio")
    assert (ligne.libelle, str(ligne.mesure)) == ("Visioconférence", "0,5 sur 1")


def test_ajouter_une_grille_mystere(data: Path) -> None:
    """A mystery grid is one YAML: its criteria are decided, its measures summed up."""
    _ajouter(data, "mystere", "Une grille mystère")
    entete = ["vague", "test", "grille", "date", "abouti", "observation", "reponse", "valeur"]
    commun = ["V1", "T1", "visio", "2022-03-01", "oui"]
    lignes = [entete, [*commun, "visio.image", "oui", ""], [*commun, "visio.retard", "", "7"]]
    campagne = load_campagne(_campagne(data, mystere=lignes))
    image = measure_conformite(campagne).ligne("visio.image")
    assert (str(image.mesure), image.cible, image.statut) == (
        "1 sur 1",
        Fraction(4, 5),
        "non démontré",
    )
    retard = measure_delais(campagne).ligne("visio.retard").mesure
    assert isinstance(retard, Durees) and str(retard.dans_cible) == "0 sur 1"


def test_ajouter_une_question(data: Path) -> None:
    """A question is one entry: its column is read, its rate is measured."""
    chemin = data / "referentiel" / "demonstration" / "questionnaire.yaml"
    contenu = yaml.load(chemin.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    contenu["parties"][-1]["questions"] += yaml.load(
        _exemple("Une question"), Loader=yaml.BaseLoader
    )
    chemin.write_text(yaml.safe_dump(contenu, default_style='"'), encoding="utf-8")
    codes = [q["code"] for partie in contenu["parties"] for q in partie["questions"]]
    reponses = ["très satisfait" if code == "proprete" else "" for code in codes]
    tables = [["reponse", "date", *codes], ["R1", "2022-03-01", *reponses]]
    campagne = load_campagne(_campagne(data, enquete=tables))
    ligne = measure_satisfaction(campagne).ligne("proprete")
    assert (ligne.libelle, str(ligne.mesure)) == ("Propreté", "1 sur 1")


def test_ajouter_un_theme(data: Path) -> None:
    """A theme is one entry: the free texts that hold one of its expressions are counted."""
    chemin = data / "referentiel" / "demonstration" / "themes.yaml"
    contenu = yaml.load(chemin.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    contenu["themes"] += yaml.load(_exemple("Un thème"), Loader=yaml.BaseLoader)
    chemin.write_text(yaml.safe_dump(contenu, default_style='"'), encoding="utf-8")
    chemin = chemin.with_name("questionnaire.yaml")
    parties = yaml.load(chemin.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["parties"]
    codes = [q["code"] for partie in parties for q in partie["questions"]]
    textes = ["Impossible de se garer", "Un parking à vélos, merci"]
    lignes = [
        [f"R{n}", "2022-03-01", *(texte if code == "suggestions" else "" for code in codes)]
        for n, texte in enumerate(textes)
    ]
    campagne = load_campagne(_campagne(data, enquete=[["reponse", "date", *codes], *lignes]))
    assert str(measure_themes(campagne).ligne("stationnement").mesure) == "1 sur 2"


def test_une_question_sans_sa_colonne_est_refusee(data: Path) -> None:
    """The survey received before the question was added lacks its column, and is told so."""
    chemin = data / "referentiel" / "demonstration" / "questionnaire.yaml"
    parties = yaml.load(chemin.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["parties"]
    codes = [q["code"] for partie in parties for q in partie["questions"]]
    codes.remove("accueil_global")
    tables = [["reponse", "date", *codes], ["R1", "2022-03-01", *("" for _ in codes)]]
    with pytest.raises(Refus, match="accueil_global"):
        load_campagne(_campagne(data, enquete=tables))


def test_ajouter_une_regle_de_coherence(data: Path) -> None:
    """A consistency rule is one entry: what it looks for is raised, with its own sentence."""
    chemin = data / "referentiel" / "demonstration" / "coherence.yaml"
    contenu = yaml.load(chemin.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    contenu["regles"] += yaml.load(_exemple("Une règle de cohérence"), Loader=yaml.BaseLoader)
    chemin.write_text(yaml.safe_dump(contenu, default_style='"'), encoding="utf-8")
    usagers = [
        ["code", "date", "instance", "objet"],
        ["U1", "2022-03-01", "CLU", "Poser des bancs"],
    ]
    liste = list_coherence(load_campagne(_campagne(data, usagers=usagers)))
    assert "Personne n'a répondu à U1 : Poser des bancs." in [ligne[2] for ligne in liste.lignes]


@pytest.mark.parametrize(("jour", "cible"), [("2026-12-31", "0.8"), ("2027-01-01", "0.9")])
def test_une_cible_qui_change(data: Path, jour: str, cible: str) -> None:
    """A target that changes is one dated line: it holds from that day on, not before."""
    chemin = data / "referentiel" / "demonstration" / "canaux" / "2_telephonie.yaml"
    avant = chemin.read_text(encoding="utf-8").split("cibles:")[0]
    chemin.write_text(avant + _exemple("Une cible qui change"), encoding="utf-8")
    cotations = [["critere", "cotation"], ["1.14.a", "réalisé"]]
    campagne = load_campagne(_campagne(data, date_reference=jour, autodiagnostic=cotations))
    ligne = measure_autodiagnostic(campagne, par="canal").ligne("telephonie")
    assert ligne.cible == Fraction(cible)


def test_ajouter_un_site(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site is one folder: it is found by its name, and its missing sources are no fault."""
    cotations = [["critere", "cotation"], ["1.01.a", "réalisé"]]
    dossier = _campagne(data, autodiagnostic=cotations)
    monkeypatch.setenv("QUALEPREF_RACINE", str(data.parent))
    assert find_campagne("nouvelle") == dossier
    campagne = load_campagne("nouvelle")
    assert campagne.manque("enquete") == "enquête de satisfaction (fichier enquete.csv)"
    taux = measure_autodiagnostic(campagne, par="module").ligne("1").mesure
    assert isinstance(taux, Taux) and taux.observes == 1 and taux.non_evalues > 50


def test_ajouter_une_mesure(monkeypatch: pytest.MonkeyPatch) -> None:
    """A measure is a class and an aspect: table, card, sentence and reading follow."""
    section = AJOUTER.split("## Une mesure\n", 1)[1].split("\n## ", 1)[0]
    espace: dict[str, Any] = {
        "dataclass": dataclass, "Mesure": Mesure, "Termes": Termes, "nombre": nombre,
        "Fraction": Fraction, "Aspect": Aspect, "chiffre": chiffre, "lire_telle": lire_telle,
        "enumerer": enumerer,
    }  # fmt: skip
    for exemple in re.findall(r"```python\n(.*?)```", section, flags=re.DOTALL):
        exec(exemple, espace)
    monkeypatch.setitem(ASPECTS, espace["Ratio"], espace["RATIO"])
    ligne = Ligne("mai", "Mai", espace["Ratio"](240, 3, "guichet"), lignes=(2, 3, 4))
    source = Source("guichets.csv", "0" * 64, "Guichets")
    bilan = Bilan("g", "Affluence", "usager", "n / p", "essai", source, "recensement", (ligne,))
    bloc = Tableau(bilan).bloc()
    assert isinstance(bloc, BlocTableau)
    assert [colonne.titre for colonne in bloc.grille.colonnes] == ["Libellé", "Par guichet"]
    dit = "80,0 par guichet (240 pour 3)"
    assert (bloc.grille.lignes[0][1].texte, bloc.grille.lignes[0][1].chiffre) == (dit, "g.mai")
    assert bloc.notice.lecture == f"« Mai » : {dit}."
    (fiche,) = bilan.chiffres()
    assert (fiche.valeur, fiche.numerateur, fiche.denominateur) == (dit, "240", "3")
    assert texte_phrase(bilan) == f"Mai : {dit}."
    assert isinstance(Graphique(bilan).bloc(), BlocRien), "without a form, a table and no chart"


def test_chaque_mesure_a_son_aspect() -> None:
    """What can be measured can be shown: no measure of the library is left without a row."""
    siennes = {classe for classe in Mesure.__subclasses__() if "core.mesures" in classe.__module__}
    assert len(siennes) >= 11 and siennes == set(ASPECTS)


def test_un_code_dont_on_ne_peut_faire_une_adresse_est_refuse(data: Path) -> None:
    """A capital or an accent in a code would break the address of its figure: it is refused."""
    chemin = data / "referentiel" / "demonstration" / "modules" / "9_essai.yaml"
    chemin.write_text(_exemple("Un module").replace('"8.01"', '"É8"'), encoding="utf-8")
    with pytest.raises(Refus, match="n’est pas un code"):
        load_campagne(_campagne(data))
