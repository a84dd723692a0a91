"""Batches on a real object store: an S3 server on loopback, its driver, a cluster, deaths."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
from moto.server import ThreadedMotoServer
from test_lot import PAGE, Reseau, sans_orphelin
from test_lot_grappe import ADRESSE, grappe

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks under Linux")


@pytest.fixture(scope="module")
def serveur() -> Iterator[str]:
    """The address of an S3 server: no folders, no rename, no append."""
    serveur = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    serveur.start()
    hote, port = serveur.get_host_and_port()
    yield f"http://{hote}:{port}"
    serveur.stop()


class ReseauDistant(Reseau):
    """The same project, its campaigns in a bucket and no more on its disk."""

    def __init__(self, racine: Path, sites: int, serveur: str) -> None:
        super().__init__(racine, sites)
        self.serveur = serveur
        self.fs = fsspec.filesystem("s3", endpoint_url=serveur, key="a", secret="b")
        self.seau = f"audits-{os.getpid()}-{time.time_ns()}"
        self.fs.mkdir(self.seau)
        self.fs.put(f"{self.data}/", f"{self.seau}/data/", recursive=True)
        self.loin = (f"s3://{self.seau}/data", "--sortie", f"s3://{self.seau}/rapports")

    @property
    def environnement(self) -> dict[str, str]:
        """The store is told as fsspec wants it, never in an address."""
        return super().environnement | {
            "FSSPEC_S3_ENDPOINT_URL": self.serveur,
            "FSSPEC_S3_KEY": "a",
            "FSSPEC_S3_SECRET": "b",
        }

    def lire(self, nom: str) -> bytes:
        """An object of the bucket."""
        return bytes(self.fs.cat_file(f"{self.seau}/{nom}"))

    def noms(self, dossier: str = "rapports") -> list[str]:
        """The objects below a folder, by relative path."""
        self.fs.invalidate_cache()
        debut = f"{self.seau}/{dossier}/"
        return [nom.removeprefix(debut) for nom in self.fs.find(debut)]

    def pages_loin(self) -> dict[str, bytes]:
        """The reports of the bucket, by site."""
        vues = [re.fullmatch(rf"([^/]+)/{PAGE}", nom) for nom in self.noms()]
        return {vue[1]: self.lire(f"rapports/{vue[1]}/{PAGE}") for vue in vues if vue}

    def etats_loin(self) -> dict[str, str]:
        """What the batch says of each site."""
        lu = json.loads(self.lire("rapports/.lot.json"))
        return {site["nom"]: site["etat"] for site in lu["sites"]}

    def restes_loin(self) -> list[str]:
        """What a run should not leave."""
        return [n for n in self.noms() if ".depose-" in n or n.endswith(".verrou")]


@pytest.fixture
def reseau(tmp_path: Path, serveur: str) -> ReseauDistant:
    """Two sites."""
    return ReseauDistant(tmp_path, 2, serveur)


def check_versions(reseau: ReseauDistant, pages: dict[str, bytes]) -> None:
    """The version that each page names is there, whole: the page itself and what it was made of."""
    noms = reseau.noms()
    for site, page in pages.items():
        fiches = [n for n in noms if re.fullmatch(rf"{site}/versions/[^/]+/provenance\.json", n)]
        textes = {fiche: json.loads(reseau.lire(f"rapports/{fiche}")) for fiche in fiches}
        nu = re.sub(rb"<[^>]+>", b"", page).decode()
        (la,) = {f.rpartition("/")[0] for f, lu in textes.items() if lu["empreinte"] in nu}
        assert la.rpartition("-")[2] == textes[f"{la}/provenance.json"]["empreinte"][:16]
        assert reseau.lire(f"rapports/{la}/{PAGE}") == page
        suite = {n.removeprefix(f"{la}/") for n in noms if n.startswith(la)}
        assert suite >= {"chiffres.json", "notebooks/07_lexique.ipynb", "notebooks/08_pieces.ipynb"}


def test_from_a_bucket_to_a_bucket(reseau: ReseauDistant) -> None:
    """The bytes of local reports; then nothing changed, one site changed, one site broken."""
    assert reseau.run("lot", "--sortie", str(reseau.racine / "ici")).returncode == 0
    ici = reseau.pages(reseau.racine / "ici")
    fait = reseau.run("lot", *reseau.loin)
    assert fait.returncode == 0, fait.stderr
    assert f"Page d’accueil : s3://{reseau.seau}/rapports/index.html" in fait.stdout
    assert reseau.pages_loin() == ici and set(reseau.etats_loin().values()) == {"fait"}
    check_versions(reseau, ici)
    assert reseau.restes_loin() == []
    index = reseau.lire("rapports/index.html").decode()
    assert all(f'href="{site}/{PAGE}"' in index for site in ici)

    avant = {n: reseau.fs.info(f"{reseau.seau}/rapports/{n}")["LastModified"]
             for n in reseau.noms() if n.endswith(PAGE)}  # fmt: skip
    assert "2 inchangés" in reseau.run("lot", *reseau.loin).stdout
    reseau.fs.pipe_file(
        f"{reseau.seau}/data/campagnes/site_002/titres.csv",
        reseau.lire("data/campagnes/site_002/titres.csv") + b"D22-9001;cni;2022-03-01;;CERT\n",
    )
    fait = reseau.run("lot", *reseau.loin)
    assert "site_002 : fait" in fait.stdout and "1 inchangé." in fait.stdout
    encore = {n: reseau.fs.info(f"{reseau.seau}/rapports/{n}")["LastModified"] for n in avant}
    assert {n for n in avant if encore[n] == avant[n]} >= {
        n for n in avant if "site_002/r" not in n
    }
    reseau.fs.rm(f"{reseau.seau}/data/campagnes/site_001/campagne.yaml")
    fait = reseau.run("lot", *reseau.loin)
    assert fait.returncode == 1 and "campagne.yaml" in fait.stderr
    assert reseau.pages_loin()["site_001"] == ici["site_001"]
    lignes = [
        json.loads(reseau.lire(f"rapports/journal/{n}")) for n in reseau.noms("rapports/journal")
    ]
    assert sorted(ligne["resultat"] for ligne in lignes) == ["fait"] * 3 + ["inchangé"] * 4


def test_from_a_disk_to_a_bucket_and_back(reseau: ReseauDistant) -> None:
    """Either end may be a disk: the same bytes."""
    sortie = ("--sortie", f"s3://{reseau.seau}/rapports")
    assert reseau.run("lot", *sortie).returncode == 0
    assert reseau.run("lot", reseau.loin[0]).returncode == 0
    assert reseau.pages() == reseau.pages_loin() and len(reseau.pages()) == 2
    assert "2 inchangés" in reseau.run("lot", reseau.loin[0]).stdout
    assert reseau.restes() == []


def test_what_cannot_be_reached_stops_no_other(reseau: ReseauDistant) -> None:
    """Each bad address is a site that failed, all told at once; the good ones are made."""
    mauvaises = [f"s3://{reseau.seau}/rien", "s3://aucun-seau/x", "s4://x", "s3://m:d@x/y"]
    fait = reseau.run("lot", *mauvaises, f"s3://{reseau.seau}/data/campagnes/site_00[12]")
    assert fait.returncode == 1
    assert "2 faits, 4 refusés" in fait.stdout and set(reseau.pages()) == {"site_001", "site_002"}
    assert all(adresse in fait.stderr for adresse in mauvaises[:3])
    fait = reseau.run("lot", "absente", "--sortie", "s4://x/y")
    assert fait.returncode == 1 and "absente" in fait.stderr and "« s4 »" in fait.stderr
    fait = reseau.run("lot", "--sortie", "s3://aucun-seau/x")
    assert fait.returncode == 1 and "n’existe pas" in fait.stderr
    assert "fait" not in fait.stdout, "no report is made for a place that is not there"
    reseau.serveur = "http://127.0.0.1:9"
    fait = reseau.run("lot", "site_002", reseau.loin[0])
    assert fait.returncode == 3 and "ne répond pas" in fait.stderr
    assert "site_002 : fait" in fait.stdout and "1 en échec" in fait.stdout


def test_killed_at_any_moment_a_resume_finishes(reseau: ReseauDistant) -> None:
    """Killed at random, a reader always finds whole reports; the same batch takes over and ends."""
    assert reseau.run("lot", *reseau.loin).returncode == 0
    entiers, hasard = reseau.pages_loin(), random.Random(5)
    fin, lus = threading.Event(), []

    def relire() -> None:
        while not fin.is_set():
            pages = reseau.pages_loin()
            check_versions(reseau, pages)
            lus.append(pages == entiers)

    lecteur = threading.Thread(target=_garder(relire, lus))
    lecteur.start()
    for coup in (signal.SIGKILL, signal.SIGTERM):
        marque = f"{os.getpid()}-{time.time_ns()}"
        lot = subprocess.Popen(
            reseau.commande("lot", *reseau.loin, "--tout"), cwd=reseau.racine,
            env=reseau.environnement | {"MARQUE_DU_TEST": marque},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(3 + 4 * hasard.random())
        lot.send_signal(coup)
        assert lot.wait(timeout=40) in (0, 3, -signal.SIGKILL)
        sans_orphelin(marque)
    fait = reseau.run("lot", "--reprendre", "--sortie", reseau.loin[2])
    fin.set()
    lecteur.join()
    assert fait.returncode == 0, fait.stderr
    assert len(lus) > 3 and all(vu is True for vu in lus), lus
    assert reseau.pages_loin() == entiers
    assert [n for n in reseau.noms() if n.endswith(".verrou")] == []


def _garder(relire: Any, lus: list[Any]) -> Any:
    """What fails in a thread is told by the test."""

    def run() -> None:
        try:
            relire()
        except BaseException as erreur:
            lus.append(erreur)

    return run


def test_on_a_cluster_a_worker_killed_midway_costs_nothing(tmp_path: Path, serveur: str) -> None:
    """Workers that share no campaign folder: all from the bucket, all back, one of them killed."""
    reseau = ReseauDistant(tmp_path, 4, serveur)
    assert reseau.run("lot", "--sortie", str(tmp_path / "ici")).returncode == 0
    ici = reseau.pages(tmp_path / "ici")
    marque = f"{os.getpid()}-{time.time_ns()}"
    with grappe(reseau, 3, marque) as ouvriers:
        lot = subprocess.Popen(
            reseau.commande("lot", *reseau.loin, "--ordonnanceur", ADRESSE), cwd=tmp_path,
            env=reseau.environnement, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        while lot.poll() is None and not [n for n in reseau.noms() if n.endswith(".verrou")]:
            time.sleep(0.02)
        ouvriers[0].send_signal(signal.SIGKILL)
        dit, _ = lot.communicate(timeout=180)
        assert lot.returncode == 0, dit
        assert "4 sites : 4 faits." in dit
    assert reseau.pages_loin() == ici
    check_versions(reseau, ici)
    assert reseau.restes_loin() == []
    sans_orphelin(marque)
