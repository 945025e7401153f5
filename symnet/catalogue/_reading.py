"""Theorem files are read: run like test files, and what they lack is said."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..errors import TheoremError
from ._files import theorem_files
from ._finding import Finding
from ._theorem import Theorem


def read(folder: str | Path, findings: Mapping[Path, Finding] | None = None) -> tuple[Theorem, ...]:
    """The theorems in a folder, by name, those in its folders ``refuted`` and ``open`` last.

    The files are Python and are run, like test files: read only folders that you trust.

    Parameters
    ----------
    folder : str or Path
    findings : mapping of files to findings, optional
        What :func:`check` has found out, and need not be found out again.

    Raises
    ------
    TheoremError
        If the folder has no theorem files, or one lacks its statement or its claim.
    """
    theorems: list[Theorem] = []
    problems: list[str] = []
    for file in theorem_files(folder):
        try:
            theorems.append(read_file(file, (findings or {}).get(file)))
        except TheoremError as problem:
            problems.append(str(problem))
    if problems:
        raise TheoremError("; ".join(problems))
    return tuple(theorems)


def read_file(file: Path, finding: Finding | None = None) -> Theorem:
    """The theorem in one file, which is run.

    Raises
    ------
    TheoremError
        If the file lacks its statement or its claim, or cannot be run.
    """
    theorem = Theorem(file, finding)
    # what is wrong with a file is said when it is read
    _ = theorem.paragraphs, theorem.claim
    return theorem
