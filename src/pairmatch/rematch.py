"""``pairmatch.rematch``: a new matching after something changed, that ends as few running pairs as can be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from os import PathLike
from typing import TYPE_CHECKING, Any

from pairmatch.checking import Cancel, check_memory
from pairmatch.conflicts import with_conflict
from pairmatch.errors import CallError, Finding, InfeasibleError
from pairmatch.match import Solver, Work, checked, make
from pairmatch.matching import (
    DISTURBANCE,
    Matching,
    Revision,
    failed_pairs,
    laid_over_cohort,
    laid_over_policy,
    read_before,
)
from pairmatch.problem import RESOLUTION, Report
from pairmatch.rematching import Asked, Ended, asked_of, changes_of, crowded, standing_of
from pairmatch.rematching.limiting import Limited, solve_staying
from pairmatch.scoring import Fit, Scorer, canonical_order, loads
from pairmatch.scoring.revised import places_of_people

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["Before", "before", "finished", "rematch", "revision_of"]

ABSENT = ("not_active", "not_eligible", "no_place")
"""Reasons of people without a partner who did not wait for one."""


def rematch(
    matching: Matching | str | PathLike[str],
    cohort: Cohort | None = None,
    *,
    policy: Policy | None = None,
    failed: pd.DataFrame | Iterable[Any] = (),
    left: pd.DataFrame | Iterable[Any] = (),
    returned: pd.DataFrame | Iterable[Any] = (),
    capacities: pd.DataFrame | Mapping[str, int] | Iterable[Any] = (),
    movable: pd.DataFrame | Iterable[Any] | str | None = None,
    max_changes: int | None = None,
    disturbance: str = "after_coverage",
    stability: float = 0.1,
    waited: pd.DataFrame | Mapping[str, int] | Iterable[Any] | None = None,
    cooled: pd.DataFrame | Iterable[Any] = (),
    minimum_weight: float | None = None,
    time_limit: float | None = None,
    progress: Report | None = None,
    executor: Executor | None = None,
    cancel: Cancel | None = None,
    memory_limit: int | str | None = None,
) -> Matching:
    """Match again after something changed: running pairs stay, and that no fewer could end is proven.

    A running pair is one of the matching before that has not failed, whose two people take part, and that
    every rule allows. None of them ends unless it is movable, or there is no room for it any more.

    Parameters
    ----------
    matching
        The matching before, of any round; or the directory that it was written to, with a ``cohort``. That
        may then be a later one than was matched.
    cohort
        The people now: with those who joined, without those who left, with what has changed. None where
        they are the same.
    policy
        The policy now, where rules have changed; its goals must be those of the matching. None where it is
        the same.
    failed
        Pairs that did not work out, mentor first: never proposed again. A list of pairs, or a table with the
        columns ``mentor``, ``mentee`` and perhaps ``reason``, one of :data:`pairmatch.matching.END_REASONS`,
        which is held against the list and then forgotten.
    left
        Ids of people who no longer take part, or a table with ``id`` and perhaps ``role`` (``mentor`` or
        ``mentee``; both where it says nothing). Whoever is not in the cohort has left anyway. They stay away
        in later rounds too, whatever the tables say.
    returned
        Ids of people who had left in an earlier round, and take part again; as for ``left``.
    capacities
        Other capacities, by id: a mapping, or a table with ``id``, ``capacity`` and perhaps ``role``. They
        hold in later rounds too, until others are told.
    movable
        Running pairs that may end so that others are served: pairs, a table, or ``"all"``.
    max_changes
        Most running pairs that may end beside those that must, at least 0; None for any number. Where
        ``movable`` is not given, all are.
    disturbance
        Where movable pairs count: ``"after_coverage"`` (after the mentees served, before all else),
        ``"last"`` (after all else), or ``"weighted"``: each that goes on counts ``stability`` in the total.
    stability
        For ``"weighted"``: worth of a pair that goes on, beside its weight; a perfect pair weighs 1.
    waited
        Rounds that people waited, 0 to 10,000, as for ``capacities`` with ``rounds``: among equals in
        coverage and disturbance, those who waited longest are served first. None: whoever the matching left
        waited one round more than before, except with ``"last"`` and ``"weighted"``, where waiting could end
        running pairs; an empty list: nobody waited.
    cooled
        Pairs that failed so long ago that they may be proposed again.
    minimum_weight
        No new pair below this weight, in [0, 1], is made; None for the policy's own bar. Running pairs go on
        below it.
    time_limit, progress, executor, cancel, memory_limit
        As for :func:`pairmatch.match`.

    Returns
    -------
    Matching
        Its ``changes`` tell who has another partner and why; its ``certificate`` proves both the least
        disturbance and the value. Averages and rarities stay those of the matching before, so that nobody who
        joins changes another pair's weight. The matching itself where nothing has failed or changed.

    Raises
    ------
    CallError
        The arguments cannot be used; all problems at once.
    PolicyError
        The policy does not fit the cohort.
    InfeasibleError
        What is required leaves no valid matching.
    NoSolutionError
        The work was ended before a valid matching was found.

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> mentors = pd.DataFrame({"id": ["ana", "ben"], "hobbies": ["chess", "golf"]})
    >>> mentees = pd.DataFrame({"id": ["eve"], "hobbies": ["chess"]})
    >>> policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)])
    >>> matching = pm.match(pm.Cohort(mentors, mentees), policy)
    >>> revised = rematch(matching, failed=[("ana", "eve")])
    >>> revised.changes.values.tolist()
    [['eve', 'ana', 'ben', 'failed']]
    """
    given: dict[str, Any] = {
        "failed": failed,
        "cooled": cooled,
        "left": left,
        "returned": returned,
        "capacities": capacities,
        "movable": movable,
        "max_changes": max_changes,
        "disturbance": disturbance,
        "stability": stability,
        "waited": waited,
        "minimum_weight": minimum_weight,
    }
    matching, same = _read(matching, cohort)
    how = {"time_limit": time_limit, "progress": progress, "executor": executor, "cancel": cancel}
    asked = asked_of(matching, cohort, policy, **given, **how, memory_limit=memory_limit)
    nothing = asked.nothing and _same(matching, cohort, policy, read_later=same is False)
    if nothing and not matching.changes.shape[0]:
        return matching
    work = Work(**how)  # type: ignore[arg-type]
    if nothing:
        # Nobody waits longer for that, and nobody's rounds are forgotten.
        asked = replace(asked, waited=() if matching.revision is None else matching.revision.waited)
    state = before(matching, cohort, policy, asked)
    check_memory(state.cohort, state.policy, memory_limit, executor)
    try:
        if asked.max_changes is None:
            return checked(finished(state, _made(state, work, solve_staying if nothing else None)))
        limited = Limited(asked.max_changes)
        return checked(finished(state, _made(state, work, limited), limited.without_room))
    except InfeasibleError as error:
        revision = replace(state.revision, required=False)
        people = state.cohort, state.policy, state.fitted
        raise with_conflict(error, *people, revision=revision, seconds=work.left) from None


@dataclass(frozen=True)
class Before:
    """What a re-match starts from.

    Attributes
    ----------
    matching
        The matching before.
    cohort, policy
        Those of now, with the revision laid over them.
    fitted
        The matching's fitted values.
    revision
        What is asked; the changes are not known yet.
    ended
        Pairs that cannot go on, and why.
    crowded
        Running pairs of people who have fewer places than running pairs.
    """

    matching: Matching
    cohort: Cohort
    policy: Policy
    fitted: Fit
    revision: Revision
    ended: Mapping[tuple[str, str], Ended]
    crowded: frozenset[tuple[str, str]]


def before(matching: Matching, cohort: Cohort | None, policy: Policy | None, asked: Asked) -> Before:
    """What a re-match starts from.

    Raises
    ------
    PolicyError
        The policy does not fit the cohort.
    CallError
        The tiers leave no place for what is asked.
    """
    revision = revision_of(matching, cohort, policy, asked)
    policy = laid_over_policy(policy or matching.policy, revision)
    cohort = laid_over_cohort(cohort or matching.cohort, revision)
    policy.check(cohort)
    if revision.bonus and "total" not in policy.objective:
        hint = "'weighted' counts running pairs in the tier 'total', and the policy's objective has none"
        raise CallError([Finding("bad_argument", hint, column="disturbance")])
    fitted = Fit.from_dict(matching.fitted)
    pairs = [(pair.mentor, pair.mentee) for pair in matching.made]
    running, ended = standing_of(pairs, revision.failed, cohort, Scorer(cohort, policy, fitted))
    movable = running if asked.movable is None else sorted({*running} & {*asked.movable})
    revision = replace(revision, running=running, movable=() if asked.max_changes == 0 else tuple(movable))
    room = _room(cohort, policy)
    full, fits = crowded(running, room), not crowded(revision.held, room)
    return Before(matching, cohort, policy, fitted, replace(revision, required=fits), ended, full)


def finished(state: Before, matching: Matching, without_room: int = 0) -> Matching:
    """The new matching with what it changed; and how many running pairs had to end for want of room."""
    revision = matching.revision or state.revision
    old, new = ([(pair.mentor, pair.mentee) for pair in of.made] for of in (state.matching, matching))
    changes = changes_of(old, new, state.ended, state.crowded | {*revision.held})
    return replace(matching, revision=replace(revision, changes=changes, without_room=without_room))


def _made(state: Before, work: Work, solver: Solver | None) -> Matching:
    """The new matching, in which the held pairs are required, or where that cannot be, as many as can be."""
    told: dict[str, Any] = {"fitted_on": state.matching.fitted_on, "solver": solver}
    people = state.cohort, state.policy, state.fitted, work
    if state.revision.required:
        try:
            return make(*people, revision=state.revision, **told)
        except InfeasibleError:
            if not state.revision.held:
                raise
    return make(*people, revision=replace(state.revision, required=False), **told)


def revision_of(matching: Matching, cohort: Cohort | None, policy: Policy | None, asked: Asked) -> Revision:
    """What is asked, with what earlier re-matches were asked and still holds."""
    known = failed_pairs(matching.policy) | (failed_pairs(policy) if policy else frozenset())
    failed = (known | {*asked.failed}) - {*asked.cooled}
    earlier = matching.revision or Revision()
    capacities = {(side, who): most for side, who, most in (*earlier.capacities, *asked.capacities)}
    bar = earlier.minimum_weight if policy is None else None
    weighted = asked.disturbance == "weighted"
    return Revision(
        failed=tuple(sorted(failed)),
        left=tuple(sorted({*earlier.left, *asked.left} - {*asked.returned})),
        capacities=tuple((side, who, most) for (side, who), most in sorted(capacities.items())),
        waited=_waited(matching, cohort or matching.cohort, asked) if asked.waited is None else asked.waited,
        disturbance=asked.disturbance,
        bonus=round(asked.stability * RESOLUTION) if weighted else 0,
        max_changes=asked.max_changes,
        minimum_weight=bar if asked.minimum_weight is None else asked.minimum_weight,
        cooled=tuple(sorted({*asked.cooled, *earlier.cooled} - failed)),
    )


def _waited(matching: Matching, cohort: Cohort, asked: Asked) -> tuple[tuple[str, str, int], ...]:
    """Whoever the matching left, with one round more than before.

    Nobody where that could end running pairs: then it must be asked for.
    """
    if asked.disturbance != DISTURBANCE[0]:
        return ()
    before = {} if matching.revision is None else {(s, who): n for s, who, n in matching.revision.waited}
    left = [(f"{person.role}s", person.id) for person in matching.left if person.reason not in ABSENT]
    here = [(side, who) for side, who in left if who in cohort.side(side).positions]
    return tuple((*person, before.get(person, 0) + 1) for person in sorted(here))


def _read(matching: Any, cohort: Any) -> tuple[Matching, bool | None]:
    """The matching, read where it is a directory; then also whether the people are its own."""
    from pairmatch.cohort import Cohort

    if not isinstance(matching, str | PathLike):
        return matching, None
    if not isinstance(cohort, Cohort):
        hint = "a directory needs the people too: hand in cohort=..., those of the matching or of now"
        raise CallError([Finding("bad_argument", hint, column="cohort")])
    return read_before(matching, cohort)


def _same(matching: Matching, cohort: Cohort | None, policy: Policy | None, *, read_later: bool) -> bool:
    """Whether people and policy are those of the matching."""
    laid = None if cohort is None else laid_over_cohort(cohort, matching.revision).fingerprint
    people = laid is None or (laid == matching.cohort.fingerprint and not read_later)
    agreed = None if policy is None else laid_over_policy(policy, matching.revision).fingerprint
    return people and agreed in (None, matching.policy.fingerprint)


def _room(cohort: Cohort, policy: Policy) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Places of everybody who takes part, by id."""
    rows = [canonical_order(people, policy.seed) for people in (cohort.mentors, cohort.mentees)]
    bounds = loads(cohort, policy, *rows)
    sides = zip((cohort.mentors, cohort.mentees), rows, strict=True)
    places = [places_of_people(people, of) for people, of in sides]
    most = bounds.mentor_capacity.tolist(), bounds.mentee_capacity.tolist()
    ours, theirs = ({who: of[k] for who, k in ids.items()} for ids, of in zip(places, most, strict=True))
    return ours, theirs
