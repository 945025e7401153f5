"""Linear regions found by symnet and by its peers, beside one another in one run and on one thread.

    python benchmarks/regions.py                                  # symnet, and peers from PyPI
    python benchmarks/regions.py --peers berzins=CHECKOUT syrenn=LIBRARY.so --only 2-64-64-64-1
    python benchmarks/regions.py --list                           # networks; peers, what they need

The tools take turns in one process. Seconds are CPU seconds, the median of the runs;
`ratio` is a tool's time in that of symnet for the same: where a tool returns no cells, in three and
more dimensions, that is symnet's skeleton (vertices, edges and their signs). MB is what a run adds
to the memory of the process at its highest, measured in a fork. Counts are compared with symnet's,
which are exact. For symnet itself: bytes per region that the result keeps, and at the peak beyond
those (tracemalloc); how many signs were decided exactly.

A peer that is not installed is left out, and so is one that would need more than --patience
seconds, going by its time per region so far. --python NAME=INTERPRETER runs a peer in a process of
its own, if it needs other versions of packages.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from statistics import median
from typing import Any

import own
from elsewhere import Elsewhere
from measuring import Run, memory, quiet, timed
from networks import NETWORKS, Network
from peers import Counts, Peer, adapters

#: What keeps libraries on one thread; they read it when they are loaded.
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
#: What comes from PyPI.
_REGISTERED = ["affinitree_trees", "relucent_search"]
#: A run beyond this many seconds is not repeated.
_LONG = 3.0


def loaded(wanted: list[str], pythons: list[str]) -> tuple[dict[str, Peer], list[str]]:
    """The peers that are there, and a line on each that is not."""
    places = dict(item.partition("=")[::2] for item in wanted)
    interpreters = dict(item.partition("=")[::2] for item in pythons)
    found: dict[str, Peer] = {}
    missing = []
    for key, adapter in adapters().items():
        where = places.get(key)
        if key not in places:
            missing.append(f"{adapter.name} was not asked for; it is {adapter.source}")
            continue
        peer = adapter(where)
        if key in interpreters:
            peer = Elsewhere(key, peer, interpreters[key])
        try:
            with quiet():
                peer.load()
        except (ImportError, OSError, EOFError) as error:
            missing.append(f"{adapter.name} is not here ({error}); it is {adapter.source}")
        else:
            found[key] = peer
    return found, missing


class Bench:
    """One run of the benchmark."""

    def __init__(self, peers: dict[str, Peer], repeat: int, patience: float) -> None:
        self.peers, self.repeat, self.patience = peers, repeat, patience
        # the most seconds per region so far, by peer and number of inputs
        self.pace: dict[tuple[str, int], float] = {}

    def measure(self, layers: Network) -> list[dict[str, Any]]:
        """One row for each tool, symnet's engine first."""
        runs = own.runs(layers)
        exact = own.exact_counts(layers)
        rows, peers, inputs = [], {}, layers[0][0].shape[1]
        for key, peer in self.peers.items():
            if inputs not in peer.dimensions:
                continue
            if self._seconds_per_region(key, inputs) * exact["regions"] > self.patience:
                rows.append({"tool": peer.name, "remark": "left out: would take too long"})
                continue
            try:
                with quiet():
                    peers[peer.name] = key
                    runs[peer.name] = peer.prepare(layers)
            except Exception as error:
                rows.append({"tool": peer.name, "remark": f"fails: {_short(error)}"})
        times, counts, failed = self._in_turn(runs)
        for name, seconds in times.items():
            if name in failed:
                rows.append({"tool": name, "remark": f"fails: {failed[name]}"})
                continue
            spent = median(seconds)
            row = {"tool": name, "seconds": spent, "runs": len(seconds), **counts[name]}
            row["agrees"] = all(exact[key] == value for key, value in counts[name].items())
            row["regions_per_second"] = exact["regions"] / spent
            reference = own.SKELETON if "regions" not in counts[name] else own.ENGINE
            base = reference if reference in times else own.ENGINE
            row["ratio"] = spent / median(times[base])
            if spent < 10:
                row["megabytes"] = memory(runs[name])
            if name in peers:
                place = peers[name], inputs
                self.pace[place] = max(self.pace.get(place, 0), spent / exact["regions"])
            rows.append(row)
        rows.sort(key=lambda row: list(runs).index(row["tool"]) if row["tool"] in runs else 99)
        rows[0] |= own.details(layers)
        return rows

    def _seconds_per_region(self, key: str, inputs: int) -> float:
        """What a peer took so far; with other numbers of inputs at the least, if not with this."""
        others = [pace for (peer, _), pace in self.pace.items() if peer == key]
        return self.pace.get((key, inputs), min(others, default=0.0))

    def _in_turn(
        self, runs: dict[str, Run]
    ) -> tuple[dict[str, list[float]], dict[str, Counts], dict[str, str]]:
        times: dict[str, list[float]] = {name: [] for name in runs}
        counts: dict[str, Counts] = {}
        failed: dict[str, str] = {}
        for turn in range(self.repeat):
            for name, run in runs.items():
                if name in failed or (turn and times[name][0] > _LONG):
                    continue
                try:
                    with quiet():
                        seconds, counts[name] = timed(run)
                    times[name].append(seconds)
                except KeyboardInterrupt:
                    raise
                except BaseException as error:  # panics of Rust are not Exceptions
                    failed[name] = _short(error)
        return times, counts, failed


def _short(error: BaseException) -> str:
    text = str(error).strip().splitlines() or [""]
    return f"{type(error).__name__} {text[0][:60]}".strip()


def line(row: dict[str, Any]) -> str:
    if "remark" in row:
        return f"  {row['tool']:<18}{row['remark']}"
    found = row.get("regions")
    what = f"{found}" if found is not None else f"{row['vertices']} v, {row['edges']} e"
    text = f"  {row['tool']:<18}{what:>20} {'yes' if row['agrees'] else 'NO':>7}"
    text += f"{row['seconds']:>10.4f}{row['regions_per_second']:>12.0f}{row['ratio']:>9.2f}"
    used = row.get("megabytes")
    text += f"{used:>8.1f}" if used is not None else f"{'':>8}"
    if "kept" in row:
        text += f"   keeps {row['kept']:.0f} B, {row['beyond']:.0f} B beyond per region"
        text += f"; {row['exact']} exact"
    return text


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="*", metavar="NETWORK", help="these networks")
    parser.add_argument(
        "--peers",
        nargs="*",
        default=_REGISTERED,
        metavar="NAME[=PATH]",
        help="these peers, and where each is; without this, those that PyPI has",
    )
    parser.add_argument("--python", nargs="*", default=[], metavar="NAME=INTERPRETER")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--patience", type=float, default=60.0, metavar="SECONDS")
    parser.add_argument("--json", metavar="FILE", help="everything measured, as JSON")
    parser.add_argument("--list", action="store_true", help="networks and peers")
    options = parser.parse_args()
    for kind, given, known in (
        ("network", options.only or [], NETWORKS),
        ("peer", options.peers + options.python, adapters()),
    ):
        for name in given:
            if name.partition("=")[0] not in known:
                parser.error(f"there is no {kind} {name!r}; there are {', '.join(known)}")
    return options


def main() -> None:
    options = parsed()
    if not ONE_THREAD.keys() <= os.environ.keys():
        os.execve(sys.executable, [sys.executable, *sys.argv], ONE_THREAD | os.environ)
    if options.list:
        print("networks:", *(f"  {name}" for name in NETWORKS), sep="\n")
        print("peers:")
        for key, adapter in adapters().items():
            print(f"  {key}: {adapter.name}; {adapter.promise}\n    {adapter.source}")
        return
    peers, missing = loaded(options.peers, options.python)
    for text in missing:
        print(f"left out: {text}")
    for run in own.runs(NETWORKS["2-16-16-1"]()).values():
        run()  # what is imported at the first call is not measured
    bench = Bench(peers, options.repeat, options.patience)
    results = {}
    head = f"{'counts':>20} {'exact?':>7}{'seconds':>10}{'regions/s':>12}{'ratio':>9}{'MB':>8}"
    print(f"  {'':<18}{head}")
    for name in options.only or NETWORKS:
        try:
            layers = NETWORKS[name]()
        except ImportError as error:
            print(f"{name}\n  left out: {error}; its data are scikit-learn's")
            continue
        results[name] = bench.measure(layers)
        print(name, *map(line, results[name]), sep="\n", flush=True)
        if options.json:
            with open(options.json, "w") as file:
                json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
