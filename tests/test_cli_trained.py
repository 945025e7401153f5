"""Trained networks on the command line: answers are those of Python, and files are only data."""

from __future__ import annotations

import json
from fractions import Fraction
from random import Random

import numpy as np
import pytest
import sympy as sp

import symnet as sn
from symnet.cli import main

NET = sn.Sequential(
    sn.Linear([[1, 1], [1, -1]], [-1, 0]), sn.ReLU(), sn.Linear([[2, 0], [0, 1]], [0, 0.5])
)


@pytest.fixture
def file(tmp_path):
    return str(NET.save(tmp_path / "net.json").path)


def told(capsys, *arguments, code=0):
    """What a command prints as JSON."""
    assert main([*arguments, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def numbers(values):
    return [sp.Rational(v) for v in values]


def test_local_is_the_map_around_the_point(file, capsys) -> None:
    random = Random(1)
    for _ in range(5):
        x = [Fraction(random.randint(-9, 9), 7), Fraction(random.randint(-9, 9), 5)]
        found = told(capsys, "local", file, " ".join(map(str, x)))
        A = sp.Matrix([numbers(row) for row in found["A"]])
        at = sp.Matrix(numbers(map(str, x)))
        assert A * at + sp.Matrix(numbers(found["c"])) == NET(at)
        assert numbers(found["value"]) == list(NET(at))
        near = found["nearest"]["2"]
        foot = sp.Matrix(numbers(near["point"]))
        assert (foot - at).norm() == sp.sympify(near["distance"])
        hidden = NET[0](foot)
        assert all(hidden[i] == 0 for _, i in near["neurons"])
        for row, b in zip(found["half_spaces"]["A"], found["half_spaces"]["b"], strict=True):
            assert sp.Matrix(numbers(row)).dot(at) < sp.Rational(b)


def test_points_come_from_files_exactly(file, tmp_path, capsys) -> None:
    rows = np.float32([[0.1, 2], [-1, 0.3]])
    np.save(tmp_path / "rows.npy", rows)
    (tmp_path / "rows.csv").write_text("0.1, 2\n\n-1, 0.3\n")
    for name, second in (("npy", Fraction(float(np.float32(0.3)))), ("csv", Fraction(3, 10))):
        found = told(capsys, "local", file, f"{tmp_path}/rows.{name}:1")
        assert numbers(found["value"]) == list(NET([-1, sp.Rational(str(second))]))


def test_a_walk_has_every_breakpoint(file, tmp_path, capsys) -> None:
    picture = tmp_path / "walk.svg"
    found = told(capsys, "walk", file, "0 0", "3 1", "-o", str(picture))
    assert found["breakpoints"] == ["1/4"]
    assert found["neurons"] == [[[0, 0]]]
    assert picture.read_text().startswith("<?xml")
    for step in found["steps"]:
        t = (sp.Rational(step["start"]) + sp.Rational(step["end"])) / 2
        line = sp.Matrix(numbers(step["slope"])) * t + sp.Matrix(numbers(step["offset"]))
        assert line == NET([3 * t, t])
        assert step["label"] == (1 if line[1] > line[0] else 0)
    assert main(["walk", file, "0 0", "3 1"]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "t from 0 to 5/12: output 1",
        "t from 5/12 to 1: output 0",
    ]


def test_range_and_robust(file, capsys) -> None:
    low, high = told(capsys, "range", file, "--box", "-1", "1")
    assert (low["least"]["value"], low["greatest"]["value"]) == ("0", "2")
    assert (high["least"]["value"], high["greatest"]["value"]) == ("1/2", "5/2")
    assert all(side["exact"] for r in (low, high) for side in r.values())
    assert told(capsys, "robust", file, "2 1", "--radius", "1/4")["verdict"] == "proved"
    found = told(capsys, "robust", file, "2 1", "--radius", "1.5", code=1)
    one, two = NET(numbers(found["input"]))
    assert one <= two
    assert max(abs(a - b) for a, b in zip(numbers(found["input"]), (2, 1), strict=True)) <= 1.5
    # the box keeps all inputs from going so far
    assert main(["robust", file, "2 1", "--radius", "2", "--box", "7/4", "3", "3/4", "1"]) == 0
    assert main(["robust", file, "2 1", "--radius", "2", "--box", "0", "1"]) == 2
    assert "2 in the point is not between 0 and 1" in capsys.readouterr().err


def test_the_summary_is_that_of_python(file, capsys) -> None:
    assert main(["summary", file]) == 0
    assert capsys.readouterr().out.strip() == str(sn.summary(NET))


def test_one_negative_number_is_no_option(capsys) -> None:
    assert told(capsys, "local", "Linear([[1]]), ReLU", "-1/2")["A"] == [["0"]]
    assert main(["local", "Linear([[1]]), ReLU", "0"]) == 2
    assert "neuron 0 of hidden layer 0 (counted from 0) is at" in capsys.readouterr().err
    found = told(capsys, "local", "Linear([[1]]), ReLU", "0", "--towards", "-1")
    assert found["A"] == [["0"]]


def test_bad_points_are_refused(file, tmp_path, capsys) -> None:
    np.save(tmp_path / "objects.npy", np.array([{}, 1], dtype=object), allow_pickle=True)
    np.save(tmp_path / "rows.npy", np.zeros((3, 2)))
    np.save(tmp_path / "nan.npy", np.array([0, np.nan]))
    (tmp_path / "short.npy").write_bytes((tmp_path / "rows.npy").read_bytes()[:-1])
    (tmp_path / "words.csv").write_text("0 1\n0 one\n")
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe\x00")
    for given, message in (
        (f"{tmp_path}/objects.npy", "holds Python objects, a pickle, which is not read"),
        (f"{tmp_path}/rows.npy", "has 3 rows; write"),
        (f"{tmp_path}/rows.npy:3", "has 3 rows and no row 3"),
        (f"{tmp_path}/nan.npy", "infinite or not a number"),
        (f"{tmp_path}/short.npy", "is not as long as its shape"),
        (f"{tmp_path}/words.csv:0", "line 2: 'one' is not a number"),
        (f"{tmp_path}/binary.txt", "is no text"),
        (f"{tmp_path}/none.npy", "cannot read"),
        ("0 inf", "an infinite number cannot stand here"),
        (" ", "a point without numbers"),
        ("0 1 2", "the point has 3 entries; the network takes 2"),
    ):
        try:
            code = main(["local", file, given])
        except SystemExit as error:
            code = error.code
        assert code == 2
        assert message in capsys.readouterr().err
