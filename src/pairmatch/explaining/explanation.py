"""What is told of one person: their pairs goal by goal, who else would suit, or why there is nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

from pairmatch.errors import counted, shown
from pairmatch.matching import NO_COACH, REASONS, Coached, Left
from pairmatch.problem import RESOLUTION

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.blocking import BlockingSet

__all__ = ["Explanation", "plain"]

LONGEST = 1000
"""Characters of a line; labels and entries are as long as somebody typed them."""


def plain(line: str) -> str:
    """A line as a terminal may show it: nothing in it breaks it or turns it round, and it ends."""
    text = "".join(c if c.isprintable() else "?" for c in line)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


@dataclass(frozen=True, eq=False, repr=False)
class Explanation:
    """Why somebody has these partners, or none, as an audience may see it.

    Attributes
    ----------
    role, id
        Whom it is about.
    audience
        Who may read it.
    partners
        One row per partner and goal: partner, goal, contribution, most, score, meaning, evidence. ``most`` is
        what a perfect score would contribute; ``score`` in [0, 1] is NaN where the goal lacked data and its
        average was taken instead, and for goals told together as ``other``. ``meaning`` is the goal as a
        sentence, ``evidence`` what it found in this pair, in words; empty where there is nothing to tell.
    weights
        Total weight of each pair, by partner.
    reason
        For a person without partners: the reason code and what each rule took away; else None.
    coaches
        Each pair's coach, or why it has none, by partner; empty where the policy has no part about coaches.
    runners_up
        Who else would suit best, for the person and for each partner: for, partner, weight, rank, why_not,
        allowed. ``rank`` counts all allowed partners by weight, 1 for the best; absent where a rule forbids
        the pair, which is told only where it would weigh more than what the person has.
    rules
        For a person without partners: rule, alone, last_standing. ``alone`` counts the partners whom a rule
        forbids by itself, ``last_standing`` those whom it alone forbids: the only rule between the two.
    blocking
        For a person without partners: people who together can reach too few partners; None where that is
        not the reason, or not proven.
    """

    role: str
    id: str
    audience: str
    partners: pd.DataFrame
    weights: dict[str, float]
    reason: Left | None
    runners_up: pd.DataFrame
    rules: pd.DataFrame
    coaches: dict[str, Coached] = field(default_factory=dict)
    blocking: BlockingSet | None = None

    def __str__(self) -> str:
        lines = self._without() if self.reason is not None else self._with_partners()
        return "\n".join(map(plain, [*lines, *self._next_best()]))

    @property
    def _head(self) -> str:
        return f"{self.role} {shown(self.id)}"

    def _without(self) -> Iterator[str]:
        left = self.reason
        if left is None:
            return
        yield f"{self._head} has no partner: {REASONS[left.reason]}"
        yield f"  eligible partners: {left.eligible}"
        yield from (f"  does not keep: {label}" for label in left.barred)
        yield from (f"  no room left by: {label}" for label in left.quotas)
        yield from (f"  lacks the data for {label}" for label in left.lacks)
        for rule, alone, last in self.rules.values.tolist():
            yield f"  forbidden by {rule}: {alone}" + (f", {last} by it alone" if last else "")
        if self.blocking is not None and self.blocking.partners:
            yield f"  {self.blocking}"

    def _with_partners(self) -> Iterator[str]:
        for partner, weight in self.weights.items():
            yield f"{self._head} with {shown(partner)}: weight {weight:.3f}"
            rows = self.partners[self.partners["partner"] == partner].drop(columns=["partner", "score"])
            for goal, contribution, most, meaning, evidence in rows.values.tolist():
                found = f" ({evidence})" if evidence else ""
                yield f"  {contribution:.3f} of {most:.3f}  {goal}: {meaning}{found}"
            if partner in self.coaches:
                yield _coach_line(self.coaches[partner])

    def _next_best(self) -> Iterator[str]:
        for who in dict.fromkeys(self.runners_up["for"]):
            yield f"who else would suit {shown(who)}:"
            rows = self.runners_up.loc[self.runners_up["for"] == who, ["partner", "weight", "why_not"]]
            for partner, weight, why_not in rows.values.tolist():
                yield f"  {shown(partner)} {weight:.3f}: {why_not}"

    def __repr__(self) -> str:
        found = counted(len(self.weights), "partner")
        return f"<Explanation of {self._head}, who has {found}, for the {self.audience}>"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


def _coach_line(pair: Coached) -> str:
    if pair.coach is None:
        return f"  no coach: {NO_COACH[pair.reason]}"
    return f"  coach {shown(pair.coach)}, who adds {pair.score / RESOLUTION:.3f}"
