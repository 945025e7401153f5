"""Inductions: what is proved holds for every number, what is false is refuted for a small one."""

import random

import pytest
import sympy as sp

import symnet as sn
from symnet.claims._unfolding import Unfolding
from symnet.notation._transposition import transposed
from symnet.render import render

L, N, j = sp.symbols("L n j", integer=True, nonnegative=True)
k = sp.Symbol("k", integer=True, positive=True)
m = sp.Symbol("m", integer=True, nonnegative=True)
n = sp.Function("n", integer=True, positive=True)
p, s = (sp.IndexedBase(letter, real=True) for letter in "ps")
W = sn.MatrixFamily("W", n(k), n(k - 1), k)
b = sn.MatrixFamily("b", n(k), 1, k)
a = sn.MatrixFamily("a", n(k), 1, k)
x = sp.MatrixSymbol("x", n(0), 1)


def weights(lower, upper):
    return sn.MatrixProduct(W[k], (k, lower, upper))


def layers(closed):
    return sn.Induction(a[L], closed, index=L, term=a[L], first=x, step=W[L + 1] * a[L] + b[L + 1])


BIAS = sn.MatrixSum(weights(j + 1, L) * b[j], (j, 1, L))
ALL = layers(weights(1, L) * x + BIAS)
QUARTER = sp.And(s[L] >= 0, s[L] <= sp.Rational(1, 4))


def powers(base):
    return sn.Induction(
        sp.Abs(p[L]), base ** (-L), "<=", where=QUARTER,
        index=L, term=p[L], first=1, step=s[L + 1] * p[L],
    )  # fmt: skip


V = sn.MatrixFamily("V", n(k - 1), n(k), k)
c, r = (sn.MatrixFamily(letter, m + 1, n(k), k) for letter in "cr")
X = sp.MatrixSymbol("X", m + 1, n(0))


def rows(closed):
    """A minibatch whose examples are rows."""
    return sn.Induction(r[L], closed, index=L, term=r[L], first=X, step=r[L] * V[L + 1] + c[L + 1])


def rising(lower, upper):
    return sn.RisingProduct(V[k], (k, lower, upper))


PROVED = [
    rows(X * rising(1, L) + sn.MatrixSum(c[j] * rising(j + 1, L), (j, 1, L))),
    ALL,
    powers(4),
    powers(3),
    sn.Induction(sp.Sum(j**2, (j, 1, L)), L * (L + 1) * (2 * L + 1) / 6, index=L),
    sn.Induction(sp.Sum(2**j, (j, 0, L)), 2 ** (L + 1) - 1, index=L),
    sn.Induction(p[L], 2**L, index=L, term=p[L], first=1, step=2 * p[L]),
    sn.Induction(2**L, L + 1, ">=", index=L),
    sn.Induction(
        sp.Sum(sp.binomial(m + 1, j), (j, 0, N)),
        sp.Sum(sp.binomial(m, j), (j, 0, N)) + sp.Sum(sp.binomial(m, j), (j, 0, N - 1)),
        index=N,
    ),
]

REFUTED = [
    (layers(weights(1, L) * x), 1),
    (layers(weights(1, L) * x + 2 * BIAS), 1),
    (rows(X * rising(1, L)), 1),
    (powers(5), 1),
    (sn.Induction(sp.Sum(j, (j, 1, L)), L**2, index=L), 2),
    (sn.Induction(p[L], 3**L, index=L, term=p[L], first=1, step=2 * p[L]), 1),
    (sn.Induction(p[L], 2**L, index=L, term=p[L], first=3, step=2 * p[L]), 0),
    (sn.Induction(2**L, L + 2, ">=", index=L), 0),
    (sn.Induction(
        sp.Sum(sp.binomial(m + 1, j), (j, 0, N)), 2 * sp.Sum(sp.binomial(m, j), (j, 0, N)),
        index=N,
    ), 0),
]  # fmt: skip


@pytest.mark.parametrize("claim", PROVED, ids=str)
def test_true_claims_are_proved_by_base_and_step(claim):
    verdict = claim.prove()
    assert verdict.verdict == "proved"
    assert verdict.method == "induction"
    assert verdict.claim is claim


@pytest.mark.parametrize(("claim", "number"), REFUTED, ids=str)
def test_false_claims_are_refuted_for_the_first_number_where_they_fail(claim, number):
    verdict = claim.prove()
    assert verdict.verdict == "refuted"
    assert verdict.detail == f"for {claim.index} = {number}"
    assert verdict.check()


def test_a_claim_that_fails_later_than_is_tried_is_not_proved():
    late = sp.prod(L - i for i in range(5))
    claim = sn.Induction(p[L], 2**L + late, index=L, term=p[L], first=1, step=2 * p[L])
    verdict = claim.prove()
    assert verdict.verdict == "undecided"
    assert "step of the induction is not proved" in verdict.reason


def test_what_is_true_and_too_weak_for_an_induction_is_left_open():
    # the sequence stays at 1; but p <= 1 does not give p^2 + p - 1 <= 1, for example for p = -3
    claim = sn.Induction(p[L], 1, "<=", index=L, term=p[L], first=1, step=p[L] ** 2 + p[L] - 1)
    verdict = claim.prove()
    assert verdict.verdict == "undecided"
    assert "stronger" in verdict.advice


@pytest.mark.parametrize("depth", range(5))
def test_the_unfolded_form_is_the_network(depth):
    """For numbers as weights: the closed form against the layers one after the other."""
    rng = random.Random(depth)
    sizes = [rng.randint(1, 3) for _ in range(depth + 1)]

    def matrix(rows, cols):
        return sp.ImmutableMatrix(rows, cols, lambda *_: rng.randint(-3, 3))

    values = {n(i): sp.Integer(size) for i, size in enumerate(sizes)}
    given = {W[i + 1]: matrix(sizes[i + 1], sizes[i]) for i in range(depth)}
    given |= {b[i + 1]: matrix(sizes[i + 1], 1) for i in range(depth)}
    point = matrix(sizes[0], 1)
    out = point
    for i in range(depth):
        out = given[W[i + 1]] * out + given[b[i + 1]]
    claim = ALL.at(depth)
    named = {s.name: s for s in claim.rhs.free_symbols}
    put = {named[str(member)]: value for member, value in given.items() if str(member) in named}
    put[named["x"]] = point
    put |= {named[f"n_{i}"]: values[n(i)] for i in range(depth + 1) if f"n_{i}" in named}
    sized = {
        symbol: sp.MatrixSymbol(symbol.name, *value.shape)
        for symbol, value in put.items()
        if isinstance(symbol, sp.MatrixSymbol)
    }
    expr = claim.rhs.xreplace(sized)
    expr = expr.xreplace({sized[symbol]: put[symbol] for symbol in sized})
    assert sp.ImmutableMatrix(expr.doit()) == out


@pytest.mark.parametrize("length", range(5))
def test_sums_and_products_are_taken_apart_as_sympy_does(length):
    everything = Unfolding({})
    total = sp.Sum(j**2 + 1, (j, 2, L))
    product = sp.Product(2 * j + 1, (j, 1, L))
    for expr in (total, product):
        assert everything(expr.subs(L, length + 1)) == expr.subs(L, length + 1).doit()


def test_one_term_more_is_one_term_out_of_the_sum():
    unfold = Unfolding({L: 0}, {L: (sp.S.Zero, sp.oo)})
    total = sp.Sum(s[j], (j, 1, L))
    assert unfold(total) == total
    assert unfold(total.subs(L, L + 1)) == total + s[L + 1]
    # a sum from 5 may have no last term
    assert unfold(sp.Sum(s[j], (j, 5, L + 1))) == sp.Sum(s[j], (j, 5, L + 1))


def test_a_wrong_certificate_is_refused():
    one, other = PROVED[3].prove(), PROVED[5].prove()
    assert one.check()
    with pytest.raises(sn.CertificateError, match="those of another claim"):
        one.certificate.check(other.claim)


def test_a_family_that_has_the_name_of_another_symbol_is_another_symbol():
    # W[1] and a symbol W_1 are two things, though they print alike
    square = sn.MatrixFamily("W", m + 1, m + 1, k)
    W_1 = sp.MatrixSymbol("W_1", m + 1, m + 1)
    y = sp.MatrixSymbol("y", m + 1, 1)
    c = sn.MatrixFamily("c", m + 1, 1, k)
    claim = sn.Induction(c[L], W_1**L * y, index=L, term=c[L], first=y, step=square[L + 1] * c[L])
    assert claim.prove().verdict != "proved"


def test_what_is_missing_is_said():
    with pytest.raises(sn.ExpressionError, match="give an integer symbol"):
        sn.Induction(p[L], 1)
    with pytest.raises(sn.ExpressionError, match="its first value and its step"):
        sn.Induction(p[L], 1, index=L, term=p[L], first=1)
    with pytest.raises(sn.ShapeError, match="only matrices of one shape add up"):
        sn.MatrixSum(b[k], (k, 1, L))


def test_an_induction_is_shown_with_its_base_and_its_step():
    text = ALL.prove().latex()
    assert r"\sum_{j=1}^{L} W_{L} \cdots W_{j + 1} b_{j}" in text
    assert r"a_{L + 1} &= W_{L + 1} a_{L} + b_{L + 1}" in text
    assert "Step from $L$ to $L + 1$" in text


def test_rows_turn_products_and_sums_round():
    text = render(ALL.prove().document(), "latex", notation="rows")
    assert r"x W_{1} \cdots W_{L}" in text.replace("X", "x")
    assert r"\sum_{j=1}^{L} b_{j} W_{j + 1} \cdots W_{L}" in text


def test_transposing_twice_is_the_same():
    for part in (weights(1, L), BIAS, W[2], ALL.rhs):
        once = transposed(part)
        assert once.shape == tuple(reversed(part.shape))
        assert transposed(once) == part
