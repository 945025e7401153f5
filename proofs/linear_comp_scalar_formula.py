"""Two linear layers with one neuron each compute $w_2 w_1 x + (w_2 b_1 + b_2)$.

Why: the weights are multiplied, not added, and the second weight multiplies the first bias, too;
the wrong formula is [linear_comp_eq_linear_sum].

Source: the distributive law.
"""

import sympy as sp

import symnet as sn

w_1, w_2, b_1, b_2, x = sp.symbols("w_1 w_2 b_1 b_2 x", real=True)

claim = sn.Claim(w_2 * (w_1 * x + b_1) + b_2, w_2 * w_1 * x + (w_2 * b_1 + b_2))
