"""The backward pass: derivatives of networks and of matrix expressions, symbolic in every size."""

from ._gradient import gradient, hessian, hvp, jacobian, jvp, vjp
from ._slope import Slope, conventions

__all__ = ["Slope", "conventions", "gradient", "hessian", "hvp", "jacobian", "jvp", "vjp"]
