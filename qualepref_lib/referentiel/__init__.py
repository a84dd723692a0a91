"""What the label expects: modules, engagements, criteria, channels, questions, mystery grids.

An edition of the référentiel is a folder of YAML files that the user can read, edit and replace;
nothing of the label's wording or scale is in Python. Adding a module, a channel or a mystery grid
is dropping a file in its folder. Each row says where it comes from (``provenance``): *source* when
a public text says it, *demonstration* when it was written to show the tool.
"""

from qualepref_lib.referentiel.coherence import Coherence, Regle
from qualepref_lib.referentiel.edition import Referentiel, load_referentiel
from qualepref_lib.referentiel.fiches import (
    GENERAL,
    Canal,
    Cible,
    Critere,
    Degre,
    Edition,
    Engagement,
    Grille,
    Module,
    Observation,
    Piece,
    Terme,
    TypeConstat,
    cible_au,
)
from qualepref_lib.referentiel.questionnaire import Modalite, Partie, Question, Questionnaire
from qualepref_lib.referentiel.registres import (
    Delai,
    Entree,
    Indicateur,
    IssueAppel,
    Registres,
    RegleDelai,
    libelles,
)
from qualepref_lib.referentiel.themes import Theme, Themes

__all__ = [
    "GENERAL",
    "Canal",
    "Cible",
    "Coherence",
    "Critere",
    "Degre",
    "Delai",
    "Edition",
    "Engagement",
    "Entree",
    "Grille",
    "Indicateur",
    "IssueAppel",
    "Modalite",
    "Module",
    "Observation",
    "Partie",
    "Piece",
    "Question",
    "Questionnaire",
    "Referentiel",
    "Registres",
    "Regle",
    "RegleDelai",
    "Terme",
    "Theme",
    "Themes",
    "TypeConstat",
    "cible_au",
    "libelles",
    "load_referentiel",
]
