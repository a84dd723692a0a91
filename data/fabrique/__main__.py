"""`python data/fabrique [dossier]`: rewrites every CSV and evidence file of the demonstration.

The same bytes come out on every machine: each script draws from its own seed, and reads no clock.
Without an argument the files of data/campagnes are rewritten.
"""

from __future__ import annotations

import sys
from pathlib import Path

from audit import write_audit
from autodiagnostic import write_autodiagnostic
from commun import ICI
from enquete import write_enquete
from mystere import write_mystere
from plan_actions import write_plan_actions
from registres import write_registres


def write_demonstration(campagnes: Path) -> None:
    """Write the files of both campaigns below ``campagnes``."""
    passee, en_cours = campagnes / "moselle_2022", campagnes / "moselle_2026_en_cours"
    write_autodiagnostic(passee)
    write_plan_actions(passee)
    write_mystere(passee)
    write_enquete(passee)
    write_audit(passee)
    write_registres(passee)
    write_autodiagnostic(en_cours, en_cours=True)
    write_plan_actions(en_cours, en_cours=True)


if __name__ == "__main__":
    write_demonstration(Path(sys.argv[1]) if len(sys.argv) > 1 else ICI.parent / "campagnes")
