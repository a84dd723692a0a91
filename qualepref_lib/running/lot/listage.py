"""Which campaigns are at an address: it is one, or holds some, or is a pattern."""

from __future__ import annotations

from functools import partial

from qualepref_lib.campagne.dossiers import EXTENSIONS, FICHE
from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.running.lot.etats import ECHEC, REFUSE
from qualepref_lib.running.lot.sites import SOUS_DOSSIERS, Site
from qualepref_lib.running.stockage.a_part import run_a_part
from qualepref_lib.running.stockage.adresses import SECRET, couper_motif, enfant, nom_de
from qualepref_lib.running.stockage.entrepot import Entrepot, open_entrepot
from qualepref_lib.running.stockage.erreurs import Injoignable, dire_erreurs

DELAI_S = 60.0


def list_distants(adresse: str) -> list[Site]:
    """The campaigns at an address; one that cannot be read is a site that has failed already.

    It bears its address for a name, and stops no other.
    """
    adresse = adresse.removesuffix(f"/{FICHE}").rstrip("/")
    try:
        adresses = run_a_part(adresse, partial(_lister, adresse), DELAI_S)
    except Refus as refus:
        etat = ECHEC if isinstance(refus, Injoignable) else REFUSE
        montree = SECRET.sub("://…@", adresse)
        return [Site(montree, montree, etat, str(refus))]
    return [Site(nom_de(trouvee), trouvee) for trouvee in adresses]


def _lister(adresse: str) -> list[str]:
    base, motif = couper_motif(adresse)
    entrepot = open_entrepot(base)
    with dire_erreurs(adresse):
        if not motif:
            return _campagnes(adresse, entrepot)
        trouves = entrepot.correspondent(motif)
        if not trouves:
            raise Refus(Probleme(adresse, "aucun dossier ne correspond à ce motif."))
        return [a for t in trouves for a in _campagnes(enfant(base, t), entrepot.sous(t))]


def _campagnes(adresse: str, entrepot: Entrepot) -> list[str]:
    contenu = entrepot.contenu()
    if _est_campagne(contenu):
        return [adresse]
    for lieu in ("", *SOUS_DOSSIERS):
        siennes = _contenues(entrepot.sous(lieu))
        if siennes:
            return [enfant(adresse, f"{lieu}/{nom}".lstrip("/")) for nom in siennes]
    constat = "ce dossier ne contient aucune campagne."
    raise Refus(Probleme(adresse, constat, connus=tuple(sorted(contenu))))


def _contenues(entrepot: Entrepot) -> list[str]:
    try:
        contenu = entrepot.contenu()
    except (FileNotFoundError, NotADirectoryError):
        return []
    dossiers = [n for n, e in contenu.items() if e["type"] == "directory" and n[0] not in ".~"]
    return [nom for nom in sorted(dossiers) if _est_campagne(entrepot.sous(nom).contenu())]


def _est_campagne(contenu: object) -> bool:
    """A form, or data and no form: that one will be refused, not forgotten."""
    assert hasattr(contenu, "__iter__")
    return any(nom == FICHE or nom.endswith(EXTENSIONS) for nom in contenu)
