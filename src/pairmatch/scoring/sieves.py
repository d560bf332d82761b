"""The pair rules of a policy as a sieve: who is forbidden whom, told by groups of like people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.forms import Few
from pairmatch.problem import Ints
from pairmatch.scoring.blocks import Positions, strip_height
from pairmatch.scoring.excepting import told_with
from pairmatch.scoring.scorer import SAME_PERSON, Scorer
from pairmatch.scoring.tabulated import Table

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["Bar", "Grid", "Product", "Sieve", "hours_grid", "sieve"]

Bools = NDArray[np.bool_]

CELLS = 1 << 21
"""Pairs of groups that are looked at together."""


class Bar(NamedTuple):
    """What a rule forbids that forbids few pairs, seen from one side.

    Attributes
    ----------
    own, partners
        bool: who may have no pair at all.
    pairs
        Sparse bool, own × partners: pairs that are forbidden besides.
    """

    own: Bools
    partners: Bools
    pairs: csr_array[Any]

    def turned(self) -> Bar:
        """The same seen from the other side."""
        return Bar(self.partners, self.own, self.pairs.T.tocsr())

    def listed(self, asked: Ints) -> tuple[Ints, Ints]:
        """The pairs of the people asked about: places in ``asked``, and partners."""
        rows = self.pairs[asked]
        return np.repeat(np.arange(len(asked)), np.diff(rows.indptr)), rows.indices.astype(np.int64)

    def forbidden(self, asked: Ints) -> Ints:
        """How many partners each of the people asked about is forbidden."""
        who, partner = self.listed(asked)
        besides = np.bincount(who[~self.partners[partner]], minlength=len(asked))
        return np.where(self.own[asked], len(self.partners), np.count_nonzero(self.partners) + besides)


class Grid(NamedTuple):
    """A rule as a small table, seen from one side.

    Attributes
    ----------
    own, partners
        Each person's code.
    cells
        bool: whether a pair of these codes is allowed.
    """

    own: NDArray[Any]
    partners: NDArray[Any]
    cells: Bools

    def turned(self) -> Grid:
        """The same seen from the other side."""
        return Grid(self.partners, self.own, np.ascontiguousarray(self.cells.T))


class Product(NamedTuple):
    """A rule as a product that is 0 where it allows a pair, seen from one side.

    Attributes
    ----------
    own, partners
        People × features, whole numbers.
    """

    own: NDArray[np.float32]
    partners: NDArray[np.float32]

    def turned(self) -> Product:
        """The same seen from the other side."""
        return Product(self.partners, self.own)

    def allowed(self, asked: Ints) -> Bools:
        """Whom the people asked about may have."""
        return np.asarray(self.own[asked] @ self.partners.T == 0)


@dataclass(frozen=True)
class Sieve:
    """The rules over the people of a problem, seen from one side.

    Attributes
    ----------
    bars, grids, slow
        By label: the rules that forbid few pairs, those that are small tables, and the others: as a product,
        or the rule itself.
    joint
        What any of the bars forbids.
    """

    bars: Mapping[str, Bar]
    grids: Mapping[str, Grid]
    slow: Mapping[str, Product | Any]
    joint: Bar

    def turned(self) -> Sieve:
        """The same seen from the other side."""
        return Sieve(
            {label: bar.turned() for label, bar in self.bars.items()},
            {label: grid.turned() for label, grid in self.grids.items()},
            {
                label: rule.turned() if isinstance(rule, Product) else rule
                for label, rule in self.slow.items()
            },
            self.joint.turned(),
        )

    def forbidden(self, asked: Ints) -> dict[str, Ints]:
        """For each rule that is not slow: how many partners of each it forbids."""
        everybody = np.ones((len(self.joint.partners), 1))
        return {
            **{label: bar.forbidden(asked) for label, bar in self.bars.items()},
            **{
                label: len(everybody) - weighed([grid], asked, everybody)[:, 0]
                for label, grid in self.grids.items()
            },
        }

    def passes(self, own: Any, partners: Any) -> Bools:
        """Which pairs the tables allow; places broadcast against each other."""
        passing = np.ones(np.broadcast_shapes(np.shape(own), np.shape(partners)), np.bool_)
        for grid in self.grids.values():
            passing &= grid.cells[grid.own[own], grid.partners[partners]]
        return passing


def sieve(scorer: Scorer, mentors: Positions, mentees: Positions) -> Sieve:
    """The rules of a scorer over the people of a problem, seen from the mentors' side."""
    cohort = scorer.cohort
    nobody = [np.zeros(len(side), np.bool_) for side in (cohort.mentors, cohort.mentees)]
    same = Few(nobody[0], nobody[1], cohort.same_person_pairs())
    bars = {SAME_PERSON: _bar(same, mentors, mentees)}
    grids: dict[str, Grid] = {}
    slow: dict[str, Any] = {}
    for label, rule in scorer.rules:
        one = told_with(rule, cohort)
        if one.few is not None:
            bars[label] = _bar(one.few, mentors, mentees)
        elif one.table is not None:
            grids[label] = _grid(one.table, mentors, mentees)
        elif one.short is not None:
            slow[label] = Product(one.short.left[mentors], one.short.right[mentees])
        else:
            slow[label] = rule
    return Sieve(bars, grids, slow, _joined(list(bars.values())))


def _bar(few: Few, mentors: Positions, mentees: Positions) -> Bar:
    return Bar(few.mentors[mentors], few.mentees[mentees], few.pairs[mentors][:, mentees].tocsr())


def _grid(table: Table, mentors: Positions, mentees: Positions) -> Grid:
    return Grid(table.mentor_codes[mentors], table.mentee_codes[mentees], table.cells)


def _joined(bars: Sequence[Bar]) -> Bar:
    """What any of the bars forbids; each pair once."""
    joined = bars[0]
    for bar in bars[1:]:
        joined = Bar(joined.own | bar.own, joined.partners | bar.partners, (joined.pairs + bar.pairs).tocsr())
    return joined


def hours_grid(spare: Ints, wanted: Ints) -> Grid:
    """Hours as a table: a pair is allowed where the partner wants no more than the person has to spare."""
    steps = np.unique(wanted)
    ranks, own = np.unique(np.searchsorted(steps, spare, side="right"), return_inverse=True)
    # A partner passes from the first rank on that lies above the partner's own step.
    partners = np.searchsorted(ranks, np.searchsorted(steps, wanted), side="right")
    return Grid(own, partners, np.arange(len(ranks) + 1) <= np.arange(len(ranks))[:, None])


def weighed(grids: Sequence[Grid], asked: Ints, numbers: NDArray[np.float64]) -> Ints:
    """Sums of the partners' numbers over those whom all tables allow.

    Parameters
    ----------
    grids
        The tables.
    asked
        The people asked about.
    numbers
        Whole numbers, partners × any.

    Returns
    -------
    ndarray
        int64, people asked about × any.
    """
    ours, which = _groups([grid.own[asked] for grid in grids], len(asked))
    theirs, of = _groups([grid.partners for grid in grids], len(numbers))
    totals = np.zeros((len(theirs), numbers.shape[1]))
    np.add.at(totals, of, numbers)
    sums = np.empty((len(ours), numbers.shape[1]), np.int64)
    for rows in _strips(len(ours), len(theirs)):
        allowed = np.ones((rows.stop - rows.start, len(theirs)), np.bool_)
        for k, grid in enumerate(grids):
            allowed &= grid.cells[ours[rows, k]][:, theirs[:, k]]
        sums[rows] = np.rint(allowed.astype(np.float64) @ totals)
    return sums[which]


def _groups(codes: Sequence[NDArray[Any]], people: int) -> tuple[NDArray[Any], Ints]:
    """Groups of people whose codes are all the same, ``(n, codes)``, and each person's group."""
    if not codes:
        return np.zeros((1, 0), np.int64), np.zeros(people, np.int64)
    groups, which = np.unique(np.stack(codes, axis=1), axis=0, return_inverse=True)
    return groups, which.ravel()


def _strips(height: int, width: int) -> Iterator[slice]:
    step = strip_height(width, CELLS)
    return (slice(start, min(start + step, height)) for start in range(0, height, step))
