"""How mixed waves are, group by group; small figures about protected fields are withheld (law §12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.checking.withholding import Figure, withheld
from pairmatch.grouping import grouping, protected
from pairmatch.problem import Ints

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.matching import Matching

__all__ = ["Told", "balance_table", "told_groups"]

Bools = NDArray[np.bool_]

THIRDS = ("low", "middle", "high")

COLUMNS = ("column", "of", "group", "wave", "pairs", "share", "whole", "low", "high", "missed")


@dataclass(frozen=True, eq=False)
class Told:
    """One group of pairs.

    Attributes
    ----------
    column, of, group
        The column, whose it is (``"mentors"``, ``"mentees"`` or ``"pairs"``), and its value in words.
    members
        bool, by pair of the matching.
    protected
        Whether it is about a protected field.
    """

    column: str
    of: str
    group: str
    members: Bools
    protected: bool = False


def told_groups(matching: Matching, columns: Sequence[str]) -> list[Told]:
    """The groups by which waves are balanced: thirds of the weights, then the values of the columns."""
    cohort, found = matching.cohort, list(_thirds(matching))
    for column in columns:
        for side in ("mentors", "mentees"):
            people = cohort.side(side)
            if column not in people:
                continue
            rows = [people.position(getattr(made, side.removesuffix("s"))) for made in matching.made]
            groups, hidden = grouping(cohort, side, (column,)), protected(cohort, (column,))
            for key in groups.keys:
                members = groups.rows(key)[rows].astype(bool)
                found.append(Told(column, side, groups.told(key), members, hidden))
    return [group for group in found if group.members.any()]


def _thirds(matching: Matching) -> Iterator[Told]:
    """Pairs of low, middle and high weight; equally heavy pairs are in one third."""
    weights = np.array([made.weight for made in matching.made], np.int64)
    if not len(weights):
        return
    ordered = np.sort(weights)
    cuts = ordered[[len(ordered) // 3, 2 * len(ordered) // 3]]
    third = (weights[:, None] >= cuts[None, :]).sum(axis=1)
    for at, name in enumerate(THIRDS):
        yield Told("weight", "pairs", name, third == at)


def balance_table(groups: Sequence[Told], wave: Ints, low: Ints, high: Ints) -> pd.DataFrame:
    """A row for each group and wave.

    Parameters
    ----------
    groups
        The groups.
    wave
        The wave of each pair, from 0 on.
    low, high
        For each group and wave the share of the whole, rounded down and up.
    """
    import pandas as pd

    waves = np.arange(low.shape[1])
    hidden = _withheld(groups, wave, waves)
    rows = []
    for at, group in enumerate(groups):
        secret, whole = hidden[at, 1:], None if hidden[at, 0] else int(group.members.sum())
        for part in waves.tolist():
            count = int((group.members & (wave == part)).sum())
            ends = int(low[at, part]), int(high[at, part])
            told: dict[str, Any] = dict.fromkeys(COLUMNS[4:])
            if not secret[part]:
                told |= {"pairs": count, "share": count / max(1, int((wave == part).sum()))}
            if whole is not None:
                told |= {"whole": whole / len(wave), "low": ends[0], "high": ends[1]}
            if whole is not None and not secret[part]:
                told["missed"] = max(0, ends[0] - count, count - ends[1])
            rows.append(
                {"column": group.column, "of": group.of, "group": group.group, "wave": part + 1, **told}
            )
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    kinds = {"pairs": "Int64", "low": "Int64", "high": "Int64", "missed": "Int64"}
    return frame.astype({**kinds, "share": "float64", "whole": "float64"})


def _withheld(groups: Sequence[Told], wave: Ints, waves: Ints) -> Bools:
    """For each group, whether its number of all pairs is withheld, then that of each wave."""
    everything = np.ones(len(wave), np.int64)
    spans = [everything, *((wave == part).astype(np.int64) for part in waves.tolist())]
    nobody = np.zeros(len(wave), np.int64)
    figures = [Figure(nobody, group.members * span) for group in groups for span in spans]
    wholes = [Figure(nobody, span) for _ in groups for span in spans]
    secret = np.repeat([group.protected for group in groups], len(spans)).astype(bool)
    if not figures:
        return np.zeros((0, len(spans)), bool)
    return withheld(figures, wholes, secret).reshape(len(groups), len(spans))
