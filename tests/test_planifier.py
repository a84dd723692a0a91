"""The daily entry of a scheduler: read by its own tools, and by those that stand for them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualepref_lib.__main__ import cli
from qualepref_lib.core.refus import Refus
from qualepref_lib.running.planification import cron, systemd, windows
from qualepref_lib.running.planification.programme import Echoue, Programme, find_programme

posix = pytest.mark.skipif(os.name != "posix", reason="cron and systemd are for POSIX systems")
POIDS = "azé09 %'\"$&<>;#*~()!?|`[]{}=+,:@^_-."
NOMS = st.text(st.sampled_from(POIDS), min_size=1, max_size=25).filter(
    lambda nom: nom == nom.strip() and nom not in (".", "..")
)
"""Names of folders as hostile as a disk admits, but for what is refused."""


def outil(nom: str) -> str:
    """The path of a tool; without it the test is skipped, or fails where all must be there."""
    chemin = shutil.which(nom)
    if chemin is None:
        message = f"« {nom} » is not on this machine"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return chemin


def programme_dans(dossier: Path, heure: int = 6, minute: int = 30) -> Programme:
    """A program of this folder that writes where it was started, and with what."""
    dossier.mkdir(parents=True, exist_ok=True)
    script = dossier / "qualepref"
    script.write_text('#!/bin/sh\npwd > temoin\nprintf "%s\\n" "$@" >> temoin\n')
    script.chmod(0o755)
    commande = (str(script), "echeances", "--executer")
    return Programme(commande, str(dossier), heure, minute)


def temoin(dossier: Path) -> list[str]:
    """What the program wrote."""
    return (dossier / "temoin").read_text(encoding="utf-8").splitlines()


# cron.


def lire_comme_cron(ligne: str) -> str:
    """The command of a crontab line, by crontab(5): a bare percent sign ends it, ``\\%`` is one."""
    commande = ligne.split(maxsplit=5)[5]
    lue, signes = "", iter(commande)
    for signe in signes:
        if signe == "%":
            break
        if signe == "\\":
            suivant = next(signes, "")
            lue += suivant if suivant == "%" else signe + suivant
        else:
            lue += signe
    return lue


@posix
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(nom=NOMS, heure=st.integers(0, 23), minute=st.integers(0, 59))
def test_cron_starts_the_program_in_its_folder(
    tmp_path_factory: pytest.TempPathFactory, nom: str, heure: int, minute: int
) -> None:
    """Whatever the folder is called, cron and its shell start that program, in that folder."""
    dossier = tmp_path_factory.mktemp("c") / nom
    debut, ligne, fin = cron.render_cron(programme_dans(dossier, heure, minute)).splitlines()
    assert ligne.split()[:5] == [str(minute), str(heure), "*", "*", "*"]
    assert debut.startswith("#") and fin.startswith("#")
    subprocess.run(["/bin/sh", "-c", lire_comme_cron(ligne)], cwd="/", check=True)
    assert temoin(dossier) == [str(dossier), "echeances", "--executer"]


@posix
def test_cron_itself_takes_the_lines(tmp_path: Path) -> None:
    """The real `crontab` finds the syntax right, with an awkward folder too."""
    crontab = outil("crontab")
    if "-n" not in subprocess.run([crontab, "-h"], capture_output=True, text=True).stderr:
        pytest.skip("this cron cannot check a file without installing it")
    for nom in ("simple", 'l\'été à 100 % "sûr" $x'):
        fichier = tmp_path / "crontab"
        texte = cron.render_cron(programme_dans(tmp_path / nom))
        fichier.write_text(f"MAILTO=x\n{texte}", encoding="utf-8")
        fait = subprocess.run([crontab, "-n", str(fichier)], capture_output=True, text=True)
        assert fait.returncode == 0, fait.stderr
    fichier.write_text("61 25 * * * x\n")
    assert subprocess.run([crontab, "-n", str(fichier)], capture_output=True).returncode


@given(
    avant=st.lists(st.sampled_from(["", "# à moi", "0 5 * * * ls", "MAILTO=x", "  ", "a\r"])),
    apres=st.lists(st.sampled_from(["@daily x", "", "# fin"])),
    saut=st.booleans(),
)
def test_a_crontab_keeps_every_other_line(avant: list[str], apres: list[str], saut: bool) -> None:
    """Added, changed, added again, removed: the lines of others stay, and twice is once."""
    programme = Programme(("/a/qualepref", "echeances"), "/a", 6, 30)
    bloc = cron.render_cron(programme)
    texte = "".join(f"{ligne}\n" for ligne in avant)
    pose = cron.merge_cron(texte, programme, bloc)
    assert pose == texte + bloc
    suite = pose + "\n".join(apres) + ("\n" if saut else "")
    assert cron.merge_cron(suite, programme, bloc) == suite
    autre = Programme(programme.commande, programme.dossier, 7, 5)
    change = cron.merge_cron(suite, autre, cron.render_cron(autre))
    assert change.count("5 7 * * *") == 1 and "30 6 * * *" not in change
    assert cron.merge_cron(change, programme, "") == suite.replace(bloc, "")


@pytest.mark.parametrize("abime", ["{0}\n0 5 * * * ls\n", "{1}\n{0}\n", "{0}\n{1}\n{0}\n{1}\n"])
def test_damaged_marks_are_refused(abime: str) -> None:
    """Marks that no longer come in pairs could take other lines away: refused."""
    programme = Programme(("/a/qualepref",), "/a", 6, 30)
    debut, _, fin = cron.render_cron(programme).splitlines()
    with pytest.raises(Refus, match="ne vont plus par deux"):
        cron.merge_cron(abime.format(debut, fin), programme, "")


@pytest.fixture
def chemin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Puts a tool of the test's own in front of the system's."""
    dossier = tmp_path / "bin"
    dossier.mkdir()
    monkeypatch.setenv("PATH", f"{dossier}{os.pathsep}{os.environ['PATH']}")

    def poser(nom: str, texte: str) -> None:
        (dossier / nom).write_text(f"#!/bin/sh\n{texte}")
        (dossier / nom).chmod(0o755)

    return poser


TABLE = 'f={}/table\n[ "$1" = -l ] || {{ cat > $f; exit 0; }}\n'
TABLE += '[ -f $f ] && cat $f || {{ echo "no crontab for moi" >&2; exit 1; }}\n'


@posix
def test_installing_in_a_crontab(tmp_path: Path, chemin: Callable[[str, str], None]) -> None:
    """Installed twice it is there once; removed, the crontab is what it was."""
    chemin("crontab", TABLE.format(tmp_path))
    programme, table = Programme(("/a b/qualepref",), "/a b", 6, 30), tmp_path / "table"
    assert cron.remove_cron(programme) is False
    assert cron.install_cron(programme) is True and cron.install_cron(programme) is False
    assert table.read_text(encoding="utf-8") == cron.render_cron(programme)
    table.write_bytes(b"# \xff pas de l'UTF-8\n0 5 * * * ls")
    assert cron.install_cron(programme) is True and cron.remove_cron(programme) is True
    assert table.read_bytes() == b"# \xff pas de l'UTF-8\n0 5 * * * ls\n"


@posix
def test_a_crontab_that_cannot_be_read_is_left_alone(
    tmp_path: Path, chemin: Callable[[str, str], None]
) -> None:
    """Refused, broken or absent, `crontab` is told, and nothing is written over what it holds."""
    chemin("crontab", f'[ "$1" = -l ] || touch {tmp_path}/ecrit\necho "not allowed" >&2; exit 1\n')
    programme = Programme(("/a/qualepref",), "/a", 6, 30)
    with pytest.raises(Echoue, match="not allowed"):
        cron.install_cron(programme)
    assert not (tmp_path / "ecrit").exists()
    os.environ["PATH"] = str(tmp_path)
    with pytest.raises(Echoue, match="n’est pas installé"):
        cron.install_cron(programme)


# systemd.


def verifier_unites(dossier: Path, programme: Programme) -> subprocess.CompletedProcess[str]:
    """What `systemd-analyze verify` says of the units."""
    dossier.mkdir(exist_ok=True)
    unites = systemd.render_systemd(programme)
    for nom, texte in unites.items():
        (dossier / nom).write_text(texte, encoding="utf-8")
    return subprocess.run(
        [outil("systemd-analyze"), "verify", *(str(dossier / nom) for nom in unites)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@posix
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(nom=NOMS)
def test_systemd_takes_the_units(tmp_path_factory: pytest.TempPathFactory, nom: str) -> None:
    """Whatever the folder is called, systemd finds no fault, and looks for that very program."""
    base = tmp_path_factory.mktemp("s")
    programme = programme_dans(base / nom)
    fait = verifier_unites(base / "unites", programme)
    assert fait.returncode == 0 and fait.stderr == "", fait.stderr
    if not set(programme.commande[0]) & {"'", '"'}:
        Path(programme.commande[0]).unlink()
        assert programme.commande[0] in verifier_unites(base / "unites", programme).stderr


@posix
@given(nom=NOMS)
def test_the_command_of_a_unit_is_read_back(nom: str) -> None:
    """Unquoted by the rules of systemd.syntax(7), the command is the program and its words."""
    programme = Programme((f"/x/{nom}/qualepref", "echeances", "--executer"), f"/x/{nom}", 6, 30)
    service = systemd.render_systemd(programme)[f"{programme.nom}.service"]
    lignes = dict(li.split("=", 1) for li in service.splitlines() if "=" in li)
    assert lignes["WorkingDirectory"].replace("%%", "%") == programme.dossier
    mots = [json.loads(m) for m in _mots(lignes["ExecStart"].removeprefix(":"))]
    lus = [mot.replace("%%", "%") for mot in mots]
    assert lus[-3:] == list(programme.commande)
    assert lus[:-3] in ([], ["/bin/sh", "-c", 'exec "$0" "$@"'])


def _mots(texte: str) -> list[str]:
    """Words between double quotes, whose only escape is ``\\"``: JSON reads them the same."""
    import re

    return re.findall(r'"(?:[^"\\]|\\.)*"', texte)


@posix
def test_the_shell_form_starts_the_program(tmp_path: Path) -> None:
    """A folder with quotes goes through a shell, which starts the same program."""
    programme = programme_dans(tmp_path / 'l\'"été" $HOME')
    service = systemd.render_systemd(programme)[f"{programme.nom}.service"]
    (ligne,) = [li for li in service.splitlines() if li.startswith("ExecStart=:")]
    mots = [json.loads(m).replace("%%", "%") for m in _mots(ligne)]
    assert mots[0] == "/bin/sh"
    subprocess.run(mots, cwd=programme.dossier, check=True)
    assert temoin(Path(programme.dossier))[1:] == ["echeances", "--executer"]


@posix
@pytest.mark.parametrize("heure", ["00:00", "6:05", "23h59"])
def test_systemd_reads_the_hour(heure: str) -> None:
    """The hour is one that `systemd-analyze calendar` reads, every day."""
    programme = find_programme(Path("/x"), heure)
    minuteur = systemd.render_systemd(programme)[f"{programme.nom}.timer"]
    (quand,) = [li[11:] for li in minuteur.splitlines() if li.startswith("OnCalendar=")]
    fait = subprocess.run(
        [outil("systemd-analyze"), "calendar", "--iterations=3", quand],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    heures, minutes = heure.replace("h", ":").split(":")
    assert f"*-*-* {int(heures):02d}:{minutes}:00" in fait.stdout
    assert fait.stdout.count(f"{int(heures):02d}:{minutes}:00") >= 3
    assert "Persistent=true" in minuteur


SYSTEMCTL = 'echo "$@" >> {}/appels\n'


@posix
def test_installing_the_units(
    tmp_path: Path, chemin: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written for the user, started, idempotent; removed, nothing of ours is left."""
    chemin("systemctl", SYSTEMCTL.format(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    programme = programme_dans(tmp_path / "projet")
    dossier = tmp_path / "config" / "systemd" / "user"
    assert systemd.remove_systemd(programme) is False
    assert systemd.install_systemd(programme) is True
    (dossier / "autre.service").write_text("à un autre")
    assert systemd.install_systemd(programme) is False
    noms = {f"{programme.nom}.service", f"{programme.nom}.timer", "autre.service"}
    assert {p.name for p in dossier.iterdir()} == noms
    assert systemd.remove_systemd(programme) is True
    assert [p.name for p in dossier.iterdir()] == ["autre.service"]
    appels = (tmp_path / "appels").read_text().splitlines()
    assert f"--user enable --now {programme.nom}.timer" in appels
    assert f"--user disable --now {programme.nom}.timer" in appels


@posix
def test_without_a_session_what_remains_is_said(
    tmp_path: Path, chemin: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where systemctl has no bus to speak to, the units are written and the rest is told."""
    chemin("systemctl", 'echo "Failed to connect to bus" >&2; exit 1\n')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    programme = programme_dans(tmp_path / "projet")
    with pytest.raises(Echoue, match=r"Failed to connect to bus.*systemctl --user"):
        systemd.install_systemd(programme)
    assert (tmp_path / "config" / "systemd" / "user" / f"{programme.nom}.timer").exists()


# Windows.

ORDRE = {
    "Task": ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"],
    "CalendarTrigger": ["StartBoundary", "ScheduleByDay"],
    "Principal": ["LogonType", "RunLevel"],
    "Exec": ["Command", "Arguments", "WorkingDirectory"],
}
"""The order of the Task Scheduler schema, version 1.2 (MS-TSCH, Task Scheduler Schema)."""


@given(nom=st.text(st.sampled_from("azé09 &'$#;()!=+,@^_-.À]"), min_size=1, max_size=25))
def test_the_task_of_windows(nom: str) -> None:
    """Well formed whatever a console encodes, its elements in order, the paths unharmed."""
    if nom != nom.strip():
        return
    dossier = rf"C:\Qualité\{nom}"
    commande = (rf"{dossier}\python.exe", "-m", "qualepref_lib", "echeances", "--executer")
    texte = windows.render_windows(Programme(commande, dossier, 6, 5))
    tache = ElementTree.fromstring(texte.encode("utf-16"))
    for encodage in ("cp1252", "utf-8", "cp850"):
        autre = ElementTree.fromstring(texte.encode(encodage))
        assert ElementTree.tostring(autre) == ElementTree.tostring(tache)
    for element in tache.iter():
        nu = element.tag.partition("}")[2]
        enfants = [enfant.tag.partition("}")[2] for enfant in element]
        assert enfants == ORDRE.get(nu, enfants)
    lus = {e.tag.partition("}")[2]: e.text for e in tache.iter()}
    assert (lus["Command"], lus["WorkingDirectory"]) == (commande[0], dossier)
    assert lus["Arguments"] == "-m qualepref_lib echeances --executer"
    assert lus["StartBoundary"] == "2022-01-01T06:05:00" and lus["DaysInterval"] == "1"
    assert lus["StartWhenAvailable"] == "true" and lus["MultipleInstancesPolicy"] == "IgnoreNew"


@pytest.mark.skipif(os.name == "nt", reason="elsewhere than under Windows")
def test_windows_only_installs_under_windows() -> None:
    """Elsewhere the option is refused with what to do, and nothing is run."""
    programme = Programme((r"C:\a\qualepref.exe",), r"C:\a", 6, 30)
    for agir in (windows.install_windows, windows.remove_windows):
        with pytest.raises(Refus, match="n’agit que sous Windows"):
            agir(programme)


# All of them.


@pytest.mark.parametrize(
    ("rendre", "dossier"),
    [
        (cron.render_cron, "/a\\b"), (cron.render_cron, "/a\nb"),
        (cron.render_cron, "/" + "a" * 990),
        (systemd.render_systemd, "/a\\"), (systemd.render_systemd, "/a\tb"),
        (systemd.render_systemd, "/a "), (windows.render_windows, r"C:\%a%"),
        (windows.render_windows, 'C:\\a"b'),
    ],
)  # fmt: skip
def test_a_path_that_would_be_misread_is_refused(
    rendre: Callable[[Programme], object], dossier: str
) -> None:
    """A path that a scheduler cannot be given faithfully is refused in French, not mangled."""
    with pytest.raises(Refus, match="dossier du projet"):
        rendre(Programme((f"{dossier}/qualepref",), dossier, 6, 30))


@pytest.mark.parametrize("heure", ["24:00", "6:60", "midi", "", "6", "-1:00", "06:30:00"])
def test_a_wrong_hour_is_a_wrong_command(heure: str) -> None:
    """An hour that is none exits 2 with an example."""
    fait = CliRunner().invoke(cli, ["planifier", "cron", f"--heure={heure}"])
    assert fait.exit_code == 2 and "06:30" in fait.output


def test_two_projects_have_two_names() -> None:
    """The entries of two projects stand side by side."""
    noms = {Programme((), dossier, 6, 30).nom for dossier in ("/a", "/b", "/a/b")}
    assert len(noms) == 3


@pytest.mark.parametrize("outil_dit", ["cron", "systemd", "windows"])
def test_what_is_printed_is_what_this_project_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outil_dit: str
) -> None:
    """Absolute paths, this environment's program, the folder of the project, nothing written."""
    import petit_calendrier as petit

    petit.write_projet(tmp_path)
    monkeypatch.setenv("QUALEPREF_RACINE", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    avant = sorted(tmp_path.rglob("*"))
    fait = CliRunner().invoke(cli, ["planifier", outil_dit, "--heure", "7:05"])
    assert fait.exit_code == 0, fait.output
    assert str(tmp_path) in fait.output and str(Path(sys.executable).parent) in fait.output
    assert "echeances" in fait.output and "--executer" in fait.output
    assert sorted(tmp_path.rglob("*")) == avant


def test_installing_and_removing_do_not_go_together() -> None:
    """Both options at once exit 2."""
    fait = CliRunner().invoke(cli, ["planifier", "cron", "--installer", "--retirer"])
    assert fait.exit_code == 2


# JupyterLab: the parameters cell of each chapter.

RACINE = Path(__file__).parents[1]
CARNETS = sorted((RACINE / "notebooks").glob("[0-9][0-9]*.ipynb"))


@pytest.mark.parametrize("carnet", CARNETS, ids=lambda c: c.stem)
def test_papermill_finds_the_parameters(carnet: Path) -> None:
    """papermill documents the parameters of a chapter and puts those given right below them."""
    from papermill.inspection import inspect_notebook
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    connus = inspect_notebook(str(carnet))
    assert {"campagne", "date_reference"} <= set(connus)
    assert all(parametre["help"] for parametre in connus.values())
    lu = load_notebook_node(str(carnet))
    fait = parameterize_notebook(lu, {"campagne": "metz_2027", "date_reference": "2027-03-02"})
    etiquettes = [cellule.metadata.get("tags", []) for cellule in fait.cells]
    rang = etiquettes.index(["parameters"])
    assert "injected-parameters" in etiquettes[rang + 1]
    assert 'date_reference = "2027-03-02"' in fait.cells[rang + 1].source


def inject_comme_scheduler(carnet: Path, donnes: dict[str, str]) -> nbformat.NotebookNode:
    """What jupyter-scheduler 2 does: below the tagged cell, one that says ``name = value``.

    It writes the value as it is typed in its form: a text must be typed with its quotes.
    """
    lu = nbformat.read(carnet, as_version=4)
    rang = [cellule.metadata.get("tags", []) for cellule in lu.cells].index(["parameters"])
    source = "\n".join(f"{nom} = {valeur}" for nom, valeur in donnes.items())
    cellule = nbformat.v4.new_code_cell(source, metadata={"tags": ["injected-parameters"]})
    lu.cells.insert(rang + 1, cellule)
    return lu


@pytest.mark.parametrize("carnet", CARNETS, ids=lambda c: c.stem)
def test_jupyter_scheduler_finds_the_parameters(carnet: Path) -> None:
    """One tagged cell, a kernel to start, and values that take the place of the defaults."""
    donnes = {"campagne": '"moselle_2026_en_cours"', "date_reference": '"2027-03-02"'}
    fait = inject_comme_scheduler(carnet, donnes)
    assert fait.metadata.kernelspec["name"] == "python3"
    espace: dict[str, object] = {}
    for cellule in fait.cells[: fait.cells.index(_injectee(fait)) + 1]:
        if cellule.cell_type == "code":
            exec(cellule.source, espace)
    assert (espace["campagne"], espace["date_reference"]) == ("moselle_2026_en_cours", "2027-03-02")


def _injectee(carnet: nbformat.NotebookNode) -> nbformat.NotebookNode:
    etiquetees = [c for c in carnet.cells if "injected-parameters" in c.metadata.get("tags", [])]
    assert len(etiquetees) == 1
    return etiquetees[0]


def test_a_scheduled_chapter_runs_in_the_folder_of_the_scheduler(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """jupyter-scheduler runs a copy, far from the project: the campaign is found all the same."""
    from nbconvert.preprocessors import ExecutePreprocessor

    monkeypatch.setenv("QUALEPREF_RACINE", str(RACINE))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
    monkeypatch.chdir(tmp_path)
    donnes = {"campagne": '"moselle_2022"', "date_reference": '"2022-03-02"'}
    fait = inject_comme_scheduler(RACINE / "notebooks" / "01_presentation.ipynb", donnes)
    executeur = ExecutePreprocessor(kernel_name="python3")
    executeur.preprocess(fait, {"metadata": {"path": str(tmp_path)}})
    assert "2 mars 2022" in nbformat.writes(fait)
