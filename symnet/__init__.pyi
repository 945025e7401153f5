"""The public names of symnet, one line each; the library imports them on first use."""

from .activations._identity import Identity as Identity, identity as identity
from .activations._relu import ReLU as ReLU, relu as relu
from .activations._sigmoid import Sigmoid as Sigmoid, sigmoid as sigmoid
from .activations._step import Step as Step, step as step
from .layers._linear import Linear as Linear
from .sequential import Sequential as Sequential

__version__: str
