"""The pages list what there is (their examples run as doctests)."""

import re
import shlex
from pathlib import Path

import pytest

from symnet.cli import main
from symnet.exporters import every_exporter
from symnet.importers import every_importer
from symnet.importers.operators import every_operator
from symnet.notation import every_notation
from symnet.rules import every_rule

DOCS = Path(__file__).parent.parent / "docs"


def rows(page):
    text = (DOCS / page).read_text().replace("\\", "")
    return [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in text.splitlines()
        if line.startswith("|")
    ]


def test_every_rule_stands_in_the_table_as_it_states_itself():
    table = {row[0]: row[1:] for row in rows("simplification.md")}
    for rule in every_rule():
        assert table[rule.name] == [rule.statement, rule.condition, rule.source]
    assert len(table) == len(every_rule()) + 2


def test_every_notation_stands_in_the_table():
    names = {row[0].strip("`") for row in rows("derivations.md")[2:]}
    assert names == {notation.name for notation in every_notation()}


def test_links_between_pages_lead_somewhere():
    for page in DOCS.glob("*.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_format_of_models_stands_in_the_table():
    text = " ".join(cell for row in rows("models.md") for cell in row)
    for kind in (*every_importer(), *every_exporter()):
        assert kind.suffixes[0] in text or kind.name == "pickle"


def test_every_operator_stands_in_the_table():
    listed = [name.strip() for row in rows("loading.md")[2:] for name in row[0].split(",")]
    assert sorted(listed) == list(every_operator())


def shown():
    """The commands of a page with what they print; those without concern files of the reader's."""
    page = (DOCS / "command-line.md").read_text()
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, output = part.partition("\n")
            if output:
                yield pytest.param(line, output, id=line[:40])


@pytest.mark.parametrize(("line", "output"), list(shown()))
def test_a_command_prints_what_its_page_shows(line, output, capsys):
    program, *arguments = shlex.split(line)
    assert program == "symnet"
    main(arguments)
    assert capsys.readouterr().out == output
