"""The house's floors: who may import whom (docs/design/layers.md)."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.source import ROOT, SRC, files, room, tree

EXPERTS = {"ortools": {"solver"}, "networkx": {"cohort", "testing"}}
"""Packages that only some rooms may import."""


def imported(path: Path, *, whole: bool = False) -> set[str]:
    """Packages a file imports, wherever in the file; the whole dotted names if so wished."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names if whole else {name.split(".")[0] for name in names}


def test_contracts_are_kept() -> None:
    """import-linter finds nothing to say against the contracts in pyproject.toml."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_experts_stay_in_their_rooms() -> None:
    """Only the solver imports OR-Tools; networkx serves the organisation chart and the oracle."""
    for package, rooms in EXPERTS.items():
        users = {room(path) for path in files() if package in imported(path)}
        assert users <= rooms, f"{package} is imported by {sorted(users - rooms)}"


def test_nobody_enters_by_the_front_door() -> None:
    """Inside the house, modules import modules, never the façade; only the command line is a guest."""
    inside = [path for path in files() if path != SRC / "__init__.py" and room(path) != "cli"]
    assert [path for path in inside if "pairmatch" in imported(path, whole=True)] == []
