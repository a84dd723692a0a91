"""Invented campaigns for trials: as many sites as wanted, from one seed.

Each site takes the rows of a model campaign, fewer or more of them by its size, and rates, answers
and delays better or worse by its level: sites differ truly, and not only by chance, so that a view
of the network has something to find. What is not drawn (the plan, the evidence, the auditor's
tables) is the model's. Only ``Random.random`` is used, the one sequence that Python promises to
keep: the same seed gives the same bytes.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

from qualepref_lib.campagne import Campagne, load_campagne
from qualepref_lib.campagne.arrivee import load_arrivee
from qualepref_lib.campagne.dossiers import FICHE, find_edition
from qualepref_lib.campagne.tables import colonnes_de
from qualepref_lib.core.arbre import load_arbre
from qualepref_lib.core.refus import Probleme, Refus, Releve
from qualepref_lib.running.ecriture import format_csv

Ligne = dict[str, str]
BIEN_TRAITES = {
    "appels": ("issue", {"repondu", "svi"}),
    "tickets": ("issue", {"servi"}),
    "courriers": ("cloture", {"repondu"}),
    "titres": ("date_decision", None),
}
"""What tells, in a register, a row that went well: one of these words, or anything at all."""


@dataclass(frozen=True)
class SiteInvente:
    """What is drawn for one site: its share of the model's activity, how well it does."""

    nom: str
    taille: float
    niveau: float
    hasard: Random


@dataclass(frozen=True)
class Modele:
    """The campaign that the sites are drawn from: its form, and its tables as text."""

    campagne: Campagne
    fiche: Mapping[str, Any]
    tables: Mapping[str, tuple[list[str], list[Ligne]]]


def write_reseau(sites: int, sortie: Path, graine: int = 1, modele: str = "") -> list[Path]:
    """Write ``sites`` campaigns below ``sortie``, with the référentiel that they are read against.

    Raises :class:`Refus` before anything is written when one of them is already there.
    """
    lu = load_modele(modele)
    noms = [f"site_{rang:03d}" for rang in range(1, sites + 1)]
    dossiers = [sortie / "campagnes" / nom for nom in noms]
    problemes = [
        Probleme(d.name, "cette campagne existe déjà ; rien n’est modifié.",
                 remede="choisir un autre dossier de sortie.")
        for d in dossiers if d.exists()
    ]  # fmt: skip
    if problemes:
        raise Refus(*problemes)
    _copy_edition(lu.campagne, sortie)
    for dossier in dossiers:
        write_site(lu, new_site(dossier.name, graine), dossier)
    return dossiers


def load_modele(nom: str) -> Modele:
    """Read the model: checked as any campaign, then its cells as they were typed."""
    campagne = load_campagne(nom)
    releve = Releve()
    arbre = load_arbre(campagne.dossier / FICHE, FICHE, releve)
    assert arbre, "a campaign that was read has a form that can be read"
    tables = {}
    for code, table in campagne.tables.items():
        colonnes = colonnes_de(code, campagne.referentiel)
        arrivee = load_arrivee(campagne.dossier / table.source.fichier, colonnes, releve)
        assert arrivee, "a table that was read can be read again"
        entetes = [str(entete) for entete in arrivee.brut.columns]
        rangs = arrivee.brut.fillna("").astype(str).to_numpy().tolist()
        tables[code] = (entetes, [dict(zip(entetes, rang, strict=True)) for rang in rangs])
    return Modele(campagne, arbre.valeurs, tables)


def new_site(nom: str, graine: int) -> SiteInvente:
    """The size and the level of a site, which depend on its name and the seed only."""
    hasard = Random(f"{graine}/{nom}")
    return SiteInvente(nom, 0.1 + 0.9 * hasard.random(), 0.4 + 0.5 * hasard.random(), hasard)


def write_site(modele: Modele, site: SiteInvente, dossier: Path) -> None:
    """Write one campaign, whole or not at all."""
    provisoire = dossier.with_name(f".{dossier.name}.chantier")
    shutil.rmtree(provisoire, ignore_errors=True)
    provisoire.mkdir(parents=True)
    try:
        _write_fiche(modele, site, provisoire)
        tables = _tirer_tables(modele, site)
        for code, (entetes, lignes) in tables.items():
            rangs = [[ligne[entete] for entete in entetes] for ligne in lignes]
            (provisoire / f"{code}.csv").write_bytes(format_csv(entetes, rangs))
        _copy_reste(modele, provisoire)
        provisoire.rename(dossier)
    finally:
        shutil.rmtree(provisoire, ignore_errors=True)


def _tirer_tables(modele: Modele, site: SiteInvente) -> dict[str, tuple[list[str], list[Ligne]]]:
    tables = {}
    for code, (entetes, lignes) in modele.tables.items():
        tirer = _TIRAGES.get(code, _tel_quel)
        tables[code] = (entetes, tirer(code, [dict(ligne) for ligne in lignes], modele, site))
    if {"mystere", "mystere_tentatives"} <= set(tables):
        gardes = {ligne["test"] for ligne in tables["mystere"][1]}
        entetes, tentatives = tables["mystere_tentatives"]
        siennes = [ligne for ligne in tentatives if ligne["test"] in gardes]
        tables["mystere_tentatives"] = (entetes, siennes)
    return tables


def _tel_quel(code: str, lignes: list[Ligne], modele: Modele, site: SiteInvente) -> list[Ligne]:
    return lignes


def _cotations(code: str, lignes: list[Ligne], modele: Modele, site: SiteInvente) -> list[Ligne]:
    """Each applicable criterion rated again: the best step by the level of the site."""
    degres = modele.campagne.referentiel.edition.echelle
    comptes = sorted((d for d in degres if d.points is not None), key=lambda d: -(d.points or 0))
    hors_base = {mot for d in degres if d.points is None for mot in (d.code, d.libelle)}
    for ligne in lignes:
        if ligne["cotation"] in hors_base:
            continue
        reste = comptes[1:][int(len(comptes[1:]) * site.hasard.random())]
        ligne["cotation"] = (comptes[0] if _bien(site) else reste).libelle
        if site.hasard.random() < 0.05:
            ligne["cotation"] = ""
        if "commentaire" in ligne:
            ligne["commentaire"] = ""  # it explained another rating
    return lignes


def _mystere(code: str, lignes: list[Ligne], modele: Modele, site: SiteInvente) -> list[Ligne]:
    """Two tests in three or more, each yes or no drawn again; two testers seldom disagree."""
    part = (2 + site.taille) / 3
    tests = {t: site.hasard.random() < part for t in dict.fromkeys(li["test"] for li in lignes)}
    dites: dict[tuple[str, str], str] = {}
    for ligne in lignes:
        tirage, accord = "oui" if _bien(site) else "non", site.hasard.random() < 0.9
        if ligne["reponse"] in ("oui", "non"):
            cle = (ligne["test"], ligne["observation"])
            ligne["reponse"] = dites.setdefault(cle, tirage) if accord else tirage
    return [ligne for ligne in lignes if tests[ligne["test"]]] if any(tests.values()) else lignes


def _enquete(code: str, lignes: list[Ligne], modele: Modele, site: SiteInvente) -> list[Ligne]:
    """As many respondents as the size says, drawn with replacement, graded by the level."""
    questionnaire = modele.campagne.referentiel.questionnaire
    assert questionnaire, "a survey that was read has its questionnaire"
    tires = sorted(int(len(lignes) * site.hasard.random()) for _ in range(_effectif(lignes, site)))
    siennes = [dict(lignes[rang]) for rang in tires]
    echelles = [q for q in questionnaire.questions.values() if q.genre == "echelle"]
    for question in echelles:
        modalites = [m for m in questionnaire.modalites(question) if not m.hors_base]
        bonnes = [m.libelle for m in modalites if m.favorable]
        autres = [m.libelle for m in modalites if not m.favorable]
        for ligne in siennes:
            choix, tirage = (bonnes if _bien(site) else autres), site.hasard.random()
            if choix and ligne.get(question.code) in (*bonnes, *autres):
                ligne[question.code] = choix[int(len(choix) * tirage)]
    for rang, ligne in enumerate(siennes, 1):
        ligne["reponse"] = f"R{rang:04d}"
    return siennes


def _registre(code: str, lignes: list[Ligne], modele: Modele, site: SiteInvente) -> list[Ligne]:
    """Fewer rows by the size; of those that went badly, more or fewer by the level."""
    colonne, mots = BIEN_TRAITES[code]
    mal = min(1.0, site.taille * 2 * (1 - site.niveau))
    gardees = []
    for ligne in lignes:
        valeur = ligne.get(colonne, "")
        bien = bool(valeur) if mots is None else valeur in mots
        if site.hasard.random() < (site.taille if bien else mal):
            gardees.append(ligne)
    return gardees or lignes[:1]


_TIRAGES: Mapping[str, Callable[[str, list[Ligne], Modele, SiteInvente], list[Ligne]]] = {
    "autodiagnostic": _cotations,
    "mystere": _mystere,
    "enquete": _enquete,
} | dict.fromkeys(BIEN_TRAITES, _registre)


def _bien(site: SiteInvente) -> bool:
    return site.hasard.random() < site.niveau


def _effectif(lignes: Sequence[Ligne], site: SiteInvente) -> int:
    return max(1, round(len(lignes) * 1.5 * site.taille))


def _write_fiche(modele: Modele, site: SiteInvente, dossier: Path) -> None:
    """The model's form, under the name of the site, marked as a demonstration."""
    fiche = _sans_vides(modele.fiche)
    numero = site.nom.removeprefix("site_")
    fiche["code"], fiche["libelle"] = site.nom, f"Audit interne, site d’essai {numero}"
    fiche["site"]["libelle"] = f"Site d’essai {numero}"
    fiche["demonstration"] = "true"
    for source in fiche.get("sources", {}).values():
        source.pop("lignes_attendues", None)
    texte = yaml.safe_dump(fiche, allow_unicode=True, sort_keys=False, default_style='"')
    (dossier / FICHE).write_text(texte, encoding="utf-8", newline="\n")


def _sans_vides(valeur: Any) -> Any:
    if isinstance(valeur, Mapping):
        return {cle: _sans_vides(v) for cle, v in valeur.items() if v is not None}
    return [_sans_vides(v) for v in valeur] if isinstance(valeur, list) else valeur


def _copy_reste(modele: Modele, dossier: Path) -> None:
    """What is neither the form nor a table: the closing minutes, the files of the evidence."""
    tables = {table.source.fichier for table in modele.campagne.tables.values()}
    laisses = shutil.ignore_patterns(".*", "~*", "*.association.yaml", "constats_proposes*")
    for chemin in sorted(modele.campagne.dossier.iterdir()):
        if chemin.name in tables | {FICHE} or chemin.name in laisses("", [chemin.name]):
            continue
        if chemin.is_dir():
            shutil.copytree(chemin, dossier / chemin.name, ignore=laisses)
        elif chemin.suffix != ".csv":
            shutil.copyfile(chemin, dossier / chemin.name)


def _copy_edition(campagne: Campagne, sortie: Path) -> None:
    """The référentiel beside the campaigns: the folder can be taken elsewhere as it is."""
    edition = campagne.fiche.edition
    copie = sortie / "referentiel" / edition
    if not copie.exists():
        shutil.copytree(find_edition(campagne.dossier, edition), copie)
