"""Weights without an architecture: what names and shapes say, what is asked, what is refused."""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile
from itertools import pairwise

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet.errors import LoadError

safetensors = pytest.importorskip("safetensors.numpy")


def weights(sizes, seed=0, kind=np.float32):
    rng = np.random.default_rng(seed)
    return [
        (rng.normal(size=(m, n)).astype(kind), rng.normal(size=m).astype(kind))
        for n, m in pairwise(sizes)
    ]


def value_at(pairs, x):
    """W relu(…) + b in fractions, without symnet."""
    column = sp.Matrix([sp.Rational(v) for v in x])
    for k, (W, b) in enumerate(pairs):
        column = column.applyfunc(lambda v: sp.Max(v, 0)) if k else column
        exact = [sp.Matrix(a.shape[0], -1 if a.ndim == 1 else a.shape[1],
                           [sp.Rational(float(v)) for v in a.ravel()])
                 if a.ndim == 2 else sp.Matrix([sp.Rational(float(v)) for v in a])
                 for a in (W, b)]  # fmt: skip
        column = exact[0] * column + exact[1]
    return column


PAIRS = weights((3, 5, 4, 2))
X = [sp.Rational(1, 3), -2, 5]
NAMES = {
    "torch": ("{}.weight", "{}.bias", (0, 2, 4), False),
    "nested": ("model.net.{}.weight", "model.net.{}.bias", (0, 3, 6), False),
    "fc": ("fc{}.weight", "fc{}.bias", (1, 2, 3), False),
    "letters": ("W{}", "b{}", (1, 2, 3), False),
    "flax": ("params/Dense_{}/kernel", "params/Dense_{}/bias", (0, 1, 2), True),
    "keras": ("dense_{}/kernel:0", "dense_{}/bias:0", (9, 10, 11), True),
}


@pytest.mark.parametrize("style", NAMES)
def test_names_in_use(style, tmp_path) -> None:
    weight, bias, numbers, turned = NAMES[style]
    tensors = {}
    for k, (W, b) in zip(numbers, PAIRS, strict=True):
        tensors[bias.format(k)] = b
        tensors[weight.format(k)] = np.ascontiguousarray(W.T) if turned else W
    expected = value_at(PAIRS, X)
    net = sn.from_numpy(tensors, activation="relu")
    assert net(X) == expected
    safetensors.save_file(tensors, tmp_path / "m.safetensors")
    np.savez(tmp_path / "m.npz", **{k.replace("/", "."): v for k, v in tensors.items()})
    np.savez_compressed(tmp_path / "n.npz", *[a for pair in PAIRS for a in pair])
    for name in ("m.safetensors", "m.npz", "n.npz"):
        again = sn.load(tmp_path / name, activation="relu")
        assert again(X) == expected
        assert "ReLU() after" in again.remarks[0]


def test_lists_pairs_and_pytrees_are_the_same_network() -> None:
    expected = value_at(PAIRS, X)
    turned = [(W.T, b) for W, b in PAIRS]
    nested = {"params": {f"Dense_{k}": {"kernel": W, "bias": b} for k, (W, b) in enumerate(turned)}}
    haiku = {f"mlp/~/linear_{k}": {"w": W, "b": b} for k, (W, b) in enumerate(turned)}
    assert sn.from_numpy(PAIRS, activation=sn.ReLU)(X) == expected
    for tree in (nested, haiku, turned):
        assert sn.from_pytree(tree, activation="relu")(X) == expected


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_floats_are_exact(kind) -> None:
    W = np.array([[0.1, 1e-4], [3, -7.7]], dtype=kind)
    assert list(sn.from_numpy([W])[0].W) == [sp.Rational(float(v)) for v in W.ravel()]


def test_bfloat16_in_safetensors_is_exact(tmp_path) -> None:
    # 0x3DCD is 1.6015625 * 2^-4, the bfloat16 nearest to 0.1
    raw = np.array([0x3DCD, 0xC000], dtype="<u2").tobytes()
    head = json.dumps({"weight": {"dtype": "BF16", "shape": [1, 2], "data_offsets": [0, 4]}})
    (tmp_path / "b.safetensors").write_bytes(struct.pack("<Q", len(head)) + head.encode() + raw)
    assert list(sn.load(tmp_path / "b.safetensors")[0].W) == [sp.Rational(205, 2048), -2]


def test_numbers_that_are_left_out_say_where_activations_stand() -> None:
    (W, b), (V, c) = weights((3, 3, 3))
    norm = {"1.weight": b, "1.bias": c, "1.running_mean": b, "1.running_var": c * c,
            "1.num_batches_tracked": np.array(7)}  # fmt: skip
    net = sn.from_numpy({"0.weight": W, **norm, "4.weight": V}, activation="tanh", eps=0.001)
    assert [type(layer) for layer in net] == [sn.Linear, sn.BatchNorm, sn.Tanh, sn.Linear]
    assert net[1].eps == sp.Rational(0.001)
    plain = sn.from_numpy({"0.weight": W, "1.weight": V, "3.weight": V}, activation="relu")
    assert [type(layer) for layer in plain] == [sn.Linear, sn.Linear, sn.ReLU, sn.Linear]


def test_an_architecture_says_the_rest() -> None:
    (W, b), (V, c) = weights((2, 3, 2))
    tensors = {"in.weight": W, "in.bias": b, "norm.weight": b, "norm.bias": b, "p.weight": [0.25],
               "out.weight": V, "out.bias": c}  # fmt: skip
    text = "Linear(2, 3), LayerNorm(3), PReLU, Linear(3, 2), Softmax"
    net = sn.from_numpy(tensors, architecture=text)
    assert net == sn.Sequential(
        sn.Linear(W, b), sn.LayerNorm(b, b), sn.PReLU(0.25), sn.Linear(V, c), sn.Softmax()
    )
    symbolic = (sn.Linear(2, 3), sn.LayerNorm(3), sn.PReLU(), sn.Linear(3, 2), sn.Softmax())
    assert sn.from_numpy(tensors, architecture=sn.Sequential(*symbolic)) == net
    with pytest.raises(LoadError, match=r"4 layers with weights .* has 2"):
        sn.from_numpy({"0.weight": W, "1.weight": V}, architecture=text)
    with pytest.raises(LoadError, match=r"has Linear\(2, 4\), and the next tensors are those of 0"):
        sn.from_numpy({"0.weight": W}, architecture="Linear(2, 4)")
    with pytest.raises(LoadError, match=r"norm .* can be a layer norm.*architecture="):
        sn.from_numpy(tensors, activation="relu")


@pytest.mark.parametrize(
    ("given", "options", "message"),
    [
        (PAIRS, {}, r"do not say which activation .* 3 layers; .*activation=\"relu\""),
        (PAIRS, {"activation": ["relu"]}, "1 activations were given for 2 places"),
        (PAIRS, {"activation": 5}, "the activation is 5; give a name"),
        (PAIRS, {"activation": "relu", "architecture": "ReLU"}, "not both"),
        ([PAIRS[0], PAIRS[2]], {"activation": "relu"}, "no order puts these layers"),
        ([], {}, "a list of pairs"),
        (5, {}, "a list of pairs"),
        ({}, {}, "there are no tensors"),
        ({"a.weight": np.eye(2)[None], "odd": np.eye(2), "b.bias": np.ones(2)}, {},
         r"2 of 3 tensors belong to no layer.*\n  'a.weight' of shape \(1, 2, 2\)\n  'odd'"),
        ({"weight": np.array([[1, np.inf]])}, {}, "1 entries that are infinite"),
        ({"weight": np.array([["a"]])}, {}, "no real numbers"),
        ({"a.w": np.eye(2), "b.w": np.eye(2)}, {"activation": "relu", "axes": None},
         r"\(out, in\) or \(in, out\)"),
        ({"weight": np.eye(2)}, {"axes": "rows"}, '"out, in" or "in, out"'),
    ],
)  # fmt: skip
def test_what_is_asked_and_refused(given, options, message) -> None:
    with pytest.raises(LoadError, match=message):
        sn.from_numpy(given, **options)


def test_the_order_of_layers_without_numbers(tmp_path) -> None:
    path = tmp_path / "m.safetensors"
    names = ("hidden", "entry", "answer")
    tensors = {f"{n}.{r}": a for n, pair in zip(names, PAIRS, strict=True)
               for r, a in zip(("weight", "bias"), pair, strict=True)}  # fmt: skip
    safetensors.save_file(tensors, path)
    # sizes 3, 5, 4, 2 fit in one order only
    assert sn.load(path, activation="relu")(X) == value_at(PAIRS, X)
    square = {f"{n}.{r}": a for n, pair in zip("ab", weights((2, 2, 2)), strict=True)
              for r, a in zip(("weight", "bias"), pair, strict=True)}  # fmt: skip
    safetensors.save_file(square, path)
    with pytest.raises(
        LoadError, match=r"several orders of these layers .*\n(.*\n)*.*layers=\['a', 'b'\]"
    ):
        sn.load(path, activation="relu", axes="out, in")
    there = sn.load(path, activation="relu", axes="out, in", layers=["b", "a"])
    assert there[0] == sn.Linear(square["b.weight"], square["b.bias"])


# --- files that are refused


class Loud:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was executed",))


@pytest.mark.parametrize("name", ["m.pt", "m.pth", "m.pkl", "m.joblib", "m.h5", "m.bin", "m"])
def test_pickles_are_refused_with_the_way_out(name, tmp_path) -> None:
    (tmp_path / name).write_bytes(pickle.dumps(Loud(), protocol=2))
    with pytest.raises(LoadError, match=r"safetensors|from_sklearn|\.keras"):
        sn.load(tmp_path / name)


def test_arrays_of_objects_are_refused(tmp_path) -> None:
    np.savez(tmp_path / "o.npz", W=np.array([Loud()], dtype=object))
    with pytest.raises(LoadError, match="holds Python objects, a pickle"):
        sn.load(tmp_path / "o.npz")


def entry(shape, dtype="<f8", data=b""):
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file, {"shape": shape, "fortran_order": False, "descr": dtype}
    )
    return file.getvalue() + data


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"W.npy": entry((1 << 40, 1))}, "entries; at most"),
        ({"W.npy": entry((2, 3), data=b"\0" * 40)}, "not as long as its shape"),
        ({"W.npy": entry((2, 2), "<c16", b"\0" * 64)}, "no real numbers"),
        ({"W.npy": b"\x93NUMPY"}, "no array, or a damaged one"),
        ({"../evil.npy": entry((1, 1), data=b"\0" * 8), "x.txt": b"1"}, "where arrays should be"),
        ({"W.npy": entry((1 << 11, 1 << 11), data=bytes(8 << 22))}, "would unpack to 3355"),
        ({}, "it holds nothing"),
    ],
)
def test_archives_that_are_refused(parts, message, tmp_path) -> None:
    with zipfile.ZipFile(tmp_path / "z.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    with pytest.raises(LoadError, match=message):
        sn.load(tmp_path / "z.npz")


def test_descriptions_of_safetensors_that_are_refused(tmp_path) -> None:
    path = tmp_path / "m.safetensors"
    heads = {
        "at most": {"W": {"dtype": "F32", "shape": [1 << 40], "data_offsets": [0, 4]}},
        "cannot be read: 'W' of type C64": {
            "W": {"dtype": "C64", "shape": [1], "data_offsets": [0, 8]}},
        "damaged one": {"W": {"dtype": "F32", "shape": [4], "data_offsets": [0, 9]}},
        "the shape": {"W": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}},
        "not a safetensors file": [1],
    }  # fmt: skip
    for message, head in heads.items():
        text = json.dumps(head).encode()
        path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(16))
        with pytest.raises(LoadError, match=message):
            sn.load(path)
    path.write_bytes(struct.pack("<Q", 1 << 60) + b"{}")
    with pytest.raises(LoadError, match="not a safetensors file"):
        sn.load(path)
