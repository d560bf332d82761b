"""How everybody who took part fared in a matching: with a partner or without, and how well they suit."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pairmatch.problem import RESOLUTION

if TYPE_CHECKING:
    from pairmatch.matching import Matching

__all__ = ["SIDES", "Fared", "digest", "fared"]

SIDES = ("mentors", "mentees")

RESTING = ("not_active", "no_place")
"""Reasons of people who asked for no partner, or have no room for one."""

BARRED = "not_eligible"
"""Reason of people whom a rule about people does not admit."""


@dataclass(frozen=True, slots=True)
class Fared:
    """How one person who took part fared.

    Attributes
    ----------
    admitted
        Whether the rules about people let the person have a partner.
    weight
        Mean weight of the person's pairs, in [0, 1]; None without a pair.
    wish_met
        Whether a partner is one whom the person wished for; None where the person wished for nobody.
    """

    admitted: bool
    weight: float | None
    wish_met: bool | None


def fared(matching: Matching, side: str) -> Mapping[str, Fared]:
    """How everybody of one side fared who takes part and has room for a partner, by id."""
    role = side[:-1]
    weights: dict[str, list[int]] = defaultdict(list)
    for pair in matching.made:
        weights[pair.mentor if role == "mentor" else pair.mentee].append(pair.weight)
    met = _wishes_met(matching, role)
    found = {who: Fared(True, sum(own) / len(own) / RESOLUTION, met.get(who)) for who, own in weights.items()}
    for person in matching.left:
        if person.role == role and person.reason not in RESTING:
            found[person.id] = Fared(person.reason != BARRED, None, met.get(person.id))
    return found


def _wishes_met(matching: Matching, role: str) -> Mapping[str, bool]:
    """For everybody of a role who wished for somebody, whether they have one of those."""
    wishes = matching.cohort.preferences
    made = {(pair.mentor, pair.mentee) for pair in matching.made}
    met: dict[str, bool] = {}
    for pair in () if wishes is None else wishes.ranks(role):
        who = pair[0] if role == "mentor" else pair[1]
        met[who] = met.get(who, False) or pair in made
    return met


def digest(matching: Matching) -> str:
    """What a matching is known by: a hash of its cohort, its policy and its pairs."""
    pairs = sorted((pair.mentor, pair.mentee) for pair in matching.made)
    told = json.dumps([matching.cohort.fingerprint, matching.policy.fingerprint, pairs])
    return hashlib.sha256(told.encode()).hexdigest()
