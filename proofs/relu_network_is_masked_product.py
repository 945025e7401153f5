r"""A ReLU network of three layers is $W x + B$ with $W = W_3 D_2 W_2 D_1 W_1$ and $B = W_3 D_2 W_2
D_1 b_1 + W_3 D_2 b_2 + b_3$, where the masks $D_1$ and $D_2$ depend on $x$.

Why: $D_1$ and $D_2$ are diagonal matrices of ones and zeros, which say which neurons are on. As
long as none of them changes, this is one affine function, with the weights of the neurons that
are on. The inputs that share their masks are an activation region. All that ReLU adds to a
linear network is that the masks depend on the input.

Source: Montúfar, Pascanu, Cho and Bengio, On the number of linear regions of deep neural
networks (2014), arXiv:1402.1869.
"""

import sympy as sp

import symnet as sn

n_0, n_1, n_2, n_3 = sp.symbols("n_0:4", integer=True, positive=True)

net = sn.Sequential(
    sn.Linear(n_0, n_1), sn.ReLU(), sn.Linear(n_1, n_2), sn.ReLU(), sn.Linear(n_2, n_3)
)
W_1, b_1, W_2, b_2, W_3, b_3 = net.parameters.values()
x = net.input

z_1 = W_1 * x + b_1
z_2 = W_2 * sn.relu(z_1) + b_2
D_1, D_2 = (sp.DiagMatrix(sn.Step()(z)) for z in (z_1, z_2))

W = W_3 * D_2 * W_2 * D_1 * W_1
B = W_3 * D_2 * W_2 * D_1 * b_1 + W_3 * D_2 * b_2 + b_3

claim = sn.Claim(net(x), W * x + B)
