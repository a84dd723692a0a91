"""Reading YAML fast changes nothing: on any text, what PyYAML alone would say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from qualepref_lib.core import noeuds

RACINE = Path(__file__).parents[1]
FICHIERS = sorted((RACINE / "data").rglob("*.yaml"))
SIGNES = [
    "a", "b: ", "- ", "\n", "  ", "    ", "'", '"', "[", "]", "{", "}", ", ", ": ", ":", "#",
    " # x", "|", ">", "|-", ">+", "\t", "é", "?", "? ", "!", "!!str ", "&a ", "*a", "%", "---",
    "...", "~", "null", "\\", "\\n", "\\x41", "\r", "\r\n", "\x85", "\u2028", "\ufeff", "\x07",
    "\U0001f600", "@", "`", "=", "<<: ", "1", "-", "\u00a0", "\x7f", "\\_", "|2", "''", "\\\n",
]  # fmt: skip
LIGNES = [ligne for f in FICHIERS for ligne in f.read_text(encoding="utf-8").splitlines()]


def a_plat(noeud: yaml.Node | None) -> Any:
    """What the library uses of a node: values, whether quoted, lines."""
    if noeud is None:
        return None
    if isinstance(noeud, yaml.ScalarNode):
        return noeud.value, noeud.style is not None, noeud.start_mark.line
    if isinstance(noeud, yaml.SequenceNode):
        return [noeud.start_mark.line, *(a_plat(enfant) for enfant in noeud.value)]
    paires = [(a_plat(cle), a_plat(valeur)) for cle, valeur in noeud.value]
    return noeud.start_mark.line, paires


def lu(compose: Any, texte: str) -> Any:
    """The tree of a text, or its error as a refusal tells it."""
    try:
        return a_plat(compose(texte))
    except yaml.YAMLError as erreur:
        marque = getattr(erreur, "problem_mark", None)
        return type(erreur), str(erreur), marque and marque.line
    except RecursionError:
        return "sans fin"


def seul(texte: str) -> yaml.Node | None:
    """PyYAML alone."""
    return yaml.compose(texte, Loader=yaml.SafeLoader)


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda f: f.name)
def test_every_file_of_the_repository_reads_the_same(fichier: Path) -> None:
    """On each YAML file that we ship, values, quotes and lines are those of PyYAML."""
    texte = fichier.read_text(encoding="utf-8")
    assert lu(noeuds.compose, texte) == lu(seul, texte)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(SIGNES), max_size=14).map("".join))
def test_any_text_reads_the_same(texte: str) -> None:
    """On any mixture of the signs of YAML: the same tree, or the same error on the same line."""
    assert lu(noeuds.compose, texte) == lu(seul, texte)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_file_reads_the_same(donnees: st.DataObject) -> None:
    """A piece of a real file with a sign put in or taken out: the same tree, or the same error."""
    debut = donnees.draw(st.integers(0, len(LIGNES) - 10))
    texte = "\n".join(LIGNES[debut : debut + donnees.draw(st.integers(1, 9))])
    ou = donnees.draw(st.integers(0, len(texte)))
    signe, ote = donnees.draw(st.sampled_from(SIGNES)), donnees.draw(st.integers(0, 2))
    texte = texte[:ou] + signe + texte[ou + ote :]
    assert lu(noeuds.compose, texte) == lu(seul, texte)


def test_the_fast_way_is_taken_on_plain_files() -> None:
    """Nearly every file that we ship is read by libyaml: the guard is no excuse."""
    a_part = [f for f in FICHIERS if noeuds._A_PART.search(f.read_text(encoding="utf-8"))]
    assert yaml.__with_libyaml__ and len(a_part) <= 2


@pytest.mark.parametrize("signe", ["[", "{a: ", "- "])
def test_a_bottomless_file_does_not_kill_the_process(signe: str) -> None:
    """Thousands of nested groups end as Python's own limit, not as a crash of the C library."""
    assert lu(noeuds.compose, signe * 20_000) == lu(seul, signe * 20_000)
