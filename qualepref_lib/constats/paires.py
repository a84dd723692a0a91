"""Two bilans side by side: what is declared against what is observed, rates against the plan."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qualepref_lib.actions import SOURCE, actions_de, source_projetee
from qualepref_lib.analyses.autodiagnostic import measure_autodiagnostic
from qualepref_lib.campagne import Campagne, new_bilan
from qualepref_lib.core.bilan import Bilan, Ligne
from qualepref_lib.core.francais import pourcentage
from qualepref_lib.core.mesures import Effectif, Taux, VisAVis
from qualepref_lib.cotations import DECLARE

PEU = 1
"""With so many open actions or fewer, a rate under its target hangs by a thread."""


@dataclass(frozen=True)
class Constat:
    """A fact raised by two sources together. ``type`` stays empty until the auditor gives it."""

    engagement: str
    fait: str
    premier: Ligne
    second: Ligne
    type: str = ""


def compare_declare_observe(
    declare: Bilan, observe: Bilan, engagements_de: dict[str, tuple[str, ...]]
) -> tuple[Constat, ...]:
    """Engagements declared above the target where a mystery criterion contradicts it.

    ``engagements_de`` gives the engagements that each mystery criterion speaks for. The declared
    bilan is by engagement; the observed one by criterion, each with its decision.
    """
    constats = []
    for vu in observe.lignes:
        for code in engagements_de.get(vu.code, ()):
            dit = next((ligne for ligne in declare.lignes if ligne.code == code), None)
            if dit is not None and _contredit(dit, vu):
                constats.append(Constat(code, _fait(vu), dit, vu))
    return tuple(sorted(constats, key=lambda c: (_ecart(c), c.engagement, c.second.code)))


def measure_canaux_et_plan(campagne: Campagne) -> Bilan:
    """The declared rate of each channel beside the open actions that touch it, the lowest first.

    A rate under its target with one open action or none is said to have few: one delay, and the
    channel stays where it is.
    """
    declare = measure_autodiagnostic(campagne, par="canal")
    ouvertes = [action for action in actions_de(campagne) if action.ouverte]
    lignes = []
    for dit in sorted(declare.lignes, key=_valeur) if SOURCE in campagne.tables else ():
        siennes = [action for action in ouvertes if dit.code in action.canaux]
        assert isinstance(dit.mesure, Taux)
        mesure = VisAVis(dit.mesure, Effectif(len(siennes), "action ouverte", "actions ouvertes"))
        statut = _etat_canal(dit, len(siennes))
        lignes.append(replace(dit, mesure=mesure, statut=statut))
    return new_bilan(
        campagne,
        SOURCE,
        code="plan.canaux_taux",
        titre="Taux déclaré et actions ouvertes, par canal",
        entete="Canal",
        entetes_taux=("Actions ouvertes", "Critères", "Taux déclaré"),
        unite="canal",
        formule=f"{declare.formule} ; actions à faire ou en cours qui citent le canal ; peu "
        f"d’actions : taux sous la cible, et {PEU} action ouverte au plus",
        source=source_projetee(campagne),
        champ=f"{declare.champ} ; actions ouvertes du plan",
        lignes=lignes,
        manque=" et ".join(m for s in (DECLARE, SOURCE) if (m := campagne.manque(s))),
    )


def _etat_canal(dit: Ligne, combien: int) -> str:
    """Whether the rate needs the plan, and whether the plan does something about it."""
    if dit.cible is None or _valeur(dit) >= dit.cible:
        return "cible atteinte" if dit.cible is not None else ""
    return "peu d’actions" if combien <= PEU else "actions engagées"


def _contredit(dit: Ligne, vu: Ligne) -> bool:
    """Declared at or above the target, while the tests show that it is not reached."""
    return vu.statut == "contredit" and vu.cible is not None and _valeur(dit) >= vu.cible


def _fait(vu: Ligne) -> str:
    assert vu.cible is not None
    return f"« {vu.libelle} » ({vu.groupe}) : la cible de {pourcentage(vu.cible)} est contredite"


def _ecart(constat: Constat) -> float:
    return _valeur(constat.second) - _valeur(constat.premier)


def _valeur(ligne: Ligne) -> float:
    return float(ligne.mesure.valeur or 0) if isinstance(ligne.mesure, Taux) else 0.0
