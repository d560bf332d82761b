"""Makes and executes the .ipynb beside each source: python -m tests.notebooks.execute notebooks/*.py"""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path

import jupytext
from nbclient import NotebookClient
from nbformat import NotebookNode


def executed(source: Path) -> NotebookNode:
    """The notebook of a source after every cell was run, in an empty folder."""
    book = jupytext.read(source)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # Jupyter's own machinery (sockets, event loops) warns on some platforms; our cells run in the kernel.
        warnings.simplefilter("ignore")
        place = {"metadata": {"path": folder}}
        NotebookClient(book, timeout=300, record_timing=False, resources=place).execute()
    for number, cell in enumerate(book.cells):
        cell["id"] = f"cell-{number:02}"  # the same each time, for a quiet history
    return book


if __name__ == "__main__":
    for name in sys.argv[1:]:
        jupytext.write(executed(Path(name)), Path(name).with_suffix(".ipynb"), fmt="ipynb")
        print(f"{name} executed")
