"""A private folder for the time of a run, named after its process: what a dead one left is known.

Whoever is killed without warning removes nothing; the next run does.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qualepref_lib.running.vivants import est_vivant, machine, marque

PREFIXE = "qualepref-"
NOM = re.compile(r"qualepref-([0-9a-f]{16})-(\d*)-(\d+)-\w+")


@contextmanager
def dossier_prive() -> Iterator[Path]:
    """A folder that only this user reads; removed at the end, whatever it is."""
    dossier = Path(tempfile.mkdtemp(prefix=f"{PREFIXE}{marque()}-")).resolve()
    try:
        yield dossier
    finally:
        shutil.rmtree(dossier, ignore_errors=True)


def sweep_prives() -> int:
    """Remove the private folders of processes of this machine that are gone; how many."""
    retires = 0
    for dossier in Path(tempfile.gettempdir()).glob(f"{PREFIXE}*"):
        nom = NOM.fullmatch(dossier.name)
        if not nom or nom[1] != machine() or dossier.is_symlink():
            continue
        if not est_vivant(int(nom[3]), nom[2]):
            shutil.rmtree(dossier, ignore_errors=True)  # another user's stays: it refuses
            retires += not dossier.exists()
    return retires
