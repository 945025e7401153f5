"""ReLU is continuous, so its derivative is continuous as well.

Why: the derivative jumps from 0 to 1 at the bend. At 0 itself there is no derivative; torch and
JAX take 0, and so do these notes. Softplus is the smooth relative whose derivative, the sigmoid,
rises without a jump.

Source: a shortcut that comes up where smooth activations are compared with ReLU.
"""

import symnet as sn

claim = sn.continuous(sn.Step())
