"""Whether the process that left something is still there: its number, and when it began.

A number is given again once its process is gone: with the moment it began, it names one process
for ever. The moment is known under Linux; elsewhere a number that is in use counts as alive.
"""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path


def debut_de(pid: int) -> str:
    """When a process began, as the system counts; empty where that is not known.

    One that has ended and that nobody has buried (a container without init) is gone.
    """
    try:
        etat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    champs = etat.rpartition(")")[2].split()
    return "" if champs[0] in "ZX" else champs[19]


def est_vivant(pid: int, debut: str = "") -> bool:
    """Whether the process is still there; with ``debut``, whether it is still that one."""
    if sys.platform.startswith("linux"):
        actuel = debut_de(pid)
        return bool(actuel) and actuel == (debut or actuel)
    if sys.platform == "win32":  # os.kill would end it
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def marque() -> str:
    """What a file that this process writes aside is named after: it tells the process for ever."""
    moi = os.getpid()
    return f"{machine()}-{debut_de(moi)}-{moi}"


@cache
def machine() -> str:
    """What tells this machine, since it was started, and its space of process numbers."""
    morceaux = [platform.node()]
    with suppress(OSError):
        morceaux.append(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip())
    with suppress(OSError):
        morceaux.append(str(Path("/proc/self/ns/pid").readlink()))
    return hashlib.sha256("\0".join(morceaux).encode()).hexdigest()[:16]
