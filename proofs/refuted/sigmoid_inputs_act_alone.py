r"""In $\sigma(x + y)$ the inputs act on their own: the mixed derivative is 0.

Why: this would be so for an affine function. The mixed derivative is
$\sigma (1 - \sigma) (1 - 2 \sigma)$ at $x + y$, which is 0 only where $x + y = 0$.

Source: the converse of the collapse of linear layers.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

claim = sn.Claim(sp.diff(sn.sigmoid(x + y).doit(), x, y), 0)
