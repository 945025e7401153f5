"""Names that live above the module that offers them as a method.

``net.simplify()`` is what a user types, but networks know nothing of simplification: imports
point down. The few methods that reach up do it through :func:`late`, which imports on first use,
and they are listed by searching for its name.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any


@cache
def late(module: str, name: str) -> Any:
    """The attribute ``name`` of ``symnet.<module>``, imported when it is first needed."""
    return getattr(import_module(f"symnet.{module}"), name)
