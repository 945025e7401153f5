"""A trained classifier of handwritten digits: its maps, slices and reduction, beside Fractions."""

from fractions import Fraction

import pytest
import sympy as sp

import symnet as sn

from .digits import digits


def by_hand(x):
    """Outputs, and the neurons that are on, by nothing but Fractions."""
    net, _, _ = digits()
    h, on = [Fraction(int(v.p), int(v.q)) for v in x], []
    linear = [layer for layer in net if isinstance(layer, sn.Linear)]
    for k, layer in enumerate(linear):
        W = [[Fraction(int(v.p), int(v.q)) for v in row] for row in layer.W.tolist()]
        b = [Fraction(int(v.p), int(v.q)) for v in layer.b]
        z = [sum(w * v for w, v in zip(row, h, strict=True)) + c
             for row, c in zip(W, b, strict=True)]  # fmt: skip
        on.append([v > 0 for v in z])
        h = z if k + 1 == len(linear) else [max(v, Fraction(0)) for v in z]
    return h, on[:-1]


def test_the_local_map_at_every_image():
    net, images, labels = digits()
    right = 0
    for x, label in zip(images, labels, strict=True):
        around = sn.local(net, x)
        outputs, on = by_hand(x)
        assert [Fraction(int(v.p), int(v.q)) for v in around.value] == outputs
        assert around.A * sp.Matrix(x) + around.c == around.value
        assert [[s > 0 for s in layer] for layer in around.pattern] == on
        right += around.label == label
    assert right == 39  # 97.5 per cent of 40, as scikit-learn counts


@pytest.mark.parametrize("p", [1, 2, sp.oo])
def test_the_nearest_boundary_of_some_images(p):
    net, images, _ = digits()
    for x in images[:3]:
        found = sn.local(net, x).nearest(p)
        beyond = [b + (b - a) / 10**6 for a, b in zip(x, found.point, strict=True)]
        short = [b - (b - a) / 10**6 for a, b in zip(x, found.point, strict=True)]
        assert by_hand(short)[1] == by_hand(x)[1] != by_hand(beyond)[1]


def test_a_plane_through_three_images_with_decision_boundaries():
    net, images, labels = digits()
    places = [labels.index(digit) for digit in (3, 8, 5)]
    plane = sn.Slice.through(*(images[k] for k in places), within=sn.Box([-1, 2]))
    pw = sn.piecewise(net, domain=plane)
    assert pw.certify()
    decisions = pw.decisions()
    for u, digit in zip(([0, 0], [1, 0], [0, 1]), (3, 8, 5), strict=True):
        assert list(pw(u)) == list(net(plane.point(u)))
        (region, *_) = decisions.function.regions_at(u)
        assert decisions.winners[region.index] == {digit}
    # on each boundary two outputs are equal, and none is greater
    for i, j in decisions.boundary[:5]:
        common = set(decisions.function.regions[i].vertices) & set(
            decisions.function.regions[j].vertices
        )
        for u in common:
            values = sorted(net(plane.point(u)))
            assert values[-1] == values[-2]


def test_reduction_on_the_pixel_box():
    net, images, _ = digits()
    found = sn.reduce(net, sn.Box([0, 1]))
    assert sum(found.before) == 40
    assert sum(found.after) < 40
    assert found.check()
    for x in [*images, [0] * 64, [1] * 64]:
        assert found.network(x) == net(x)


def test_a_ball_around_an_image_is_proved_or_refuted():
    net, images, labels = digits()
    for x, label in zip(images[:6], labels, strict=False):
        near = sn.Box(*[[v - sp.Rational(1, 256), v + sp.Rational(1, 256)] for v in x])
        verdict = sn.robust(net, near, label)
        outputs, _ = by_hand(x)
        wins = outputs[label] > max(v for k, v in enumerate(outputs) if k != label)
        assert verdict.verdict == ("proved" if wins else "refuted")
        if not verdict:
            point = list(verdict.counterexample.values())
            assert near.contains(point)
            outputs, _ = by_hand(point)
            assert outputs[label] <= max(v for k, v in enumerate(outputs) if k != label)
