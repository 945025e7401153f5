"""A hidden ReLU neuron can be scaled by any $c > 0$ if its outgoing weight is divided by $c$.

Why: so weights have no meaning of their own: only the products along the paths do.

Conditions: $c > 0$.

Source: Neyshabur, Salakhutdinov and Srebro, Path-SGD (2015).
"""

import sympy as sp

import symnet as sn

c = sp.Symbol("c", positive=True)
v, w, b, x = sp.symbols("v w b x", real=True)

claim = sn.Claim((v / c) * sn.relu(c * w * x + c * b), v * sn.relu(w * x + b))
