"""A table of a network: its layers, their sizes, their numbers of parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import sympy as sp

from .base import Network
from .exact.sparse_matrix import SparseRationalMatrix
from .sequential import Container

_HEAD = ("layer", "output", "parameters", "")


@dataclass(frozen=True)
class Row:
    """One layer: how deep it is nested, its output size, its parameters and how many there are."""

    depth: int
    layer: Network
    output: sp.Expr | None
    parameters: dict[str, Any]

    @property
    def count(self) -> sp.Expr:
        """The number of parameters of this layer alone."""
        return sp.Add(*(_count(value) for value in self.parameters.values()))

    def cells(self) -> tuple[str, ...]:
        """What stands in the columns of the table."""
        shapes = (f"{_name(r, value)}{_shape(value)}" for r, value in self.parameters.items())
        name = "  " * self.depth + type(self.layer).__name__
        size = "as input" if self.output is None else str(self.output)
        return name, size, str(self.count), ", ".join(shapes)


@dataclass(frozen=True)
class Summary:
    """What :func:`summary` gives; it prints as a table."""

    rows: tuple[Row, ...]
    #: The number of parameters of the whole network; one that is shared is counted once.
    total: sp.Expr
    #: What was changed on request where the network was made.
    remarks: tuple[str, ...] = ()

    def __str__(self) -> str:
        table = [_HEAD, *(row.cells() for row in self.rows)]
        widths = [max(len(line[k]) for line in table) for k in range(len(_HEAD))]
        lines = [
            f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c:>{widths[2]}}  {d}".rstrip()
            for a, b, c, d in table
        ]
        rule = "-" * max(len(line) for line in lines)
        total = f"total: {self._in_words()}"
        return "\n".join([lines[0], rule, *lines[1:], rule, total, *self.remarks])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in _HEAD)
        body = "".join(
            "<tr>" + "".join(f"<td>{_spaced(cell)}</td>" for cell in row.cells()) + "</tr>"
            for row in self.rows
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" + "".join(
            f"<p>{escape(line)}</p>" for line in (f"total: {self._in_words()}", *self.remarks)
        )

    def _in_words(self) -> str:
        return f"{self.total} parameter{'' if self.total == 1 else 's'}"


def summary(network: Network) -> Summary:
    """A table of the layers of a network, their sizes and their numbers of parameters.

    Sizes that are symbols give counts that are expressions. A weight that two layers share stands
    in both rows and is counted once in the total; means and variances of a batch norm are counted.

    Parameters
    ----------
    network : Network

    Examples
    --------
    >>> import symnet as sn
    >>> summary(sn.Sequential(sn.Linear(3, 4), sn.ReLU(), sn.Linear(4, 2)))
    layer       output  parameters
    ------------------------------------------------
    Sequential  2                0
      Linear    4               16  W_1 4×3, b_1 4×1
      ReLU      4                0
      Linear    2               10  W_2 2×4, b_2 2×1
    ------------------------------------------------
    total: 26 parameters
    """
    rows = tuple(_rows(network, network.in_features, 0))
    given = [value for row in rows for value in row.parameters.values()]
    named = {value for value in given if _is_named(value)}
    counted = [*named, *(value for value in given if not _is_named(value))]
    return Summary(rows, sp.expand(sp.Add(*map(_count, counted))), network.remarks)


def _rows(network: Network, inputs: sp.Expr | None, depth: int) -> Iterator[Row]:
    yield Row(depth, network, network.features(inputs), network.own_parameters)
    if isinstance(network, Container):
        for child, size in zip(network.children, network.sizes(inputs), strict=True):
            yield from _rows(child, size, depth + 1)


def _count(value: Any) -> sp.Expr:
    if isinstance(value, SparseRationalMatrix):
        return sp.Integer(value.count)
    return sp.Mul(*value.shape) if getattr(value, "is_Matrix", False) else sp.S.One


def _name(role: str, value: Any) -> str:
    return value.name if _is_named(value) else role


def _is_named(value: Any) -> bool:
    return isinstance(value, sp.MatrixSymbol | sp.Symbol)


def _shape(value: Any) -> str:
    if not getattr(value, "is_Matrix", False):
        return ""
    rows, cols = (f"({n})" if getattr(n, "is_Add", False) else str(n) for n in value.shape)
    return f" {rows}×{cols}"


def _spaced(cell: str) -> str:
    text = cell.lstrip()
    return "&nbsp;" * (len(cell) - len(text)) + escape(text)
