r"""No affine function is positive at the corners where XOR is 1 and negative where it is 0.

Why: call the function $f$. The two corners with 1 have the midpoint $(1/2, 1/2)$, and so do the
two with 0. The sum $f(0, 1) + f(1, 0)$ equals $f(0, 0) + f(1, 1)$, so the first cannot be
positive while the second is negative. So no threshold at the output helps: a non-linearity only
there cannot compute XOR. The certificate is a combination of the four inequalities that says $0
< 0$, by Farkas's lemma.

Source: Minsky and Papert, Perceptrons (1969), for XOR; Farkas, Theorie der einfachen
Ungleichungen (1902), doi:10.1515/crll.1902.124.1, for the certificate.
"""

import sympy as sp

import symnet as sn

w_1, w_2, b = sp.symbols("w_1 w_2 b", real=True)

where_one = [w_1 + b, w_2 + b]
where_zero = [b, w_1 + w_2 + b]

claim = sn.Claim(sp.Min(*where_one, *(-value for value in where_zero)), 0, "<=")
