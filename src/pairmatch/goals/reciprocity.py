"""The mentee offers what the mentor wants in return."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pairmatch.goals.coverage import Coverage

__all__ = ["Reciprocity"]


@dataclass(frozen=True)
class Reciprocity(Coverage):
    """Scores the share of the mentor's wishes that the mentee covers, by priority and proficiency.

    The measure of :class:`~pairmatch.goals.topic_coverage.TopicCoverage`, the other way round: reverse
    mentoring works better when both sides learn.

    Parameters
    ----------
    focus
        Unwanted topics, near to no wish, that a mentee may offer before their score falls; from 1 to 1000.
    mentors, mentees
        Topics or list fields: wanted and offered.
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.Reciprocity(weight=0.1).fields
    ('wants_back', 'offers_back')
    """

    name: ClassVar[str] = "reciprocity"
    offered_by: ClassVar[str] = "mentees"
    usual: ClassVar[tuple[str, str]] = ("wants_back", "offers_back")

    mentors: str = field(default="wants_back", kw_only=True)
    mentees: str = field(default="offers_back", kw_only=True)

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        return "the mentee offers what the mentor wants in return"
