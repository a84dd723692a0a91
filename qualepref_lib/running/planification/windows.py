"""The task of the Windows scheduler, as the XML that ``schtasks /Create /XML`` reads.

The elements stand in the order that the schema of the tasks asks for. ``StartWhenAvailable``
starts what a machine that was off has missed.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.running.planification.programme import (
    Echoue,
    Programme,
    check_chemins,
    run_outil,
)

ESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
DEPART = "2022-01-01"
"""The first day of the task: any past day will do."""


def render_windows(programme: Programme) -> str:
    """The XML of the task."""
    # Between two percent signs the scheduler would read the name of a variable.
    check_chemins(programme, '%"<>|*?', "le planificateur de Windows")
    tache = ElementTree.Element("Task", {"version": "1.2", "xmlns": ESPACE})
    _poser(tache, "RegistrationInfo", Description="Qual-e-Pref : rapports dus au calendrier")
    declencheur = ElementTree.SubElement(
        ElementTree.SubElement(tache, "Triggers"), "CalendarTrigger"
    )
    depart = f"{DEPART}T{programme.heure:02d}:{programme.minute:02d}:00"
    _textes(declencheur, StartBoundary=depart)
    _poser(declencheur, "ScheduleByDay", DaysInterval="1")
    principaux = ElementTree.SubElement(tache, "Principals")
    principal = ElementTree.SubElement(principaux, "Principal", {"id": "Author"})
    _textes(principal, LogonType="InteractiveToken", RunLevel="LeastPrivilege")
    _poser(
        tache,
        "Settings",
        MultipleInstancesPolicy="IgnoreNew",
        DisallowStartIfOnBatteries="false",
        StopIfGoingOnBatteries="false",
        StartWhenAvailable="true",
        ExecutionTimeLimit="PT4H",
    )
    actions = ElementTree.SubElement(tache, "Actions", {"Context": "Author"})
    _poser(
        actions,
        "Exec",
        Command=programme.commande[0],
        Arguments=subprocess.list2cmdline(programme.commande[1:]),
        WorkingDirectory=programme.dossier,
    )
    ElementTree.indent(tache)
    # In plain ASCII and with no encoding declared, it is read whatever a console made of it.
    corps = ElementTree.tostring(tache, encoding="us-ascii").decode("ascii")
    return f'<?xml version="1.0"?>\n{corps}\n'


def install_windows(programme: Programme) -> bool:
    """Register the task for the current user, in the place of the old one."""
    texte = render_windows(programme)
    _verifier_systeme()
    with tempfile.TemporaryDirectory(prefix="qp-") as dossier:
        fichier = Path(dossier) / "tache.xml"
        fichier.write_bytes(texte.encode("utf-16"))
        _schtasks("/Create", "/TN", programme.nom, "/XML", str(fichier), "/F")
    return True


def remove_windows(programme: Programme) -> bool:
    """Remove the task; False when there is none."""
    _verifier_systeme()
    if run_outil(["schtasks", "/Query", "/TN", programme.nom]).returncode:
        return False
    _schtasks("/Delete", "/TN", programme.nom, "/F")
    return True


def _schtasks(*arguments: str) -> None:
    fait = run_outil(["schtasks", *arguments])
    if fait.returncode:
        mots = " ".join(fait.stderr.decode("utf-8", "replace").split())[:200]
        raise Echoue(f"schtasks a refusé la tâche : {mots}")


def _verifier_systeme() -> None:
    if os.name != "nt":
        remede = "enregistrer ce que la commande imprime sans cette option, et le porter là-bas."
        constat = "cette option n’agit que sous Windows ; rien n’est modifié."
        raise Refus(Probleme("planifier windows", constat, remede=remede))


def _poser(parent: ElementTree.Element, nom: str, **textes: str) -> None:
    _textes(ElementTree.SubElement(parent, nom), **textes)


def _textes(parent: ElementTree.Element, **textes: str) -> None:
    for nom, texte in textes.items():
        ElementTree.SubElement(parent, nom).text = texte
