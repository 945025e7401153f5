"""Functions that exports write as several operators, and models with weights of few bits."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet.errors import LoadError

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")
from onnx_samples import CLOSE, COLUMNS, W, model, node, ran, saved, tensor, whole  # noqa: E402


def agrees(net, made) -> None:
    for x, expected in ran(made):
        size = max(1, float(np.abs(expected).max()))
        for value, v in zip(net(x), expected, strict=True):
            assert abs(value.evalf(30) - float(v)) <= CLOSE * size


ROOT, HALF, ONE, TWO = (tensor(*v) for v in (("q", np.sqrt(2)), ("h", 0.5), ("one", 1), ("two", 2)))
INVERSE = tensor("q", np.sqrt(0.5))
TAIL = [node("Erf", "a", "e"), node("Add", "e one", "t")]
GELUS = [
    ([node("Div", "x q", "a"), *TAIL, node("Mul", "x t", "u"), node("Mul", "u h")], ROOT),
    ([node("Mul", "x h", "v"), node("Div", "x q", "a"), *TAIL, node("Mul", "v t")], ROOT),
    ([node("Mul", "q x", "a"), *TAIL, node("Mul", "t h", "v"), node("Mul", "x v")], INVERSE),
    ([node("Mul", "x q", "a"), node("Erf", "a", "e"), node("Add", "one e", "t"),
      node("Mul", "t x", "v"), node("Div", "v two")], INVERSE),
]  # fmt: skip


@pytest.mark.parametrize(("nodes", "root"), GELUS)
def test_gelu_written_with_erf_is_gelu_and_that_is_said(nodes, root, tmp_path) -> None:
    made = model(nodes, [root, HALF, ONE, TWO])
    net = sn.load(saved(tmp_path, made))
    assert net == sn.Sequential(sn.GELU())
    assert net.remarks == (
        "taken for granted: x (1 + erf(x / c)) / 2 is GELU, c being the float nearest to sqrt(2)",
    )
    agrees(net, made)
    named = sn.load(saved(tmp_path, model([node("Gelu")], opset=20)))
    assert (named, named.remarks) == (net, ())


def test_gelu_within_a_residual_block(tmp_path) -> None:
    made = model([node("MatMul", "x W", "z"), node("Div", "z q", "a"), *TAIL,
                  node("Mul", "t z", "v"), node("Mul", "v h", "w"), node("Add", "w z")],
                 [W, ROOT, HALF, ONE])  # fmt: skip
    net = sn.load(saved(tmp_path, made))
    assert net[1] == sn.Residual(sn.GELU())
    agrees(net, made)


@pytest.mark.parametrize("which", ["another number", "another factor", "another value", "no one"])
def test_what_is_almost_gelu_is_refused(which, tmp_path) -> None:
    odd = which.partition(" ")[2]
    root = tensor("q", 1.4142) if odd == "number" else ROOT
    half = tensor("h", 0.25) if odd == "factor" else HALF
    other = "z" if odd == "value" else "x"
    one = tensor("one", 2) if odd == "one" else ONE
    nodes = [node("Abs", "x", "z"), node("Div", "x q", "a"), *TAIL, node("Mul", f"{other} t", "u"),
             node("Mul", "u h")]  # fmt: skip
    with pytest.raises(LoadError, match="the operator Erf"):
        sn.load(saved(tmp_path, model(nodes, [root, half, one])))


def test_layer_norm_written_out_is_a_layer_norm(tmp_path) -> None:
    last = [node("ReduceMean", "x", "m", axes=[-1]), node("Sub", "x m", "d"),
            node("Pow", "d two", "p"), node("ReduceMean", "p", "v", axes=[-1]),
            node("Add", "v eps", "s"), node("Sqrt", "s", "q"), node("Div", "d q", "n"),
            node("Mul", "n g", "k"), node("Add", "k b")]  # fmt: skip
    made = model(last, [TWO, tensor("eps", 0.5), *COLUMNS[:2]])
    net = sn.load(saved(tmp_path, made))
    agrees(net, made)
    x = [1, 2, 3, sp.Rational(1, 2)]
    mean = sum(x) / 4
    spread = sp.sqrt(sum((v - mean) ** 2 for v in x) / 4 + sp.Rational(1, 2))
    scale, shift = (1, 2, -1, 4), (1, 0, 2, -1)
    for value, v, g, b in zip(net(x), x, scale, shift, strict=True):
        assert sp.simplify(value - (g * (v - mean) / spread + b)) == 0
    rows = [node("ReduceMean", "x ax", "m"), node("Sub", "x m", "d"), node("Mul", "d d", "p"),
            node("ReduceMean", "p ax", "v"), node("Add", "eps v", "s"), node("Sqrt", "s", "q"),
            node("Div", "d q")]  # fmt: skip
    constants = [tensor("eps", 0.5), whole("ax", [-1])]
    made = model(rows, constants, (1, 3, 4), opset=18)
    agrees(sn.load(saved(tmp_path, made)), made)
    for old, new in pairwise((rows[1], node("Sub", "m x", "d"), rows[1])):
        changed = [new if n is old else n for n in rows]
        if new is not rows[1]:
            with pytest.raises(LoadError, match="Sqrt of a value that depends on the input"):
                sn.load(saved(tmp_path, model(changed, constants, (1, 3, 4), opset=18)))


# --- weights of few bits


@pytest.fixture
def plain(tmp_path):
    rng = np.random.default_rng(0)
    nodes = [node("MatMul", "x A", "h"), node("Relu", "h", "r"), node("MatMul", "r B")]
    shapes = {"A": (4, 5), "B": (5, 2)}
    made = model(nodes, [tensor(n, rng.normal(size=s)) for n, s in shapes.items()])
    for k, operator in enumerate(made.graph.node):
        operator.name = f"n{k}"
    return saved(tmp_path, made)


class Samples:
    def __init__(self):
        rng = np.random.default_rng(1)
        self.left = [{"x": rng.normal(size=(1, 4)).astype(np.float32)} for _ in range(4)]

    def get_next(self):
        return self.left.pop() if self.left else None


@pytest.mark.filterwarnings("ignore")  # what the quantiser says of its own
def test_activations_that_are_rounded_are_refused(plain, tmp_path) -> None:
    quantization = pytest.importorskip("onnxruntime.quantization")
    static, dynamic = tmp_path / "static.onnx", tmp_path / "dynamic.onnx"
    quantization.quantize_static(plain, static, Samples())
    with pytest.raises(LoadError, match="x_QuantizeLinear: QuantizeLinear of a value that depends"):
        sn.load(static)
    quantization.quantize_dynamic(plain, dynamic)
    with pytest.raises(LoadError, match=r"DynamicQuantizeLinear\n.*: the operator MatMulInteger"):
        sn.load(dynamic)


@pytest.mark.parametrize("kind", ["FLOAT16", "BFLOAT16"])
def test_scales_of_16_bits_are_exact(kind, tmp_path) -> None:
    bits = {"FLOAT16": 0x2E66, "BFLOAT16": 0x3DCD}[kind]  # 0.1 rounded
    scale = {"FLOAT16": Fraction(float(np.float16(0.1))), "BFLOAT16": Fraction(205, 2048)}[kind]
    raw = np.array([bits], dtype=np.uint16).tobytes()
    s = onnx.helper.make_tensor("s", getattr(onnx.TensorProto, kind), [], raw, raw=True)
    q = tensor("q", [[1], [-128], [127], [0]], np.int8)
    made = model([node("DequantizeLinear", "q s", "W"), node("MatMul", "x W")], [q, s], opset=21)
    net = sn.load(saved(tmp_path, made))
    assert list(net[0].W) == [sp.Rational(n * scale) for n in (1, -128, 127, 0)]
