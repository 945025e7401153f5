"""A ReLU between two linear layers changes nothing.

Why: where the hidden neuron is on that is true, and elsewhere it is not.

Source: the claim that only the output needs a non-linearity.
"""

import sympy as sp

import symnet as sn

w_1, w_2, b_1, b_2, x = sp.symbols("w_1 w_2 b_1 b_2 x", real=True)

z = w_1 * x + b_1

claim = sn.Claim(w_2 * sn.relu(z) + b_2, w_2 * z + b_2)
