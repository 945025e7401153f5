"""Attention, layer normalisation and residual blocks: values, Jacobians, permutations."""

from itertools import permutations

import pytest
import sympy as sp

import symnet as sn
from symnet.claims._evaluate import evaluate
from symnet.errors import ShapeError

from .reference import equal, matrix, point_for, scalar_jacobian, seeded

d, e, s, t = sp.symbols("d e s t", integer=True, positive=True)
q, K, V = sp.MatrixSymbol("q", d, 1), sp.MatrixSymbol("K", d, t), sp.MatrixSymbol("V", e, t)


def permutation(order):
    return sp.ImmutableMatrix(len(order), len(order), lambda i, j: int(order[i] == j))


def test_the_value_is_a_mean_of_the_values():
    # scores 0 and log 3 give the weights 1/4 and 3/4
    found = sn.attention([sp.log(3)], [[0, 1]], [[8, 4], [0, 1]])
    assert found == sp.Matrix([5, sp.Rational(3, 4)])


def test_the_jacobian_by_a_query():
    out = sn.attention(q, K, V)
    J = sn.jacobian(out, "q")
    p = sn.softmax(sp.MatMul(1 / sp.sqrt(d), K.T, q))
    middle = sp.MatAdd(sp.DiagMatrix(p), sp.MatMul(-1, p, sp.Transpose(p)))
    assert sp.MatMul(1 / sp.sqrt(d), V, middle, K.T) == J
    point = point_for(seeded("attention"), out, sizes={d: 1, e: 2, t: 2})
    assert equal(evaluate(J, point), scalar_jacobian(out, q, point))


@pytest.mark.parametrize("name", ["K", "V", "Q"])
def test_adjoints_by_keys_values_and_queries(name):
    Q = sp.MatrixSymbol("Q", d, s)
    out = sn.attention(Q, K, V)
    symbol = {"K": K, "V": V, "Q": Q}[name]
    point = point_for(seeded("adjoint", name), out, sizes={d: 1, e: 1, t: 2, s: 2})
    weight = matrix(seeded(name), *point[V].shape[:1], point[Q].shape[1])
    g = sp.MatrixSymbol("v", e, s)
    found = evaluate(sn.vjp(out, name), {**point, g: weight})
    J = scalar_jacobian(out, symbol, point)
    wanted = J.T * sp.Matrix(list(weight.T))
    rows, cols = point[symbol].shape
    assert equal(found, sp.ImmutableMatrix(rows, cols, lambda i, j: wanted[i + rows * j]))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_the_keys_does_not_matter(order):
    P = permutation(order)
    X, M = sp.Matrix([[1, -2, 0], [0, 1, 3]]), sp.Matrix([[1, 1], [0, -1]])
    query = sp.Matrix([1, 2])
    keys, values = M * X, X
    assert sn.attention(query, keys * P, values * P) == sn.attention(query, keys, values)
    # self-attention turns a permutation of the tokens into that of its results
    assert sn.attention(X * P, keys * P, values * P) == sn.attention(X, keys, values) * P


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize(
    "layer", [sn.Softmax(), sn.LayerNorm([1, 1, 1], [0, 0, 0], eps=1), sn.Residual(sn.Tanh())]
)
def test_layers_commute_with_permutations_and_so_do_their_jacobians(layer, order):
    P, x = permutation(order), sp.ImmutableMatrix([1, -2, 4])
    assert layer(P * x) == P * layer(x)
    symbol = sp.MatrixSymbol("x", 3, 1)
    J = sn.jacobian(sn.Sequential(layer) if not layer.children else layer)
    (symbol,) = (s for s in J.atoms(sp.MatrixSymbol))
    J = J.subs(symbol.shape[0], 3)
    at = lambda v: evaluate(J, {sp.MatrixSymbol(symbol.name, 3, 1): v})  # noqa: E731
    assert equal(at(P * x), P * at(x) * P.T)


def test_messages():
    with pytest.raises(ShapeError, match="Q has 2 rows and K has d; attention needs as many"):
        sn.attention(sp.MatrixSymbol("q", 2, 1), K, V)
    with pytest.raises(ShapeError, match="V has s columns and K has t"):
        sn.attention(q, K, sp.MatrixSymbol("V", e, s))
