"""The messages of a cell become its outputs, by the rules of the notebook format."""

from __future__ import annotations

from typing import Any

Message = dict[str, Any]


class Sorties:
    """Messages become outputs, by the rules that front ends follow."""

    def __init__(self) -> None:
        self.affichages: dict[str, list[dict[str, Any]]] = {}

    def assembler(self, messages: list[Message], compte: int) -> list[dict[str, Any]]:
        """The outputs of a cell: displays updated, clearings obeyed."""
        sorties: list[dict[str, Any]] = []
        effacer = False
        for message in messages:
            genre, contenu = message["msg_type"], message["content"]
            if genre == "clear_output":
                effacer = bool(contenu.get("wait"))
                if not effacer:
                    sorties.clear()
                continue
            if genre == "update_display_data":
                self._actualiser(contenu)
                continue
            if genre not in ("stream", "display_data", "execute_result", "error"):
                continue
            if effacer:
                sorties.clear()
                effacer = False
            self._ajouter(sorties, genre, contenu, compte)
        return sorties

    def _ajouter(
        self, sorties: list[dict[str, Any]], genre: str, contenu: dict[str, Any], compte: int
    ) -> None:
        if genre == "stream":
            sorties.append({"output_type": "stream", **contenu})
            return
        if genre == "error":
            sorties.append({"output_type": "error", **contenu})
            return
        sortie = {
            "output_type": genre,
            "data": contenu["data"],
            "metadata": contenu.get("metadata") or {},
        }
        if genre == "execute_result":
            sortie["execution_count"] = compte
        sorties.append(sortie)
        identite = (contenu.get("transient") or {}).get("display_id")
        if identite:
            self.affichages.setdefault(identite, []).append(sortie)

    def _actualiser(self, contenu: dict[str, Any]) -> None:
        identite = str((contenu.get("transient") or {}).get("display_id"))
        for sortie in self.affichages.get(identite, ()):
            sortie["data"] = contenu["data"]
            sortie["metadata"] = contenu.get("metadata") or {}
