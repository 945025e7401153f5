"""Theorem files as they lie in a folder: which there are, what they say; nothing is run.

SymPy is not needed for this, and not imported.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

from ..errors import TheoremError

#: The folders, inside a folder of theorem files, of claims that are false, and that are open.
REFUTED, OPEN = "refuted", "open"

#: The verdict with which the claims in such a folder pass.
_EXPECTED = {REFUTED: "refuted", OPEN: "undecided"}


def expected_verdict(file: Path) -> str:
    """The verdict with which a theorem file passes, as its folder says.

    >>> expected_verdict(Path("proofs/relu_convex.py"))
    'proved'
    >>> expected_verdict(Path("proofs/refuted/relu_linear.py"))
    'refuted'
    """
    return _EXPECTED.get(file.absolute().parent.name, "proved")


def theorem_files(*places: str | Path) -> tuple[Path, ...]:
    """The theorem files in some folders, and those that are named themselves.

    In a folder they come by name, those in its folders ``refuted`` and ``open`` last. Files whose
    names begin with an underscore are helpers.

    Raises
    ------
    TheoremError
        If a place is not there, or a folder holds no theorem files.
    """
    found: list[Path] = []
    for place in map(Path, places):
        if place.is_file() and place.suffix == ".py":
            found.append(place)
            continue
        if not place.is_dir():
            what = "is no Python file" if place.is_file() else "is not a folder"
            raise TheoremError(f"{place} {what}; give a folder of theorem files, or some of them")
        inside = [p for p in (place, place / REFUTED, place / OPEN) for p in sorted(p.glob("*.py"))]
        inside = [p for p in inside if not p.name.startswith("_")]
        if not inside:
            raise TheoremError(
                f"{place} holds no theorem files; one is a .py file with a docstring and a claim, "
                f"and symnet new NAME {place} writes one to start from"
            )
        found += inside
    return tuple(dict.fromkeys(found))


def selected(files: Sequence[Path], patterns: Iterable[str]) -> tuple[Path, ...]:
    """The files whose names match one of some patterns such as ``relu_*``; all without patterns.

    Raises
    ------
    TheoremError
        If a pattern matches none.
    """
    patterns = [pattern.removesuffix(".py") for pattern in patterns]
    for pattern in patterns:
        if not any(fnmatchcase(file.stem, pattern) for file in files):
            names = [file.stem for file in files]
            raise TheoremError(f"no theorem is called {pattern}{nearest(pattern, names)}")
    if not patterns:
        return tuple(files)
    return tuple(f for f in files if any(fnmatchcase(f.stem, pattern) for pattern in patterns))


def nearest(name: str, names: Sequence[str]) -> str:
    """``; did you mean …?`` with the names nearest to one, or how many there are."""
    close = get_close_matches(name, names, n=3, cutoff=0.5)
    close += [n for n in names if name and name in n and n not in close][: 3 - len(close)]
    if close:
        return f"; did you mean {' or '.join(close)}?"
    shown = ", ".join(sorted(names)[:5])
    return f"; there are {len(names)}: {shown}{', …' if len(names) > 5 else ''}"


def paragraphs(file: Path, source: bytes) -> tuple[str, ...]:
    """The paragraphs of a theorem file's docstring; the first one is the statement.

    Raises
    ------
    TheoremError
        If there is none, or the file is no Python.
    """
    try:
        text = (ast.get_docstring(ast.parse(source), clean=False) or "").strip()
    except (SyntaxError, ValueError) as error:
        raise TheoremError(
            f"{file} fails when it is read: {type(error).__name__}: {error}"
        ) from error
    if not text:
        raise TheoremError(f"{file} has no docstring; its first line is the statement in words")
    if text.count("$") % 2:
        raise TheoremError(
            f"{file}: a dollar in the docstring has no partner; LaTeX stands between two"
        )
    return tuple(" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text))
