"""The house's floors: who may import whom (docs/design/layers.md)."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.source import ROOT, SRC, files, room, tree

EXPERTS = {"ortools": {"solver"}, "networkx": {"cohort", "testing"}}
"""Packages that only some rooms may import."""

GUESTS = {"cli", "report"}
"""Rooms outside the library proper: they use it as anybody would."""


def imported(path: Path) -> set[str]:
    """Packages a file imports, wherever in the file."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def from_facade(path: Path) -> set[str]:
    """What a file takes from the façade itself; rooms may be imported through it."""
    names = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names if alias.name == "pairmatch"}
        elif isinstance(node, ast.ImportFrom) and node.module == "pairmatch":
            names |= {alias.name for alias in node.names if not (SRC / alias.name).is_dir()}
    return names


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
    """Inside the house, modules import modules, never the façade; only the outermost rooms are guests."""
    inside = [path for path in files() if path != SRC / "__init__.py" and room(path) not in GUESTS]
    assert {path: names for path in inside if (names := from_facade(path))} == {}
