"""Expressions and conditions, from the syntax tree of a text. Read, never evaluated as Python."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from functools import reduce
from operator import add, mul
from typing import Any

import sympy as sp

from ..errors import SymnetError
from ..exact.shapes import check_shapes
from ._catalogue import every_name
from ._numbers import check_argument, check_power, check_product, checked, closest, decimal
from ._source import MAX_DEPTH, Source

#: Numbers with a name of their own.
CONSTANTS: dict[str, sp.Expr] = {"pi": sp.pi, "π": sp.pi, "e": sp.E}

#: Where functions that have no value everywhere have one.
_DOMAINS: dict[Any, Callable[..., Any]] = {
    sp.log: lambda x: x > 0,
    sp.asin: lambda x: sp.Abs(x) <= 1,
    sp.acos: lambda x: sp.Abs(x) <= 1,
    sp.acosh: lambda x: x >= 1,
    sp.atanh: lambda x: sp.Abs(x) < 1,
    sp.tan: lambda x: sp.Ne(sp.cos(x), 0),
    sp.atan2: lambda y, x: sp.Or(sp.Ne(x, 0), sp.Ne(y, 0)),
}

_RELATIONS: dict[type[ast.cmpop], Any] = {
    ast.Eq: sp.Eq, ast.NotEq: sp.Ne, ast.LtE: sp.Le, ast.Lt: sp.Lt, ast.GtE: sp.Ge, ast.Gt: sp.Gt,
}  # fmt: skip


def real_symbol(name: str) -> sp.Symbol:
    """What a name means."""
    return sp.Symbol(name, real=True)


class Reader:
    """Reads the nodes that an expression may have; everything else is an error at its column."""

    def __init__(
        self,
        source: Source,
        names: Mapping[str, Any] | None = None,
        symbol: Callable[[str], sp.Symbol] = real_symbol,
        constants: Mapping[str, sp.Expr] = CONSTANTS,
    ) -> None:
        self.source, self.symbol = source, symbol
        self.names: Mapping[str, Any] = {**constants, **(names or {})}
        self.depth = 0
        #: Parts that have no value everywhere, with the conditions under which they have one.
        self.partial: list[tuple[sp.Expr, Any]] = []

    # --- expressions

    def expression(self, node: ast.expr) -> Any:
        """The expression at a node."""
        self.depth += 1
        if self.depth > 2 * MAX_DEPTH:
            raise self.source.fail(node, f"this is nested more than {2 * MAX_DEPTH} deep")
        value = self._expression(node)
        self.depth -= 1
        return value if getattr(value, "is_Matrix", False) else checked(self.source, node, value)

    def _expression(self, node: ast.expr) -> Any:
        match node:
            case ast.Name():
                return self._name(node)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return -self.expression(inner)
            case ast.UnaryOp(op=ast.UAdd(), operand=inner):
                return self.expression(inner)
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                return self._sum(node)
            case ast.BinOp(op=ast.Mult() | ast.Div()):
                return self._product(node)
            case ast.BinOp(op=ast.Pow(), left=base, right=exponent):
                return self._power(node, self.expression(base), exponent)
            case ast.Call(func=ast.Name(), keywords=[]):
                return self._call(node)
            case ast.IfExp(test=test, body=yes, orelse=no):
                condition = self.condition(test)
                branches = self._branch(yes, condition), self._branch(no, sp.Not(condition))
                return sp.Piecewise((branches[0], condition), (branches[1], True))
            case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()):
                raise self.source.fail(node, "an expression was expected here, not a condition")
            case ast.Tuple():
                raise self.source.fail(node, "one expression was expected; here is a comma")
        raise self.source.fail(node, "an expression was expected here, such as relu(x) + 1")

    def _name(self, node: ast.Name) -> Any:
        token = self.source.written(node)
        if token.kind == "number":
            return decimal(self.source, node)
        name = token.text
        if name in self.names:
            return self.names[name]
        if name in every_name():
            raise self.source.fail(node, f"{name} is a function: write {name}(x)")
        if name.lower() in {"nan", "inf", "infinity", "oo", "true", "false", "none"}:
            raise self.source.fail(node, f"{name} is no number")
        return self.symbol(name)

    def _sum(self, node: ast.expr) -> Any:
        terms = []
        while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
            right = self.expression(node.right)
            terms.append(right if isinstance(node.op, ast.Add) else -right)
            node = node.left
        terms.append(self.expression(node))
        return self._joined(node, terms[::-1], sp.Add, add)

    def _product(self, node: ast.expr) -> Any:
        factors = []
        while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
            right = self.expression(node.right)
            factors.append(
                right if isinstance(node.op, ast.Mult) else self._inverse(node.right, right)
            )
            node = node.left
        factors.append(self.expression(node))
        check_product(self.source, node, (f for f in factors if isinstance(f, sp.Expr)))
        return self._joined(node, factors[::-1], sp.Mul, mul)

    def _joined(self, node: ast.expr, parts: list[Any], scalars: Any, matrices: Any) -> Any:
        if not any(getattr(part, "is_Matrix", False) for part in parts):
            return scalars(*parts)
        try:
            whole = reduce(matrices, parts)
            check_shapes(whole)
        except (TypeError, ValueError) as error:
            raise self.source.fail(node, str(error)) from error
        return whole

    def _inverse(self, node: ast.expr, divisor: Any) -> Any:
        if divisor == 0:
            raise self.source.fail(node, "division by zero")
        return self._needs(1 / divisor, sp.Ne(divisor, 0))

    def _power(self, node: ast.BinOp, base: Any, written: ast.expr) -> Any:
        if getattr(base, "is_Matrix", False):
            return self._matrix_power(node, base, written)
        exponent = self.expression(written)
        check_power(self.source, written, base, exponent)
        return self._known(base**exponent)

    def _branch(self, node: ast.expr, condition: Any) -> Any:
        """An expression that only counts under a condition."""
        before = len(self.partial)
        value = self.expression(node)
        inside = self.partial[before:]
        self.partial[before:] = [(p, sp.Or(sp.Not(condition), c)) for p, c in inside]
        return value

    def _matrix_power(self, node: ast.BinOp, base: Any, written: ast.expr) -> Any:
        if isinstance(written, ast.Name) and self.source.written(written).text == "T":
            return base.T
        try:
            return base ** self.expression(written)
        except (TypeError, ValueError) as error:
            raise self.source.fail(node, str(error)) from error

    def _call(self, node: ast.Call) -> Any:
        assert isinstance(node.func, ast.Name)
        name = self.source.written(node.func).text
        function = every_name().get(name)
        if function is None:
            if name in self.names or len(name) == 1:
                hint = f"; for a product write {name}*(…)"
            else:
                hint = closest(name, every_name(), "there are the activations and what math has")
            raise self.source.fail(node.func, f"there is no function {name}{hint}")
        if not function.least <= len(node.args) <= function.most:
            raise self.source.fail(
                node.func, f"{name} takes {function.takes}, and {len(node.args)} were given"
            )
        args = [self.expression(argument) for argument in node.args]
        for argument, value in zip(node.args, args, strict=True):
            check_argument(self.source, argument, value)
        try:
            value = function(*args)
        except (SymnetError, TypeError, ValueError) as error:
            raise self.source.fail(node.func, str(error)) from error
        if value.has(sp.nan, sp.zoo, sp.oo, -sp.oo, sp.I):
            raise self.source.fail(node.func, f"{name} has no real value here")
        return self._known(value)

    def _known(self, value: Any) -> Any:
        """The value, with the conditions of the powers and functions in it kept in mind."""
        for part in value.atoms(sp.Pow, *_DOMAINS):
            if not isinstance(part, sp.Pow):
                self._needs(part, _DOMAINS[part.func](*part.args))
            elif not part.exp.is_Integer:
                self._needs(part, part.base >= 0 if part.exp.is_positive else part.base > 0)
            elif part.exp < 0:
                self._needs(part, sp.Ne(part.base, 0))
        return value

    def _needs(self, value: Any, condition: Any) -> Any:
        """The value, which there is under that condition only."""
        if condition != True:  # noqa: E712
            self.partial.append((value, condition))
        return value

    # --- conditions

    def condition(self, node: ast.expr) -> Any:
        """The condition at a node: comparisons, joined by and, or, not, or commas for and."""
        match node:
            case ast.BoolOp(op=operation, values=parts):
                join = sp.And if isinstance(operation, ast.And) else sp.Or
                return join(*(self.condition(part) for part in parts))
            case ast.Tuple(elts=parts) if parts:
                return sp.And(*(self.condition(part) for part in parts))
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return sp.Not(self.condition(inner))
            case ast.Compare():
                return sp.And(*(self._truth(node, *link) for link in self.links(node)))
        raise self.source.fail(node, "a condition was expected here, such as a >= 0")

    def _truth(self, node: ast.Compare, kind: Any, left: Any, right: Any) -> Any:
        try:
            return kind(left, right)
        except TypeError as error:
            raise self.source.fail(node, str(error)) from error

    def links(self, node: ast.Compare) -> list[tuple[Any, Any, Any]]:
        """The comparisons of a chain: (relation, left side, right side)."""
        sides = [self.expression(side) for side in (node.left, *node.comparators)]
        kinds = [self.relation(op) for op in node.ops]
        return list(zip(kinds, sides, sides[1:], strict=False))

    @staticmethod
    def relation(op: ast.cmpop) -> Any:
        """SymPy's relation for a sign."""
        return _RELATIONS[type(op)]
