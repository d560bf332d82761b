"""The commands `why-not` and `explain --audience`: answers about single people, in words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.made import invoke, matched

POLICY = """
schema = 1
[[rules]]
rule = "not_same_team"
[[goals]]
goal = "shared_hobbies"
weight = 1
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Two mentors, two mentees and their matching: the result and both tables."""
    folder = tmp_path_factory.mktemp("made")
    mentors = pd.DataFrame({"id": ["ana", "ben"], "team": ["red", "blue"], "hobbies": ["chess", "golf"]})
    mentees = pd.DataFrame({"id": ["eve", "fay"], "team": ["red", "grey"], "hobbies": ["chess", "golf"]})
    return matched(folder, mentors, mentees, POLICY)


def test_the_rule_and_what_an_exception_would_cost(made: tuple[Path, Path, Path]) -> None:
    """The rule with its evidence; the cost only where it is asked for."""
    asked = ("why-not", *made, "--mentor", "ana", "--mentee", "eve")
    rule = "not_same_team does not hold: mentor and mentee are not in the same team; both: red"
    plain, more = invoke(*asked), invoke(*asked, "--anyway", "--audience", "auditor")
    assert plain.exit_code == more.exit_code == 0
    assert rule in plain.stdout
    assert "as an exception" not in plain.stdout
    assert rule in more.stdout
    assert "total: gains 2" in more.stdout


def test_the_cost_of_a_possible_pair(made: tuple[Path, Path, Path]) -> None:
    """Two who are a pair, and two who could be one."""
    paired = invoke("why-not", *made, "--mentor", "ben", "--mentee", "eve")
    assert paired.stdout == "mentor ben and mentee eve: they are paired\n"
    possible = invoke("why-not", *made, "--mentor", "ben", "--mentee", "fay", "--time-limit", 60)
    assert "mentees: loses 1" in possible.stdout


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--mentor", "anna", "--mentee", "eve"), "Did you mean 'ana'"),
        (("--mentor", "ana", "--mentee", "eve", "--audience", "mentor"), "not for the partners themselves"),
        (("--mentor", "ana", "--mentee", "eve", "--time-limit", "0"), "--time-limit"),
        (("--mentor", "ana"), "--mentee"),
    ],
)
def test_wrong_calls(made: tuple[Path, Path, Path], more: tuple[str, ...], words: str) -> None:
    """Told in words, with the option's name; exit code 2."""
    done = invoke("why-not", *made, *more)
    assert done.exit_code == 2
    assert words in done.stderr


def test_explain_for_an_audience(made: tuple[Path, Path, Path]) -> None:
    """The lead reads numbers, a partner none; an unknown reader is refused by the option's name."""
    told = {who: invoke("explain", *made, "--mentee", "eve", "--audience", who) for who in ("lead", "mentee")}
    assert {done.exit_code for done in told.values()} == {0}
    assert "weight 0.000" in told["lead"].stdout
    assert "weight" not in told["mentee"].stdout
    refused = invoke("explain", *made, "--mentee", "eve", "--audience", "boss")
    assert refused.exit_code == 2
    assert "--audience" in refused.stderr
