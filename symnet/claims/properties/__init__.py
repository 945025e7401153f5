"""Properties of functions as claims: one member file each, found by being here."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from ._base import Property

__all__ = ["Property", "every_property"]


@cache
def every_property() -> tuple[type[Property], ...]:
    """Every property of this folder, by name."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return tuple(sorted(Property.__subclasses__(), key=lambda p: p.__name__))
