"""Positive reasons for a pair, from what one partner may read of the other (law §12).

A reason is told where the goal's fields of the *other* are open to the reader, those of the *reader* are
ordinary, and the goal found something. Two confidential fields stand apart: readers may read of their own
wishes, and a mentor of the wanted topics that they themselves cover, where the mentee lets them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pairmatch import goals
from pairmatch.cohort.nearness import near
from pairmatch.comparing import entries
from pairmatch.explaining.consent import consents, may_read
from pairmatch.explaining.plain_text import one_line
from pairmatch.parameters import label_of

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Person
    from pairmatch.policy import Policy

__all__ = ["BANDS", "NO_REASON", "View", "band", "reasons"]

BANDS = ("a suitable partner", "a good match", "a very good match")
"""How much of what the programme looks at is told as a reason: less than a third, a third, two thirds."""

NO_REASON = "the programme's rules and goals brought you together"
"""Told where nothing else may be."""

MOST_ENTRIES = 10
"""Entries of a list that one reason names."""

ENOUGH = 0.5
"""From which score a goal without evidence of its own is told as a reason."""

WISHES = {"mentee": "topics_wanted", "mentor": "wants_back"}
"""Confidential, but nobody's own wishes are hidden from themself."""


@dataclass(frozen=True)
class View:
    """A pair as one of the two sees it.

    Attributes
    ----------
    role
        The reader's: ``"mentor"`` or ``"mentee"``.
    reader, other
        The two people.
    paired
        Whether they are a pair; else one of them is suggested to the other.
    """

    role: str
    reader: Person
    other: Person
    paired: bool = True

    @classmethod
    def of(cls, cohort: Cohort, mentor: str, mentee: str, role: str, *, paired: bool = True) -> View:
        """The view of a pair of a cohort."""
        ours = cohort.mentors.person(cohort.mentors.position(mentor))
        theirs = cohort.mentees.person(cohort.mentees.position(mentee))
        return cls(role, *((ours, theirs) if role == "mentor" else (theirs, ours)), paired)

    @property
    def pair(self) -> tuple[Person, Person]:
        """Mentor and mentee."""
        return (self.reader, self.other) if self.role == "mentor" else (self.other, self.reader)

    def field(self, goal: Any, whose: str) -> str:
        """Which of a goal's two fields is the reader's, or the other's."""
        mentors_own = (self.role == "mentor") == (whose == "reader")
        return str(goal.mentors if mentors_own else goal.mentees)

    def open(self, *names: str) -> bool:
        """Whether these fields are open: the other's to the reader, and the reader's own ones ordinary."""
        return all(may_read(self.other, name) and self.own(name) for name in names)

    def own(self, name: str) -> bool:
        """Whether the reader's own field may be compared with the other's."""
        found = self._resolved(self.reader, name)
        return found is not None and self.reader.cohort.field_class(found) == "ordinary"

    def wishes(self, name: str) -> bool:
        """Whether a field holds the reader's own wishes, of the class that it has by nature."""
        found = self._resolved(self.reader, name)
        return found == WISHES[self.role] and self._is(found, "confidential", "ordinary")

    def may_cover(self, name: str) -> bool:
        """Whether a mentor may read which topics of this mentee they cover: only where the mentee says so."""
        found = self._resolved(self.other, name)
        if not self.paired or self.role != "mentor" or found != WISHES["mentee"]:
            return False
        return self._is(found, "confidential", "ordinary") and found in consents(self.other)

    def _is(self, name: str, *classes: str) -> bool:
        return self.reader.cohort.field_class(name) in classes

    @staticmethod
    def _resolved(person: Person, name: str) -> str | None:
        return person.cohort.side(person.side).resolve(name)


def reasons(policy: Policy, view: View) -> dict[str, str]:
    """The reasons that a reader may read, by the goals' labels, those of the greatest weight first.

    Parameters
    ----------
    policy
        Whose goals are told of. Goals of one's own are not: nothing says what they look at.
    view
        The pair, and who of the two reads.
    """
    heaviest_first = sorted(policy.pair_goals, key=lambda goal: -goal.weight)
    told = {label_of(goal): _told(goal, view) for goal in heaviest_first}
    return {label: words for label, words in told.items() if words}


def band(policy: Policy, view: View, found: Mapping[str, str]) -> int:
    """Which of the bands, from 0: by the weight of the goals of which a reason is told.

    It counts among the goals that could be told to somebody in this role, whatever the data are: so it says
    nothing that the reasons beside it do not.
    """
    weights = {label_of(goal): goal.weight for goal in policy.pair_goals if _could_tell(goal, view)}
    whole = sum(weights.values())
    share = sum(weights.get(label, 0.0) for label in found) / whole if whole else 0.0
    return min(int(share * 3), 2)


def _could_tell(goal: Any, view: View) -> bool:
    """Whether the goal's reason is ever told to this role: a matter of the schema, not of the data."""
    if type(goal) not in TELLERS:
        return False
    cohort = view.reader.cohort
    told = [name for name in goal.fields if cohort.resolve(name) not in WISHES.values()]
    closed = [name for name in told if cohort.field_class(name) != "ordinary"]
    return not closed and (view.role == "mentor" or not isinstance(goal, goals.Reciprocity))


def _told(goal: Any, view: View) -> str:
    teller = TELLERS.get(type(goal))
    return teller(goal, view) if teller else ""


def _coverage(goal: Any, view: View) -> str:
    """What the one offers and the other wishes, told with the words of who offers."""
    offers = view.role if goal.offered_by == f"{view.role}s" else "other"
    mine, others = view.field(goal, "reader"), view.field(goal, "other")
    if offers == view.role and not (view.own(mine) and view.may_cover(others)):
        return ""
    if offers == "other" and not (view.wishes(mine) and may_read(view.other, others)):
        return ""
    giver, taker = (view.reader[mine], view.other[others])
    giver, taker = (giver, taker) if offers == view.role else (taker, giver)
    found = [term for term in giver if any(_near(view, goal, term.key, wish.key) for wish in taker)]
    lead = (
        "they would like to learn what you offer" if offers == view.role else "they offer what you wish for"
    )
    return _listing(lead, [term.label for term in found])


def _near(view: View, goal: Any, first: str, second: str) -> bool:
    """Whether two entries are the same or near, by the word list alone: an encoder learns from everybody."""
    return near(view.reader.cohort, (goal.mentors, goal.mentees), (first, second), {}) > 0


def _in_common(goal: Any, view: View) -> str:
    """Entries of both lists, in the reader's own words."""
    both = (goal.column, goal.column) if hasattr(goal, "column") else (goal.mentors, goal.mentees)
    mine, others = both if view.role == "mentor" else both[::-1]
    if not (view.own(mine) and may_read(view.other, others)):
        return ""
    theirs = {term.key for term in view.other[others]}
    shared = [term.label for term in view.reader[mine] if term.key in theirs]
    return _listing(f"you have {_words(mine)} in common", shared)


def _same(goal: Any, view: View) -> str:
    if not view.open(goal.column) or goal.score_pair(*view.pair) != 1.0:
        return ""
    return f"you have the same {_words(goal.column)}"


def _suits(words: str) -> Callable[[Any, View], str]:
    """A reason without evidence: all fields are open, and the goal is at least half reached."""

    def told(goal: Any, view: View) -> str:
        score = goal.score_pair(*view.pair) if view.open(*goal.fields) else None
        return words if score is not None and score >= ENOUGH else ""

    return told


def _close(goal: Any, view: View) -> str:
    return _suits(f"you are close in {_words(goal.column)}")(goal, view)


def _experience(goal: Any, view: View) -> str:
    """Where the one has worked, and the other works or has worked too; in the reader's words."""
    function, past = goal.fields
    read = {name: entries(view.other, name) for name in goal.fields if may_read(view.other, name)}
    mine = {name: entries(view.reader, name) for name in goal.fields if view.own(name)}
    for ours, theirs, words in (
        (function, past, "they have worked in your function"),
        (past, function, "you have worked in their function"),
        (past, past, "you have both worked in the same function before"),
    ):
        if mine.get(ours, frozenset()) & read.get(theirs, frozenset()):
            return words
    return ""


def _listing(lead: str, labels: list[str]) -> str:
    """The entries in alphabetical order, which tells nothing of what somebody wrote first."""
    shown = sorted({one_line(label, 60) for label in labels}, key=lambda label: (label.casefold(), label))
    more = f" and {len(shown) - MOST_ENTRIES} more" if len(shown) > MOST_ENTRIES else ""
    return f"{lead}: {', '.join(shown[:MOST_ENTRIES])}{more}" if shown else ""


def _words(name: str) -> str:
    return one_line(name.replace("_", " "), 60)


TELLERS: Mapping[type, Callable[[Any, View], str]] = {
    goals.TopicCoverage: _coverage,
    goals.Reciprocity: _coverage,
    goals.SharedTerms: _in_common,
    goals.SharedHobbies: _in_common,
    goals.Overlap: _in_common,
    goals.Same: _same,
    goals.Closeness: _close,
    goals.LevelGapTable: _suits("your levels suit each other"),
    goals.WorkingStyle: _suits("you like to work in a similar way"),
    goals.PastExperience: _experience,
}
"""How each goal of the library is told; what is not here is told to no partner."""
