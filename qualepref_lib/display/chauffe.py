"""What the first result of a process pays for all: done once, before the chapters fork."""

from __future__ import annotations

import matplotlib

from qualepref_lib.core.francais import nombre
from qualepref_lib.display.formes import planche
from qualepref_lib.display.html import environnement


def warm_display() -> None:
    """Compile the template, open the fonts, load the French locale: nothing is kept but these."""
    environnement().get_template("blocs.html.j2")
    with matplotlib.rc_context(planche.STYLE):
        figure, axes = planche.new_planche(1.0)
        planche.axe_pourcentages(axes)
        planche.axe_libelles(axes, [nombre(1.5, 1)])
        planche.svg(figure)
