"""A ReLU network is continuous, whatever its sizes and weights are.

Why: it is composed of affine maps and ReLUs, which are continuous. So the affine functions of two
neighbouring regions agree on the wall between them: the graph bends there, and does not tear.

Source: definition.
"""

import sympy as sp

import symnet as sn

n_0, n_1, n_2, n_3 = sp.symbols("n_0:4", integer=True, positive=True)

claim = sn.continuous(
    sn.Sequential(
        sn.Linear(n_0, n_1), sn.ReLU(), sn.Linear(n_1, n_2), sn.ReLU(), sn.Linear(n_2, n_3)
    )
)
