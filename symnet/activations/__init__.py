"""The activations: one member file each, found by being here."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from ._base import Activation, ActivationFunction

__all__ = ["Activation", "ActivationFunction", "every_function", "every_layer"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


def every_function() -> tuple[type[ActivationFunction], ...]:
    """Every scalar activation of the catalogue, by name."""
    found = (f for f in _below(ActivationFunction) if "layer" in f.__dict__ and _is_here(f))
    return tuple(sorted(found, key=lambda f: f.__name__))


def every_layer() -> tuple[type[Activation], ...]:
    """The layer of every activation, in the same order."""
    return tuple(f.layer for f in every_function())


def _below(base: type[ActivationFunction]) -> Iterator[type[ActivationFunction]]:
    for function in base.__subclasses__():
        yield function
        yield from _below(function)


def _is_here(member: type) -> bool:
    return member.__module__.startswith(f"{__name__}.")
