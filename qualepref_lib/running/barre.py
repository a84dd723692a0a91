"""The progress bar of a long command: on the error stream, silent when nobody is watching."""

from __future__ import annotations

import sys
from typing import Any


class Barre:
    """One bar; ``nom`` says what goes on, ``unites`` what is counted.

    Its monitor is a thread, and the warm engine forks: it has none.
    """

    def __init__(self, nom: str, unites: str) -> None:
        self.nom, self.unites = nom, unites
        self._barre: Any = None

    def __enter__(self) -> Barre:
        return self

    def __exit__(self, *erreur: object) -> None:
        if self._barre is not None:
            self._barre.close()

    @property
    def est_vue(self) -> bool:
        """Whether somebody is watching a terminal."""
        return sys.stderr.isatty()

    def ouvrir(self, combien: int) -> None:
        """Show how many there are to do."""
        if not self.est_vue:
            return
        from tqdm import tqdm

        tqdm.monitor_interval = 0
        forme = f"{{desc}} {{bar}} {{n_fmt}}/{{total_fmt}} {self.unites}, reste {{remaining}}"
        self._barre = tqdm(total=combien, desc=self.nom, bar_format=forme)

    def avancer(self) -> None:
        """One more is done."""
        if self._barre is not None:
            self._barre.update()

    def dire(self, ligne: str) -> None:
        """Print a line above the bar."""
        from tqdm import tqdm

        tqdm.write(ligne, file=sys.stderr)
