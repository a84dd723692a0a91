"""A day, a number, a yes or no as French offices write them, or the French reason why not."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction

from qualepref_lib.core.refus import extrait

ANNEES = range(1990, 2101)
"""Years that an audit may speak of; beyond them a digit was mistyped."""

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9]{1,2}:[0-9]{2}.*)?$")
_FRANCAISE = re.compile(
    r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?: [0-9]{1,2}[:h][0-9]{2}.*)?$"
)
_COURTE = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2}$")
_EXCEL = re.compile("[345][0-9]{4}")
_NOMBRE = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,3})?%?$")
_HEURE = re.compile(r"(.*[ T])?([0-9]{1,2})(?:[:hH]([0-9]{2})?(?::([0-9]{2})(?:[.,][0-9]+)?)?)$")
_DEBUT_DE_PLAGE = re.compile(r"[0-9]\s*[:hH]|(?:^|\s)[0-9]{1,2}\s*(?:[-–—/]|à)\s*$")
_UNE_HEURE = r"([0-9]{1,2})(?:\s*[:hH]\s*([0-9]{2})?(?::[0-9]{2})?)?"
_PLAGE = re.compile(rf"(?:.*[0-9]{{2}}\s+)?(?:de\s+)?{_UNE_HEURE}\s*(?:[-–—/]|à)\s*{_UNE_HEURE}")
_FRACTION = re.compile("0?[.,][0-9]{1,20}")
_OUI = {"oui", "vrai", "true", "yes"}
_NON = {"non", "faux", "false", "no"}


ORIGINE = dt.date(1899, 12, 30)
"""Day zero of a spreadsheet's day numbers (right from March 1900 on)."""
ORIGINE_1904 = dt.date(1904, 1, 1)
"""Day zero of the workbooks that count from 1904, as those of a Mac once did."""

# As Excel and LibreOffice write them, in English and in French.
ERREUR_DE_TABLEUR = re.compile(
    r"#(?:N/[AD]|NAME\?|NOM ?\?|VALUE!|VALEUR ?!|REF ?!|DIV/0 ?!|NUM ?!|NOMBRE ?!|NULL!|NUL ?!"
    r"|SPILL!|PROPAGATION!|CALC!|CALCUL!|FIELD!|CHAMP!|BLOCKED!|BLOQUE!|CONNECT!|UNKNOWN!"
    r"|GETTING_DATA)|Err ?:[0-9]{3}"
)
"""What a cell shows when its formula failed: never a value."""

_HORLOGE = r"(?:[.,]([0-9]{1,9}))?"
_DUREES = {
    "mm:ss": re.compile(rf"()([0-9]{{1,5}}):([0-5][0-9]){_HORLOGE}"),
    "hh:mm": re.compile(r"([0-9]{1,5}):([0-5][0-9])()()"),
    "hh:mm:ss": re.compile(rf"([0-9]{{1,5}}):([0-5][0-9]):([0-5][0-9]){_HORLOGE}"),
}
SECONDES = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}
"""How many seconds one unit of a plain number lasts."""
UNITES = (*_DUREES, *SECONDES)
"""The ways in which a duration may be written: a clock's, or a number of these units."""


class Illisible(ValueError):
    """A value that cannot be read; ``str()`` is the French finding."""


def lire_date(valeur: str, origine: dt.date = ORIGINE) -> dt.date:
    """A day written ``AAAA-MM-JJ`` or ``jj/mm/aaaa``, an hour after it ignored.

    A spreadsheet's day number is refused with the day it stands for, counted from ``origine``.

    >>> lire_date("29/03/2022"), lire_date("2022-03-29 10:15")
    (datetime.date(2022, 3, 29), datetime.date(2022, 3, 29))
    """
    valeur = valeur.strip()
    if trouve := _ISO.match(valeur):
        annee, mois, jour = (int(g) for g in trouve.groups())
    elif trouve := _FRANCAISE.match(valeur):
        jour, mois, annee = (int(g) for g in trouve.groups())
    else:
        raise Illisible(_pas_une_date(valeur, origine))
    if annee not in ANNEES:
        raise Illisible(
            f"« {extrait(valeur)} » : l’année {annee} est hors de {ANNEES[0]}–{ANNEES[-1]}."
        )
    try:
        return dt.date(annee, mois, jour)
    except ValueError:
        inverse = " (jour et mois inversés ?)" if mois > 12 >= jour else ""
        raise Illisible(
            f"« {extrait(valeur)} » n’existe pas dans le calendrier{inverse}."
        ) from None


def _pas_une_date(valeur: str, origine: dt.date) -> str:
    vue = extrait(valeur)
    if _COURTE.match(valeur):
        return f"« {vue} » n’est pas une date sûre : l’année doit avoir quatre chiffres."
    if _EXCEL.fullmatch(re.split("[.,]", valeur)[0]):
        jour = origine + dt.timedelta(days=int(valeur[:5]))
        return (
            f"« {vue} » n’est pas une date : c’est sans doute le numéro de jour d’un tableur, "
            f"pour {jour:%d/%m/%Y} (mettre la colonne au format Date)."
        )
    return f"« {vue} » n’est pas une date (attendu : jj/mm/aaaa ou AAAA-MM-JJ)."


def lire_heure(valeur: str) -> float:
    """An hour of the day, in minutes since midnight; a day before it is ignored.

    >>> lire_heure("9h05"), lire_heure("14:30:30"), lire_heure("2022-03-01 08:00")
    (545.0, 870.5, 480.0)
    """
    trouve = _HEURE.match(valeur.strip())
    # The end of « 8h - 9h » is an hour too: read as one, it would move the whole slot.
    if trouve is None or _DEBUT_DE_PLAGE.search(trouve.group(1) or ""):
        raise Illisible(_pas_une_heure(valeur.strip()))
    heures, minutes, secondes = (int(g or 0) for g in trouve.groups()[1:])
    if heures > 23 or minutes > 59 or secondes > 59:
        raise Illisible(f"« {extrait(valeur)} » n’est pas une heure du jour.")
    return 60.0 * heures + minutes + secondes / 60


def _pas_une_heure(valeur: str) -> str:
    vue = extrait(valeur)
    if _FRACTION.fullmatch(valeur):
        minutes = round(float(valeur.replace(",", ".")) * 1440) % 1440
        return (
            f"« {vue} » n’est pas une heure : c’est sans doute la fraction de jour d’un tableur, "
            f"pour {minutes // 60:02d}:{minutes % 60:02d} (mettre la colonne au format Heure)."
        )
    if _PLAGE.fullmatch(valeur):
        remede = "n’en garder que le début, ou la déclarer sous « plages » dans une association"
        return f"« {vue} » est une plage, pas une heure : {remede}."
    return f"« {vue} » n’est pas une heure (attendu : hh:mm)."


def lire_plage(valeur: str) -> float:
    """The hour at which a slot begins, in minutes since midnight; a bare number is an hour.

    >>> lire_plage("08:00-08:30"), lire_plage("de 8h à 9h"), lire_plage("03/01/2022 14h - 15h")
    (480.0, 480.0, 840.0)
    >>> lire_plage("9"), lire_plage("9h05")
    (540.0, 545.0)
    """
    plat = valeur.strip()
    if re.fullmatch("[0-9]{1,2}", plat):
        plat = f"{plat}h"
    trouve = _PLAGE.fullmatch(plat)
    if trouve is None:
        return lire_heure(plat)
    debut, fin = (60 * int(h) + int(m or 0) for h, m in (trouve.group(1, 2), trouve.group(3, 4)))
    if fin > 1440 or not (debut < fin or fin == 0) or debut >= 1440:
        raise Illisible(f"« {extrait(valeur)} » n’est pas une plage d’heures du jour.")
    return float(debut)


def lire_duree(valeur: str, unite: str) -> float:
    """A duration in seconds, written as ``unite`` says (one of :data:`UNITES`).

    >>> lire_duree("75:30", "mm:ss"), lire_duree("1,5", "min"), lire_duree("2500", "ms")
    (4530.0, 90.0, 2.5)
    """
    if unite in SECONDES:
        return lire_nombre(valeur) * SECONDES[unite]
    trouve = _DUREES[unite].fullmatch(valeur.strip())
    if trouve is None:
        raise Illisible(_pas_une_duree(valeur.strip(), unite))
    heures, minutes, secondes = (int(g or 0) for g in trouve.groups()[:3])
    return 3600.0 * heures + 60 * minutes + secondes + float(f"0.{trouve.group(4) or 0}")


def _pas_une_duree(valeur: str, unite: str) -> str:
    constat = f"« {extrait(valeur)} » n’est pas une durée {unite}"
    if unite == "mm:ss" and (lue := re.fullmatch(r"([0-9]{1,3}:[0-9]{2}):00", valeur)):
        # Typed as minutes and seconds, « 01:05 » is one hour and five minutes to a spreadsheet.
        return f"{constat} : un tableur a peut-être pris « {lue.group(1)} » pour des heures."
    return f"{constat}."


def lire_nombre(valeur: str) -> float:
    """A finite number, with a decimal comma or point, spaces between thousands, a final ``%``.

    >>> lire_nombre("1 234,5"), lire_nombre("50 %")
    (1234.5, 50.0)
    """
    plat = re.sub(r"\s", "", valeur).replace("\u2212", "-")
    if not _NOMBRE.match(plat):
        raise Illisible(f"« {extrait(valeur)} » n’est pas un nombre.")
    nombre = float(plat.removesuffix("%").replace(",", "."))
    if nombre in (float("inf"), float("-inf")):
        raise Illisible(f"« {extrait(valeur)} » est un nombre trop grand.")
    return nombre


def lire_entier(valeur: str) -> int:
    """A whole number.

    >>> lire_entier("2 019")
    2019
    """
    nombre = lire_nombre(valeur)
    if nombre != int(nombre) or "%" in valeur or abs(nombre) > 10**9:
        raise Illisible(f"« {extrait(valeur)} » n’est pas un nombre entier.")
    return int(nombre)


def lire_part(valeur: str) -> Fraction:
    """A share, kept exact: ``0.8``, ``0,8``, ``80 %`` and ``4/5`` are four fifths.

    >>> lire_part("80 %"), lire_part("0,8")
    (Fraction(4, 5), Fraction(4, 5))
    """
    plat = re.sub(r"\s", "", valeur).replace(",", ".")
    if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,12})?%?|[0-9]{1,9}/[1-9][0-9]{0,8}", plat):
        raise Illisible(f"« {extrait(valeur)} » n’est pas un nombre (par exemple 0.8).")
    if plat.endswith("%"):
        return Fraction(plat[:-1]) / 100
    return Fraction(plat)


def lire_oui_non(valeur: str) -> bool:
    """A yes or a no, in French or as YAML writes it.

    >>> lire_oui_non("oui"), lire_oui_non("false")
    (True, False)
    """
    mot = valeur.strip().lower()
    if mot not in _OUI | _NON:
        raise Illisible(f"« {extrait(valeur)} » n’est ni oui ni non (attendu : true ou false).")
    return mot in _OUI
