r"""$\mathrm{ReLU}(x) - \mathrm{ReLU}(-x) = x$.

Why: two ReLUs carry any number through a layer unchanged: clipping loses nothing if the negative
part has a neuron of its own.

Source: definition.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.relu(x) - sn.relu(-x), x)
