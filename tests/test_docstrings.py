"""Examples in docstrings run, and everything public says what it is."""

from __future__ import annotations

import doctest
import importlib
import inspect
from typing import Any

import pytest

from tests.source import SRC, files


def dotted(path: Any) -> str:
    """A file's name as a module."""
    parts = path.relative_to(SRC.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = [dotted(path) for path in files()]
WITH_EXAMPLES = [dotted(path) for path in files() if ">>> " in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_run(name: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example shows what the docstring says."""
    monkeypatch.chdir(tmp_path)
    results = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert results.attempted > 0
    assert results.failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_public_names_have_docstrings(name: str) -> None:
    """What a module lists in `__all__` has a docstring of its own, unless it is a plain value."""
    module = importlib.import_module(name)
    listed = [getattr(module, entry) for entry in getattr(module, "__all__", [])]
    defined = [value for value in listed if inspect.isclass(value) or inspect.isfunction(value)]
    assert [value.__name__ for value in defined if not value.__doc__] == []
