"""Theorem files: one theorem a file, a statement in words and a claim in symnet."""

from ._notes import document
from ._reading import read, read_file, read_what_can_be
from ._theorem import REFUTED, Theorem, TheoremError

__all__ = [
    "REFUTED",
    "Theorem",
    "TheoremError",
    "document",
    "read",
    "read_file",
    "read_what_can_be",
]
