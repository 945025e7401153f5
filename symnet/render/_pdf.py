"""PDF, by the LaTeX that is installed."""

from __future__ import annotations

from ._base import Format
from ._latex import Latex


class Pdf(Format):
    """The LaTeX document, compiled in a temporary folder."""

    name = "pdf"
    description = "PDF, by the pdflatex, lualatex or tectonic that is installed"
    suffixes = (".pdf",)
    unicode = False

    def render(self) -> bytes:
        return Latex(self.document, self.options).pdf()
