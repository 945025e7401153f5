r"""Clipping to $[a, b]$ is $a + \mathrm{ReLU}(x - a) - \mathrm{ReLU}(x - b)$.

Why: the two corners of the graph are the two neurons.

Conditions: $a \le b$.

Source: definition.
"""

import sympy as sp

import symnet as sn

a, b, x = sp.symbols("a b x", real=True)

claim = sn.Claim(sp.Min(sp.Max(x, a), b), a + sn.relu(x - a) - sn.relu(x - b), where=sp.Le(a, b))
