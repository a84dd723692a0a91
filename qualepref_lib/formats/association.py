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
A survey tool has habits of its own: one column an answer, several answers in one cell, two header
rows, incomplete answers. The keys for them are those of the second half of :class:`Association`;
``qualepref enquete associer`` writes a first version from the questionnaire.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from qualepref_lib.core.arbre import Arbre, load_arbre
from qualepref_lib.core.fiches import Fiche, valider
from qualepref_lib.core.francais import pluriel
from qualepref_lib.core.refus import Releve, extrait
from qualepref_lib.formats.tetes import Tete, forme_entete

SUFFIXE = ".association.yaml"
"""How the name of a mapping file ends; it begins with the code of its source."""

Unite = Literal["mm:ss", "hh:mm", "hh:mm:ss", "ms", "s", "min", "h"]
"""How a duration is written: as a clock writes it, or as a plain number of this unit."""


FormeDate = Literal["jj/mm/aaaa", "mm/jj/aaaa", "numero"]
"""How a day is written: the French way, the American way, or as a spreadsheet's day number."""


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


class Completes(Fiche):
    """Which rows are whole answers: those whose ``entete`` is filled, or holds one of ``valeurs``.

    The others are counted and left out, unless ``incompletes`` says to keep them.
    """

    entete: str
    valeurs: tuple[str, ...] = ()
    incompletes: Literal["ecartees", "gardees"] = "ecartees"


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
    lignes_entete: int = Field(
        default=1, ge=1, le=2, description="2 quand la question est au-dessus de ses réponses"
    )
    entetes_numerotes: bool = Field(
        default=False, description="des en-têtes égaux sont numérotés : Avis, Avis (2)"
    )
    cases: dict[str, dict[str, Entetes]] = Field(
        default_factory=dict,
        description="pour nos colonnes à plusieurs réponses, l’en-tête de la colonne qui dit si "
        "chaque réponse est cochée",
    )
    cochees: tuple[str, ...] = Field(
        default=(), description="ce qui dit qu’une case est cochée, en plus de oui, 1, x…"
    )
    non_cochees: tuple[str, ...] = Field(
        default=(), description="ce qui dit qu’elle ne l’est pas, en plus de non, 0, vide…"
    )
    libres: tuple[str, ...] = Field(
        default=(), description="les en-têtes de cases que n’importe quel texte coche (« Autre »)"
    )
    separateurs: dict[str, str] = Field(
        default_factory=dict,
        description="pour nos colonnes à plusieurs réponses, ce qui les sépare dans une cellule",
    )
    autres: dict[str, str] = Field(
        default_factory=dict,
        description="pour nos colonnes de réponses, ce que vaut un texte inconnu (« Autre »)",
    )
    dates: dict[str, FormeDate] = Field(
        default_factory=dict, description="pour nos colonnes de dates, comment le fichier les écrit"
    )
    numerotees: tuple[str, ...] = Field(
        default=(), description="nos colonnes qui reçoivent le rang de la ligne : 1, 2, 3…"
    )
    completes: Completes | None = Field(
        default=None, description="à quoi se reconnaît une réponse complète"
    )
    a_confirmer: tuple[str, ...] = Field(
        default=(),
        description="ce que quelqu’un doit encore relire : tant qu’il en reste, rien n’est lu",
    )

    @property
    def tete(self) -> Tete:
        """Where the header of the file stands."""
        return Tete(self.lignes_avant, self.lignes_entete, self.entetes_numerotes)

    @property
    def nommes(self) -> tuple[str, ...]:
        """Every header that the mapping reads something from, once."""
        groupes = [*self.colonnes.values()]
        groupes += [e for cases in self.cases.values() for e in cases.values()]
        groupes += [(self.completes.entete,)] if self.completes else []
        groupes += [self.compteurs.entetes] if self.compteurs else []
        return tuple({forme_entete(e): e for groupe in groupes for e in groupe}.values())


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
        if a.lignes_entete > 1 or a.entetes_numerotes:  # no row of the file holds them as such
            return ()
        comptee = a.compteurs.colonne if a.compteurs else None
        dites = {*a.colonnes, *a.cases, *a.constantes, *a.numerotees, comptee}
        tus = [nom for nom in requises if nom not in dites]
        return tuple({forme_entete(e): e for e in (*a.nommes, *tus)}.values())


def load_association(chemin: Path, nom: str, releve: Releve) -> FichierAssociation | None:
    """Read a mapping file; None, and problems under ``nom``, when it is not sound."""
    arbre = load_arbre(chemin, nom, releve)
    association = valider(arbre, Association, nom, releve) if arbre else None
    if arbre is None or association is None:
        return None
    if association.a_confirmer:
        _signaler_attente(arbre, association.a_confirmer, nom, releve)
        return None
    return FichierAssociation(nom, arbre, association)


def _signaler_attente(arbre: Arbre, points: Sequence[str], nom: str, releve: Releve) -> None:
    """A proposal that somebody has not confirmed is no mapping yet."""
    lignes = [arbre.ligne(("a_confirmer", rang)) or 1 for rang in range(len(points))]
    suite = f" (et {pluriel(len(points) - 1, 'autre')})" if len(points) > 1 else ""
    releve.signaler(
        nom,
        f"à confirmer : {extrait(points[0])}{suite}.",
        ligne=lignes[0],
        autres=tuple(lignes[1:]),
        colonne="a_confirmer",
        remede="vérifier chaque point, corriger l’association s’il le faut, puis retirer ces "
        "lignes de « a_confirmer ».",
    )
