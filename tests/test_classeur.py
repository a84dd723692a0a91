"""Workbooks: the same table as a CSV, or a refusal that says which cell and what to do."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter
from tableurs import DATE_XLS, HEURE_XLS, cellule_ods, texte_ods, write_ods, write_xls

from qualepref_lib.core.refus import Refus, Releve
from qualepref_lib.formats.classeur import load_classeur
from qualepref_lib.formats.colonnes import Colonne, check_colonnes
from qualepref_lib.formats.tetes import Tete
from qualepref_lib.formats.texte import load_texte

ISSUES = {"repondu": "répondu", "abandonne": "abandonné"}
COLONNES = (
    Colonne("date", "date", True, True),
    Colonne("heure", "heure", True, True),
    Colonne("issue", "code", True, True, ISSUES, "une issue d’appel"),
    Colonne("attente", "nombre", mini=0),
    Colonne("service"),
)
ENTETE = ["date", "heure", "issue", "attente", "service"]
JOUR, HEURE = dt.date(2022, 3, 29), dt.time(9, 5, 30)
LIGNE: list[Any] = [JOUR, HEURE, "répondu", 12.5, "accueil"]
Remplir = Callable[[Any, Any], object]


def write_xlsx(
    chemin: Path, lignes: list[list[Any]], feuille: str = "Feuil1", **options: Any
) -> Path:
    """An XLSX of one sheet; days and hours are numbers with a format, as spreadsheets do."""
    return write_feuilles(chemin, {feuille: lignes}, **options)


def write_feuilles(
    chemin: Path,
    feuilles: dict[str, list[list[Any]]],
    remplir: Remplir = lambda classeur, feuille: None,
    cachees: tuple[str, ...] = (),
    **options: Any,
) -> Path:
    """An XLSX of several sheets; ``remplir`` does the rest on the last one."""
    classeur = xlsxwriter.Workbook(chemin, options)
    formats = {
        dt.datetime: classeur.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        dt.date: classeur.add_format({"num_format": "dd/mm/yyyy"}),
        dt.time: classeur.add_format({"num_format": "hh:mm"}),
        dt.timedelta: classeur.add_format({"num_format": "[h]:mm:ss"}),
    }
    for nom, lignes in feuilles.items():
        feuille = classeur.add_worksheet(nom)
        if nom in cachees:
            feuille.hide()
        for y, ligne in enumerate(lignes):
            for x, valeur in enumerate(ligne):
                if type(valeur) in formats:
                    feuille.write_datetime(y, x, valeur, formats[type(valeur)])
                elif valeur != "":
                    feuille.write(y, x, valeur)
    remplir(classeur, feuille)
    classeur.close()
    return chemin


def lire(
    chemin: Path, feuille: str | None = None, **options: Any
) -> tuple[pd.DataFrame | None, Releve]:
    """The raw frame of a workbook, and what was found to say."""
    releve = Releve()
    options = {"attendus": ENTETE[:3]} | options
    return load_classeur(chemin, chemin.name, releve, feuille, **options), releve


def verifier(chemin: Path, *colonnes: Colonne) -> tuple[pd.DataFrame, Releve]:
    """The typed frame of a workbook."""
    brut, releve = lire(chemin, attendus=())
    assert brut is not None, releve.problemes
    return check_colonnes(brut, colonnes or COLONNES, chemin.name, releve), releve


def dit(releve: Releve) -> str:
    """The refusal as the person reads it."""
    with pytest.raises(Refus) as refus:
        releve.refuser()
    return str(refus.value)


def _xlsx(chemin: Path) -> Path:
    return write_xlsx(chemin.with_suffix(".xlsx"), [ENTETE, LIGNE])


def _ods(chemin: Path) -> Path:
    ligne = [
        cellule_ods('office:value-type="date" office:date-value="2022-03-29"', "29/03/22"),
        cellule_ods('office:value-type="time" office:time-value="PT09H05M30S"', "09:05"),
        texte_ods("répondu"),
        cellule_ods('office:value-type="float" office:value="12.5"', "12,5"),
        texte_ods("accueil"),
    ]
    return write_ods(
        chemin.with_suffix(".ods"), {"Feuille1": [list(map(texte_ods, ENTETE)), ligne]}
    )


def _xls(chemin: Path) -> Path:
    # Day 44649 is 29 March 2022; 9 h 05 min 30 s is this part of a day.
    ligne = [(44649, DATE_XLS), (32730 / 86400, HEURE_XLS), "répondu", 12.5, "accueil"]
    return write_xls(chemin.with_suffix(".xls"), [list(ENTETE), ligne])


@pytest.mark.parametrize("ecrire", [_xlsx, _ods, _xls])
def test_meme_tableau_qu_un_csv(tmp_path: Path, ecrire: Callable[[Path], Path]) -> None:
    """The same rows give the same frame from a CSV and from the three kinds of workbook."""
    cadre, releve = verifier(ecrire(tmp_path / "appels"))
    texte = "date;heure;issue;attente;service\n29/03/2022;9h05:30;répondu;12,5;accueil\n"
    (tmp_path / "a.csv").write_text(texte.replace("9h05:30", "09:05:30"), encoding="utf-8")
    brut = load_texte(tmp_path / "a.csv", "a.csv", releve)
    assert brut is not None and not releve.problemes
    pd.testing.assert_frame_equal(cadre, check_colonnes(brut, COLONNES, "a.csv", releve))


def test_textes_des_cellules(tmp_path: Path) -> None:
    """Each kind of cell becomes what a person would have typed in a CSV."""
    ligne = [
        JOUR,
        dt.datetime(2022, 3, 29, 10, 15),
        HEURE,
        dt.timedelta(hours=30, minutes=5),
        12.0,
        0.1 + 0.2,
        1e-7,
        338734343400,
        True,
        "  deux  mots ",
        "0012",
    ]
    entete = [f"c{i}" for i in range(len(ligne))]
    brut, _ = lire(write_xlsx(tmp_path / "a.xlsx", [entete, ligne]), attendus=())
    assert brut is not None
    assert brut.loc[2].tolist() == [
        "2022-03-29",
        "2022-03-29 10:15:00",
        "09:05:30",
        "30:05:00",
        "12",
        "0.3",
        "0.0000001",
        "338734343400",
        "oui",
        "deux  mots",
        "0012",
    ]


def test_minuit_parmi_des_heures(tmp_path: Path) -> None:
    """A day alone is a day; in a column of days and hours it is midnight, and stays an hour."""
    jours = [[dt.datetime(2022, 3, 29)], [dt.datetime(2022, 3, 30)]]
    seuls, _ = lire(write_xlsx(tmp_path / "a.xlsx", [["d"], *jours]), attendus=())
    melees, _ = lire(
        write_xlsx(tmp_path / "b.xlsx", [["d"], *jours, [dt.datetime(2022, 3, 30, 8)]]), attendus=()
    )
    assert seuls is not None and seuls["d"].tolist() == ["2022-03-29", "2022-03-30"]
    assert melees is not None and melees["d"].iloc[0] == "2022-03-29 00:00:00"


def test_un_et_vrai_ne_se_confondent_pas(tmp_path: Path) -> None:
    """Python takes True for 1: a column that holds both keeps each."""
    brut, _ = lire(write_xlsx(tmp_path / "a.xlsx", [["c"], [1], [True], [0], [False]]), attendus=())
    assert brut is not None and brut["c"].tolist() == ["1", "oui", "0", "non"]


@pytest.mark.parametrize("genre", ["xlsx", "xls"])
def test_dates_de_1904(tmp_path: Path, genre: str) -> None:
    """A workbook that counts from 1904 gives the same days, and says so of a bare day number."""
    if genre == "xlsx":
        lignes = [ENTETE, LIGNE, [43187, *LIGNE[1:]]]
        chemin = write_xlsx(tmp_path / "a.xlsx", lignes, date_1904=True)
    else:
        ligne = [(43187, DATE_XLS), (32730 / 86400, HEURE_XLS), "répondu", "", ""]
        lignes = [list(ENTETE), ligne, [43187, *ligne[1:]]]
        chemin = write_xls(tmp_path / "a.xls", lignes, depuis_1904=True)
    cadre, releve = verifier(chemin)
    assert cadre.at[2, "date"] == pd.Timestamp(JOUR)
    assert dt.date(1904, 1, 1) + dt.timedelta(43187) == JOUR
    assert "« 43187 » n’est pas une date" in dit(releve) and "pour 29/03/2022" in dit(releve)


def test_dates_fausses(tmp_path: Path) -> None:
    """A bare day number is told with its day; a day that does not exist, with its cell."""
    lignes = [ENTETE, [44664, *LIGNE[1:]], ["31/02/2022", *LIGNE[1:]], [JOUR, 0.5, *LIGNE[2:]]]
    _, releve = verifier(write_xlsx(tmp_path / "appels.xlsx", lignes))
    texte = dit(releve)
    assert "appels.xlsx, ligne 2, colonne « date » : « 44664 » n’est pas une date" in texte
    assert "pour 13/04/2022 (mettre la colonne au format Date) (cellule A2)" in texte
    assert "« 31/02/2022 » n’existe pas dans le calendrier (cellule A3)" in texte
    assert "fraction de jour d’un tableur, pour 12:00" in texte and "(cellule B4)" in texte


def test_date_et_heure_de_la_meme_cellule(tmp_path: Path) -> None:
    """A time stamp is read as a day by a column of days, as an hour by a column of hours."""
    moment = dt.datetime(2022, 3, 29, 9, 5, 30)
    lignes = [ENTETE, [moment, moment, "répondu"]]
    cadre, releve = verifier(write_xlsx(tmp_path / "a.xlsx", lignes))
    assert not releve.problemes
    assert cadre.loc[2, ["date", "heure"]].tolist() == [pd.Timestamp(JOUR), 545.5]


def _erreurs_xlsx(chemin: Path) -> Path:
    def remplir(_: Any, feuille: Any) -> None:
        feuille.write_formula(1, 3, "=1/0", None, "#DIV/0!")
        feuille.write_formula(1, 4, "=NA()", None, "#N/A")

    ligne = [*LIGNE[:3], "", ""]
    return write_feuilles(chemin.with_suffix(".xlsx"), {"F": [ENTETE, ligne]}, remplir)


def _erreurs_ods(chemin: Path) -> Path:
    erreur = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
    ligne = [
        texte_ods("29/03/2022"),
        texte_ods("09:05"),
        texte_ods("répondu"),
        cellule_ods(f'table:formula="of:=1/0" {erreur}', "#DIV/0!"),
        # OpenOffice writes a zero and shows the error.
        cellule_ods('table:formula="of:=NA()" office:value-type="float" office:value="0"', "#N/A"),
    ]
    return write_ods(chemin.with_suffix(".ods"), {"F": [list(map(texte_ods, ENTETE)), ligne]})


def _erreurs_xls(chemin: Path) -> Path:
    ligne = ["29/03/2022", "09:05", "répondu", b"\x07", b"\x2a"]
    return write_xls(chemin.with_suffix(".xls"), [list(ENTETE), ligne])


@pytest.mark.parametrize("ecrire", [_erreurs_xlsx, _erreurs_ods, _erreurs_xls])
def test_cellules_en_erreur(tmp_path: Path, ecrire: Callable[[Path], Path]) -> None:
    """A formula that failed is no empty cell: it is refused with its address, text or number."""
    _, releve = verifier(ecrire(tmp_path / "appels"))
    texte = dit(releve)
    assert "« #DIV/0! » est une erreur de formule, pas une valeur (cellule D2)" in texte
    assert "« #N/A » est une erreur de formule, pas une valeur (cellule E2)" in texte
    assert "2 problèmes" in texte and "corriger la formule" in texte


def test_erreur_dans_un_csv(tmp_path: Path) -> None:
    """A CSV that a spreadsheet wrote holds the same errors; a French one writes them in French."""
    (tmp_path / "a.csv").write_text("service;x\n#VALEUR!;\n#N/D;\n#1;\n", encoding="utf-8")
    releve = Releve()
    brut = load_texte(tmp_path / "a.csv", "a.csv", releve)
    assert brut is not None
    check_colonnes(brut, (Colonne("service"),), "a.csv", releve)
    assert [p.ligne for p in releve.problemes] == [2, 3]


@pytest.mark.parametrize("valeur", ["", 0])
def test_formule_jamais_calculee(tmp_path: Path, valeur: object) -> None:
    """What a program wrote and no spreadsheet calculated has no value: it is told, once."""

    def remplir(_: Any, feuille: Any) -> None:
        for y in (1, 2):
            feuille.write_formula(y, 3, "=A1+1", None, valeur)

    lignes = [ENTETE, [*LIGNE[:3], "", "x"], [*LIGNE[:3], "", "y"]]
    chemin = write_feuilles(tmp_path / "a.xlsx", {"F": lignes}, remplir)
    _, releve = verifier(chemin)
    texte = dit(releve)
    assert "lignes 2 et 3, colonne « attente » : la formule n’a pas de valeur" in texte
    assert "1 problème" in texte and "ouvrir le classeur dans le tableur, l’enregistrer" in texte


def test_formule_calculee(tmp_path: Path) -> None:
    """A formula counts by its stored value; rows that hold only formulas are no rows."""

    def remplir(_: Any, feuille: Any) -> None:
        feuille.write_formula(1, 3, "=6*7", None, 42)
        for y in range(2, 40):
            feuille.write_formula(y, 4, '=IF(A3="","",A3)', None, "")

    chemin = write_feuilles(tmp_path / "a.xlsx", {"F": [ENTETE, [*LIGNE[:3], "", "x"]]}, remplir)
    cadre, releve = verifier(chemin)
    assert not releve.problemes and cadre["attente"].tolist() == [42.0]


def test_colonne_qui_n_est_pas_lue(tmp_path: Path) -> None:
    """What the workbook computes for the person who fills it in may fail: it is not read."""

    def remplir(_: Any, feuille: Any) -> None:
        feuille.write_formula(1, 4, "=NA()", None, "#N/A")
        feuille.write_formula(2, 4, "=A1", None, "")

    lignes = [ENTETE, LIGNE[:4], LIGNE[:4]]
    chemin = write_feuilles(tmp_path / "a.xlsx", {"F": lignes}, remplir)
    _, releve = verifier(chemin, *COLONNES[:4], Colonne("service", lue=False))
    assert not releve.problemes


def test_formule_ods_sans_resultat(tmp_path: Path) -> None:
    """In an ODS, no paragraph is no result; an empty one is the empty text."""
    formule = 'table:formula="of:=IF([.A1];1;2)"'
    ligne = [texte_ods("29/03/2022"), cellule_ods(formule, None), cellule_ods(formule, "")]
    rangees = [list(map(texte_ods, ("date", "a", "b"))), ligne]
    colonnes = Colonne("date", "date"), Colonne("a"), Colonne("b")
    cadre, releve = verifier(write_ods(tmp_path / "a.ods", {"F": rangees}), *colonnes)
    assert "colonne « a » : la formule n’a pas de valeur" in dit(releve)
    assert len(releve.problemes) == 1 and cadre.at[2, "b"] is None


def test_cellules_fusionnees(tmp_path: Path) -> None:
    """Under a merged cell one value stands for several: in the table it is refused, with where."""

    def remplir(_: Any, feuille: Any) -> None:
        feuille.merge_range(1, 4, 3, 4, "accueil")

    lignes = [ENTETE, LIGNE, LIGNE, LIGNE]
    _, releve = lire(write_feuilles(tmp_path / "a.xlsx", {"F": lignes}, remplir))
    assert "des cellules sont fusionnées (E2:E4)" in dit(releve)
    fusion = cellule_ods('office:value-type="string" table:number-columns-spanned="2"', "date")
    tete = [fusion, "<table:covered-table-cell/>", texte_ods("issue")]
    corps = [texte_ods(v) for v in ("29/03/2022", "9h", "répondu")]
    _, releve = lire(write_ods(tmp_path / "a.ods", {"F": [tete, corps]}), attendus=())
    assert "(A1:B1)" in dit(releve) and "la colonne B n’a pas d’en-tête" in dit(releve)


def test_titre_au_dessus_de_l_en_tete(tmp_path: Path) -> None:
    """A title above the header is told with the line of the header, and passed when it is said."""

    def remplir(classeur: Any, feuille: Any) -> None:
        feuille.merge_range(0, 0, 0, 3, "Registre du standard")

    lignes = [[], ["site de Metz"], [], ENTETE, LIGNE]
    chemin = write_feuilles(tmp_path / "appels.xlsx", {"F": lignes}, remplir)
    brut, releve = lire(chemin)
    assert brut is None and "l’en-tête est à la ligne 4" in dit(releve)
    assert "« lignes_avant: 3 » dans appels.association.yaml" in dit(releve)
    brut, releve = lire(chemin, tete=Tete(3))
    assert brut is not None and not releve.problemes
    assert list(brut.columns) == ENTETE and list(brut.index) == [5]


def test_bords_vides(tmp_path: Path) -> None:
    """Empty rows before and among the data, empty columns around them are nothing."""
    lignes: list[list[Any]] = [[], [], ["", *ENTETE], [], ["", *LIGNE], [" "], ["", *LIGNE], []]

    def remplir(classeur: Any, feuille: Any) -> None:
        feuille.write_blank(30, 12, None, classeur.add_format({"bold": True}))
        feuille.write_string(3, 9, " ")

    brut, releve = lire(write_feuilles(tmp_path / "a.xlsx", {"F": lignes}, remplir))
    assert brut is not None and not releve.problemes
    assert list(brut.columns) == ENTETE and list(brut.index) == [5, 7]


def test_en_tetes_ambigus(tmp_path: Path) -> None:
    """A doubled header and values without one are refused, with the letter of the column."""
    lignes = [[*ENTETE, "issue", ""], [*LIGNE, "x", ""], [*LIGNE, "x", "perdu"]]
    _, releve = lire(write_xlsx(tmp_path / "a.xlsx", lignes))
    texte = dit(releve)
    assert "ligne 1, colonne « issue » : la colonne est présente 2 fois" in texte
    assert "la colonne G n’a pas d’en-tête et contient des valeurs (la première en G3)" in texte


AUTRE = [["mode d’emploi"], ["une ligne par appel"]]


@pytest.mark.parametrize(
    ("feuilles", "cachees", "voulue", "lue"),
    [
        ({"Aide": AUTRE, "F": [ENTETE, LIGNE]}, (), None, "F"),
        ({"F": [ENTETE, LIGNE], "Appels": [ENTETE, LIGNE, LIGNE]}, (), None, "Appels"),
        ({"F": [ENTETE, LIGNE], "Listes": [ENTETE, LIGNE, LIGNE]}, ("Listes",), None, "F"),
        ({"Aide": AUTRE, "F": [[*ENTETE[:2], "isue"], LIGNE[:3]]}, (), None, "F"),
        ({"Janvier": [ENTETE, LIGNE], "Février": [ENTETE, LIGNE]}, (), "fevrier", "Février"),
    ],
)
def test_feuille_choisie(
    tmp_path: Path, feuilles: Any, cachees: tuple[str, ...], voulue: str | None, lue: str
) -> None:
    """The sheet is the one that was named, else the source's, else the one with its headers."""
    chemin = write_feuilles(tmp_path / "appels.xlsx", feuilles, cachees=cachees)
    brut, releve = lire(chemin, voulue)
    assert brut is not None and not releve.problemes
    assert len(brut) == len(feuilles[lue]) - 1 and "mode d’emploi" not in brut.columns


def test_feuilles_rivales(tmp_path: Path) -> None:
    """Two sheets with the same headers: which to read is asked, or what is left is remarked."""
    mois = {"Janvier": [ENTETE, LIGNE], "Février": [ENTETE, LIGNE]}
    brut, releve = lire(write_feuilles(tmp_path / "appels.xlsx", mois))
    assert brut is None
    assert "2 feuilles ont les en-têtes attendus (« Janvier » et « Février »)" in dit(releve)
    _, releve = lire(write_feuilles(tmp_path / "appels.xlsx", mois | {"appels": [ENTETE, LIGNE]}))
    assert "« Janvier » et « Février » : mêmes en-têtes, non lu" in str(releve.remarques[0])
    _, releve = lire(write_feuilles(tmp_path / "appels.xlsx", mois), "Fevriers")
    assert "« Fevriers » n’est pas une feuille du classeur" in dit(releve)
    assert "Vouliez-vous dire « Février »" in dit(releve)


def _archive(*noms: str) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        for nom in noms:
            archive.writestr(nom, b"<a/>")
    return tampon.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


@pytest.mark.parametrize(
    ("octets", "attendus"),
    [
        (b"", ["le fichier est vide"]),
        (b"date;heure\n29/03/2022;9h\n", ["le fichier est un texte", "le renommer appels.csv"]),
        ("date\theure\n".encode("utf-16"), ["le fichier est un texte"]),
        (b"<html><table><tr><td>date", ["une page web", "l’enregistrer au format .xlsx"]),
        (b"%PDF-1.7\n", ["un PDF, pas un classeur"]),
        (b"PK\x03\x04\x14\x00", ["abîmé ou incomplet"]),
        (_archive("word/document.xml"), ["un document de traitement de texte"]),
        (_archive("xl/workbook.bin"), ["un classeur binaire (.xlsb)"]),
        (_archive("photo.jpg"), ["une archive ZIP"]),
        (_archive("xl/workbook.xml"), ["abîmé ou incomplet"]),
        (OLE, ["un ancien document Office"]),
        (OLE + "EncryptedPackage\0".encode("utf-16-le"), ["un mot de passe"]),
        (OLE + "Workbook\0".encode("utf-16-le"), ["abîmé ou incomplet"]),
    ],
)
def test_pas_un_classeur(tmp_path: Path, octets: bytes, attendus: list[str]) -> None:
    """What bears the name of a workbook without being one is named, with what to do."""
    chemin = tmp_path / "appels.xlsx"
    chemin.write_bytes(octets)
    brut, releve = lire(chemin)
    texte = dit(releve)
    assert brut is None and len(releve.problemes) == 1 and "À faire : " in texte
    assert all(attendu in texte for attendu in attendus), texte


def test_mots_de_passe(tmp_path: Path) -> None:
    """A password is told as such in the old format and in LibreOffice's too."""
    _, releve = lire(write_xls(tmp_path / "a.xls", [["date"], ["x"]], cle=True))
    assert "un mot de passe" in dit(releve)
    chemin = write_ods(tmp_path / "a.ods", {"F": [[texte_ods("date")]]})
    with zipfile.ZipFile(chemin, "w") as archive:
        archive.writestr("content.xml", b"\x8f\x00")
        archive.writestr("META-INF/manifest.xml", "<m><manifest:encryption-data/></m>")
    _, releve = lire(chemin)
    assert "un mot de passe" in dit(releve)


def test_classeur_vide(tmp_path: Path) -> None:
    """A sheet without a cell is told; a header alone is a table without rows."""
    _, releve = lire(write_xlsx(tmp_path / "a.xlsx", []))
    assert "la feuille est vide" in dit(releve)
    brut, releve = lire(write_xlsx(tmp_path / "a.xlsx", [ENTETE]))
    assert brut is not None and brut.empty and not releve.problemes


def test_cellule_egaree(tmp_path: Path) -> None:
    """One cell far from the table would fill the memory of its reader: it is told before."""

    def remplir(_: Any, feuille: Any) -> None:
        feuille.write_string(900_000, 16_000, "x")

    chemin = write_feuilles(tmp_path / "a.xlsx", {"F": [ENTETE, LIGNE]}, remplir)
    brut, releve = lire(chemin)
    assert brut is None and "s’étend trop loin" in dit(releve)


@pytest.mark.parametrize("ecrire", [_xlsx, _ods, _xls, _erreurs_ods, _erreurs_xls])
def test_classeur_abime(tmp_path: Path, ecrire: Callable[[Path], Path]) -> None:
    """A workbook cut off, or with wrong bytes, is read or refused: nothing else can happen."""
    chemin, hasard = ecrire(tmp_path / "appels"), random.Random(4)
    octets = chemin.read_bytes()
    for essai in range(60):
        faux = bytearray(octets)
        for _ in range(1 + essai % 4):
            faux[hasard.randrange(len(faux))] = hasard.randrange(256)
        if essai % 5 == 0:
            faux = faux[: hasard.randrange(len(faux))]
        chemin.write_bytes(faux)
        brut, releve = lire(chemin)
        assert brut is not None or releve.problemes
