"""The scorer: a policy's rules and goals applied to pairs, by blocks or one by one.

The two forms share the rules and goals, the shares and the fitted values, and nothing else: the block
form runs the goals' numpy forms, `Scorer.pair` their reference forms. They agree in every unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.errors import FileError, Finding, PolicyError
from pairmatch.parameters import label_of
from pairmatch.problem import Ints
from pairmatch.scoring.fitting import FINE, Fit, bound
from pairmatch.scoring.gauge import Gauge
from pairmatch.scoring.listed import reads_lists
from pairmatch.scoring.shares import Share, bar_units, shares

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person
    from pairmatch.policy import Policy

__all__ = ["MINIMUM_WEIGHT", "SAME_PERSON", "PairScore", "Part", "Scored", "Scorer", "forbidden_by", "units"]

SAME_PERSON = "same_person"
"""The rule that every policy has: nobody is paired with themself (law §1)."""

MINIMUM_WEIGHT = "minimum_weight"
"""The reason told of a pair that every rule allows and whose weight is below the policy's bar."""

Bools = NDArray[np.bool_]
Units = NDArray[np.int32]


@dataclass(frozen=True)
class Scored:
    """A block of pairs, scored; every array has the block's shape.

    Attributes
    ----------
    weight
        Weight of each pair in units: the sum of its contributions.
    contributions
        What each goal adds, by label, in units.
    judged
        For each goal, by label, whether it had the pair's data.
    completeness
        Share of the weight that was really judged, in [0, 1].
    """

    weight: Ints
    contributions: Mapping[str, Units]
    judged: Mapping[str, Bools]
    completeness: NDArray[np.float64]


@dataclass(frozen=True)
class PairScore:
    """One pair, scored by the reference forms.

    Attributes
    ----------
    weight
        Weight in units: the sum of the contributions.
    contributions
        What each goal adds, by label, in units.
    scores
        Each goal's own score in [0, 1], by label; None where it lacked data.
    completeness
        Share of the weight that was really judged, in [0, 1].
    forbidden_by
        Labels of the rules that forbid the pair, in the policy's order.
    """

    weight: int
    contributions: Mapping[str, int]
    scores: Mapping[str, float | None]
    completeness: float
    forbidden_by: tuple[str, ...]

    @property
    def eligible(self) -> bool:
        """Whether every rule allows the pair."""
        return not self.forbidden_by


class Part(NamedTuple):
    """One goal as the scorer uses it.

    Attributes
    ----------
    label
        The goal's label.
    gauge
        Reads the goal.
    share
        Its part of the weight.
    instead
        Units that it contributes where it lacks data.
    """

    label: str
    gauge: Gauge
    share: Share
    instead: int


class Scorer:
    """Rules and goals of a policy over a cohort, with frozen fitted values.

    Parameters
    ----------
    cohort, policy
        A policy that fits the cohort (``policy.check(cohort)``).
    fit
        Values learnt from this cohort, or from an earlier one: with the same fit a pair keeps its weight
        whoever joins or leaves.

    Attributes
    ----------
    parts
        The goals in use, in the policy's order.
    left_out
        Labels of goals that no pair has data for.
    bar
        Least weight, in units, that the policy accepts; 0 where it sets none.
    """

    def __init__(self, cohort: Cohort, policy: Policy, fit: Fit) -> None:
        self.cohort, self.policy, self.fit = cohort, policy, fit
        self.parts = _parts(cohort, policy, fit)
        self.left_out = fit.left_out
        self.bar = bar_units(policy.minimum_weight)
        self._rules = tuple((label_of(rule), rule) for rule in policy.pair_rules)
        self._same_person = cohort.same_person_pairs()
        self._worth = sum(part.share.most for part in self.parts)
        self._light = frozenset(
            (one.mentor, one.mentee) for one in policy.exceptions if one.rule == MINIMUM_WEIGHT
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the goals in use, in the policy's order."""
        return tuple(part.label for part in self.parts)

    @property
    def rules(self) -> tuple[tuple[str, Any], ...]:
        """The policy's pair rules with their labels, in its order."""
        return self._rules

    @cached_property
    def reads_lists(self) -> bool:
        """Whether all rules and goals read a list of pairs as they read a block."""
        return reads_lists(self)

    @property
    def rule_labels(self) -> tuple[str, ...]:
        """Labels of the pair rules, the one against pairing a person with themself first."""
        return (SAME_PERSON, *(label for label, _ in self._rules))

    def forbidding(self, block: Block) -> Iterator[tuple[str, Bools]]:
        """Each rule's label with the pairs of the block that it forbids, one rule at a time."""
        yield SAME_PERSON, block.barred(self._same_person)
        for label, rule in self._rules:
            yield label, forbidden_by(label, rule.allowed(block), block.shape)

    def forbidden(self, block: Block) -> dict[str, Bools]:
        """For each rule, by label, the pairs of the block that it forbids."""
        return dict(self.forbidding(block))

    def eligible(self, block: Block) -> Bools:
        """The pairs of the block that every rule allows."""
        allowed = np.ones(block.shape, np.bool_)
        for _, forbidden in self.forbidding(block):
            allowed &= ~forbidden
        return allowed

    def weight(self, block: Block) -> Units:
        """The weight of every pair of the block, in units, whether a rule allows it or not."""
        total = np.zeros(block.shape, np.int32)
        for part in self.parts:
            total += units(part, block)[0]
        return total

    def light(self, block: Block, weight: NDArray[Any]) -> Bools:
        """The pairs of the block that weigh less than the policy accepts, exceptions aside."""
        light: Bools = weight < self.bar
        return light & ~block.barred(self._light_matrix) if self._light and light.any() else light

    def is_light(self, mentor: str, mentee: str, weight: int) -> bool:
        """The same for one pair, by ids."""
        return weight < self.bar and (mentor, mentee) not in self._light

    @cached_property
    def _light_matrix(self) -> Any:
        return self.cohort.pairs_matrix(sorted(self._light))

    @cached_property
    def excepted(self) -> Ints:
        """Pairs, rows of the tables, that a rule or the bar excepts: ``(n, 2)``, each once."""
        pairs = {(one.mentor, one.mentee) for one in self.policy.exceptions}
        return np.stack(self.cohort.pairs_matrix(sorted(pairs)).nonzero(), axis=1).astype(np.int64)

    def score(self, block: Block) -> Scored:
        """Weight, contributions and completeness of every pair of the block."""
        weight = np.zeros(block.shape, np.int64)
        known = np.zeros(block.shape, np.int64)
        contributions, judged = {}, {}
        for part in self.parts:
            earned, missing = units(part, block)
            has = np.ones((1, 1), np.bool_) if missing is None else ~missing
            weight += earned
            known += has * part.share.most
            contributions[part.label] = _whole(earned, block.shape)
            judged[part.label] = _whole(has, block.shape)
        completeness = known / self._worth if self._worth else np.full(block.shape, self._nothing_to_judge)
        return Scored(weight, contributions, judged, completeness)

    def pair(self, mentor: Person, mentee: Person) -> PairScore:
        """One pair in plain Python: the reference that the block form is tested against."""
        contributions, scores, known = {}, {}, 0
        for part in self.parts:
            score = part.gauge.score_pair(mentor, mentee)
            scores[part.label] = score
            contributions[part.label] = part.instead if score is None else part.share.units(score)
            known += 0 if score is None else part.share.most
        completeness = known / self._worth if self._worth else self._nothing_to_judge
        weight = sum(contributions.values())
        return PairScore(weight, contributions, scores, completeness, self._forbidden_by(mentor, mentee))

    @property
    def _nothing_to_judge(self) -> float:
        """Completeness where no goal is in use: whole unless goals were left out."""
        return 0.0 if self.left_out else 1.0

    def _forbidden_by(self, mentor: Person, mentee: Person) -> tuple[str, ...]:
        same = (SAME_PERSON,) if mentor.id == mentee.id else ()
        return same + tuple(label for label, rule in self._rules if not rule.allowed_pair(mentor, mentee))


def _parts(cohort: Cohort, policy: Policy, fit: Fit) -> tuple[Part, ...]:
    """The goals in use with their shares; a goal of the policy that the fit does not know is an error."""
    unknown = [label_of(goal) for goal in policy.pair_goals if label_of(goal) not in fit.averages]
    if unknown:
        hint = "The fitted values were learnt for another policy; match the cohort with this one again."
        raise FileError([Finding("other_policy", hint, side="policy", column=label) for label in unknown])
    goals = [goal for goal in policy.pair_goals if fit.averages[label_of(goal)] is not None]
    parts = []
    for goal, share in zip(goals, shares([goal.weight for goal in goals]), strict=True):
        label = label_of(goal)
        average = 0.0 if getattr(goal, "missing", "average") == "zero" else (fit.averages[label] or 0) / FINE
        gauge = Gauge(bound(goal, fit.fitted.get(label)), cohort)
        parts.append(Part(label, gauge, share, share.units(average)))
    return tuple(parts)


def units(part: Part, block: Block) -> tuple[Units, Bools | None]:
    """A goal's contributions to a block, and where they stand in for missing data."""
    earned, missing = part.gauge.read(block, part.share.scale)
    np.minimum(earned, part.share.most, out=earned)
    if missing is not None and part.instead:
        earned[missing] = part.instead
    return earned.astype(np.int32), missing


def _whole(array: NDArray[Any], shape: tuple[int, int]) -> NDArray[Any]:
    """An array in the block's full shape, its own copy where it was only one row or column."""
    return array if array.shape == shape else np.broadcast_to(array, shape).copy()


def forbidden_by(label: str, allowed: Any, shape: tuple[int, int]) -> Bools:
    """What a rule forbids; a rule that returns anything but booleans of the block's shape is an error."""
    answer = np.asarray(allowed)
    fits = answer.ndim == 2 and all(n in (1, want) for n, want in zip(answer.shape, shape, strict=True))
    if answer.dtype != np.bool_ or not fits:
        hint = "A rule's allowed(block) returns an array of booleans of the block's shape."
        raise PolicyError([Finding("wrong_shape", hint, side="policy", column=label)])
    return np.broadcast_to(~answer, shape)
