"""Properties of functions as claims: one member file each, found by being here."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ._base import Property

__all__ = ["Property", "every_property"]


@cache
def every_property() -> tuple[type[Property], ...]:
    """Every property of this folder, by name."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return tuple(sorted(_below(Property), key=lambda p: p.__name__))


def _below(kind: Any) -> Iterator[type[Property]]:
    for member in kind.__subclasses__():
        yield member
        yield from _below(member)
