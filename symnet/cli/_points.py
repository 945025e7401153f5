"""Points on the command line: numbers, or a row of a file of numbers."""

from __future__ import annotations

import argparse
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

from .._late import late
from ..errors import LoadError
from ._numbers import finite

#: Files that a point can come from.
SUFFIXES = (".npy", ".csv", ".txt")

#: Larger files are refused.
MAX_BYTES = 1 << 28

HELP = (
    f"numbers in one argument, or a file of numbers ({' '.join(SUFFIXES)}); "
    "FILE:K is row K of it, from 0"
)


def point(text: str) -> list[Fraction]:
    """The numbers of a point, exactly: those that are written, or those of a file.

    >>> point("1/2 -0.1")
    [Fraction(1, 2), Fraction(-1, 10)]
    """
    found = re.fullmatch(
        rf"(.*({'|'.join(map(re.escape, SUFFIXES))}))(?::(\d{{1,9}}))?", text, re.I
    )
    if not found:
        values = finite(text)
        if not values:
            raise argparse.ArgumentTypeError("a point without numbers; write it like '0 1/2 -0.1'")
        return values
    path = Path(found[1])
    try:
        if path.stat().st_size > MAX_BYTES:
            raise argparse.ArgumentTypeError(f"{path} is larger than {MAX_BYTES >> 20} MiB")
        data = path.read_bytes()
    except OSError as error:
        raise argparse.ArgumentTypeError(f"cannot read {path}: {error.strerror}") from None
    rows = _array_rows(path, data) if found[2].lower() == ".npy" else _text_rows(path, data)
    if found[3] is None and len(rows) != 1:
        raise argparse.ArgumentTypeError(
            f"{path} has {len(rows)} rows; write {path}:0 for the first of them"
        )
    chosen = int(found[3] or 0)
    if chosen >= len(rows):
        raise argparse.ArgumentTypeError(f"{path} has {len(rows)} rows and no row {chosen}")
    return rows[chosen] if isinstance(rows, list) else [Fraction(v) for v in rows[chosen].tolist()]


def _array_rows(path: Path, data: bytes) -> Any:
    """(rows, entries); an array of one axis is one row, all axes after the first are a row's."""
    try:
        array = late("importers._npz", "array_of_npy")(
            data, path.name, lambda message: LoadError(f"{path}: {message}")
        )
    except LoadError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if array.ndim < 2:
        return array.reshape(1, -1)
    return array.reshape(len(array), -1)


def _text_rows(path: Path, data: bytes) -> list[list[Fraction]]:
    """One row for every line with numbers."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise argparse.ArgumentTypeError(f"{path} is no text") from None
    rows = []
    for place, line in enumerate(text.splitlines(), start=1):
        try:
            row = finite(line)
        except argparse.ArgumentTypeError as error:
            raise argparse.ArgumentTypeError(f"{path}, line {place}: {error}") from None
        if row:
            rows.append(row)
    return rows
