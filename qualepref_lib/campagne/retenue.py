"""What was computed for a campaign, kept as long as the campaign itself: it never changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from qualepref_lib.campagne.modele import Campagne

P = ParamSpec("P")
T = TypeVar("T")
_RETENU = "_retenu"


def keep_reponse(
    calcul: Callable[Concatenate[Campagne, P], T],
) -> Callable[Concatenate[Campagne, P], T]:
    """Compute once for a campaign and given arguments (hashable); the answer must not be changed.

    A campaign with another dial is another campaign. What the computation reads is noted once:
    all that asks for it in one chapter has read the same.
    """

    @wraps(calcul)
    def rendre(campagne: Campagne, /, *donnes: P.args, **nommes: P.kwargs) -> T:
        retenu: dict[Any, T] = vars(campagne).setdefault(_RETENU, {})
        cle = (calcul, donnes, tuple(sorted(nommes.items())))
        if cle not in retenu:
            retenu[cle] = calcul(campagne, *donnes, **nommes)
        return retenu[cle]

    return rendre
