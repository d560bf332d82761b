"""The people of the page: pairs with their weights, and everybody left without a partner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairmatch.plot.words import LEFT, plain
from pairmatch.report.helps import helps_by_person, whys_by_person

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.diagnose import Diagnosis
    from pairmatch.report.reasons import Reasons

TAKEN_BY_RULES = ("no_eligible_partner", "below_minimum_weight", "data_missing", "not_eligible")
"""Reasons that the rules explain."""

COLUMNS = 6
"""Columns of the table of unmatched people before those of the rules."""

MOST_IDS = 500
"""Ids listed in one group of unmatched people; the rest are in ``unmatched.csv``."""


@dataclass(frozen=True)
class Part:
    """One goal's contribution: its place in the bar in hundredths of the full width."""

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
    reasons: Reasons
    excepted: str


@dataclass(frozen=True)
class Single:
    """One person without a partner: why, and what would help."""

    id: str
    why: str
    helps: tuple[str, ...]


@dataclass(frozen=True)
class Alike:
    """Several people of whom one sentence tells why."""

    why: str
    people: tuple[Single, ...]

    @property
    def helped(self) -> tuple[Single, ...]:
        """Those whom something would help."""
        return tuple(single for single in self.people if single.helps)

    @property
    def others(self) -> tuple[Single, ...]:
        """Those of whom nothing more is told than the id."""
        return tuple(single for single in self.people if not single.helps)


@dataclass(frozen=True)
class Group:
    """People of one role without a partner, for one reason."""

    role: str
    reason: str
    count: int
    people: tuple[Single, ...]
    left_out: int

    @property
    def told(self) -> bool:
        """Whether there is more to tell of somebody than the id."""
        return any(single.why or single.helps for single in self.people)

    @property
    def alike(self) -> tuple[Alike, ...]:
        """Those who share a sentence with others, most people first."""
        found: dict[str, list[Single]] = {}
        for single in self.people:
            found.setdefault(single.why, []).append(single)
        shared = [Alike(why, tuple(people)) for why, people in found.items() if why and len(people) > 1]
        return tuple(sorted(shared, key=lambda alike: -len(alike.people)))

    @property
    def singles(self) -> tuple[Single, ...]:
        """The others."""
        shared = {alike.why for alike in self.alike}
        return tuple(single for single in self.people if single.why not in shared)


def pair_rows(
    pairs: pd.DataFrame, reasons: list[Reasons], excepted: Mapping[tuple[str, str], str]
) -> tuple[PairRow, ...]:
    """The rows of the table of pairs, in its order."""
    rows = zip(pairs.itertuples(index=False, name=None), reasons, strict=True)
    return tuple(
        PairRow(
            mentor=mentor,
            mentee=mentee,
            weight=f"{weight:.3f}",
            completeness=f"{share:.0%}",
            complete=share > 0.9995,
            parts=_parts(parts),
            reasons=told,
            excepted=excepted.get((mentor, mentee), ""),
        )
        for (mentor, mentee, weight, share, *parts), told in rows
    )


def _parts(contributions: list[float]) -> tuple[Part, ...]:
    parts, start = [], 0.0
    for number, value in enumerate(contributions):
        width = round(100 * value, 2)
        parts.append(Part(round(start, 2), width, number % 8))
        start += width
    return tuple(parts)


def excepted_pairs(exceptions: pd.DataFrame) -> dict[tuple[str, str], str]:
    """By mentor and mentee the rules that a pair does not keep, in words."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in exceptions.to_dict("records"):
        pair = str(row["mentor"]), str(row["mentee"])
        found.setdefault(pair, []).append(plain(str(row["rule"])).lower())
    return {pair: ", ".join(rules) for pair, rules in found.items()}


def unmatched_groups(unmatched: pd.DataFrame, diagnosis: Diagnosis | None) -> tuple[Group, ...]:
    """Mentees first, then mentors; within a role the rarest reason first, as it needs a look most."""
    whys, helps = whys_by_person(diagnosis), helps_by_person(diagnosis)
    groups = [
        _group(str(role), str(reason), members, whys, helps)
        for (role, reason), members in unmatched.groupby(["role", "reason"], sort=True)
    ]
    return tuple(sorted(groups, key=lambda group: (group.role != "mentee", group.count, group.reason)))


def _group(
    role: str,
    reason: str,
    members: pd.DataFrame,
    whys: Mapping[tuple[str, str], str],
    helps: Mapping[tuple[str, str], tuple[str, ...]],
) -> Group:
    listed = members.head(MOST_IDS)
    details = _taken(listed) if reason in TAKEN_BY_RULES else [""] * len(listed)
    people = tuple(
        Single(who, whys.get((role, who), detail), helps.get((role, who), ()))
        for who, detail in zip(listed["id"].astype(str), details, strict=True)
    )
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
