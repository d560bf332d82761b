"""The goal that the mentor offers what the mentee wants."""

from __future__ import annotations

import pytest

from pairmatch import goals
from pairmatch.errors import PolicyError
from pairmatch.testing.contracts import PairGoalContract
from tests.rules.small import codes, cohort, scores


class TestTopicCoverage(PairGoalContract):
    """The contract."""

    goal = goals.TopicCoverage(weight=0.3)


class TestTopicCoverageFocused(PairGoalContract):
    """The contract, where the damping bites, the other way round."""

    goal = goals.TopicCoverage(weight=0.1, focus=1, mentors="wants_back", mentees="offers_back")


def told(offered: list[str | None], wanted: list[str | None], **parameters: int) -> list[list[float | None]]:
    """Scores of mentors who offer and mentees who want."""
    people = cohort({"topics_offered": offered}, {"topics_wanted": wanted})
    return scores(goals.TopicCoverage(weight=1, **parameters), people)  # type: ignore[arg-type]


def test_coverage_by_priority_and_proficiency() -> None:
    """AI at 0.8 with priority 3, of priorities 3 + 1: 2.4 / 4; all of it is 1."""
    assert told(["AI tools:0.8", "AI tools; python", "retail"], ["ai tools:3; Python!"]) == [
        [0.6],
        [1.0],
        [0.0],
    ]


def test_missing_topics() -> None:
    """Either side may have none."""
    assert told(["AI", None], ["AI", None]) == [[1.0, None], [None, None]]


def test_ticking_every_box_does_not_win() -> None:
    """Ten unwanted topics at a focus of 5 halve the score; five do not touch it."""
    boxes = "; ".join(f"box {k}" for k in range(10))
    few = "; ".join(f"box {k}" for k in range(5))
    assert told([f"AI; {boxes}", f"AI; {few}", "AI"], ["AI"]) == [[0.5], [1.0], [1.0]]
    assert told([f"AI; {few}"], ["AI"], focus=2) == [[0.4]]


def test_one_more_shared_topic_never_lowers_the_score() -> None:
    """A wanted topic more is worth more, whatever else the mentor offers."""
    boxes = "; ".join(f"box {k}" for k in range(30))
    rows = told([f"{'; '.join('abcd'[:n])}; {boxes}" for n in range(5)], ["a; b; c; d"])
    assert rows == sorted(rows)
    assert rows[0] < rows[1]


def test_a_weight_above_one_is_full_proficiency() -> None:
    """A field of priorities, taken for offers, cannot lift a score above 1."""
    people = cohort({"wants_back": ["AI:7", "AI:0.5"]}, {"topics_wanted": ["AI"]})
    assert scores(goals.TopicCoverage(weight=1, mentors="wants_back"), people) == [[1.0], [0.5]]


def test_no_part_of_a_word_matches() -> None:
    """AI is not in retail."""
    assert told(["retail"], ["AI"]) == [[0.0]]


def test_label_and_needs() -> None:
    """The usual fields need no naming."""
    other = goals.TopicCoverage(weight=1, mentors="wants_back", mentees="offers_back")
    assert (goals.TopicCoverage(weight=1).label, other.label) == (
        "topic_coverage",
        "topic_coverage(wants_back, offers_back)",
    )
    people = cohort({"topics_wanted": ["AI"]}, {"topics_offered": ["AI"]})
    assert codes(goals.TopicCoverage(weight=1).needs(people)) == [
        ("absent_column", "mentors", "topics_offered"),
        ("absent_column", "mentees", "topics_wanted"),
    ]


@pytest.mark.parametrize("focus", [0, 1001, 2.5, None])
def test_bad_focus(focus: object) -> None:
    """The focus is a whole number from 1 to 1000."""
    with pytest.raises(PolicyError, match="bad_integer"):
        goals.TopicCoverage(weight=1, focus=focus)  # type: ignore[arg-type]
