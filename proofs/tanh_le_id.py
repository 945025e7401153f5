r"""$\tanh(x) \le x$ for $x \ge 0$.

Why: the line $x$ is the tangent of $\tanh$ at 0, and $\tanh$ bends away from it below. So a neuron
with $\tanh$ makes every positive sum smaller.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.3.2, for the shape.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", nonnegative=True)

claim = sn.Claim(sp.tanh(x), x, "<=")
