"""The bias of the first linear layer can be left out.

Why: it is multiplied by the second weight and adds to the second bias.

Source: a shortcut that is seen in lecture notes.
"""

import sympy as sp

import symnet as sn

w_1, w_2, b_1, b_2, x = sp.symbols("w_1 w_2 b_1 b_2 x", real=True)

claim = sn.Claim(w_2 * (w_1 * x + b_1) + b_2, w_2 * w_1 * x + b_2)
