"""The calendar: which runs are due when, and the file that other calendars read (RFC 5545)."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import petit_calendrier as petit
import pytest
import yaml
from conftest import RACINE
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from qualepref_lib.campagne.calendrier import ETAPES, Echeance, completer
from qualepref_lib.core.refus import Refus
from qualepref_lib.running.echeances.agenda import Evenement, render_agenda, write_agenda
from qualepref_lib.running.echeances.etat import load_etats
from qualepref_lib.running.echeances.passages import Passage, dire_quand, is_finie, list_passages

JOUR = dt.date(2022, 3, 2)


def echeance(**cles: Any) -> Echeance:
    """A step as ``campagne.yaml`` would say it."""
    return Echeance.model_validate(cles)


def passages(tmp_path: Path, calendrier: list[dict[str, Any]], **cles: Any) -> list[str]:
    """The runs that a calendar asks for, as « 2027-01-04 copil »."""
    petit.write_projet(tmp_path, calendrier, **cles)
    (etat,) = load_etats(tmp_path, [], petit.DEBUT)
    assert etat.refus is None, str(etat.refus)
    return [f"{p.jour} {p.etape.code}" for p in etat.passages]


# The model.


def test_every_step_of_the_approach_can_be_told() -> None:
    """Survey, self-diagnosis, plan, committees, documents, audits, label, surveillance."""
    assert set(ETAPES) >= {
        "enquete", "autodiagnostic", "plan", "copil", "clu", "ct", "pieces", "audit_interne",
        "audit_externe", "label", "surveillance",
    }  # fmt: skip
    assert echeance(code="surveillance", debut="2028-06-01").genre == "audit"
    ct = echeance(code="ct_printemps", debut="2027-05-04")
    assert (ct.genre, ct.libelle) == ("comite", "Comité technique")
    assert (
        echeance(code="clu", debut="2027-05-04", libelle="Réunion", genre="etape").genre == "etape"
    )


def test_runs_are_due_before_audits_and_committees(tmp_path: Path) -> None:
    """Thirty days, seven days and one day before, by default; never before a mere step."""
    calendrier = [
        {"code": "copil", "debut": "2027-02-03"},
        {"code": "enquete", "debut": "2027-03-01"},
    ]
    attendus = ["2027-01-04 copil", "2027-01-27 copil", "2027-02-02 copil"]
    assert passages(tmp_path, calendrier) == attendus


def test_offsets_are_declared(tmp_path: Path) -> None:
    """The campaign has its offsets, a step may have its own, even a mere step, or none."""
    calendrier = [
        {"code": "copil", "debut": "2027-02-03", "passages": []},
        {"code": "clu", "debut": "2027-03-29"},
        {"code": "plan", "debut": "2027-03-01", "passages": [0, 7]},
    ]
    attendus = ["2027-03-01 plan", "2027-03-08 plan", "2027-03-15 clu"]
    assert passages(tmp_path, calendrier, passages=[-14]) == attendus


@pytest.mark.parametrize(
    ("cles", "mots"),
    [
        ({"passages": [-7, -7]}, "le passage -7 est écrit deux fois"),
        ({"passages": [-500]}, "doit être au moins -400"),
        ({"passages": ["hier"]}, "« hier »"),
        ({"passages": "-7"}, "une liste était attendue"),
    ],
)
def test_wrong_offsets_are_refused(tmp_path: Path, cles: dict[str, Any], mots: str) -> None:
    """An offset written twice, out of reach or unreadable is a refusal in French."""
    petit.write_projet(tmp_path, **cles)
    (etat,) = load_etats(tmp_path, [], petit.DEBUT)
    assert etat.refus is not None and mots in str(etat.refus)


@pytest.mark.parametrize(
    ("audit", "demande"),
    [("2022-04-01", "2022-03-01"), ("2022-03-31", "2022-02-28"), ("2024-03-30", "2024-02-29"),
     ("2022-01-15", "2021-12-15")],
)  # fmt: skip
def test_documents_are_asked_for_a_month_before(audit: str, demande: str) -> None:
    """The request for documents goes out a month before the internal audit, unless declared."""
    interne = echeance(code="audit_interne", debut=audit)
    trouvee = next(e for e in completer([interne]) if e.code == "pieces")
    assert trouvee.debut.isoformat() == demande and trouvee.genre == "etape"
    declaree = echeance(code="pieces", debut="2021-12-01")
    assert [e for e in completer([interne, declaree]) if e.code == "pieces"] == [declaree]


def test_a_period_counts_from_its_first_day() -> None:
    """A month or a quarter counts from its first day, and the text says so."""
    juin = echeance(code="audit_externe", debut="2022-06-01", fin="2022-06-30", precision="mois")
    assert Passage(juin, -30).jour == dt.date(2022, 5, 2)
    assert dire_quand(juin) == "juin 2022, jour à préciser : compté à partir du 1er juin 2022"
    trimestre = echeance(code="label", debut="2022-07-01", precision="trimestre")
    assert dire_quand(trimestre).startswith("3e trimestre 2022, jour à préciser")


def test_a_campaign_is_finished_a_month_after_its_last_date(tmp_path: Path) -> None:
    """It is caught up for thirty days after its last date, then left in peace."""
    petit.write_projet(tmp_path)
    fiche = load_etats(tmp_path, [], petit.DEBUT)[0].fiche
    assert fiche is not None and max(p.jour for p in list_passages(fiche)).month == 5
    assert not is_finie(fiche, dt.date(2027, 10, 1))
    assert is_finie(fiche, dt.date(2027, 10, 2))


def test_the_calendar_of_the_guide_is_read(tmp_path: Path) -> None:
    """The example of docs/guide.md is a calendar, as it is printed."""
    guide = (RACINE / "docs" / "guide.md").read_text(encoding="utf-8")
    (bloc,) = re.findall(r"```yaml\n(passages:.*?)```", guide, re.DOTALL)
    lu = yaml.load(bloc, yaml.BaseLoader)
    dits = passages(tmp_path, lu["calendrier"], passages=lu["passages"])
    assert [d for d in dits if "clu" in d] == ["2027-03-22 clu"]
    assert sum("audit_interne" in d for d in dits) == 3 and not [d for d in dits if "ct" in d]


# The file.


def proprietes(octets: bytes) -> list[str]:
    """The content lines of a calendar file, unfolded as RFC 5545 (3.1) says."""
    assert octets.endswith(b"\r\n") and b"\n" not in octets.replace(b"\r\n", b"")
    lignes = octets.split(b"\r\n")
    assert all(len(ligne) <= 75 for ligne in lignes)
    return octets.decode().replace("\r\n ", "").split("\r\n")[:-1]


def check_rfc5545(octets: bytes) -> None:
    """The rules of RFC 5545 that our file must keep, read line by line, without our library."""
    lignes = proprietes(octets)
    assert lignes[0] == "BEGIN:VCALENDAR" and lignes[-1] == "END:VCALENDAR"
    pile: list[str] = []
    vus: list[dict[str, str]] = []
    for ligne in lignes:
        nom, valeur = re.fullmatch(r"([A-Z-]+(?:;[A-Z-]+=[^:]+)?):(.*)", ligne, re.DOTALL).groups()  # type: ignore[union-attr]
        assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", valeur)
        if nom == "BEGIN":
            pile.append(valeur)
            vus += [{}] if valeur == "VEVENT" else []
        elif nom == "END":
            assert pile.pop() == valeur
        elif pile[-1] == "VEVENT":
            assert nom not in vus[-1], f"{nom} twice (3.6.1)"
            vus[-1][nom] = valeur
    assert not pile
    assert {"VERSION:2.0", "CALSCALE:GREGORIAN"} <= set(lignes)
    assert sum(ligne.startswith("PRODID:") for ligne in lignes) == 1
    for vu in vus:
        assert re.fullmatch(r"\d{8}T\d{6}Z", vu["DTSTAMP"])
        debut, fin = vu["DTSTART;VALUE=DATE"], vu["DTEND;VALUE=DATE"]
        assert re.fullmatch(r"\d{8}", debut) and debut < fin
        assert vu["STATUS"] in ("TENTATIVE", "CONFIRMED")
        assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", vu["SUMMARY"]), "unescaped (3.3.11)"
    identites = [vu["UID"] for vu in vus]
    assert len(set(identites)) == len(identites)


def agenda(tmp_path: Path, jour: dt.date = JOUR) -> bytes:
    """The calendar file of the demonstration."""
    write_agenda(RACINE, ["moselle_2022"], jour, tmp_path / "a.ics")
    return (tmp_path / "a.ics").read_bytes()


def test_the_demonstration_calendar_is_valid(tmp_path: Path) -> None:
    """Audits, committees, due runs and the due dates of open actions, valid and read back."""
    octets = agenda(tmp_path)
    check_rfc5545(octets)
    lus = Calendar.from_ical(octets)
    evenements = {str(e["uid"]).partition("@")[0]: e for e in lus.walk("VEVENT")}
    copil = evenements["etape-copil.moselle_2022"]
    assert copil["dtstart"].dt == dt.date(2022, 2, 3) and copil["dtend"].dt == dt.date(2022, 2, 4)
    assert evenements["etape-pieces.moselle_2022"]["dtstart"].dt == dt.date(2022, 3, 1)
    assert evenements["etape-audit_interne.moselle_2022"]["status"] == "TENTATIVE"
    assert evenements["passage-audit_interne-30.moselle_2022"]["dtstart"].dt == dt.date(2022, 3, 2)
    enquete = evenements["etape-enquete.moselle_2022"]
    assert (enquete["dtend"].dt - enquete["dtstart"].dt).days == 29  # 10 March to 7 April, included


def test_the_open_actions_are_those_of_the_plan(tmp_path: Path) -> None:
    """Each open action of plan_actions.csv that has a due date is there on that day; no other."""
    import csv

    plan = RACINE / "data" / "campagnes" / "moselle_2022" / "plan_actions.csv"
    with plan.open(encoding="utf-8-sig", newline="") as fichier:
        lignes = list(csv.DictReader(fichier, delimiter=";"))
    ouvertes = {
        li["code"]: li["echeance"]
        for li in lignes
        if li["statut"] in ("à faire", "en cours", "a_faire", "en_cours") and li["echeance"]
    }
    lus = Calendar.from_ical(agenda(tmp_path)).walk("VEVENT")
    actions = {
        str(e["uid"]).partition(".")[0].removeprefix("action-"): e["dtstart"].dt.isoformat()
        for e in lus
        if str(e["uid"]).startswith("action-")
    }
    assert ouvertes and actions == ouvertes


def test_the_same_day_gives_the_same_bytes(tmp_path: Path) -> None:
    """No clock inside: the stamp is the reference day, and identities do not move with dates."""
    premier = agenda(tmp_path)
    assert agenda(tmp_path) == premier
    lendemain = agenda(tmp_path, JOUR + dt.timedelta(days=1))
    assert lendemain.replace(b"DTSTAMP:20220303", b"DTSTAMP:20220302") == premier


@given(titre=st.text(max_size=120), texte=st.text(max_size=200), code=st.text(max_size=20))
def test_any_words_are_escaped_and_folded(titre: str, texte: str, code: str) -> None:
    """Whatever an action is called, the file is valid and its words are read back."""
    evenement = Evenement(f"action-{code}", titre, texte, "Action", JOUR, JOUR, rappel=True)
    octets = render_agenda([evenement], JOUR)
    check_rfc5545(octets)
    (lu,) = Calendar.from_ical(octets).walk("VEVENT")
    attendu = "".join(" " if _est_controle(c) else c for c in titre)
    assert str(lu["summary"]) == attendu.replace("\n", " ") or "\n" in attendu
    assert str(lu["uid"]).endswith("@qualepref.invalid")


def _est_controle(signe: str) -> bool:
    import unicodedata

    return signe != "\n" and unicodedata.category(signe).startswith("C")


def test_a_step_that_moves_keeps_its_identity(tmp_path: Path) -> None:
    """Moved in campagne.yaml, the audit moves in the reader's calendar instead of doubling."""
    petit.write_projet(tmp_path)
    avant = load_etats(tmp_path, [], petit.DEBUT)[0]
    fiche = tmp_path / "data" / "campagnes" / "essai" / "campagne.yaml"
    fiche.write_text(fiche.read_text("utf-8").replace("2027-04-12", "2027-04-13"), "utf-8")
    apres = load_etats(tmp_path, [], petit.DEBUT)[0]
    assert {p.code for p in avant.passages} != {p.code for p in apres.passages}
    from qualepref_lib.running.echeances import agenda as module

    def identites(etat: Any) -> set[str]:
        return {module._etape(etat, etape).identite for etape in etat.fiche.etapes}

    assert identites(avant) == identites(apres)


def test_a_broken_campaign_gives_no_agenda(tmp_path: Path) -> None:
    """A campaign that cannot be read stops the file: an agenda with a hole would be believed."""
    petit.write_projet(tmp_path, passages=[-1, -1])
    with pytest.raises(Refus, match="écrit deux fois"):
        write_agenda(tmp_path, [], petit.DEBUT, tmp_path / "a.ics")
    assert not (tmp_path / "a.ics").exists()
