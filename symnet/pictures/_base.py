"""What a format of pictures is: facts, and how one picture is written in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from ..errors import OutputError

if TYPE_CHECKING:
    from .picture import Picture


class PictureFormat:
    """A format of pictures; a member states facts, and an instance writes one picture."""

    #: The name, and a line on what it is.
    name: ClassVar[str]
    description: ClassVar[str]
    #: The suffixes of files in this format.
    suffixes: ClassVar[tuple[str, ...]]
    #: Whether matplotlib is needed.
    needs_matplotlib: ClassVar[bool]

    def __init__(self, picture: Picture, standalone: bool = False) -> None:
        self.picture, self.standalone = picture, standalone

    def render(self) -> str | bytes:
        """The picture in this format."""
        raise NotImplementedError


def picture_formats() -> tuple[type[PictureFormat], ...]:
    """Every format of pictures, by name."""
    found: list[type[PictureFormat]] = []
    waiting = PictureFormat.__subclasses__()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if "name" in kind.__dict__:
            found.append(kind)
    return tuple(sorted(found, key=lambda kind: kind.name))


def by_suffix(path: Path) -> type[PictureFormat]:
    """The format that the suffix of a file names."""
    for kind in picture_formats():
        if path.suffix.lower() in kind.suffixes:
            return kind
    known = ", ".join(suffix for kind in picture_formats() for suffix in kind.suffixes)
    found = f"the suffix {path.suffix!r}" if path.suffix else "no suffix"
    raise OutputError(
        f"cannot write {path}: {found} names no format of pictures; the suffixes are {known}"
    )
