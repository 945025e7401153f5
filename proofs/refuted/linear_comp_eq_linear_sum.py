"""Two linear layers one after the other compute $(w_1 + w_2) x + (b_1 + b_2)$.

Why: that is the formula for layers side by side. One after the other the weights are multiplied,
and the second one also acts on the first bias:
$w_2 (w_1 x + b_1) + b_2 = w_2 w_1 x + w_2 b_1 + b_2$.

Source: a formula that comes up in answers to the question why networks need activation functions.
"""

import sympy as sp

import symnet as sn

w_1, w_2, b_1, b_2, x = sp.symbols("w_1 w_2 b_1 b_2 x", real=True)

claim = sn.Claim(w_2 * (w_1 * x + b_1) + b_2, (w_1 + w_2) * x + (b_1 + b_2))
