"""The mail register as a workbook: its sheet to fill in, the sheets beside it, the names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from qualepref_lib.running.classeurs.modele import (
    ENTETE,
    Champ,
    Classeur,
    Controle,
    Feuillet,
    Plage,
    Surlignage,
    Valeur,
)
from qualepref_lib.running.registre import formules
from qualepref_lib.running.registre.annexes import (
    LISTES,
    controle_dates,
    make_delais,
    make_feries,
    make_listes,
)
from qualepref_lib.running.registre.cadrage import Cadrage
from qualepref_lib.running.registre.mode_emploi import lignes_du_mode_emploi

REGISTRE, MODE_EMPLOI = "Registre", "Mode d’emploi"
SAISIES = (
    "chrono", "date_reception", "canal", "nature", "motif", "service", "cle", "date_accuse",
    "date_reponse", "canal_reponse", "cloture",
)  # fmt: skip
"""The columns that are filled in and read back, in their order; they come first."""


def make_classeur(cadrage: Cadrage, lignes: Sequence[tuple[Valeur, ...]]) -> Classeur:
    """The workbook; ``lignes`` are the rows of the register, in the order of its columns."""
    registre = Feuillet(
        REGISTRE,
        champs_registre(cadrage),
        tuple(lignes),
        figees=1,
        filtre=True,
        surlignages=_surlignages(),
    )
    delais, feries, listes = make_delais(cadrage), make_feries(cadrage), make_listes(cadrage)
    aide = lignes_du_mode_emploi(cadrage.titre, cadrage.annees, bool(cadrage.service))
    champs_aide = (
        Champ("rubrique", MODE_EMPLOI, 26, "titre"),
        Champ("texte", cadrage.titre, 96, "prose"),
    )
    emploi = Feuillet(MODE_EMPLOI, champs_aide, aide)
    return Classeur(
        titre=cadrage.titre,
        date=dt.date(cadrage.annees[0], 1, 1),
        feuillets=(registre, delais, feries, listes, emploi),
        plages=(
            *(
                _plage(f"Delais_{nom}", delais, nom)
                for nom in (
                    "objet", "canal", "nature", "depuis", "jours", "decompte", "priorite"
                )
            ),
            _plage("Jours_chomes", feries, "date"),
            *(_plage(f"Liste_{champ.nom}", listes, champ.nom) for champ in listes.champs),
        ),
    )  # fmt: skip


def champs_registre(cadrage: Cadrage) -> tuple[Champ, ...]:
    """The columns of the sheet to fill in; each heading reads back as the column of the source."""
    calendaires = any(
        not d.ouvres
        for regle in cadrage.referentiel.registres.delais
        if regle.objet in formules.OBJETS
        for d in regle.delais
    )
    service = formules.service_par_defaut(cadrage.service) if cadrage.service else ""
    accuse, reponse = (controle_dates(cadrage, quoi) for quoi in ("L’accusé", "La réponse"))
    return (
        Champ("chrono", "Chrono", 15),
        Champ("date_reception", "Date réception", 12, "saisie_date", controle_dates(cadrage)),
        Champ("canal", "Canal", 20, "saisie", _liste("canaux", "Canal")),
        Champ("nature", "Nature", 19, "saisie", _liste("natures", "Nature")),
        Champ("motif", "Motif", 20, "saisie", _liste("motifs", "Motif")),
        Champ("service", "Service", 19, "saisie", _liste("services", "Service"), service),
        Champ("cle", "Clé", 11, "saisie", _cle()),
        Champ("date_accuse", "Date accusé", 12, "saisie_date", accuse),
        Champ("date_reponse", "Date réponse", 12, "saisie_date", reponse),
        Champ("canal_reponse", "Canal réponse", 20, "saisie", _liste("canaux", "Canal réponse")),
        Champ("cloture", "Clôture", 19, "saisie", _liste("clotures", "Clôture")),
        Champ(
            "echeance_accuse",
            "Échéance accusé",
            12,
            "calcul_date",
            formule=formules.echeance("accuse", calendaires),
        ),
        Champ("etat_accuse", "État accusé", 13, "calcul", formule=formules.etat_accuse()),
        Champ(
            "echeance",
            "Échéance",
            12,
            "calcul_date",
            formule=formules.echeance("reponse", calendaires),
        ),
        Champ("etat", "État", 20, "calcul", formule=formules.etat(cadrage.repondu)),
    )


def _surlignages() -> tuple[Surlignage, ...]:
    """The first that is true gives its colour; the words of the state columns say the same."""
    return (
        Surlignage('{etat}="en retard"', "retard", "chrono", "etat"),
        Surlignage('OR({etat}="à vérifier";{etat}="à compléter")', "alerte", "chrono", "etat"),
        Surlignage('{etat_accuse}="en retard"', "retard", "echeance_accuse", "etat_accuse"),
        Surlignage('{etat}="échéance proche"', "proche", "echeance", "etat"),
    )


def _liste(liste: str, titre: str) -> Controle:
    if liste == "services":
        message = "Ce service n’est pas dans la feuille Listes. Le garder tout de même ?"
        return Controle("liste", "Liste_services", titre=titre, message=message, stricte=False)
    message = "Choisir une valeur de la liste déroulante (feuille Listes)."
    return Controle("liste", f"Liste_{liste}", titre=titre, message=message)


def _cle() -> Controle:
    return Controle(
        "formule",
        formules.CLE_OPAQUE,
        titre="Clé refusée",
        message="Une clé est un code de 20 signes au plus, sans espace ni arobase : U0412. "
        "Ni nom, ni adresse.",
        invite="Code sans signification (U0412), le même pour les envois d’une même personne. "
        "Ni nom, ni adresse, ni téléphone.",
    )


def _plage(nom: str, feuillet: Feuillet, champ: str) -> Plage:
    """The cells of one column: only those filled in, except where rows are open."""
    rangs = feuillet.rangs
    if feuillet.nom == LISTES and champ != "services":
        colonne = [c.nom for c in feuillet.champs].index(champ)
        rangs = max(1, sum(feuillet.valeur(rang, colonne) is not None for rang in range(rangs)))
    return Plage(nom, feuillet.nom, feuillet.lettre(champ), ENTETE + 1, ENTETE + rangs)
