"""Notes: the order of an outline, numbers, references, works cited; and what is not written."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from symnet import catalogue
from symnet.catalogue import read_outline
from symnet.catalogue._bibliography import Bibliography
from symnet.cli import main
from symnet.document import (
    Appendix,
    Contents,
    Heading,
    Items,
    Prose,
    Reference,
    Statement,
    Typeset,
)
from symnet.errors import OutlineError, TheoremError
from symnet.render import render

TRUE = '''"""{statement}

Why: see [{other}], and $x$.

Source: {source}
"""
import sympy as sp
import symnet as sn
x, y = sp.symbols("x y", real=True)
claim = sn.Claim({lhs}, {rhs})
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three theorem files: two are true, one is false and said to be."""
    two = "Doe and Roe, On kinks (2001), doi:10.1000/1; Doe and Roe, More (2001)."
    write(tmp_path / "b_odd.py", "relu(x) - relu(-x) is x.", "a_even", two, ODD)
    one = "Doe and Roe, On kinks (2001), section 2."
    write(tmp_path / "a_even.py", "relu(x) + relu(-x) is |x|.", "c_sum", one, EVEN)
    (tmp_path / "refuted").mkdir()
    write(tmp_path / "refuted" / "c_sum.py", "relu adds.", "b_odd", "folklore.", ADDS)
    return tmp_path


ODD = ("sn.relu(x) - sn.relu(-x)", "x")
EVEN = ("sn.relu(x) + sn.relu(-x)", "sp.Abs(x)")
ADDS = ("sn.relu(x + y)", "sn.relu(x) + sn.relu(y)")
MULTIPLIES = ("sn.relu(x * y)", "sn.relu(x) * sn.relu(y)")


def write(path: Path, statement: str, other: str, source: str, sides: tuple[str, str]) -> None:
    lhs, rhs = sides
    path.write_text(TRUE.format(statement=statement, other=other, source=source, lhs=lhs, rhs=rhs))


OUTLINE = """# Kinks

*Why* do $f(x)$ bend? See [b_odd] and [not this].

# One

- b_odd

Between.

## Inside

- c_sum

# Two
"""


def made(folder: Path, text: str = OUTLINE):
    (folder / "outline.md").write_text(text)
    theorems = catalogue.read(folder)
    outline = read_outline(folder / "outline.md", [t.name for t in theorems])
    return catalogue.document(theorems, outline=outline)


def test_chapters_and_claims_are_numbered_in_the_order_of_the_outline(folder):
    document = made(folder)
    assert document.title == "Kinks"
    heads = [(b.number, b.text) for b in document.blocks if isinstance(b, Heading)]
    assert heads == [
        ("1", "One"),
        ("1.1", "Inside"),
        ("2", "Two"),
        ("3", "Further theorems"),
    ]
    (appendix,) = (b for b in document.blocks if isinstance(b, Appendix))
    assert [b.text for b in appendix.blocks if isinstance(b, Heading)] == [
        "What was decided, and how",
        "Works cited",
    ]
    claims = [(b.kind, b.number, b.label) for b in document.blocks if isinstance(b, Statement)]
    assert claims == [
        ("Theorem", "1.1", "b_odd"),
        ("False claim", "1.2", "c_sum"),
        ("Theorem", "3.1", "a_even"),
    ]
    (contents,) = (b for b in document.blocks if isinstance(b, Contents))
    assert [text for _, text, _ in contents.entries][:3] == ["1 One", "1.1 Inside", "2 Two"]


def test_names_in_brackets_are_references_and_other_brackets_are_not(folder):
    document = made(folder)
    prose = next(b for b in document.blocks if isinstance(b, Prose))
    assert Reference("b_odd", "Theorem 1.1") in prose.words
    assert Typeset("f(x)", "f(x)") in prose.words
    assert any("[not this]" in w for w in prose.words if isinstance(w, str))
    odd = next(b for b in document.blocks if isinstance(b, Statement))
    assert Reference("a_even", "Theorem 3.1") in odd.blocks[0].words


def test_a_false_claim_is_shown_with_its_condition(folder):
    write(
        folder / "refuted" / "d_bent.py", "The line is bent.", "b_odd", "nobody.",
        ("sn.relu(x - 1)", "1, where=sp.Ge(x, 3)"),
    )  # fmt: skip
    text = str(render(made(folder), "text"))
    assert re.search(r"would be, where x >= 3,", text)
    assert "At x = 3 the left side is 2 and the right side is 1." in text


def test_slides_have_a_frame_for_every_claim_and_nothing_appears_bit_by_bit(folder):
    document = made(folder)
    slides = str(render(document, "beamer"))
    frames = slides.split(r"\begin{frame}")[1:]
    claims = [re.findall(r"\\begin\{block\}\{([^}]*)\}", frame) for frame in frames]
    assert max(map(len, claims)) == 1
    heads = [f"{b.kind} {b.number}" for b in document.blocks if isinstance(b, Statement)]
    assert [head for (head,) in filter(None, claims)] == heads
    assert r"\uncover" not in slides
    assert "What was decided" not in slides


def test_formulas_of_docstrings_are_characters_in_text_and_latex_elsewhere(folder):
    path = folder / "b_odd.py"
    path.write_text(path.read_text().replace("and $x$", r"and $\\lVert x \\rVert_2 \\le 2^k$", 1))
    text = str(render(made(folder), "text"))
    assert "and ‖x‖_2 ≤ 2^k." in text
    assert "\\" not in text
    assert r"\lVert x \rVert_2 \le 2^k" in str(render(made(folder), "markdown"))


def test_every_reference_leads_somewhere(folder):
    document = made(folder)
    page = str(render(document, "html"))
    targets = set(re.findall(r'id="([^"]*)"', page))
    assert set(re.findall(r'href="#([^"]*)"', page)) <= targets
    tex = str(render(document, "latex", standalone=True, numbered=True))
    used = set(re.findall(r"\\(?:hyperref\[|pageref\{)([^\]}]*)", tex))
    assert used
    assert used <= set(re.findall(r"\\label\{([^}]*)\}", tex))
    markdown = str(render(document, "markdown"))
    assert set(re.findall(r"\]\(#([^)]*)\)", markdown)) <= set(
        re.findall(r'id="([^"]*)"', markdown)
    )


def test_works_are_cited_once_with_letters_for_one_year(folder):
    document = made(folder)
    (appendix,) = (b for b in document.blocks if isinstance(b, Appendix))
    works = [b for b in appendix.blocks if isinstance(b, Items)][-1]
    said = ["".join(getattr(w, "text", w) for w in words) for _, words in works.rows]
    assert said == [
        "Doe and Roe, More, 2001a.",
        "Doe and Roe, On kinks, 2001b, doi:10.1000/1.",
    ]
    even = next(b for b in document.blocks if isinstance(b, Statement) and b.label == "a_even")
    assert even.blocks[-1].words[1:] == (
        " Source: ", Reference("work-2", "Doe and Roe 2001b"), ", section 2.",
    )  # fmt: skip


def test_sources_that_are_no_works_stay_as_they_are():
    source = (
        "the claim that comes up (often); compare it with Minsky and Papert, Perceptrons (1969)."
    )
    words = Bibliography([source]).cited(source)
    assert words[0] == "the claim that comes up (often); compare it with "
    assert words[1].text == "Minsky and Papert 1969"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Words first.", "begins without a title"),
        ("# T\n\n- b_od\n", "names b_od, and there is no such theorem.*b_odd"),
        ("# T\n\n- b_odd\n- b_odd\n", "names b_odd twice"),
        ("# T\n\n```\ncode\n```\n", "line 3: a block of code is not read here"),
        ("# T\n\n| a |\n|---|\n| b |\n", "line 3: a table is not read here"),
        ("# T\n\n1. b_odd\n", "line 3: a numbered list is not read here"),
        ("# T\n\n**bold**\n", "line 3: bold text is not read here"),
        ("# T\n\n- *b_odd*\n", "line 3: .*plain text"),
    ],
)
def test_what_an_outline_cannot_have_is_said_with_its_line(folder, text, message):
    (folder / "outline.md").write_text(text)
    with pytest.raises(OutlineError, match=message):
        read_outline(folder / "outline.md", ["a_even", "b_odd", "c_sum"])


def test_the_command_writes_every_format_and_names_what_the_outline_lacks(folder, capsys):
    (folder / "outline.md").write_text(OUTLINE)
    outputs = [folder / f"notes.{suffix}" for suffix in ("html", "tex", "md", "txt", "ipynb")]
    options = [part for path in outputs for part in ("-o", str(path))]
    assert main(["notes", str(folder), "--no-cache", "--author", "A. Doe", *options]) == 0
    assert "does not name a_even; they come last" in capsys.readouterr().err
    for path in outputs:
        text = path.read_text()
        assert "Theorem 3.1" in text
        assert "A. Doe" in text or path.suffix == ".tex"


def test_only_some_theorems_keep_their_chapters(folder):
    (folder / "outline.md").write_text(OUTLINE)
    path = folder / "notes.txt"
    assert main(["notes", str(folder), "--no-cache", "--only", "c_*", "-o", str(path)]) == 0
    text = path.read_text()
    assert "1.1 Inside" in text
    assert "False claim 1.1" in text
    assert "Two" not in text
    assert "Theorem" not in text.replace("Theorems", "")


def test_a_false_claim_that_is_not_marked_stops_the_notes(folder, capsys):
    (folder / "outline.md").write_text(OUTLINE)
    write(folder / "d_product.py", "relu multiplies.", "b_odd", "nobody.", MULTIPLIES)
    path = folder / "notes.html"
    assert main(["notes", str(folder), "--no-cache", "-o", str(path)]) == 1
    assert not path.exists()
    told = capsys.readouterr().err
    assert re.search(r"d_product: refuted; at x = -1, y = -1: 1 ≠ 0", told)
    assert "nothing was written, since these fail: d_product" in told


def test_a_false_claim_that_is_not_marked_is_never_called_a_theorem(folder):
    write(folder / "d_product.py", "relu multiplies.", "b_odd", "nobody.", MULTIPLIES)
    document = made(folder)
    (false,) = (b for b in document.blocks if isinstance(b, Statement) and b.label == "d_product")
    assert false.kind == "False claim"
    assert "At x = -1, y = -1 the left side is 1" in str(render(document, "text"))


def test_a_notebook_proves_its_claims_again(folder, capsys):
    book = json.loads(str(render(made(folder), "notebook")))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in book["cells"]]
    assert len(set(ids)) == len(ids)
    code = [cell["source"] for cell in book["cells"] if cell["cell_type"] == "code"]
    assert len(code) == 3
    for source in code:
        exec(source, {})
    assert capsys.readouterr().out.splitlines() == [
        "proved (piecewise-linear cases: 2 cases)",
        "refuted; at x = 1, y = -1: 0 ≠ 1",
        "proved (piecewise-linear cases: 2 cases)",
    ]


def test_a_figure_stands_with_its_theorem(folder):
    path = folder / "b_odd.py"
    path.write_text(
        path.read_text()
        + "figure = sn.piecewise(sn.relu(x), domain=sn.Box([-1, 1])).plot()\n"
        + 'caption = "One kink at $0$."\n'
    )
    document = made(folder)
    assert "image/svg+xml" in str(render(document, "html"))
    assert r"\begin{tikzpicture}" in str(render(document, "latex"))
    assert "One kink at" in str(render(document, "text"))
    path.write_text(path.read_text() + "figure = 3\n")
    with pytest.raises(TheoremError, match="figure is of type int"):
        made(folder)


def test_the_notes_of_the_project_name_every_theorem():
    folder = Path(__file__).parents[1] / "proofs"
    files = catalogue.theorem_files(folder)
    outline = read_outline(folder / "outline.md", [file.stem for file in files])
    closed = [f.stem for f in files if catalogue.expected_verdict(f) != "undecided"]
    assert sorted(outline.names) == sorted(closed)
