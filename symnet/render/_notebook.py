"""Jupyter notebooks: cells of Markdown, and of Python where a statement comes with some."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from ..document import Statement
from ._markdown import Markdown, escaped


class Notebook(Markdown):
    """A notebook in format 4.5; every block is a cell, and what shows a claim can be run.

    Source: The Jupyter Notebook Format, nbformat 4.5.
    """

    name = "notebook"
    description = "a Jupyter notebook; statements with Python that proves them again"
    suffixes: ClassVar[tuple[str, ...]] = (".ipynb",)

    def render(self) -> str:
        title = [f"# {escaped(self.document.title)}"] if self.document.title else []
        by = ", ".join(filter(None, (self.document.author, self.document.date)))
        cells = [_cell("markdown", text) for text in (*title, *([escaped(by)] if by else []))]
        for block in self.document.blocks:
            cells.append(_cell("markdown", self.block(block)))
            if isinstance(block, Statement) and block.code:
                cells.append(_cell("code", block.code))
        for number, cell in enumerate(cells, start=1):
            cell["id"] = f"cell-{number}"
        book = {
            "cells": cells,
            "metadata": {
                "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                "language_info": {"name": "python"},
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def _cell(kind: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": text}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})
