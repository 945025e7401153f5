"""Networks and activations from plain Python functions, by running them on symbols."""

from ._activation import activation
from ._definition import Definition
from ._function import Elementwise, PythonFunction, applied
from ._network import network
from ._structure import network_of
from ._traced import Traced

__all__ = [
    "Definition",
    "Elementwise",
    "PythonFunction",
    "Traced",
    "activation",
    "applied",
    "network",
    "network_of",
]
