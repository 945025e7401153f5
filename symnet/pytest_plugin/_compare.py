"""What a bare ``assert f == g`` about expressions does, and what one probably wants."""

from __future__ import annotations

from numbers import Number
from typing import Any

import sympy as sp

from ..activations import ActivationFunction
from ..base import Apply, Network
from ..claims import prove
from ..errors import SymnetError
from ..testing._message import brief

#: Seconds for the remark.
PATIENCE = 2.0


def explained(left: Any, right: Any) -> list[str] | None:
    """The lines of an explanation, or None where symnet has nothing to say."""
    sides = (left, right)
    if not all(isinstance(side, sp.Basic | sp.MatrixBase | Number) for side in sides):
        return None
    if not any(_is_of_symnet(side) for side in sides):
        return None
    networks = [isinstance(side, Network) for side in sides]
    helper = "assert_network_equal" if all(networks) else "assert_identity"
    lines = [
        f"{brief(left)} == {brief(right)}",
        "`==` asks whether two expressions are written alike, not whether they are equal for all",
        "values of their symbols, and these are not written alike.",
    ]
    if any(networks) and not all(networks):
        return [*lines, "A network can only be equal to a network; compare net(x) instead."]
    return [
        *lines,
        f"As an identity it is {_verdict(left, right)}",
        f"Test identities with symnet.{helper}(actual, desired).",
    ]


def _is_of_symnet(side: Any) -> bool:
    if isinstance(side, sp.MatrixBase):
        return any(map(_is_of_symnet, side))
    return isinstance(side, sp.Basic) and bool(
        isinstance(side, Network) or side.atoms(ActivationFunction, Apply)
    )


def _verdict(left: Any, right: Any) -> str:
    try:
        return f"{prove(left, right, timeout=PATIENCE)}."
    except (SymnetError, TypeError, ValueError, NotImplementedError) as error:
        # such as two symbols of one name, which is often the reason
        return f"not a claim: {error}"
