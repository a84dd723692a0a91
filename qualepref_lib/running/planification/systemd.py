"""The user's systemd units: a service that runs the calendar once, a timer that starts it.

``Persistent=true`` starts it after a night off, too. In a unit a percent sign begins a specifier,
so it is doubled; the colon before the command leaves dollar signs alone.
"""

from __future__ import annotations

import os
from pathlib import Path

from qualepref_lib.running.atomique import write_atomique
from qualepref_lib.running.planification.programme import (
    Echoue,
    Programme,
    check_chemins,
    run_outil,
)


def render_systemd(programme: Programme) -> dict[str, str]:
    """The text of each unit, by the name of its file."""
    # A backslash escapes in a command and not in a folder, and one at the end joins two lines.
    check_chemins(programme, "\\", "systemd")
    dossier = programme.dossier.replace("%", "%%")
    commande = " ".join(_mot(mot) for mot in _commande(programme))
    service = f"""\
[Unit]
Description=Qual-e-Pref : rapports dus au calendrier

[Service]
Type=oneshot
WorkingDirectory={dossier}
ExecStart=:{commande}
"""
    minuteur = f"""\
[Unit]
Description=Qual-e-Pref : chaque jour, les rapports dus

[Timer]
OnCalendar=*-*-* {programme.heure:02d}:{programme.minute:02d}:00
Persistent=true

[Install]
WantedBy=timers.target
"""
    return {f"{programme.nom}.service": service, f"{programme.nom}.timer": minuteur}


def dossier_unites() -> Path:
    """Where the user's own units are."""
    config = os.environ.get("XDG_CONFIG_HOME", "")
    base = Path(config) if config.startswith("/") else Path.home() / ".config"
    return base / "systemd" / "user"


def install_systemd(programme: Programme) -> bool:
    """Write the units and start the timer; False when they are there already."""
    unites = render_systemd(programme)
    dossier = dossier_unites()
    dossier.mkdir(parents=True, exist_ok=True)
    a_ecrire = {n: t for n, t in unites.items() if _lire(dossier / n) != t}
    for nom, texte in a_ecrire.items():
        write_atomique(dossier / nom, texte.encode(), remplacer=True)
    for suite in (("daemon-reload",), ("enable", "--now", f"{programme.nom}.timer")):
        fait = run_outil(["systemctl", "--user", *suite])
        if fait.returncode:
            raise Echoue(
                f"les unités sont écrites ({dossier}), mais systemctl ne les prend pas : "
                f"{' '.join(fait.stderr.decode('utf-8', 'replace').split())[:200]} À taper dans "
                f"une session de l’utilisateur : systemctl --user {' '.join(suite)}"
            )
    return bool(a_ecrire)


def remove_systemd(programme: Programme) -> bool:
    """Stop the timer and remove the units; False when there are none."""
    presentes = [p for nom in render_systemd(programme) if (p := dossier_unites() / nom).exists()]
    if not presentes:
        return False
    arret = run_outil(["systemctl", "--user", "disable", "--now", f"{programme.nom}.timer"])
    for chemin in presentes:
        chemin.unlink()
    relu = run_outil(["systemctl", "--user", "daemon-reload"])
    if arret.returncode or relu.returncode:
        raise Echoue(
            "les unités sont enlevées, mais systemctl ne répond pas. À taper dans une session de "
            "l’utilisateur : systemctl --user daemon-reload"
        )
    return True


def _lire(chemin: Path) -> str | None:
    try:
        return chemin.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None


def _commande(programme: Programme) -> tuple[str, ...]:
    """What to start; systemd takes no program whose name holds a quote, a shell does."""
    if set(programme.commande[0]) & {"'", '"'}:
        return ("/bin/sh", "-c", 'exec "$0" "$@"', *programme.commande)
    return programme.commande


def _mot(texte: str) -> str:
    """A word of a command line, quoted as systemd reads it."""
    return '"' + texte.replace('"', '\\"').replace("%", "%%") + '"'
