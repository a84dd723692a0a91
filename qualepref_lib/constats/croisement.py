"""Triangulation: the five lenses side by side, where they contradict or confirm each other.

A *contradiction* is an engagement that one lens holds for kept while another sees a gap. A
*convergence* is one where at least two sources see the gap and none holds it for kept. What is
proven is made of what is declared, so those two count for one source here (rules 3.8).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from qualepref_lib.campagne import Campagne
from qualepref_lib.constats.chiffres import quoted
from qualepref_lib.constats.indicateurs import REGISTRES
from qualepref_lib.constats.lectures import lectures
from qualepref_lib.constats.regards import Regard
from qualepref_lib.core.bilan import Liste, Renvoi, Source
from qualepref_lib.core.francais import enumeration
from qualepref_lib.referentiel import Engagement

Paire = tuple[Regard, Regard]
SOURCES_CROISEES = ("autodiagnostic", "preuves", "mystere", "enquete", *REGISTRES)


@dataclass(frozen=True)
class Croisement:
    """One engagement under its five lenses."""

    engagement: Engagement
    regards: tuple[Regard, ...]

    @property
    def ecarts(self) -> tuple[Regard, ...]:
        """The lenses that see a gap."""
        return tuple(r for r in self.regards if r.verdict == "écart")

    @property
    def tenus(self) -> tuple[Regard, ...]:
        """The lenses that hold the engagement for kept, at least in part."""
        return tuple(r for r in self.regards if r.tenu)

    @property
    def contradictoire(self) -> bool:
        """One lens holds it for kept, another sees a gap."""
        return bool(self.ecarts and self.tenus)

    @property
    def confirme(self) -> bool:
        """Two sources at least see a gap, and none holds it for kept."""
        return len(set(map(_origine, self.ecarts))) > 1 and not self.tenus

    @property
    def largeur(self) -> Fraction:
        """How far apart the two lenses that disagree most are; zero when none does."""
        if not self.contradictoire:
            return Fraction(0)
        haut, bas = self.opposes
        return _valeur(haut) - _valeur(bas)

    @property
    def opposes(self) -> Paire:
        """The lens that holds it best for kept, and the one that sees the widest gap."""
        return max(self.tenus, key=_valeur), min(self.ecarts, key=_valeur)

    @property
    def concordants(self) -> Paire:
        """The first lens that sees the gap, and the widest gap of another source."""
        premier = self.ecarts[0]
        autres = [r for r in self.ecarts if _origine(r) != _origine(premier)]
        return premier, min(autres, key=_valeur)

    @property
    def fait(self) -> str:
        """What the lenses say together, in one sentence; empty when there is nothing to raise."""
        ecarts = "en écart selon " + enumeration([f"{_le(r)} ({r.motif})" for r in self.ecarts])
        if self.contradictoire:
            return f"{_dire_tenus(self.tenus)}, mais {ecarts}."
        return f"{ecarts[0].upper()}{ecarts[1:]}." if self.confirme else ""


def compare_regards(campagne: Campagne) -> tuple[Croisement, ...]:
    """Every engagement of the retained modules under its lenses, in their order."""
    lus = lectures(campagne)
    return tuple(
        Croisement(engagement, tuple(lire(engagement.code) for lire in lus))
        for module in campagne.modules
        for engagement in module.engagements
    )


def list_matrice(campagne: Campagne) -> Liste:
    """One row an engagement, one column a lens: the verdict, its sign, its figure."""
    croises = compare_regards(campagne)
    evalues = any(r.lignes for c in croises for r in c.regards)
    return Liste(
        code="croisement.matrice",
        titre="Les cinq regards, engagement par engagement",
        champ="engagements des modules retenus ; chaque regard est jugé selon sa propre règle",
        source=_source(campagne),
        colonnes=("Engagement", *(r.nom.capitalize() for r in croises[0].regards)),
        lignes=tuple((_intitule(c.engagement), *(r.renvoi() for r in c.regards)) for c in croises),
        manque="" if evalues else enumeration(_manques(campagne)),
        chiffres=quoted(r.citations[0] for c in croises for r in c.regards if r.citations),
    )


def list_contradictions(campagne: Campagne, au_plus: int = 0) -> Liste:
    """The leads where lenses disagree: most gaps first, then the widest; ``au_plus`` of them."""
    return _pistes(
        campagne,
        [(c, c.opposes) for c in compare_regards(campagne) if c.contradictoire],
        au_plus,
        code="croisement.contradictions",
        titre="Les regards se contredisent",
        champ="engagements qu’un regard tient pour tenus, au moins en partie, et qu’un autre voit "
        "en écart",
        colonnes=("Engagement", "Tenu selon", "En écart selon", "Fait"),
    )


def list_convergences(campagne: Campagne, au_plus: int = 0) -> Liste:
    """The weaknesses that several sources confirm and none denies; ``au_plus`` of them."""
    return _pistes(
        campagne,
        [(c, c.concordants) for c in compare_regards(campagne) if c.confirme],
        au_plus,
        code="croisement.convergences",
        titre="Écarts confirmés par plusieurs sources",
        champ="engagements que deux sources au moins voient en écart, et qu’aucune ne tient pour "
        "tenus",
        colonnes=("Engagement", "En écart selon", "Confirmé par", "Fait"),
    )


def ranger(croises: Iterable[Croisement]) -> list[Croisement]:
    """The most worrying first: the number of lenses in gap, the widest gap, then the code."""
    return sorted(
        croises, key=lambda c: (-len(c.ecarts), -c.largeur, _plancher(c), c.engagement.code)
    )


def _plancher(croise: Croisement) -> Fraction:
    return min(map(_valeur, croise.ecarts), default=Fraction(0))


def _origine(regard: Regard) -> str:
    """Where a lens comes from: what is proven is made of what is declared."""
    return "déclaré" if regard.nom == "prouvé" else regard.nom


def _valeur(regard: Regard) -> Fraction:
    return regard.valeur or Fraction(0)


def _pistes(
    campagne: Campagne, pistes: list[tuple[Croisement, Paire]], au_plus: int, **contenu: Any
) -> Liste:
    """The leads in their order, each with the two figures that show it best."""
    paires = {c.engagement.code: paire for c, paire in pistes}
    ranges = ranger(c for c, _ in pistes)
    gardes = ranges[:au_plus] if au_plus else ranges
    suite = f" ; {len(gardes)} montrés sur {len(ranges)}" if len(gardes) < len(ranges) else ""
    contenu["champ"] += f" ; une piste pour l’auditeur, pas un constat{suite}"
    return Liste(
        source=_source(campagne),
        lignes=tuple(
            (_intitule(c.engagement), *(_citer(r) for r in paires[c.engagement.code]), c.fait)
            for c in gardes
        ),
        manque=_seul(campagne),
        chiffres=quoted(
            regard.citations[0] for c in gardes for regard in paires[c.engagement.code]
        ),
        **contenu,
    )


def _citer(regard: Regard) -> Renvoi:
    """« ressenti : 43 sur 105 (41 %) », with the nuance of its verdict."""
    renvoi = regard.renvoi()
    return replace(renvoi, texte=f"{regard.nom} : {regard.lignes[0].mesure}")


def _dire_tenus(tenus: tuple[Regard, ...]) -> str:
    """« Conforme selon le déclaré », or « Tenu en partie selon le déclaré »."""
    conformes = [r for r in tenus if r.verdict == "conforme"]
    mot = "Conforme" if conformes else "Tenu en partie"
    return f"{mot} selon {enumeration([_le(r) for r in conformes or tenus])}"


def _le(regard: Regard) -> str:
    return f"l’{regard.nom}" if regard.nom[0] in "aeiouyéh" else f"le {regard.nom}"


def _intitule(engagement: Engagement) -> str:
    return f"{engagement.code} {engagement.libelle}"


def _manques(campagne: Campagne) -> list[str]:
    return [manque for source in SOURCES_CROISEES if (manque := campagne.manque(source))]


def _seul(campagne: Campagne) -> str:
    """What is missing when fewer than two sources are there: nothing can be crossed."""
    manques = _manques(campagne)
    presentes = {source for source in SOURCES_CROISEES if source in campagne.tables}
    return enumeration(manques) if len(presentes - {"preuves"}) < 2 else ""


def _source(campagne: Campagne) -> Source:
    """The files that are crossed: a lead has several."""
    fichiers = [campagne.source(s).fichier for s in SOURCES_CROISEES if s in campagne.tables]
    return Source(", ".join(fichiers) or "aucun fichier", "", "Regards croisés")
