r"""The tent map composed with itself has four pieces between 0 and 1.

Why: folding once makes one tooth, and folding twice makes two.

Source: Telgarsky, Representation benefits of deep feedforward networks (2015), arXiv:1509.08101.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)


def tent(t: sp.Expr) -> sp.Expr:
    return 2 * sn.relu(t) - 4 * sn.relu(t - sp.Rational(1, 2))


teeth = sp.Piecewise(
    (4 * x, x <= sp.Rational(1, 4)),
    (2 - 4 * x, x <= sp.Rational(1, 2)),
    (4 * x - 2, x <= sp.Rational(3, 4)),
    (4 - 4 * x, True),
)

claim = sn.Claim(tent(tent(x)), teeth, domain=sn.Box([0, 1]))
