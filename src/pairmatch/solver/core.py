"""The sparse core: which pairs the flow sees first, and which ones prices bring in later.

Most allowed pairs never matter. The flow runs on each person's best pairs; prices from that flow
are held against all pairs, those that beat them join, and the flow runs again. When none does, the
answer is optimal over all pairs (Lee and Orlin 1993, "On very large scale assignment problems").
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.problem import Ints, rank_among_equals

WORTH_IT = 40
"""A core pays when there are more pairs than this per person."""

BEST = 12
"""Pairs per person in the first core, beside two for each place."""

JOINING = 10
"""Pairs per person that may join after the first pricing."""


def first_core(
    mentor: NDArray[np.int32], mentee: NDArray[np.int32], gain: Ints, mentor_places: Ints, mentee_places: Ints
) -> NDArray[np.intp]:
    """Indices of the pairs to start with, ascending; all of them when a core does not pay."""
    people = len(mentor_places) + len(mentee_places)
    if len(gain) <= WORTH_IT * people:
        return np.arange(len(gain))
    key = parted(gain, np.arange(len(gain), dtype=np.uint32))
    by_mentor = _best_per_row(key, _starts(mentor, len(mentor_places)), BEST + 2 * mentor_places)
    order = _by_column(mentor, mentee, len(mentor_places), len(mentee_places))
    by_mentee = order[
        _best_per_row(key[order], _starts(mentee[order], len(mentee_places)), BEST + 2 * mentee_places)
    ]
    return merged(by_mentor, by_mentee, len(gain))


def merged(one: NDArray[np.intp], other: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """Union of two index sets below ``size``, ascending."""
    present = np.zeros(size, bool)
    present[one] = True
    present[other] = True
    return np.flatnonzero(present)


def joining(
    reduced: Ints,
    mentor: NDArray[np.int32],
    mentee: NDArray[np.int32],
    sizes: tuple[int, int],
    rounds: int = 0,
) -> NDArray[np.intp]:
    """Of pairs with positive reduced gain, the best few of each mentor and of each mentee.

    Where very many beat the prices, those far below the best are looked at in a later round. With every
    round four times as many may join: where many pairs weigh the same, prices move in small steps.
    """
    best = _attains(reduced, mentor, sizes[0]) | _attains(reduced, mentee, sizes[1])
    few = JOINING << min(2 * rounds, 20)
    crowd = 4 * few * sum(sizes)
    if len(reduced) > crowd:
        best |= reduced > np.partition(reduced, len(reduced) - crowd)[len(reduced) - crowd]
        seen = np.flatnonzero(best)
    else:
        seen = np.arange(len(reduced))
    chosen = np.zeros(len(reduced), bool)
    for person in (mentor[seen], mentee[seen]):
        order = np.lexsort((-reduced[seen], person))
        chosen[seen[order[rank_among_equals(person[order]) < few]]] = True
    return np.flatnonzero(chosen)


def _attains(reduced: Ints, person: NDArray[np.int32], people: int) -> NDArray[np.bool_]:
    """Pairs that are the best of their person."""
    top = np.zeros(people, np.int64)
    np.maximum.at(top, person, reduced)
    return np.asarray(reduced == top[person])


def parted(gain: Ints, pairs: NDArray[np.integer[Any]]) -> Ints:
    """Gains with a noise of each pair in the last bits, so that ties do not send everybody to one person."""
    noise = pairs.astype(np.uint32)
    noise *= np.uint32(2_654_435_769)
    noise >>= np.uint32(22)
    key = gain << 10
    key += noise
    return key


def _starts(sorted_rows: NDArray[np.int32], n_rows: int) -> NDArray[np.intp]:
    return np.searchsorted(sorted_rows, np.arange(n_rows + 1))


def _by_column(mentor: NDArray[np.int32], mentee: NDArray[np.int32], n: int, m: int) -> NDArray[np.intp]:
    """Indices that sort pairs by mentee; a sparse transpose does it in linear time."""
    from scipy.sparse import csr_array

    table = csr_array((np.arange(len(mentee)), mentee, _starts(mentor, n)), shape=(n, m))
    return np.asarray(table.tocsc().data, np.intp)


def _best_per_row(key: Ints, starts: NDArray[np.intp], keep: Ints) -> NDArray[np.intp]:
    found = []
    for row in range(len(starts) - 1):
        begin, end, k = starts[row], starts[row + 1], keep[row]
        if end - begin > k > 0:
            found.append(begin + np.argpartition(key[begin:end], end - begin - k)[end - begin - k :])
        elif end - begin <= k:
            found.append(np.arange(begin, end))
    return np.concatenate(found) if found else np.empty(0, np.intp)
