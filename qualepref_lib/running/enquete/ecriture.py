"""A proposal as a mapping file: what is kept, why, and what still waits for somebody."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from qualepref_lib.formats.tetes import Tete, nettoyer_entete
from qualepref_lib.running.enquete.choix import Choix

GENERAL = "toute l’association, que personne n’a encore relue"
"""What waits when nobody was asked: an exact proposal is still a proposal."""

_EN_TETE = """\
# Association de l’export d’enquête, proposée par « qualepref enquete associer ».
"""
_ATTENTE = """\
# Ce qui est sous « a_confirmer » attend une vérification : tant qu’il en reste une ligne, rien
# n’est lu. Corriger ce qui suit s’il le faut, puis retirer la ligne.
"""


def format_association(choix: Sequence[Choix], tete: Tete, attendus: Iterable[str] = ()) -> str:
    """The text of the mapping file; ``attendus`` waits above the points that are not sure."""
    par_sort: dict[str, list[Choix]] = {}
    for point in choix:
        par_sort.setdefault(point.sort, []).append(point)
    doutes = [*attendus, *(c.point for c in choix if not c.sur)]
    morceaux = [
        _EN_TETE + (_ATTENTE if doutes else ""),
        _liste("a_confirmer", [(texte, "") for texte in dict.fromkeys(doutes)]),
        _tete(tete),
        _groupe("colonnes", [(c.colonne, _titre(c), c) for c in par_sort.get("colonne", ())]),
        _cases(par_sort.get("case", ())),
        _liste("libres", [(_titre(c), c.pourquoi) for c in par_sort.get("libre", ())]),
        _groupe("separateurs", [(c.colonne, c.cible, c) for c in par_sort.get("separateur", ())]),
        _valeurs([*par_sort.get("codes", ()), *par_sort.get("valeur", ())]),
        _groupe("autres", [(c.colonne, c.cible, c) for c in par_sort.get("autre", ())]),
        _groupe("dates", [(c.colonne, c.cible, c) for c in par_sort.get("date", ())]),
        _groupe("constantes", [(c.colonne, c.cible, c) for c in par_sort.get("absente", ())]),
        _liste("numerotees", [(c.colonne, c.pourquoi) for c in par_sort.get("numero", ())]),
        _completes(par_sort.get("complete", ())),
        _liste("ignorees", [(_titre(c), c.pourquoi) for c in par_sort.get("ignoree", ())]),
    ]
    return "\n".join(morceau for morceau in morceaux if morceau)


def _titre(choix: Choix) -> str:
    return nettoyer_entete(choix.entete)


def _texte(valeur: str) -> str:
    """A text between quotes, as YAML reads it whatever it holds."""
    cite = json.dumps(valeur, ensure_ascii=False)
    return "".join(c if c.isprintable() else _echappe(c) for c in cite)


def _echappe(signe: str) -> str:
    """A sign that YAML does not admit as it is."""
    return f"\\U{ord(signe):08X}"


def _pourquoi(texte: str) -> str:
    return f"  # {' '.join(texte.split())}" if texte else ""


def _tete(tete: Tete) -> str:
    lignes = [
        f"lignes_avant: {tete.avant}\n" if tete.avant else "",
        f"lignes_entete: {tete.lignes}\n" if tete.lignes > 1 else "",
        "entetes_numerotes: oui\n" if tete.numerotee else "",
    ]
    return "".join(lignes)


def _liste(cle: str, textes: Sequence[tuple[str, str]]) -> str:
    if not textes:
        return ""
    return f"{cle}:\n" + "".join(f"  - {_texte(t)}{_pourquoi(p)}\n" for t, p in textes)


def _groupe(cle: str, paires: Sequence[tuple[str, str, Choix]]) -> str:
    if not paires:
        return ""
    lignes = [f"  {nom}: {_texte(v)}{_pourquoi(c.pourquoi)}\n" for nom, v, c in paires]
    return f"{cle}:\n" + "".join(lignes)


def _cases(choix: Iterable[Choix]) -> str:
    """For each question, the columns of each of its answers."""
    questions: dict[str, dict[str, list[Choix]]] = {}
    for case in choix:
        questions.setdefault(case.colonne, {}).setdefault(case.cible, []).append(case)
    lignes = []
    for question, cases in questions.items():
        lignes.append(f"  {question}:\n")
        for cible, siennes in cases.items():
            titres = [_texte(_titre(c)) for c in siennes]
            valeur = titres[0] if len(titres) == 1 else f"[{', '.join(titres)}]"
            lignes.append(f"    {cible}: {valeur}{_pourquoi(siennes[0].pourquoi)}\n")
    return "cases:\n" + "".join(lignes) if lignes else ""


def _valeurs(choix: Iterable[Choix]) -> str:
    """For each question, our answer for theirs; a scale that serves again is written once."""
    tables: dict[str, dict[str, str]] = {}
    for valeur in choix:
        if valeur.table:
            tables.setdefault(valeur.colonne, {}).update(valeur.table)
        if valeur.cible:
            tables.setdefault(valeur.colonne, {})[valeur.valeur] = valeur.cible
    nommees: dict[tuple[tuple[str, str], ...], str] = {}
    servies = [_cle(table) for table in tables.values()]
    lignes = []
    for question, table in tables.items():
        if ancre := nommees.get(_cle(table)):
            lignes.append(f"  {question}: *{ancre}\n")
            continue
        ancre = f"reponses_{len(nommees) + 1}" if servies.count(_cle(table)) > 1 else ""
        if ancre:
            nommees[_cle(table)] = ancre
        lignes.append(f"  {question}:{' &' + ancre if ancre else ''}\n")
        lignes += [f"    {_texte(leur)}: {notre}\n" for leur, notre in table.items()]
    return "valeurs:\n" + "".join(lignes) if lignes else ""


def _cle(table: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(table.items()))


def _completes(choix: Sequence[Choix]) -> str:
    if not choix:
        return ""
    regle = choix[0]
    lignes = [f"completes:{_pourquoi(regle.pourquoi)}\n", f"  entete: {_texte(_titre(regle))}\n"]
    if regle.cible:
        valeurs = ", ".join(_texte(v) for v in regle.cible.split(" | "))
        lignes.append(f"  valeurs: [{valeurs}]\n")
    return "".join(lignes)
