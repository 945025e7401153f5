"""PDF, by matplotlib."""

from __future__ import annotations

from typing import Any

from ._matplotlib import Saved


class Pdf(Saved):
    """A page as large as the picture, for ``\\includegraphics``."""

    name = "pdf"
    description = "PDF page (matplotlib)"
    suffixes = (".pdf",)

    def metadata(self) -> dict[str, Any]:
        said = {"Title": self.picture.title, "Subject": self.picture.description}
        nothing = {"CreationDate": None, "Creator": None, "Producer": None}
        return {**nothing, **{key: text for key, text in said.items() if text}}
