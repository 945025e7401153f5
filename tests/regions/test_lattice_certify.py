"""Certificates: right results pass, and results that were tampered with fail where they should."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flint import fmpq

from symnet.exact.polyhedron import Polyhedron
from symnet.regions.lattice import decompose
from symnet.regions.lattice_certify import CertificateError, Claim, certify_claim

from .network_kinds import FUNCTIONS, KINDS, network


@pytest.mark.parametrize("name", sorted(KINDS))
def test_results_are_certified(name: str) -> None:
    layers = network(name, 7, [3, 4, 3]).layers
    decompose(layers, Polyhedron.box([-1] * 3, [1] * 3)).certify()


def test_other_activations_dimensions_and_domains_are_certified() -> None:
    layers = network("integers", 3, [4, 3, 2], tuple(FUNCTIONS)).layers
    output = ([[1, 2], [3, fmpq(1, 3)]], [0, 5])
    decompose(layers, Polyhedron.box([-1] * 4, [2] * 4), output).certify()
    points = [[s * int(i == j) for j in range(3)] for i in range(3) for s in (1, -1)]
    cross = Polyhedron.from_generators([*points, [1, 1, 1]], ambient=3)
    decompose(network("quantised_to_four_bits", 1, [3, 4, 3]).layers, cross).certify()


def _move_a_vertex(claim: Claim) -> Claim:
    points = list(claim.points)
    points[-1] = tuple(x * (1 - fmpq(1, 10**30)) for x in points[-1])
    return replace(claim, points=points)


def _drop_a_cell(claim: Claim) -> Claim:
    return replace(claim, cells=claim.cells[:-1])


def _flip_a_sign(claim: Claim) -> Claim:
    signs, vertices = claim.cells[0]
    return replace(claim, cells=[((-signs[0], *signs[1:]), vertices), *claim.cells[1:]])


def _forget_a_corner(claim: Claim) -> Claim:
    signs, vertices = claim.cells[0]
    return replace(claim, cells=[(signs, vertices - {max(vertices)}), *claim.cells[1:]])


def _repeat_a_cell(claim: Claim) -> Claim:
    return replace(claim, cells=[*claim.cells, claim.cells[0]])


def _forget_a_facet(claim: Claim) -> Claim:
    return replace(claim, facets=claim.facets[1:])


def _exchange_two_maps(claim: Claim) -> Claim:
    last = len(claim.cells) - 1
    return replace(claim, affine_map=lambda i: claim.affine_map(last - i))


@pytest.mark.parametrize(
    "tamper",
    [
        _move_a_vertex,
        _drop_a_cell,
        _flip_a_sign,
        _forget_a_corner,
        _repeat_a_cell,
        _forget_a_facet,
        _exchange_two_maps,
    ],
)
def test_tampered_results_fail(tamper: Callable[[Claim], Claim]) -> None:
    net, cube = network("generic", 1, [3, 5, 4]), Polyhedron.box([-1] * 3, [1] * 3)
    output = ([[1, -2, 3, 1]], [fmpq(1, 2)])
    claim = decompose(net.layers, cube, output).claim()
    certify_claim(net.layers, cube, output, claim)
    with pytest.raises(CertificateError):
        certify_claim(net.layers, cube, output, tamper(claim))
