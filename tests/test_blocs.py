"""A large text is read in bulk, and never otherwise than row by row."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualepref_lib.core.refus import Releve
from qualepref_lib.formats import blocs
from qualepref_lib.formats.blocs import load_blocs
from qualepref_lib.formats.brut import EMPREINTE, INACHEVE, LIGNE_ENTETE, LIGNES_LUES
from qualepref_lib.formats.colonnes import Colonne, check_colonnes
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
    rangees.insert(40, [])
    for fin, tout in (("\n", True), ("\r\n", True), ("\n", False)):
        chemin = tmp_path / "essai.csv"
        chemin.write_text(ecrire(rangees, fin, tout).rstrip("\r\n"), encoding="utf-8", newline="")
        assert comparer(chemin)
    vu = load_blocs(chemin, Tete())
    assert vu is not None and isinstance(vu["avis"].dtype, pd.CategoricalDtype)


RANGEES = st.text(alphabet='ab1;;;\n\n"" é\r\ufeff\x85\u2028', max_size=60)


@settings(max_examples=300, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(corps=RANGEES, encodage=st.sampled_from(["utf-8", "utf-16-le", "latin-1"]))
def test_whatever_the_text_both_readers_agree(
    corps: str, encodage: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Text that no tool writes is read alike, or left to the reader that says what is wrong."""
    chemin = tmp_path_factory.mktemp("p") / "essai.csv"
    chemin.write_bytes(b"a;b\n" + corps.encode(encodage, errors="replace"))
    comparer(chemin)


@pytest.mark.parametrize(
    "contenu",
    ['1;"x"y\n', '1;"x;"y\n', '1;"x"" y\n', '1;"x\n', '1;x"y\n', '1;"a\n2;b\n', "1;a\r2;b\n",
     "1;2\r\r\n", "1;a\x00\n", "1;a\n\ufeff2;b\n" * 9, '1;"x"\r;y\n', '1;"x"y"\n'],
)  # fmt: skip
def test_what_arrow_lets_pass_is_left_to_the_careful_reader(contenu: str, tmp_path: Path) -> None:
    """Arrow takes each of these without a word, and often otherwise than a person would."""
    vus = lire_sans_garde(contenu.encode())
    assert vus.num_columns == 2 and vus.num_rows >= 1
    chemin = tmp_path / "essai.csv"
    chemin.write_text("a;b\n" + contenu, encoding="utf-8", newline="")
    vite = load_blocs(chemin, Tete())
    assert vite is None or ("\ufeff" in contenu and comparer(chemin))


def lire_sans_garde(octets: bytes) -> pa.Table:
    """What Arrow makes of a text of two columns, as it is called without our checks."""
    return pyarrow.csv.read_csv(
        pa.BufferReader(octets),
        pyarrow.csv.ReadOptions(use_threads=False, column_names=["a", "b"]),
        pyarrow.csv.ParseOptions(delimiter=";", newlines_in_values=True),
    )


@pytest.mark.parametrize("encodage", ["utf-8", "cp1252"])
def test_a_column_of_texts_is_found_late_or_early(encodage: str, tmp_path: Path) -> None:
    """Distinct cells from the first row, or only after thousands of equal ones: texts in the end.

    The careful reader gives the same, the letters of Windows included.
    """
    rangees = [["id", "tard", "dit"]]
    rangees += [[f"R{n}", "non" if n < 4000 else f"à {n} €", "été"] for n in range(12000)]
    chemin = tmp_path / "essai.csv"
    chemin.write_bytes(ecrire(rangees).encode(encodage))
    with pytest.MonkeyPatch.context() as grands:
        grands.setattr(blocs, "TAILLE_BLOC", 30_000)
        assert comparer(chemin)
        vu = load_blocs(chemin, Tete())
    assert vu is not None and isinstance(vu["dit"].dtype, pd.CategoricalDtype)
    assert not any(isinstance(vu[nom].dtype, pd.CategoricalDtype) for nom in ("id", "tard"))


def test_more_answers_than_a_byte_can_tell(tmp_path: Path) -> None:
    """Three hundred distinct cells in a column are still distinct cells, met in their order."""
    rangees = [["a", "b", "c"], *([f"ville {n % 300}", "x", f"{n % 130}"] for n in range(3000))]
    chemin = tmp_path / "essai.csv"
    chemin.write_text(ecrire(rangees), encoding="utf-8")
    with pytest.MonkeyPatch.context() as grands:
        grands.setattr(blocs, "TAILLE_BLOC", 20_000)
        assert comparer(chemin)
        vu = load_blocs(chemin, Tete())
    assert vu is not None
    assert list(vu["a"].cat.categories) == [f"ville {n}" for n in range(300)]
    assert (vu["a"].cat.codes.dtype, vu["c"].cat.codes.dtype) == (np.int16, np.int16)


def test_the_hash_is_that_of_the_file(tmp_path: Path) -> None:
    """The hash taken while reading is that of the whole file: header, mark, unfinished end."""
    for contenu in (b"a;b\n1;2\n3;4\n" * 99, b"\xef\xbb\xbfa;b\r\n1;2\r\n\r\n3;4"):
        chemin = tmp_path / "essai.csv"
        chemin.write_bytes(contenu)
        vu = load_blocs(chemin, Tete())
        assert vu is not None and vu.attrs[EMPREINTE] == hashlib.sha256(contenu).hexdigest()


def test_python_and_arrow_strip_the_same_characters() -> None:
    """What Arrow takes away around a text is what Python does, for every character there is."""
    textes = [f"{chr(n)}a{chr(n)}" for n in range(1, 0x110000) if not 0xD800 <= n < 0xE000]
    assert pc.utf8_trim_whitespace(pa.array(textes)).to_pylist() == [t.strip() for t in textes]


@pytest.mark.parametrize(
    "contenu",
    ["a;b\n1;2\n3\n", "a;b\n1;2\n3;4;5\n", 'a;b\n1;"x"y\n', 'a;b\n1;x"y\n', 'a;b\n1;"x\n',
     "a;a\n1;2\n", "a;\n1;2\n", "a;b\n1;Ã©t\n", "sep=;\na;b\n1;2\n",
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


@pytest.mark.parametrize(
    ("cellules", "fautes"),
    [
        (["a", "b"] * 9, []),
        (["a", ""] * 9, []),
        (["", "b"], []),
        (["a", "#N/A", "b"], [3]),
        (["Err:502", "E", "#"], [2]),
        (["a\0b", "c"], []),
    ],
)
def test_texts_that_need_no_look_are_kept(cellules: list[str], fautes: list[int]) -> None:
    """Texts without an empty or suspect cell go as they are; the others are looked at."""
    brut = pd.DataFrame({"t": cellules}, index=pd.RangeIndex(2, 2 + len(cellules)), dtype=str)
    releve = Releve()
    cadre = check_colonnes(brut, (Colonne("t"),), "essai.csv", releve)
    attendus = [None if not c or n in fautes else c for n, c in enumerate(cellules, 2)]
    assert cadre["t"].dtype == object and cadre["t"].tolist() == attendus
    assert [p.ligne for p in releve.problemes] == fautes


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
