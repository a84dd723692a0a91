"""The same drawing with less to carry: what matplotlib writes and a reader never sees goes.

A report holds some thirty charts as data addresses, where each ``<``, ``>``, ``#``, double quote
and space weighs three letters. Coordinates keep one decimal inside ``d``, ``x`` and ``y`` only:
rounding a ``transform`` would shrink the letters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

POLICES = "DejaVu Sans,Arial,Helvetica,sans-serif"


def alleger(texte: str) -> str:
    """The same drawing without white space between elements, empty or bare groups, idle names.

    A single quote stays as it is in an address, a double one weighs three letters.

    >>> alleger('<g>\\n  <path d="M 1.5 2.0 \\nL 3 4.126 \\n"/>\\n  <g id="a"/>\\n</g>')
    "<path d='M1.5 2L3 4.1'/>"
    """
    texte = re.sub(r">\s*\n\s*<", "><", texte)
    texte = re.sub(r' transform="rotate\(-0 [^"]*\)"', "", texte)
    texte = re.sub(r'<g id="[^"]*"/>', "", texte)
    texte = _renommer(texte)
    texte = _degrouper(texte)
    texte = _attribut(texte, "style", _serrer_style)
    texte = texte.replace(' style=""', "")
    for nom in ("x", "y"):
        texte = _attribut(texte, nom, _arrondir)
    texte = texte.replace("</style>", f"text{{font-family:{POLICES}}}</style>", 1)
    texte = _nommer_styles(texte)
    texte = _attribut(texte, "d", lambda trace: _serrer(_arrondir(trace)))
    return re.sub(r'="([^"\'<>]*)"', r"='\1'", texte)


def _attribut(texte: str, nom: str, faire: Callable[[str], str]) -> str:
    """Every value of one attribute, made anew."""
    return re.sub(rf'(?<=\s{nom}=")[^"]*', lambda valeur: faire(valeur.group()), texte)


def _renommer(texte: str) -> str:
    """Names that something calls become short, in order; those that nothing calls go."""
    vises = set(re.findall(r"#([\w.-]+)", texte))
    noms = [nom for nom in re.findall(r' id="([^"]*)"', texte) if nom in vises]
    courts = {nom: f"n{rang}" for rang, nom in enumerate(dict.fromkeys(noms))}
    texte = re.sub(
        r' id="([^"]*)"', lambda i: f' id="{courts[i[1]]}"' if i[1] in courts else "", texte
    )
    return re.sub(r"#([\w.-]+)", lambda v: f"#{courts.get(v[1], v[1])}", texte)


def _degrouper(texte: str) -> str:
    """Without the groups that say nothing: what they hold is drawn the same outside of them."""
    gardes: list[bool] = []

    def balise(trouvee: re.Match[str]) -> str:
        if trouvee.group() != "</g>":
            gardes.append(trouvee.group() != "<g>")
            return trouvee.group() if gardes[-1] else ""
        return "</g>" if gardes.pop() else ""

    return re.sub(r"<g(?:\s[^>]*[^/])?>|</g>", balise, texte)


def _serrer_style(style: str) -> str:
    """Without spaces; the font is said once for the whole drawing."""
    style = re.sub(r"\s*([:;,])\s*", r"\1", style)
    return style.replace(f"font-family:{POLICES}", "").replace(";;", ";").strip(";")


def _nommer_styles(texte: str) -> str:
    """A style that several elements share becomes a class of the drawing, said once."""
    fois = Counter(re.findall(r' style="([^"]*)"', texte))
    communs = [style for style, n in fois.items() if n > 2]
    classes = {style: f"c{rang}" for rang, style in enumerate(communs)}
    regles = "".join(f".{nom}{{{style}}}" for style, nom in classes.items())
    texte = re.sub(
        r' style="([^"]*)"',
        lambda s: f' class="{classes[s.group(1)]}"' if s.group(1) in classes else s.group(),
        texte,
    )
    return texte.replace("</style>", f"{regles}</style>", 1)


def _serrer(trace: str) -> str:
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", trace).strip()


def _arrondir(trace: str) -> str:
    """One decimal at most, a tenth of a point, and no zero that says nothing."""
    trace = re.sub(r"-?\d+\.\d{2,}", lambda n: f"{float(n.group()):.1f}", trace)
    return re.sub(r"(\.\d*?)0+(?!\d)", lambda n: n[1].rstrip("."), trace)
