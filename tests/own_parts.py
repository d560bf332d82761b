"""A company's own rule and goal, and a look at what an error found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from pairmatch.errors import PolicyError


@dataclass(frozen=True)
class SameFloor:
    """A company's own rule."""

    name: ClassVar[str] = "same_floor"
    within: int = 0

    def allowed(self, block: Any) -> Any:
        """Both on one floor, or nearly."""
        ours, theirs = block.numbers("floor")
        return np.abs(ours - theirs) <= self.within

    def allowed_pair(self, mentor: Any, mentee: Any) -> bool:
        """The same for one pair."""
        return (
            None not in (mentor["floor"], mentee["floor"])
            and abs(mentor["floor"] - mentee["floor"]) <= self.within
        )


class Loose:
    """A company's own goal that is no dataclass."""

    name = "loose"

    def __init__(self, weight: float, helper: Any = None) -> None:
        self.weight, self.helper = weight, helper

    def score(self, block: Any) -> Any:
        """Half a point for everybody."""
        return np.full(block.shape, 0.5)

    def score_pair(self, mentor: Any, mentee: Any) -> float:
        """Half a point."""
        return 0.5


def problems(error: PolicyError) -> set[tuple[str, str]]:
    """Code and place of each finding."""
    return {(finding.code, finding.column) for finding in error.findings}
