"""The rules: one member file each, found by being here."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from ._base import Rewriting, Rule, Stage

__all__ = ["Rewriting", "Rule", "Stage", "every_rule"]


@cache
def every_rule() -> tuple[Rule, ...]:
    """One instance of every rule, in the order in which they are tried."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return tuple(
        sorted((rule() for rule in Rule.__subclasses__()), key=lambda r: (r.order, r.name))
    )
