"""The procedures that decide claims: one member file each, found by being here."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from ._base import Decider

__all__ = ["Decider", "every_decider"]


@cache
def every_decider() -> tuple[Decider, ...]:
    """One instance of every procedure, in the order in which they are tried."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    found = (decider() for decider in Decider.__subclasses__())
    return tuple(sorted(found, key=lambda d: (d.order, d.name)))
