"""Laws of every property, and of those that are more than a relation of values."""

import random
from dataclasses import replace

import pytest
import sympy as sp

import symnet as sn
from symnet.claims.properties import every_property
from symnet.document import Document, Prose
from symnet.render import render

x, y = sp.symbols("x y", real=True)


@pytest.mark.parametrize("kind", every_property(), ids=lambda k: k.__name__)
def test_a_property_states_its_definition_and_has_an_example(kind):
    assert kind.statement
    assert kind.source
    assert ">>> " in kind.__doc__
    assert getattr(sn, kind.__name__) is kind


# --- counts


@pytest.mark.parametrize("seed", range(5))
def test_a_sum_of_so_many_hinges_has_one_piece_more(seed):
    rng = random.Random(seed)
    bends = rng.sample(range(-9, 9), rng.randint(1, 6))
    f = rng.randint(-3, 3) * x + sum(
        rng.choice((-2, -1, 1, 3)) * sn.relu(rng.choice((-1, 1, 2)) * (x - t)) for t in bends
    )
    k = len(bends) + 1
    assert sn.prove(sn.pieces(f, k)).check()
    assert sn.prove(sn.pieces(f, k, relation="<=")).verdict == "proved"
    found = sn.prove(sn.pieces(f, k - 1, relation="<="))
    assert (found.verdict, found.lhs_value, found.rhs_value) == ("refuted", k, k - 1)


def test_regions_with_one_map_are_one_piece():
    net = sn.Sequential(sn.Linear([[1], [-1]]), sn.ReLU(), sn.Linear([[1, -1]]))
    assert sn.prove(sn.activation_regions(net, 2)).verdict == "proved"
    assert sn.prove(sn.pieces(net, 1)).verdict == "proved"
    # outside of a domain nothing counts
    half = sn.Box([1, 2])
    assert sn.prove(sn.activation_regions(net, 1, domain=half)).verdict == "proved"


def test_pieces_are_counted_where_a_condition_holds():
    assert sn.prove(sn.pieces(sp.Abs(x), 1, domain={x: (0, 1)})).verdict == "proved"
    assert sn.prove(sn.pieces(sp.Abs(x), 1), where=x >= 0).verdict == "proved"
    assert sn.prove(sn.pieces(sp.Abs(x), 2), where=x >= -1).verdict == "proved"
    assert sn.prove(sn.continuous(sn.step(x)), where=x >= 1).verdict == "proved"


def test_a_refutation_with_another_number_does_not_verify():
    verdict = sn.prove(sn.pieces(sp.Abs(x), 3))
    assert verdict.check()
    with pytest.raises(sn.CertificateError, match="the function has 2"):
        replace(verdict, lhs_value=sp.Integer(4)).check()
    jump = sn.prove(sn.continuous(sn.step(x)))
    assert jump.check()
    with pytest.raises(sn.CertificateError, match="does not jump"):
        replace(jump, counterexample={x: sp.Integer(1)}).check()


def test_counts_say_what_they_count():
    assert str(sn.pieces(sn.relu(x), 2, relation="<=")) == "relu(x) has at most 2 linear pieces"
    assert str(sn.activation_regions(sn.relu(x), 1)) == "relu(x) has 1 activation region"
    with pytest.raises(ValueError, match="must be one of"):
        sn.pieces(sn.relu(x), 2, relation="~")


@pytest.mark.parametrize(
    ("claim", "shown"),
    [
        (sn.pieces(sn.relu(x), 2), r"$\operatorname{ReLU}(x)$ has 2 linear pieces"),
        (sn.convex(sn.relu(x)), r"$\operatorname{ReLU}(x)$ is convex"),
        (sn.separable([(0, 1)], [(1, 0)]), "an affine function is positive at (0, 1) and negative"),
        (sn.continuous(sn.ReLU()), r"$\operatorname{ReLU}(x)$ is continuous"),
    ],
    ids=str,
)
def test_a_property_is_shown_with_its_function_as_a_formula(claim, shown):
    assert shown in render(Document((Prose(claim.words()),)), "latex")


# --- continuity

CONTINUOUS = [
    sn.Sequential(sn.Linear(sp.Symbol("n", integer=True, positive=True), 2), sn.Tanh()),
    sn.relu(x) * sn.sigmoid(y) + sp.exp(x * y),
    1 / (1 + sp.exp(x)),
    x * sn.step(x),
    sp.Piecewise((x, x < 1), (2 - x, True)),
    sn.step(x) - sn.step(x),
]
JUMPING = [
    sn.Step(),
    sp.sign(x - 2),
    sn.step(x + y) * 3,
    sp.Piecewise((x, x < 1), (x + 1, True)),
    sp.Piecewise((1, sp.Eq(x, 0)), (0, True)),
]


@pytest.mark.parametrize("f", CONTINUOUS, ids=str)
def test_continuous_functions_are_proved_to_be(f):
    assert sn.prove(sn.continuous(f, *((x,) if f == 0 else ()))).verdict == "proved"


@pytest.mark.parametrize("f", JUMPING, ids=str)
def test_jumps_are_found_and_the_value_is_not_the_limit(f):
    found = sn.prove(sn.continuous(f))
    assert found.verdict == "refuted"
    assert found.lhs_value != found.rhs_value
    if isinstance(f, sp.Expr):
        assert sp.sympify(f).xreplace(dict(found.counterexample)).doit() == found.lhs_value


def test_a_pole_or_a_smooth_gate_with_a_step_is_left_open():
    for f in (1 / x, sn.step(x) * sn.sigmoid(x)):
        assert sn.prove(sn.continuous(f)).verdict == "undecided"


def test_every_activation_that_says_so_is_continuous():
    for name in ("ReLU", "Sigmoid", "ELU", "GELU", "Hardtanh", "Softplus"):
        assert sn.prove(sn.continuous(getattr(sn, name)())).check()


# --- separation


@pytest.mark.parametrize("seed", range(20))
def test_points_are_separated_or_their_hulls_meet_and_both_can_be_checked(seed):
    rng = random.Random(seed)
    size = rng.randint(1, 3)

    def points():
        return [tuple(rng.randint(-3, 3) for _ in range(size)) for _ in range(rng.randint(1, 4))]

    ones, others = points(), points()
    verdict = sn.separable(ones, others).prove()
    assert verdict.verdict in ("proved", "refuted")
    assert verdict.check()
    opposite = sn.inseparable(ones, others).prove()
    assert opposite.verdict == ("refuted" if verdict else "proved")
    assert opposite.check() if opposite else opposite.lhs_value > 0 > opposite.rhs_value


def test_of_the_sixteen_functions_of_two_bits_two_are_not_separable():
    corners = [(0, 0), (0, 1), (1, 0), (1, 1)]
    wrong = []
    for k in range(1, 15):
        ones = [c for i, c in enumerate(corners) if k >> i & 1]
        zeros = [c for i, c in enumerate(corners) if not k >> i & 1]
        if not sn.separable(ones, zeros).prove():
            wrong.append(ones)
    assert wrong == [[(0, 1), (1, 0)], [(0, 0), (1, 1)]]


def test_multipliers_of_other_points_prove_nothing():
    square = sn.inseparable([(0, 1), (1, 0)], [(0, 0), (1, 1)])
    with pytest.raises(sn.CertificateError, match="no common point"):
        square.prove().certificate.check(sn.inseparable([(0, 1), (1, 0)], [(0, 0), (2, 2)]))


def test_what_does_not_fit_is_refused():
    with pytest.raises(sn.ShapeError, match="different numbers of coordinates"):
        sn.separable([(0, 1)], [(0, 1, 2)])
    with pytest.raises(sn.ShapeError, match="points are lists of coordinates"):
        sn.separable(1, 2)
    with pytest.raises(sn.ShapeError, match="is empty"):
        sn.separable([], [(0, 1)])


def test_every_verdict_on_a_property_can_be_shown():
    net = sn.Sequential(sn.Linear([[1], [2]]), sn.ReLU(), sn.Linear([[1, 1]]))
    claims = (sn.pieces(net, 2), sn.pieces(net, 3), sn.continuous(sn.Step()), sn.continuous(net))
    for claim in (*claims, sn.inseparable([(0,)], [(0,)]), sn.separable([(0,)], [(0,)])):
        assert "Claim: " in claim.prove().latex()
