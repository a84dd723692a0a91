"""Names of people: those that a civility or a function introduces, and those of the local list.

No program knows all names: « Rose m'a bien reçu » passes. The local list (names of the agents) and
the person who reviews the sheet of masks do the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from qualepref_lib.core.masques.numeros import Trouvaille

_PARTICULES = r"(?:(?:de la|de|du|des|d'|la|le|el|al|ben|bin|van|von|der|dos|da|di) ?)"
_NOM = r"(?:[A-Z]\.-?[A-Z]\.|[A-Z]\.|[A-Z][\w'\-]*)"
_SUITE = (
    r"(?P<nom>(?:(?:de la |de |d'|el |ben |van |von |al |di |da |du )\s?)?"
    rf"{_NOM}(?: {_PARTICULES}?{_NOM}){{0,3}})"
)
_CIVILITE = re.compile(
    r"(?<![\w])(?P<civilite>(?i:monsieur|madame|mademoiselle|messieurs|mesdames|mmes?|mlles?|melle|"
    r"mrs?|docteur|maitre|mgr)\.?|M\.|MM\.|M|Dr\.?|Me|Pr\.?) +" + _SUITE
)
_ABREGE = re.compile(r"(?<![\w])(?i:mmes?|mlles?|melle|mr)\.? +(?P<nom>[a-z][a-z'\-]{2,})(?![\w])")
_FONCTION = re.compile(
    r"(?<![\w])(?i:agente?|collegue|conseill(?:er|ere)|guichetiere?|fonctionnaire|hotesse|employee?|"
    r"stagiaire|secretaire|nommee?|prenommee?|denommee?|s'appelle|m'appelle|appelee?|"
    r"nom est|prenom est|nom(?= ?:)|prenom(?= ?:)|signee?|cordialement|prefecture par)"
    r" ?[:,]? +" + _SUITE
)
_ANNONCE = re.compile(
    r"\bM\b|\bMM\b|(?i:m(?:onsieur|adame|ademoiselle|esdames|essieurs|me|mes|lle|lles|elle|r|rs|"
    r"aitre|gr|e)\b|d(?:octeur|r)\b|pr\b|agent|colleg|conseill|guich|fonctio|hotess|employ|stagia|"
    r"secret|nomm|appel|nom\b|sign|cordial|prefecture)"
)
"""What announces a name; without any of it the text is not looked at twice."""
_MOTS = (
    "je il elle ils elles nous vous on tu merci bonjour bonsoir le la les un une ce cet cette ces "
    "votre notre mon ma mes pouvez pourquoi mais et ou donc car si non oui pas tres trop bien "
    "aucun aucune sans avec pour par que qui quand comment dans depuis apres avant rien tout tous "
    "prefet prefete prefecture maire directeur directrice secretaire president presidente ministre "
    "sous-prefet sous-prefete chef cheffe juge procureur madame monsieur accueil de du des au aux "
    "est etait sont ont avait toujours jamais plus moins peu assez aimable gentil gentille"
)
_ORDINAIRES = frozenset(_MOTS.split())


def trouver_noms(plat: str, liste: re.Pattern[str] | None = None) -> Iterator[Trouvaille]:
    """Every name of a flat text that something tells to be one."""
    if liste is not None:
        yield from ((t.start(), t.end(), "nom") for t in liste.finditer(plat))
    if not _ANNONCE.search(plat):
        return
    for modele in (_CIVILITE, _FONCTION):
        for trouve in modele.finditer(plat):
            debut, fin = _sans_mots_ordinaires(trouve, plat)
            if debut < fin and not _est_majuscules_seules(trouve):
                yield debut, fin, "nom"
    for trouve in _ABREGE.finditer(plat):
        if trouve["nom"] not in _ORDINAIRES:
            yield trouve.start("nom"), trouve.end("nom"), "nom"


def compiler_noms(noms: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern for the names of the local list, already flat: whole words, any case.

    A space or a dash between the words of a name is the same; None when there is no name.
    """
    formes = sorted({" ".join(nom.replace("-", " ").split()) for nom in noms} - {""}, key=len)
    if not formes:
        return None
    choix = "|".join(re.escape(f).replace(r"\ ", r"[ \-]{1,3}") for f in reversed(formes))
    return re.compile(rf"(?<![0-9A-Za-z])(?:{choix})(?![0-9A-Za-z])", re.IGNORECASE)


def _sans_mots_ordinaires(trouve: re.Match[str], plat: str) -> tuple[int, int]:
    """The name up to the first word that is no name: « Monsieur Martin Je voudrais »."""
    debut, fin = trouve.span("nom")
    for mot in re.finditer(r"[\w'\-.]+", trouve["nom"]):
        if mot[0].lower().rstrip(".") in _ORDINAIRES and not mot[0].islower():
            suivi = mot.start() == 0 and mot[0] in ("Le", "La") and len(trouve["nom"]) > 3
            prochain = trouve["nom"][mot.end() :].split(" ")[1:2]
            if suivi and prochain and prochain[0].lower() not in _ORDINAIRES:
                continue
            return debut, debut + len(trouve["nom"][: mot.start()].rstrip())
    return debut, fin


def _est_majuscules_seules(trouve: re.Match[str]) -> bool:
    """« M » or « Me » in capitals in a text in capitals is a pronoun: « ON ME DIT »."""
    return trouve.groupdict().get("civilite") in ("M", "Me") and len(trouve["nom"]) < 3
