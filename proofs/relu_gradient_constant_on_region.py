r"""At two inputs of one activation region, a ReLU network has the same gradient.

Why: the gradient $V D W$ depends on the input only through the mask $D$, and that is the same at
both. It jumps from region to region and changes nowhere else: this is what "piecewise linear"
means for learning.

Conditions: every neuron is on at both inputs or off at both. The network has two inputs and two
hidden neurons; its weights are symbols.

Source: Montúfar, Pascanu, Cho and Bengio, On the number of linear regions of deep neural
networks (2014), arXiv:1402.1869.
"""

import sympy as sp

import symnet as sn

W = sp.Matrix(2, 2, sp.symbols("w_1:5", real=True))
b = sp.Matrix(sp.symbols("b_1:3", real=True))
V = sp.Matrix(1, 2, sp.symbols("v_1:3", real=True))

net = sn.Sequential(sn.Linear(W, b), sn.ReLU(), sn.Linear(V, [0]))
gradient = sn.jacobian(net)

x, y = (sp.Matrix(sp.symbols(f"{letter}_1:3", real=True)) for letter in "xy")
neurons = zip(W * x + b, W * y + b, strict=True)
one_region = sp.And(*(sp.Or(sp.And(p > 0, q > 0), sp.And(p <= 0, q <= 0)) for p, q in neurons))

claim = sn.Claim(
    gradient.subs(net.input, x).doit(), gradient.subs(net.input, y).doit(), where=one_region
)
