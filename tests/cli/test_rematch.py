"""The command `rematch`: files in, a revised result out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.made import invoke


def csv(path: Path, **columns: list[str]) -> Path:
    pd.DataFrame(columns).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small cohort and its matching."""
    folder = tmp_path_factory.mktemp("made")
    people = folder / "people"
    assert invoke("generate", "--mentors", 20, "--mentees", 12, "--seed", 3, "--out", people).exit_code == 0
    done = invoke("match", *tables(folder), "--policy", people / "policy.toml", "--out", folder / "before")
    assert done.exit_code == 0, done.output
    return folder


def tables(folder: Path) -> tuple[Path, Path]:
    return folder / "people" / "mentors.csv", folder / "people" / "mentees.csv"


def before(folder: Path) -> pd.DataFrame:
    return pd.read_csv(folder / "before" / "pairs.csv", dtype=str)


def test_a_failed_pair_and_a_leaver(made: Path, tmp_path: Path) -> None:
    """Told on stdout, in changes.csv and in the report; what verify checks again with the plain tables."""
    pairs = before(made)
    (mentor, mentee), gone = pairs.iloc[0][["mentor", "mentee"]], pairs.iloc[3]["mentor"]
    failed = csv(tmp_path / "failed.csv", Mentor=[mentor], Mentee=[mentee], Reason=["no_chemistry"])
    left = csv(tmp_path / "left.csv", id=[gone])
    out = tmp_path / "after"
    told = ["--failed", failed, "--left", left, "--out", out, "--quiet"]
    done = invoke("rematch", made / "before", *tables(made), *told)
    assert done.exit_code == 0, done.output
    assert "Re-match:  10 of 10 running pairs go on" in done.stdout
    assert "Changed:   1: the pair did not work out" in done.stdout
    assert f"mentee {mentee}: from {mentor} to " in done.stdout
    changed = pd.read_csv(out / "changes.csv", dtype=str)
    assert set(changed["reason"]) == {"failed", "mentor_left"}
    assert "What has changed" in (out / "report.html").read_text("utf-8")
    assert not [path for path in out.iterdir() if "no_chemistry" in path.read_text("utf-8")]
    assert "taken as told: the pairs before" in invoke("verify", out, *tables(made)).stdout
    checked = invoke("verify", out, *tables(made), "--before", made / "before")
    assert checked.exit_code == 0, checked.output
    assert "the pairs before" not in checked.stdout
    assert invoke("explain", out, *tables(made), "--mentee", mentee).exit_code == 0


def test_movable_pairs_by_word_and_by_file(made: Path, tmp_path: Path) -> None:
    """The tier "kept" appears where something may move."""
    pairs = before(made)
    failed = csv(tmp_path / "failed.csv", mentor=[pairs["mentor"][0]], mentee=[pairs["mentee"][0]])
    some = csv(tmp_path / "some.csv", mentor=[pairs["mentor"][1]], mentee=[pairs["mentee"][1]])
    for k, movable in enumerate(("all", some)):
        told = ["--failed", failed, "--movable", movable, "--out", tmp_path / f"out{k}"]
        done = invoke("rematch", made / "before", *tables(made), *told)
        assert done.exit_code == 0, done.output
        assert "  kept " in done.stdout


def test_nothing_changed_is_the_same_result(made: Path, tmp_path: Path) -> None:
    done = invoke("rematch", made / "before", *tables(made), "--out", tmp_path / "same")
    assert done.exit_code == 0
    assert "Re-match" not in done.stdout
    assert (tmp_path / "same" / "pairs.csv").read_text() == (made / "before" / "pairs.csv").read_text()


def test_all_that_is_wrong_is_told_at_once(made: Path, tmp_path: Path) -> None:
    """Files that are missing; then rows and options, by the option's name."""
    done = invoke(
        "rematch",
        made / "before",
        *tables(made),
        "--out",
        tmp_path / "x",
        "--failed",
        "no.csv",
        "--left",
        "n.csv",
    )
    assert done.exit_code == 2
    assert "no.csv" in done.stderr
    assert "n.csv" in done.stderr
    left = csv(tmp_path / "left.csv", id=["nobody at all"])
    wrong = ["--left", left, "--max-changes", -1, "--disturbance", "foo", "--stability", -2]
    done = invoke("rematch", made / "before", *tables(made), "--out", tmp_path / "x", *wrong)
    assert done.exit_code == 2
    for word in ("unknown_person", "--max-changes", "--disturbance", "--stability"):
        assert word in done.stderr
    assert not (tmp_path / "x").exists()


def test_another_policy_file(made: Path, tmp_path: Path) -> None:
    """Rules as they are now; a file that is none is told with the rest."""
    policy = tmp_path / "policy.toml"
    text = (made / "people" / "policy.toml").read_text("utf-8")
    pair = before(made).iloc[0]
    text += f'\n[[rules]]\nrule = "forbidden"\npairs = [["{pair["mentor"]}", "{pair["mentee"]}"]]\n'
    policy.write_text(text, "utf-8")
    told = ["--policy", policy, "--out", tmp_path / "stricter"]
    done = invoke("rematch", made / "before", *tables(made), *told)
    assert done.exit_code == 0, done.output
    assert "rule_broken: forbidden" in done.stdout
    done = invoke(
        "rematch", made / "before", *tables(made), "--policy", "reverse_mentoring", "--out", tmp_path / "y"
    )
    assert "pairmatch preset" in done.stderr


def test_many_changes_are_counted(made: Path, tmp_path: Path) -> None:
    """The first ones are told; the rest are in the file."""
    left = csv(tmp_path / "left.csv", id=sorted(set(before(made)["mentor"])))
    done = invoke("rematch", made / "before", *tables(made), "--left", left, "--out", tmp_path / "after")
    assert done.exit_code == 0, done.output
    assert " more, all in changes.csv" in done.stdout
