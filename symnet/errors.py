"""What symnet raises: every message says what was asked, what was found and the way out."""

from __future__ import annotations

from typing import Any

#: A message about a file has at most so many lines and letters in one.
_MOST_LINES, _MOST_LETTERS = 100, 2_000


class SymnetError(Exception):
    """The base of every error that symnet raises on purpose."""


class ShapeError(SymnetError, ValueError):
    """Sizes that do not fit together."""


class WeightError(SymnetError, ValueError):
    """A weight that is not a matrix of finite real numbers or real expressions."""


class NameClashError(SymnetError, ValueError):
    """One name that stands for two different things."""


class LayerError(SymnetError, TypeError):
    """Something that is not a layer, or a layer with arguments that it does not take."""


class LossError(SymnetError, ValueError):
    """A loss, a prediction or a target that a loss is not defined for."""


class GradientError(SymnetError, ValueError):
    """A derivative that cannot be taken: by something unknown, or through something unknown."""


class TracingError(SymnetError, ValueError):
    """A Python function that cannot be followed exactly on symbols."""


class RefutedError(SymnetError, AssertionError):
    """An assertion that is false; ``verdict`` has the point, where exact values show it."""

    def __init__(self, message: str, verdict: Any = None) -> None:
        super().__init__(message)
        self.verdict = verdict


class UndecidedError(SymnetError, RuntimeError):
    """An assertion neither proved nor refuted, so neither a pass nor a failure; see ``verdict``."""

    def __init__(self, message: str, verdict: Any = None) -> None:
        super().__init__(message)
        self.verdict = verdict


class NoBoundError(SymnetError, ValueError):
    """A layer for which it is not known how far rounding can take a result from the exact one."""


class NotAffineError(SymnetError, ValueError):
    """An affine map was asked for where there is none; ``witness`` shows why, if one was found."""

    def __init__(self, message: str, witness: Any = None) -> None:
        super().__init__(message)
        self.witness = witness


class DerivationError(SymnetError, ValueError):
    """A derivation that cannot be made; ``verdict`` says why, where its ends were compared."""

    def __init__(self, message: str, verdict: Any = None) -> None:
        super().__init__(message)
        self.verdict = verdict


class ReadingError(SymnetError, ValueError):
    """A text that cannot be read; the message points at the column, counted from 1."""

    def __init__(self, message: str, text: str = "", column: int | None = None) -> None:
        self.text, self.column = text, column
        if column is not None:
            shown, place = _around(text, column)
            message = f"{message}\n  {shown}\n  {' ' * place}^ column {column + 1}"
        super().__init__(message)


class SpecError(ReadingError):
    """A network description that cannot be read."""


class ExpressionError(ReadingError):
    """An expression, a condition or a claim that cannot be read."""


def _around(text: str, column: int, width: int = 72) -> tuple[str, int]:
    """The part of a long text around a column, safe for a terminal, and the column in it."""
    start = max(0, min(column - width // 2, len(text) - width))
    part = "".join(_safe(c) for c in text[start : start + width])
    head, tail = "…" if start else "", "…" if start + width < len(text) else ""
    return head + part + tail, column - start + len(head)


def _safe(character: str) -> str:
    return character if character.isprintable() else " " if character.isspace() else "\ufffd"


class NotPiecewiseLinearError(SymnetError, ValueError):
    """A function that is not continuous and piecewise linear; the message names what is not."""


class DomainError(SymnetError, ValueError):
    """A domain that is empty or does not fit, or a point outside it."""


class OutOfReachError(DomainError):
    """A question that is well posed and too large to be answered exactly; says what is not."""


class TooManyRegionsError(SymnetError, RuntimeError):
    """A decomposition that was stopped at ``max_regions``."""


class TooManyTermsError(SymnetError, RuntimeError):
    """A maximum of affine functions with more terms than ``max_terms`` allows."""


class CertificateError(SymnetError, ValueError):
    """A decomposition that is not what it claims to be; the message says where."""


class OutputError(SymnetError, OSError):
    """A file that cannot be written or a program that is needed for it and is not there."""


class LoadError(SymnetError, ValueError):
    """A model file that cannot be read; the message says what stands in the way.

    Names in the message come from the file: what would steer a terminal is written out, and what
    is long is cut.
    """

    def __init__(self, message: str) -> None:
        lines = [_harmless(line) for line in message.split("\n")]
        more = len(lines) - _MOST_LINES
        super().__init__("\n".join([*lines[:_MOST_LINES], *[f"  … and {more} more"] * (more > 0)]))


class ExportError(SymnetError, ValueError):
    """A network that a format or a library cannot hold, or weights that no float is exactly."""


class PictureError(SymnetError, ValueError):
    """A picture that cannot be drawn, or an option that it does not have."""


class OutlineError(SymnetError, ValueError):
    """An outline that cannot be read, or that names theorems that are not there."""


class TheoremError(SymnetError, ValueError):
    """A theorem file that lacks something, or a theorem that is not there."""


def _harmless(line: str) -> str:
    """The line, cut, without characters that a terminal obeys."""
    line = line if len(line) <= _MOST_LETTERS else line[:_MOST_LETTERS] + "…"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in line)
