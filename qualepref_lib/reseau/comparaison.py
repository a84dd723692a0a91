"""Many sites, one indicator at a time: those that may be compared, and how far chance goes.

No site is ranked: the lines are in the order of the alphabet, and the only judgement is whether a
site is further from the common rate than chance and the ordinary spread of the network explain.
Being beyond a limit is a question to the site, never a verdict on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Source
from qualepref_lib.core.entonnoir import (
    Dispersion,
    limites_binomiales,
    limites_elargies,
    measure_dispersion,
)
from qualepref_lib.core.francais import date_courte, nombre, pluriel
from qualepref_lib.core.mesures import Effectif, Taux
from qualepref_lib.core.refus import sans_accent
from qualepref_lib.reseau.agregat import Agregat, IndicateurPartage
from qualepref_lib.reseau.lecture import Recu

SITES_MINIMUM = 5
"""Under this many sites a common rate would be the rate of one's neighbour."""
DANS, HORS = "dans les limites", "au-delà des limites"


@dataclass(frozen=True)
class Comparable:
    """What must be the same for two rates to be compared."""

    edition: str
    plan: str
    unite: str
    formule: str
    grappes: bool

    @classmethod
    def de(cls, agregat: Agregat, partage: IndicateurPartage) -> Comparable:
        """The conditions under which a site measured an indicator."""
        return cls(agregat.edition, partage.plan, partage.unite, partage.formule, partage.grappes)


@dataclass(frozen=True)
class _Place:
    """One site and its indicator."""

    rang: int
    agregat: Agregat
    partage: IndicateurPartage

    @property
    def taux(self) -> Taux:
        assert self.partage.favorables is not None and self.partage.observes is not None
        return Taux(
            Fraction(self.partage.favorables).limit_denominator(1000),
            self.partage.observes,
            self.partage.non_evalues,
        )


def compare_sites(recus: Sequence[Recu], source: Source) -> tuple[Bilan, ...]:
    """One bilan an indicator that enough sites measured in the same way, in the files' order.

    ``source`` is what the files are together. Sites that measured otherwise, or whose count is
    masked, are left out and counted in the scope.
    """
    return tuple(
        _bilan(places, partages, len(recus), source)
        for places, partages in _familles(recus)
        if len(places) >= SITES_MINIMUM
    )


def measure_communs(recus: Sequence[Recu], source: Source) -> Bilan:
    """The common rate of each indicator: all the cases of the sites that are compared on it."""
    return Bilan(
        code="reseau.communs",
        titre="Taux communs aux sites comparés",
        unite="cas",
        formule="cas favorables de tous les sites comparés ÷ leurs cas ; la formule de chaque "
        "indicateur est donnée avec sa comparaison",
        champ=f"indicateurs que {SITES_MINIMUM} sites au moins ont mesurés de la même façon",
        source=source,
        plan="recensement",
        entete="Indicateur",
        entete_groupe="Ensemble",
        lignes=tuple(
            Ligne(places[0].partage.code, places[0].partage.libelle, _ensemble(places),
                  tuple(p.rang + 1 for p in places), groupe=places[0].partage.ensemble)
            for places, _ in _familles(recus)
            if len(places) >= SITES_MINIMUM
        ),
        si_vide=f"Aucun indicateur n’est mesuré de la même façon par {SITES_MINIMUM} sites.",
    )  # fmt: skip


def _ensemble(places: Sequence[_Place]) -> Taux:
    favorables = sum((place.taux.favorables for place in places), Fraction(0))
    return Taux(favorables, sum(place.taux.observes for place in places))


def list_ecartes(recus: Sequence[Recu], source: Source) -> Liste:
    """Why an indicator of a site is in no comparison: too small, measured otherwise, too few."""
    lignes: list[tuple[str, str, str]] = []
    for places, partages in _familles(recus):
        retenus = {place.rang for place in places} if len(places) >= SITES_MINIMUM else set()
        for place in partages:
            if place.rang not in retenus:
                cause = _cause(place, places)
                lignes.append((place.agregat.site, place.partage.libelle, cause))
    lignes.sort(key=_ordre)
    return Liste(
        code="reseau.ecartes",
        titre="Ce qui n’est pas comparé, et pourquoi",
        champ="indicateurs reçus qui n’entrent dans aucune comparaison",
        source=source,
        colonnes=("Site", "Indicateur", "Pourquoi"),
        lignes=tuple(lignes),
    )


def _ordre(ligne: tuple[str, str, str]) -> tuple[str, ...]:
    return tuple(map(sans_accent, ligne))


def list_sites(recus: Sequence[Recu], source: Source) -> Liste:
    """The sites that sent a file, with its date and how many indicators it gives."""
    return Liste(
        code="reseau.sites",
        titre="Sites reçus",
        champ="un fichier par site, à la date que le site a déclarée",
        source=source,
        colonnes=("Site", "Campagne", "Situation au", "Indicateurs", "Masqués"),
        lignes=tuple(
            (
                recu.agregat.site,
                recu.agregat.campagne,
                date_courte(recu.agregat.date_reference),
                str(len(recu.agregat.indicateurs)),
                str(sum(bool(i.masque) for i in recu.agregat.indicateurs)),
            )
            for recu in recus
        ),
    )


def _familles(recus: Sequence[Recu]) -> Iterator[tuple[list[_Place], list[_Place]]]:
    """For each indicator: the places that compare with most others, and all of them."""
    par_code: dict[str, list[_Place]] = {}
    for rang, recu in enumerate(recus):
        for partage in recu.agregat.indicateurs:
            place = _Place(rang, recu.agregat, partage)
            par_code.setdefault(partage.code, []).append(place)
    for places in par_code.values():
        montrees = [place for place in places if not place.partage.masque]
        if not montrees:
            yield [], places
            continue
        comptes = Counter(Comparable.de(p.agregat, p.partage) for p in montrees)
        commun, _ = comptes.most_common(1)[0]
        yield [p for p in montrees if Comparable.de(p.agregat, p.partage) == commun], places


def _cause(place: _Place, communes: Sequence[_Place]) -> str:
    if place.partage.masque:
        return place.partage.masque
    if len(communes) < SITES_MINIMUM and place in communes:
        return f"moins de {SITES_MINIMUM} sites l’ont mesuré de la même façon"
    ici = Comparable.de(place.agregat, place.partage)
    la = Comparable.de(communes[0].agregat, communes[0].partage)
    for nom, dit in (("edition", "autre édition du référentiel"), ("plan", "autre plan de recueil"),
                     ("formule", "autre formule"), ("unite", "autre unité")):  # fmt: skip
        if getattr(ici, nom) != getattr(la, nom):
            return dit
    return "mesuré autrement"


def _bilan(places: list[_Place], partages: list[_Place], sites: int, source: Source) -> Bilan:
    """The funnel of an indicator; how its rates spread, where chance has no limits to give."""
    modele = places[0].partage
    repere = _ensemble(places).valeur
    assert repere is not None
    champ = _champ(places, partages, sites)
    commun: dict[str, Any] = {
        "code": f"reseau.{modele.code}",
        "titre": f"{modele.libelle} ({modele.ensemble[:1].lower()}{modele.ensemble[1:]})",
        "formule": modele.formule,
        "source": source,
        "plan": "recensement",
    }
    sans = _sans_limites(modele, repere)
    if sans:
        return Bilan(
            **commun,
            unite="site",
            champ=f"{champ} ; {sans}",
            entete="Taux",
            lignes=_classes(places),
        )
    dispersion = measure_dispersion(
        float(repere), [(float(p.taux.favorables), p.taux.observes) for p in places]
    )
    lignes = sorted(
        (_ligne(place, repere, dispersion) for place in places),
        key=lambda ligne: sans_accent(ligne.libelle),
    )
    reserve = _reserve(dispersion)
    return Bilan(
        **commun, unite=modele.unite, champ=champ, entete="Site", lignes=tuple(lignes),
        reserve=reserve,
    )  # fmt: skip


def _ligne(place: _Place, repere: Fraction, dispersion: Dispersion) -> Ligne:
    taux = place.taux
    limites = limites_binomiales(float(repere), taux.observes)
    if dispersion.excessive:
        limites = limites_elargies(float(repere), taux.observes, dispersion.facteur)
    assert taux.valeur is not None
    return Ligne(
        code=_slug(place.agregat.campagne),
        libelle=place.agregat.site,
        mesure=taux,
        lignes=(place.rang + 1,),
        reference=repere,
        statut=DANS if limites[0] <= float(taux.valeur) <= limites[1] else HORS,
        limites=limites,
    )


def _classes(places: Sequence[_Place]) -> tuple[Ligne, ...]:
    """How many sites have a rate of each ten points, from the lowest class to the highest."""
    rangs = {place: min(int(10 * (place.taux.valeur or 0)), 9) for place in places}
    return tuple(
        Ligne(
            f"de-{10 * n}",
            f"de {10 * n} à {10 * n + 9} %" if n < 9 else "de 90 à 100 %",
            Effectif(sum(rang == n for rang in rangs.values()), "site"),
            tuple(place.rang + 1 for place, rang in rangs.items() if rang == n),
        )
        for n in range(min(rangs.values()), max(rangs.values()) + 1)
    )


def _sans_limites(partage: IndicateurPartage, repere: Fraction) -> str:
    """Why chance limits would lie here; empty where each case stands for itself."""
    if partage.unite == "critère":
        return "sans limites, chaque site s’étant coté lui-même sur les mêmes critères"
    if partage.grappes:
        return "sans limites, plusieurs observations venant d’un même test"
    if repere in (0, 1):
        return "sans limites, le taux étant le même pour tous les sites"
    return ""


def _champ(places: Sequence[_Place], partages: Sequence[_Place], sites: int) -> str:
    jours = sorted(place.agregat.date_reference for place in places)
    quand = date_courte(jours[0])
    if jours[-1] != jours[0]:
        quand = f"{quand} à {date_courte(jours[-1])}"
    masques = sum(bool(p.partage.masque) for p in partages)
    suite = f" ; {pluriel(masques, 'site')} sous la base minimale" if masques else ""
    if autres := sites - len(places) - masques:
        suite += f" ; {pluriel(autres, 'site')} sans cet indicateur, ou mesuré autrement"
    compare = pluriel(len(places), "site comparé", "sites comparés")
    return f"{compare} sur {sites}, {quand}{suite}"


def _reserve(dispersion: Dispersion) -> str:
    if not dispersion.excessive:
        return "limites exactes de la loi binomiale : le hasard seul met un site sur 500 au-delà"
    fois = nombre(dispersion.facteur, 1)
    return (
        f"les sites diffèrent plus que le hasard ne l’explique, de {fois} fois la dispersion "
        "binomiale : les limites sont élargies d’autant"
    )


def _slug(code: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in code.lower())
