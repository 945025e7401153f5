r"""ELU is linear for no $a > 0$: $\mathrm{ELU}(-2) - 2\,\mathrm{ELU}(-1) = a (1 - e^{-1})^2 >
0$.

Why: a linear function is twice as large at $-2$ as at $-1$. ELU keeps a part of the negative
values, and bends them; keeping them is not what makes an activation linear.

Conditions: $a > 0$.

Source: Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by
exponential linear units (2016), arXiv:1511.07289, for ELU.
"""

import sympy as sp

import symnet as sn

a = sp.Symbol("a", positive=True)

claim = sn.Claim(sn.elu(-2, a) - 2 * sn.elu(-1, a), a * (1 - sp.exp(-1)) ** 2)
