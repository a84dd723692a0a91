"""How fast the commands start: the help, and the check of a campaign.

``python benchmarks/commandes.py`` compares them with importing pandas, without which no table is
read.
"""

from __future__ import annotations

import sys

from commun import QUALEPREF, RAPIDE, Course, lancer

TITRE = "Le démarrage des commandes"
FOIS = 3 if RAPIDE else 9


def main() -> None:
    """Print the figures as Markdown."""
    course = Course("démarrage")
    manieres = {
        '`python -c "import pandas"`': [sys.executable, "-c", "import pandas"],
        "`qualepref --help`": [*QUALEPREF, "--help"],
        "`qualepref verifier moselle_2022`": [*QUALEPREF, "verifier", "moselle_2022"],
    }
    course.courir({nom: lambda c=c: lancer(c) for nom, c in manieres.items()}, FOIS)
    print(course.table(next(iter(manieres))))


if __name__ == "__main__":
    main()
