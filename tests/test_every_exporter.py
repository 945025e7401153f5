"""Networks into files and back: the same function, exactly, or an error that says why not."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet.errors import ExportError, LoadError
from symnet.exporters import every_exporter
from symnet.layers import every_layer

pytest.importorskip("safetensors")

HALF, n = sp.S.Half, sp.Symbol("n", integer=True, positive=True)
DENSE = sn.Linear([[1, HALF, -3], [0, 2, 1]], [1, -HALF])
#: A network with numbers for every layer that is no activation; floats hold all of them.
SAMPLES = {
    "AvgPool1d": sn.AvgPool1d(2, size=4, channels=2),
    "AvgPool2d": sn.AvgPool2d((2, 1), size=(4, 2), stride=1, padding=(1, 0)),
    "BatchNorm": sn.BatchNorm([1, 2], [0, 1], [HALF, 3], [4, 1], eps=HALF),
    "Concat": sn.Concat(DENSE, sn.Linear([[1, 1, 1]])),
    "Conv1d": sn.Conv1d([[[1, HALF]], [[2, -1]]], [1, 2], size=5, stride=2, padding=1),
    "Conv2d": sn.Conv2d([[[[1, 2], [3, -1]]], [[[HALF, 0], [0, 1]]]], None, (3, 4), groups=1),
    "Dropout": sn.Dropout(HALF),
    "Flatten": sn.Flatten(),
    "LayerNorm": sn.LayerNorm([1, 2, HALF], [0, 1, 5], eps=HALF),
    "Linear": DENSE,
    "Max": sn.Max(),
    "MaxPool1d": sn.MaxPool1d(2, size=5, channels=2, padding=1, ceil_mode=True),
    "MaxPool2d": sn.MaxPool2d(2, size=(4, 4), stride=1),
    "Maxout": sn.Sequential(sn.Linear(np.eye(4)), sn.Maxout(2)),
    "Residual": sn.Residual(sn.Sequential(sn.Linear(np.eye(2)), sn.ReLU())),
    "Scale": sn.Scale([2, -1, HALF], [0, 5, 1]),
    "Select": sn.Select([2, 0, 0, -1], 3),
    "Softmax": sn.Softmax(),
    "SparseLinear": sn.SparseLinear(
        sn.SparseRationalMatrix.of_entries((2, 9), [0, 1], [8, 3], [1, -3], 2), [5, 0]
    ),
    "Sum": sn.Sum(DENSE, sn.Linear([[1, 1, 1], [0, 0, 1]])),
}
WHOLE = [".json", ".npz", ".safetensors"]


def test_every_layer_has_a_sample_and_every_format_a_source() -> None:
    assert {layer.__name__ for layer in every_layer()} == set(SAMPLES)
    assert all("Source:" in str(kind.__doc__) for kind in every_exporter())


@pytest.mark.parametrize("suffix", WHOLE)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_layer_comes_back_as_it_was(name, suffix, tmp_path) -> None:
    net = sn.Sequential(SAMPLES[name])
    done = net.save(tmp_path / f"net{suffix}")
    assert sn.load(done.path) == net
    assert done.dtype == (None if suffix == ".json" else "float32")
    assert "exact" in str(done)


def test_every_activation_comes_back_as_it_was(tmp_path) -> None:
    from symnet.activations import every_layer as every_activation

    for kind in every_activation():
        net = sn.Sequential(DENSE, kind())
        assert sn.load(net.save(tmp_path / "net.json").path) == net


@pytest.mark.parametrize(
    "net",
    [
        sn.Sequential(sn.Linear(3, n), sn.ReLU(), sn.Linear(n, n, bias=False), sn.PReLU()),
        sn.Sequential(sn.Linear([[sp.pi, sp.sqrt(2)], [sp.exp(HALF), sp.Symbol("a", real=True)]])),
        sn.Sequential(sn.BatchNorm(n), sn.LayerNorm(n, affine=False), sn.Maxout(2)),
        sn.Sequential(sn.Linear([[sp.Rational(1, 3) ** 400, 7**5000]])),
        sn.Sequential(sn.Concat(sn.Residual(sn.Linear(2, 2)), sn.Sum(sn.Linear(2, 3)))),
    ],
)  # fmt: skip
def test_symbols_and_large_numbers_come_back_in_json(net, tmp_path) -> None:
    again = sn.load(net.save(tmp_path / "net.json").path)
    assert again == net
    assert sp.srepr(again.free_symbols) == sp.srepr(net.free_symbols)


def test_weights_that_no_float_is_are_refused_or_rounded_on_request(tmp_path) -> None:
    third = sn.Sequential(sn.Linear([[sp.Rational(1, 3), 1]], [sp.Rational(1, 10)]))
    for suffix in (".npz", ".safetensors"):
        path = tmp_path / f"net{suffix}"
        with pytest.raises(
            ExportError, match=r"\[0, 0\] is 1/3, which is no float64.*rounding=True"
        ):
            third.save(path)
        assert not path.exists()
        done = third.save(path, rounding=True, dtype="float32")
        assert (done.weights, done.changed, done.dtype) == (3, 2, "float32")
        nearest = [Fraction(float(np.float32(v))) for v in (1 / 3, 0.1)]
        assert done.furthest == max(
            abs(a - b) for a, b in zip(nearest, (Fraction(1, 3), Fraction(1, 10)), strict=True)
        )
        assert "2 of 3 numbers rounded to float32, at most by 9.94E-9" in str(done)
        again = sn.load(path)
        assert [again[0].W[0], again[0].b[0]] == list(map(sp.Rational, nearest))


def test_the_shortest_type_that_is_exact_is_taken(tmp_path) -> None:
    path = tmp_path / "net.npz"
    assert sn.Sequential(sn.Linear([[1 + 2.0**-23]])).save(path).dtype == "float32"
    assert sn.Sequential(sn.Linear([[1 + 2.0**-24]])).save(path).dtype == "float64"
    assert sn.Sequential(sn.Linear([[1]])).save(path, dtype="float16").dtype == "float16"
    with pytest.raises(ExportError, match="no float16"):
        sn.Sequential(sn.Linear([[2049]])).save(path, dtype=np.float16)
    with pytest.raises(ExportError, match="too large for float64"):
        sn.Sequential(sn.Linear([[10**400]])).save(path, rounding=True)
    with pytest.raises(ExportError, match="dtype is int8; it is float16, float32, float64"):
        sn.Sequential(sn.Linear([[1]])).save(path, dtype="int8")


def test_what_cannot_be_saved(tmp_path) -> None:
    with pytest.raises(ExportError, match=r"the suffix names no format .* JSON \(.json\)"):
        sn.ReLU().save(tmp_path / "net.pt")
    with pytest.raises(ExportError, match="made from a Python function"):
        sn.Sequential(sn.activation(lambda x: x + 1)).save(tmp_path / "net.json")
    with pytest.raises(ExportError, match="JSON files are written with no options; dtype is none"):
        sn.ReLU().save(tmp_path / "net.json", dtype="float32")


# --- texts that describe no network


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1, 2", "not JSON, or damaged"),
        ("[" * 100_000, "not JSON, or damaged"),
        ("[]", 'no "format": "symnet"'),
        ('{"format": "symnet", "version": 9}', "version 9 .* reads 1; .* newer symnet"),
        ('{"format": "symnet", "version": 1, "network": 5}', "describes no network"),
        ('{"layer": "Exec", "args": []}', "there is no layer 'Exec'"),
        ('{"layer": "Linear", "args": [{"matrix": [[1, 2], [3]]}]}', "different lengths"),
        ('{"layer": "Linear", "args": [{"matrix": [["1/0"]]}]}', "divided by 0"),
        ('{"layer": "Linear", "args": [{"matrix": [["__import__(1)"]]}]}', "no rational number"),
        ('{"layer": "Linear", "args": [{"matrix": [[1.5]]}]}', "1.5 is nothing that is known"),
        ('{"layer": "Linear", "args": [{"array": "W"}]}', "the matrix 'W' is not there"),
        ('{"layer": "ReLU", "args": [], "extra": 1}', "nothing that is known"),
        ('{"layer": "Sequential", "args": [1]}', "are not all layers"),
        ('{"layer": "MaxPool2d", "args": [[1000, 1000], [100000, 100000], 1000, [1, 1], '
         '[0, 0, 0, 0], [1, 1], false, true]}', "too many"),
        ('{"layer": "Select", "args": [{"sparse": [100000000000, 2], "entries": []}, 2]}',
         "at most"),
        ('{"layer": "Linear", "args": [{"sparse": [2, 2], "entries": [[5, 0, 1]]}]}',
         "lies outside of 2 by 2"),
        ('{"layer": "Linear", "args": [{"matrix": [[{"function": "Pow", "args": [9, 999999]}]]}]}',
         "too large"),
        ('{"layer": "Linear", "args": [{"matrix": [[{"function": "eval", "args": [1]}]]}]}',
         "no function that is known"),
    ],
)  # fmt: skip
def test_texts_that_describe_no_network(text, message, tmp_path) -> None:
    if text.startswith('{"layer"'):
        text = f'{{"format": "symnet", "version": 1, "network": {text}}}'
    path = tmp_path / "net.json"
    path.write_text(text)
    with pytest.raises(LoadError, match=message):
        sn.load(path)


def test_cut_off_files_are_refused_at_every_length(tmp_path) -> None:
    net = sn.Sequential(DENSE, sn.ReLU(), sn.Linear([[1, 2]]))
    for suffix in WHOLE:
        data = net.save(tmp_path / f"net{suffix}").path.read_bytes()
        short = tmp_path / f"short{suffix}"
        for length in range(1, len(data) - 1, max(1, len(data) // 60)):
            short.write_bytes(data[:length])
            with pytest.raises(LoadError):
                sn.load(short)


def test_changed_bytes_never_do_worse_than_an_error(tmp_path) -> None:
    net = sn.Sequential(DENSE, sn.ReLU(), sn.Linear([[1, 2]]))
    rng = np.random.default_rng(0)
    for suffix in WHOLE:
        data = bytearray(net.save(tmp_path / f"net{suffix}").path.read_bytes())
        odd = tmp_path / f"odd{suffix}"
        for _ in range(60):
            changed = bytearray(data)
            for place in rng.integers(0, len(data), 3):
                changed[place] = rng.integers(0, 256)
            odd.write_bytes(changed)
            with suppress(LoadError):
                assert isinstance(sn.load(odd), sn.Sequential)
