r"""Through a hidden layer of two neurons, the composed $3 \times 3$ weights have determinant 0.

Why: three inputs squeezed through two linear neurons cannot be told apart again, whatever linear
layers follow.

Source: Strang, Introduction to Linear Algebra (2016), section 3.5.
"""

import sympy as sp

import symnet as sn

W_1 = sp.Matrix(2, 3, sp.symbols("p_1:7", real=True))
W_2 = sp.Matrix(3, 2, sp.symbols("q_1:7", real=True))

claim = sn.Claim((W_2 * W_1).det(), 0)
