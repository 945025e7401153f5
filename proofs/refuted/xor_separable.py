"""A line has the corners where XOR is 1 on one side and those where it is 0 on the other.

Why: halfway between the two corners with 1 lies the same point as halfway between the two with
0. A line with the first pair on one side has the point on this side, and so it has one corner of
the other pair there.

Source: Minsky and Papert, Perceptrons (1969), show that it has not.
"""

import symnet as sn

ones, zeros = [(0, 1), (1, 0)], [(0, 0), (1, 1)]

claim = sn.separable(ones, zeros)
