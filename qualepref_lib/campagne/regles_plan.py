"""What the rows of the action plan must respect together: codes, dates, progress, dependencies.

A *problem* is a row that no honest projection can be made of: two actions under one code, an end
before its start, a dependency that leads nowhere or back to itself. What is only doubtful, a done
action at 60 %, an action due before the one it waits for, is a *remark*: it is read as written.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from qualepref_lib.campagne.contexte import Contexte, Regle, unique
from qualepref_lib.core.refus import extrait

OUVERTES = ("a_faire", "en_cours")
"""The statuses of what is still to be done."""


def _codes_d_action(c: Contexte) -> None:
    """Codes that differ by case or punctuation only would share one identity in the register."""
    formes = c.cadre["code"].dropna().str.lower().str.replace(r"[^a-z0-9]", "-", regex=True)
    doubles = formes.duplicated(keep=False) & ~c.cadre["code"].duplicated(keep=False)
    c.signaler(
        doubles.reindex(c.cadre.index, fill_value=False),
        "code",
        "ce code ne diffère d’un autre que par la casse ou la ponctuation.",
        "donner à chaque action un code bien distinct, par exemple A01.",
    )


def _dates_d_action(c: Contexte) -> None:
    cadre, jour = c.cadre, c.fiche.date_reference
    ouverte = cadre["statut"].isin(OUVERTES)
    remede = "corriger l’une des deux dates."
    c.signaler(
        cadre["debut"] > cadre["echeance"], "echeance", "l’échéance précède le début.", remede
    )
    c.signaler(
        cadre["fait_le"].notna() & cadre["statut"].isin((*OUVERTES, "abandonne")),
        "fait_le",
        "date d’achèvement d’une action qui n’est pas faite.",
        "corriger le statut, ou vider la date.",
    )
    c.remarquer(
        cadre["fait_le"] < cadre["debut"], "fait_le", "achèvement antérieur au début prévu."
    )
    c.remarquer(
        cadre["fait_le"] > pd.Timestamp(jour),
        "fait_le",
        f"achèvement postérieur à la date de référence ({jour:%d/%m/%Y}).",
    )
    c.remarquer(ouverte & c.vides("echeance"), "echeance", "action ouverte sans échéance.")
    c.remarquer(
        (cadre["statut"] == "en_cours") & (cadre["debut"] > pd.Timestamp(jour)),
        "debut",
        f"action en cours dont le début est après la date de référence ({jour:%d/%m/%Y}).",
    )


def _avancement(c: Contexte) -> None:
    """Status and progress are declared apart: they should tell one story."""
    statut, part = c.cadre["statut"], c.cadre["avancement"]
    c.remarquer(
        statut.isin(OUVERTES) & (part == 100),
        "avancement",
        "avancement de 100 % d’une action qui n’est pas faite.",
    )
    c.remarquer(
        (statut == "fait") & (part < 100),
        "avancement",
        "action faite dont l’avancement est au-dessous de 100 %.",
    )
    c.remarquer(
        (statut == "a_faire") & (part > 0),
        "avancement",
        "action à faire dont l’avancement n’est pas nul.",
    )


def _dependances(c: Contexte) -> None:
    """Codes that exist, no circle; then what the dates and the statuses say of each link."""
    liens = _liens(c)
    _inconnues(c, liens)
    connus = set(liens)
    liens = {code: tuple(d for d in siennes if d in connus) for code, siennes in liens.items()}
    for cercle in _cercles(liens):
        lignes = [_ligne(c, code) for code in sorted(cercle, key=lambda code: _ligne(c, code))]
        noms = " → ".join([*map(extrait, cercle), extrait(cercle[0])])
        constat = "l’action dépend d’elle-même" if len(cercle) == 1 else "dépendance circulaire"
        c.releve.signaler(
            c.nom,
            f"{constat} : {noms}.",
            ligne=lignes[0],
            autres=tuple(lignes[1:]),
            colonne="depend_de",
            remede="retirer l’un de ces liens.",
        )
    _remarquer_liens(c, liens)


def _liens(c: Contexte) -> dict[str, tuple[str, ...]]:
    """The dependencies of each action, by code; a code that is there twice is refused elsewhere."""
    cadre = c.cadre[c.cadre["code"].notna()].drop_duplicates("code")
    return dict(zip(cadre["code"], cadre["depend_de"], strict=True))


def _ligne(c: Contexte, code: str) -> int:
    return int(c.cadre.index[c.cadre["code"] == code][0])


def _inconnues(c: Contexte, liens: dict[str, tuple[str, ...]]) -> None:
    for code, siennes in liens.items():
        for dependance in siennes:
            if dependance not in liens:
                c.releve.signaler_inconnu(
                    c.nom,
                    "le code d’une action du plan",
                    dependance,
                    tuple(liens),
                    ligne=_ligne(c, code),
                    colonne="depend_de",
                    remede="écrire le code d’une autre action, ou vider la cellule.",
                )


def _cercles(liens: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The circles of a plan, each once: from an action, the way that leads back to it."""
    dits: set[str] = set()
    for depart in liens:
        chemin = _retour(depart, liens) if depart not in dits else ()
        if chemin:
            dits.update(chemin)
            yield chemin


def _retour(depart: str, liens: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The shortest way from ``depart`` back to itself; empty when there is none."""
    chemins: list[tuple[str, ...]] = [(depart,)]
    vus: set[str] = set()
    for chemin in chemins:
        for suivante in liens[chemin[-1]]:
            if suivante == depart:
                return chemin
            if suivante not in vus:
                vus.add(suivante)
                chemins.append((*chemin, suivante))
    return ()


def _remarquer_liens(c: Contexte, liens: dict[str, tuple[str, ...]]) -> None:
    cadre = c.cadre[c.cadre["code"].notna()].drop_duplicates("code").set_index("code")
    for code, siennes in liens.items():
        action = cadre.loc[code]
        for nom in siennes:
            attendue, ligne = cadre.loc[nom], _ligne(c, code)
            constats = (
                (
                    action["statut"] == "fait" and attendue["statut"] in OUVERTES,
                    f"action faite avant celle dont elle dépend ({extrait(nom)}).",
                ),
                (
                    action["statut"] in OUVERTES and attendue["statut"] == "abandonne",
                    f"l’action dépend d’une action abandonnée ({extrait(nom)}).",
                ),
                (
                    action["statut"] in OUVERTES
                    and attendue["statut"] in OUVERTES
                    and bool(action["echeance"] < attendue["echeance"]),
                    f"échéance antérieure à celle de l’action dont elle dépend ({extrait(nom)}).",
                ),
            )
            for vrai, constat in constats:
                if vrai:
                    c.releve.remarquer(c.nom, constat, ligne=ligne, colonne="depend_de")


REGLES_PLAN: tuple[Regle, ...] = (
    unique("code"),
    _codes_d_action,
    _dates_d_action,
    _avancement,
    _dependances,
)
