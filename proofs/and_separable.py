"""A line separates the corner where AND is 1 from the others.

Why: a single neuron with a threshold computes AND, OR and their negations. Of the sixteen
functions of two bits only XOR and its negation need more.

Source: Minsky and Papert, Perceptrons (1969).
"""

import symnet as sn

claim = sn.separable([(1, 1)], [(0, 0), (0, 1), (1, 0)])
