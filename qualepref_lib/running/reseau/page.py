"""`qualepref reseau comparer`: one page, the same page as the report's, for many sites."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from qualepref_lib.campagne import sha256
from qualepref_lib.core.bilan import Bilan, Source
from qualepref_lib.core.francais import date_longue, enumeration, pluriel
from qualepref_lib.display.graphique import Graphique
from qualepref_lib.display.lecture import est_entonnoir
from qualepref_lib.display.montre import Montre
from qualepref_lib.display.phrase import phrase
from qualepref_lib.display.tableau import Tableau
from qualepref_lib.rapport.chapitre import Chapitre, new_chapitre
from qualepref_lib.rapport.dossier import LABEL
from qualepref_lib.rapport.frontiere import Sortie
from qualepref_lib.rapport.markdown import Texte, Titre, read_markdown
from qualepref_lib.rapport.page import (
    Couverture,
    Fichier,
    Page,
    Provenance,
    collect_registre,
)
from qualepref_lib.rapport.sceau import render_scellee
from qualepref_lib.reseau.agregat import BASE_MINIMALE, CASE_MINIMALE
from qualepref_lib.reseau.comparaison import (
    SITES_MINIMUM,
    compare_sites,
    list_ecartes,
    list_sites,
    measure_communs,
)
from qualepref_lib.reseau.lecture import Recu, load_agregats
from qualepref_lib.running.atomique import write_atomique

TITRE = "Comparaison du réseau"
MODE_D_EMPLOI = f"""
Chaque point est un site, placé à sa base. Autour du taux commun, les limites disent jusqu’où le
hasard seul peut mener un site de cette base : plus elle est petite, plus elles s’écartent. Un site
au-delà appelle une question, pas un jugement ; un site en deçà n’est ni bon ni mauvais.

Les sites sont donnés par ordre alphabétique, jamais rangés du meilleur au moins bon. Un indicateur
de moins de {BASE_MINIMALE} cas, ou qui compterait moins de {CASE_MINIMALE} répondants d’un côté,
n’est pas reçu ; un indicateur que moins de {SITES_MINIMUM} sites ont mesuré de la même façon n’est
pas comparé.
"""

Element = Titre | Texte | Sortie


def write_comparaison(chemins: Sequence[Path], sortie: Path) -> tuple[int, int]:
    """Write the page; answer with the number of indicators compared and of sites.

    Raises :class:`Refus` that lists every problem of every file; an older page then stays.
    """
    recus = load_agregats(chemins)
    source = _source(recus)
    bilans = compare_sites(recus, source)
    compares = list(_chapitres(bilans))
    chapitres = (
        new_chapitre("00_reseau", "Ce que la comparaison dit", _synthese(recus, source)),
        *compares,
        _ecartes(len(compares) + 1, recus, source),
    )
    page = Page(
        couverture=_couverture(recus),
        chapitres=chapitres,
        registre=collect_registre(chapitres),
        provenance=_provenance(recus),
    )
    texte, _ = render_scellee(page)
    write_atomique(sortie, texte.encode(), remplacer=True)
    return len(bilans), len(recus)


def _source(recus: Sequence[Recu]) -> Source:
    """All the files as one source, whose hash is that of their hashes."""
    sommes = "".join(sha256(recu.chemin) for recu in recus)
    combien = pluriel(len(recus), "fichier reçu", "fichiers reçus")
    return Source(combien, hashlib.sha256(sommes.encode()).hexdigest(), "Agrégats des sites")


def _synthese(recus: Sequence[Recu], source: Source) -> Iterator[Element]:
    yield from read_markdown(MODE_D_EMPLOI).elements
    yield Titre("Quels sont les taux communs ?", 2)
    yield from _blocs(Tableau(measure_communs(recus, source)))
    yield Titre("Quels sites ont répondu ?", 2)
    yield from _blocs(Tableau(list_sites(recus, source)))


def _chapitres(bilans: Sequence[Bilan]) -> Iterator[Chapitre]:
    """One chapter for each set of indicators, in the order in which the files give them."""
    ensembles: dict[str, list[Bilan]] = {}
    for bilan in bilans:
        ensembles.setdefault(bilan.titre.rpartition(" (")[2].removesuffix(")"), []).append(bilan)
    for rang, (ensemble, siens) in enumerate(ensembles.items(), start=1):
        titre = ensemble[:1].upper() + ensemble[1:]
        yield new_chapitre(f"{rang:02}_reseau", titre, _entonnoirs(siens))


def _entonnoirs(bilans: Sequence[Bilan]) -> Iterator[Element]:
    for bilan in bilans:
        yield Titre(bilan.titre.rpartition(" (")[0], 2)
        if est_entonnoir(bilan):
            yield from _blocs(phrase(bilan))
        yield from _blocs(Graphique(bilan))


def _ecartes(rang: int, recus: Sequence[Recu], source: Source) -> Chapitre:
    contenu = _blocs(Tableau(list_ecartes(recus, source)))
    return new_chapitre(f"{rang:02}_reseau", "Ce qui n’est pas comparé", contenu)


def _blocs(montre: Montre) -> Iterator[Sortie]:
    yield montre.bloc()


def _couverture(recus: Sequence[Recu]) -> Couverture:
    jours = sorted(recu.agregat.date_reference for recu in recus)
    editions = sorted({recu.agregat.edition for recu in recus})
    return Couverture(
        titre=TITRE,
        label=LABEL,
        edition=enumeration(editions),
        date=date_longue(jours[-1]),
        dates=(
            ("Sites", str(len(recus))),
            ("Situations", " au ".join(date_longue(j) for j in sorted({jours[0], jours[-1]}))),
        ),
        demonstration=any(recu.agregat.demonstration for recu in recus),
    )


def _provenance(recus: Sequence[Recu]) -> Provenance:
    return Provenance(
        fichiers=tuple(
            Fichier(r.chemin.name, sha256(r.chemin), str(len(r.agregat.indicateurs))) for r in recus
        ),
        versions=tuple((nom, version(nom)) for nom in ("qualepref", "scipy", "matplotlib")),
    )
