"""Verdicts are never wrong: the procedures agree with each other and with evaluation."""

from fractions import Fraction
from random import Random

import pytest
import sympy as sp

import symnet as sn
from symnet.activations import every_function
from symnet.claims._evaluate import evaluate
from symnet.claims._normal_form import difference_vanishes
from symnet.claims._points import points
from symnet.claims._scalar import T, is_nondecreasing
from symnet.exact.cases import sign_of
from symnet.exact.line import line_of

n, m, k = sp.symbols("n m k", integer=True, positive=True)
x, y, a, b = sp.symbols("x y a b", real=True)
c = sp.Symbol("c", positive=True)
relu, sigmoid = sn.relu, sn.sigmoid

TRUE = [
    (relu(x) - relu(-x), x),
    (relu(x) + relu(-x), sp.Abs(x)),
    (relu(x) * 2, relu(2 * x)),
    (relu(c * x), c * relu(x)),
    (relu(relu(x)), relu(x)),
    (relu(x + 1) - relu(x - 1) - 1, sn.hardtanh(x)),
    (sn.relu6(x), relu(x) - relu(x - 6)),
    (sn.leaky_relu(x, a), relu(x) - a * relu(-x)),
    (sp.Max(x, 3), 3 + relu(x - 3)),
    (relu(sigmoid(x)), sigmoid(x)),
    (sn.tanh(x), 2 * sigmoid(2 * x) - 1),
    (sigmoid(-x), 1 - sigmoid(x)),
    ((a + b) ** 2, a**2 + 2 * a * b + b**2),
    (sn.step(x) - sn.step(-x), sn.sign(x)),
]
FALSE = [
    (relu(x) - relu(-x), sp.Abs(x)),
    (relu(a * x), a * relu(x)),
    (relu(x + y), relu(x) + relu(y)),
    (relu(x + 1) - relu(x - 1), sn.hardtanh(x)),
    (sn.relu6(x), relu(x) - relu(x - 5)),
    (sn.leaky_relu(x, a), relu(x) + a * relu(-x)),
    (sigmoid(-x), sigmoid(x)),
    (sn.tanh(x), sigmoid(2 * x) - 1),
    ((a + b) ** 2, a**2 + b**2),
    ((x**2 - 1) / (x - 1), x + 1),
    (sn.step(x) + sn.step(-x), sp.S.One),
]


@pytest.mark.parametrize(("lhs", "rhs"), TRUE)
def test_true_identities_are_proved(lhs, rhs):
    verdict = sn.prove(lhs, rhs)
    assert verdict.verdict == "proved", str(verdict)
    assert bool(verdict) is True


@pytest.mark.parametrize(("lhs", "rhs"), FALSE)
def test_false_identities_are_refuted_at_a_point(lhs, rhs):
    verdict = sn.prove(lhs, rhs)
    assert verdict.verdict == "refuted", str(verdict)
    assert bool(verdict) is False
    point = verdict.counterexample
    assert evaluate(lhs, point) == verdict.lhs_value
    assert evaluate(rhs, point) == verdict.rhs_value
    assert verdict.lhs_value != verdict.rhs_value


def random_line(random, depth):
    """A piecewise-linear expression in T, and the same as a Python function of Fractions."""
    if depth == 0:
        p, q = (sp.Rational(random.randint(-4, 4), random.randint(1, 3)) for _ in range(2))
        fp, fq = Fraction(int(p.p), int(p.q)), Fraction(int(q.p), int(q.q))
        return p * T + q, lambda t: fp * t + fq
    f, run_f = random_line(random, depth - 1)
    g, run_g = random_line(random, depth - 1)
    return random.choice(
        [
            (f + g, lambda t: run_f(t) + run_g(t)),
            (-2 * f, lambda t: -2 * run_f(t)),
            (relu(f), lambda t: max(run_f(t), 0)),
            (sp.Max(f, g), lambda t: max(run_f(t), run_g(t))),
            (sp.Min(f, g), lambda t: min(run_f(t), run_g(t))),
            (sp.Abs(f), lambda t: abs(run_f(t))),
            (sn.step(f), lambda t: Fraction(run_f(t) > 0)),
            (
                sp.Piecewise((f, g >= 0), (g, True)),
                lambda t: run_f(t) if run_g(t) >= 0 else run_g(t),
            ),
        ]
    )


@pytest.mark.parametrize("seed", range(60))
def test_a_line_has_the_values_of_its_expression(seed):
    random = Random(seed)
    expr, run = random_line(random, 3)
    line = line_of(sp.sympify(expr), T)
    assert line is not None
    tries = [Fraction(random.randint(-60, 60), random.randint(1, 7)) for _ in range(40)]
    around = [
        knot + shift for knot in line.knots for shift in (0, Fraction(-1, 999), Fraction(1, 999))
    ]
    for t in tries + around:
        assert line(t) == run(t)
    again = line_of(line.written_in(T), T)
    assert again == line


@pytest.mark.parametrize("seed", range(60))
def test_monotone_is_never_claimed_wrongly(seed):
    random = Random(1000 + seed)
    expr, run = random_line(random, 2)
    if is_nondecreasing(sp.sympify(expr)):
        tries = sorted(Fraction(random.randint(-99, 99), random.randint(1, 9)) for _ in range(80))
        values = [run(t) for t in tries]
        assert values == sorted(values)


@pytest.mark.parametrize("f", every_function(), ids=lambda f: f.__name__)
def test_a_monotone_activation_is_shown_to_be_monotone_or_not_at_all(f):
    shown = is_nondecreasing(f.layer().scalar(T))
    if shown:
        assert f.monotone is not False


def random_matrix_expression(random, depth, generators):
    if depth == 0:
        return random.choice(generators)
    left, right = (random_matrix_expression(random, depth - 1, generators) for _ in range(2))
    return random.choice(
        [
            lambda: left * right,
            lambda: left + right,
            lambda: left - 2 * right,
            lambda: (left * right).T,
            lambda: left + sp.Identity(n),
        ]
    )()


@pytest.mark.parametrize("seed", range(60))
def test_the_normal_form_agrees_with_evaluation(seed):
    """Equal forms: equal values. Different forms: different values at some point."""
    random = Random(seed)
    generators = [sp.MatrixSymbol(name, n, n) for name in "ABC"]
    left = random_matrix_expression(random, 2, generators)
    right = random.choice(
        [
            left.doit().expand(),
            random_matrix_expression(random, 2, generators),
            left + generators[0] - generators[0],
            left * sp.Identity(n),
        ]
    )
    equal = difference_vanishes(left, right) is not None
    found = sn.claims.refute(left, right, tries=40)
    assert equal == (found is None)


def test_a_product_does_not_commute_at_every_size():
    A, B = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("B", n, n)
    assert sn.prove(A * B, B * A).verdict == "refuted"
    A, B = sp.MatrixSymbol("A", 1, 1), sp.MatrixSymbol("B", 1, 1)
    assert sn.prove(A * B, B * A).verdict == "proved"


def test_points_keep_the_assumptions():
    j = sp.Symbol("j", integer=True, negative=True)
    for point in points(c * x + j + n, tries=30):
        assert point[c] > 0
        assert point[j] < 0
        assert point[j].is_integer


def test_networks_are_compared_as_functions():
    one = sn.Sequential(sn.Linear(n, m), sn.ReLU(), sn.ReLU(), sn.Linear(m, k))
    two = sn.Sequential(sn.Linear(n, m), sn.ReLU(), sn.Linear(m, k))
    assert sn.prove(one, two).verdict == "proved"
    three = sn.Sequential(sn.Linear(n, m), sn.Abs(), sn.Linear(m, k))
    assert sn.prove(one, three).verdict == "refuted"


def test_sides_of_different_shape_are_refused():
    with pytest.raises(sn.ShapeError, match="only things of one shape can be equal"):
        sn.prove(sp.MatrixSymbol("A", n, m), sp.MatrixSymbol("B", m, n))


def test_what_cannot_be_decided_says_so():
    verdict = sn.prove(sp.sin(x) ** 2 + sp.cos(x) ** 2 + relu(x), 1 + relu(x))
    assert verdict.verdict in {"proved", "undecided"}
    assert bool(verdict) == (verdict.verdict == "proved")


def test_floats_are_the_rationals_that_they_are():
    verdict = sn.prove(0.1 * x + 0.2 * x, 0.3 * x)
    assert verdict.verdict == "refuted"
    assert verdict.lhs_value != verdict.rhs_value
    assert verdict.lhs_value.is_Rational


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (sn.hardtanh(1 / x), sn.hardtanh(1 / x) + relu(x)),
        (sn.step(1 / x), sn.step(x)),
        (sp.MatrixSymbol("V", n, n) * 2, sp.MatrixSymbol("V", n, n).I.I * 2),
        (sp.Trace(sp.MatrixSymbol("V", n, n)), sp.Trace(sp.MatrixSymbol("V", n, n).T)),
    ],
)
def test_poles_and_singular_matrices_end_no_proof_in_a_crash(lhs, rhs):
    assert sn.prove(lhs, rhs).verdict in {"proved", "refuted", "undecided"}


def test_parts_that_do_not_fit_are_refused():
    A, B = sp.MatrixSymbol("A", 2, n), sp.MatrixSymbol("B", m, 3)
    for refused in (
        lambda: sn.prove(A * B, A * B),
        lambda: sn.Linear(A * B),
        lambda: sn.ReLU()(A * sp.MatrixSymbol("y", m, 1)),
    ):
        with pytest.raises(sn.ShapeError, match=r"A has shape \(2, n\)"):
            refused()


def test_one_name_for_two_symbols_is_said():
    other = sp.Symbol("x", positive=True)
    with pytest.raises(sn.NameClashError, match="two different symbols are called x"):
        sn.prove(x, other)


def test_assumptions_of_symbols_are_used():
    assert sn.prove(relu(c), c)
    assert sn.prove(sn.step(c), 1)


@pytest.mark.parametrize(
    "net",
    [
        sn.Sequential(sn.Linear([[1]], [1000]), sn.ReLU()),
        sn.Sequential(sn.Linear([[sp.Rational(1, 100)]], [sp.Rational(1, 7)]), sn.ReLU()),
        sn.Sequential(sn.Linear([[0.01]]), sn.Hardtanh()),
        sn.Hardsigmoid(),
        sn.Sequential(sn.Linear([[1, 1]], [50]), sn.ReLU6()),
        sn.Sequential(sn.Maxout(2), sn.Linear([[1, 1, 1]])),
    ],
    ids=str,
)
def test_kinks_far_from_zero_are_found(net):
    assert net.is_affine is False
    assert net.affine_witness() is not None


def test_networks_with_one_input_are_decided_exactly():
    net = sn.Sequential(sn.Linear([[1]], [1000]), sn.ReLU())
    verdict = sn.prove(net, sn.Linear([[1]], [1000]))
    assert verdict.verdict == "refuted"
    ((_, point),) = verdict.counterexample.items()
    assert net(point) == verdict.lhs_value != verdict.rhs_value
    assert sn.Sequential(sn.Linear([[0]], [3]), sn.ReLU()).is_affine is True


@pytest.mark.parametrize(
    "f",
    [sn.relu(x), sp.Abs(x), sp.Max(x, 2 * x - 1, 3 - x), sn.leaky_relu(x, sp.Rational(1, 10))],
    ids=str,
)
def test_chords_of_convex_functions_lie_above_and_nowhere_below(f):
    assert sn.prove(sn.convex(f))
    assert sn.prove(sn.concave(-f))
    refuted = sn.prove(sn.concave(f))
    assert refuted.verdict == "refuted"
    assert refuted.lhs_value < refuted.rhs_value


def test_positive_factors_of_conditions_do_not_matter():
    c = sp.Symbol("c", positive=True)
    v, w, b = sp.symbols("v w b", real=True)
    assert sn.prove(v / c * sn.relu(c * w * x + c * b), v * sn.relu(w * x + b))
    assert sn.prove(v / c * sn.relu(c * w * x + b), v * sn.relu(w * x + b)).verdict == "refuted"


SMOOTH = [
    (sn.convex(sn.softplus(x)), "proved"),
    (sn.concave(sn.softplus(x)), "refuted"),
    (sn.concave(sn.logsigmoid(x)), "proved"),
    (sn.convex(sn.sigmoid(x)), "refuted"),
    (sn.convex(sn.sigmoid(x), domain={x: (-5, 0)}), "proved"),
    (sn.lipschitz(sn.tanh(x), 1), "proved"),
    (sn.lipschitz(sn.tanh(x), sp.Rational(9, 10)), "refuted"),
    (sn.lipschitz(sn.sigmoid(x), sp.Rational(1, 4)), "proved"),
    (sn.lipschitz(sn.sigmoid(x), sp.Rational(1, 5)), "refuted"),
    (sn.monotone(sn.softplus(x), strict=True), "proved"),
    (sn.monotone(-sn.tanh(x), decreasing=True), "proved"),
    (sn.monotone(sp.sin(x)), "refuted"),
    (sn.monotone(1 / x, decreasing=True), "refuted"),  # it rises across its pole
    (sn.lipschitz(sn.Sequential(sn.Linear([[2]]), sn.Tanh()), 2), "proved"),
    (sn.lipschitz(sn.Sequential(sn.Linear([[2]]), sn.Tanh()), 1), "refuted"),
]


@pytest.mark.parametrize(("claim", "verdict"), SMOOTH, ids=lambda v: str(v)[:50])
def test_properties_that_follow_from_a_derivative(claim, verdict):
    found = claim.prove()
    assert found.verdict == verdict
    if verdict == "refuted":
        assert found.check()
    else:
        assert not found.oracles


EXPONENTIALS = [
    (sp.exp(x) >= 1, x >= 0),
    (sp.exp(-x) >= 1, x <= 0),
    (sp.exp(-2 * x) >= sp.exp(-x), x <= 0),
    (sn.sigmoid(x) >= sp.Rational(1, 2), x >= 0),
    (sn.sigmoid(x) <= sp.Rational(1, 2), x <= 0),
    (sn.softplus(x) <= sn.relu(x) + sp.log(2), True),
]


@pytest.mark.parametrize(("claim", "where"), EXPONENTIALS, ids=str)
def test_bounds_of_exponentials_where_a_sign_is_known(claim, where):
    proof = sn.prove(claim, where=where)
    assert proof
    assert not proof.oracles
    assert proof.check()
    if where is not True:
        assert sn.prove(claim).verdict == "refuted"


def test_a_claim_that_fails_at_one_far_negative_point():
    found = sn.prove(sp.Abs(x + sp.Rational(1234567, 89)) > 0)
    assert found.counterexample == {x: sp.Rational(-1234567, 89)}
    assert found.check()


def test_kronecker_products():
    K, S, R = sp.KroneckerProduct, sp.MatrixSymbol("S", n, n), sp.MatrixSymbol("R", m, m)
    one_n, one_m = sp.Identity(n), sp.Identity(m)
    assert sn.prove(K(S, one_m) * K(one_n, R), K(one_n, R) * K(S, one_m))
    assert sn.prove(K(S, R).I * K(S, R), sp.Identity(n * m))
    assert sn.prove(K(S, 2 * R).T, 2 * K(S.T, R.T))
    assert sn.prove(K(S, K(R, S)), K(K(S, R), S))
    assert sn.prove(K(S, R) * K(S, R), K(S, R)).verdict == "refuted"


def test_a_difference_that_is_zero_at_a_point_costs_no_digits():
    y = sp.Symbol("y", real=True)
    left = sn.tanh(x + y) * (1 + sn.tanh(x) * sn.tanh(y))
    assert sn.prove(left, sn.tanh(x) + sn.tanh(y))
    assert sn.prove(left, sn.tanh(x) + sn.tanh(2 * y)).verdict == "refuted"


def test_injective_by_the_derivative():
    assert sn.prove(sn.injective(sn.sigmoid(x)))
    assert sn.prove(sn.injective(sn.softplus(x) + x))
    assert sn.prove(sn.injective(sp.exp(x) + sp.exp(-x))).verdict == "refuted"


SIZE = sp.Symbol("n", integer=True, positive=True)
A, P = sp.MatrixSymbol("A", SIZE, SIZE), sp.MatrixSymbol("P", SIZE, SIZE)
z, d = sp.MatrixSymbol("z", SIZE, 1), sp.MatrixSymbol("d", SIZE, 1)
D = sp.DiagMatrix(d)


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        (A * P.T * sn.sigmoid(P * z), A * sn.sigmoid(z), sn.permutation(P)),
        (P.I * P * z, P.T * P * z, sn.permutation(P)),
        (sn.relu(P * z + P * d), P * sn.relu(z + d), sn.permutation(P)),
        (A * D.I * sn.relu(D * z), A * sn.relu(z), sp.Q.positive(d)),
        (sn.relu(D * z), D * sn.relu(z), sp.Q.nonnegative(d)),
    ],
)
def test_permutations_and_nonnegative_diagonals_pass_through_activations(lhs, rhs, where):
    assert sn.prove(lhs, rhs, where=where).verdict == "proved"
    assert sn.prove(lhs, rhs).verdict != "proved"


@pytest.mark.parametrize(
    ("lhs", "rhs", "where"),
    [
        (P * sn.sigmoid(P * z), sn.sigmoid(z), sn.permutation(P)),
        (A * P * z, P * A * z, sn.permutation(P)),
        (sn.sigmoid(D * z), D * sn.sigmoid(z), sp.Q.positive(d)),
        (sn.relu(A * z), A * sn.relu(z), sp.Q.nonnegative(d)),
    ],
)
def test_what_a_permutation_or_a_diagonal_does_not_do_is_refuted_at_one(lhs, rhs, where):
    verdict = sn.prove(lhs, rhs, where=where)
    assert verdict.verdict == "refuted"
    assert verdict.check()


def test_the_smallest_sizes_show_that_products_do_not_commute():
    verdict = sn.prove(A * P, P * A)
    assert verdict.counterexample[SIZE] == 2


def test_columns_of_cases_are_decided_entry_by_entry_on_a_domain():
    t, half = sp.Symbol("t", real=True), sp.Rational(1, 2)
    tent = [2 * sn.relu(s) - 4 * sn.relu(s - half) for s in (t, 1 - t)]
    cases = sp.Piecewise((2 * t, t <= half), (2 - 2 * t, True))
    box = sn.Box([0, 1])
    assert sn.prove(sp.Matrix(tent), sp.Matrix([cases, cases]), domain=box)
    wrong = sp.Piecewise((2 * t, t <= half), (1 - t, True))
    verdict = sn.prove(sp.Matrix(tent), sp.Matrix([cases, wrong]), domain=box)
    assert verdict.verdict == "refuted"
    assert verdict.lhs_value != verdict.rhs_value


def test_exponentials_that_are_equal_at_every_point_are_no_long_search():
    x, y = sp.symbols("x y", real=True)
    first = sn.sigmoid(x - y)
    verdict = sn.prove(sn.softmax(sp.Matrix([x, y])), sp.Matrix([first, 1 - first]), timeout=60)
    assert verdict.verdict == "proved"
    huge = sp.exp(10**6) / (sp.exp(10**6) + sp.exp(-(10**6))) + 1 / (1 + sp.exp(2 * 10**6)) - 1
    assert sign_of(huge) == 0


x_, b_ = sp.MatrixSymbol("x", n, 1), sp.MatrixSymbol("b", m, 1)
W_, V_ = sp.MatrixSymbol("W", m, n), sp.MatrixSymbol("V", k, m)
P_, d_ = sp.MatrixSymbol("P", m, m), sp.MatrixSymbol("d", m, 1)
hidden = W_ * x_ + b_
scale = sp.DiagMatrix(d_)


@pytest.mark.parametrize("f", [sn.ReLU(), sn.Sigmoid(), sn.GELU(), sn.LeakyReLU()], ids=str)
def test_hidden_neurons_in_another_order_for_all_sizes(f):
    net = V_ * f(hidden)
    assert sn.prove(V_ * P_.T * f(P_ * W_ * x_ + P_ * b_), net, where=sn.permutation(P_))
    assert sn.prove(V_ * P_.I * f(P_ * hidden), net, where=sn.permutation(P_))
    wrong = sn.prove(V_ * P_ * f(P_ * hidden), net, where=sn.permutation(P_))
    assert wrong.verdict == "refuted"
    # the first that fails is a permutation that is not its own inverse
    assert wrong.counterexample[P_] ** 2 != sp.eye(3)
    assert sn.prove(V_ * P_.T * f(P_ * hidden), net, where=sp.Q.orthogonal(P_)).verdict == "refuted"


@pytest.mark.parametrize("f", [sn.ReLU(), sn.LeakyReLU(), sn.Abs()], ids=str)
def test_hidden_neurons_on_another_scale_for_all_sizes(f):
    net = V_ * f(hidden)
    scaled = V_ * scale.I * f(scale * W_ * x_ + scale * b_)
    assert sn.prove(scaled, net, where=sp.Q.positive(d_))
    assert sn.prove(scaled, net).verdict == "refuted"
    assert sn.prove(scaled.xreplace({d_: -d_}), net, where=sp.Q.positive(d_)).verdict == "refuted"


def test_other_activations_are_not_scaled():
    scaled = V_ * scale.I * sn.Tanh()(scale * hidden)
    assert sn.prove(scaled, V_ * sn.Tanh()(hidden), where=sp.Q.positive(d_)).verdict == "refuted"


@pytest.mark.parametrize(
    "f", [sn.ReLU(), sn.Softmax(), sn.Sequential(sn.ReLU(), sn.Tanh())], ids=str
)
def test_equivariant_for_all_sizes(f):
    (claim,) = sn.permutation_equivariant(f).claims()
    assert claim.lhs.shape != (1, 1)
    assert claim.prove()


def test_many_conditions_on_few_variables_leave_a_polyhedron():
    where = sp.And(x >= 0, y >= 0, *(x + k * y <= 100 + k for k in range(1, 40)))
    found = sn.prove(sn.relu(x + y - 101), 0, where=where)
    assert found
    assert found.method == "piecewise-linear cases"
    assert sn.prove(sn.relu(x + y - 100), 0, where=where).verdict == "refuted"


def test_long_values_are_told_apart_in_decimals():
    third, step = sp.Rational(1, 3), sp.Rational(1, 7**100)
    found = sn.prove(sp.Matrix([0, third]), sp.Matrix([0, third + step]))
    values = f"1/3 ≠ {(third + step).evalf(160)}"
    assert str(found) == f"refuted: entry 1 is about {values} (lhs_value and rhs_value are exact)"
    assert found.rhs_value - found.lhs_value == sp.Matrix([0, step])
    long = sp.Rational(7**130, 3**230)
    shown = f"about {long.evalf(10)} ≠ 0 (lhs_value and rhs_value are exact)"
    assert str(sn.prove(long, 0)) == f"refuted: {shown}"
