"""Theorem files as tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from .._announce import announce
from .._late import late
from ..catalogue import OPEN, REFUTED, expected_verdict


def is_theorem_file(path: Path, parent: pytest.Collector) -> bool:
    """Whether a Python file is to be taken for a theorem.

    It is one in a folder that the option ``symnet_theorems`` names, or in ``refuted/`` or ``open/``
    in there; elsewhere only where it was named on the command line itself and reads like one.
    """
    config = parent.config
    patterns = [*config.getini("python_files"), "conftest.py", "_*"]
    if any(fnmatch(path.name, pattern) for pattern in patterns):
        return False
    folder = path.parent.parent if path.parent.name in (REFUTED, OPEN) else path.parent
    folders = [Path(f).resolve() for f in config.getini("symnet_theorems")]
    if {folder.resolve(), path.parent.resolve()} & set(folders):
        return True
    return parent.session.isinitpath(path) and reads_like_a_theorem(path)


def reads_like_a_theorem(path: Path) -> bool:
    """Whether a file has a docstring, imports symnet and gives ``claim`` a value; it is not run."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return False
    imports = {
        name.split(".")[0]
        for node in tree.body
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    named = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    return "symnet" in imports and "claim" in named and ast.get_docstring(tree) is not None


class TheoremFile(pytest.File):
    """A theorem file; it is run when its test is."""

    def collect(self) -> Iterator[pytest.Item]:
        yield TheoremItem.from_parent(self, name="claim")


class TheoremItem(pytest.Item):
    """The claim of a theorem file is proved, with its derivation, or what else the folder says."""

    @property
    def expected(self) -> str:
        return expected_verdict(self.path)

    def runtest(self) -> None:
        theorem = late("catalogue", "read_file")(self.path)
        if self.expected != "proved":
            announce(theorem.claim, theorem.verdict)
            if theorem.problem:
                raise AssertionError(f"{theorem.statement}\n{self._otherwise(theorem.verdict)}")
            return
        settle = late("testing._message", "settle")
        settle(theorem.claim, theorem.verdict, "the theorem", theorem.statement)
        if theorem.problem:
            raise AssertionError(f"{theorem.statement}\n{theorem.problem}")

    def _otherwise(self, verdict: Any) -> str:
        folder = self.path.parent.name
        if self.expected == "refuted":
            return (
                f"The file stands in {folder}/, so its claim is to be refuted, and it is {verdict}"
            )
        return f"The file stands in {folder}/, and its claim is no longer open: it is {verdict}"

    def repr_failure(self, excinfo: Any, *args: Any, **kwargs: Any) -> Any:
        if hasattr(excinfo.value, "verdict") or excinfo.type is AssertionError:
            return str(excinfo.value).strip()
        if excinfo.type.__name__ == "TheoremError":
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args, **kwargs)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"theorem {self.path.stem}"
