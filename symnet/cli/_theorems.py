"""``symnet check`` and what else is done with folders of theorem files."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from platformdirs import user_cache_dir

from ..catalogue import (
    UNREADABLE,
    Cache,
    Finding,
    check,
    expected_verdict,
    selected,
    theorem_files,
    usable_processors,
)
from ._common import FALSE, MISUSE, OK, UNDECIDED, command, remark
from ._watching import watch

_CHECK = """\
A theorem file that has not changed, nor what it imports or opens, is not run again.
Exit codes: 0 all as their folders say, 1 a claim or a derivation is not, 2 a file cannot be read,
3 a claim is undecided.
"""

#: What to do about a file, by the verdict that its folder says and the one that was found.
_WAYS_OUT = {
    ("proved", "refuted"): "the claim is false; correct it, or move the file to {refuted} if it "
    "is there to show what is false",
    ("proved", "undecided"): "the claim is neither proved nor refuted; move the file to {open} if "
    "it is to wait there",
    ("refuted", "proved"): "the claim is true; move the file out of {refuted}",
    ("refuted", "undecided"): "no counterexample was found; move the file to {open} if it is to "
    "wait there",
    ("undecided", "proved"): "the claim is proved now; move the file out of {open}",
    ("undecided", "refuted"): "the claim is refuted now; move the file to {refuted}",
    ("proved", "proved"): "the claim is true, and a step of the derivation is not",
}


def add(commands: Any) -> None:
    """Add the commands to the command line."""
    checking = command(commands, "check", "prove every theorem file in a folder", epilog=_CHECK)
    checking.add_argument(
        "places", nargs="+", metavar="DIR|FILE", help="folders of theorem files, or some of them "
        "(they are run)",
    )  # fmt: skip
    only(checking)
    checking.add_argument("--json", action="store_true", help="the findings as JSON")
    checking.add_argument(
        "--watch", action="store_true", help="check again what changes, until Ctrl-C"
    )
    proving(checking)


def only(parser: argparse.ArgumentParser) -> None:
    """Add the option that chooses theorems."""
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="PATTERN", help="theorems by name: 'relu_*' …"
    )


def proving(parser: argparse.ArgumentParser) -> None:
    """Add the options about where results are kept and how many processes prove."""
    parser.add_argument(
        "-j", "--jobs", type=_count, metavar="N", default=usable_processors(),
        help="prove in so many processes (as many as there are processors)",
    )  # fmt: skip
    keeping(parser)


def keeping(parser: argparse.ArgumentParser) -> None:
    """Add the options about where results are kept."""
    kept = parser.add_mutually_exclusive_group()
    kept.add_argument("--cache", type=Path, metavar="DIR", help="keep results in this folder")
    kept.add_argument("--no-cache", action="store_true", help="prove everything, keep nothing")


def cache_of(options: argparse.Namespace) -> Cache | None:
    """Where results are kept: as the options say, $SYMNET_CACHE, or the user's own cache."""
    if options.no_cache:
        return None
    place = options.cache or os.environ.get("SYMNET_CACHE") or user_cache_dir("symnet")
    return Cache(Path(place), lambda text: remark(f"symnet {options.command}: {text}"))


def findings(place: str, options: argparse.Namespace) -> dict[Path, Finding]:
    """What is found out about the theorems in a folder."""
    cache = cache_of(options)
    return dict(check(theorem_files(place), cache=cache, jobs=options.jobs))


def run_check(options: argparse.Namespace) -> int:
    """Check theorem files; the exit code."""
    if options.watch:
        return watch(options, cache_of(options), lambda files, cache: _check(files, cache, options))
    files = selected(theorem_files(*options.places), options.only)
    return _check(files, cache_of(options), options)


def _check(files: Sequence[Path], cache: Cache | None, options: argparse.Namespace) -> int:
    started = perf_counter()
    findings: dict[Path, Finding] = {}
    for file, finding in check(files, cache=cache, jobs=options.jobs):
        findings[file] = finding
        if not options.json and finding.verdict != UNREADABLE:
            print(_line(file, finding), flush=True)
    seconds = perf_counter() - started
    if options.json:
        print(json.dumps(_as_json(findings, seconds), indent=2, ensure_ascii=False))
    else:
        print(_summary(findings, seconds))
    for file, finding in findings.items():
        if finding.problem:
            remark(f"symnet check: {_what_to_do(file, finding)}")
    codes = [_code(file, finding) for file, finding in findings.items()]
    return max(codes, key=(OK, UNDECIDED, FALSE, MISUSE).index)


def _line(file: Path, finding: Finding) -> str:
    time = "" if finding.remembered else f"  [{finding.seconds:.2f} s]"
    return f"{'FAILED ' if finding.problem else ''}{file.stem}: {_told(finding)}{time}"


def _told(finding: Finding) -> str:
    return finding.problem or finding.text


def _summary(findings: dict[Path, Finding], seconds: float) -> str:
    counts = _counts(findings)
    parts = [f"{count} {name}" for name, count in counts.items() if count]
    remembered = sum(finding.remembered for finding in findings.values())
    known = f", {remembered} unchanged" if remembered else ""
    plural = "" if len(findings) == 1 else "s"
    return f"{len(findings)} theorem{plural}: {', '.join(parts)} ({seconds:.1f} s{known})"


def _counts(findings: dict[Path, Finding]) -> dict[str, int]:
    """How many there are of which kind; what is not as its folder says has failed."""
    kinds = {"proved": "proved", "refuted": "refuted as claimed", "undecided": "open"}
    counts = dict.fromkeys([*kinds.values(), "FAILED", UNREADABLE], 0)
    for file, finding in findings.items():
        unreadable = finding.verdict == UNREADABLE
        failed = UNREADABLE if unreadable else "FAILED" if finding.problem else ""
        counts[failed or kinds[expected_verdict(file)]] += 1
    return counts


def _what_to_do(file: Path, finding: Finding) -> str:
    if finding.verdict == UNREADABLE:
        return finding.problem
    expected = expected_verdict(file)
    folder = file.parent if expected == "proved" else file.parent.parent
    way = _WAYS_OUT[expected, finding.verdict]
    return f"{file}: {way.format(refuted=folder / 'refuted', open=folder / 'open')}"


def _code(file: Path, finding: Finding) -> int:
    if finding.verdict == UNREADABLE:
        return MISUSE
    if not finding.problem:
        return OK
    return UNDECIDED if finding.verdict == "undecided" else FALSE


def _as_json(findings: dict[Path, Finding], seconds: float) -> dict[str, Any]:
    theorems = [
        {
            "name": file.stem,
            "file": str(file),
            "expected": expected_verdict(file),
            **(finding.record or {"verdict": finding.verdict}),
            "problem": finding.problem,
            "seconds": round(finding.seconds, 4),
            "unchanged": finding.remembered,
        }
        for file, finding in findings.items()
    ]
    return {"theorems": theorems, "counts": _counts(findings), "seconds": round(seconds, 4)}


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of processes: 1, 2, …")
    return int(text)


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {"check": run_check}
