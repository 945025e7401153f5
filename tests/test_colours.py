"""The colours of classes differ for all readers, as far as models of colour vision say."""

from itertools import combinations

import numpy as np

from symnet.pictures.colours import PALETTES

#: What is seen without one kind of cones, in linear RGB: Machado, Oliveira and Fernandes, A
#: physiologically-based model for simulation of color vision deficiency, 2009, severity 1.
VISION = {
    "all cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.95047, 1, 1.08883])


def linear(colour):
    c = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIELAB, in which distances are differences that are seen; 2.3 is just noticeable."""
    x, y, z = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116
               for t in TO_XYZ @ rgb / WHITE)  # fmt: skip
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_ten_classes_have_ten_colours_that_differ_for_all_readers():
    for name in ("light", "diverging"):
        classes = PALETTES[name].classes
        assert len(classes) == 10
        for seen in VISION.values():
            places = [lab(np.clip(np.array(seen) @ linear(c), 0, 1)) for c in classes]
            nearest = min(np.linalg.norm(a - b) for a, b in combinations(places, 2))
            # six times what is just noticed
            assert nearest > 6 * 2.3
