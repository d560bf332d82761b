"""A proof that some people cannot all have a partner."""

from __future__ import annotations

from dataclasses import dataclass

from pairmatch.errors import counted, listed, shown

__all__ = ["BlockingSet"]


FEW = 6
"""More ids than a sentence names: the others are only counted."""


@dataclass(frozen=True, slots=True)
class BlockingSet:
    """People who cannot all have a partner: all whom the rules allow them have too few places.

    Nobody can be left out of it: without any one of them the others could all be served.

    Attributes
    ----------
    role
        Role of the people: ``"mentor"`` or ``"mentee"``.
    id
        The person for whom it was looked for.
    people
        Ids of all of this role, the person first.
    partners
        Ids of everybody of the other role whom the rules and the bar allow any of them; may be empty.
    places
        How many pairs the partners may have in all: fewer than there are people.
    """

    role: str
    id: str
    people: tuple[str, ...]
    partners: tuple[str, ...]
    places: int

    def __str__(self) -> str:
        other = "mentee" if self.role == "mentor" else "mentor"
        if not self.partners:
            return f"the rules leave {self.role} {shown(self.id)} no {other} at all"
        who, whom = (listed([*map(shown, some[:FEW]), *some[FEW:]]) for some in (self.people, self.partners))
        have = "has" if len(self.partners) == 1 else "have"
        own, partners = counted(len(self.people), self.role), counted(len(self.partners), other)
        places = f"who {have} {counted(self.places, 'place')} in all"
        return f"{own} ({who}) can be paired only with {partners} ({whom}), {places}"
