"""What a cell hands to the report: plain JSON under our own MIME types, and nothing else.

This is the trust boundary. The display objects of a notebook put one of these models in their
MIME bundle; the exporter reads it back, validates it and draws it, escaped. The ``text/html`` of
a cell never reaches the shared file, whatever wrote it. One drawing function serves both sides:
what JupyterLab shows is what the report prints.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from qualepref_lib.core.bilan import Chiffre, Nuance

MIME = "application/vnd.qualepref.{genre}+json"
BLANC = "À compléter par l’auditeur"
"""What stands where only the auditor may write, and has not yet."""


class _Bloc(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ChiffreBloc(_Bloc):
    """A register entry as it travels in the bundle; same fields as ``core.bilan.Chiffre``."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")]
    libelle: str
    valeur: str
    formule: str
    numerateur: str
    denominateur: str
    intervalle: str
    fichier: str
    sha256: str
    lignes: str

    @classmethod
    def de(cls, chiffre: Chiffre) -> ChiffreBloc:
        """The block of a register entry."""
        return cls(**vars(chiffre))


class Cellule(_Bloc):
    """One cell: its text, the figure it prints (``chiffre``: a code), its status if it has one."""

    texte: str
    chiffre: str = ""
    statut: Nuance = ""


class Colonne(_Bloc):
    """One column: numbers are aligned right, texts left."""

    titre: str
    genre: Literal["texte", "nombre"] = "texte"


class Grille(_Bloc):
    """The rows and columns of a table; the first cell of each row names it."""

    colonnes: tuple[Colonne, ...]
    lignes: tuple[tuple[Cellule, ...], ...]


class Notice(_Bloc):
    """What stands under every figure and table: how to read it, of whom, from where."""

    lecture: str = ""
    champ: str
    source: str


class BlocTableau(_Bloc):
    """A table with its caption."""

    genre: Literal["tableau"] = "tableau"
    titre: str
    grille: Grille
    notice: Notice
    chiffres: tuple[ChiffreBloc, ...] = ()


class BlocGraphique(_Bloc):
    """A chart: the SVG text, its alternative text, and its data as a table."""

    genre: Literal["graphique"] = "graphique"
    titre: str
    alt: Annotated[str, Field(min_length=30, max_length=250)]
    svg: str
    grille: Grille
    notice: Notice
    chiffres: tuple[ChiffreBloc, ...] = ()


class Morceau(_Bloc):
    """A run of a sentence; when it is a number, the code of its figure."""

    texte: str
    chiffre: str = ""


class BlocPhrase(_Bloc):
    """A sentence or a few, one paragraph."""

    genre: Literal["phrase"] = "phrase"
    morceaux: tuple[Morceau, ...]
    chiffres: tuple[ChiffreBloc, ...] = ()


class BlocAvis(_Bloc):
    """A notice in the place of something: data that is missing, or a blank for the auditor."""

    genre: Literal["avis"] = "avis"
    sorte: Literal["non_evalue", "a_completer", "rien_a_signaler", "demonstration"]
    texte: str


class RubriqueBloc(_Bloc):
    """One item of a sheet: its name and its contents; none is a blank that only a person fills."""

    nom: Annotated[str, Field(min_length=1)]
    contenus: tuple[Cellule, ...] = ()


class FeuilleBloc(_Bloc):
    """One sheet: its title, which becomes a heading, and its items."""

    titre: Annotated[str, Field(min_length=1)]
    rubriques: Annotated[tuple[RubriqueBloc, ...], Field(min_length=1)]


class BlocFiches(_Bloc):
    """Sheets of the same kind, one after the other, each under a heading of its own."""

    genre: Literal["fiches"] = "fiches"
    titre: str
    fiches: Annotated[tuple[FeuilleBloc, ...], Field(min_length=1)]
    notice: Notice
    chiffres: tuple[ChiffreBloc, ...] = ()


class BlocRien(_Bloc):
    """Nothing to show: a chart or a sentence whose table already said that data is missing."""

    genre: Literal["rien"] = "rien"


Bloc = BlocTableau | BlocGraphique | BlocPhrase | BlocAvis | BlocFiches | BlocRien
BLOCS: dict[str, type[Bloc]] = {
    MIME.format(genre=modele.model_fields["genre"].default): modele
    for modele in (BlocTableau, BlocGraphique, BlocPhrase, BlocAvis, BlocFiches, BlocRien)
}


def lire_bloc(donnees: dict[str, Any]) -> Bloc | None:
    """The block of a MIME bundle, validated; None when the bundle holds none of ours.

    Raises ``pydantic.ValidationError`` when one of our types holds something else.
    """
    for mime, modele in BLOCS.items():
        if mime in donnees:
            return modele.model_validate(donnees[mime])
    return None
