"""VNN-LIB files: what is read is what they say; what cannot be read is said with its line."""

import json

import pytest
import sympy as sp

import symnet as sn
from symnet.cli import main

HEAD = "".join(f"(declare-const {v} Real)\n" for v in ("X_0", "X_1", "Y_0", "Y_1"))
BOUNDS = "(assert (<= X_0 1)) (assert (>= X_0 -0.5))\n(assert (and (<= 0 X_1) (<= X_1 1e-1)))\n"


def written(tmp_path, text):
    path = tmp_path / "claim.vnnlib"
    path.write_text(text)
    return path


def test_bounds_and_alternatives_are_read_exactly(tmp_path):
    text = (
        HEAD + BOUNDS + "; a comment (\n(assert (or (and (>= Y_0 Y_1) (<= Y_0 2.5)) (<= Y_1 -3)))"
    )
    claim = sn.load_property(written(tmp_path, text))
    (case,) = claim.cases
    assert case.domain == sn.Box([sp.Rational(-1, 2), 1], [0, sp.Rational(1, 10)])
    forms = [{tuple(map(str, f)) for f in v.forms} for v in case.violations]
    # y_1 - y_0 <= 0 and y_0 - 5/2 <= 0, or y_1 + 3 <= 0
    assert forms == [{("-1", "1", "0"), ("1", "0", "-5/2")}, {("0", "1", "3")}]


def test_terms_are_linear_combinations(tmp_path):
    term = "(- (+ (* 2 Y_0) (* Y_1 -0.5) 1) (- Y_1))"
    claim = sn.load_property(written(tmp_path, HEAD + BOUNDS + f"(assert (= {term} 4))"))
    ((violation,),) = [case.violations for case in claim.cases]
    # 2 y_0 - y_1 / 2 + 1 + y_1 - 4 and its negative
    assert [tuple(map(str, f)) for f in violation.forms] == [
        ("2", "1/2", "-3"),
        ("-2", "-1/2", "3"),
    ]


def test_alternatives_of_inputs_are_cases_and_others_cut_the_box(tmp_path):
    boxes = "(assert (or (and (<= X_0 0) (>= X_0 -1)) (and (<= X_0 3) (>= X_0 2))))"
    rest = (
        "(assert (<= X_1 1)) (assert (>= X_1 0)) (assert (<= (+ X_0 X_1) 3.5)) (assert (>= Y_0 9))"
    )
    claim = sn.load_property(written(tmp_path, HEAD + boxes + rest))
    assert len(claim.cases) == 2
    first, second = (case.domain for case in claim.cases)
    assert first.contains([0, 1])
    assert second.contains([2, 1])
    assert not second.contains([3, 1])
    assert second.contains([3, sp.Rational(1, 2)])


def test_verdicts_are_those_of_the_same_claim_in_symbols(tmp_path):
    net = sn.Sequential(sn.Linear([[1, 1], [1, -1]]), sn.ReLU(), sn.Linear([[1, 1], [1, -1]]))
    bounds = "".join(f"(assert (<= X_{k} 1)) (assert (>= X_{k} 0))" for k in (0, 1))
    # y_0 = max(2 x_0, x_0 + x_1) <= 2, attained at x_0 = 1
    for limit, verdict in (("2.000001", "proved"), ("2", "refuted"), ("1.5", "refuted")):
        path = written(tmp_path, HEAD + bounds + f"(assert (>= Y_0 {limit}))")
        found = sn.verify(net, sn.load_property(path))
        assert found.verdict == verdict
        if verdict == "refuted":
            assert net(list(found.counterexample.values()))[0] >= sp.Rational(limit)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hello", "line 1: 'hello' stands outside|line 1: hello stands outside"),
        ("(assert\n(<= X_0 1)", "line 2: the file ends where a bracket should be closed"),
        (")", "line 1: a bracket is closed that was not opened"),
        ("(" * 200, "nested too deep"),
        ("(declare-const X_1 Real)", "X_1 is declared where X_0 should be"),
        ("(declare-const Z_0 Real)", "Z_0 is no variable"),
        (HEAD + "(assert (< Y_0 1))", r"line 5: \(< Y_0 1\) is strict"),
        (HEAD + "(assert (<= (* Y_0 Y_1) 1))", "a product of variables"),
        (HEAD + "(assert (<= X_0 Y_1))", "relates inputs to outputs"),
        (HEAD + "(assert (<= Y_7 0))" + BOUNDS, "Y_7 is not declared"),
        (HEAD + "(assert (<= X_0 1))(assert (<= Y_0 1))", "X_0 has no bounds"),
        (HEAD + "(assert (<= X_0 1/2))", "1/2 is no number and no variable"),
        (HEAD + "(assert (<= X_0 1e9999))", "1e9999 is no number"),
        (HEAD + "(assert (<= __import__ 1))", "__import__ is no number and no variable"),
        (HEAD + "(push 1)", r"\(push 1\) is no declaration and no assertion"),
        (HEAD + "(assert (not (<= Y_0 1)))", "is no condition"),
        (HEAD + "(assert (or (<= Y_0 1) (<= Y_0 2)))" * 14, "more than 10000 alternatives"),
        ("", "no inputs"),
    ],
)
def test_what_cannot_be_read(text, message, tmp_path):
    with pytest.raises(sn.LoadError, match=message):
        sn.load_property(written(tmp_path, text))


def test_files_that_are_none(tmp_path):
    with pytest.raises(sn.LoadError, match=r"cannot read .*: No such file"):
        sn.load_property(tmp_path / "none.vnnlib")
    path = tmp_path / "bytes.vnnlib"
    path.write_bytes(b"\xff\x00")
    with pytest.raises(sn.LoadError, match="ASCII text"):
        sn.load_property(path)


def test_the_command_line_gives_the_verdict_and_its_exit_code(tmp_path, capsys):
    net = "Linear([[1, 1], [1, -1]]), ReLU, Linear([[1, 1], [1, -1]])"
    bounds = "".join(f"(assert (<= X_{k} 1)) (assert (>= X_{k} 0))" for k in (0, 1))
    true = written(tmp_path, HEAD + bounds + "(assert (>= Y_0 2.5))")
    assert main(["verify", net, str(true)]) == 0
    assert capsys.readouterr().out.startswith("proved (regions: ")
    assert main(["verify", net, str(true), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "proved"
    false = written(tmp_path, HEAD + bounds + "(assert (>= Y_0 2))")
    assert main(["verify", net, str(false), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["verdict"], found["input"][0], found["value"]) == ("refuted", "1", "0")
    assert main(["verify", net, str(tmp_path / "none")]) == 2
