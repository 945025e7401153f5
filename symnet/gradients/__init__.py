"""The backward pass: derivatives of networks and of matrix expressions, symbolic in every size."""

from ._bounds import GradientBound, gradient_bound
from ._dead import DeadNeuron, dead_neurons
from ._gradient import gradient, hessian, hvp, jacobian, jvp, vjp
from ._norms import GradientNorms, gradient_norms
from ._slope import Slope, conventions
from ._subgradient import Subgradient, subgradient

__all__ = [
    "DeadNeuron",
    "GradientBound",
    "GradientNorms",
    "Slope",
    "Subgradient",
    "conventions",
    "dead_neurons",
    "gradient",
    "gradient_bound",
    "gradient_norms",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "subgradient",
    "vjp",
]
