"""The rules that steps of a backward pass name."""

from __future__ import annotations

from dataclasses import dataclass

_SOURCE = "Magnus and Neudecker, Matrix Differential Calculus, 3rd edition, 2019"


@dataclass(frozen=True)
class StepRule:
    """A rule as a lecturer calls it: its name, the equation, where it is stated."""

    name: str
    statement: str
    source: str = _SOURCE


CHAIN = StepRule(
    "chain rule", "dL/dz = (da/dz)^T dL/da, where L depends on z through a", f"{_SOURCE}, 5.12"
)
JACOBIAN = StepRule(
    "Jacobians of the layers", "W for W a + b; diag(f'(z)) for f at every entry of z"
)
ENTRYWISE = StepRule("entrywise", "diag(u) v = u ∘ v")
TRANSPOSE = StepRule("transpose", "<G, W dA> = <W^T G, dA>")
PRODUCT = StepRule("product rule", "<G, dW a> = <G a^T, dW>")
LOSS = StepRule("derivative of the loss", "see the loss")
PROBABILITY = StepRule("the target sums to 1", "(1^T y) p = p")
SUM = StepRule("sum rule", "what is used in several places has the sum of the derivatives")
NAMES = StepRule("names", "a name for a part")
