"""The policy's part about coaches: stored and read back, and every message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import pairmatch as pm
from pairmatch import goals, rules
from tests.coached import cohort, frames, policy


def told(call: Any) -> dict[str, str]:
    """The codes and hints of the error that a call raises, by column."""
    with pytest.raises(pm.PolicyError) as caught:
        call()
    return {finding.column: f"{finding.code}: {finding.hint}" for finding in caught.value.findings}


@pytest.mark.parametrize("name", ["policy.toml", "policy.json"])
@pytest.mark.parametrize("jointly", [False, True])
def test_it_is_stored_and_read_back(tmp_path: Path, name: str, jointly: bool) -> None:
    """The same policy comes back, and the schema of the same file does not mind."""
    made = policy(jointly=jointly)
    made.write(tmp_path / name)
    assert pm.Policy.read(tmp_path / name) == made
    assert pm.Policy.read(tmp_path / name).fingerprint == made.fingerprint
    pm.Schema.read(tmp_path / name)


def test_an_empty_part_is_kept() -> None:
    """Coaches without rules and goals are chosen by capacity alone."""
    data = pm.Policy(coaches=pm.Coaches(), objective=["mentees"]).to_dict()
    assert data["coaches"] == {}
    assert pm.Policy.from_dict(data).coaches == pm.Coaches()
    assert pm.Policy(objective=["mentees"]).coaches is None


def test_jointly_puts_coached_before_the_total() -> None:
    """Unless the objective has it already; without a total it comes last."""
    assert policy(jointly=True).objective == ("must_match", "mentees", "coached", "total")
    assert policy(jointly=True, objective=["coached", "total"]).objective == ("coached", "total")
    assert policy(jointly=True, objective=["pairs"]).objective == ("pairs", "coached")
    assert policy().objective == ("must_match", "mentees", "total")


def test_the_tier_needs_coaches_chosen_jointly() -> None:
    """A tier that nobody could serve is refused."""
    hint = told(lambda: policy(objective=["mentees", "coached", "total"]))["objective"]
    assert hint.startswith("not_jointly")
    assert "jointly = true" in hint


def test_everything_wrong_with_a_file_is_told_at_once() -> None:
    """Unknown keys, wrong values, rules and goals that cannot judge a coach."""
    part = {
        "joint": True,
        "weight": 3,
        "capacity": -1,
        "jointly": 2,
        "rules": [{"rule": "diferent"}, {"rule": "required", "pairs": []}],
        "goals": 3,
    }
    found = told(lambda: pm.Policy.from_dict({"objective": ["mentees", "coached"], "coaches": part}))
    assert found["coaches.joint"] == "unknown_key: 'coaches' has no 'joint'. Did you mean 'jointly'?"
    assert found["coaches.rules #1, rule"].startswith("unknown_rule")
    assert "[[coaches.goals]]" in found["coaches.goals"]
    assert found["coaches.weight"].startswith("bad_share")
    assert found["coaches.capacity"].startswith("bad_integer")
    assert found["coaches.jointly"].startswith("bad_flag")
    assert "judges no single pair" in found["coaches.rules"]
    assert "objective" not in found


@pytest.mark.parametrize(
    ("value", "words"), [(3, "pairmatch.Coaches(...)"), ({"jointly": True}, "pairmatch.Coaches(...)")]
)
def test_the_part_is_made_by_its_class(value: Any, words: str) -> None:
    """Anything else is refused in words."""
    assert words in told(lambda: pm.Policy(objective=["mentees"], coaches=value))["coaches"]


def test_a_section_that_is_no_table_is_refused() -> None:
    """In a file, too."""
    found = told(lambda: pm.Policy.from_dict({"objective": ["mentees"], "coaches": [1]}))
    assert found["coaches"].startswith("bad_section")


def test_tables_of_pairs_tell_of_no_coach() -> None:
    """Vetoes, wishes and history are about mentors and mentees."""
    found = told(lambda: pm.Coaches(rules=[rules.NotVetoed()]))
    assert "tells of mentors and mentees only" in found["rules"]


def test_goals_over_the_whole_cohort_judge_no_coach() -> None:
    """Only pair goals score a coach with a partner."""
    assert (
        "judges no single pair" in told(lambda: pm.Coaches(goals=[goals.Spread("region", price=1)]))["goals"]
    )


def test_labels_stand_once() -> None:
    """As in the policy itself."""
    assert "2 times" in told(lambda: pm.Coaches(rules=[rules.NotSameTeam(), rules.NotSameTeam()]))["rules"]


def test_a_cohort_without_coaches_is_refused() -> None:
    """With the way out."""
    mentors, mentees, _ = frames()
    hint = told(lambda: policy().check(pm.Cohort(mentors, mentees)))[""]
    assert hint.startswith("absent_table")
    assert "--coaches" in hint


def test_absent_columns_are_told_of_the_right_table() -> None:
    """The coaches' own table under its own name, and each once."""
    mentors, mentees, coaches = frames()
    found = pm.Cohort(mentors, mentees, coaches=coaches.drop(columns="team"))
    with pytest.raises(pm.PolicyError) as caught:
        policy().check(found)
    (finding,) = caught.value.findings
    assert (finding.side, finding.column) == ("coaches", "team")
    assert "the coaches' table does not have" in finding.hint


def test_protected_fields_need_a_purpose() -> None:
    """Coaches are no way around it."""
    tables = [table.assign(gender="f") for table in frames()]
    found = pm.Cohort(*tables[:2], coaches=tables[2])
    part = pm.Coaches(goals=[goals.Same("gender", weight=1)])
    hint = told(lambda: pm.Policy(objective=["mentees"], coaches=part).check(found))["gender"]
    assert hint.startswith("needs_purpose")


def test_coaches_whom_nobody_asks_for_are_remarked() -> None:
    """As other tables are that the policy does not read."""
    found = cohort()
    notes = pm.match(found, policy(coaches=None)).notes
    assert notes[notes["side"] == "coaches"]["code"].tolist() == ["unused_table"]
    assert "3 coaches were handed in" in notes[notes["side"] == "coaches"]["hint"].iloc[0]


def test_goals_that_judge_no_coach_are_remarked() -> None:
    """For each side by itself."""
    mentors, mentees, coaches = frames()
    blank = coaches.assign(region=pd.Series([None] * len(coaches), dtype=object))
    notes = pm.match(pm.Cohort(mentors, mentees, coaches=blank), policy()).notes
    left = notes[notes["code"] == "goal_left_out"]
    assert left["column"].tolist() == ["coaches: same(region)"] * 2


def test_rules_that_lack_data_are_remarked() -> None:
    """And forbid, as for pairs (law §3)."""
    mentors, mentees, coaches = frames()
    found = pm.Cohort(mentors, mentees, coaches=coaches.assign(team=[None, "a", "b"]))
    matching = pm.match(found, policy())
    notes = matching.notes
    assert "1 coach" in notes[notes["column"] == "coaches: not_same_team"]["hint"].iloc[0]
    assert coaches["id"][0] not in set(matching.coaches["coach"].dropna())
