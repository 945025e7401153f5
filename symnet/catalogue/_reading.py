"""Theorem files are read: run like test files, and what they lack is said."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

from ..claims import Claim
from ..claims.properties import Property
from ._theorem import REFUTED, Theorem, TheoremError


def read(folder: str | Path) -> tuple[Theorem, ...]:
    """The theorems in a folder, by name, those in its folder ``refuted`` last.

    The files are Python and are run, like test files: read only folders that you trust.

    Raises
    ------
    TheoremError
        If the folder has no theorem files, or one lacks its statement or its claim.
    """
    theorems, problems = read_what_can_be(folder)
    if problems:
        raise TheoremError("; ".join(problems))
    return theorems


def read_what_can_be(folder: str | Path) -> tuple[tuple[Theorem, ...], tuple[str, ...]]:
    """The theorems in a folder, and what is wrong with the files that are none."""
    folder = Path(folder)
    if not folder.is_dir():
        raise TheoremError(f"{folder} is not a folder; give a folder of theorem files")
    files = [*sorted(folder.glob("*.py")), *sorted((folder / REFUTED).glob("*.py"))]
    theorems: list[Theorem] = []
    problems: list[str] = []
    for file in files:
        if file.name.startswith("_"):
            continue
        try:
            theorems.append(read_file(file))
        except TheoremError as problem:
            problems.append(str(problem))
    if not theorems and not problems:
        raise TheoremError(
            f"{folder} holds no theorem files; one is a .py file with a docstring and a claim"
        )
    return tuple(theorems), tuple(problems)


def read_file(file: Path) -> Theorem:
    """The theorem in one file, which is run.

    Raises
    ------
    TheoremError
        If the file lacks its statement or its claim, or cannot be run.
    """
    name = "_symnet_theorem_" + re.sub(r"\W", "_", str(file.resolve()))
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise TheoremError(
            f"{file} fails when it is read: {type(error).__name__}: {error}"
        ) from error
    if not (module.__doc__ or "").strip():
        raise TheoremError(f"{file} has no docstring; its first line is the statement in words")
    if (module.__doc__ or "").count("$") % 2:
        raise TheoremError(
            f"{file}: a dollar in the docstring has no partner; LaTeX stands between two"
        )
    if not isinstance(getattr(module, "claim", None), Claim | Property):
        raise TheoremError(
            f"{file} has no claim; write claim = symnet.Claim(lhs, rhs), or a property such as "
            "claim = symnet.convex(f)"
        )
    return Theorem(file, module)
