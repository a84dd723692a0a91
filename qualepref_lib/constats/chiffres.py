"""The register entries of the figures that a list or a sheet quotes from several bilans."""

from __future__ import annotations

from collections.abc import Iterable

from qualepref_lib.core.bilan import Bilan, Chiffre, Ligne


def quoted(citations: Iterable[tuple[Bilan, Ligne]]) -> tuple[Chiffre, ...]:
    """The entries of the lines quoted, each once, in the order of the quotations."""
    registres: dict[tuple[str, str], dict[str, Chiffre]] = {}
    cites: dict[str, Chiffre] = {}
    for bilan, ligne in citations:
        # The indicators of the registers are one subject read from several files.
        bilan_de = bilan.code, bilan.source.fichier
        if bilan_de not in registres:
            registres[bilan_de] = {c.code: c for c in bilan.chiffres()}
        code = bilan.identifiant(ligne)
        cites[code] = registres[bilan_de][code]
    return tuple(cites.values())
