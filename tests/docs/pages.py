"""The pages of the documentation, taken apart into blocks and prose.

What a fence's info string means:

    ```python             is run; blocks of a page share their names, and a page has a folder of its own
    ```python raises      is run, and must end in an error of pairmatch
    ```output             is what the python block or the command before it shows (`...` stands for anything)
    ```toml policy.toml   is written to that file before what follows is run (csv and json too)
    ```console            commands after `$ ` are run; what follows them is what they show
    ```sh, ```text, ...   are not run
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.source import ROOT

FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, the words after it, its text and its line."""

    language: str
    words: tuple[str, ...]
    text: str
    line: int


@dataclass(frozen=True)
class Page:
    """One page: its path, its blocks in order, and the prose between them."""

    path: Path
    blocks: tuple[Block, ...] = field(repr=False)
    prose: str = field(repr=False)

    @property
    def name(self) -> str:
        """The page's path below the project's root."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def inline(self) -> list[str]:
        """Everything in single backticks in the prose."""
        return INLINE.findall(self.prose)

    @property
    def headings(self) -> list[str]:
        """The page's headings without their marks and backticks."""
        return [h.replace("`", "") for h in re.findall(r"^#{1,4} (.+)$", self.prose, re.MULTILINE)]

    @property
    def links(self) -> list[str]:
        """Where the page's links lead, without anchors; addresses on the web left out."""
        targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", self.prose)
        return [target for target in targets if "://" not in target]


def read(path: Path) -> Page:
    """Take a page apart."""
    text = path.read_text(encoding="utf-8")
    blocks = []
    for match in FENCE.finditer(text):
        language, *words = match["info"].split() or [""]
        blocks.append(Block(language, tuple(words), match["body"], text.count("\n", 0, match.start()) + 2))
    return Page(path, tuple(blocks), FENCE.sub("", text))


def pages() -> list[Page]:
    """All pages that users and contributors read."""
    top = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")]
    below = sorted(p for p in (ROOT / "docs").rglob("*.md") if "_build" not in p.parts)
    return [read(path) for path in [*top, *below]]


def page(name: str) -> Page:
    """One page by its path below the project's root."""
    return read(ROOT / name)
