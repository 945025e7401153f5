"""Findings are remembered for exactly as long as nothing that they rest on has changed."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import sympy as sp

import symnet as sn
from symnet.catalogue import Cache, Theorem, _cache, check, read, theorem_files
from symnet.catalogue._verdicts import decoded, encoded

TRUE = '''"""Two ReLUs are enough for the absolute value."""
import sympy as sp
import symnet as sn
x = sp.Symbol("x", real=True)
claim = sn.Claim(sn.relu(x) + sn.relu(-x), sp.Abs(x))
'''
FALSE = TRUE.replace(" + sn", " - sn")
HELPED = TRUE.replace("import symnet as sn", "import symnet as sn\nfrom _numbers import c").replace(
    "sn.relu(x) +", "c * sn.relu(x) +"
)


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


def found(folder, cache):
    return {file.stem: finding for file, finding in check(theorem_files(folder), cache=cache)}


def write(folder, **texts):
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def test_what_is_unchanged_is_not_run_again(tmp_path, cache, monkeypatch):
    monkeypatch.setattr(sys, "times_run", 0, raising=False)
    folder = write(tmp_path / "proofs", one=TRUE + "import sys\nsys.times_run += 1\n")
    first, again = found(folder, cache)["one"], found(folder, cache)["one"]
    assert (first.remembered, again.remembered, sys.times_run) == (False, True, 1)
    assert replace(again, remembered=False) == first
    assert first.verdict == "proved"


def test_a_changed_claim_is_never_remembered_as_proved(tmp_path, cache):
    folder = write(tmp_path / "proofs", one=TRUE)
    assert found(folder, cache)["one"].verdict == "proved"
    # in the same second and with the same size
    write(folder, one=FALSE)
    changed = found(folder, cache)["one"]
    assert (changed.verdict, changed.remembered) == ("refuted", False)
    assert changed.problem
    write(folder, one=TRUE)
    assert found(folder, cache)["one"].remembered


def test_a_finding_belongs_to_the_text_it_was_found_about(tmp_path, cache):
    folder = write(tmp_path / "proofs", one=TRUE)
    findings = dict(check(theorem_files(folder), cache=cache))
    write(folder, one=FALSE)
    (theorem,) = read(folder, findings)
    assert theorem.verdict.verdict == "refuted"
    # nor does a finding speak for a claim that reads otherwise
    (finding,) = findings.values()
    theorem = Theorem(folder / "one.py", finding)
    object.__setattr__(theorem, "source", TRUE.encode())
    theorem.__dict__["claim"] = sn.Claim(sn.relu(sp.Symbol("x", real=True)), 0)
    assert theorem.verdict.verdict == "refuted"


@pytest.mark.parametrize("where", ["beside", "above refuted"])
def test_helpers_count_as_part_of_the_theorem(where, tmp_path, cache):
    folder = write(tmp_path / "proofs", _numbers="c = 1\n")
    place = folder if where == "beside" else folder / "refuted"
    write(place, one=HELPED)
    write(tmp_path / "others", _numbers="c = 2\n", one=HELPED)
    assert found(folder, cache)["one"].verdict == "proved"
    assert found(tmp_path / "others", cache)["one"].verdict == "refuted"
    assert found(folder, cache)["one"].remembered
    write(folder, _numbers="c = 2\n")
    changed = found(folder, cache)["one"]
    assert (changed.verdict, changed.remembered) == ("refuted", False)


def test_files_that_a_theorem_reads_count_too(tmp_path, cache, monkeypatch):
    text = TRUE.replace("sn.relu(x) +", "int(Path('factor.txt').read_text()) * sn.relu(x) +")
    folder = write(
        tmp_path / "proofs", one=text.replace("import sy", "from pathlib import Path\nimport sy", 1)
    )
    for name, factor in (("here", "1"), ("there", "2")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "factor.txt").write_text(factor)
    monkeypatch.chdir(tmp_path / "here")
    assert found(folder, cache)["one"].verdict == "proved"
    assert found(folder, cache)["one"].remembered
    monkeypatch.chdir(tmp_path / "there")
    assert found(folder, cache)["one"].verdict == "refuted"
    Path("factor.txt").write_text("1")
    assert found(folder, cache)["one"].verdict == "proved"


@pytest.mark.parametrize("what", ["_packages", "_own_files"])
def test_another_symnet_or_sympy_proves_anew(what, tmp_path, cache, monkeypatch):
    folder = write(tmp_path / "proofs", one=TRUE)
    found(folder, cache)
    assert found(folder, cache)["one"].remembered
    other = write(tmp_path / "own", other="x = 1")
    extra = {"_packages": "sympy-99.dist-info", "_own_files": str(other / "other.py")}[what]
    own = list(getattr(_cache, what)())
    monkeypatch.setattr(_cache, what, lambda: [*own, extra])
    for cached in (_cache._environment, _cache._first_stamps):
        monkeypatch.setattr(_cache, cached.__name__, cached.__wrapped__)
    assert not found(folder, cache)["one"].remembered


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("refuted", "proved"),
        lambda text: "",
        lambda text: "[1, 2]",
        lambda text: "\xff\xfe" + text,
        lambda text: json.dumps({"format": 1}),
        lambda text: "[" * 100_000,
        lambda text: json.dumps(json.loads(text) | {"key": "other"}),
    ],
)
def test_a_damaged_entry_is_ignored_with_a_remark(damage, tmp_path):
    remarks = []
    cache = Cache(tmp_path / "cache", remarks.append)
    folder = write(tmp_path / "proofs", one=FALSE)
    found(folder, cache)
    (entry,) = (tmp_path / "cache").glob("*.json")
    entry.write_text(damage(entry.read_text()))
    again = found(folder, cache)["one"]
    assert (again.verdict, again.remembered) == ("refuted", False)
    (remark,) = remarks
    assert str(entry) in remark
    assert "ignored" in remark
    assert found(folder, cache)["one"].remembered


def test_a_whole_entry_of_another_form_is_ignored(tmp_path, cache):
    folder = write(tmp_path / "proofs", one=TRUE)
    found(folder, cache)
    (place,) = (tmp_path / "cache").glob("*.json")
    entry = json.loads(place.read_text())
    entry.pop("digest")
    for finding in ({}, entry["finding"] | {"verdict": 1}):
        changed = entry | {"finding": finding}
        place.write_text(json.dumps({**changed, "digest": _cache._digest(changed)}))
        assert not found(folder, cache)["one"].remembered


def test_a_cache_that_cannot_be_written_is_said_once(tmp_path):
    remarks = []
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "cache", remarks.append)
    folder = write(tmp_path / "proofs", one=TRUE, two=TRUE)
    assert {f.verdict for f in found(folder, cache).values()} == {"proved"}
    assert len(remarks) == 1


def test_what_fails_is_reported_for_that_file_alone(tmp_path, cache):
    shapes = TRUE.split("claim")[0] + "claim = sn.Claim(sp.Matrix([x]), sp.Matrix([x, x]))\n"
    folder = write(tmp_path / "proofs", broken="1/0", left="import sys\n", right=TRUE)
    write(folder, left='"""Leaves."""\nimport sys\nsys.exit(0)\n', shapes=shapes)
    findings = found(folder, cache)
    assert findings.pop("right").verdict == "proved"
    assert {f.verdict for f in findings.values()} == {"unreadable"}
    assert all(name in f.problem for name, f in findings.items() if name != "shapes")
    assert not any(f.remembered for f in found(folder, cache).values() if f.problem)


def test_several_processes_find_what_one_finds(tmp_path):
    folder = write(tmp_path / "proofs", one=TRUE, two=FALSE, three=HELPED, _numbers="c = 1")
    files = theorem_files(folder)
    alone = [(f, g.verdict, g.text, g.record, g.files) for f, g in check(files)]
    shared = [(f, g.verdict, g.text, g.record, g.files) for f, g in check(files, jobs=2)]
    assert alone == shared
    assert [f for f, *_ in alone] == list(files)


@pytest.mark.parametrize(
    "theorem", read(Path(__file__).parents[2] / "proofs"), ids=lambda t: t.name
)
def test_verdicts_survive_as_text(theorem):
    verdict, claim = theorem.verdict, theorem.claim
    data = json.loads(json.dumps(encoded(verdict, claim)))
    again = decoded(data, claim)
    assert again == verdict
    assert str(again) == str(verdict)
    if verdict.verdict == "refuted":
        point = verdict.counterexample
        assert all(type(again.counterexample[s]) is type(value) for s, value in point.items())
