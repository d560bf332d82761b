"""The UK civil service tables, end to end from their CSV files: exact answers known from elsewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pairmatch as pm
from tests.public_data import folder

POLICY = """
schema = 1
objective = {objective}

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
capacity = {capacity}
[mentees]
capacity = {capacity}

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
table = {{1 = 0.75, 2 = 1.0}}
missing = "zero"
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
purpose = "the network pairs people of like identity on request"
{consent}
"""

WITH_CONSENT = 'when = "match with similar identity"'
TOTAL, MENTEES, BOTH = '["total"]', '["mentees", "total"]', '["mentees", "mentors", "total"]'
POINTS = 28
"""Points of a perfect pair: the goals' weights together."""


def tables() -> tuple[Path, Path]:
    """Mentors and mentees."""
    data = folder("uk-civil-service-small")
    return data / "mentors.csv", data / "mentees.csv"


def written(path: Path, objective: str, capacity: int, consent: str) -> Path:
    """A policy file."""
    path.write_text(POLICY.format(objective=objective, capacity=capacity, consent=consent), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("objective", "capacity", "consent", "points", "counts"),
    [
        (TOTAL, 3, WITH_CONSENT, 1982, {}),
        (MENTEES, 3, WITH_CONSENT, 1971, {"mentees": 50}),
        (BOTH, 3, WITH_CONSENT, 1943, {"mentees": 50, "mentors": 49}),
        (TOTAL, 1, WITH_CONSENT, 727, {}),
        (TOTAL, 3, "", 2036, {}),
        (MENTEES, 3, "", 2025, {"mentees": 50}),
        (BOTH, 3, "", 1997, {"mentees": 50, "mentors": 49}),
        (TOTAL, 1, "", 750, {}),
    ],
)
def test_the_exact_answers(
    tmp_path: Path, objective: str, capacity: int, consent: str, points: int, counts: dict[str, int]
) -> None:
    """Points, people covered, number of pairs, proof, and the one mentor whom nobody can be given to."""
    policy_file = written(tmp_path / "policy.toml", objective, capacity, consent)
    cohort = pm.Cohort.read(*tables(), schema=pm.Schema.read(policy_file))
    policy = pm.Policy.read(policy_file)
    matching = pm.match(cohort, policy)
    assert matching.values["total"] * POINTS == pytest.approx(points, abs=0.01)
    assert {tier: matching.values[tier] for tier in counts} == counts
    assert len(matching.pairs) == {3: 105, 1: 35}[capacity]
    assert matching.certificate.gap == 0
    assert set(matching.certificate.table["kind"]) == {"prices"}
    impossible = matching.unmatched[matching.unmatched["eligible"] == 0]
    assert impossible[["role", "id", "reason"]].to_numpy().tolist() == [
        ["mentor", "mentor.36@gov.uk", "no_eligible_partner"]
    ]
    pm.verify(matching, cohort, policy)


def test_the_command_line_gives_the_same(tmp_path: Path) -> None:
    """`match` writes it, `verify` holds it, `explain` names the mentor without a mentee."""
    policy = written(tmp_path / "policy.toml", MENTEES, 3, WITH_CONSENT)
    out = tmp_path / "out"
    made = command("match", *tables(), "--policy", policy, "--out", out)
    assert made.returncode == 0, made.stderr
    assert {path.name for path in out.iterdir()} >= {"pairs.csv", "unmatched.csv", "matching.json"}
    checked = command("verify", out, *tables())
    assert checked.returncode == 0, checked.stderr
    told = command("explain", out, *tables(), "--mentor", "mentor.36@gov.uk")
    assert told.returncode == 0, told.stderr
    assert "no partner is left after the hard rules" in told.stdout


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The real command in a process of its own."""
    call = [sys.executable, "-c", "from pairmatch.cli import main; main()", *map(str, arguments)]
    return subprocess.run(call, capture_output=True, text=True, check=False, timeout=120)
