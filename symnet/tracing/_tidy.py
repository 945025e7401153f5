"""A ``def`` statement in the shape that latexify typesets: assignments, then one formula."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from copy import deepcopy
from fractions import Fraction
from typing import Any

#: Names under which libraries offer what Python calls otherwise.
_SYNONYMS = {
    "maximum": "max", "fmax": "max", "Max": "max", "minimum": "min", "fmin": "min", "Min": "min",
    "absolute": "abs", "fabs": "abs", "Abs": "abs",
}  # fmt: skip
_RATIONALS = ("Fraction", "Rational")


class NotTypesetError(Exception):
    """Code that has no formula that latexify would write."""


def tidied(definition: ast.FunctionDef) -> tuple[list[tuple[str, ast.expr]], ast.stmt]:
    """The local names with their formulas, each bound once, and the statement that returns.

    What is bound twice has a new name from then on: ``x``, ``x_1``, ``x_2``, ….
    """
    body = _Plain().visit(deepcopy(definition)).body
    *assignments, last = _tail(body)
    taken = {n.id for n in ast.walk(definition) if isinstance(n, ast.Name)}
    bound = [argument.arg for argument in arguments(definition)]
    taken |= set(bound)
    renamed: dict[str, str] = {}
    equations: list[tuple[str, ast.expr]] = []
    for assignment in assignments:
        assert isinstance(assignment, ast.Assign)
        pairs = [(t, _renaming(v, renamed)) for t, v in _pairs(assignment)]
        for target, value in pairs:
            name = target
            if target in bound:
                name = next(n for k in range(1, 10_000) if (n := f"{target}_{k}") not in taken)
                renamed[target] = name
            taken.add(name)
            bound.append(target)
            equations.append((name, value))
    return equations, _renaming(last, renamed)


def arguments(definition: ast.FunctionDef) -> list[ast.arg]:
    """All arguments in order."""
    args = definition.args
    return [*args.posonlyargs, *args.args, *args.kwonlyargs]


def _tail(statements: list[ast.stmt]) -> list[ast.stmt]:
    """The statements up to the return, with what follows an ``if`` moved into its branches."""
    if not statements:
        raise NotTypesetError("a path that returns nothing")
    first, *rest = statements
    if isinstance(first, ast.Return) and first.value is not None:
        return [first]
    if isinstance(first, ast.Assign):
        return [first, *_tail(rest)]
    if isinstance(first, ast.If):
        branches = [_inlined(_tail([*b, *rest])) for b in (first.body, first.orelse)]
        return [ast.If(first.test, [branches[0]], [branches[1]])]
    raise NotTypesetError(f"a statement of the kind {type(first).__name__}")


def _inlined(statements: list[ast.stmt]) -> ast.stmt:
    """The last of the statements, with the local names of the others written out."""
    values: dict[str, ast.expr] = {}
    for assignment in statements[:-1]:
        assert isinstance(assignment, ast.Assign)
        values |= {t: _Replacing(values).visit(deepcopy(v)) for t, v in _pairs(assignment)}
    replaced: ast.stmt = _Replacing(values).visit(deepcopy(statements[-1]))
    return replaced


def _pairs(assignment: ast.Assign) -> Iterable[tuple[str, ast.expr]]:
    for target in assignment.targets:
        if isinstance(target, ast.Name):
            yield target.id, assignment.value
        elif (
            isinstance(target, ast.Tuple)
            and isinstance(assignment.value, ast.Tuple)
            and len(target.elts) == len(assignment.value.elts)
            and all(isinstance(name, ast.Name) for name in target.elts)
        ):
            names = [name.id for name in target.elts if isinstance(name, ast.Name)]
            yield from zip(names, assignment.value.elts, strict=True)
        else:
            raise NotTypesetError(f"an assignment to {ast.unparse(target)}")


def _renaming(node: Any, names: dict[str, str]) -> Any:
    return _Replacing({a: ast.Name(b, ast.Load()) for a, b in names.items()}).visit(deepcopy(node))


class _Replacing(ast.NodeTransformer):
    """Puts formulas in the place of names."""

    def __init__(self, values: dict[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return deepcopy(self._values.get(node.id, node))


class _Plain(ast.NodeTransformer):
    """Modules' names without their modules, rational numbers as quotients, ``where`` as ``if``."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        if node.attr == "T":
            return ast.BinOp(self.visit(node.value), ast.Pow(), ast.Name("T", ast.Load()))
        return ast.Name(node.attr, ast.Load())

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        if not isinstance(node.target, ast.Name):
            raise NotTypesetError(f"an assignment to {ast.unparse(node.target)}")
        before = ast.Name(node.target.id, ast.Load())
        return ast.Assign([node.target], ast.BinOp(before, node.op, self.visit(node.value)))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.stmt | None:
        if node.value is None:
            return None
        return ast.Assign([node.target], self.visit(node.value))

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, float):
            if node.value.is_integer():
                return ast.Constant(int(node.value))
            if Fraction(repr(node.value)) != Fraction(node.value):
                raise NotTypesetError(
                    f"{node.value!r} is a float, which is not that decimal number but "
                    f"{Fraction(node.value)}; write Fraction({str(Fraction(repr(node.value)))!r})"
                )
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if node.keywords:
            raise NotTypesetError("a keyword argument")
        node = ast.Call(self.visit(node.func), [self.visit(a) for a in node.args], [])
        if not isinstance(node.func, ast.Name):
            raise NotTypesetError(f"the call {ast.unparse(node)}")
        name = _SYNONYMS.get(node.func.id, node.func.id)
        if name in _RATIONALS:
            return _rational(node.args)
        if name == "where" and len(node.args) == 3:
            return ast.IfExp(*node.args)
        if name in ("power", "pow") and len(node.args) == 2:
            return ast.BinOp(node.args[0], ast.Pow(), node.args[1])
        return ast.Call(ast.Name(name, ast.Load()), node.args, [])


def _rational(args: list[ast.expr]) -> ast.expr:
    try:
        values: list[Any] = [ast.literal_eval(arg) for arg in args]
        value = Fraction(*values)
    except (ValueError, TypeError, ZeroDivisionError):
        raise NotTypesetError("a fraction that is not written in numbers") from None
    if any(isinstance(v, float) for v in values):
        raise NotTypesetError("a fraction of floats")
    size: ast.expr = ast.Constant(abs(value.numerator))
    if value.denominator != 1:
        size = ast.BinOp(size, ast.Div(), ast.Constant(value.denominator))
    return size if value >= 0 else ast.UnaryOp(ast.USub(), size)
