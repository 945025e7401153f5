"""A peer in a process of its own, for one that needs another interpreter or other packages."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
from measuring import Run, quiet, timed
from peers import Peer, adapters


class Elsewhere(Peer):
    """A peer that another interpreter runs; the process is told networks, and answers counts."""

    def __init__(self, key: str, peer: Peer, interpreter: str) -> None:
        super().__init__(peer.where)
        self.name, self.dimensions = peer.name, peer.dimensions  # type: ignore[misc]
        self.command = [interpreter, __file__, key, *([peer.where] if peer.where else [])]

    def load(self) -> None:
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.ask("load")

    def ask(self, what: Any) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps(what), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise EOFError("the process of its own ended")
        found = json.loads(answer)
        if "error" in found:
            raise ImportError(found["error"])
        return found

    def prepare(self, layers: list[tuple[Any, Any]]) -> Run:
        self.ask([[w.tolist(), b.tolist()] for w, b in layers])
        return lambda: dict(self.ask("run"))


def serve(peer: Peer) -> None:
    """Answer line by line: load, take a network, run."""
    run: Run | None = None
    for text in sys.stdin:
        what = json.loads(text)
        try:
            with quiet():
                if what == "load":
                    peer.load()
                    answer: dict[str, Any] = {}
                elif what == "run":
                    assert run is not None
                    seconds, answer = timed(run)
                    answer["nanoseconds"] = round(seconds * 1e9)
                else:
                    run = peer.prepare([(np.array(w), np.array(b)) for w, b in what])
                    answer = {}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve(adapters()[sys.argv[1]](*sys.argv[2:]))
