"""The command `diagnose`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.made import invoke, matched

POLICY = """
schema = 1
objective = ["mentees", "total"]
[[goals]]
goal = "shared_hobbies"
weight = 1
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """One mentor for two mentees: the result and both tables."""
    folder = tmp_path_factory.mktemp("made")
    mentors = pd.DataFrame({"id": ["ana"], "hobbies": ["chess; golf"]})
    mentees = pd.DataFrame({"id": ["eve", "fay"], "hobbies": ["chess; golf", "golf; tea"]})
    return matched(folder, mentors, mentees, POLICY)


SET = "2 mentees (fay, eve) can be paired only with 1 mentor (ana), who has 1 place in all"


def test_everybody_and_what_would_help(made: tuple[Path, Path, Path]) -> None:
    told = invoke("diagnose", *made)
    assert told.exit_code == 0, told.output
    assert f"mentee fay has no partner: {SET}" in told.stdout
    assert "  one more place with mentor ana: serves mentee fay" in told.stdout


def test_one_person_and_the_reasons_alone(made: tuple[Path, Path, Path]) -> None:
    told = invoke("diagnose", *made, "--mentee", "fay", "--reasons-only")
    assert told.exit_code == 0
    assert SET in told.stdout
    assert "what would help" not in told.stdout


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--mentee", "eve"), "has a partner"),
        (("--mentee", "fay", "--audience", "mentee"), "not for the partners themselves"),
        (("--time-limit", "0"), "--time-limit"),
        (("--most", "0"), "--most"),
    ],
)
def test_what_cannot_be_asked(made: tuple[Path, Path, Path], more: tuple[str, ...], words: str) -> None:
    told = invoke("diagnose", *made, *more)
    assert told.exit_code == 2
    assert words in told.output
