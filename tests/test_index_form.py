"""The normal form in indices: what it calls equal is equal, and what is taught is seen."""

from random import Random

import pytest
import sympy as sp
from sympy import HadamardProduct as Had, MatMul, Transpose

import symnet as sn
from symnet.claims._evaluate import evaluate
from symnet.claims._index_form import equal_in_indices
from symnet.claims._normal_form import UnsupportedError
from symnet.exact.scalars import Inner, Norm
from symnet.gradients import Slope
from symnet.layers._entrywise import EntrywisePower

n, m, k = sp.symbols("n m k", integer=True, positive=True)
A, B, C = sp.MatrixSymbol("A", n, m), sp.MatrixSymbol("B", n, m), sp.MatrixSymbol("C", m, k)
S, Q = sp.MatrixSymbol("S", n, n), sp.MatrixSymbol("Q", n, n)
x, y, u = (sp.MatrixSymbol(s, n, 1) for s in "xyu")
v = sp.MatrixSymbol("v", m, 1)
ones = sp.OneMatrix(n, 1)
relu, sigmoid = sn.ReLU(), sn.Sigmoid()
p = sn.Softmax()(x)
wide, tall = sp.BlockMatrix([[A, S]]), sp.BlockMatrix([[v], [x]])

#: Identities that hold for all sizes.
TRUE = [
    (Had(x, y), sp.DiagMatrix(y) * x),
    (Had(x, y, u), Had(u, MatMul(sp.DiagMatrix(x), y))),
    (Transpose(Had(A, B)), Had(Transpose(B), Transpose(A))),
    (MatMul(sp.DiagMatrix(x), A, sp.DiagMatrix(v)), Had(A, MatMul(x, Transpose(v)))),
    (MatMul(Transpose(ones), Had(x, y)), MatMul(Transpose(x), y)),
    (MatMul(Had(A, B), sp.OneMatrix(m, 1)), MatMul(Had(B, A), sp.OneMatrix(m, 1))),
    (Inner(A, MatMul(B, C, Transpose(C))), Inner(MatMul(A, C), MatMul(B, C))),
    (Inner(x, MatMul(A, v)), Inner(MatMul(Transpose(A), x), v)),
    (Inner(ones, ones), n),
    (Inner(sp.Identity(n), MatMul(S, Q)), Inner(Transpose(S), Q)),
    (Inner(sp.Identity(n), MatMul(S, Q)), Inner(sp.Identity(n), MatMul(Q, S))),
    (Norm(x) ** 2, Inner(x, x)),
    (relu(x), Had(Slope(relu)(x), x)),
    (relu(x), MatMul(sp.DiagMatrix(Slope(relu)(x)), x)),
    (Had(Slope(relu)(x), Slope(relu)(x)), Slope(relu)(x)),
    (Slope(sigmoid)(x), Had(sigmoid(x), sp.MatAdd(ones, MatMul(-1, sigmoid(x))))),
    (sn.Tanh()(x), sp.MatAdd(MatMul(2, sigmoid(MatMul(2, x))), MatMul(-1, ones))),
    (relu(Transpose(MatMul(A, C))), Transpose(relu(MatMul(A, C)))),
    (EntrywisePower(x, sp.Integer(2)), Had(x, x)),
    (Had(p, EntrywisePower(p, sp.Integer(-1)), y), y),
    (relu(MatMul(2, x)), MatMul(2, relu(x))),
    (MatMul(wide, tall), sp.MatAdd(MatMul(S, x), MatMul(A, v))),
    (MatMul(x, Transpose(x), y), MatMul(Inner(x, y), x)),
]  # fmt: skip

#: Like identities, and false.
FALSE = [
    (Had(x, y), MatMul(x, Transpose(y), ones)),
    (MatMul(S, Q), MatMul(Q, S)),
    (Transpose(MatMul(S, Q)), MatMul(Transpose(S), Transpose(Q))),
    (MatMul(Had(S, Q), x), Had(MatMul(S, x), MatMul(Q, x))),
    (Inner(S, Q), Inner(Transpose(S), Q)),
    (Inner(ones, ones), n + 1),
    (relu(x), Slope(relu)(x)),
    (sigmoid(MatMul(S, x)), MatMul(S, sigmoid(x))),
    (Slope(sigmoid)(x), Had(sigmoid(x), sigmoid(x))),
    (relu(MatMul(-2, x)), MatMul(-2, relu(x))),
    (relu(Transpose(S)), relu(S)),
    (sn.Softmax()(S), Transpose(sn.Softmax()(Transpose(S)))),
    (MatMul(wide, tall), sp.MatAdd(MatMul(S, x), MatMul(2, A, v))),
    (MatMul(x, Transpose(x), y), MatMul(y, Transpose(x), x)),
]  # fmt: skip

sizes = {n: 2, m: 3, k: 2}


def value(expr):
    point = dict(sizes)
    for s in sorted(expr.atoms(sp.MatrixSymbol), key=str):
        shape = [int(sp.sympify(d).subs(sizes)) for d in s.shape]
        random = Random(f"{s} is")
        entries = [random.randint(-9, 9) or 1 for _ in range(shape[0] * shape[1])]
        point[s] = sp.ImmutableDenseMatrix(*shape, entries)
    return evaluate(expr, point)


def equal(a, b):
    difference = a - b
    entries = difference.flat() if hasattr(difference, "flat") else [difference]
    return all(abs(sp.N(e, 30)) < 1e-25 for e in entries)


@pytest.mark.parametrize(("lhs", "rhs"), TRUE, ids=lambda e: str(e)[:40])
def test_what_holds_is_seen(lhs, rhs):
    assert equal(value(lhs), value(rhs))
    assert equal_in_indices(lhs, rhs)
    assert equal_in_indices(rhs, lhs)


@pytest.mark.parametrize(("lhs", "rhs"), FALSE, ids=lambda e: str(e)[:40])
def test_what_does_not_hold_is_not_called_equal(lhs, rhs):
    assert not equal(value(lhs), value(rhs))
    assert equal_in_indices(lhs, rhs) is None


def random_expression(random, rows, cols, depth):
    """A matrix expression of the given shape (sizes n or 1)."""
    if depth == 0:
        if (rows, cols) == (1, 1):
            return MatMul(Transpose(random.choice([x, y])), random.choice([x, y]))
        if rows == 1:
            return Transpose(random.choice([x, y]))
        return random.choice([x, y]) if cols == 1 else random.choice([S, Q])
    kind = random.randrange(6)
    more = lambda p, q: random_expression(random, p, q, depth - 1)  # noqa: E731
    if kind == 0:
        return sp.MatAdd(more(rows, cols), MatMul(random.choice([-1, 2]), more(rows, cols)))
    if kind == 1:
        return MatMul(more(rows, n), more(n, cols))
    if kind == 2 and (rows, cols) != (1, 1):
        return Had(more(rows, cols), more(rows, cols))
    if kind == 3:
        return Transpose(more(cols, rows))
    if kind == 4 and rows != 1:
        return MatMul(sp.DiagMatrix(more(rows, 1)), more(rows, cols))
    return MatMul(more(rows, 1), more(1, cols))


@pytest.mark.parametrize("seed", range(60))
def test_random_pairs_are_called_equal_only_if_their_values_are(seed):
    random = Random(seed)
    lhs = random_expression(random, n, 1, 2)
    rhs = random_expression(random, n, 1, 2)
    if equal_in_indices(lhs, rhs):
        assert equal(value(lhs), value(rhs))
    # and one that is equal, by the transposed product rules
    turned = Transpose(MatMul(Transpose(lhs), sp.DiagMatrix(rhs)))
    assert equal_in_indices(turned, Had(lhs, rhs))


def test_a_pole_is_no_value():
    """At x = 0 one side has no value."""
    assert equal_in_indices(Had(x, EntrywisePower(x, sp.Integer(-1)), y), y) is None


def test_what_is_not_known_is_said():
    with pytest.raises(UnsupportedError, match="KroneckerProduct"):
        equal_in_indices(sp.KroneckerProduct(A, B), sp.KroneckerProduct(B, A))
