"""Files into networks: every format, every operator of ONNX, and what is refused."""

from __future__ import annotations

import importlib.util
import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet.errors import LoadError
from symnet.importers import every_importer
from symnet.importers._base import rounded
from symnet.importers.operators import every_operator

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
from onnx import TensorProto, helper  # noqa: E402
from onnx_samples import (  # noqa: E402
    CLOSE,
    COLUMNS,
    ROW,
    SAMPLES,
    SMOOTH,
    W,
    model,
    node,
    ran,
    saved,
    tensor,
)

FOLDER = Path(os.environ.get("SYMNET_DATA", Path(__file__).parents[2] / "shared" / "data"))


def cases(table):
    return [
        pytest.param(m, id=f"{name}-{k}") for name, ms in table.items() for k, m in enumerate(ms)
    ]


def test_formats_are_found_and_state_their_facts() -> None:
    assert {"JSON", "NNet", "ONNX", "npz", "safetensors"} <= {k.name for k in every_importer()}
    suffixes = [s for kind in every_importer() for s in kind.suffixes]
    assert len(set(suffixes)) == len(suffixes)
    assert all(kind.__doc__ and "Source:" in kind.__doc__ for kind in every_importer())


def test_every_operator_has_a_sample_and_a_source() -> None:
    assert set(every_operator()) == {*SAMPLES, *SMOOTH}
    assert all("Source:" in str(kind.__doc__) for kind in every_operator().values())


@pytest.mark.parametrize("made", cases(SAMPLES))
def test_the_value_is_that_of_onnxruntime_exactly(made, tmp_path) -> None:
    net = sn.load(saved(tmp_path, made))
    assert isinstance(net, sn.Sequential)
    for x, expected in ran(made):
        assert list(net(x)) == [sp.Rational(Fraction(float(v))) for v in expected]


@pytest.mark.parametrize("made", cases(SMOOTH))
def test_the_value_is_close_to_onnxruntime(made, tmp_path) -> None:
    net = sn.load(saved(tmp_path, made))
    for x, expected in ran(made):
        size = max(1, float(np.abs(expected).max()))
        for value, v in zip(net(x), expected, strict=True):
            assert abs(value.evalf(30) - float(v)) <= CLOSE * size


#: Examples that are not tried: training, functions as graphs of others, some that take long.
NOT_RUN = ("training", "expanded", "normalization_4d", "softmax_large")


def published_cases():
    """The examples of ONNX's own definition for the operators that are read, other inputs fixed."""
    cases = pytest.importorskip("onnx.backend.test.case.node")
    for name in every_operator():
        module = f"{cases.__name__}.{name.lower()}"
        if importlib.util.find_spec(module):
            importlib.import_module(module)  # which adds to the list
    for case in cases._NodeTestCases:
        if case.model is None or not case.data_sets or any(k in case.name for k in NOT_RUN):
            continue
        inputs, outputs = case.data_sets[0]
        arrays = [v for v in (*inputs, *outputs) if isinstance(v, np.ndarray)]
        kinds = {v.dtype.kind for v in (*inputs[:1], *outputs[:1]) if isinstance(v, np.ndarray)}
        if not inputs or len(arrays) < len(inputs) + len(outputs) or kinds != {"f"}:
            continue
        made, x = onnx.ModelProto.FromString(case.model.SerializeToString()), inputs[0]
        known = {n.op_type for n in made.graph.node} <= set(every_operator())
        if known and x.size <= 120 and outputs[0].size <= 120:
            for given, value in zip(list(made.graph.input)[1:], inputs[1:], strict=True):
                made.graph.initializer.append(onnx.numpy_helper.from_array(value, given.name))
            for dim, n in zip(made.graph.input[0].type.tensor_type.shape.dim, x.shape, strict=True):
                dim.dim_value = n
            yield case.name, made, x, outputs[0]


@pytest.mark.filterwarnings("ignore")  # its examples of casts overflow
def test_the_examples_of_the_definition_of_onnx(tmp_path) -> None:
    agreed = 0
    for name, made, x, expected in published_cases():
        path = saved(tmp_path, made)
        try:
            net = sn.load(path, output=made.graph.output[0].name)
        except LoadError:
            continue  # batches, three axes and the like, which is said
        found = [v.evalf(20) for v in net([Fraction(float(v)) for v in x.ravel()])]
        close = 2.0**-8 if expected.dtype == np.float16 else 2.0**-13  # four digits
        for value, v in zip(found, expected.ravel().tolist(), strict=True):
            assert abs(value - v) <= close * max(1, abs(v)), name
        agreed += 1
    assert agreed > 100


def test_floats_are_the_rationals_that_they_are(tmp_path) -> None:
    made = model([node("MatMul", "x W")], [tensor("W", [[0.1], [1e-30], [3], [-7e20]])])
    row = sn.load(saved(tmp_path, made))[0].W
    assert list(row) == [sp.Rational(float(np.float32(v))) for v in (0.1, 1e-30, 3, -7e20)]
    half = model([node("MatMul", "x W")], [tensor("W", [[0.1]] * 4, np.float16)])
    assert sn.load(saved(tmp_path, half))[0].W[0] == sp.Rational(float(np.float16(0.1)))


def test_bfloat16_is_exact(tmp_path) -> None:
    # 0x3DCD is 1.6015625 * 2^-4, the bfloat16 nearest to 0.1
    raw = np.array([0x3DCD] * 4, dtype=np.uint16).tobytes()
    weight = helper.make_tensor("W", TensorProto.BFLOAT16, [4, 1], raw, raw=True)
    net = sn.load(saved(tmp_path, model([node("MatMul", "x W")], [weight])))
    assert net[0].W[0] == sp.Rational(205, 2048)


def test_roots_of_batch_norm_are_exact_or_rounded_once(tmp_path) -> None:
    made = model([node("BatchNormalization", "x g b m v", epsilon=0.0)],
                 [tensor("g", [1, 1, 3, 1]), *COLUMNS[1:3], tensor("v", [2, 3, 4, 5])])  # fmt: skip
    path = saved(tmp_path, made)
    assert sn.load(path)([1, 0, 0, 0])[0] == 1
    assert sn.load(path).affine_map()[0][1, 1] == 1 / sp.sqrt(3)
    net = sn.load(path, dtype="float64")
    for k, v in enumerate((2, 3)):
        scale = net[0].W[k, k]
        near = [sp.Rational(float(np.nextafter(float(scale), end))) for end in (0, 9)]
        off = [abs(s - 1 / sp.sqrt(v)) for s in (scale, *near)]
        assert off[0] < off[1]
        assert off[0] < off[2]
    assert net[0].W[2, 2] == sp.Rational(3, 2)
    # b - m s stays exact for the rounded s
    assert net([1, -1, 2, 0])[:3] == [1, 0, 2]
    assert sn.piecewise(net, domain=sn.Box([-1, 1])).lipschitz(sp.oo) == sp.Rational(3, 2)


def test_weights_are_rounded_on_request_and_that_is_said(tmp_path) -> None:
    made = model([node("Gemm", "x W c", "h"), node("Mul", "h c")],
                 [tensor("W", [[1.3, 0.5], [-0.26, 2], [0.125, 0.375], [7, 0]]),
                  tensor("c", [0.1, 2])])  # fmt: skip
    path = saved(tmp_path, made)
    Q, exact = sp.Rational, sn.load(path)
    assert exact.remarks == ()
    net = sn.load(path, round_to=0.25)
    assert sp.Matrix([[Q(5, 4), -Q(1, 4), 0, 7], [Q(1, 2), 2, Q(1, 2), 0]]) == net[0].W
    assert list(net[1].factors.as_explicit()) == [0, 2]
    # of 8 + 2 + 2 numbers 1.3, -0.26, 1/8, 3/8, and 0.1 twice; 1/8 is the longest way
    said = "weights rounded to multiples of 1/4: 6 of 12 numbers changed, at most by 0.125"
    assert net.remarks == (said,)
    assert said in str(sn.summary(net))
    assert said in sn.summary(net)._repr_html_()
    thirds = sn.load(path, limit_denominator=3)
    assert thirds[0].W[0, 0] == Q(4, 3)
    assert thirds[0].W[0, 1] == -Q(1, 3)
    assert "denominators up to 3: 6 of 12 numbers changed" in thirds.remarks[0]
    half = sn.load(path, round_to=np.float16)
    assert half[0].W[0, 0] == Q(float(np.float16(np.float32(1.3))))
    assert sn.load(path, round_to="float32") == exact
    assert sn.load(path, round_to="float32").remarks == (
        "weights rounded to the nearest float32: 0 of 12 numbers changed",
    )
    huge = saved(tmp_path, model([node("MatMul", "x W")], [tensor("W", [[1e30]] * 4)]), "h.onnx")
    for given, message in (
        ({"round_to": -1}, "round_to is -1; it is float16, float32, float64, or a positive"),
        ({"round_to": "int8"}, "round_to is int8"),
        ({"limit_denominator": 0}, "limit_denominator is 0; it is a whole number"),
        ({"limit_denominator": 2, "round_to": 1}, "not both"),
    ):
        with pytest.raises(LoadError, match=message):
            sn.load(path, **given)
    with pytest.raises(LoadError, match="a weight is too large for float16"):
        sn.load(huge, round_to="float16")


def test_the_divisor_of_a_mean_is_no_weight_to_round(tmp_path) -> None:
    made = model([node("MatMul", "x W", "h"), node("ReduceMean", "h", axes=[1])],
                 [tensor("W", [[0.3, 1, -0.2]] * 4)])  # fmt: skip
    net = sn.load(saved(tmp_path, made), round_to=sp.Rational(1, 4))
    # the rows (1/4, 1, -1/4) have the mean 1/3
    assert net([1, 0, 0, 0])[0] == sp.Rational(1, 3)
    assert "of 12 numbers changed" in net.remarks[0]


def test_a_fixed_batch_axis_of_any_name_is_one_sample(tmp_path) -> None:
    for first in (1, "batch", None):
        made = model([node("MatMul", "x W")], [W], (first, 4))
        assert sn.load(saved(tmp_path, made)).in_features == 4


def test_one_of_several_outputs(tmp_path) -> None:
    made = model([node("Relu", "x", "y"), node("Abs", "y", "z")])
    made.graph.output.append(helper.make_tensor_value_info("z", TensorProto.FLOAT, None))
    path = saved(tmp_path, made)
    with pytest.raises(LoadError, match=r"2 outputs, 'y', 'z'; choose one: output='y'"):
        sn.load(path)
    assert str(sn.load(path, output="y")) == "Sequential(ReLU())"
    assert str(sn.load(path, output="z")) == "Sequential(ReLU(), Abs())"
    with pytest.raises(LoadError, match=r"no output 'w'; there are 'y', 'z'"):
        sn.load(path, output="w")


def test_a_model_without_versions(tmp_path) -> None:
    made = model([node("Relu")])
    del made.opset_import[:]
    with pytest.raises(LoadError, match="the version of its operators"):
        sn.load(saved(tmp_path, made))


BOTH = model([node("Relu", "x", "h"), node("Sin", "h", "k"), node("Where", "k h x", "m"),
              node("Mul", "m h", "y")])  # fmt: skip
REFUSED = {
    "unknown": (BOTH, r"3 nodes are not supported:\n  my_Sin: the operator Sin\n  my_Where: .*\n"
                      r"  my_Mul: Mul of two values that both depend on the input"),
    "domain": (model([helper.make_node("Relu", ["x"], ["y"], name="n", domain="com.microsoft")]),
               "1 node is not supported:\n  n: the operator Relu of com.microsoft"),
    "attribute": (model([node("Relu", frob=1)]), "my_Relu: Relu with frob = 1"),
    "divisor": (model([node("Div", "r x")], [ROW]), "by a value that depends on the input"),
    "zero": (model([node("Div", "x r")], [tensor("r", [1, 0, 1, 1])]), "a divisor is 0"),
    "shapes": (model([node("MatMul", "x W")], [W], (1, 5)),
               r"\(5,\) entries do not fit .*\(4, 2\)"),
    "broadcast": (model([node("Add", "x r")], [tensor("r", [[1] * 3] * 2)]),
                  r"my_Add: Add: tensors of the shapes \(1, 4\) and \(2, 3\) do not fit"),
    "free size": (model([node("Relu")], [], (1, "n")), r"shape \(1, n\); all sizes but the first"),
    "training": (model([node("BatchNormalization", "x g b m v", "y", training_mode=1)], COLUMNS),
                 "training mode"),
    "negative padding": (model([node("AveragePool", kernel_shape=[1], strides=[3],
                                     auto_pad="SAME_UPPER")], [], (1, 1, 3)),
                         "gives a negative padding, which runtimes read differently"),
    "condition": (model([node("Where", "x x x")]), "by a condition that depends on the input"),
    "power": (model([node("Pow", "x e")], [tensor("e", 2)]), "a power of a value that depends on"),
    "root": (model([node("Sqrt", "r", "s"), node("Add", "x s")], [tensor("r", [2, 1, 4, 9])]),
             "the root of 2 is not rational"),
    "blocks": (model([node("DequantizeLinear", "q s", "W", axis=0, block_size=3),
                      node("MatMul", "x W")], [tensor("q", [[1]] * 4, np.int8),
                                               tensor("s", [[1]] * 3)], opset=21),
               r"scales of shape \(3, 1\) in blocks of 3 do not fit \(4, 1\)"),
    "oldest training": (model([node("BatchNormalization", "x g b m v")], COLUMNS, opset=6),
                        "training mode"),
    "random": (model([node("Dropout", ratio=0.5)], opset=6), "training mode"),
    "ambiguous": (model([node("MaxPool", kernel_shape=[2], auto_pad="SAME_UPPER", dilations=[2])],
                        [], (1, 1, 4)), "dilations, which runtimes read differently"),
    "older training": (model([node("BatchNormalization", "x g b m v", "y p q")], COLUMNS, opset=9),
                       "training mode"),
    "long numbers": (model([node("Constant", "", "c0", value=ROW),
                            *(node("Mul", f"c{k} c{k}", f"c{k + 1}") for k in range(60)),
                            node("Add", "x c60")]), "more than 16384 digits in base 2"),
    "constant": (model([node("Constant", "", "y", value=ROW)]), "does not depend on the input"),
    "missing": (model([node("Relu", "q")]), "reads 'q', which no node before it gives"),
    "nan": (model([node("MatMul", "x W")], [tensor("W", [[np.nan]] * 4)]), "must be finite"),
    "vast": (model([node("Add", "x r")], [tensor("r", 1)], (1, 10**6, 10**6)), "too large"),
    "vast repetition": (model([node("Expand", "x s")], [tensor("s", [10**7, 1, 1], np.int64)]),
                        "too large"),
    "no nodes": (model([]), "no graph with operators"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_supported_is_said(name, tmp_path) -> None:
    made, message = REFUSED[name]
    with pytest.raises(LoadError, match=message):
        sn.load(saved(tmp_path, made))


def test_two_inputs(tmp_path) -> None:
    made = model([node("Relu")])
    made.graph.input.append(helper.make_tensor_value_info("u", TensorProto.FLOAT, [1]))
    with pytest.raises(LoadError, match="one input; the graph has 2: 'x', 'u'"):
        sn.load(saved(tmp_path, made))


def test_external_data_is_not_followed(tmp_path) -> None:
    (tmp_path / "secret").write_bytes(bytes(32))
    made = model([node("MatMul", "x W")], [W])
    weight = made.graph.initializer[0]
    weight.data_location = TensorProto.EXTERNAL
    weight.external_data.add(key="location", value="../secret")
    weight.ClearField("raw_data")
    with pytest.raises(
        LoadError, match=r"'W' lies in another file: the path '../secret' leads out"
    ):
        sn.load(saved(tmp_path, made))


def test_sizes_that_lie_are_refused_before_memory_is_taken(tmp_path) -> None:
    made = model([node("MatMul", "x W")], [W])
    made.graph.initializer[0].dims[:] = [1 << 20, 1 << 20]
    with pytest.raises(LoadError, match=f"'W' has {1 << 40} entries"):
        sn.load(saved(tmp_path, made))
    made.graph.initializer[0].dims[:] = [400, 2]
    with pytest.raises(LoadError, match="'W' is damaged"):
        sn.load(saved(tmp_path, made))
    big = tmp_path / "big.onnx"
    with big.open("wb") as file:
        file.truncate(1 << 31)
    with pytest.raises(LoadError, match="2147483648 bytes; at most"):
        sn.load(big)


def test_truncated_and_foreign_files(tmp_path) -> None:
    whole = saved(tmp_path, SAMPLES["Gemm"][0]).read_bytes()
    for end in range(1, len(whole), 7):
        (tmp_path / "cut.onnx").write_bytes(whole[:end])
        with pytest.raises(LoadError):
            sn.load(tmp_path / "cut.onnx")
    (tmp_path / "text.onnx").write_text("Linear(3, 4)")
    with pytest.raises(LoadError, match="not an ONNX model, or a damaged one"):
        sn.load(tmp_path / "text.onnx")


def test_the_beginning_tells_where_the_suffix_does_not(tmp_path) -> None:
    made = SAMPLES["Relu"][0]
    assert len(sn.load(saved(tmp_path, made, "model"))) == 1
    (tmp_path / "net").write_text(NNET)
    assert len(sn.load(tmp_path / "net")) == 3
    (tmp_path / "net.xyz").write_text("hello")
    with pytest.raises(LoadError, match=r"'.xyz' names no format .*NNet \(.nnet\), ONNX \(.onnx\)"):
        sn.load(tmp_path / "net.xyz")
    with pytest.raises(LoadError, match="there is no file"):
        sn.load(tmp_path / "gone.onnx")
    with pytest.raises(LoadError, match=r"NNet files .* dtype, normalise; output is none"):
        sn.load(saved(tmp_path, made, "a.nnet"), output="y")
    with pytest.raises(LoadError, match="dtype is int8"):
        sn.load(saved(tmp_path, made), dtype="int8")


# --- NNet

NNET = """// a comment
2,2,1,2,
2,2,1,
0,
-1.0,-1.0,
1.0,1.0,
0.5,1.0,7.0,
2.0,4.0,0.3,
1.1,-2e-3,
+.5,3.,
0.0,
-1.25E1,
1.0,1E2,
0.1,
"""


@pytest.fixture
def nnet(tmp_path):
    def write(text):
        (tmp_path / "a.nnet").write_text(text)
        return tmp_path / "a.nnet"

    return write


def test_decimals_are_what_they_say(nnet) -> None:
    Q = sp.Rational
    net = sn.load(nnet(NNET))
    assert sp.Matrix([[Q(11, 10), Q(-2, 1000)], [Q(1, 2), 3]]) == net[0].W
    assert list(net[0].b) == [0, Q(-25, 2)]
    assert sp.Matrix([[1, 100]]) == net[2].W
    assert list(net[2].b) == [Q(1, 10)]


def test_normalisation_is_folded_exactly(nnet) -> None:
    plain, folded = sn.load(nnet(NNET)), sn.load(nnet(NNET), normalise=True)
    assert len(folded) == len(plain)
    Q = sp.Rational
    for x in ([Q(1, 3), 40], [Q(7, 10), -3], [-5, 60]):
        scaled = [(x[0] - Q(1, 2)) / 2, (Q(x[1]) - 1) / 4]
        assert folded(x)[0] == plain(scaled)[0] * Q(3, 10) + 7


def test_rounding_is_to_the_nearest_float(nnet) -> None:
    net = sn.load(nnet(NNET), dtype="float32")
    assert net[0].W[0, 0] == sp.Rational(float(np.float32(1.1)))
    # 2^-24 above 1 is the middle of two floats; a digit far out decides
    middle = Fraction(1) + Fraction(1, 2**24)
    decimal = f"{int(middle * 10**24):d}"
    for last, expected in (("0", 1.0), ("1", 1 + 2.0**-23)):
        text = NNET.replace("1.1,", f"1.{decimal[1:]}{'0' * 30}{last},")
        assert sn.load(nnet(text), dtype="float32")[0].W[0, 0] == sp.Rational(expected)
    tiny = NNET.replace("1.1,", f"{2.0**-150 * 1.5:.200e},")
    assert sn.load(nnet(tiny), dtype="float32")[0].W[0, 0] == sp.Rational(2.0**-149)


def test_rounding_of_random_rationals() -> None:
    rng = np.random.default_rng(1)
    numbers = [Fraction(int(a), int(b)) for a, b in rng.integers(1, 2**20, (200, 2))]
    near = np.array([float(v) for v in numbers])
    floats = rounded(near, numbers.__getitem__, "float16")
    for value, f in zip(numbers, floats, strict=True):
        if np.isfinite(f):
            others = [np.nextafter(f, np.float16(end)) for end in (0, np.inf)]
            off = abs(Fraction(float(f)) - value)
            assert all(off <= abs(Fraction(float(o)) - value) for o in others if np.isfinite(o))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("1.0,1E2,\n", "1.0,\n", "line 13: a row of W_2, 1 by 2: 2 numbers .* and 1 do"),
        ("1.1,", "1.1x,", "line 9: '1.1x' is not a number"),
        ("1.1,", "nan,", "line 9: 'nan' is not a number"),
        ("1.1,", "1_1,", "line 9: '1_1' is not a number"),
        ("1.1,", "1e999999999,", "line 9: .* an exponent beyond 400"),
        ("2,2,1,\n", "2,9000,1,\n", "line 3: 36001 weights are announced, more than the file"),
        ("2,2,1,2,", "99999,2,1,2,", "line 2: 99999 layers"),
        ("2,2,1,\n", "2,2,2,\n", r"line 3: the sizes are \[2, 2, 2\]; 2 inputs and 1 outputs"),
        ("2,2,1,2,", "two,2,1,2,", "line 2: the number of layers .* 4 whole numbers"),
        ("0.1,\n", "", "line 13: the file ends where an entry of b_2"),
        ("0.1,\n", "0.1,\n5.0,\n", "line 15: the file goes on"),
    ],
)
def test_damaged_nnet_files(old, new, message, nnet) -> None:
    assert old in NNET
    with pytest.raises(LoadError, match=message):
        sn.load(nnet(NNET.replace(old, new)))


def test_a_range_of_zero_cannot_be_folded(nnet) -> None:
    text = NNET.replace("2.0,4.0,0.3,", "2.0,0.0,0.3,")
    assert sn.load(nnet(text)) == sn.load(nnet(NNET))
    with pytest.raises(LoadError, match="a range is 0"):
        sn.load(nnet(text), normalise=True)


@pytest.mark.parametrize("name", ["1_1", "3_3"])
def test_acasxu_in_both_formats(name) -> None:
    text = FOLDER / "acasxu" / f"ACASXU_experimental_v2a_{name}.nnet"
    graph = FOLDER / "acasxu" / f"ACASXU_run2a_{name}_batch_2000.onnx"
    if not (text.exists() and graph.exists()):
        pytest.skip("the published ACAS Xu networks are not here")
    floats = sn.load(graph)
    assert sn.load(text, dtype="float32") == floats
    exact = sn.load(text)
    assert exact != floats
    # decimals of six digits and their float32 differ by less than one part in 2^23
    for a, b in zip(exact[0].W, floats[0].W, strict=True):
        assert abs(a - b) <= abs(a) / 2**23
