"""The classifier and the images of ``digits.json``, which says where they come from."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import sympy as sp

import symnet as sn


@cache
def digits():
    """The network, images as 64 rationals from 0 to 1, and their labels."""
    data = json.loads(Path(__file__).with_name("digits.json").read_text())
    q = data["denominator"]
    layers = []
    for layer in data["layers"]:
        W = [[sp.Rational(v, q) for v in row] for row in layer["W"]]
        layers += [sn.Linear(W, [sp.Rational(v, q) for v in layer["b"]]), sn.ReLU()]
    images = [["0123456789abcdefg".index(c) for c in image] for image in data["images"]]
    return (
        sn.Sequential(*layers[:-1]),
        [[sp.Rational(v, 16) for v in image] for image in images],
        data["labels"],
    )
