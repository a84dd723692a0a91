"""The workbook as OpenDocument (ODS). The same workbook always gives the same bytes.

``odfdo`` makes the document and its metadata; what it has no method for (checks of what is typed,
highlights, protection, panes) goes to the XML as LibreOffice writes it.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from functools import partial

from odfdo import Document, Element

from qualepref_lib.running.classeurs.modele import ENTETE, Classeur, Feuillet
from qualepref_lib.running.classeurs.ods_corps import (
    marque,
    xml_controles,
    xml_feuillet,
    xml_filtres,
    xml_plages,
    xml_rangs,
)
from qualepref_lib.running.classeurs.ods_notation import echapper
from qualepref_lib.running.classeurs.ods_styles import (
    styles_automatiques,
    styles_communs,
    styles_de_page,
)
from qualepref_lib.running.classeurs.paquet import repack

_INUTILES = ("Thumbnails/thumbnail.png",)
GENERATEUR = "qualepref"
"""Told as the maker of the file: LibreOffice computes again what it did not write itself."""


def format_ods(classeur: Classeur) -> bytes:
    """The bytes of the workbook."""
    document = Document.new("spreadsheet")
    for inutile in _INUTILES:
        document.del_part(inutile)
    _metadonnees(document, classeur)
    _styles(document, classeur)
    _contenu(document, classeur)
    reglages = _reglages(classeur).encode()
    tampon = io.BytesIO()
    document.save(tampon)
    changes: dict[str, Callable[[bytes], bytes]] = {
        "settings.xml": lambda _: reglages,
        "content.xml": partial(_poser_rangs, classeur=classeur),
    }
    return repack(tampon.getvalue(), changes)


def _poser_rangs(contenu: bytes, classeur: Classeur) -> bytes:
    texte = contenu.decode()
    for feuillet in classeur.feuillets:
        texte = texte.replace(marque(feuillet), xml_rangs(feuillet), 1)
    return texte.encode()


def _metadonnees(document: Document, classeur: Classeur) -> None:
    quand = dt.datetime.combine(classeur.date, dt.time())
    meta = document.meta
    meta.set_title(classeur.titre)
    meta.set_creation_date(quand)
    meta.set_modification_date(quand)
    meta.set_language("fr-FR")
    meta.set_generator(GENERATEUR)


def _styles(document: Document, classeur: Classeur) -> None:
    racine = document.styles.root
    page, maitre = styles_de_page(classeur)
    for balise, fragments in (
        ("office:styles", styles_communs()),
        ("office:automatic-styles", [page]),
        ("office:master-styles", [maitre]),
    ):
        groupe = racine.get_element(f"//{balise}")
        assert groupe is not None, "the template of odfdo has its three groups of styles"
        for fragment in fragments:
            groupe.append(Element.from_tag(fragment))


def _contenu(document: Document, classeur: Classeur) -> None:
    racine = document.content.root
    automatiques = racine.get_element("//office:automatic-styles")
    assert automatiques is not None, "the template of odfdo has its automatic styles"
    automatiques.clear()
    for fragment in styles_automatiques(classeur):
        automatiques.append(Element.from_tag(fragment))
    corps = document.body
    corps.clear()
    fragments = [
        '<table:calculation-settings table:case-sensitive="false" '
        'table:automatic-find-labels="false" table:use-regular-expressions="false" '
        'table:use-wildcards="false"/>',
        f"<table:content-validations>{xml_controles(classeur)}</table:content-validations>",
        *(xml_feuillet(feuillet) for feuillet in classeur.feuillets),
        f"<table:named-expressions>{xml_plages(classeur)}</table:named-expressions>",
        f"<table:database-ranges>{xml_filtres(classeur)}</table:database-ranges>",
    ]
    for fragment in fragments:
        corps.append(Element.from_tag(fragment))


def _reglages(classeur: Classeur) -> str:
    """Which rows and columns stay in sight: headings, and the chrono of each letter."""
    espaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0" '
        'xmlns:ooo="http://openoffice.org/2004/office"'
    )
    vues = "".join(_vue(feuillet) for feuillet in classeur.feuillets)
    active = echapper(classeur.feuillets[0].nom)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-settings {espaces} '
        'office:version="1.3"><office:settings><config:config-item-set '
        'config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">'
        '<config:config-item-map-entry><config:config-item config:name="ViewId" '
        'config:type="string">view1</config:config-item><config:config-item-map-named '
        f'config:name="Tables">{vues}</config:config-item-map-named><config:config-item '
        f'config:name="ActiveTable" config:type="string">{active}</config:config-item>'
        "</config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>\n"
    )


def _vue(feuillet: Feuillet) -> str:
    cote = 2 if feuillet.figees else 0
    volet = {
        "HorizontalSplitMode": ("short", cote),
        "VerticalSplitMode": ("short", 2),
        "HorizontalSplitPosition": ("int", feuillet.figees),
        "VerticalSplitPosition": ("int", ENTETE),
        "ActiveSplitRange": ("short", 3 if cote else 2),
        "PositionLeft": ("int", 0),
        "PositionRight": ("int", feuillet.figees),
        "PositionTop": ("int", 0),
        "PositionBottom": ("int", ENTETE),
    }
    reglages = "".join(
        f'<config:config-item config:name="{nom}" config:type="{genre}">{valeur}'
        "</config:config-item>"
        for nom, (genre, valeur) in volet.items()
    )
    nom = echapper(feuillet.nom)
    return (
        f'<config:config-item-map-entry config:name="{nom}">{reglages}'
        "</config:config-item-map-entry>"
    )
