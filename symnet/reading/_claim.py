"""Whole texts: an expression, a condition, a claim."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

import sympy as sp

from ..claims import Claim
from ..claims.properties import every_property
from ..errors import ExpressionError, SymnetError
from ._expression import Reader
from ._source import Source

#: The greatest number of characters.
MAX_LENGTH = 10_000

_RELATIONS: dict[Any, str] = {
    sp.Eq: "=", sp.Ne: "!=", sp.Le: "<=", sp.Lt: "<", sp.Ge: ">=", sp.Gt: ">",
}  # fmt: skip


def parse(text: str, *, names: Mapping[str, Any] | None = None) -> Any:
    """The expression that a text is, read exactly and never evaluated as Python.

    A decimal is the number that is written (0.1 is 1/10), ``^`` is a power, a name is a real
    symbol, ``pi`` and ``e`` are the constants. Functions are the activations (``relu``,
    ``leaky_relu(x, 0.1)``, …), ``max``, ``min``, and those of :mod:`math` and NumPy. Where a
    quotient, a root or a logarithm cancels, what has no value stays without one: ``x/x`` is
    ``Piecewise((1, Ne(x, 0)))``.

    Parameters
    ----------
    text : str
    names : mapping of names to SymPy objects, optional
        What names mean that are no real symbols, such as symbols with assumptions of their own or
        matrix symbols; ``W^T`` and ``W^-1`` are then the transpose and the inverse.

    Raises
    ------
    ExpressionError
        With the column, for what is not understood or too large to compute with.

    Examples
    --------
    >>> from symnet import parse
    >>> parse("relu(x) - 0.1*max(x, y)^2")
    relu(x) - Max(x, y)**2/10

    Source: Python's grammar for brackets and precedence.
    """
    return _side(Reader(_source(text, "the expression"), names), None)


def parse_condition(text: str, *, names: Mapping[str, Any] | None = None) -> Any:
    """The condition that a text is: comparisons, also chained, with ``and``, ``or``, ``not``.

    A comma is an ``and``.

    Parameters
    ----------
    text : str
    names : mapping of names to SymPy objects, optional

    Raises
    ------
    ExpressionError
        With the column, for what is not understood.

    Examples
    --------
    >>> from symnet import parse_condition
    >>> parse_condition("0 <= a < 1 and not b = 0")
    (0 <= a) & (a < 1) & Ne(b, 0)

    Source: Python's grammar for precedence.
    """
    source = _source(text, "the condition")
    return Reader(source, names).condition(source.tree)


def parse_claim(
    text: str, *, where: Any = True, domain: Any = None, names: Mapping[str, Any] | None = None
) -> Any:
    """The claim that a text is: two expressions and ``=``, ``<=``, ``<``, ``>=``, ``>`` or ``!=``.

    Or it is a property of a function, such as ``convex(relu(x))`` or ``lipschitz(tanh(x), 1)``.

    Parameters
    ----------
    text : str
    where : str or SymPy condition
        Which values count.
    domain : Box, Polyhedron, Slice or a dict of symbols and intervals, optional
    names : mapping of names to SymPy objects, optional
        See :func:`parse`.

    Raises
    ------
    ExpressionError
        With the column, for what is not understood.

    Examples
    --------
    >>> from symnet import parse_claim
    >>> print(parse_claim("relu(x) - relu(-x) = x").prove())
    proved (piecewise-linear cases: 2 cases)
    >>> print(parse_claim("relu(a*x) = a*relu(x)", where="a < 0").prove())
    refuted; at a = -1, x = 1: 0 ≠ -1
    >>> parse_claim("convex(relu(x))")
    <relu(x) is convex>

    Source: definition.
    """
    claims = parse_claims(text, where=where, domain=domain, names=names)
    if len(claims) > 1:
        raise ExpressionError(
            f"this is a chain of {len(claims)} relations, and one claim was expected; "
            "parse_claims reads them all"
        )
    return claims[0]


def parse_claims(
    text: str, *, where: Any = True, domain: Any = None, names: Mapping[str, Any] | None = None
) -> tuple[Any, ...]:
    """The claims of a chain such as ``0 <= sigmoid(x) <= 1``, one for each relation."""
    if isinstance(where, str):
        where = parse_condition(where, names=names)
    source = _source(text, "the claim")
    node = source.tree
    reader = Reader(source, names)
    kind = _property(reader, node)
    if kind is not None:
        assert isinstance(node, ast.Call)
        return (_claimed(reader, node, kind, where=where, domain=domain),)
    if not isinstance(node, ast.Compare):
        raise source.fail(
            node,
            "a claim has two sides and a relation between them, as in relu(x) - relu(-x) = x, "
            "or is a property such as convex(relu(x))",
        )
    sides = [_side(reader, side) for side in (node.left, *node.comparators)]
    relations = [_RELATIONS[reader.relation(op)] for op in node.ops]
    return tuple(
        Claim(left, right, relation, where, domain)
        for left, right, relation in zip(sides, sides[1:], relations, strict=False)
    )


def _property(reader: Reader, node: ast.expr) -> Any:
    """The class of the property that a call names; None for everything else."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return None
    name = reader.source.written(node.func).text
    return next((kind for kind in every_property() if kind.__name__ == name), None)


def _claimed(reader: Reader, node: ast.Call, kind: Any, **options: Any) -> Any:
    arguments = [_side(reader, argument) for argument in node.args]
    try:
        return kind(*arguments, **options)
    except (SymnetError, TypeError, ValueError) as error:
        name = kind.__name__
        raise reader.source.fail(node, f"{name}: {str(error).rpartition('() ')[2]}") from error


def _source(text: str, what: str) -> Source:
    return Source(text, ExpressionError, longest=MAX_LENGTH, what=what)


def _side(reader: Reader, node: ast.expr | None) -> Any:
    """An expression of its own, which has no value wherever one of its parts has none."""
    reader.partial.clear()
    value = reader.expression(reader.source.tree if node is None else node)
    if getattr(value, "is_Matrix", False):
        return value
    lost = [condition for part, condition in reader.partial if not _shows(value, part)]
    return sp.Piecewise((value, sp.And(*lost))) if lost else value


def _shows(value: sp.Expr, part: sp.Expr) -> bool:
    """Whether an expression still has no value where a part of it has none."""
    if not isinstance(part, sp.Pow | sp.Mul):
        return bool(value.has(part))
    sought = {p.base for p in part.atoms(sp.Pow) if _is_partial(p)}
    return sought <= {p.base for p in value.atoms(sp.Pow) if _is_partial(p)}


def _is_partial(power: sp.Pow) -> bool:
    return power.exp.is_nonnegative is not True or power.exp.is_integer is not True
