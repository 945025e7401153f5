"""Leaky ReLU misses additivity at 1 and -1 by $a - 1$, so it is linear for no slope but 1.

Why: $f(1 + (-1)) - f(1) - f(-1) = 0 - 1 + a$; if $f$ were linear this would be 0. Any slope but 1
keeps the network non-linear.

Source: definition.
"""

import sympy as sp

import symnet as sn

a = sp.Symbol("a", real=True)

f = sn.leaky_relu

claim = sn.Claim(f(0, a) - f(1, a) - f(-1, a), a - 1)
