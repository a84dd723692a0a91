"""Numbers that lead to a person: telephone, social security, foreigner's file, bank, plate.

Each detector reads a flat text and answers spans with the kind of what it found. Between two
characters of a number anything that people type may stand: spaces, dots, dashes, slashes. What is
everyday speech stays: years, prices, hours, delays, numbers of counters and articles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Trouvaille = tuple[int, int, str]
"""Where it starts and ends in the flat text, and its kind."""

_S = r"[ .\-/_,:;()|*~'\\]{0,3}"  # what may stand between two digits
_C = r"[ .\-/_]{0,2}"  # the same, for numbers that are copied from a card
_D = r"[0-9OoIl]"  # letters typed for digits

_NATIONAL = re.compile(rf"(?<![\w+])[0Oo]{_S}[1-9Il](?:{_S}{_D}){{8}}(?![0-9A-Za-z])")
_INTERNATIONAL = re.compile(
    rf"(?:\+|(?<![\w])[0Oo]{_S}[0Oo]|\(\+?|(?<!\w)){_S}33{_S}(?:\({_S}[0Oo]{_S}\))?{_S}[0Oo]?{_S}"
    rf"[1-9](?:{_S}{_D}){{8}}(?![0-9A-Za-z])"
)
_ETRANGER = re.compile(rf"(?:\+|(?<![\w])[0Oo]{_S}[0Oo]){_S}[1-9](?:{_S}[0-9Oo]){{7,13}}(?!\d)")
_MOTS = (
    "zero|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|"
    "seize|vingts?|trente|quarante|cinquante|soixante|et"
)
_EN_LETTRES = re.compile(rf"\bzero(?:[ ,.\-/]+(?:{_MOTS})){{4,}}(?![A-Za-z])", re.IGNORECASE)
_DATE_HEURE = re.compile(r"[0-3]?\d[/.\-][01]?\d[/.\-](?:19|20)\d\d\b")

_NIR = re.compile(
    rf"(?<![\w])[1-478](?:{_C}[0-9Oo]){{2}}{_C}(?P<mois>[0-9Oo]{_C}[0-9Oo])"
    rf"{_C}[0-9Oo]{_C}[0-9OoAaBb](?:{_C}[0-9Oo]){{6}}(?:{_C}[0-9Oo]{{2}}(?!\d))?(?![0-9A-Za-z])"
)
_AGDREF = re.compile(r"(?<![\w])(?:[ ]?\d[ .\-]?){9}\d(?![0-9A-Za-z])")
_IBAN = re.compile(rf"(?<![0-9A-Za-z])[A-Za-z]{{2}}{_C}\d{_C}\d(?:{_C}[0-9A-Za-z]){{11,30}}")
_LONGUEURS_IBAN = {
    "FR": 27, "MC": 27, "DE": 22, "BE": 16, "LU": 20, "CH": 21, "IT": 27, "ES": 24, "PT": 25,
    "NL": 18, "GB": 22, "AT": 20, "PL": 28, "RO": 24, "MA": 28, "TN": 24, "TR": 26,
}  # fmt: skip
_CARTE = re.compile(r"(?<![\w])\d(?:[ .\-]?\d){12,18}(?![0-9A-Za-z])")
_ANNEE = re.compile(r"(?:19|20)\d\d")

_LETTRES = "A-HJ-NP-TV-Z"
_SIV = re.compile(
    rf"(?<![0-9A-Za-z])(?:(?P<haut>[{_LETTRES}]{{2}}[ .\-_]?\d{{3}}[ .\-_]?[{_LETTRES}]{{2}})"
    rf"|[{_LETTRES}{_LETTRES.lower()}]{{2}}(?P<tiret>-?)\d{{3}}(?P=tiret)"
    rf"[{_LETTRES}{_LETTRES.lower()}]{{2}})(?![0-9A-Za-z])"
)
_FNI = re.compile(
    r"(?<![0-9A-Za-z.,])\d{1,4}(?P<sep>[ .\-_]?)(?P<lettres>[A-Z]{2,3})(?P=sep)"
    r"(?:0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-8])(?![0-9A-Za-z])"
)
_PASSEPORT = re.compile(r"(?<![0-9A-Za-z])\d{2}[A-Za-z]{2}\d{5}(?![0-9A-Za-z])")
_COURTS = (
    "DE LE LA ET EN DU AU OU CE SE NE UN KM KG MN EU MAI JAN FEV MAR AVR JUN JUL AOU SEP OCT NOV "
    "DEC RUE QUE LES DES SUR EST PAR UNE JRS MIN EUR ANS AUX QUI PAS MES"
)
_MOTS_COURTS = frozenset(_COURTS.split())
_IDENTIFIANT = re.compile(r"(?<![0-9A-Za-z])(?=[A-Za-z]*\d)[0-9A-Za-z]{8,}(?![0-9A-Za-z])")
_BLOC = re.compile(r"(?<![\d])\d{8,}(?!\d)")

_NUMERO = r"(?:\s*(?:n[o°º]?\s?[.:°]?|num(?:ero)?s?\.?|no\.?|ref\.?|#))"
_LIBELLES = (
    ("visa", r"visa"),
    ("passeport", r"passeport"),
    ("etranger", r"etranger|agdref|numero d'etranger"),
    ("titre", r"(?:titre|carte)s?(?: de (?:sejour|resident|identite)| nationale d'identite)?|cni|"
              r"recepisse|permis(?: de conduire)?"),
    ("dossier", r"dossier|demande|reclamation|courrier|reference|ref|identifiant|matricule|"
                r"allocataire|caf|numef|numero fiscal|fiscal|client|contrat|affaire|rib|secu|"
                r"securite sociale|compte"),
)  # fmt: skip
_SUITE = (
    r"[0-9A-Za-z](?:[ .\-/_]?[0-9A-Za-z]*\d[0-9A-Za-z]*|[\-/_][A-Za-z]{1,6}(?=[\-/_][0-9A-Za-z]))*"
)
_PAR_LIBELLE = [
    (
        genre,
        re.compile(
            rf"(?<![A-Za-z])(?:{mots})(?![A-Za-z])(?P<numero>{_NUMERO})?\s*(?:est|:|=|,)?\s*"
            rf"(?:le )?(?P<numero2>{_NUMERO})?\s*[:.]?\s*(?P<valeur>{_SUITE})(?![0-9A-Za-z])",
            re.IGNORECASE,
        ),
    )
    for genre, mots in _LIBELLES
]
_NO_ETRANGER = re.compile(
    rf"{_NUMERO}\s*(?:d')?etranger\s*(?:est|:|=)?\s*(?:le )?(?P<valeur>\d(?:[ .\-/]?\d){{4,}})",
    re.IGNORECASE,
)


def trouver_numeros(plat: str) -> Iterator[Trouvaille]:
    """Every number of a flat text that leads to a person, the most specific kinds first."""
    chiffres = sum(map(plat.count, "0123456789"))
    if "zero" in plat.lower():
        yield from ((t.start(), t.end(), "telephone") for t in _EN_LETTRES.finditer(plat))
    if chiffres < 3:  # no number that leads to a person is that short
        return
    if chiffres >= 9:
        yield from _ibans(plat)
        yield from _nirs(plat)
        yield from _cartes(plat)
    yield from _par_libelle(plat)
    if chiffres >= 6:
        yield from _telephones(plat)
        yield from ((t.start(), t.end(), "etranger") for t in _AGDREF.finditer(plat) if _agdref(t))
    yield from _plaques(plat)
    if chiffres >= 5:
        yield from ((t.start(), t.end(), "passeport") for t in _PASSEPORT.finditer(plat))
        yield from ((t.start(), t.end(), "numero") for t in _IDENTIFIANT.finditer(plat) if _code(t))
        yield from ((t.start(), t.end(), "numero") for t in _BLOC.finditer(plat))


def _code(trouve: re.Match[str]) -> bool:
    """Five digits at least: a word with a year in it is no identifier."""
    return sum(c.isdigit() for c in trouve[0]) >= 5


def chiffres_de(texte: str) -> str:
    """The digits of a number, letters typed for them included.

    >>> chiffres_de("O6 I2.34")
    '061234'
    """
    corrige = texte.translate(str.maketrans("OoIl", "0011"))
    return "".join(c for c in corrige if c.isdigit())


def luhn(chiffres: str) -> bool:
    """Whether the last digit is the check digit of the others.

    >>> luhn("4539578763621486"), luhn("4539578763621487")
    (True, False)
    """
    doubles = [int(c) * (2 if rang % 2 else 1) for rang, c in enumerate(reversed(chiffres))]
    return sum(d - 9 if d > 9 else d for d in doubles) % 10 == 0


def modulo_97(iban: str) -> bool:
    """Whether an IBAN (letters and digits only) has the right check digits.

    >>> modulo_97("GB82WEST12345698765432"), modulo_97("GB83WEST12345698765432")
    (True, False)
    """
    return int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97 == 1


def cle_nir(nir: str) -> int:
    """The key of the thirteen characters of a social security number (Corsica: 2A, 2B).

    >>> cle_nir("2550814168025")
    38
    """
    nombre = int(nir.replace("A", "0").replace("B", "0"))
    nombre -= 1_000_000 if "A" in nir else 2_000_000 if "B" in nir else 0
    return 97 - nombre % 97


def _telephones(plat: str) -> Iterator[Trouvaille]:
    for modele in (_INTERNATIONAL, _ETRANGER, _NATIONAL):
        for trouve in modele.finditer(plat):
            if modele is not _NATIONAL or _est_national(trouve[0], plat[trouve.end() :]):
                yield trouve.start(), trouve.end(), "telephone"


def _est_national(numero: str, suite: str) -> bool:
    """Not a date with its hour, nor prices side by side, nor a word that looks like digits."""
    if sum(c.isdigit() for c in numero) < 6:
        return False
    if _DATE_HEURE.match(numero) and re.match(r" ?[:hH]", suite):
        return False
    groupes = re.split(r"\D+", numero.translate(str.maketrans("OoIl", "0011")))
    return "," not in numero or all(len(g) == 2 for g in groupes if g)


def _nirs(plat: str) -> Iterator[Trouvaille]:
    """The month is one, or one of the codes used when it is not known; the key may be missing."""
    for trouve in _NIR.finditer(plat):
        mois = int(chiffres_de(trouve["mois"]) or "99")
        nombre = len(re.findall(r"[0-9A-Za-z]", trouve[0]))
        if nombre in (13, 15) and (1 <= mois <= 12 or 20 <= mois <= 42 or mois >= 50):
            yield trouve.start(), trouve.end(), "nir"


def _agdref(trouve: re.Match[str]) -> bool:
    """Ten digits together are a file's number; apart, only when they begin as one does."""
    texte = trouve[0].strip()
    return texte.isdigit() or texte.startswith(("57", "99"))


def _ibans(plat: str) -> Iterator[Trouvaille]:
    for trouve in _IBAN.finditer(plat):
        places = [t.end() for t in re.finditer(r"[0-9A-Za-z]", trouve[0])]
        lettres = "".join(c for c in trouve[0] if c.isalnum()).upper()
        attendue = _LONGUEURS_IBAN.get(lettres[:2])
        for longueur in (attendue,) if attendue else range(len(lettres), 14, -1):
            assez = longueur <= len(lettres)
            francais = lettres.startswith("FR") and lettres[2:14].isdigit()
            if assez and (modulo_97(lettres[:longueur]) or francais):
                yield trouve.start(), trouve.start() + places[longueur - 1], "iban"
                break


def _cartes(plat: str) -> Iterator[Trouvaille]:
    """A card passes its check; years in a row are no card."""
    for trouve in _CARTE.finditer(plat):
        groupes = re.split(r"[ .\-]", trouve[0])
        if luhn(chiffres_de(trouve[0])) and not all(map(_ANNEE.fullmatch, groupes)):
            yield trouve.start(), trouve.end(), "carte"


def _plaques(plat: str) -> Iterator[Trouvaille]:
    for trouve in _SIV.finditer(plat):
        mots = re.findall(r"[A-Za-z]+", trouve[0].upper())
        if not (" " in trouve[0] and set(mots) <= _MOTS_COURTS):
            yield trouve.start(), trouve.end(), "plaque"
    for trouve in _FNI.finditer(plat):
        if trouve["lettres"] not in _MOTS_COURTS:
            yield trouve.start(), trouve.end(), "plaque"


def _par_libelle(plat: str) -> Iterator[Trouvaille]:
    """A number told by its label: with « n° » a short one is enough, without it is no year."""
    for trouve in _NO_ETRANGER.finditer(plat):
        yield trouve.start("valeur"), trouve.end("valeur"), "etranger"
    for genre, modele in _PAR_LIBELLE:
        for trouve in modele.finditer(plat):
            chiffres = sum(c.isdigit() for c in trouve["valeur"])
            annonce = bool(trouve["numero"] or trouve["numero2"])
            if chiffres >= (3 if annonce else 6) and not _ordinaire(trouve["valeur"]):
                yield trouve.start("valeur"), trouve.end("valeur"), genre


def _ordinaire(valeur: str) -> bool:
    """A year, a date or a span of years: what people say of a file without numbering it."""
    date = (
        r"\d{1,2}[/.\- ]\d{1,2}[/.\- ]\d{2,4}|\d{4}-\d\d-\d\d|(?:19|20)\d\d([/\-](?:19|20)?\d\d)?"
    )
    return bool(re.fullmatch(date, valeur))
