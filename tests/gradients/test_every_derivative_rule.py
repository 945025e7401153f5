"""The laws of differentiation rules, once, over every member that is found."""

import pytest
import sympy as sp

import symnet as sn
from symnet.claims._evaluate import evaluate
from symnet.errors import GradientError
from symnet.exact.scalars import Inner
from symnet.gradients._differentiate import Derivative, jacobian, pull, push
from symnet.gradients.layers import every_layer_rule
from symnet.gradients.nodes import every_node_rule

from .reference import equal, matrix, point_for, scalar_jacobian, seeded

EXAMPLES = [
    pytest.param(expr, variable, id=f"{rule.name}-{expr}-{variable}")
    for rule in every_node_rule()
    for expr, variable in rule.examples()
]
every_example = pytest.mark.parametrize(("expr", "variable"), EXAMPLES)


#: Numbers whose derivative by a matrix is a matrix, and no row.
WITHOUT_JACOBIAN = {
    "<A, A*A>", "(<A, A>)*(x.T*x) + |A|**2", "Trace(A*B)", "3*Trace(A*B)**2", "Determinant(A)",
    "log(Determinant(A*A.T))",
}  # fmt: skip


def columns(values, shape):
    """A matrix from its entries column by column."""
    rows = shape[0]
    return sp.ImmutableDenseMatrix(*shape, lambda i, j: values[i + rows * j])


def shape_of(part):
    return tuple(map(int, part.shape)) if getattr(part, "is_Matrix", False) else (1, 1)


def as_matrix(value):
    return value if isinstance(value, sp.MatrixBase) else sp.ImmutableDenseMatrix([[value]])


def test_every_rule_states_what_it_is():
    for rule in every_node_rule():
        assert rule.name
        assert rule.statement
        assert rule.source
        assert list(rule.examples())
    for rule in every_layer_rule():
        assert rule.statement
        assert rule.source


def test_every_layer_rule_has_an_example():
    layers = {type(a.layer) for p in EXAMPLES for a in p.values[0].atoms(sn.base.Apply)}
    assert {rule.layer for rule in every_layer_rule()} <= layers


@every_example
def test_differential_adjoint_and_jacobian_are_those_of_the_entries(expr, variable):
    random = seeded(expr, variable)
    point = point_for(random, expr)
    J = scalar_jacobian(expr, variable, point)
    shape, own = shape_of(expr), shape_of(variable)
    is_matrix = isinstance(variable, sp.MatrixSymbol)

    direction = matrix(random, *own)
    h = sp.MatrixSymbol("h", *own) if is_matrix else sp.Symbol("h", real=True)
    value = direction if is_matrix else direction[0, 0]
    found = as_matrix(evaluate(push(expr, {variable: h}), {**point, h: value}))
    assert equal(found, columns(list(J * sp.Matrix(list(direction.T))), shape))

    weight = matrix(random, *shape)
    scalar = not getattr(expr, "is_Matrix", False)
    g = sp.Symbol("g", real=True) if scalar else sp.MatrixSymbol("g", *shape)
    given = {**point, g: weight[0, 0] if scalar else weight}
    found = as_matrix(evaluate(pull(expr, g, [variable])[variable], given))
    assert equal(found, columns(list(J.T * sp.Matrix(list(weight.T))), own))

    if shape[1] == 1 and is_matrix:
        if str(expr) in WITHOUT_JACOBIAN:
            with pytest.raises(GradientError, match="not a matrix product"):
                jacobian(expr, variable)
            return
        symbolic = jacobian(expr, variable)
        assert tuple(symbolic.shape) == (shape[0], own[0] * own[1])
        assert equal(as_matrix(evaluate(symbolic, point)), J)


def test_what_stands_in_two_places_is_visited_once():
    n = sp.Symbol("n", integer=True, positive=True)
    x, W = sp.MatrixSymbol("x", n, 1), sp.MatrixSymbol("W", n, n)
    deep = x
    for _ in range(60):
        deep = sp.MatAdd(sp.MatMul(W, deep), deep)
    g = sp.MatrixSymbol("g", n, 1)
    # a tree of this expression has 2^60 leaves
    assert len(Derivative([x])._from_the_end(deep)) == 121
    assert pull(sp.MatAdd(sp.MatMul(W, x), x), g, [x])[x].doit() == sp.Transpose(W) * g + g


def test_unknown_parts_are_named():
    x = sp.MatrixSymbol("x", 3, 3)
    with pytest.raises(GradientError, match="no rule differentiates MatrixElement"):
        pull(x[0, 1], sp.S.One, [x])
    with pytest.raises(GradientError, match="no rule differentiates MatrixElement"):
        sn.gradient(2 * x[0, 1] + sp.Trace(x) ** 2, "x")  # and not the derivative of the rest
    with pytest.raises(GradientError, match="no rule differentiates MatPow"):
        push(sp.MatPow(x, sp.Symbol("k")), {x: x})
    with pytest.raises(GradientError, match="only that of one column"):
        jacobian(x * x, x)


def test_inner_products_with_constants_have_no_share():
    a, b = sp.MatrixSymbol("a", 3, 1), sp.MatrixSymbol("b", 3, 1)
    assert pull(Inner(a, b), sp.S.One, [a])[a] == b
