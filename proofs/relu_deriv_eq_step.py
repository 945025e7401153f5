r"""The derivative of ReLU is 1 for $x > 0$ and 0 for $x < 0$; at 0 it is taken to be 0.

Why: a step multiplies the gradient by 0 or by 1 and by nothing else. At 0 there is no
derivative; torch, JAX and Keras take 0, and so do these notes. Any number between 0 and 1 is a
subgradient there.

Source: Glorot, Bordes and Bengio, Deep sparse rectifier neural networks (2011), section 3.1.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sp.diff(sn.relu(x), x), sp.Piecewise((1, x > 0), (0, True)))
