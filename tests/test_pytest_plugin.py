"""The pytest plugin, run by pytest on small projects of its own."""

import json
import subprocess
import sys

import pytest
import sympy as sp

import symnet as sn
from symnet.pytest_plugin._report import record, write

TESTS = """
    import pytest, sympy as sp, symnet as sn
    x, y = sp.symbols("x y", real=True)

    def test_true():
        sn.assert_identity(sn.relu(x) - sn.relu(-x), x)

    def test_false():
        sn.assert_identity(sn.relu(x + y), sn.relu(x) + sn.relu(y))

    def test_unknown():
        sn.assert_claim(sp.Le(sp.besselj(0, x), 1))

    @pytest.mark.symnet_refuted
    def test_expected():
        sn.assert_claim("relu(x) <= 1")

    @pytest.mark.symnet_refuted
    def test_not_refuted():
        sn.assert_claim("relu(x) = max(0, x)")

    @pytest.mark.symnet_refuted
    def test_undecided_is_not_refuted():
        sn.assert_claim(sp.Le(sp.besselj(0, x), 1))

    @pytest.mark.symnet_refuted
    def test_something_else_fails():
        assert 1 == 2
"""

THEOREM = '''
"""Two ReLUs are enough for the absolute value.

Source: definition.
"""
import sympy as sp
import symnet as sn

x = sp.Symbol("x", real=True)
claim = sn.Claim(sn.relu(x) {sign} sn.relu(-x), sp.Abs(x))
'''


@pytest.fixture
def project(pytester, monkeypatch):
    """A project whose tests are run in a process of their own, with pytest's own defaults."""
    for variable in ("CI", "BUILD_NUMBER", "PYTEST_ADDOPTS"):  # CI repeats failures in the summary
        monkeypatch.delenv(variable, raising=False)
    pytester.makeini("[pytest]\nfilterwarnings = error\n")
    return pytester


def run(project, *arguments):
    return project.runpytest_subprocess("-p", "no:cacheprovider", *arguments)


def theorems(project, **files):
    """Theorem files by name; a file is true or false."""
    for name, true in files.items():
        path = project.path / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".py").write_text(THEOREM.format(sign="+" if true else "-").lstrip())


# --- import


def test_loading_the_plugin_does_not_load_sympy():
    code = (
        "import sys, symnet.pytest_plugin; "
        "print([m for m in ('sympy', 'numpy', 'flint', 'symnet.claims') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_tests_without_symnet_never_load_it(project):
    project.makepyfile(
        "import sys\n"
        "def test_it(): assert not {'sympy', 'symnet.claims'} & set(sys.modules)\n"
        "def test_compare(): assert [1] == [2]\n"
    )
    result = run(project)
    result.assert_outcomes(passed=1, failed=1)
    assert "identity" not in result.stdout.str()


# --- markers and reports


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "xdist"])
def test_markers_theorems_and_the_report_of_a_run(project, workers, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")  # the summary of a run is cut to the width
    project.makeini("[pytest]\nfilterwarnings = error\nsymnet_theorems = proofs\n")
    project.makepyfile(test_claims=TESTS)
    theorems(project, proofs__holds=True, proofs__refuted__fails=False, proofs__wrong=False)
    result = run(project, "--symnet-report=claims.json", *workers)
    result.assert_outcomes(passed=4, failed=6)
    content = json.loads((project.path / "claims.json").read_text())
    assert content["counts"] == {"proved": 3, "refuted": 4, "undecided": 2}
    assert [c["test"] for c in content["claims"]] == sorted(c["test"] for c in content["claims"])
    by_test = {c["test"].split("test_claims.py::")[-1]: c for c in content["claims"]}
    assert len(by_test) == len(content["claims"]) == 9
    false = by_test["test_false"]
    assert false["verdict"] == "refuted"
    assert false["outcome"] == "failed"
    assert false["claim"] == "relu(x + y) = relu(x) + relu(y)"
    point = {k: int(v) for k, v in false["counterexample"].items()}
    sides = max(0, point["x"] + point["y"]), max(0, point["x"]) + max(0, point["y"])
    assert (int(false["lhs_value"]), int(false["rhs_value"])) == sides
    assert by_test["test_true"]["method"]
    for expected in ("test_expected", "proofs/refuted/fails.py::claim"):
        assert (by_test[expected]["expected"], by_test[expected]["outcome"]) == (
            "refuted",
            "passed",
        )
    assert by_test["proofs/wrong.py::claim"]["outcome"] == "failed"
    assert by_test["test_unknown"]["reason"]
    output = result.stdout.str()
    assert "symnet: 9 claims (3 proved, 4 refuted, 2 undecided), in claims.json" in output
    assert "no claim in it was refuted" in output
    assert output.count("UndecidedError") >= 2
    assert "test_false - symnet.errors.RefutedError: the identity is false at x = 1" in output


@pytest.mark.parametrize("suffix", ["md", "html"])
def test_reports_for_readers(tmp_path, suffix):
    x, n = sp.Symbol("x", real=True), sp.Symbol("n", integer=True, positive=True)
    W = sp.MatrixSymbol("W", n, n)
    claims = [
        sn.Claim(sn.relu(x), x),
        sn.Claim(sn.relu(x), x, where=x > 0),
        sn.Claim(W.T.T, W),
        sn.odd(sn.Tanh()),
        sn.Claim(
            *(sn.Sequential(sn.Linear([[1]]), f()) for f in (sn.Abs, sn.ReLU)),
            domain=sn.Box([0, 1]),
        ),
    ]
    records = [
        {"test": f"t.py::t{k}", "expected": "proved", "outcome": "passed" if verdict else "failed"}
        | record(claim, verdict)
        for k, claim in enumerate(claims)
        for verdict in [claim.prove()]
    ]
    json.dumps(records)
    write(records, tmp_path / f"claims.{suffix}")
    text = (tmp_path / f"claims.{suffix}").read_text()
    for piece in ("Claims of the test run", "5 claims", "t.py::t0", "x = -1: 0 ≠ -1",
                  "Tanh() is odd", "ReLU()), on Box([0, 1])"):  # fmt: skip
        assert piece in text.replace("\\", "")
    assert ("<math" if suffix == "html" else r"$\operatorname{ReLU}(x)$") in text


def test_a_run_without_claims_and_bad_file_names(project):
    project.makepyfile("def test_it(): pass")
    assert run(project, "--symnet-report=claims.md").ret == 0
    assert "asserted no claims" in (project.path / "claims.md").read_text()
    for name, message in (("claims.docx", "the suffix must be one of"), ("no/c.md", "no folder")):
        result = run(project, f"--symnet-report={name}")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        assert message in result.stderr.str()


# --- bare asserts


def test_a_bare_assert_is_explained(project):
    project.makepyfile(
        """
        import sympy as sp, symnet as sn
        x, y = sp.symbols("x y", real=True)
        def test_false(): assert sn.relu(x + y) == sn.relu(x) + sn.relu(y)
        def test_true(): assert sn.relu(x) - sn.relu(-x) == x
        def test_number(): assert sn.relu(x) == 0
        def test_names(): assert sn.relu(x) == sn.relu(sp.Symbol("x", positive=True))
        def test_networks(): assert sn.Sequential(sn.ReLU(), sn.ReLU()) == sn.Sequential(sn.ReLU())
        def test_matrices(): assert sn.ReLU()([x, y]) == sp.Matrix([x, y])
        def test_sympy_alone(): assert sp.sin(x) == sp.cos(x)
        """
    )
    result = run(project)
    result.assert_outcomes(failed=7)
    text = result.stdout.str()
    assert "As an identity it is refuted; at x = 1, y = -1: 0 ≠ 1." in text
    assert "As an identity it is proved" in text
    assert "two different symbols are called x" in text
    assert text.count("symnet.assert_network_equal(actual, desired)") == 1
    assert text.count("written alike, not whether") == 6


# --- theorem files


def test_theorem_files_in_the_folders_of_the_option_are_tests(project):
    project.makeini(
        "[pytest]\nfilterwarnings = error\nsymnet_theorems = proofs\n"
        "testpaths = proofs other\npython_files = test_*.py\n"
    )
    theorems(
        project, proofs__holds=True, proofs__refuted__fails=False, proofs__wrong=False,
        proofs__refuted__right=True, proofs___helper=False, other__file=False,
    )  # fmt: skip
    (project.path / "proofs" / "test_more.py").write_text("def test_it(): pass\n")
    (project.path / "proofs" / "empty.py").write_text('"""A statement."""\n')
    (project.path / "proofs" / "broken.py").write_text('"""A statement."""\n1 / 0\n')
    result = run(project, "-v", "--symnet-report=claims.json")
    result.assert_outcomes(passed=3, failed=4)
    text = result.stdout.str()
    for passed in ("proofs/holds.py::claim", "proofs/refuted/fails.py::claim",
                   "proofs/test_more.py::test_it"):  # fmt: skip
        assert f"{passed} PASSED" in text
    assert "the theorem is false" in text
    assert "its claim is to be" in text
    assert "empty.py has no claim" in text
    assert "ZeroDivisionError" in text
    assert "other" not in text.split("collected")[1]
    claims = json.loads((project.path / "claims.json").read_text())["claims"]
    assert {c["test"]: (c["verdict"], c["expected"], c["outcome"]) for c in claims} == {
        "proofs/holds.py::claim": ("proved", "proved", "passed"),
        "proofs/refuted/fails.py::claim": ("refuted", "refuted", "passed"),
        "proofs/refuted/right.py::claim": ("proved", "refuted", "failed"),
        "proofs/wrong.py::claim": ("refuted", "proved", "failed"),
    }


def test_open_claims_pass_until_they_are_decided(project):
    project.makeini("[pytest]\nfilterwarnings = error\nsymnet_theorems = proofs\n")
    theorems(project, proofs__open__true=True, proofs__open__false=False, proofs__wrong=False)
    unknown = THEOREM.format(sign="+").replace("sp.Abs(x)", "sp.besselj(0, x)")
    bound = unknown.replace("sn.relu(x) + sn.relu(-x)", "-1").replace("(0, x))", "(0, x), '<=')")
    (project.path / "proofs" / "open" / "waits.py").write_text(bound.lstrip())
    (project.path / "proofs" / "stray.py").write_text(bound.lstrip())
    result = run(project, "-v", "--symnet-report=claims.json", "proofs")
    result.assert_outcomes(passed=1, failed=4)
    text = result.stdout.str()
    assert "proofs/open/waits.py::claim PASSED" in text
    assert text.count("its claim is no longer open: it is") == 2
    assert "the theorem was neither proved nor refuted" in text
    claims = json.loads((project.path / "claims.json").read_text())["claims"]
    assert {(c["test"], c["expected"]) for c in claims if c["outcome"] == "passed"} == {
        ("proofs/open/waits.py::claim", "undecided")
    }


def test_a_theorem_file_can_be_named_and_nothing_else_is_taken_for_one(project):
    theorems(project, proofs__holds=True, proofs__refuted__fails=False)
    (project.path / "plain.py").write_text('"""Text."""\nimport symnet\nCLAIM = 1\n')
    (project.path / "script.py").write_text('"""Text."""\nclaim = "a payment"\n')
    result = run(project, "proofs/holds.py", "proofs/refuted/fails.py", "plain.py", "script.py")
    result.assert_outcomes(passed=2)
    assert run(project).ret == pytest.ExitCode.NO_TESTS_COLLECTED
