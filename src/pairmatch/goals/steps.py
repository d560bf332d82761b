"""The curve of goals that go up in steps as a count grows: something in common, much in common."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.forms import EXACT, Positions, Whole, Work
from pairmatch.goals.forming import in_strips

__all__ = ["Steps", "stepping"]

Counts = NDArray[np.int16]


def stepping(left: Counts, right: Counts, steps: tuple[tuple[int, int], ...]) -> tuple[Steps, int]:
    """The curve of products that are counts, and the units that it earns with every pair.

    Parameters
    ----------
    left, right
        Whole numbers of mentors and mentees, people × features, at least 0.
    steps
        Least counts, above 0, each with the units that it earns on top of the steps below.
    """
    unit = max(1, *(units for _, units in steps))
    scaled = np.ascontiguousarray(right.T).astype(np.float32)
    # Products in units need neither be shifted nor multiplied, unless they grow large beside the units.
    above = sum((least - 1) * unit for least, _ in steps)
    if above > 2 * sum(units for _, units in steps) or _most(left, right) * unit >= EXACT / 4:
        told = tuple((least - 1, least, units) for least, units in steps)
        return Steps(np.ascontiguousarray(left.T), scaled, told), 0
    told = tuple(((least - 1) * unit, (least - 1) * unit + units, 1) for least, units in steps)
    return Steps(np.ascontiguousarray(left.T), scaled * np.float32(unit), told), above


def _most(left: Counts, right: Counts) -> float:
    """No product is larger than this."""
    return float(left.max(axis=0, initial=0).astype(np.float64) @ right.max(axis=0, initial=0))


class Steps(NamedTuple):
    """Products that are whole numbers, and what they earn.

    Attributes
    ----------
    left, right
        Whole numbers of mentors and mentees, features × people.
    steps
        For each step the least and the most that the product counts as, and its factor. With one other than
        1 what is above the least earns the units.
    """

    left: Counts
    right: Whole
    steps: tuple[tuple[int, int, int], ...]

    def taken(self, mentors: Positions, mentees: Positions) -> Steps:
        """The same for these people."""
        return self._replace(left=self.left[:, mentors], right=self.right[:, mentees])

    def add(self, rows: slice, columns: slice, out: Whole, work: Work) -> None:
        """Add the units of the steps that were reached."""
        for at, part in in_strips(rows, out):
            product, reached = work.array("product", part.shape), work.array("reached", part.shape)
            np.matmul(self.left[:, at].astype(np.float32).T, self.right[:, columns], out=product)
            for least, most, factor in self.steps:
                np.clip(product, least, most, out=reached)
                if factor != 1:
                    np.subtract(reached, least, out=reached)
                    reached *= np.float32(factor)
                np.add(part, reached, out=part)
