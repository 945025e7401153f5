"""Model files on the command line: every command takes every format, and errors say what to do."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import symnet as sn
from symnet.cli import main

pytest.importorskip("onnx")
pytest.importorskip("safetensors")
NET = sn.Sequential(sn.Linear([[1, -1], [2, 0.5]], [0, 1]), sn.ReLU(), sn.Linear([[1, -2]]))
PROPERTY = """
(declare-const X_0 Real)
(declare-const X_1 Real)
(declare-const Y_0 Real)
(assert (>= X_0 0)) (assert (<= X_0 1)) (assert (>= X_1 0)) (assert (<= X_1 1))
(assert (>= Y_0 100))
"""


@pytest.mark.parametrize("suffix", ["json", "npz", "safetensors", "onnx"])
def test_every_command_takes_every_format(suffix, tmp_path, capsys) -> None:
    file = str(NET.save(tmp_path / f"net.{suffix}").path)
    (tmp_path / "p.vnnlib").write_text(PROPERTY)
    small = str(tmp_path / "small.json")
    assert main(["equal", file, str(NET.save(tmp_path / "other.json").path)]) == 0
    assert main(["simplify", file, "--box", "0", "1", "-o", small]) == 0
    assert main(["equal", file, small, "--box", "0", "1"]) == 0
    assert main(["verify", file, str(tmp_path / "p.vnnlib")]) == 0
    assert main(["derive", file]) == 0
    capsys.readouterr()
    assert main(["regions", file, "--box", "-1", "1", "--count"]) == 0
    assert capsys.readouterr().out.strip() == "4"
    assert main(["convert", file, "-o", str(tmp_path / "again.onnx")]) == 0
    assert "exact in float32" in capsys.readouterr().err
    assert sn.load(tmp_path / "again.onnx") == NET


def test_weights_alone_and_what_was_taken_for_granted(tmp_path, capsys) -> None:
    np.savez(tmp_path / "w.npz", **{"0.weight": [[1, -1], [2, 0.5]], "0.bias": [0, 1],
                                    "2.weight": [[1, -2]]})  # fmt: skip
    file = str(tmp_path / "w.npz")
    assert main(["simplify", file]) == 2
    assert 'give it, activation="relu"' in capsys.readouterr().err
    other = str(NET.save(tmp_path / "net.json").path)
    assert main(["equal", file, other, "--activation", "relu"]) == 0
    assert "taken for granted: the layers are 0, 2, with ReLU() after 0" in capsys.readouterr().err
    whole = "Linear(2, 2), ReLU, Linear(2, 1)"
    assert main(["equal", file, other, "--architecture", whole]) == 0


def test_errors_have_the_exit_code_of_misuse(tmp_path, capsys) -> None:
    (tmp_path / "m.pt").write_bytes(pickle.dumps(1))
    (tmp_path / "m.npz").write_bytes(b"PK")
    file = str(NET.save(tmp_path / "net.json").path)
    third = "Linear([[1/3]])"
    for arguments, message in (
        (["regions", str(tmp_path / "m.pt")], "it is a pickle, which runs code"),
        (["simplify", str(tmp_path / "m.npz")], "not a zip archive, or a damaged one"),
        (["simplify", str(tmp_path / "none.npz")], "there is no file"),
        (["simplify", file, "--activation", "relu"], "--activation does not concern"),
        (["simplify", third, "--dtype", "float32"], "--dtype does not concern"),
        (["convert", third, "-o", str(tmp_path / "t.npz")], "1/3, which is no float64"),
        (["convert", file, "-o", str(tmp_path / "t.pt")], "the suffix names no format"),
    ):
        assert main(arguments) == 2
        assert message in capsys.readouterr().err
    assert main(["convert", third, "--rounding", "-o", str(tmp_path / "t.npz")]) == 0
    assert "1 of 1 numbers rounded to float64" in capsys.readouterr().err
