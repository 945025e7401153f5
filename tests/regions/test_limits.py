"""Stopping at a number of regions, and progress, in every engine."""

import itertools
import re
import time

import numpy as np
import pytest

import symnet as sn
from symnet.exact.polyhedron import Polyhedron
from symnet.regions import limits as limits_module
from symnet.regions.finding import find_cells
from symnet.regions.from_network import layers_of
from symnet.regions.lattice import decompose
from symnet.regions.lattice_layers import Layer
from symnet.regions.lattice_simple_cells import count_cells
from symnet.regions.limits import Limits, Remarks


def network(d, *widths, seed=0, bias=True):
    rng = np.random.default_rng(seed)
    layers, n = [], d
    for m in widths:
        W = rng.integers(-9, 10, (m, n)) / 4
        layers += [sn.Linear(W, rng.integers(-9, 10, m) / 8 * bias), sn.ReLU()]
        n = m
    return sn.Sequential(*layers, sn.Linear(rng.integers(-9, 10, (1, n)) / 4))


CASES = {
    "line": (network(1, 12, 12), sn.Box([-2, 2])),
    "plane": (network(2, 8, 8, 8), sn.Box([-2, 2])),
    "space": (network(3, 6, 6, 4), sn.Box([-2, 2])),
    "space, special position": (network(3, 6, 6, 4, bias=False), sn.Box([-2, 2])),
    "four dimensions": (network(4, 5, 5), sn.Box([-2, 2])),
    "a simplex": (network(3, 6, 6, 4), sn.Polyhedron(vertices=[[3, 0, 0], [0, 3, 0], [0, 0, 3],
                                                               [-2, -2, -2]])),
    "all of R": (network(1, 12, 12), None),
    "all of R^2": (network(2, 7, 7), None),
    "all of R^3": (network(3, 4, 4), None),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_it_stops_above_the_number_asked_for_and_not_below(name):
    net, domain = CASES[name]
    total = len(sn.piecewise(net, domain=domain))
    assert len(sn.piecewise(net, domain=domain, max_regions=total)) == total
    with pytest.raises(sn.TooManyRegionsError) as stopped:
        sn.piecewise(net, domain=domain, max_regions=total - 1)
    message = str(stopped.value)
    assert f"more than max_regions={total - 1} regions: {total} found so far" in message
    assert f"cannot be more than {sn.region_bound(net)}" in message


@pytest.mark.parametrize("name", CASES)
def test_it_stops_while_regions_are_found(name):
    net, domain = CASES[name]
    total = len(sn.piecewise(net, domain=domain))
    with pytest.raises(sn.TooManyRegionsError) as stopped:
        sn.piecewise(net, domain=domain, max_regions=2)
    found, layer = map(
        int, re.search(r": (\d+) found so far, layer (\d) of", str(stopped.value)).groups()
    )
    assert layer == 1
    assert 2 < found < total


@pytest.mark.parametrize("seed", range(3))
def test_cells_are_counted_in_the_middle_of_a_layer(seed):
    """After each form there are as many cells as the network without the later ones has."""
    rng = np.random.default_rng(seed)
    W = [rng.normal(size=(5, 3)), rng.normal(size=(4, 5))]
    b = [rng.normal(size=5) / 2, rng.normal(size=4) / 2]
    cube = Polyhedron.box([-1] * 3, [1] * 3)

    def complex_of(*counts):
        return decompose([Layer(W[k][:n], b[k][:n]) for k, n in enumerate(counts)], cube)

    expected = [len(complex_of(n)) for n in range(1, 6)]
    expected += [len(complex_of(5, n)) for n in range(1, 5)]
    found = []

    import symnet.regions.lattice as lattice

    original = lattice.watch
    try:
        lattice.watch = lambda source, limits: lambda column: found.append(count_cells(source))
        decompose([Layer(W[0], b[0]), Layer(W[1], b[1])], cube, method="skeleton")
    finally:
        lattice.watch = original
    assert found == expected


@pytest.mark.parametrize("name", CASES)
def test_progress_is_told_in_every_engine(name):
    net, domain = CASES[name]
    inputs = int(net.in_features)
    domain = domain or sn.Polyhedron(A=[[0] * inputs], b=[1])
    told = []
    find_cells(
        layers_of(net, inputs), domain.fitted(inputs).polyhedron, Limits(progress=told.append)
    )
    found = []
    for text in told:
        number, layer = re.match(r"(\d+) \w+, (?:layer (\d)|the domain)", text).groups()
        found.append((int(layer or 0), int(number)))
    # a lattice that meets a special position begins again
    again = sum(a > b for a, b in itertools.pairwise(found))
    assert again <= (name in ("space", "space, special position", "four dimensions", "a simplex"))
    assert {layer for layer, _ in found} - {0} == set(range(1, len(net) // 2 + 1))


def test_remarks_come_late_and_seldom(monkeypatch, capsys):
    clock = itertools.count()
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))
    say = Remarks(True)
    for k in range(14):
        say(f"{k} regions, layer 1 of 2")
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "symnet: 5 regions, layer 1 of 2, after 6 s",
        "symnet: 11 regions, layer 1 of 2, after 12 s",
    ]
    quiet = Remarks(False)
    for _ in range(20):
        quiet("nothing")
    assert capsys.readouterr().err == ""
    assert limits_module.readable(10**12) == str(10**12)
