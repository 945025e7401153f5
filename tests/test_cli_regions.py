"""``symnet regions``: counts, summaries, files, exact bounds, exit codes."""

import json
import re

import pytest

import symnet as sn
from symnet.cli import main

#: Three lines in general position: seven regions of the plane.
THREE = "Linear([[1, 0], [0, 1], [1, 1]], [0, 0, -1/2]), ReLU, Linear([[1, 1, -1], [2, 0, 1]])"
KINK = "Linear([[1], [-1]], [-1/3, 0]), ReLU, Linear([[1, 1]])"


def run(capsys, *arguments):
    code = main(["regions", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_count_alone(capsys):
    assert run(capsys, THREE, "--count") == (0, "7\n", "")
    assert run(capsys, THREE, "--box", "-1", "1", "--count") == (0, "7\n", "")


@pytest.mark.parametrize(
    ("box", "regions"),
    [
        (["-1", "1", "-1", "0"], 3),  # below the second line the others do not cross
        (["-1/2", "0", "-.5", "0"], 1),
        (["-1e-1", "1/3", "-inf", "oo"], 6),  # (0, 1/2) is inside, (1/2, 0) is not
        (["1", "2"], 1),
        (["-1", "1", "1/4", "1/4"], 3),  # on this line the kinks are 0 and 1/4
    ],
)
def test_boxes_are_exact_and_may_be_negative(box, regions, capsys):
    assert run(capsys, THREE, "--box", *box, "--count")[1] == f"{regions}\n"
    assert run(capsys, "--box", *box, "--count", THREE)[1] == f"{regions}\n"


def test_a_bound_that_is_a_third_is_one(capsys):
    assert run(capsys, KINK, "--box", "1/3", "1", "--count")[1] == "1\n"
    assert run(capsys, KINK, "--box", "0.3333333333333333", "1", "--count")[1] == "2\n"


@pytest.mark.parametrize(
    ("condition", "regions"),
    [
        ("x_1 >= -1, -1 <= x_2 and x_1 + x_2 <= 1/2", 4),  # two lines that cross, and a side
        ("0 <= x_1, x_1 + x_2 >= 1/2, x_2 >= 0", 1),
        ("x_1 = x_2, -1 <= x_1 <= 1", 3),  # kinks at 0 and at 1/4
        ("x_1 - x_2 <= 10", 7),
    ],
)
def test_domains_by_conditions(condition, regions, capsys):
    assert run(capsys, THREE, "--domain", condition, "--count") == (0, f"{regions}\n", "")


def test_conditions_on_a_slice_and_on_one_input(capsys):
    at = ["--slice", "0 0; 1 1; 1 0", "--domain", "0 <= u_1 <= 1, 0 <= u_2 <= 1/10"]
    assert run(capsys, THREE, *at, "--count")[1] == "2\n"
    assert run(capsys, KINK, "--domain", "0.1 <= x", "--count")[1] == "2\n"


def test_a_slice_in_its_own_coordinates(capsys):
    code, out, _ = run(capsys, THREE, "--slice", "0 0; 1 1", "--box", "0", "1", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["regions"] == 2
    assert found["minimum"] == [{"value": "0", "point": ["0"]}] * 2
    # x_1 = x_2 = u: 2 u until u = 1/4, then 1/2; and 2 u, then 4 u - 1/2
    assert [m["value"] for m in found["maximum"]] == ["1/2", "7/2"]
    assert found["domain"] == {
        "A": [["1"], ["-1"]], "b": ["1", "0"], "origin": ["0", "0"], "directions": [["1", "1"]],
    }  # fmt: skip


def test_summary_for_programs_and_for_people(capsys):
    code, out, err = run(capsys, THREE, "--box", "-1", "1", "--json", "--certify")
    found = json.loads(out)
    assert code == 0
    assert err.startswith("proved (certificate: 7 regions")
    assert (found["regions"], found["regions_after_layer"], found["bound"]) == (7, [7], "7")
    assert (found["inputs"], found["outputs"], found["certified"]) == (2, 2, True)
    assert found["maximum"][1] == {"value": "7/2", "point": ["1", "1"]}
    _, out, _ = run(capsys, THREE)
    assert re.search(r"regions +7 .*\npieces +7\nvertices +3\noutput 0 +from 0 to oo", out)


def test_the_bound_needs_no_work(capsys):
    # six lines, then six more on each of 22 regions
    wide = "Linear(2, 6), ReLU"
    assert run(capsys, wide, "--bound")[0] == 2  # the weights are symbols
    numbers = "Linear([[1, 0], [0, 1], [1, 1]]), ReLU, Linear([[1, 0, 0], [0, 1, 0]]), ReLU"
    assert run(capsys, numbers, "--bound") == (0, f"{7 * 4}\n", "")
    assert run(capsys, numbers, "--slice", "0 0; 1 0", "--bound") == (0, f"{4 * 3}\n", "")


def test_too_many_regions_are_undecided(capsys):
    code, out, err = run(capsys, THREE, "--box", "-1", "1", "--max-regions", "6")
    assert (code, out) == (3, "")
    assert "more than max_regions=6 regions: 7 found so far, layer 1 of 1" in err


def test_files_by_suffix(capsys, tmp_path):
    files = {s: tmp_path / f"pw{s}" for s in (".json", ".npz", ".tex", ".md", ".html", ".txt")}
    code, out, err = run(
        capsys, THREE, "--box", "-1", "1", *(a for f in files.values() for a in ("-o", str(f)))
    )
    assert (code, out) == (0, "")
    assert err.count("wrote ") == len(files)
    saved = [sn.load_piecewise(files[s]) for s in (".json", ".npz")]
    assert saved[0] == saved[1]
    assert len(saved[0]) == 7
    assert r"\begin{cases}" in files[".tex"].read_text()
    assert "<math" in files[".html"].read_text()


def test_cases_on_stdout(capsys):
    _, out, _ = run(capsys, KINK, "--box", "-1", "1", "-o", "-")
    rows = [line.split(" if ") for line in out.strip().splitlines()]
    conditions = [condition.strip() for _, condition in rows]
    assert conditions == ["x <= 0", "x >= 0 and x <= 1/3", "x >= 1/3"]


def test_a_model_file(capsys, tmp_path):
    lines = ["1,1,1,1,", "1,1,", "0,", "0.0,", "1.0,", "0.0,0.0,", "2.0,1.0,", "0.1,", "0.0,"]
    (tmp_path / "m.nnet").write_text("\n".join(lines) + "\n")
    for options, value in ([], "1/10"), (["--normalise"], "1/20"):
        _, out, _ = run(capsys, str(tmp_path / "m.nnet"), "--box", "0", "1", "--json", *options)
        assert json.loads(out)["maximum"][0]["value"] == value
    _, out, _ = run(capsys, str(tmp_path / "m.nnet"), "--box", "0", "1", "--dtype", "float32")
    assert out.endswith(" from 0 to 13421773/134217728\n")
    assert main(["simplify", str(tmp_path / "m.nnet")]) == 0
    assert capsys.readouterr().out == "Linear(Matrix([[1/10]]))\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([THREE, "--box", "-1"], "argument --box: a box takes pairs LO HI.*found 1 number"),
        ([THREE, "--box", "1", "-1"], "argument --box: 1 is greater than -1; write LO HI"),
        ([THREE, "--box", "a b"], "'a' is not a number; write it like -1, 0.25, 1/3"),
        ([THREE, "--box", "1/0 1"], "1/0 is divided by 0"),
        ([THREE, "--box", "1e999999999 2"], "'1e999999999' is not a number"),
        ([THREE, "--box"], "argument --box: expected one argument"),
        ([THREE, "--slice", "0 0; 1 1 1"], "argument --slice: rows of 2, 3 numbers"),
        ([THREE, "--slice", "0 inf; 1 1"], "an infinite number cannot stand here"),
        (
            [THREE, "--box", *["0", "1", "0", "1", "0", "1"]],
            r"takes 2 inputs, and the domain lies in R\^3",
        ),
        ([THREE, "--slice", "0 0 0; 1 1 1"], r"takes 2 inputs, and the domain lies in R\^3"),
        ([THREE, "--max-regions", "0"], "--max-regions: '0' is not a whole number from 1 on"),
        ([THREE, "--jobs", "0"], "--jobs: '0' is not a whole number from 1 on"),
        ([THREE, "--domain", "x_1 < 1"], "x_1 < 1 is not closed, and domains are: write <="),
        ([THREE, "--domain", "x_1*x_2 <= 1"], "is not linear in x_1, x_2"),
        ([THREE, "--domain", "x_1 <= 1 or x_2 <= 1"], "is no inequality; a domain is where all"),
        ([THREE, "--domain", "x <= 1"], "speaks of x; the coordinates are x_1, x_2"),
        ([THREE, "--domain", "x_1 <= -1, x_1 >= 1"], "the domain is empty"),
        ([THREE, "--domain", "x_1 <="], "column"),
        ([THREE, "--domain", "x_1 <= 1", "--box", "0", "1"], "give --box or --domain, not both"),
        (["ReLU", "--domain", "x <= 1"], "the number of inputs is not known"),
        (["Linear(2, 3), ReLU", "--box", "0", "1"], "the weight of Linear holds the symbol W"),
        (["Linear([[1]]), Tanh"], "tanh is not piecewise linear"),
        (["gone.onnx"], "there is no file gone.onnx"),
        ([KINK, "-o", "x.docx"], r"\.docx.* names no format"),
        ([KINK, "-o", "no/x.json"], "cannot write no/x.json"),
    ],
)
def test_misuse_is_exit_code_2_with_a_message(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    try:
        code = main(["regions", *arguments])
    except SystemExit as stopped:  # argparse
        code = stopped.code
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert re.search(message, err)
    assert not list(tmp_path.iterdir())


def test_a_certificate_that_fails_is_exit_code_1(capsys, monkeypatch):
    def fails(self):
        raise sn.CertificateError("cell 3 is not convex")

    monkeypatch.setattr(sn.PiecewiseLinear, "certify", fails)
    code, out, err = run(capsys, THREE, "--box", "-1", "1", "--certify", "--count")
    assert (code, out) == (1, "")
    assert "the certificate fails: cell 3 is not convex" in err


def test_an_interruption_leaves_no_half_of_a_file(capsys, tmp_path, monkeypatch):
    file = tmp_path / "pw.npz"
    assert run(capsys, KINK, "--box", "0", "1", "-o", str(file))[0] == 0
    before = file.read_bytes()

    def interrupted(stream, **arrays):
        stream.write(b"half of")
        raise KeyboardInterrupt

    monkeypatch.setattr("numpy.savez_compressed", interrupted)
    code, _, err = run(capsys, THREE, "--box", "0", "1", "-o", str(file))
    assert (code, err) == (130, "symnet: interrupted\n")
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def test_pictures_by_suffix(capsys, tmp_path):
    files = [tmp_path / f"pw{suffix}" for suffix in (".svg", ".tikz", ".png", ".pdf")]
    code, out, err = run(
        capsys, THREE, "--box", "-1", "1", "--by", "decision", "--output-names", "down,up",
        *(a for f in files for a in ("-o", str(f))),
    )  # fmt: skip
    assert (code, out) == (0, "")
    assert err.count("wrote ") == len(files)
    assert r"\begin{tikzpicture}" in files[1].read_text()
    assert all(name in files[1].read_text() for name in ("down", "up"))
    heads = [b"<?xml", None, b"\x89PNG", b"%PDF"]
    assert all(h is None or f.read_bytes().startswith(h) for f, h in zip(files, heads, strict=True))
    code, _, err = run(capsys, THREE, "-o", str(files[0]), "--component", "5")
    assert code == 2
    assert "output=5 was asked for; there are 2" in err
