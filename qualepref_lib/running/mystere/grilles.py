"""Grids to print and to fill in: one workbook a tester, one sheet a channel, blind.

A sheet shows what is to be done and asks what was seen: neither a target, nor a limit, nor a past
result is in it. The heading of an observation ends with its code, so that the grid reads back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from qualepref_lib.campagne import Campagne
from qualepref_lib.campagne.tables import ISSUES_TENTATIVE, OUI_NON, REPONSES_MYSTERE
from qualepref_lib.referentiel import Grille, Observation
from qualepref_lib.running.atomique import check_libre, write_atomique
from qualepref_lib.running.classeurs import format_classeur
from qualepref_lib.running.classeurs.modele import (
    ENTETE,
    Champ,
    Classeur,
    Controle,
    Feuillet,
    Plage,
    Valeur,
)
from qualepref_lib.running.mystere.affectation import TestPrevu

LISTES = "Listes"
TENTATIVES = 3
"""How many attempts a grid has room for."""
DONNES = ("test", "codage", "date", "creneau", "service", "profil", "scenario")
"""What the plan gives; the tester does not write there."""
_TITRES = {
    "test": "Test", "codage": "Codage", "date": "Date", "creneau": "Créneau",
    "service": "Service", "profil": "Profil", "scenario": "Scénario",
}  # fmt: skip
_LARGEURS = {"test": 18, "service": 22, "profil": 18, "scenario": 34}
_CONSIGNES = (
    ("Ce qu’il faut faire", "Une ligne par test, aux jour, créneau et profil donnés. Jouer le "
     "scénario sans dire qui l’on est. Noter tout de suite après, seul."),
    ("Abouti", "« oui » dès que quelqu’un a répondu, qu’un envoi a été remis, qu’une page s’est "
     "ouverte. Sinon « non », et ne rien noter d’autre."),
    ("Observations", "oui, non, ou sans objet quand la question ne se pose pas. Une mesure est un "
     "nombre seul, dans l’unité dite."),
    ("Tentatives", "Pour un appel : l’heure et ce qui s’est passé, chaque fois. Trois au plus."),
    ("Discrétion", "Aucun nom d’agent, aucune description qui permette de le reconnaître."),
)  # fmt: skip


def write_grilles(
    campagne: Campagne, tests: Sequence[TestPrevu], dossier: Path, extension: str
) -> list[Path]:
    """Write one workbook for each tester of the plan, and its pages to print (HTML).

    An existing file is never touched. Raises :class:`~qualepref_lib.core.refus.Refus` before the
    first one is written.
    """
    from qualepref_lib.running.mystere import papier

    par_testeur: dict[str, list[TestPrevu]] = {}
    for test in tests:
        par_testeur.setdefault(test.testeur, []).append(test)
    chemins = {t: dossier / f"grille_{siens[0].vague}_{t}.{extension}" for t, siens in
               sorted(par_testeur.items())}  # fmt: skip
    for chemin in chemins.values():
        check_libre(chemin)
        check_libre(chemin.with_suffix(".html"))
    dossier.mkdir(parents=True, exist_ok=True)
    for testeur, chemin in chemins.items():
        classeur = make_classeur(campagne, testeur, par_testeur[testeur])
        write_atomique(chemin, format_classeur(classeur, chemin))
        page = papier.render_papier(campagne, testeur, par_testeur[testeur])
        write_atomique(chemin.with_suffix(".html"), page.encode())
    return list(chemins.values())


def make_classeur(campagne: Campagne, testeur: str, tests: Sequence[TestPrevu]) -> Classeur:
    """The workbook of one tester."""
    grilles = [g for g in campagne.referentiel.grilles if any(t.grille == g.code for t in tests)]
    feuillets = [_feuillet(g, [t for t in tests if t.grille == g.code]) for g in grilles]
    consignes = Feuillet(
        "Consignes",
        (
            Champ("rubrique", "Consignes", 24, "titre"),
            Champ("texte", f"Testeur {testeur}", 90, "prose"),
        ),
        _CONSIGNES,
    )
    listes = _listes()
    return Classeur(
        titre=f"Grilles mystère {tests[0].vague} — {testeur}",
        date=min(test.date for test in tests),
        feuillets=(*feuillets, listes, consignes),
        plages=tuple(_plage(listes, champ.nom) for champ in listes.champs),
    )


def feuille_de(grille: Grille) -> str:
    """The name of the sheet of a grid: a spreadsheet takes 31 characters."""
    return grille.libelle[:31]


def est_appel(grille: Grille) -> bool:
    """Whether attempts are noted one by one: a call is tried again, a letter is not."""
    return grille.canal == "telephonie"


def est_ecrit(grille: Grille) -> bool:
    """Whether an answer comes later, on a day to note."""
    return any(o.calcul or "jours" in o.unite for o in grille.observations)


def titre_de(observation: Observation) -> str:
    """The heading of an observation: its wording, its unit, and its code between brackets."""
    unite = f" ({observation.unite})" if observation.unite else ""
    return f"{observation.libelle}{unite} [{observation.code}]"


def _feuillet(grille: Grille, tests: Sequence[TestPrevu]) -> Feuillet:
    champs = (*_champs_donnes(), *_champs_saisis(grille))
    lignes = [_ligne(test, len(champs)) for test in sorted(tests, key=lambda t: (t.date, t.test))]
    return Feuillet(feuille_de(grille), champs, tuple(lignes), figees=1)


def _ligne(test: TestPrevu, largeur: int) -> tuple[Valeur, ...]:
    donnes: list[Valeur] = [getattr(test, nom) or None for nom in DONNES]
    return (*donnes, *[None] * (largeur - len(donnes)))


def _champs_donnes() -> Iterator[Champ]:
    for nom in DONNES:
        style = "fixe_date" if nom == "date" else "fixe"
        yield Champ(nom, _TITRES[nom], _LARGEURS.get(nom, 12), style)  # type: ignore[arg-type]


def _champs_saisis(grille: Grille) -> Iterator[Champ]:
    yield Champ("heure", "Heure", 8, "saisie")
    if est_appel(grille):
        for rang in range(1, TENTATIVES + 1):
            yield Champ(f"heure_{rang}", f"Heure tentative {rang}", 10, "saisie")
            yield Champ(f"issue_{rang}", f"Issue tentative {rang}", 16, "saisie", _liste("issues"))
    yield Champ("abouti", "Abouti", 8, "saisie", _liste("oui_non"))
    if est_ecrit(grille):
        yield Champ("date_reponse", "Date réponse", 12, "saisie_date")
    for rang, observation in enumerate(grille.observations):
        nom = "obs_" + "".join(chr(97 + int(c)) for c in str(rang))
        if observation.genre == "mesure":
            yield Champ(nom, titre_de(observation), 18, "saisie", _nombre(nom))
        else:
            yield Champ(nom, titre_de(observation), 24, "saisie", _liste("reponses"))


def _liste(nom: str) -> Controle:
    message = "Choisir une valeur de la liste déroulante."
    return Controle("liste", f"Liste_{nom}", titre="Valeur refusée", message=message)


def _nombre(nom: str) -> Controle:
    return Controle(
        "formule",
        f"AND(ISNUMBER({{{nom}}});{{{nom}}}>=0)",
        titre="Nombre attendu",
        message="Écrire un nombre seul, sans unité.",
    )


def _listes() -> Feuillet:
    colonnes = {
        "reponses": list(REPONSES_MYSTERE.values()),
        "oui_non": list(OUI_NON.values()),
        "issues": list(ISSUES_TENTATIVE.values()),
    }
    haut = max(len(valeurs) for valeurs in colonnes.values())
    lignes = tuple(
        tuple(v[rang] if rang < len(v) else None for v in colonnes.values()) for rang in range(haut)
    )
    champs = tuple(Champ(nom, nom.replace("_", " ").capitalize(), 26) for nom in colonnes)
    return Feuillet(LISTES, champs, lignes)


def _plage(listes: Feuillet, nom: str) -> Plage:
    colonne = [champ.nom for champ in listes.champs].index(nom)
    combien = sum(ligne[colonne] is not None for ligne in listes.lignes)
    return Plage(f"Liste_{nom}", LISTES, listes.lettre(nom), ENTETE + 1, ENTETE + combien)
