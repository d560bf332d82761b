"""One thread for each matrix product while several threads make products side by side.

A library below numpy has threads of its own, which wait for each other when many threads call it at
once. The products are exact in any case: this is about time, never about the answer.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

__all__ = ["one_blas_thread"]

_lock = threading.Lock()
_holders: list[Any] = []


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Matrix products use one thread each; the last to leave restores what was."""
    with _lock:
        # Only the first one limits, and so knows what to restore; the others are only counted.
        _holders.append(_limit() if not _holders else None)
    try:
        yield
    finally:
        with _lock:
            limit = _holders.pop() if len(_holders) == 1 else _holders.pop(1)
            if limit is not None:
                limit.restore_original_limits()


def _limit() -> Any:
    return _libraries().limit(limits=1, user_api="blas")


@cache
def _libraries() -> Any:
    """The linear algebra that this process has loaded."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
