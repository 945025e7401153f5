"""Compiling LaTeX, by the engine that is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ..errors import OutputError

#: The engines that are tried, and how each is called.
ENGINES: dict[str, tuple[str, ...]] = {
    "pdflatex": ("-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape"),
    "lualatex": ("-interaction=nonstopmode", "-halt-on-error", "--no-shell-escape"),
    "tectonic": ("--untrusted",),
}
_SECONDS = 180


def engine() -> str:
    """The first engine that is installed.

    Raises
    ------
    OutputError
        If there is none, with what to install.
    """
    for name in ENGINES:
        if shutil.which(name):
            return name
    raise OutputError(
        "PDF needs a LaTeX, and none of pdflatex, lualatex, tectonic is installed; install one "
        "(Debian and Ubuntu: apt install texlive-latex-recommended; macOS: MacTeX; Windows: "
        "MiKTeX), or write .tex or .html, which need none"
    )


def compiled(text: str, figures: Mapping[str, Path]) -> bytes:
    """The PDF of a whole LaTeX document; ``figures`` are the pictures by the names it has."""
    name = engine()
    with tempfile.TemporaryDirectory(prefix="symnet-") as folder:
        place = Path(folder)
        (place / "document.tex").write_text(text, encoding="ascii")
        for target, path in figures.items():
            try:
                shutil.copyfile(path, place / target)
            except OSError as error:
                raise OutputError(f"cannot read the picture {path}: {error.strerror}") from error
        runs = 2 if re.search(r"\\(label|ref|begin\{frame\})", text) and name != "tectonic" else 1
        for _ in range(runs):
            _run(name, place)
        return (place / "document.pdf").read_bytes()


def _run(name: str, place: Path) -> None:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1"}
    try:
        done = subprocess.run(
            [name, *ENGINES[name], "document.tex"],
            cwd=place, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise OutputError(f"{name} did not end within {_SECONDS} seconds; write .tex") from None
    if done.returncode or not (place / "document.pdf").exists():
        output = (done.stdout + done.stderr).decode("utf-8", "replace")
        raise OutputError(f"{name} stopped: {_first_error(output)}; the source is what .tex writes")


def _first_error(output: str) -> str:
    lines = output.splitlines()
    for at, line in enumerate(lines):
        if line.startswith("!"):
            return " ".join(part.strip() for part in lines[at : at + 3])
    return lines[-1] if lines else "it said nothing"
