"""The sheets beside the register: delays, days off, lists; and the check of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from qualepref_lib.referentiel import libelles
from qualepref_lib.running.classeurs.modele import ENTETE, Champ, Controle, Feuillet, numero_de_jour
from qualepref_lib.running.registre import formules
from qualepref_lib.running.registre.cadrage import Cadrage

DELAIS, FERIES, LISTES = "Délais", "Jours fériés", "Listes"
JOURS_A_AJOUTER, SERVICES_A_AJOUTER = 40, 20
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def controle_dates(cadrage: Cadrage, quoi: str = "") -> Controle:
    """A day of the years of the register; nothing is acknowledged or answered before it came."""
    debut, fin = cadrage.bornes
    mini, maxi = (f"DATE({j.year};{j.month};{j.day})" for j in (debut, fin))
    message = f"Écrire un jour du {debut:%d/%m/%Y} au {fin:%d/%m/%Y}, comme 29/03/{debut:%Y}."
    if quoi:
        mini = f"MAX({mini};{{date_reception}})"
        message = f"{message} {quoi} ne peut pas précéder la réception."
    return Controle("dates", mini=mini, maxi=maxi, titre="Date refusée", message=message)


def make_delais(cadrage: Cadrage) -> Feuillet:
    """The dated delays of mail; the column « Priorité » ranks the rules."""
    listes = cadrage.referentiel.registres
    canaux, natures = libelles(listes.canaux), libelles(listes.natures)
    lignes = [
        (
            formules.OBJETS[regle.objet],
            canaux.get(regle.canal, regle.canal) or formules.TOUS,
            natures.get(regle.nature, regle.nature) or formules.TOUTES,
            delai.depuis,
            delai.jours,
            formules.OUVRES if delai.ouvres else formules.CALENDAIRES,
            delai.source,
        )
        for regle in listes.delais
        if regle.objet in formules.OBJETS
        for delai in regle.delais
    ]
    return Feuillet(
        DELAIS,
        (
            Champ("objet", "Délai de", 20),
            Champ("canal", "Canal", 20),
            Champ("nature", "Nature", 24),
            Champ("depuis", "En vigueur depuis", 14, "fixe_date"),
            Champ("jours", "Jours", 8, "fixe_nombre"),
            Champ("decompte", "Décompte", 13),
            Champ("source", "Source", 48),
            Champ("priorite", "Priorité (calculée)", 16, "fixe_nombre", formule=formules.PRIORITE),
        ),
        tuple((*ligne, _priorite(rang, *ligne[1:4])) for rang, ligne in enumerate(lignes)),
        # Without any rule the names must still point somewhere.
        hauteur=1,
    )


def _priorite(rang: int, canal: str, nature: str, depuis: dt.date) -> int:
    """What the formula of the column gives."""
    precision = (nature != formules.TOUTES) * 2_000_000 + (canal != formules.TOUS) * 1_000_000
    return (precision + numero_de_jour(depuis)) * 1000 + 999 - (ENTETE + 1 + rang)


def make_feries(cadrage: Cadrage) -> Feuillet:
    """Public holidays and closures, then open rows for what the site will decide later."""
    champs = (
        Champ("date", "Date", 13, "fixe_date", controle_dates(cadrage)),
        Champ("jour", "Jour", 13, "calcul", formule=formules.JOUR_SEMAINE),
        Champ("motif", "Motif", 48),
        Champ("origine", "Origine", 34),
    )
    lignes = tuple(
        (jour, JOURS[jour.weekday()], motif, origine) for jour, motif, origine in _chomes(cadrage)
    )
    return Feuillet(FERIES, champs, lignes, ouvertes=JOURS_A_AJOUTER)


def _chomes(cadrage: Cadrage) -> Iterable[tuple[dt.date, str, str]]:
    site = cadrage.site
    annees = range(cadrage.annees[0] - 1, cadrage.annees[1] + 3)
    zone = f"jour férié (zone {site.zone})" if site.zone else "jour férié national"
    jours = [
        (jour, nom, zone)
        for annee in annees
        for jour, nom in site.jours_ouvres.feries(annee).items()
    ]
    jours += [
        (jour, fermeture.libelle, "fermeture déclarée dans la campagne")
        for fermeture in site.fermetures
        for jour in fermeture.jours
        if jour.year in annees
    ]
    return sorted(jours)


def make_listes(cadrage: Cadrage) -> Feuillet:
    """The lists of the référentiel, and the services, which may be added to."""
    listes = cadrage.referentiel.registres
    colonnes: dict[str, tuple[str, int, list[str]]] = {
        "canaux": ("Canaux", 24, list(libelles(listes.canaux).values())),
        "natures": ("Natures", 28, list(libelles(listes.natures).values())),
        "motifs": ("Motifs de réclamation", 32, list(libelles(listes.motifs_reclamation).values())),
        "clotures": ("Clôtures", 36, list(libelles(listes.motifs_cloture).values())),
        "services": ("Services", 40, list(cadrage.services)),
    }
    hauteur = max(1, *(len(valeurs) for _, _, valeurs in colonnes.values()))
    lignes = tuple(
        tuple(valeurs[rang] if rang < len(valeurs) else None for _, _, valeurs in colonnes.values())
        for rang in range(hauteur)
    )
    champs = tuple(
        Champ(nom, titre, large, "saisie" if nom == "services" else "fixe")
        for nom, (titre, large, _) in colonnes.items()
    )
    return Feuillet(LISTES, champs, lignes, hauteur + SERVICES_A_AJOUTER)
