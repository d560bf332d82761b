"""`pairmatch generate`: the knobs reach the data, and all the tables can be read again."""

from __future__ import annotations

import pandas as pd
from typer.testing import CliRunner

import pairmatch as pm
from pairmatch.cli.app import app


def generate(out, *options):
    """A small company in a folder."""
    return CliRunner().invoke(
        app, ["generate", "--mentors", "40", "--mentees", "16", "--out", str(out), *options]
    )


def test_knobs_make_the_cohort_that_the_library_makes(tmp_path):
    """Each option is the argument of the same name."""
    knobs = {"herding": 0.8, "ties": 0.4, "eligibility": 0.2, "missing": 0.3}
    options = [word for name, value in knobs.items() for word in (f"--{name}", str(value))]
    assert generate(tmp_path, *options).exit_code == 0
    files = {name: tmp_path / f"{name}.csv" for name in ("preferences", "vetoes", "history")}
    read = pm.Cohort.read(tmp_path / "mentors.csv", tmp_path / "mentees.csv", **files)
    made = pm.datasets.synthetic(mentors=40, mentees=16, **knobs)
    assert read.fingerprint == made.fingerprint
    assert read.fingerprint != pm.datasets.synthetic(mentors=40, mentees=16).fingerprint


def test_match_takes_every_table(tmp_path):
    """Wishes, vetoes and earlier pairs are options of match."""
    assert generate(tmp_path / "in").exit_code == 0
    files = [word for name in ("preferences", "vetoes", "history")
             for word in (f"--{name}", str(tmp_path / "in" / f"{name}.csv"))]  # fmt: skip
    tables = [str(tmp_path / "in" / name) for name in ("mentors.csv", "mentees.csv")]
    policy = str(tmp_path / "in" / "policy.toml")
    done = CliRunner().invoke(
        app, ["match", *tables, *files, "--policy", policy, "--out", str(tmp_path / "out")]
    )
    assert done.exit_code == 0, done.output
    assert len(pd.read_csv(tmp_path / "out" / "pairs.csv")) > 0


def test_knobs_out_of_range_are_refused(tmp_path):
    """All of them at once, exit code 2, and nothing is written."""
    done = generate(tmp_path / "out", "--herding", "7", "--missing=-1")
    assert done.exit_code == 2
    assert "'herding'" in done.stderr
    assert "'missing'" in done.stderr
    assert not (tmp_path / "out").exists()
