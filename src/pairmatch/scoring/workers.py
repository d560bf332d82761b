"""A pure map over tasks, on threads of our own or on any executor of the caller.

Where and in which order the tasks run never changes what they return: each is a module-level function of
a shared payload and a few arguments, and results come in the order of the tasks. So a task that
is lost can be done again anywhere.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor, wait
from functools import partial
from typing import Any, Self, TypeVar

from pairmatch.problem import Stopped
from pairmatch.scoring.blas import one_blas_thread
from pairmatch.scoring.cluster import client_of, is_foreign, refused, spread, submitted_to, threads_of
from pairmatch.scoring.parcels import NotHere, Parcel, dropped, opened, packed

__all__ = ["Workers", "cores", "in_order", "is_lost", "submitted", "width_of"]

Task = TypeVar("Task")

Submit = Callable[[Sequence[Any]], Future[Any]]

AHEAD = 4
"""Tasks under way for each worker: enough to keep it busy, few enough to stop soon."""

POLL = 0.1
"""Seconds between two looks at whether to stop."""

TRIES = 2
"""A lost task goes to the executor this often again before it is done here."""


def cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def width_of(executor: Executor) -> int:
    """How many tasks an executor runs at once, as far as it tells; else the cores of this machine.

    Raises
    ------
    CallError
        If it is that of a closed Dask client.
    """
    client = client_of(executor)
    if client is not None:
        return threads_of(client)
    width = getattr(executor, "_max_workers", None)
    return width if isinstance(width, int) and width > 0 else cores()


def submitted(executor: Executor, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
    """Hand a task to an executor.

    Raises
    ------
    BrokenExecutor
        If the executor has lost its workers.
    CallError
        If it was shut down.
    """
    try:
        if client_of(executor) is not None:
            return submitted_to(executor, function, arguments)
        return executor.submit(function, *arguments)
    except BrokenExecutor:
        raise
    except RuntimeError as error:
        raise refused(error) from error


def in_order(
    submit: Callable[[Task], Future[Any]], tasks: Iterable[Task], ahead: int, stop: Callable[[], bool]
) -> Iterator[tuple[Task, Future[Any]]]:
    """Each task with its finished future, in the order of the tasks; at most ``ahead`` are under way.

    Whatever ends it early, nothing that has not begun will.

    Raises
    ------
    Stopped
        ``stop()`` was true.
    """
    waiting, under_way = iter(tasks), deque[tuple[Task, Future[Any]]]()

    def fill() -> None:
        while len(under_way) < ahead:
            for task in waiting:
                under_way.append((task, submit(task)))
                break
            else:
                return

    try:
        fill()
        while under_way:
            finished(under_way[0][1], stop)
            done = under_way.popleft()
            fill()
            yield done
    finally:
        for _, future in under_way:
            future.cancel()


def finished(future: Future[Any], stop: Callable[[], bool]) -> Future[Any]:
    """Wait for a future to be done.

    Raises
    ------
    Stopped
        ``stop()`` was true; the future is cancelled.
    """
    while True:
        if stop():
            future.cancel()
            raise Stopped
        if wait([future], POLL).done:
            return future


def is_lost(future: Future[Any]) -> bool:
    """Whether a finished task has neither a result nor an error of its own: its worker went away."""
    if future.cancelled():
        return True
    error = future.exception()
    return is_foreign(error) or isinstance(error, BrokenExecutor | CancelledError)


def call(function: Callable[..., Any], *arguments: Any) -> Any:
    """Do one task, wherever this is; parcels among the arguments are opened."""
    with one_blas_thread():
        return function(*map(opened, arguments))


class Workers:
    """A map over tasks that share a payload; the payload is sent once. To be closed, or used in ``with``.

    Parameters
    ----------
    executor
        Any :class:`concurrent.futures.Executor`, which is left open; None for threads of our own.
    threads
        How many threads of our own; None for one per core.

    Attributes
    ----------
    repeated
        Tasks that were lost with their worker and done again.
    broken
        Whether the executor broke, so that threads of our own do its work.
    width
        How many tasks run at once.
    """

    def __init__(self, executor: Executor | None = None, threads: int | None = None) -> None:
        self.repeated = 0
        self.broken = False
        self._given, self._threads = executor, threads or cores()
        self.width = self._threads if executor is None else width_of(executor)
        self._client = client_of(executor)
        self._near = executor is None or isinstance(executor, ThreadPoolExecutor)
        self._own: ThreadPoolExecutor | None = None
        self._interrupted = self._inline = False
        self._parcels: dict[Parcel, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def shipped(self, payload: object) -> Parcel:
        """Send what tasks share to where they run; the handle may stand among any task's arguments, too.

        Parameters
        ----------
        payload
            Must pickle, unless the executor's workers are threads. It must not be changed afterwards.

        Raises
        ------
        CallError
            If it does not pickle.
        """
        parcel = packed(payload, to_file=not self._near and self._client is None)
        self._parcels[parcel] = None
        return parcel

    def forget(self, handle: Parcel) -> None:
        """Give up a payload before :meth:`close` does."""
        if handle in self._parcels:
            away = self._parcels.pop(handle)
            dropped(handle)
            if away is not None:
                away.release()

    def map(
        self,
        function: Callable[..., Any],
        handle: Parcel,
        tasks: Iterable[Sequence[Any]],
        stop: Callable[[], bool],
    ) -> Iterator[Any]:
        """``function(payload, *task)`` of every task, in order, as they come.

        Parameters
        ----------
        function
            A pure function of a module.
        handle
            What :meth:`shipped` returned for the payload.
        tasks
            The other arguments of each call; small.
        stop
            Asked several times a second.

        Raises
        ------
        Stopped
            ``stop()`` was true.
        CallError
            The executor was shut down, or its workers cannot open the payload.
        """
        submit = partial(self._submit, function, handle)
        here = partial(self._submit_here, function, handle)
        try:
            with one_blas_thread():
                for task, future in in_order(submit, tasks, AHEAD * self.width, stop):
                    if is_lost(future):
                        # To the executor again, and in the end to ourselves.
                        yield self._again((submit,) * TRIES + (here,), task, stop)
                    elif isinstance(future.exception(), NotHere):
                        self._inline = True
                        yield finished(submit(task), stop).result()
                    else:
                        yield future.result()
        except KeyboardInterrupt:
            self._interrupted = True
            raise

    def _submit(self, function: Callable[..., Any], handle: Parcel, task: Sequence[Any]) -> Future[Any]:
        if self._given is not None and not self.broken:
            try:
                return submitted(self._given, call, function, *map(self._sent, (handle, *task)))
            except BrokenExecutor:
                self.broken = True
        return self._submit_here(function, handle, task)

    def _submit_here(self, function: Callable[..., Any], handle: Parcel, task: Sequence[Any]) -> Future[Any]:
        if self._own is None:
            self._own = ThreadPoolExecutor(self._threads, thread_name_prefix="pairmatch")
        return self._own.submit(call, function, handle, *task)

    def _sent(self, argument: Any) -> Any:
        """An argument as the executor gets it."""
        if not isinstance(argument, Parcel):
            return argument
        if self._client is not None:
            return self._spread(argument)
        return opened(argument) if self._inline else argument

    def _spread(self, parcel: Parcel) -> Any:
        """A payload's copies on a cluster; made again where the workers that had them are gone."""
        away = self._parcels[parcel]
        if away is None or away.status != "finished":
            away = self._parcels[parcel] = spread(self._client, opened(parcel))
        return away

    def _again(self, ways: Iterable[Submit], task: Sequence[Any], stop: Callable[[], bool]) -> Any:
        """Do a lost task again, in one way after the other."""
        self.repeated += 1
        for submit in ways:
            future = finished(submit(task), stop)
            if not is_lost(future):
                break
        return future.result()

    def close(self) -> None:
        """End the threads of our own, delete what was sent; an interrupted caller is not kept waiting."""
        if self._own is not None:
            self._own.shutdown(wait=not self._interrupted, cancel_futures=True)
        for parcel in list(self._parcels):
            self.forget(parcel)
