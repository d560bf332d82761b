"""Runs a page: its python blocks in one namespace, its commands in the same folder."""

from __future__ import annotations

import ast
import contextlib
import doctest
import io
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pandas as pd

from pairmatch.errors import PairmatchError
from tests.docs.pages import Block, Page

FILES = ("toml", "csv", "json")
COMMAND = [sys.executable, "-c", "from pairmatch.cli import main; main()"]
LOOSE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


Check = Callable[[Page, Block, str, str], None]
"""Compares, for a block of a page, what is promised with what is shown."""


class PageFailure(AssertionError):
    """A page says what is not so; the message has the page and the line."""


def run(page: Page, check: Check | None = None) -> int:
    """Run a page in the current folder and check what it promises; how many blocks were run."""
    with pd.option_context("display.width", 110, "display.max_columns", 20):
        return _run(page, check or compare)


def _run(page: Page, check: Check) -> int:
    module = ModuleType("__page__")
    sys.modules[module.__name__] = module  # dataclasses and pickle look their module up
    names = module.__dict__
    shown, ran = "", 0
    for block in page.blocks:
        if block.language in FILES and block.words:
            with open(block.words[0], "w", encoding="utf-8") as file:
                file.write(block.text)
        elif block.language == "python":
            shown, ran = run_python(page, block, names), ran + 1
        elif block.language == "console":
            ran += run_console(page, block, check)
        elif block.language == "output":
            check(page, block, block.text, shown)
    return ran


def run_python(page: Page, block: Block, names: dict[str, Any]) -> str:
    """Run a block; what it prints, then the value of its last line as a notebook would show it."""
    module = ast.parse("\n" * (block.line - 1) + block.text, filename=page.name)
    last = module.body.pop() if module.body and isinstance(module.body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), expected(page, block, printed):
        exec(compile(module, page.name, "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), page.name, "eval"), names)
            if value is not None:
                print(value if hasattr(value, "to_string") else repr(value))
    return printed.getvalue()


@contextlib.contextmanager
def expected(page: Page, block: Block, printed: io.StringIO) -> Iterator[None]:
    """Let pass the error that a block announces, and show it as Python would."""
    announced = "raises" in block.words
    try:
        yield
    except PairmatchError as error:
        if not announced:
            raise
        print(f"{type(error).__name__}: {error}", file=printed)
        return
    if announced:
        raise PageFailure(f"{page.name}:{block.line} announces an error that does not come")


def run_console(page: Page, block: Block, check: Check) -> int:
    """Run the commands of a block that call pairmatch; how many there were."""
    count = 0
    for part in ("\n" + block.text).split("\n$ ")[1:]:
        command, _, output = part.partition("\n")
        words = shlex.split(command)
        if words[0] != "pairmatch":
            continue
        done = subprocess.run([*COMMAND, *words[1:]], capture_output=True, text=True, check=False)
        count += 1
        if done.returncode == 2 and "error" not in block.words:
            raise PageFailure(f"{page.name}:{block.line} {command}\n{done.stdout}{done.stderr}")
        if output.strip():
            check(page, block, output, done.stdout + done.stderr)
    return count


def agrees(promised: str, shown: str) -> bool:
    """Whether what is shown is what was promised; spaces and `...` are generous."""
    return doctest.OutputChecker().check_output(promised, shown, LOOSE)


def compare(page: Page, block: Block, promised: str, shown: str) -> None:
    """Complain where a page promises something else than what is shown."""
    if not agrees(promised, shown):
        raise PageFailure(f"{page.name}:{block.line} promises\n{promised}\nbut shown is\n{shown}")
