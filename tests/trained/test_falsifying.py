"""Descent towards unwanted outputs: gradients, rare counterexamples, and limits of the search."""

import itertools
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet.regions import limits
from symnet.trained import _progress
from symnet.trained._falsifying import Falsifier
from symnet.trained._prepared import prepared
from symnet.trained._progress import Progress


def network(rng, sizes, activation=None):
    layers = []
    for n, m in pairwise(sizes):
        layers += [sn.Linear(rng.normal(size=(m, n)), rng.normal(size=m)), activation or sn.ReLU()]
    return sn.Sequential(*layers[:-1])


@pytest.mark.parametrize(
    "activation", [sn.ReLU(), sn.Hardtanh(-1, 1), sn.Abs(), sn.Identity()], ids=lambda a: a.name
)
def test_values_and_gradients_are_those_of_the_maps_around_points(activation):
    rng = np.random.default_rng(3)
    net = network(rng, (4, 7, 6, 3), activation)
    ready = prepared(net)
    falsifier = Falsifier(ready, ready.layers.maps[-1], ((0, 1), (1, 3)))
    x = rng.normal(size=(5, 4))
    values, _, slopes = falsifier._values(x)
    for form in range(3):
        gradient = falsifier._gradient(np.full(5, form), slopes)
        for k in range(5):
            around = sn.local(net, x[k])
            assert np.isclose(float(around.value[form]), values[k, form])
            assert np.allclose(np.array(around.A.row(form), dtype=float)[0], gradient[k])


def test_a_small_set_of_counterexamples_is_found_without_halving():
    # |x_1 - c_1| + ... + |x_10 - c_10| <= 1/5, which has 1e-14 of the volume of [0, 1]^10
    n = 10
    c = [sp.Rational(k + 3, 17) for k in range(n)]
    eye = np.eye(n, dtype=int)
    net = sn.Sequential(
        sn.Linear(np.vstack([eye, -eye]), [*(-v for v in c), *c]),
        sn.ReLU(),
        sn.Linear([[1] * 2 * n]),
    )
    far = sn.Property([(sn.Box([0, 1]), [([[1]], [sp.Rational(1, 5)])])])
    verdict = sn.verify(net, far, max_boxes=1)
    assert verdict.verdict == "refuted"
    assert verdict.check()
    x = list(verdict.counterexample.values())
    assert sum(abs(a - b) for a, b in zip(x, c, strict=True)) <= sp.Rational(1, 5)


def long_search():
    """|x_1| + ... + |x_30| - |x_1 + ... + x_30| >= 0, attained on a set of full dimension."""
    n = 30
    half = np.vstack([np.eye(n, dtype=int), np.ones((1, n), dtype=int)])
    last = [[1] * n + [-1]]
    net = sn.Sequential(
        sn.Linear(np.vstack([half, -half])), sn.ReLU(), sn.Linear(np.hstack([last, last]), [0.125])
    )
    return net, sn.Property([(sn.Box([-1, 1]), [([[1]], [0])])])


def test_a_time_limit_is_kept_and_what_was_reached_is_said(monkeypatch):
    net, claim = long_search()
    seconds = itertools.count()
    monkeypatch.setattr(_progress, "monotonic", lambda: float(next(seconds)))
    verdict = sn.verify(net, claim, timeout=4)
    assert verdict.verdict == "undecided"
    # the clock is read once at the beginning, and before some boxes are bounded
    assert next(seconds) == 6
    assert "15 boxes looked at, 16 boxes left open" in verdict.reason


def test_a_search_says_how_far_it_is_if_that_is_wanted(monkeypatch, capsys):
    monkeypatch.setattr(limits, "_PATIENCE", 0.0)
    net, claim = long_search()
    for wanted in (True, False, None):
        sn.verify(net, claim, max_boxes=20, progress=wanted)
        sn.output_range(net, sn.Box([-1, 1]), max_boxes=20, progress=wanted)
        sn.monotone_along(net, sn.Box([-1, 1]), 0, max_boxes=20, progress=wanted)
        said = capsys.readouterr().err
        assert bool(said) == (wanted is True)
        if wanted:
            assert "boxes, " in said
            assert "waiting" in said
            assert "between" in said


def test_regions_that_take_too_long_are_left_and_it_is_said_where():
    net = network(np.random.default_rng(1), (2, 40, 40, 2))
    verdict = sn.robust(net, sn.Box([-1, 1]), 0, timeout=0.0)
    assert verdict.verdict == "undecided"
    assert "out of reach: " in verdict.reason


def test_an_interrupted_search_leaves_nothing_behind(monkeypatch):
    net, box = network(np.random.default_rng(2), (3, 6, 4, 1)), sn.Box([-1, 1])
    known = sn.output_range(net, box)
    start = Progress.start

    def interrupted(self, *args):
        start(self, *args)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "start", interrupted)
        with pytest.raises(KeyboardInterrupt):
            sn.output_range(net, box)
    assert sn.output_range(net, box) == known
    assert sn.verify(net, sn.Property([(box, [([[-1]], [-known[0].greatest.value - 1])])])).check()


def test_verdicts_are_documents():
    net = sn.Sequential(sn.Linear([[1, -1], [1, 1]]), sn.ReLU(), sn.Linear([[1, 2]]))
    below = sn.Property([(sn.Box([0, 1]), [([[-1]], [-30])])])
    assert "none of 1 unwanted sets of outputs" in sn.verify(net, below).latex()
    rises = sn.monotone_along(net, sn.Box([-1, 1]), [1, Fraction(1, 2)])
    assert "output 0 never falls" in rises.latex()
    assert r"\frac{1}{2}" in rises.latex()
