"""Dask's executor, by its client: payloads are spread over the workers, no lost task is waited for forever.

Nothing of Dask is imported: who hands in its executor has it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from functools import partial
from typing import Any

from pairmatch.errors import CallError, Finding
from pairmatch.scoring.parcels import UNPICKLABLE, unsendable

__all__ = ["client_of", "is_foreign", "refused", "spread", "submitted_to", "threads_of"]


def client_of(executor: Executor | None) -> Any:
    """The Dask client behind an executor, or None."""
    client = getattr(executor, "_client", None)
    return client if hasattr(client, "scatter") else None


def threads_of(client: Any) -> int:
    """Tasks that the cluster runs at once.

    Raises
    ------
    CallError
        If the client is closed.
    """
    try:
        return max(int(sum(client.nthreads().values())), 1)
    except (AttributeError, OSError, RuntimeError) as error:
        # A closed client has no scheduler to ask.
        raise refused(f"its client is {getattr(client, 'status', 'closed')}") from error


def refused(why: object) -> CallError:
    """What to say of an executor that takes no more work."""
    hint = f"takes no more work ({why}); hand in an executor that was not shut down"
    return CallError([Finding("bad_argument", hint, column="executor")])


def spread(client: Any, payload: object) -> Any:
    """A payload on every worker, as a future of Dask.

    Raises
    ------
    BrokenExecutor
        If the cluster has no workers, or is gone.
    CallError
        If the payload cannot be sent.
    """
    try:
        # In a list: a payload that is itself a list would be taken apart.
        return client.scatter([payload], broadcast=True, hash=False)[0]
    except (OSError, RuntimeError) as error:
        raise BrokenExecutor(str(error)) from error
    except UNPICKLABLE as error:
        # Dask's words would show what is in the payload.
        raise unsendable("they do not pickle") from error


def submitted_to(executor: Executor, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Future[Any]:
    """Hand a task to a cluster.

    The futures of Dask's own executor never end where a task is cancelled because its data were lost.
    """
    options = getattr(executor, "_kwargs", {})
    # Tasks of equal arguments would be taken for one, after a look through all of the arguments.
    theirs = client_of(executor).submit(function, *arguments, **{**options, "pure": False})
    ours: Future[Any] = Future()
    ours.add_done_callback(partial(_passed_on, theirs))
    theirs.add_done_callback(partial(_settled, ours))
    return ours


def is_foreign(error: BaseException | None) -> bool:
    """Whether an error is Dask's own, as KilledWorker, and not that of a task."""
    return type(error).__module__.partition(".")[0] == "distributed"


def _passed_on(theirs: Any, ours: Future[Any]) -> None:
    """Who cancels our future cancels theirs."""
    if ours.cancelled():
        theirs.cancel()


def _settled(ours: Future[Any], theirs: Any) -> None:
    """Their end becomes ours."""
    if not ours.set_running_or_notify_cancel():
        return
    try:
        ours.set_result(theirs.result())
    except (Exception, CancelledError) as error:
        ours.set_exception(error)
