"""``symnet list``, ``symnet show`` and ``symnet new``: what is in a folder of theorem files."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .._late import late
from ..catalogue import (
    OPEN,
    REFUTED,
    Cache,
    check,
    expected_verdict,
    nearest,
    new_theorem,
    paragraphs,
    theorem_files,
)
from ..errors import TheoremError
from ._common import FALSE, OK, command, remark
from ._theorems import cache_of, keeping

#: Where theorem files are looked for when no folder is given.
DEFAULT = "proofs"


def add(commands: Any) -> None:
    """Add the commands to the command line."""
    listing = command(commands, "list", "the theorems in a folder; nothing is run")
    _folder(listing)
    listing.add_argument("--json", action="store_true", help="as JSON")
    keeping(listing)
    showing = command(commands, "show", "one theorem: statement, claim, verdict, derivation")
    showing.add_argument("name", metavar="NAME", help="the name of its file")
    _folder(showing)
    showing.add_argument("--format", default="text", help="text, latex, markdown, html")
    showing.add_argument("--notation", default="columns", help="columns, rows, omega or brackets")
    keeping(showing)
    starting = command(commands, "new", "write a theorem file to start from")
    starting.add_argument("name", metavar="NAME", help="what it concludes, such as relu_convex")
    _folder(starting)
    kind = starting.add_mutually_exclusive_group()
    for name, what in ((REFUTED, "a false claim"), (OPEN, "a claim that waits to be decided")):
        kind.add_argument(f"--{name}", dest="kind", action="store_const", const=name, help=what)


def _folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", nargs="?", default=DEFAULT, metavar="DIR",
        help=f"a folder of theorem files ({DEFAULT} if it is left out)",
    )  # fmt: skip


def run_list(options: argparse.Namespace) -> int:
    """Print a table of the theorems; the exit code."""
    cache = cache_of(options)
    rows = [_row(file, cache) for file in theorem_files(options.folder)]
    if options.json:
        print(json.dumps(rows, indent=2, ensure_ascii=False))
        return OK
    widths = [max(len(row[key]) for row in rows) for key in ("name", "status")]
    for row in rows:
        print(f"{row['name']:<{widths[0]}}  {row['status']:<{widths[1]}}  {row['statement']}")
    unknown = sum(row["status"] == "unchecked" for row in rows)
    if unknown:
        remark(f"{unknown} of {len(rows)} are not decided yet: symnet check {options.folder}")
    return OK


def _row(file: Path, cache: Cache | None) -> dict[str, str]:
    """Name, status, statement: what was found out about the file as it is, if anything was."""
    source = file.read_bytes()
    finding = None if cache is None else cache.find(file, source)
    status = "unchecked" if finding is None else finding.verdict
    if finding is not None and finding.problem:
        status = f"FAILED: {status}"
    if status == "undecided":
        status = "open"
    try:
        statement = paragraphs(file, source)[0]
    except TheoremError as error:
        status, statement = "unreadable", str(error)
    return {
        "name": file.stem,
        "status": status,
        "expected": expected_verdict(file),
        "statement": statement,
        "file": str(file),
    }


def run_show(options: argparse.Namespace) -> int:
    """Print one theorem; the exit code."""
    file = _named(options.name, theorem_files(options.folder))
    (finding,) = (found for _, found in check([file], cache=cache_of(options)))
    theorem = late("catalogue", "read_file")(file, finding)
    notes = late("catalogue", "document")([theorem])
    # the theorem alone, without the tables at the end of notes
    blocks = [block for block in notes.blocks if isinstance(block, late("document", "Statement"))]
    claim = late("document", "Prose")((f"Claim: {late('verdict', 'short')(theorem.claim)}",))
    title = f"{file.stem} ({file})"
    document = late("document", "Document")((*blocks, claim), title=title)
    text = late("render", "render")(document, options.format, notation=options.notation)
    if isinstance(text, bytes):
        sys.stdout.buffer.write(text)
    else:
        print(text.rstrip("\n"))
    if theorem.problem:
        remark(f"symnet show: {theorem.problem}")
    return FALSE if theorem.problem else OK


def _named(name: str, files: tuple[Path, ...]) -> Path:
    name = Path(name).stem
    for file in files:
        if file.stem == name:
            return file
    raise TheoremError(f"no theorem is called {name}{nearest(name, [f.stem for f in files])}")


def run_new(options: argparse.Namespace) -> int:
    """Write a theorem file; the exit code."""
    file = new_theorem(options.name, options.folder, options.kind or "")
    print(file)
    remark(f"it decides as it is; change it, and then: symnet check {file}")
    return OK


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "list": run_list,
    "show": run_show,
    "new": run_new,
}
