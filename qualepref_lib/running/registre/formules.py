"""The formulas of the mail register: due days, states, highlights; same rules as the analyses.

The delay is looked up in the sheet « Délais » with the rule of ``Registres.delai``: channel and
nature, then nature, then channel, then neither, and among the dated values the latest one that had
started on the day of reception. ``Delais_priorite`` ranks the rows in that order, so that the
greatest priority among the rows that apply is the right row. Business days follow rules 3.6:
WORKDAY counts from the day after reception, without the days of ``Jours_chomes``.
"""

from __future__ import annotations

PROCHE = 2
"""A letter due within this many business days is told apart."""
TOUS, TOUTES = "tous", "toutes"
OBJETS = {"reponse": "réponse", "accuse": "accusé de réception"}
OUVRES, CALENDAIRES = "ouvrés", "calendaires"

PRIORITE = (
    f'(({{nature}}<>"{TOUTES}")*2000000+({{canal}}<>"{TOUS}")*1000000+{{depuis}})*1000+999-ROW()'
)
"""Nature before channel, then the date; of two equal rows the first one."""

JOUR_SEMAINE = (
    'IF(ISNUMBER({date});CHOOSE(WEEKDAY({date});"dimanche";"lundi";"mardi";"mercredi";"jeudi";'
    '"vendredi";"samedi");"")'
)
CLE_OPAQUE = 'AND(LEN({cle})<=20;ISERROR(FIND(" ";{cle}));ISERROR(FIND("@";{cle})))'
"""A key is short, in one piece, and no address."""


def echeance(objet: str, calendaires: bool) -> str:
    """The last day on time; blank without reception, channel, nature or rule.

    ``calendaires``: whether some delay counts calendar days.
    """
    ligne = f"MATCH({_priorite(objet)};Delais_priorite;0)"
    jours = f"INDEX(Delais_jours;{ligne})"
    due = f"WORKDAY({{date_reception}};{jours};Jours_chomes)"
    if calendaires:
        decompte = f'INDEX(Delais_decompte;{ligne})="{OUVRES}"'
        due = f"IF({decompte};{due};INT({{date_reception}})+{jours})"
    vide = 'OR({date_reception}="";{canal}="";{nature}="")'
    return f'IF({vide};"";IFERROR({due};""))'


def _priorite(objet: str) -> str:
    """The greatest priority among the delays that apply; 0 when none does."""
    return (
        f'SUMPRODUCT(MAX((Delais_objet="{OBJETS[objet]}")'
        f'*((Delais_canal="{TOUS}")+(Delais_canal={{canal}}))'
        f'*((Delais_nature="{TOUTES}")+(Delais_nature={{nature}}))'
        "*(Delais_depuis<={date_reception})*Delais_priorite))"
    )


def etat(repondu: str) -> str:
    """Where a letter stands today; ``repondu`` is the closing reason that comes with an answer."""
    return _si(
        ('{date_reception}&{canal}&{nature}&{date_accuse}&{date_reponse}&{cloture}=""', '""'),
        ('OR({date_reception}="";{canal}="";{nature}="")', '"à compléter"'),
        (f"NOT(IFERROR(AND({';'.join(_saines(repondu))});FALSE()))", '"à vérifier"'),
        (
            '{date_reponse}<>""',
            _si(
                ('{echeance}=""', '"répondu"'),
                ("INT({date_reponse})<={echeance}", '"répondu dans le délai"'),
                sinon='"répondu hors délai"',
            ),
        ),
        ('{cloture}<>""', '"clos sans réponse"'),
        ('{echeance}=""', '"sans délai fixé"'),
        ("{echeance}<TODAY()", '"en retard"'),
        (f"{{echeance}}<=WORKDAY(TODAY();{PROCHE};Jours_chomes)", '"échéance proche"'),
        sinon='"à répondre"',
    )


def _saines(repondu: str) -> tuple[str, ...]:
    """What must be true of a row that makes sense; an hour after a day counts for nothing."""
    return (
        "ISNUMBER({date_reception})",
        "{date_reception}<TODAY()+1",
        *(
            f'OR({{{jour}}}="";AND(ISNUMBER({{{jour}}});{{{jour}}}>=INT({{date_reception}});'
            f"{{{jour}}}<TODAY()+1))"
            for jour in ("date_accuse", "date_reponse")
        ),
        "SUMPRODUCT(--(Liste_canaux={canal}))>0",
        "SUMPRODUCT(--(Liste_natures={nature}))>0",
        f'OR({{cloture}}<>"{repondu}";{{date_reponse}}<>"")',
    )


def etat_accuse() -> str:
    """Where the acknowledgement stands; an answer given before any is the acknowledgement."""
    return _si(
        ('OR({etat}="";{etat}="à compléter";{etat}="à vérifier";{echeance_accuse}="")', '""'),
        (
            "COUNT({date_accuse};{date_reponse})=0",
            _si(
                ('{cloture}<>""', '""'),
                ("{echeance_accuse}<TODAY()", '"en retard"'),
                sinon='"à envoyer"',
            ),
        ),
        ("INT(MIN({date_accuse};{date_reponse}))<={echeance_accuse}", '"dans le délai"'),
        sinon='"hors délai"',
    )


def service_par_defaut(service: str) -> str:
    """The name of the only service of a register, as soon as a letter is written in."""
    texte = service.replace('"', '""')
    return f'IF({{date_reception}}="";"";"{texte}")'


def _si(*cas: tuple[str, str], sinon: str) -> str:
    """Nested IFs: the value of the first condition that is true."""
    texte = sinon
    for condition, valeur in reversed(cas):
        texte = f"IF({condition};{valeur};{texte})"
    return texte
