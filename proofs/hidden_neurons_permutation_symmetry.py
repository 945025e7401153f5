r"""Reordering the hidden neurons does not change the network.

Why: with $P$ a permutation, $W_2 P^T \sigma(P (W_1 x + b_1)) = W_2 \sigma(W_1 x + b_1)$: every
trained network has $n!$ twins.

Source: Hecht-Nielsen, On the algebraic structure of feedforward network weight spaces (1990).
"""

import sympy as sp

import symnet as sn

x = sp.Matrix(sp.symbols("x_1:3", real=True))
W = sp.Matrix(3, 2, sp.symbols("w_1:7", real=True))
b = sp.Matrix(sp.symbols("b_1:4", real=True))
v = sp.Matrix(1, 3, sp.symbols("v_1:4", real=True))
order = [2, 0, 1]

net = sn.Sequential(sn.Linear(W, b), sn.ReLU(), sn.Linear(v, [0]))
reordered = sn.Sequential(
    sn.Linear(W.extract(order, [0, 1]), b.extract(order, [0])),
    sn.ReLU(),
    sn.Linear(v.extract([0], order), [0]),
)

claim = sn.Claim(net(x), reordered(x))
