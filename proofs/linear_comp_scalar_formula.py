"""Two linear layers with one neuron each compute $w_2 w_1 x + (w_2 b_1 + b_2)$.

Why: this is the right formula beside the wrong one: the weights are multiplied, and the first
bias is multiplied by the second weight.

Source: the distributive law.
"""

import sympy as sp

import symnet as sn

w_1, w_2, b_1, b_2, x = sp.symbols("w_1 w_2 b_1 b_2 x", real=True)

claim = sn.Claim(w_2 * (w_1 * x + b_1) + b_2, w_2 * w_1 * x + (w_2 * b_1 + b_2))
