"""The operators of ONNX: one member file each, found by being here."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ._base import Constant, Flow, Node, Operator, OperatorError, Step, Value

__all__ = [
    "Constant",
    "Flow",
    "Node",
    "Operator",
    "OperatorError",
    "Step",
    "Value",
    "every_operator",
    "operator_of",
]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")


@cache
def every_operator() -> dict[str, type[Operator]]:
    """The operators that can be read, by ONNX's names."""
    found = {name: kind for kind in _below(Operator) for name in kind.names()}
    return dict(sorted(found.items()))


def _below(base: Any) -> Iterator[type[Operator]]:
    for kind in base.__subclasses__():
        yield kind
        yield from _below(kind)


def operator_of(node: Node) -> type[Operator] | None:
    """The operator of a node, None where it is not known."""
    return every_operator().get(node.kind) if node.domain in ("", "ai.onnx") else None
