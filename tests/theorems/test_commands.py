"""symnet check, list, show and new on folders of theorem files that someone wrote."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from symnet.cli import main

HEAD = '''"""{statement}

Source: a friend.
"""
import sympy as sp
import symnet as sn
x, y = sp.symbols("x y", real=True)
'''
CLAIMS = {
    "max_by_relu": "sn.Claim(sp.Max(x, y), x + sn.relu(y - x))",
    "min_by_relu": "sn.Claim(sp.Min(x, y), x - sn.relu(x - y))",
    "relu_adds_up": "sn.Claim(sn.relu(x + y), sn.relu(x) + sn.relu(y))",
}


@pytest.fixture
def folder(tmp_path):
    """Three files, one of them false and not marked as such."""
    place = tmp_path / "theirs"
    place.mkdir()
    for name, claim in CLAIMS.items():
        head = HEAD.format(statement=f"The statement of {name}.")
        (place / f"{name}.py").write_text(f"{head}claim = {claim}\n")
    return place


def test_a_false_claim_that_is_not_marked(folder, capsys):
    assert main(["check", str(folder)]) == 1
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert lines[0].startswith("max_by_relu: proved (")
    assert lines[2].startswith("FAILED relu_adds_up: refuted; at x = 1, y = -1: 0 ≠ 1")
    assert lines[3].startswith("3 theorems: 2 proved, 1 FAILED (")
    assert f"{folder / 'relu_adds_up.py'}: the claim is false; correct it, or move" in err
    assert str(folder / "refuted") in err
    notes = folder.parent / "notes.md"
    assert main(["notes", str(folder), "-o", str(notes)]) == 1
    assert not notes.exists()
    (folder / "refuted").mkdir()
    (folder / "relu_adds_up.py").rename(folder / "refuted" / "relu_adds_up.py")
    capsys.readouterr()
    assert main(["check", str(folder), "-j", "1"]) == 0
    assert "3 theorems: 2 proved, 1 refuted as claimed" in capsys.readouterr().out


def test_some_of_the_theorems_as_json(folder, capsys):
    assert main(["check", str(folder), "--only", "*_by_relu", "--json", "--no-cache"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [t["name"] for t in told["theorems"]] == ["max_by_relu", "min_by_relu"]
    assert told["counts"]["proved"] == 2
    assert main(["check", str(folder / "relu_adds_up.py"), "--json"]) == 1
    (theorem,) = json.loads(capsys.readouterr().out)["theorems"]
    point = {s: int(v) for s, v in theorem["counterexample"].items()}
    assert int(theorem["lhs_value"]) == max(0, point["x"] + point["y"])
    assert int(theorem["rhs_value"]) == max(0, point["x"]) + max(0, point["y"])
    assert (theorem["expected"], theorem["verdict"]) == ("proved", "refuted")


def test_the_cache_is_where_it_is_said_to_be(folder, tmp_path, capsys):
    arguments = ["check", str(folder), "--only", "max_by_relu", "--cache", str(tmp_path / "kept")]
    assert main(arguments) == main(arguments) == 0
    first, second = capsys.readouterr().out.splitlines()[1::2]
    assert "unchanged" not in first
    assert "1 unchanged" in second
    assert len(list((tmp_path / "kept").glob("*.json"))) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "theirs", "--only", "max_by_rleu"], "did you mean max_by_relu"),
        (
            ["show", "max_by_rleu", "theirs"],
            "no theorem is called max_by_rleu; did you mean max_by",
        ),
        (["list", "nowhere"], "nowhere is not a folder"),
        (["new", "Relu Convex", "theirs"], "no name for a theorem"),
        (["new", "class", "theirs"], "no name for a theorem"),
        (["new", "../up", "theirs"], "no name for a theorem"),
        (["new", "max_by_relu", "theirs", "--refuted"], "is there already"),
    ],
)
def test_misuse(arguments, message, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder.parent)
    before = sorted(folder.rglob("*.py"))
    assert main(arguments) == 2
    assert message in capsys.readouterr().err
    assert sorted(folder.rglob("*.py")) == before


def test_list_says_what_is_known_of_each_file_as_it_is(folder, capsys):
    assert main(["list", str(folder)]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0].split(maxsplit=2) == [
        "max_by_relu", "unchecked", "The statement of max_by_relu."
    ]  # fmt: skip
    assert "3 of 3 are not decided yet" in err
    main(["check", str(folder)])
    capsys.readouterr()
    assert main(["list", str(folder), "--json"]) == 0
    status = {row["name"]: row["status"] for row in json.loads(capsys.readouterr().out)}
    assert status == {
        "max_by_relu": "proved", "min_by_relu": "proved", "relu_adds_up": "FAILED: refuted"
    }  # fmt: skip


def test_show_in_text_and_latex(folder, capsys):
    assert main(["show", "max_by_relu", str(folder)]) == 0
    text = capsys.readouterr().out
    for part in ("The statement of max_by_relu.", "Max(x, y)", "Proved", "a friend"):
        assert part in text
    assert main(["show", "relu_adds_up", str(folder), "--format", "latex"]) == 1
    out, err = capsys.readouterr()
    assert r"\textbf{False claim 1.}" in out
    assert r"\begin{tabular}" not in out
    assert "refuted; at x = 1, y = -1" in err


@pytest.mark.parametrize("kind", [[], ["--refuted"], ["--open"]])
def test_new_writes_what_decides_as_it_is(kind, tmp_path, capsys):
    folder = tmp_path / "mine"
    assert main(["new", "my_theorem", str(folder), *kind]) == 0
    assert capsys.readouterr().out.strip().endswith("my_theorem.py")
    assert main(["check", str(folder)]) == 0
    assert "1 theorem: 1" in capsys.readouterr().out
    assert main(["new", "my_theorem", str(folder)]) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="interruptions are signals elsewhere")
def test_watch_checks_what_changes_and_ends_cleanly(folder, tmp_path):
    command = [sys.executable, "-u", "-m", "symnet", "check", str(folder), "--watch", "--no-cache"]
    seen = tmp_path / "seen"
    with seen.open("w") as out:
        process = subprocess.Popen([*command, "-j", "1"], stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait(seen, lambda text: "watching" in text)
            assert "FAILED relu_adds_up" in seen.read_text()
            file = folder / "relu_adds_up.py"
            file.write_text(file.read_text().replace("relu(x + y)", "relu(x) + sn.relu(y)"))
            _wait(seen, lambda text: text.count("Ctrl-C ends it") == 2)
            os.kill(process.pid, signal.SIGINT)
            assert process.wait(60) == 0
        finally:
            process.kill()
    text = seen.read_text()
    assert "3 theorems: 3 proved" in text
    assert "2 unchanged" in text
    assert "Traceback" not in text


def _wait(file, done):
    for _ in range(600):
        if done(file.read_text()):
            return
        time.sleep(0.1)
    raise AssertionError(file.read_text())
