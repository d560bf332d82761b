"""The arguments of the verbs, judged before any work."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, Protocol

from pairmatch.errors import CallError, Finding, counted
from pairmatch.problem import is_above_zero
from pairmatch.scoring import canonical_order, loads
from pairmatch.scoring.memory import bytes_of, in_words, need_of, resident
from pairmatch.scoring.workers import cores, width_of

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["Cancel", "check_calls", "check_memory", "work_findings"]


class Cancel(Protocol):
    """Whoever may end long work early, as :class:`threading.Event` does."""

    def is_set(self) -> bool:
        """Whether the work is to end."""
        ...


def check_calls(
    cohort: Any,
    policy: Any,
    time_limit: Any = None,
    progress: Any = None,
    executor: Any = None,
    cancel: Any = None,
    memory_limit: Any = None,
) -> None:
    """Refuse arguments of the wrong kind, all at once.

    Raises
    ------
    CallError
        With every bad argument.
    """
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

    found = []
    if not isinstance(cohort, Cohort):
        found.append(_bad("cohort", "must be a Cohort, as Cohort.read(...) makes it"))
    if not isinstance(policy, Policy):
        found.append(_bad("policy", "must be a Policy, as Policy.read(...) makes it"))
    found += work_findings(time_limit, progress, executor, cancel, memory_limit)
    if found:
        raise CallError(found)


def work_findings(
    time_limit: Any = None,
    progress: Any = None,
    executor: Any = None,
    cancel: Any = None,
    memory_limit: Any = None,
) -> list[Finding]:
    """What is wrong with the arguments that say how long work is done."""
    found = []
    if time_limit is not None and not is_above_zero(time_limit):
        found.append(_bad("time_limit", "must be a number of seconds above 0, or None"))
    if progress is not None and not callable(progress):
        found.append(_bad("progress", "must be a function that takes a pairmatch.Progress, or None"))
    if executor is not None and not isinstance(executor, Executor):
        found.append(_bad("executor", f"must be a concurrent.futures.Executor, or None{_near(executor)}"))
    if cancel is not None and (isinstance(cancel, type) or not callable(getattr(cancel, "is_set", None))):
        found.append(_bad("cancel", "must have a method is_set(), as threading.Event() has, or be None"))
    if memory_limit is not None and bytes_of(memory_limit) is None:
        hint = 'must be a whole number of bytes above 0, or text like "2 GB" or "512 MiB", or None'
        found.append(_bad("memory_limit", hint))
    return found


def check_memory(
    cohort: Cohort, policy: Policy, memory_limit: int | str | None, executor: Executor | None = None
) -> None:
    """Refuse a match that will need more memory than it may, before work starts.

    Parameters
    ----------
    cohort, policy
        What is to be matched.
    memory_limit
        Most bytes that the process may hold in the end; None for no limit.
    executor
        Where blocks of pairs are scored; None for threads of our own.

    Raises
    ------
    CallError
        With the estimate, and ways out.
    """
    limit = None if memory_limit is None else bytes_of(memory_limit)
    if limit is None:
        return
    mentors, mentees = (canonical_order(p, policy.seed) for p in (cohort.mentors, cohort.mentees))
    bounds = loads(cohort, policy, mentors, mentees)
    threads = cores() if executor is None else width_of(executor)
    groups = bool(policy.cohort_goals or policy.group_rules)
    need, held = need_of(bounds, policy.objective, threads, groups=groups), resident()
    if held + need.total > limit:
        people = f"{counted(len(mentors), 'active mentor')} and {counted(len(mentees), 'active mentee')}"
        hint = (
            f"matching {people} needs about {in_words(need.total)} beside the {in_words(held)} in use, "
            f"and the limit is {in_words(limit)}; raise it, use fewer threads, or match region by region"
        )
        raise CallError([Finding("memory_limit", hint, column="memory_limit")])


def _near(executor: Any) -> str:
    """What was meant, where that can be told."""
    if hasattr(executor, "get_executor"):
        return "; of a Dask client hand in client.get_executor()"
    if isinstance(executor, type) and issubclass(executor, Executor):
        return "; hand in one that is made, as in ProcessPoolExecutor()"
    return ""


def _bad(name: str, hint: str) -> Finding:
    return Finding("bad_argument", hint, column=name)
