"""Four ReLUs can split the plane into $1 + 4 + 6 = 11$ regions.

Why: each neuron is a line, and between the lines the network is one affine function. The first
line makes 2 regions, the second 4, the third 7: in general position a further line crosses all
the others, and every part of it splits a region in two. Parallel lines, or three through one
point, make fewer.

Source: Zaslavsky, Facing up to arrangements (1975), doi:10.1090/memo/0154; Montúfar, Pascanu,
Cho and Bengio, On the number of linear regions of deep neural networks (2014), arXiv:1402.1869.
"""

import symnet as sn

net = sn.Sequential(
    sn.Linear([[1, 0], [0, 1], [1, 1], [1, -2]], [0, 1, -1, 1]),
    sn.ReLU(),
    sn.Linear([[1, 1, 1, 1]]),
)

claim = sn.activation_regions(net, 1 + 4 + 6)

figure = sn.piecewise(net).plot()
caption = (
    "Four lines in general position and the eleven regions between them. The signs say which of "
    "the four neurons are on; an arrow shows the side on which a neuron is on."
)
