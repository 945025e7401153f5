r"""In $\sigma(x + y)$ the inputs act on their own: $\sigma(x + y) + \sigma(0) = \sigma(x) +
\sigma(y)$.

Why: this is so for every affine function in place of $\sigma$: what $x$ and $y$ do adds up.
Between two bends nothing else could happen; a sigmoid bends everywhere.

Source: the converse of the collapse of linear layers.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

claim = sn.Claim(sn.sigmoid(x + y) + sn.sigmoid(0), sn.sigmoid(x) + sn.sigmoid(y))
