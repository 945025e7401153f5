"""The certificate for cells of any shape: it accepts what is right and finds what is not."""

import numpy as np
import pytest
from sympy import Rational as Q

import symnet as sn
from symnet.exact.polyhedron import Polyhedron
from symnet.regions.certificate_cells import certify_cells

NET = sn.Sequential(
    sn.Linear([[1, 1], [1, -2], [3, 1]], [0, Q(1, 2), -1]),
    sn.Hardtanh(),
    sn.Linear([[1, 1, -1], [1, 0, 2]]),
    sn.ReLU(),
)


def claim(domain):
    pw = sn.piecewise(NET, domain=domain)
    solids = [r.polyhedron for r in pw.regions]
    return [pw.network, pw.domain.polyhedron, solids, pw.cells.signs.copy(), pw.cells.neighbours]


@pytest.mark.parametrize("domain", [None, sn.Box([-2, 2]), sn.Polyhedron([[1, 1]], [1])])
def test_right_claims_pass(domain):
    certify_cells(*claim(domain))


def wrong_sign(parts):
    parts[3][0, 0] *= -1


def zero_sign(parts):
    parts[3][0, 0] = 0


def missing_cell(parts):
    last = len(parts[2]) - 1
    parts[2], parts[3] = parts[2][:last], parts[3][:last]
    parts[4] = parts[4][(parts[4] < last).all(axis=1)]


def moved_wall(parts):
    solid = parts[2][0]
    walls = solid.half_spaces
    offsets = [h.offset + (k == 0) for k, h in enumerate(walls)]
    parts[2][0] = Polyhedron.from_half_spaces([h.normal for h in walls], offsets, ambient=2)


def twice(parts):
    parts[2] = [*parts[2], parts[2][0]]
    parts[3] = np.vstack([parts[3], parts[3][:1]])


def wrong_neighbours(parts):
    parts[4] = parts[4][1:]


def larger_domain(parts):
    parts[1] = Polyhedron.box([-3, -3], [3, 3])


@pytest.mark.parametrize("domain", [None, sn.Box([-2, 2])])
@pytest.mark.parametrize(
    "spoil", [wrong_sign, zero_sign, missing_cell, moved_wall, twice, wrong_neighbours]
)
def test_wrong_claims_do_not(spoil, domain):
    parts = claim(domain)
    spoil(parts)
    with pytest.raises(sn.CertificateError):
        certify_cells(*parts)


def test_a_part_of_the_domain_is_not_all_of_it():
    parts = claim(sn.Box([-2, 2]))
    larger_domain(parts)
    with pytest.raises(sn.CertificateError):
        certify_cells(*parts)
