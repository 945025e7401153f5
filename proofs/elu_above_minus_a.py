r"""$\mathrm{ELU}(x) > -a$.

Why: a linear function that is not constant has no lower bound. Whatever an activation does with
negative values, a bound on one side is enough to tell that it is not linear.

Conditions: $a > 0$.

Source: Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by
exponential linear units (2016), arXiv:1511.07289, for ELU.
"""

import sympy as sp

import symnet as sn

a = sp.Symbol("a", positive=True)
x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.elu(x, a), -a, ">")
