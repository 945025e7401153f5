r"""After the hidden layer $h = \mathrm{ReLU}((x + y,\; x + y - 1))$ a line separates the corners
of XOR.

Why: this is what a hidden layer is for. It moves the corners $(0, 1)$ and $(1, 0)$ onto one
point, $(1, 0)$, and the corner $(1, 1)$ to $(2, 1)$; then a straight line is enough.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.1, figure 6.1.
"""

import symnet as sn

hidden = sn.Sequential(sn.Linear([[1, 1], [1, 1]], [0, -1]), sn.ReLU())

ones = [hidden(corner) for corner in ((0, 1), (1, 0))]
zeros = [hidden(corner) for corner in ((0, 0), (1, 1))]

claim = sn.separable([list(h) for h in ones], [list(h) for h in zeros])
