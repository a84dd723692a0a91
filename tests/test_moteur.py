"""The warm engine: the outputs of a stock kernel, and no fault that goes unnamed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import nbformat
import papermill
import pytest
from conftest import Projet, porteurs

RACINE = Path(__file__).parents[1]
CARNETS = sorted((RACINE / "notebooks").glob("*.ipynb"))
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks under Linux")

LANCEUR = """
import json, sys
from pathlib import Path
from qualepref_lib.running.chaud import Tache, prechauffer, run_taches
demande = json.loads(sys.argv[1])
prechauffer()
taches = [Tache(Path(s).stem, Path(s), p, Path(d)) for s, p, d in demande["taches"]]
pannes = run_taches(taches, delai_s=demande.get("delai", 60))
print(json.dumps([[p.chapitre, p.cellule, p.message] for p in pannes]))
"""

DELICATES = {
    "texte": "print('a'); print('b'); 1 + 1",
    "erreurs": "import sys; print('x', file=sys.stderr); print('y')",
    "riche": "from IPython.display import HTML, display\ndisplay(HTML('<b>a</b>')); HTML('<i>b')",
    "rien": "None",
    "cadre": "import pandas as pd; pd.DataFrame({'a': [1, 2]})",
    "maj": "h = display('un', display_id='z'); h.update('deux')",
    "effacer": "from IPython.display import clear_output\nprint('a'); clear_output(); print('b')",
    "attendre": "print('avant'); clear_output(wait=True); print('après')",
    "magie": "%%capture pris\nprint('caché')",
    "suite": "pris.stdout",
    "await": "import asyncio\nawait asyncio.sleep(0.01)\n'fini'",
    "courbe": "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()",
    "figure": "f, a = plt.subplots(); a.plot([1, 3])",
    "historique": "In[1], Out[1], _",
    "systeme": "!echo bonjour",
    "sous": "import subprocess; subprocess.run(['echo', 'bas']); None",
    "classe": "class A:\n    def _repr_html_(self): return '<u>A</u>'\nA()",
    "principal": "__name__, __import__('__main__').A is A",
    "svg": "from IPython.display import SVG; SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
    "alerte": "import warnings; warnings.warn('attention')",
    "dict": "{'é': [1, 2.5, None]}",
    "longue": "'x' * 5000",
    "entree": "try:\n    input('?')\nexcept Exception as e:\n    print(type(e).__name__)",
    "inline": "%matplotlib inline\nfig, axe = plt.subplots(figsize=(2, 1)); axe.plot([1, 2]); None",
    "dessous": "import os; print('a'); os.system('echo b'); os.write(1, b'c\\n'); print('d')",
    "dessous_2": "os.write(2, b'e\\n'); print('f'); None",
    "bash": "%%bash\necho sortie; echo erreur >&2",
    "morceaux": "for i in range(3):\n    print(i, end='\\r'); sys.stdout.flush()",
    "flux": "sys.stdout.encoding, sys.stdout.name, sys.stdout.isatty(), sys.stdin is None",
    "fil": "import threading as th; t = th.Thread(target=print, args='fil'); t.start(); t.join()",
    "journal": "import logging; logging.warning('attention')",
    "cache": "import getpass\ntry:\n    getpass.getpass()\nexcept Exception as e:\n    print(e)",
    "double": "h = display('a', display_id=True); h.display('b'); h.update('c')",
    "brut": "display({'text/plain': 'p', 'text/html': '<b>'}, raw=True)",
    "html": "%%html\n<b>x</b>",
    "suivi": "x = !echo un deux\nx",
    "code": "!exit 3\n_exit_code",
    "aide": "f?",
    "noms": "%who_ls str",
    "pool": "import multiprocessing as mp\nwith mp.Pool(1) as p:\n    r = p.map(abs, [-1])\nr",
    "style": "cadre = pd.DataFrame({'é': [1.5]}).style.set_uuid('u'); cadre",
    "boucle": "import asyncio; asyncio.get_running_loop().is_running()",
    "tache": "async def tard():\n    return 7\ntard = asyncio.create_task(tard()); None",
    "rendue": "await asyncio.sleep(0.01); tard.result()",
    "octets": "class O:\n    def _repr_png_(self): return b'\\x89PNG'\nO()",
    "execute": "%%writefile essai_execute.py\nz = 5",
    "lance": "%run essai_execute.py\nz",
    "tous": "%config InteractiveShell.ast_node_interactivity='all'\n1\n2",
    "trace": "import traceback\ntry:\n    {}['a']\nexcept KeyError:\n    traceback.print_exc()",
    "erreur": "def f():\n    return 1 / 0\nf()",
}

SANS_ORDRE = ("dessous", "dessous_2", "bash")
"""A stock kernel reads what is written below Python in a thread of its own, and promises no order
between that and what Python prints."""


def carnet(chemin: Path, cellules: dict[str, str]) -> Path:
    """A notebook of code cells, by their ids."""
    nb = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source, id=nom) for nom, source in cellules.items()],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(nb, chemin)
    return chemin


def chaud(*taches: tuple[Path, dict, Path], delai: float = 60) -> list[list[str]]:
    """Run notebooks in a warm process of their own; what failed."""
    demande = {"taches": [[str(s), p, str(d)] for s, p, d in taches], "delai": delai}
    fait = subprocess.run(
        [sys.executable, "-c", LANCEUR, json.dumps(demande)],
        cwd=RACINE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert fait.returncode == 0, fait.stderr
    return json.loads(fait.stdout.splitlines()[-1])


def sorties(chemin: Path) -> dict[str, list]:
    """The outputs of each cell, without what changes from run to run."""
    import re

    texte = chemin.read_text(encoding="utf-8")
    texte = re.sub(r"(ipykernel_\d+/|/tmp/)\d+\.py", "cellule.py", texte)
    texte = re.sub(r"0x[0-9a-f]{6,}", "0x", texte)
    lues = {}
    for cellule in json.loads(texte)["cells"]:
        if cellule["cell_type"] == "code" and "injected-parameters" not in cellule["metadata"].get(
            "tags", []
        ):
            lues[cellule["id"]] = _recoudre(map(_a_plat, cellule["outputs"]))
    return lues


def _recoudre(plates: Iterable[dict]) -> list[dict]:
    """A stock kernel sends what is printed five times a second: where it cuts means nothing."""
    cousues: list[dict] = []
    for sortie in plates:
        avant = cousues[-1] if cousues else {}
        if sortie["output_type"] == "stream" and avant.get("name") == sortie["name"]:
            avant["text"] += sortie["text"]
        else:
            cousues.append(sortie)
    return cousues


def _a_plat(sortie: dict) -> dict:
    """Texts as one string: the format allows a list of lines."""
    plat = {k: "".join(v) if k == "text" and isinstance(v, list) else v for k, v in sortie.items()}
    if "data" in plat:
        joindre = lambda v: "".join(v) if isinstance(v, list) else v  # noqa: E731
        plat["data"] = {mime: joindre(v) for mime, v in plat["data"].items()}
    return plat


def en_ordre(lues: list[dict]) -> list[dict]:
    """The outputs, with the lines of each stream in the order of the alphabet."""
    flux: dict[str, list[str]] = {}
    for sortie in lues:
        if sortie["output_type"] == "stream":
            flux.setdefault(sortie["name"], []).extend(sortie["text"].splitlines(keepends=True))
    reste = [sortie for sortie in lues if sortie["output_type"] != "stream"]
    return [{"name": nom, "text": sorted(lignes)} for nom, lignes in sorted(flux.items())] + reste


def test_chapters_have_the_outputs_of_a_stock_kernel(tmp_path: Path) -> None:
    """On every chapter, the warm engine gives exactly the outputs of papermill's own engine."""
    parametres = {"campagne": "moselle_2022"}
    taches = [(c, parametres, tmp_path / f"chaud_{c.name}") for c in CARNETS]
    assert chaud(*taches) == []
    for source, _, execute in taches:
        stock = tmp_path / source.name
        papermill.execute_notebook(
            str(source), str(stock), parameters=parametres, cwd=str(source.parent),
            progress_bar=False,
        )  # fmt: skip
        assert sorties(execute) == sorties(stock), source.stem


def test_tricky_cells_have_the_outputs_of_a_stock_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rich display, magics, updates, top-level await, plots, subprocesses: the same."""
    # Under pytest a kernel does not capture what is written below Python, unless told to.
    monkeypatch.delenv("PYTEST_CURRENT_TEST", raising=False)
    source = carnet(tmp_path / "delicat.ipynb", DELICATES)
    pannes = chaud((source, {}, tmp_path / "chaud.ipynb"))
    assert [p[1] for p in pannes] == ["erreur"]
    autre = tmp_path / "stock"
    autre.mkdir()
    with pytest.raises(papermill.PapermillExecutionError):
        papermill.execute_notebook(
            str(source), str(tmp_path / "stock.ipynb"), cwd=str(autre), progress_bar=False
        )
    vus, attendus = sorties(tmp_path / "chaud.ipynb"), sorties(tmp_path / "stock.ipynb")
    for nom in SANS_ORDRE:
        vus[nom], attendus[nom] = en_ordre(vus[nom]), en_ordre(attendus[nom])
    differentes = {nom for nom in DELICATES if vus[nom] != attendus[nom]}
    # A traceback names the file of its cell, whose name holds the number of the process.
    assert differentes <= {"erreur", "alerte"}, {n: (vus[n], attendus[n]) for n in differentes}
    assert vus["erreur"][0]["ename"] == attendus["erreur"][0]["ename"] == "ZeroDivisionError"


@pytest.mark.parametrize(
    ("source", "fragment"),
    [
        ("import os; os._exit(3)", "code 3"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "signal 9"),
        ("import ctypes; ctypes.string_at(0)", "signal 11"),
        ("while True: pass", "temps accordé"),
        ("import asyncio; await asyncio.sleep(60)", "temps accordé"),
        ("import time, signal; signal.signal(2, signal.SIG_IGN); time.sleep(60)", "temps accordé"),
        ("raise SystemExit", "SystemExit"),
        ("raise ValueError('non')", "ValueError — non"),
        ("raise ExceptionGroup('deux', [ValueError('non')])", "ExceptionGroup — deux"),
        ("if", "SyntaxError"),
    ],
)
def test_a_fault_names_its_cell(source: str, fragment: str, tmp_path: Path) -> None:
    """Exit, kill, segmentation fault, endless or deaf loop, error: the cell is named."""
    fautif = carnet(tmp_path / "fautif.ipynb", {"bonne": "1", "mauvaise": source})
    sain = carnet(tmp_path / "sain.ipynb", {"bonne": "2 + 2"})
    pannes = chaud((fautif, {}, tmp_path / "f.ipynb"), (sain, {}, tmp_path / "s.ipynb"), delai=2)
    assert [p[:2] for p in pannes] == [["fautif", "mauvaise"]]
    assert fragment in pannes[0][2]
    assert sorties(tmp_path / "s.ipynb")["bonne"][0]["data"]["text/plain"] == "4"


def _papermill(moteur: str | None, source: Path, sortie: Path, **options: object) -> None:
    """Run under papermill, in a process of its own: a test's process has threads."""
    demande = {"engine_name": moteur, "progress_bar": False, "cwd": str(source.parent)} | options
    programme = "import papermill, json, sys; a = json.loads(sys.argv[1]); "
    programme += "papermill.execute_notebook(a.pop('source'), a.pop('sortie'), **a)"
    arguments = json.dumps(demande | {"source": str(source), "sortie": str(sortie)})
    fait = subprocess.run(
        [sys.executable, "-c", programme, arguments], capture_output=True, text=True, check=False
    )
    if fait.returncode:
        raise RuntimeError(fait.stderr.strip().splitlines()[-1] + fait.stderr)


def test_papermill_finds_the_engine(tmp_path: Path) -> None:
    """``papermill --engine chaud`` gives the outputs of papermill's own engine."""
    source, parametres = (
        RACINE / "notebooks" / "01_presentation.ipynb",
        {"campagne": "moselle_2022"},
    )
    for moteur in ("chaud", None):
        _papermill(moteur, source, tmp_path / f"{moteur}.ipynb", parameters=parametres)
    assert sorties(tmp_path / "chaud.ipynb") == sorties(tmp_path / "None.ipynb")
    execute = json.loads((tmp_path / "chaud.ipynb").read_text(encoding="utf-8"))
    etats = {c["metadata"]["papermill"]["status"] for c in execute["cells"]}
    assert etats == {"completed"}


@pytest.mark.parametrize(
    ("source", "options", "fragment"),
    [
        ("import os; os._exit(3)", {}, "DeadKernelError"),
        ("while True: pass", {"execution_timeout": 2}, "CellTimeoutError"),
        ("x = bytearray(900 * 2**20)", {"memoire_mo": 300}, "MemoryError"),
        ("1 / 0", {}, "ZeroDivisionError"),
    ],
)
def test_papermill_is_told_of_a_fault(
    source: str, options: dict, fragment: str, tmp_path: Path
) -> None:
    """A death, a hang, too much memory, an error: papermill fails, and what was done is kept."""
    fautif = carnet(tmp_path / "fautif.ipynb", {"bonne": "print('fait')", "mauvaise": source})
    with pytest.raises(RuntimeError, match=fragment):
        _papermill("chaud", fautif, tmp_path / "sortie.ipynb", **options)
    assert "fait" in (tmp_path / "sortie.ipynb").read_text(encoding="utf-8")


def test_what_a_notebook_launched_dies_with_it(tmp_path: Path) -> None:
    """A chapter stopped past its time takes the programs that it started with it."""
    marque = f"{os.getpid()}-{time.time_ns()}"
    lance = f"import os, subprocess; os.environ['MARQUE_DU_TEST'] = '{marque}'\n"
    lance += "subprocess.run(['sh', '-c', 'trap \"\" INT; sleep 60 & wait; wait; sleep 60'])"
    source = carnet(tmp_path / "lanceur.ipynb", {"lance": lance})
    assert chaud((source, {}, tmp_path / "l.ipynb"), delai=1) != []
    assert not porteurs(marque)


def test_no_port_is_opened(tmp_path: Path) -> None:
    """Neither the child nor its warm parent holds a socket of the network, by name or by number."""
    prises = """
import os
from pathlib import Path
reseau = {ligne.split()[9] for nom in ("tcp", "tcp6", "udp", "udp6", "raw")
          if (table := Path(f"/proc/net/{nom}")).exists()
          for ligne in table.read_text().splitlines()[1:]}
liens = [os.readlink(f) for pid in (os.getpid(), os.getppid())
         for f in Path(f"/proc/{pid}/fd").iterdir() if f.is_symlink() and f.exists()]
[lien for lien in liens if lien.startswith("socket:") and lien[8:-1] in reseau], len(liens) > 6
"""
    source = carnet(tmp_path / "prises.ipynb", {"prises": prises})
    assert chaud((source, {}, tmp_path / "p.ipynb")) == []
    assert sorties(tmp_path / "p.ipynb")["prises"][0]["data"]["text/plain"] == "([], True)"


def test_the_warm_process_is_alone() -> None:
    """After warming up, and all that a report imports, the process that forks has one thread."""
    programme = "from qualepref_lib.running.chaud import stay_alone; stay_alone(); import os\n"
    programme += "from qualepref_lib.running.lot.unite import prechauffer; prechauffer()\n"
    programme += "import numpy; numpy.ones((300, 300)) @ numpy.ones((300, 300))\n"
    programme += "print(len(os.listdir('/proc/self/task')))"
    fait = subprocess.run(
        [sys.executable, "-c", programme], capture_output=True, text=True, check=False
    )
    assert fait.stdout.strip() == "1", fait.stderr


FOURCHE = """
import os, sys
from pathlib import Path
from qualepref_lib.running.chaud import est_possible, stay_alone
stay_alone()
from qualepref_lib.formats.blocs import load_blocs
from qualepref_lib.formats.tetes import UNE_LIGNE
chemin = Path(sys.argv[1])
lu = load_blocs(chemin, UNE_LIGNE)
assert lu is not None and est_possible()
for _ in range(8):
    if not (pid := os.fork()):
        relu = load_blocs(chemin, UNE_LIGNE)
        os._exit(0 if relu is not None and relu.equals(lu) else 1)
    assert os.waitpid(pid, 0)[1] == 0
print(len(lu))
"""


def test_a_process_that_read_with_arrow_forks(tmp_path: Path) -> None:
    """After a large text was read in threads, children are forked, and read it too."""
    chemin = tmp_path / "essai.csv"
    lignes = [f"R{n};{'oui' if n % 3 else 'non'};{n % 7}" for n in range(300_000)]
    chemin.write_text("a;b;c\n" + "\n".join(lignes) + "\n", encoding="utf-8")
    fait = subprocess.run(
        [sys.executable, "-c", FOURCHE, str(chemin)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert fait.stdout.strip() == "300000", fait.stderr


@pytest.mark.parametrize(
    ("source", "options", "dit"),
    [
        ("x = bytearray(900 * 2**20)", ["--memoire", "300"], "MemoryError"),
        ("while True: pass", ["--delai", "5"], "temps accordé"),
        ("while True: pass", ["--delai", "15", "--moteur", "jupyter"], "temps accordé"),
        ("1", ["--memoire", "300", "--moteur", "jupyter"], "--memoire"),
    ],
)
def test_limits_are_options(
    projet: Projet, source: str, options: list[str], dit: str, tmp_path: Path
) -> None:
    """A chapter past its memory or its time is named with its cell; no limit is silently lost."""
    chemin = projet.racine / "notebooks" / "07_lexique.ipynb"
    texte = chemin.read_text(encoding="utf-8")
    appel = json.dumps(source)[1:-1]
    chemin.write_text(texte.replace("Tableau(list_lexique(dossier))", appel), encoding="utf-8")
    fait = projet.run("rapport", "moselle_2022", "--chapitre", "07", *options)
    assert dit in fait.stderr, fait.stderr
    refuse = dit == "--memoire"
    assert fait.returncode == (1 if refuse else 3)
    assert refuse or ("07_lexique" in fait.stderr and "table_termes" in fait.stderr)
    assert not projet.sortie.exists()


def test_huge_output_goes_through(tmp_path: Path) -> None:
    """Fifty megabytes of output neither block nor break the run."""
    source = carnet(tmp_path / "gros.ipynb", {"gros": "print('x' * 50_000_000)"})
    assert chaud((source, {}, tmp_path / "g.ipynb")) == []
    assert len(sorties(tmp_path / "g.ipynb")["gros"][0]["text"]) == 50_000_001


def test_no_child_outlives_its_parent(tmp_path: Path) -> None:
    """When the parent is killed without warning, its children die with it."""
    marque = f"{os.getpid()}-{time.time_ns()}"
    source = carnet(tmp_path / "long.ipynb", {"long": "import time; time.sleep(60)"})
    demande = {"taches": [[str(source), {}, str(tmp_path / "l.ipynb")]]}
    parent = subprocess.Popen(
        [sys.executable, "-c", LANCEUR, json.dumps(demande)],
        cwd=RACINE,
        env=os.environ | {"MARQUE_DU_TEST": marque},
    )
    for _ in range(100):
        if len(porteurs(marque)) == 2:
            break
        time.sleep(0.1)
    assert len(porteurs(marque)) == 2
    parent.kill()
    parent.wait()
    for _ in range(50):
        if not porteurs(marque):
            return
        time.sleep(0.1)
    raise AssertionError("a child outlived its parent")


def test_both_engines_make_the_same_report(tmp_path: Path) -> None:
    """A chapter's report has the same bytes whichever engine ran it."""
    pages = []
    for moteur in ("chaud", "jupyter"):
        sortie = tmp_path / moteur
        fait = subprocess.run(
            [sys.executable, "-m", "qualepref_lib", "rapport", "moselle_2022", "--chapitre", "09",
             "--moteur", moteur, "--sortie", str(sortie)],
            cwd=RACINE, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert fait.returncode == 0, fait.stderr
        pages.append((sortie / "rapport_audit.html").read_bytes())
    assert pages[0] == pages[1]
