r"""Through a hidden layer of one neuron, every $2 \times 2$ minor of the composed weights
vanishes.

Why: the composition of linear layers has at most the rank of its narrowest layer. Linear layers
in between can only take possibilities away: here the composed matrix $W_2 W_1$ has rank 1 at
most.

Source: Strang, Introduction to Linear Algebra (2016), section 3.5.
"""

import sympy as sp

import symnet as sn

p, q, r, s = sp.symbols("p q r s", real=True)

W_1 = sp.Matrix([[p, q]])
W_2 = sp.Matrix([r, s])

claim = sn.Claim((W_2 * W_1).det(), 0)
