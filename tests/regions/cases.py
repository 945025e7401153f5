"""Networks and comparisons shared by the tests of the decomposition."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np

from symnet.exact.affine import AffineMap
from symnet.exact.polyhedron import Polyhedron
from symnet.regions import certificate
from symnet.regions.decompose import decompose
from symnet.regions.engine_cells import LatticeCells, PlaneCells
from symnet.regions.layer_list import LayerList, identity

from . import reference


def exact_layers(layers):
    """Return (W, b) pairs of floats or rationals as nested lists of Fractions."""
    return [
        ([[Fraction(v) for v in row] for row in np.asarray(w).tolist()], [Fraction(v) for v in b])
        for w, b in layers
    ]


def carrier(layers):
    """Return the layers as float arrays, or as rational maps where they are not floats."""
    return [
        (w, b) if isinstance(w, np.ndarray) and w.dtype == float else AffineMap.from_rationals(w, b)
        for w, b in layers
    ]


def canonical(polygon):
    """Return a polygon from its least corner on, without corners in the middle of a side."""
    points = [tuple(p) for p in polygon]
    if len(points[0]) == 2:
        points = [p for k, p in enumerate(points) if p != points[k - 1]]
        n = len(points)
        points = [
            points[k] for k in range(n) if _turn(points[k - 1], points[k], points[(k + 1) % n]) != 0
        ]
    start = points.index(min(points))
    return tuple(points[start:] + points[:start])


def _turn(p, q, r):
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


def check_against_reference(layers, activations, domain):
    """Assert that the engine and the reference agree in count, patterns, corners and maps."""
    result = decompose(carrier(layers), activations, domain)
    exact = exact_layers(layers)
    if not isinstance(activations, list):
        activations = [activations] * (len(layers) - 1)
    each = [
        list(f) if isinstance(f, list) else [f] * len(b)
        for f, (_, b) in zip(activations, exact, strict=False)
    ]
    expected = reference.decompose(exact, each, list(domain.corners))
    signs = np.hstack([result.signs(k) for k in range(len(layers) - 1)])
    found = {tuple(row): c for c, row in enumerate(signs.tolist())}
    assert len(found) == len(result) == len(expected)
    assert set(found) == set(expected)
    for pattern, (corners, rows) in expected.items():
        cell = found[pattern]
        polygon = [result.exact_point(v) for v in result.polygon(cell).tolist()]
        assert canonical(polygon) == canonical(corners)
        assert len(polygon) == len(canonical(corners))  # strictly convex
        weight, bias = result.affine_map(cell).fractions()
        assert [[*w, b] for w, b in zip(weight, bias, strict=True)] == rows
    return result


def random_relu(sizes, rng):
    """Return a He-normal network with biases uniform in +-1/sqrt(fan-in)."""
    return [
        (rng.standard_normal((m, n)) * np.sqrt(2 / n), rng.uniform(-1, 1, m) / np.sqrt(n))
        for n, m in itertools.pairwise(sizes)
    ]


def certify(complex_):
    """Certify a complex of the plane or line on its own domain."""
    domain = Polyhedron.from_generators(complex_.domain.corners, ambient=complex_.dimension)
    layers = LayerList(complex_.source.layers, complex_.source.activations)
    return certificate.certify(layers, domain, PlaneCells(complex_))


def certify_in_space(complex_):
    """Certify a complex of the lattice engine on its own domain."""
    maps, functions = [], []
    for layer in complex_.layers:
        maps.append(AffineMap.from_rationals(layer.W, layer.b))
        functions.append(tuple(layer.activations))
    last = maps[-1].shape[0] if maps else complex_.dimension
    layers = LayerList((*maps, identity(last)), tuple(functions))
    return certificate.certify(layers, complex_.domain, LatticeCells(complex_))
