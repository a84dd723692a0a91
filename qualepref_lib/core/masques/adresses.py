"""Addresses of all sorts, and dates of birth: mail, web, street.

« 12, rue des Lilas » is masked with its town; « deux rues plus loin », « 3 places assises » or
« 2 cours de français » are not addresses. The site of the prefecture may be quoted; a link that
holds an identifier may not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qualepref_lib.core.masques.numeros import Trouvaille

_AT = (
    r"\s{0,3}(?:@|[(\[{<]\s*(?:at|arobas?e?|a commercial)\s*[)\]}>]|(?<=\s)(?:at|arobas?e?)(?=\s))"
    r"\s{0,3}"
)
_POINT = r"(?:\.| \. |\s{0,2}[(\[{]\s*(?:point|dot)\s*[)\]}]\s{0,2}|\s(?:point|dot)\s)"
_LOCAL = (
    r"(?<![A-Za-z0-9._%+'\-])[A-Za-z0-9._%+'\-]+"
    r"(?:(?: \. | (?:point|tiret) |[(\[]point[)\]])[A-Za-z0-9._%+\-]+){0,3}"
)
_COURRIEL = re.compile(
    rf"{_LOCAL}{_AT}[A-Za-z0-9\-]+(?:{_POINT}[A-Za-z0-9\-]+)*{_POINT}[A-Za-z]{{2,}}",
    re.IGNORECASE,
)
_COURRIEL_COURT = re.compile(r"(?<![A-Za-z0-9._%+'\-])[A-Za-z0-9._%+'\-]++@[A-Za-z0-9.\-]+")
_COMPTE = re.compile(r"(?<!\w)@[A-Za-z0-9_.]{3,}")

_LIEN = re.compile(r"(?<!\w)(?:(?:https?|ftp)\s?:\s?//|www\.)[^\s<>\"«»]+", re.IGNORECASE)
_PROFIL = re.compile(
    r"(?<!\w)(?:[a-z]+\.)?(?:facebook|linkedin|instagram|twitter|tiktok|x|fb|t|wa)"
    r"\.(?:com|me)/[^\s<>\"«»]+",
    re.IGNORECASE,
)
_SIGNE_LIEN = re.compile(r"//|www\.|\.(?:com|me)/", re.IGNORECASE)
_SIGNE_COURRIEL = re.compile(r"@|\bat\b|\barob|commercial", re.IGNORECASE)
_IDENTIFIE = re.compile(r"[?=&@~#]|\d{4,}|[0-9A-Za-z_\-]{16,}/?$|//[^/]*:[^/]*@")

_CHIFFRE = re.compile("[0-9]")
_NUMERO = r"(?<![\w/.,°-])(?:n°\s?)?\d{1,4}(?:\s?(?:bis|ter|quater|[A-Da-d](?=[ ,])))?[ ,]{1,3}"
_SURES = (
    r"rue|avenue|av|ave|boulevard|bd|bld|bvd|blvd|impasse|imp|allee|faubourg|fbg|lotissement|"
    r"lot|ruelle|sentier|venelle|esplanade|rond-point|lieu-dit|hameau"
)
_DOUTEUSES = (
    r"place|pl|cours|passage|route|rte|voie|cite|villa|residence|chemin|ch|square|clos|quai|"
    r"promenade|domaine|quartier|batiment|immeuble|tour|parc|montee|cote"
)
_PARTICULE = r"(?:(?:de la|de|du|des|la|le|les|aux|au|a la|en|sur|sous|et) |(?:de |a )?l'|d')"
_MOT = r"[A-Za-z0-9][\w'\-]*"
_PROPRE = r"[A-Z0-9][\w'\-]*"
_SUITE_VOIE = rf"(?: (?:{_PARTICULE}){{0,2}}{_PROPRE}){{0,4}}"
_VILLE = rf"(?:[ ,\-]{{1,3}}(?:F-)?\d{{5}}(?:[ ,]{{1,2}}{_PROPRE}(?:[ \-]{_PROPRE}){{0,4}})?)?"
_RUE = re.compile(
    rf"{_NUMERO}(?:(?i:{_SURES})\.?) (?:{_PARTICULE}){{0,2}}{_MOT}{_SUITE_VOIE}{_VILLE}"
)
_VOIE = re.compile(
    rf"{_NUMERO}(?:(?i:{_DOUTEUSES})\.?) (?:{_PARTICULE}){{0,2}}{_PROPRE}{_SUITE_VOIE}{_VILLE}"
)
_AVEC_CODE = re.compile(
    rf"(?<!\w)(?:(?i:{_SURES}|{_DOUTEUSES})\.?) (?:{_PARTICULE}){{0,2}}{_MOT}(?: {_MOT}){{0,4}}?"
    rf"[ ,\-]{{1,3}}\d{{5}}(?!\d)(?:[ ,]{{1,2}}{_PROPRE}(?:[ \-]{_PROPRE}){{0,4}})?"
)

_MOIS = (
    r"janv(?:ier)?|fev(?:rier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|aout|sept(?:embre)?|"
    r"oct(?:obre)?|nov(?:embre)?|dec(?:embre)?"
)
_DATE = (
    rf"(?:\d{{1,2}}(?:er)?\s?[/.\- ]\s?(?:\d{{1,2}}|{_MOIS})\.?\s?[/.\- ]\s?\d{{2,4}}|"
    rf"\d{{4}}[/.\-]\d{{1,2}}[/.\-]\d{{1,2}}|(?:{_MOIS}) (?:19|20)\d\d|\d{{8}}|(?:19|20)\d\d)"
)
_NAISSANCE = re.compile(
    rf"(?<!\w)(?:ne(?:e|\(e\)|\.e|-e)?s?|(?:date de |jour de )?naissance|ddn|naiss\.?)"
    rf"(?: (?:a|au) {_MOT}(?:[ \-]{_MOT}){{0,3}}?)?\s*(?:est|:|=|,)?\s*(?:le|en|du|depuis)?\s*"
    rf"(?P<date>{_DATE})(?!\d)",
    re.IGNORECASE,
)


def trouver_adresses(plat: str) -> Iterator[Trouvaille]:
    """Every address of a flat text, and every date of birth."""
    if _SIGNE_LIEN.search(plat):
        yield from _liens(plat)
    if _SIGNE_COURRIEL.search(plat):
        for modele in (_COURRIEL, _COURRIEL_COURT):
            yield from ((t.start(), t.end(), "courriel") for t in modele.finditer(plat))
        yield from ((t.start(), t.end(), "compte") for t in _COMPTE.finditer(plat))
    if not _CHIFFRE.search(plat):
        return
    for trouve in _NAISSANCE.finditer(plat):
        yield trouve.start("date"), trouve.end("date"), "naissance"
    for modele in (_RUE, _VOIE, _AVEC_CODE):
        yield from ((t.start(), t.end(), "adresse") for t in modele.finditer(plat))


def _liens(plat: str) -> Iterator[Trouvaille]:
    for trouve in (*_LIEN.finditer(plat), *_PROFIL.finditer(plat)):
        suite = re.sub(r"^\w+\s?:\s?//", "", trouve[0])
        if _IDENTIFIE.search(suite) or _PROFIL.search(suite):
            yield trouve.start(), trouve.end(), "lien"
