"""The verb ``score``: what a policy makes of every pair of a cohort, before anybody is matched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.cohort import Block, Cohort, Profiles
from pairmatch.errors import CallError, Finding, did_you_mean
from pairmatch.policy import Policy
from pairmatch.problem import RESOLUTION, Ints, Progress, Report
from pairmatch.scoring import (
    MINIMUM_WEIGHT,
    OTHER,
    Columns,
    Fit,
    Scored,
    Scorer,
    blocks,
    canonical_order,
    visible_columns,
)
from pairmatch.scoring import fit as fitted

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Scores", "score"]

MOST_PAIRS = 25_000_000
"""Pairs that the tables may hold."""

AUDIENCES = ("lead", "auditor")

NOT_ACTIVE = "not_active"
"""The reason told of a pair with a person who is not active."""


def score(
    cohort: Cohort, policy: Policy, *, audience: str = "lead", progress: Report | None = None
) -> Scores:
    """Apply a policy's rules and goals to every pair of a cohort.

    Parameters
    ----------
    cohort, policy
        People, and what makes a good pair; at most 25 million pairs.
    audience
        ``"lead"``, or ``"auditor"`` who sees each goal by itself (law §12).
    progress
        Called after each block of pairs.

    Returns
    -------
    Tables of weights, contributions and reasons, with people in the order of the cohort's tables.

    Raises
    ------
    CallError
        If an argument is of the wrong kind, or the cohort too large for one table.
    PolicyError
        If the policy does not fit the cohort.
    """
    _refuse(_wrong_kinds(cohort, policy, audience))
    _refuse(_too_large(cohort))
    policy.check(cohort)
    scorer = Scorer(cohort, policy, fitted(cohort, policy))
    return Scores(scorer, audience, *_weighed(scorer, progress))


class Scores:
    """What a policy makes of every pair of a cohort. Made by `score`.

    A pair is *eligible* when both people are active, every rule allows it and its weight reaches the policy's
    ``minimum_weight``. Every table is made afresh when it is asked for, and is the caller's own.

    Attributes
    ----------
    cohort, policy
        What was scored.
    fit
        The goals' averages and what else was learnt from the cohort.
    columns
        In which columns the contributions are told; the auditor's view has one per goal.
    """

    def __init__(
        self, scorer: Scorer, audience: str, weight: NDArray[np.int32], reason: NDArray[np.uint16]
    ) -> None:
        self.cohort: Cohort = scorer.cohort
        self.policy: Policy = scorer.policy
        self.fit: Fit = scorer.fit
        self.columns: Columns = visible_columns(
            scorer.cohort, scorer.policy, audience=audience, left_out=scorer.left_out
        )
        self._scorer, self._weight, self._reason = scorer, weight, reason

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the contributions, as `contributions` takes them."""
        return self.columns.names

    @property
    def left_out(self) -> tuple[str, ...]:
        """Goals that no pair of the cohort has data for; the other goals share their weight (law §3)."""
        return self._scorer.left_out

    @property
    def n_eligible(self) -> int:
        """How many pairs are eligible."""
        return int(np.count_nonzero(self._reason == 0))

    @property
    def weights(self) -> pd.DataFrame:
        """Weight in [0, 1] of each pair, mentors by mentees; NaN where the pair is not eligible."""
        weights = self._weight / RESOLUTION
        weights[self._reason != 0] = np.nan
        return self._frame(weights)

    @property
    def completeness(self) -> pd.DataFrame:
        """Share of each pair's weight that was really judged, in [0, 1], whether eligible or not."""
        return self._frame(self._gathered(self._judged_share))

    def _judged_share(self, scored: Scored) -> Any:
        """Completeness as the audience may see it."""
        if not self.columns.hidden:
            return scored.completeness
        whole = np.ones(scored.weight.shape)
        return whole * self.columns.judged_share(self._scorer, scored.judged)

    @property
    def forbidden_by(self) -> pd.DataFrame:
        """Why each pair is not eligible: the first rule that forbids it; None where it is eligible.

        Besides the rules' labels: ``"not_active"``, ``"same_person"`` and ``"minimum_weight"``.
        """
        names = np.array([None, *_reasons(self._scorer)], dtype=object)
        return self._frame(names[self._reason])

    @property
    def pairs(self) -> pd.DataFrame:
        """The eligible pairs, best first: mentor, mentee, weight, completeness, then each contribution."""
        import pandas as pd

        ranks = [_rank(side, self.policy.seed) for side in (self.cohort.mentors, self.cohort.mentees)]
        parts = [self._told(start, block, *ranks) for start, block in _blocks(self.cohort)]
        table = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        best_first = np.argsort(table.pop("order"))
        mentors, mentees = pd.Series(self.cohort.mentors.ids), pd.Series(self.cohort.mentees.ids)
        people = {
            "mentor": mentors.take(table.pop("mentor")[best_first]).array,
            "mentee": mentees.take(table.pop("mentee")[best_first]).array,
        }
        return pd.DataFrame({**people, **{name: values[best_first] for name, values in table.items()}})

    def contributions(self, label: str) -> pd.DataFrame:
        """What one goal adds to each pair's weight, mentors by mentees, whether eligible or not.

        Parameters
        ----------
        label
            One of `labels`.

        Raises
        ------
        CallError
            If there is no such contribution.
        """
        _refuse(_unknown_label(label, self.columns))
        units = self._gathered(lambda scored: self.columns.told(scored.contributions)[label])
        return self._frame(units / RESOLUTION)

    def _gathered(self, part: Callable[[Scored], NDArray[Any]]) -> NDArray[Any]:
        """One part of every block's scores, as one matrix."""
        return np.concatenate([part(self._scorer.score(block)) for _, block in _blocks(self.cohort)])

    def _told(
        self, start: int, block: Block, mentor_rank: Ints, mentee_rank: Ints
    ) -> dict[str, NDArray[Any]]:
        """The eligible pairs of one block as columns; people as rows of their tables, in order best first."""
        scored = self._scorer.score(block)
        rows, columns = np.nonzero(self._reason[start : start + block.shape[0]] == 0)
        mentors, weight = start + rows, scored.weight[rows, columns]
        told = self.columns.told(scored.contributions)
        worse = (RESOLUTION - weight) * len(mentor_rank) + mentor_rank[mentors]
        return {
            "mentor": mentors,
            "mentee": columns,
            "order": worse * len(mentee_rank) + mentee_rank[columns],
            "weight": weight / RESOLUTION,
            "completeness": self._judged_share(scored)[rows, columns],
            **{name: units[rows, columns] / RESOLUTION for name, units in told.items()},
        }

    def _frame(self, values: NDArray[Any]) -> pd.DataFrame:
        """A matrix with people's ids, mentors in rows."""
        import pandas as pd

        mentors = pd.Index(self.cohort.mentors.ids, name="mentor")
        mentees = pd.Index(self.cohort.mentees.ids, name="mentee")
        return pd.DataFrame(values, index=mentors, columns=mentees, dtype=values.dtype)

    def __repr__(self) -> str:
        n_mentors, n_mentees = self._weight.shape
        told = f"{self.n_eligible:,} of {self._weight.size:,} pairs eligible"
        goals = f"; goals: {', '.join(self.labels)}" if self.labels else "; no goals"
        left_out = f"; left out for want of data: {', '.join(self.left_out)}" if self.left_out else ""
        return f"<Scores of {n_mentors:,} mentors x {n_mentees:,} mentees: {told}{goals}{left_out}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self)[1:-1])}</p>"


def _weighed(scorer: Scorer, progress: Report | None) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
    """Every pair's weight, and the number of the reason why it is not eligible; 0 where it is."""
    cohort = scorer.cohort
    weight = np.empty(cohort.shape, np.int32)
    reason = np.zeros(cohort.shape, np.uint16)
    for start, block in _blocks(cohort):
        end = start + block.shape[0]
        weight[start:end] = scorer.weight(block)
        for number, forbidden in enumerate(_refusals(scorer, block, weight[start:end]), start=1):
            reason[start:end][forbidden & (reason[start:end] == 0)] = number
        if progress is not None:
            progress(Progress("scoring pairs", end * block.shape[1], weight.size))
    return weight, reason


def _refusals(scorer: Scorer, block: Block, weight: NDArray[np.int32]) -> Iterator[NDArray[np.bool_]]:
    """The pairs that each reason takes, in the order of `_reasons`."""
    mentors, mentees = scorer.cohort.mentors.active, scorer.cohort.mentees.active
    yield ~(mentors[block.mentor_positions][:, None] & mentees[block.mentee_positions][None, :])
    for _, forbidden in scorer.forbidding(block):
        yield forbidden
    yield scorer.light(block, weight)


def _reasons(scorer: Scorer) -> tuple[str, ...]:
    """Why a pair may not be eligible, in the order of precedence."""
    return (NOT_ACTIVE, *scorer.rule_labels, MINIMUM_WEIGHT)


def _blocks(cohort: Cohort) -> Iterator[tuple[int, Block]]:
    """All pairs of a cohort, in the order of its tables."""
    return blocks(cohort, np.arange(len(cohort.mentors)), np.arange(len(cohort.mentees)))


def _rank(profiles: Profiles, seed: int) -> Ints:
    """For each row of a table, the person's place in the canonical order; of no meaning for the inactive."""
    rank = np.zeros(len(profiles), np.int64)
    order = canonical_order(profiles, seed)
    rank[order] = np.arange(len(order))
    return rank


def _wrong_kinds(cohort: object, policy: object, audience: object) -> list[Finding]:
    findings = []
    if not isinstance(cohort, Cohort):
        hint = "'cohort' must be a Cohort: pm.Cohort(mentors, mentees) or pm.Cohort.read(...)."
        findings.append(Finding("bad_argument", hint, column="cohort"))
    if not isinstance(policy, Policy):
        hint = "'policy' must be a Policy: pm.Policy(rules=..., goals=...) or pm.Policy.read(...)."
        findings.append(Finding("bad_argument", hint, column="policy"))
    if audience not in AUDIENCES:
        near = did_you_mean(audience, AUDIENCES) if isinstance(audience, str) else ""
        hint = f"'audience' must be 'lead' or 'auditor'.{near}"
        findings.append(Finding("bad_argument", hint, column="audience"))
    return findings


def _too_large(cohort: Cohort) -> list[Finding]:
    if len(cohort.mentors) * len(cohort.mentees) <= MOST_PAIRS:
        return []
    hint = f"score tells at most {MOST_PAIRS:,} pairs; score a part of the cohort, or match it unseen."
    return [Finding("too_many_pairs", hint, column="cohort")]


def _unknown_label(label: object, columns: Columns) -> list[Finding]:
    if label in columns.names:
        return []
    if label in columns.merged:
        hint = f"'{label}' is told only together with others, as '{OTHER}', except to audience='auditor'."
        return [Finding("merged_label", hint, column="label")]
    near = did_you_mean(label, columns.names) if isinstance(label, str) else ""
    hint = f"There is no contribution of that name; there are: {', '.join(columns.names) or 'none'}.{near}"
    return [Finding("unknown_label", hint, column="label")]


def _refuse(findings: list[Finding]) -> None:
    if findings:
        raise CallError(findings)
