"""Ways to write the same mathematics: one member file each, found by being here."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from ..errors import OutputError
from ._base import Naming, Notation
from ._names import Name

__all__ = ["Name", "Naming", "Notation", "every_notation", "get"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


def every_notation() -> tuple[Notation, ...]:
    """Every notation of the catalogue, by name."""
    found = (kind() for kind in Notation.__subclasses__() if kind.__module__.startswith(__name__))
    return tuple(sorted(found, key=lambda notation: notation.name))


def get(name: str | Notation) -> Notation:
    """The notation of that name; a notation of one's own passes through.

    >>> from symnet import notation
    >>> notation.get("rows").description
    'X W_1 + b_1: vectors are rows, W has shape (inputs, outputs)'
    """
    if isinstance(name, Notation):
        return name
    for notation in every_notation():
        if notation.name == name:
            return notation
    names = ", ".join(notation.name for notation in every_notation())
    raise OutputError(f"there is no notation {name!r}; the notations are {names}")
