"""A hidden layer of four ReLUs can make five pieces of a line.

Why: each neuron bends the graph at a place of its own. Between neighbouring bends all neurons
are affine, so $k$ neurons cannot make more than $k + 1$ pieces. Eight pieces take seven neurons
in one layer, and three layers of two.

Source: Arora, Basu, Mianjy and Mukherjee, Understanding deep neural networks with rectified
linear units (2018), arXiv:1611.01491, theorem 2.2.
"""

import symnet as sn

net = sn.Sequential(
    sn.Linear([[1], [1], [-1], [2]], [1, -1, 2, 1]), sn.ReLU(), sn.Linear([[1, -2, 1, 1]])
)

claim = sn.pieces(net, 4 + 1)
