"""Survey statistics on plain arrays: designs, linearised errors, calibration, adjusted tests.

Everything here is pure: arrays in, frozen results out, no campaign and no file. Each formula is
checked against the *survey* and *psych* packages of R (docs/regles.md, § 9).
"""

from qualepref_lib.core.sondage.calage import Calage, Marge, caler, post_stratifier
from qualepref_lib.core.sondage.correlations import Correlation, kendall, spearman, spearman_pondere
from qualepref_lib.core.sondage.estimations import (
    Estimation,
    difference,
    difference_independante,
    estimer,
    moyenne,
    moyenne_de_comptes,
    proportion,
)
from qualepref_lib.core.sondage.fidelite import Alpha, alpha_cronbach, alpha_pondere
from qualepref_lib.core.sondage.independance import RaoScott, rao_scott
from qualepref_lib.core.sondage.plan import PlanSondage, StrateSolitaire
from qualepref_lib.core.sondage.poids import effectif_efficace, effet_kish

__all__ = [
    "Alpha",
    "Calage",
    "Correlation",
    "Estimation",
    "Marge",
    "PlanSondage",
    "RaoScott",
    "StrateSolitaire",
    "alpha_cronbach",
    "alpha_pondere",
    "caler",
    "difference",
    "difference_independante",
    "effectif_efficace",
    "effet_kish",
    "estimer",
    "kendall",
    "moyenne",
    "moyenne_de_comptes",
    "post_stratifier",
    "proportion",
    "rao_scott",
    "spearman",
    "spearman_pondere",
]
