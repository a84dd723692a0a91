"""The codes of one edition agree: each is given once, each that is mentioned exists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from qualepref_lib.core.refus import Releve

if TYPE_CHECKING:
    from qualepref_lib.referentiel.edition import Referentiel


def check_codes(referentiel: Referentiel, nom: str, releve: Releve) -> None:
    """Every code is given once, and every code that is mentioned exists."""
    ou = _Emplacements(referentiel.fichiers, nom)
    for nature, codes in _codes_donnes(referentiel):
        for code, fois in Counter(codes).items():
            if fois > 1:
                fichier, ligne = ou.trouver(code, rang=2)
                releve.signaler(
                    fichier,
                    f"le code {nature} « {code} » est donné {fois} fois.",
                    ligne=ligne,
                    remede="donner à chacun son propre code.",
                )
    for nature, connus, mentions in _codes_mentionnes(referentiel):
        for lieu, code in mentions:
            if code not in connus:
                fichier, ligne = ou.trouver(code, chez=lieu.split()[-1])
                releve.signaler_inconnu(
                    fichier, f"un code {nature} ({lieu})", code, sorted(connus), ligne=ligne
                )
    for question in _sans_reponse(referentiel):
        fichier, ligne = ou.trouver(question)
        releve.signaler(
            fichier,
            f"la question « {question} » n’a ni échelle ni modalités.",
            ligne=ligne,
            remede="nommer une échelle, ou lister ses modalités.",
        )


class _Emplacements:
    """Where a code is written: the files are read again, as a refusal has time."""

    def __init__(self, fichiers: Iterable[Path], nom: str) -> None:
        self.fichiers, self.nom = tuple(fichiers), nom

    def trouver(self, code: str, rang: int = 1, chez: str = "") -> tuple[str, int | None]:
        """The file and line where ``code`` is defined for the ``rang``-th time, or, after the
        definition of ``chez``, where it is mentioned."""
        defini = re.compile(rf"\bcode\s*:\s*[\"']?{re.escape(chez or code)}(?![\w.])")
        dit = re.compile(rf"(?<![\w.]){re.escape(code)}(?![\w.])")
        vus = 0
        for fichier in self.fichiers:
            lignes = fichier.read_text(encoding="utf-8-sig").splitlines()
            for numero, ligne in enumerate(lignes, 1):
                vus += len(defini.findall(ligne))
                if vus >= rang and (not chez or dit.search(ligne)):
                    return f"référentiel {self._relatif(fichier)}", numero
        return f"référentiel {self.nom}", None

    def _relatif(self, fichier: Path) -> str:
        return "/".join(fichier.parts[fichier.parts.index(self.nom) :])


def _sans_reponse(r: Referentiel) -> list[str]:
    """The questions to choose from whose choices are nowhere."""
    if r.questionnaire is None:
        return []
    questions = r.questionnaire.questions.values()
    return [
        q.code
        for q in questions
        if q.genre not in ("texte", "note") and not q.echelle and not r.questionnaire.modalites(q)
    ]


def _codes_donnes(r: Referentiel) -> Iterable[tuple[str, list[str]]]:
    engagements = [e for m in r.modules for e in m.engagements]
    parties = r.questionnaire.parties if r.questionnaire else ()
    yield "de module", [m.code for m in r.modules]
    yield "d’engagement", [e.code for e in engagements]
    yield "de critère", [c.code for e in engagements for c in e.criteres]
    yield "de canal", [c.code for c in r.canaux]
    yield "de question", [q.code for p in parties for q in p.questions]
    yield "d’observation mystère", [o.code for g in r.grilles for o in g.observations]
    yield "de grille mystère", [g.code for g in r.grilles]
    yield "de pièce", [p.code for p in r.pieces]
    yield "de cotation", [d.code for d in r.edition.echelle]
    yield "de type de constat", [t.code for t in r.edition.types_constat]
    yield "de règle de cohérence", [regle.code for regle in r.coherence]
    yield "de thème", [t.code for t in r.themes.themes]
    yield from _codes_de_registres(r)
    yield "d’échelle", [e.code for e in r.questionnaire.echelles] if r.questionnaire else []


def _codes_de_registres(r: Referentiel) -> Iterable[tuple[str, list[str]]]:
    registres = r.registres
    yield "de canal de courrier", [e.code for e in registres.canaux]
    yield "de nature de courrier", [e.code for e in registres.natures]
    yield "de motif de réclamation", [e.code for e in registres.motifs_reclamation]
    yield "de motif de clôture", [e.code for e in registres.motifs_cloture]
    yield "d’issue d’appel", [e.code for e in registres.issues_appel]
    yield "de file", [e.code for e in registres.files]
    yield "de motif de visite", [e.code for e in registres.motifs_visite]
    yield "de titre", [e.code for e in registres.titres]
    yield "d’indicateur", [i.code for i in registres.indicateurs]


def _mentions_de_registres(
    r: Referentiel,
) -> Iterable[tuple[str, Iterable[str], list[tuple[str, str]]]]:
    regles = r.registres.delais
    for nature, entrees, codes in (
        ("de canal de courrier", r.registres.canaux, [d.canal for d in regles]),
        ("de nature de courrier", r.registres.natures, [d.nature for d in regles]),
        ("de titre", r.registres.titres, [d.titre for d in regles]),
    ):
        yield (
            nature,
            {e.code for e in entrees},
            [("règle de délai", code) for code in codes if code],
        )


def _codes_mentionnes(
    r: Referentiel,
) -> Iterable[tuple[str, Iterable[str], list[tuple[str, str]]]]:
    questions = list(r.questionnaire.questions.values()) if r.questionnaire else []
    yield (
        "de canal",
        r.libelles_canaux,
        [(f"critère {c.code}", canal) for c in r.criteres.values() for canal in c.canaux]
        + [(f"grille {g.code}", g.canal) for g in r.grilles]
        + [(f"question {q.code}", q.canal) for q in questions if q.canal]
        + [(f"thème {t.code}", t.canal) for t in r.themes.themes if t.canal],
    )
    yield (
        "d’engagement",
        r.engagements,
        [(f"question {q.code}", e) for q in questions for e in q.engagements]
        + [(f"observation {o.code}", e) for o in r.observations.values() for e in o.engagements]
        + [(f"pièce {p.code}", e) for p in r.pieces for e in p.engagements]
        + [(f"indicateur {i.code}", e) for i in r.registres.indicateurs for e in i.engagements]
        + [(f"thème {t.code}", e) for t in r.themes.themes for e in t.engagements],
    )
    yield from _mentions_de_registres(r)
    if r.questionnaire:
        yield (
            "d’échelle",
            {echelle.code for echelle in r.questionnaire.echelles},
            [(f"question {q.code}", q.echelle) for q in questions if q.echelle],
        )
        yield (
            "de question",
            r.questionnaire.questions,
            [
                (
                    f"question principale de {r.questionnaire.code}",
                    r.questionnaire.question_principale,
                )
            ],
        )
