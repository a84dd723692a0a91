"""courriers.csv: a year of letters, e-mails, forms and complaints.

The committee gave no figure: it said that general information and requests for an appointment are
not followed, and that complaints are. What becomes of a letter is drawn by its nature, its channel
and the period in which it came; the late answers to complaints are counted out exactly.
"""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

from commun import EDITION, load_yaml, write_csv
from tirages import Calendrier, chance, choisir, date, etendre, jours_du_mois

COLONNES = (
    *("chrono", "date_reception", "canal", "nature", "motif", "service", "cle"),
    *("date_accuse", "date_reponse", "canal_reponse", "cloture"),
)
A_TOUTE_HEURE = ("courriel", "formulaire")
"""What arrives on a day off too; a letter is stamped when the office is open."""
RECLAMATION = "reclamation"
JOURS_DE_DOUBLON = 12

Ligne = dict[str, str]


def write_courriers(
    dossier: Path, plan: Any, calendrier: Calendrier, hasard: random.Random
) -> None:
    """Write courriers.csv in ``dossier``, in the order in which the letters came."""
    write_csv(dossier / "courriers.csv", COLONNES, _courriers(plan, calendrier, hasard))


def _courriers(plan: Any, calendrier: Calendrier, hasard: random.Random) -> list[Ligne]:
    """The letters in the order in which they came, numbered from 1 each year."""
    recus = [
        _recevoir(nature, mois, plan, calendrier, hasard)
        for mois, effectifs in plan["volumes"].items()
        for nature in etendre(effectifs, hasard)
    ]
    recus.sort(key=lambda ligne: ligne["date_reception"])
    _numeroter(recus)
    sorts = _sorts_des_reclamations(recus, plan, hasard)
    for ligne in recus:
        _suivre(ligne, sorts.get(ligne["chrono"], ""), plan, calendrier, hasard)
    _donner_les_cles(recus, plan, hasard)
    return recus


def _recevoir(
    nature: str, mois: str, plan: Any, calendrier: Calendrier, hasard: random.Random
) -> Ligne:
    """What is known of a letter when it comes in."""
    canal = choisir(plan["canaux"][nature], hasard)
    motif = choisir(plan["motifs"], hasard) if nature == RECLAMATION else ""
    services = plan["services_reclamation"][motif] if motif else plan["services"][nature]
    poids = {
        jour.isoformat(): plan["poids_ouvre" if calendrier.est_ouvre(jour) else "poids_chome"]
        for jour in jours_du_mois(mois)
        if canal in A_TOUTE_HEURE or calendrier.est_ouvre(jour)
    }
    return {
        "date_reception": choisir(poids, hasard),
        "canal": canal,
        "nature": nature,
        "motif": motif,
        "service": choisir(services, hasard),
    }


def _numeroter(recus: list[Ligne]) -> None:
    annees: dict[str, int] = {}
    for ligne in recus:
        annee = ligne["date_reception"][:4]
        annees[annee] = annees.get(annee, 0) + 1
        ligne["chrono"] = f"{annee}-{annees[annee]:04d}"


def _sorts_des_reclamations(recus: list[Ligne], plan: Any, hasard: random.Random) -> dict[str, str]:
    """By chrono, « tenu » or « hors »: so many late answers a year, among those that can be."""
    siennes = [ligne for ligne in recus if ligne["nature"] == RECLAMATION]
    sorts = {ligne["chrono"]: "tenu" for ligne in siennes}
    for annee, tardives in plan["reclamations_hors_delai"].items():
        echues = [
            ligne["chrono"]
            for ligne in siennes
            if annee <= ligne["date_reception"] < tardives["recues_avant"]
        ]
        sorts |= dict.fromkeys(hasard.sample(echues, int(tardives["nombre"])), "hors")
    return sorts


def _suivre(
    ligne: Ligne, sort: str, plan: Any, calendrier: Calendrier, hasard: random.Random
) -> None:
    """What became of a letter by the last day: acknowledged, answered, closed, or nothing."""
    recu, fin = date(ligne["date_reception"]), plan["fin"]
    cloture = "" if sort else _clore(ligne, plan, hasard)
    sort = sort or choisir(_sorts(ligne, plan), hasard)
    repondu = "" if cloture else _repondre(ligne, sort, plan, calendrier, hasard)
    if repondu and repondu <= fin:
        ligne["date_reponse"] = repondu
        ligne["canal_reponse"] = choisir(plan["canaux_reponse"][ligne["canal"]], hasard)
        cloture = "repondu"
    ligne["cloture"] = cloture
    usage = plan["accuses"][RECLAMATION if ligne["nature"] == RECLAMATION else ligne["canal"]]
    accuse = chance(usage["part"], hasard)
    attente = int(int(usage["etendue"]) * hasard.random() * hasard.random())
    jour = calendrier.ajouter(recu, attente).isoformat()
    if accuse and jour < ligne.get("date_reponse", fin):
        ligne["date_accuse"] = jour


def _clore(ligne: Ligne, plan: Any, hasard: random.Random) -> str:
    """The reason why a letter is closed without an answer; nothing for most."""
    return choisir(plan["clotures"][ligne["nature"]], hasard).strip("-")


def _sorts(ligne: Ligne, plan: Any) -> dict[str, str]:
    """The weights of « tenu », « hors » and « jamais » for a letter, by nature, channel, period."""
    rang = sum(ligne["date_reception"] >= debut for debut in plan["periodes"]) - 1
    famille = "ecran" if ligne["canal"] in A_TOUTE_HEURE else "papier"
    poids = plan["sorts"][ligne["nature"]][famille][rang].split()
    return dict(zip(("tenu", "hors", "jamais"), poids, strict=True))


def _repondre(
    ligne: Ligne, sort: str, plan: Any, calendrier: Calendrier, hasard: random.Random
) -> str:
    """The day of the answer, which may come after the last day of the register."""
    if sort == "jamais":
        return ""
    delai = _delais()[ligne["nature"], ligne["canal"]]
    if sort == "tenu":
        # People answer near the end of the delay: the later of two draws.
        combien = int((delai + 1) * max(hasard.random(), hasard.random()))
        combien = max(combien, 1) if ligne["canal"] not in A_TOUTE_HEURE else combien
    else:
        etendue = int(plan["retard_au_plus"])
        combien = delai + 1 + int(etendue * hasard.random() * hasard.random())
    return calendrier.ajouter(date(ligne["date_reception"]), combien).isoformat()


@cache
def _delais() -> dict[tuple[str, str], int]:
    """The delay to answer each nature and channel: that of the nature, if any, wins."""
    listes = load_yaml(EDITION / "registres.yaml")
    regles = [r for r in listes["delais"] if r["objet"] == "reponse"]
    return {
        (n["code"], c["code"]): int(r["delais"][-1]["jours"])
        for n in listes["natures"]
        for c in listes["canaux"]
        for r in sorted(regles, key=lambda r: "nature" in r)
        if r.get("canal", c["code"]) == c["code"] and r.get("nature", n["code"]) == n["code"]
    }


def _donner_les_cles(recus: list[Ligne], plan: Any, hasard: random.Random) -> None:
    """An opaque key each; some people write again, and a duplicate has the key of its original."""
    numeros = hasard.sample(range(1, 10_000), len(recus))
    for rang, (ligne, numero) in enumerate(zip(recus, numeros, strict=True)):
        ligne["cle"] = f"K{numero:04d}"
        avant = [autre for autre in recus[:rang] if _peut_relancer(autre, ligne)]
        if ligne["cloture"] == "doublon":
            if proches := [autre for autre in avant if _est_proche(autre, ligne)]:
                ligne["cle"] = proches[-1]["cle"]
            else:
                ligne["cloture"] = "sans_suite"
        elif avant and chance(plan["part_relances"], hasard):
            ligne["cle"] = hasard.choice(avant[-40:])["cle"]


def _peut_relancer(avant: Ligne, ligne: Ligne) -> bool:
    """A reminder is of the same nature, and comes on another day."""
    plus_tot = avant["date_reception"] < ligne["date_reception"]
    return plus_tot and avant["nature"] == ligne["nature"] and avant["cloture"] != "doublon"


def _est_proche(avant: Ligne, ligne: Ligne) -> bool:
    ecart = date(ligne["date_reception"]) - date(avant["date_reception"])
    return ecart.days <= JOURS_DE_DOUBLON
