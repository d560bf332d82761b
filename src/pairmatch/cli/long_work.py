"""What the options about long work mean: threads, memory, progress."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pairmatch as pm
from pairmatch.errors import Finding

if TYPE_CHECKING:
    from pairmatch.problem import Report

MOST_THREADS = 1024

OPTIONS = {
    "time_limit": "--time-limit",
    "memory_limit": "--memory-limit",
    "movable": "--movable",
    "max_changes": "--max-changes",
    "disturbance": "--disturbance",
    "stability": "--stability",
    "minimum_weight": "--minimum-weight",
    "audience": "--audience",
    "most": "--most",
    "relax": "--relax",
    "locked": "--locked",
    "vetoed": "--vetoed",
    "overrides": "--overrides",
}
"""What the arguments of the verbs are called here."""


@contextmanager
def options_named() -> Iterator[None]:
    """Errors about an argument name the option that it came from."""
    try:
        yield
    except pm.CallError as error:
        named = [replace(found, column=OPTIONS.get(found.column, found.column)) for found in error.findings]
        raise pm.CallError(named) from None


@contextmanager
def threads_of(number: int | None) -> Iterator[ThreadPoolExecutor | None]:
    """So many threads; None where nobody says how many."""
    if number is None:
        yield None
        return
    if not 1 <= number <= MOST_THREADS:
        hint = f"must be a whole number from 1 to {MOST_THREADS}"
        raise pm.CallError([Finding("bad_argument", hint, column="--threads")])
    pool = ThreadPoolExecutor(number)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def shown_progress(wanted: bool | None = None) -> Iterator[Report | None]:
    """What long work may report to: a bar on stderr.

    Parameters
    ----------
    wanted
        True: lines, too, where stderr is no terminal. False: nothing. None: a bar where stderr is a terminal.
    """
    if wanted is False:
        yield None
        return
    with pm.progress_bar(sys.stderr, always=wanted is True) as bar:
        yield bar
