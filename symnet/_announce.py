"""Who hears of the claims that tests assert: the report of the pytest plugin, without SymPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: Called with every asserted claim and its verdict.
listeners: list[Callable[[Any, Any], None]] = []


def announce(claim: Any, verdict: Any) -> None:
    """Tell all listeners."""
    for listener in listeners:
        listener(claim, verdict)
