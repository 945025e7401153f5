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

#: The folder, inside a folder of theorem files, of claims that are false.
REFUTED = "refuted"


def is_theorem_file(path: Path, parent: pytest.Collector) -> bool:
    """Whether a Python file is to be taken for a theorem.

    It is one in a folder that the option ``symnet_theorems`` names, or in ``refuted/`` in there;
    elsewhere only where it was named on the command line itself and reads like one.
    """
    config = parent.config
    patterns = [*config.getini("python_files"), "conftest.py", "_*"]
    if any(fnmatch(path.name, pattern) for pattern in patterns):
        return False
    folder = path.parent.parent if path.parent.name == REFUTED else path.parent
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
    """The claim of a theorem file is proved, with its derivation, or refuted as the folder says."""

    @property
    def is_refuted(self) -> bool:
        return self.path.parent.name == REFUTED

    def runtest(self) -> None:
        theorem = late("catalogue", "read_file")(self.path)
        if theorem.is_refuted:
            announce(theorem.claim, theorem.verdict)
            if theorem.problem:
                raise AssertionError(
                    f"{theorem.statement}\nThe file stands in {REFUTED}/, so its claim is to be "
                    f"refuted, and it is {theorem.verdict}"
                )
            return
        settle = late("testing._message", "settle")
        settle(theorem.claim, theorem.verdict, "the theorem", theorem.statement)
        if theorem.problem:
            raise AssertionError(f"{theorem.statement}\n{theorem.problem}")

    def repr_failure(self, excinfo: Any, *args: Any, **kwargs: Any) -> Any:
        if hasattr(excinfo.value, "verdict") or excinfo.type is AssertionError:
            return str(excinfo.value).strip()
        if excinfo.type.__name__ == "TheoremError":
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args, **kwargs)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, 0, f"theorem {self.path.stem}"
