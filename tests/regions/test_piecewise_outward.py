"""Cases, LaTeX, files: what goes out says what the function is."""

import json
import subprocess
import sys
from random import Random

import numpy as np
import pytest
import sympy as sp
from sympy import Rational as Q

import symnet as sn
from symnet.regions.storing import as_array, from_array

x, y, z = sp.symbols("x y z", real=True)
FOUR = sn.Sequential(
    sn.Linear([[1, 1], [1, -1], [2, 1], [-1, 2]], [0, Q(1, 2), 1, 0]),
    sn.ReLU(),
    sn.Linear([[1, 1, -1, 1]]),
)


@pytest.mark.parametrize("domain", [None, sn.Box([-1, 1])])
def test_cases_cover_the_domain_and_have_the_values(domain):
    pw = sn.piecewise(FOUR, domain=domain)
    cases = pw.as_piecewise()
    random = Random(5)
    for _ in range(30):
        point = [Q(random.randint(-10, 10), 10) for _ in range(2)]
        values = dict(zip(pw.variables, point, strict=True))
        holding = [e for e, c in cases.args if c.subs(values) == sp.true]
        assert holding
        assert {e.subs(values) for e in holding} == {FOUR(point)[0]}


def test_no_condition_is_superfluous():
    """Without any one of its conditions, a case holds at a point with another value."""
    pw = sn.piecewise(FOUR)
    for region in pw.regions:
        for h in region.half_spaces:
            others = [k for k in region.half_spaces if k != h]
            inside = sn.Polyhedron([k.a for k in others] or [[0, 0]], [k.b for k in others] or [0])
            assert inside.polyhedron.maximum(h.a) is None or inside.polyhedron.maximum(h.a) > h.b


@pytest.mark.parametrize(
    ("function", "cases"),
    [
        (sn.relu(x) - sn.relu(-x), x),
        (abs(x), sp.Piecewise((-x, x <= 0), (x, x >= 0))),
        (
            sn.hardtanh(2 * x),
            sp.Piecewise((-1, x <= -Q(1, 2)), (2 * x, (x >= -Q(1, 2)) & (x <= Q(1, 2))),
                         (1, x >= Q(1, 2))),
        ),
        (sp.Max(x, y), sp.Piecewise((x, x - y >= 0), (y, x - y <= 0))),
        # the zero of the quadrant is one case with one convex part, the rest are its edges' sides
        (sn.relu(x) * 2 + sn.relu(-x) * 2 + 0 * y, sp.Piecewise((-2 * x, x <= 0), (2 * x, x >= 0))),
    ],
)  # fmt: skip
def test_cases_in_lowest_terms(function, cases):
    found = sn.piecewise(function).as_piecewise()
    rows = set(found.args) if found.has(sp.Piecewise) else {found}
    assert rows == (set(cases.args) if cases.has(sp.Piecewise) else {cases})


def test_cells_with_one_map_become_one_case():
    """Neurons that cancel cut regions, and no case: relu(y) - relu(y) leaves |x| alone."""
    net = sn.Sequential(
        sn.Linear([[1, 0], [-1, 0], [0, 1], [0, 2]]), sn.ReLU(), sn.Linear([[1, 1, 2, -1]])
    )
    pw = sn.piecewise(net)
    x_1, _ = pw.variables
    assert len(pw) == 4
    assert len(pw.pieces) == 2
    assert set(pw.as_piecewise().args) == set(sp.Piecewise((-x_1, x_1 <= 0), (x_1, x_1 >= 0)).args)


@pytest.mark.parametrize("domain", [None, sn.Box([-2, 2]), sn.Box([-2, 2], [-2, 2], [-2, 2])])
def test_regions_of_one_map_become_few_convex_parts(domain):
    """relu(-|x| - |y| + 1) is 0 outside of a square: four half-planes, or less, not eight cells."""
    inner = sn.relu(1 - abs(x) - abs(y))
    names = (x, y) if domain is None or domain.dimension == 2 else (x, y, z)
    pw = sn.piecewise(inner, *names, domain=domain)
    cases = pw.as_piecewise()
    assert len(cases.args) == 5
    zero = next(c for e, c in cases.args if e == 0)
    assert isinstance(zero, sp.Or)
    assert len(zero.args) == 4
    random = Random(2)
    for _ in range(40):
        point = [Q(random.randint(-20, 20), 10) for _ in names]
        values = dict(zip(names, point, strict=True))
        holding = {e.subs(values) for e, c in cases.args if c.subs(values) == sp.true}
        assert holding == {inner.subs(values)}


def test_latex_is_a_fragment_with_cases():
    text = sn.piecewise(sn.relu(3 * x - 2)).latex()
    assert r"\begin{cases} 0 & \text{if }x \leq \frac{2}{3} \\ 3 x - 2 & " in text
    assert r"\text{if }x \geq \frac{2}{3} \end{cases}" in text
    assert "everywhere" in sn.piecewise(sn.relu(x) - sn.relu(-x)).latex()


@pytest.mark.parametrize("suffix", [".npz", ".json"])
@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("domain", [sn.Box([-4, 4]), sn.Box([0, sp.oo]), None])
def test_what_is_saved_comes_back_and_is_certified(tmp_path, suffix, n, domain):
    net = sn.Sequential(
        sn.Linear([[Q(1, 3)] * n, [-1, *[2] * (n - 1)]], [Q(1, 7), 0]),
        sn.Hardtanh(),
        sn.Linear([[1, 1]]),
        sn.LeakyReLU(Q(1, 5)),
    )
    pw = sn.piecewise(net, domain=domain)
    copy = sn.load_piecewise(pw.save(tmp_path / f"net{suffix}"))
    assert copy.certify()
    assert copy == pw
    assert [r.vertices for r in copy.regions] == [r.vertices for r in pw.regions]
    assert copy.neighbours == pw.neighbours
    assert len(copy.pieces) == len(pw.pieces)


def test_another_process_certifies_what_this_one_saved(tmp_path):
    path = sn.piecewise(FOUR).save(tmp_path / "net.npz")
    program = f"import symnet as sn; print(sn.load_piecewise({str(path)!r}).certify())"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.startswith("proved (certificate: ")


def one_bit(text):
    """The next number in the last of 60 bits."""
    return str(Q(text) * (1 + Q(1, 2**60)) if Q(text) else Q(1, 2**60))


def changed(data, what):
    """The data after a change, and where the certificate finds it."""
    counts, rows = data["corner_counts"], len(data["corner_counts"])
    width = len(data["signs"]) // rows
    pairs = list(zip(data["neighbours"][::2], data["neighbours"][1::2], strict=True))
    if what == "weight":
        return {"weights": [str(int(data["weights"][0]) + 1), *data["weights"][1:]]}, "cell|vertex"
    if what == "last weight":
        return {"weights": [*data["weights"][:-1], "1"]}, "cell 0: the affine map"
    if what == "map":
        k = next(i for i, v in enumerate(data["maps"]) if v != "0")
        maps = [*data["maps"][:k], one_bit(data["maps"][k]), *data["maps"][k + 1 :]]
        return {"maps": maps}, r"cell \d+: the affine map is not that of the network there"
    if what == "maps exchanged":
        return {"map_of_region": data["map_of_region"][::-1]}, "cell 0: the affine map"
    if what == "vertex":
        return {"points": [one_bit(data["points"][0]), *data["points"][1:]]}, "vertex 0|cell"
    if what == "sign":
        return {"signs": [-data["signs"][0], *data["signs"][1:]]}, "cell 0: neuron 0 of hidden"
    if what == "cell dropped":
        return {
            "corner_counts": counts[:-1],
            "ray_counts": data["ray_counts"][:-1],
            "map_of_region": data["map_of_region"][:-1],
            "signs": data["signs"][: (rows - 1) * width],
            "neighbours": [k for pair in pairs if max(pair) < rows - 1 for k in pair],
            "corners": data["corners"][: sum(counts[:-1])],
        }, "0 other cells|belongs to no cell"
    if what == "cell twice":
        return {
            "corner_counts": [*counts, counts[0]],
            "ray_counts": [*data["ray_counts"], 0],
            "map_of_region": [*data["map_of_region"], data["map_of_region"][0]],
            "signs": [*data["signs"], *data["signs"][:width]],
            "corners": [*data["corners"], *data["corners"][: counts[0]]],
        }, f"cells 0 and {rows} have the same signs"
    if what == "neighbours":
        i, j = sorted(pairs[0])
        return {"neighbours": data["neighbours"][2:]}, f"cells {i} and {j} are not said"
    rays = [str(2 * int(v)) if k % 3 < 2 else v for k, v in enumerate(data["domain_rays"])]
    return {"domain_rays": rays}, "is not the polyhedron of its signs in the domain"


CHANGES = [
    "weight", "last weight", "map", "maps exchanged", "vertex", "sign", "cell dropped",
    "cell twice", "neighbours", "domain",
]  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.parametrize("suffix", [".json", ".npz"])
def test_a_changed_file_is_found_out(tmp_path, what, suffix):
    path = sn.piecewise(FOUR, domain=sn.Box([-1, 1])).save(tmp_path / f"net{suffix}")
    assert sn.load_piecewise(path).certify()
    if suffix == ".json":
        data = json.loads(path.read_text())
    else:
        with np.load(path) as archive:
            data = {name: from_array(archive[name]) for name in archive.files}
    change, where = changed(data, what)
    data |= change
    if suffix == ".json":
        path.write_text(json.dumps(data))
    else:
        np.savez(path, **{name: as_array(name, value) for name, value in data.items()})
    with pytest.raises(sn.CertificateError, match=where):
        sn.load_piecewise(path).certify()


def test_an_archive_is_as_long_as_its_digits(tmp_path):
    """One number with many digits does not make all others as wide."""
    net = sn.Sequential(sn.Linear([[1]] * 40, range(-20, 20)), sn.ReLU())
    pw = sn.piecewise(net, domain=sn.Box([-30, 30 + Q(1, 3**5000)]))
    path = pw.save(tmp_path / "net.npz")
    with np.load(path) as archive:
        size = archive["points"].nbytes
    assert len(str(3**5000)) * 2 <= size < len(str(3**5000)) * 2 + 300
    assert sn.load_piecewise(path) == pw


def test_files_that_are_no_functions(tmp_path):
    bad = tmp_path / "net.json"
    bad.write_text('{"format": "something else"}')
    with pytest.raises(sn.OutputError, match="something else"):
        sn.load_piecewise(bad)
    data = json.loads(sn.piecewise(FOUR, domain=sn.Box([-1, 1])).save(bad).read_text())
    bad.write_text(json.dumps(data | {"corners": [99, *data["corners"][1:]]}))
    with pytest.raises(sn.OutputError, match="names vertex 99, and there are 12"):
        sn.load_piecewise(bad)
    objects = tmp_path / "net.npz"
    np.savez(objects, format=np.array([object()], dtype=object))
    with pytest.raises(sn.OutputError, match="cannot read"):
        sn.load_piecewise(objects)
    with pytest.raises(sn.OutputError, match="suffixes"):
        sn.piecewise(abs(x), domain=sn.Box([0, 1])).save(tmp_path / "net.pkl")


def test_a_changed_file_of_unbounded_regions_is_found_out(tmp_path):
    path = sn.piecewise(FOUR).save(tmp_path / "net.json")
    data = json.loads(path.read_text())
    for name in ("weights", "points", "ray_vectors", "signs"):
        spoilt = dict(data)
        first = data[name][0]
        spoilt[name] = [-first if name == "signs" else str(Q(first) + 1), *data[name][1:]]
        path.write_text(json.dumps(spoilt))
        with pytest.raises(sn.CertificateError):
            sn.load_piecewise(path).certify()


@pytest.mark.parametrize("suffix", [".npz", ".json"])
def test_functions_that_do_not_bend_and_slices_come_back(tmp_path, suffix):
    for function, domain in [
        (sn.Linear([[1, 2], [3, 4]]), sn.Box([0, 1])),
        (sn.Linear([[1, 2]]), None),
        (FOUR, sn.Slice([0, Q(1, 3)], [[1, 2]], sn.Box([-1, 1]))),
    ]:
        pw = sn.piecewise(function, domain=domain)
        copy = sn.load_piecewise(pw.save(tmp_path / f"net{suffix}"))
        assert copy == pw
        assert copy.certify()
        assert copy.domain.point([0] * pw.network.inputs) == pw.domain.point(
            [0] * pw.network.inputs
        )
