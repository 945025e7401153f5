r"""No affine function is positive at the corners where XOR is 1 and negative where it is 0.

Why: call the function $f$. The two corners with 1 have the midpoint $(1/2, 1/2)$, and so do the
two with 0. So $f(0, 1) + f(1, 0) = f(0, 0) + f(1, 1)$, and the first sum cannot be positive
while the second is negative. No threshold at the output helps: a non-linearity only there cannot
compute XOR. The certificate is a combination of the four inequalities that says $0 < 0$, as
Farkas's lemma promises.

Source: Minsky and Papert, Perceptrons (1969), for XOR; Farkas, Theorie der einfachen
Ungleichungen (1902), doi:10.1515/crll.1902.124.1, for the certificate.
"""

import symnet as sn

ones, zeros = [(0, 1), (1, 0)], [(0, 0), (1, 1)]

claim = sn.inseparable(ones, zeros)
