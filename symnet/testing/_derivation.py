"""Assertions about derivations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..claims import Claim
from ..derivation import Derivation, Step
from ..errors import RefutedError
from ..gradients._backpropagation import Backpropagation
from ..render import plain
from ..verdict import short
from ._message import message, settle


def assert_derivation(derivation: Any, *, err_msg: str = "") -> None:
    """Raise unless every step of a derivation is proved.

    Parameters
    ----------
    derivation : Derivation, or a sequence of expressions that shall be equal, or of Steps
        Or a backward pass, as ``derive(net, gradient=…)`` gives it.
    err_msg : str
        Stands in the message.

    Raises
    ------
    RefutedError
        For the first step that is false, with the point and the values before and after it.
    UndecidedError
        For the first step that is neither proved nor refuted.

    Examples
    --------
    >>> import sympy as sp, symnet as sn
    >>> x = sp.Symbol("x", real=True)
    >>> sn.assert_derivation([(x + 1) ** 2, x**2 + 2 * x + 1, 1 + x * (x + 2)])

    Source: numpy.testing, for the manners.
    """
    __tracebackhide__ = True
    if isinstance(derivation, Backpropagation):
        settle("the backward pass", derivation.check(), "the backward pass", err_msg)
        return
    chain = _as_derivation(derivation)
    count = len(chain)
    for number, step in enumerate(chain, start=1):
        verdict = chain.check_step(step)
        reason = f" ({plain(step.reason)})" if step.reason else ""
        what = f"step {number} of {count}{reason}"
        settle(Claim(step.before, step.after), verdict, what, err_msg, ("before", "after"))
        if number < count and chain[number].before != step.after:
            rows = [("ends", short(step.after)), ("begins", short(chain[number].before))]
            raise RefutedError(
                message(f"step {number + 1} does not begin where step {number} ends", err_msg, rows)
            )


def _as_derivation(given: Any) -> Derivation:
    if isinstance(given, Derivation):
        return given
    parts = list(given) if isinstance(given, Sequence) else [given]
    if len(parts) >= 1 and all(isinstance(part, Step) for part in parts):
        return Derivation(parts[0].before, tuple(parts))
    if len(parts) < 2:
        raise TypeError(
            f"assert_derivation takes a Derivation, or a list of at least two expressions or of "
            f"steps, and got {short(given)}"
        )
    chain = Derivation(parts[0])
    for part in parts[1:]:
        chain = chain.then(part)
    return chain
