"""mentor-match as its readers are shown to use it, with the civil service's rules."""

from __future__ import annotations

import operator
from pathlib import Path
from typing import Any

from benchmarks.civil_service import GRADE_POINTS, GRADES, NETWORK_POINTS, PROFESSION_POINTS

ROUNDS = 3

UNMATCHED = 6
"""Points for a pair with somebody who has no partner yet, as the civil service gives."""


def participants(folder: Path) -> tuple[list[Any], list[Any]]:
    """Both tables, read by the package; it asks for subclasses where people have more columns."""
    from matching.mentee import Mentee
    from matching.mentor import Mentor

    from matching import process

    class CivilMentor(Mentor):
        def __init__(self, **row: Any) -> None:
            super().__init__(**row)
            self.characteristics = row["characteristics"].split(",")

    class CivilMentee(Mentee):
        def __init__(self, **row: Any) -> None:
            super().__init__(**row)
            self.identity = row["identity to match"] if row["match with similar identity"] == "yes" else ""

    mentors = process.create_participant_list_from_path(CivilMentor, folder, translated)
    mentees = process.create_participant_list_from_path(CivilMentee, folder, translated)
    return mentors, mentees


def translated(row: dict[str, str], role: str) -> dict[str, Any]:
    """The package knows people by 'email', and grades as numbers."""
    return row | {
        "email": row["email address"],
        "grade": GRADES.index(row["grade"]),
        "role": row["job title"],
    }


def ruleset(bonus: int = 0) -> list[Any]:
    """The rules of one round. The package begins with the last, so what disqualifies soonest stands there."""
    from matching.rules import rule

    rules = [
        rule.Generic(
            {True: NETWORK_POINTS, False: 0},
            lambda match: (
                match.mentee.identity != "" and match.mentee.identity in match.mentor.characteristics
            ),
        ),
        rule.Equivalent("profession", {True: PROFESSION_POINTS, False: 0}),
        *(rule.Grade(gap, operator.eq, {True: points, False: 0}) for gap, points in GRADE_POINTS.items()),
        rule.Disqualify(lambda match: match.mentor.organisation == match.mentee.organisation),
        rule.Disqualify(rule.Grade(max(GRADE_POINTS), operator.gt).evaluate),
        rule.Disqualify(rule.Grade(min(GRADE_POINTS), operator.lt).evaluate),
    ]
    return [rule.UnmatchedBonus(bonus), *rules] if bonus else rules


def scores(mentors: list[Any], mentees: list[Any]) -> list[list[int]]:
    """One round's points of every pair; -1 where it is disqualified."""
    from matching import process

    matches = process.generate_match_matrix(mentors, mentees, ruleset())
    return [[-1 if match.disallowed else match.score for match in row] for row in matches]


def job(folder: Path, bonus: int = 0) -> list[tuple[str, str]]:
    """Read both tables, match in three rounds, write both lists; the pairs."""
    from matching import process

    mentors, mentees = participants(folder)
    process.process_data(mentors, mentees, [ruleset(bonus) for _ in range(ROUNDS)])
    process.create_mailing_list(mentors, folder / "lists")
    process.create_mailing_list(mentees, folder / "lists")
    return [(mentor.email, mentee.email) for mentor in mentors for mentee in mentor.mentees]
