"""The answers of a survey as arrays of integer codes, whatever stores them.

The code of an answer is the rank of its modality in the questionnaire, −1 where the cell is empty.
A frame may hold the codes as text, or as a pandas Categorical; several answers in one cell as a
tuple of codes, or as a Categorical of combinations joined by « | ». Codes take the fewest bytes
that hold them, and no count loops over the rows: a million answers take no longer to write.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from qualepref_lib.campagne import Campagne
from qualepref_lib.core.categories import Codes, Masque, combiner, rangs_de
from qualepref_lib.core.rangs import Rangs
from qualepref_lib.enquete.questions import SOURCE, modalites_de, question_de

Nombres = npt.NDArray[np.float64]
PEU = 20
"""Up to this many codes of one byte, comparing with each is faster than a histogram."""


@dataclass(frozen=True)
class Combinaisons:
    """The answers to a question that admits several: which combination each row holds.

    ``rangs`` is the rank of the combination of each row, −1 when nothing was ticked; ``membres``
    tells, combination by modality, whether it is in it.
    """

    rangs: Codes
    membres: Masque

    def par_ligne(self) -> Masque:
        """Row by modality: whether this person ticked it."""
        rien = np.zeros((1, self.membres.shape[1]), dtype=bool)
        return np.asarray(np.vstack([self.membres, rien])[self.rangs])

    def portent(self, modalite: int) -> Masque:
        """Which rows hold a modality, by its rank."""
        return np.asarray(np.append(self.membres[:, modalite], False)[self.rangs])


def cadre_de(campagne: Campagne) -> pd.DataFrame:
    """The typed frame of the survey; its index is the line of each answer in the file."""
    return campagne.tables[SOURCE].cadre


def codes_de(campagne: Campagne, question: str) -> Codes:
    """The code of each row's answer to a question that admits one, −1 where it is empty."""
    connus = [m.code for m in modalites_de(campagne, question)]
    return rangs_de(cadre_de(campagne)[question], connus)


def combinaisons_de(campagne: Campagne, question: str) -> Combinaisons:
    """The answers to a question that admits several, by their distinct combinations."""
    connus = [m.code for m in modalites_de(campagne, question)]
    return Combinaisons(*combiner(cadre_de(campagne)[question], connus))


def membres(campagne: Campagne, question: str) -> Masque:
    """Row by modality: whether the answer holds it, for one answer or for several."""
    if question_de(campagne, question).genre == "multiple":
        return combinaisons_de(campagne, question).par_ligne()
    codes = codes_de(campagne, question)
    return np.equal.outer(codes, np.arange(len(modalites_de(campagne, question))))


def compter(campagne: Campagne, question: str, poids: Nombres | None = None) -> Nombres:
    """How many rows hold each modality, or the sum of their weights; empty cells are not counted.

    Where several answers are admitted a row counts once in each of them.
    """
    nombre = len(modalites_de(campagne, question))
    if question_de(campagne, question).genre != "multiple":
        return compter_codes(codes_de(campagne, question), nombre, poids)
    combinaisons = combinaisons_de(campagne, question)
    par_combinaison = compter_codes(combinaisons.rangs, len(combinaisons.membres), poids)
    return np.asarray(par_combinaison @ combinaisons.membres, dtype=np.float64)


def compter_codes(codes: Codes, nombre: int, poids: Nombres | None = None) -> Nombres:
    """How many times each code from 0 is there, or the sum of its weights; −1 is left out."""
    if poids is None and codes.itemsize == 1 and nombre <= PEU:
        return np.array([np.count_nonzero(codes == n) for n in range(nombre)], dtype=np.float64)
    places = codes.astype(np.intp) + 1
    return np.bincount(places, weights=poids, minlength=nombre + 1)[1:].astype(np.float64)


def croiser(a: Codes, na: int, b: Codes, nb: int, poids: Nombres | None = None) -> Nombres:
    """The two-way table of two arrays of codes (``na`` × ``nb``); a −1 in either is left out."""
    # The row and the column of each −1 are counted too, then left: cheaper than setting it apart.
    hauteur, largeur = na + 1, nb + 1
    petites = a.itemsize == b.itemsize == 1 and hauteur * largeur < 256
    genre = np.dtype(np.uint8 if petites else np.intp)
    rangees, colonnes = (codes.astype(genre) + 1 for codes in (a, b))
    table = np.bincount(rangees * largeur + colonnes, weights=poids, minlength=hauteur * largeur)
    return table.reshape(hauteur, largeur)[1:, 1:].astype(np.float64)


def est_exprimee(campagne: Campagne, question: str) -> Masque:
    """Which modalities are in the base: *sans opinion* is not."""
    return np.array([not m.hors_base for m in modalites_de(campagne, question)], dtype=bool)


def est_favorable(campagne: Campagne, question: str) -> Masque:
    """Which modalities are favourable answers."""
    return np.array([m.favorable for m in modalites_de(campagne, question)], dtype=bool)


def exprimes(campagne: Campagne, question: str) -> Masque:
    """Which rows are in the base of a question: those that hold an expressed answer."""
    dans = est_exprimee(campagne, question)
    if question_de(campagne, question).genre == "multiple":
        combinaisons = combinaisons_de(campagne, question)
        cites = np.append((combinaisons.membres & dans).any(axis=1), False)
        return np.asarray(cites[combinaisons.rangs])
    return np.asarray(np.append(dans, False)[codes_de(campagne, question)])


def favorables(campagne: Campagne, question: str) -> Masque:
    """Which rows hold a favourable answer to a question that admits one."""
    return np.append(est_favorable(campagne, question), False)[codes_de(campagne, question)]


def remplies(campagne: Campagne, question: str) -> Masque:
    """Which rows answered a question at all, *sans opinion* included."""
    genre = question_de(campagne, question).genre
    if genre == "multiple":
        return combinaisons_de(campagne, question).rangs >= 0
    if genre in ("choix", "echelle"):
        return codes_de(campagne, question) >= 0
    return np.asarray(cadre_de(campagne)[question].notna(), dtype=bool)


def scores_de(campagne: Campagne, question: str) -> Nombres:
    """The score of each row on a scale of k degrees: k for the best answer, 1 for the worst.

    Scales are written from the best answer to the worst. NaN where nothing was expressed.
    """
    dans = est_exprimee(campagne, question)
    rangs = np.cumsum(dans)
    scores = np.where(dans, dans.sum() + 1.0 - rangs, np.nan)
    return np.append(scores, np.nan)[codes_de(campagne, question)]


def portent(campagne: Campagne, question: str, rang: int) -> Masque:
    """Which rows hold the modality of that rank, among one answer or several."""
    if question_de(campagne, question).genre == "multiple":
        return combinaisons_de(campagne, question).portent(rang)
    return np.asarray(codes_de(campagne, question) == rang)


def notes_de(campagne: Campagne, question: str) -> Nombres:
    """The mark that each row gives, NaN where there is none."""
    return np.asarray(cadre_de(campagne)[question], dtype=np.float64)


def points_nps(marques: Nombres) -> Nombres:
    """Of each mark from 0 to 10: 100 for a promoter (9, 10), −100 for a detractor (0 to 6), 0.

    Their mean is the recommendation score; NaN stays.

    >>> points_nps(np.array([10.0, 7.0, 6.0])).tolist()
    [100.0, 0.0, -100.0]
    """
    points = 100.0 * ((marques >= 9).astype(float) - (marques <= 6))
    return np.where(np.isnan(marques), np.nan, points)


def numeros(campagne: Campagne, masque: Masque) -> Rangs:
    """The lines of the file that a mask keeps."""
    return Rangs(cadre_de(campagne).index.to_numpy(), masque)
