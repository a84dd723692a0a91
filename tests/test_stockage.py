"""Campaigns and reports in a store: what is fetched, the order of writing, leases, refusals."""

from __future__ import annotations

import datetime as dt
import io
import json
import shutil
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from botocore.exceptions import NoCredentialsError
from fsspec.implementations.memory import MemoryFileSystem
from test_lot import Reseau

from qualepref_lib.core.refus import Refus
from qualepref_lib.running import chaud
from qualepref_lib.running.depot import RAPPORT, Occupe
from qualepref_lib.running.lot.sites import list_sites
from qualepref_lib.running.lot.sortie import sweep_sortie
from qualepref_lib.running.lot.unite import Unite, faire
from qualepref_lib.running.stockage import a_part, bail, publication, rapatriement
from qualepref_lib.running.stockage.bail import Bail
from qualepref_lib.running.stockage.entrepot import Entrepot, open_entrepot
from qualepref_lib.running.stockage.erreurs import Injoignable, dire_erreurs


@pytest.fixture
def memoire(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryFileSystem]:
    """An empty store of objects, of this process: nothing is written to it from a child."""
    monkeypatch.setattr(chaud, "est_possible", lambda: False)
    fs = fsspec.filesystem("memory")
    fs.store.clear()
    fs.pseudo_dirs[:] = [""]
    yield fs
    fs.store.clear()


@pytest.fixture(params=["memory://audits", "file"])
def entrepot(request: Any, tmp_path: Path, memoire: MemoryFileSystem) -> Entrepot:
    """The same rules for a store of objects and for one with folders."""
    adresse = request.param if "://" in request.param else f"file://{tmp_path}/audits"
    return open_entrepot(adresse)


def rapport(dossier: Path, empreinte: str) -> Path:
    """A finished report, as the batch leaves it, with what it remembers."""
    sortie = dossier / "metz"
    (sortie / "notebooks").mkdir(parents=True, exist_ok=True)
    (sortie / RAPPORT).write_text(f"page {empreinte}")
    (sortie / "chiffres.json").write_text(f"chiffres {empreinte}")
    (sortie / "notebooks" / "07.ipynb").write_text(f"carnet {empreinte}")
    (sortie / "provenance.json").write_text(json.dumps({"empreinte": empreinte}))
    (dossier / ".metz.memoire").mkdir(exist_ok=True)
    (dossier / ".metz.memoire" / "07.json").write_text(empreinte)
    (dossier / ".metz.empreinte").write_text(empreinte)
    return sortie


def check_entier(entrepot: Entrepot) -> str:
    """The print of the page that a reader finds; its version is there, whole, and says the same."""
    page = entrepot.lire(f"metz/{RAPPORT}")
    assert page is not None
    empreinte = page.decode().removeprefix("page ")
    (version,) = [
        nom for nom in entrepot.sous("metz/versions").contenu() if nom.endswith(empreinte[:16])
    ]
    place = entrepot.sous(f"metz/versions/{version}")
    assert place.lire(RAPPORT) == page
    assert place.lire("chiffres.json") == f"chiffres {empreinte}".encode()
    assert place.lire("notebooks/07.ipynb") == f"carnet {empreinte}".encode()
    return empreinte


def test_a_report_is_put_whole_and_found_again(entrepot: Entrepot, tmp_path: Path) -> None:
    """The page, its version, what is remembered; the next run finds them, and nothing is aside."""
    publication.write_rapport_distant(entrepot, "metz", rapport(tmp_path / "un", "a" * 64))
    assert check_entier(entrepot) == "a" * 64
    sortie = tmp_path / "deux" / "metz"
    publication.load_dernier(entrepot, "metz", sortie)
    publication.load_memoire(entrepot, "metz", sortie)
    assert (sortie / RAPPORT).read_text() == "page " + "a" * 64
    assert (sortie.parent / ".metz.empreinte").read_text() == "a" * 64
    assert (sortie.parent / ".metz.memoire" / "07.json").read_text() == "a" * 64
    assert not [nom for nom in entrepot.contenu() if ".depose-" in nom]


OPERATIONS = ("pipe_file", "put_file", "cp_file", "rm_file")


def test_stopped_at_any_write_a_reader_finds_one_whole_report(
    memoire: MemoryFileSystem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the write that never comes, the page is the old one or the new, its files too."""
    entrepot = open_entrepot("memory://audits")
    publication.write_rapport_distant(entrepot, "metz", rapport(tmp_path / "un", "a" * 64))
    neuf, vus, rang = rapport(tmp_path / "deux", "b" * 64), [], 0
    fini = False
    while not fini:
        with monkeypatch.context() as patch:
            _couper_apres(patch, rang)
            try:
                publication.write_rapport_distant(entrepot, "metz", neuf)
                fini = True
            except OSError:
                pass
        vus.append(check_entier(entrepot)[0])
        rang += 1
    assert rang > 8 and vus == sorted(vus) and set(vus) == {"a", "b"}


def _couper_apres(patch: pytest.MonkeyPatch, ecritures: int) -> None:
    """Let so many writes pass, then fail each."""
    reste = [ecritures]
    for nom in OPERATIONS:
        vraie = getattr(MemoryFileSystem, nom)

        def ecrire(self: Any, *args: Any, vraie: Callable[..., Any] = vraie, **mots: Any) -> Any:
            if reste[0] == 0:
                raise OSError("coupure")
            reste[0] -= 1
            return vraie(self, *args, **mots)

        patch.setattr(MemoryFileSystem, nom, ecrire)


def test_the_same_report_made_again_is_the_same_version(
    entrepot: Entrepot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of a version that a page names is written again; a day later it is still there."""
    midi = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
    for jours, lettre in enumerate("abac"):
        monkeypatch.setattr(publication, "_maintenant", lambda j=3 * jours: midi + dt.timedelta(j))
        sortie = rapport(tmp_path / f"{jours}", lettre * 64)
        publication.write_rapport_distant(entrepot, "metz", sortie)
        assert check_entier(entrepot) == lettre * 64
    presentes = {nom[-1] for nom in entrepot.sous("metz/versions").contenu()}
    assert presentes == {"a", "b", "c"}, "a was read until now, c has only just followed b"


def test_what_the_store_did_not_keep_is_not_published(
    memoire: MemoryFileSystem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that comes back shorter stops the publication; the old page stays."""
    entrepot = open_entrepot("memory://audits")
    publication.write_rapport_distant(entrepot, "metz", rapport(tmp_path / "un", "a" * 64))
    vraie = MemoryFileSystem.put_file

    def tronquer(self: Any, ici: str, la: str, *args: Any, **mots: Any) -> None:
        vraie(self, ici, la, *args, **mots)
        if la.endswith("chiffres.json"):
            self.pipe_file(la, b"chif")

    monkeypatch.setattr(MemoryFileSystem, "put_file", tronquer)
    with pytest.raises(Injoignable, match=r"chiffres\.json"):
        publication.write_rapport_distant(entrepot, "metz", rapport(tmp_path / "deux", "b" * 64))
    assert check_entier(entrepot) == "a" * 64


def test_an_older_version_stays_a_day_after_it_was_replaced(
    entrepot: Entrepot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may be reading it: it goes with the first publication of the day after."""
    midi = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
    attendus = {0: "a", 240: "ab", 250: "abc", 300: "cd"}
    for heures, lettre in zip(attendus, "abcd", strict=True):
        monkeypatch.setattr(
            publication, "_maintenant", lambda h=heures: midi + dt.timedelta(hours=h)
        )
        sortie = rapport(tmp_path / lettre, lettre * 64)
        publication.write_rapport_distant(entrepot, "metz", sortie)
        presentes = {nom[-1] for nom in entrepot.sous("metz/versions").contenu()}
        assert presentes == set(attendus[heures])


def test_a_foreign_folder_is_never_taken(entrepot: Entrepot) -> None:
    """A folder that holds something else than a report is refused."""
    publication.check_place(entrepot, "metz")
    entrepot.poser("metz/photo.png", b"photo")
    with pytest.raises(Refus, match="ne contient pas de rapport"):
        publication.check_place(entrepot, "metz")
    entrepot.poser(f"metz/{RAPPORT}", b"page")
    publication.check_place(entrepot, "metz")


def test_a_campaign_comes_with_what_stands_beside_it(entrepot: Entrepot, tmp_path: Path) -> None:
    """Its files, the référentiel two folders above, the edition before; nothing hidden."""
    for nom in (
        "campagnes/metz_2027/campagne.yaml",
        "campagnes/metz_2027/preuves/p1.pdf",
        "campagnes/metz_2027/.DS_Store",
        "campagnes/metz_2025/campagne.yaml",
        "campagnes/nancy_2027/campagne.yaml",
        "referentiel/label/edition.yaml",
    ):
        entrepot.poser(nom, b"precedente: metz_2025\n")
    adresse = entrepot.fs.unstrip_protocol(f"{entrepot.chemin}/campagnes/metz_2027")
    dossier = rapatriement.load_distante(adresse, tmp_path / "ici")
    assert dossier == tmp_path / "ici" / "data" / "campagnes" / "metz_2027"
    data = tmp_path / "ici" / "data"
    assert {f.relative_to(data).as_posix() for f in data.rglob("*") if f.is_file()} == {
        "campagnes/metz_2027/campagne.yaml",
        "campagnes/metz_2027/preuves/p1.pdf",
        "campagnes/metz_2025/campagne.yaml",
        "referentiel/label/edition.yaml",
    }


def test_a_campaign_that_changes_while_it_is_read_is_read_again(
    memoire: MemoryFileSystem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once: what is read is the end state. For ever: it is refused, and said."""
    memoire.pipe("/c/metz/campagne.yaml", b"un")
    vraie, changements = Entrepot.prendre, [b"deux!"]

    def prendre(self: Entrepot, noms: Any, dossier: Path) -> None:
        vraie(self, noms, dossier)
        if changements:
            memoire.pipe("/c/metz/campagne.yaml", changements.pop())

    monkeypatch.setattr(Entrepot, "prendre", prendre)
    dossier = rapatriement.load_distante("memory://c/metz", tmp_path)
    assert (dossier / "campagne.yaml").read_bytes() == b"deux!"
    changements[:] = [b"x" * n for n in range(1, 9)]
    with pytest.raises(Refus, match="changent pendant"):
        rapatriement.load_distante("memory://c/metz", tmp_path)


def test_an_object_never_leaves_the_private_folder(
    memoire: MemoryFileSystem, tmp_path: Path
) -> None:
    """The keys of a store are any text: one that climbs is refused, nothing is written."""
    entrepot = Entrepot(memoire, "/c/metz")
    with pytest.raises(Refus, match="sort du dossier"):
        entrepot.prendre(["sous/../../../vole.txt"], tmp_path / "ici")
    assert not (tmp_path / "vole.txt").exists()
    with pytest.raises(Refus, match="aucun dossier"):
        rapatriement.load_distante("memory://", tmp_path / "ici")
    with pytest.raises(Refus, match="aucun dossier"):
        rapatriement.load_distante("memory://c/..", tmp_path / "ici")


def test_a_lease_keeps_a_second_batch_out(entrepot: Entrepot) -> None:
    """It is refused who holds it; given back, it is free, and nothing is left."""
    premier, second = Bail.new("lot un", 60), Bail.new("lot deux", 60)
    assert premier.prendre(entrepot, "metz") == ""
    with pytest.raises(Occupe, match="en cours"):
        second.prendre(entrepot, "metz")
    second.rendre(entrepot, "metz")
    assert entrepot.existe(".metz.verrou"), "it is not his to give back"
    premier.rendre(entrepot, "metz")
    assert second.prendre(entrepot, "metz") == ""


@pytest.mark.parametrize(
    ("change", "dit"),
    [
        ({"lot": "lot deux"}, "le même lot"),
        ({"fin": "2020-01-01T00:00:00+00:00"}, "échu"),
        ({"debut": "1"}, "n’existe plus"),
        (None, "illisible"),
    ],
)
def test_a_stale_lease_is_taken_over_and_said(
    change: dict[str, str] | None, dit: str, entrepot: Entrepot
) -> None:
    """The same batch that comes back, a lease that is over, a dead process, a broken file."""
    ancien = Bail.new("lot un", 3600)
    octets = json.dumps({**json.loads(ancien.octets), **(change or {})}).encode()
    entrepot.poser(".metz.verrou", octets if change else octets[:20])
    if change != {"debut": "1"} or bail.debut_de(ancien.pid):
        assert dit in Bail.new("lot deux", 60).prendre(entrepot, "metz")


def test_cleaning_a_store(entrepot: Entrepot) -> None:
    """Leases that hold no more and what was left aside a day ago go; what is at work stays."""
    tenu, mort = Bail.new("lot un", 3600), {"debut": "1"}
    tenu.prendre(entrepot, "metz")
    octets = json.dumps({**json.loads(tenu.octets), **mort}).encode()
    entrepot.poser(".nancy.verrou", octets)
    entrepot.poser(".index.html.depose-20200101T000000Z-abcd", b"moitie")
    recent = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    entrepot.poser(f".index.html.depose-{recent}-abcd", b"en cours")
    adresse = entrepot.fs.unstrip_protocol(entrepot.chemin)
    assert sweep_sortie(adresse) == 2
    assert set(entrepot.contenu()) == {".metz.verrou", f".index.html.depose-{recent}-abcd"}
    assert sweep_sortie(f"{adresse}/rien") == 0


def test_of_two_that_come_at_once_one_has_the_lease(memoire: MemoryFileSystem) -> None:
    """The other machine's process is alive, for all one knows: only time frees its lease."""
    entrepot = open_entrepot("memory://audits")
    ailleurs = {"machine": "autre", "pid": 1, "debut": "1"}
    octets = json.dumps({**json.loads(Bail.new("lot un", 3600).octets), **ailleurs}).encode()
    entrepot.poser(".metz.verrou", octets)
    with pytest.raises(Occupe):
        Bail.new("lot deux", 60).prendre(entrepot, "metz")


@pytest.mark.parametrize(
    ("adresse", "genre", "dit"),
    [
        ("stfp://audits/metz", Refus, "Vouliez-vous dire"),
        ("zip://metz::nope://audits/e.zip", Refus, "« nope » n’est pas connu"),
        ("essai://audits/metz", Injoignable, "pip install paquet_absent"),
        ("sftp://moi:secret@serveur/metz", Refus, "FSSPEC_SFTP_PASSWORD"),
    ],
)
def test_a_bad_address_is_told_in_french(adresse: str, genre: type, dit: str) -> None:
    """An unknown protocol, a missing driver, a password: what to do, and never the password."""
    fsspec.register_implementation("essai", "paquet_absent.Fs", errtxt="Install", clobber=True)
    with pytest.raises(Refus) as refus:
        open_entrepot(adresse)
    assert type(refus.value) is genre and dit in str(refus.value)
    assert "secret" not in str(refus.value)


def test_without_fsspec_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The core does without it; an address says which extra brings it."""
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(Injoignable, match=r"qualepref\[cluster\]"):
        open_entrepot("s3://audits")


@pytest.mark.parametrize(
    ("erreur", "genre", "dit"),
    [
        (FileNotFoundError("x"), Refus, "n’existe pas"),
        (PermissionError("x"), Injoignable, "refuse l’accès"),
        (ConnectionRefusedError(111, "x"), Injoignable, "ne répond pas"),
        (TimeoutError(), Injoignable, "ne répond pas"),
        (socket.gaierror(-2, "x"), Injoignable, "ne répond pas"),
        (NoCredentialsError(), Injoignable, "refuse l’accès"),
        (ValueError("bad \x1b[2J thing"), Injoignable, "ValueError — bad [2J thing"),
    ],
)
def test_what_a_driver_raises_is_told(erreur: Exception, genre: type, dit: str) -> None:
    """Absent, forbidden, unreachable, anything else: one sentence, harmless to a terminal."""
    with pytest.raises(Refus) as refus, dire_erreurs("s3://audits"):
        raise erreur
    assert type(refus.value) is genre and dit in str(refus.value)
    assert "\x1b" not in str(refus.value)


def test_what_is_at_an_address(memoire: MemoryFileSystem) -> None:
    """A campaign, a folder of them, a pattern; an address with nothing stops no other."""
    for nom in ("net/campagnes/a/campagne.yaml", "net/campagnes/b/enquete.csv", "net/x/lisez.txt"):
        memoire.pipe(f"/{nom}", b"x")
    campagnes = {"a": "memory://net/campagnes/a", "b": "memory://net/campagnes/b"}

    def trouves(*mots: str) -> dict[str, str]:
        return {s.nom: str(s.dossier) for s in list_sites(mots) if not s.etat}

    assert trouves("memory://net") == campagnes == trouves("memory://net/campagnes/")
    assert trouves("memory://net/campagnes/[a-z]") == campagnes
    assert trouves("memory://net/campagnes/a", "memory://net/campagnes/a/campagne.yaml") == {
        "a": campagnes["a"]
    }
    sites = list_sites(["memory://net", "memory://net/x", "memory://rien", "s4://net"])
    rates = {s.nom: s.cause for s in sites if s.etat}
    assert len(sites) == 5 and set(rates) == {"memory://net/x", "memory://rien", "s4://net"}
    assert "aucune campagne" in rates["memory://net/x"]
    assert "n’existe pas" in rates["memory://rien"]


def test_an_archive_is_a_store_like_another(memoire: MemoryFileSystem, tmp_path: Path) -> None:
    """A chained address: campaigns sent as one archive, which lies in another store."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        for nom in ("campagnes/a/campagne.yaml", "campagnes/b/enquete.csv", "referentiel/l/e.yaml"):
            archive.writestr(f"envoi/{nom}", nom)
    memoire.pipe("/recu/envoi.zip", tampon.getvalue())
    sites = {s.nom: str(s.dossier) for s in list_sites(["zip://envoi::memory://recu/envoi.zip"])}
    assert sites == {
        nom: f"zip://envoi/campagnes/{nom}::memory://recu/envoi.zip" for nom in ("a", "b")
    }
    dossier = rapatriement.load_distante(sites["a"], tmp_path)
    assert (dossier / "campagne.yaml").read_text() == "campagnes/a/campagne.yaml"
    assert (tmp_path / "data" / "referentiel" / "l" / "e.yaml").is_file()
    cache = {s.nom: str(s.dossier) for s in list_sites(["zip://envoi/campagnes/[b]::simplecache::"
                                                         "memory://recu/envoi.zip"])}  # fmt: skip
    assert list(cache) == ["b"]


def test_a_store_that_never_answers_is_left() -> None:
    """In a child, bounded; what it answers or refuses comes back as it is, without its threads."""
    programme = (
        "import threading, time\n"
        "from qualepref_lib.running.stockage.a_part import run_a_part\n"
        "from qualepref_lib.running.stockage.entrepot import open_entrepot\n"
        "def dire(faire, delai=20):\n"
        "    try: print(run_a_part('s3://x', faire, delai))\n"
        "    except Exception as e: print(type(e).__name__, e.problemes[0].constat)\n"
        "dire(lambda: threading.Thread(target=time.sleep, args=(1,)).start() or [1, 'é'])\n"
        "dire(lambda: open_entrepot('s4://x'))\n"
        "dire(lambda: time.sleep(60), 0.2)\n"
        "dire(lambda: 1 / 0)\n"
        "print(threading.active_count())\n"
    )
    fait = subprocess.run(
        [sys.executable, "-c", programme], capture_output=True, encoding="utf-8", check=True
    )
    assert fait.stdout.splitlines() == [
        "[1, 'é']",
        "Refus le protocole « s4 » n’est pas connu.",
        "Injoignable le stockage ne répond pas en 0.2 s.",
        "Injoignable le stockage a échoué : ZeroDivisionError division by zero.",
        "1",
    ]


def test_where_nothing_forks_a_site_is_made_in_place(
    memoire: MemoryFileSystem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stock kernels and a store of this process: fetched, made, put back, then unchanged."""
    reseau = Reseau(tmp_path / "projet", 1)
    (reseau.racine / "notebooks" / "08_pieces.ipynb").unlink()
    memoire.put(f"{reseau.data}/", "/audits/data/", recursive=True)
    shutil.rmtree(reseau.data)
    monkeypatch.setenv("QUALEPREF_RACINE", str(reseau.racine))
    unite = Unite("site_001", "memory://audits/data/campagnes/site_001",
                  "memory://audits/rapports/site_001", str(reseau.racine))  # fmt: skip
    premier = faire(unite)
    assert (premier.etat, premier.cause) == ("fait", "")
    page = memoire.cat(f"/audits/rapports/site_001/{RAPPORT}")
    assert faire(unite).etat == "inchangé"
    memoire.pipe("/audits/data/campagnes/site_001/titres.csv", b"x;y\n1;2\n")
    refuse = faire(unite)
    assert refuse.etat == "refusé" and "titres.csv" in refuse.cause
    assert memoire.cat(f"/audits/rapports/site_001/{RAPPORT}") == page
    lignes = [json.loads(memoire.cat(f)) for f in memoire.find("/audits/rapports/journal")]
    assert sorted(ligne["resultat"] for ligne in lignes) == ["fait", "inchangé", "refusé"]
    assert not memoire.exists("/audits/rapports/.site_001.verrou")


def test_the_drivers_are_imported_without_starting_a_thread() -> None:
    """Imported once for all the children: the process that forks them stays alone."""
    avant = threading.active_count()
    a_part.amorcer(["s3://audits", "zip://a::s3://audits", "s4://x", "essai://x"])
    assert threading.active_count() == avant and "s3fs" in sys.modules
