"""Mathematics written as text, read by a small grammar of its own and never evaluated."""

from __future__ import annotations

from ._claim import parse, parse_claim, parse_claims, parse_condition
from ._expression import Reader
from ._layers import LayersVerdict, prove_layers
from ._numbers import closest
from ._source import Source

__all__ = [
    "LayersVerdict",
    "Reader",
    "Source",
    "closest",
    "parse",
    "parse_claim",
    "parse_claims",
    "parse_condition",
    "prove_layers",
]
