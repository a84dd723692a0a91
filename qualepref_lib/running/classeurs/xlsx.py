"""The workbook as XLSX. The same workbook always gives the same bytes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from qualepref_lib.running.classeurs.apparence import (
    APPARENCES,
    COULEURS,
    HAUTEUR_ENTETE,
    POLICE,
    TAILLE,
    TRAIT,
    Apparence,
)
from qualepref_lib.running.classeurs.modele import (
    ENTETE,
    Classeur,
    Controle,
    Feuillet,
    Valeur,
    numero_de_jour,
    patron_formule,
    poser_formule,
)
from qualepref_lib.running.classeurs.paquet import repack

LANGUE = b"<dc:language>fr-FR</dc:language>"
_PERMIS = {"autofilter": True, "format_columns": True, "format_rows": True}


def format_xlsx(classeur: Classeur) -> bytes:
    """The bytes of the workbook."""
    tampon = io.BytesIO()
    livre = xlsxwriter.Workbook(tampon, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    _proprietes(livre, classeur)
    styles = {nom: livre.add_format(_style(vue)) for nom, vue in APPARENCES.items()}
    couleurs = {nom: livre.add_format(_couleur(vue)) for nom, vue in COULEURS.items()}
    for feuillet in classeur.feuillets:
        feuille = livre.add_worksheet(feuillet.nom)
        _remplir(feuille, feuillet, styles)
        _surligner(feuille, feuillet, couleurs)
        _controler(feuille, feuillet)
        _presenter(feuille, feuillet, classeur)
    for plage in classeur.plages:
        cellules = f"${plage.lettre}${plage.debut}:${plage.lettre}${plage.fin}"
        livre.define_name(plage.nom, f"='{plage.feuillet}'!{cellules}")
    livre.close()
    return repack(tampon.getvalue(), {"docProps/core.xml": _dire_la_langue})


def _style(vue: Apparence) -> dict[str, Any]:
    style: dict[str, Any] = {
        "font_name": POLICE,
        "font_size": TAILLE,
        "text_wrap": True,
        "valign": "top" if vue.haut else "vcenter",
        "locked": not vue.ouverte,
    }
    if vue.bord:
        style |= {"border": 1, "border_color": TRAIT}
    if vue.centre:
        style["align"] = "center"
    if vue.date:
        style["num_format"] = "dd/mm/yyyy"
    return style | _couleur(vue)


def _couleur(vue: Apparence) -> dict[str, Any]:
    couleur: dict[str, Any] = {"font_color": vue.texte, "bold": vue.gras, "italic": vue.italique}
    return couleur | ({"bg_color": vue.fond} if vue.fond else {})


def _proprietes(livre: Workbook, classeur: Classeur) -> None:
    livre.set_properties(
        {
            "title": classeur.titre,
            "created": dt.datetime.combine(classeur.date, dt.time()),
        }
    )
    livre.set_calc_mode("auto")


def _dire_la_langue(proprietes: bytes) -> bytes:
    """XlsxWriter has no setting for the language of the document."""
    return proprietes.replace(b"</cp:coreProperties>", LANGUE + b"</cp:coreProperties>")


def _remplir(feuille: Worksheet, feuillet: Feuillet, styles: Mapping[str, Format]) -> None:
    for colonne, champ in enumerate(feuillet.champs):
        feuille.set_column(colonne, colonne, champ.largeur, styles[champ.style])
        feuille.write_string(0, colonne, champ.titre, styles["entete"])
        patron = _patron(champ.formule, feuillet) if champ.formule else ""
        for rang in range(feuillet.rangs):
            place = (ENTETE + rang, colonne, feuillet.valeur(rang, colonne))
            nom = feuillet.style(rang, champ)
            if patron and not (place[2] and nom == "saisie"):
                formule = poser_formule(patron, ENTETE + rang + 1)
                feuille.write_formula(*place[:2], formule, styles[nom], _cache(place[2]))
            else:
                _ecrire(feuille, place, styles[nom])


def _ecrire(feuille: Worksheet, place: tuple[int, int, Valeur], style: Format) -> None:
    ligne, colonne, valeur = place
    if isinstance(valeur, dt.date):
        feuille.write_datetime(ligne, colonne, dt.datetime.combine(valeur, dt.time()), style)
    elif isinstance(valeur, int):
        feuille.write_number(ligne, colonne, valeur, style)
    elif valeur:
        feuille.write_string(ligne, colonne, valeur, style)
    else:
        feuille.write_blank(ligne, colonne, None, style)


def _cache(valeur: Valeur) -> str | int:
    """What stands beside a formula for the programs that do not compute."""
    if isinstance(valeur, dt.date):
        return numero_de_jour(valeur)
    return "" if valeur is None else valeur


def _formule(modele: str, feuillet: Feuillet, ligne: int) -> str:
    return poser_formule(_patron(modele, feuillet), ligne)


def _patron(modele: str, feuillet: Feuillet) -> str:
    return "=" + patron_formule(modele, feuillet, "${}{}", ",")


def _surligner(feuille: Worksheet, feuillet: Feuillet, couleurs: Mapping[str, Format]) -> None:
    for surlignage in feuillet.surlignages:
        de, a = feuillet.lettre(surlignage.de), feuillet.lettre(surlignage.a)
        feuille.conditional_format(
            f"{de}{ENTETE + 1}:{a}{ENTETE + feuillet.rangs}",
            {
                "type": "formula",
                "criteria": _formule(surlignage.formule, feuillet, ENTETE + 1),
                "format": couleurs[surlignage.couleur],
                "stop_if_true": True,
            },
        )


def _controler(feuille: Worksheet, feuillet: Feuillet) -> None:
    for colonne, champ in enumerate(feuillet.champs):
        rangs = [r for r in range(feuillet.rangs) if feuillet.style(r, champ).startswith("saisie")]
        if champ.controle and rangs:
            options = _options(champ.controle, feuillet, ENTETE + rangs[0] + 1)
            feuille.data_validation(
                ENTETE + rangs[0], colonne, ENTETE + rangs[-1], colonne, options
            )


def _options(controle: Controle, feuillet: Feuillet, ligne: int) -> dict[str, Any]:
    options: dict[str, Any] = {
        "error_title": controle.titre,
        "error_message": controle.message,
        "error_type": "stop" if controle.stricte else "warning",
        "ignore_blank": True,
    }
    if controle.invite:
        options |= {"input_title": controle.titre.split()[0], "input_message": controle.invite}
    if controle.genre == "liste":
        return options | {"validate": "list", "source": f"={controle.source}"}
    if controle.genre == "dates":
        bornes = {"minimum": controle.mini, "maximum": controle.maxi}
        ecrites = {nom: _formule(borne, feuillet, ligne) for nom, borne in bornes.items()}
        return options | {"validate": "date", "criteria": "between"} | ecrites
    return options | {"validate": "custom", "value": _formule(controle.source, feuillet, ligne)}


def _presenter(feuille: Worksheet, feuillet: Feuillet, classeur: Classeur) -> None:
    """What the sheet looks like, on the screen and on paper; protected without a password."""
    derniere = len(feuillet.champs) - 1
    feuille.set_row(0, HAUTEUR_ENTETE)
    feuille.freeze_panes(ENTETE, feuillet.figees)
    if feuillet.filtre:
        feuille.autofilter(0, 0, max(1, feuillet.rangs), derniere)
    feuille.set_landscape()
    feuille.set_paper(9)
    feuille.fit_to_pages(1, 0)
    feuille.repeat_rows(0)
    feuille.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    feuille.set_footer(f"&L&8{_pied(classeur.titre)} — &A&R&8page &P / &N")
    feuille.print_area(0, 0, feuillet.rangs, derniere)
    feuille.protect("", _PERMIS)


def _pied(texte: str) -> str:
    """A text of a footer, where ``&`` announces an order."""
    return texte.replace("&", "&&")
