"""The command `introduce`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.made import invoke, matched

POLICY = 'schema = 1\nobjective = ["mentees", "total"]\n[[goals]]\ngoal = "shared_hobbies"\nweight = 1\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Two pairs, of whom Ana alone allows something: the result and both tables."""
    folder = tmp_path_factory.mktemp("made")
    shown = ["name; hobbies", ""]
    names = ["Ana Lima", "Ben Okri"]
    mentors = pd.DataFrame(
        {"id": ["ana", "ben"], "name": names, "hobbies": ["chess", "golf"], "shown_to_partner": shown}
    )
    mentees = pd.DataFrame({"id": ["eve", "fay"], "hobbies": ["chess", "golf"]})
    return matched(folder, mentors, mentees, POLICY)


def test_a_page_for_each_pair(made: tuple[Path, Path, Path], tmp_path: Path) -> None:
    """Numbered in the order of the ids; what nobody allowed is on none of them."""
    told = invoke("introduce", *made, "--out", tmp_path / "pages")
    assert told.exit_code == 0, told.output
    assert told.stdout.splitlines()[:2] == [
        "introduction-0001.html  mentor ana, mentee eve",
        "introduction-0002.html  mentor ben, mentee fay",
    ]
    pages = {file.name: file.read_text("utf-8") for file in (tmp_path / "pages").iterdir()}
    assert sorted(pages) == ["introduction-0001.html", "introduction-0002.html"]
    assert "Ana Lima" in pages["introduction-0001.html"]
    assert "chess" in pages["introduction-0001.html"]
    assert "Ben Okri" not in pages["introduction-0002.html"]
    assert "golf" not in pages["introduction-0002.html"]


def test_the_other_way_round_in_markdown(made: tuple[Path, Path, Path], tmp_path: Path) -> None:
    """Mentees allow nothing here: ids alone."""
    told = invoke("introduce", *made, "--out", tmp_path / "pages", "--audience", "mentor", "--markdown")
    assert told.exit_code == 0, told.output
    text = (tmp_path / "pages" / "introduction-0001.md").read_text("utf-8")
    assert text == "# eve\n\nThis is your mentee: a suitable partner.\n"


@pytest.mark.parametrize(
    ("more", "words"),
    [(["--audience", "lead"], "the audiences are mentor, mentee"), ([], "the folder is not empty")],
)
def test_refused(made: tuple[Path, Path, Path], tmp_path: Path, more: list[str], words: str) -> None:
    """Told in words, and nothing is written."""
    if not more:
        (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    told = invoke("introduce", *made, "--out", tmp_path / "pages" if more else tmp_path, *more)
    assert told.exit_code == 2
    assert words in told.stderr
    assert sorted(tmp_path.iterdir()) == before
