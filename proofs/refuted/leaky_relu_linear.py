"""Leaky ReLU lets all values through, so it is linear.

Why: it lets them through with two different slopes.

Source: a claim that comes up in answers to the question why ReLU clips.
"""

import sympy as sp

import symnet as sn

x = sp.Symbol("x", real=True)

claim = sn.linear(sn.leaky_relu(x, sp.Rational(1, 100)))
