"""A hidden layer of four ReLUs makes five pieces of a line at most.

Why: here is a layer that attains the bound; each of its neurons bends the graph at a place of
its own, and neuron_affine_between_bends says why more is impossible. Eight pieces would take
seven neurons in one layer, and take three layers of two.

Source: Arora, Basu, Mianjy and Mukherjee, Understanding deep neural networks with rectified
linear units (2018), arXiv:1611.01491, theorem 2.2.
"""

import symnet as sn

net = sn.Sequential(
    sn.Linear([[1], [1], [-1], [2]], [1, -1, 2, 1]), sn.ReLU(), sn.Linear([[1, -2, 1, 1]])
)

claim = sn.pieces(net, 4 + 1)
