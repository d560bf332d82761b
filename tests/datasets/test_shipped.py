"""The shipped example: equal to what its script makes, and with the difficulties it promises."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

import pairmatch as pm
from pairmatch.datasets import _make_example as script
from pairmatch.datasets import example


@pytest.fixture(scope="module")
def made():
    return script.tables()


@pytest.mark.parametrize("name", ["mentors.csv", "mentees.csv", "org.csv"])
def test_files_equal_the_scripts_output(made, name):
    """Nobody edited the shipped files by hand."""
    shipped = (example().policy.parent / name).read_bytes()
    assert shipped == script.render(made[name]).encode()


def test_files_exist_and_can_be_copied(tmp_path):
    """All four files are in the package, and a copy is theirs byte for byte."""
    files = example()
    copies = files.copy(tmp_path)
    for original, copy in zip(
        (files.mentors, files.mentees, files.org, files.policy),
        (copies.mentors, copies.mentees, copies.org, copies.policy),
        strict=True,
    ):
        assert copy.parent == tmp_path
        assert Path(copy).read_bytes() == Path(original).read_bytes()


def test_shape_of_the_programme(made):
    """Fifty executives in seven states, one of them the chief executive; 120 applicants, one inactive."""
    mentees, mentors = made["mentees.csv"], made["mentors.csv"]
    assert (len(mentees), len(mentors)) == (50, 120)
    assert len({row["State"] for row in mentees}) == 7
    assert Counter(row["Grade"] for row in mentees)["Chief Executive"] == 1
    assert [row["Active"] for row in mentors].count("no") == 1
    assert [row["Grade"] for row in mentees].count("") == 1
    assert all(row["Named Executive"] == "no" for row in mentees if not row["Grade"])


def test_ids_are_unique_and_every_manager_is_known(made):
    """The three tables together are one organisation under the chief executive."""
    people = [row["Employee ID"] for name in ("mentors.csv", "mentees.csv") for row in made[name]]
    between = [row["id"] for row in made["org.csv"] if row["type"] == "direct"]
    everybody = people + between
    assert len(set(everybody)) == len(everybody)
    managers = {row["Manager ID"] for name in ("mentors.csv", "mentees.csv") for row in made[name]} - {""}
    assert managers | {row["manager"] for row in made["org.csv"]} <= set(everybody)
    assert [row["Employee ID"] for row in made["mentees.csv"] if not row["Manager ID"]] == ["00001"]


def test_names_are_unique(made):
    """Two people never share a name, so readers can tell them apart."""
    names = [row["Name"] for name in ("mentors.csv", "mentees.csv") for row in made[name]]
    assert len(set(names)) == len(names)


def test_script_writes_the_package_files(tmp_path, monkeypatch):
    """Run as a program, the script writes the three tables beside itself."""
    (tmp_path / "example").mkdir()
    monkeypatch.setattr(script, "__file__", str(tmp_path / "_make_example.py"))
    script.main()
    with (tmp_path / "example" / "mentees.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 50


def test_example_can_be_read():
    """The files are a sound cohort, and the policy fits it."""
    files = example()
    cohort = pm.Cohort.read(files.mentors, files.mentees, schema=pm.Schema.read(files.policy), org=files.org)
    pm.Policy.read(files.policy).check(cohort)
    assert cohort.shape == (120, 50)
    assert "00001" in cohort.organisation.roots
    assert len(cohort.notes) == 0


def test_most_people_let_their_partner_read_something(made):
    """So that partners read real reasons; some allow nothing, and nobody a column that is not there."""
    for name in ("mentors.csv", "mentees.csv"):
        rows = made[name]
        shown = [set(filter(None, row["Shown to Partner"].split("; "))) for row in rows]
        assert 0.02 * len(rows) < shown.count(set()) < 0.25 * len(rows)
        assert all(
            allowed <= set(row) and ("Name" in allowed) == bool(allowed)
            for allowed, row in zip(shown, rows, strict=True)
        )


def test_partners_of_the_example_read_reasons():
    """Most pages tell a mentee something that the two share or that the mentor offers."""
    files = example()
    cohort = pm.Cohort.read(files.mentors, files.mentees, schema=pm.Schema.read(files.policy), org=files.org)
    matching = pm.match(cohort, pm.Policy.read(files.policy))
    told = [pm.explain(matching, mentee=one.mentee, audience="mentee").partners for one in matching.made]
    real = [table for table in told if not table["reason"].str.startswith("the programme's rules").any()]
    assert len(real) > len(told) / 2
