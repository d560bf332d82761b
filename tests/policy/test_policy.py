"""Policies: what they refuse, what they store, which cohorts they fit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pairmatch import goals, rules
from pairmatch.cohort import Schema
from pairmatch.errors import PolicyError
from pairmatch.policy import Defaults, Policy
from tests.own_parts import Loose, SameFloor, problems
from tests.rules.small import cohort

UK = """\
schema = 1
objective = ["must_match", "mentees", "total"]

[columns]
id = "email address"
organisation = "organisation"
profession = "profession"
identity_to_match = "identity to match"

[fields.characteristics]
kind = "list"
separator = ","
class = "special"
[fields.identity_to_match]
kind = "list"
separator = ","
class = "special"

[levels]
column = "grade"
order = ["AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4"]

[mentors]
capacity = 3
[mentees]
capacity = 3

[[rules]]
rule = "different"
column = "organisation"
[[rules]]
rule = "level_gap"
at_least = 1
at_most = 2
senior = "mentor"

[[goals]]
goal = "level_gap_table"
weight = 12
table = {1 = 0.75, 2 = 1.0}
[[goals]]
goal = "same"
column = "profession"
weight = 10
missing = "zero"
[[goals]]
goal = "overlap"
mentors = "characteristics"
mentees = "identity_to_match"
weight = 6
missing = "zero"
when = "match with similar identity"
purpose = "the network pairs people of like identity on request"
"""


def full() -> Policy:
    """A policy with every rule and every goal."""
    return Policy(
        rules=[
            rules.Different("organisation", missing="allow"),
            rules.DifferentDepartment(),
            rules.Same("languages", purpose="they must be able to talk"),
            rules.LevelGap(at_least=-1, at_most=3, senior="mentee", missing="allow"),
            rules.LevelsBelow(at_least=2),
            rules.NotSameTeam(),
            rules.OutsideManagementLine(levels=None, missing="allow"),
            rules.NotPairedBefore(),
            rules.Forbidden([("m1", "e1")]),
            rules.Required([("m2", "e2")]),
            rules.Capacity(mentors=2, mentees=3),
            rules.Minimum(mentees=1),
            rules.Hours(missing="allow"),
        ],
        goals=[
            goals.TopicCoverage(weight=0.3, focus=5),
            goals.SharedHobbies(weight=0.15),
            goals.SharedTerms("interests", weight=0.1),
            goals.Same("profession", weight=10, missing="zero"),
            goals.Overlap("characteristics", "identity", weight=6, when="asks", purpose="on request"),
            goals.LevelGapTable({-1: 0.5, 2: 1 / 3}, weight=12, senior="mentor"),
            goals.Closeness("utc_offset", scale=6, weight=0.1),
            goals.Precomputed([("m1", "e2", 0.1)], weight=0.2, label="Zoë's list"),
        ],
        objective=["mentees", "leximin", "total"],
        minimum_weight=0.0,
        seed=7,
        mentors={"capacity": 3, "minimum": 1},  # type: ignore[arg-type]
        mentees=Defaults(capacity=2),
        name="Round 1",
    )


def test_the_network_s_policy_file_reads(tmp_path: Path) -> None:
    """One file, two readers: schema and policy."""
    path = tmp_path / "policy.toml"
    path.write_text(UK, encoding="utf-8")
    policy = Policy.read(path)
    assert policy == Policy(
        rules=[rules.Different("organisation"), rules.LevelGap(at_least=1, at_most=2, senior="mentor")],
        goals=[
            goals.LevelGapTable({1: 0.75, 2: 1.0}, weight=12),
            goals.Same("profession", weight=10, missing="zero"),
            goals.Overlap(
                "characteristics",
                "identity_to_match",
                weight=6,
                missing="zero",
                when="match with similar identity",
                purpose="the network pairs people of like identity on request",
            ),
        ],
        mentors=Defaults(capacity=3),
        mentees=Defaults(capacity=3),
    )
    assert Schema.read(path).level_column == "grade"


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_files_and_back(suffix: str, tmp_path: Path) -> None:
    """Every rule and every goal survives a file, its fingerprint too."""
    path = tmp_path / f"policy{suffix}"
    full().write(path)
    again = Policy.read(path)
    assert again == full()
    assert again.fingerprint == full().fingerprint
    assert "schema" in path.read_text(encoding="utf-8")


def test_plain_data_is_json_and_leaves_defaults_out() -> None:
    """A small policy is told in few words."""
    policy = Policy(rules=[rules.NotSameTeam()], goals=[goals.SharedHobbies(weight=2)])
    assert json.loads(json.dumps(policy.to_dict())) == {
        "schema": 1,
        "objective": ["must_match", "mentees", "total"],
        "rules": [{"rule": "not_same_team"}],
        "goals": [{"goal": "shared_hobbies", "weight": 2.0}],
    }


def test_shown_in_one_line() -> None:
    """What it is called, how much it asks for and what counts first; the parts are in its plain data."""
    policy = Policy.reverse_mentoring()
    parts = f"{len(policy.rules)} rules, {len(policy.goals)} goals"
    assert repr(policy) == f"<Policy 'Reverse mentoring': {parts}; must_match, mentees, total>"
    bare = Policy(rules=[rules.NotSameTeam()], objective=["mentees"])
    assert str(bare) == "<Policy: 1 rule, 0 goals; mentees>"


def test_the_fingerprint_tells_policies_apart() -> None:
    """64 digits that follow from the content alone: 1 and 1.0 are one weight, the order of rules counts."""
    one = Policy(goals=[goals.SharedHobbies(weight=1)])
    assert one.fingerprint == Policy(goals=[goals.SharedHobbies(weight=1.0)]).fingerprint
    others = [
        Policy(goals=[goals.SharedHobbies(weight=1)], seed=1),
        Policy(goals=[goals.SharedHobbies(weight=1, missing="zero")]),
        Policy(goals=[goals.SharedHobbies(weight=1)], minimum_weight=0),
        Policy(goals=[goals.SharedHobbies(weight=1)], objective=["total"]),
        Policy(goals=[goals.SharedHobbies(weight=1)], mentors=Defaults(capacity=2)),
    ]
    assert len({policy.fingerprint for policy in [one, *others]}) == 6
    assert len(one.fingerprint) == 64


def test_rules_of_two_kinds() -> None:
    """Pair rules and load rules are told by what they can do."""
    assert [rule.name for rule in full().load_rules] == ["required", "capacity", "minimum", "hours"]
    assert len(full().pair_rules) == 9


def test_own_rules_and_goals_are_read_when_named(tmp_path: Path) -> None:
    """A class of one's own is stored by its parameters and read if it is handed in."""
    policy = Policy(rules=[SameFloor(within=1)], goals=[Loose(0.5)])
    path = tmp_path / "own.toml"
    policy.write(path)
    again = Policy.read(path, extra=[SameFloor, Loose])
    assert again.rules == policy.rules
    assert again.fingerprint == policy.fingerprint
    with pytest.raises(PolicyError) as caught:
        Policy.read(path)
    assert problems(caught.value) == {("unknown_rule", "rules #1, rule"), ("unknown_goal", "goals #1, goal")}


def test_what_is_not_plain_cannot_be_stored() -> None:
    """The finding names the parameter and the way out."""
    policy = Policy(goals=[Loose(0.5, helper=object())])
    with pytest.raises(PolicyError, match=r"parameters\(\) of plain data"):
        policy.to_dict()


@pytest.mark.parametrize("tier", ["worst", "leximin"])
def test_the_worst_off_may_count_first_when_everybody_is_matched(tier: str) -> None:
    """A mentee minimum, as default or as rule, stands in for a coverage tier (law §6)."""
    hobbies = [goals.SharedHobbies(weight=1)]
    assert Policy(goals=hobbies, objective=[tier], mentees=Defaults(minimum=1)).objective == (tier,)
    assert Policy([rules.Minimum(mentees=1)], hobbies, objective=[tier]).objective == (tier,)
    with pytest.raises(PolicyError, match="no_coverage"):
        Policy([rules.Minimum(mentors=1)], hobbies, objective=[tier])


def test_a_policy_that_fits_is_quiet() -> None:
    """Every column is there, of the right kind, and the special field has its purpose."""
    people = cohort(
        {"faith": ["a"], "level": ["1"]},
        {"faith": ["a"], "level": ["2"]},
        fields={"faith": {"kind": "list", "class": "special"}},
    )
    policy = Policy(
        [rules.LevelsBelow()], [goals.SharedTerms("faith", weight=1, purpose="they asked for it")]
    )
    assert policy.check(people) is None


def test_check_names_everything_that_is_absent() -> None:
    """Columns of each side, tables, kinds and purposes, in one error."""
    people = cohort(
        {"faith": ["a"], "gender": ["x"], "team": ["t"]},
        {"faith": ["a"], "gender": ["y"], "team": ["t"]},
        fields={"faith": {"kind": "list", "class": "special"}},
    )
    policy = Policy(
        rules=[
            rules.LevelsBelow(),
            rules.NotPairedBefore(),
            rules.OutsideManagementLine(),
            rules.Same("gender"),
        ],
        goals=[goals.SharedTerms("faith", weight=1), goals.Closeness("team", scale=1, weight=1)],
    )
    with pytest.raises(PolicyError) as caught:
        policy.check(people)
    assert [(f.code, f.side, f.column) for f in caught.value.findings] == [
        ("absent_column", "mentors", "level"),
        ("absent_column", "mentees", "level"),
        ("absent_table", "history", ""),
        ("absent_table", "org", "manager"),
        ("needs_purpose", "policy", "gender"),
        ("needs_purpose", "policy", "faith"),
        ("wrong_kind", "mentors", "team"),
        ("wrong_kind", "mentees", "team"),
    ]
