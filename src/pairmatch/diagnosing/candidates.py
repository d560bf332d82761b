"""What is worth trying for some people without a partner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.cohort import Block
from pairmatch.diagnosing.applying import usable
from pairmatch.diagnosing.easing import can_be_eased, eased_rules, excepted, lower_bars
from pairmatch.diagnosing.places import Places
from pairmatch.diagnosing.sole import sole_pairs
from pairmatch.diagnosing.trial import Trial
from pairmatch.parameters import label_of
from pairmatch.problem import RESOLUTION, Ints
from pairmatch.scoring import MINIMUM_WEIGHT
from pairmatch.scoring.blocks import strip_height
from pairmatch.scoring.listed import exact

if TYPE_CHECKING:
    from pairmatch.blocking import Reach
    from pairmatch.diagnosing.diagnosed import Diagnosed
    from pairmatch.matching import Matching

__all__ = ["Candidates"]

Bools = NDArray[np.bool_]

LOOKED_AT = 1 << 22
"""Pairs among which exceptions are looked for; with more, those alone who have no partner are looked at."""

WEIGHED = 1 << 16
"""Pairs of one rule that are weighed."""

EACH = 2
"""Exceptions that are tried for each person, the heaviest pairs."""

OF_ONE_RULE = 6
"""Exceptions from one rule that are tried for one person, the heaviest pairs."""

BARS = 3
"""Lower bars that are tried."""

NO_HELP = ("not_active", "no_active_partner")
"""Reasons for which nothing can be given up."""


class _Sole(NamedTuple):
    """Pairs that one rule alone forbids, with partners from whom a free place can be reached.

    Attributes
    ----------
    label
        Of the rule.
    role
        Role of the people for whom they were looked for.
    rows
        Rows of the tables, mentors first ``(n, 2)``.
    weight
        In units.
    asked
        Whether the person is asked about, and not only somebody in whose way they stand.
    """

    label: str
    role: str
    rows: Ints
    weight: Ints
    asked: Bools


class Candidates:
    """What may be given up for some people.

    Parameters
    ----------
    matching
        The matching.
    reach
        Its reach.
    people
        Those who are asked about.
    audience
        Who is told.
    """

    def __init__(self, matching: Matching, reach: Reach, people: Sequence[Diagnosed], audience: str) -> None:
        self._matching, self._reach, self._audience = matching, reach, audience
        self._people = [one for one in people if one.reason not in NO_HELP]
        self.places = Places(matching, reach, self._people)

    def trials(self, most: int) -> Iterator[Trial]:
        """What is tried, each once: rules, the bar, then at most so many places, and as many exceptions."""
        if not self._people:
            return
        parts = self._rules(), self._bars(), self.places.trials(most), self._exceptions(most)
        about = self._matching.cohort, self._matching.policy
        yield from (trial for trial in chain(*parts) if usable(trial, *about))

    def _rules(self) -> Iterator[Trial]:
        """Rules about pairs that alone stand in somebody's way, and all about loads and groups."""
        cohort, policy = self._matching.cohort, self._matching.policy
        alone = {sole.label for sole in self._sole}
        for rule in policy.rules:
            about_pairs = any(label_of(rule) == label_of(own) for own in policy.pair_rules)
            if can_be_eased(cohort, rule, self._audience) and (label_of(rule) in alone or not about_pairs):
                yield from eased_rules(cohort, policy, rule)

    def _bars(self) -> Iterator[Trial]:
        """Bars that the heaviest light pairs pass: of the nearest person, of half of them, of all."""
        best = sorted({weight for sole in self._sole for weight in self._best_light(sole)}, reverse=True)
        picked = np.linspace(0, len(best) - 1, min(BARS, len(best))).astype(int).tolist()
        weights = [best[at] / RESOLUTION for at in picked]
        yield from lower_bars(self._matching.policy, weights)

    def _best_light(self, sole: _Sole) -> list[int]:
        if sole.label != MINIMUM_WEIGHT:
            return []
        own = sole.rows[:, int(sole.role == "mentee")]
        return [int(sole.weight[own == row].max()) for row in np.unique(own[sole.asked])]

    def _exceptions(self, most: int) -> Iterator[Trial]:
        """Single pairs that one rule alone forbids, the heaviest of each person who is asked about first."""
        cohort, policy = self._matching.cohort, self._matching.policy
        rules = {label_of(rule): rule for rule in policy.pair_rules}
        allowed = {label for label, rule in rules.items() if can_be_eased(cohort, rule, self._audience)}
        found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for sole in self._sole:
            if sole.label in allowed or sole.label == MINIMUM_WEIGHT:
                own = sole.rows[:, int(sole.role == "mentee")]
                rank = _rank(own, sole.weight)
                for k in np.flatnonzero(rank < EACH).tolist():
                    pair = (sole.label, *sole.rows[k].tolist())
                    place = (not sole.asked[k], int(rank[k]), -int(sole.weight[k]), *pair)
                    found[pair] = min(place, found.get(pair, place))
        for label, row, column in islice(_few_of_each(sorted(found.values())), most):
            mentor, mentee = cohort.mentors.ids[row], cohort.mentees.ids[column]
            yield excepted(label, mentor, mentee)

    @cached_property
    def _sole(self) -> list[_Sole]:
        return [sole for role in ("mentee", "mentor") for sole in self._sole_of(role)]

    def _sole_of(self, role: str) -> Iterator[_Sole]:
        """Pairs that one rule alone forbids people of one role, and those in whose way they stand."""
        places = self._reach.places(role)
        asked = {places[one.id] for one in self._people if one.role == role and one.id in places}
        others = {
            places[who]
            for one in self._people
            if one.role == role and one.blocking is not None
            for who in one.blocking.people
        }
        partners = self._reachable(role)
        if not asked or not len(partners):
            return
        people = sorted(asked | others)
        if len(people) * len(partners) > LOOKED_AT:
            people = sorted(asked)
        yield from self._listed(role, np.array(people, np.int64), partners, np.array(sorted(asked), np.int64))

    def _listed(self, role: str, people: Ints, partners: Ints, asked: Ints) -> Iterator[_Sole]:
        scorer = self._reach.scorer
        found: dict[str, list[Ints]] = {}
        own, other = self._reach.rows(role), self._reach.rows("mentee" if role == "mentor" else "mentor")
        height = strip_height(len(partners))
        for start in range(0, len(people), height):
            part = people[start : start + height]
            sides = (own[part], other[partners]) if role == "mentor" else (other[partners], own[part])
            block = Block(scorer.cohort, *sides)
            for label, sole in sole_pairs(scorer, block):
                rows, columns = np.nonzero(sole)
                pairs = np.stack([sides[0][rows], sides[1][columns]], axis=1)
                found.setdefault(label, []).append(pairs)
        who = own[asked]
        for label, parts in found.items():
            rows = np.concatenate(parts)
            rows = rows[:: max(1, len(rows) // WEIGHED)]
            weight = exact(scorer, rows[:, 0], rows[:, 1])[0]
            heavy = weight >= scorer.bar if label != MINIMUM_WEIGHT else np.ones(len(rows), np.bool_)
            if heavy.any():
                mine = np.isin(rows[heavy, int(role == "mentee")], who)
                yield _Sole(label, role, rows[heavy], weight[heavy], mine)

    def _reachable(self, role: str) -> Ints:
        """Partners who have a free place, or could have one if those they are paired with moved on."""
        side = self._reach.side(role)
        people, partners = np.arange(len(side.kept)), np.arange(len(side.places))
        open_: Bools = side.free.copy()
        if not len(people) or len(people) * len(partners) > LOOKED_AT:
            return np.flatnonzero(open_)
        allowed = self._reach.eligible(role, people, partners)
        while True:
            movable = (allowed & open_).any(axis=1) & (side.kept >= 0)
            more = open_.copy()
            more[side.kept[movable]] = True
            if (more == open_).all():
                return np.flatnonzero(open_)
            open_ = more


def _few_of_each(places: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, int, int]]:
    """Rule, mentor and mentee, without those of a rule that has enough for one of the two already."""
    seen = Counter[tuple[str, str, int]]()
    for *_, label, row, column in places:
        two = (label, "mentor", row), (label, "mentee", column)
        if max(seen[key] for key in two) < OF_ONE_RULE:
            seen.update(two)
            yield label, row, column


def _rank(own: Ints, weight: Ints) -> Ints:
    """The place of each pair among those of the same person, the heaviest first, from 0 on."""
    order = np.lexsort((-weight, own))
    starts = np.flatnonzero(np.diff(own[order], prepend=-1))
    lengths = np.diff(np.append(starts, len(own)))
    rank = np.empty(len(own), np.int64)
    rank[order] = np.arange(len(own)) - np.repeat(starts, lengths)
    return rank
