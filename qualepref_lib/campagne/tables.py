"""The tables of a campaign: which columns each source has, and what its rows must respect.

The columns depend on the référentiel: a criterion code is known or not by the edition. Rules that
involve several cells of a row stand here too, each a few lines of pandas.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from qualepref_lib.campagne.fiche import FicheCampagne
from qualepref_lib.core.refus import Releve
from qualepref_lib.formats.colonnes import Colonne
from qualepref_lib.referentiel import Referentiel

STATUTS_ACTION = {
    "a_faire": "à faire",
    "en_cours": "en cours",
    "fait": "fait",
    "abandonne": "abandonné",
}
REPONSES_MYSTERE = {"oui": "oui", "non": "non", "sans_objet": "sans objet"}
OUI_NON = {"oui": "oui", "non": "non"}

Regle = Callable[[pd.DataFrame, Referentiel, FicheCampagne, str, Releve], None]


def colonnes_de(source: str, referentiel: Referentiel) -> tuple[Colonne, ...]:
    """The columns of one source, with the codes that this edition knows."""
    return _COLONNES[source](referentiel)


def _autodiagnostic(r: Referentiel) -> tuple[Colonne, ...]:
    criteres = {code: critere.libelle for code, critere in r.criteres.items()}
    degres = {degre.code: degre.libelle for degre in r.edition.echelle}
    return (
        Colonne("critere", "code", True, True, criteres, "un code de critère du référentiel"),
        Colonne("cotation", "code", True, False, degres, "une cotation de l'échelle"),
        Colonne("motif"),
        Colonne("service"),
        Colonne("commentaire"),
    )


def _mystere(r: Referentiel) -> tuple[Colonne, ...]:
    grilles = {grille.code: grille.libelle for grille in r.grilles}
    observations = {code: o.libelle for code, o in r.observations.items()}
    return (
        Colonne("vague", requise=True, remplie=True),
        Colonne("test", requise=True, remplie=True),
        Colonne("grille", "code", True, True, grilles, "un code de grille mystère"),
        Colonne("service"),
        Colonne("date", "date", True, True),
        Colonne("creneau"),
        Colonne("testeur"),
        Colonne("scenario"),
        Colonne("tentatives", "nombre", mini=1),
        Colonne("abouti", "code", True, True, OUI_NON, "oui ou non"),
        Colonne("observation", "code", True, False, observations, "un code d'observation mystère"),
        Colonne("reponse", "code", True, False, REPONSES_MYSTERE, "une réponse admise"),
        Colonne("valeur", "nombre", mini=0),
    )


def _enquete(r: Referentiel) -> tuple[Colonne, ...]:
    if r.questionnaire is None:
        return ()
    colonnes = [
        Colonne("reponse", requise=True, remplie=True),
        Colonne("date", "date", requise=True, remplie=True),
    ]
    for question in r.questionnaire.questions.values():
        connus = {m.code: m.libelle for m in r.questionnaire.modalites(question)}
        nature = f"une réponse admise à « {question.court} »"
        if question.genre == "texte":
            colonnes.append(Colonne(question.code))
        elif question.genre == "multiple":
            colonnes.append(
                Colonne(question.code, "codes", True, False, connus, nature, separateur="|")
            )
        else:
            colonnes.append(Colonne(question.code, "code", True, False, connus, nature))
    return tuple(colonnes)


def _plan_actions(r: Referentiel) -> tuple[Colonne, ...]:
    criteres = {code: critere.libelle for code, critere in r.criteres.items()}
    return (
        Colonne("code", requise=True, remplie=True),
        Colonne("libelle", requise=True, remplie=True),
        Colonne("origine"),
        Colonne("criteres", "codes", False, False, criteres, "un code de critère du référentiel"),
        Colonne("canaux", "codes", False, False, r.libelles_canaux, "un code de canal"),
        Colonne("responsable"),
        Colonne("debut", "date"),
        Colonne("echeance", "date", requise=True),
        Colonne("statut", "code", True, True, STATUTS_ACTION, "un statut d'action"),
        Colonne("avancement", "nombre", mini=0, maxi=100),
        Colonne("preuve_attendue"),
    )


def _constats(r: Referentiel) -> tuple[Colonne, ...]:
    types = {t.code: t.libelle for t in r.edition.types_constat}
    engagements = {code: e.libelle for code, e in r.engagements.items()}
    return (
        Colonne("numero", requise=True, remplie=True),
        Colonne("type", "code", True, True, types, "un type de constat"),
        Colonne("engagement", "code", True, True, engagements, "un code d'engagement"),
        Colonne("fait", requise=True, remplie=True),
        Colonne("preuve"),
    )


_COLONNES: dict[str, Callable[[Referentiel], tuple[Colonne, ...]]] = {
    "autodiagnostic": _autodiagnostic,
    "mystere": _mystere,
    "enquete": _enquete,
    "plan_actions": _plan_actions,
    "constats": _constats,
}


def check_regles(
    source: str,
    cadre: pd.DataFrame,
    referentiel: Referentiel,
    fiche: FicheCampagne,
    nom: str,
    releve: Releve,
) -> None:
    """Apply the rules that involve several cells of ``source``."""
    for regle in _REGLES.get(source, ()):
        regle(cadre, referentiel, fiche, nom, releve)


def _lignes(masque: pd.Series) -> list[int]:
    return [int(ligne) for ligne in masque.index[masque]]


def _unique(*colonnes: str) -> Regle:
    """No two rows share the values of ``colonnes``."""

    def regle(c: pd.DataFrame, r: Referentiel, f: FicheCampagne, nom: str, releve: Releve) -> None:
        cles = c[list(colonnes)].dropna(how="all")
        premieres = {tuple(cle): ligne for ligne, *cle in reversed(list(cles.itertuples()))}
        for ligne, *cle in cles[cles.duplicated()].itertuples():
            valeur = " / ".join(str(v) for v in cle if v)
            releve.signaler(
                nom,
                f"« {valeur} » est déjà à la ligne {premieres[tuple(cle)]}.",
                ligne=ligne,
                colonne=colonnes[0],
                remede="garder une seule des deux lignes.",
            )

    return regle


def _motif(c: pd.DataFrame, r: Referentiel, f: FicheCampagne, nom: str, releve: Releve) -> None:
    """A rating such as *sans objet* leaves the base, so its reason is mandatory (rules 3.1)."""
    avec_motif = {d.code: d.libelle for d in r.edition.echelle if d.motif_obligatoire}
    for ligne in _lignes(c["cotation"].isin(avec_motif) & c["motif"].isna()):
        libelle = avec_motif[c.at[ligne, "cotation"]]
        releve.signaler(
            nom,
            f"« {libelle} » sans motif.",
            ligne=ligne,
            colonne="motif",
            remede="écrire pourquoi le critère ne s'applique pas, ou le coter.",
        )


def _hors_modules(
    c: pd.DataFrame, r: Referentiel, f: FicheCampagne, nom: str, releve: Releve
) -> None:
    modules = c["critere"].map(r.module_de)
    for ligne in _lignes(modules.notna() & ~modules.isin(f.modules)):
        releve.remarquer(
            nom,
            f"le critère {c.at[ligne, 'critere']} est du module {modules[ligne]}, qui n'est pas "
            "retenu : il n'est pas compté.",
            ligne=ligne,
            colonne="critere",
        )


def _observation_de_la_grille(
    c: pd.DataFrame, r: Referentiel, f: FicheCampagne, nom: str, releve: Releve
) -> None:
    """An observation belongs to the grid of its row; a reached test says something."""
    grille_de = {o.code: g.code for g in r.grilles for o in g.observations}
    attendues = c["observation"].map(grille_de)
    for ligne in _lignes(c["grille"].notna() & attendues.notna() & (attendues != c["grille"])):
        releve.signaler(
            nom,
            f"l'observation « {c.at[ligne, 'observation']} » est de la grille « "
            f"{attendues[ligne]} », la ligne dit « {c.at[ligne, 'grille']} ».",
            ligne=ligne,
            colonne="observation",
        )
    for ligne in _lignes((c["abouti"] == "oui") & c["observation"].isna()):
        releve.signaler(nom, "test abouti sans observation.", ligne=ligne, colonne="observation")
    for ligne in _lignes((c["abouti"] == "non") & c["observation"].notna()):
        releve.signaler(
            nom, "observation sur un test qui n'a pas abouti.", ligne=ligne, colonne="observation"
        )


def _reponse_ou_valeur(
    c: pd.DataFrame, r: Referentiel, f: FicheCampagne, nom: str, releve: Releve
) -> None:
    """A criterion has an answer, a measure has a value."""
    genres = c["observation"].map({code: o.genre for code, o in r.observations.items()})
    for ligne in _lignes((genres == "critere") & c["reponse"].isna()):
        releve.signaler(
            nom,
            "un critère observé attend une réponse.",
            ligne=ligne,
            colonne="reponse",
            connus=tuple(REPONSES_MYSTERE.values()),
        )
    sans_valeur = (genres == "mesure") & c["valeur"].isna() & (c["reponse"] != "sans_objet")
    for ligne in _lignes(sans_valeur):
        releve.signaler(nom, "une mesure attend un nombre.", ligne=ligne, colonne="valeur")


def _dans_la_periode(
    c: pd.DataFrame, r: Referentiel, f: FicheCampagne, nom: str, releve: Releve
) -> None:
    """An answer dated outside the declared period of the survey is a fault of one or the other."""
    declaration = f.sources["enquete"]
    for borne, avant in ((declaration.debut, True), (declaration.fin, False)):
        if borne is None:
            continue
        limite = pd.Timestamp(borne)
        dehors = c["date"] < limite if avant else c["date"] > limite
        for ligne in _lignes(dehors):
            releve.signaler(
                nom,
                f"{c.at[ligne, 'date']:%d/%m/%Y} est {'avant' if avant else 'après'} la période "
                f"déclarée de l'enquête ({borne:%d/%m/%Y}).",
                ligne=ligne,
                colonne="date",
            )


def _dates_d_action(
    c: pd.DataFrame, r: Referentiel, f: FicheCampagne, nom: str, releve: Releve
) -> None:
    for ligne in _lignes(c["debut"] > c["echeance"]):
        releve.signaler(nom, "l'échéance précède le début.", ligne=ligne, colonne="echeance")
    for ligne in _lignes(c["statut"].isin(["a_faire", "en_cours"]) & c["echeance"].isna()):
        releve.remarquer(nom, "action ouverte sans échéance.", ligne=ligne, colonne="echeance")


_REGLES: dict[str, tuple[Regle, ...]] = {
    "autodiagnostic": (_unique("critere", "service"), _motif, _hors_modules),
    "mystere": (_unique("test", "observation"), _observation_de_la_grille, _reponse_ou_valeur),
    "enquete": (_unique("reponse"), _dans_la_periode),
    "plan_actions": (_unique("code"), _dates_d_action),
    "constats": (_unique("numero"),),
}
