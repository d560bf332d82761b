"""The shipped example: one programme's files, in the manner of The Hartford's, all people fictional."""

from __future__ import annotations

import shutil
from dataclasses import astuple, dataclass
from importlib import resources
from pathlib import Path

__all__ = ["Example", "example"]


@dataclass(frozen=True)
class Example:
    """Where the files of the example are.

    A fictional insurer with offices in seven states: 50 executives, the chief executive among them, and
    120 applicants from the lower grades who would mentor them.

    Attributes
    ----------
    mentors
        ``mentors.csv``, the applicants.
    mentees
        ``mentees.csv``, the executives.
    org
        ``org.csv``, the managers between them and the dotted lines.
    policy
        ``policy.toml``, the column map with the order of grades, the rules and the goals.
    """

    mentors: Path
    mentees: Path
    org: Path
    policy: Path

    def copy(self, folder: str | Path) -> Example:
        """Copy the files into an existing folder, to be edited there."""
        return Example(*(Path(shutil.copy(path, folder)) for path in astuple(self)))


def example() -> Example:
    """Give the paths of the example's files in the installed package.

    Examples
    --------
    >>> import pairmatch as pm
    >>> files = pm.datasets.example()
    >>> schema = pm.Schema.read(files.policy)
    >>> cohort = pm.Cohort.read(files.mentors, files.mentees, schema=schema, org=files.org)
    >>> cohort.shape
    (120, 50)
    """
    folder = Path(str(resources.files("pairmatch.datasets"))) / "example"
    return Example(
        mentors=folder / "mentors.csv",
        mentees=folder / "mentees.csv",
        org=folder / "org.csv",
        policy=folder / "policy.toml",
    )
