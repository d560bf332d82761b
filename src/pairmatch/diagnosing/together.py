"""People without a partner who are told of together, because the same is true of all of them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from pairmatch.blocking import BlockingSet
from pairmatch.diagnosing.diagnosed import Diagnosed
from pairmatch.errors import counted, listed, shown

__all__ = ["Together", "together"]

FEW = 6
"""More ids than a sentence names: the others are only counted."""


@dataclass(frozen=True, slots=True)
class Together:
    """People of one role of whom the same sentence is true.

    Attributes
    ----------
    role
        Their role.
    people
        All of them, at least one.
    """

    role: str
    people: tuple[Diagnosed, ...]

    @property
    def why(self) -> str:
        """Why they have no partner, in one sentence."""
        sets = [one.blocking for one in self.people if one.kind == "blocking_set" and one.blocking]
        if len(self.people) == 1 or not sets:
            return self.people[0].why
        return self._blocked(sets)

    def _blocked(self, sets: Sequence[BlockingSet]) -> str:
        """The union of blocking sets over the same partners: too few places for all of them, too."""
        own, other = {one.id for one in self.people}, "mentee" if self.role == "mentor" else "mentor"
        beside = {who for one in sets for who in one.people} - own
        who = f"they and {counted(len(beside), f'other {self.role}')}" if beside else "they"
        partners, places = sets[0].partners, sets[0].places
        have = "has" if len(partners) == 1 else "have"
        whom = f"{counted(len(partners), other)} ({_named(partners)})"
        return f"{who} can be paired only with {whom}, who {have} {counted(places, 'place')} in all"

    def __str__(self) -> str:
        """The people and why, in one line."""
        if len(self.people) == 1:
            return f"{self.role} {shown(self.people[0].id)} has no partner: {self.why}"
        names = _named([one.id for one in self.people])
        same = "" if self.people[0].kind == "blocking_set" else ", for the same reason"
        return f"{counted(len(self.people), self.role)} ({names}) have no partner{same}: {self.why}"


def together(people: Sequence[Diagnosed]) -> list[Together]:
    """Put together those who share a blocking set's partners, or the very sentence; in their order.

    Parameters
    ----------
    people
        Those who have no partner.
    """
    found: dict[Hashable, list[Diagnosed]] = {}
    for one in people:
        found.setdefault(_shared(one), []).append(one)
    return [Together(members[0].role, tuple(members)) for members in found.values()]


def _shared(one: Diagnosed) -> Hashable:
    if one.kind == "blocking_set" and one.blocking is not None:
        return one.role, one.kind, frozenset(one.blocking.partners)
    return one.role, one.kind, one.why


def _named(ids: Sequence[str]) -> str:
    return listed([*map(shown, ids[:FEW]), *ids[FEW:]])
