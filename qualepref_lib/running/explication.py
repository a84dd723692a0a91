"""A figure's card: formula, numerator, denominator, rows and file of a printed number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from qualepref_lib.campagne import find_campagne, sha256
from qualepref_lib.core.refus import Probleme, Refus, proche
from qualepref_lib.running.carnets import find_racine

LIBELLES = {
    "libelle": "Chiffre",
    "valeur": "Valeur",
    "formule": "Formule",
    "numerateur": "Numérateur",
    "denominateur": "Dénominateur",
    "intervalle": "Intervalle",
    "fichier": "Fichier",
    "lignes": "Lignes",
    "sha256": "SHA-256",
}


def explain(code: str, campagne: str) -> list[tuple[str, str]]:
    """The card of the figure ``code`` in the last report of ``campagne``, as (name, value) rows.

    ``code`` is the identity printed in the register; the anchor of the page (``c-…``) is accepted
    too. Raises :class:`Refus` when there is no report, or no such figure.
    """
    dossier = find_campagne(campagne)
    registre = _load_registre(dossier.name)
    fiches = {fiche["code"]: fiche for fiche in registre}
    ancres = {f"c-{rang}": connu for rang, connu in enumerate(fiches, start=1)}
    connu = ancres.get(code.removeprefix("#"), code)
    if connu not in fiches:
        raise Refus(
            Probleme(
                "registre des chiffres",
                f"aucun chiffre « {code} ».",
                connus=tuple(fiches),
                voisin=proche(code, fiches),
            )
        )
    return list(_lignes(fiches[connu], dossier))


def _load_registre(nom: str) -> list[dict[str, str]]:
    chemin = find_racine() / "reports" / nom / "chiffres.json"
    if not chemin.exists():
        raise Refus(
            Probleme(
                f"reports/{nom}",
                "le registre des chiffres n’est pas là.",
                remede=f"faire d’abord : qualepref rapport {nom}",
            )
        )
    registre: list[dict[str, str]] = json.loads(chemin.read_text(encoding="utf-8"))
    return registre


def _lignes(fiche: dict[str, str], dossier: Path) -> Iterator[tuple[str, str]]:
    for cle, nom in LIBELLES.items():
        if fiche[cle]:
            yield nom, fiche[cle]
    source = dossier / fiche["fichier"]
    if fiche["sha256"] and (not source.exists() or sha256(source) != fiche["sha256"]):
        yield "Attention", "le fichier a changé depuis ce rapport : refaire le rapport."
