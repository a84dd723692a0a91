"""The runs of a sentence, and how several sentences name and list the lines of a bilan."""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne, texte_intervalle
from qualepref_lib.core.francais import nombre
from qualepref_lib.core.mesures import Taux
from qualepref_lib.display.blocs import Morceau
from qualepref_lib.display.lecture import niveau

Morceaux = list[Morceau]

NOMS = {
    "Module": ("module", "modules"),
    "Canal": ("canal", "canaux"),
    "Critère observé": ("critère", "critères"),
    "Question": ("question", "questions"),
    "Engagement": ("engagement", "engagements"),
    "Indicateur": ("indicateur", "indicateurs"),
    "Nature": ("nature", "natures"),
    "Motif": ("motif", "motifs"),
    "Service": ("service", "services"),
    "Titre": ("titre", "titres"),
    "File": ("file", "files"),
    "Mois": ("mois", "mois"),
    "Semaine": ("semaine", "semaines"),
    "Grille": ("grille", "grilles"),
    "Créneau": ("créneau", "créneaux"),
    "Jour": ("jour", "jours"),
    "Profil": ("profil", "profils"),
    "Vague": ("vague", "vagues"),
}
"""What the lines of a bilan are called in a sentence, by the head of their column."""


def dire(texte: str, bilan: Bilan | None = None, ligne: Ligne | None = None) -> Morceau:
    """A run of text; with a line, the figure of that line that it prints."""
    code = bilan.identifiant(ligne) if bilan and ligne else ""
    return Morceau(texte=texte, chiffre=code)


def enumerer(bilan: Bilan, lignes: list[Ligne], entre_guillemets: bool = False) -> Morceaux:
    """Lines by name with their measure, one after the other, up to a full stop."""
    morceaux: Morceaux = []
    for ligne in lignes:
        nom = f"« {ligne.libelle} », " if entre_guillemets else f"{ligne.libelle} : "
        morceaux.append(dire(f"{' ; ' if morceaux else ''}{nom}"))
        morceaux.append(dire(str(ligne.mesure), bilan, ligne))
    return [*morceaux, dire(".")]


def avec_intervalle(bilan: Bilan, ligne: Ligne) -> Morceaux:
    """A rate, and its interval where the rows are a sample."""
    taux = ligne.mesure
    assert isinstance(taux, Taux)
    morceaux = [dire(str(taux), bilan, ligne)]
    intervalle = texte_intervalle(taux, bilan)
    if intervalle and bilan.plan == "tirage":
        # Drawn by lot: the only design whose interval speaks of more people than it looked at.
        bas, haut = (nombre(100 * borne) for borne in taux.intervalle(bilan.niveau))
        dans = (
            f" ; dans la population visée, entre {bas} et {haut} % (intervalle à {niveau(bilan)})"
        )
        morceaux.append(dire(dans))
    elif intervalle:
        morceaux.append(dire(f", intervalle de confiance à {niveau(bilan)} {intervalle}"))
    return morceaux


def majuscule(texte: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return texte[:1].upper() + texte[1:]
