"""nbconvert's door: one executed notebook becomes one page, with the tools people already have.

``jupyter nbconvert --to qualepref X.ipynb`` uses the exporter below;
``jupyter nbconvert --to html --template qualepref X.ipynb`` uses the stock one with our template.
In both the page is drawn by the preprocessor that the template's ``conf.json`` names.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import TemplateExporter
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets import Bool, default
from traitlets.config import Application

from qualepref_lib.core.refus import Probleme, Refus
from qualepref_lib.rapport.page import (
    Couverture,
    Page,
    build_chapitre,
    collect_registre,
)
from qualepref_lib.rapport.sceau import render_scellee

GABARITS = Path(__file__).parent / "templates"


def render_notebook(notebook: NotebookNode, nom: str, *, strict: bool = False) -> str:
    """The page of one executed notebook, as ``qualepref rapport`` would draw its chapter."""
    _refuser_non_execute(notebook, nom)
    chapitre = build_chapitre(notebook, nom, strict=strict)
    page = Page(
        couverture=Couverture(titre=chapitre.titre),
        chapitres=(chapitre,),
        registre=collect_registre([chapitre]),
    )
    texte, _ = render_scellee(page)
    return texte


def _refuser_non_execute(notebook: NotebookNode, nom: str) -> None:
    """A page of headings without figures would look complete."""
    codes = [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]
    if codes and not any(c.get("outputs") or c.get("execution_count") for c in codes):
        constat = "le carnet n’a pas été exécuté."
        raise Refus(Probleme(f"{nom}.ipynb", constat, remede="lancer d’abord papermill."))


class PagePreprocessor(Preprocessor):
    """Puts the finished page in ``resources['qualepref']``, which is all the template prints."""

    strict = Bool(False, help="Refuse what is not a block of qualepref_lib.").tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Draw the page; the notebook itself is left as it is."""
        nom = resources.get("metadata", {}).get("name") or "brouillon"
        strict = resources.get("qualepref_strict", self.strict)
        resources["qualepref"] = render_notebook(nb, nom, strict=strict)
        return nb, resources


class QualeprefExporter(TemplateExporter):
    """One executed notebook as an accessible page without script."""

    export_from_notebook = "Qual-e-Pref"
    output_mimetype = "text/html"

    strict = Bool(False, help="Refuse what is not a block of qualepref_lib.").tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "qualepref"

    @default("extra_template_basedirs")
    def _default_extra_template_basedirs(self) -> list[str]:
        return [str(GABARITS)]

    def from_notebook_node(  # type: ignore[override]  # as TemplateExporter itself
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page; on the command line a refusal is printed, without a traceback."""
        try:
            page, resources = super().from_notebook_node(nb, resources, **kw)
        except Refus as refus:
            if _en_ligne_de_commande():
                raise SystemExit(str(refus)) from None
            raise
        return page, resources

    def _init_resources(self, resources: dict[str, Any] | None) -> dict[str, Any]:
        prets: dict[str, Any] = super()._init_resources(resources)  # type: ignore[no-untyped-call]
        prets["qualepref_strict"] = self.strict
        return prets


def _en_ligne_de_commande() -> bool:
    # By name: importing the application here would import this very exporter again.
    return Application.initialized() and Application.instance().name == "jupyter-nbconvert"


__all__ = ["PagePreprocessor", "QualeprefExporter", "render_notebook"]
