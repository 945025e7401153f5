"""Boxes of many inputs: bounds without vertices, and what is out of reach is said."""

import pickle

import numpy as np
import pytest
import sympy as sp

import symnet as sn


def test_a_box_of_many_inputs_knows_its_points_without_its_vertices():
    box = sn.Box([0, 1]).fitted(784)
    assert (box.dimension, box.ambient, box.is_bounded) == (784, 784, True)
    assert box == sn.Box(*[[0, 1]] * 784)
    assert box != sn.Box(*[[0, 1]] * 783, [0, 2])
    assert box.contains([sp.Rational(1, 2)] * 784)
    assert not box.contains([sp.Rational(1, 2)] * 783 + [2])
    assert pickle.loads(pickle.dumps(box)) == box
    assert len({box, sn.Box([0, 1]).fitted(784)}) == 1


def test_fixed_coordinates_leave_the_others():
    box = sn.Box([0, 1], [2, 2], [sp.Rational(1, 3), 3])
    same = sn.Polyhedron([[1, 0, 0], [-1, 0, 0], [0, 0, 1], [0, 0, -3]], [1, 0, 3, -1],
                         [[0, 1, 0]], [2])  # fmt: skip
    assert (box.origin, box.directions) == (same.origin, same.directions)
    assert set(box.polyhedron.half_spaces) == set(same.polyhedron.half_spaces)
    assert box.dimension == 2
    assert box.point([1, 1]) == (1, 2, 1)
    assert box.contains([1, 1])
    assert not box.contains([1, 0])


def test_regions_of_a_box_of_many_inputs_are_out_of_reach():
    net = sn.Sequential(sn.Linear(np.ones((2, 64), dtype=int)), sn.ReLU())
    with pytest.raises(sn.OutOfReachError, match=r"a box of 64 dimensions, .* about 10\^19"):
        sn.piecewise(net, domain=sn.Box([0, 1]))
    on_a_line = sn.piecewise(net, domain=sn.Slice([0] * 64, [[1] * 64], sn.Box([-1, 1])))
    assert len(on_a_line) == 2


def test_claims_on_large_boxes_are_decided_or_said_to_be_out_of_reach():
    rng = np.random.default_rng(0)
    W, V = rng.integers(-3, 4, (4, 40)), rng.integers(1, 4, (2, 4))
    net = sn.Sequential(sn.Linear(W), sn.ReLU(), sn.Linear(V))
    box = sn.Box([0, 1])
    order = [2, 0, 3, 1]
    other = sn.Sequential(sn.Linear(W[order]), sn.ReLU(), sn.Linear(V[:, order]))
    assert net.equals(other, domain=box.fitted(40))
    changed = sn.Sequential(sn.Linear(W[order]), sn.ReLU(), sn.Linear(V))
    verdict = net.equals(changed, domain=box.fitted(40))
    assert verdict.verdict == "refuted"
    (point,) = verdict.counterexample.values()
    assert net(point) != changed(point)
    assert all(0 <= t <= 1 for t in point)
