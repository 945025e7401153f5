"""The layers and branches: one member file each, found by being here."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from ..base import Network

_modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]


def every_layer() -> tuple[type[Network], ...]:
    """Every layer of this folder that is no activation, by name; what they share is left out."""
    found = {
        value
        for module in _modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Network) and _is_member(value)
    }
    return tuple(sorted(found, key=lambda layer: layer.__name__))


def _is_member(layer: type[Network]) -> bool:
    return layer.__module__.startswith(f"{__name__}.") and not layer.__subclasses__()
