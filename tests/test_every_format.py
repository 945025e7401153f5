"""The laws of output formats, for every format that is found."""

from __future__ import annotations

import html.parser
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import sympy as sp
from test_render_samples import (
    all_blocks,
    chains,
    collapse,
    documents,
)

import symnet as sn
from symnet.document import Chain, Document, Link, Math, Prose, Table
from symnet.errors import OutputError
from symnet.notation import every_notation
from symnet.render import Format, _compile as compiling, formats, render, write

TEXTS = [kind for kind in formats() if kind.name != "pdf"]
every = pytest.mark.parametrize("member", formats(), ids=lambda kind: kind.name)
every_text = pytest.mark.parametrize("member", TEXTS, ids=lambda kind: kind.name)
every_notation_name = pytest.mark.parametrize("notation", [n.name for n in every_notation()])
needs_latex = pytest.mark.skipif(
    shutil.which("pdflatex") is None, reason="pdflatex is not installed"
)


def test_they_are_found() -> None:
    names = [kind.name for kind in formats()]
    assert names == ["beamer", "html", "latex", "markdown", "notebook", "pdf", "text"]


@every
def test_it_states_its_facts(member: type[Format]) -> None:
    assert member.description
    assert all(suffix.startswith(".") for suffix in member.suffixes)


def test_no_two_formats_share_a_suffix() -> None:
    suffixes = [suffix for kind in formats() for suffix in kind.suffixes]
    assert len(suffixes) == len(set(suffixes))


@every_text
@every_notation_name
@pytest.mark.parametrize("name", all_blocks())
def test_every_block_in_every_notation(member: type[Format], notation: str, name: str) -> None:
    document = Document((all_blocks()[name],))
    assert str(render(document, member.name, notation=notation)).strip()


@every_text
@pytest.mark.parametrize("name", chains())
def test_every_chain(member: type[Format], name: str) -> None:
    document = Document((chains()[name],), title="Chain")
    for options in ({}, {"bold": True, "numbered": True, "elide": False, "standalone": True}):
        assert str(render(document, member.name, **options)).strip()


@every_text
def test_the_same_document_gives_the_same_output(member: type[Format]) -> None:
    assert render(documents()[0], member.name) == render(documents()[0], member.name)


@every_text
def test_no_mark_for_breaking_is_left(member: type[Format]) -> None:
    for document in documents():
        output = str(render(document, member.name, standalone=True))
        assert not re.search("[\ue000-\uf8ff]", output)


@every_text
def test_what_needs_ascii_gets_ascii(member: type[Format]) -> None:
    for document in documents():
        output = str(render(document, member.name, standalone=True, bold=True))
        assert member.unicode or output.isascii()


@every_text
def test_an_empty_document_is_a_document(member: type[Format]) -> None:
    assert isinstance(render(Document(()), member.name, standalone=True), str)
    empty = (Prose(()), Chain(sp.Symbol("x"), ()), Table((), ()))
    assert isinstance(render(Document(empty), member.name), str)


@every_text
def test_a_network_is_written_as_a_map(member: type[Format]) -> None:
    output = str(render(Document((Prose((Math(sn.Linear(3, 4)),)),)), member.name))
    assert "mapsto" in output or "->" in output or "↦" in output or "21A6" in output


def test_an_unknown_block_says_where_blocks_are() -> None:
    with pytest.raises(OutputError, match="no method for the block int"):
        render(Document((3,)), "latex")  # type: ignore[arg-type]


def test_an_unknown_format_lists_the_known() -> None:
    with pytest.raises(OutputError, match=r"no format 'docx'.*beamer, html, latex"):
        render(Document(()), "docx")


# --- LaTeX


def _compile(source: str, folder: Path) -> str:
    (folder / "document.tex").write_text(source, encoding="ascii")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape",
         "document.tex"],
        cwd=folder, capture_output=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    log = (folder / "document.log").read_text(encoding="latin-1")
    assert done.returncode == 0, [line for line in log.splitlines() if line.startswith(("!", "l."))]
    return log


@needs_latex
@every_notation_name
@pytest.mark.parametrize("format", ["latex", "beamer"])
def test_latex_compiles_and_nothing_sticks_out(tmp_path: Path, format: str, notation: str) -> None:
    options: dict[str, Any] = {"notation": notation, "standalone": True}
    options |= {"numbered": notation == "rows", "bold": notation == "omega"}
    options |= {"elide": notation != "brackets"}
    for document in documents(tmp_path):
        log = _compile(str(render(document, format, **options)), tmp_path)
        assert "Overfull" not in log, re.findall(r"Overfull.*", log)
        assert "Missing character" not in log


@needs_latex
def test_a_fragment_compiles_in_a_document_with_amsmath_alone(tmp_path: Path) -> None:
    fragment = render(Document(tuple(chains().values())), "latex", numbered=True)
    source = (
        "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n"
        f"{fragment}\\eqref{{collapse}}\n\\end{{document}}\n"
    )
    _compile(source, tmp_path)
    log = _compile(source, tmp_path)
    assert "undefined" not in log
    assert "multiply" not in log


@needs_latex
def test_a_table_of_pieces_with_symbols_fits_on_a_page(tmp_path: Path) -> None:
    net = sn.Sequential(sn.Linear(1, 2), sn.ReLU(), sn.Linear(2, 1))
    log = _compile(sn.derive(net, form="piecewise").latex(standalone=True), tmp_path)
    assert "Overfull" not in log, re.findall(r"Overfull.*", log)


def test_two_layers_as_a_fragment() -> None:
    assert render(Document((collapse(),)), "latex", numbered=True) == COLLAPSE


COLLAPSE = r"""% needs the packages: amsmath
\begin{align}
  &W_{2} (W_{1} x + b_{1}) + b_{2} \notag \\
  &\quad = W_{2} (W_{1} x) + W_{2} b_{1} + b_{2} && \parbox[t]{113pt}{\raggedright distributivity: $W_{2}$ is linear\strut} \label{collapse:1} \\
  &\quad = (W_{2} W_{1}) x + (W_{2} b_{1} + b_{2}) && \text{associativity} \label{collapse:2} \\
  &\quad = W x + B && \text{definition} \label{collapse}
\end{align}
"""  # noqa: E501


@pytest.mark.parametrize("label", [None, "eq"])
def test_a_number_for_a_display_and_one_for_every_link_that_a_label_names(
    label: str | None,
) -> None:
    x = sp.Symbol("x", real=True)
    chain = Chain((x + 1) ** 2, tuple(Link(x**k + k, (str(k),)) for k in (3, 4, 5)), label)
    document = Document((chain, chain if label is None else Prose(())))
    numbers = ["1", "2"] if label is None else ["1", "2", "3"]
    page = str(render(document, "html", numbered=True))
    assert re.findall(r">\((\d)\)<", page) == numbers
    assert re.findall(r"tag\{(\d)\}", str(render(document, "markdown", numbered=True))) == numbers
    assert re.findall(r"\((\d)\) ", str(render(document, "text", numbered=True))) == numbers
    tex = str(render(document, "latex", numbered=True))
    links = [line for line in tex.splitlines() if "=" in line]
    assert sum(r"\notag" not in line for line in links) == len(numbers)


def test_links_appear_one_after_the_other() -> None:
    slides = str(render(Document((collapse(),)), "beamer"))
    assert re.findall(r"\\uncover<(\d+)->\{\{\}\\quad =", slides) == ["2", "3", "4"]


def test_a_long_chain_is_split_over_frames() -> None:
    slides = str(render(Document((chains()["many"],)), "beamer"))
    assert slides.count(r"\begin{frame}") > 3


# --- HTML and Markdown


class _Strict(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        for name, value in attrs:
            # a link that the reader may follow is nothing that the page needs
            if (name == "src" or (name == "href" and tag != "a")) and not (value or "").startswith(
                ("data:", "#")
            ):
                self.outside.append(value or "")


@every_notation_name
def test_html_is_well_formed_and_needs_nothing(tmp_path: Path, notation: str) -> None:
    for document in documents(tmp_path):
        page = str(render(document, "html", notation=notation, numbered=True, bold=True))
        root = ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>\n"))
        assert root.attrib["lang"]
        assert root.find("head/title") is not None
        parser = _Strict()
        parser.feed(page)
        assert not parser.outside
        assert "script" not in parser.seen
        assert "link" not in parser.seen
        assert 'name="viewport"' in page
        formulas = list(root.iter("{http://www.w3.org/1998/Math/MathML}math"))
        assert formulas
        assert all(f.attrib["alttext"] for f in formulas)
        leaves = ("mi", "mn", "mo", "mtext")
        for formula in formulas:
            for leaf in formula.iter():
                kind = leaf.tag.rpartition("}")[2]
                if kind in leaves[:3] and leaf.text:
                    assert not re.search(r"\\[a-z]{2,}", leaf.text), leaf.text


def test_no_line_begins_with_the_full_stop_behind_a_formula() -> None:
    z = Math("z")
    told = Prose(("Let ", z, ", then ", z, ". So it is ", z))
    page = str(render(Document((told,)), "html"))
    assert page.count("</math>") == 3
    assert page.count("</math>,</span>") == page.count("</math>.</span>") == 1
    assert page.count('<span class="tied"><math') == 2


def test_an_html_fragment_is_one_element() -> None:
    piece = str(render(Document((collapse(),)), "html", fragment=True))
    assert ElementTree.fromstring(piece).tag == "div"
    assert "<style" not in piece


def _katex() -> Path | None:
    """The folder with node_modules/katex: this one, or what the variable KATEX names."""
    if shutil.which("node") is None:
        return None
    folders = (Path(os.environ.get("KATEX", ".")), Path.cwd())
    return next((f for f in folders if (f / "node_modules" / "katex").is_dir()), None)


_CHECK = r"""
const katex = require('katex'), formulas = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const strict = c => c === 'unknownSymbol' || c === 'symbolNotInFont' ? 'ignore' : 'error';
for (const [tex, displayMode] of formulas) {
  try { katex.renderToString(tex, {displayMode, strict, throwOnError: true}); }
  catch (e) { console.log(tex + '\n' + e.message); process.exitCode = 1; }
}
"""


@every_notation_name
def test_katex_takes_every_formula_of_markdown(tmp_path: Path, notation: str) -> None:
    katex = _katex()
    if katex is None:
        pytest.skip("node with katex is not at hand (npm install katex; KATEX=folder)")
    for numbered in (False, True):
        page = "\n".join(
            str(render(document, "markdown", notation=notation, numbered=numbered))
            for document in documents(tmp_path)
        )
        displays = re.findall(r"\$\$\n(.*?)\n\$\$", page, re.DOTALL)
        rest = re.sub(r"\$\$\n.*?\n\$\$", "", page, flags=re.DOTALL)
        inline = re.findall(r"(?<!\\)\$((?:[^$\\]|\\.)+?)\$", rest)
        formulas = [[tex, True] for tex in displays] + [[tex, False] for tex in inline]
        assert len(formulas) > 30
        done = subprocess.run(
            ["node", "-e", _CHECK], cwd=katex, input=json.dumps(formulas), text=True,
            capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


def test_markdown_shows_text_as_it_stands() -> None:
    markdown = pytest.importorskip("markdown_it")
    for text in ("50% of $5 & #1 {a} ~b^c \\d <e> |f| `g` *h* _i_ [j](k)", "- no list", "1. no",
                 "# no heading", "+ no", "= no", "> no", "&lt; &amp;"):  # fmt: skip
        page = str(render(Document((Prose((text,)),)), "markdown"))
        shown = markdown.MarkdownIt().render(page).strip()
        assert html.unescape(shown) == f"<p>{text}</p>"


# --- text


def test_lines_of_text_are_short() -> None:
    document = Document((collapse(), chains()["deep"], chains()["five"], all_blocks()["prose"]))
    assert all(len(line) <= 88 for line in str(render(document, "text")).splitlines())


def test_two_layers_in_text() -> None:
    assert render(Document((collapse(),)), "text") == (
        "  W_2 (W_1 x + b_1) + b_2\n"
        "    = W_2 (W_1 x) + W_2 b_1 + b_2     distributivity: W_2 is linear\n"
        "    = (W_2 W_1) x + (W_2 b_1 + b_2)   associativity\n"
        "    = W x + B                         definition\n"
    )


# --- files


@every
def test_the_suffix_picks_the_format(member: type[Format], tmp_path: Path) -> None:
    if member.name == "pdf" and shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed")
    document = Document((collapse(),), title="Collapse")
    for suffix in member.suffixes:
        if suffix.endswith(".pdf") and shutil.which("pdflatex") is None:
            continue
        path = write(document, tmp_path / f"notes{suffix}")
        assert path.exists()
        if suffix.endswith(".pdf"):
            assert path.read_bytes().startswith(b"%PDF")
        else:
            assert path.read_text(encoding="utf-8") == render(document, member.name)
    assert len(list(tmp_path.iterdir())) == len(member.suffixes)


@needs_latex
def test_slides_go_to_pdf_too(tmp_path: Path) -> None:
    path = write(Document((collapse(),)), tmp_path / "talk.pdf", format="beamer")
    assert path.read_bytes().startswith(b"%PDF")


@needs_latex
def test_a_picture_goes_into_the_pdf(tmp_path: Path) -> None:
    folder = tmp_path / "a folder & 50% more"
    folder.mkdir()
    document = Document((all_blocks(folder)["picture"],))
    assert write(document, tmp_path / "notes.pdf").stat().st_size > 1000
    with pytest.raises(OutputError, match="cannot include"):
        render(document, "latex")


def test_bad_places_say_what_is_wrong(tmp_path: Path) -> None:
    document = Document((collapse(),))
    (tmp_path / "folder.tex").mkdir()
    (tmp_path / "file").write_text("")
    for path, message in {
        "notes": "no suffix names no format.*the suffixes are",
        "notes.docx": r"suffix '.docx' names no format",
        "folder.tex": "it is a folder",
        "missing/notes.tex": "there is no folder",
        "file/notes.tex": "is a file, not a folder|no folder",
    }.items():
        with pytest.raises(OutputError, match=message) as caught:
            write(document, tmp_path / path)
        assert path in str(caught.value)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder.tex"]


def test_nothing_is_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "notes.tex"
    path.write_text("before")

    def fails(*args: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.replace", fails)
    with pytest.raises(OutputError, match="Permission denied"):
        write(Document((collapse(),)), path)
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["notes.tex"]


def test_without_latex_pdf_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling.shutil, "which", lambda name: None)
    with pytest.raises(OutputError, match=r"texlive-latex-recommended.*\.tex or \.html"):
        write(Document((collapse(),)), tmp_path / "notes.pdf")
    assert not list(tmp_path.iterdir())


@needs_latex
def test_latex_that_stops_says_where(tmp_path: Path) -> None:
    from symnet.document import Typeset

    broken = Document((Chain(Typeset(r"\undefined", "?"), (Link(sp.Symbol("x")),)),))
    with pytest.raises(OutputError, match="Undefined control sequence"):
        write(broken, tmp_path / "notes.pdf")
    assert not list(tmp_path.iterdir())
