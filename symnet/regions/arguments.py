"""What ``piecewise`` is called with, looked at before any work; the errors say what to write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from ..base import Network
from ..errors import DomainError, WeightError
from ..sequential import as_network
from .domains import Domain


def check_arguments(function: Any, variables: Sequence[Any], domain: Any) -> None:
    """Raise an error unless there are a function, symbols and a domain, each in its place."""
    if isinstance(function, type | list | tuple | str) or callable(function):
        _refuse(function)
    for variable in variables:
        if isinstance(variable, Domain):
            raise DomainError("a domain is given by name: piecewise(f, domain=…)")
        if not isinstance(variable, sp.Symbol):
            raise DomainError(f"{variable!r} is no variable; variables are symbols")
    if len(set(variables)) < len(variables):
        raise DomainError(f"a variable is named twice: {', '.join(map(str, variables))}")
    if domain is not None and not isinstance(domain, Domain):
        raise DomainError(
            f"the domain is {domain!r}; write Box([lo, hi], …), Polyhedron(…) or Slice(…)"
        )


def _refuse(function: Any) -> None:
    if isinstance(function, Network | sp.Basic | sp.MatrixBase):
        return
    if isinstance(function, str):
        raise WeightError(f"the function is the text {function!r}; read it: symnet.parse(text)")
    as_network(function, "the function")


def check_counts(max_regions: Any, n_jobs: Any) -> None:
    """Raise an error unless these are whole numbers that make sense."""
    if max_regions is not None and (not _is_whole(max_regions) or max_regions < 1):
        raise ValueError(f"max_regions is {max_regions!r}; it is a whole number from 1 on, or None")
    if n_jobs is not None and (not _is_whole(n_jobs) or n_jobs == 0):
        raise ValueError(f"n_jobs is {n_jobs!r}; it is the number of processes, or -1 for all")


def _is_whole(value: Any) -> bool:
    return hasattr(value, "__index__") and not isinstance(value, bool)


def number_of_inputs(network: Network, domain: Domain | None) -> int | None:
    """How many inputs a network takes; None where the domain says it.

    Raises
    ------
    WeightError
        Where the number is a symbol.
    DomainError
        Where it is not known at all.
    """
    wanted = network.in_features
    if wanted is None:
        if domain is None:
            raise DomainError(
                f"{network} takes any number of inputs; give a domain, which says how many"
            )
        return None
    if not wanted.is_Integer:
        raise WeightError(
            f"the network takes {wanted} inputs, which is no number; linear regions need numbers "
            "for all sizes and weights: substitute them, or write the weights out"
        )
    return int(wanted)
