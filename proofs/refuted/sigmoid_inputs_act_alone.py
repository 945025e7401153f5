r"""In $\sigma(x + y)$ the inputs act on their own: $\sigma(x + y) + \sigma(0) = \sigma(x) +
\sigma(y)$.

Why: with an affine function in place of $\sigma$ this is true: the effects of $x$ and $y$ add up. A
curve mixes them.

Source: the converse of the collapse of linear layers.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

claim = sn.Claim(sn.sigmoid(x + y) + sn.sigmoid(0), sn.sigmoid(x) + sn.sigmoid(y))
