"""Who takes on a sensitive topic was trained for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.comparing import in_words
from pairmatch.errors import Finding
from pairmatch.parameters import Checks, absent_fields, set_field, told
from pairmatch.rules.protocol import Bools
from pairmatch.terms import Term

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Person, Profiles

__all__ = ["TrainedFor"]

TRAINED, WANTED = "trained_for", "topics_wanted"


@dataclass(frozen=True)
class TrainedFor:
    """Forbids a mentee who wants a sensitive topic all mentors who were not trained for it.

    A wish falls under one of ``topics`` if it is that topic or a narrower one in the cohort's thesaurus. Who
    is to be trained has, in ``trained_for``, the topic that was wished for or a wider one. A blank
    ``trained_for`` says that a person was trained for nothing; a mentee without wishes wants no such topic.

    Parameters
    ----------
    topics
        The sensitive topics, one text or several.
    of
        ``"mentors"``, or ``"both"``: the mentees who want such a topic too.

    Examples
    --------
    >>> from pairmatch import rules
    >>> rules.TrainedFor(["equality, diversity and inclusion", "wellbeing"]).description
    'the mentor of who wants equality, diversity and inclusion or wellbeing was trained for it'
    """

    name: ClassVar[str] = "trained_for"
    fields: ClassVar[tuple[str, ...]] = (TRAINED, WANTED)

    topics: tuple[str, ...]
    of: Literal["mentors", "both"] = field(default="mentors", kw_only=True)

    def __post_init__(self) -> None:
        checks = Checks(self.name)
        set_field(self, "topics", _texts(checks, self.topics))
        checks.choice("of", self.of, ("mentors", "both"))
        checks.done()

    @property
    def label(self) -> str:
        """The rule's key in tables."""
        return f"{self.name}({', '.join(self.topics)})"

    @property
    def description(self) -> str:
        """The rule as a sentence."""
        topics = " or ".join(self.topics)
        if self.of == "mentors":
            return f"the mentor of who wants {topics} was trained for it"
        return f"who wants {topics} was trained for it, and so was the mentor"

    def needs(self, cohort: Cohort) -> list[Finding]:
        """What the rule needs and the cohort does not have."""
        mentees = [WANTED] if self.of == "mentors" else [WANTED, TRAINED]
        return absent_fields(cohort, self.label, [TRAINED], mentees)

    def lacking(self, cohort: Cohort) -> tuple[Bools, Bools]:
        """Nobody: a blank cell says that a person was trained for nothing, or wants nothing."""
        return np.zeros(len(cohort.mentors), np.bool_), np.zeros(len(cohort.mentees), np.bool_)

    def remarks(self, cohort: Cohort) -> list[Finding]:
        """That no active mentee wants such a topic, so that the rule checks nothing."""
        wished = zip(_meant(cohort, cohort.mentees, WANTED), cohort.mentees.active.tolist(), strict=True)
        if self._sensitive(cohort, {key for keys, active in wished if active for key in keys}):
            return []
        hint = "no mentee wants one of these topics; check how they are written"
        return [Finding("rule_without_effect", hint, "policy", column=self.label)]

    def _sensitive(self, cohort: Cohort, wished: set[str]) -> list[str]:
        """Those of the keys that fall under one of the topics, sorted."""
        thesaurus = cohort.thesaurus
        topics = [thesaurus.key(topic) for topic in self.topics]
        return sorted(key for key in wished if any(thesaurus.is_a(key, topic) for topic in topics))

    def allowed(self, block: Block) -> Bools:
        """Which pairs of a block are allowed; a row where nobody wants such a topic."""
        wishes = self._told(block.cohort)
        if wishes.enough.all():
            return block.of_mentees(wishes.mentees)
        return block.looked_up(wishes.enough, wishes.who, wishes.which) & block.of_mentees(wishes.mentees)

    def keys(self, cohort: Cohort) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """A number for each mentor and each mentee; whoever has the same is allowed the same partners."""
        wishes = self._told(cohort)
        return wishes.who, 2 * wishes.which + wishes.mentees

    def _told(self, cohort: Cohort) -> _Wishes:
        return cohort.cached((self.name, self), lambda: self._wishes(cohort))

    def _wishes(self, cohort: Cohort) -> _Wishes:
        """What the cohort's mentees want of the sensitive topics, and who was trained for it."""
        thesaurus = cohort.thesaurus
        wished = _meant(cohort, cohort.mentees, WANTED)
        keys = self._sensitive(cohort, {key for own in wished for key in own})

        def trained(people: Profiles) -> Bools:
            return _marked(_meant(cohort, people, TRAINED), keys, lambda own, key: thesaurus.is_a(key, own))

        wants = _marked(wished, keys, lambda own, key: own == key)
        may = np.ones(len(wants), np.bool_)
        if self.of == "both":
            may = np.asarray((~wants | trained(cohort.mentees)).all(axis=1))
        sets, which = np.unique(wants, axis=0, return_inverse=True)
        lacks, who = np.unique(~trained(cohort.mentors), axis=0, return_inverse=True)
        enough = lacks.astype(np.float32) @ sets.T.astype(np.float32) == 0
        return _Wishes(enough, who.ravel(), which.ravel(), may)

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """Whether one pair is allowed, in plain Python."""
        return not any(self._untrained(mentor, mentee))

    def evidence(self, mentor: Person, mentee: Person) -> str:
        """Who was not trained for what."""
        roles = [person.side.removesuffix("s") for person in self._asked(mentor, mentee)]
        untrained = zip(roles, self._untrained(mentor, mentee), strict=True)
        return "; ".join(f"{role} not trained for {in_words(wishes)}" for role, wishes in untrained if wishes)

    def _asked(self, mentor: Person, mentee: Person) -> tuple[Person, ...]:
        return (mentor,) if self.of == "mentors" else (mentor, mentee)

    def _untrained(self, mentor: Person, mentee: Person) -> Iterator[tuple[Term, ...]]:
        """Of each person who is asked, the sensitive wishes for which they were not trained."""
        thesaurus = mentor.cohort.thesaurus
        topics = [thesaurus.key(topic) for topic in self.topics]
        wishes = {wish: thesaurus.key(wish.label) for wish in mentee[WANTED]}
        sensitive = {
            wish: key for wish, key in wishes.items() if any(thesaurus.is_a(key, topic) for topic in topics)
        }
        for person in self._asked(mentor, mentee):
            trained = [thesaurus.key(own.label) for own in person[TRAINED]]
            yield tuple(
                wish
                for wish, key in sensitive.items()
                if not any(thesaurus.is_a(key, own) for own in trained)
            )


class _Wishes(NamedTuple):
    """Sensitive wishes: many have the same, so each set of them is held against each set of lacks once.

    Attributes
    ----------
    enough
        Sets of topics that a mentor was not trained for × sets of wishes: whether they have none in common.
    who, which
        The set of each mentor and of each mentee.
    mentees
        Who of the mentees may be mentored in what they want.
    """

    enough: Bools
    who: NDArray[np.intp]
    which: NDArray[np.intp]
    mentees: Bools


def _meant(cohort: Cohort, people: Profiles, field_: str) -> list[list[str]]:
    """What each person's entries mean, whether or not the field is compared by meaning elsewhere."""
    key = cohort.thesaurus.key
    return [[key(term.label) for term in terms] for terms in people.terms(field_)]


def _marked(
    lists: list[list[str]], keys: list[str], matches: Callable[[str, str], bool]
) -> NDArray[np.bool_]:
    """People × keys: whether an entry of a person's list matches the key; each entry is looked up once."""
    owned = {entry for entries in lists for entry in entries}
    of = {own: np.array([matches(own, key) for key in keys], np.bool_) for own in owned}
    marked = np.zeros((len(lists), len(keys)), np.bool_)
    for row, entries in enumerate(lists):
        for entry in entries:
            marked[row] |= of[entry]
    return marked


def _texts(checks: Checks, value: object) -> tuple[str, ...]:
    """One text or several, none twice."""
    given = (value,) if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not given:
        checks.add("bad_topics", "topics", f"'topics' must be a text or a list of texts, not {told(value)}.")
        return ()
    return tuple(dict.fromkeys(checks.text("topics", topic) for topic in given))
