"""What leads to a person is masked, however it is spelled; everyday speech is left as it is."""

from __future__ import annotations

import string
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from qualepref_lib.core.masques import MARQUES, masquer, noms_de
from qualepref_lib.core.masques.aplat import aplatir, nettoyer
from qualepref_lib.core.masques.numeros import cle_nir, luhn, modulo_97

FICHIER = yaml.safe_load((Path(__file__).parent / "cas" / "verbatims.yaml").read_text("utf-8"))
MASQUES = [(c["nom"], *paire) for c in FICHIER["cas"] for paire in c.get("masques", ())]
RESTENT = [texte for c in FICHIER["cas"] for texte in c.get("restent", ())]

SEPARATEURS = [
    "",
    " ",
    ".",
    "-",
    "/",
    "\u00a0",
    "\u202f",
    "\u2009",
    "\u2011",
    "\u200b",
    ". ",
    " - ",
]
CHIFFRES = ["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"]
chiffres = st.text(string.digits, min_size=8, max_size=8)
separateurs = st.sampled_from(SEPARATEURS)
banales = st.sampled_from(["Bonjour, ", "mon numéro : ", "", "(", "merci de rappeler "])
suites = st.sampled_from([".", "", ", merci", ")", " svp", "\nCordialement"])


@pytest.mark.parametrize(
    ("nom", "texte", "attendu"), MASQUES, ids=[f"{i}" for i in range(len(MASQUES))]
)
def test_ce_qui_est_masque(nom: str, texte: str, attendu: str) -> None:
    """Each example is shown as the case file says, and a second reading changes nothing."""
    assert masquer(texte).texte == attendu, nom
    assert masquer(attendu).texte == attendu


@pytest.mark.parametrize("texte", RESTENT)
def test_ce_qui_reste(texte: str) -> None:
    """Everyday speech is not masked."""
    assert masquer(texte).texte == texte
    assert masquer(texte).genres == ()


def test_il_y_a_assez_d_exemples() -> None:
    """At least a hundred examples are masked, and there are dozens that stay."""
    assert len(MASQUES) >= 100 and len(RESTENT) >= 45


def _epeler(numero: str, seps: list[str], alphabet: str) -> str:
    """A number with separators between its digits, in the digits of one script."""
    traduits = numero.translate(str.maketrans("0123456789", alphabet))
    return "".join(c + s for c, s in zip(traduits, [*seps, ""], strict=True))


@given(
    st.sampled_from("12345679"), chiffres, st.lists(separateurs, min_size=9, max_size=9),
    st.sampled_from(CHIFFRES), banales, suites,
)  # fmt: skip
@example("6", "12345678", [""] * 9, CHIFFRES[0], "", "")
def test_aucun_telephone_ne_passe(
    type_: str, reste: str, seps: list[str], alphabet: str, avant: str, apres: str
) -> None:
    """A French number does not pass, whatever stands between its digits."""
    numero = f"0{type_}{reste}"
    texte = avant + _epeler(numero, seps, alphabet) + apres
    masque = masquer(texte)
    assert not any(c.isdigit() for c in aplatir(masque.texte).plat), (texte, masque)


@given(
    st.sampled_from(["+33", "0033", "+33 (0)", "(+33)", "00 33", "+33-"]),
    st.sampled_from("12345679"), chiffres, st.lists(separateurs, min_size=8, max_size=8),
)  # fmt: skip
def test_aucun_international_ne_passe(
    prefixe: str, type_: str, reste: str, seps: list[str]
) -> None:
    """Nor does it in its international spelling."""
    texte = f"{prefixe} {_epeler(type_ + reste, seps, CHIFFRES[0])}"
    assert not any(c.isdigit() for c in masquer(texte).texte), texte


@given(
    st.sampled_from("12"), st.text(string.digits, min_size=2, max_size=2), st.integers(1, 12),
    st.sampled_from(["57", "2A", "2B", "99", "75"]), st.text(string.digits, min_size=6, max_size=6),
    st.sampled_from([" ", "", ".", "-"]), st.booleans(),
)  # fmt: skip
def test_aucun_nir_ne_passe(
    sexe: str, annee: str, mois: int, dep: str, reste: str, sep: str, avec_cle: bool
) -> None:
    """A social security number does not pass, with its key or without."""
    parties = [sexe, annee, f"{mois:02d}", dep, reste[:3], reste[3:]]
    cle = [f"{cle_nir(''.join(parties)):02d}"] if avec_cle else []
    masque = masquer("mon numéro " + sep.join(parties + cle))
    assert not any(c.isdigit() for c in masque.texte), masque


@given(st.text(string.digits, min_size=21, max_size=21), st.sampled_from([" ", "", "-"]))
def test_aucun_iban_ne_passe(corps: str, sep: str) -> None:
    """A French account does not pass, its check digits being right."""
    bban = corps + "00"
    reste = 98 - int(f"{bban}152700") % 97
    iban = f"FR{reste:02d}{bban}"
    assert modulo_97(iban)
    groupes = [iban[i : i + 4] for i in range(0, len(iban), 4)]
    masque = masquer("RIB " + sep.join(groupes))
    assert not any(c.isdigit() for c in masque.texte), masque


@given(st.text(string.digits, min_size=15, max_size=15), st.sampled_from([" ", "", "-"]))
def test_aucune_carte_ne_passe(debut: str, sep: str) -> None:
    """A bank card number does not pass."""
    carte = next(debut + c for c in string.digits if luhn(debut + c))
    annees = all(carte[i : i + 2] in ("19", "20") for i in range(0, 16, 4))
    masque = masquer("carte bleue " + sep.join(carte[i : i + 4] for i in range(0, 16, 4)))
    assert annees or not any(c.isdigit() for c in masque.texte), masque


lettres = st.text(string.ascii_letters + string.digits, min_size=1, max_size=8)


@given(lettres, lettres, st.sampled_from(["@", " @ ", "(at)", " [at] ", " arobase ", "＠"]),
       st.sampled_from([".", " point ", "(point)", "．"]))  # fmt: skip
def test_aucun_courriel_ne_passe(local: str, domaine: str, at: str, point: str) -> None:
    """An address does not pass, its signs being spelled or not."""
    masque = masquer(f"écrire {local}{at}{domaine}{point}fr")
    assert masque.texte.startswith("écrire [adresse électronique]"), masque


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
@example("0612345678 0612345678 06 12")
@example("Mme Mme Dupont Dupont 12 rue 12 rue rue")
def test_une_seconde_lecture_ne_change_rien(texte: str) -> None:
    """What was masked is stable: screening it again gives the same text."""
    une = masquer(texte).texte
    assert masquer(une).texte == une


BANALS = (
    "attente accueil guichet personnel agent dossier rendez-vous horaires site très bien trop long "
    "merci ouvrir le samedi 15 jours 2 heures 2021 12 € 3 fois par mois"
)
MOTS = st.sampled_from(BANALS.split(" "))


@given(st.lists(MOTS, max_size=12))
def test_un_texte_sans_donnee_ne_change_pas(mots: list[str]) -> None:
    """A text made of everyday words and short numbers is returned unchanged."""
    texte = ", ".join(mots)
    assert masquer(texte).texte == texte


def test_la_liste_locale_masque_des_mots_entiers() -> None:
    """Listed names are found without accents or case, as whole words, a dash being a space."""
    liste = noms_de(["Hélène Petit # standard", "", "# remarque", "Le Roux"])
    assert masquer("merci HELENE PETIT et le-roux", liste).texte == "merci [nom] et [nom]"
    assert masquer("Helene a un petit souci, roux", liste).texte == "Helene a un petit souci, roux"
    assert noms_de(["", "# rien"]) is None


@given(st.text(st.sampled_from("aé’–« \u00a0\u202f0ÀŸç°€"), max_size=20))
def test_le_raccourci_aplatit_comme_le_reste(texte: str) -> None:
    """What French is typed with is flattened at once as it would be letter by letter."""
    assert aplatir(texte).plat == aplatir(texte + "\u4e00").plat[:-1]


def test_les_marques_ne_sont_pas_des_donnees() -> None:
    """No mark is itself masked: the words that replace hold nothing to replace."""
    for marque in MARQUES.values():
        assert masquer(f"voir [{marque}] ici").genres == ()


def test_la_cle_est_celle_des_exemples_publies() -> None:
    """The key is 97 minus the remainder by 97, as the published worked number has it."""
    assert cle_nir("2550814168025") == 38  # the number of the social security's own example card
    assert luhn("4539578763621486") and modulo_97("GB82WEST12345698765432")  # ISO 13616


@given(st.text())
@example("a\u202eb\u200b\tc\u2028d \u00a0é")
def test_a_cleaned_text_keeps_what_is_seen(texte: str) -> None:
    """Controls, invisible and reordering characters are dropped, any white space is one space."""
    vus = [c for c in texte if c.isspace() or unicodedata.category(c)[0] != "C"]
    mots = "".join(" " if c.isspace() else c for c in vus).split(" ")
    assert nettoyer(texte) == " ".join(mot for mot in mots if mot)
