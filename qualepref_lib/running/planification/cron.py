"""The line of a crontab, and the crontab of the user with that line in it or out of it.

In a crontab a percent sign ends the command: it is written ``\\%``. The shell sees the rest, so the
paths are quoted for it. The lines of ours stand between two marks; no other is touched.
"""

from __future__ import annotations

import shlex

from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.running.planification.programme import (
    Echoue,
    Programme,
    check_chemins,
    run_outil,
)

LIGNE_MAXI = 998
"""The longest command that every cron takes."""


def render_cron(programme: Programme) -> str:
    """The lines to put in a crontab, between their marks.

    Standard output goes nowhere: what is left, the errors, cron sends by mail.
    """
    # A backslash cannot be told from the one that protects a percent sign.
    check_chemins(programme, "\\", "cron")
    appel = f"cd {shlex.quote(programme.dossier)} && {shlex.join(programme.commande)} >/dev/null"
    ligne = f"{programme.minute} {programme.heure} * * * {appel.replace('%', chr(92) + '%')}"
    if len(ligne.encode()) > LIGNE_MAXI:
        raise Refus(
            Probleme("dossier du projet", "le chemin est trop long pour une ligne de cron.")
        )
    debut, fin = _marques(programme)
    return f"{debut}\n{ligne}\n{fin}\n"


def install_cron(programme: Programme) -> bool:
    """Put the lines in the user's crontab; False when they are there already."""
    return _changer(programme, render_cron(programme))


def remove_cron(programme: Programme) -> bool:
    """Take the lines out of the user's crontab; False when there are none."""
    return _changer(programme, "")


def merge_cron(avant: str, programme: Programme, bloc: str) -> str:
    """The crontab ``avant`` with ``bloc`` in the place of our lines, or at the end.

    Every other line stays as it is, to the byte. Raises :class:`Refus` when our marks are damaged:
    it could take lines away that are not ours.
    """
    debut, fin = _marques(programme)
    lignes = avant.splitlines(keepends=True)
    nues = [ligne.rstrip("\r\n") for ligne in lignes]
    if nues.count(debut) != nues.count(fin) or nues.count(debut) > 1:
        raise _abime(debut)
    if debut in nues:
        premier, dernier = nues.index(debut), nues.index(fin)
        if dernier < premier:
            raise _abime(debut)
        return "".join([*lignes[:premier], bloc, *lignes[dernier + 1 :]])
    if bloc and avant and not avant.endswith("\n"):
        avant += "\n"
    return avant + bloc


def _changer(programme: Programme, bloc: str) -> bool:
    avant = _lire()
    apres = merge_cron(avant, programme, bloc)
    if apres == avant:
        return False
    fait = run_outil(["crontab", "-"], apres.encode("utf-8", "surrogateescape"))
    if fait.returncode:
        raise Echoue(f"crontab a refusé la ligne : {_mots(fait.stderr)}")
    return True


def _lire() -> str:
    """The user's crontab. Only « no crontab » is an empty one: any other answer is a failure."""
    lu = run_outil(["crontab", "-l"])
    if lu.returncode == 0:
        return lu.stdout.decode("utf-8", "surrogateescape")
    if b"no crontab for" in lu.stderr:
        return ""
    raise Echoue(f"crontab ne se laisse pas lire : {_mots(lu.stderr)}")


def _marques(programme: Programme) -> tuple[str, str]:
    return f"# >>> {programme.nom} >>>", f"# <<< {programme.nom} <<<"


def _abime(marque: str) -> Refus:
    constat = f"les repères « {marque} » ne vont plus par deux ; rien n’est modifié."
    return Refus(Probleme("crontab", constat, remede="les corriger avec « crontab -e »."))


def _mots(octets: bytes) -> str:
    return " ".join(octets.decode("utf-8", "replace").split())[:200]
