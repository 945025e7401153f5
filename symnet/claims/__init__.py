"""Claims and how they are decided; shares no code with the rules whose steps it checks."""

from ._claim import Claim, prove
from ._decide import refute

__all__ = ["Claim", "prove", "refute"]
