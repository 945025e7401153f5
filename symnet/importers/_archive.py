"""Zip archives, with the sizes that they announce checked before anything is unpacked."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from ..errors import LoadError
from ._base import MAX_BYTES

#: Archives that unpack to more than this, and to so many times their size, are refused.
_FREE, _RATIO, _MEMBERS = 1 << 24, 100, 1 << 14

#: The methods that unpack no more than they are asked for.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def opened(path: Path, error: Callable[[str], LoadError]) -> zipfile.ZipFile:
    """The archive, if what it holds fits."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
        raise error("this is not a zip archive, or a damaged one") from None
    members = archive.infolist()
    other = [m.filename for m in members if m.compress_type not in _METHODS]
    twice = [n for n, k in Counter(m.filename for m in members).items() if k > 1]
    if other or twice:
        archive.close()
        raise error(
            f"its part {other[0]!r} is compressed by a method other than deflate, which is not read"
            if other else f"it has the part {twice[0]!r} twice; it is damaged"
        )  # fmt: skip
    total, size = sum(m.file_size for m in members), path.stat().st_size
    if len(members) > _MEMBERS or total > MAX_BYTES or total > max(_FREE, _RATIO * size):
        archive.close()
        raise error(
            f"it has {size} bytes and would unpack to {total} in {len(members)} parts; at most "
            f"{MAX_BYTES}, and {_RATIO} times its size, are unpacked"
        )
    return archive


def part(archive: zipfile.ZipFile, name: str, error: Callable[[str], LoadError]) -> bytes:
    """One member, whole; what it holds beyond the size that it announces is not read."""
    try:
        info = archive.getinfo(name)
        with archive.open(info) as file:
            data = file.read(info.file_size + 1)
    except KeyError:
        raise error(f"it has no part {name!r}") from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise error(f"the part {name!r} is damaged") from None
    except Exception as problem:  # zlib.error, LZMAError: each method has its own
        raise error(f"the part {name!r} is damaged ({problem})") from None
    if len(data) != info.file_size:
        raise error(f"the part {name!r} is not as long as it says")
    return data
