"""Whole graphs of ONNX: random ones against onnxruntime, branches that cross, what is refused."""

from __future__ import annotations

import os

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet.errors import LoadError

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
from onnx import TensorProto, helper  # noqa: E402
from onnx_samples import ROW, W, model, node, ran, saved, session, tensor, whole  # noqa: E402

SHAPE = (1, 2, 3, 3)


class Random:
    """A random graph on tensors of one shape, so that any two can be joined."""

    def __init__(self, seed, weights):
        self.rng, self.weights = np.random.default_rng(seed), weights
        self.nodes, self.constants, self.live = [], [], ["x"]

    def pick(self):
        # mostly the latest values, so that graphs are deep, and any of them, so that they cross
        k = len(self.live)
        return self.live[max(0, k - 1 - int(self.rng.geometric(0.5)))] if k > 1 else "x"

    def constant(self, *shape, kind=np.float32):
        name = f"c{len(self.constants)}"
        self.constants.append(tensor(name, self.weights(self.rng, shape), kind))
        return name

    def put(self, kind, inputs, **attributes):
        name = f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def grow(self):
        a, b = self.pick(), self.pick()
        kind = self.rng.integers(14)
        if kind == 0:
            new = self.put("Conv", [a, self.constant(2, 2, 3, 3), self.constant(2)],
                           auto_pad="SAME_UPPER")  # fmt: skip
        elif kind == 1:
            new = self.put("Conv", [self.put("Concat", [a, b], axis=1), self.constant(2, 2, 1, 1)],
                           group=2)  # fmt: skip
        elif kind in (2, 3):
            new = self.put("Relu", [a])
        elif kind in (4, 5):
            new = self.put("Add", [a, b])
        elif kind == 6:
            new = self.put("Sub", [a, b])
        elif kind == 7:
            new = self.put(str(self.rng.choice(["Max", "Min"])), [a, b, self.constant(2, 1, 1)])
        elif kind == 8:
            new = self.put("MaxPool", [a], kernel_shape=[3, 2], pads=[1, 0, 1, 1])
        elif kind == 9:
            new = self.put("Transpose", [a], perm=[0, 1, 3, 2])
        elif kind == 10:
            new = self.put("Mul", [a, self.constant(1, 3)])
        elif kind == 11:
            new = self.put("PRelu", [a, self.constant(2, 1, 1)])
        elif kind == 12:
            sums = self.put("GlobalMaxPool", [a])
            new = self.put("Add", [b, sums])
        else:
            cut = self.put("Slice", [a, self.whole(1), self.whole(3), self.whole(2)])
            new = self.put("Concat", [cut, self.put("Gather", [b, self.whole(0)], axis=2)], axis=2)
        self.live.append(new)

    def whole(self, value):
        name = f"i{len(self.constants)}"
        self.constants.append(whole(name, [value]))
        return name

    def done(self):
        flat = self.put("Flatten", [self.live[-1]])
        self.put("Gemm", [flat, self.constant(18, 3), self.constant(3)])
        self.nodes[-1].output[0] = "y"
        return model(self.nodes, self.constants, SHAPE)


def graph(seed, weights):
    made = Random(seed, weights)
    for _ in range(3 + seed % 6):
        made.grow()
    return made.done()


def whole_numbers(rng, shape):
    return rng.integers(-2, 3, shape)


def normal_numbers(rng, shape):
    return rng.normal(size=shape)


@pytest.mark.parametrize("seed", range(60))
def test_random_graphs_of_whole_numbers_agree_exactly(seed, tmp_path) -> None:
    made = graph(seed, whole_numbers)
    net = sn.load(saved(tmp_path, made))
    for x, expected in ran(made, seed, count=2, grain=1, extent=3):
        # all sums stay below 2^24, where float32 holds every whole number
        assert np.abs(expected).max() < 2**22
        assert list(net(x)) == [int(v) for v in expected]


@pytest.mark.parametrize("seed", range(100, 125))
def test_random_graphs_of_floats_agree_within_the_bound_on_rounding(seed, tmp_path) -> None:
    made = graph(seed, normal_numbers)
    net, run = sn.load(saved(tmp_path, made)), session(made)

    def in_float32(x):
        (y,) = run.run(None, {"x": x.reshape(SHAPE).astype(np.float32)})
        return y.ravel()

    box = sn.Box([-1, 1]) if net.in_features is None else sn.Box(*[[-1, 1]] * 18)
    sn.assert_implements(in_float32, net, box, samples=3, max_regions=0, dtype=np.float32)
    # the bound is no empty one: a thousandth more in one output is seen
    with pytest.raises(sn.RefutedError):
        sn.assert_implements(
            lambda x: in_float32(x) * 1.001 + np.array([0.001, 0, 0]),
            net, box, samples=1, max_regions=0, dtype=np.float32,
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(0, 60, 6))
def test_simplified_and_taken_apart_they_are_the_same(seed, tmp_path) -> None:
    made = graph(seed, whole_numbers)
    net = sn.load(saved(tmp_path, made))
    simple = sn.simplify(net)
    around = [sn.local(net, x, towards=[k + 1 for k in range(18)]) for x, _ in ran(made, seed, 1)]
    for (x, _), here in zip(ran(made, seed, 1), around, strict=True):
        assert simple(x) == net(x) == here.value


# --- branches


def steps(net):
    return [type(layer).__name__ for layer in net]


def test_branches_are_written_as_branches(tmp_path) -> None:
    residual = model([node("MatMul", "x S", "h"), node("Relu", "h", "k"), node("Add", "x k", "m"),
                      node("Relu", "m")], [tensor("S", np.eye(4) * 2)])  # fmt: skip
    net = sn.load(saved(tmp_path, residual))
    assert str(net[0]).startswith("Residual(Sequential(Linear(")
    assert steps(net) == ["Residual", "ReLU"]
    split = model([node("Relu", "x", "h"), node("Abs", "x", "k"), node("Concat", "h k x", "y",
                   axis=1)])  # fmt: skip
    assert str(sn.load(saved(tmp_path, split))) == ("Sequential(Concat(ReLU(), Abs(), Identity()))")


def test_branches_that_cross_compute_every_step_once(tmp_path) -> None:
    """A chain in which every value is added to the next: written as branches it would double."""
    nodes = [node("Relu", "x", "h0"), node("Abs", "x", "h1")]
    for k in range(2, 40):
        nodes.append(node("Add", f"h{k - 1} h{k - 2}", f"s{k}"))
        nodes.append(node("Clip" if k == 3 else "Relu", f"s{k}", f"h{k}"))
    net = sn.load(saved(tmp_path, model(nodes, output="h39")))
    leaves = list(net.leaves())
    assert sum(isinstance(leaf, sn.ReLU) for leaf in leaves) <= 39
    # h_k is the Fibonacci number F_k times |x| plus F_(k - 1) relu(x)
    fibonacci = [sp.fibonacci(k) for k in (38, 39)]
    x = [1, -1, 0, sp.Rational(1, 3)]
    assert list(net(x)) == [fibonacci[0] * max(t, 0) + fibonacci[1] * abs(t) for t in x]


def test_a_value_that_many_read(tmp_path) -> None:
    nodes = [node("Relu", "x", "h0")]
    for k in range(1, 7):  # dense connections: every step reads all before it
        inputs = " ".join(["x", *(f"h{j}" for j in range(k))])
        nodes += [node("Concat", inputs, f"c{k}", axis=1), node("Abs", f"c{k}", f"a{k}"),
                  node("ReduceSum", f"a{k} one", f"h{k}")]  # fmt: skip
    made = model(nodes, [whole("one", [1])], output="h6")
    net = sn.load(saved(tmp_path, made))
    assert len(list(net.leaves())) < 60
    for x, expected in ran(made):
        assert list(net(x)) == [sp.Rational(float(v)) for v in expected]


def test_thousands_of_steps(tmp_path) -> None:
    nodes = [node("Neg", f"h{k}" if k else "x", f"h{k + 1}") for k in range(3000)]
    net = sn.load(saved(tmp_path, model(nodes, output="h3000")))
    assert list(net([1, 2, -3, 4])) == [1, 2, -3, 4]
    nest = [node("Add", f"h{k} x" if k else "x x", f"h{k + 1}") for k in range(300)]
    net = sn.load(saved(tmp_path, model(nest, output="h300")))
    assert list(net([1, 2, -3, 4])) == [301, 602, -903, 1204]


def test_two_files_are_one_function_or_not(tmp_path) -> None:
    """A convolution and a pool, against the same written as one matrix and a maximum."""
    pooled = model(
        [node("Conv", "x k b", "h"), node("Relu", "h", "r"),
         node("MaxPool", "r", "p", kernel_shape=[2, 2]), node("Flatten", "p", "f"),
         node("MatMul", "f w")],
        [tensor("k", [[[[1, -1], [0.5, 2]]]]), tensor("b", [0.25]), tensor("w", [[3]])],
        (1, 1, 3, 3),
    )  # fmt: skip
    rows = [[1, -1, 0, 0.5, 2, 0, 0, 0, 0], [0, 1, -1, 0, 0.5, 2, 0, 0, 0],
            [0, 0, 0, 1, -1, 0, 0.5, 2, 0], [0, 0, 0, 0, 1, -1, 0, 0.5, 2]]  # fmt: skip

    def matrix(bias):
        return model(
            [node("Flatten", "x", "f"), node("Gemm", "f W c", "h", transB=1),
             node("ReduceMax", "h", "m", axes=[1]), node("Relu", "m", "r"), node("Mul", "r t")],
            [tensor("W", rows), tensor("c", bias), tensor("t", 3)], (1, 1, 3, 3),
        )  # fmt: skip

    net = sn.load(saved(tmp_path, pooled))
    assert sn.prove(net, sn.load(saved(tmp_path, matrix([0.25] * 4))))
    verdict = sn.prove(net, sn.load(saved(tmp_path, matrix([0.25, 0.25, 0.25, 0.3]))))
    assert verdict.verdict == "refuted"


# --- what is refused


def test_all_that_is_not_supported_is_listed_at_once(tmp_path) -> None:
    made = model([node("Sin", "x", "h"), node("QuantizeLinear", "h s", "q"),
                  node("MaxPool", "x", "p i", kernel_shape=[2]), node("Mul", "p h", "m"),
                  node("Loop", "m i", "l"), node("Conv", "x l", "c"), node("Add", "c q")],
                 [tensor("s", 0.5)], (1, "n"))  # fmt: skip
    with pytest.raises(LoadError) as caught:
        sn.load(saved(tmp_path, made))
    lines = [
        "7 parts are not supported:",
        r"  the input 'x' has shape \(1, n\)",
        "  my_Sin: the operator Sin",
        "  my_QuantizeLinear: QuantizeLinear of a value that depends on the input, which it rounds",
        "  my_MaxPool: MaxPool with an output after the first one that is used",
        "  my_Mul: Mul of two values that both depend on the input",
        "  my_Loop: the operator Loop",
        "  my_Conv: Conv with weights that depend on the input",
    ]
    for line in lines:
        caught.match(line)


def external(tmp_path, location, data=None, **entries):
    made = model([node("MatMul", "x W")], [W])
    weight = made.graph.initializer[0]
    raw = weight.raw_data
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    weight.external_data.add(key="location", value=str(location))
    for key, value in entries.items():
        weight.external_data.add(key=key, value=str(value))
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    (home / "weights.bin").write_bytes(bytes(7) + raw if data is None else data)
    (tmp_path / "secret.bin").write_bytes(bytes(7) + raw)
    return saved(home, made)


def test_weights_in_another_file(tmp_path) -> None:
    inside = saved(tmp_path, model([node("MatMul", "x W")], [W]))
    path = external(tmp_path, "weights.bin", offset=7, length=32)
    assert sn.load(path) == sn.load(inside)
    os.chdir(tmp_path)
    assert sn.load("home/m.onnx") == sn.load(inside)


def test_paths_that_lead_out_are_not_followed(tmp_path) -> None:
    secret = tmp_path / "secret.bin"
    outside = "leads out of the model's folder"
    for location, message in (
        (secret, outside), ("../secret.bin", outside), ("a/../../secret.bin", outside),
        ("..\\secret.bin", outside), ("C:\\secret.bin", outside), ("C:secret.bin", outside),
        ("", outside), ("weights.bin\0", "LoadError|lies in another file|damaged"),
        ("gone.bin", "there is no file 'gone.bin'"), (".", "there is no file"),
        ("link.bin", "'link.bin' is a link out of"), ("below/secret.bin", "is a link out of"),
    ):  # fmt: skip
        path = external(tmp_path, location, offset=7)
        for name, target in (("link.bin", secret), ("below", tmp_path)):
            if not (path.parent / name).is_symlink():
                (path.parent / name).symlink_to(target)
        with pytest.raises(LoadError, match=message):
            sn.load(path)


def test_a_pipe_is_not_waited_for(tmp_path) -> None:
    path = external(tmp_path, "pipe")
    os.mkfifo(path.parent / "pipe")
    with pytest.raises(LoadError, match="there is no file 'pipe'"):
        sn.load(path)


def test_lengths_that_lie(tmp_path) -> None:
    for entries, message in (
        ({"offset": 8}, "has 39 bytes, and those from 8 to 40 are needed"),
        ({"offset": -1}, "the offset is '-1', and a number of bytes"),
        ({"offset": 10**17}, "has 39 bytes"),
        ({"offset": "1_0"}, "the offset is '1_0'"),
        ({"length": 31}, "31 bytes are announced .* and 32 are needed"),
        ({"length": 2**62}, "the length is '4611686018427387904'"),
    ):
        with pytest.raises(LoadError, match=message):
            sn.load(external(tmp_path, "weights.bin", **entries))


def vast(kind, inputs, constants=(), shape=(1, 4), **attributes):
    return model([node(kind, inputs, **attributes)], constants, shape)


VAST = {
    "input": (vast("Relu", "x", (), (1, 1 << 40)), "too large"),
    "axes": (vast("Relu", "x", (), (1,) * 40), "32 axes"),
    "reshape": (vast("Reshape", "x s", [whole("s", [1 << 40, 1 << 40])]), "has no shape"),
    "unsqueeze": (vast("Unsqueeze", "x s", [whole("s", range(1, 2000))]), "too many|not among"),
    "pad": (vast("Pad", "x p", [whole("p", [0, 0, 0, 1 << 40])]), "too large"),
    "expand": (vast("Expand", "x s", [whole("s", [1 << 40, 4])]), "too large"),
    "constant": (model([node("ConstantOfShape", "s", "c"), node("Add", "x c")],
                       [whole("s", [1 << 31, 4])]), "too large"),
    "negative": (model([node("ConstantOfShape", "s", "c"), node("Add", "x c")],
                       [whole("s", [-1, 4])]), "holds no numbers"),
    "broadcast": (vast("Add", "x c", [tensor("c", np.zeros((1 << 12, 1 << 11, 1)))]), "too large"),
    "outer product": (model([node("Mul", "c r", "d"), node("Add", "x d")],
                            [tensor("c", np.ones((1 << 12, 1))), tensor("r", np.ones(1 << 12))]),
                      "too large"),
    "no product": (model([node("Mul", "c r", "d"), node("Add", "x d")],
                         [tensor("c", np.ones((2, 1))), tensor("r", np.ones((3, 1)))]), "not fit"),
    "stride": (vast("Conv", "x k", [tensor("k", np.ones((1, 1, 2)))], (1, 1, 4),
                    strides=[-1]), "a stride, dilation or kernel is below 1"),
    "dilation": (vast("Conv", "x k", [tensor("k", np.ones((1, 1, 2)))], (1, 1, 4),
                      dilations=[1 << 40]), "does not fit on 4 points"),
    "padding": (vast("Conv", "x k", [tensor("k", np.ones((1, 1, 2)))], (1, 1, 4),
                     pads=[1 << 40, 0]), "too large|too many"),
    "kernel": (vast("MaxPool", "x", (), (1, 1, 4), kernel_shape=[1 << 30]), "too large|fit"),
    "channels": (vast("Conv", "x k", [tensor("k", np.ones((1, 3, 2)))], (1, 2, 4)), "2 channels"),
    "groups": (vast("Conv", "x k", [tensor("k", np.ones((1, 1, 2)))], (1, 1, 4), group=0), "0 gr"),
    "split": (model([node("Split", "x s", "y z", axis=1)], [whole("s", [1 << 40, 4])]), "pieces"),
    "gather": (vast("Gather", "x i", [whole("i", [9])], axis=1), "are not among 4"),
    "repeated": (model([node("Gather", "x i", "h0", axis=1),
                        *(node("Concat", f"h{k} h{k}", f"h{k + 1}", axis=1) for k in range(40)),
                        node("Relu", "h40")], [whole("i", [0])]), "too large"),
    "permutation": (vast("Transpose", "x", perm=[0, 0]), "is no order of 2 axes"),
}  # fmt: skip


@pytest.mark.parametrize("name", VAST)
def test_absurd_sizes_are_refused_before_memory_is_taken(name, tmp_path) -> None:
    made, message = VAST[name]
    with pytest.raises(LoadError, match=message):
        sn.load(saved(tmp_path, made))


def test_damaged_bytes_raise_nothing_but_load_errors(tmp_path) -> None:
    whole_file = saved(tmp_path, graph(4, whole_numbers)).read_bytes()
    rng = np.random.default_rng(0)
    path = tmp_path / "damaged.onnx"
    for _ in range(400):
        data = bytearray(whole_file)
        for place in rng.integers(len(data), size=int(rng.integers(1, 4))):
            data[place] = int(rng.integers(256))
        path.write_bytes(bytes(data))
        try:
            sn.load(path)
        except LoadError as error:
            assert str(path) in str(error)  # noqa: PT017  what is not damaged may load


def test_graphs_inside_of_graphs_without_end(tmp_path) -> None:
    def number(n):
        return bytes([n]) if n < 128 else bytes([n % 128 + 128]) + number(n // 128)

    def field(k, data):
        return number(8 * k + 2) + number(len(data)) + data

    graph = b""
    for _ in range(3000):  # a graph with one node, whose attribute is a graph
        attribute = field(1, b"body") + field(6, graph) + number(8 * 20) + number(5)
        graph = field(1, field(4, b"If") + field(5, attribute))
    path = tmp_path / "deep.onnx"
    path.write_bytes(number(8) + number(8) + field(7, graph))
    with pytest.raises(LoadError, match="not an ONNX model, or a damaged one"):
        sn.load(path)


def test_texts_and_graphs_as_attributes(tmp_path) -> None:
    made = model([node("Relu", "x", "h"), node("Add", "h r")], [ROW])
    inner = made.graph.node[0].attribute.add()
    inner.name, inner.type = "body", onnx.AttributeProto.GRAPH
    inner.g.CopyFrom(graph(0, whole_numbers).graph)
    with pytest.raises(LoadError, match="my_Relu: Relu with"):
        sn.load(saved(tmp_path, made))
    text = model([node("Add", "x r")], [helper.make_tensor("r", TensorProto.STRING, [1], [b"2"])])
    with pytest.raises(LoadError, match="'r' holds texts"):
        sn.load(saved(tmp_path, text))
