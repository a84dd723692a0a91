"""Colours that every colour vision tells apart, and the ink that is read on each.

Two scales: answers go from blue (best) to brown (worst) through a grey middle, shares from light
to dark. Their lightness alone orders them, so that they also hold in black and white.
"""

from __future__ import annotations

from qualepref_lib.display.formes.planche import ENCRE, HACHURES, LIKERT

BLANC, NEUTRE = "#FFFFFF", "#D9D9D9"
CONTRASTE_MIN = 4.5
"""What WCAG 2.1 (1.4.3, level AA) asks of a text."""

SEQUENCE = ("#EEF3FB", "#D3E1F3", "#B3CCEA", "#8FB3DE", "#28609F", "#00306B")
"""From the lowest class to the highest; the step in the middle keeps each text readable."""

_FAVORABLES = {1: (LIKERT[0],), 2: LIKERT[:2], 3: (LIKERT[0], LIKERT[1], "#C9DAEE")}
_DEFAVORABLES = {1: (LIKERT[3],), 2: LIKERT[2:], 3: ("#F3D7BE", LIKERT[2], LIKERT[3])}
_HACHURES = {1: HACHURES[3:], 2: HACHURES[2:], 3: ("/", *HACHURES[2:])}
COTE_MAX = 3
"""Steps that a side tells apart; a longer scale repeats its middle ones, outlined."""


def teintes(nombre: int) -> tuple[str, ...]:
    """The colours of a scale of answers, best first; an odd scale has a grey middle.

    >>> teintes(3)
    ('#00478F', '#D9D9D9', '#8C3B00')
    """
    milieu = (NEUTRE,) if nombre % 2 else ()
    return (*_cote(_FAVORABLES, nombre), *milieu, *_cote(_DEFAVORABLES, nombre, a_l_envers=True))


def hachures(nombre: int) -> tuple[str, ...]:
    """The hatches of a scale of answers: the unfavourable side has some, the rest has none."""
    plein = ("",) * (nombre - nombre // 2)
    return (*plein, *_cote(_HACHURES, nombre, a_l_envers=True))


def _cote(tons: dict[int, tuple[str, ...]], nombre: int, a_l_envers: bool = False) -> list[str]:
    """The steps of one side; past ``COTE_MAX`` the mildest ones share their tone."""
    combien = nombre // 2
    if not combien:
        return []
    choisis = list(tons[min(combien, COTE_MAX)])
    reste = combien - len(choisis)
    return [choisis[0]] * reste + choisis if a_l_envers else choisis + [choisis[-1]] * reste


def contraste(premiere: str, seconde: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.1, relative luminance).

    >>> round(contraste("#FFFFFF", "#000000"))
    21
    """
    sombre, clair = sorted((_luminance(premiere), _luminance(seconde)))
    return (clair + 0.05) / (sombre + 0.05)


def encre_sur(fond: str) -> str:
    """The ink, dark or white, that is better read on a colour."""
    return "white" if contraste(fond, BLANC) > contraste(fond, ENCRE) else ENCRE


def _luminance(couleur: str) -> float:
    """Relative luminance of ``#RRGGBB``: 0 is black, 1 is white."""
    canaux = [int(couleur[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    lineaires = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux]
    return sum(poids * c for poids, c in zip((0.2126, 0.7152, 0.0722), lineaires, strict=True))
