"""Findings kept from run to run, as JSON, each under what it depends on.

A finding is found again only for the same file with the same content, where the files that it
opened or imported have the same content, and Python, the installed packages and symnet's own source
are the same. Otherwise the theorem is proved anew; a damaged entry counts as none.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..files import write_atomically
from ._finding import Finding
from ._running import digest_of

#: The form of the entries.
FORMAT = 1

#: Entries that were of no use for so many days are removed.
DAYS = 60


class Cache:
    """A folder of findings.

    Parameters
    ----------
    folder : Path
        Made when it is needed.
    remark : called with what is wrong with an entry or the folder
    """

    def __init__(self, folder: Path, remark: Callable[[str], None] = lambda text: None) -> None:
        self.folder, self.remark = folder, remark
        self._usable = True

    def find(self, file: Path, source: bytes) -> Finding | None:
        """What is known about a file with that content, if it still holds."""
        place = self._place(file, source)
        try:
            text = place.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, UnicodeDecodeError):
            text = ""
        entry = _read(text)
        if entry is None or entry["key"] != place.stem:
            self.remark(f"{place} is damaged or none of symnet's; it is ignored")
            return None
        try:
            finding = Finding.from_dict(entry["finding"])
        except (TypeError, ValueError) as error:
            self.remark(f"{place} is ignored: {error}")
            return None
        if entry["folder"] not in ("", os.getcwd()) or not _unchanged(finding.files):
            return None
        with self._tolerant():
            os.utime(place)
        return finding

    def keep(self, file: Path, finding: Finding) -> None:
        """Keep a finding about a file."""
        if not finding.is_lasting or not self._usable or not symnet_is_unchanged():
            return
        place = self.folder / f"{_key(file, finding.source)}.json"
        relative = any(not os.path.isabs(path) for path in finding.files)
        entry = {
            "format": FORMAT,
            "key": place.stem,
            "folder": os.getcwd() if relative else "",
            "finding": finding.as_dict(),
        }
        with self._tolerant():
            self._make_folder()
            write_atomically(place, json.dumps({**entry, "digest": _digest(entry)}, indent=1))

    def prune(self) -> None:
        """Remove the entries that nobody has asked for in a long time."""
        with self._tolerant():
            oldest = time.time() - DAYS * 24 * 3600
            for place in self.folder.glob("*.json"):
                if place.stat().st_mtime < oldest:
                    place.unlink(missing_ok=True)

    @contextmanager
    def _tolerant(self) -> Iterator[None]:
        """A cache that cannot be written is said once, and is no reason to stop."""
        try:
            yield
        except OSError as error:
            if self._usable:
                self.remark(f"results are not kept: {error}")
            self._usable = False

    def _place(self, file: Path, source: bytes) -> Path:
        return self.folder / f"{_key(file, sha256(source).hexdigest())}.json"

    def _make_folder(self) -> None:
        if not self.folder.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True)
            # a cache inside a project is nothing to commit
            (self.folder / ".gitignore").write_text("*\n", encoding="utf-8")


def _key(file: Path, digest: str) -> str:
    parts = (str(FORMAT), str(file.resolve()), digest, _environment())
    return sha256("\0".join(parts).encode()).hexdigest()[:40]


def _digest(entry: Mapping[str, Any]) -> str:
    return sha256(json.dumps(entry, sort_keys=True).encode()).hexdigest()


def _read(text: str) -> dict[str, Any] | None:
    """An entry, if it is whole."""
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or entry.get("format") != FORMAT:
        return None
    return entry if entry.pop("digest", None) == _digest(entry) else None


def _unchanged(files: Mapping[str, str]) -> bool:
    return all(digest_of(path) == digest for path, digest in files.items())


# --- what every finding depends on


@cache
def _environment() -> str:
    """The digest of Python's version, the installed packages and symnet's source."""
    symnet_is_unchanged()
    digest = sha256(f"{sys.version}\0{sys.platform}".encode())
    for name in sorted(_packages()):
        digest.update(name.encode() + b"\0")
    for path in sorted(_own_files()):
        digest.update(path.encode() + b"\0" + Path(path).read_bytes() + b"\0")
    return digest.hexdigest()


def _packages() -> Iterable[str]:
    """The installed packages, each with its version."""
    for place in filter(os.path.isdir, dict.fromkeys(sys.path)):
        for name in os.listdir(place):
            if name.endswith((".dist-info", ".egg-info")):
                yield name


def _own_files() -> Iterable[str]:
    for folder, _, names in os.walk(Path(__file__).parent.parent):
        yield from (os.path.join(folder, name) for name in names if name.endswith(".py"))


def symnet_is_unchanged() -> bool:
    """Whether symnet's source is still that with which the process began."""
    return _stamps() == _first_stamps()


@cache
def _first_stamps() -> dict[str, tuple[int, int]]:
    return _stamps()


def _stamps() -> dict[str, tuple[int, int]]:
    return {p: ((s := os.stat(p)).st_mtime_ns, s.st_size) for p in _own_files()}
