"""Random piecewise-linear identities: symnet beside z3 and SymPy, in one process and one thread.

    pip install symnet z3-solver
    python benchmarks/identities.py [--count 300] [--patience 2]

As many true and as many false identities in up to 4 variables, nested up to 4 deep, from
``tests/random_identities.py``. Every tool gets the same expressions; z3 gets them as if-then-else
terms and is asked for a point where the sides differ, SymPy's answer is ``(lhs - rhs).equals(0)``,
with a time limit. Times are CPU seconds from the SymPy expression to the answer.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import sympy as sp

import symnet as sn

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from random_identities import Identity, identities

Answer = bool | None


def by_symnet(identity: Identity) -> Answer:
    verdict = sn.prove(identity.lhs.expr, identity.rhs.expr)
    return {"proved": True, "refuted": False, "undecided": None}[verdict.verdict]


def by_sympy(patience: float) -> Callable[[Identity], Answer]:
    def over(*_: Any) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, over)

    def decide(identity: Identity) -> Answer:
        signal.setitimer(signal.ITIMER_REAL, patience)
        try:
            difference = (identity.lhs.expr - identity.rhs.expr).doit()
            return difference.equals(0)
        except (TimeoutError, NotImplementedError, TypeError, RecursionError):
            return None
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    return decide


def by_z3(z3: Any) -> Callable[[Identity], Answer]:
    def term(e: sp.Expr) -> Any:
        if e.is_Symbol:
            return z3.Real(e.name)
        if e.is_Rational:
            return z3.Q(int(e.p), int(e.q))
        args = [term(a) for a in e.args]
        if e.is_Add:
            return z3.Sum(args)
        if e.is_Mul:
            return z3.Product(args)
        if isinstance(e, sp.Abs):
            return z3.If(args[0] >= 0, args[0], -args[0])
        if isinstance(e, sp.Max | sp.Min):
            best = args[0]
            for a in args[1:]:
                best = z3.If(a >= best if isinstance(e, sp.Max) else a <= best, a, best)
            return best
        return term(e.definition(*e.args))

    def decide(identity: Identity) -> Answer:
        solver = z3.Solver()
        solver.add(term(identity.lhs.expr) != term(identity.rhs.expr))
        return {"unsat": True, "sat": False}.get(str(solver.check()))

    return decide


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--patience", type=float, default=2.0, help="seconds for SymPy's answer")
    options = parser.parse_args()
    count = options.count
    tools = {"symnet": by_symnet, "SymPy": by_sympy(options.patience)}
    try:
        import z3
    except ImportError:
        print("left out: z3 (pip install z3-solver)")
    else:
        tools["z3"] = by_z3(z3)
    every = identities(True, count) + identities(False, count)
    times: dict[str, list[float]] = {name: [] for name in tools}
    answers: dict[str, Counter[str]] = {name: Counter() for name in tools}
    for identity in every:
        for name, decide in tools.items():
            start = time.process_time()
            answer = decide(identity)
            times[name].append(time.process_time() - start)
            kind = (
                "undecided"
                if answer is None
                else "right"
                if answer == identity.is_true
                else "wrong"
            )
            answers[name][kind] += 1
    head = f"{'':<8}{'right':>7}{'wrong':>7}{'undecided':>11}{'median ms':>11}"
    print(f"{head}{'ratio':>8}{'worst s':>9}")
    for name, spent in times.items():
        middle = median(spent)
        ratio = middle / median(times["symnet"])
        counts = answers[name]
        print(
            f"{name:<8}{counts['right']:>7}{counts['wrong']:>7}{counts['undecided']:>11}"
            f"{middle * 1e3:>11.2f}{ratio:>8.2f}{max(spent):>9.2f}"
        )


if __name__ == "__main__":
    main()
