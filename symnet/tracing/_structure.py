"""The network of a matrix expression: products are linear layers, sums are branches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixExpr
from sympy.matrices.matrixbase import MatrixBase

from ..activations._identity import Identity
from ..base import Apply, Network
from ..errors import TracingError
from ..exact.algebra import factors_of, terms_of
from ..layers._concat import Concat
from ..layers._linear import Linear
from ..layers._residual import Residual
from ..layers._sum import Sum
from ..sequential import Sequential


def network_of(expr: MatrixExpr, x: sp.MatrixSymbol) -> Network:
    """The network whose value at ``x`` is ``expr``.

    ``W*z + b`` is a linear layer after the network of z, a layer at z is that layer, ``z + f(z)``
    is a :class:`Residual`, other sums are a :class:`Sum`, columns of blocks a :class:`Concat`.

    Parameters
    ----------
    expr : (out_features, 1) matrix expression in x
    x : (in_features, 1) MatrixSymbol

    Raises
    ------
    TracingError
        Names the part that no layer of this kind computes.

    Examples
    --------
    >>> import symnet as sn
    >>> V, W, x = sp.MatrixSymbol("V", 2, 3), sp.MatrixSymbol("W", 3, 2), sp.MatrixSymbol("x", 2, 1)
    >>> network_of(V * sn.relu(W * x) + x, x)
    Residual(Sequential(Linear(W), ReLU(), Linear(V)))
    """
    network = joined(layers_of(flattened(expr), x))
    if flattened(network(x)) != flattened(expr):
        raise TracingError(f"{expr} is not a composition of layers that symnet finds")
    return network


def joined(layers: Sequence[Network]) -> Network:
    """The layers as one network."""
    if not layers:
        identity: Network = Identity()
        return identity
    network: Network = layers[0] if len(layers) == 1 else Sequential._rebuild(*layers)
    return network


def flattened(expr: Any) -> Any:
    """The same with every sum and product flat, and layers that are written out written out."""
    if isinstance(expr, Apply):
        argument = flattened(expr.argument)
        if isinstance(expr.layer, Identity):
            return argument
        value = expr.layer(argument)
        return value if isinstance(value, Apply) else flattened(value)
    if isinstance(expr, sp.MatAdd):
        first, *rest = map(flattened, expr.args)
        return sum(rest, first)
    if isinstance(expr, sp.MatMul):
        coefficient, factors = factors_of(expr)
        first, *rest = map(flattened, factors)
        for factor in rest:
            first = first * factor
        return coefficient * first
    if isinstance(expr, sp.BlockMatrix):
        rows, cols = expr.blockshape
        return sp.BlockMatrix(
            [[flattened(expr.blocks[i, j]) for j in range(cols)] for i in range(rows)]
        )
    return expr


def layers_of(expr: Any, x: Any) -> list[Network]:
    """The layers, first to last, that take ``x`` to ``expr``, which is flat."""
    if expr == x:
        return []
    if not expr.has(x):
        return [Linear(sp.ZeroMatrix(expr.shape[0], x.shape[0]), expr)]
    if isinstance(expr, Apply):
        return [*layers_of(expr.argument, x), expr.layer]
    if isinstance(expr, sp.MatMul):
        return _product(expr, x, None)
    if isinstance(expr, sp.MatAdd | sp.BlockMatrix):
        return _parallel(expr, x)
    raise TracingError(f"{expr} is not a layer of {x}: {type(expr).__name__} is not known here")


def _product(expr: Any, x: Any, bias: Any) -> list[Network]:
    coefficient, factors = factors_of(expr)
    *weights, column = (f for factor in factors for f in _repeated(factor))
    if not column.has(x):
        raise TracingError(f"{expr} has the input left of {column}; write weights first: W @ x")
    for weight in weights:
        if weight.has(x):
            raise TracingError(
                f"{expr} multiplies two parts that depend on the input, {weight} and {column}; "
                "a layer multiplies by a weight"
            )
    if coefficient.has(x):
        raise TracingError(f"the factor {coefficient} depends on the input")
    if not weights:
        weights = [sp.Identity(column.shape[0])]
    first, *others = weights
    scaled = first if coefficient == 1 else coefficient * first
    linear = [Linear(w) for w in reversed(others)]
    return [*layers_of(column, x), *linear, Linear(scaled, bias)]


def _repeated(factor: Any) -> list[Any]:
    """W, W for W**2, which SymPy makes of equal factors."""
    if isinstance(factor, sp.MatPow) and factor.exp.is_Integer and factor.exp > 0:
        return [factor.base] * int(factor.exp)
    return [factor]


def _parallel(expr: Any, x: Any) -> list[Network]:
    if isinstance(expr, sp.MatAdd):
        moving = [t for t in expr.args if t.has(x)]
        if len(moving) == 1:
            return _affine(moving[0], _sum([t for t in expr.args if not t.has(x)]), x)
    meeting = _meeting(expr, x)
    if meeting != x:
        inner = _stand_in(meeting)
        return [*layers_of(meeting, x), *layers_of(_cut(expr, meeting, inner), inner)]
    if isinstance(expr, sp.BlockMatrix):
        return [Concat._rebuild(*(joined(layers_of(block, x)) for block in _column(expr)))]
    return _branches(expr, x)


def _affine(moving: Any, bias: Any, x: Any) -> list[Network]:
    if isinstance(moving, sp.MatMul):
        return _product(moving, x, bias)
    return [*layers_of(moving, x), Linear(sp.Identity(moving.shape[0]), bias)]


def _branches(expr: sp.MatAdd, x: Any) -> list[Network]:
    terms = list(expr.args)
    if x in terms:
        terms.remove(x)
        return [Residual._rebuild(joined(layers_of(_sum(terms), x)))]
    bias = _sum([t for t in terms if not t.has(x)])
    moving = [t for t in terms if t.has(x)]
    linear = next((t for t in moving if isinstance(t, sp.MatMul)), None)
    parts = []
    for term in moving:
        layers = layers_of(term, x) if term is not linear else _product(term, x, bias)
        parts.append(joined(layers))
    last = [Linear(sp.Identity(expr.shape[0]), bias)] if linear is None and bias is not None else []
    return [Sum._rebuild(*parts), *last]


def _sum(terms: Sequence[Any]) -> Any:
    return sum(terms[1:], terms[0]) if terms else None


def _column(expr: sp.BlockMatrix) -> list[Any]:
    rows, cols = expr.blockshape
    if cols != 1:
        raise TracingError(f"{expr} puts blocks side by side; a column has one below the other")
    return [expr.blocks[i, 0] for i in range(rows)]


def _meeting(expr: Any, x: Any) -> Any:
    """The outermost part through which alone ``expr`` depends on ``x``."""
    parts = (p for p in sp.preorder_traversal(expr) if isinstance(p, MatrixExpr | MatrixBase))
    found = {p for p in parts if p.has(x) and p not in (expr, x)}
    for part in sorted(found, key=lambda p: (-sp.count_ops(p), -len(str(p)), str(p))):
        if part.shape[1] == x.shape[1] and not _cut(expr, part, _stand_in(part)).has(x):
            return part
    return x


def _stand_in(part: Any) -> sp.MatrixSymbol:
    return sp.MatrixSymbol(f"_h{sp.Dummy().dummy_index}", *part.shape)


def _cut(expr: Any, part: Any, inner: Any) -> Any:
    """``expr`` with ``inner`` for ``part``, also where the sum ``part`` has dissolved in a sum."""
    if expr == part:
        return inner
    if not expr.has(*part.free_symbols) or not expr.args:
        return expr
    if isinstance(expr, sp.MatAdd) and set(terms_of(part)) <= set(expr.args):
        rest = [_cut(t, part, inner) for t in expr.args if t not in terms_of(part)]
        return _sum([inner, *rest])
    if isinstance(expr, sp.MatrixSymbol | Network):
        return expr
    if isinstance(expr, sp.BlockMatrix):
        return sp.BlockMatrix([[_cut(block, part, inner)] for block in _column(expr)])
    return expr.func(*(_cut(arg, part, inner) for arg in expr.args))
