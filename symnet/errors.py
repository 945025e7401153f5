"""What symnet raises: every message says what was asked, what was found and the way out."""

from __future__ import annotations

from typing import Any


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


class SpecError(SymnetError, ValueError):
    """A network description that cannot be read; points at the column."""

    def __init__(self, message: str, text: str = "", column: int | None = None) -> None:
        self.text, self.column = text, column
        if column is not None:
            message = f"{message}\n  {text}\n  {' ' * column}^ column {column + 1}"
        super().__init__(message)


class NotPiecewiseLinearError(SymnetError, ValueError):
    """A function that is not continuous and piecewise linear; the message names what is not."""


class DomainError(SymnetError, ValueError):
    """A domain that is empty or does not fit, or a point outside it."""


class TooManyRegionsError(SymnetError, RuntimeError):
    """A decomposition that was stopped at ``max_regions``."""


class CertificateError(SymnetError, ValueError):
    """A decomposition that is not what it claims to be; the message says where."""


class OutputError(SymnetError, OSError):
    """A file that cannot be written or a program that is needed for it and is not there."""


class LoadError(SymnetError, ValueError):
    """A model file that cannot be read; the message says what stands in the way."""
