"""``pairmatch.place_values``: what one more place of each person is worth."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairmatch.checking import check_calls
from pairmatch.errors import CallError, Finding, amount, counted, shown
from pairmatch.explain import check_matching
from pairmatch.match import Work
from pairmatch.problem import Progress, Report
from pairmatch.scoring.workers import Workers
from pairmatch.supposing.places import Gain, Places
from pairmatch.supposing.standing import made_by, unit_of

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.matching import Matching
    from pairmatch.supposing.standing import Made

__all__ = ["PlaceValues", "place_values"]

SHOWN = 10
"""People that are named in words before the rest is counted."""

ROLES = ("mentor", "mentee")

PEOPLE = {
    "must_match": "more mandated {} with a mentor",
    "mentees": "more {} with a mentor",
    "mentors": "more {} with a mentee",
    "pairs": "more {}",
    "coached": "more {} with a coach",
}

NOUNS = {
    "must_match": "mentee",
    "mentees": "mentee",
    "mentors": "mentor",
    "pairs": "pair",
    "coached": "pair",
}

WEIGHTS = {
    "worst": "the least total of a mentee",
    "leximin": "the first total of a mentee that differs",
    "spread": "what the group goals count",
    "total": "the total",
}


@dataclass(frozen=True, eq=False, repr=False)
class PlaceValues:
    """What one more place of each person is worth.

    Attributes
    ----------
    table
        A row per person, the most worth first: role, id; a column per tier of the objective, what the best
        matching with one more place of this person has more of it; exact, whether that is proven; words.
        Where it is not proven, the number is the most that it can be, and NaN where nothing is known; with
        exact, NaN says that then no matching is valid (a quota that is a share of all places).
    tiers
        The objective's tiers, in its order.
    complete
        False where a time limit ended the work: then bounds stand for some people.
    """

    table: pd.DataFrame
    tiers: tuple[str, ...]
    complete: bool

    def __str__(self) -> str:
        worth = self._worth()
        everybody = counted(len(self.table), "person", "people")
        lines = [f"one more place would change the matching for {len(worth):,} of {everybody}"]
        lines += [f"  {words}" for words in worth["words"].head(SHOWN)]
        more = len(worth) - SHOWN
        return "\n".join([*lines, *([f"  and {more:,} more"] if more > 0 else [])])

    def __repr__(self) -> str:
        return (
            f"<PlaceValues of {counted(len(self.table), 'person', 'people')}, {len(self._worth()):,} above 0>"
        )

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False, border=0))

    def _worth(self) -> pd.DataFrame:
        """The rows that are not known to be worth nothing."""
        nothing = (self.table[list(self.tiers)] == 0).all(axis=1)
        return self.table[~nothing]


def place_values(
    matching: Matching,
    *,
    mentors: bool = True,
    mentees: bool = False,
    exact: bool = True,
    time_limit: float | None = None,
    progress: Report | None = None,
) -> PlaceValues:
    """Tell what one more place of each person is worth, tier by tier.

    The worth is the difference between two optima: of the matching as it is, and of the same people and
    policy with one more place of this one person. Where the certificate's prices prove that it is nothing,
    nobody solves; else the matching is repaired along paths, or solved again where paths do not do.

    Parameters
    ----------
    matching
        The matching.
    mentors, mentees
        Whose places.
    exact
        False: only what the prices prove, without solving: at most so much.
    time_limit
        Seconds for all of it; None for no limit. Whoever is not reached has a bound.
    progress
        Called with a :class:`pairmatch.Progress` now and then.

    Returns
    -------
    PlaceValues

    Raises
    ------
    CallError
        The arguments cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> mentors = pd.DataFrame({"id": ["ana", "ben"], "hobbies": ["chess; golf", "golf"]})
    >>> mentees = pd.DataFrame({"id": ["eve", "fay", "gus"], "hobbies": ["chess", "golf", "golf"]})
    >>> policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)])
    >>> matching = pm.match(pm.Cohort(mentors, mentees), policy)
    >>> values = pm.place_values(matching)
    >>> values.table[["id", "mentees"]].values.tolist()
    [['ben', 1.0], ['ana', 1.0]]
    >>> values.table.words[0]
    'one more place of mentor ben: 1 more mentee with a mentor, and the total rises by 1'
    """
    check_matching(matching)
    check_calls(matching.cohort, matching.policy, time_limit, progress)
    _check(mentors, mentees, exact)
    work = Work(time_limit, progress)
    sides = [side for side, asked in enumerate((mentors, mentees)) if asked]
    with Workers() as workers:
        made = made_by(matching, workers)
        places = Places(made, workers, work)
        if exact:
            found = list(_reported(made, places, sides, progress))
        else:
            found = [gain for side in sides for gain in places.bounds(side)]
    tiers = tuple(proof.tier for proof in matching.certificate.proofs)
    return PlaceValues(_table(made, found, tiers), tiers, places.complete)


def _check(mentors: Any, mentees: Any, exact: Any) -> None:
    given = {"mentors": mentors, "mentees": mentees, "exact": exact}
    found = [
        Finding("bad_argument", "must be True or False", column=name)
        for name, value in given.items()
        if not isinstance(value, bool)
    ]
    if not found and not (mentors or mentees):
        found = [Finding("bad_argument", "ask for mentors, mentees or both", column="mentors")]
    if found:
        raise CallError(found)


def _reported(made: Made, places: Places, sides: list[int], progress: Report | None) -> Iterator[Gain]:
    """Everybody, one after the other; who waits is told how far it is."""
    people = (made.problem.n_mentors, made.problem.n_mentees)
    total = sum(people[side] for side in sides)
    done = 0
    for side in sides:
        for gain in places.gains(side):
            done += 1
            if progress is not None:
                progress(Progress("valuing places", done, total))
            yield gain


def _table(made: Made, found: list[Gain], tiers: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    cohort, built = made.matching.cohort, made.built
    ids = (cohort.mentors.ids, built.mentors), (cohort.mentees.ids, built.mentees)
    units = [unit_of(tier) for tier in tiers]
    rows = []
    for gain in found:
        names, order = ids[gain.side]
        who = names[order[gain.at]]
        told = [
            float("nan") if each is None else each / unit
            for each, unit in zip(gain.tiers, units, strict=True)
        ]
        rows.append(
            [ROLES[gain.side], who, *told, gain.exact, _words(gain, who, dict(zip(tiers, told, strict=True)))]
        )
    table = pd.DataFrame(rows, columns=["role", "id", *tiers, "exact", "words"])
    by = [*tiers, "role", "id"]
    down = [False] * len(tiers) + [True, True]
    return table.sort_values(by, ascending=down, na_position="last", ignore_index=True)


def _words(gain: Gain, who: str, told: dict[str, float]) -> str:
    """The gains in a sentence."""
    lead = f"one more place of {ROLES[gain.side]} {shown(who)}"
    if all(each is None for each in gain.tiers):
        return f"{lead}: {'no matching would be valid' if gain.exact else 'not known'}"
    most = "" if gain.exact else "at most "
    parts = [_part(tier, value, most) for tier, value in told.items() if value and not math.isnan(value)]
    if not parts:
        return f"{lead} would change nothing"
    return f"{lead}: {', and '.join(parts)}"


def _part(tier: str, value: float, most: str = "") -> str:
    if tier in PEOPLE:
        number = amount(abs(value))
        noun = NOUNS[tier] if abs(value) == 1 else f"{NOUNS[tier]}s"
        words = PEOPLE[tier].format(noun)
        return f"{most}{number} {words if value > 0 else words.replace('more', 'fewer', 1)}"
    words = WEIGHTS.get(tier, f"the tier {tier}")
    return f"{words} {'rises' if value > 0 else 'falls'} by {most}{amount(abs(value))}"
