"""CPU time and memory of a run, and silence around it."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

from peers import Counts

Run = Callable[[], Counts]

#: Shorter runs are repeated: what other tools left in the caches is not to be measured.
_LEAST = 0.02


@contextmanager
def quiet() -> Iterator[None]:
    """Away with what a tool prints, from C as well."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = [os.dup(1), os.dup(2)]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        with open(os.devnull, "w") as sink, redirect_stdout(sink), redirect_stderr(sink):
            yield
    finally:
        for number, descriptor in enumerate(kept, 1):
            os.dup2(descriptor, number)
            os.close(descriptor)
        os.close(nowhere)


def _cpu() -> float:
    """CPU seconds of this process, and of processes that it started and that have ended."""
    ended = getrusage(RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def timed(run: Run) -> tuple[float, Counts]:
    """CPU seconds of a run; one that is short is repeated, and the mean is taken."""
    start, spent, times = _cpu(), 0.0, 0
    while spent < _LEAST:
        counts = run()
        if "nanoseconds" in counts:  # measured in a process of its own
            return counts.pop("nanoseconds") / 1e9, counts
        spent, times = _cpu() - start, times + 1
    return spent / times, counts


def memory(run: Run) -> float | None:
    """Megabytes that a run adds to a fork of this process at its highest."""
    if not hasattr(os, "fork"):
        return None
    unit = 2.0**20 if sys.platform == "darwin" else 2.0**10
    if sys.platform == "linux":  # memory that was freed would not show when it is used again
        getattr(ctypes.CDLL(None), "malloc_trim", lambda _: 0)(0)
    receive, send = os.pipe()
    child = os.fork()
    if not child:
        try:
            before = getrusage(RUSAGE_SELF).ru_maxrss
            with quiet():
                run()
            os.write(send, str((getrusage(RUSAGE_SELF).ru_maxrss - before) / unit).encode())
        finally:
            os._exit(0)
    os.close(send)
    with os.fdopen(receive) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return float(text) if text else None
