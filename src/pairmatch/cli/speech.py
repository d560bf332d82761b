"""What the command line says: errors in words, tables of every bad row. All of it on stderr."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Callable, Sequence
from typing import ParamSpec

import typer

from pairmatch.errors import (
    SHOWN_IDS,
    Finding,
    InfeasibleError,
    InputError,
    MissingExtraError,
    NoSolutionError,
    PairmatchError,
    SolverError,
    VerificationError,
    shown,
)

Parameters = ParamSpec("Parameters")

NO, WRONG, INTERRUPTED = 1, 2, 130
"""Exit codes."""


def say(text: object) -> None:
    """Tell the person at the terminal, not the program behind the pipe."""
    typer.echo(str(text), err=True)


def spoken(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """A command whose errors are told in words and become exit codes."""

    @functools.wraps(command)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except KeyboardInterrupt:
            say("Interrupted.")
            raise typer.Exit(INTERRUPTED) from None
        except PairmatchError as error:
            say(_words(error))
            raise typer.Exit(_exit_code(error)) from None
        except BrokenPipeError:
            raise
        except OSError as error:
            say(f"The files cannot be used: {error.strerror or error}: {error.filename or ''}".rstrip(": "))
            raise typer.Exit(WRONG) from None

    return run


def _exit_code(error: PairmatchError) -> int:
    return WRONG if isinstance(error, InputError | MissingExtraError) else NO


def _words(error: PairmatchError) -> str:
    if isinstance(error, InputError | InfeasibleError | VerificationError):
        return "\n".join([str(error), *_rows(error.findings)])
    if isinstance(error, NoSolutionError):
        return f"No matching was found in time: {error}"
    if isinstance(error, SolverError):
        return f"This is a bug in pairmatch, please report it: {error}"
    return str(error)


def _rows(findings: Sequence[Finding]) -> list[str]:
    """A table of every bad row, where the words above had to leave some out."""
    kinds = Counter((finding.code, finding.side, finding.column, finding.hint) for finding in findings)
    if max(kinds.values(), default=0) <= SHOWN_IDS:
        return []
    head = ("problem", "table", "column", "row", "id")
    body = [(f.code, f.side, f.column, str(f.row or ""), shown(f.id)) for f in findings]
    return ["", "Every one of them:", *aligned([head, *body])]


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines with columns under each other, never cut or wrapped."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  " + "  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
