"""Networks whose layers are mostly zero: the same regions as from matrices with all entries."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from flint import fmpz_mat

import symnet as sn
from symnet.exact import sparse_rows
from symnet.exact.affine import AffineMap
from symnet.exact.sparse_affine import SparseAffineMap
from symnet.exact.sparse_matrix import SparseRationalMatrix

THIRD, QUARTER = sp.Rational(1, 3), sp.Rational(1, 4)


def small(seed, pool, channels=1, kernel=None):
    """A convolution, a pool, a convolution, a linear layer, on a grid of 6 by 6 points."""
    rng = np.random.default_rng(seed)
    first = (
        rng.standard_normal((2, channels, 3, 3)).astype(np.float32) if kernel is None else kernel
    )
    k, groups = (1, 2) if isinstance(pool, sn.AvgPool2d) else (2, 1)
    second = rng.standard_normal((2, 2 // groups, k, k)).astype(np.float32)
    bias = rng.standard_normal(2).astype(np.float32)
    return sn.Sequential(
        sn.Conv2d(first, rng.standard_normal(2).astype(np.float32), size=(6, 6), padding=1),
        sn.ReLU(),
        pool,
        sn.Conv2d(second, bias, size=pool.out_size, groups=groups),
        sn.ReLU(),
        sn.Linear(rng.standard_normal((3, 2 * (pool.out_size[0] - k + 1) ** 2)).astype(np.float32)),
    )


NETS = {
    "max": small(0, sn.MaxPool2d(2, size=(6, 6), channels=2)),
    "overlapping max": small(1, sn.MaxPool2d(3, size=(6, 6), channels=2, stride=2, padding=1)),
    "mean": small(2, sn.AvgPool2d(2, size=(6, 6), channels=2)),
    "mean of nine": small(3, sn.AvgPool2d(3, size=(6, 6), channels=2)),
    "thirds": small(
        4, sn.MaxPool2d(2, size=(6, 6), channels=2),
        kernel=np.array([THIRD, 0, 1, 0, -1, 0, 2, *[0] * 6, 1, *[0] * 4]).reshape(2, 1, 3, 3),
    ),
}  # fmt: skip


@pytest.fixture(params=["sparse", "dense"])
def kept(request, monkeypatch):
    monkeypatch.setattr(sparse_rows, "LARGE", 1 if request.param == "sparse" else 1 << 40)
    return request.param


def domains(seed):
    x, y, z = np.random.default_rng(seed).integers(0, 9, (3, 36)) / 8
    x[:18] = y[:18] = z[:18] = 0  # half of the picture is blank
    return x, y, sn.Slice.through(x, y, z, within=sn.Box([0, QUARTER], [0, QUARTER]))


@pytest.mark.parametrize("name", NETS)
def test_regions_are_those_of_matrices_with_all_entries(name, monkeypatch) -> None:
    _, _, plane = domains(7)
    found = []
    for large in (1, 1 << 40):
        monkeypatch.setattr(sparse_rows, "LARGE", large)
        pw = sn.piecewise(NETS[name], domain=plane)
        assert any(m.sparse is not None for m in pw.network.maps) == (large == 1)
        assert large > 1 or pw.certify()
        regions = sorted(pw.regions, key=lambda region: region.pattern)
        known = {(region.pattern, frozenset(region.vertices)) for region in regions}
        found.append((known, [(r.A, r.c) for r in regions[::5]], len(pw.pieces)))
    assert found[0] == found[1]
    assert len(found[0][0]) > 3


@pytest.mark.parametrize("name", NETS)
def test_walks_and_local_maps_agree_with_exact_values(name, kept) -> None:
    x, y, _ = domains(8)
    net = NETS[name]
    path = sn.walk(net, x, y)
    ends = {t for step in path.steps for t in (step.start, step.end)}
    assert {0, *path.breakpoints, *path.changes, 1} <= ends
    for t in ends - {0, *path.breakpoints, 1}:  # two outputs are equal there
        assert len(set(net(list(path.point(t))).flat())) < 3
    for step in path.steps[:: max(1, len(path.steps) // 5)]:
        t = (2 * step.start + step.end) / 3
        point = path.point(t)
        value = net(list(point))
        assert step.slope * t + step.offset == value
        if step.label is not None:
            assert max(range(3), key=lambda k: value[k]) == step.label
        direction = [sp.Rational(float(v)) for v in y - x]
        around = sn.local(net, point, towards=direction)
        assert around.value == value
        if not around.kinks:
            assert around.A * sp.Matrix(direction) == step.slope
            assert around.A * sp.Matrix(point) + around.c == value


def random_map(rng, m, n, exact):
    """A map with rows that share columns, as a sparse and as a dense one."""
    table = np.zeros((m, n), dtype=object)
    for rows in np.array_split(rng.permutation(m), 3):
        table[np.ix_(rows, rng.choice(n, 3, replace=False))] = rng.integers(-9, 10, (len(rows), 3))
    table[rng.integers(m)] = 0
    bias = rng.integers(-2, 3, m).astype(object)
    q = 7 if exact else 8
    rows, columns = np.nonzero(np.column_stack([table, bias]))
    values = np.column_stack([table, bias])[rows, columns]
    sparse = SparseAffineMap.of_exact(
        SparseRationalMatrix.of_entries((m, n + 1), rows, columns, values, q)
    )
    dense = AffineMap.from_integers(
        fmpz_mat([[int(v) for v in (*row, b)] for row, b in zip(table, bias, strict=True)]), q
    )
    return sparse, dense


def same(one, other):
    return one.fractions() == other.fractions()


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_a_sparse_map_computes_what_the_dense_one_does(seed, exact) -> None:
    rng = np.random.default_rng(seed)
    sparse, dense = random_map(rng, 8, 7, exact)
    inner, dense_inner = random_map(rng, 7, 5, exact)
    outer = random_map(rng, 3, 8, exact)[1]
    assert same(sparse, dense)
    assert sparse.is_float == dense.is_float
    assert (sparse.nonzero == dense.nonzero).all()
    assert (sparse.has_offset == dense.has_offset).all()
    assert all(same(sparse.after(g), dense.after(dense_inner)) for g in (inner, dense_inner))
    assert same(outer.after(sparse), outer.after(dense))
    order, across = rng.permutation(8), rng.permutation(7)
    assert same(sparse.reordered(order, across), dense.reordered(order, across))
    powers = rng.integers(-3, 4, 8), rng.integers(-3, 4, 7)
    assert same(sparse.scaled(*powers), dense.scaled(*powers))
    columns = fmpz_mat([[int(v) for v in row] for row in rng.integers(-9, 10, (8, 2))])
    left, right = (
        sparse.times(columns) * dense.denominator,
        dense.times(columns) * sparse.denominator,
    )
    assert left == right
    points, rows = rng.standard_normal((4, 7)), rng.standard_normal((4, 8))
    assert np.allclose(sparse.of_points(points), points @ dense.weight.T)
    assert np.allclose(sparse.sizes_of_points(abs(points)), abs(points) @ abs(dense.weight).T)
    for given in (rows, rng.standard_normal((200, 8))):
        assert np.allclose(sparse.pulled(given), given @ dense.weight)
