"""The people of the page: pairs with their weights, and everybody left without a partner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairmatch.report.words import LEFT, plain

if TYPE_CHECKING:
    import pandas as pd

TAKEN_BY_RULES = ("no_eligible_partner", "below_minimum_weight", "data_missing", "not_eligible")
"""Reasons that the rules explain."""

COLUMNS = 6
"""Columns of the table of unmatched people before those of the rules."""

MOST_IDS = 500
"""Ids listed in one group of unmatched people; the rest are in ``unmatched.csv``."""


@dataclass(frozen=True)
class Part:
    """One goal's contribution: the number, and its place in the bar in hundredths of the full width."""

    label: str
    text: str
    start: float
    width: float
    colour: int


@dataclass(frozen=True)
class PairRow:
    """One pair."""

    mentor: str
    mentee: str
    weight: str
    completeness: str
    complete: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Group:
    """People of one role without a partner, for one reason."""

    role: str
    reason: str
    count: int
    people: tuple[tuple[str, str], ...]
    left_out: int


def pair_rows(pairs: pd.DataFrame) -> tuple[PairRow, ...]:
    """The rows of the table of pairs, in its order."""
    labels = [str(name) for name in pairs.columns[4:]]
    return tuple(
        PairRow(mentor, mentee, f"{weight:.3f}", f"{share:.0%}", share > 0.9995, _parts(labels, parts))
        for mentor, mentee, weight, share, *parts in pairs.itertuples(index=False, name=None)
    )


def _parts(labels: list[str], contributions: list[float]) -> tuple[Part, ...]:
    parts, start = [], 0.0
    for number, (label, value) in enumerate(zip(labels, contributions, strict=True)):
        width = round(100 * value, 2)
        parts.append(Part(label, f"{value:.3f}", round(start, 2), width, number % 8))
        start += width
    return tuple(parts)


def unmatched_groups(unmatched: pd.DataFrame) -> tuple[Group, ...]:
    """Mentees first, then mentors; within a role the rarest reason first, as it needs a look most."""
    groups = [
        _group(str(role), str(reason), members)
        for (role, reason), members in unmatched.groupby(["role", "reason"], sort=True)
    ]
    return tuple(sorted(groups, key=lambda group: (group.role != "mentee", group.count, group.reason)))


def _group(role: str, reason: str, members: pd.DataFrame) -> Group:
    listed = members.head(MOST_IDS)
    details = _taken(listed) if reason in TAKEN_BY_RULES else [""] * len(listed)
    people = tuple(zip(listed["id"].astype(str), details, strict=True))
    return Group(role, plain(reason, LEFT), len(members), people, max(0, len(members) - MOST_IDS))


def _taken(members: pd.DataFrame) -> list[str]:
    """For each person, how many partners each rule forbids by itself, the most first."""
    labels = [str(name) for name in members.columns[COLUMNS:]]
    if members["reason"].iloc[0] == "not_eligible":
        return [f"not admitted by “{plain(rules).lower()}”" for rules in members["barred"]]
    if members["lacks"].any():
        return [f"lacks data for “{plain(rules).lower()}”" if rules else "" for rules in members["lacks"]]
    return [_counts(labels, counts) for counts in members.iloc[:, COLUMNS:].to_numpy().tolist()]


def _counts(labels: list[str], counts: list[int]) -> str:
    ranked = sorted(zip(counts, labels, strict=True), key=lambda entry: -entry[0])
    return "; ".join(f"{plain(label).lower()} forbids {count:,}" for count, label in ranked if count)
