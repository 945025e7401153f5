r"""SiLU has the Lipschitz constant $\frac{11}{10}$.

Why: unlike ReLU, SiLU overshoots: near $2.4$ its slope is a little above 1. So networks with SiLU
may spread distances a little further than their weight matrices do.

Source: Elfwing, Uchibe and Doya, Sigmoid-weighted linear units (2018),
doi:10.1016/j.neunet.2017.12.012, section 2, for the derivative.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.lipschitz(sn.silu(x), sp.Rational(11, 10))
