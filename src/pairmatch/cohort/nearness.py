"""How near the terms of two fields are: whole thousandths, 1000 for the same term (law §4).

The cohort's thesaurus relates words of its tree; an encoder that was plugged into it relates any words, and
what it said is learnt once, so that whoever reads a matching later needs no encoder.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.terms import THOUSAND

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort.cohort import Cohort

__all__ = ["best", "checked_nearness", "hashed", "learnt_nearness", "near", "nearness", "possible_nearness"]

_PAIR = re.compile("[0-9a-f]{16}-[0-9a-f]{16}")

ENTRIES = 2_000_000
"""Entries that are spread at one time."""

MOST_KNOWN = 1 << 18
"""Pairs of words that are remembered once they were looked up."""

NEAREST = 20
"""Of what an encoder says of a word, so many of the nearest words are kept."""


def nearness(cohort: Cohort, first: str, second: str, learnt: Mapping[str, int]) -> csr_array[Any] | None:
    """Nearness of all terms of a mentor field and a mentee field, terms × terms in thousandths.

    Parameters
    ----------
    cohort
        The cohort.
    first, second
        A list or topics field of the mentors, and one of the mentees.
    learnt
        What :func:`learnt_nearness` told.

    Returns
    -------
    csr_array or None
        Over the vocabulary of the fields' term index; None where every term is near itself alone.
    """
    from scipy.sparse import csr_array

    if not _meant(cohort, first, second):
        return None
    vocabulary = cohort.term_index(first, second).vocabulary
    found = {(i, j): credit for i, j, credit in cohort.thesaurus.related(vocabulary)}
    for (i, j), credit in _recognised(vocabulary, learnt).items():
        found[i, j] = max(credit, found.get((i, j), 0))
    if not found:
        return None
    pairs = np.array(list(found), np.int64).T
    credits, itself = np.array(list(found.values()), np.float64), np.arange(len(vocabulary))
    data = np.concatenate([credits, credits, np.full(len(vocabulary), float(THOUSAND))])
    places = np.concatenate([pairs, pairs[::-1], np.stack([itself, itself])], axis=1)
    matrix = csr_array((data, (places[0], places[1])), shape=(len(vocabulary), len(vocabulary)))
    matrix.sort_indices()
    return matrix


def near(cohort: Cohort, fields: tuple[str, str], keys: tuple[str, str], learnt: Mapping[str, int]) -> int:
    """The same for one pair of terms, in plain Python."""
    if keys[0] == keys[1]:
        return THOUSAND
    looked_up: dict[tuple[str, str], int] = cohort.cached(("credits", *fields), dict)
    credit = looked_up.get(keys)
    if credit is None:
        credit = cohort.thesaurus.credit(*keys) if _meant(cohort, *fields) else 0
        if len(looked_up) < MOST_KNOWN:
            looked_up[keys] = credit
    if not learnt or not _meant(cohort, *fields):
        return credit
    return max(credit, learnt.get(_pair_of(hashed(keys[0]), hashed(keys[1])), 0))


def learnt_nearness(cohort: Cohort, first: str, second: str) -> dict[str, int]:
    """What the thesaurus's encoder says of the active people's terms; empty without an encoder.

    A pair of terms is told by a hash, so that no term is written.
    """
    if not _meant(cohort, first, second):
        return {}
    keys = sorted(_keys(cohort, "mentors", first) | _keys(cohort, "mentees", second))
    hashes = [hashed(key) for key in keys]
    related = _nearest(cohort.thesaurus.encoded(keys))
    return dict(sorted((_pair_of(hashes[i], hashes[j]), credit) for i, j, credit in related))


def checked_nearness(learnt: Any) -> dict[str, int]:
    """What :func:`learnt_nearness` told and a file may have damaged; ValueError where it is no such thing."""
    found = dict(learnt)
    for pair, credit in found.items():
        whole = isinstance(credit, int) and not isinstance(credit, bool)
        ordered = isinstance(pair, str) and _PAIR.fullmatch(pair) and pair[:16] < pair[17:]
        if not (ordered and whole and 0 < credit <= THOUSAND):
            raise ValueError("a learnt nearness is no pair of words with a number of thousandths")
    return found


def possible_nearness(cohort: Cohort, first: str, second: str, learnt: Any) -> bool:
    """Whether an encoder can have told this of the cohort: all words are those of its active people."""
    try:
        pairs = checked_nearness(learnt)
    except (TypeError, ValueError):
        return False
    known = {hashed(key) for key in _keys(cohort, "mentors", first) | _keys(cohort, "mentees", second)}
    return _meant(cohort, first, second) and all(set(pair.split("-")) <= known for pair in pairs)


def best(terms: csr_array[Any], near: csr_array[Any] | None) -> csr_array[Any]:
    """For each person and term, the most that any of the person's own terms is worth for it.

    Parameters
    ----------
    terms
        People × terms, whole weights.
    near
        Terms × terms in thousandths, as :func:`nearness` makes it.

    Returns
    -------
    csr_array
        People × terms: the largest weight times nearness, in whole numbers, rounded half up.
    """
    from scipy.sparse import vstack

    if near is None:
        return terms
    reached = np.cumsum(np.diff(near.indptr)[terms.indices])
    done = np.append(0, reached)[terms.indptr[1:]]
    # Each part of the people has about so many entries, or is one person.
    cuts = np.unique(
        np.searchsorted(done, np.arange(ENTRIES, max(1, int(done[-1]) if len(done) else 0), ENTRIES))
    )
    starts = [0, *(cuts + 1).tolist()]
    ends = [*starts[1:], terms.shape[0]]
    parts = [
        _best(terms[a:b], near) for a, b in zip(starts, ends, strict=True) if a < b or terms.shape[0] == 0
    ]
    return parts[0] if len(parts) == 1 else vstack(parts, format="csr")


def _best(terms: csr_array[Any], near: csr_array[Any]) -> csr_array[Any]:
    from scipy.sparse import csr_array

    people = np.repeat(np.arange(terms.shape[0]), np.diff(terms.indptr))
    counts = np.diff(near.indptr)[terms.indices]
    ends = np.cumsum(counts)
    within = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    places = np.repeat(near.indptr[terms.indices], counts) + within
    worth = np.floor((np.repeat(terms.data, counts) * near.data[places] + THOUSAND // 2) / THOUSAND)
    keys = np.repeat(people, counts).astype(np.int64) * terms.shape[1] + near.indices[places]
    order = np.argsort(keys, kind="stable")
    keys, worth = keys[order], worth[order]
    starts = np.flatnonzero(np.diff(keys, prepend=-1))
    data: NDArray[np.float64] = np.maximum.reduceat(worth, starts) if len(starts) else worth
    rows, columns = np.divmod(keys[starts], max(1, terms.shape[1]))
    made = csr_array((data, (rows, columns)), shape=terms.shape)
    made.eliminate_zeros()
    return made


def _meant(cohort: Cohort, first: str, second: str) -> bool:
    """Whether both fields are compared by meaning."""
    known = cohort.schema.all_fields
    names = [cohort.mentors.resolve(first), cohort.mentees.resolve(second)]
    return all(name is not None and known[name].meaning for name in names)


def _nearest(related: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Those that are among the nearest few of either word; the earlier word first among equals."""
    rank: Counter[int] = Counter()
    kept = []
    for i, j, credit in sorted(related, key=lambda pair: (-pair[2], pair[0], pair[1])):
        rank.update((i, j))
        if min(rank[i], rank[j]) <= NEAREST:
            kept.append((i, j, credit))
    return kept


def _keys(cohort: Cohort, side: str, field: str) -> set[str]:
    people = cohort.side(side)
    cells = zip(people.terms(field), people.active.tolist(), strict=True)
    return {term.key for terms, active in cells if active for term in terms}


def _recognised(vocabulary: tuple[str, ...], learnt: Mapping[str, int]) -> dict[tuple[int, int], int]:
    """The learnt pairs whose terms both stand in the vocabulary."""
    place = {hashed(key): k for k, key in enumerate(vocabulary)} if learnt else {}
    found = {}
    for pair, credit in learnt.items():
        a, b = pair.split("-")
        if a in place and b in place:
            found[min(place[a], place[b]), max(place[a], place[b])] = credit
    return found


def _pair_of(first: str, second: str) -> str:
    """Two hashes as the key of a pair, in one order."""
    return "-".join(sorted((first, second)))


def hashed(key: str) -> str:
    """A word as learnt values name it, so that no word is written."""
    return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
