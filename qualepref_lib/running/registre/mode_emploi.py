"""The sheet « Mode d’emploi »: what each column is for, what is computed, what is never written."""

from __future__ import annotations

from qualepref_lib.core.francais import typographie

_RUBRIQUES: tuple[tuple[str, str], ...] = (
    (
        "À quoi il sert",
        "Suivre chaque courrier, courriel, formulaire et recommandé reçu, jusqu’à la réponse. Une "
        "ligne par envoi, dans la feuille Registre. Le chrono est déjà numéroté ; une ligne sans "
        "date de réception est libre et n’est jamais comptée.",
    ),
    (
        "Aucune donnée personnelle",
        "Ne jamais écrire de nom, d’adresse, de téléphone ni de numéro de dossier d’usager, dans "
        "aucune cellule. La colonne Clé reçoit un code sans signification (U0412), qui dit "
        "seulement que deux envois viennent de la même personne. La correspondance entre le code "
        "et la personne reste dans l’application du service ; elle n’a pas sa place ici.",
    ),
    (
        "À remplir à la réception",
        "Date réception : le jour où l’envoi arrive, même un samedi. Canal et Nature : dans les "
        "listes déroulantes. Motif : pour une réclamation. Service : celui qui répond. Clé : le "
        "code, s’il y en a un.",
    ),
    (
        "À remplir ensuite",
        "Date accusé : le jour de l’accusé de réception. Date réponse et Canal réponse : le jour "
        "et le moyen de la réponse. Clôture : « réponse envoyée », ou la raison pour laquelle il "
        "n’y en aura pas. Un envoi transmis, sans suite ou en double est compté à part.",
    ),
    (
        "Ce qui se calcule seul",
        "Échéance accusé et Échéance : le dernier jour dans le délai. Le délai est celui de la "
        "feuille Délais en vigueur le jour de la réception : la règle qui nomme le canal et la "
        "nature l’emporte, puis celle de la nature, puis celle du canal. Les jours ouvrés vont du "
        "lundi au vendredi, sans les jours de la feuille Jours fériés ; le jour de la réception ne "
        "compte pas. Ces colonnes sont protégées, sans mot de passe.",
    ),
    (
        "Les états",
        "à répondre ; échéance proche (deux jours ouvrés au plus) ; en retard (ligne colorée) ; "
        "répondu dans le délai ; répondu hors délai ; clos sans réponse ; sans délai fixé ; à "
        "compléter (il manque la date de réception, le canal ou la nature) ; à vérifier (une date "
        "n’est pas une date, vient avant la réception ou dans l’avenir, un mot n’est pas dans sa "
        "liste, ou une clôture « réponse envoyée » n’a pas de date).",
    ),
    (
        "L’état de l’accusé",
        "à envoyer ; en retard ; dans le délai ; hors délai. Une réponse envoyée avant tout accusé "
        "de réception en tient lieu.",
    ),
    (
        "Fermetures et jours fériés",
        "La feuille Jours fériés contient ceux de la zone du site et les fermetures déclarées dans "
        "la campagne. Ajouter les autres fermetures à la suite ; les déclarer aussi dans "
        "campagne.yaml, sinon le rapport compterait autrement que ce classeur.",
    ),
    (
        "Délais et listes",
        "Ils viennent du référentiel, chacun avec sa date. Pour les changer, corriger le "
        "référentiel puis refaire un registre. Seule la liste des services se complète ici.",
    ),
    (
        "Imprimer, filtrer",
        "Les flèches de la première ligne filtrent : « en retard » dans la colonne État, par "
        "exemple. L’impression est en paysage, l’en-tête répété sur chaque page ; filtrer d’abord "
        "pour ne pas imprimer les lignes libres. Un ancien LibreOffice ne filtre pas une feuille "
        "protégée : ôter la protection (Outils, Protéger la feuille), sans mot de passe.",
    ),
    (
        "Quand il est plein",
        "En faire un autre qui continue la numérotation (qualepref registre nouveau, avec "
        "--premier 501 après 500 lignes), puis réunir les deux pour les analyses.",
    ),
    (
        "Réunir, suivre",
        "qualepref registre fusionner réunit les registres de plusieurs services, sans rien "
        "perdre. qualepref registre retards donne la liste du jour. Enregistrer au même format "
        "(xlsx ou ods), sans renommer les feuilles ni les colonnes.",
    ),
)
_SERVICE = (
    "Le service",
    "Ce registre est celui d’un seul service : son nom s’écrit de lui-même dans la colonne Service "
    "et peut être remplacé. Le début du chrono le distingue des registres des autres services.",
)


def lignes_du_mode_emploi(
    titre: str, annees: tuple[int, int], un_service: bool
) -> tuple[tuple[str, str], ...]:
    """The rows of the sheet: what each paragraph is about, and the paragraph."""
    debut = ("Ce registre", f"{titre}. Dates admises : de {annees[0] - 1} à {annees[1] + 1}.")
    rubriques = (debut, *_RUBRIQUES, *((_SERVICE,) if un_service else ()))
    return tuple((nom, typographie(texte)) for nom, texte in rubriques)
