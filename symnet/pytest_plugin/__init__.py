"""The pytest plugin: bare asserts explained, claims reported, theorem files as tests.

It imports nothing but pytest until a test needs it; it has no fixtures.
"""

from __future__ import annotations

import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from .._announce import listeners
from .._late import late
from ._theorems import TheoremFile, is_theorem_file

#: The marker of tests whose claim is to be refuted.
MARKER = "symnet_refuted"
_SUFFIXES = (".json", ".md", ".markdown", ".html", ".htm")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("symnet")
    group.addoption(
        "--symnet-report",
        metavar="FILE",
        type=Path,
        help="write every claim of the run, its verdict, its method and its counterexample "
        "to FILE (.md, .html or .json)",
    )
    parser.addini("symnet_theorems", "folders of theorem files", type="paths", default=[])


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        f"{MARKER}: the test passes only if a claim that it asserts is refuted (symnet)",
    )
    file = config.getoption("--symnet-report")
    if file is None:
        return
    if file.suffix.lower() not in _SUFFIXES:
        raise pytest.UsageError(
            f"--symnet-report {file}: the suffix must be one of {', '.join(_SUFFIXES)}"
        )
    if not file.absolute().parent.is_dir():
        raise pytest.UsageError(
            f"--symnet-report {file}: there is no folder {file.parent}; make it first"
        )
    config.pluginmanager.register(Reporter(config, file), "symnet-reporter")


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    if op != "==" or "sympy" not in sys.modules:
        return None
    explained: list[str] | None = late("pytest_plugin._compare", "explained")(left, right)
    return explained


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    others = yield
    if file_path.suffix == ".py" and is_theorem_file(file_path, parent):
        # its docstring is prose, and importing it twice is no use
        return [TheoremFile.from_parent(parent, path=file_path)]
    return others


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    if item.get_closest_marker(MARKER) is None:
        return (yield)
    try:
        yield
    except AssertionError as error:
        if not hasattr(error, "verdict"):
            raise
        return None
    pytest.fail(
        f"the test is marked {MARKER}, and no claim in it was refuted: "
        "what it asserts is proved, or it asserts nothing by symnet",
        pytrace=False,
    )


class Reporter:
    """Collects the claims of all tests, those of other processes too, and writes them."""

    def __init__(self, config: pytest.Config, file: Path) -> None:
        self.config, self.file = config, file
        self.current: list[dict[str, Any]] = []
        self.records: list[dict[str, Any]] = []
        listeners.append(self.heard)

    def heard(self, claim: Any, verdict: Any) -> None:
        self.current.append(late("pytest_plugin._report", "record")(claim, verdict))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        # what a report has beside its fields goes from process to process with it
        report.__dict__["symnet_claims"] = [
            {
                "test": item.nodeid,
                "expected": expected(item),
                "outcome": report.outcome,
                **found,
            }
            for found in self.current
        ]
        self.current.clear()
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.records += getattr(report, "symnet_claims", [])

    def pytest_sessionfinish(self) -> None:
        if not hasattr(self.config, "workerinput"):
            late("pytest_plugin._report", "write")(self.records, self.file)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        verdicts = [record["verdict"] for record in self.records]
        counts = ", ".join(f"{verdicts.count(v)} {v}" for v in dict.fromkeys(sorted(verdicts)))
        terminalreporter.write_line(
            f"symnet: {len(verdicts)} claims{f' ({counts})' if counts else ''}, in {self.file}"
        )

    def pytest_unconfigure(self) -> None:
        listeners.remove(self.heard)


def expected(item: pytest.Item) -> str:
    """The verdict with which the test passes."""
    if item.get_closest_marker(MARKER) is not None:
        return "refuted"
    return str(getattr(item, "expected", "proved"))
