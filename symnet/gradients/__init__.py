"""The backward pass: derivatives of networks and of matrix expressions, symbolic in every size."""

from ._gradient import gradient, hessian, hvp, jacobian, jvp, vjp
from ._slope import Slope, conventions
from ._subgradient import Subgradient, subgradient

__all__ = [
    "Slope",
    "Subgradient",
    "conventions",
    "gradient",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "subgradient",
    "vjp",
]
