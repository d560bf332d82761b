"""What the contracts are made of: many draws, both forms of a rule or goal, and who lacks what."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import is_dataclass, replace
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pairmatch.cohort import Block, Cohort, Person
from pairmatch.testing.draws import permutations
from pairmatch.testing.tables import Tables

__all__ = [
    "Watched",
    "assert_evidence",
    "assert_frozen",
    "assert_named",
    "bare",
    "by_pair",
    "fitting",
    "for_all",
    "lacking_by_reading",
    "parts",
    "pickled",
    "thinned",
]

OF_EVERYBODY = ("id", "active", "level", "manager", "dotted_managers", "time_zone")

PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
"""All but the explaining, which takes longer than reading the few people that are left."""

PATIENT = (HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large)


def for_all(test: Callable[..., None], *drawn: st.SearchStrategy[Any]) -> None:
    """Run a test for a fifth of the examples of Hypothesis's profile: a contract has many tests."""
    few = max(10, settings().max_examples // 5)
    limits = settings(max_examples=few, phases=PHASES, deadline=None, suppress_health_check=PATIENT)
    limits(given(*drawn)(test))()


def thinned(tables: st.SearchStrategy[Tables], part: Any) -> st.SearchStrategy[Tables]:
    """Tables with the columns that a rule or goal names, and those of the organisation; all if it names none.

    A few columns make a cohort several times faster than many, and one that reads more than it names fails.
    """
    fields = getattr(part, "fields", ())
    return tables.map(lambda drawn: drawn.only(*OF_EVERYBODY, *fields)) if fields else tables


def bare(drawn: Tables, *columns: str) -> Cohort:
    """The drawn cohort without some columns and without the organisation chart."""
    return replace(drawn.without(*columns), org=None, outside_managers="allow").cohort()


def fitting(drawn: Tables, part: Any) -> Cohort:
    """The drawn cohort, if the rule or goal says that it fits it; another draw if not."""
    cohort = drawn.cohort()
    assume(not (hasattr(part, "needs") and part.needs(cohort)))
    return cohort


def by_pair(block: Block, judge: Callable[[Person, Person], Any]) -> list[list[Any]]:
    """What a reference form says of each pair of a block."""
    mentors = [block.cohort.mentors.person(row) for row in block.mentor_positions.tolist()]
    mentees = [block.cohort.mentees.person(row) for row in block.mentee_positions.tolist()]
    return [[judge(mentor, mentee) for mentee in mentees] for mentor in mentors]


def parts(cohort: Cohort) -> st.SearchStrategy[tuple[list[int], list[int]]]:
    """Rows of some mentors and some mentees, in any order."""
    n, m = len(cohort.mentors), len(cohort.mentees)
    orders = st.tuples(permutations(n), permutations(m), st.integers(0, n), st.integers(0, m))
    return orders.map(lambda drawn: (drawn[0][: drawn[2]], drawn[1][: drawn[3]]))


def assert_evidence(part: Any, block: Block, asked: Callable[[Person, Person], bool]) -> None:
    """What a rule or goal tells of its evidence is one line of text, for every pair of which it is asked."""
    if hasattr(part, "evidence"):
        told = by_pair(block, lambda *pair: part.evidence(*pair) if asked(*pair) else "")
        texts = [text for row in told for text in row]
        assert all(isinstance(text, str) and text.isprintable() for text in texts), (
            "evidence(mentor, mentee) is one line of text"
        )


def assert_named(part: Any, registry: Mapping[str, Any]) -> None:
    """The name is in snake case; one that the library uses is used for that very class."""
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", part.name), "the name is to be in snake case"
    known = registry.get(part.name)
    assert known is None or isinstance(part, known), f"'{part.name}' is the name of another one, in pairmatch"
    if known is type(part):
        assert part.name == re.sub(r"(?<!^)(?=[A-Z])", "_", known.__name__).lower()
    for attribute in ("label", "description"):
        text = getattr(part, attribute, part.name)
        assert isinstance(text, str), f"the {attribute} is to be a text"
        assert text.strip(), f"the {attribute} is blank"


def assert_frozen(part: Any) -> None:
    """A dataclass is frozen and hashable, so that a policy that holds it cannot change."""
    if is_dataclass(part):
        parameters: Any = getattr(part, "__dataclass_params__", None)
        assert parameters.frozen, "write @dataclass(frozen=True)"
        assert hash(part) == hash(pickled(part))
        assert part == pickled(part)


def pickled(part: Any) -> Any:
    """A copy that went through pickle, as on its way to another process."""
    return pickle.loads(pickle.dumps(part))


class Watched(Mapping[str, Any]):
    """A person who notes which fields were read, and whether they were blank."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self.read: dict[str, bool] = {}

    def __getitem__(self, name: str) -> Any:
        value = self._person[name]
        self.read[name] = value is None or value == ()
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._person)

    def __len__(self) -> int:
        return len(self._person)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._person, name)

    @property
    def blank(self) -> bool:
        """Whether a blank field was read."""
        return any(self.read.values())

    @property
    def all_blank(self) -> bool:
        """Whether fields were read and all of them were blank."""
        return bool(self.read) and all(self.read.values())


def lacking_by_reading(rule: Any, block: Block) -> NDArray[np.bool_]:
    """The pairs of which the reference form of a rule read a blank field."""

    def lacks(mentor: Person, mentee: Person) -> bool:
        ours, theirs = Watched(mentor), Watched(mentee)
        rule.allowed_pair(ours, theirs)
        return ours.blank or theirs.blank

    return np.array(by_pair(block, lacks), np.bool_).reshape(block.shape)
