"""Writes what is really shown into the output blocks of pages: python -m tests.docs.refresh README.md ..."""

from __future__ import annotations

import contextlib
import sys
import tempfile
from pathlib import Path

from tests.docs import runner
from tests.docs.pages import Block, Page, read
from tests.source import ROOT


def refresh(path: Path) -> int:
    """Renew a page's output; how many blocks changed. Look at the result before you believe it."""
    renewed: list[tuple[Block, str]] = []

    def note(_: Page, block: Block, promised: str, shown: str) -> None:
        if not runner.agrees(promised, shown):
            renewed.append((block, promised))
            shown_by[block.line] = [line.rstrip() for line in shown.strip("\n").splitlines()]

    shown_by: dict[int, list[str]] = {}
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        runner.run(read(path), note)
    lines = path.read_text(encoding="utf-8").splitlines()
    for block, promised in sorted(renewed, key=lambda pair: -pair[0].line):
        end = block.line - 1 + len(block.text.splitlines())
        lines[end - len(promised.splitlines()) : end] = shown_by[block.line]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(renewed)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(f"{name}: {refresh(ROOT / name)} blocks renewed")
