"""Differentiation rules for kinds of expressions: one member file each, found by being here."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ...errors import GradientError
from ._base import Differential, NodeRule

__all__ = ["Differential", "NodeRule", "every_node_rule", "rule_of"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


@cache
def every_node_rule() -> tuple[NodeRule, ...]:
    """Every rule, by name."""
    return tuple(sorted((rule() for rule in NodeRule.__subclasses__()), key=lambda r: r.name))


def rule_of(node: Any) -> NodeRule:
    """The rule for an expression."""
    kind: Any = type(node)
    rule = _rule_of_class(kind)
    if rule is None:
        raise GradientError(
            f"no rule differentiates {type(node).__name__}, which stands in {node}; rules for "
            f"{', '.join(r.name for r in every_node_rule())} are known"
        )
    return rule


@cache
def _rule_of_class(kind: type) -> NodeRule | None:
    by_kind = {k: rule for rule in every_node_rule() for k in rule.kinds}
    return next((by_kind[k] for k in kind.__mro__ if k in by_kind), None)
