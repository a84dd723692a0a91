"""A large text is read in bulk, and never otherwise than row by row."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualepref_lib.core.refus import Releve
from qualepref_lib.formats import blocs
from qualepref_lib.formats.blocs import load_blocs
from qualepref_lib.formats.brut import INACHEVE, LIGNE_ENTETE, LIGNES_LUES
from qualepref_lib.formats.colonnes import Colonne, check_colonnes
from qualepref_lib.formats.empreintes import MARGE, find_distinctes
from qualepref_lib.formats.tetes import UNE_LIGNE, Tete
from qualepref_lib.formats.texte import load_texte

TEXTES = st.text(alphabet='abé’;," \n\t|x', max_size=30)
CELLULES = st.one_of(st.sampled_from(["", "oui", "non", " très satisfait", "plutôt pas"]), TEXTES)


@pytest.fixture(autouse=True)
def _petits_blocs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of a few rows, so that what lies across two of them is met too."""
    monkeypatch.setattr(blocs, "TAILLE_MINIMALE", 0)
    monkeypatch.setattr(blocs, "TAILLE_BLOC", 97)


def ecrire(rangees: list[list[str]], fin: str = "\n", tout: bool = False) -> str:
    """A CSV as a tool writes it."""
    texte = io.StringIO(newline="")
    citer = csv.QUOTE_ALL if tout else csv.QUOTE_MINIMAL
    csv.writer(texte, delimiter=";", lineterminator=fin, quoting=citer).writerows(rangees)
    return texte.getvalue()


def lire_lentement(chemin: Path, tete: Tete = UNE_LIGNE) -> tuple[pd.DataFrame | None, Releve]:
    """The careful reader alone."""
    releve = Releve()
    with pytest.MonkeyPatch.context() as sans:
        sans.setattr("qualepref_lib.formats.texte.load_blocs", lambda chemin, tete: None)
        return load_texte(chemin, "essai.csv", releve, tete=tete), releve


def comparer(chemin: Path, tete: Tete = UNE_LIGNE) -> bool:
    """Where the fast reader answers, it answers as the careful one does; whether it did."""
    vite = load_blocs(chemin, tete)
    lent, releve = lire_lentement(chemin, tete)
    if vite is None:
        return False
    assert lent is not None and not releve.problemes
    pd.testing.assert_frame_equal(vite.astype(str), lent.astype(str))
    for cle in (INACHEVE, LIGNE_ENTETE, LIGNES_LUES):
        assert vite.attrs[cle] == lent.attrs[cle], cle
    return True


@settings(max_examples=150, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    cellules=st.lists(st.lists(CELLULES, min_size=3, max_size=3), min_size=1, max_size=25),
    fin=st.sampled_from(["\n", "\r\n"]),
    tout=st.booleans(),
    encodage=st.sampled_from(["utf-8", "utf-8-sig", "cp1252"]),
)
def test_bulk_and_careful_reading_agree(
    cellules: list[list[str]], fin: str, tout: bool, encodage: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    """Whatever the cells hold, both readers give the same frame, or the fast one gives none."""
    chemin = tmp_path_factory.mktemp("p") / "essai.csv"
    chemin.write_bytes(ecrire([["a", "b", "c"], *cellules], fin, tout).encode(encodage))
    comparer(chemin)


def test_bulk_reading_reads_what_tools_write(tmp_path: Path) -> None:
    """Quotes, doubled quotes, line ends in a text, empty rows and a last line without end."""
    rangees = [["id", "avis", "dit"]]
    for n in range(60):
        dit = ["", 'il dit "non"', "deux\nlignes ; et", " rogné "][n % 4]
        rangees.append([f"R{n}", ["oui", "non"][n % 2], dit])
    rangees.insert(30, ["", "", ""])
    for fin, tout in (("\n", True), ("\r\n", True), ("\n", False)):
        chemin = tmp_path / "essai.csv"
        chemin.write_text(ecrire(rangees, fin, tout).rstrip("\r\n"), encoding="utf-8", newline="")
        assert comparer(chemin)
    vu = load_blocs(chemin, Tete())
    assert vu is not None and isinstance(vu["avis"].dtype, pd.CategoricalDtype)


@pytest.mark.parametrize(
    "contenu",
    ["a;b\n1;2\n3\n", "a;b\n1;2\n3;4;5\n", 'a;b\n1;"x"y\n', 'a;b\n1;x"y\n', 'a;b\n1;"x\n',
     "a;a\n1;2\n", "a;\n1;2\n", "a;b\n1;Ã©t\n", "a;b\n\n1;2\n", "sep=;\na;b\n1;2\n",
     'a;b;c\n1;"x\n2;y;z\n3;y;z";t\n', "a;b\r1;2\r", "a;b\n1;\x00\n", ""],
)  # fmt: skip
def test_what_needs_care_is_left_to_the_careful_reader(contenu: str, tmp_path: Path) -> None:
    """A fault is never read in bulk: only the careful reader can tell its line and remedy."""
    chemin = tmp_path / "essai.csv"
    chemin.write_text(contenu, encoding="utf-8", newline="")
    assert load_blocs(chemin, Tete()) is None


def test_two_header_rows_in_bulk(tmp_path: Path) -> None:
    """The header may take two rows and stand below a title."""
    rangees = [["Id", "Motifs", "", "Avis"], ["", "un", "deux", "Response"]]
    rangees += [[f"R{n}", "un" if n % 2 else "", "deux", "bien"] for n in range(40)]
    chemin = tmp_path / "essai.csv"
    chemin.write_text("Export du jour\n" + ecrire(rangees), encoding="utf-8")
    assert comparer(chemin, Tete(avant=1, lignes=2))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=40))
def test_distinct_cells_are_those_of_a_set(cellules: list[bytes]) -> None:
    """The distinct cells found eight bytes at a time are the ones that Python tells apart."""
    debuts = np.cumsum([0, *map(len, cellules[:-1])])
    longueurs = np.array([len(c) for c in cellules])
    vue = np.frombuffer(b"".join(cellules) + MARGE, dtype=np.uint8)
    trouvees = find_distinctes(vue, debuts, longueurs)
    assert [cellules[trouvees.premieres[r]] for r in trouvees.rangs] == cellules
    assert len(trouvees.premieres) == len(set(cellules))


def test_a_wrong_answer_among_many_is_told_with_its_lines(tmp_path: Path) -> None:
    """Checks are done on distinct cells, and a refusal still names each line."""
    lignes = [f"R{n};{'oui' if n % 2 else 'non'}" for n in range(300)]
    lignes[120], lignes[250] = "R120;ouii", "R250;ouii"
    chemin, releve = tmp_path / "essai.csv", Releve()
    chemin.write_text("reponse;avis\n" + "\n".join(lignes) + "\n", encoding="utf-8")
    brut = load_texte(chemin, "essai.csv", releve)
    assert brut is not None and isinstance(brut["avis"].dtype, pd.CategoricalDtype)
    connus = {"oui": "oui", "non": "non"}
    avis = Colonne("avis", "code", True, True, connus, "un avis", categories="nominales")
    cadre = check_colonnes(brut, (Colonne("reponse"), avis), "essai.csv", releve)
    (probleme,) = releve.problemes
    assert (probleme.ligne, probleme.autres) == (122, (252,)) and "ouii" in str(probleme)
    assert list(cadre["avis"].cat.categories) == ["oui", "non"]
    assert cadre["avis"].isna().sum() == 2 and cadre["avis"].cat.codes.dtype == np.int8


def test_many_days_with_their_hours(tmp_path: Path) -> None:
    """Days that are all distinct by their hours are typed as days, and a wrong one is told."""
    heures = [f"{10 + n % 20}/03/2021 {n // 3600 % 24:02d}:{n // 60 % 60:02d}:{n % 60:02d}"
              for n in range(7000)]  # fmt: skip
    heures[6500] = "32/03/2021 10:00:00"
    heures[6600] = "12/03/2021 matin"
    brut = pd.DataFrame({"date": heures}, index=pd.RangeIndex(2, 7002), dtype=str)
    releve = Releve()
    cadre = check_colonnes(brut, (Colonne("date", "date", True, True),), "essai.csv", releve)
    assert cadre["date"].iloc[0] == pd.Timestamp(2021, 3, 10)
    assert sorted(p.ligne or 0 for p in releve.problemes) == [6502, 6602]
    assert cadre["date"].isna().sum() == 2 and cadre["date"].dtype.kind == "M"
