"""Tiny mystery surveys, written with their two grids and read back by the library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from petite_campagne import Lignes, write_edition, write_fiche, write_lignes

from qualepref_lib.campagne import Campagne, load_campagne

ISSUES = {"sans réponse": "sans_reponse", "occupé": "occupe"}
Test = Mapping[str, str]


def new_grilles(cible: str = "0.8", criteres: Sequence[str] = ("salut",)) -> list[dict[str, Any]]:
    """A grid of visits with these criteria, and one of e-mails with a delay computed from dates."""
    cibles = [{"depuis": "2020-01-01", "valeur": cible, "source": "cas d'essai"}] if cible else []
    return [
        {
            "code": "visite",
            "libelle": "Visites",
            "canal": "accueil",
            "cibles": cibles,
            "observations": [
                {"code": nom, "libelle": nom.capitalize(), "engagements": ["1.01"]}
                for nom in criteres
            ],
        },
        {
            "code": "courriel",
            "libelle": "Courriels",
            "canal": "courriers",
            "cibles": cibles,
            "observations": [
                {"code": "reponse", "libelle": "Réponse"},
                {"code": "delai", "libelle": "Délai", "genre": "mesure", "unite": "jours ouvrés",
                 "maximum": "5", "calcul": "delai_ouvre"},
            ],
        },
    ]  # fmt: skip


def new_lignes(tests: Sequence[Test]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The rows of ``mystere.csv`` and of ``mystere_tentatives.csv`` for the tests of a case."""
    menes = [test for test in tests for _ in range(int(test.get("fois", "1")))]
    lignes: list[dict[str, str]] = []
    tentatives: list[dict[str, str]] = []
    for rang, test in enumerate(menes, 1):
        code = f"T{rang:03d}"
        lignes += _du_test(code, test)
        tentatives += _des_tentatives(code, test)
    return lignes, tentatives


def load_mystere(
    racine: Path,
    lignes: Lignes,
    tentatives: Lignes = (),
    *,
    jour: str = "2022-06-30",
    grilles: Sequence[Mapping[str, Any]] | None = None,
    site: Mapping[str, Any] | None = None,
    vagues: Sequence[Mapping[str, Any]] = (),
) -> Campagne:
    """Write the edition and a campaign of these rows below ``racine``, then read them."""
    write_edition(racine / "referentiel" / "petite", grilles=list(grilles or new_grilles()))
    dossier = racine / "campagnes" / "essai"
    declaration = {"plan": "mystère", "libelle": "mystere", "champ": "essai"}
    fiche = {
        "code": "essai",
        "libelle": "Campagne d'essai",
        "site": {"libelle": "Site d'essai"} | dict(site or {}),
        "edition": "petite",
        "date_reference": jour,
        "modules": ["1"],
        "vagues": list(vagues),
        "sources": {"mystere": declaration},
    }
    write_fiche(dossier / "campagne.yaml", fiche)
    write_lignes(dossier / "mystere.csv", lignes)
    if tentatives:
        write_lignes(dossier / "mystere_tentatives.csv", tentatives)
    return load_campagne(dossier)


def load_cas(racine: Path, donnees: Mapping[str, Any]) -> Campagne:
    """The campaign of a worked case."""
    services = [{"libelle": n, "agents": a} for n, a in donnees.get("services", {}).items()]
    vagues = [
        {"code": code, "libelle": code, "debut": jours.split()[0], "fin": jours.split()[1]}
        for code, jours in donnees.get("vagues", {}).items()
    ]
    return load_mystere(
        racine,
        *new_lignes(donnees["tests"]),
        jour=donnees.get("jour", "2022-06-30"),
        grilles=new_grilles(donnees.get("cible", "0,8").replace(",", ".")),
        site={"zone": donnees.get("zone", ""), "services": services},
        vagues=vagues,
    )


def _du_test(code: str, test: Test) -> Iterator[dict[str, str]]:
    envoi, _, recue = test.get("jours", test.get("date", "2022-03-01")).partition(" ")
    commun = {
        "vague": test.get("vague", "V1"),
        "test": code,
        "grille": "visite" if "salut" in test or "abouti" in test else "courriel",
        "date": envoi,
        "testeur": "A1",
        "codage": "",
        "abouti": test.get("abouti", "oui"),
        "date_reponse": recue,
        "observation": "",
        "reponse": "",
        "valeur": "",
    } | {nom: test[nom] for nom in ("service", "heure", "creneau", "profil", "tentatives")
         if nom in test}  # fmt: skip
    if commun["abouti"] == "non":
        yield commun
    elif "salut" in test:
        yield commun | {"observation": "salut", "reponse": test["salut"]}
        if "double" in test:
            second = {"testeur": "A2", "codage": "double"}
            yield commun | second | {"observation": "salut", "reponse": test["double"]}
    else:
        yield commun | {"observation": "reponse", "reponse": test["reponse"]}
        yield commun | {"observation": "delai", "reponse": "" if recue else "sans objet"}


def _des_tentatives(code: str, test: Test) -> Iterator[dict[str, str]]:
    texte = test.get("issues", "")
    for mots, issue in ISSUES.items():
        texte = texte.replace(mots, issue)
    for rang, issue in enumerate(texte.split(), 1):
        yield {"test": code, "rang": str(rang), "date": "2022-03-01", "issue": issue}
