r"""$\mathrm{ReLU}(x + y) = \mathrm{ReLU}(x) + \mathrm{ReLU}(y)$.

Why: if this were true ReLU would be linear, and ReLU layers would collapse as linear ones do. It
fails as soon as the two signs differ.

Source: a claim that comes up in answers to the question why networks need activation functions.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

claim = sn.Claim(sn.relu(x + y), sn.relu(x) + sn.relu(y))
