"""The laws of formats of pictures, for every format that is found."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from symnet.errors import OutputError, PictureError
from symnet.pictures import (
    Axis,
    ColourBar,
    Dot,
    Entry,
    Label,
    Path as Line,
    Picture,
    PictureFormat,
    Polygon,
    Stroke,
    Tick,
    picture_formats,
)
from symnet.pictures.colours import PALETTES, graded, lightness, palette
from symnet.pictures.ticks import exact_ticks, fraction, multiples, round_ticks, step

every = pytest.mark.parametrize("member", picture_formats(), ids=lambda kind: kind.name)
needs_latex = pytest.mark.skipif(
    shutil.which("pdflatex") is None
    or not subprocess.run(["kpsewhich", "tikz.sty"], capture_output=True, check=False).stdout,
    reason="pdflatex with TikZ is not installed",
)
THIRD = Fraction(1, 3)


def sample(**options) -> Picture:
    """A picture with every kind of mark and everything beside them."""
    triangle = ((0, 0), (1, 0), (Fraction(1, 2), THIRD))
    marks = (
        Polygon(triangle, "#77aadd", tag="a triangle, 100 % näïve"),
        Polygon(triangle, None, Stroke("#000000", 0.4)),
        Line(((0, 0), (THIRD, Fraction(1, 2)), (1, 1)), Stroke("#d55e00", 1.25, (4, 2))),
        Line(((0.25, 0.5), (0.5, 0.75)), arrow=True),
        Dot((1, 1), hollow=True),
        Dot((0, 1)),
        Label(r"${+}\,{-}$ 50% & $\frac{1}{2}$", (0.5, 0.1), halo=True),
        Label("$z_1 = 0$", (1, THIRD), "west", (4, 0), 9.0, "#0072b2"),
    )
    ticks = (Tick(0, "$0$"), Tick(1, "$1$"))
    parts = {
        "marks": marks, "x": Axis(0, 1, ticks, "$x_1$"), "y": Axis(0, 1, ticks, "weight [kg]"),
        "size": (3, 2), "title": "Title_1 {of} 3$ #2: Äß", "description": "A <triangle> & lines.",
        "legend": (Entry("layer 1", Stroke()), Entry("cat", "#77aadd")),
        "bar": ColourBar(("#ffffe5", "#993404"), (-1, 0, 1), (Tick(0, "$0$"),), "$f$"),
    }  # fmt: skip
    return Picture(**(parts | options))


SAMPLES = {
    "all": sample(),
    "corner": sample(border="corner", legend=(), bar=None, title=""),
    "no axes": sample(border="none", description=""),
    "nothing": sample(marks=(), legend=(), bar=None, title=""),
    "far": sample(x=Axis(10**6, 10**6 + 1), marks=(Line(((10**6, 0), (10**6 + 1, 1))),)),
    "narrow": sample(y=Axis(0, Fraction(1, 10**6)), marks=(Line(((0, 0), (1, 1e-6))),)),
}
every_sample = pytest.mark.parametrize("name", SAMPLES)


def test_they_are_found() -> None:
    assert [kind.name for kind in picture_formats()] == ["pdf", "png", "svg", "tikz"]


@every
def test_it_states_its_facts(member: type[PictureFormat]) -> None:
    assert member.description
    assert member.suffixes
    assert all(suffix.startswith(".") for suffix in member.suffixes)
    assert isinstance(member.needs_matplotlib, bool)


def test_no_two_formats_share_a_suffix() -> None:
    suffixes = [suffix for kind in picture_formats() for suffix in kind.suffixes]
    assert len(suffixes) == len(set(suffixes))


@every
@pytest.mark.parametrize("name", ["all", "no axes"])
def test_the_same_picture_gives_the_same_file(member: type[PictureFormat], name: str) -> None:
    first, second = (member(SAMPLES[name]).render() for _ in range(2))
    assert len(first) > 300
    assert first == second


@every
def test_nothing_says_when_or_by_which_version(member: type[PictureFormat]) -> None:
    content = member(sample()).render()
    text = content if isinstance(content, str) else content.decode("latin-1")
    assert not re.search(r"CreationDate|<dc:date>|Matplotlib v|20\d\d-\d\d", text)


@every
def test_the_suffix_picks_the_format(member: type[PictureFormat], tmp_path: Path) -> None:
    for suffix in member.suffixes:
        path = sample().to(tmp_path / f"picture{suffix}")
        found = member(sample()).render()
        assert path.read_bytes() == (found.encode() if isinstance(found, str) else found)
    assert len(list(tmp_path.iterdir())) == len(member.suffixes)


@every
def test_what_needs_matplotlib_says_so(
    member: type[PictureFormat], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    path = tmp_path / f"picture{member.suffixes[0]}"
    if not member.needs_matplotlib:
        assert sample().to(path).exists()
        return
    with pytest.raises(ImportError, match=r"symnet\[plot\], or write \.tex"):
        sample().to(path)
    assert not list(tmp_path.iterdir())
    assert sample()._repr_svg_() is None


def test_symnet_and_its_pictures_do_not_import_matplotlib(tmp_path: Path) -> None:
    code = (
        "import sys, symnet as sn\n"
        "pw = sn.piecewise(sn.Sequential(sn.Linear([[1]]), sn.ReLU()))\n"
        f"pw.plot().to({str(tmp_path / 'relu.tex')!r})\n"
        "assert not any(name.startswith('matplotlib') for name in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_bad_places_say_what_is_wrong(tmp_path: Path) -> None:
    for name, message in {
        "picture": "no suffix names no format of pictures; the suffixes are .pdf, .png, .svg",
        "picture.docx": r"suffix '\.docx' names no format of pictures",
        "missing/picture.tex": "there is no folder",
    }.items():
        with pytest.raises(OutputError, match=message):
            sample().to(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_nothing_is_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "picture.tex"
    path.write_text("before")

    def fails(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.replace", fails)
    with pytest.raises(OutputError, match="Permission denied"):
        sample().to(path)
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["picture.tex"]


# --- SVG, PNG, figure


@every_sample
def test_svg_is_well_formed_and_says_what_it_shows(name: str) -> None:
    picture = SAMPLES[name]
    root = ElementTree.fromstring(picture._repr_svg_())
    space = "{http://www.w3.org/2000/svg}"
    title, description = root.findall(f"{space}title"), root.findall(f"{space}desc")
    assert root.attrib["role"] == "img"
    assert [e.text for e in title] == [picture.title or "Picture"]
    assert [e.text or "" for e in description] == [picture.description]
    ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids))


def test_sizes_are_those_of_the_plotted_area(tmp_path: Path) -> None:
    figure = sample().figure()
    box = figure.axes[0].get_window_extent()
    assert (box.width / figure.dpi, box.height / figure.dpi) == pytest.approx((3, 2))
    width, height = struct.unpack(">II", sample().to(tmp_path / "p.png").read_bytes()[16:24])
    assert (width, height) == pytest.approx(tuple(200 * v for v in figure.get_size_inches()), abs=1)


@every_sample
def test_nothing_sticks_out_of_the_figure_and_no_words_meet(name: str) -> None:
    figure = SAMPLES[name].figure()
    renderer = figure.canvas.get_renderer()
    figure.draw_without_rendering()
    texts = [t for axes in figure.axes for t in axes.texts]
    texts += [t for axes in figure.axes if axes.legend_ for t in axes.legend_.texts]
    texts += [t for axes in figure.axes for t in (axes.title, axes.xaxis.label, axes.yaxis.label)]
    boxes = [t.get_window_extent(renderer) for t in texts if t.get_text()]
    for k, box in enumerate(boxes):
        assert figure.bbox.x0 <= box.x0
        assert box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0
        assert box.y1 <= figure.bbox.y1
        assert not any(box.overlaps(other) for other in boxes[:k])


# --- TikZ

_PLACE = re.compile(r"\((-?[\d.]+),(-?[\d.]+)\)")


def source(picture: Picture) -> str:
    return str(picture_formats()[-1](picture).render())


@every_sample
def test_tikz_is_ascii_with_balanced_braces(name: str) -> None:
    text = source(SAMPLES[name])
    assert text.isascii()
    assert re.sub(r"\\[{}]", "", text).count("{") == re.sub(r"\\[{}]", "", text).count("}")
    assert text.startswith("% needs: \\usepackage{tikz}\n")


def test_tikz_has_the_places_in_short_decimals() -> None:
    path = next(line for line in source(sample()).splitlines() if r"\path[fill=colour1" in line)
    assert path.endswith("(0,0) -- (1,0) -- (0.5,0.3333) -- cycle;")


@pytest.mark.parametrize("name", ["far", "narrow"])
def test_places_beyond_tex_s_numbers_are_centimetres_on_paper(name: str) -> None:
    line = next(row for row in source(SAMPLES[name]).splitlines() if r"\draw[line width=0.8" in row)
    assert _PLACE.findall(line)[0] == ("0", "0")
    x, y = map(float, _PLACE.findall(line)[1])
    units = [float(v) for v in re.findall(r"[xy]=([\d.]+)cm", source(SAMPLES[name]))[:2]]
    assert (x * units[0], y * units[1]) == pytest.approx((3 * 2.54, 2 * 2.54), rel=1e-3)


@needs_latex
def test_tikz_compiles_with_nothing_but_tikz(tmp_path: Path) -> None:
    for name, picture in SAMPLES.items():
        picture.to(tmp_path / f"{name.replace(' ', '-')}.tikz")
    inputs = "\n\n".join(rf"\input{{{p.name}}}" for p in sorted(tmp_path.iterdir()))
    document = (
        "\\documentclass{article}\n\\usepackage{tikz}\n\\begin{document}\n%s\n\\end{document}\n"
    )
    (tmp_path / "notes.tex").write_text(document % inputs)
    sample().to(tmp_path / "alone.tex", standalone=True)
    for job in ("notes", "alone"):
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"{job}.tex"],
            cwd=tmp_path, capture_output=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        log = (tmp_path / f"{job}.log").read_text(encoding="latin-1")
        assert done.returncode == 0, [
            row for row in log.splitlines() if row.startswith(("!", "l."))
        ]
        assert "Missing character" not in log


def test_tikz_of_too_many_marks_names_pdf() -> None:
    picture = sample(marks=(Dot((0, 0)),) * 8001)
    with pytest.raises(OutputError, match=r"8001 marks .* \(8000 go\); write it as \.pdf"):
        source(picture)


# --- colours and ticks


def test_areas_are_light_enough_for_black_words() -> None:
    for found in PALETTES.values():
        assert min(map(lightness, found.fills)) > 0.6


def test_grey_is_grey_and_its_steps_can_be_told_apart() -> None:
    grey = PALETTES["grey"]
    assert all(c[1:3] == c[3:5] == c[5:7] for c in (*grey.fills, *grey.scale, *grey.lines))
    steps = sorted(map(lightness, grey.fills))
    assert min(b - a for a, b in pairwise(steps)) > 0.07


@pytest.mark.parametrize("name", ["light", "grey"])
def test_scales_go_from_light_to_dark_in_print(name: str) -> None:
    shades = [lightness(c) for c in graded(PALETTES[name].scale, 12)]
    assert shades == sorted(shades, reverse=True)
    assert len(set(shades)) == 12


def test_own_colours() -> None:
    assert palette(["#ABC", "#123456"]).fills == ("#aabbcc", "#123456")
    for given, message in {
        "rainbow": "no palette 'rainbow'; the palettes are light, diverging, grey",
        ("#fff",): "two colours or more",
        ("#fff", "red"): "'red' is no colour; write #rrggbb",
        7: "two colours or more, and 7",
    }.items():
        with pytest.raises(PictureError, match=message):
            palette(given)


@pytest.mark.parametrize("low", [Fraction(-7, 3), Fraction(0), Fraction(10**9), Fraction(1, 10**9)])
@pytest.mark.parametrize("span", [Fraction(1, 10**7), Fraction(2, 7), Fraction(1), Fraction(12345)])
def test_round_ticks_are_multiples_of_a_round_step_in_the_range(
    low: Fraction, span: Fraction
) -> None:
    by = step(span, 5)
    assert str(by.numerator * 10**12 // by.denominator).rstrip("0") in ("1", "2", "5")
    assert span / 5 <= by < span / 2
    found = [t.at for t in round_ticks(low, low + span)]
    assert found == multiples(low, low + span, by)
    assert 2 <= len(found) <= 6
    assert all(low <= v <= low + span and v % by == 0 for v in found)


def test_exact_ticks_have_room_or_no_words() -> None:
    values = [Fraction(k, 8) for k in range(9)]
    wide, narrow = exact_ticks(values, 0, 1, 280), exact_ticks(values, 0, 1, 70)
    assert wide is not None
    assert [t.words for t in wide] == [fraction(v) for v in values]
    assert narrow is not None
    assert [t.at for t in narrow] == values
    assert 0 < sum(bool(t.words) for t in narrow) < 9
    assert exact_ticks([Fraction(12345, 54321)], 0, 1, 280) is None
    assert exact_ticks([Fraction(5)], 0, 1, 280) is None
