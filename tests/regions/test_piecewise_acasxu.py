"""The published ACAS Xu networks on plane slices, where the files are at hand (CC BY 4.0, Kyle
Julian, Stanford)."""

import os
from pathlib import Path

import pytest
from sympy import Rational as Q

import symnet as sn

FOLDER = Path(os.environ.get("SYMNET_DATA", Path(__file__).parents[3] / "shared" / "data"))
SLICES = {
    "A": ([Q(11, 64), 0, 0, Q(19, 64), Q(19, 64)], [[Q(1, 2), 0, 0, 0, 0], [0, Q(1, 2), 0, 0, 0]]),
    "B": ([Q(1, 4), 0, 0, Q(1, 2), Q(1, 2)], [[Q(1, 4), 0, 0, 0, 0], [0, Q(1, 4), 0, 0, 0]]),
    "C": ([0, 0, 0, Q(1, 4), -Q(1, 4)], [[0, Q(1, 2), 0, 0, 0], [0, 0, Q(1, 2), 0, 0]]),
}
COUNTS = {
    ("1_1", "A"): 43801, ("1_1", "B"): 1474, ("1_1", "C"): 20414,
    ("3_3", "A"): 28775, ("3_3", "B"): 1238, ("3_3", "C"): 22789,
}  # fmt: skip


def network(name):
    path = FOLDER / "acasxu" / f"ACASXU_experimental_v2a_{name}.nnet"
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    return sn.load(path, dtype="float32")


@pytest.mark.parametrize(("name", "plane"), COUNTS)
def test_counts(name, plane):
    origin, directions = SLICES[plane]
    net = network(name)
    pw = sn.piecewise(net, domain=sn.Slice(origin, directions, sn.Box([-1, 1])))
    assert len(pw) == COUNTS[name, plane]
    assert pw.counts()[-1] == len(pw)
    if plane == "B":
        assert pw.certify()
        for region in pw.regions[::200]:
            for u in region.vertices:
                assert pw(u) == net(list(pw.domain.point(u)))
