"""Differentiation rules for layers: one member file each, found by being here."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ...base import Apply, Network
from ...errors import GradientError
from ...layers._layer_norm import LayerNorm
from ._base import LayerRule
from ._layer_norm import scaled_and_shifted

__all__ = ["LayerRule", "every_layer_rule", "rule_of_layer", "unfolded"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


@cache
def every_layer_rule() -> tuple[LayerRule, ...]:
    """Every rule, by the name of its layer."""
    return tuple(sorted((rule() for rule in _below(LayerRule)), key=lambda r: r.layer.__name__))


def _below(base: Any) -> Iterator[type[LayerRule]]:
    for rule in base.__subclasses__():
        yield rule
        yield from _below(rule)


def rule_of_layer(layer: Network) -> LayerRule | None:
    """The rule for a layer, None where it is differentiated through its definition."""
    rule = next((r for r in every_layer_rule() if type(layer) is r.layer), None)
    return rule if rule is not None and rule.covers(layer) else None


@lru_cache(maxsize=1000)
def unfolded(node: Apply) -> Any:
    """A layer at a matrix, by its definition."""
    layer, z = node.layer, node.argument
    if isinstance(layer, LayerNorm):
        return scaled_and_shifted(layer, z)
    try:
        meaning = layer.definition(z)
    except NotImplementedError:
        meaning = node
    if meaning == node:
        raise GradientError(
            f"no rule differentiates the layer {layer}, and its definition is not made of others"
        )
    return meaning
