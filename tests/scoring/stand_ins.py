"""Small pure functions in the place of sweeps, and a Dask cluster: what the tests of executors share."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np


def product(payload: dict[str, Any], row: int, columns: slice) -> Any:
    """A bit of a matrix product, in whole numbers."""
    return payload["left"][row] @ payload["right"][:, columns]


def priced(payload: dict[str, Any], row: int, prices: Any) -> Any:
    """Like a sweep: what does not change is the payload, prices come among the arguments."""
    return payload["left"][row] - prices[row]


def where(payload: Any, task: int) -> tuple[int, int, int]:
    """The task, the process that did it, and which object its payload was."""
    return task, os.getpid(), id(payload)


def who(payload: Any, task: int) -> str:
    """The thread that did the task."""
    return threading.current_thread().name


def slow(payload: Any, seconds: float) -> float:
    """Take a while."""
    time.sleep(seconds)
    return seconds


def failing(payload: Any, task: int) -> int:
    """An error of the function's own."""
    if task == 3:
        raise LookupError(f"task {task}")
    return task


def deadly(folder: str, task: int) -> int:
    """Kill the process that does task 3, the first time."""
    return _deadly(Path(folder), task, once=True)


def always_deadly(folder: str, task: int, home: int) -> int:
    """Kill every process that does task 3 but the test's own."""
    if os.getpid() == home:
        return task * task
    return _deadly(Path(folder), task, once=False)


def _deadly(folder: Path, task: int, *, once: bool) -> int:
    mark = folder / "died"
    if task == 3 and not (once and mark.exists()):
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return task * task


def numbers(n: int = 64, k: int = 16) -> dict[str, Any]:
    """A payload with arrays of several kinds."""
    rng = np.random.default_rng(5)
    left = rng.integers(0, 50, (n, k)).astype(np.float32)
    right = np.asfortranarray(rng.integers(0, 50, (k, n)).astype(np.float32))
    return {"left": left, "right": right, "names": ["a", "b"], "empty": np.empty((0, 2), np.int64)}


def never() -> bool:
    """No reason to stop."""
    return False


@contextmanager
def dask_client() -> Iterator[Any]:
    """A client of two worker processes on this machine, without a dashboard."""
    import dask
    from distributed import Client, LocalCluster

    with (
        # A busy machine takes its time to start processes.
        dask.config.set({"distributed.comm.timeouts": {"connect": "180s", "tcp": "180s"}}),
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client
