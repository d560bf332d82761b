"""What a sweep looks for, as a lens over a sketch: limits that no wanted pair can fall below."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pairmatch.forms import EXACT, Positions
from pairmatch.problem import RESOLUTION, Priced
from pairmatch.scoring.scan import Lens
from pairmatch.scoring.sketch import NOISE, Sketch

__all__ = ["doubt", "lens_for", "lens_of_weights"]

Floats = NDArray[np.float64]

LOUDEST = NOISE[0] * NOISE[1] ** 2
"""The most units that the noise adds or takes."""

LOW = 100_000
"""Units below which prices must fall together before a forbidden pair could beat them."""

EPSILON = float(np.finfo(np.float32).eps)


def lens_of_weights(sketch: Sketch, bar: int, mentors_each: int, mentees_each: int) -> Lens:
    """The heaviest pairs of each mentor and each mentee, among those of at least ``bar`` units."""
    least = bar - sketch.error - 1.0 - LOUDEST
    return Lens(
        None,
        None,
        above=least,
        mentors_each=mentors_each,
        mentee_limits=np.full(sketch.shape[1], least, np.float32),
        mentees_each=mentees_each,
        noise=True,
    )


def lens_for(
    sketch: Sketch, priced: Priced, least: int, bar: int, people: tuple[Positions, Positions]
) -> Lens:
    """The pairs whose reduced gain is at least ``least``.

    Parameters
    ----------
    sketch
        What will be scanned.
    priced
        Prices by positions in the problem.
    least
        0 or 1.
    bar
        Least weight, in units, that any pair may have.
    people
        The positions of the sketch's people.
    """
    lightest = max(bar, priced.floor or 0) - sketch.error - 1.0
    times = max(1, priced.total)
    ours = (priced.mentor_prices[people[0]] - priced.pair) / times
    theirs = priced.mentee_prices[people[1]] / times
    flat = priced.total == 0
    return Lens(
        ours.astype(np.float32),
        theirs.astype(np.float32),
        above=least / times - doubt(ours, theirs, times) - (0.0 if flat else sketch.error),
        mentors_each=1,
        least=lightest if flat or lightest > -sketch.error or _low(ours, theirs) else None,
        flat=flat,
    )


def doubt(ours: Floats, theirs: Floats, times: int) -> float:
    """By how much float32 may be off about two prices and a number together, and a bit more."""
    largest = float(np.abs(ours).max(initial=0) + np.abs(theirs).max(initial=0)) + 2.0 * RESOLUTION
    # Whole numbers that float32 holds are added and taken away without rounding.
    return 0.5 if times == 1 and largest < EXACT else 4.0 * EPSILON * largest + 1.0


def _low(ours: Floats, theirs: Floats) -> bool:
    """Whether prices lie so low that a forbidden pair's number could beat them."""
    return bool(len(ours) and len(theirs) and ours.min() + theirs.min() < -LOW)
