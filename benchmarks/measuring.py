"""CPU time and memory of a run, and silence around it."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from resource import RUSAGE_SELF, getrusage

from peers import Counts

Run = Callable[[], Counts]


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


def timed(run: Run) -> tuple[float, Counts]:
    start = time.process_time()
    counts = run()
    spent = time.process_time() - start
    return counts.pop("nanoseconds", spent * 1e9) / 1e9, counts


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
