"""What a trained network gets, with times: local maps, planes, reduction, properties.

    python benchmarks/trained.py [--acasxu FOLDER] [--pictures FOLDER] [--patience SECONDS]

Three networks: 784-512-512-10 with weights drawn as they are before training, float32; a classifier
of the digits of scikit-learn, 64-64-32-10, which is trained here and tried on all images that it
was not trained on; and, where the folder is given, ACAS Xu 1_1 and 3_3 as published in ONNX. With
--pictures the plane through three images and the advisories are drawn. Wall time, one thread.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402
import sympy as sp  # noqa: E402

import symnet as sn  # noqa: E402

T = TypeVar("T")

ADVICE = ["clear of conflict", "weak left", "weak right", "strong left", "strong right"]
COLOURS = ["#f4f4f4", "#a6cee3", "#fdbf6f", "#1f78b4", "#e31a1c"]


def timed(what: str, run: Callable[[], T], told: Callable[[T], object] = lambda _: "") -> T:
    """Run, and print how long it took and what came out."""
    start = time.perf_counter()
    found = run()
    print(f"  {time.perf_counter() - start:8.3f} s  {what:44} {told(found)}", flush=True)
    return found


def drawn(sizes: tuple[int, ...]) -> sn.Sequential:
    """He-normal weights, biases uniform in +-1/sqrt(fan-in), float32."""
    rng = np.random.default_rng(0)
    layers: list[sn.Linear | sn.ReLU] = []
    for n, m in pairwise(sizes):
        weight = (rng.standard_normal((m, n)) * np.sqrt(2 / n)).astype(np.float32)
        layers += [sn.Linear(weight, rng.uniform(-1, 1, m).astype(np.float32) / n**0.5), sn.ReLU()]
    return sn.Sequential(*layers[:-1])


def large() -> None:
    print("784-512-512-10, on images with values from 0 to 1")
    rng = np.random.default_rng(1)
    x, y, z = rng.uniform(size=(3, 784)).astype(np.float32)
    net = timed("built from arrays", lambda: drawn((784, 512, 512, 10)))
    around = timed("local: signs of 1024 neurons", lambda: sn.local(net, x))
    timed("the exact map", lambda: around.A, lambda A: f"{A.rows} x {A.cols}")
    again = sn.local(net, y)
    timed("the map at another image", lambda: again.A)
    for p in (1, 2, sp.oo):
        timed(f"nearest boundary, norm {p}", lambda p=p: around.nearest(p).distance,
              lambda d: f"{float(d):.3g}")  # fmt: skip
    timed("half-spaces of the region", lambda: len(around.half_spaces))
    timed("walk from image to image", lambda: sn.walk(net, x, y), len)
    triangle = sn.Polyhedron(vertices=[[0, 0], [1, 0], [0, 1]])
    plane = sn.Slice.through(x, y, z, within=triangle)
    timed("all regions between three images", lambda: sn.piecewise(net, domain=plane), len)
    found = timed("reduced on the pixel box", lambda: sn.reduce(net, sn.Box([0, 1])))
    print(found)
    timed("checked in rational numbers", found.check, str)
    eps = Fraction(1, 10**4)
    near = sn.Box(*[[Fraction(v) - eps, Fraction(v) + eps] for v in x.tolist()])
    timed("robust within 1/10000 of an image", lambda: sn.robust(net, near, timeout=60), str)


def convolutional() -> None:
    """LeNet-5 as it is drawn before training, for images of 28 by 28 points."""
    print("6 and 16 channels, kernels of 5 by 5, maxima of 2 by 2, 120-84-10")
    rng = np.random.default_rng(0)

    def weights(*shape: int) -> tuple[np.ndarray, np.ndarray]:
        n = int(np.prod(shape[1:]))
        weight = (rng.standard_normal(shape) * np.sqrt(2 / n)).astype(np.float32)
        return weight, (rng.uniform(-1, 1, shape[0]) / np.sqrt(n)).astype(np.float32)

    net = sn.Sequential(
        sn.Conv2d(*weights(6, 1, 5, 5), size=(28, 28), padding=2),
        sn.ReLU(),
        sn.MaxPool2d(2, size=(28, 28), channels=6),
        sn.Conv2d(*weights(16, 6, 5, 5), size=(14, 14)),
        sn.ReLU(),
        sn.MaxPool2d(2, size=(10, 10), channels=16),
        sn.Linear(*weights(120, 400)),
        sn.ReLU(),
        sn.Linear(*weights(84, 120)),
        sn.ReLU(),
        sn.Linear(*weights(10, 84)),
    )
    x, y = np.random.default_rng(1).uniform(size=(2, 784)).astype(np.float32)
    run = net.to_numpy()
    timed("in floats", lambda: run(x))
    timed("a bound on their error", lambda: run.error(x), lambda e: f"{float(e.max()):.1e}")
    around = timed("local: signs of all neurons", lambda: sn.local(net, x))
    timed("the exact map", lambda: around.A, lambda A: f"{A.rows} x {A.cols}")
    timed("nearest boundary", lambda: around.nearest(2).distance, lambda d: f"{float(d):.3g}")
    path = timed("walk from image to image", lambda: sn.walk(net, x, y), len)
    timed("the labels on the way", lambda: path.labels, len)
    timed("the exact map half way", lambda: path.steps[len(path.steps) // 2].slope)
    z = np.random.default_rng(2).uniform(size=784).astype(np.float32)
    part = sn.Slice.through(x, y, z, within=sn.Box([0, 1 / 50], [0, 1 / 50]))
    timed("1/50 of the way on a plane of images", lambda: sn.piecewise(net, domain=part), len)
    small = sn.Box(*([v - 1e-4, v + 1e-4] for v in x.tolist()))
    timed("robust where pixels move by 1/10000", lambda: sn.robust(net, small))


def digits(pictures: Path | None) -> None:
    try:
        from sklearn.datasets import load_digits
        from sklearn.neural_network import MLPClassifier
    except ImportError:
        print("digits: left out, since scikit-learn is not here")
        return

    images, labels = load_digits(return_X_y=True)
    images = images / 16
    model = MLPClassifier((64, 32), alpha=1, random_state=0, max_iter=500)
    model.fit(images[:1300], labels[:1300])
    layers: list[sn.Linear | sn.ReLU] = []
    for W, b in zip(model.coefs_, model.intercepts_, strict=True):
        layers += [sn.Linear(W.T, b), sn.ReLU()]
    net = sn.Sequential(*layers[:-1])
    rest = list(zip(images[1300:], labels[1300:].tolist(), strict=True))
    print(f"digits, 64-64-32-10, {model.score(images[1300:], labels[1300:]):.1%} right")

    def maps() -> int:
        found = [sn.local(net, x) for x, _ in rest]
        assert not any(around.kinks for around in found)
        return sum(around.A.shape == (10, 64) for around in found)

    timed("the exact map at every test image", maps)
    found = timed("reduced on the pixel box", lambda: sn.reduce(net, sn.Box([0, 1])))
    print(found)
    timed("checked in rational numbers", found.check, str)

    def robust() -> dict[str, int]:
        counts: dict[str, int] = {}
        eps = Fraction(1, 64)
        for x, label in rest[:100]:
            box = sn.Box(*[[Fraction(v) - eps, Fraction(v) + eps] for v in x.tolist()])
            verdict = sn.robust(net, box, label, max_boxes=200).verdict
            counts[verdict] = counts.get(verdict, 0) + 1
        return counts

    timed("100 images, robust within 1/64", robust, str)
    deep = MLPClassifier((64, 64, 64), alpha=0.1, random_state=0, max_iter=300)
    deep.fit(images[:1300], labels[:1300])
    parts: list[sn.Linear | sn.ReLU] = []
    for W, b in zip(deep.coefs_, deep.intercepts_, strict=True):
        parts += [sn.Linear(W.T, b), sn.ReLU()]
    sides = [[max(0, Fraction(v) - Fraction(1, 8)), min(1, Fraction(v) + Fraction(1, 8))]
             for v in rest[0][0].tolist()]  # fmt: skip
    found = timed("64-64-64-64-10 reduced near an image", lambda: sn.reduce(
        sn.Sequential(*parts[:-1]), sn.Box(*sides)))  # fmt: skip
    print(found)
    timed("checked in rational numbers", found.check, str)
    halves = [
        sn.Linear(W.T.astype(np.float16).astype(float), b)
        for W, b in zip(model.coefs_, model.intercepts_, strict=True)
    ]
    rounded = sn.Sequential(*[part for W in halves for part in (W, sn.ReLU())][:-1])
    near = sn.Box(*[[Fraction(v) - Fraction(1, 64), Fraction(v) + Fraction(1, 64)]
                    for v in rest[0][0].tolist()])  # fmt: skip
    for place, box in (("within 1/64", near), ("on all images", sn.Box([0, 1]))):
        timed(f"difference to float16, {place}",
              lambda box=box: sn.greatest_difference(net, rounded, box, timeout=10),
              lambda d: f"{float(d.value):.3g}, at most {float(d.bound):.3g}")  # fmt: skip
    three = [next(x for x, label in rest if label == digit) for digit in (3, 8, 5)]
    plane = sn.Slice.through(*three, within=sn.Box([-0.5, 1.5]))
    pw = timed("a plane through three images", lambda: sn.piecewise(net, domain=plane), len)
    if pictures:
        names = [str(k) for k in range(10)]
        picture = pw.plot(by="decision", names=["u", "v"], output_names=names, size=4)
        print(f"  drawn: {picture.to(pictures / 'digits.png')}")


def acasxu(folder: Path, pictures: Path | None, patience: float) -> None:
    print("ACAS Xu")
    nets = {}
    for name in ("1_1", "3_3"):
        file = folder / f"ACASXU_run2a_{name}_batch_2000.onnx"
        nets[name] = timed(f"{name} loaded", lambda file=file: sn.load(file))
    box = sn.Box([0.6, 0.65], [-0.1, 0.1], [0.2, 0.4], [0.45, 0.5], [-0.5, -0.45])
    for name, net in nets.items():
        timed(f"{name} reduced on a box", lambda net=net: sn.reduce(net, box),
              lambda r: f"{sum(r.before)} -> {sum(r.after)} neurons")  # fmt: skip
        for file in sorted(folder.glob("prop_*.vnnlib")):
            claim = sn.load_property(file)
            found = timed(f"{name} {file.stem}", lambda net=net, claim=claim: sn.verify(
                net, claim, max_boxes=10**5, timeout=patience), lambda v: str(v)[:90])  # fmt: skip
            if found.verdict != "undecided":
                timed("checked", found.check, str)
    if pictures:
        print(f"  drawn: {advisories(nets['1_1'], pictures / 'acasxu.png')}")


def advisories(net: sn.Sequential, path: Path) -> Path:
    """What is advised for each place of an intruder that comes head on, as seen from above.

    The network takes distance and angle: regions of this plane are exact, and their corners are put
    where they are in space; edges between them become curves, which are drawn as such.
    """
    from matplotlib import pyplot as plt
    from matplotlib.collections import PolyCollection

    # (value - mean) / range for distance in feet, two angles, two speeds in feet per second
    means, ranges = (19791.091, 0, 0, 650, 600), (60261, 2 * np.pi, 2 * np.pi, 1100, 1200)
    reach = 30_000

    def point(distance: float, angle: float) -> list[float]:
        values = (distance, angle, -np.pi, 800, 700)
        return [(v - m) / r for v, m, r in zip(values, means, ranges, strict=True)]

    # the least score is the advice
    advice = sn.Sequential(*net, sn.Linear(-np.eye(5, dtype=int)))
    plane = sn.Slice.through(point(0, 0), point(reach, 0), point(0, np.pi),
                             within=sn.Box([0, 1], [-1, 1]))  # fmt: skip
    decisions = sn.piecewise(advice, domain=plane).decisions()
    outlines, colours = [], []
    for region, best in zip(decisions.function.regions, decisions.winners, strict=True):
        corners = np.array(around(region.vertices))
        dense = np.concatenate(
            [a + (b - a) * np.linspace(0, 1, 8, endpoint=False)[:, None]
             for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True)]
        )  # fmt: skip
        distance, angle = reach * dense[:, 0], np.pi * dense[:, 1]
        outlines.append(np.column_stack([distance * np.cos(angle), distance * np.sin(angle)]) / 1e3)
        colours.append(COLOURS[min(best)])
    figure, axes = plt.subplots(figsize=(6.5, 5))
    axes.add_collection(PolyCollection(outlines, facecolors=colours, edgecolors="face", lw=0.2))
    axes.set(xlim=(-reach / 1e3, reach / 1e3), ylim=(-reach / 2e3, reach / 2e3), aspect="equal",
             xlabel="ahead, 1000 ft", ylabel="to the left, 1000 ft")  # fmt: skip
    handles = [plt.Rectangle((0, 0), 1, 1, fc=c, ec="grey") for c in COLOURS]
    axes.legend(handles, ADVICE, loc="upper left", fontsize=7)
    figure.savefig(path, dpi=150, bbox_inches="tight")
    plt.close(figure)
    return path


def around(corners: tuple[tuple[sp.Rational, ...], ...]) -> list[list[float]]:
    """The corners of a convex polygon in the order in which they follow each other."""
    points = [[float(v) for v in corner] for corner in corners]
    centre = np.mean(points, axis=0)
    return sorted(points, key=lambda p: float(np.arctan2(p[1] - centre[1], p[0] - centre[0])))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--acasxu", type=Path, help="a folder with ACASXU_run2a_*.onnx")
    parser.add_argument("--pictures", type=Path, help="where pictures are written")
    parser.add_argument("--patience", type=float, default=60, help="seconds for a property")
    options = parser.parse_args()
    if options.pictures:
        options.pictures.mkdir(exist_ok=True)
    large()
    convolutional()
    digits(options.pictures)
    if options.acasxu:
        acasxu(options.acasxu, options.pictures, options.patience)


if __name__ == "__main__":
    main()
