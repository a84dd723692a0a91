"""A survey of a million answers to thirty questions: read, checked, counted, weighted, crossed.

``python benchmarks/enquete.py`` writes the answers to a temporary folder, then has each way do the
same work in a process of its own, several times in turn: this library through its ordinary door
(``load_campagne``: every cell checked against the questionnaire, the file hashed), polars and
DuckDB, which check nothing. The figures of the three must be equal. polars and DuckDB come from
``benchmarks/requirements.lock`` (``make bench``); without them only this library is timed.
``LIGNES=3000000`` changes the size.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from commun import RACINE, RAPIDE, fr, publier, secondes

TITRE = "Une enquête d'un million de réponses"
LIGNES = int(os.environ.get("LIGNES", 60_000 if RAPIDE else 1_000_000))
FOIS = 1 if RAPIDE or LIGNES > 1_000_000 else 3
ITEMS = [f"q{rang:02d}" for rang in range(1, 31)]
DEGRES = ["très satisfait", "plutôt satisfait", "plutôt pas satisfait", "pas du tout satisfait"]
SANS = "sans opinion"
PROFILS = ["particulier", "étudiant", "professionnel", "association", "collectivité"]
TRAVAUX = ("lire", "lire, avec le SHA-256", "compter", "moyennes pondérées", "croiser")
"""Reading here includes the print of the file, which provenance needs; the second row adds it to
the time of those that do not take it."""


def write_campagne(dossier: Path) -> Path:
    """A questionnaire of one profile and thirty scale questions, and its answers at random."""
    edition = dossier / "referentiel" / "demonstration"
    source = RACINE / "data" / "referentiel" / "demonstration"
    for fichier in source.rglob("*.yaml"):
        copie = edition / fichier.relative_to(source)
        copie.parent.mkdir(parents=True, exist_ok=True)
        copie.write_bytes(fichier.read_bytes())
    echelle = [{"code": f"d{n}", "libelle": lib, "favorable": str(n < 3).lower()}
               for n, lib in enumerate(DEGRES, 1)]  # fmt: skip
    echelle.append({"code": "so", "libelle": SANS, "hors_base": "true"})
    profil = [{"code": f"p{n}", "libelle": lib} for n, lib in enumerate(PROFILS)]
    questions: list[dict[str, Any]] = [{"code": "profil", "libelle": "Qui ?", "court": "Profil",
                                        "genre": "choix", "modalites": profil}]  # fmt: skip
    questions += [{"code": q, "libelle": f"Question {q} ?", "court": q, "genre": "echelle",
                   "echelle": "s"} for q in ITEMS]  # fmt: skip
    fiche = {"code": "s", "libelle": "Enquête", "question_principale": "q01",
             "echelles": [{"code": "s", "libelle": "Échelle", "modalites": echelle}],
             "parties": [{"code": "p", "libelle": "Partie", "questions": questions}]}  # fmt: skip
    texte = yaml.safe_dump(fiche, allow_unicode=True, default_style='"', sort_keys=False)
    (edition / "questionnaire.yaml").write_text(texte, encoding="utf-8")
    for sourd in ("coherence.yaml",):
        (edition / sourd).unlink(missing_ok=True)
    campagne = dossier / "campagnes" / "essai"
    campagne.mkdir(parents=True)
    (campagne / "campagne.yaml").write_text(FICHE, encoding="utf-8")
    with (campagne / "enquete.csv").open("w", encoding="utf-8") as fichier:
        fichier.writelines(_lignes())
    return campagne


FICHE = """\
code: essai
libelle: "Essai de grande taille"
site: {libelle: "Site d’essai", zone: "57"}
edition: demonstration
demonstration: true
date_reference: 2022-04-01
modules: ["1"]
sources:
  enquete:
    plan: volontaires
    libelle: "Enquête d’essai"
    champ: "réponses tirées au hasard"
"""


def _lignes() -> Iterator[str]:
    hasard = np.random.default_rng(1)
    reponses = np.array([*DEGRES, SANS, ""], dtype=object)
    jours = np.array([f"2021-03-{jour:02d}" for jour in range(1, 31)], dtype=object)
    yield ";".join(["reponse", "date", "profil", *ITEMS]) + "\n"
    for debut in range(0, LIGNES, 100_000):
        n = min(100_000, LIGNES - debut)
        numeros = [f"R{rang}" for rang in range(debut, debut + n)]
        colonnes = [numeros, jours[hasard.integers(0, 30, n)],
                    np.array(PROFILS, dtype=object)[hasard.integers(0, 5, n)]]  # fmt: skip
        poids = [0.2, 0.35, 0.2, 0.1, 0.1, 0.05]
        colonnes += [reponses[hasard.choice(6, n, p=poids)] for _ in ITEMS]
        yield from (";".join(rangee) + "\n" for rangee in zip(*colonnes, strict=True))


def poids_de(n: int) -> Any:
    """A weight for each row, the same for every way."""
    return 0.5 + np.arange(n) % 7 / 4


class Chrono:
    """The seconds of each work, and the figures that it found."""

    def __init__(self) -> None:
        self.durees: dict[str, float] = {}
        self.chiffres: dict[str, list[float]] = {}

    def lu(self, duree: float, a_signer: Path | None = None) -> None:
        """The file was read; ``a_signer`` is the file when its SHA-256 is still to be taken."""
        self.durees["lire"] = duree
        debut = time.perf_counter()
        if a_signer:
            with a_signer.open("rb") as fichier:
                hashlib.file_digest(fichier, "sha256")
        self.durees[TRAVAUX[1]] = duree + time.perf_counter() - debut

    def faire(self, travail: str, calcul: Callable[[], list[float]]) -> None:
        """Time one work."""
        debut = time.perf_counter()
        self.chiffres[travail] = [round(float(v), 6) for v in calcul()]
        self.durees[travail] = time.perf_counter() - debut


def par_qualepref(campagne: Path, chrono: Chrono) -> None:
    """This library: what a chapter calls."""
    from qualepref_lib.campagne import load_campagne
    from qualepref_lib.enquete import reponses as r

    debut = time.perf_counter()
    lue = load_campagne(campagne)
    chrono.lu(time.perf_counter() - debut)
    poids = poids_de(len(lue.tables["enquete"].cadre))

    def moyennes() -> Iterator[float]:
        for item in ITEMS:
            scores = r.scores_de(lue, item)
            dits = ~np.isnan(scores)
            yield np.average(scores[dits], weights=poids[dits])

    chrono.faire("compter", lambda: [v for item in ITEMS for v in r.compter(lue, item)])
    chrono.faire("moyennes pondérées", lambda: list(moyennes()))
    profils = r.codes_de(lue, "profil")
    chrono.faire("croiser", lambda: [v for item in ITEMS for v in r.croiser(
        profils, len(PROFILS), r.codes_de(lue, item), len(DEGRES) + 1).ravel()])  # fmt: skip


def par_polars(campagne: Path, chrono: Chrono) -> None:
    """polars, its answers as Enum, which is how it counts them fastest."""
    import polars as pl

    debut = time.perf_counter()
    genres = {item: pl.Enum([*DEGRES, SANS]) for item in ITEMS} | {"profil": pl.Enum(PROFILS)}
    cadre = pl.read_csv(campagne / "enquete.csv", separator=";", schema_overrides=genres)
    chrono.lu(time.perf_counter() - debut, campagne / "enquete.csv")
    dites, ordre = [*DEGRES, SANS], {d: 4.0 - n for n, d in enumerate(DEGRES)}

    def compter() -> Iterator[float]:
        for item in ITEMS:
            vus = dict(cadre[item].value_counts().iter_rows())
            yield from (vus.get(d, 0) for d in dites)

    def croiser() -> Iterator[float]:
        for item in ITEMS:
            vus = {(p, d): n for p, d, n in cadre.group_by("profil", item).len().iter_rows()}
            yield from (vus.get((p, d), 0) for p in PROFILS for d in dites)

    pondere = cadre.with_columns(poids=poids_de(len(cadre)))
    score = {i: pl.col(i).replace_strict(ordre, default=None, return_dtype=pl.Float64)
             for i in ITEMS}  # fmt: skip
    moyennes = [(score[i] * pl.col("poids")).sum()
                / pl.col("poids").filter(score[i].is_not_null()).sum() for i in ITEMS]  # fmt: skip
    nommees = [m.alias(i) for m, i in zip(moyennes, ITEMS, strict=True)]
    chrono.faire("compter", lambda: list(compter()))
    chrono.faire("moyennes pondérées", lambda: list(pondere.select(nommees).row(0)))
    chrono.faire("croiser", lambda: list(croiser()))


def par_duckdb(campagne: Path, chrono: Chrono) -> None:
    """DuckDB, its answers as ENUM."""
    import duckdb

    dites = [*DEGRES, SANS]
    base = duckdb.connect()
    for genre, noms in (("degre", dites), ("qui", PROFILS)):
        base.execute(f"create type {genre} as enum ({', '.join(map(repr, noms))})")
    debut = time.perf_counter()
    genres = ", ".join([f"'{i}': 'degre'" for i in ITEMS] + ["'profil': 'qui'"])
    base.execute(f"""create table t as select *, row_number() over () - 1 as rang from
        read_csv('{campagne / "enquete.csv"}', delim=';', header=true, types={{{genres}}})""")
    chrono.lu(time.perf_counter() - debut, campagne / "enquete.csv")

    def compter() -> Iterator[float]:
        for item in ITEMS:
            vus = dict(base.execute(f"select {item}, count(*) from t group by 1").fetchall())
            yield from (vus.get(d, 0) for d in dites)

    def moyennes() -> list[float]:
        cas = " ".join(f"when '{d}' then {4 - n}" for n, d in enumerate(DEGRES))
        sommes = [f"sum(s_{i} * p) / sum(p) filter (s_{i} is not null)" for i in ITEMS]
        notes = ", ".join(f"case {i} {cas} end as s_{i}" for i in ITEMS)
        demande = f"select {', '.join(sommes)} from (select {notes}, 0.5 + rang % 7 / 4.0 p from t)"
        return list(base.execute(demande).fetchall()[0])

    def croiser() -> Iterator[float]:
        for item in ITEMS:
            demande = f"select profil, {item}, count(*) from t group by 1, 2"
            vus = {(p, d): n for p, d, n in base.execute(demande).fetchall()}
            yield from (vus.get((p, d), 0) for p in PROFILS for d in dites)

    chrono.faire("compter", lambda: list(compter()))
    chrono.faire("moyennes pondérées", moyennes)
    chrono.faire("croiser", lambda: list(croiser()))


MANIERES = {"qualepref": par_qualepref, "polars": par_polars, "duckdb": par_duckdb}


def enfant(nom: str, campagne: Path) -> None:
    """One way, in this process; its figures as JSON."""
    chrono = Chrono()
    if nom == "qualepref":
        import qualepref_lib.campagne.lecture  # imports are no part of the reading
        import qualepref_lib.enquete.reponses  # noqa: F401
    else:
        __import__(nom)
    MANIERES[nom](campagne, chrono)
    pic = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"durees": chrono.durees, "chiffres": chrono.chiffres, "pic": pic}))


def lancer(nom: str, campagne: Path) -> dict[str, Any]:
    """One way, in a process of its own."""
    commande = [sys.executable, __file__, nom, str(campagne)]
    fait = subprocess.run(commande, capture_output=True, text=True, check=False)
    if fait.returncode:
        raise SystemExit(f"{nom} a échoué :\n{fait.stderr}")
    dit: dict[str, Any] = json.loads(fait.stdout.splitlines()[-1])
    return dit


def main() -> None:
    """Print the figures as a Markdown table."""
    noms = [n for n in MANIERES if n == "qualepref" or importlib.util.find_spec(n)]
    with tempfile.TemporaryDirectory() as dossier:
        campagne = write_campagne(Path(dossier))
        taille = (campagne / "enquete.csv").stat().st_size / 1e6
        courses = [{nom: lancer(nom, campagne) for nom in noms} for _ in range(FOIS)]
    for course in courses:
        for nom in noms[1:]:
            assert course[nom]["chiffres"] == course["qualepref"]["chiffres"], nom
    combien = f"{LIGNES:,}".replace(",", " ")
    print(f"{combien} réponses, {len(ITEMS)} questions, {taille:.0f} Mo. Médianes de {FOIS} tours,")
    print("chaque manière dans son processus ; toutes trouvent les mêmes chiffres.\n")
    print(f"| travail | {' | '.join(noms)} |\n|---|{'---:|' * len(noms)}")
    for travail in TRAVAUX:
        medianes = {n: statistics.median(c[n]["durees"][travail] for c in courses) for n in noms}
        nous = medianes["qualepref"]
        cases = [secondes(medianes[noms[0]])]
        cases += [f"{secondes(medianes[n])} (× {fr(nous / medianes[n])})" for n in noms[1:]]
        print(f"| {travail} | {' | '.join(cases)} |")
        for nom in noms:
            publier(f"enquête : {travail}", nom, medianes[nom])
    pics = [statistics.median(c[n]["pic"] for c in courses) for n in noms]
    print(f"| mémoire au plus haut | {' | '.join(f'{pic:.0f} Mio' for pic in pics)} |")
    print("\n« × » : combien de fois la durée de qualepref tient celle de la colonne.")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        enfant(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
