"""The seeded search: ratings that give exactly the published rates, strengths and axes.

Everything is counted in half points, so that no rounding hides anywhere. A seeded walk changes
one fragile criterion at a time and keeps the change when the ratings get no further from what is
asked, or now and then one half point further; the distance is 0 when everything is met.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from commun import Critere

DEMI_POINTS = {"réalisé": 2, "partiel": 1, "non réalisé": 0}

MODULES = {"1": 70, "2": 75}
CANAUX = {
    "internet": 85,
    "reseaux_sociaux": 77,
    "telephonie": 73,
    "accueil_physique": 70,
    "courriers": 44,
}
POINTS_FORTS = ("1.03", "1.04", "1.07", "1.10", "1.11", "1.15")
AXES = ("1.05", "1.06", "1.09", "1.14", "1.17")

PAS = 60_000


@dataclass(frozen=True)
class Contrainte:
    """The half points of some criteria must lie between two bounds, both included."""

    criteres: tuple[str, ...]
    mini: int
    maxi: int

    def ecart(self, cotations: Mapping[str, str]) -> int:
        """How many half points are missing, or too many."""
        total = sum(DEMI_POINTS[cotations[code]] for code in self.criteres)
        return max(self.mini - total, total - self.maxi, 0)


def contraintes(criteres: Iterable[Critere]) -> list[Contrainte]:
    """What the published figures ask of the applicable ``criteres``."""
    criteres = list(criteres)
    demandes = [
        *((_codes(criteres, "module", code), taux) for code, taux in MODULES.items()),
        *((_codes(criteres, "canal", code), taux) for code, taux in CANAUX.items()),
    ]
    engagements = dict.fromkeys(critere.engagement for critere in criteres)
    return [_arrondi(codes, taux) for codes, taux in demandes] + [
        _palier(code, _codes(criteres, "engagement", code)) for code in engagements
    ]


def _codes(criteres: list[Critere], nature: str, code: str) -> tuple[str, ...]:
    if nature == "canal":
        return tuple(c.code for c in criteres if code in c.canaux)
    return tuple(c.code for c in criteres if getattr(c, nature) == code)


def _arrondi(codes: tuple[str, ...], taux: int) -> Contrainte:
    """The half points whose rate prints as ``taux`` per cent, rounded half up."""
    base = 2 * len(codes)
    admis = [p for p in range(base + 1) if (200 * p + base) // (2 * base) == taux]
    if not admis:
        raise ValueError(f"{len(codes)} criteria cannot give {taux} %")
    return Contrainte(codes, min(admis), max(admis))


def _palier(engagement: str, codes: tuple[str, ...]) -> Contrainte:
    """A strength has every point, an axis less than half of them, any other is in between."""
    base = 2 * len(codes)
    if engagement in POINTS_FORTS:
        return Contrainte(codes, base, base)
    if engagement in AXES:
        return Contrainte(codes, 0, (base - 1) // 2)
    return Contrainte(codes, (base + 1) // 2, base - 1)


def search_cotations(
    criteres: Iterable[Critere], fragiles: Mapping[str, tuple[str, ...]], graine: int
) -> dict[str, str]:
    """A rating for each applicable criterion; ``fragiles`` are the ones that may not be met.

    Raises ValueError when the walk does not meet every constraint.
    """
    criteres = list(criteres)
    demandes = contraintes(criteres)
    tirage = random.Random(graine)
    cotations = {critere.code: "réalisé" for critere in criteres}
    cotations |= {code: _tirer(tirage, choix) for code, choix in fragiles.items()}
    libres = [code for code, choix in fragiles.items() if len(choix) > 1]
    ecart = _ecart(demandes, cotations)
    for _ in range(PAS):
        if not ecart:
            return cotations
        code = _tirer(tirage, libres)
        essai = cotations | {code: _tirer(tirage, fragiles[code])}
        nouveau = _ecart(demandes, essai)
        if nouveau <= ecart + (tirage.random() < 0.1):
            cotations, ecart = essai, nouveau
    raise ValueError(f"no ratings found, {ecart} half points away")


def _ecart(demandes: list[Contrainte], cotations: Mapping[str, str]) -> int:
    return sum(demande.ecart(cotations) for demande in demandes)


def _tirer(tirage: random.Random, choix: list[str] | tuple[str, ...]) -> str:
    """One of ``choix``, from ``random()`` alone: its sequence is the same for every Python."""
    return choix[int(tirage.random() * len(choix))]
