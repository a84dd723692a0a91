"""A campaign fetched into a private folder, with what stands beside it, as a local one is read.

The référentiel two folders above (``<lieu>/referentiel``) and the edition before come too when
they are in the store; what is not there is looked for in the project, as ever.
"""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from qualepref_lib.campagne.dossiers import FICHE, nom_precedente
from qualepref_lib.core.refus import Probleme, Refus, proche
from qualepref_lib.running.stockage.adresses import nom_de
from qualepref_lib.running.stockage.entrepot import Entrepot, open_entrepot
from qualepref_lib.running.stockage.erreurs import dire_erreurs

ESSAIS = 3
"""How many times a campaign that changes while it is read is read again."""


def load_distante(adresse: str, prive: Path) -> Path:
    """Fetch a campaign into ``prive/data``; answer with its folder there.

    Raises :class:`Refus` when there is none, or when it never stops changing.
    """
    entrepot = open_entrepot(adresse)
    with dire_erreurs(adresse):
        campagnes = prive / "data" / "campagnes"
        dossier = campagnes / nom_de(adresse)
        if dossier.parent != campagnes or dossier.name in ("", ".."):
            constat = "cette adresse ne nomme aucun dossier : le site n’aurait pas de nom."
            raise Refus(Probleme(adresse, constat))
        _prendre(adresse, entrepot, dossier)
        if not (dossier / FICHE).is_file():
            raise Refus(_sans_fiche(adresse, entrepot, dossier))
        voisins = entrepot.parent
        if voisins is None:
            return dossier
        avant = nom_precedente(dossier)
        if avant and voisins.sous(avant).existe(FICHE):
            _prendre(adresse, voisins.sous(avant), campagnes / avant)
        if haut := voisins.parent:
            _prendre(adresse, haut.sous("referentiel"), prive / "data" / "referentiel")
    return dossier


def _prendre(adresse: str, entrepot: Entrepot, dossier: Path) -> None:
    """The files as they all were at one moment: if one changes meanwhile, all are read again."""
    for _ in range(ESSAIS):
        shutil.rmtree(dossier, ignore_errors=True)
        avant = entrepot.fichiers()
        with suppress(FileNotFoundError):  # it went away in between: the listings differ
            entrepot.prendre(avant, dossier)
        if entrepot.fichiers() == avant:
            return
    raise Refus(
        Probleme(
            adresse,
            "les fichiers changent pendant qu’ils sont lus.",
            remede="attendre la fin de l’envoi, puis reprendre le lot.",
        )
    )


def _sans_fiche(adresse: str, entrepot: Entrepot, dossier: Path) -> Probleme:
    presents = sorted(f.name for f in dossier.iterdir()) if dossier.is_dir() else []
    if not presents:
        return Probleme(adresse, "ce dossier n’existe pas, ou il est vide.")
    return Probleme(
        adresse,
        f"le dossier de la campagne n’a pas de fichier {FICHE}.",
        connus=tuple(presents),
        voisin=proche(FICHE, [f for f in presents if f.endswith((".yml", ".yaml", ".txt"))]),
        remede=f"y mettre {FICHE}, sous ce nom exactement.",
    )
