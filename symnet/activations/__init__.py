"""The activations: one member file each, found by being here."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from ._base import Activation, ActivationFunction

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


def every_function() -> tuple[type[ActivationFunction], ...]:
    """Every scalar activation of the catalogue, by name."""
    found = (f for f in ActivationFunction.__subclasses__() if f.__module__.startswith(__name__))
    return tuple(sorted(found, key=lambda f: f.__name__))


def every_layer() -> tuple[type[Activation], ...]:
    """The layer of every activation, in the same order."""
    return tuple(f.layer for f in every_function())
