"""The styles of the OpenDocument workbook: cells, columns, pages, highlights."""

from __future__ import annotations

from collections.abc import Iterable

from qualepref_lib.running.classeurs.apparence import (
    APPARENCES,
    COULEURS,
    HAUTEUR_ENTETE,
    POLICE,
    TAILLE,
    TRAIT,
    Apparence,
)
from qualepref_lib.running.classeurs.modele import Champ, Classeur, Feuillet, Surlignage
from qualepref_lib.running.classeurs.ods_notation import echapper, formule, identifiant

PAGE = "Paysage"
DATE = "DateFrancaise"
"""Names of the page layout and of the date format."""
_PIXELS_PAR_CM = 96 / 2.54


def styles_communs() -> list[str]:
    """The named styles that conditional formats apply."""
    return [
        f'<style:style style:name="{nom_couleur(nom)}" style:family="table-cell" '
        f'style:parent-style-name="Default">{_proprietes(vue, fond_seul=True)}</style:style>'
        for nom, vue in COULEURS.items()
    ]


def nom_couleur(couleur: str) -> str:
    """The name of the style of a highlight."""
    return f"Surlignage_{couleur}"


def styles_de_page(classeur: Classeur) -> tuple[str, str]:
    """The page layout and the master page: landscape A4, one page wide, a footer in French."""
    page = (
        f'<style:page-layout style:name="{PAGE}"><style:page-layout-properties '
        'fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape" '
        'fo:margin-top="1.2cm" fo:margin-bottom="1cm" fo:margin-left="1cm" '
        'fo:margin-right="1cm" style:num-format="1" style:scale-to-X="1" style:scale-to-Y="0" '
        'style:print-page-order="ttb" style:writing-mode="lr-tb"/>'
        "<style:header-style/><style:footer-style><style:header-footer-properties "
        'fo:min-height="0.7cm" fo:margin-top="0.2cm"/></style:footer-style></style:page-layout>'
    )
    pied = (
        "<style:region-left><text:p>"
        f"{echapper(classeur.titre)} — <text:sheet-name>feuille</text:sheet-name></text:p>"
        "</style:region-left><style:region-right><text:p>page <text:page-number>1"
        "</text:page-number> / <text:page-count>1</text:page-count></text:p></style:region-right>"
    )
    maitre = (
        f'<style:master-page style:name="{PAGE}" style:page-layout-name="{PAGE}">'
        f'<style:header style:display="false"/><style:footer>{pied}</style:footer>'
        "</style:master-page>"
    )
    return page, maitre


def styles_automatiques(classeur: Classeur) -> list[str]:
    """The styles of the cells, columns, rows and sheets of this workbook."""
    styles = [
        f'<number:date-style style:name="{DATE}" number:automatic-order="false">'
        '<number:day number:style="long"/><number:text>/</number:text>'
        '<number:month number:style="long"/><number:text>/</number:text>'
        '<number:year number:style="long"/></number:date-style>',
        '<style:style style:name="feuille" style:family="table" '
        f'style:master-page-name="{PAGE}"><style:table-properties table:display="true" '
        'style:writing-mode="lr-tb"/></style:style>',
        '<style:style style:name="rang" style:family="table-row"><style:table-row-properties '
        'style:use-optimal-row-height="true"/></style:style>',
        '<style:style style:name="rang_entete" style:family="table-row">'
        f'<style:table-row-properties style:row-height="{HAUTEUR_ENTETE}pt" '
        'style:use-optimal-row-height="false"/></style:style>',
    ]
    styles += [_cellule(nom, "", vue, "") for nom, vue in APPARENCES.items()]
    for feuillet in classeur.feuillets:
        styles += [_colonne(feuillet, champ) for champ in feuillet.champs]
        styles += _surlignees(feuillet)
    return styles


def nom_colonne(feuillet: Feuillet, champ: Champ) -> str:
    """The name of the style of a column."""
    return identifiant("col", feuillet.nom, champ.nom)


def nom_cellule(feuillet: Feuillet, champ: Champ, style: str) -> str:
    """The name of the style of a cell: its own where the column may be highlighted."""
    return f"{style}_{champ.nom}" if surlignages_de(feuillet, champ) else style


def surlignages_de(feuillet: Feuillet, champ: Champ) -> list[Surlignage]:
    """The highlights that may touch a column."""
    noms = [c.nom for c in feuillet.champs]
    rang = noms.index(champ.nom)
    return [s for s in feuillet.surlignages if noms.index(s.de) <= rang <= noms.index(s.a)]


def _surlignees(feuillet: Feuillet) -> Iterable[str]:
    """The conditions are also said in the standard way, which other programs read."""
    for champ in feuillet.champs:
        regles = "".join(
            f'<style:map style:condition="is-true-formula('
            f'{echapper(formule(s.formule, feuillet, 2))})" '
            f'style:apply-style-name="{nom_couleur(s.couleur)}" '
            f'style:base-cell-address="{echapper(feuillet.nom)}.A2"/>'
            for s in surlignages_de(feuillet, champ)
        )
        if regles:
            yield _cellule(champ.style, champ.nom, APPARENCES[champ.style], regles)


def _colonne(feuillet: Feuillet, champ: Champ) -> str:
    """A width in characters of ten points, as Excel counts them: seven pixels each."""
    largeur = (7 * champ.largeur + 5) / _PIXELS_PAR_CM
    return (
        f'<style:style style:name="{nom_colonne(feuillet, champ)}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{largeur:.2f}cm"/></style:style>'
    )


def _cellule(nom: str, champ: str, vue: Apparence, regles: str) -> str:
    complet = f"{nom}_{champ}" if champ else nom
    date = f' style:data-style-name="{DATE}"' if vue.date else ""
    return (
        f'<style:style style:name="{complet}" style:family="table-cell" '
        f'style:parent-style-name="Default"{date}>{_proprietes(vue)}{regles}</style:style>'
    )


def _proprietes(vue: Apparence, fond_seul: bool = False) -> str:
    cellule = f' fo:background-color="{vue.fond.lower()}"' if vue.fond else ""
    paragraphe = ""
    if not fond_seul:
        bord = f' fo:border="0.5pt solid {TRAIT.lower()}"' if vue.bord else ""
        protege = "none" if vue.ouverte else "protected"
        haut = "top" if vue.haut else "middle"
        source = ' style:text-align-source="fix"' if vue.centre else ""
        cellule += (
            f'{bord} fo:wrap-option="wrap" style:vertical-align="{haut}"{source} '
            f'style:cell-protect="{protege}" fo:padding="0.06cm"'
        )
        paragraphe = '<style:paragraph-properties fo:text-align="center"/>' if vue.centre else ""
    return f"<style:table-cell-properties{cellule}/>{paragraphe}{_texte(vue, fond_seul)}"


def _texte(vue: Apparence, fond_seul: bool) -> str:
    police = "" if fond_seul else f' style:font-name="{POLICE}" fo:font-size="{TAILLE}pt"'
    gras = ' fo:font-weight="bold"' if vue.gras else ""
    penche = ' fo:font-style="italic"' if vue.italique else ""
    return f'<style:text-properties fo:color="{vue.texte.lower()}"{police}{gras}{penche}/>'
