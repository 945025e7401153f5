"""Several processes give what one gives, bit for bit: vertices, cells, words, in one order."""

import pickle
from fractions import Fraction

import numpy as np
import pytest

import symnet as sn
from symnet.exact.polyhedron import Polyhedron
from symnet.exact.rounding import inflated_roundoff
from symnet.regions import sharing
from symnet.regions.activation import RELU, PiecewiseLinear1D
from symnet.regions.decompose import decompose
from symnet.regions.limits import Limits
from symnet.regions.unbounded import decompose_unbounded

from .cases import carrier, random_relu
from .test_against_reference import KINDS, domain

joblib = pytest.importorskip("joblib")

HARDTANH = PiecewiseLinear1D((-1, 1), (0, 1, 0), -1)


def assert_same(one, many):
    for name in ("table_row", "p", "q", "offset", "corner", "side", "positive", "zero"):
        assert np.array_equal(getattr(one.cells, name), getattr(many.cells, name)), name
    assert np.array_equal(one.table.definition, many.table.definition)
    assert np.array_equal(one.table.shared, many.table.shared)
    for name in ("point", "error"):
        assert np.array_equal(getattr(one.table, name), getattr(many.table, name), equal_nan=True)
    for v in range(0, one.vertex_count, max(1, one.vertex_count // 20)):
        a, b = (getattr(found, "vector", found.exact_point)(v) for found in (one, many))
        assert a == b
    assert np.array_equal(one.adjacency(), many.adjacency())


def sent(value):
    """What arrives in another process, which cannot write to the large arrays."""
    buffers = []
    data = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    return pickle.loads(data, buffers=[bytes(b.raw()) for b in buffers])


@pytest.fixture
def carried(monkeypatch):
    """Threads stand for processes, and all that goes from one to another is pickled; the depths."""
    done = []
    original = sharing.work

    def work(task):
        done.append(task.depth)
        return sent(original(sent(task)))

    monkeypatch.setattr(sharing, "work", work)
    with joblib.parallel_config(backend="threading"):
        yield done


def both(layers, activation, n, block):
    made = (
        decompose(carrier(layers), activation, domain(n), Limits(n_jobs=jobs), block_cells=block)
        for jobs in (1, 2)
    )
    return tuple(made)


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_network(kind, n, carried):
    assert_same(*both(kind(np.random.default_rng(5), n), RELU, n, 2))


@pytest.mark.parametrize("n", [1, 2])
@pytest.mark.parametrize("block", [3, 20, 10**9])
@pytest.mark.parametrize("activation", [RELU, HARDTANH])
def test_every_size_of_blocks(n, block, activation, carried):
    one, many = both(
        random_relu((n, 9, 8, 7, 6, 1), np.random.default_rng(2)), activation, n, block
    )
    assert_same(one, many)
    assert bool(carried) == (block < 10**9)
    assert all(depth < 4 for depth in carried)


@pytest.mark.parametrize("n", [1, 2])
def test_weights_that_are_no_floats(n, carried):
    rng = np.random.default_rng(3)
    layers = [
        ([[Fraction(int(v), 3) for v in row] for row in rng.integers(-9, 9, (m, k))],
         [Fraction(int(v), 7) for v in rng.integers(-9, 9, m)])
        for k, m in ((n, 6), (6, 6), (6, 1))
    ]  # fmt: skip
    assert_same(*both(layers, RELU, n, 3))
    assert carried


def test_the_exact_side_decides_alike(carried):
    layers = random_relu((2, 8, 8, 1), np.random.default_rng(4))
    one, _ = both(layers, RELU, 2, 5)
    with inflated_roundoff(float("inf")):
        exact = both(layers, RELU, 2, 5)
    assert_same(*exact)
    assert len(exact[1]) == len(one)
    assert np.array_equal(exact[1].cells.positive, one.cells.positive)


@pytest.mark.parametrize("n", [1, 2])
def test_the_whole_plane(n, carried):
    layers = random_relu((n, 8, 8, 8, 1), np.random.default_rng(1))
    everywhere = Polyhedron.from_half_spaces(ambient=n)
    one, many = (
        decompose_unbounded(layers, RELU, everywhere, Limits(n_jobs=jobs), block_cells=3)
        for jobs in (1, 2)
    )
    assert_same(one, many)
    assert carried


def test_it_stops_at_a_number_of_regions(carried):
    layers = random_relu((2, 9, 9, 9, 1), np.random.default_rng(7))
    total = len(decompose(layers, RELU, domain(2)))
    limits = Limits(max_regions=total, n_jobs=2)
    assert len(decompose(layers, RELU, domain(2), limits, block_cells=5)) == total
    for most in (total - 1, total // 2):
        limits = Limits(max_regions=most, n_jobs=2)
        with pytest.raises(sn.TooManyRegionsError, match=f"max_regions={most} regions: "):
            decompose(layers, RELU, domain(2), limits, block_cells=5)


def test_progress_counts_what_comes_back(carried):
    layers = random_relu((2, 9, 9, 9, 1), np.random.default_rng(7))
    told = []
    found = decompose(
        layers, RELU, domain(2), Limits(progress=told.append, n_jobs=2), block_cells=5
    )
    numbers = [int(text.split()[0]) for text in told]
    assert numbers == sorted(numbers)
    assert numbers[-1] == len(found)


def test_processes_only_where_there_is_work(monkeypatch):
    monkeypatch.setattr(joblib, "Parallel", None)
    net = sn.Sequential(sn.Linear(np.eye(2)), sn.ReLU(), sn.Linear(np.eye(2)), sn.ReLU())
    assert len(sn.piecewise(net, domain=sn.Box([-1, 1]), n_jobs=2)) == 4
    assert sharing.process_count(None) == sharing.process_count(1) == 1
    assert sharing.process_count(2) == 2


def test_joblib_is_named_where_it_is_missing(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "joblib", None)
    with pytest.raises(ImportError, match=r"need joblib: install symnet\[parallel\]"):
        sn.piecewise(sn.Sequential(sn.Linear([[1]]), sn.ReLU()), n_jobs=2)


@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster_of_two_workers():
    distributed = pytest.importorskip("distributed")
    layers = random_relu((2, 12, 12, 12, 1), np.random.default_rng(8))
    one = decompose(layers, RELU, domain(2), block_cells=30)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
        joblib.parallel_config(backend="dask"),
    ):
        many = decompose(layers, RELU, domain(2), Limits(n_jobs=-1), block_cells=30)
        assert len(client.scheduler_info()["workers"]) == 2
    assert_same(one, many)
