"""The nodes of a YAML text: by libyaml where it reads as PyYAML does, by PyYAML elsewhere.

libyaml is ten times faster and nearly the same; where the two differ (tabs, explicit keys, several
documents, anchors, tags, odd characters…) and wherever libyaml refuses, PyYAML decides: its answer,
its errors and its line numbers are those of every text. A property test compares the two.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.resolver import BaseResolver

_A_PART = re.compile(
    r"""
      [^\n\x20-\x7e\xa0-\u2027\u2030-\ud7ff\ue000-\ufefe\uff00-\uffef\U00010000-\U0010ffff]
    | ^(?:---|\.\.\.|%)                 # documents, directives
    | (?:^|[\s\[{,:-]) [&*!]            # anchors, aliases, tags
    | (?:^|[\s\[{,:-]) \? (?:\s|$)      # explicit keys
    | [|>][-+0-9]*\#                    # a comment against the head of a block
    """,
    re.MULTILINE | re.VERBOSE,
)
"""What the two do not read alike, or what is rare enough to be left to PyYAML."""


def compose(texte: str) -> yaml.Node | None:
    """The root node of ``texte``; raises what PyYAML raises."""
    if yaml.__with_libyaml__ and not _A_PART.search(texte):
        try:
            return _rapide(texte)
        except yaml.YAMLError:
            pass  # refused, or refused perhaps: PyYAML says how
    racine: yaml.Node | None = yaml.compose(texte, Loader=yaml.SafeLoader)
    return racine


def _rapide(texte: str) -> yaml.Node | None:
    racine: yaml.Node | None = _lecteur()(texte).get_single_node()
    return racine


@cache
def _lecteur() -> Any:
    """libyaml's events and PyYAML's nodes: built by Python, they stay within its own limits."""
    from yaml.cyaml import CParser  # type: ignore[attr-defined]

    class Lecteur(Composer, CParser, BaseResolver):
        def __init__(self, texte: str) -> None:
            CParser.__init__(self, texte)
            Composer.__init__(self)
            BaseResolver.__init__(self)

        def compose_scalar_node(self, anchor: Any) -> yaml.ScalarNode:
            noeud = super().compose_scalar_node(anchor)
            noeud.style = noeud.style or None
            if noeud.style is None and "?" in noeud.value:
                raise yaml.YAMLError  # inside brackets PyYAML refuses it
            return noeud

    return Lecteur
