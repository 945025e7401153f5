r"""The product of the slopes of $L$ sigmoids is at most $4^{-L}$.

Why: by the chain rule the gradient carries one factor $\sigma'(z_l)$ for every layer, and none
of them is above $1/4$. After ten layers less than a millionth is left, unless large weights make
up for it: the gradient vanishes.

Source: Bengio, Simard and Frasconi, Learning long-term dependencies with gradient descent is
difficult (1994), doi:10.1109/72.279181; Glorot and Bengio, Understanding the difficulty of
training deep feedforward neural networks (2010).
"""

import sympy as sp

import symnet as sn

L = sp.Symbol("L", integer=True, nonnegative=True)
p, z = (sp.IndexedBase(letter, real=True) for letter in "pz")

slope = sn.sigmoid(z[L + 1]) * (1 - sn.sigmoid(z[L + 1]))

claim = sn.Induction(sp.Abs(p[L]), 4 ** (-L), "<=", index=L, term=p[L], first=1, step=slope * p[L])
