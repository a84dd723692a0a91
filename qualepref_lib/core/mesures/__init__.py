"""What can be found: a rate and its base, a spread of answers, waits, a count.

A number never travels without its base, so none of these is a float. Each knows its
numerator and denominator, and prints itself as a French auditor would read it aloud.
"""

from qualepref_lib.core.mesures.comptes import Effectif, Repartition, TriCroise
from qualepref_lib.core.mesures.durees import Durees, Periode
from qualepref_lib.core.mesures.ecarts import Ecart
from qualepref_lib.core.mesures.mesure import Mesure
from qualepref_lib.core.mesures.projections import Fourchette, VisAVis
from qualepref_lib.core.mesures.scores import Priorite, Score, ScoreMasque
from qualepref_lib.core.mesures.taux import MASQUE, PETITE_BASE, Taux, TauxMasque, TauxRedresse

__all__ = [
    "MASQUE",
    "PETITE_BASE",
    "Durees",
    "Ecart",
    "Effectif",
    "Fourchette",
    "Mesure",
    "Periode",
    "Priorite",
    "Repartition",
    "Score",
    "ScoreMasque",
    "Taux",
    "TauxMasque",
    "TauxRedresse",
    "TriCroise",
    "VisAVis",
]
