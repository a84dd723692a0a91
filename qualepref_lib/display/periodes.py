"""Labels of periods on an axis: short, with the year apart, so that a year of weeks can be read."""

from __future__ import annotations

import re

MOIS = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()  # noqa: SIM905
_LONGS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
_ABREGES = dict(zip(_LONGS.split(), MOIS, strict=True))
_PREFIXE = re.compile(r"^(?:semaine du|fin de la semaine du|semaine|fin|au)\s+", re.IGNORECASE)
_ANNEE = re.compile(r"(?:,?\s|/)(\d{4})$")
_ISO = re.compile(r"^(\d{4})-(\d\d)(?:-(\d\d))?$")
_MOT = re.compile(r"[^\W\d_]+\.?")


def abreger(libelle: str) -> tuple[str, str]:
    """What an axis prints of a period, and its year, empty where the label has none.

    >>> abreger("semaine du 31 janv. 2022"), abreger("avril 2022"), abreger("8 h 30")
    (('31 janv.', '2022'), ('avr.', '2022'), ('8 h 30', ''))
    >>> abreger("04/02/2022"), abreger("2022-02-04")
    (('04/02', '2022'), ('04/02', '2022'))
    """
    texte = " ".join(libelle.split())
    iso = _ISO.match(texte)
    if iso:
        annee, mois, jour = iso.groups()
        return (f"{jour}/{mois}" if jour else MOIS[int(mois) - 1]), annee
    texte = _PREFIXE.sub("", texte)
    trouve = _ANNEE.search(texte)
    annee = trouve[1] if trouve else ""
    court = texte[: trouve.start()] if trouve else texte
    return _MOT.sub(lambda mot: _ABREGES.get(mot[0], mot[0]), court) or annee, annee


def est_periode(libelle: str) -> bool:
    """True when a label names a week, a month or a day of a year.

    >>> est_periode("semaine du 31 janv. 2022"), est_periode("mars 2022"), est_periode("courriel")
    (True, True, False)
    """
    court, annee = abreger(libelle)
    connus = {*MOIS, *_ABREGES.values()}
    dit_un_mois = any(mot in connus for mot in _MOT.findall(court))
    return bool(annee) and (dit_un_mois or bool(re.fullmatch(r"\d\d/\d\d|\d+", court)))


def est_semaine(libelle: str) -> bool:
    """True when a label names a week by its first day, which the short form does not say.

    >>> est_semaine("semaine du 31 janv. 2022"), est_semaine("mars 2022")
    (True, False)
    """
    return "semaine du " in " ".join(libelle.lower().split())
