"""A campaign with anything wrong is refused whole: every problem, in French, nothing written."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qualepref_lib.campagne import find_campagne, load_campagne
from qualepref_lib.core.refus import Refus

RACINE = Path(__file__).parents[1]
ANGLAIS = re.compile(
    r"\b(error|invalid|literal|expected|file|none|not found|denied|exception|input|value)\b",
    re.IGNORECASE,
)
Geste = Callable[[Path], object]


@pytest.fixture
def campagne(tmp_path: Path) -> Path:
    """A copy of the demonstration campaign and of its référentiel, to break."""
    for partie in ("referentiel", "campagnes"):
        shutil.copytree(RACINE / "data" / partie, tmp_path / "data" / partie)
    return tmp_path / "data" / "campagnes" / "moselle_2022"


def remplacer(fichier: str, avant: str, apres: str) -> Geste:
    """A slip of the keyboard in one file of the campaign, or of the référentiel (``ref:``)."""

    def geste(campagne: Path) -> None:
        chemin = campagne / fichier
        if fichier.startswith("ref:"):
            chemin = campagne.parents[1] / "referentiel" / "demonstration" / fichier[4:]
        texte = chemin.read_text(encoding="utf-8")
        assert avant in texte, f"le cas ne casse rien : {avant}"
        chemin.write_text(texte.replace(avant, apres, 1), encoding="utf-8")

    return geste


def ecrire(fichier: str, contenu: str | bytes) -> Geste:
    """Another content for one file."""
    octets = contenu.encode() if isinstance(contenu, str) else contenu
    return lambda campagne: (campagne / fichier).write_bytes(octets)


def ajouter(fichier: str, lignes: str) -> Geste:
    """More rows at the end of one file."""

    def geste(campagne: Path) -> None:
        with (campagne / fichier).open("a", encoding="utf-8") as sortie:
            sortie.write(lignes)

    return geste


def couper(fichier: str, octets: int) -> Geste:
    """A copy that stopped on the way."""
    return lambda c: (c / fichier).write_bytes((c / fichier).read_bytes()[:octets])


def renommer(avant: str, apres: str) -> Geste:
    """A file under another name."""
    return lambda campagne: (campagne / avant).rename(campagne / apres)


def refus(campagne: Path) -> str:
    """What the person reads: French, without traceback nor English."""
    with pytest.raises(Refus) as leve:
        load_campagne(campagne)
    texte = str(leve.value)
    assert "Traceback" not in texte and not ANGLAIS.search(texte), texte
    return texte


def ou(texte: str) -> str:
    """« ligne 12 »: where the demonstration's form says this."""
    chemin = RACINE / "data" / "campagnes" / "moselle_2022" / "campagne.yaml"
    avant, trouve, _ = chemin.read_text(encoding="utf-8").partition(texte)
    assert trouve, f"la démonstration ne dit pas : {texte}"
    return f"ligne {avant.count(chr(10)) + 1}"


AUTO, PLAN, ENQ, MYST = "autodiagnostic.csv", "plan_actions.csv", "enquete.csv", "mystere.csv"
YAML, MODULE = "campagne.yaml", "ref:modules/1_relation_generale.yaml"
CONSTATS = "numero;type;engagement;fait;preuve\n"

LIGNES_FAUSSES = {
    "critère inconnu": (
        remplacer(AUTO, "1.01.a;", "1.01.zz;"),
        [f"{AUTO}, ligne 2, colonne « critere » : « 1.01.zz »", "Connu : 1.01.a", "Vouliez-vous"],
    ),
    "cotation hors échelle": (
        remplacer(AUTO, "1.01.a;réalisé", "1.01.a;presque"),
        ["ligne 2, colonne « cotation » : « presque »", "réalisé, partiel, non réalisé"],
    ),
    "sans objet sans motif": (
        remplacer(AUTO, "1.01.a;réalisé", "1.01.a;sans objet"),
        ["ligne 2, colonne « motif »", "« sans objet » sans motif", "À faire"],
    ),
    "critère deux fois": (
        ajouter(AUTO, "1.01.a;partiel;;communication;\n"),
        ["ligne 116, colonne « critere »", "est déjà à la ligne 2"],
    ),
    "colonne manquante": (
        remplacer(AUTO, "critere;cotation", "critere;avis"),
        ["colonne « cotation » : la colonne manque", "Connu : critere, avis"],
    ),
    "colonne mal écrite": (
        remplacer(AUTO, "motif", "motiv"),
        ["colonne « motif »", "« motiv » n’est pas connu"],
    ),
    "fichier vide": (ecrire(AUTO, ""), [f"{AUTO} : le fichier est vide"]),
    "classeur": (ecrire(AUTO, b"PK\x03\x04"), [f"{AUTO} : le fichier est un classeur"]),
    "coupé dans une ligne": (couper(AUTO, 2016), [AUTO, "tronqué", "ligne 39"]),
    "coupé dans un commentaire": (couper(AUTO, 2010), [AUTO, "il manque 76 critères", "tronqué"]),
    "test mystère coupé": (couper(MYST, 2000), [MYST, "tronqué"]),
    "guillemet ouvert": (ajouter(AUTO, '1.01.a;"réal'), ["ligne 116", "n’est pas refermé"]),
    "statut inconnu": (
        remplacer(PLAN, "à faire", "a venir"),
        [f"{PLAN}, ligne 2, colonne « statut » : « a venir »", "à faire, en cours"],
    ),
    "échéance impossible": (
        remplacer(PLAN, "2022-06-15", "31/02/2022"),
        ["colonne « echeance » : « 31/02/2022 » n’existe pas dans le calendrier"],
    ),
    "échéance avant le début": (
        remplacer(PLAN, "2022-06-15", "2021-06-15"),
        ["ligne 2, colonne « echeance » : l’échéance précède le début"],
    ),
    "avancement": (
        remplacer(PLAN, "à faire;0;", "à faire;1e400;"),
        ["colonne « avancement » : « 1e400 »"],
    ),
    "action deux fois": (remplacer(PLAN, "A02;", "A01;"), ["ligne 3", "« A01 » est déjà"]),
    "réponse inconnue": (
        remplacer(ENQ, "plutôt d'accord", "plutôt d’acord"),
        [ENQ, "ligne 2", "Vouliez-vous dire « plutôt d'accord »"],
    ),
    "réponse hors période": (
        remplacer(ENQ, "R001;2021-03-10", "R001;2023-03-10"),
        [ENQ, "ligne 2, colonne « date » : 10/03/2023", "07/04/2021"],
    ),
    "test abouti et non abouti": (
        remplacer(MYST, "sans rendez-vous;1;oui;visite.horaires", "sans rendez-vous;1;non;"),
        [MYST, "colonne « abouti »", "« V01 » n’a pas la même valeur"],
    ),
    "observation d’une autre grille": (
        remplacer(MYST, "V01;visite", "V01;appel"),
        [MYST, "ligne 2, colonne « observation »", "« appel »"],
    ),
    "essais à moitié": (
        remplacer(MYST, "sans rendez-vous;1;oui", "sans rendez-vous;1,5;oui"),
        ["colonne « tentatives » : « 1,5 » n’est pas un nombre entier"],
    ),
    "enquête mystère non déclarée": (
        remplacer(YAML, "  mystere:\n    plan: mystère\n", "  constats:\n    plan: recensement\n"),
        [f"{YAML}, {ou('sources:')}, clé « sources »", "« mystere » n’est pas déclarée"],
    ),
    "constats faux": (
        ecrire("constats.csv", CONSTATS + "1;NC;1.1;;\n"),
        ["« NC » n’est pas un type de constat", "format Texte", "colonne « fait » : la cellule"],
    ),
    "autre extension": (
        renommer(AUTO, "autodiagnostic.xlsx"),
        ["autodiagnostic.xlsx : le fichier est un texte", "le renommer autodiagnostic.csv"],
    ),
    "autre casse": (renommer(AUTO, "Autodiagnostic.CSV"), ["Autodiagnostic.CSV", "le renommer"]),
    "nom mal écrit": (renommer(AUTO, "autodiagnostique.csv"), ["autodiagnostique.csv", "renommer"]),
}  # fmt: skip

FICHES_FAUSSES = {
    "clé inconnue": (
        remplacer(YAML, "niveau_confiance", "niveau_confience"),
        [f"{YAML}, {ou('niveau_confiance')}, clé « niveau_confience »", "« niveau_confiance »"],
    ),
    "clé en double": (
        remplacer(YAML, "zone:", "libelle: autre\n  zone:"),
        [ou("zone:"), "« libelle » est écrite deux fois"],
    ),
    "date": (
        remplacer(YAML, "2022-04-01\nmodules", "1er avril\nmodules"),
        [f"{ou('date_reference')}, clé « date_reference » : « 1er avril » n’est pas une date"],
    ),
    "niveau": (
        remplacer(YAML, "0.95", "95"),
        [ou("niveau_confiance"), "« 95 » doit être plus petit que 1"],
    ),
    "part": (remplacer(YAML, "0.84", "84"), [ou("valeur: 0.84"), "« 84 » n’est pas une part"]),
    "module inconnu": (
        remplacer(YAML, '["1", "2"]', '["1", "12"]'),
        [f"{ou('modules:')}, clé « modules » : « 12 »", "Connu : 1, 2, 3"],
    ),
    "module vide": (remplacer(YAML, '["1", "2"]', '["1", "3"]'), ["module 3", "aucun engagement"]),
    "module répété": (remplacer(YAML, '["1", "2"]', '["1", "1"]'), ["le module 1", "deux fois"]),
    "édition inconnue": (
        remplacer(YAML, "edition: demonstration", "edition: demonstratoin"),
        ["l’édition « demonstratoin »", "Vouliez-vous dire « demonstration »"],
    ),
    "source inconnue": (
        remplacer(YAML, "  mystere:", "  misteres:"),
        ["« misteres » n’est pas une source", "« mystere » n’est pas déclarée"],
    ),
    "plan inconnu": (
        remplacer(YAML, "plan: volontaires", "plan: volontaire"),
        ["« volontaire » n’est pas admis", "Vouliez-vous dire « volontaires »"],
    ),
    "tabulation": (remplacer(YAML, '  zone: "57"', '\tzone: "57"'), ["ligne 7", "tabulation"]),
    "liste": (ecrire(YAML, "- a\n"), [f"{YAML} : le fichier est vide ou n’est pas un groupe"]),
    "vide": (ecrire(YAML, ""), [f"{YAML} : le fichier est vide"]),
    "encodage": (
        lambda c: (c / YAML).write_bytes((c / YAML).read_text("utf-8").encode("cp1252")),
        [YAML, "n’est pas en UTF-8", "ligne 1"],
    ),
    "fin avant le début": (
        remplacer(YAML, "fin: 2021-04-07}", "fin: 2021-03-07}"),
        [ou("fin: 2021-04-07}"), "la fin précède le début"],
    ),
    "absente": (renommer(YAML, "campagne.yml"), ["n’a pas de fichier campagne.yaml"]),
}  # fmt: skip

EDITIONS_FAUSSES = {
    "clé inconnue": (
        remplacer(MODULE, "libelle:", "libele:"),
        ["référentiel demonstration/modules/1_relation_generale.yaml, ligne 5", "« libelle »"],
    ),
    "canal inconnu": (
        remplacer(MODULE, '"accueil_physique"', '"acueil_physique"'),
        ["modules/1_relation_generale.yaml, ligne 19", "« acueil_physique » n’est pas un code"],
    ),
    "code en double": (
        remplacer(MODULE, 'code: "1.02"', 'code: "1.01"'),
        ["le code d’engagement « 1.01 » est donné 2 fois", "ligne 48"],
    ),
    "question principale": (
        remplacer("ref:questionnaire.yaml", 'le: "accueil_global"', 'le: "acueil_global"'),
        ["questionnaire.yaml, ligne 7", "Vouliez-vous dire « accueil_global »"],
    ),
    "question sans réponse": (
        remplacer("ref:questionnaire.yaml", 'echelle: "satisfaction"\n', 'provenance: "source"\n'),
        ["questionnaire.yaml", "n’a ni échelle ni modalités"],
    ),
    "cible": (
        remplacer("ref:edition.yaml", "valeur: 0.8", "valeur: beaucoup"),
        ["edition.yaml, ligne 37", "« beaucoup » n’est pas un nombre"],
    ),
    "extension": (
        renommer(
            "../../referentiel/demonstration/modules/1_relation_generale.yaml",
            "../../referentiel/demonstration/modules/1_relation_generale.yml",
        ),
        ["1_relation_generale.yml : ce fichier n’est pas lu"],
    ),
    "sans modules": (
        lambda c: shutil.rmtree(c.parents[1] / "referentiel" / "demonstration" / "modules"),
        ["demonstration/modules : le dossier n’existe pas"],
    ),
}


def parametres(*groupes: dict[str, tuple[Geste, list[str]]]) -> list[object]:
    """The cases as pytest wants them."""
    return [pytest.param(*cas, id=nom) for groupe in groupes for nom, cas in groupe.items()]


@pytest.mark.parametrize(
    ("geste", "attendus"), parametres(LIGNES_FAUSSES, FICHES_FAUSSES, EDITIONS_FAUSSES)
)
def test_refus(campagne: Path, geste: Geste, attendus: list[str]) -> None:
    """Each ordinary mistake is named: file, line, column, value, what is known, what to do."""
    geste(campagne)
    texte = refus(campagne)
    assert all(attendu in texte for attendu in attendus), texte


def test_tout_d_un_coup(campagne: Path) -> None:
    """One refusal lists the problems of every file, whatever the order they are read in."""
    for geste in (
        remplacer(YAML, "0.95", "abc"),
        remplacer(AUTO, "1.01.a;", "1.99;"),
        remplacer(PLAN, "2022-06-15", "hier"),
        ecrire(ENQ, ""),
        ajouter(MYST, '2022-V1;"X'),
    ):
        geste(campagne)
    texte = refus(campagne)
    assert texte.startswith("Refusé : 5 problèmes à corriger.")
    assert all(nom in texte for nom in (YAML, AUTO, PLAN, ENQ, MYST))


def test_une_edition_fausse_ne_cache_pas_les_fichiers(campagne: Path) -> None:
    """A broken référentiel does not hide that a file of the campaign cannot be read."""
    remplacer(MODULE, "libelle:", "libele:")(campagne)
    ecrire(ENQ, "")(campagne)
    texte = refus(campagne)
    assert "« libele »" in texte and f"{ENQ} : le fichier est vide" in texte


def test_une_cellule_refusee_n_est_dite_qu_une_fois(campagne: Path) -> None:
    """Two cells that cannot be read are two problems: no rule repeats them as duplicates."""
    remplacer(AUTO, "1.01.a;", "faux.a;")(campagne)
    remplacer(AUTO, "1.01.b;", "faux.b;")(campagne)
    assert refus(campagne).startswith("Refusé : 2 problèmes")


@pytest.mark.parametrize("nature", ["dossier", "lien mort", "tube"])
def test_un_nom_sans_fichier(campagne: Path, nature: str) -> None:
    """A folder or a dead link called autodiagnostic.csv is not taken for an absent source."""
    chemin = campagne / AUTO
    chemin.unlink()
    if nature == "dossier":
        chemin.mkdir()
    elif nature == "lien mort":
        chemin.symlink_to(campagne / "ailleurs.csv")
    else:
        os.mkfifo(chemin)
    assert refus(campagne).count(AUTO) == 1


def test_source_absente_ou_vide(campagne: Path) -> None:
    """A source that was not sent is no problem; a header alone is a remark."""
    (campagne / MYST).unlink()
    entete = (campagne / ENQ).read_text(encoding="utf-8").splitlines()[0]
    ecrire(ENQ, entete + "\n")(campagne)
    lue = load_campagne(campagne)
    assert {MYST[:-4], ENQ[:-4]}.isdisjoint(lue.tables) and AUTO[:-4] in lue.tables
    assert any("n’a que son en-tête" in str(r) for r in lue.remarques)


def test_remarques(campagne: Path) -> None:
    """What is odd without being wrong is remarked: another code, lacking rows, unused files."""
    remplacer(YAML, "code: moselle_2022", "code: metz")(campagne)
    remplacer(YAML, '["1", "2"]', '["1"]')(campagne)
    remplacer(AUTO, "1.01.a;réalisé;;communication;\n", "")(campagne)
    ecrire("notes.csv", "a;b\n")(campagne)
    remarques = "\n".join(str(r) for r in load_campagne(campagne).remarques)
    for attendu in (
        "« metz »",
        "module 2, qui n’est pas retenu",
        "1 critère (1.01.a)",
        "notes.csv",
    ):
        assert attendu in remarques, remarques


def test_chemins_d_une_campagne(campagne: Path, tmp_path: Path) -> None:
    """A campaign is found by its folder or its form, with spaces and accents in the path."""
    ailleurs = tmp_path / "data" / "campagnes" / "été à Metz"
    campagne.rename(ailleurs)
    assert load_campagne(ailleurs).dossier == ailleurs
    assert find_campagne(ailleurs / YAML) == ailleurs


@pytest.mark.parametrize("nom", ["", "moselle_2021", "x" * 5000, "a\0b", "*", "/", "é à"])
def test_campagne_inconnue(nom: str) -> None:
    """A name that is no campaign is refused with those that exist, whatever it holds."""
    with pytest.raises(Refus) as leve:
        find_campagne(nom)
    assert "aucune campagne ne s’appelle" in str(leve.value)
    assert "moselle_2022" in str(leve.value) and len(str(leve.value)) < 500


def test_un_grand_fichier(campagne: Path) -> None:
    """A year's file full of faults is refused in seconds and in a bounded message."""
    entete, *lignes = (campagne / MYST).read_text(encoding="utf-8").splitlines()
    fausses = [
        lignes[i % len(lignes)].replace(";visite;", f";grille{i};").replace("2022-", "20-")
        for i in range(30_000)
    ]
    ecrire(MYST, "\n".join([entete, *fausses]) + "\n")(campagne)
    debut = time.monotonic()
    texte = refus(campagne)
    assert time.monotonic() - debut < 15
    assert len(texte) < 60_000


def empreinte(dossier: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder."""
    return {
        str(f.relative_to(dossier)): hashlib.sha256(f.read_bytes()).hexdigest()
        for f in sorted(dossier.rglob("*"))
        if f.is_file()
    }


@pytest.mark.parametrize(
    ("geste", "commande", "attendu"),
    [
        pytest.param(
            remplacer(AUTO, "1.01.a;réalisé", "1.01.a;presque"), "rapport", "« presque »",
            id="cotation",
        ),
        pytest.param(remplacer(AUTO, "1.01.a;", "1.99;"), "verifier", "« 1.99 »", id="critère"),
        pytest.param(remplacer(PLAN, "statut", "status"), "verifier", "« status »", id="colonne"),
        pytest.param(ecrire(ENQ, ""), "rapport", "le fichier est vide", id="vide"),
        pytest.param(couper(AUTO, 2010), "rapport", "tronqué", id="tronqué"),
        pytest.param(
            lambda c: ecrire(AUTO, (c / AUTO).read_text("utf-8").encode("cp850", "replace"))(c),
            "verifier", "l’encodage est faux", id="encodage",
        ),
        pytest.param(remplacer(YAML, "modules:", "module:"), "rapport", "« modules »", id="clé"),
        pytest.param(
            lambda c: ((c / AUTO).unlink(), (c / AUTO).mkdir()), "verifier", "un dossier",
            id="dossier",
        ),
    ],
)  # fmt: skip
def test_ligne_de_commande(campagne: Path, geste: Geste, commande: str, attendu: str) -> None:
    """A refused campaign exits 1, says why in French, and leaves the previous report untouched."""
    geste(campagne)
    sortie = campagne.parents[2] / "ancien rapport"
    shutil.copytree(RACINE / "data" / "referentiel", sortie / "notebooks")
    (sortie / "rapport_audit.html").write_bytes(b"<p>l\xc3\xa0</p>\r\n")
    avant = empreinte(sortie)
    options = ["--sortie", str(sortie)] if commande == "rapport" else []
    fait = subprocess.run(
        [sys.executable, "-m", "qualepref_lib", commande, str(campagne), *options],
        cwd=RACINE,
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert fait.returncode == 1, fait.stderr
    assert fait.stderr.startswith("Refusé : ") and attendu in fait.stderr
    assert "Traceback" not in fait.stderr + fait.stdout and not ANGLAIS.search(fait.stderr)
    assert empreinte(sortie) == avant
    assert not list(sortie.parent.glob(".ancien rapport.chantier*"))
