"""Theorem files are watched: what changes is checked again, until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from ..catalogue import Cache, selected, theorem_files
from ..errors import SymnetError
from ._common import OK, remark

#: Seconds between two looks at the files.
PAUSE = 0.5

#: What is known of a file without reading it.
Stamps = dict[str, tuple[int, int]]


def watch(
    options: argparse.Namespace,
    cache: Cache | None,
    check: Callable[[Sequence[Path], Cache | None], int],
) -> int:
    """Check now, and again whenever a file below the places, or a module beside one, changes."""
    with tempfile.TemporaryDirectory(prefix="symnet-") as folder:
        # what is unchanged is known for as long as this runs, even where nothing is to be kept
        cache = cache or Cache(Path(folder))
        seen: Stamps | None = None
        try:
            while True:
                now = _stamps(options.places)
                if now != seen:
                    seen = now
                    _once(options, cache, check)
                time.sleep(PAUSE)
        except KeyboardInterrupt:
            remark("symnet check: no longer watching")
    return OK


def _once(
    options: argparse.Namespace,
    cache: Cache,
    check: Callable[[Sequence[Path], Cache | None], int],
) -> None:
    try:
        check(selected(theorem_files(*options.places), options.only), cache)
    except SymnetError as error:
        remark(f"symnet check: {error}")
    remark(f"watching {', '.join(map(str, options.places))}; Ctrl-C ends it")


def _stamps(places: Iterable[str]) -> Stamps:
    stamps: Stamps = {}
    for path in _files(places):
        try:
            status = os.stat(path)
        except OSError:
            continue
        stamps[path] = (status.st_mtime_ns, status.st_size)
    return stamps


def _files(places: Iterable[str]) -> Iterator[str]:
    """Every file below some folders but those of hidden folders and of compiled modules."""
    for place in places:
        # a file that is named is watched with those beside it, which it may import
        for folder, inside, names in os.walk(place if os.path.isdir(place) else Path(place).parent):
            inside[:] = [name for name in inside if name[0] != "." and name != "__pycache__"]
            yield from (os.path.join(folder, name) for name in names)
