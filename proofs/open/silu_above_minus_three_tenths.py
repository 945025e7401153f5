r"""$\mathrm{silu}(x) \ge -\frac{3}{10}$ for all $x$.

Why: SiLU lets some of the negative side through, but not much: its least value is about $-0.28$,
where $1 + e^x + x = 0$. That equation has no solution in terms of exponentials and fractions, so
the least value cannot be written down and compared; a proof needs bounds of $e^x$ on intervals.

Source: Elfwing, Uchibe and Doya, Sigmoid-weighted linear units (2018),
doi:10.1016/j.neunet.2017.12.012, section 2, for the least value.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.silu(x), sp.Rational(-3, 10), ">=")
