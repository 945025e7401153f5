"""Texts in JSON, parsed after their size has been looked at."""

from __future__ import annotations

import json
from typing import Any

from ._base import MAX_ENTRIES

#: A text holds at most so many values, and whole numbers of so many digits.
_VALUES, _DIGITS = MAX_ENTRIES >> 2, 4_000


class ParsingError(ValueError):
    """A text that is not JSON, or not taken for it; the message says why."""


def parsed(data: str | bytes) -> Any:
    """The values in a JSON text; a name may stand in an object once.

    >>> parsed(b'{"a": [1, 2.5]}')
    {'a': [1, 2.5]}
    """
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
        if text.count(",") + text.count("[") + text.count("{") > _VALUES:
            raise ParsingError(f"it holds more than {_VALUES} values")
        return json.loads(text, object_pairs_hook=_object, parse_int=_integer)
    except ParsingError:
        raise
    except (ValueError, RecursionError):
        raise ParsingError("it is not JSON, or damaged") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ParsingError(f"{twice[:40]!r} stands twice in the same object")
    return found


def _integer(text: str) -> int:
    if len(text) > _DIGITS:
        raise ParsingError(f"a number has more than {_DIGITS} digits")
    return int(text)
