"""Symbolic gradients by symnet and by tensorgrad, side by side on the same networks.

    python benchmarks/gradients.py                                      # symnet alone
    python benchmarks/gradients.py --tensorgrad                         # both in this process
    python benchmarks/gradients.py --tensorgrad INTERPRETER             # one that has tensorgrad
    python benchmarks/gradients.py --tensorgrad --depths 1 2 3 --repeat 5

tensorgrad (github.com/thomasahle/tensorgrad) runs in the same process, or where it is installed for
another interpreter in one of that. Both derive the loss of a network with symbols for all sizes by
every weight and bias; tensorgrad's derivatives are carried out by `simplify`, without which they
stay unevaluated. Times are medians of CPU seconds on one thread, network and gradients; `ratio` is
tensorgrad's time in that of symnet. Then both results are evaluated at the same random numbers in
float64: `apart` is how far they are from each other at most.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

#: Activations and losses that both know.
ACTIVATIONS = ("relu", "tanh", "sigmoid")
LOSSES = ("squared error", "cross-entropy")
SIZES = (2, 3, 4)


def case_values(depth: int, loss: str) -> dict[str, Any]:
    """Sizes, and numbers for the input, the target and all parameters, as nested lists."""
    random = Random(f"{depth} {loss}")
    sizes = [random.choice(SIZES) for _ in range(depth + 1)]

    def table(rows: int, cols: int) -> list[list[float]]:
        return [[random.randint(-31, 31) / 16 for _ in range(cols)] for _ in range(rows)]

    y = table(sizes[-1], 1)
    if loss == "cross-entropy":
        y = [[float(k == 0)] for k in range(sizes[-1])]
    values = {"sizes": sizes, "x": table(sizes[0], 1), "y": y}
    for k in range(1, depth + 1):
        values[f"W_{k}"] = table(sizes[k], sizes[k - 1])
        values[f"b_{k}"] = table(sizes[k], 1)
    return values


# --- symnet


def by_symnet(depth: int, activation: str, loss: str, repeat: int) -> tuple[float, Any]:
    """Seconds, and the gradients at the case's numbers."""
    import numpy as np
    import sympy as sp

    import symnet as sn
    from symnet.claims._evaluate import evaluate

    layer = {"relu": sn.ReLU, "tanh": sn.Tanh, "sigmoid": sn.Sigmoid}[activation]
    kind = sn.SquaredErrorLoss() if loss == "squared error" else sn.CrossEntropyLoss()
    seconds = []
    for _ in range(repeat):
        sp.core.cache.clear_cache()
        begin = time.process_time()
        n = sp.symbols(f"n_0:{depth + 1}", integer=True, positive=True)
        layers = [a for k in range(depth) for a in (sn.Linear(n[k], n[k + 1]), layer())]
        net = sn.Sequential(*layers[:-1])
        gradients = sn.gradient(net, "all", loss=kind)
        seconds.append(time.process_time() - begin)
    values = case_values(depth, loss)
    point = {size: sp.Integer(k) for size, k in zip(n, values["sizes"], strict=True)}
    symbols = {"x": net.input, "y": sp.MatrixSymbol("y", n[-1], 1), **net.parameters}
    for name, symbol in symbols.items():
        point[symbol] = sp.ImmutableMatrix(values[name]).applyfunc(lambda v: sp.Float(v, 30))
    found = {k: np.array(evaluate(g, point).tolist(), float) for k, g in gradients.items()}
    return median(seconds), found


# --- tensorgrad, in its own interpreter


def by_tensorgrad(depth: int, activation: str, loss: str, repeat: int) -> tuple[float, Any]:
    """The same by tensorgrad."""
    import tensorgrad as tg
    import tensorgrad.functions as functions
    import torch
    from sympy import symbols
    from tensorgrad.compiler import compile_to_callable

    with_names(torch)
    torch.set_num_threads(1)
    seconds = []
    for _ in range(repeat):
        begin = time.process_time()
        n = symbols(" ".join(f"n{k}" for k in range(depth + 1)))
        n = n if isinstance(n, tuple) else (n,)
        x, y = tg.Variable("x", e0=n[0]), tg.Variable("y", **{f"e{depth}": n[depth]})
        parameters: dict[str, Any] = {}
        h = x
        for k in range(1, depth + 1):
            shape = {f"e{k}": n[k], f"e{k - 1}": n[k - 1]}
            parameters[f"W_{k}"] = tg.Variable(f"W{k}", **shape)
            parameters[f"b_{k}"] = tg.Variable(f"b{k}", **{f"e{k}": n[k]})
            h = parameters[f"W_{k}"] @ h + parameters[f"b_{k}"]
            if k < depth:
                h = getattr(functions, activation)(h)
        if loss == "squared error":
            value = functions.sum((h - y) * (h - y)) / 2
        else:
            value = functions.cross_entropy(h, y, dim=f"e{depth}")
        gradients = {name: value.grad(p).simplify() for name, p in parameters.items()}
        seconds.append(time.process_time() - begin)
    values = case_values(depth, loss)
    dims = dict(zip(n, values["sizes"], strict=True))
    given = {}
    for name, variable in {"x": x, "y": y, **parameters}.items():
        tensor = torch.tensor(values[name], dtype=torch.float64)
        edges = [f"e{name[2:]}", f"e{int(name[2:]) - 1}"] if name[0] == "W" else [None]
        order = list(variable.edges)
        given[variable] = tensor.permute([edges.index(e) for e in order]) if name[0] == "W" else (
            tensor[:, 0])  # fmt: skip
    found = {}
    for name, g in gradients.items():
        result = compile_to_callable(g)(given, dims)
        if name[0] == "W":
            edges = (f"e{name[2:]}", f"e{int(name[2:]) - 1}")
            found[name] = result.permute([result.names.index(e) for e in edges]).tolist()
        else:
            found[name] = [[v] for v in result.tolist()]
    return median(seconds), found


def with_names(torch: Any) -> None:
    """Names of axes for a torch that has none any more, as far as tensorgrad needs them."""
    if hasattr(torch.Tensor, "names"):
        return

    def names(tensor: Any) -> tuple[Any, ...]:
        return getattr(tensor, "edge_names", (None,) * tensor.dim())

    def rename(tensor: Any, *new: Any) -> Any:
        view = tensor.view_as(tensor)
        view.edge_names = (None,) * tensor.dim() if new == (None,) else tuple(new)
        return view

    torch.Tensor.names = property(names)
    torch.Tensor.rename = torch.Tensor.refine_names = rename


def answer(case: dict[str, Any]) -> dict[str, Any]:
    """What tensorgrad says to a case."""
    try:
        seconds, found = by_tensorgrad(**case)
    except Exception as error:  # a peer that fails says so in its row
        return {"error": f"{type(error).__name__}: {error}"}
    return {"seconds": seconds, "found": found}


class Elsewhere:
    """tensorgrad in another interpreter: cases to its stdin, one a line, answers on its stdout."""

    def __init__(self, interpreter: str) -> None:
        command = [interpreter, str(Path(__file__).resolve()), "--serve"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, text=True, **pipes)

    def __call__(self, case: dict[str, Any]) -> Any:
        self.process.stdin.write(json.dumps(case) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


# --- the table


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--tensorgrad", metavar="INTERPRETER", nargs="?", const="")
    parser.add_argument("--depths", type=int, nargs="+", default=list(range(1, 7)))
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        for line in sys.stdin:
            print(json.dumps(answer(json.loads(line))), flush=True)
        return
    peer = Elsewhere(options.tensorgrad) if options.tensorgrad else answer
    peer = None if options.tensorgrad is None else peer
    by_symnet(1, "relu", "squared error", 1)  # imports
    print(
        f"{'network':<28} {'loss':<14} {'symnet':>9} {'tensorgrad':>11} {'ratio':>7} {'apart':>9}"
    )
    for loss in LOSSES:
        for activation in ACTIVATIONS:
            for depth in options.depths:
                row(peer, depth, activation, loss, options.repeat)


def row(peer: Any, depth: int, activation: str, loss: str, repeat: int) -> None:
    """One line of the table."""
    import numpy as np

    seconds, found = by_symnet(depth, activation, loss, repeat)
    head = f"{f'{depth} layers, {activation}':<28} {loss:<14} {seconds * 1e3:>6.1f} ms"
    if peer is None:
        print(head)
        return
    case = {"depth": depth, "activation": activation, "loss": loss, "repeat": repeat}
    said = peer(case)
    if "error" in said:
        print(f"{head} {said['error'][:60]}")
        return
    apart = max(
        float(np.abs(np.array(said["found"][k]) - g).max() / max(np.abs(g).max(), 1e-300))
        for k, g in found.items()
    )
    theirs = said["seconds"]
    print(f"{head} {theirs * 1e3:>8.1f} ms {theirs / seconds:>7.1f} {apart:>9.1e}", flush=True)


if __name__ == "__main__":
    main()
