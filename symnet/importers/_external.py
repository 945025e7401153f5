"""Tensors of ONNX that lie in another file, in the folder of the model or below it."""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any


class ExternalError(ValueError):
    """A reference to another file that is not followed; the message says why."""


def external_bytes(entries: dict[str, str], count: int, folder: Path) -> bytes:
    """The ``count`` bytes that the entries of a tensor point to.

    Nothing outside of the folder is opened: no absolute path, no ``..``, no link that leads out.
    """
    location = entries.get("location", "")
    path = _inside(location, folder)
    offset = _number(entries, "offset", 0)
    length = _number(entries, "length", count)
    if length != count:
        raise ExternalError(f"{length} bytes are announced in {location!r}, and {count} are needed")
    with path.open("rb") as file:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            raise ExternalError(f"{location!r} is no ordinary file")
        if offset + count > state.st_size:
            raise ExternalError(
                f"{location!r} has {state.st_size} bytes, and those from {offset} to "
                f"{offset + count} are needed"
            )
        file.seek(offset)
        return file.read(count)


def _inside(location: str, folder: Path) -> Path:
    """The file, if its path stays in the folder, also through links."""
    both: tuple[Any, ...] = (PurePosixPath(location), PureWindowsPath(location))
    outside = any(p.is_absolute() or p.drive or p.root or ".." in p.parts for p in both)
    if not location or "\0" in location or outside:
        raise ExternalError(
            f"the path {location!r} leads out of the model's folder, which is not followed"
        )
    path = folder / location
    if not path.is_file():
        raise ExternalError(f"there is no file {location!r} in the model's folder")
    found, home = path.resolve(strict=True), folder.resolve(strict=True)
    if not found.is_relative_to(home):
        raise ExternalError(f"{location!r} is a link out of the model's folder")
    return found


def _number(entries: dict[str, str], name: str, default: int) -> int:
    text = entries.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise ExternalError(f"the {name} is {text[:40]!r}, and a number of bytes was expected")
    return int(text)
