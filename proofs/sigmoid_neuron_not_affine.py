r"""The neuron $\sigma(w x + b)$ is affine for no weight but $w = 0$.

Why: an affine function has second differences 0. At the three inputs where $w x + b$ is 0, 1 and
2 the second difference is $\sigma(0) - 2 \sigma(1) + \sigma(2)$, about $-0.08$. An outgoing
weight multiplies it and a bias after it drops out. So whatever is trained, a sigmoid between the
layers stays a non-linearity.

Conditions: $w \ne 0$.

Source: definition.
"""

import sympy as sp

import symnet as sn

w, b = sp.symbols("w b", real=True)


def neuron(x: sp.Expr) -> sp.Expr:
    return sn.sigmoid(w * x + b)


first, second, third = ((k - b) / w for k in (0, 1, 2))

claim = sn.Claim(neuron(first) + neuron(third), 2 * neuron(second), "<", where=sp.Ne(w, 0))
