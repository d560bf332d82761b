"""The façade: what is public, and what using it costs."""

from __future__ import annotations

import ast
import importlib
import pickle
import pkgutil
import subprocess
import sys
import types

import pytest

import pairmatch as pm
from pairmatch import errors
from tests.source import SRC, tree

HEAVY = (
    "pandas",
    "scipy",
    "networkx",
    "ortools",
    "jinja2",
    "altair",
    "typer",
    "rich",
    "hypothesis",
    "pytest",
)

MAY_BE_HEAVY = ("pairmatch.cli", "pairmatch.testing")
"""Rooms that stand outside the import budget: nobody imports them by using the library."""


def promised() -> set[str]:
    """Names that the façade shows to type checkers."""
    block = next(node for node in tree(SRC / "__init__.py").body if isinstance(node, ast.If))
    return {
        alias.asname or alias.name
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def modules() -> list[str]:
    """Every module of the library by its dotted name."""
    return [module.name for module in pkgutil.walk_packages([str(SRC)], "pairmatch.")]


def loaded_by(code: str) -> set[str]:
    """The heavy packages that a fresh Python has loaded after running some code."""
    report = f"{code}\nimport sys\nprint(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("name", pm.__all__)
def test_every_public_name_is_there(name: str) -> None:
    """Each name in `__all__` resolves, is offered by `dir`, and tells what it is."""
    value = getattr(pm, name)
    assert name in dir(pm)
    assert isinstance(value, str) or value.__doc__


def test_all_is_what_is_public() -> None:
    """`__all__`, the type checker's view and the error tree name the same things."""
    assert {"__version__"} | promised() == set(pm.__all__)
    assert set(errors.__all__) <= set(pm.__all__)
    assert list(pm.__all__) == sorted(pm.__all__)


def test_verbs_are_functions_whatever_was_imported_first() -> None:
    """The file match.py does not hide the verb `match`, in either order of imports."""
    verbs = [name for name in pm.__all__ if (SRC / f"{name}.py").exists()]
    for verb in verbs:
        assert isinstance(importlib.import_module(f"pairmatch.{verb}"), types.ModuleType)
        assert isinstance(getattr(pm, verb), types.FunctionType)
        code = f"import pairmatch.{verb}\nassert type(pairmatch.{verb}).__name__ == 'function'"
        subprocess.run([sys.executable, "-c", code], check=True)
        assert pickle.loads(pickle.dumps(getattr(pm, verb))) is getattr(pm, verb)
    assert len(verbs) >= 4


def test_unknown_names_are_refused() -> None:
    """A wrong name is an AttributeError, as everywhere in Python."""
    with pytest.raises(AttributeError, match="no attribute 'mtch'"):
        pm.mtch


@pytest.mark.parametrize("name", modules())
def test_every_room_keeps_its_word(name: str) -> None:
    """What a module lists in `__all__` is there, once."""
    module = importlib.import_module(name)
    listed = getattr(module, "__all__", [])
    assert sorted(set(listed)) == sorted(listed)
    assert [entry for entry in listed if not hasattr(module, entry)] == []


def test_importing_is_light() -> None:
    """`import pairmatch` loads none of the heavy packages."""
    assert loaded_by("import pairmatch") == set()


def test_every_room_opens_lightly() -> None:
    """Heavy packages are imported where they are used, in every room but the outer ones."""
    light = [name for name in modules() if not name.startswith(MAY_BE_HEAVY) and "__main__" not in name]
    assert loaded_by("\n".join(f"import {name}" for name in light)) == set()
