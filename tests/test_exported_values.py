"""Networks in other programs: their values, and the same network after the way back."""

from __future__ import annotations

import os
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from test_every_exporter import DENSE, SAMPLES

import symnet as sn
from symnet.activations import every_layer as every_activation
from symnet.errors import ExportError
from symnet.exporters._dense import width_after

ACTIVATIONS = {kind.__name__: kind for kind in every_activation()}
#: Parameters that floats hold.
GIVEN = {"LeakyReLU": (0.25,), "PReLU": (0.5,), "ELU": (0.5,), "CELU": (2,), "Hardtanh": (-1, 0.5)}
NETS = {name: sn.Sequential(layer) for name, layer in SAMPLES.items()} | {
    name: sn.Sequential(DENSE, kind(*GIVEN.get(name, ()))) for name, kind in ACTIVATIONS.items()
}
#: In float64, a few layers with at most 20 terms in a sum.
CLOSE = 1e-12


def sized(name):
    """The network with a number of inputs: it is 6 where any will do."""
    net = NETS[name]
    return net if net.in_features is not None else sn.Sequential(sn.Scale([1] * 6), *net)


def points(net, count=3, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(-16, 17, (count, int(net.in_features))) / 4


def exact(net, x):
    return [sp.N(v, 30) for v in net([Fraction(float(t)) for t in x])]


def close(values, wanted, tolerance):
    for value, v in zip(values, wanted, strict=True):
        assert abs(sp.Rational(float(value)) - v) <= tolerance * (1 + abs(v))


@pytest.mark.parametrize("name", NETS)
def test_numpy(name) -> None:
    net = sized(name)
    f, rows = net.to_numpy(), points(net)
    values = f(rows)
    assert values.shape == (3, width_after(net, int(net.in_features)))
    for row, x in zip(values, rows, strict=True):
        close(row, exact(net, x), CLOSE)
    assert (f(rows[0]) == values[0]).all()


@pytest.mark.parametrize("name", [*SAMPLES, "ReLU", "Tanh", "Sigmoid", "GELU"])
def test_the_stated_error_of_numpy_holds(name) -> None:
    third = sp.Rational(1, 3)
    net = sn.Sequential(
        *sized(name), sn.Linear([[third] * width_after(sized(name), int(sized(name).in_features))])
    )
    f, rows = net.to_numpy(), points(net)
    bounds = f.error(rows)
    assert bounds.shape == (3, 1)
    for x, row, bound in zip(rows, f(rows), bounds, strict=True):
        (value,) = exact(net, x)
        assert abs(sp.Rational(float(row[0])) - value) <= sp.Rational(float(bound[0]))
        assert bound[0] < 1e-12
    assert "numbers rounded to float64" in repr(f)


def cancelling(kernel, grid):
    """Signs that make the first window of a grid nearly cancel with a kernel of large numbers."""
    flat = np.array(grid, dtype=float)
    flat[: kernel.size] = 1 / np.where(kernel.ravel() == 0, 1, kernel.ravel())
    flat[1 : kernel.size : 2] *= -1
    return flat


@pytest.mark.parametrize("seed", range(3))
def test_errors_of_convolutions_and_pools_hold_where_terms_cancel(seed) -> None:
    rng = np.random.default_rng(seed)
    kernel = rng.choice([-1, 1], (2, 1, 3, 3)) * 2.0 ** rng.integers(-20, 40, (2, 1, 3, 3)) / 3
    net = sn.Sequential(
        sn.Conv2d(kernel, rng.standard_normal(2) * 2.0**40, size=(6, 6), padding=1),
        sn.MaxPool2d(2, size=(6, 6), channels=2, stride=1, padding=1),
        sn.AvgPool2d(3, size=(7, 7), channels=2, stride=2, padding=1, count_include_pad=False),
        sn.Conv2d(rng.standard_normal((2, 1, 2, 2)), None, size=(4, 4), groups=2),
    )
    f = net.to_numpy()
    grids = rng.standard_normal((3, 36)) * 2.0 ** rng.integers(-30, 30, (3, 36))
    rows = np.vstack([grids, [cancelling(kernel[0, 0, 1:, 1:], grid) for grid in grids]])
    reached = 0.0
    for x, row, bounds in zip(rows, f(rows), f.error(rows), strict=True):
        value = net([Fraction(float(t)) for t in x])
        for got, wanted, bound in zip(row, value, bounds, strict=True):
            off = abs(Fraction(float(got)) - Fraction(int(wanted.p), int(wanted.q)))
            assert off <= Fraction(float(bound))
            reached = max(reached, float(off / Fraction(float(bound))))
    assert reached > 1e-4  # some roundings happened


def test_layer_normalisation_of_equal_numbers_has_an_error_bound_only_with_an_epsilon() -> None:
    assert (sn.LayerNorm(3, affine=False).to_numpy().error([1, 1, 1]) < 1e-10).all()
    with pytest.raises(sn.NoBoundError, match="may be all the same"):
        sn.LayerNorm([1, 1, 1], [0, 0, 0], eps=0).to_numpy().error([1, 1, 1])


def test_numpy_takes_rows_of_the_right_size() -> None:
    with pytest.raises(ExportError, match=r"takes rows of 3 numbers, and got shape \(2,\)"):
        DENSE.to_numpy()([1, 2])
    with pytest.raises(ExportError, match="the number of inputs is not fixed"):
        sn.ReLU().to_numpy()
    with pytest.raises(ExportError, match="holds symbols, W_1, b_1"):
        sn.Sequential(sn.Linear(2, 2)).to_numpy()


# --- ONNX

#: Activations that no operator of ONNX is exactly.
NO_OPERATOR = {"Step", "SELU"}


def run_onnx(path, rows, dtype):
    ort = pytest.importorskip("onnxruntime")
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    (found,) = ort.InferenceSession(str(path), options).run(None, {"x": rows.astype(dtype)})
    return found


@pytest.mark.parametrize("name", [n for n in NETS if n not in NO_OPERATOR])
def test_onnx(name, tmp_path) -> None:
    pytest.importorskip("onnx")
    net = sized(name)
    rows = points(net)
    done = net.to_onnx(tmp_path / "net.onnx")
    assert (done.dtype, done.changed) == ("float32", 0)
    for row, x in zip(run_onnx(done.path, rows, np.float32), rows, strict=True):
        close(row, exact(net, x), 2.0**-18)
    again = sn.load(done.path)
    for x in rows:
        assert all(sp.simplify(a - b) == 0 for a, b in zip(again(list(map(sp.Rational, x))),
                   net(list(map(sp.Rational, x))), strict=True))  # fmt: skip


def test_onnx_in_float64_and_what_it_lacks(tmp_path) -> None:
    pytest.importorskip("onnx")
    net = sn.Sequential(sn.Linear([[1 + 2.0**-40, 3]], [0.1]), sn.ReLU())
    done = net.to_onnx(tmp_path / "net", dtype="float64")
    assert sn.load(net.to_onnx(tmp_path / "n.onnx").path) == net
    x = np.array([[1, 2.0]])
    close(run_onnx(done.path, x, np.float64)[0], exact(net, x[0]), CLOSE)
    with pytest.raises(ExportError, match=r"no float32.*rounding=True"):
        net.to_onnx(tmp_path / "net.onnx", dtype="float32")
    assert net.to_onnx(tmp_path / "net.onnx", dtype="float32", rounding=True).changed == 2
    for name in NO_OPERATOR:
        with pytest.raises(ExportError, match="no operator in ONNX"):
            NETS[name].to_onnx(tmp_path / "net.onnx")
    with pytest.raises(ExportError, match=r"negative_slope|alpha of LeakyReLU"):
        sn.Sequential(DENSE, sn.LeakyReLU()).to_onnx(tmp_path / "net.onnx")


# --- torch

NO_MODULE = {"Step"}


@pytest.mark.parametrize("name", [n for n in NETS if n not in NO_MODULE])
def test_torch_and_back(name) -> None:
    torch = pytest.importorskip("torch")
    net = sized(name)
    module = net.to_torch()
    assert (module.exported.dtype, module.exported.changed) == ("float32", 0)
    rows = points(net)
    values = module(torch.tensor(rows, dtype=torch.float32)).detach().numpy()
    again = sn.from_torch(module, (int(net.in_features),))
    for row, x in zip(values, rows, strict=True):
        close(row, exact(net, x), 2.0**-18)
        point = list(map(sp.Rational, x))
        assert all(sp.simplify(a - b) == 0 for a, b in zip(again(point), net(point), strict=True))


def test_torch_takes_exact_weights_or_rounds_on_request() -> None:
    torch = pytest.importorskip("torch")
    net = sn.Sequential(sn.Linear([[sp.Rational(1, 3)]], [1]), sn.LeakyReLU())
    with pytest.raises(ExportError, match=r"W\[0, 0\] is 1/3, which is no float64"):
        net.to_torch()
    module = net.to_torch(rounding=True, dtype=torch.float32)
    assert module[0].weight.dtype == torch.float32
    # 1/3 and the slope 1/100
    assert module.exported.changed == 2
    assert "2 of 3 numbers rounded to float32" in str(module.exported)
    with pytest.raises(ExportError, match=r"Step\(\) has no module in torch"):
        sn.Sequential(DENSE, sn.Step()).to_torch()


# --- Keras

#: Layers that Keras does not have.
NO_KERAS = {"Abs", "Sign", "Step", "CELU", "GELUTanh", "Hardtanh", "Max", "Maxout", "MaxPool1d"}


@pytest.fixture(scope="module")
def keras():
    pytest.importorskip("torch")
    os.environ.setdefault("KERAS_BACKEND", "torch")
    return pytest.importorskip("keras")


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
@pytest.mark.parametrize("name", NETS)
def test_keras_and_back(keras, name) -> None:
    net = sized(name)
    if name in NO_KERAS:
        with pytest.raises(ExportError, match=r"Keras|not affine"):
            net.to_keras()
        return
    model = net.to_keras()
    assert (model.exported.dtype, model.exported.changed) == ("float32", 0)
    rows = points(net)
    again = sn.from_keras(model)
    for row, x in zip(model(rows.astype(np.float32)).detach().numpy(), rows, strict=True):
        close(row, exact(net, x), 2.0**-18)
        point = list(map(sp.Rational, x))
        assert all(sp.simplify(a - b) == 0 for a, b in zip(again(point), net(point), strict=True))
