"""The kind of truth there is about each person without a partner, and the sentence that tells it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pairmatch.diagnosing.diagnosed import Diagnosed, Displacement
from pairmatch.diagnosing.outcome import Outcome
from pairmatch.diagnosing.sole import last_standing
from pairmatch.errors import amount, counted, listed, shown
from pairmatch.matching import REASONS
from pairmatch.scoring import MINIMUM_WEIGHT

if TYPE_CHECKING:
    from pairmatch.blocking import Reach
    from pairmatch.matching import Left, Matching

__all__ = ["displaced", "displacement_of", "first_truths", "is_plain"]

FACTS = frozenset({"not_active", "not_eligible", "no_place", "no_active_partner", "data_missing"})
RULES = frozenset({"no_eligible_partner", "below_minimum_weight"})
GROUPS = frozenset({"quota_full", "partners_without_hours"})

NAMED = 3
"""Rules that a sentence names."""


def first_truths(matching: Matching, reach: Reach, left: Sequence[Left]) -> list[Diagnosed]:
    """What can be told of people without solving anything again.

    Parameters
    ----------
    matching
        The matching.
    reach
        Its reach.
    left
        Those who are asked about.
    """
    counts = _last(reach, left)
    for role in ("mentor", "mentee"):
        places = reach.places(role)
        who = [places[one.id] for one in left if one.role == role and one.reason not in FACTS | RULES]
        reach.side(role).look_at(np.array(who, np.int64))
    told = []
    for one in left:
        last = dict(counts.get((one.role, one.id), {}))
        if MINIMUM_WEIGHT in one.taken:
            last[MINIMUM_WEIGHT] = one.taken[MINIMUM_WEIGHT]
        told.append(_first(matching, reach, one, {label: n for label, n in last.items() if n}))
    return told


def _first(matching: Matching, reach: Reach, one: Left, last: Mapping[str, int]) -> Diagnosed:
    alone = {label: n for label, n in one.taken.items() if n}
    known = (one.role, one.id, one.reason)
    counts = (one.eligible, alone, last)
    if one.reason in FACTS:
        return Diagnosed(*known, "facts", _fact(one), *counts)
    blocking = reach.blocking_set(one.role, one.id)
    if one.reason in RULES:
        return Diagnosed(*known, "rules", _by_rules(one, last), *counts)
    if blocking is not None:
        return Diagnosed(*known, "blocking_set", str(blocking), *counts, blocking)
    if one.reason in GROUPS:
        return Diagnosed(*known, "groups", _with_labels(REASONS[one.reason], one.quotas), *counts)
    if one.reason != "cut_short" and matching.certificate.proven and is_plain(matching):
        return Diagnosed(*known, "displaced", DISPLACED, *counts)
    return Diagnosed(*known, "open", _open(one), *counts)


DISPLACED = "to serve them would displace a better matching"
IMPOSSIBLE = (
    "no valid matching gives them a partner: hours, minimums, required pairs or rules about groups leave no "
    "room"
)


def is_plain(matching: Matching) -> bool:
    """Whether nothing but places bounds who can be served: no minimum, hours, required pair or quota."""
    policy, cohort = matching.policy, matching.cohort
    bounded = any(rule.name != "capacity" for rule in (*policy.load_rules, *policy.group_rules))
    if bounded or policy.mentors.minimum or policy.mentees.minimum or matching.revision is not None:
        return False
    sides = [side for side in (cohort.mentors, cohort.mentees) if "minimum" in side.fields]
    return not any(np.nan_to_num(side.number("minimum")).any() for side in sides)


def displacement_of(outcome: Outcome | None, role: str, who: str) -> Displacement:
    """What serving a person changes, from the best matching that does; None where there is none."""
    if outcome is None:
        return Displacement(False, {})
    return Displacement(
        True,
        outcome.costs,
        outcome.partners.get((role, who), ()),
        outcome.unmatched,
        outcome.changed,
        outcome.exact,
    )


def displaced(one: Diagnosed, found: Displacement) -> Diagnosed:
    """The same with what serving the person would cost, and the truth that follows from it."""
    if one.kind not in ("displaced", "groups", "open"):
        return replace(one, displacement=found)
    if not found.possible:
        why = one.why if one.kind == "groups" else IMPOSSIBLE
        return replace(one, kind="groups", why=why, displacement=found)
    return replace(one, kind="displaced", why=_price(found), displacement=found)


def _price(found: Displacement) -> str:
    """The price in words: whom it would cost a partner, and what the first tier that changes loses."""
    tier, cost = next(((tier, cost) for tier, cost in found.costs.items() if cost), ("", 0.0))
    lost = f"'{tier}' would lose {amount(cost)}" if tier else "another matching is as good"
    people = [f"{role} {shown(who)}" for role, who in found.unmatched]
    gone = f", and {listed(people)} would have nobody" if people else ""
    head = DISPLACED if tier else "another matching is as good"
    return f"{head}: {lost}{gone}" if tier else f"{head} that serves them{gone}"


def _last(reach: Reach, left: Sequence[Left]) -> dict[tuple[str, str], dict[str, int]]:
    """For each person who takes part, how many partners each rule alone forbids."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    for role, other in (("mentor", "mentee"), ("mentee", "mentor")):
        places = reach.places(role)
        ids = [one.id for one in left if one.role == role and one.id in places]
        rows = reach.rows(role)[[places[who] for who in ids]]
        counts = last_standing(reach.scorer, role, rows, reach.rows(other)) if ids else {}
        for label, numbers in counts.items():
            for who, n in zip(ids, numbers.tolist(), strict=True):
                found.setdefault((role, who), {})[label] = n
    return found


def _fact(one: Left) -> str:
    return _with_labels(REASONS[one.reason], one.barred or one.lacks)


def _with_labels(words: str, labels: Sequence[str]) -> str:
    return f"{words} ({listed(labels)})" if labels else words


def _by_rules(one: Left, last: Mapping[str, int]) -> str:
    """Which rules alone stand in the way, the one that forbids most first."""
    other = "mentor" if one.role == "mentee" else "mentee"
    first = sorted(((n, label) for label, n in last.items() if n), key=lambda part: (-part[0], part[1]))
    if not first:
        return f"{REASONS[one.reason]}: each {other} is forbidden by several of them"
    told = [f"{label} alone takes {counted(n, other)}" for n, label in first[:NAMED]]
    return f"{REASONS[one.reason]}: {', '.join(told)}"


def _open(one: Left) -> str:
    return f"{REASONS[one.reason]}; whether they can be served was not settled"
