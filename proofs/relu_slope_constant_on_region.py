"""At two inputs on one side of its bend, a ReLU neuron has the same gradient.

Why: the gradient of $v\\,\\mathrm{relu}(w x + b)$ is $v$ times 0 or 1 times $w$. It jumps at the
bend and changes nowhere else. So the gradient of a network is constant on every activation
region, and from region to region other masks stand in the product.

Conditions: $w x + b$ and $w y + b$ have the same sign.

Source: Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.3.1.
"""

import sympy as sp

import symnet as sn

v, w, b, x, y = sp.symbols("v w b x y", real=True)


def gradient(at: sp.Expr) -> sp.Expr:
    return v * sn.step(w * at + b) * w


on = sp.And(w * x + b > 0, w * y + b > 0)
off = sp.And(w * x + b < 0, w * y + b < 0)

claim = sn.Claim(gradient(x), gradient(y), where=sp.Or(on, off))
