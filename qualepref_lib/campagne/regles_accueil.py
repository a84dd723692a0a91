"""What the rows of ``appels.csv`` and ``tickets.csv`` must respect: calls and queue tickets."""

from __future__ import annotations

from qualepref_lib.campagne.contexte import Contexte, Regle
from qualepref_lib.campagne.regles_communes import cles_de, connues, repetes

HEURES_MAX = 4
"""A wait or a talk on the telephone longer than this is a clock that was not stopped."""

_HEURES = "corriger l’une des deux heures."


def _durees_d_appel(c: Contexte) -> None:
    """Times of a call, in seconds; those of a group of calls are a mean, of nobody's."""
    groupe = c.cadre["nombre"] > 1
    for colonne, quoi in (("attente", "attente"), ("duree", "durée")):
        c.remarquer(
            ~groupe & (c.cadre[colonne] > HEURES_MAX * 3600),
            colonne,
            f"{quoi} de plus de {HEURES_MAX} heures : la valeur est-elle bien en secondes ?",
        )
        c.remarquer(
            groupe & c.cadre[colonne].notna(),
            colonne,
            f"{quoi} moyenne d’un groupe d’appels : elle n’est celle d’aucun appel et n’entre pas "
            "dans les calculs.",
        )


def _transferts(c: Contexte) -> None:
    """Only an agent who answered can pass a call on."""
    issues = c.referentiel.registres.issues_appel
    sans_agent = c.cadre["issue"].isin([i.code for i in issues if not i.repondu])
    c.signaler(
        sans_agent & (c.cadre["transferts"] > 0),
        "transferts",
        "un transfert sur un appel qu’aucun agent n’a pris.",
        "corriger l’issue de l’appel, ou vider la colonne transferts.",
    )
    c.remarquer(
        (c.cadre["nombre"] > 1) & (c.cadre["transferts"] > c.cadre["nombre"]),
        "transferts",
        "plus d’appels transférés que d’appels dans le groupe : tous sont comptés transférés.",
    )


def _appels_en_double(c: Contexte) -> None:
    """A day told both call by call and by groups may be told twice."""
    groupe, dates = c.cadre["nombre"] > 1, c.cadre["date"]
    meles = set(dates[groupe].dropna()) & set(dates[c.vides("nombre")].dropna())
    c.remarquer(
        groupe & dates.isin(meles),
        "nombre",
        "ce jour a des appels un par un et des groupes d’appels : vérifier qu’aucun n’est compté "
        "deux fois.",
    )


def _heures_de_ticket(c: Contexte) -> None:
    """Taken, called, finished: in that order."""
    cadre = c.cadre
    c.signaler(
        cadre["appele"] < cadre["pris"],
        "appele",
        "le ticket est appelé avant d’être pris.",
        _HEURES,
    )
    c.signaler(
        cadre["fini"] < cadre["appele"],
        "fini",
        "le ticket finit avant d’être appelé.",
        _HEURES,
    )
    c.signaler(
        (cadre["fini"] < cadre["pris"]) & c.vides("appele"),
        "fini",
        "le ticket finit avant d’être pris.",
        _HEURES,
    )
    c.remarquer(
        cadre["fini"].notna() & c.vides("appele") & (cadre["issue"] != "abandonne"),
        "fini",
        "une heure de fin sans heure d’appel.",
    )


def _issue_de_ticket(c: Contexte) -> None:
    """The outcome and the call say the same thing."""
    sans_appel, issue = c.vides("appele"), c.cadre["issue"]
    c.signaler(
        sans_appel & c.vides("issue"),
        "issue",
        "ni heure d’appel ni issue : on ne sait pas ce que ce ticket est devenu.",
        "écrire l’heure d’appel, ou l’issue du ticket.",
    )
    for code, nom in (("servi", "servi"), ("absent", "absent à l’appel")):
        c.signaler(
            sans_appel & (issue == code),
            "appele",
            f"ticket « {nom} » sans heure d’appel.",
            "écrire l’heure d’appel, ou corriger l’issue.",
        )
    for code, nom in (("abandonne", "parti avant l’appel"), ("en_attente", "encore en attente")):
        c.signaler(
            c.cadre["appele"].notna() & (issue == code),
            "issue",
            f"ticket « {nom} » avec une heure d’appel.",
            "corriger l’issue, ou vider l’heure d’appel.",
        )
    c.remarquer(
        (issue == "en_attente") & (c.cadre["date"] < c.cadre["date"].max()),
        "issue",
        "ticket encore en attente un jour passé : parti avant l’appel ?",
    )


def _ticket_de_deux_files(c: Contexte) -> None:
    cles = cles_de(c, "ticket", "date", "file").drop_duplicates()
    doubles = cles[cles.duplicated(["ticket", "date"])].index
    c.remarquer(
        c.cadre.index.to_series().isin(doubles),
        "ticket",
        "ce numéro sert aussi dans une autre file le même jour : les deux tickets sont comptés.",
    )


def _guichet_occupe(c: Contexte) -> None:
    """A counter serves one person at a time: two at once is a mistyped hour, or a shared number."""
    servis = c.cadre.dropna(subset=["date", "guichet", "appele", "fini"])
    servis = servis.sort_values(["date", "guichet", "appele", "fini"])
    lieux = [servis["date"], servis["guichet"]]
    liberes = servis["fini"].groupby(lieux).cummax().groupby(lieux).shift()
    c.remarquer(
        (servis["appele"] < liberes).reindex(c.cadre.index, fill_value=False),
        "guichet",
        "le guichet sert déjà un autre ticket à cette heure.",
    )


APPELS: tuple[Regle, ...] = (connues("date"), _durees_d_appel, _transferts, _appels_en_double)
TICKETS: tuple[Regle, ...] = (
    repetes("ticket", "le même jour dans la même file", "date", "file"),
    _ticket_de_deux_files,
    connues("date"),
    _heures_de_ticket,
    _issue_de_ticket,
    _guichet_occupe,
)
