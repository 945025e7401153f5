"""NumPy's linear algebra in one thread: small matrices gain nothing from more, which wait a lot.

It also makes floats, and with them the order in which things are found, the same on machines with
different numbers of processors.
"""

from __future__ import annotations

from contextlib import ContextDecorator
from functools import cache
from threading import Lock
from typing import Any

import numpy as np  # noqa: F401 - its pool is found only where it is loaded
from threadpoolctl import ThreadpoolController


@cache
def _controller() -> Any:
    return ThreadpoolController()


class one_thread(ContextDecorator):
    """A context, or a decorator of functions, in which NumPy multiplies matrices in one thread.

    Of several that overlap, in different threads too, the last to end gives the threads back.

    >>> with one_thread():
    ...     blas = ThreadpoolController().select(user_api="blas").info()
    >>> {pool["num_threads"] for pool in blas} <= {1}
    True
    """

    _lock = Lock()
    _open = 0
    _before: Any = None

    def __enter__(self) -> one_thread:
        with one_thread._lock:
            if one_thread._open == 0:
                one_thread._before = _controller().limit(limits=1, user_api="blas")
            one_thread._open += 1
        return self

    def __exit__(self, *error: Any) -> None:
        with one_thread._lock:
            one_thread._open -= 1
            if one_thread._open == 0:
                one_thread._before.restore_original_limits()
