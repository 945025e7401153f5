r"""Long regular runs, written as on the board: :math:`W_{50} W_{49} \cdots W_1`.

Something is left out only if it follows from what stays: every symbol of it is that of its
neighbour with the index moved by one, and both ends and two at the start (of a sum also at the
end) are shown. Products, sums of products that grow by a factor, and nested layers are seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self

import sympy as sp
from sympy.core.symbol import Str
from sympy.matrices.expressions.matexpr import MatrixExpr

from ..notation import Name
from ..notation._rebuild import rebuilt

#: Runs up to this length are written out.
SHORT = 4
#: How deep in the tree one layer of a nest may be.
_DEEP = 6


class Dots(MatrixExpr):
    """The factors or terms that are left out."""

    def __new__(cls, rows: Any, cols: Any) -> Self:
        self: Self = sp.Basic.__new__(cls, rows, cols)
        return self

    @property
    def shape(self) -> Any:
        return self.args


class Around(MatrixExpr):
    """An expression with layers around it that are left out: ``⋯ (W_1 x + b_1) ⋯``."""

    def __new__(cls, rows: Any, cols: Any, inner: Any) -> Self:
        self: Self = sp.Basic.__new__(cls, rows, cols, inner)
        return self

    @property
    def shape(self) -> Any:
        return self.args[:2]

    @property
    def inner(self) -> Any:
        return self.args[2]


def elided(expr: Any) -> Any:
    """``expr`` with long regular runs replaced by dots.

    >>> import sympy as sp
    >>> n = sp.Symbol("n", integer=True, positive=True)
    >>> elided(sp.MatMul(*(sp.MatrixSymbol(f"W_{k}", n, n) for k in range(9, 0, -1)))).args
    (W_9, W_8, Dots(n, n), W_1)
    """
    if not isinstance(expr, sp.Basic) or not expr.args:
        return expr
    if isinstance(expr, MatrixExpr) and (nest := _elided_nest(expr)) is not None:
        return nest
    if isinstance(expr, sp.MatAdd) and (terms := _sum(expr)) is not None:
        return sp.Basic.__new__(sp.MatAdd, *terms)
    args = [elided(a) for a in expr.args]
    if isinstance(expr, sp.MatMul):
        return sp.Basic.__new__(sp.MatMul, *_product(args))
    return rebuilt(expr, args) if isinstance(expr, MatrixExpr) else _same(expr, args)


def _same(expr: sp.Basic, args: list[Any]) -> Any:
    if tuple(args) == expr.args:
        return expr
    return rebuilt(expr, args)


# --- one like the other, its indices moved


def moved(a: Any, b: Any) -> int | None:
    """By how much the indices of ``b`` are those of ``a`` moved; None if it is not so.

    0 where nothing has an index that moves, so a = b but for the sizes of symbols.
    """
    steps: set[int] = set()
    if not _compare(a, b, steps):
        return None
    steps.discard(0)
    if len(steps) > 1:
        return None
    return steps.pop() if steps else 0


def _compare(a: Any, b: Any, steps: set[int]) -> bool:
    if isinstance(a, sp.MatrixSymbol | sp.Symbol | Str):
        return type(a) is type(b) and _compare_names(a.name, b.name, steps)
    if type(a) is not type(b):
        return False
    if isinstance(a, sp.ZeroMatrix | sp.Identity | sp.OneMatrix):
        return True
    if not isinstance(a, sp.Basic) or not a.args:
        return bool(a == b)
    if len(a.args) != len(b.args):
        return False
    return all(_compare(x, y, steps) for x, y in zip(a.args, b.args, strict=True))


def _compare_names(a: str, b: str, steps: set[int]) -> bool:
    if a == b:
        steps.add(0)
        return True
    left, right = Name.read(a), Name.read(b)
    if left.odd or right.odd or left.letter != right.letter or left.primes != right.primes:
        return False
    if left.number is None or right.number is None:
        return False
    steps.add(right.number - left.number)
    return True


def _run(items: Sequence[Any], start: int) -> int:
    """The end of the longest regular run that begins at ``start``."""
    if start + 1 >= len(items):
        return start + 1
    step = moved(items[start], items[start + 1])
    if step not in (1, -1):
        return start + 1
    end = start + 2
    while end < len(items) and moved(items[end - 1], items[end]) == step:
        end += 1
    return end


# --- products


def _product(factors: Sequence[Any]) -> list[Any]:
    result: list[Any] = []
    at = 0
    while at < len(factors):
        end = _run(factors, at)
        if end - at > SHORT:
            gap = Dots(factors[at + 2].shape[0], factors[end - 2].shape[1])
            result += [factors[at], factors[at + 1], gap, factors[end - 1]]
        else:
            result += factors[at:end]
        at = end
    return result


# --- sums


def _sum(expr: sp.MatAdd) -> list[Any] | None:
    """The terms with dots between them, None if there is no long regular run of terms."""
    terms = list(expr.args)
    if len(terms) <= SHORT:
        return None
    lists = [list(t.args) if isinstance(t, sp.MatMul) else [t] for t in terms]
    for start in range(len(terms) - SHORT):
        end = max(_growing(lists, start, turn) for turn in _TURNS)
        end = max(end, _run(terms, start))
        if end - start > SHORT:
            gap = Dots(*expr.shape)
            shown = [*terms[: start + 2], gap, *terms[end - 2 :]]
            return [elided(t) for t in shown]
    return None


def _straight(items: list[Any]) -> list[Any]:
    return items


def _backwards(items: list[Any]) -> list[Any]:
    return items[::-1]


_TURNS: tuple[Callable[[list[Any]], list[Any]], ...] = (_straight, _backwards)


def _growing(lists: list[list[Any]], start: int, turn: Callable[[list[Any]], list[Any]]) -> int:
    """The end of a run W_5 W_4 W_3 b_2, W_5 W_4 b_3, W_5 b_4, b_5, or the same read otherwise."""
    rows = [turn(factors) for factors in lists[start:]]
    if len(rows) < 2:
        return start + 1
    step = len(rows[1]) - len(rows[0])
    if step not in (1, -1):
        return start + 1
    tail = moved(rows[0][-1], rows[1][-1])
    if tail not in (1, -1):
        return start + 1
    end = 1
    while end < len(rows) and _grows(rows[end - 1], rows[end], step, tail):
        end += 1
    longest = max(rows[:end], key=len)[:-1]
    regular = len(longest) < 2 or _run(longest, 0) == len(longest)
    return start + end if regular else start + 1


def _grows(a: list[Any], b: list[Any], step: int, tail: int) -> bool:
    if len(b) - len(a) != step or moved(a[-1], b[-1]) != tail:
        return False
    short, long = (a, b) if step == 1 else (b, a)
    return short[:-1] == long[: len(short) - 1]


# --- nests


def _paths(expr: Any) -> Iterator[tuple[tuple[int, ...], Any]]:
    """The inner expressions that may be the layer below, the nearest first."""
    waiting: list[tuple[tuple[int, ...], Any]] = [((), expr)]
    while waiting:
        path, node = waiting.pop(0)
        if path:
            yield path, node
        if len(path) < _DEEP:
            waiting += [
                ((*path, k), arg)
                for k, arg in enumerate(node.args)
                if isinstance(arg, MatrixExpr) and arg.args and not isinstance(arg, sp.MatrixSymbol)
            ]


def _at(expr: Any, path: tuple[int, ...]) -> Any | None:
    for k in path:
        if isinstance(expr, sp.MatrixSymbol) or k >= len(expr.args):
            return None
        expr = expr.args[k]
    return expr


def _with(expr: Any, path: tuple[int, ...], inner: Any) -> Any:
    if not path:
        return inner
    args = list(expr.args)
    args[path[0]] = _with(args[path[0]], path[1:], inner)
    return sp.Basic.__new__(type(expr), *args)


_HOLE = sp.MatrixSymbol("hole", 1, 1)


def _elided_nest(expr: MatrixExpr) -> Any | None:
    """W_9 (W_8 (⋯ (W_1 x + b_1) ⋯) + b_8) + b_9 for a nest of more than SHORT layers."""
    if _depth(expr) <= SHORT:
        return None
    for path, inner in _paths(expr):
        if type(inner) is not type(expr):
            continue
        layers = _layers(expr, path)
        if len(layers) > SHORT:
            first, second, last = layers[0], layers[1], layers[-1]
            innermost = elided(last)
            hidden = _at(second, path)
            assert hidden is not None
            around = Around(hidden.shape[0], hidden.shape[1], innermost)
            return _with(first, path, _with(second, path, around))
    return None


def _layers(expr: Any, path: tuple[int, ...]) -> list[Any]:
    """expr, the layer in it, …: as far as each is the one around it with indices moved by one."""
    layers = [expr]
    step: int | None = None
    while True:
        here = layers[-1]
        below = _at(here, path)
        if type(below) is not type(expr) or _at(below, path) is None:
            return layers
        by = moved(_with(here, path, _HOLE), _with(below, path, _HOLE))
        if by not in (1, -1) or (step is not None and by != step):
            return layers
        step = by
        layers.append(below)


def _depth(expr: Any) -> int:
    depth, level = 0, [expr]
    while level and depth <= SHORT * 2:
        level = [a for e in level for a in e.args if isinstance(a, MatrixExpr) and a.args]
        depth += 1
    return depth
