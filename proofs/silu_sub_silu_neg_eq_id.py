r"""$\mathrm{SiLU}(x) - \mathrm{SiLU}(-x) = x$.

Why: the odd part of SiLU is that of ReLU, too.

Source: Ramachandran, Zoph and Le, Searching for activation functions (2017), arXiv:1710.05941.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.silu(x) - sn.silu(-x), x)
