"""The command line: results on stdout, remarks on stderr, exit codes, files written whole."""

import subprocess
import sys
from pathlib import Path

import pytest

from symnet.cli import main

PROOFS = Path(__file__).parent.parent / "proofs"
TWO = "Linear(3, 4), Linear(4, 2)"


def test_simplify_prints_the_network(capsys):
    assert main(["simplify", f"{TWO}, Sigmoid"]) == 0
    out, err = capsys.readouterr()
    assert out == "Sequential(Linear(W_2*W_1, W_2*b_1 + b_2), Sigmoid())\n"
    assert "composition of linear layers" in err


def test_derive_prints_text_or_writes_by_suffix(capsys, tmp_path):
    assert main(["derive", TWO]) == 0
    out, err = capsys.readouterr()
    assert "= W x + B" in out
    assert err.startswith("proved")
    files = [tmp_path / f"d{suffix}" for suffix in (".tex", ".md", ".html", ".txt")]
    assert main(["derive", TWO, *(arg for f in files for arg in ("-o", str(f)))]) == 0
    assert r"W_{2} W_{1} x" in files[0].read_text()
    assert all(f.read_text() for f in files)


def test_derive_to_a_given_network(capsys):
    assert (
        main(["derive", "Linear(n, m), Dropout(1/2), ReLU, ReLU", "--to", "Linear(n, m), ReLU"])
        == 0
    )
    assert "relu" in capsys.readouterr().out
    assert main(["derive", "Linear(n, m), ReLU", "--to", "Linear(n, m), Abs"]) == 1
    assert "is not equal to" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["simplify", "Lineer(3, 4)"], "did you mean Linear"),
        (["derive", TWO, "--notation", "fancy"], "columns"),
        (["derive", TWO, "-o", "/no/such/folder/x.tex"], "no such folder|no folder"),
        (["derive", TWO, "-o", "x.docx"], r"\.docx"),
        (["check", "/no/such/folder"], "is not a folder"),
    ],
)
def test_misuse_is_exit_code_2_with_a_message(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    import re

    assert re.search(message, err)
    assert not list(tmp_path.iterdir())


def test_check_and_notes_of_the_shipped_theorems(capsys, tmp_path):
    assert main(["check", str(PROOFS)]) == 0
    out = capsys.readouterr().out
    assert "linear_of_linear_comp: proved" in out
    assert "linear_comp_eq_linear_sum: refuted" in out
    assert main(["notes", str(PROOFS), "-o", str(tmp_path / "notes.html")]) == 0
    assert "<math" in (tmp_path / "notes.html").read_text()


FALSE_CLAIM = '''
"""The composition of two linear maps is their sum."""
import sympy as sp
import symnet as sn
w_1, w_2, x = sp.symbols("w_1 w_2 x", real=True)
claim = sn.Claim(w_2 * (w_1 * x), (w_1 + w_2) * x)
'''


def test_notes_never_claim_what_is_false(capsys, tmp_path):
    (tmp_path / "comp_eq_sum.py").write_text(FALSE_CLAIM)
    assert main(["check", str(tmp_path)]) == 1
    assert "comp_eq_sum: refuted; at" in capsys.readouterr().out
    assert main(["notes", str(tmp_path), "-o", str(tmp_path / "notes.md")]) == 1
    assert not (tmp_path / "notes.md").exists()
    (tmp_path / "refuted").mkdir()
    (tmp_path / "comp_eq_sum.py").rename(tmp_path / "refuted" / "comp_eq_sum.py")
    assert main(["notes", str(tmp_path), "-o", str(tmp_path / "notes.md")]) == 0
    text = (tmp_path / "notes.md").read_text()
    assert "**False claim 1.**" in text
    assert "Theorem " not in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("claim = 1", "has no docstring"),
        ('"""A statement."""', "has no claim"),
        ('"""A statement."""\n1/0', "ZeroDivisionError"),
    ],
)
def test_a_theorem_file_that_lacks_something(text, message, capsys, tmp_path):
    (tmp_path / "bad.py").write_text(text)
    assert main(["check", str(tmp_path)]) == 2
    assert message in capsys.readouterr().err


def test_a_true_claim_among_the_refuted_is_a_problem(capsys, tmp_path):
    (tmp_path / "refuted").mkdir()
    (tmp_path / "refuted" / "true.py").write_text(
        FALSE_CLAIM.replace("(w_1 + w_2) * x", "w_1 * w_2 * x")
    )
    assert main(["check", str(tmp_path)]) == 1
    assert "not refuted: proved" in capsys.readouterr().out


def test_standard_input(monkeypatch, capsys):
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(TWO))
    assert main(["simplify", "-"]) == 0
    assert capsys.readouterr().out.startswith("Linear(")


def test_help_and_import_do_not_load_sympy():
    code = (
        "import sys, symnet, symnet.cli; assert 'sympy' not in sys.modules; "
        "symnet.relu; assert 'sympy' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "symnet", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "COMMAND" in done.stdout
    assert "sympy" not in done.stderr


def test_simplify_on_a_box_says_what_went(capsys):
    spec = "Linear([[1, 1], [-1, -1]], [0, -3]), ReLU, Linear([[1, 1]])"
    assert main(["simplify", spec, "--box", "-1", "1", "--check"]) == 0
    out, err = capsys.readouterr()
    assert out == "Sequential(Linear(Matrix([[1, 1]])), ReLU())\n"
    assert "layer 0     2 -> 1" in err
    assert "1 off on the domain" in err
    assert "proved (certificate: 1 neuron on one piece, 1 layer)" in err
    with pytest.raises(SystemExit, match="2"):
        main(["simplify", spec, "--box", "1", "0"])


def test_simplify_looks_at_so_many_parts_of_a_box(capsys):
    # relu(x - y) + relu(y - z) + relu(z - x) <= 1, which takes parts; the others are many regions
    others = [[2 * k + 1, 40 - k, -3 * k - 7] for k in range(18)]
    W = [[1, -1, 0], [0, 1, -1], [-1, 0, 1], *others]
    V = [[1, 1, 1, *[0] * 18], [0, 0, 0, *[1] * 18]]
    spec = f"Linear({W}), ReLU, Linear({V}, [-5/4, -9]), ReLU, Linear([[1, 1]])"
    open_ = "1 neuron may be affine or off on the domain"
    assert main(["simplify", spec, "--box", "0", "1", "--max-boxes", "2"]) == 0
    _, err = capsys.readouterr()
    assert open_ in err
    assert main(["simplify", spec, "--box", "0", "1", "--timeout", "60", "--check"]) == 0
    _, err = capsys.readouterr()
    assert open_ not in err
    assert "18   ██████████████████████████░░░░  3 not used" in err


def test_simplify_hands_the_result_back_as_a_file(capsys, tmp_path):
    spec = "Linear([[1, 1], [-1, -1]], [0, -3]), ReLU, Linear([[1/3, 1]])"
    file = tmp_path / "small.json"
    assert main(["simplify", spec, "--box", "-1", "1", "-o", str(file)]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert f"wrote {file}" in err
    assert main(["equal", spec, str(file), "--box", "-1", "1"]) == 0
    assert main(["equal", spec, str(file)]) == 1
