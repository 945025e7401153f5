"""ReLU is the maximum of its input and 0.

Why: the definition that is read off the graph.

Source: Nair and Hinton, Rectified linear units improve restricted Boltzmann machines (2010).
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.Claim(sn.relu(x), sp.Max(0, x))
