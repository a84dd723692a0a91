"""The register entries of the figures that a list or a sheet quotes from several bilans."""

from __future__ import annotations

from collections.abc import Iterable

from qualepref_lib.core.bilan import Bilan, Chiffre, Ligne


def quoted(citations: Iterable[tuple[Bilan, Ligne]]) -> tuple[Chiffre, ...]:
    """The entries of the lines quoted, each once, in the order of the quotations."""
    registres: dict[str, dict[str, Chiffre]] = {}
    cites: dict[str, Chiffre] = {}
    for bilan, ligne in citations:
        if bilan.code not in registres:
            registres[bilan.code] = {c.code: c for c in bilan.chiffres()}
        code = bilan.identifiant(ligne)
        cites[code] = registres[bilan.code][code]
    return tuple(cites.values())
