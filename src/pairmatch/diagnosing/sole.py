"""Pairs that one rule alone forbids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pairmatch.cohort import Block
from pairmatch.problem import Ints
from pairmatch.scoring import MINIMUM_WEIGHT
from pairmatch.scoring.blocks import strip_height

if TYPE_CHECKING:
    from pairmatch.scoring import Scorer

__all__ = ["last_standing", "sole_pairs"]

Bools = NDArray[np.bool_]

MOST_COUNTED = 1 << 27
"""Pairs that are counted for all who are asked about together; beyond that nobody's are."""


def sole_pairs(scorer: Scorer, block: Block) -> Iterator[tuple[str, Bools]]:
    """Each rule's label with the pairs of the block that it alone forbids; the bar, if there is one, last."""
    found = list(scorer.forbidding(block))
    times = np.zeros(block.shape, np.uint8)
    for _, forbidden in found:
        times += forbidden
    for label, forbidden in found:
        yield label, forbidden & (times == 1)
    if scorer.bar:
        yield MINIMUM_WEIGHT, (times == 0) & scorer.light(block, scorer.weight(block))


def last_standing(scorer: Scorer, role: str, who: Ints, partners: Ints) -> dict[str, Ints]:
    """For each rule, by label, how many partners it alone forbids each of some people.

    Parameters
    ----------
    scorer
        Rules and goals.
    role
        Role of the people.
    who, partners
        Rows of the tables.

    Returns
    -------
    dict
        Empty where there are too many pairs to count.
    """
    if len(who) * len(partners) > MOST_COUNTED:
        return {}
    labels = [*scorer.rule_labels, *([MINIMUM_WEIGHT] if scorer.bar else [])]
    counts = {label: np.zeros(len(who), np.int64) for label in labels}
    height = strip_height(len(partners))
    for start in range(0, len(who), height):
        part = slice(start, start + height)
        sides = (who[part], partners) if role == "mentor" else (partners, who[part])
        for label, sole in sole_pairs(scorer, Block(scorer.cohort, *sides)):
            counts[label][part] = np.count_nonzero(sole, axis=1 if role == "mentor" else 0)
    return counts
