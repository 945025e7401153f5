"""Many theorems are settled: what is known is not asked again, what is not may be shared out."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

from .._late import late
from ..errors import TheoremError
from ._cache import Cache
from ._finding import Finding


def check(
    files: Sequence[Path], *, cache: Cache | None = None, jobs: int = 1
) -> Iterator[tuple[Path, Finding]]:
    """Each theorem file with what is found out about it, in order, as soon as it is known.

    The files are Python and are run, like test files, except where the answer is in the cache.

    Parameters
    ----------
    files : paths, as :func:`theorem_files` gives them
    cache : Cache, optional
        Where findings are looked up and kept.
    jobs : int
        How many processes prove; other processes run the files, too.

    Raises
    ------
    TheoremError
        If another process died.
    """
    known = {file: found for file in files if (found := _known(file, cache)) is not None}
    unknown = [file for file in files if file not in known]
    with _workers(min(jobs, len(unknown))) as workers:
        pending: dict[Path, Future[Finding]] = {}
        if workers is not None:
            pending = {file: workers.submit(settle, file) for file in unknown}
        for file in files:
            finding = known.get(file)
            if finding is None:
                finding = _result(file, pending.get(file))
                if cache is not None:
                    cache.keep(file, finding)
            yield file, finding
    if cache is not None and unknown:
        cache.prune()


def settle(file: Path) -> Finding:
    """What is found out about one file; SymPy is imported for this only."""
    finding: Finding = late("catalogue._settling", "settle")(file)
    return finding


def usable_processors() -> int:
    """How many processes can run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _known(file: Path, cache: Cache | None) -> Finding | None:
    if cache is None:
        return None
    try:
        return cache.find(file, file.read_bytes())
    except OSError:
        return None


def _result(file: Path, pending: Future[Finding] | None) -> Finding:
    if pending is None:
        return settle(file)
    try:
        return pending.result()
    except BrokenProcessPool as error:
        raise TheoremError(
            f"a process died while it proved {file.stem} or one of those after it, perhaps for "
            "want of memory; with -j 1 the last line shown is the one before it"
        ) from error


@contextmanager
def _workers(count: int) -> Iterator[ProcessPoolExecutor | None]:
    """Processes that end when they are no longer needed, at once after an interruption."""
    if count < 2:
        yield None
        return
    # a process that is forked while NumPy has threads may hang
    context = multiprocessing.get_context("spawn")
    workers = ProcessPoolExecutor(count, context, _mute)
    try:
        yield workers
        workers.shutdown()
    except BaseException:
        for child in multiprocessing.active_children():
            child.terminate()
        workers.shutdown(cancel_futures=True)
        raise


def _mute() -> None:
    """Ctrl-C reaches all processes of a terminal; only the first one speaks of it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
