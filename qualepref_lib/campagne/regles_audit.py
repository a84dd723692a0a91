"""What the rows of the audit's own tables must respect together."""

from __future__ import annotations

import pandas as pd

from qualepref_lib.campagne.contexte import Contexte, Regle, unique

_HEURE = r"([01]?\d|2[0-3])[:hH][0-5]\d"
_SOMME = r"[0-9a-fA-F]{64}"


def _motif_de_verification(c: Contexte) -> None:
    """The auditor too gives the reason of a criterion that leaves the base (rules 3.1)."""
    for degre in c.referentiel.edition.echelle:
        if degre.motif_obligatoire:
            c.signaler(
                (c.cadre["cotation"] == degre.code) & c.cadre["motif"].isna(),
                "motif",
                f"« {degre.libelle} » sans motif.",
                "écrire pourquoi le critère ne s’applique pas, ou le coter.",
            )


def _fichier_dans_le_dossier(c: Contexte) -> None:
    """An evidence file is inside the campaign's folder: a dossier must travel whole."""
    chemins = c.cadre["fichier"].fillna("")
    dehors = chemins.str.contains(r"^[/\\~]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)", regex=True)
    c.signaler(
        dehors,
        "fichier",
        "le fichier n’est pas dans le dossier de la campagne.",
        "copier la preuve dans le dossier et donner son chemin relatif, par exemple preuves/a.pdf.",
    )
    sommes = c.cadre["sha256"].fillna("")
    c.signaler(
        (sommes != "") & ~sommes.str.fullmatch(_SOMME),
        "sha256",
        "ce n’est pas une empreinte SHA-256 (64 chiffres hexadécimaux).",
        "laisser la cellule vide : l’empreinte sera calculée.",
    )


def _apres_le_debut(c: Contexte) -> None:
    """An interview belongs to this campaign: not before its first date."""
    debuts = [etape.debut for etape in c.fiche.calendrier]
    if debuts:
        limite = min(debuts)
        c.signaler(
            c.cadre["date"] < pd.Timestamp(limite),
            "date",
            f"l’entretien est avant le début de la campagne ({limite:%d/%m/%Y}).",
            "corriger la date, ou le calendrier de campagne.yaml.",
        )


def ordre(avant: str, apres: str, constat: str) -> Regle:
    """The date ``apres`` is not before the date ``avant``."""

    def regle(c: Contexte) -> None:
        remede = "corriger l’une des deux dates."
        c.signaler(c.cadre[apres] < c.cadre[avant], apres, constat, remede)

    return regle


def _creneaux(c: Contexte) -> None:
    """A slot has two times, in order; two slots of one function do not overlap."""
    for colonne in ("debut", "fin"):
        c.signaler(
            ~c.cadre[colonne].fillna("").str.fullmatch(_HEURE) & ~c.vides(colonne),
            colonne,
            "ce n’est pas une heure.",
            "écrire l’heure comme 09:30.",
        )
    debut, fin = minutes(c.cadre["debut"]), minutes(c.cadre["fin"])
    c.signaler(fin <= debut, "fin", "le créneau finit avant de commencer.", "corriger l’heure.")
    for _, groupe in c.cadre.assign(_debut=debut, _fin=fin).groupby(["date", "fonction"]):
        rangs = groupe.sort_values("_debut")
        suivants = rangs["_debut"] < rangs["_fin"].shift()
        c.remarquer(
            suivants.reindex(c.cadre.index, fill_value=False),
            "debut",
            "deux créneaux de la même fonction se chevauchent.",
        )


def minutes(heures: pd.Series) -> pd.Series:
    """Times written ``09:30`` or ``9h30`` as minutes since midnight; missing when unreadable."""
    parties = heures.fillna("").str.extract(r"^(\d{1,2})[:hH](\d{2})$").astype("float64")
    return parties[0] * 60 + parties[1]


def _recue_datee(c: Contexte) -> None:
    c.remarquer(
        (c.cadre["statut"] == "recue") & c.vides("remise_le"),
        "remise_le",
        "pièce reçue sans date de remise.",
    )


REGLES_AUDIT: dict[str, tuple[Regle, ...]] = {
    "preuves": (unique("code"), _fichier_dans_le_dossier),
    "documents": (
        unique("code"),
        ordre("derniere_revue", "prochaine_revue", "la prochaine revue précède la dernière."),
    ),
    "entretiens": (unique("code"), _apres_le_debut),
    "plan_audit": (_creneaux,),
    "verification": (unique("critere", "service"), _motif_de_verification),
    "constats": (unique("numero"),),
    "pieces": (unique("piece"), _recue_datee),
    "controles": (unique("code"),),
    "usagers": (
        unique("code"),
        ordre("date", "date_reponse", "la réponse précède l’observation."),
    ),
    "decisions": (unique("code"),),
}
