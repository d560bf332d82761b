"""From a cohort and a policy to the system of their demands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.conflicts.system import PLENTY, Bools, Demand, Kind, System
from pairmatch.parameters import label_of
from pairmatch.problem import Ints, Loads
from pairmatch.rules import REGISTRY
from pairmatch.scoring import MINIMUM_WEIGHT, SAME_PERSON, Scorer, blocks, canonical_order, loads, wholes
from pairmatch.scoring.loads import own_loads

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.errors import InfeasibleError
    from pairmatch.groups import Group
    from pairmatch.matching import Revision
    from pairmatch.policy import Policy
    from pairmatch.scoring import Fit
    from pairmatch.scoring.blocks import Positions

__all__ = ["OWN_CAPACITY", "OWN_MINIMUM", "RUNNING", "Source", "read", "sources"]

MOST_PAIRS = 4_000_000
"""Possible pairs up to which everybody's are looked at; beyond, those of the people whom the error names."""

OWN_CAPACITY, OWN_MINIMUM, RUNNING = "own capacity", "own minimum", "running"
"""What a person's own field asks, or the policy's default where it says nothing; and what a re-match asks."""


@dataclass(frozen=True, eq=False)
class Source:
    """What a system is read from.

    Attributes
    ----------
    cohort, policy, fitted
        What was to be matched; for a re-match with the revision laid over it.
    mentors, mentees
        Rows of the people.
    revision
        What a re-match was asked.
    """

    cohort: Cohort
    policy: Policy
    fitted: Fit
    mentors: Positions
    mentees: Positions
    revision: Revision | None = None

    @cached_property
    def scorer(self) -> Scorer:
        """Rules and weights."""
        return Scorer(self.cohort, self.policy, self.fitted)

    def weights(self) -> Ints:
        """The weight of every pair, in units."""
        found = blocks(self.cohort, self.mentors, self.mentees)
        return np.concatenate([self.scorer.weight(block).astype(np.int64) for _, block in found])


def sources(
    error: InfeasibleError, cohort: Cohort, policy: Policy, fitted: Fit, revision: Revision | None
) -> Iterator[Source]:
    """Everybody; of a large cohort the people whom an error names, with everybody of the other side."""
    whole = Source(cohort, policy, fitted, *_everybody(cohort, policy), revision)
    if len(whole.mentors) * len(whole.mentees) <= MOST_PAIRS:
        yield whole
        return
    for side in ("mentors", "mentees"):
        own, others = getattr(whole, side), len(whole.mentees if side == "mentors" else whole.mentors)
        named = {finding.id for finding in error.findings if finding.side == side}
        ids = cohort.side(side).ids
        rows = [row for row in own.tolist() if ids[row] in named][: MOST_PAIRS // others]
        if rows:
            some = np.array(rows, np.int64)
            yield replace(whole, mentors=some) if side == "mentors" else replace(whole, mentees=some)


def _everybody(cohort: Cohort, policy: Policy) -> tuple[Positions, Positions]:
    return canonical_order(cohort.mentors, policy.seed), canonical_order(cohort.mentees, policy.seed)


def read(source: Source) -> System:
    """What is demanded of the people; of all who take part, quotas too."""
    cohort, mentors, mentees = source.cohort, source.mentors, source.mentees
    everybody = _everybody(cohort, source.policy)
    whole = (len(mentors), len(mentees)) == (len(everybody[0]), len(everybody[1]))
    forbidden = _forbidden(source.scorer, cohort, mentors, mentees)
    never = forbidden.pop(SAME_PERSON)
    revision = source.revision
    if source.scorer.bar and revision is not None:
        _spare(forbidden[MINIMUM_WEIGHT], cohort, mentors, mentees, revision.running)
    quotas = _quotas(cohort, source.policy, mentors, mentees) if whole else {}
    demands, hours = _carried(cohort, source.policy, mentors, mentees)
    held = () if revision is None or not revision.required else revision.held
    return System(
        (tuple(cohort.mentors.ids[r] for r in mentors), tuple(cohort.mentees.ids[r] for r in mentees)),
        never,
        forbidden,
        quotas,
        (
            *(Demand(Kind.RULE, label) for label in forbidden),
            *(Demand(Kind.QUOTA, label) for label in quotas),
            *_once([*demands, *_running(cohort, mentors, mentees, held)]),
        ),
        hours,
        whole,
    )


def _forbidden(scorer: Scorer, cohort: Cohort, mentors: Positions, mentees: Positions) -> dict[str, Bools]:
    """The pairs that each rule forbids, and those that weigh too little."""
    shape = len(mentors), len(mentees)
    labels = [*scorer.rule_labels, *([MINIMUM_WEIGHT] if scorer.bar else [])]
    forbidden = {label: np.zeros(shape, np.bool_) for label in labels}
    for start, block in blocks(cohort, mentors, mentees):
        rows = slice(start, start + block.shape[0])
        for label, barred in scorer.forbidding(block):
            forbidden[label][rows] = barred
        if scorer.bar:
            forbidden[MINIMUM_WEIGHT][rows] = scorer.light(block, scorer.weight(block))
    return forbidden


def _quotas(
    cohort: Cohort, policy: Policy, mentors: Positions, mentees: Positions
) -> dict[str, tuple[Group, ...]]:
    if not policy.group_rules:
        return {}
    people = mentors, mentees
    if all(type(rule) in REGISTRY.values() for rule in policy.group_rules):
        # Whom another rule bars counts too: without that rule they could have a pair.
        alone: Any = {"rules": policy.group_rules, "goals": (), "exceptions": (), "objective": ("pairs",)}
        bare = replace(policy, **alone, minimum_weight=None, coaches=None)
        stated = wholes(cohort, bare, _for_all(*people), *people).groups
    else:
        stated = wholes(cohort, policy, loads(cohort, policy, *people), *people).groups
    labels = [label_of(rule) for rule in policy.group_rules]
    return {label: tuple(group for group in stated if group.part == label) for label in labels}


def _for_all(mentors: Positions, mentees: Positions) -> Loads:
    """Loads of people of whom each has a place."""
    ones = np.ones(len(mentors), np.int64), np.ones(len(mentees), np.int64)
    return Loads(*ones, *(np.zeros_like(each) for each in ones))


def _carried(
    cohort: Cohort, policy: Policy, mentors: Positions, mentees: Positions
) -> tuple[list[Demand], Ints | None]:
    """What people's own fields and each load rule, by itself, bound; and what a mentee's pair costs."""
    demands: list[Demand] = []
    hours = None
    demands += _bounds(OWN_CAPACITY, OWN_MINIMUM, own_loads(cohort, policy), mentors, mentees)
    for rule in policy.load_rules:
        label, bounded = label_of(rule), rule.bound(_unbounded(cohort), cohort)
        demands += _bounds(label, label, bounded, mentors, mentees)
        demands += _required(label, bounded.required, mentors, mentees)
        if bounded.mentor_hours is not None and bounded.mentee_hours is not None:
            hours = bounded.mentee_hours[mentees]
            # Who has no place under the rule needs no budget besides.
            plenty = np.where(bounded.mentor_capacity == 0, PLENTY * PLENTY, bounded.mentor_hours)
            demands += _budgets(label, plenty[mentors], int(hours.sum()))
    return demands, hours


def _unbounded(cohort: Cohort) -> Loads:
    plenty = [np.full(len(people), PLENTY, np.int64) for people in (cohort.mentors, cohort.mentees)]
    return Loads(*plenty, *(np.zeros_like(each) for each in plenty))


def _bounds(most: str, least: str, loads: Loads, mentors: Positions, mentees: Positions) -> Iterator[Demand]:
    """Capacities that can bind, and minimums above 0, of the people."""
    others = (len(mentees), len(mentors))
    sides = (
        (mentors, loads.mentor_capacity, loads.mentor_minimum),
        (mentees, loads.mentee_capacity, loads.mentee_minimum),
    )
    for side, (rows, capacity, minimum) in enumerate(sides):
        for who, (can, must) in enumerate(zip(capacity[rows].tolist(), minimum[rows].tolist(), strict=True)):
            if must > 0:
                yield Demand(Kind.MINIMUM, least, side, who, value=must)
            if can < max(others[side], must):
                yield Demand(Kind.CAPACITY, most, side, who, value=can)


def _budgets(label: str, budgets: Ints, needed: int) -> Iterator[Demand]:
    for who, hours in enumerate(budgets.tolist()):
        if hours < needed:
            yield Demand(Kind.HOURS, label, 0, who, value=hours)


def _required(label: str, pairs: Ints, mentors: Positions, mentees: Positions) -> Iterator[Demand]:
    ours, theirs = _places(mentors), _places(mentees)
    for mentor, mentee in pairs.tolist():
        if mentor in ours and mentee in theirs:
            yield Demand(Kind.REQUIRED, label, -1, ours[mentor], theirs[mentee])


def _running(cohort: Cohort, mentors: Positions, mentees: Positions, held: Any) -> Iterator[Demand]:
    """Running pairs that a re-match must keep."""
    rows = [
        (cohort.mentors.position(mentor), cohort.mentees.position(mentee))
        for mentor, mentee in held
        if mentor in cohort.mentors.positions and mentee in cohort.mentees.positions
    ]
    yield from _required(RUNNING, np.array(rows, np.int64).reshape(-1, 2), mentors, mentees)


def _spare(light: Bools, cohort: Cohort, mentors: Positions, mentees: Positions, running: Any) -> None:
    """Running pairs may weigh as little as they do."""
    for demand in _running(cohort, mentors, mentees, running):
        light[demand.person, demand.partner] = False


def _places(rows: Positions) -> Mapping[int, int]:
    return {row: place for place, row in enumerate(rows.tolist())}


def _once(demands: list[Demand]) -> Iterator[Demand]:
    """Each required pair once, whoever requires it; everything else as it is."""
    seen = set()
    for demand in demands:
        pair = (demand.person, demand.partner)
        if demand.kind == Kind.REQUIRED and pair in seen:
            continue
        if demand.kind == Kind.REQUIRED:
            seen.add(pair)
        yield demand
