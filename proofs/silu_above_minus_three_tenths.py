r"""$\mathrm{SiLU}(x) \ge -\frac{3}{10}$ for all $x$.

Why: SiLU lets some of the negative side through, but not much: its least value is about $-0.28$,
where $1 + e^x + x = 0$. That number has no closed form, and the proof does not need it: multiplied
by the positive $10 + 10 e^x$, the claim is $10 x e^x + 3 e^x + 3 \ge 0$, and the left side has its
least value where its derivative $(10 x + 13) e^x$ changes sign.

Source: Elfwing, Uchibe and Doya, Sigmoid-weighted linear units (2018),
doi:10.1016/j.neunet.2017.12.012, section 2, for the least value.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.silu(x), sp.Rational(-3, 10), ">=")
