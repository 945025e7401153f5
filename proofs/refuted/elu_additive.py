"""ELU keeps negative values, so it is additive.

Why: to keep a value is not enough. ELU bends the negative ones.

Source: Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by
exponential linear units (2016), arXiv:1511.07289, for ELU.
"""

import sympy as sp

import symnet as sn

x, y = sp.symbols("x y", real=True)

claim = sn.Claim(sn.elu(x + y), sn.elu(x) + sn.elu(y))
