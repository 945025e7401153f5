r"""Leaky ReLU with a slope $a \ne 1$ is not linear: $f(1 + (-1)) \ne f(1) + f(-1)$.

Why: the left side is 0 and the right side is $1 - a$. With slope 1 leaky ReLU is the identity;
so it is linear for $a = 1$ alone. Any other slope makes a bend, a negative one and one above 1 as
well.

Conditions: $a \ne 1$.

Source: Maas, Hannun and Ng, Rectifier nonlinearities improve neural network acoustic models
(2013), for leaky ReLU.
"""

import sympy as sp

import symnet as sn

a = sp.Symbol("a", real=True)

f = sn.leaky_relu

claim = sn.Claim(f(1 - 1, a), f(1, a) + f(-1, a), "!=", where=sp.Ne(a, 1))
