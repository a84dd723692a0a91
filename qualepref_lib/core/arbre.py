"""A YAML file as a tree of texts, with the line of each key.

Every scalar stays text, because plain YAML reads ``1.10`` as 1.1, ``NO`` as False and lets a
repeated key win. Aliases are followed within a budget of nodes, so that no file can make the
reader grow without end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from qualepref_lib.core.fichiers import find_mojibake, load_octets, numero_de_ligne
from qualepref_lib.core.noeuds import compose
from qualepref_lib.core.refus import Releve, extrait

Chemin = tuple[str | int, ...]

NOEUDS_ADMIS = 200_000
PROFONDEUR_ADMISE = 50

_CAUSES = (
    ("'\\t'", "une tabulation est dans le retrait.", "mettre des espaces à la place."),
    (
        "mapping values are not allowed",
        "un deux-points est mal placé.",
        "mettre entre guillemets un texte qui contient « : ».",
    ),
    ("could not find expected ':'", "un deux-points manque après une clé.", "l’ajouter."),
    (
        "found unexpected end of stream",
        "un guillemet ouvert n’est pas refermé : le fichier est peut-être tronqué.",
        "fermer le guillemet.",
    ),
    (
        "expected a single document",
        "le fichier contient plusieurs documents.",
        "garder ce qui précède la ligne « --- ».",
    ),
    ("undefined alias", "un renvoi « * » ne mène à rien.", "mettre entre guillemets ce texte."),
)
_ILLISIBLE = (
    "le fichier n’est pas un YAML lisible (retrait, crochet ou guillemet mal placé).",
    "comparer cette ligne et la précédente avec le modèle de data/README.md.",
)


@dataclass(frozen=True)
class Arbre:
    """What a file holds, and the line on which each path begins."""

    valeurs: dict[str, Any]
    lignes: dict[Chemin, int]

    def ligne(self, chemin: Chemin) -> int | None:
        """The line of ``chemin``, or of the nearest group that holds it."""
        while chemin and chemin not in self.lignes:
            chemin = chemin[:-1]
        return self.lignes.get(chemin)


def load_arbre(chemin: Path, nom: str, releve: Releve) -> Arbre | None:
    """Read ``chemin``; None, and problems under ``nom``, when it is no group of keys."""
    octets = load_octets(chemin, nom, releve)
    texte = None if octets is None else _decoder(octets, nom, releve)
    if texte is None:
        return None
    if not texte.strip():
        releve.signaler(nom, "le fichier est vide.", remede="le remplir ou le remettre.")
        return None
    try:
        return _lire(texte, nom, releve)
    except yaml.YAMLError as erreur:
        _signaler_syntaxe(erreur, nom, releve)
    except RecursionError:
        releve.signaler(nom, "le fichier imbrique trop de groupes les uns dans les autres.")
    return None


def _decoder(octets: bytes, nom: str, releve: Releve) -> str | None:
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError as erreur:
        _signaler_encodage(nom, octets[: erreur.start].count(b"\n") + 1, "", releve)
        return None
    if trouve := find_mojibake(texte):
        ligne = numero_de_ligne(texte, trouve.start())
        _signaler_encodage(nom, ligne, f" (on y lit « {extrait(trouve.group())} »)", releve)
        return None
    return texte


def _signaler_encodage(nom: str, ligne: int, indice: str, releve: Releve) -> None:
    releve.signaler(
        nom,
        f"le fichier n’est pas en UTF-8{indice}.",
        ligne=ligne,
        remede="rouvrir le fichier d’origine et l’enregistrer en UTF-8.",
    )


def _signaler_syntaxe(erreur: yaml.YAMLError, nom: str, releve: Releve) -> None:
    dit = str(getattr(erreur, "problem", "")) + str(getattr(erreur, "context", ""))
    trouves = ((constat, remede) for indice, constat, remede in _CAUSES if indice in dit)
    constat, remede = next(trouves, _ILLISIBLE)
    if isinstance(erreur, yaml.reader.ReaderError):
        constat = "le fichier contient un caractère de contrôle : ce n’est pas un texte."
        remede = "le rouvrir dans un éditeur de texte et retirer ce caractère."
    marque = getattr(erreur, "problem_mark", None)
    releve.signaler(nom, constat, ligne=marque.line + 1 if marque else None, remede=remede)


def _lire(texte: str, nom: str, releve: Releve) -> Arbre | None:
    noeud = compose(texte)
    if not isinstance(noeud, yaml.MappingNode):
        releve.signaler(
            nom,
            "le fichier est vide ou n’est pas un groupe de clés.",
            remede="écrire « clé: valeur », une clé par ligne.",
        )
        return None
    lecteur = _Lecteur(nom, releve)
    valeurs = lecteur.lire(noeud, ())
    if lecteur.noeuds > NOEUDS_ADMIS:
        releve.signaler(
            nom,
            "le fichier se développe sans fin : ses renvois (« & » et « * ») se répètent.",
            remede="écrire les valeurs sans renvois.",
        )
        return None
    return Arbre(valeurs, lecteur.lignes)


@dataclass
class _Lecteur:
    """Turns nodes into texts, lists and groups; counts them."""

    nom: str
    releve: Releve
    lignes: dict[Chemin, int] = field(default_factory=dict)
    noeuds: int = 0

    def lire(self, noeud: yaml.Node, chemin: Chemin) -> Any:
        self.noeuds += 1
        if self.noeuds > NOEUDS_ADMIS:
            return None
        if len(chemin) > PROFONDEUR_ADMISE:
            raise RecursionError
        self.lignes.setdefault(chemin, noeud.start_mark.line + 1)
        if isinstance(noeud, yaml.SequenceNode):
            return [self.lire(enfant, (*chemin, i)) for i, enfant in enumerate(noeud.value)]
        if isinstance(noeud, yaml.MappingNode):
            return self._groupe(noeud, chemin)
        vide = noeud.value in ("", "~", "null") and getattr(noeud, "style", None) is None
        return None if vide else noeud.value

    def _groupe(self, noeud: yaml.MappingNode, chemin: Chemin) -> dict[str, Any]:
        groupe: dict[str, Any] = {}
        for cle, valeur in noeud.value:
            ligne = cle.start_mark.line + 1
            if not isinstance(cle, yaml.ScalarNode):
                self.releve.signaler(
                    self.nom, "une clé est une liste ou un groupe.", ligne=ligne,
                    remede="écrire la clé comme un mot.",
                )  # fmt: skip
                continue
            if cle.value in groupe:
                self.releve.signaler(
                    self.nom, f"la clé « {extrait(cle.value)} » est écrite deux fois.",
                    ligne=ligne, remede="garder une seule des deux.",
                )  # fmt: skip
            enfant = (*chemin, cle.value)
            self.lignes[enfant] = ligne
            groupe[cle.value] = self.lire(valeur, enfant)
        return groupe
