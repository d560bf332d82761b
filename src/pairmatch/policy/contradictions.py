"""Rules of which one forbids what another asks for."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from math import inf
from typing import TYPE_CHECKING, Any

from pairmatch import rules as rule_room
from pairmatch.errors import listed
from pairmatch.parameters import Checks, label_of

if TYPE_CHECKING:
    from pairmatch.policy.exceptions import Exempt

__all__ = ["check_contradictions"]


def check_contradictions(checks: Checks, rules: Sequence[Any], exceptions: Sequence[Exempt] = ()) -> None:
    """Note rules of which one forbids what another asks for, and makes no exception of it."""
    for must, may in permutations(rules, 2):
        if isinstance(must, rule_room.Required) and isinstance(may, rule_room.Forbidden):
            excepted = {(one.mentor, one.mentee) for one in exceptions if one.rule == label_of(may)}
            wrong = set(may.pairs) - excepted
            both = [f"{mentor} and {mentee}" for mentor, mentee in must.pairs if (mentor, mentee) in wrong]
            if both:
                checks.add("contradiction", "rules", f"pairs both required and forbidden: {listed(both)}.")
        if isinstance(must, rule_room.Minimum) and isinstance(may, rule_room.Capacity):
            for side in ("mentors", "mentees"):
                least, most = getattr(must, side), getattr(may, side)
                if least is not None and most is not None and least > most:
                    checks.add("contradiction", "rules", f"'minimum' is above 'capacity' for the {side}.")
        if isinstance(must, rule_room.AtLeast) and must.n > _allowed(must, may):
            hint = f"'{must.label}' and '{label_of(may)}' cannot both hold."
            checks.add("contradiction", "rules", hint)


def _allowed(must: rule_room.AtLeast, may: Any) -> float:
    """How many of those of whom one rule asks for some another one lets be."""
    if isinstance(may, rule_room.AtMost) and (may.of, may.where) == (must.of, must.where):
        return may.n
    return may.at_most if isinstance(may, rule_room.MentorsChosen) and must.of == "mentors" else inf
