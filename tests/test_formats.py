"""Readers and column checks: what offices really send, read whole or refused in French."""

from __future__ import annotations

import datetime as dt
import os
import time
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from qualepref_lib.core.fiches import Fiche, load_fiche
from qualepref_lib.core.refus import Probleme, Refus, Releve, extrait
from qualepref_lib.core.valeurs import lire_entier, lire_nombre, lire_oui_non, lire_part
from qualepref_lib.formats.colonnes import Colonne, Illisible, check_colonnes, lire_date
from qualepref_lib.formats.texte import INACHEVE, load_texte, separateur

TEXTE = "code;note;texte\nA1;réalisé;l’été à l’accueil\nA2;partiel;ça va\n"
NOTES = {"realise": "réalisé", "partiel": "partiel", "sans_objet": "sans objet"}
COLONNES = (
    Colonne("code", "code", True, True, {"A1": "", "A2": "", "A3": ""}, "un code d’essai"),
    Colonne("note", "code", True, False, NOTES, "une note de l’échelle"),
    Colonne("texte"),
)


def lire(tmp_path: Path, contenu: str | bytes) -> tuple[pd.DataFrame | None, Releve]:
    """Write ``contenu`` to ``essai.csv`` and read it back."""
    chemin, releve = tmp_path / "essai.csv", Releve()
    chemin.write_bytes(contenu.encode() if isinstance(contenu, str) else contenu)
    return load_texte(chemin, "essai.csv", releve), releve


def verifier(
    tmp_path: Path, contenu: str | bytes, *colonnes: Colonne
) -> tuple[pd.DataFrame, Releve]:
    """Read and type ``contenu``."""
    brut, releve = lire(tmp_path, contenu)
    assert brut is not None, releve.problemes
    return check_colonnes(brut, colonnes or COLONNES, "essai.csv", releve), releve


def dit(releve: Releve) -> str:
    """The refusal as the person reads it."""
    with pytest.raises(Refus) as refus:
        releve.refuser()
    return str(refus.value)


@pytest.mark.parametrize(
    "contenu",
    [
        pytest.param(TEXTE.encode(), id="utf-8"),
        pytest.param(TEXTE.encode("utf-8-sig"), id="BOM"),
        pytest.param(TEXTE.encode("cp1252"), id="windows"),
        pytest.param(TEXTE.encode("utf-16"), id="utf-16"),
        pytest.param(TEXTE.encode("utf-16-be"), id="utf-16 sans marque"),
        pytest.param(TEXTE.replace(";", ",").encode(), id="virgules"),
        pytest.param(TEXTE.replace(";", "\t").encode(), id="tabulations"),
        pytest.param(TEXTE.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(TEXTE.replace("\n", "\r").encode(), id="CR"),
        pytest.param(TEXTE.replace("\n", ";;;\n").encode() + b";;;;\n\n\n", id="vides en fin"),
        pytest.param(TEXTE.replace("A1", "\u00a0 A1\u00a0").encode(), id="espaces"),
        pytest.param(TEXTE.replace(";", '";"').replace("\n", '"\n').replace("A", '"A')
                     .replace("code", '"code').encode(), id="guillemets"),
    ],
)  # fmt: skip
def test_meme_tableau(tmp_path: Path, contenu: bytes) -> None:
    """The same table is read whatever the encoding, separator, line ends and padding."""
    cadre, releve = verifier(tmp_path, contenu)
    assert not releve.problemes
    assert cadre.to_dict("list") == {
        "code": ["A1", "A2"],
        "note": ["realise", "partiel"],
        "texte": ["l’été à l’accueil", "ça va"],
    }
    assert list(cadre.index) == [2, 3]


@pytest.mark.parametrize(
    ("contenu", "attendus"),
    [
        (b"", ["le fichier est vide"]),
        (b"\xef\xbb\xbf", ["le fichier est vide"]),
        (b"\n ;;\n\n", ["le fichier est vide"]),
        (b"PK\x03\x04\x14\x00", ["un classeur (Excel ou LibreOffice)", "au format CSV"]),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", ["un classeur"]),
        (b"%PDF-1.7\n", ["un PDF"]),
        (b"<html><table></table></html>", ["une page web"]),
        (TEXTE.encode("utf-16-le")[:-1], ["UTF-16 sans marque"]),
        (TEXTE.encode("utf-32"), ["UTF-32"]),
        (TEXTE.replace("A2", "A\x002").encode(), ["octets nuls", "ligne 3"]),
        (TEXTE.encode("cp850", "replace"), ["l’encodage est faux", "ligne 2", "UTF-8"]),
        (TEXTE.encode("mac-roman"), ["l’encodage est faux", "ligne 2"]),
        (TEXTE.encode().decode("cp1252").encode(), ["« Ã© »", "ligne 2"]),
        (TEXTE.replace("ça", "\ufffda").encode(), ["l’encodage est faux", "ligne 3"]),
        (TEXTE + 'A3;"réal', ["guillemet ouvert n’est pas refermé", "tronqué", "ligne 4"]),
        (TEXTE + 'A3;"réal"isé;x\n', ["un guillemet est suivi d’un texte", "ligne 4"]),
        (TEXTE + "A3;réal", ["2 cellules, l’en-tête en a 3", "tronqué", "ligne 4"]),
        (TEXTE + "A3;réalisé;x;y\n", ["4 cellules, l’en-tête en a 3", "guillemets"]),
        (TEXTE.replace(";", ",") + "A3,réalisé,1,5\n", ["Le séparateur est la virgule"]),
        ("Mon titre\n" + TEXTE, ["n’est peut-être pas l’en-tête", "lignes 2, 3 et 4"]),
        (TEXTE.replace("texte", "note"), ["colonne « note »", "présente 2 fois"]),
        ('a;b;c\n1;"x\n2;y;z\n3;y;z";t\n', ["des lignes entières du fichier", "ligne 2"]),
    ],
)  # fmt: skip
def test_fichier_refuse(tmp_path: Path, contenu: str | bytes, attendus: list[str]) -> None:
    """A file that cannot be read whole is refused with its reason, line and remedy."""
    _, releve = lire(tmp_path, contenu)
    texte = dit(releve)
    assert "À faire : " in texte
    assert all(attendu in texte for attendu in attendus), texte


@pytest.mark.parametrize("nature", ["absent", "dossier", "lien mort", "boucle", "tube"])
def test_pas_un_fichier(tmp_path: Path, nature: str) -> None:
    """A name that is no ordinary file is told, never opened."""
    chemin, releve = tmp_path / "essai.csv", Releve()
    if nature == "dossier":
        chemin.mkdir()
    elif nature == "lien mort":
        chemin.symlink_to(tmp_path / "nulle part")
    elif nature == "boucle":
        chemin.symlink_to(chemin)
    elif nature == "tube":
        os.mkfifo(chemin)
    assert load_texte(chemin, "essai.csv", releve) is None
    assert "essai.csv : " in dit(releve) and "À faire" in dit(releve)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all files")
def test_sans_droits(tmp_path: Path) -> None:
    """A file that another account owns is told in French."""
    chemin, releve = tmp_path / "essai.csv", Releve()
    chemin.write_text(TEXTE)
    chemin.chmod(0)
    assert load_texte(chemin, "essai.csv", releve) is None
    assert "les droits manquent" in dit(releve)


def test_sans_droits_simules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the system is told in French, whoever runs the test."""

    def refuser(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuser)
    _, releve = Releve(), Releve()
    (tmp_path / "essai.csv").write_text(TEXTE)
    assert load_texte(tmp_path / "essai.csv", "essai.csv", releve) is None
    assert "les droits manquent" in dit(releve) and "denied" not in dit(releve)


def test_lignes_apres_un_texte_sur_plusieurs_lignes(tmp_path: Path) -> None:
    """The line of a problem is the one of the file, quoted line breaks and blanks counted."""
    contenu = 'code;note;texte\nA1;réalisé;"a\nb\nc"\n\nA2;bof;x\n'
    cadre, releve = verifier(tmp_path, contenu)
    assert list(cadre.index) == [2, 6]
    assert cadre.at[2, "texte"] == "a\nb\nc"
    assert "essai.csv, ligne 6, colonne « note » : « bof »" in dit(releve)


def test_sep_d_excel(tmp_path: Path) -> None:
    """The first line « sep=, » sets the separator and keeps the numbers of the lines."""
    brut, releve = lire(tmp_path, 'sep=,\na,b\n1,"x;y;z"\n')
    assert not releve.problemes and brut is not None
    assert list(brut.columns) == ["a", "b"] and brut.loc[3].tolist() == ["1", "x;y;z"]


def test_fin_de_fichier(tmp_path: Path) -> None:
    """A file that ends in the middle of a line is known as such."""
    entier, _ = lire(tmp_path, TEXTE)
    coupe, _ = lire(tmp_path, TEXTE[:-2])
    assert entier is not None and not entier.attrs[INACHEVE]
    assert coupe is not None and coupe.attrs[INACHEVE]


def test_ponctuation_francaise_admise(tmp_path: Path) -> None:
    """Points de suspension, guillemets et apostrophes are no fault of encoding."""
    for jeu in ("utf-8", "cp1252"):
        _, releve = lire(tmp_path, "a;b\n1;« bon…mais » l’œuvre, 20 €\n".encode(jeu))
        assert not releve.problemes


def test_une_longue_cellule(tmp_path: Path) -> None:
    """A long comment is read whole; a long wrong value is told in short, on one line."""
    cadre, releve = verifier(tmp_path, f"code;note;texte\nA1;réalisé;{'é' * 300_000}\n")
    assert not releve.problemes and len(cadre.at[2, "texte"]) == 300_000
    _, releve = verifier(tmp_path, f'code;note;texte\nA1;"{"é" * 50_000}{chr(10)}x";y\n')
    assert len(dit(releve)) < 500 and "ééé…" in dit(releve)


@pytest.mark.parametrize(
    ("entete", "attendus"),
    [
        ("code;texte", ["colonne « note » : la colonne manque", "Connu : code, texte"]),
        ("code;notte;texte", ["« note »", "« notte » n’est pas connu", "écrire « note »"]),
        ("code;note;Note;texte", ["colonne « note »", "présente 2 fois (note, Note)"]),
        ("code;note;texet", ["colonne « texte »", "« texet »"]),
        ("code;;note", ["une colonne sans nom contient des valeurs"]),
    ],
)
def test_entete_refuse(tmp_path: Path, entete: str, attendus: list[str]) -> None:
    """A missing, misspelt, doubled or unnamed column is told with the line of the header."""
    cellules = ["A1", "réalisé", "x", "y"][: entete.count(";") + 1]
    _, releve = verifier(tmp_path, f"{entete}\n{';'.join(cellules)};\n")
    texte = dit(releve)
    assert all(attendu in texte for attendu in attendus), texte


def test_entete_accepte(tmp_path: Path) -> None:
    """Case, accents and spaces of a header do not matter; an unused column is a remark."""
    _, releve = verifier(tmp_path, "CODE; Noté ;texte;autre chose\nA1;partiel;x;y\n")
    assert not releve.problemes
    assert [str(r) for r in releve.remarques] == [
        "essai.csv, ligne 1, colonne « autre chose » : la colonne n’est pas utilisée."
    ]


@pytest.mark.parametrize(
    ("cellule", "attendus"),
    [
        ("realize", ["« realize » n’est pas une note", "Vouliez-vous dire « réalisé »", "Connu :"]),
        ("\x1b[31mrouge\u202e", ["« [31mrouge » n’est pas"]),
        ("=HYPERLINK(1)", ["« =HYPERLINK(1) » n’est pas"]),
    ],
)
def test_valeur_inconnue(tmp_path: Path, cellule: str, attendus: list[str]) -> None:
    """An unknown value is shown harmless, with what is known and what resembles it."""
    _, releve = verifier(tmp_path, f"code;note;texte\nA1;{cellule};x\n")
    texte = dit(releve)
    assert all(attendu in texte for attendu in attendus), texte
    assert "\x1b" not in texte and "\u202e" not in texte


@pytest.mark.parametrize("ecrit", ["sans objet", "SANS OBJET", "Sans\u00a0objet", "sans_objet"])
def test_ecritures_d_un_code(tmp_path: Path, ecrit: str) -> None:
    """A code or its label is recognised whatever its case, accents and spaces."""
    cadre, releve = verifier(tmp_path, f"code;note;texte\n a1 ; {ecrit} ;x\n")
    assert not releve.problemes
    assert cadre.loc[2, ["code", "note"]].tolist() == ["A1", "sans_objet"]


@pytest.mark.parametrize("ecrit", ["1.1", "1,1", "janv-01", "44649"])
def test_code_defait_par_un_tableur(tmp_path: Path, ecrit: str) -> None:
    """A code that a spreadsheet turned into a number or a day is told with the remedy."""
    colonne = Colonne("code", "code", True, True, {"1.10": "", "1.01": ""}, "un code d’essai")
    _, releve = verifier(tmp_path, f"code\n{ecrit}\n", colonne)
    assert "au format Texte" in dit(releve)


def test_plusieurs_codes(tmp_path: Path) -> None:
    """A cell of codes is cut on spaces and commas, once each; every unknown one is named."""
    codes = Colonne("c", "codes", connus={"A1": "", "A2": ""}, nature="un code d’essai")
    cadre, releve = verifier(tmp_path, "c\nA1, a2 A1\n\nA1\u00a0A9 B7\n", codes)
    assert cadre.at[2, "c"] == ("A1", "A2")
    assert "« A9 » et « B7 » : aucun n’est un code d’essai" in dit(releve)


@pytest.mark.parametrize(
    ("ecrit", "jour"),
    [
        ("2022-03-29", (2022, 3, 29)),
        ("29/03/2022", (2022, 3, 29)),
        ("1/2/2022", (2022, 2, 1)),
        ("29.03.2022", (2022, 3, 29)),
        ("29/03/2022 10:15", (2022, 3, 29)),
        ("2022-03-29T10:15:00", (2022, 3, 29)),
    ],
)
def test_date_lue(ecrit: str, jour: tuple[int, int, int]) -> None:
    """A day is read in both orders that offices write, an hour ignored."""
    assert lire_date(ecrit) == dt.date(*jour)


@pytest.mark.parametrize(
    ("ecrit", "attendu"),
    [
        ("31/02/2022", "n’existe pas dans le calendrier"),
        ("03/29/2022", "jour et mois inversés"),
        ("29/03/22", "quatre chiffres"),
        ("44649", "29/03/2022"),
        ("44649,5", "29/03/2022"),
        ("2202-03-29", "l’année 2202"),
        ("0022-03-29", "l’année 22"),
        ("9999-12-31", "l’année 9999"),
        ("n.c.", "attendu : jj/mm/aaaa ou AAAA-MM-JJ"),
        ("٢٠٢٢-٠٦-١٥", "n’est pas une date"),
    ],
)
def test_date_refusee(ecrit: str, attendu: str) -> None:
    """A day that is not sure is refused with what it perhaps meant."""
    with pytest.raises(Illisible, match=attendu):
        lire_date(ecrit)


@pytest.mark.parametrize(
    ("ecrit", "lu"),
    [("12,5", 12.5), ("12.5", 12.5), ("1\u202f234,5", 1234.5), ("50 %", 50), ("−3", -3)],
)
def test_nombre_lu(ecrit: str, lu: float) -> None:
    """A number is read with a comma or a point, spaces, a percent sign, a real minus."""
    assert lire_nombre(ecrit) == lu


@pytest.mark.parametrize("ecrit", ["NaN", "inf", "-inf", "1e400", "1_0", "0x10", "٥", "12 min", ""])
def test_nombre_refuse(ecrit: str) -> None:
    """What Python would take for a number and a person would not is refused."""
    with pytest.raises(Illisible):
        lire_nombre(ecrit)


@pytest.mark.parametrize(
    ("ecrit", "attendu"),
    [
        ("-1", "hors des bornes (au moins 0, au plus 100)"),
        ("101", "hors des bornes"),
        ("1,5", "n’est pas un nombre entier"),
        ("beaucoup", "« beaucoup » n’est pas un nombre"),
    ],
)
def test_bornes(tmp_path: Path, ecrit: str, attendu: str) -> None:
    """A number is checked against the bounds of its column, and whole when it must be."""
    colonne = Colonne("n", "nombre", mini=0, maxi=100, entier=True)
    _, releve = verifier(tmp_path, f"n;x\n{ecrit};\n", colonne)
    assert attendu in dit(releve) and "À faire" in dit(releve)


def test_parts_et_booleens() -> None:
    """Shares stay exact; a yes may be French."""
    assert lire_part("0,84") == lire_part("84 %") == lire_part("21/25") == Fraction(21, 25)
    assert lire_oui_non("Oui") and not lire_oui_non("faux")
    assert lire_entier("2 019") == 2019
    for mauvais in ("1/0", "abc", "1e9999999", "inf", ""):
        with pytest.raises(Illisible):
            lire_part(mauvais)


def test_cellule_vide(tmp_path: Path) -> None:
    """A blank cell of a mandatory column is told with all its lines, a blank elsewhere is none."""
    _, releve = verifier(tmp_path, "code;note;texte\n;;\n;partiel;x\n \u00a0;;y\n")
    assert "lignes 3 et 4, colonne « code » : la cellule est vide" in dit(releve)
    assert len(releve.problemes) == 1


def test_beaucoup_de_fautes(tmp_path: Path) -> None:
    """A wrong register of 100,000 rows is refused in seconds, in a message of bounded length."""
    lignes = [f"Z{i % 70_000};bof;x" for i in range(100_000)]
    debut = time.monotonic()
    _, releve = verifier(tmp_path, "code;note;texte\n" + "\n".join(lignes) + "\n")
    texte = dit(releve)
    assert time.monotonic() - debut < 10
    assert len(texte) < 20_000
    assert "70 001 problèmes" in texte.replace("\u202f", " ")
    assert "69 950 autres problèmes ne sont pas montrés" in texte.replace("\u202f", " ")
    assert "99 992 autres, colonne « note » : « bof »" in texte.replace("\u202f", " ")


def test_un_refus_ne_se_repete_pas() -> None:
    """What is known of a column is listed once; each problem keeps its own near-miss."""
    refus = Refus(*(Probleme("f.csv", f"n° {i}.", i, "c", ("a", "b"), "a") for i in (2, 3)))
    assert str(refus).count("Connu : a, b.") == 1
    assert str(refus).count("Vouliez-vous dire « a » ?") == 2


def test_extrait_est_court_et_sans_danger() -> None:
    """Whatever a cell holds, what is shown is one short visible line."""
    assert extrait("a\x00b\nc\u2066d") == "a b c d"
    assert len(extrait("x" * 10**6)) == 61


class Essai(Fiche):
    """A form as the tests need it."""

    nom: str
    jour: dt.date | None = None
    part: Fraction | None = None
    actif: bool = False
    rang: int = 0
    listes: tuple[str, ...] = ()


def lire_essai(tmp_path: Path, contenu: str | bytes) -> tuple[Essai | None, Releve]:
    """Write ``contenu`` to ``essai.yaml`` and read it as an :class:`Essai`."""
    chemin, releve = tmp_path / "essai.yaml", Releve()
    chemin.write_bytes(contenu.encode() if isinstance(contenu, str) else contenu)
    return load_fiche(chemin, Essai, "essai.yaml", releve), releve


def test_fiche_en_francais(tmp_path: Path) -> None:
    """A form reads French dates, commas and yes; a code such as 1.10 stays text."""
    fiche, _ = lire_essai(
        tmp_path, "nom: 1.10\njour: 29/03/2022\npart: 0,8\nactif: oui\nrang: 2\nlistes: [1.10, NO]"
    )
    assert fiche is not None
    assert (fiche.nom, fiche.jour, fiche.part) == ("1.10", dt.date(2022, 3, 29), Fraction(4, 5))
    assert (fiche.actif, fiche.rang, fiche.listes) == (True, 2, ("1.10", "NO"))


BOMBE = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12)
)


@pytest.mark.parametrize(
    ("contenu", "attendus"),
    [
        ("", ["le fichier est vide"]),
        ("# rien\n", ["n’est pas un groupe de clés"]),
        ("null\n", ["n’est pas un groupe de clés"]),
        ("- a\n- b\n", ["n’est pas un groupe de clés"]),
        ("nom: a\n\trang: 1\n", ["tabulation", "ligne 2"]),
        ("nom: a\nnom: b\n", ["« nom » est écrite deux fois", "ligne 2"]),
        ("nom: a\nrnag: 1\n", ["clé « rnag »", "Vouliez-vous dire « rang »", "ligne 2"]),
        ("nom:\n", ["« nom » est vide"]),
        ("rang: 1\n", ["« nom » est obligatoire"]),
        ("nom: [a]\n", ["un texte était attendu, une liste est là"]),
        ("nom: a\nlistes: b\n", ["une liste était attendue, « b » est là", "crochets"]),
        ("nom: a\njour: 1er avril 2022\n", ["« 1er avril 2022 » n’est pas une date"]),
        ("nom: a\njour: 86400\n", ["« 86400 » n’est pas une date"]),
        ("nom: a\njour: 2022-02-31\n", ["n’existe pas dans le calendrier"]),
        ("nom: a\npart: 1/0\n", ["« 1/0 » n’est pas un nombre"]),
        ("nom: a\nactif: peut-être\n", ["« peut-être » n’est ni oui ni non"]),
        ("nom: a : b\n", ["deux-points", "ligne 1"]),
        ('nom: "a\nrang: 1\n', ["guillemet ouvert n’est pas refermé"]),
        ("? [a, b]\n: c\n", ["une clé est une liste"]),
        ("nom: a\n---\nnom: b\n", ["plusieurs documents"]),
        ("nom: *inconnu\n", ["un renvoi « * » ne mène à rien"]),
        (BOMBE, ["se développe sans fin"]),
        ("nom: &a [*a]\n", ["imbrique trop de groupes"]),
        ("nom: " + "[" * 3000, ["imbrique trop de groupes"]),
        ("nom: a\x00b\n", ["caractère de contrôle"]),
        ("nom: a\nrang: été\n".encode("cp1252"), ["n’est pas en UTF-8", "ligne 2"]),
        ("nom: été\n".encode().decode("cp1252").encode(), ["n’est pas en UTF-8", "« Ã© »"]),
    ],
)
def test_fiche_refusee(tmp_path: Path, contenu: str | bytes, attendus: list[str]) -> None:
    """A YAML form that is not sure is refused in French, with its line, without delay."""
    fiche, releve = lire_essai(tmp_path, contenu)
    texte = dit(releve)
    assert fiche is None or "deux fois" in texte
    assert all(attendu in texte for attendu in attendus), texte


def test_separateur() -> None:
    """The separator is the one that cuts the header most."""
    assert separateur("a,b;c,d") == ","
