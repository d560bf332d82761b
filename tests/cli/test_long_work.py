"""Options about long work, on the command line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pairmatch as pm
from pairmatch.cli.app import app
from pairmatch.cli.long_work import shown_progress, threads_of
from pairmatch.problem import Progress

COMMAND = [sys.executable, "-c", "from pairmatch.cli import main; main()"]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The arguments of a small match but for --out."""
    folder = tmp_path_factory.mktemp("people") / "made"
    done = CliRunner().invoke(app, ["generate", "--mentors", "30", "--mentees", "12", "--out", str(folder)])
    assert done.exit_code == 0, done.output
    tables = [str(folder / "mentors.csv"), str(folder / "mentees.csv")]
    return ["match", *tables, "--policy", str(folder / "policy.toml")]


def run(files: list[str], *more: str, out: Path) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *files, "--out", str(out / "result"), *more]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_threads_and_memory_never_change_the_result(files: list[str], tmp_path: Path) -> None:
    """However many threads, and whatever may be used."""
    told = [
        run(files, *more, out=tmp_path / name).stdout.replace(name, "")
        for name, more in {"plain": (), "bounded": ("--threads", "1", "--memory-limit", "900GB")}.items()
    ]
    assert told[0] == told[1] != ""


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--memory-limit", "20MB"), "('--memory-limit'): matching 28 active mentors"),
        (("--memory-limit", "much"), "('--memory-limit'): must be"),
        (("--time-limit", "0"), "('--time-limit'): must be"),
        (("--threads", "0"), "from 1 to 1024"),
    ],
)
def test_what_cannot_be_is_refused(
    files: list[str], tmp_path: Path, more: tuple[str, str], words: str
) -> None:
    """Exit 2 with the reason, and nothing is written."""
    done = run(files, *more, out=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert not (tmp_path / "result").exists()


def test_progress_goes_where_it_is_wanted(files: list[str], tmp_path: Path) -> None:
    """Into a file only if asked for; stdout stays the same."""
    silent = run(files, out=tmp_path / "a")
    asked = run(files, "--progress", out=tmp_path / "b")
    assert "scoring pairs" not in silent.stderr
    assert "scoring pairs" in asked.stderr
    assert "\r" not in asked.stderr
    assert "scoring pairs" not in asked.stdout
    assert "scoring pairs" not in run(files, "--quiet", out=tmp_path / "c").stderr


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Not even on a terminal."""
    with shown_progress(False) as report:
        assert report is None
    with shown_progress(True) as report:
        assert report is not None
        report(Progress("scoring pairs"))
    assert capsys.readouterr().err == "scoring pairs\n"


def test_threads_end() -> None:
    """The pool is closed afterwards."""
    with threads_of(None) as pool:
        assert pool is None
    with threads_of(2) as pool:
        assert pool is not None
        assert pool.submit(abs, -1).result() == 1
    with pytest.raises(RuntimeError):
        pool.submit(abs, -1)
    with pytest.raises(pm.CallError, match="--threads"), threads_of(-1):
        pass


def test_an_interrupt_in_the_middle(files: list[str], tmp_path: Path) -> None:
    """Ctrl-C while pairs are scored: a sentence, exit 130, no traceback, nothing written."""
    big = tmp_path / "big"
    made = [*COMMAND, "generate", "--mentors", "1500", "--mentees", "1500", "--out", str(big)]
    subprocess.run(made, check=True, capture_output=True)
    tables = [str(big / "mentors.csv"), str(big / "mentees.csv"), "--policy", str(big / "policy.toml")]
    command = [*COMMAND, "match", *tables, "--out", str(tmp_path / "result"), "--progress"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() != ""
        process.send_signal(signal.SIGINT)
        printed, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert printed == ""
    assert told.splitlines()[-1] == "Interrupted."
    assert "Traceback" not in told
    assert not (tmp_path / "result").exists()
