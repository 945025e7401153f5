"""Assertions for tests, in the manner of :mod:`numpy.testing`, decided exactly."""

from __future__ import annotations

from ._assert import assert_affine, assert_claim, assert_identity, assert_network_equal
from ._backward import assert_backward
from ._derivation import assert_derivation
from ._gradient import assert_gradient
from ._implements import assert_implements

__all__ = [
    "assert_affine",
    "assert_backward",
    "assert_claim",
    "assert_derivation",
    "assert_gradient",
    "assert_identity",
    "assert_implements",
    "assert_network_equal",
]
