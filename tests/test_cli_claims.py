"""``symnet prove`` and ``symnet equal``: verdicts on stdout, exit codes, nothing evaluated."""

import io
import json

import pytest

from symnet.cli import main

ABS = "Linear([[1], [-1]]), ReLU, Linear([[1, 1]])"
SAME = "Linear([[1], [-1]]), ReLU, Linear([[1, -1]])"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["relu(x) - relu(-x) = x"], 0, "proved"),
        (["relu(x + y) = relu(x) + relu(y)"], 1, "refuted; at x = 1, y = -1: 0 ≠ 1"),
        (["--where", "a >= 0", "relu(a*x) = a*relu(x)"], 0, "proved"),
        (["--where", "a < 0", "relu(a*x) = a*relu(x)"], 1, "refuted; at a = -1, x = 1: 0 ≠ -1"),
        (["0 <= sigmoid(x) <= 1"], 0, "proved"),
        (["0 <= sigmoid(x) <= 1/2"], 1, "refuted"),
        (["convex(relu(x))"], 0, "proved"),
        (["concave(relu(x))"], 1, "refuted"),
        (["--box", "0", "1", "x^2 <= x"], 0, "proved"),
        (["--box", "-1", "1", "x^2 <= x"], 1, "refuted; at x = -1: 1 > -1"),
        (["--box", "0", "1", "2", "3", "x <= y"], 0, "proved"),
        (["relu(x) = max(0, x)", "--latex"], 0, r"\operatorname{ReLU}(x)"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else None,
)
def test_prove(arguments, code, words, capsys):
    assert main(["prove", *arguments]) == code
    assert words in capsys.readouterr().out


def test_claims_as_json_and_from_stdin(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("x^2 <= x"))
    assert main(["prove", "-", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "refuted"
    x = int(found["counterexample"]["x"])
    assert (int(found["lhs_value"]), int(found["rhs_value"])) == (x**2, x)
    assert x**2 > x


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true') = 1",
        "x.__class__ = 1",
        "(lambda: 1)() = 1",
        "[x for x in y] = 1",
        "10**10**10 = 1",
        "9**9**9**9 = 1",
        "(" * 10_000 + "x" + ")" * 10_000 + " = 1",
        "relu(" * 2_000 + "x" + ")" * 2_000 + " = 1",
        "rleu(x) = x",
        "x =",
        "\0 = 1",
        "",
    ],
    ids=lambda t: t[:20],
)
def test_what_is_no_claim_is_refused(text, capsys):
    assert main(["prove", text]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("symnet prove: ")


def test_a_slip_is_shown_with_its_column(capsys):
    assert main(["prove", "x = rleu(x)"]) == 2
    assert capsys.readouterr().err.splitlines() == [
        "symnet prove: there is no function rleu; did you mean relu?",
        "  x = rleu(x)",
        "      ^ column 5",
    ]


def test_a_box_that_does_not_fit(capsys):
    assert main(["prove", "x <= y + z", "--box", "0", "1", "0", "1"]) == 2
    assert "2 intervals, and the claim has the symbols x, y, z" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([SAME, "Linear([[1]])"], 0, "proved"),
        ([ABS, "Linear([[1]])"], 1, "refuted"),
        ([ABS, "Linear([[1]])", "--box", "0", "1"], 0, "proved"),
        ([ABS, "Linear([[1]])", "--box", "-1", "1"], 1, "refuted; at x = -1: 1 ≠ -1"),
        (["Linear(n, n), Linear(n, n)", "Linear(n, n)"], 1, "refuted"),
    ],
)
def test_equal(arguments, code, words, capsys):
    assert main(["equal", *arguments]) == code
    assert words in capsys.readouterr().out


def test_networks_of_different_sizes_are_a_misuse(capsys):
    assert main(["equal", "Linear(2, 3)", "Linear(3, 3)"]) == 2
    assert "symnet equal: " in capsys.readouterr().err


def test_equal_most_gives_the_point_of_the_greatest_difference(capsys):
    one, other = "Linear([[1], [-1]]), ReLU, Linear([[1, 1]])", "Linear([[1/2]]), ReLU"
    # |x| - relu(x) / 2 on [-2, 1]: greatest at -2
    assert main(["equal", one, other, "--box", "-2", "1", "--most"]) == 1
    assert capsys.readouterr().out == "output 0 is 2 and 0 at (-2)\nthey differ by 2\n"
    assert main(["equal", one, one, "--box", "-2", "1", "--most"]) == 0
    assert capsys.readouterr().out == "they are equal\n"
    assert main(["equal", one, other, "--box", "-2", "1", "--most", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["difference"] == "2"
    assert main(["equal", one, other, "--most"]) == 2
    assert "give --box" in capsys.readouterr().err
