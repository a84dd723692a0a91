"""Two bilans side by side: what is declared against what is observed, rates against the plan."""

from __future__ import annotations

from dataclasses import dataclass

from qualepref_lib.analyses.autodiagnostic import measure_autodiagnostic
from qualepref_lib.analyses.plan_actions import measure_actions_par_canal
from qualepref_lib.campagne import Campagne
from qualepref_lib.constats.chiffres import quoted
from qualepref_lib.core.bilan import Bilan, Ligne, Liste, Renvoi
from qualepref_lib.core.francais import pourcentage
from qualepref_lib.core.mesures import Effectif, Taux


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


def list_canaux_et_plan(campagne: Campagne) -> Liste:
    """The declared rate of each channel beside the number of actions that touch it."""
    declare = measure_autodiagnostic(campagne, par="canal")
    actions = measure_actions_par_canal(campagne)
    paires = [(ligne, actions.ligne(ligne.code)) for ligne in declare.lignes if actions.lignes]
    paires.sort(key=lambda paire: _valeur(paire[0]))
    return Liste(
        code="croisement.canaux_plan",
        titre="Taux déclaré et actions du plan, par canal",
        champ=f"{declare.champ} ; {actions.champ}",
        source=actions.source,
        colonnes=("Canal", "Taux déclaré", "Actions qui le touchent"),
        lignes=tuple(_rang_canal(dit, plan, declare, actions) for dit, plan in paires),
        manque=" et ".join(b.manque for b in (declare, actions) if b.manque),
        chiffres=quoted(c for dit, plan in paires for c in ((declare, dit), (actions, plan))),
    )


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


def _rang_canal(
    dit: Ligne, plan: Ligne, declare: Bilan, actions: Bilan
) -> tuple[str | Renvoi, ...]:
    assert isinstance(plan.mesure, Effectif)
    return (
        dit.libelle,
        Renvoi(str(dit.mesure), declare.identifiant(dit)),
        Renvoi(str(plan.mesure), actions.identifiant(plan)),
    )
