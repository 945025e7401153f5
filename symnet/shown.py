"""What shows itself by a document: derivations, and the arguments of proofs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .document import Document
from .render import render, write


class Shown:
    """What shows itself by a document: as text, in a notebook, in every output format."""

    def document(self, label: str | None = None) -> Document:
        """What is shown, as blocks."""
        raise NotImplementedError

    def latex(self, *, label: str | None = None, **options: Any) -> str:
        r"""A fragment for amsmath, to ``\input``; ``standalone=True`` for a whole document.

        Options are those of :func:`symnet.render.render`: ``notation``, ``bold``, ``numbered``, …
        With ``numbered=True`` the last line has the label ``label``, the k-th ``label:k``.
        """
        return str(render(self.document(label), "latex", **options))

    def to(
        self,
        path: str | Path,
        format: str | None = None,
        *,
        label: str | None = None,
        **options: Any,
    ) -> Path:
        """Write it to a file; the suffix picks the format (.tex .pdf .md .html .txt)."""
        return write(self.document(label), path, format, **options)

    def __str__(self) -> str:
        return str(render(self.document(), "text")).rstrip("\n")

    def _repr_html_(self) -> str:
        return str(render(self.document(), "html", fragment=True))
