"""Every shipped theorem holds, and the check notices when it does not."""

import re
from pathlib import Path

import pytest

from symnet.catalogue import read, read_file
from symnet.errors import ShapeError, TheoremError

PROOFS = Path(__file__).parent.parent / "proofs"
THEOREMS = read(PROOFS)
TRUE = [theorem for theorem in THEOREMS if theorem.expected == "proved"]

#: A sign between two terms, and one before a term.
SIGN = re.compile(r" [+-] |(?<=[(\[ ])-(?=[\w(])")

#: True with either sign, since a number may be positive or negative.
SYMMETRIC = {"softmax_shift_invariant"}


@pytest.mark.parametrize("theorem", THEOREMS, ids=lambda t: t.name)
def test_a_theorem_holds_or_is_refuted_as_it_says(theorem):
    assert theorem.problem == ""
    assert theorem.statement.endswith(".")
    assert theorem.part("Why")
    assert theorem.part("Source")
    assert theorem.verdict.verdict == theorem.expected
    assert not getattr(theorem.verdict, "oracles", ())


def spoiled(path):
    """The file with one sign changed, for every sign in its code."""
    text = path.read_text()
    docstring, quotes, code = text.partition('"""\n\nimport')
    for match in SIGN.finditer(code):
        new = {" + ": " - ", " - ": " + ", "-": ""}[match.group()]
        yield docstring + quotes + code[: match.start()] + new + code[match.end() :]


SPOILED = [(t, list(spoiled(t.path))) for t in TRUE]
SPOILED = [(theorem, texts) for theorem, texts in SPOILED if texts]


@pytest.mark.parametrize(("theorem", "texts"), SPOILED, ids=lambda v: getattr(v, "name", ""))
def test_one_sign_changed_makes_the_check_fail(theorem, texts, tmp_path):
    """Or the claim is true for the other sign as well; it is never left open."""
    verdicts, misfits = [], 0
    for text in texts:
        file = tmp_path / theorem.path.name
        file.write_text(text)
        try:
            verdicts.append(read_file(file).claim.prove())
        except (ShapeError, TheoremError):
            misfits += 1
    assert {v.verdict for v in verdicts} <= {"refuted", "proved"}
    refuted = [v for v in verdicts if v.verdict == "refuted"]
    assert refuted or misfits or theorem.name in SYMMETRIC
    assert all(v.check() for v in refuted)


def test_the_outline_has_every_theorem_once():
    outline = (PROOFS / "outline.md").read_text()
    listed = re.findall(r"^- (\w+)", outline, flags=re.MULTILINE)
    assert sorted(listed) == sorted(t.name for t in THEOREMS if not t.is_open)


def test_there_is_a_theorem_or_a_counterexample_for_every_claim():
    assert len(THEOREMS) >= 45
    assert sum(t.is_refuted for t in THEOREMS) >= 12


DRAWN = [theorem for theorem in THEOREMS if hasattr(theorem.module, "figure")]


@pytest.mark.parametrize("theorem", DRAWN, ids=lambda t: t.name)
def test_a_figure_has_a_caption_and_marks(theorem):
    assert theorem.module.caption.endswith(".")
    assert theorem.module.figure.marks


@pytest.mark.parametrize("theorem", [t for t in THEOREMS if t.is_refuted], ids=lambda t: t.name)
def test_a_counterexample_can_be_checked_by_hand(theorem):
    numbers = []
    for value in theorem.verdict.counterexample.values():
        numbers += value.flat() if hasattr(value, "flat") else [value]
    assert len(numbers) <= 16
    assert all(abs(n) <= 2 for n in numbers)
