"""Companies of the sweeps of size and of severity: who the people are, and what they are matched by.

Every one is written to files, as a programme would hand it in. Where they fit, the weights of all pairs are
written beside it, so that solvers of matrices find theirs ready.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.registry import Case

if TYPE_CHECKING:
    import pairmatch as pm

SEED = 1

MOST_READY = 110_000_000
"""Pairs whose weights are written for solvers of matrices: for more, their tables alone are gigabytes."""

RULES = """
schema = 1
objective = ["mentees", "total"]

[[rules]]
rule = "different_department"

[[rules]]
rule = "levels_below"
at_least = 2

[[rules]]
rule = "not_same_team"

[[rules]]
rule = "outside_management_line"
levels = 2

[[rules]]
rule = "not_vetoed"

[[rules]]
rule = "not_paired_before"
"""

USUAL = """
[[goals]]
goal = "topic_coverage"
weight = 0.30

[[goals]]
goal = "shared_hobbies"
weight = 0.15

[[goals]]
goal = "reciprocity"
weight = 0.10

[[goals]]
goal = "overlap"
mentors = "languages"
mentees = "languages"
weight = 0.05

[[goals]]
goal = "closeness"
column = "utc_offset"
scale = 6
weight = 0.05
"""

WISHES = """
[[goals]]
goal = "preferences"
weight = 0.30
"""

COARSE = """
[[goals]]
goal = "same"
column = "function"
weight = 0.4

[[goals]]
goal = "same"
column = "region"
weight = 0.2

[[goals]]
goal = "same"
column = "time_zone"
weight = 0.2

[[goals]]
goal = "same"
column = "location"
weight = 0.1

[[goals]]
goal = "level_gap_table"
weight = 0.1

[goals.table]
2 = 1.0
3 = 0.5
"""


@dataclass(frozen=True)
class Company:
    """How the people of a family of cases are drawn.

    Attributes
    ----------
    knobs
        What makes it hard: arguments of `pairmatch.datasets.synthetic`.
    mentors, mentees
        People of each side per person of the case's size.
    places
        Least and most mentees that a mentor has a place for; drawn evenly.
    goals
        The policy's goals, in TOML; the rules are the same everywhere.
    """

    knobs: Mapping[str, float] = field(default_factory=dict)
    mentors: float = 1
    mentees: float = 1
    places: tuple[int, int] = (1, 1)
    goals: str = USUAL

    @property
    def policy(self) -> str:
        """The policy as a file."""
        return RULES + self.goals

    def sides(self, size: int) -> tuple[int, int]:
        """How many mentors and mentees."""
        return round(size * self.mentors), round(size * self.mentees)


ONE_TO_ONE, PLACES = "one to one", "1 to 4 places"

COMPANIES: Mapping[str, Company] = {
    ONE_TO_ONE: Company(),
    PLACES: Company(mentees=0.5, places=(1, 4)),
    "as usual": Company(),
    "herding": Company({"herding": 1.0}, goals=USUAL + WISHES),
    "ties": Company({"ties": 0.7}),
    "coarse scores": Company(goals=COARSE),
    "identical profiles": Company({"ties": 1.0}),
    "tight places": Company(mentors=0.5, places=(2, 2)),
    "few eligible": Company({"eligibility": 0.1}),
    "missing data": Company({"missing": 0.5}),
}
"""By family of cases."""


@dataclass(frozen=True)
class Stored:
    """A company in a folder.

    Attributes
    ----------
    folder
        Its tables, its policy, and the weights of all pairs where there are some.
    size
        Of the case.
    """

    folder: Path
    size: int

    @property
    def is_ready(self) -> bool:
        """Whether the weights of all pairs are there."""
        return (self.folder / "units.npy").exists()

    def units(self) -> NDArray[np.int32]:
        """Weights in millionths, by rows of the tables; -1 where the pair is not eligible."""
        return np.asarray(np.load(self.folder / "units.npy", mmap_mode="r"))

    def strips(self, height: int = 256) -> Iterator[tuple[int, NDArray[np.int32]]]:
        """The weights, some rows at a time, so that the file never counts as memory of who reads it."""
        for start in range(0, len(self.units()), height):
            yield start, np.array(self.units()[start : start + height])

    def places(self) -> NDArray[np.int64]:
        """How many mentees each mentor has a place for."""
        return np.asarray(np.load(self.folder / "places.npy"))

    def cohort(self) -> pm.Cohort:
        """The people, read from the files."""
        import pairmatch as pm

        further = ("preferences", "vetoes", "history")
        tables: dict[str, Any] = {name: self.folder / f"{name}.csv" for name in further}
        return pm.Cohort.read(self.folder / "mentors.csv", self.folder / "mentees.csv", **tables)

    def policy(self) -> pm.Policy:
        """What they are matched by."""
        import pairmatch as pm

        return pm.Policy.read(self.folder / "policy.toml")


def write(case: Case, folder: Path) -> int:
    """Draw the people of a case; how many possible pairs there are."""
    company = COMPANIES[case.family]
    mentors, mentees = company.sides(case.size)
    draw(company, case.size, SEED, folder)
    if mentors * mentees <= MOST_READY:
        weigh(Stored(folder, case.size), (mentors, mentees))
    return mentors * mentees


def draw(company: Company, size: int, seed: int, folder: Path) -> None:
    """Write the tables, the places and the policy of a company."""
    import pairmatch as pm

    mentors, mentees = company.sides(size)
    frames = pm.datasets.synthetic_frames(mentors=mentors, mentees=mentees, seed=seed, **company.knobs)
    least, most = company.places
    places = np.random.default_rng([seed, size]).integers(least, most + 1, mentors)
    frames._replace(mentors=frames.mentors.assign(capacity=places)).write(folder)
    (folder / "policy.toml").write_text(company.policy, encoding="utf-8")
    np.save(folder / "places.npy", places)


def weigh(stored: Stored, shape: tuple[int, int]) -> None:
    """Write the weights of all pairs, strip by strip."""
    from pairmatch.scoring import Scorer, blocks, fit

    cohort, policy = stored.cohort(), stored.policy()
    scorer = Scorer(cohort, policy, fit(cohort, policy))
    away = ~cohort.mentors.active, ~cohort.mentees.active
    header = {"descr": "<i4", "fortran_order": False, "shape": shape}
    with (stored.folder / "units.npy").open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        for start, block in blocks(cohort, np.arange(shape[0]), np.arange(shape[1])):
            forbidden = away[0][start : start + block.shape[0], None] | away[1]
            for _, found in scorer.forbidding(block):
                forbidden |= found
            file.write(np.where(forbidden, -1, scorer.weight(block)).astype("<i4").tobytes())


def read(case: Case, folder: Path) -> Stored:
    """The company of a case."""
    return Stored(folder, case.size)
