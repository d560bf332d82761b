"""Output folders: all or nothing, and nobody else's files."""

from __future__ import annotations

import pytest

import pairmatch as pm
from pairmatch.cli.folder import MARKER, staged


def write_and_fail(out, failure):
    with staged(out, replace=True, force=False) as stage:
        (stage / MARKER).write_text("half", encoding="utf-8")
        raise failure(())


def contents(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt, pm.FileError])
def test_failure_leaves_nothing_behind(tmp_path, failure):
    """Whatever ends the writing, neither the stage nor new parent folders remain."""
    with pytest.raises(failure):
        write_and_fail(tmp_path / "a" / "b" / "out", failure)
    assert contents(tmp_path) == set()


def test_failure_keeps_the_former_result(tmp_path):
    """A result that could not be replaced is still the whole former one."""
    out = tmp_path / "out"
    with staged(out, replace=True, force=False) as stage:
        (stage / MARKER).write_text("former", encoding="utf-8")
    with pytest.raises(RuntimeError):
        write_and_fail(out, RuntimeError)
    assert contents(tmp_path) == {"out", f"out/{MARKER}"}
    assert (out / MARKER).read_text(encoding="utf-8") == "former"


def test_success_moves_everything_and_drops_stale_results(tmp_path):
    """Results that the new run did not write go; folders inside are moved too."""
    out = tmp_path / "out"
    out.mkdir()
    for name in (MARKER, "report.html", "mine.txt"):
        (out / name).write_text("former", encoding="utf-8")
    with staged(out, replace=True, force=False) as stage:
        (stage / MARKER).write_text("new", encoding="utf-8")
        (stage / "input").mkdir()
        (stage / "input" / "mentors.csv").write_text("new", encoding="utf-8")
    assert contents(tmp_path) == {
        "out",
        f"out/{MARKER}",
        "out/mine.txt",
        "out/input",
        "out/input/mentors.csv",
    }
    assert (out / MARKER).read_text(encoding="utf-8") == "new"


def test_an_empty_folder_is_nobodys(tmp_path):
    """A folder made beforehand is used."""
    out = tmp_path / "out"
    out.mkdir()
    with staged(out, replace=False, force=False) as stage:
        (stage / "policy.toml").write_text("new", encoding="utf-8")
    assert contents(out) == {"policy.toml"}


def test_new_folders_have_the_usual_permissions(tmp_path):
    """The stage becomes the folder, so it must be as open as the user's umask says."""
    (tmp_path / "usual").mkdir()
    with staged(tmp_path / "out", replace=False, force=False):
        pass
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "usual").stat().st_mode
