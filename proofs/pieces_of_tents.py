r"""If every layer doubles the number of pieces, $k$ layers have $2^k$ of them.

Why: $k$ tents in a row have $2^k$ pieces, as every one doubles their number by
[tent_of_straight_piece], and they are $2 k$ neurons. One hidden layer needs $2^k - 1$ neurons for
as many pieces, since $m$ neurons make at most $m + 1$ by [hidden_layer_affine_between_bends]. So a
shallow network needs exponentially many neurons for what a deep one does with few.

Source: Telgarsky, Representation benefits of deep feedforward networks (2015), arXiv:1509.08101;
for layers of other kinds Telgarsky, Benefits of depth in neural networks (2016),
arXiv:1602.04485, theorem 1.1.
"""

import sympy as sp

import symnet as sn

k = sp.Symbol("k", integer=True, nonnegative=True)
p = sp.IndexedBase("p", real=True)

claim = sn.Induction(p[k], 2**k, index=k, term=p[k], first=1, step=2 * p[k])
