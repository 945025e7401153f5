"""What README shows on the command line is what comes out (its Python runs as doctests)."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def commands():
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, output = part.partition("\n")
            yield pytest.param(line, output, id=line)


@pytest.mark.parametrize(("line", "output"), list(commands()))
def test_a_command_prints_what_readme_shows(line, output, tmp_path):
    program, *arguments = shlex.split(line)
    assert program == "symnet"
    arguments = [str(ROOT / a) if a == "proofs" else a for a in arguments]
    done = subprocess.run(
        [sys.executable, "-m", "symnet", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "SYMNET_CACHE": str(tmp_path)},
    )
    assert done.returncode == output.startswith("refuted"), done.stderr
    if arguments[0] == "check":  # README shows some of the theorems
        # and leaves out how long each of them took
        lines = iter(re.sub(r"  \[[0-9.]+ s\]$", "", done.stdout, flags=re.MULTILINE).splitlines())
        assert all(shown in lines for shown in output.splitlines())
    else:
        assert done.stdout == output


def test_what_readme_links_to_is_there():
    targets = re.findall(r"\]\(([^)#:]+)\)", README)
    assert targets
    assert [t for t in targets if not (ROOT / t).exists()] == []
