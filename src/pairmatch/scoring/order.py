"""The canonical order of people: by a hash of their id, so that row order never matters (law §8)."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pairmatch.cohort import Profiles
    from pairmatch.scoring.blocks import Positions

__all__ = ["active_positions", "canonical_order", "sample_order"]


def canonical_order(profiles: Profiles, seed: int) -> Positions:
    """Rows of the active people, ordered by a hash of seed, side and id."""
    return _by_hash(profiles, f"{seed}|{profiles.side}|")


def sample_order(profiles: Profiles) -> Positions:
    """Rows of the active people, ordered by a hash of their id alone, whatever the seed."""
    return profiles.cohort.cached(("sample_order", profiles.side), lambda: _by_hash(profiles, ""))


def active_positions(profiles: Profiles) -> Positions:
    """Rows of the active people, in the order of the table."""
    return np.flatnonzero(profiles.active).astype(np.int64)


def _by_hash(profiles: Profiles, prefix: str) -> Positions:
    ids = profiles.ids
    digests = {row: _digest(prefix + ids[row]) for row in active_positions(profiles).tolist()}
    return np.array(sorted(digests, key=lambda row: (digests[row], ids[row])), dtype=np.int64)


def _digest(text: str) -> bytes:
    # An id may hold a lone surrogate (a badly decoded file): it still has one fixed hash.
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
