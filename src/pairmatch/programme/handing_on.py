"""What a programme hands to a re-match, and the events that a new matching brings."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pairmatch.errors import CallError, Finding
from pairmatch.matching import failed_pairs
from pairmatch.programme.events import Event

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.matching import Matching
    from pairmatch.programme.programme import Programme

__all__ = ["proposals", "rematch_arguments"]

Pair = tuple[str, str]
Waited = list[tuple[str, str, int]]

ABSENT = ("not_active", "not_eligible", "no_place")
"""Reasons of people without a partner who did not wait for one."""


def rematch_arguments(
    programme: Programme, matching: Matching, cohort: Cohort, cool_down: int | None
) -> dict[str, Any]:
    """What the events say that :func:`pairmatch.rematch` asks for.

    Parameters
    ----------
    programme
        The programme.
    matching
        The matching by which it was run until now.
    cohort
        Who is to be matched.
    cool_down
        Months after which a pair that failed may be proposed again; None for never.

    Raises
    ------
    CallError
        Pairs have started that the matching does not have; all of them at once.
    """
    made = {(pair.mentor, pair.mentee) for pair in matching.made}
    started = {life.pair for life in programme.lives if life.state == "started"}
    _check(started - made)
    failed, known = set(programme.failed_within(cool_down)), failed_pairs(matching.policy)
    cooled = known & set(programme.failed_pairs) - failed
    gone = {(one.side, one.id) for one in programme.people if one.left is not None}
    movable = {pair for pair in made - started - failed if not gone & {*_sides(pair)}}
    told: dict[str, Any] = {
        "failed": sorted(failed & (made | known)),
        "cooled": sorted(cooled),
        "left": sorted(who for who in gone if _here(cohort, *who)),
        "movable": sorted(movable),
        "waited": _waited(programme, matching, cohort),
    }
    told.update(_forbidding(matching, failed - made - known))
    if not any(told[name] for name in told if name != "waited") and told["waited"] == _left(matching, cohort):
        # Nothing has happened that the matching does not know: it is to come back itself.
        del told["waited"]
    return told


def _check(unknown: Iterable[Pair]) -> None:
    hint = (
        "the mentee's pair has started and is not in the matching, so that its places would be given away; "
        "hand in the matching that has it, or add the event by which it was over"
    )
    found = [Finding("not_in_matching", hint, "events", mentee) for _, mentee in sorted(unknown)]
    if found:
        raise CallError(found)


def _forbidding(matching: Matching, failed: set[Pair]) -> dict[str, Any]:
    """The policy with pairs that failed in earlier matchings, of which this one knows nothing."""
    if not failed:
        return {}
    from pairmatch.rules import NotFailed

    rules = (*matching.policy.rules, NotFailed(tuple(sorted(failed | failed_pairs(matching.policy)))))
    others = tuple(rule for rule in rules[:-1] if not isinstance(rule, NotFailed))
    return {"policy": replace(matching.policy, rules=(*others, rules[-1]))}


def _waited(programme: Programme, matching: Matching, cohort: Cohort) -> Waited:
    """Rounds that people waited; for those whom no event names, as the matching left them."""
    named = {(one.side, one.id) for one in programme.people}
    counts = {(one.side, one.id): one.rounds for one in programme.waiting_people if one.rounds}
    known = [(side, who, rounds) for (side, who), rounds in counts.items() if _here(cohort, side, who)]
    return sorted([*known, *(one for one in _left(matching, cohort) if one[:2] not in named)])


def _left(matching: Matching, cohort: Cohort) -> Waited:
    """Whom the matching left without a partner, with one round more than before."""
    before = {} if matching.revision is None else {(s, who): n for s, who, n in matching.revision.waited}
    people = [(f"{one.role}s", one.id) for one in matching.left if one.reason not in ABSENT]
    return sorted((*who, before.get(who, 0) + 1) for who in people if _here(cohort, *who))


def _here(cohort: Cohort, side: str, who: str) -> bool:
    return who in cohort.side(side).positions


def _sides(pair: Pair) -> tuple[Pair, Pair]:
    return ("mentors", pair[0]), ("mentees", pair[1])


def proposals(programme: Programme, matching: Matching, day: datetime.date) -> tuple[Event, ...]:
    """The events by which a programme takes up a matching.

    Parameters
    ----------
    programme
        The programme as it stands.
    matching
        The new matching.
    day
        The day of the events.
    """
    from pairmatch.explain import check_matching

    check_matching(matching)
    made = {(pair.mentor, pair.mentee) for pair in matching.made}
    current = {life.pair: life for life in programme.lives if life.current}
    over = [
        Event(day, "ended" if life.state == "started" else "withdrawn", *pair)
        for pair, life in sorted(current.items())
        if pair not in made
    ]
    return (*over, *(Event(day, "proposed", *pair) for pair in sorted(made - set(current))))
