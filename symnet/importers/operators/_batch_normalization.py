"""BatchNormalization."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt, prod
from typing import Any

import numpy as np

from ...layers._batch_norm import BatchNorm
from ...layers._scale import Scale
from .._base import rounded
from ._base import (
    Flow,
    Operator,
    OperatorError,
    Value,
    array_of,
    exactly,
    flow_of,
    matrix,
)


class BatchNormalization(Operator):
    """Batch norm at inference, with the numbers that training left.

    gamma / sqrt(v + eps) is irrational as a rule. It stays as it is, exactly, unless a type was
    asked for: then it is the nearest float of that type, and the layer scales by rational
    numbers.

    Source: https://onnx.ai/onnx/operators/onnx__BatchNormalization.html.
    """

    onnx = ("BatchNormalization",)
    attributes = ("epsilon", "momentum", "training_mode", "spatial", "is_test", "consumed_inputs")

    def objection(self, constant: Sequence[bool]) -> str | None:
        trains = self.version < 14 and sum(map(bool, self.node.outputs)) > 1
        trains |= self.version < 7 and not self.attribute("is_test", 0)
        if trains or self.attribute("training_mode", 0):
            return "in training mode; export the model for inference"
        if not self.attribute("spatial", 1):
            return "with spatial = 0"
        if len(constant) != 5 or constant[0] or not all(constant[1:]):
            return "with parameters that are not constants"
        return super().objection(constant)

    def apply(self, inputs: Sequence[Value | None]) -> Flow:
        flow = flow_of(inputs[0])
        channels = flow.shape[1] if len(flow.shape) > 1 else 1
        columns = [array_of(value).ravel() for value in inputs[1:]]
        if any(column.size != channels for column in columns):
            raise OperatorError(
                f"{channels} channels have parameters of sizes {[c.size for c in columns]}"
            )
        gamma, beta, mu, v = (
            np.tile(np.repeat(c, prod(flow.shape[2:])), flow.shape[0] if channels > 1 else 1)
            for c in columns
        )
        # the default is a float32 too, as attributes are
        eps = self.attribute("epsilon", float(np.float32(1e-5)))
        if self.dtype is None:
            return flow.then(BatchNorm(gamma, beta, mu, v, eps=eps))
        scale = _scale(exactly(gamma), exactly(v) + Fraction(eps), self.dtype)
        shift = exactly(beta) - exactly(mu) * exactly(scale)
        return flow.then(Scale(matrix(scale, "s"), matrix(shift, "t")))


def _scale(gamma: Any, variance: Any, dtype: str) -> Any:
    """gamma / sqrt(variance), rounded once."""
    if any(v <= 0 for v in variance):
        raise OperatorError("a variance plus epsilon is not positive")
    exact = [g / _root(v) for g, v in zip(gamma, variance, strict=True)]
    near = np.array([x.numerator / x.denominator for x in exact])
    return rounded(near, exact.__getitem__, dtype)


def _root(value: Fraction) -> Fraction:
    """The root of a rational number to 200 binary digits; to be rounded to 53 or fewer."""
    shift = 200 + max(0, value.denominator.bit_length() - value.numerator.bit_length())
    return Fraction(isqrt((value.numerator << 2 * shift) // value.denominator), 1 << shift)
