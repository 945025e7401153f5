r"""$\mathrm{ReLU}(a x) = a\,\mathrm{ReLU}(x)$ for every $a \ge 0$.

Why: positive factors pass through ReLU. This much is left of linearity, and it is why the
weights of a ReLU network can be rescaled from layer to layer.

Conditions: $a \ge 0$.

Source: Neyshabur, Salakhutdinov and Srebro, Path-SGD: path-normalized optimization in deep
neural networks (2015), arXiv:1506.02617.
"""

import sympy as sp

import symnet as sn

a = sp.Symbol("a", nonnegative=True)
x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.relu(a * x), a * sn.relu(x))
