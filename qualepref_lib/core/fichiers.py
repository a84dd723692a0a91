"""A file as bytes, then as text, or the French reason why it cannot be read.

Nothing here raises for what a folder may hold: a directory with a file's name, a dead link, a
file that only another account may read.
"""

from __future__ import annotations

import re
from pathlib import Path

from qualepref_lib.core.refus import Releve

# UTF-8 read as Windows text, then saved: « é » becomes « Ã© », « ’ » becomes « â€™ ».
_MOJIBAKE = re.compile(
    "Ã[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œž]|â(?:€|\u0080)|Â[«»°\u00a0]|\ufffd"
)
# Old DOS and Mac text read as Windows text: « é è ê ç » become these characters, which no French
# word holds after a letter.
_AUTRE_JEU = re.compile("(?<=[a-z])[‚Šˆ‡ŽƒŒ]|[‚ˆ‡ƒ](?=[a-z])")


def existe(chemin: Path) -> bool:
    """Whether something bears this name, even a link that leads nowhere."""
    return chemin.is_symlink() or chemin.exists()


def load_octets(chemin: Path, nom: str, releve: Releve) -> bytes | None:
    """The bytes of a file; None, and a problem under ``nom``, when there is no reading it."""
    constat, remede = _obstacle(chemin)
    if not constat:
        try:
            return chemin.read_bytes()
        except PermissionError:
            constat = "le fichier ne peut pas être lu : les droits manquent."
            remede = "demander l’accès au fichier, ou en remettre une copie."
        except (OSError, ValueError):
            constat = "le fichier ne peut pas être lu : le disque ou le réseau ne répond pas."
            remede = "vérifier que le fichier s’ouvre, puis recommencer."
    releve.signaler(nom, constat, remede=remede)
    return None


def _obstacle(chemin: Path) -> tuple[str, str]:
    if chemin.is_file():
        return "", ""
    if chemin.is_dir():
        return "un dossier porte le nom du fichier attendu.", "y mettre le fichier à la place."
    if chemin.is_symlink():
        return "le raccourci ne mène à aucun fichier.", "remettre le fichier lui-même."
    if chemin.exists():
        return "ce n’est pas un fichier ordinaire.", "remettre le fichier lui-même."
    return "le fichier n’existe pas.", "le remettre à sa place, sous ce nom exactement."


def find_mojibake(texte: str, *, windows: bool = False) -> re.Match[str] | None:
    """Where ``texte`` shows that it was read in a wrong encoding; None when it looks right.

    >>> find_mojibake("rÃ©alisÃ©").group(), find_mojibake("réalisé")
    ('Ã©', None)
    """
    trouves = [_MOJIBAKE.search(texte), _AUTRE_JEU.search(texte) if windows else None]
    return min((t for t in trouves if t), key=lambda t: t.start(), default=None)


def numero_de_ligne(texte: str, position: int) -> int:
    """The line of the character at ``position``, counted from 1."""
    return texte.count("\n", 0, position) + 1
