"""Between two points on one side of its bend, a ReLU neuron is affine.

Why: a neuron of one variable bends at one place, where $w x + b = 0$, and on either side of it the
neuron is $w x + b$ or 0.

Conditions: $0 \\le t \\le 1$, and $w p + b$ and $w q + b$ are not of opposite signs.

Source: Arora, Basu, Mianjy and Mukherjee, Understanding deep neural networks with rectified
linear units (2018), arXiv:1611.01491, theorem 2.2.
"""

import sympy as sp

import symnet as sn

w, b, p, q, t = sp.symbols("w b p q t", real=True)


def neuron(x: sp.Expr) -> sp.Expr:
    return sn.relu(w * x + b)


on = sp.And(w * p + b >= 0, w * q + b >= 0)
off = sp.And(w * p + b <= 0, w * q + b <= 0)

claim = sn.Claim(
    neuron(t * p + (1 - t) * q),
    t * neuron(p) + (1 - t) * neuron(q),
    where=sp.And(t >= 0, t <= 1, sp.Or(on, off)),
)
