"""Networks and activations from plain Python functions, by running them on symbols."""

from ._activation import activation
from ._definition import Definition
from ._function import Elementwise, PythonFunction, applied

__all__ = ["Definition", "Elementwise", "PythonFunction", "activation", "applied"]
