"""The mentor offers what the mentee wants to learn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pairmatch.goals.coverage import Coverage

__all__ = ["TopicCoverage"]


@dataclass(frozen=True)
class TopicCoverage(Coverage):
    """Scores the share of the mentee's wishes that the mentor covers, by priority and proficiency.

    A wish counts by the mentee's priority times the mentor's proficiency (1 at most), divided by the sum of
    the mentee's priorities. Where the mentor does not offer the topic itself, the nearest one offered counts
    in part, as the cohort's thesaurus says. A mentor who offers more than ``focus`` topics that the mentee
    does not want is taken at ``focus`` divided by their number, so that ticking every box does not win
    (law §4).

    Parameters
    ----------
    focus
        Unwanted topics, near to no wish, that a mentor may offer before their score falls; from 1 to 1000.
    mentors, mentees
        Topics or list fields: offered and wanted.
    weight, missing, purpose
        As for every goal: :class:`~pairmatch.goals.weighted.Weighted`.

    Examples
    --------
    >>> from pairmatch import goals
    >>> goals.TopicCoverage(weight=0.3).fields
    ('topics_offered', 'topics_wanted')
    """

    name: ClassVar[str] = "topic_coverage"
    offered_by: ClassVar[str] = "mentors"
    usual: ClassVar[tuple[str, str]] = ("topics_offered", "topics_wanted")

    mentors: str = field(default="topics_offered", kw_only=True)
    mentees: str = field(default="topics_wanted", kw_only=True)

    @property
    def description(self) -> str:
        """The goal as a sentence."""
        return "the mentor offers what the mentee wants to learn"
