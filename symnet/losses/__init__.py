"""The losses: one member file each, found by being here."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from ._base import Loss

__all__ = ["Loss", "every_loss"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


def every_loss() -> tuple[type[Loss], ...]:
    """Every loss of the catalogue, by name."""
    return tuple(sorted(Loss.__subclasses__(), key=lambda loss: loss.__name__))
