"""The float filter: its error bounds hold, and no sign depends on how wide they are."""

from __future__ import annotations

from math import inf
from typing import Any

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings, strategies as st

from symnet.exact.linear_program import Feasible, LinearSystem, feasible_point
from symnet.exact.polyhedron import Polyhedron
from symnet.exact.rational_rows import as_fmpq
from symnet.regions.activation import RELU, PiecewiseLinear1D
from symnet.regions.lattice import decompose
from symnet.regions.lattice_cones import decompose_unbounded
from symnet.regions.lattice_faces import FaceLattice, box_start
from symnet.regions.lattice_layers import Layer, PreparedLayer
from symnet.regions.lattice_simple import NotSimpleError, Skeleton
from symnet.regions.lattice_vertices import VertexStore

from .cases import certify_in_space
from .network_kinds import FUNCTIONS, KINDS, network


def within_bounds(store: VertexStore, depth: int) -> bool:
    """Whether all values of the current layer are as near to the exact ones as they claim."""
    layer = store.exact.layer(depth)
    vertices = list(range(store.count))
    store.exact.require(vertices, store.parents)
    for k in range(layer.hyperplanes):
        scale = int(layer.scale[k])
        power = fmpq(2) ** abs(scale)
        for v, exact in zip(
            vertices, store.exact.form(vertices, depth, [k] * len(vertices)), strict=True
        ):
            if store.signs[v, k] != (exact > 0) - (exact < 0):
                return False
            if k < store.gone:
                continue
            value, error = (a[v, k - store.gone] for a in (store.values, store.errors))
            if np.isfinite(value) and np.isfinite(error) and (store.signs[v, k] or not error):
                scaled = exact / power if scale >= 0 else exact * power
                if abs(scaled - as_fmpq(value)) > as_fmpq(error):
                    return False
    return True


@pytest.mark.parametrize("functions", [("relu",), tuple(FUNCTIONS)])
@pytest.mark.parametrize("name", sorted(KINDS))
@pytest.mark.parametrize("more", [False, True])
def test_every_bound_and_every_sign_holds(
    name: str, functions: tuple[str, ...], more: bool
) -> None:
    """The last layer lets go of values that nobody needs, so it is also tried as another one."""
    sizes = [3, 4, 3, 3]
    layers, size = network(name, 11, sizes, functions).layers, 3
    scale, prepared = np.zeros(3, dtype=np.int64), []
    for layer in layers:
        prepared.append(PreparedLayer(layer, size, scale))
        size, scale = prepared[-1].n_out, prepared[-1].output_scale
    corners = [[fmpq(1 if i >> k & 1 else -1) for k in range(3)] for i in range(8)]
    known = [*prepared, prepared[-1]] if more else prepared
    store = VertexStore(known, corners, np.zeros(3, dtype=np.int64))
    lattice = FaceLattice(store, box_start(3))
    for depth, stage in enumerate(prepared):
        lattice.insert_layer(stage, depth)
        assert within_bounds(store, depth)
        assert store.gone == 0 or depth + 1 == len(known)


@st.composite
def layers(draw: st.DrawFn) -> list[Layer]:
    """Small integer networks, with activations of any shape."""
    result, size = [], 3
    for _ in range(draw(st.integers(1, 2))):
        width = draw(st.integers(1, 3))
        row = st.lists(st.integers(-2, 2), min_size=size, max_size=size)
        W = draw(st.lists(row, min_size=width, max_size=width))
        b = draw(st.lists(st.integers(-1, 1), min_size=width, max_size=width))
        breaks = draw(st.lists(st.integers(-1, 1), max_size=2, unique=True).map(sorted))
        slopes = draw(
            st.lists(st.integers(-1, 2), min_size=len(breaks) + 1, max_size=len(breaks) + 1)
        )
        act = draw(st.sampled_from([RELU, PiecewiseLinear1D(tuple(breaks), tuple(slopes))]))
        result.append(Layer(np.array(W, dtype=float), np.array(b, dtype=float), act))
        size = width
    return result


@settings(deadline=None, max_examples=60)
@given(layers())
def test_every_small_network_is_certified_whatever_the_filter(network: list[Layer]) -> None:
    cube = Polyhedron.box([-1] * 3, [1] * 3)
    plain = decompose(network, cube)
    certify_in_space(plain)
    forced = decompose(network, cube, unit_roundoff=inf)
    certify_in_space(forced)
    assert sorted(map(tuple, plain.signs.tolist())) == sorted(map(tuple, forced.signs.tolist()))
    assert plain.vertex_count == forced.vertex_count


def test_linear_programs_find_the_same_sign_patterns() -> None:
    """A pattern belongs to a cell iff the strict inequalities that it states have a solution."""
    rng = np.random.default_rng(4)
    W, b = rng.integers(-3, 4, (6, 3)).astype(float), rng.integers(-2, 3, 6).astype(float)
    cube = Polyhedron.box([-1] * 3, [1] * 3)
    complex_ = decompose([Layer(W, b)], cube)
    found = {tuple(s) for s in complex_.signs.tolist()}
    walls = np.vstack([np.eye(3), -np.eye(3)])
    for number in range(2**6):
        signs = np.array([1 if number >> i & 1 else -1 for i in range(6)])
        rows = np.vstack([-signs[:, None] * W, walls])
        right = np.concatenate([signs * b, np.ones(6)])
        answer = feasible_point(LinearSystem.of(rows, right, strict=range(12)))
        assert isinstance(answer, Feasible) == (tuple(signs.tolist()) in found)


def test_neurons_without_weights_do_not_disturb_general_position() -> None:
    W, b = np.random.default_rng(0).standard_normal((5, 3)), np.full(5, 0.125)
    W[1] = W[3] = b[1] = 0
    b[3] = -1
    V = np.random.default_rng(1).standard_normal((4, 5))
    complex_ = decompose([Layer(W, b), Layer(V, b[:4])], Polyhedron.box([-1] * 3, [1] * 3))
    assert complex_.is_simple
    assert set(complex_.signs[:, 1].tolist()) == {0}
    assert set(complex_.signs[:, 3].tolist()) == {-1}
    certify_in_space(complex_)


def test_colliding_names_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    layers, cube = network("generic", 2, [3, 6, 5]).layers, Polyhedron.box([-1] * 3, [1] * 3)
    expected = len(decompose(layers, cube))
    build = Skeleton.__init__

    def with_few_names(self: Skeleton, *arguments: Any) -> None:
        build(self, *arguments)
        self.hash %= 4

    monkeypatch.setattr(Skeleton, "__init__", with_few_names)
    with pytest.raises(NotSimpleError, match="name"):
        decompose(layers, cube, method="skeleton")
    assert len(decompose(layers, cube)) == expected


@pytest.mark.parametrize("method", ["skeleton", "lattice"])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_bias_that_underflows_beside_its_weights_still_has_its_sign(
    sign: int, method: str
) -> None:
    dead = Layer(np.array([[-1.0, 0.0, 0.0]]), np.array([-10.0]))
    after = Layer(np.array([[1e300]]), np.array([sign * 1e-300]))
    complex_ = decompose([dead, after], Polyhedron.box([-1] * 3, [1] * 3), method=method)  # type: ignore[arg-type]
    assert complex_.signs.tolist() == [[-1, sign]]


def test_a_slope_that_no_float_holds() -> None:
    slight = PiecewiseLinear1D((0,), (fmpq(1, 10**400), 1))
    first = Layer([[1, 0, 0], [0, 1, 0]], [0, 0], slight)
    second = Layer([[10**400, 1]], [0])
    complex_ = decompose([first, second], Polyhedron.box([-1] * 3, [1] * 3))
    assert len(complex_) == 6
    certify_in_space(complex_)


def test_integers_beside_floats_are_not_rounded() -> None:
    big = 2**60
    layer = Layer([[big + 1, 0.5], [-big, -0.5]], [0, 0])
    complex_ = decompose([layer], Polyhedron.box([-1, -1], [1, 1]))
    assert len(complex_) == 4
    certify_in_space(complex_)


def test_without_layers_the_domain_is_the_only_cell() -> None:
    for d in (2, 3):
        cube = Polyhedron.box([-1] * d, [1] * d)
        for method in ("skeleton", "lattice"):
            complex_ = decompose([], cube, method=method)  # type: ignore[arg-type]
            assert len(complex_) == 1
            assert complex_.volume(0) == 2**d
            certify_in_space(complex_)
        assert len(decompose_unbounded([], Polyhedron.from_half_spaces(ambient=d))) == 1


def test_misfits_are_named() -> None:
    cube = Polyhedron.box([-1] * 3, [1] * 3)
    with pytest.raises(ValueError, match=r"shape \(1, 3\) was expected, found \(1, 2\)"):
        decompose([Layer([[1, 2]], [0])], cube)
    with pytest.raises(ValueError, match="finite"):
        decompose([Layer(np.array([[1, 2, np.nan]]), np.zeros(1))], cube)
    with pytest.raises(ValueError, match=r"dimension 1 in R\^2"):
        decompose([], Polyhedron.from_generators([[0, 0], [1, 1]], ambient=2))


def test_a_network_without_bias_needs_few_exact_decisions() -> None:
    """Zeros are states, not numbers: all cells meet at the origin, and only it is looked at."""
    layers = network("zero_biases", 0, [3, 12, 12]).layers
    complex_ = decompose(layers, Polyhedron.box([-1] * 3, [1] * 3))
    assert complex_.exact_decisions < 100
    assert not complex_.is_simple
