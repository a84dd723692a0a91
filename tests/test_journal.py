"""The journal: one line a run, that nothing can break nor mix with another."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.running.depot import Occupe
from qualepref_lib.running.echeances.marque import Essai, load_essai
from qualepref_lib.running.journal import (
    JOURNAL,
    append_journal,
    consigner,
    load_journal,
    resultat_de,
)


def test_a_line_holds_what_a_person_asks(tmp_path: Path) -> None:
    """When, which campaign, with what, how long, how it ended, why."""
    with consigner(tmp_path, campagne="metz", parametres={"a": 1}):
        pass
    with pytest.raises(ZeroDivisionError), consigner(tmp_path, campagne="metz", parametres={}):
        _ = 1 / 0
    bon, mauvais = load_journal(tmp_path)
    assert set(bon) == {"quand", "campagne", "parametres", "duree_s", "resultat", "cause"}
    assert (bon["resultat"], bon["cause"]) == ("fait", "")
    assert (mauvais["resultat"], mauvais["cause"]) == ("échec", "division by zero")


@pytest.mark.parametrize(
    ("erreur", "mot"),
    [
        (Refus(Probleme("a", "b")), "refusé"),
        (Occupe(Probleme("a", "b")), "occupé"),
        (SystemExit(3), "interrompu"),
        (KeyboardInterrupt(), "interrompu"),
        (OSError(errno.ENOSPC, ""), "échec"),
    ],
)
def test_each_end_has_its_word(erreur: BaseException, mot: str) -> None:
    """Refused, occupied, stopped, failed: four words, so that the calendar may tell them apart."""
    assert resultat_de(erreur) == mot


@pytest.mark.parametrize("abime", [b'{"a": ', b"\x00\xff\x00", b"[1]\n", b"bonjour\n\n", b"12\n"])
def test_a_broken_line_stays_alone(tmp_path: Path, abime: bytes) -> None:
    """A line that is cut or edited by hand is skipped; the next one begins on its own line."""
    append_journal(tmp_path, n=1)
    with (tmp_path / JOURNAL).open("ab") as journal:
        journal.write(abime)
    append_journal(tmp_path, n=2)
    assert [ligne["n"] for ligne in load_journal(tmp_path)] == [1, 2]


@given(st.binary(max_size=200))
def test_any_bytes_can_be_read(tmp_path_factory: pytest.TempPathFactory, octets: bytes) -> None:
    """Whatever the file holds, it is read without a word, and a line added keeps what was there."""
    dossier = tmp_path_factory.mktemp("j")
    (dossier / JOURNAL).write_bytes(octets)
    append_journal(dossier, n=7)
    assert (dossier / JOURNAL).read_bytes().startswith(octets)
    assert load_journal(dossier)[-1]["n"] == 7


def test_a_full_disk_adds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When only half a line finds room, that half is taken back, and the error is told."""
    append_journal(tmp_path, n=1)
    avant, vrai = (tmp_path / JOURNAL).read_bytes(), os.write
    restent = [10]

    def moitie(descripteur: int, octets: bytes) -> int:
        if not restent[0]:
            raise OSError(errno.ENOSPC, "plein")
        pris, restent[0] = restent[0], 0
        return vrai(descripteur, octets[:pris])

    monkeypatch.setattr(os, "write", moitie)
    with pytest.raises(OSError, match="plein"):
        append_journal(tmp_path, n=2)
    assert (tmp_path / JOURNAL).read_bytes() == avant


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks under Linux")
def test_processes_do_not_mix_their_lines(tmp_path: Path) -> None:
    """Four processes that write long lines together lose none and mix none."""

    def ecrire(qui: int) -> None:
        for n in range(50):
            append_journal(tmp_path, qui=qui, n=n, cause="é" * 5000)

    tous = [multiprocessing.get_context("fork").Process(target=ecrire, args=(q,)) for q in range(4)]
    for processus in tous:
        processus.start()
    for processus in tous:
        processus.join()
    lignes = (tmp_path / JOURNAL).read_bytes().splitlines()
    lues = [json.loads(ligne) for ligne in lignes]
    assert sorted((li["qui"], li["n"]) for li in lues) == [
        (q, n) for q in range(4) for n in range(50)
    ]


@pytest.mark.parametrize(
    "entree",
    [{}, {"jour": "2027-02-31"}, {"jour": 3, "essai": 1, "passages": []},
     {"jour": "2027-01-01", "essai": "un", "passages": [], "rattrapes": []},
     {"jour": "2027-01-01", "essai": 1, "passages": "tout", "rattrapes": []},
     {"jour": "2027-01-01", "essai": 1, "passages": [1], "rattrapes": []}],
)  # fmt: skip
def test_a_line_edited_by_hand_is_no_attempt(entree: dict[str, object]) -> None:
    """A line whose fields make no sense counts neither as a run nor as a failure."""
    assert load_essai(entree) is None


def test_an_attempt_is_read_back(tmp_path: Path) -> None:
    """What an attempt writes of itself is what is read of it."""
    import datetime as dt

    essai = Essai(dt.date(2027, 1, 4), ("a@2027-02-03:J-30",), ("a@2027-02-03:J-30",), 2)
    append_journal(tmp_path, campagne="x", **essai.entree, resultat="fait")
    assert load_essai(load_journal(tmp_path)[0]) == essai
