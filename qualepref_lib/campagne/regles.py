"""What the rows of a source must respect together: each rule is a few lines of pandas."""

from __future__ import annotations

import pandas as pd

from qualepref_lib.campagne import regles_mystere
from qualepref_lib.campagne.calage import redressement_possible
from qualepref_lib.campagne.contexte import Contexte, Regle, dans_la_periode, unique
from qualepref_lib.campagne.fiche import FicheCampagne
from qualepref_lib.campagne.regles_audit import REGLES_AUDIT
from qualepref_lib.campagne.regles_plan import REGLES_PLAN
from qualepref_lib.campagne.regles_registres import REGLES_REGISTRES
from qualepref_lib.core.francais import enumeration, pluriel
from qualepref_lib.core.refus import Releve
from qualepref_lib.formats.texte import INACHEVE
from qualepref_lib.referentiel import Referentiel


def check_regles(
    source: str,
    cadre: pd.DataFrame,
    brut: pd.DataFrame,
    referentiel: Referentiel,
    fiche: FicheCampagne,
    nom: str,
    releve: Releve,
) -> None:
    """Apply the rules that involve several cells of ``source``."""
    if cadre.empty:
        return
    contexte = Contexte(source, cadre, brut, referentiel, fiche, nom, releve)
    for regle in _REGLES.get(source, ()):
        regle(contexte)
    if brut.attrs.get(INACHEVE) and not any(p.ligne == cadre.index[-1] for p in releve.problemes):
        releve.remarquer(
            nom,
            "le fichier ne finit pas par un retour à la ligne : vérifier que la dernière ligne "
            "est entière.",
            ligne=int(cadre.index[-1]),
        )


def _motif(c: Contexte) -> None:
    """A rating such as *sans objet* leaves the base, so its reason is mandatory (rules 3.1)."""
    for degre in c.referentiel.edition.echelle:
        if degre.motif_obligatoire:
            c.signaler(
                (c.cadre["cotation"] == degre.code) & c.cadre["motif"].isna(),
                "motif",
                f"« {degre.libelle} » sans motif.",
                "écrire pourquoi le critère ne s’applique pas, ou le coter.",
            )


def _hors_modules(c: Contexte) -> None:
    modules = c.cadre["critere"].map(c.referentiel.module_de)
    for module in modules.dropna().unique():
        if module not in c.fiche.modules:
            constat = f"critères du module {module}, qui n’est pas retenu : ils ne comptent pas."
            c.remarquer(modules == module, "critere", constat)


def _criteres_absents(c: Contexte) -> None:
    """A criterion without a row counts as open; in a file cut off mid-line, it was lost."""
    module_de = c.referentiel.module_de
    attendus = [code for code, module in module_de.items() if module in c.fiche.modules]
    presents = set(c.cadre["critere"].dropna())
    absents = [code for code in attendus if code not in presents]
    if not absents:
        return
    combien = pluriel(len(absents), "critère")
    debut = enumeration(absents[:3]) if len(absents) < 4 else ", ".join(absents[:3]) + "…"
    if c.brut.attrs.get(INACHEVE):
        c.releve.signaler(
            c.nom,
            f"le fichier finit au milieu d’une ligne et il manque {combien} ({debut}) : il est "
            "sans doute tronqué.",
            ligne=int(c.cadre.index[-1]),
            remede="exporter à nouveau le fichier entier.",
        )
    elif not c.releve.problemes:
        c.releve.remarquer(c.nom, f"sans ligne, donc non évalués : {combien} ({debut}).")


_REGLES: dict[str, tuple[Regle, ...]] = (
    {
        "autodiagnostic": (unique("critere", "service"), _motif, _hors_modules, _criteres_absents),
        "mystere": regles_mystere.REGLES,
        "mystere_tentatives": regles_mystere.REGLES_TENTATIVES,
        "plan_actions": REGLES_PLAN,
        "enquete": (unique("reponse"), dans_la_periode, redressement_possible),
        "verbatims_revus": (unique("reponse", "question"),),
    }
    | REGLES_AUDIT
    | REGLES_REGISTRES
)
