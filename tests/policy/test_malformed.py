"""Malformed policies: each gives one error that names every problem and its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pairmatch import goals, rules
from pairmatch.errors import FileError, PolicyError
from pairmatch.policy import Policy
from tests.own_parts import Loose, problems

HOBBIES = {"goal": "shared_hobbies", "weight": 1}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ([], {("bad_policy", "")}),
        ({"goals": [HOBBIES], "schema": 2}, {("bad_schema_number", "schema")}),
        (
            {"goals": [HOBBIES], "schema": True, "gaols": []},
            {("bad_schema_number", "schema"), ("unknown_key", "gaols")},
        ),
        ({"goals": [HOBBIES], "objective": "total"}, {("bad_objective", "objective")}),
        ({"goals": [HOBBIES], "objective": []}, {("bad_objective", "objective")}),
        ({"goals": [HOBBIES], "objective": ["mentee", 3]}, {("unknown_tier", "objective")}),
        ({"goals": [HOBBIES], "objective": ["total", "total"]}, {("duplicate_tier", "objective")}),
        ({"goals": [HOBBIES], "objective": ["mentees", "spread"]}, {("no_cohort_goal", "objective")}),
        ({"goals": [HOBBIES], "objective": ["worst", "mentees"]}, {("no_coverage", "objective")}),
        (
            {"goals": [HOBBIES], "objective": ["leximin"], "seed": -1},
            {("no_coverage", "objective"), ("bad_integer", "seed")},
        ),
        ({}, {("no_goals", "objective")}),
        ({"objective": ["mentees"], "minimum_weight": 0.5}, {("no_goals", "minimum_weight")}),
        (
            {"goals": [HOBBIES], "minimum_weight": 1.5, "seed": 1.5},
            {("bad_share", "minimum_weight"), ("bad_integer", "seed")},
        ),
        ({"goals": [HOBBIES], "name": 3}, {("bad_text", "name")}),
        (
            {"goals": [HOBBIES], "mentors": 3, "mentees": {"capacty": 2}},
            {("bad_section", "mentors"), ("unknown_key", "mentees.capacty")},
        ),
        (
            {"goals": [HOBBIES], "mentors": {"capacity": -1, "minimum": "one"}},
            {("bad_integer", "mentors.capacity"), ("bad_integer", "mentors.minimum")},
        ),
        ({"goals": [HOBBIES], "mentees": {"minimum": 2}}, {("contradiction", "mentees.minimum")}),
        ({"goals": [HOBBIES], "rules": {"rule": "same"}}, {("bad_section", "rules")}),
        (
            {"goals": "shared_hobbies", "rules": ["same"]},
            {("bad_section", "goals"), ("bad_entry", "rules #1")},
        ),
        (
            {"goals": [HOBBIES], "rules": [{"rul": "same"}, {"rule": 3}]},
            {("unnamed_entry", "rules #1"), ("unnamed_entry", "rules #2")},
        ),
        (
            {"goals": [HOBBIES], "rules": [{"rule": "diferent", "column": "x"}]},
            {("unknown_rule", "rules #1, rule")},
        ),
        ({"goals": [{"goal": "sprawl"}], "objective": ["worst"]}, {("unknown_goal", "goals #1, goal")}),
        (
            {"goals": [{"goal": "same", "wieght": 0, "missing": "none"}]},
            {
                ("unknown_parameter", "goals #1, wieght"),
                ("absent_parameter", "goals #1, column"),
                ("absent_parameter", "goals #1, weight"),
                ("bad_choice", "goals #1, missing"),
            },
        ),
        (
            {"goals": [HOBBIES], "rules": [{"rule": "not_paired_before", "since": 2020}]},
            {("unknown_parameter", "rules #1, since")},
        ),
        (
            {"goals": [HOBBIES], "rules": [{"rule": "level_gap"}, {"rule": "levels_below", "at_least": "2"}]},
            {("no_bound", "rules #1, at_least"), ("bad_integer", "rules #2, at_least")},
        ),
        (
            {"goals": [HOBBIES], "rules": [{"rule": "forbidden", "pairs": [["m1"]]}]},
            {("bad_pair", "rules #1, pairs")},
        ),
        (
            {"goals": [{"goal": "level_gap_table", "weight": 1, "table": {"x": 1}}]},
            {("bad_integer", "goals #1, table")},
        ),
        (
            {"goals": [HOBBIES, HOBBIES], "rules": [{"rule": "same", "column": "a"}] * 2},
            {("duplicate_label", "goals"), ("duplicate_label", "rules")},
        ),
        (
            {"goals": [{"goal": "precomputed", "weight": 1, "scores": [], "label": "weight"}]},
            {("reserved_label", "goals")},
        ),
        (
            {
                "goals": [HOBBIES],
                "rules": [
                    {"rule": "required", "pairs": [["a", "b"]]},
                    {"rule": "forbidden", "pairs": [["a", "b"]]},
                ],
            },
            {("contradiction", "rules")},
        ),
        (
            {
                "goals": [HOBBIES],
                "rules": [{"rule": "capacity", "mentees": 1}, {"rule": "minimum", "mentees": 2}],
            },
            {("contradiction", "rules")},
        ),
    ],
)
def test_malformed_policies(data: Any, expected: set[tuple[str, str]]) -> None:
    """Each gives one error that names every problem and its place."""
    with pytest.raises(PolicyError) as caught:
        Policy.from_dict(data)
    assert problems(caught.value) == expected
    assert all(finding.hint and finding.side == "policy" for finding in caught.value.findings)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"rules": rules.NotSameTeam()}, {("bad_section", "rules")}),
        ({"rules": [rules.NotSameTeam]}, {("not_made", "rules #1")}),
        ({"rules": [goals.SharedHobbies(weight=1)]}, {("goal_among_rules", "rules #1")}),
        ({"rules": ["not_same_team", None]}, {("not_a_rule", "rules #1"), ("not_a_rule", "rules #2")}),
        (
            {"goals": [rules.NotSameTeam(), rules.Hours()]},
            {("rule_among_goals", "goals #1"), ("rule_among_goals", "goals #2")},
        ),
        ({"goals": [goals.Same, 0.5]}, {("not_made", "goals #1"), ("not_a_goal", "goals #2")}),
        (
            {"goals": [Loose(0), Loose(float("nan"))]},
            {("bad_number", "goals #1"), ("bad_number", "goals #2")},
        ),
    ],
)
def test_malformed_objects(parts: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    """What is handed in as objects is looked at, too."""
    with pytest.raises(PolicyError) as caught:
        Policy(**parts, objective=["mentees"])
    assert problems(caught.value) == expected


def test_hints_teach() -> None:
    """The message says what was meant and where."""
    with pytest.raises(PolicyError) as caught:
        Policy.from_dict({"objectiv": [], "goals": [{"goal": "shared_hobby", "weight": 1}]})
    assert "Did you mean 'objective'?" in str(caught.value)
    assert "Did you mean 'shared_hobbies'?" in str(caught.value)
    with pytest.raises(PolicyError, match="There are: closeness, different_pairs, even_load"):
        Policy.from_dict({"goals": [{"goal": "qqq"}]})


@pytest.mark.parametrize(
    ("name", "content", "error", "code"),
    [
        ("absent.toml", None, FileError, "unreadable_file"),
        ("policy.yaml", b"", FileError, "unknown_file_type"),
        ("policy.toml", b"\xff\xfe", FileError, "not_utf8"),
        ("policy.toml", b"rules = [", PolicyError, "bad_syntax"),
        ("policy.json", b"[1, 2]", PolicyError, "bad_syntax"),
        ("policy.json", b"{", PolicyError, "bad_syntax"),
    ],
)
def test_files_that_cannot_be_read(
    name: str, content: bytes | None, error: type[Exception], code: str, tmp_path: Path
) -> None:
    """Missing, of another kind, or no TOML or JSON at all."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error, match=code):
        Policy.read(path)
