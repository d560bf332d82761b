"""``pairmatch.match_many``: many programmes, each matched by itself; none can harm another."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, fields
from threading import Event
from typing import TYPE_CHECKING, Any, Self

from pairmatch.checking import work_findings
from pairmatch.errors import CallError, Finding, counted, did_you_mean
from pairmatch.match import match
from pairmatch.matching import Matching
from pairmatch.problem import Progress, Report
from pairmatch.scoring.workers import in_order, is_lost, submitted, width_of

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["Job", "Outcome", "Outcomes", "match_many"]

AHEAD = 2
"""Programmes under way for each worker: people of no more than these are on their way at once."""


@dataclass(frozen=True)
class Job:
    """One programme among many.

    Attributes
    ----------
    name
        By which its outcome is found; no two programmes share one.
    cohort
        The people; or a function without arguments that returns them, as
        ``functools.partial(pm.Cohort.read, "mentors.csv", "mentees.csv")``. It is called where the programme
        is matched, and what is wrong with the files is this programme's failure alone.
    policy
        Rules, goals and the order of objectives; or a function without arguments that returns them.
    """

    name: str
    cohort: Cohort | Callable[[], Cohort]
    policy: Policy | Callable[[], Policy]


@dataclass(frozen=True)
class Outcome:
    """What became of one programme: a matching or an error, and never both.

    Attributes
    ----------
    name
        The programme's.
    matching
        Its matching; None where there is none.
    error
        Why there is none; None where there is one.
    """

    name: str
    matching: Matching | None = None
    error: BaseException | None = None


@dataclass(frozen=True, repr=False)
class Outcomes:
    """What became of many programmes, in the order in which they were handed in.

    Attributes
    ----------
    all
        One outcome per programme.
    """

    all: tuple[Outcome, ...]

    def __iter__(self) -> Iterator[Outcome]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def __getitem__(self, name: str) -> Outcome:
        """The outcome of a programme.

        Raises
        ------
        KeyError
            If there is no programme of that name.
        """
        for outcome in self.all:
            if outcome.name == name:
                return outcome
        names = [outcome.name for outcome in self.all]
        raise KeyError(f"there is no programme '{name}'.{did_you_mean(str(name), names)}")

    def __repr__(self) -> str:
        told = f"{counted(len(self.matchings), 'matching')}, {counted(len(self.failures), 'failure')}"
        return f"<Outcomes of {counted(len(self), 'programme')}: {told}>"

    @property
    def matchings(self) -> dict[str, Matching]:
        """The matchings by programme, without those that failed."""
        return {outcome.name: outcome.matching for outcome in self.all if outcome.matching is not None}

    @property
    def failures(self) -> dict[str, BaseException]:
        """The errors by programme, of those that failed."""
        return {outcome.name: outcome.error for outcome in self.all if outcome.error is not None}

    @property
    def summary(self) -> pd.DataFrame:
        """One row per programme, as a new table: name, pairs, gap, complete, error, message.

        ``error`` is the kind of error and ``message`` its words; both are empty where there is a matching,
        and ``pairs``, ``gap`` and ``complete`` are missing where there is none.
        """
        import pandas as pd

        names = ["name", "pairs", "gap", "complete", "error", "message"]
        table = pd.DataFrame([_row(outcome) for outcome in self.all], columns=names)
        return table.astype({"pairs": "Int64", "gap": "Float64", "complete": "boolean"})


def match_many(
    programmes: Iterable[Job],
    *,
    executor: Executor | None = None,
    time_limit: float | None = None,
    progress: Report | None = None,
) -> Outcomes:
    """Match many programmes, each as :func:`pairmatch.match` would by itself; none can harm another.

    Parameters
    ----------
    programmes
        A :class:`Job` for each.
    executor
        Any :class:`concurrent.futures.Executor`, which is left open; whole programmes go to its workers.
        None: one programme after the other in this process, each with all of its threads.
    time_limit
        Seconds for each programme, > 0; None for no limit.
    progress
        Called with a :class:`pairmatch.Progress` after each programme.

    Returns
    -------
    Outcomes
        In the order of the programmes. Whatever goes wrong with one, be it that its input is wrong, that no
        matching exists, that a rule of one's own raises an error or that its process dies, is its outcome.

    Raises
    ------
    CallError
        The arguments cannot be used, or two programmes share a name.

    Examples
    --------
    >>> import pairmatch as pm
    >>> policy = pm.datasets.synthetic_policy()
    >>> outcomes = pm.match_many(
    ...     pm.Job(name, pm.datasets.synthetic(mentors=9, mentees=5, seed=seed), policy)
    ...     for seed, name in enumerate(["north", "south"])
    ... )
    >>> outcomes
    <Outcomes of 2 programmes: 2 matchings, 0 failures>
    >>> len(outcomes["south"].matching.pairs)
    4
    """
    wanted = _checked(programmes, work_findings(time_limit, progress, executor))
    done = []
    for outcome in _outcomes(wanted, executor, time_limit):
        done.append(outcome)
        if progress is not None:
            progress(Progress("matching programmes", len(done), len(wanted)))
    return Outcomes(tuple(done))


def _checked(programmes: Any, found: list[Finding]) -> list[Job]:
    """The programmes as a list, or one error with all that is wrong."""
    wanted: list[Any] = []
    if isinstance(programmes, Iterable) and not isinstance(programmes, str | Mapping):
        wanted = list(programmes)
        hint = "must be a Job, as Job('Acme', cohort, policy)"
        found += [
            Finding("bad_programme", hint, row=row, column="programmes")
            for row, each in enumerate(wanted, 1)
            if not _is_programme(each)
        ]
    if not wanted:
        hint = "must be one Job or more: [Job(name, cohort, policy), ...]"
        found.append(Finding("bad_argument", hint, column="programmes"))
    names = [each.name for each in wanted if _is_programme(each)]
    hint = "is the name of several programmes; give each a name of its own"
    twice = [name for name, count in Counter(names).items() if count > 1]
    found += [Finding("duplicate_name", hint, id=name, column="programmes") for name in twice]
    if found:
        raise CallError(found)
    return wanted


def _is_programme(value: Any) -> bool:
    """Whether it is one whose parts are of the right kind."""
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

    return (
        isinstance(value, Job)
        and isinstance(value.name, str)
        and bool(value.name)
        and (isinstance(value.cohort, Cohort) or callable(value.cohort))
        and (isinstance(value.policy, Policy) or callable(value.policy))
    )


Told = Mapping[str, Any]
"""What comes back of a matching: its parts, without the cohort and policy that the caller has anyway."""


def _outcomes(
    programmes: Sequence[Job], executor: Executor | None, time_limit: float | None
) -> Iterator[Outcome]:
    if executor is None:
        for programme in programmes:
            yield _outcome(programme, _told(programme, time_limit))
        return
    with _Crew(executor, time_limit) as crew:
        for programme, future in in_order(crew.begin, programmes, AHEAD * crew.width, lambda: False):
            yield _outcome(programme, crew.end(programme, future))


def _told_alone(programme: Job, time_limit: float | None, cancel: Event | None) -> Told | BaseException:
    """Match one programme on one thread: there are others beside it."""
    with ThreadPoolExecutor(1) as executor:
        return _told(programme, time_limit, executor, cancel)


def _told(
    programme: Job,
    time_limit: float | None,
    executor: Executor | None = None,
    cancel: Event | None = None,
) -> Told | BaseException:
    """Match one programme, wherever this is; an error is an answer too."""
    try:
        cohort = programme.cohort() if callable(programme.cohort) else programme.cohort
        policy = programme.policy() if callable(programme.policy) else programme.policy
        matching = match(cohort, policy, time_limit=time_limit, executor=executor, cancel=cancel)
    except (Exception, SystemExit) as error:
        return _portable(error)
    known = {name for name in ("cohort", "policy") if not callable(getattr(programme, name))}
    return {part.name: getattr(matching, part.name) for part in fields(matching) if part.name not in known}


def _portable(error: BaseException) -> BaseException:
    """The error, or one of its words: an error that cannot be unpickled would end a whole pool."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _outcome(programme: Job, told: Told | BaseException) -> Outcome:
    if isinstance(told, BaseException):
        return Outcome(programme.name, error=told)
    known = {"cohort": programme.cohort, "policy": programme.policy}
    return Outcome(programme.name, Matching(**{**known, **told}))


def _row(outcome: Outcome) -> list[Any]:
    if outcome.matching is None:
        return [outcome.name, None, None, None, type(outcome.error).__name__, str(outcome.error)]
    certificate = outcome.matching.certificate
    return [outcome.name, len(outcome.matching.made), certificate.gap, certificate.complete, "", ""]


class _Crew:
    """The executor's workers, and what is done when one of them dies.

    A dead process breaks its whole pool, and nobody can tell which programme killed it. So those under way
    are done again, each in a process by itself; for the rest there is a new pool of the same kind.
    """

    def __init__(self, executor: Executor, time_limit: float | None) -> None:
        self._executor = executor
        self._ours: Executor | None = None
        self.width = width_of(executor)
        # Only threads of this process can be told that the caller was interrupted.
        self._cancel = Event() if isinstance(executor, ThreadPoolExecutor) else None
        self._limits = time_limit, self._cancel

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and self._cancel is not None:
            self._cancel.set()
        self._close(wait=kind is None)

    def begin(self, programme: Job) -> Future[Any]:
        """Hand a programme over; whatever is wrong with that is this programme's error."""
        try:
            return self._begun(programme)
        except CallError:
            raise
        except Exception as error:
            failed: Future[Any] = Future()
            failed.set_exception(error)
            return failed

    def _begun(self, programme: Job) -> Future[Any]:
        executor = self._ours or self._executor
        try:
            return submitted(executor, _told_alone, programme, *self._limits)
        except BrokenExecutor:
            if not isinstance(executor, ProcessPoolExecutor):
                raise
            self._close(wait=True)
            self._ours = _like(executor, self.width)
            return submitted(self._ours, _told_alone, programme, *self._limits)

    def end(self, programme: Job, future: Future[Any]) -> Told | BaseException:
        """A programme's answer; one that was lost is done again."""
        if is_lost(future):
            future = self._alone(programme)
        error = future.exception()
        answer: Told | BaseException = future.result() if error is None else error
        return answer

    def _alone(self, programme: Job) -> Future[Any]:
        if not isinstance(self._executor, ProcessPoolExecutor):
            return _over(self.begin(programme))
        with _like(self._executor, 1) as pool:
            return _over(pool.submit(_told_alone, programme, *self._limits))

    def _close(self, *, wait: bool) -> None:
        """End the pool that was made in the place of a broken one."""
        if self._ours is not None:
            self._ours.shutdown(wait=wait, cancel_futures=True)


def _over(future: Future[Any]) -> Future[Any]:
    """Wait for the end, whichever it is."""
    if not future.cancelled():
        future.exception()
    return future


def _like(pool: Any, workers: int) -> ProcessPoolExecutor:
    """A new pool of processes that are made as those of another."""
    return ProcessPoolExecutor(workers, pool._mp_context, pool._initializer, pool._initargs)
