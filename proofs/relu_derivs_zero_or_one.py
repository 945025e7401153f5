r"""The product of the slopes of $L$ ReLUs is 0 or 1.

Why: a number with $p (1 - p) = 0$ is 0 or 1. Along a path of neurons that are on, the gradient
passes through any number of ReLUs undiminished; one neuron that is off stops it altogether. This
is the true part of "ReLU's derivative is 1".

Source: Glorot, Bordes and Bengio, Deep sparse rectifier neural networks (2011), section 3.1.
"""

import sympy as sp

import symnet as sn

L = sp.Symbol("L", integer=True, nonnegative=True)
p, z = (sp.IndexedBase(letter, real=True) for letter in "pz")

claim = sn.Induction(
    p[L] * (1 - p[L]), 0, index=L, term=p[L], first=1, step=sn.step(z[L + 1]) * p[L]
)
