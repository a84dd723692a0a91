"""The mapping file of a source: how the headers, values and units of an export become ours.

A telephone exchange, a queue system or a survey tool exports what its maker decided. Beside
``appels.csv`` (or ``.xlsx``…), ``appels.association.yaml`` says once which of their columns is
which of ours. Nothing is guessed: what the file holds and the mapping does not tell is remarked
or refused, and what the mapping tells and the file does not hold is refused, all at once.

.. code-block:: yaml

    lignes_avant: 2
    colonnes:
      date: Horodatage
      heure: Horodatage
      issue: Statut
      attente: "Temps d’attente"
    valeurs:
      issue: {ANSWERED: repondu, "NO ANSWER": abandonne}
    unites:
      attente: "mm:ss"
    constantes:
      service: standard
    ignorees: ["Poste", "Numéro appelé"]

An export that is already added up has a row an hour or a day and a column an outcome; ``compteurs``
says which column counts what, and each becomes a row of ours
(:mod:`~qualepref_lib.formats.comptages`):

.. code-block:: yaml

    colonnes: {date: Jour, heure: Tranche}
    plages: [heure]
    compteurs:
      colonne: issue
      effectifs: {repondu: Traités, messagerie: Messagerie}
      total: Présentés
      reste: abandonne
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from qualepref_lib.core.arbre import Arbre, load_arbre
from qualepref_lib.core.fiches import Fiche, valider
from qualepref_lib.core.refus import Releve, sans_accent

SUFFIXE = ".association.yaml"
"""How the name of a mapping file ends; it begins with the code of its source."""

Unite = Literal["mm:ss", "hh:mm", "hh:mm:ss", "ms", "s", "min", "h"]
"""How a duration is written: as a clock writes it, or as a plain number of this unit."""


def _en_liste(valeur: Any) -> Any:
    return (valeur,) if isinstance(valeur, str) else valeur


Entetes = Annotated[tuple[str, ...], BeforeValidator(_en_liste), Field(min_length=1)]
"""One header of theirs, or several whose cells are joined by a space (a day and an hour)."""


class Compteurs(Fiche):
    """Columns of theirs that count things: one for each value that ``colonne`` may have.

    ``total`` counts them all: it checks the others, or gives what is left of it to ``reste``.
    """

    colonne: str = Field(description="notre colonne dont chaque compteur dit une valeur (issue)")
    effectifs: dict[str, Entetes] = Field(
        min_length=1,
        description="pour chaque valeur de la colonne, l’en-tête qui la compte, ou une liste "
        "d’en-têtes à additionner",
    )
    total: str = Field(default="", description="l’en-tête qui les compte tous")
    reste: str = Field(
        default="", description="la valeur de ceux que le total compte et qu’aucun compteur ne dit"
    )

    @model_validator(mode="after")
    def _reste_d_un_total(self) -> Compteurs:
        if self.reste and not self.total:
            raise ValueError("« reste » demande un « total », l’en-tête qui les compte tous.")
        if self.reste in self.effectifs:
            raise ValueError(f"« {self.reste} » est à la fois un compteur et le reste.")
        return self

    @property
    def entetes(self) -> tuple[str, ...]:
        """Every header that counts, the total included."""
        comptes = [entete for entetes in self.effectifs.values() for entete in entetes]
        return (*comptes, *([self.total] if self.total else []))


class Association(Fiche):
    """What ``<code>.association.yaml`` may say. Headers and values are compared without accents,
    case or doubled spaces; a column of theirs that already bears our name needs no line."""

    colonnes: dict[str, Entetes] = Field(
        default_factory=dict,
        description="pour chacune de nos colonnes, l’en-tête du fichier, ou une liste d’en-têtes "
        "dont les cellules sont réunies par un espace",
    )
    valeurs: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description="pour chacune de nos colonnes, notre valeur pour chaque valeur du fichier ; "
        'la valeur vide s’écrit ""',
    )
    unites: dict[str, Unite] = Field(
        default_factory=dict,
        description="pour nos colonnes de durée, comment le fichier les écrit ; les durées sont "
        "ramenées à l’unité de la colonne (la seconde pour les appels)",
    )
    plages: tuple[str, ...] = Field(
        default=(),
        description="nos colonnes d’heure que le fichier écrit comme une plage (8h–9h) : seul son "
        "début est gardé",
    )
    compteurs: Compteurs | None = Field(
        default=None,
        description="dans un export déjà additionné, les colonnes qui comptent : chacune devient "
        "une ligne",
    )
    constantes: dict[str, str] = Field(
        default_factory=dict,
        description="pour les colonnes que le fichier n’a pas, la valeur de toutes les lignes",
    )
    ignorees: tuple[str, ...] = Field(
        default=(), description="les en-têtes du fichier laissés de côté en connaissance de cause"
    )
    feuille: str = Field(
        default="", description="la feuille du classeur, quand ce n’est pas celle que l’on devine"
    )
    lignes_avant: int = Field(
        default=0, ge=0, le=1000, description="le nombre de lignes au-dessus de l’en-tête"
    )


@dataclass(frozen=True)
class FichierAssociation:
    """A mapping that was read, with its file's name and the lines of its keys."""

    nom: str
    arbre: Arbre
    association: Association

    def attendus(self, requises: Sequence[str]) -> tuple[str, ...]:
        """The headers that the file of the source must hold.

        They are those that the mapping names, and the names of the columns that must be there
        when it says nothing of them.
        """
        a = self.association
        dits = [entete for entetes in a.colonnes.values() for entete in entetes]
        comptee = a.compteurs.colonne if a.compteurs else None
        dits += a.compteurs.entetes if a.compteurs else ()
        donnees = {*a.colonnes, *a.constantes, comptee}
        tus = [nom for nom in requises if nom not in donnees]
        uniques = {sans_accent(entete): entete for entete in (*dits, *tus)}
        return tuple(uniques.values())


def load_association(chemin: Path, nom: str, releve: Releve) -> FichierAssociation | None:
    """Read a mapping file; None, and problems under ``nom``, when it is not sound."""
    arbre = load_arbre(chemin, nom, releve)
    association = valider(arbre, Association, nom, releve) if arbre else None
    if arbre is None or association is None:
        return None
    return FichierAssociation(nom, arbre, association)
