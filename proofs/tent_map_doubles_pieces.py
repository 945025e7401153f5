"""Five tent maps in a row have $2^5$ pieces on $[0, 1]$.

Why: the pieces of the network are counted one by one. There are two neurons in each of five
layers; one hidden layer would need 31 neurons.

Source: Telgarsky, Representation benefits of deep feedforward networks (2015), arXiv:1509.08101.
"""

import sympy as sp

import symnet as sn

half = sp.Rational(1, 2)

tent = (sn.Linear([[1], [1]], [0, -half]), sn.ReLU(), sn.Linear([[2, -4]]))

claim = sn.pieces(sn.Sequential(*tent * 5), 2**5, domain=sn.Box([0, 1]))

x = sp.Symbol("x", real=True)


def applied(times: int) -> sp.Expr:
    value = x
    for _ in range(times):
        value = 2 * sn.relu(value) - 4 * sn.relu(value - half)
    return value


figure = sn.piecewise(sp.Matrix([applied(k) for k in (1, 2, 3)]), domain=sn.Box([0, 1])).plot(
    output_names=["once", "twice", "three times"], size=(4.5, 2.6)
)
caption = "The tent map and its compositions: 2, 4 and 8 pieces, with two neurons per layer."
