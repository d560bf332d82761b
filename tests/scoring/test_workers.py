"""The map over tasks: the same results on every executor, whatever happens to it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pairmatch as pm
from pairmatch.problem import Stopped
from pairmatch.scoring import blas, parcels
from pairmatch.scoring.cluster import spread
from pairmatch.scoring.workers import AHEAD, Workers, cores, width_of
from tests.scoring import stand_ins
from tests.scoring.stand_ins import never
from tests.source import ROOT

SPAWN = multiprocessing.get_context("spawn")
PRODUCTS = [(row, columns) for row in range(20) for columns in (slice(0, 30), slice(30, 64))]


class Inline(Executor):
    """An executor that nobody knows: it does everything at once, in this process."""

    def submit(self, function: Any, /, *arguments: Any, **options: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments, **options))
        except Exception as error:
            future.set_exception(error)
        return future


class Elsewhere(Inline):
    """An executor whose workers see neither this process nor its files."""

    def submit(self, function: Any, /, *arguments: Any, **options: Any) -> Future[Any]:
        at_hand, folder = dict(parcels._at_hand), tempfile.gettempdir()
        parcels._at_hand.clear()
        hidden = [
            parcels.Parcel(a.token, a.path.replace(folder, "/nowhere"))
            if isinstance(a, parcels.Parcel)
            else a
            for a in arguments
        ]
        try:
            return super().submit(function, *hidden, **options)
        finally:
            parcels._at_hand.update(at_hand)


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(2, mp_context=SPAWN) as pool:
        yield pool


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with stand_ins.dask_client() as client:
        yield client


@pytest.fixture(params=["own", "threads", "processes", "dask", "inline", "elsewhere"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor | None]:
    match request.param:
        case "own":
            yield None
        case "threads":
            with ThreadPoolExecutor(3) as pool:
                yield pool
        case "processes":
            yield request.getfixturevalue("processes")
        case "dask":
            yield request.getfixturevalue("client").get_executor()
        case "inline":
            yield Inline()
        case "elsewhere":
            yield Elsewhere()


def private_files() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("pairmatch-*"))


def test_same_results_on_every_executor(executor: Executor | None) -> None:
    """Results come in the order of the tasks, and nothing is left behind."""
    payload, before, at_hand = stand_ins.numbers(), private_files(), set(parcels._at_hand)
    with Workers(executor) as workers:
        handle = workers.shipped(payload)
        results = list(workers.map(stand_ins.product, handle, PRODUCTS, never))
        assert (workers.repeated, workers.broken) == (0, False)
    for (row, columns), result in zip(PRODUCTS, results, strict=True):
        assert np.array_equal(result, stand_ins.product(payload, row, columns))
    assert private_files() <= before
    assert set(parcels._at_hand) <= at_hand
    if executor is not None:
        assert executor.submit(abs, -1).result() == 1, "the caller's executor is left open"


def test_payloads_among_the_arguments(executor: Executor | None) -> None:
    """What changes from sweep to sweep is sent once per sweep, beside what never changes."""
    payload = stand_ins.numbers()
    with Workers(executor) as workers:
        people = workers.shipped(payload)
        for times in (1, 2):
            prices = workers.shipped(np.arange(64) * times)
            tasks = [(row, prices) for row in range(10)]
            results = list(workers.map(stand_ins.priced, people, tasks, never))
            for row, result in enumerate(results):
                assert np.array_equal(result, payload["left"][row] - row * times)
            workers.forget(prices)
            workers.forget(prices)


def test_errors_of_the_function_are_the_callers(executor: Executor | None) -> None:
    """An error is raised where its result would have come; it is not tried again."""
    with Workers(executor) as workers:
        results = workers.map(stand_ins.failing, workers.shipped(()), [(k,) for k in range(9)], never)
        assert [next(results) for _ in range(3)] == [0, 1, 2]
        with pytest.raises(LookupError, match="task 3"):
            next(results)
        assert workers.repeated == 0


def test_no_tasks(executor: Executor | None) -> None:
    """Nothing to do is nothing wrong."""
    with Workers(executor) as workers:
        assert list(workers.map(stand_ins.where, workers.shipped(None), [], never)) == []


def test_a_payload_is_opened_once_per_process(processes: ProcessPoolExecutor) -> None:
    """Each worker process opens the file once; threads see the very object."""
    payload = stand_ins.numbers()
    with Workers(processes) as workers:
        tasks = [(k,) for k in range(40)]
        seen = list(workers.map(stand_ins.where, workers.shipped(payload), tasks, never))
    assert [task for task, _, _ in seen] == list(range(40))
    assert len({pid for _, pid, _ in seen} - {os.getpid()}) in (1, 2)
    assert len({(pid, name) for _, pid, name in seen}) == len({pid for _, pid, _ in seen})
    with Workers() as workers:
        seen = list(workers.map(stand_ins.where, workers.shipped(payload), tasks, never))
    assert {name for _, _, name in seen} == {id(payload)}


def test_stopping_ends_soon(executor: Executor | None) -> None:
    """`stop` is asked while waiting; what has not begun does not begin."""
    started = time.monotonic()
    tasks = [(0.01 if isinstance(executor, Inline) else 0.2,)] * 400
    with Workers(executor) as workers:
        results = workers.map(
            stand_ins.slow, workers.shipped(None), tasks, lambda: time.monotonic() - started > 0.5
        )
        with pytest.raises(Stopped):
            list(results)
    if executor is not None:
        assert executor.submit(abs, -1).result() == 1


def test_stop_is_asked_at_once() -> None:
    """A deadline that has passed leaves no time for a single result."""
    with Workers() as workers, pytest.raises(Stopped):
        next(workers.map(stand_ins.where, workers.shipped(None), [(0,)], lambda: True))


def test_few_tasks_are_under_way() -> None:
    """Tasks are taken as they are needed: their number is bounded by the workers, not by the cohort."""
    taken = 0

    def tasks() -> Iterator[tuple[int]]:
        nonlocal taken
        for taken in range(1, 1000):
            yield (taken,)

    with Workers(threads=2) as workers:
        results = workers.map(stand_ins.where, workers.shipped(None), tasks(), never)
        for _ in range(5):
            next(results)
        assert taken <= 5 + 2 * AHEAD
        results.close()


def test_no_thread_is_left() -> None:
    """Threads of our own end with the map, also where it is given up in the middle."""
    before = set(threading.enumerate())
    for stop_at in (None, 4):
        with Workers(threads=3) as workers:
            assert workers.width == 3
            tasks = [(k,) for k in range(30)]
            for k, name in enumerate(workers.map(stand_ins.who, workers.shipped(None), tasks, never)):
                assert name.startswith("pairmatch")
                if k == stop_at:
                    break
    assert set(threading.enumerate()) <= before


def test_a_killed_process_costs_its_tasks_only(tmp_path: Path) -> None:
    """The pool is broken for good: what it had not done is done by threads here."""
    with ProcessPoolExecutor(2, mp_context=SPAWN) as pool, Workers(pool) as workers:
        handle = workers.shipped(str(tmp_path))
        tasks = [(k,) for k in range(40)]
        assert list(workers.map(stand_ins.deadly, handle, tasks, never)) == [k * k for k in range(40)]
        assert workers.broken
        assert 1 <= workers.repeated <= AHEAD * 2
        assert list(workers.map(stand_ins.deadly, handle, tasks[:5], never)) == [0, 1, 4, 9, 16]


def test_a_killed_dask_worker_costs_its_tasks_only(client: Any, tmp_path: Path) -> None:
    """Dask gives the tasks to the other worker, which has the payload too."""
    client.wait_for_workers(2)
    with Workers(client.get_executor()) as workers:
        handle = workers.shipped(str(tmp_path))
        results = list(workers.map(stand_ins.deadly, handle, [(k,) for k in range(40)], never))
    assert results == [k * k for k in range(40)]
    assert (tmp_path / "died").exists()


@pytest.mark.proof
def test_a_task_that_kills_every_dask_worker_is_done_here(client: Any, tmp_path: Path) -> None:
    """Where Dask gives a task up, it is done in this process."""
    client.wait_for_workers(2)
    with Workers(client.get_executor()) as workers:
        handle = workers.shipped(str(tmp_path))
        tasks = [(k, os.getpid()) for k in range(6)]
        results = list(workers.map(stand_ins.always_deadly, handle, tasks, never))
    assert results == [k * k for k in range(6)]
    assert workers.repeated >= 1


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_an_executor_that_was_shut_down_is_refused(kind: str) -> None:
    """The message says what to hand in."""
    pool = ThreadPoolExecutor(1) if kind == "threads" else ProcessPoolExecutor(1, mp_context=SPAWN)
    pool.shutdown()
    with Workers(pool) as workers, pytest.raises(pm.CallError, match="not shut down"):
        list(workers.map(stand_ins.where, workers.shipped(None), [(1,)], never))


class Closed:
    """Stands in for a Dask client that is closed."""

    status = "closed"

    def scatter(self, *_: Any, **__: Any) -> Any:
        raise TypeError("Could not serialize", "what somebody wrote of themselves")

    def nthreads(self) -> Any:
        raise AttributeError("'NoneType' object has no attribute 'ncores'")


class OfClosed(Inline):
    """Its executor."""

    _client = Closed()


def test_a_closed_dask_client_is_refused() -> None:
    """As an executor that was shut down: it has no scheduler any more."""
    with pytest.raises(pm.CallError, match=r"client is closed.*not shut down"):
        Workers(OfClosed())


def test_what_dask_cannot_send_is_refused() -> None:
    """Dask's own words hold what was to be sent, so they are not told."""
    with pytest.raises(pm.CallError, match="or use threads") as caught:
        spread(Closed(), "payload")
    assert "somebody" not in str(caught.value)


def test_width(client: Any) -> None:
    """As many tasks at once as the executor has workers; as the machine has cores where it does not tell."""
    with ThreadPoolExecutor(3) as pool:
        assert width_of(pool) == 3
    assert width_of(Inline()) == cores() >= 1
    client.wait_for_workers(2)
    assert width_of(client.get_executor()) == 2


INTERRUPTED = """
import signal, sys, threading, time
from tests.scoring import stand_ins
from pairmatch.scoring.workers import Workers

if __name__ == "__main__":
    kind, seconds = sys.argv[1], 0.2
    pool = None
    if kind == "processes":
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context
        ignored = {"initializer": signal.signal, "initargs": (signal.SIGINT, signal.SIG_IGN)}
        pool = ProcessPoolExecutor(2, mp_context=get_context("spawn"), **ignored)
    try:
        with Workers(pool) as workers:
            for k, _ in enumerate(
                workers.map(stand_ins.slow, workers.shipped(None), [(seconds,)] * 10_000, lambda: False)
            ):
                if k == 0:
                    print("begun", flush=True)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        if pool is not None:
            pool.shutdown(cancel_futures=True)
        sys.exit(130)
"""


@pytest.mark.parametrize("kind", ["own", "processes"])
def test_an_interrupt_ends_the_map(kind: str, tmp_path: Path) -> None:
    """Ctrl-C in the middle of a long map: the interrupt reaches the caller, and the process ends."""
    (tmp_path / "script.py").write_text(INTERRUPTED, encoding="utf-8")
    command = [sys.executable, "-W", "error", str(tmp_path / "script.py"), kind]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        process.send_signal(signal.SIGINT)
        printed, errors = process.communicate(timeout=60)
    assert (printed, errors, process.returncode) == ("interrupted\n", "", 130)


class Limits:
    """Stands in for threadpoolctl's, to count."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def limit(self, *, limits: int, user_api: str) -> Limits:
        self.told.append(f"{user_api} {limits}")
        return self

    def restore_original_limits(self) -> None:
        self.told.append("restored")


def test_matrix_products_use_one_thread_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many maps overlap, the first limits and the last restores."""
    limits = Limits()
    monkeypatch.setattr(blas, "_libraries", lambda: limits)
    outer, inner = blas.one_blas_thread(), blas.one_blas_thread()
    outer.__enter__()
    inner.__enter__()
    outer.__exit__(None, None, None)
    assert limits.told == ["blas 1"]
    inner.__exit__(None, None, None)
    assert limits.told == ["blas 1", "restored"]
