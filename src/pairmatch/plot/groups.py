"""Groups before and after: each group's share of the applicants, of the targets, and of the matched.

All figures are those of ``matching.groups``, so that what is withheld there is withheld here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairmatch.errors import counted
from pairmatch.parameters import label_of
from pairmatch.plot.words import plain

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort
    from pairmatch.matching import Matching

__all__ = ["Figures", "Part", "parts_of", "protected_fields"]

RESTING = ("not_active", "not_eligible", "no_place")
"""Reasons of people who were never applicants."""

NONE_SHORT = {
    (True, False): "nobody is short",
    (True, True): "none is too many",
    (False, False): "it holds",
    (False, True): "it holds",
}
"""By whether there is a price, and whether there are limits alone."""

WITHHELD = "withheld, for privacy"


@dataclass(frozen=True)
class Figures:
    """One group.

    Attributes
    ----------
    name
        What is counted.
    applicants, count, target
        Shares: of the applicants, of the matched, and as aimed at; None where withheld, or there is none.
    limit
        Largest share aimed at, or allowed.
    short
        How many are short; None where it is withheld.
    words
        The count beside what it should be.
    """

    name: str
    applicants: float | None
    count: float | None
    target: float | None
    limit: float | None
    short: int | None
    words: str

    @property
    def largest(self) -> float:
        """The largest of the shares: how wide a drawing must be."""
        shares = (self.applicants, self.count, self.target, self.limit)
        return max((share for share in shares if share is not None), default=0.0)


@dataclass(frozen=True)
class Part:
    """One goal or rule about groups of one side, or of pairs.

    Attributes
    ----------
    label, of
        The goal's or rule's label, and whom it counts: ``"mentors"``, ``"mentees"``,
        ``"people"`` of both sides, or ``"pairs"``.
    title
        Both in words.
    description
        The goal or rule as a sentence.
    worth
        The price in words; for a rule, that it must hold.
    outcome
        How many are short, in words.
    groups
        Its groups.
    """

    label: str
    of: str
    title: str
    description: str
    worth: str
    outcome: str
    groups: tuple[Figures, ...]


def parts_of(matching: Matching, table: pd.DataFrame | None = None) -> tuple[Part, ...]:
    """Goals and rules about groups, in the policy's order, with their figures.

    Parameters
    ----------
    matching
        The matching.
    table
        ``matching.groups``, where it is at hand already.
    """
    table = matching.groups if table is None else table
    everybody, matched = _applicants(matching), _matched(matching)
    own = {label_of(part): part for part in (*matching.policy.goals, *matching.policy.rules)}
    return tuple(
        _part(
            own.get(str(label)), str(label), str(of), rows, everybody.get(str(of), 0), matched.get(str(of), 0)
        )
        for (label, of), rows in table.groupby(["part", "of"], sort=False)
    )


def _applicants(matching: Matching) -> dict[str, int]:
    """How many of each side could have a pair."""
    left = [person.role for person in matching.left if person.reason not in RESTING]
    matched = _matched(matching)
    sides = {side: matched[side] + left.count(side[:-1]) for side in ("mentors", "mentees")}
    return {**sides, "people": sum(sides.values())}


def _matched(matching: Matching) -> dict[str, int]:
    mentors, mentees = {pair.mentor for pair in matching.made}, {pair.mentee for pair in matching.made}
    sides = {"mentors": len(mentors), "mentees": len(mentees)}
    return {**sides, "people": sum(sides.values()), "pairs": len(matching.made)}


def _part(part: Any, label: str, of: str, rows: pd.DataFrame, everybody: int, matched: int) -> Part:
    names = _short_names([str(name) for name in rows["group"]])
    figures = zip(names, rows.to_dict("records"), strict=True)
    groups = tuple(_figures(name, row, everybody, matched) for name, row in figures)
    price = _price(rows)
    beyond = all(group.target is None for group in groups)
    word = "too many" if beyond else "short"
    known = [group.short for group in groups if group.short is not None]
    withheld = sum(group.words == WITHHELD for group in groups)
    outcome = f"{counted(sum(known), word, word)} in all" if sum(known) else NONE_SHORT[price > 0, beyond]
    if withheld:
        outcome = outcome.replace("nobody is short", "nobody shown is short")
        outcome = outcome.replace("none is too many", "none of those shown is too many")
        outcome += f"; {counted(withheld, 'group')} {WITHHELD}"
    worth = f"One {word} costs {_perfect(price)}" if price else "This must hold"
    description = str(getattr(part, "description", ""))
    return Part(
        label,
        of,
        plain(label) if of in label else f"{plain(label)}: {of}",
        description,
        worth,
        outcome,
        groups,
    )


def _price(rows: pd.DataFrame) -> float:
    price = rows["price"].dropna()
    return float(price.iloc[0]) if len(price) else 0.0


def _perfect(price: float) -> str:
    """A price in words: 1 is the weight of a perfect pair."""
    return f"as much as {price:g} of a perfect pair" if price < 1 else f"as much as {price:g} perfect pairs"


def _short_names(names: list[str]) -> list[str]:
    """Names of groups without what all of them begin with: "mentors with region = "."""
    heads = {name.partition(" = ")[0] for name in names}
    tails = [name.partition(" = ")[2] for name in names]
    return tails if len(heads) == 1 and all(tails) and len(names) > 1 else names


def _figures(name: str, row: dict[Any, Any], everybody: int, matched: int) -> Figures:
    applicants, count, short = (_whole(row[name]) for name in ("applicants", "count", "short"))
    target, limit, least, most = (_whole(row[name]) for name in ("target", "limit", "least", "most"))
    over = limit is not None and count is not None and count > limit
    words = _words(count, _asked(target, limit, least, most), short, "over" if over else "short")
    if limit == 0:  # pairs beyond even loads are a part of nothing
        return Figures(name, None, None, None, None, short, words)
    aim, ceiling = target if target is not None else least, limit if limit is not None else most
    return Figures(
        name=name,
        applicants=_share(applicants, everybody),
        count=_share(count, matched),
        target=_share(aim, matched),
        limit=_share(ceiling, matched),
        short=short,
        words=words,
    )


def _whole(value: Any) -> int | None:
    import pandas as pd

    return None if pd.isna(value) else int(value)


def _share(number: int | None, whole: int) -> float | None:
    return None if number is None or whole == 0 else number / whole


def _asked(target: int | None, limit: int | None, least: int | None, most: int | None) -> list[str]:
    """What a count should or must be, in words."""
    asked = {"aim": target, "aim at most": limit, "at least": least, "at most": most}
    return [f"{words} {number:,}" for words, number in asked.items() if number is not None]


def _words(count: int | None, asked: list[str], short: int | None, word: str) -> str:
    if count is None:
        return WITHHELD
    told = ", ".join([f"{count:,}", *asked])
    return f"{told}: {short:,} {word}" if short else told


def protected_fields(matching: Matching) -> tuple[tuple[str, str, str, str], ...]:
    """Sensitive and special fields that the policy uses: field, class, part, and the purpose (law §12)."""
    cohort, policy = matching.cohort, matching.policy
    found = [entry for part in (*policy.rules, *policy.goals) for entry in _protected(cohort, part, "")]
    if policy.coaches is not None and cohort.coaches is not None:
        of_coaches = (*policy.coaches.rules, *policy.coaches.goals)
        facing = [cohort.coached("mentors"), cohort.coached("mentees")]
        found += [
            entry for own in facing for part in of_coaches for entry in _protected(own, part, " of coaches")
        ]
    return tuple(dict.fromkeys(found))


def _protected(cohort: Cohort, part: Any, whose: str) -> Iterator[tuple[str, str, str, str]]:
    for name in dict.fromkeys(getattr(part, "fields", ())):
        kind = cohort.field_class(name) if cohort.resolve(name) else "ordinary"
        if kind in ("sensitive", "special"):
            yield name, kind, plain(label_of(part)) + whose, str(getattr(part, "purpose", None) or "")
