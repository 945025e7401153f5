r"""Through a hidden layer of two neurons, all $3 \times 3$ minors of $W_2 W_1$ vanish.

Why: any three outputs of a layer behind two linear neurons are linearly dependent, whatever the
weights are; here are the sixteen minors of four inputs and four outputs. A minor of larger layers
is that of three rows of $W_2$ and three columns of $W_1$, so it is one of these.

Source: Horn and Johnson, Matrix Analysis (2012), section 0.8.7, on the formula of Cauchy and
Binet.
"""

from itertools import combinations

import sympy as sp

import symnet as sn

W_1 = sp.Matrix(2, 4, sp.symbols("p_1:9", real=True))
W_2 = sp.Matrix(4, 2, sp.symbols("q_1:9", real=True))

W = W_2 * W_1
threes = [list(three) for three in combinations(range(4), 3)]
minors = [W.extract(rows, columns).det() for rows in threes for columns in threes]

claim = sn.Claim(sp.Matrix(minors), sp.zeros(len(minors), 1))
