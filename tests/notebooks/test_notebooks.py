"""The notebooks run from top to bottom, and what readers see is what their sources say."""

from __future__ import annotations

import warnings
from pathlib import Path

import jupytext
import nbformat
import pytest

from tests.notebooks.execute import executed
from tests.source import ROOT

pytestmark = pytest.mark.untraced

SOURCES = sorted((ROOT / "notebooks").glob("[0-9]*.py"))


def names(path: Path) -> str:
    """A notebook's name, for the test's id."""
    return path.stem


@pytest.mark.parametrize("source", SOURCES, ids=names)
def test_notebook_runs(source: Path) -> None:
    """Each cell runs without an error or a warning on standard error."""
    book = executed(source)
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    assert outputs
    assert [o["text"] for o in outputs if o["output_type"] == "stream" and o["name"] == "stderr"] == []


@pytest.mark.parametrize("source", SOURCES, ids=names)
def test_notebook_is_in_step(source: Path) -> None:
    """The .ipynb beside the source has the same cells, and was executed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shown = nbformat.read(source.with_suffix(".ipynb"), as_version=4)
    cells = [(cell.cell_type, cell.source) for cell in jupytext.read(source).cells]
    assert [(cell.cell_type, cell.source) for cell in shown.cells] == cells
    assert all(cell.execution_count for cell in shown.cells if cell.cell_type == "code" and cell.source)


def test_there_are_notebooks() -> None:
    """The collector finds the notebooks it is there for."""
    assert SOURCES
