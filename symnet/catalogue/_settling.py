"""A theorem is settled: its claim decided and its derivation checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from time import perf_counter

from ..errors import SymnetError
from ..testing._record import record
from ..verdict import Proved, Verdict
from ._finding import UNREADABLE, Finding
from ._reading import read_file
from ._running import digest_of, noted
from ._theorem import Theorem
from ._verdicts import encoded


def settle(file: Path) -> Finding:
    """What is found out about a theorem file."""
    started = perf_counter()
    with noted() as opened:
        try:
            theorem = read_file(file)
            finding = _finding(theorem, started)
        except SymnetError as error:
            finding = _unreadable(file, str(error), started)
        except Exception as error:
            # one theorem that cannot be decided is no reason to leave out the others
            reason = f"{file} fails when it is decided: {type(error).__name__}: {error}"
            finding = _unreadable(file, reason, started)
    others = {path: digest for path, digest in opened.items() if not _same(path, file)}
    return replace(finding, files=others)


def _finding(theorem: Theorem, started: float) -> Finding:
    claim, verdict, problem = theorem.claim, theorem.verdict, theorem.problem
    return Finding(
        theorem.digest,
        verdict.verdict,
        str(verdict),
        problem,
        seconds=perf_counter() - started,
        claim=str(claim),
        record=record(claim, verdict),
        exact=encoded(verdict, claim),
        derivation=_proof(theorem.checked if verdict else None),
    )


def _proof(checked: Verdict | None) -> dict[str, str] | None:
    if not isinstance(checked, Proved):
        return None
    return {"method": checked.method, "detail": checked.detail}


def _unreadable(file: Path, reason: str, started: float) -> Finding:
    seconds = perf_counter() - started
    return Finding(digest_of(file), UNREADABLE, reason, reason, seconds=seconds)


def _same(path: str, file: Path) -> bool:
    return Path(path).absolute() == file.absolute()
