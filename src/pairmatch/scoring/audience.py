"""What an audience may see of a weight's parts (law §12).

The contributions of goals over sensitive, special or confidential fields are told to the auditor alone.
For everybody else they are added up with an ordinary goal's contribution in one column, so that the
weight less the columns shown gives none of them away within one result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairmatch.grouping import PROTECTED
from pairmatch.parameters import label_of

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy
    from pairmatch.scoring.scorer import PairScore, Scorer

__all__ = ["OTHER", "Columns", "is_hidden", "visible_columns"]

OTHER = "other"
"""The column of the goals that are told as one."""

HIDDEN_CLASSES = PROTECTED

TOPICS = frozenset({"topics_wanted", "topics_offered", "wants_back", "offers_back"})
"""Confidential to the partners; but to cover them is what a lead asks the library for."""

WISHES = frozenset({"preferences"})
"""Tables that hold what one side said of the other: confidential to the partners; the lead hands them in."""


@dataclass(frozen=True)
class Columns:
    """The columns in which the contributions are told.

    Attributes
    ----------
    shown
        Labels of the goals that have their own column, in the policy's order.
    merged
        Labels of the goals that are added up in the column ``"other"``.
    hidden
        Those of them that the audience may not see at all.
    """

    shown: tuple[str, ...]
    merged: tuple[str, ...]
    hidden: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All columns, ``"other"`` last."""
        return self.shown + ((OTHER,) if self.merged else ())

    def told(self, contributions: Mapping[str, Any]) -> dict[str, Any]:
        """Contributions by label (numbers or arrays) as contributions by column."""
        told = {label: contributions[label] for label in self.shown}
        if self.merged:
            told[OTHER] = sum(contributions[label] for label in self.merged)
        return told

    def completeness(self, scorer: Scorer, score: PairScore) -> float:
        """Share of the weight that was judged, over the goals that the audience may see.

        Whether a hidden goal had a pair's data would tell of the data.
        """
        judged = {label: value is not None for label, value in score.scores.items()}
        return score.completeness if not self.hidden else float(self.judged_share(scorer, judged))

    def judged_share(self, scorer: Scorer, judged: Mapping[str, Any]) -> Any:
        """The same from what each goal judged, as bools or arrays of them; 1 where nothing may be seen."""
        seen = [part for part in scorer.parts if part.label not in self.hidden]
        worth = sum(part.share.most for part in seen)
        return sum(judged[part.label] * part.share.most for part in seen) / worth if worth else 1.0


def visible_columns(
    cohort: Cohort, policy: Policy, *, audience: str = "lead", left_out: Sequence[str] = ()
) -> Columns:
    """The columns in which an audience may see the contributions.

    Parameters
    ----------
    cohort, policy
        The classes of the cohort's fields decide which of the policy's goals are hidden.
    audience
        ``"auditor"`` sees every goal; everybody else sees the hidden ones added up with another. What
        people wish for is hidden from all but the auditor and the ``"lead"``.
    left_out
        Labels of goals that are not in use.
    """
    goals = [goal for goal in policy.pair_goals if label_of(goal) not in left_out]
    labels = [label_of(goal) for goal in goals]
    hidden = [label_of(goal) for goal in goals if is_hidden(goal, cohort, audience)]
    if not hidden:
        return Columns(tuple(labels), ())
    merged = {*hidden, *_cover(goals, hidden)}
    shown = tuple(label for label in labels if label not in merged)
    return Columns(shown, tuple(label for label in labels if label in merged), tuple(hidden))


def is_hidden(goal: Any, cohort: Cohort, audience: str) -> bool:
    """Whether a goal or rule looks at a field or a table that the audience may not see."""
    if audience == "auditor":
        return False
    confidential = getattr(goal, "confidential", False) or not WISHES.isdisjoint(getattr(goal, "tables", ()))
    if audience != "lead" and confidential:
        return True
    return any(_is_hidden_field(name, cohort, audience) for name in getattr(goal, "fields", ()))


def _is_hidden_field(name: str, cohort: Cohort, audience: str) -> bool:
    field_class = cohort.field_class(name)
    if field_class == "confidential" and cohort.resolve(name) in TOPICS:
        return audience != "lead"
    return field_class in HIDDEN_CLASSES


def _cover(goals: Sequence[Any], hidden: Sequence[str]) -> list[str]:
    """The ordinary goal whose weight is nearest to that of the hidden ones: it blurs them best."""
    weight = sum(goal.weight for goal in goals if label_of(goal) in hidden)
    ordinary = [goal for goal in goals if label_of(goal) not in hidden]
    return [label_of(goal) for goal in sorted(ordinary, key=lambda goal: abs(goal.weight - weight))[:1]]
