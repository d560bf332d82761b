"""What `match` remarks though nothing is wrong, and `verify` tells again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.cli.summary import note_lines
from pairmatch.errors import Finding
from pairmatch.report import render_report
from tests.rules.small import cohort

PEOPLE: tuple[dict[str, Any], dict[str, Any]] = ({"hobbies": ["golf"] * 2}, {"hobbies": ["golf"] * 2})
PAIRS = {"mentor": ["m1", "m2"], "mentee": ["e1", "e1"]}
TABLES: dict[str, dict[str, Any]] = {
    "history": {**PAIRS, "ended": ["2020-01-01", None]},
    "preferences": {**PAIRS, "by": ["mentee"] * 2, "rank": [1, 2]},
    "vetoes": {"mentor": ["m1"], "mentee": ["e1"]},
}
PLAIN = pm.Policy(goals=[goals.SharedHobbies(weight=1)])


def remarks(people: pm.Cohort, policy: pm.Policy, code: str) -> list[tuple[str, str, str]]:
    """Side, column and hint of a matching's remarks of one kind; the matching is verified."""
    matching = pm.match(people, policy)
    pm.verify(matching, people, policy)
    return [(f.side, f.column, f.hint) for f in matching.remarks if f.code == code]


def test_tables_that_nobody_reads_are_told() -> None:
    """How many rows, and which rule or goal would read them."""
    assert remarks(cohort(*PEOPLE, **TABLES), PLAIN, "unused_table") == [
        (
            "history",
            "",
            "2 earlier pairs were handed in and no rule of the policy reads them; "
            "add the rule 'not_paired_before' or 'cool_down'",
        ),
        (
            "preferences",
            "",
            "2 wishes were handed in and no goal of the policy reads them; add the goal 'preferences'",
        ),
        ("vetoes", "", "1 veto was handed in and no rule of the policy reads it; add the rule 'not_vetoed'"),
    ]


@pytest.mark.parametrize(
    ("table", "part"),
    [
        ("history", {"rules": [rules.NotPairedBefore()]}),
        ("history", {"rules": [rules.CoolDown(months=1, on="2026-11-22")]}),
        ("preferences", {"goals": [goals.Preferences(weight=1)]}),
        ("vetoes", {"rules": [rules.NotVetoed()]}),
    ],
)
def test_tables_that_somebody_reads_are_not_told(table: str, part: dict[str, Any]) -> None:
    """The rules and goals say which tables they read."""
    people = cohort(*PEOPLE, **{table: TABLES[table]})
    assert remarks(people, replace(PLAIN, **part), "unused_table") == []
    assert len(remarks(people, PLAIN, "unused_table")) == 1


def test_empty_tables_are_not_told() -> None:
    """There is nothing in them that could be passed over."""
    empty = {name: {column: [] for column in table} for name, table in TABLES.items()}
    assert remarks(cohort(*PEOPLE, **empty), PLAIN, "unused_table") == []


class OwnRule:
    """A rule that reads the vetoes, and says so."""

    name = "own"
    tables = ("vetoes",)

    def allowed(self, block: Any) -> Any:
        """Every pair."""
        return np.ones((1, 1), np.bool_)

    def allowed_pair(self, mentor: Any, mentee: Any) -> bool:
        """The same."""
        return True

    def remarks(self, people: pm.Cohort) -> list[Finding]:
        """Something that the rule has to say."""
        return [Finding("own_remark", f"{len(people.mentors)} mentors", "policy", column=self.name)]


def test_rules_of_ones_own_say_what_they_read_and_remark() -> None:
    """By `tables` and `remarks`; what they remark is told with the rest, and read back."""
    people, policy = cohort(*PEOPLE, vetoes=TABLES["vetoes"]), replace(PLAIN, rules=[OwnRule()])
    matching = pm.match(people, policy)
    assert matching.remarks == (Finding("own_remark", "2 mentors", "policy", column="own"),)
    with pytest.raises(pm.VerificationError, match="wrong_notes"):
        pm.verify(replace(matching, remarks=()), people, policy)


def test_it_is_told_wherever_notes_are(tmp_path: Any) -> None:
    """In the terminal, on the page, and in the files."""
    people = cohort(*PEOPLE, vetoes=TABLES["vetoes"])
    matching = pm.match(people, PLAIN)
    words = "1 veto was handed in and no rule of the policy reads it"
    assert [f"Note: unused_table (vetoes): {words}; add the rule 'not_vetoed'"] == note_lines(matching)
    assert words in render_report(matching, thorough=False)
    matching.write(tmp_path)
    assert pm.Matching.read(tmp_path, people).remarks == matching.remarks


WANTED = {"topics_wanted": ["menopause; sql", "python"], "active": ["no", "yes"]}


@pytest.mark.parametrize(
    ("topics", "told"), [(["wellbeing"], True), (["weelbeing"], True), (["python"], False), ("sql", True)]
)
def test_training_for_what_nobody_wants_is_told(topics: Any, told: bool) -> None:
    """A topic that no active mentee wants, or a word that nobody uses, checks nothing."""
    people = cohort({"trained_for": [None]}, WANTED)
    rule = rules.TrainedFor(topics)
    found = remarks(people, pm.Policy(rules=[rule], objective=("mentees",)), "rule_without_effect")
    hint = "no mentee wants one of these topics; check how they are written"
    assert found == ([("policy", rule.label, hint)] if told else [])


def test_mandated_mentees_who_can_have_nobody_are_counted() -> None:
    """Those who are not eligible, and those whose data a strict rule lacks; resting ones are not."""
    mentees = {
        "must_match": ["yes", "yes", "yes", "yes", "no", "yes"],
        "opted_in": ["no", None, "yes", "no", "no", "no"],
        "level": [1, 1, None, 1, 1, 1],
        "active": ["yes"] * 5 + ["no"],
    }
    people = cohort({"opted_in": ["yes"], "level": [2]}, mentees)
    policy = pm.Policy(
        rules=[rules.OptedIn(), rules.LevelGap(at_least=1)], objective=("must_match", "mentees")
    )
    assert remarks(people, policy, "mandated_left") == [
        (
            "mentees",
            "",
            "4 mandated mentees can have no mentor: 2 are not eligible, 2 lack the data that a rule needs",
        )
    ]
    one = cohort({"opted_in": ["yes"]}, {"must_match": ["yes", "yes"], "opted_in": ["yes", None]})
    policy = pm.Policy(rules=[rules.OptedIn()], objective=("must_match", "mentees"))
    assert remarks(one, policy, "mandated_left") == [
        ("mentees", "", "1 mandated mentee can have no mentor: 1 lacks the data that a rule needs")
    ]
    allowing = pm.Policy(rules=[rules.OptedIn(missing="allow")], objective=("must_match", "mentees"))
    assert remarks(one, allowing, "mandated_left") == []
    nobody = cohort({"opted_in": ["yes"]}, {"opted_in": ["no"]})
    assert remarks(nobody, policy, "mandated_left") == []


def test_notes_of_files_and_frames_are_alike() -> None:
    """The remark is one of the matching, as a table."""
    table = pm.match(cohort(*PEOPLE, vetoes=TABLES["vetoes"]), PLAIN).notes
    assert isinstance(table, pd.DataFrame)
    assert table[["code", "side"]].to_numpy().tolist() == [["unused_table", "vetoes"]]
