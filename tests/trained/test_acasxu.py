"""ACAS Xu networks, where they are: boxes and a slice beside plain evaluation."""

import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import symnet as sn

FOLDER = Path(os.environ.get("SYMNET_DATA", Path(__file__).parents[3] / "shared" / "data"))
FOLDER /= "acasxu"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the ACAS Xu networks are not here")

#: How inputs are normalised: (value - mean) / range, as the NNet files say.
MEANS = ("19791.091", "0", "0", "650", "600")
RANGES = ("60261", "6.28318530718", "6.28318530718", "1100", "1200")
#: Distance, two angles, two speeds: properties 3 and 2 of Katz et al., Reluplex, 2017.
CLOSE = [("1500", "1800"), ("-0.06", "0.06"), ("3.1", "3.141592"), ("980", "1200"), ("960", "1200")]
FAR = [("55947.691", "60760"), ("-3.141592", "3.141592"), ("-3.141592", "3.141592"),
       ("1145", "1200"), ("0", "60")]  # fmt: skip
ADVICE = ("clear of conflict", "weak left", "weak right", "strong left", "strong right")


def network(name):
    return sn.load(FOLDER / f"ACASXU_run2a_{name}_batch_2000.onnx")


def box(rows):
    sides = zip(rows, MEANS, RANGES, strict=True)
    return sn.Box(
        *[[(Fraction(v) - Fraction(m)) / Fraction(r) for v in row] for row, m, r in sides]
    )


@pytest.mark.parametrize("name", ["2_3", "3_3"])
def test_property_3_holds_of_networks_of_which_others_proved_it(name):
    # with the intruder ahead and near, clear of conflict is not the least score
    least = [([[1, *(-int(k == j) for k in range(4))] for j in range(4)], [0] * 4)]
    claim = sn.Property([(box(CLOSE), least)])
    verdict = sn.verify(network(name), claim)
    assert verdict
    assert verdict.check()


def test_property_2_fails_of_a_network_of_which_others_refuted_it():
    # far away and slow: clear of conflict should not be the greatest score
    greatest = [([[-1, *(int(k == j) for k in range(4))] for j in range(4)], [0] * 4)]
    net = network("2_3")
    verdict = sn.verify(net, sn.Property([(box(FAR), greatest)]))
    assert verdict.verdict == "refuted"
    point = list(verdict.counterexample.values())
    assert box(FAR).contains(point)
    scores = list(net(point))
    assert scores[0] == max(scores)


def test_reduced_on_a_box_the_network_has_the_same_scores():
    net = network("1_1")
    sides = [("0.6", "0.65"), ("-0.1", "0.1"), ("0.2", "0.4"), ("0.45", "0.5"), ("-0.5", "-0.45")]
    part = sn.Box(*[[Fraction(a), Fraction(b)] for a, b in sides])
    found = sn.reduce(net, part)
    assert sum(found.after) < 250 < sum(found.before) == 300
    assert found.check()
    rng = np.random.default_rng(0)
    for _ in range(5):
        steps = rng.integers(0, 65, 5).tolist()
        x = [(Fraction(a) * (64 - t) + Fraction(b) * t) / 64
             for t, (a, b) in zip(steps, sides, strict=True)]  # fmt: skip
        assert net(x) == found.network(x)
    # on a plane in it nothing differs
    low, fifth = [Fraction(a) for a, _ in sides], Fraction(1, 5)
    directions = [[0, fifth, 0, 0, 0], [0, 0, fifth, 0, 0]]
    plane = sn.Slice(low, directions, sn.Box([0, 1]))
    assert sn.piecewise(net, domain=plane) == sn.piecewise(found.network, domain=plane)


def test_advice_on_a_plane_is_that_of_the_scores():
    scores = network("3_3")
    # the least score is the advice
    advice = sn.Sequential(*scores, sn.Linear(-np.eye(5, dtype=int)))
    plane = sn.Slice([Fraction(1, 4), 0, 0, Fraction(1, 2), Fraction(1, 2)],
                     [[Fraction(1, 4), 0, 0, 0, 0], [0, Fraction(1, 4), 0, 0, 0]],
                     sn.Box([-1, 1]))  # fmt: skip
    pw = sn.piecewise(advice, domain=plane)
    assert len(pw) == 1238  # counted by two programs, one in exact arithmetic and one in float64
    decisions = pw.decisions()
    rng = np.random.default_rng(1)
    for _ in range(20):
        u = [Fraction(int(v), 1009) for v in rng.integers(-1009, 1010, 2)]
        values = list(scores(plane.point(u)))
        region = decisions.function.locate(u)
        assert decisions.winners[region.index] == {values.index(min(values))}
    assert pw.plot(by="decision", output_names=ADVICE).x.name == "$u_{1}$"
