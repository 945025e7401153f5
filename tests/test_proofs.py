"""Every shipped theorem holds, and the check notices when it does not."""

import re
from pathlib import Path

import pytest

from symnet.catalogue import read

PROOFS = Path(__file__).parent.parent / "proofs"
THEOREMS = read(PROOFS)


@pytest.mark.parametrize("theorem", THEOREMS, ids=lambda t: t.name)
def test_a_theorem_holds_or_is_refuted_as_it_says(theorem):
    assert theorem.problem == ""
    assert theorem.statement.endswith(".")
    assert theorem.part("Source")
    assert theorem.verdict.verdict == ("refuted" if theorem.is_refuted else "proved")


SIGNS = [
    (theorem, match.start())
    for theorem in THEOREMS
    if not theorem.is_refuted
    for match in re.finditer(
        r" \+ ", theorem.path.read_text().split("claim = ", 1)[1].split("\n\n")[0]
    )
]


@pytest.mark.parametrize(("theorem", "place"), SIGNS, ids=lambda v: getattr(v, "name", str(v)))
def test_one_sign_changed_makes_the_check_fail(theorem, place, tmp_path):
    head, tail = theorem.path.read_text().split("claim = ", 1)
    spoiled = tail[:place] + " - " + tail[place + 3 :]
    file = tmp_path / theorem.path.name
    file.write_text(f"{head}claim = {spoiled}")
    (changed,) = read(tmp_path)
    assert changed.problem.startswith("refuted; at ")
