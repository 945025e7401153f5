"""Files made to harm: each is an error that says what is wrong, in little memory."""

from __future__ import annotations

import io
import json
import os
import struct
import subprocess
import sys
import zipfile
from itertools import pairwise

import numpy as np
import pytest

import symnet as sn
from symnet.errors import LoadError
from symnet.importers._parsing import ParsingError, parsed
from symnet.importers._wire import WireError, check

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
from google.protobuf.message import DecodeError  # noqa: E402
from onnx import helper  # noqa: E402
from onnx_samples import W, model, node, saved, tensor  # noqa: E402


def refused(path, **options) -> str:
    with pytest.raises(LoadError) as caught:
        sn.load(path, **options)
    message = str(caught.value)
    assert str(path) in message
    return message


# --- names


@pytest.mark.parametrize("name", ["\x1b[31mred", "a\nb: the operator Good", "\u202eabc", "\x00"])
def test_names_of_a_file_do_not_steer_a_terminal(name, tmp_path) -> None:
    for odd in (
        model([helper.make_node("Sin", ["x"], ["y"], name=name)]),
        model([helper.make_node(name, ["x"], ["y"], name="n")]),
        model([helper.make_node("Relu", ["x"], ["y"], name="n", domain=name)]),
        model([helper.make_node("Conv", ["x", "W"], ["y"], name="n", auto_pad=name)], [W]),
    ):
        message = refused(saved(tmp_path, odd))
        assert len(message.split("\n")) == 2
        assert all(line.isprintable() for line in message.split("\n"))


def test_names_without_an_end_are_cut(tmp_path) -> None:
    nodes = [helper.make_node("Sin", ["x"], [f"h{k}"], name="n" * 5_000) for k in range(300)]
    total = helper.make_node("Sum", [f"h{k}" for k in range(300)], ["y"])
    lines = refused(saved(tmp_path, model([*nodes, total]))).split("\n")
    assert "300 nodes are not supported" in lines[0]
    assert len(lines) == 101
    assert lines[-1] == "  … and 201 more"
    assert max(map(len, lines)) < 2_100


@pytest.mark.parametrize("name", ["x\\input{secret}", "x^^5cinput{secret}", "W\\csname input"])
def test_names_of_symbols_hold_no_commands_of_latex(name, tmp_path) -> None:
    def text(symbol):
        linear = {"layer": "Linear", "args": [{"matrix": [[{"symbol": symbol}]]}]}
        return json.dumps({"format": "symnet", "version": 1, "network": linear})

    path = tmp_path / "net.json"
    path.write_text(text(name))
    assert "holds LaTeX other than Greek letters" in refused(path)
    path.write_text(text(r"W^{\mathrm{in}}_\alpha"))
    assert [s.name for s in sn.load(path).free_symbols] == [r"W^{\mathrm{in}}_\alpha"]


# --- graphs


def changed(edit):
    made = model([node("MatMul", "x W")], [W])
    edit(made)
    return made


TWICE = "is given 2 times, and a name stands for one value"
GRAPHS = {
    "a value twice": (model([node("Relu", "x", "h"), node("Abs", "x", "h"), node("Relu", "h")]),
                      f"'h' {TWICE}"),
    "the input again": (model([node("Relu", "x", "x"), node("Abs", "x")]), f"'x' {TWICE}"),
    "a weight again": (model([node("Relu", "x", "W"), node("MatMul", "x W")], [W]), f"'W' {TWICE}"),
    "a weight twice": (changed(lambda m: m.graph.initializer.append(W)), f"'W' {TWICE}"),
    "itself": (model([node("Relu", "y", "y")]), "reads 'y', which no node before it gives"),
    "a circle": (model([node("Add", "x b", "a"), node("Relu", "a", "b"), node("Relu", "b")]),
                 "reads 'b', which no node before it gives"),
    "two versions": (changed(lambda m: m.opset_import.append(helper.make_opsetid("", 5))),
                     "the version of its operators is 5, 17"),
    "a vast version": (changed(lambda m: setattr(m.opset_import[0], "version", 1 << 62)),
                       f"the version of its operators is {1 << 62}"),
    "own operators": (changed(lambda m: m.functions.append(helper.make_function(
        "", "MatMul", ["a", "b"], ["c"], [helper.make_node("Add", ["a", "b"], ["c"])],
        [helper.make_opsetid("", 17)]))), "redefines the operator 'MatMul'"),
    "infinite factor": (model([node("Gemm", "x W", alpha=float("inf"))], [W]),
                        "the factor inf is not finite"),
    "no factor": (model([node("Gemm", "x W", alpha=float("nan"))], [W]), "factor nan is not"),
    "doubled weights": (model([node("Concat", "W W", "c0", axis=1),
                               *(node("Concat", f"c{k} c{k}", f"c{k + 1}", axis=1)
                                 for k in range(40)), node("MatMul", "x c40")], [W]),
                        "too large together"),
    "products of constants": (model([node("Add", "a b", "c"), node("MatMul", "x c")],
                                    [tensor("a", [[1]] * 2000), tensor("b", [[1] * 2000])]),
                              r"constants of shape \(2000, 2000\)"),
    "places": (model([node("Gather", "W i", "c"), node("MatMul", "x c")],
                     [tensor("W", [[1] * 4000]), tensor("i", [0] * 4000, np.int64)]), "too large"),
    "vast transpose": (model([node("ConvTranspose", "x k", strides=[50, 50])],
                             [tensor("k", np.ones((1, 1, 300, 300)))], (1, 1, 16, 16)),
                       "a matrix with 23040000 entries is too large"),
}  # fmt: skip


@pytest.mark.parametrize("name", GRAPHS)
def test_graphs_that_are_refused(name, tmp_path) -> None:
    made, message = GRAPHS[name]
    with pytest.raises(LoadError, match=message):
        sn.load(saved(tmp_path, made))


def test_many_operators_take_time_in_proportion(tmp_path) -> None:
    names = ["x", *(f"h{k}" for k in range(1500)), "y"]
    nodes = [node("Relu", a, b) for a, b in pairwise(names)]
    assert len(sn.load(saved(tmp_path, model(nodes)))) == 1501
    more = model([node("Relu", "x", f"a{k}") for k in range((1 << 15) + 1)])
    assert "the graph has 32769 operators; at most 32768" in refused(saved(tmp_path, more))


def field(number: int, data: bytes) -> bytes:
    size, head = len(data), bytes([number << 3 | 2])
    while size > 127:
        head, size = head + bytes([size & 127 | 128]), size >> 7
    return head + bytes([size]) + data


def test_messages_are_counted_before_they_are_parsed(tmp_path) -> None:
    kind = onnx.ModelProto.DESCRIPTOR
    for inside in (b"\x0a\x00" * 1000, field(1, b"\x2a\x00" * 1000)):
        with pytest.raises(WireError, match="more than 900 fields"):
            check(field(7, inside), kind, 900, 0)
    path = tmp_path / "many.onnx"
    numbers = field(5, field(7, bytes((1 << 25) + 1)))
    path.write_bytes(b"\x08\x08" + field(7, numbers) + field(8, b"\x10\x11"))
    assert "33554432 bytes of integers in lists" in refused(path)


def test_the_bytes_of_messages() -> None:
    kind = onnx.ModelProto.DESCRIPTOR
    rng = np.random.default_rng(0)
    good = model([node("MatMul", "x W")], [W]).SerializeToString()
    check(good, kind, 100, 100)
    with pytest.raises(WireError, match="cut off"):
        check(good[:-1], kind, 100, 100)
    deep = b""
    for _ in range(60):
        deep = field(1, field(5, field(6, deep)))
    with pytest.raises(WireError, match="within each other"):
        check(field(7, deep), kind, 1000, 0)
    taken = 0
    for _ in range(300):
        flipped = bytearray(good)
        flipped[int(rng.integers(len(good)))] = int(rng.integers(256))
        try:
            onnx.ModelProto.FromString(bytes(flipped))
        except DecodeError:
            continue
        taken += 1
        check(bytes(flipped), kind, 100, 100)  # what the parser takes is no surprise here
    assert taken > 50


# --- archives and descriptions


def archive(path, parts, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", method) as made:
        for name, data in parts:
            made.writestr(name, data)
    return path


def array(values) -> bytes:
    file = io.BytesIO()
    np.save(file, np.asarray(values))
    return file.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_a_limit_are_not_read(method, tmp_path) -> None:
    path = archive(tmp_path / "net.npz", [("weight_0.npy", array([[1.0]]))], method)
    assert "compressed by a method other than deflate" in refused(path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_parts_that_stand_twice(tmp_path) -> None:
    parts = [("weight_0.npy", array([[1.0]])), ("weight_0.npy", array([[2.0]]))]
    assert "'weight_0.npy' twice" in refused(archive(tmp_path / "net.npz", parts))


def test_descriptions_of_arrays_that_are_no_tuples(tmp_path) -> None:
    for text in ("(" * 9000, "__import__('os')", "-" * 9000 + "1"):
        data = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()
        path = archive(tmp_path / "net.npz", [("weight_0.npy", data)])
        assert "is no array, or a damaged one" in refused(path)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ('{"W": {"dtype": ["F32"], "shape": [2, 2], "data_offsets": [0, 16]}}', "cannot be read"),
        ('{"W": {"dtype": "F32", "shape": [%s]}}' % ("9" * 5000), "more than 4000 digits"),
        ('{"W": {"dtype": "F32", "shape": [1]}, "W": {}}', "'W' stands twice"),
    ],
)
def test_descriptions_of_safetensors(header, message, tmp_path) -> None:
    path = tmp_path / "net.safetensors"
    path.write_bytes(struct.pack("<Q", len(header)) + header.encode() + bytes(16))
    assert message in refused(path)


def test_texts_that_are_larger_than_they_look() -> None:
    with pytest.raises(ParsingError, match="more than 16777216 values"):
        parsed(b"[" + b"[]," * (1 << 23) + b"[]]")
    assert parsed('{"a": [1, {"b": "x,"}]}') == {"a": [1, {"b": "x,"}]}


@pytest.mark.parametrize(
    ("weight", "message"),
    [
        ({"zeros": [10**6, 10**6]}, "1000000000000 entries"),
        ({"ones": [10**12, 10**12]}, "entries; at most"),
        ({"matrix": [[{"function": "Pow", "args": ["7" * 2000, "1/7"]}]]}, "is too large"),
    ],
)
def test_small_texts_of_large_networks(weight, message, tmp_path) -> None:
    path = tmp_path / "net.json"
    linear = {"layer": "Linear", "args": [weight]}
    path.write_text(json.dumps({"format": "symnet", "version": 1, "network": linear}))
    assert message in refused(path)


def test_alternatives_of_many_inequalities(tmp_path) -> None:
    def text(inputs, cases):
        names = "".join(f"(declare-const X_{k} Real)" for k in range(inputs))
        bounds = "".join(f"(assert (<= X_{k} 1))(assert (>= X_{k} 0))" for k in range(inputs))
        either = " ".join(f"(<= Y_0 {k})" for k in range(cases))
        return f"{names}(declare-const Y_0 Real){bounds}(assert (or {either}))"

    path = tmp_path / "p.vnnlib"
    path.write_text(text(500, 3))
    found = sn.load_property(path)
    assert len(found.cases[0].violations) == 3
    path.write_text(text(500, 9000))
    with pytest.raises(LoadError, match="9000 alternatives of 1000 inequalities; at most 4194304"):
        sn.load_property(path)


@pytest.mark.skipif(
    sys.platform != "linux" or not os.environ.get("SYMNET_FULL"),
    reason="another process under Linux's limit on memory: SYMNET_FULL=1",
)
def test_files_that_grow_are_refused_in_little_memory(tmp_path) -> None:
    resource = pytest.importorskip("resource")
    bomb = archive(tmp_path / "b.npz", [("weight_0.npy", bytes(1 << 26))], zipfile.ZIP_DEFLATED)
    lying = bomb.read_bytes().replace(struct.pack("<I", 1 << 26), struct.pack("<I", 100))
    (tmp_path / "lying.npz").write_bytes(lying)
    made = model([node("MatMul", "x W")], [W])
    made.graph.initializer[0].dims[:] = [1 << 40, 2]
    saved(tmp_path, made, "vast.onnx")
    names = [str(tmp_path / n) for n in ("b.npz", "lying.npz", "vast.onnx")]
    code = (
        "import sys, symnet as sn\n"
        "for name in sys.argv[1:]:\n"
        "    try: sn.load(name)\n"
        "    except sn.LoadError: print('refused')\n"
    )
    limit = 3 << 29
    done = subprocess.run(
        [sys.executable, "-c", code, *names], capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )  # fmt: skip
    assert (done.stdout, done.returncode) == ("refused\n" * 3, 0), done.stderr
