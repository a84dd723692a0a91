"""The sheets of the OpenDocument workbook as XML: cells, checks, highlights, names, filters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from qualepref_lib.running.classeurs.apparence import APPARENCES
from qualepref_lib.running.classeurs.modele import (
    ENTETE,
    Champ,
    Classeur,
    Controle,
    Feuillet,
    Valeur,
    poser_formule,
)
from qualepref_lib.running.classeurs.ods_notation import (
    citer,
    echapper,
    etendue,
    formule,
    identifiant,
    patron,
)
from qualepref_lib.running.classeurs.ods_styles import nom_cellule, nom_colonne, nom_couleur


def xml_feuillet(feuillet: Feuillet) -> str:
    """One sheet: headings repeated on each page, protected without a password.

    A mark stands for the rows: handing thousands of them to ``odfdo`` takes a minute.
    """
    colonnes = "".join(
        f'<table:table-column table:style-name="{nom_colonne(feuillet, champ)}" '
        f'table:default-cell-style-name="{champ.style}"/>'
        for champ in feuillet.champs
    )
    entetes = "".join(_texte(champ.titre, "entete") for champ in feuillet.champs)
    return (
        f'<table:table table:name="{echapper(feuillet.nom)}" table:style-name="feuille" '
        f'table:protected="true" table:print-ranges="{etendue(feuillet, 1)}">'
        '<loext:table-protection loext:select-protected-cells="true" '
        'loext:select-unprotected-cells="true" loext:use-autofilter="true"/>'
        f"{colonnes}<table:table-header-rows>"
        f'<table:table-row table:style-name="rang_entete">{entetes}</table:table-row>'
        f"</table:table-header-rows>{marque(feuillet)}{_surlignages(feuillet)}</table:table>"
    )


def marque(feuillet: Feuillet) -> str:
    """What stands for the rows of a sheet until the XML is written."""
    return f'<table:table-row table:style-name="{identifiant("rangs", feuillet.nom)}"/>'


def xml_rangs(feuillet: Feuillet) -> str:
    """The rows of a sheet under its headings."""
    cellules = [_cellules(feuillet, champ, i) for i, champ in enumerate(feuillet.champs)]
    return "".join(
        f'<table:table-row table:style-name="rang">{"".join(rang)}</table:table-row>'
        for rang in zip(*cellules, strict=True)
    )


def _cellules(feuillet: Feuillet, champ: Champ, colonne: int) -> Iterator[str]:
    """The cells of one column, from the first row to the last."""
    modele = echapper(patron(champ.formule, feuillet)) if champ.formule else ""
    controle = f' table:content-validation-name="{_nom(feuillet, champ)}"' if champ.controle else ""
    styles = {style: nom_cellule(feuillet, champ, style) for style in APPARENCES}
    for rang in range(feuillet.rangs):
        valeur, style = feuillet.valeur(rang, colonne), feuillet.style(rang, champ)
        attributs = controle if style.startswith("saisie") else ""
        if modele and not (valeur and style == "saisie"):
            texte = poser_formule(modele, ENTETE + rang + 1)
            attributs += f' table:formula="of:={texte}"'
        yield _ecrire(valeur, styles[style], attributs)


def _ecrire(valeur: Valeur, style: str, attributs: str) -> str:
    if valeur is None and "table:formula" in attributs:
        # Not computed yet reads as a fault; an empty text is what the formula gives when blank.
        attributs += ' office:value-type="string" office:string-value=""'
    if valeur is None:
        return f'<table:table-cell table:style-name="{style}"{attributs}/>'
    if isinstance(valeur, dt.date):
        genre = f'office:value-type="date" office:date-value="{valeur.isoformat()}"'
        texte = f"{valeur:%d/%m/%Y}"
    elif isinstance(valeur, int):
        genre, texte = f'office:value-type="float" office:value="{valeur}"', str(valeur)
    else:
        genre, texte = 'office:value-type="string"', valeur
    return (
        f'<table:table-cell table:style-name="{style}"{attributs} {genre}>'
        f"<text:p>{echapper(texte)}</text:p></table:table-cell>"
    )


def _texte(texte: str, style: str) -> str:
    return _ecrire(texte, style, "")


def _surlignages(feuillet: Feuillet) -> str:
    if not feuillet.surlignages:
        return ""
    formats = "".join(
        "<calcext:conditional-format calcext:target-range-address="
        f'"{etendue(feuillet, ENTETE + 1, s.de, s.a)}"><calcext:condition '
        f'calcext:apply-style-name="{nom_couleur(s.couleur)}" calcext:value="formula-is('
        f'{echapper(formule(s.formule, feuillet, ENTETE + 1))})" calcext:base-cell-address='
        f'"{echapper(citer(feuillet.nom))}.{feuillet.lettre(s.de)}{ENTETE + 1}"/>'
        "</calcext:conditional-format>"
        for s in feuillet.surlignages
    )
    return f"<calcext:conditional-formats>{formats}</calcext:conditional-formats>"


def _nom(feuillet: Feuillet, champ: Champ) -> str:
    return identifiant("controle", feuillet.nom, champ.nom)


def xml_controles(classeur: Classeur) -> str:
    """What may be typed in each open column."""
    return "".join(
        _controle(feuillet, champ, champ.controle)
        for feuillet in classeur.feuillets
        for champ in feuillet.champs
        if champ.controle
    )


def _controle(feuillet: Feuillet, champ: Champ, controle: Controle) -> str:
    rangs = (r for r in range(feuillet.rangs) if feuillet.style(r, champ).startswith("saisie"))
    ligne = ENTETE + next(rangs, 0) + 1
    condition = _condition(feuillet, controle, ligne)
    aide = ""
    if controle.invite:
        titre = echapper(controle.titre.split()[0])
        aide = (
            f'<table:help-message table:title="{titre}" table:display="true">'
            f"<text:p>{echapper(controle.invite)}</text:p></table:help-message>"
        )
    genre = "stop" if controle.stricte else "warning"
    liste = ' table:display-list="unsorted"' if controle.genre == "liste" else ""
    return (
        f'<table:content-validation table:name="{_nom(feuillet, champ)}" '
        f'table:condition="of:{echapper(condition)}" table:allow-empty-cell="true"{liste} '
        f'table:base-cell-address="{echapper(citer(feuillet.nom))}.'
        f'{feuillet.lettre(champ.nom)}{ligne}">{aide}<table:error-message '
        f'table:message-type="{genre}" table:title="{echapper(controle.titre)}" '
        f'table:display="true"><text:p>{echapper(controle.message)}</text:p>'
        "</table:error-message></table:content-validation>"
    )


def _condition(feuillet: Feuillet, controle: Controle, ligne: int) -> str:
    if controle.genre == "liste":
        return f"cell-content-is-in-list({controle.source})"
    if controle.genre == "formule":
        return f"is-true-formula({formule(controle.source, feuillet, ligne)})"
    bornes = ",".join(formule(b, feuillet, ligne) for b in (controle.mini, controle.maxi))
    return f"cell-content-is-date() and cell-content-is-between({bornes})"


def xml_plages(classeur: Classeur) -> str:
    """The named ranges."""
    premiere = citer(classeur.feuillets[0].nom)
    return "".join(
        f'<table:named-range table:name="{plage.nom}" '
        f'table:base-cell-address="${premiere}.$A$1" table:cell-range-address="$'
        f"{echapper(citer(plage.feuillet))}.${plage.lettre}${plage.debut}:"
        f'.${plage.lettre}${plage.fin}"/>'
        for plage in classeur.plages
    )


def xml_filtres(classeur: Classeur) -> str:
    """The filters of the headings, under the name that LibreOffice gives to those of a sheet."""
    return "".join(
        f'<table:database-range table:name="__Anonymous_Sheet_DB__{rang}" '
        f'table:target-range-address="{etendue(feuillet, 1)}" '
        'table:display-filter-buttons="true"/>'
        for rang, feuillet in enumerate(classeur.feuillets)
        if feuillet.filtre
    )
