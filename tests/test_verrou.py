"""pyproject.toml, environment.yml and requirements.lock say the same, and the lock is sealed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

RACINE = Path(__file__).parents[1]
VERROU = (RACINE / "requirements.lock").read_text(encoding="utf-8")
RIVAUX = (RACINE / "benchmarks" / "requirements.lock").read_text(encoding="utf-8")
PYPROJECT = tomllib.loads((RACINE / "pyproject.toml").read_text(encoding="utf-8"))
ENVIRONNEMENT = yaml.safe_load((RACINE / "environment.yml").read_text(encoding="utf-8"))
# The extras that the lock installs.
EXTRAS = ("labo", "cluster", "test")
# conda-forge's names where they differ from PyPI's.
CONDA = {"matplotlib-base": "matplotlib"}


def par_nom(lignes: list[str]) -> dict[str, Requirement]:
    """The requirements by their normal name."""
    besoins = [Requirement(ligne) for ligne in lignes]
    return {canonicalize_name(besoin.name): besoin for besoin in besoins}


def demandes() -> dict[str, Requirement]:
    """What pyproject.toml asks for, extras included."""
    projet = PYPROJECT["project"]
    extras = [ligne for extra in EXTRAS for ligne in projet["optional-dependencies"][extra]]
    return par_nom(projet["dependencies"] + extras)


def conda() -> dict[str, Requirement]:
    """What environment.yml asks for, under PyPI's names."""
    lignes = [ligne for ligne in ENVIRONNEMENT["dependencies"] if isinstance(ligne, str)]
    besoins = par_nom(lignes + [ligne for ligne in pip() if not ligne.startswith("-e")])
    return {CONDA.get(nom, nom): besoin for nom, besoin in besoins.items()}


def pip() -> list[str]:
    """The lines that environment.yml leaves to pip."""
    sections = [ligne for ligne in ENVIRONNEMENT["dependencies"] if isinstance(ligne, dict)]
    return [ligne for section in sections for ligne in section["pip"]]


def entrees(verrou: str = VERROU) -> Iterator[tuple[Requirement, list[str]]]:
    """The entries of a lock: what is pinned, and its hashes."""
    for bloc in re.split(r"\n(?=\S)", verrou.strip()):
        tete, *suite = [ligne.strip(" \\") for ligne in bloc.splitlines()]
        yield Requirement(tete), suite


def epingles(nom: str) -> list[str]:
    """The versions that the lock holds of a package; empty when it does not know it."""
    return [
        next(iter(besoin.specifier)).version
        for besoin, _ in entrees()
        if canonicalize_name(besoin.name) == nom
    ]


@pytest.mark.parametrize("nom", sorted(demandes()))
def test_lock_satisfies(nom: str) -> None:
    """Every dependency of pyproject.toml is in the lock, at a version that it accepts."""
    versions = epingles(nom)
    assert versions, f"{nom} n'est pas dans requirements.lock : lancer « make verrou »"
    assert all(demandes()[nom].specifier.contains(version) for version in versions)


@pytest.mark.parametrize("besoin", PYPROJECT["build-system"]["requires"])
def test_lock_builds(besoin: str) -> None:
    """The lock holds what builds the package, since nothing is fetched apart from it."""
    outil = Requirement(besoin)
    assert any(outil.specifier.contains(version) for version in epingles(outil.name))
    assert epingles("editables") and epingles("uv")


def test_conda_same_packages() -> None:
    """environment.yml names the packages of pyproject.toml, no more, no fewer, same bounds."""
    attendu = {nom: str(besoin.specifier) for nom, besoin in demandes().items()}
    trouve = {nom: str(besoin.specifier) for nom, besoin in conda().items()}
    python = trouve.pop("python")
    del trouve["pip"]
    assert trouve == attendu
    assert PYPROJECT["project"]["requires-python"] in python


def test_conda_installs_the_package() -> None:
    """environment.yml installs the package itself, with the extras that the lock holds."""
    assert f"-e .[{','.join(EXTRAS)}]" in pip()
    assert ENVIRONNEMENT["channels"][0] == "conda-forge"


@pytest.mark.parametrize(
    ("besoin", "hashes"), [*entrees(), *entrees(RIVAUX)], ids=lambda v: getattr(v, "name", "")
)
def test_lock_is_hashed(besoin: Requirement, hashes: list[str]) -> None:
    """Every entry of the lock is pinned to one version and carries its SHA-256 hashes."""
    assert [signe.operator for signe in besoin.specifier] == ["=="]
    assert hashes
    assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", ligne) for ligne in hashes)


def test_lock_has_no_address() -> None:
    """The lock names no server, no local folder and no index: each place uses its own."""
    for verrou in (VERROU, RIVAUX):
        assert not re.search(r"://|@|^\s*-(?!-hash)|^/|^\s*#", verrou, re.MULTILINE)


def test_the_rivals_stay_out_of_the_product() -> None:
    """What the benchmarks compare with is locked apart, and is no dependency."""
    rivaux = {canonicalize_name(besoin.name) for besoin, _ in entrees(RIVAUX)}
    assert {"duckdb", "polars"} <= rivaux and not rivaux & set(demandes())


def test_npm_lock_has_no_address() -> None:
    """The lock of the npm tools says no server either, only versions and hashes."""
    verrou = (RACINE / "tests/outils/package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in verrou
    assert verrou.count('"integrity"') == verrou.count('"node_modules/')


def test_makefile_regenerates_this_lock() -> None:
    """« make verrou » locks the extras that the tests and environment.yml know."""
    makefile = (RACINE / "Makefile").read_text(encoding="utf-8")
    assert tuple(re.findall(r"--extra (\w+)", makefile)) == EXTRAS
