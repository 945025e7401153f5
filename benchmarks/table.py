"""The table of docs/benchmarks.md, from what ``regions.py --json FILE`` measured.

python benchmarks/table.py FILE
"""

from __future__ import annotations

import json
import sys
from typing import Any

import own

OWN = (own.ENGINE, own.SKELETON, own.CALL)


def cell(row: dict[str, Any] | None) -> str:
    """A peer's time in that of symnet, and a star where its counts are not the exact ones."""
    if row is None:
        return ""
    if "remark" in row:
        return "too long" if "too long" in row["remark"] else "fails"
    ratio = row["ratio"]
    text = f"{ratio:.2g}" if ratio < 10 else f"{ratio:.0f}"
    return text + ("" if row["agrees"] else "*")


def lines(results: dict[str, list[dict[str, Any]]]) -> list[str]:
    """One row a network, one column a peer."""
    peers = sorted({row["tool"] for rows in results.values() for row in rows} - {*OWN})
    head = ["network", "regions", "ms", "regions/s", "call", "beyond", *peers]
    table = [head, ["---", *["---:"] * (len(head) - 1)]]
    for name, rows in results.items():
        by_tool = {row["tool"]: row for row in rows}
        engine, call = by_tool[own.ENGINE], by_tool[own.CALL]
        table.append(
            [
                name,
                f"{engine['regions']:,}",
                f"{engine['seconds'] * 1e3:.3g}",
                f"{engine['regions_per_second']:,.0f}",
                f"{call['ratio']:.2f}",
                f"{engine['beyond']:.0f} B",
                *(cell(by_tool.get(peer)) for peer in peers),
            ]
        )
    return [f"| {' | '.join(row)} |" for row in table]


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        print(*lines(json.load(file)), sep="\n")
