"""Assertions pass for what is proved, and say what is wrong, where, and how wrong."""

import itertools
import re

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings, strategies as st

import symnet as sn
from symnet.testing._nearness import where_it_holds

x, y, a = sp.symbols("x y a", real=True)
n = sp.Symbol("n", integer=True, positive=True)
R = sp.Rational


def lines(error):
    """The rows of a message by their names."""
    found = re.findall(r"^  ([^:\n]+): +(.*)$", str(error.value), re.MULTILINE)
    return dict(found)


# --- identities


def test_what_is_proved_passes():
    A, B = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("B", n, n)
    sn.assert_identity(sn.relu(x) - sn.relu(-x), x)
    sn.assert_identity((A * B).T, B.T * A.T)
    sn.assert_claim("relu(x) - relu(-x) = x")
    sn.assert_claim(sn.odd(sn.Tanh()))
    sn.assert_affine(sn.Sequential(sn.Linear(n, 4), sn.Linear(4, 2)))
    sn.assert_affine(3 * x - y, x, y)


def test_a_false_identity_says_where_and_by_how_much():
    with pytest.raises(AssertionError) as error:
        sn.assert_identity(sn.relu(x + y), sn.relu(x) + sn.relu(y), err_msg="additivity")
    assert isinstance(error.value, sn.RefutedError)
    head, words, *_ = str(error.value).splitlines()
    assert head.startswith("the identity is false at x = ")
    assert words == "additivity"
    found = lines(error)
    assert found["claim"] == "relu(x + y) = relu(x) + relu(y)"
    point = error.value.verdict.counterexample
    exact = [side.xreplace(point).doit() for side in (sn.relu(x + y), sn.relu(x) + sn.relu(y))]
    assert [found["actual"], found["desired"]] == [str(v) for v in exact]
    assert found["apart"] == str(exact[0] - exact[1])
    assert found["at"] == ", ".join(f"{s} = {v}" for s, v in point.items())


def test_what_is_undecided_is_neither_a_pass_nor_a_failure():
    with pytest.raises(sn.UndecidedError) as error:
        sn.assert_claim(sp.Le(sp.besselj(0, x), 1))
    assert not isinstance(error.value, AssertionError)
    assert error.value.verdict.verdict == "undecided"
    assert {"claim", "reason"} <= lines(error).keys()


def test_matrices_say_which_entries_differ():
    with pytest.raises(sn.RefutedError) as error:
        sn.assert_identity(sp.Matrix([[x, 1], [2, y]]), sp.Matrix([[x, 1], [3, y]]))
    assert lines(error)["differ"] == "1 of 4 entries, first [1, 0]: 2 ≠ 3"


@pytest.mark.parametrize(
    ("claim", "where"),
    [
        (sn.Claim(sn.relu(x), x), "where x >= 0"),
        (sn.Claim(sn.relu(x + y), sn.relu(x) + sn.relu(y)),
         "where x >= 0 and y >= 0, or x <= 0 and y <= 0"),
        (sn.Claim(sn.relu(x) - 1, sp.Abs(x)), "nowhere"),
        (sn.Claim(sp.Abs(x), 2), "only where x = -2, or x = 2"),
        (sn.Claim(sn.relu(x), sp.Abs(x - 1) - 1), "only where x = 0"),
        (sn.Claim(sn.hardtanh(x), x), "where -1 <= x <= 1"),
        (sn.Claim(sn.relu(x), 1, "<="), "where x <= 1"),
        (sn.Claim(sp.Abs(x), 1, ">="), "where x >= 1, or x <= -1"),
        (sn.Claim(sp.Max(x, y), x), "where x - y >= 0"),
        (sn.Claim(sn.hardtanh(x), x, domain=sn.Box([-3, 1])), "where x >= -1"),
        # functions that jump, with the values on the jumps
        (sn.Claim(sn.step(x), 1), "where x > 0"),
        (sn.Claim(sp.sign(x), 0), "where x = 0"),
        (sn.Claim(sp.Piecewise((0, x <= 0), (1, x <= 1), (2, True)), 1), "where 0 < x <= 1"),
        (sn.Claim(sp.Piecewise((x - 1, x < 1), (5, True)), 0), "nowhere"),
        # the sides agree on a line through a region as well
        (sn.Claim(sp.Max(sp.Min(y, 1), x + y), y),
         "where x <= 0 and y <= 1, and at some other points"),
        # too much to say
        (sn.Claim(x + y, 2 * x - y + 1), ""),
        (sn.Claim(sn.sigmoid(x), sn.tanh(x)), ""),
        (sn.Claim(sn.relu(x), x, where=x < 1), ""),
    ],
)  # fmt: skip
def test_where_a_claim_holds(claim, where):
    assert where_it_holds(claim) == where


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(*[st.integers(-2, 2)] * 3), min_size=1, max_size=3), st.data())
def test_where_a_claim_holds_is_where_the_values_agree(terms, data):
    """max of affine functions against one of them, at every point of a grid."""
    forms = [p * x + q * y + r for p, q, r in terms]
    other = forms[data.draw(st.integers(0, len(forms) - 1))]
    told = where_it_holds(sn.Claim(sp.Max(*forms), other))
    if not told.startswith("where") or "other points" in told:
        return
    parts = [sn.parse_condition(part) for part in told.removeprefix("where ").split(", or ")]
    for u in range(-3, 4):
        for v in range(-3, 4):
            point = {x: R(u, 2), y: R(v, 2)}
            agree = sp.Max(*forms).subs(point) == sp.sympify(other).subs(point)
            assert agree == any(part.subs(point) == True for part in parts)  # noqa: E712


# --- networks, derivations


NET = sn.Sequential(sn.Linear([[1, 0], [0, 1], [1, 1]]), sn.ReLU(), sn.Linear([[1, 1, -1]]))


def test_networks_that_differ_say_at_which_input():
    other = sn.Sequential(*NET[:2], sn.Linear([[1, R(9, 8), -1]]))
    sn.assert_network_equal(NET, NET)
    with pytest.raises(sn.RefutedError) as error:
        sn.assert_network_equal(NET, other, domain=sn.Box([-1, 1]))
    found = lines(error)
    assert found["claim"].endswith(", on Box([-1, 1])")
    ((_, point),) = error.value.verdict.counterexample.items()
    assert found["actual"] == str(NET(point)[0, 0])
    assert found["desired"] == str(other(point)[0, 0])
    # the second neuron counts where y > 0, by 1/8 y there
    assert found["holds"] == ("where x_2 <= 0; the outputs are at most 1/8 apart on the domain")


def test_large_networks_are_told_by_their_layers():
    _, net = trained((2, 6, 1))
    _, other = trained((2, 6, 1), seed=1)
    with pytest.raises(sn.RefutedError) as error:
        sn.assert_network_equal(net, other)
    shown = "[Linear(2, 6), ReLU(), Linear(6, 1)]"
    assert lines(error)["claim"] == f"{shown} = {shown}"


def test_networks_of_other_sizes_are_not_equal():
    with pytest.raises(sn.RefutedError, match="takes 3 and gives 1 numbers"):
        sn.assert_network_equal(NET, sn.Sequential(sn.Linear(3, 1)))
    with pytest.raises(sn.LayerError, match="for expressions there is assert_identity"):
        sn.assert_network_equal(NET, x)


def test_what_is_not_affine_says_where_the_midpoint_rule_fails():
    with pytest.raises(sn.RefutedError, match=r"f\(\(p \+ q\)/2\)") as error:
        sn.assert_affine(NET)
    point = error.value.verdict.counterexample
    p, q = point[sp.Symbol("p")], point[sp.Symbol("q")]
    assert NET((p + q) / 2) != (NET(p) + NET(q)) / 2
    with pytest.raises(sn.RefutedError):
        sn.assert_affine(sn.relu(x) + y)


def test_derivations():
    sn.assert_derivation(sn.derive(sn.Sequential(sn.Linear(3, 4), sn.Linear(4, 2))))
    sn.assert_derivation([(x + y) ** 2, x**2 + 2 * x * y + y**2])
    good = sn.Derivation((x + y) ** 2).then(x**2 + 2 * x * y + y**2, "binomial formula")
    sn.assert_derivation(list(good))
    with pytest.raises(sn.RefutedError, match=r"step 2 of 2 \(hope\) is false") as error:
        sn.assert_derivation(good.then(x**2 + y**2, "hope"), err_msg="on the board")
    assert "on the board" in str(error.value)
    assert lines(error)["claim"] == "x**2 + 2*x*y + y**2 = x**2 + y**2"
    steps = [*good, *sn.Derivation(x).then(x, "nothing")]
    with pytest.raises(sn.RefutedError, match="step 2 does not begin where step 1 ends"):
        sn.assert_derivation(steps)
    with pytest.raises(TypeError, match="at least two expressions"):
        sn.assert_derivation([x])


def test_failures_hide_the_library_from_the_traceback(pytester):
    pytester.makepyfile(
        """
        import sympy as sp, symnet as sn
        x = sp.Symbol("x", real=True)
        def test_it():
            sn.assert_identity(sn.relu(x), x)
        """
    )
    output = pytester.runpytest_subprocess("-p", "no:cacheprovider").stdout.str()
    assert "sn.assert_identity(sn.relu(x), x)" in output
    assert "holds:   where x >= 0" in output
    assert "settle(" not in output


# --- implementations


def trained(sizes, seed=0, dtype=float, layer=sn.ReLU):
    """A random network, and its weights."""
    rng = np.random.default_rng(seed)
    weights = [
        (rng.normal(size=(m, k)).astype(dtype), rng.normal(size=m).astype(dtype))
        for k, m in itertools.pairwise(sizes)
    ]
    layers = [part for W, b in weights for part in (sn.Linear(W, b), layer())]
    return weights, sn.Sequential(*layers[:-1])


def forward(weights, function=lambda z: np.maximum(z, 0)):
    def run(h):
        for k, (W, b) in enumerate(weights):
            h = W @ h + b
            h = function(h) if k < len(weights) - 1 else h
        return h

    return run


BOX = sn.Box([-1, 1])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("seed", range(3))
def test_rounding_is_within_the_bound(dtype, seed):
    weights, net = trained((2, 6, 6, 2), seed, dtype)
    sn.assert_implements(forward(weights), net, BOX, dtype=dtype)
    # another order of summation
    backwards = [(W[:, ::-1], b) for W, b in weights]

    def reversed_sums(h):
        for k, (W, b) in enumerate(backwards):
            h = sum((W[:, j] * h[::-1][j] for j in range(len(h))), b)
            h = np.maximum(h, 0) if k < len(weights) - 1 else h
        return h

    sn.assert_implements(reversed_sums, net, BOX, dtype=dtype)


def test_single_precision_is_not_double_precision():
    weights, net = trained((2, 6, 2))
    single = [(W.astype(np.float32), b.astype(np.float32)) for W, b in weights]
    sn.assert_implements(forward(single), net, BOX, dtype=np.float32)
    with pytest.raises(sn.RefutedError, match="what rounding explains at most"):
        sn.assert_implements(forward(single), net, BOX)


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_one_wrong_weight_is_found(layer):
    """Each weight in turn; where no output depends on it on the box, nothing is to be found."""
    weights, net = trained((2, 4, 4, 1), seed=3)
    pieces = sn.piecewise(net, domain=BOX)
    for place in np.ndindex(weights[layer][0].shape):
        wrong = [(W.copy(), b) for W, b in weights]
        wrong[layer][0][place] += 1e-9
        changed = sn.Sequential(*[
            sn.Linear(*wrong[k // 2]) if k % 2 == 0 else part for k, part in enumerate(net)
        ])  # fmt: skip
        if pieces == sn.piecewise(changed, domain=BOX):
            sn.assert_implements(forward(wrong), net, BOX)
        else:
            with pytest.raises(sn.RefutedError):
                sn.assert_implements(forward(wrong), net, BOX)


def test_a_mistake_in_one_small_region_is_found_without_samples():
    net = sn.Sequential(
        sn.Linear([[1], [1], [1]], [0, R(-1, 10**6), R(-2, 10**6)]), sn.ReLU(),
        sn.Linear([[1, -2, 1]]),
    )  # fmt: skip

    def without_the_tent(x):
        return np.zeros(1)

    with pytest.raises(sn.RefutedError) as error:
        sn.assert_implements(without_the_tent, net, sn.Box([-1, 1]), samples=0)
    assert error.value.verdict.lhs_value == pytest.approx(1e-6)
    sn.assert_implements(without_the_tent, net, sn.Box([-1, 1]), samples=20, max_regions=0)


def test_the_report_has_the_point_and_all_numbers():
    net = sn.Sequential(sn.Linear([[1, 2]]), sn.Abs())
    with pytest.raises(sn.RefutedError) as error:
        sn.assert_implements(lambda v: abs(v[0] + 2 * v[1]) + (v[0] == 1), net, BOX, err_msg="abs")
    verdict, found = error.value.verdict, lines(error)
    point = list(verdict.counterexample.values())
    assert point[0] == 1
    assert verdict.lhs_value == abs(point[0] + 2 * point[1])
    assert verdict.rhs_value - verdict.lhs_value == 1
    assert found["apart"] == "1"
    assert 0 < float(found["allowed"].split(",")[0]) < 1e-14
    assert "abs" in str(error.value).splitlines()[1]


@pytest.mark.parametrize(
    ("layer", "function"),
    [
        (sn.Tanh, np.tanh),
        (sn.Sigmoid, lambda z: 1 / (1 + np.exp(-z))),
        (sn.Softplus, lambda z: np.log1p(np.exp(z))),
        (sn.SiLU, lambda z: z / (1 + np.exp(-z))),
        (sn.LeakyReLU, lambda z: np.where(z > 0, z, 0.01 * z)),
        (sn.Hardtanh, lambda z: np.clip(z, -1, 1)),
        (sn.ELU, lambda z: np.where(z > 0, z, np.expm1(z))),
    ],
)
def test_other_activations(layer, function):
    weights, net = trained((2, 4, 2), layer=layer)
    sn.assert_implements(forward(weights, function), net, BOX, samples=30)
    with pytest.raises(sn.RefutedError):
        sn.assert_implements(forward(weights, lambda z: function(z) + 1e-12), net, BOX, samples=30)


def test_branches_normalisation_and_softmax():
    W = np.array([[0.5, -1.25], [2.0, 0.1]])
    norm = sn.BatchNorm([1, 2], [0.5, 0.25], [3, 100], [2, 0.5])
    net = sn.Sequential(
        norm, sn.Residual(sn.Sequential(sn.Linear(W), sn.ReLU())),
        sn.Concat(sn.Identity(), sn.Sum(sn.Identity(), sn.Abs())), sn.Maxout(2), sn.Softmax(),
    )  # fmt: skip

    def run(v, shift=0.0):
        gamma, beta = np.array([1, 2]), np.array([0.5, 0.25])
        h = (v - np.array([3, 100])) / np.sqrt(np.array([2, 0.5]) + 1e-5) * gamma + beta
        h = np.maximum(W @ h, 0) + h
        h = np.concatenate([h, h + abs(h)]).reshape(2, 2).max(axis=1)
        e = np.exp(h - h.max() + shift * np.arange(2))
        return e / e.sum()

    sn.assert_implements(run, net, sn.Box([90, 110]), samples=20)
    with pytest.raises(sn.RefutedError):
        sn.assert_implements(lambda v: run(v, 1e-6), net, sn.Box([2, 5], [99, 101]), samples=20)


@pytest.mark.parametrize(
    ("domain", "inside"),
    [
        (sn.Polyhedron(vertices=[[0, 0], [1, 0], [0, 1]]), lambda p: p.sum() <= 1 and min(p) >= 0),
        (sn.Box([R(1, 3), R(2, 3)]), lambda p: all(1 / 3 <= v <= 2 / 3 for v in p)),
        (sn.Slice([0, 1], [[1, -1]], sn.Box([0, 1])), lambda p: p.sum() == 1),
    ],
)
def test_the_points_lie_in_the_domain(domain, inside):
    seen = []
    net = sn.Sequential(sn.Linear([[1, -1], [1, 1]]), sn.ReLU())

    def run(v):
        seen.append(v)
        return np.maximum([v[0] - v[1], v[0] + v[1]], 0)

    sn.assert_implements(run, net, domain, samples=20)
    assert len(seen) > 22
    assert all(inside(np.round(p, 12) if isinstance(domain, sn.Slice) else p) for p in seen)


@pytest.mark.parametrize(
    ("implementation", "net", "domain", "error", "message"),
    [
        (abs, sn.Sequential(sn.Linear(2, 2)), BOX, sn.WeightError, "holds the symbols W_1, b_1"),
        (abs, sn.Abs(), sn.Box([0, sp.oo]), sn.DomainError, "is not bounded"),
        (3, sn.Abs(), BOX, TypeError, "give a torch module or a callable"),
        (np.sign, sn.Sequential(sn.LayerNorm(2, affine=False), sn.Sign()), BOX, sn.NoBoundError,
         "tolerance=1e-6"),
        (abs, sn.Sequential(sn.Linear(np.eye(30)), sn.Abs()), BOX, sn.DomainError, "max_regions=0"),
        (lambda v: v[:1], sn.Sequential(sn.Linear([[1, 0], [0, 1]])), BOX, sn.RefutedError,
         r"expected: +\(2,\)"),
        (lambda v: v * np.nan, sn.Abs(), BOX, sn.RefutedError, r"got: +nan"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared(implementation, net, domain, error, message):
    with pytest.raises(error, match=message):
        sn.assert_implements(implementation, net, domain)


def test_many_regions_are_refused_by_their_number():
    weights, net = trained((2, 16, 16, 1))
    with pytest.raises(sn.TooManyRegionsError):
        sn.assert_implements(forward(weights), net, BOX, max_regions=10)
    sn.assert_implements(
        lambda rows: np.array([forward(weights)(r) for r in rows]),
        net, BOX, max_regions=0, batched=True,
    )  # fmt: skip


def test_tolerance_is_an_absolute_error():
    with pytest.raises(sn.RefutedError, match="the tolerance"):
        sn.assert_implements(lambda v: abs(v) + 2e-6, sn.Abs(), BOX, tolerance=1e-6)
    sn.assert_implements(lambda v: abs(v) + 2e-6, sn.Abs(), BOX, tolerance=3e-6)

    def norm(v):
        return (v - v.mean()) / np.sqrt(v.var() + 1e-5)

    net = sn.Sequential(sn.LayerNorm(2, affine=False))
    sn.assert_implements(norm, net, BOX, samples=5, tolerance=1e-9)


def test_torch_modules_are_compared_in_eval_mode():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    module = torch.nn.Sequential(
        torch.nn.Linear(2, 5), torch.nn.ReLU(), torch.nn.Dropout(0.5), torch.nn.Linear(5, 2)
    )
    W = [module[k].weight.detach().numpy() for k in (0, 3)]
    b = [module[k].bias.detach().numpy() for k in (0, 3)]
    net = sn.Sequential(sn.Linear(W[0], b[0]), sn.ReLU(), sn.Dropout(), sn.Linear(W[1], b[1]))
    sn.assert_implements(module, net, BOX)
    assert module.training
    with torch.no_grad():
        module[3].bias[1] += 1e-5
    with pytest.raises(sn.RefutedError):
        sn.assert_implements(module, net, BOX)
    sn.assert_implements(module.double(), sn.Sequential(*net[:3], sn.Linear(W[1], b[1].astype(
        np.float64) + (module[3].bias.detach().numpy() - b[1]))), BOX)  # fmt: skip
