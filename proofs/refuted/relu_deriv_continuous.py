"""ReLU is continuous, so its derivative is continuous as well.

Why: the derivative jumps from 0 to 1 at the bend. There it has no value that calculus could give
it; symnet, as torch and JAX, takes 0. Softplus is the smooth relative whose derivative, the
sigmoid, rises without a jump.

Source: a shortcut that comes up where smooth activations are compared with ReLU.
"""

import symnet as sn

claim = sn.continuous(sn.Step())
