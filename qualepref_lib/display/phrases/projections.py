"""Sentences on what is to come: the range of a rate on a day, and the chance to be ready.

What is assumed is said in the same breath: a chance without its assumption would pass for a fact.
"""

from __future__ import annotations

from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import pourcentage
from qualepref_lib.core.mesures import Fourchette, VisAVis
from qualepref_lib.display.blocs import Morceau
from qualepref_lib.display.phrases.morceaux import Morceaux, dire, majuscule

DATES_DITES = 4
"""Beyond so many days a sentence says the first and the last: the table and the curve say all."""

PEU_D_ACTIONS = "peu d’actions"
"""The state of a low rate that next to nothing acts on."""


def dire_fourchettes(bilan: Bilan) -> Morceaux:
    """Day by day, each group between its bounds or its deciles; then the assumption."""
    dates = list(dict.fromkeys(ligne.libelle for ligne in bilan.lignes))
    morceaux: Morceaux = []
    if len(dates) > DATES_DITES:
        return _dire_bouts(bilan)
    for date in dates:
        siennes = [ligne for ligne in bilan.lignes if ligne.libelle == date]
        morceaux.append(dire(f"{date} : "))
        for rang, ligne in enumerate(siennes):
            morceaux += [*([dire(" ; ")] if rang else []), *_dire_fourchette(bilan, ligne)]
        morceaux.append(dire(". "))
    return [*morceaux, dire(majuscule(bilan.reserve) + ".")] if bilan.reserve else morceaux


def _dire_fourchette(bilan: Bilan, ligne: Ligne) -> Morceaux:
    mesure = _mesure(ligne)
    bornes = ("1er décile simulé", "9e décile simulé") if mesure.simule else (
        "rien de plus", "tout fait"
    )  # fmt: skip
    bas, haut = (mesure.cases[nom].pourcentage for nom in bornes)
    if bas == haut:
        morceaux = [dire(f"{_court(ligne)}, "), _lie(bilan, ligne, bornes[0], bas)]
    else:
        morceaux = [
            dire(f"{_court(ligne)}, de "),
            _lie(bilan, ligne, bornes[0], bas),
            dire(" à "),
            _lie(bilan, ligne, bornes[1], haut),
        ]
    if mesure.chance is not None and ligne.cible is not None:
        morceaux += [
            dire(f", cible de {pourcentage(ligne.cible)} atteinte dans "),
            _lie(bilan, ligne, "chance", f"{mesure.chance.fraction} tirages"),
        ]
    return morceaux


def _dire_bouts(bilan: Bilan) -> Morceaux:
    """Each group today, then on the last day if every due date is kept."""
    groupes: dict[str, list[Ligne]] = {}
    for ligne in bilan.lignes:
        groupes.setdefault(ligne.groupe, []).append(ligne)
    morceaux: Morceaux = []
    for lignes in groupes.values():
        premiere, derniere = lignes[0], lignes[-1]
        morceaux += [
            dire(f"{_court(premiere)} : "),
            _lie(bilan, premiere, "coté", _mesure(premiere).cote.pourcentage),
            dire(" coté ce jour, "),
            _lie(bilan, derniere, "échéances tenues", _mesure(derniere).tenu.pourcentage),
            dire(" à la fin si les échéances sont tenues. "),
        ]
    return morceaux


def dire_vis_a_vis(bilan: Bilan) -> Morceaux:
    """The low rates that next to nothing acts on, by name; that there are none, otherwise."""
    basses = [ligne for ligne in bilan.lignes if ligne.statut == PEU_D_ACTIONS]
    if not basses:
        return [dire("Aucun taux bas n’est laissé presque sans action.")]
    morceaux = [dire("Le taux est sous la cible et le plan y agit peu : ")]
    for rang, ligne in enumerate(basses):
        assert isinstance(ligne.mesure, VisAVis)
        morceaux += [
            dire(f"{' ; ' if rang else ''}« {ligne.libelle} », "),
            _lie(bilan, ligne, "taux", str(ligne.mesure.taux)),
            dire(", "),
            _lie(bilan, ligne, "nombre", str(ligne.mesure.effectif)),
        ]
    return [*morceaux, dire(".")]


def _court(ligne: Ligne) -> str:
    """« Module 1 », of « Module 1 — Relation générale avec l’usager »."""
    return ligne.groupe.partition(" — ")[0]


def _lie(bilan: Bilan, ligne: Ligne, nom: str, texte: str) -> Morceau:
    return Morceau(texte=texte, chiffre=bilan.identifiant(ligne, nom))


def _mesure(ligne: Ligne) -> Fourchette:
    assert isinstance(ligne.mesure, Fourchette)
    return ligne.mesure
