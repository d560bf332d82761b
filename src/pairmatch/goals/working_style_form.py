"""The form of a goal over several scales: one less the mean difference, over those that both filled in.

With few different numbers, the sum of the differences is a product: one feature for each number of each
scale. Else it is twice the larger number less both: where one of the two is blank and counts as 0, the larger
one is the other, and twice that is taken away again. So the sum is twice the sum of the larger ones, less
products of numbers with who filled in what.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.forms import EXACT, Form, Positions, Whole, Work
from pairmatch.goals.forming import ADDED, in_strips, slack

__all__ = ["working_style_form"]

MOST_LEVELS = 48
"""Different numbers of all scales that still are features: more take longer than comparing numbers."""

Floats = NDArray[np.float64]


def working_style_form(mentors: Floats, mentees: Floats, share: tuple[float, int, int]) -> Form | None:
    """The form, from both sides' numbers, people × scales, NaN where blank; None beyond 0 to 1.

    Numbers are rounded to whole ones, so that each difference is wrong by one step at most. Where nobody left
    anything blank, the steps of all scales together are the units; else a difference has as many steps
    as units, and their mean is taken.
    """
    known = np.concatenate([side[~np.isnan(side)] for side in (mentors, mentees)])
    if len(known) and not (known.min() >= 0 and known.max() <= 1):
        return None
    blank = np.isnan(mentors).any() or np.isnan(mentees).any()
    return _with_blanks(mentors, mentees, share) if blank else _filled(mentors, mentees, share)


def _filled(mentors: Floats, mentees: Floats, share: tuple[float, int, int]) -> Form:
    whole, most, _ = share
    scales = mentors.shape[1]
    ours, theirs = (_whole(side, whole / scales) for side in (mentors, mentees))
    one = np.ones((len(ours), 1), np.float32), np.ones((len(theirs), 1), np.float32)
    base, error = np.float32(np.rint(whole)), scales + 0.5 + slack(whole, most)
    everywhere = np.ones(ours.shape, np.bool_), np.ones(theirs.shape, np.bool_)
    levels = _by_levels(ours, theirs, *everywhere)
    if levels is not None:  # whose sums are one too large
        return Form(
            np.hstack([one[0] * (base + 1), levels.left.T]), np.hstack([one[1], -levels.right.T]), error
        )
    left = np.hstack([base + ours.sum(axis=1, keepdims=True), one[0]])
    right = np.hstack([one[1], theirs.sum(axis=1, keepdims=True)])
    return Form(left, right, error, (Apart(*_twice(ours, theirs)),))


def _with_blanks(mentors: Floats, mentees: Floats, share: tuple[float, int, int]) -> Form:
    whole, most, instead = share
    # Sums of twice the larger numbers, and of what is taken away, stay exact.
    steps = float(min(np.ceil(whole), EXACT // (8 * mentors.shape[1])))
    ours, theirs = (_whole(side, steps) for side in (mentors, mentees))
    filled = [~np.isnan(side) for side in (mentors, mentees)]
    apart = _by_levels(ours, theirs, *filled)
    if apart is None:
        blanks = [2 - mask.astype(np.float32) for mask in filled]
        one = np.ones((len(ours), 1), np.float32), np.full((len(theirs), 1), -1.0, np.float32)
        products = np.hstack([blanks[0], ours, one[0]]), np.hstack([theirs, blanks[1], one[1]])
        apart = SumApart(_across(products[0]), _across(products[1]), *_twice(ours, theirs))
    patterns = [np.unique(mask, axis=0, return_inverse=True) for mask in filled]
    counts = patterns[0][0].astype(np.float32) @ patterns[1][0].astype(np.float32).T
    curve = MeanApart(
        apart,
        patterns[0][1].ravel().astype(np.int32),
        patterns[1][1].ravel().astype(np.int32),
        np.where(counts > 0, whole / steps / np.maximum(counts, 1.0), whole - instead).astype(np.float32),
    )
    base = np.full((len(ours), 1), np.rint(whole), np.float32), np.ones((len(theirs), 1), np.float32)
    error = 2 * whole / steps + ADDED + 0.5 + whole * 1e-6 + slack(whole, most)
    return Form(*base, error, (curve,))


def _by_levels(
    ours: Whole, theirs: Whole, our_filled: NDArray[np.bool_], their_filled: NDArray[np.bool_]
) -> SumApart | None:
    """The sums as products, where few different numbers occur: one feature for each number of each scale."""
    left, right = [np.ones(len(ours), np.float32)], [np.ones(len(theirs), np.float32)]
    for scale in range(ours.shape[1]):
        known = our_filled[:, scale]
        for level in np.unique(ours[known, scale]):
            left.append((known & (ours[:, scale] == level)).astype(np.float32))
            right.append(np.abs(theirs[:, scale] - level) * their_filled[:, scale])
        if len(left) > MOST_LEVELS:
            return None
    none = np.empty((0, len(ours)), np.float32), np.empty((0, len(theirs)), np.float32)
    return SumApart(np.array(left), np.array(right), *none)


def _whole(numbers: Floats, steps: float) -> Whole:
    """Numbers from 0 to 1 in whole steps; 0 where blank."""
    whole: Whole = np.rint(np.where(np.isnan(numbers), 0.0, numbers) * steps).astype(np.float32)
    return whole


def _twice(ours: Whole, theirs: Whole) -> tuple[Whole, Whole]:
    """Twice the numbers, scales × people."""
    return _across(2 * ours), _across(2 * theirs)


def _across(people: Whole) -> Whole:
    """The same with people side by side."""
    return np.ascontiguousarray(people.T)


class Apart(NamedTuple):
    """Twice the larger number of each scale, taken away; features add both numbers.

    Attributes
    ----------
    ours, theirs
        Twice the numbers, scales × people.
    """

    ours: Whole
    theirs: Whole

    def taken(self, mentors: Positions, mentees: Positions) -> Apart:
        """The same for these people."""
        return Apart(self.ours[:, mentors], self.theirs[:, mentees])

    def add(self, rows: slice, columns: slice, out: Whole, work: Work) -> None:
        """Take the units away."""
        for at, part in in_strips(rows, out):
            larger = work.array("larger", part.shape)
            for ours, theirs in zip(self.ours[:, at], self.theirs[:, columns], strict=True):
                np.maximum(ours[:, None], theirs[None, :], out=larger)
                np.subtract(part, larger, out=part)


class SumApart(NamedTuple):
    """Sums of differences, in steps, and one: products, and the larger numbers of each scale.

    Attributes
    ----------
    left, right
        Features × people; taken away where there are larger numbers.
    ours, theirs
        Twice the numbers, scales × people, 0 where blank; no scales where products say all.
    """

    left: Whole
    right: Whole
    ours: Whole
    theirs: Whole

    def taken(self, mentors: Positions, mentees: Positions) -> SumApart:
        """The same for these people."""
        return SumApart(
            self.left[:, mentors], self.right[:, mentees], self.ours[:, mentors], self.theirs[:, mentees]
        )

    def told(self, rows: slice, columns: slice, out: Whole, work: Work) -> None:
        """Write the sums."""
        np.matmul(self.left[:, rows].T, self.right[:, columns], out=out)
        larger = work.array("larger", out.shape)
        for ours, theirs in zip(self.ours[:, rows], self.theirs[:, columns], strict=True):
            np.maximum(ours[:, None], theirs[None, :], out=larger)
            out -= larger
        if len(self.ours):
            np.negative(out, out=out)


class MeanApart(NamedTuple):
    """The mean difference over the scales that both filled in.

    Attributes
    ----------
    sums
        The sums of the differences.
    ours, theirs
        Which of the scales each person filled in, as a number.
    parts
        For each two of these, the units of a step: of so many scales it is the mean. Where no scale can be
        compared, all that is lost: the one that the sums have too much.
    """

    sums: SumApart
    ours: NDArray[np.int32]
    theirs: NDArray[np.int32]
    parts: Whole

    def taken(self, mentors: Positions, mentees: Positions) -> MeanApart:
        """The same for these people."""
        return self._replace(
            sums=self.sums.taken(mentors, mentees), ours=self.ours[mentors], theirs=self.theirs[mentees]
        )

    def add(self, rows: slice, columns: slice, out: Whole, work: Work) -> None:
        """Take the units away."""
        theirs = self.theirs[columns]
        for at, part in in_strips(rows, out):
            apart, found = work.array("apart", part.shape), work.array("found", part.shape)
            self.sums.told(at, columns, apart, work)
            used, which = np.unique(self.ours[at], return_inverse=True)
            np.take(self.parts[used[:, None], theirs], which, axis=0, out=found, mode="clip")
            apart *= found
            np.subtract(part, apart, out=part)
