"""What happens to people and pairs in a simulated year, month by month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pairmatch.simulate.asking import Asked

__all__ = ["Life"]


@dataclass(frozen=True, kw_only=True)
class Life:
    """Assumptions about people and pairs. The defaults give the figures that programmes report.

    *Chemistry* is how well two people really get on: in standard deviations, 0 for an average eligible pair.
    No plan knows it. The policy's weight tells of it as far as ``insight`` says; the rest is the mentor's own
    part, the same in all pairs, and what is between these two alone.

    Attributes
    ----------
    months
        Length of the year that is simulated.
    sessions
        Sessions planned for each mentee, one a month while there is a mentor; when all have been planned, the
        pair is done and the mentor free again.
    insight
        Correlation of weight with chemistry over all eligible pairs, in [0, 1].
    mentors_part
        Share of the chemistry's variance that is the mentor's own; with ``insight`` squared at most 1.
    mentor_leaving, mentee_leaving
        Share that leaves within twelve months, in [0, 1).
    waiting
        How many times as likely somebody is to leave who has had a pair and now has none; at least 0.
    drifting
        Share of the mentors who never had a pair, and are not kept in reserve, that is lost to the programme
        in a month once all waves have started, in [0, 1).
    stepping_back
        Share of the mentors who want no other mentee after a pair of theirs has failed.
    staying
        Share of the mentors who take another mentee after a pair of theirs is done.
    failing
        Chance that a pair of average chemistry fails within a month, in [0, 1).
    attending
        Chance that a pair of average chemistry holds a planned session, in (0, 1).
    satisfied
        Chance that a mentee with average chemistry is satisfied with the match, in (0, 1).
    effect
        How strongly chemistry acts: per standard deviation, the monthly risk of failing is divided by, and
        the odds of holding a session are multiplied by, e to this number; at least 0.
    noise
        Standard deviation of what a survey says about chemistry, beside the chemistry; above 0.
    joining
        Share of the people of each side who are not there at the start and join later.
    joined_by
        Month by which they have joined, evenly from month 1 on.
    """

    months: int = 12
    sessions: int = 7
    insight: float = 0.4
    mentors_part: float = 0.2
    mentor_leaving: float = 0.20
    mentee_leaving: float = 0.125
    waiting: float = 2.0
    drifting: float = 0.5
    stepping_back: float = 0.3
    staying: float = 0.3
    failing: float = 0.025
    attending: float = 0.765
    satisfied: float = 0.62
    effect: float = 0.5
    noise: float = 1.0
    joining: float = 0.0
    joined_by: int = 6

    def __post_init__(self) -> None:
        asked = Asked("Life")
        asked.whole("months", self.months, 1, 240)
        asked.whole("sessions", self.sessions, 1, 240)
        for name in ("insight", "mentors_part", "stepping_back", "staying", "joining"):
            asked.share(name, getattr(self, name))
        for name in ("mentor_leaving", "mentee_leaving", "drifting", "failing"):
            asked.number(name, getattr(self, name), 0, 0.999)
        for name in ("attending", "satisfied"):
            asked.share(name, getattr(self, name), open_=True)
        asked.number("waiting", self.waiting, 0, 1000)
        asked.number("effect", self.effect, 0, 10)
        asked.number("noise", self.noise, 0.001, 1000)
        asked.whole("joined_by", self.joined_by, 1, 240)
        if not asked.findings and self.insight**2 + self.mentors_part > 1 + 1e-12:
            asked.refuse("mentors_part", "'insight' squared and 'mentors_part' together must be at most 1.")
        asked.done()

    @property
    def between(self) -> float:
        """Share of the chemistry's variance that is between two people alone."""
        return max(0.0, 1 - self.insight**2 - self.mentors_part)

    @property
    def enough(self) -> int:
        """Sessions that count as completing: five of seven, the same share of another number, rounded up."""
        return int(np.ceil(self.sessions * 5 / 7))

    def hazards(self) -> tuple[float, float, float]:
        """Monthly risks, as rates: a mentor leaves, a mentee leaves, a pair of average chemistry fails."""
        leaving = (-np.log1p(-share) / 12 for share in (self.mentor_leaving, self.mentee_leaving))
        mentor, mentee = leaving
        return float(mentor), float(mentee), float(-np.log1p(-self.failing))
