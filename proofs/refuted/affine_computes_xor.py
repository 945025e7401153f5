"""The values of XOR at the corners of the square are those of an affine function.

Why: if the sum of the squares were 0 for some weights, a linear network would compute XOR.

Source: Minsky and Papert, Perceptrons (1969), show that it is not.
"""

import sympy as sp

import symnet as sn

w_1, w_2, b = sp.symbols("w_1 w_2 b", real=True)

misses = [b - 0, w_2 + b - 1, w_1 + b - 1, w_1 + w_2 + b - 0]

claim = sn.Claim(sp.Add(*(miss**2 for miss in misses)), 0)
