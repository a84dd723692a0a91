"""The consistency rules of an edition: what cannot be true together, and the sentence that says so.

A rule is a row of ``coherence.yaml``. What a condition *means* is code, so a row may only name a
known one; which conditions are looked for, in what words and how gravely, is the user's.
"""

from __future__ import annotations

from string import Formatter
from typing import Literal

from pydantic import field_validator, model_validator

from qualepref_lib.core.fiches import Fiche
from qualepref_lib.core.francais import enumeration
from qualepref_lib.referentiel.fiches import Code, Provenance

Gravite = Literal["alerte", "attention", "information"]
Objet = Literal["critere", "preuve", "document", "engagement", "action", "controle", "usager"]
Condition = Literal[
    "realise_sans_preuve",
    "preuve_perimee_seule",
    "sans_objet_sans_motif",
    "cotation_verifiee_plus_basse",
    "fichier_absent",
    "fichier_modifie",
    "perimee",
    "revue_en_retard",
    "sans_entretien",
    "sans_preuve",
    "faite_sans_recotation",
    "en_retard",
    "sans_responsable",
    "sans_reponse",
]
CONDITIONS: dict[Objet, tuple[Condition, ...]] = {
    "critere": (
        "realise_sans_preuve",
        "preuve_perimee_seule",
        "sans_objet_sans_motif",
        "cotation_verifiee_plus_basse",
    ),
    "preuve": ("fichier_absent", "fichier_modifie", "perimee"),
    "document": ("revue_en_retard",),
    "engagement": ("sans_entretien", "sans_preuve"),
    "action": ("faite_sans_recotation", "en_retard", "sans_responsable"),
    "controle": ("en_retard",),
    "usager": ("sans_reponse",),
}
"""What may be looked for on each kind of object."""

REPERES = ("code", "libelle")
"""What a sentence may quote of the object."""


class Regle(Fiche):
    """One rule: on what, which condition, the sentence that tells it, how grave it is."""

    code: Code
    objet: Objet
    condition: Condition
    phrase: str
    gravite: Gravite
    provenance: Provenance = "demonstration"

    @field_validator("phrase")
    @classmethod
    def _reperes_connus(cls, phrase: str) -> str:
        connus = enumeration([f"{{{repere}}}" for repere in REPERES])
        try:
            reperes = [
                repere for _, repere, _, _ in Formatter().parse(phrase) if repere is not None
            ]
        except ValueError:
            raise ValueError(
                f"une accolade de la phrase est mal fermée (admis : {connus})."
            ) from None
        for repere in reperes:
            if repere not in REPERES:
                raise ValueError(f"« {{{repere}}} » n’est pas admis dans la phrase ({connus}).")
        return phrase

    @model_validator(mode="after")
    def _condition_de_cet_objet(self) -> Regle:
        if self.condition not in CONDITIONS[self.objet]:
            admises = enumeration(CONDITIONS[self.objet], "ou")
            raise ValueError(
                f"la condition « {self.condition} » ne vaut pas pour « {self.objet} » "
                f"(admis : {admises})."
            )
        return self


class Coherence(Fiche):
    """``coherence.yaml``."""

    regles: tuple[Regle, ...]
