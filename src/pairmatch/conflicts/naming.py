"""Demands in words: the members of a conflict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pairmatch.conflict import Member
from pairmatch.conflicts.reading import OWN_CAPACITY, OWN_MINIMUM, RUNNING
from pairmatch.conflicts.system import Bools, Demand, Kind, System
from pairmatch.errors import counted, shown
from pairmatch.parameters import label_of
from pairmatch.scoring import MINIMUM_WEIGHT

if TYPE_CHECKING:
    from pairmatch.policy import Policy

__all__ = ["ROLES", "SIDES", "grouped", "is_withheld", "members", "name_of", "pair_of"]

SIDES, ROLES = ("mentors", "mentees"), ("mentor", "mentee")

Crowd = tuple[Demand, ...]


def grouped(system: System, on: Bools) -> list[Crowd]:
    """Some of the demands, those of one rule about one side together: rules first, then bounds on people."""
    crowds: dict[tuple[int, str, int], list[Demand]] = {}
    for demand in system.chosen(on):
        crowds.setdefault((demand.kind, demand.label, demand.side), []).append(demand)
    return [tuple(crowds[key]) for key in sorted(crowds, key=lambda key: key[0])]


def is_withheld(system: System, on: Bools) -> bool:
    """Whether naming people, or telling how many, would tell who is in a protected group (law §12)."""
    labels = [demand.label for demand in system.chosen(on & system.of(Kind.QUOTA))]
    return any(group.protected for label in labels for group in system.quotas[label])


def members(system: System, on: Bools, policy: Policy) -> tuple[Member, ...]:
    """Some of the demands in words."""
    withheld = is_withheld(system, on)
    return tuple(_member(system, crowd, policy, withheld) for crowd in grouped(system, on))


def name_of(demand: Demand, system: System) -> str:
    """The id of the person whom a demand is about."""
    return system.ids[demand.side][demand.person]


def pair_of(demand: Demand, system: System) -> tuple[str, str]:
    """The ids of the pair that a demand is about."""
    return system.ids[0][demand.person], system.ids[1][demand.partner]


def described(policy: Policy, label: str) -> str:
    """What a rule asks, as a sentence."""
    if label == MINIMUM_WEIGHT:
        return "no pair weighs less than the policy's minimum weight"
    rule = next((rule for rule in policy.rules if label_of(rule) == label), None)
    return str(getattr(rule, "description", "") or f"what the rule '{shown(label)}' asks")


def _member(system: System, crowd: Crowd, policy: Policy, withheld: bool) -> Member:
    first = crowd[0]
    if first.kind in (Kind.RULE, Kind.QUOTA):
        return Member(first.label, described(policy, first.label))
    if first.kind == Kind.REQUIRED:
        pairs = () if withheld else tuple(" + ".join(pair_of(one, system)) for one in crowd)
        return Member(first.label, _required(first.label, len(crowd), withheld), "pairs", pairs)
    ids = () if withheld else tuple(sorted(name_of(demand, system) for demand in crowd))
    words = _withheld(first, policy) if withheld else _bounded(crowd)
    return Member(first.label, words, SIDES[first.side], ids)


def _required(label: str, pairs: int, withheld: bool) -> str:
    what = "running pairs go on" if label == RUNNING else "pairs are required"
    if withheld:
        return f"some {what}"
    if pairs > 1:
        return f"these {pairs} {what}"
    return "this running pair goes on" if label == RUNNING else "this pair is required"


def _withheld(demand: Demand, policy: Policy) -> str:
    """A bound on people who must not be named."""
    if demand.label not in (OWN_CAPACITY, OWN_MINIMUM):
        return described(policy, demand.label)
    bound = "fewest" if demand.kind == Kind.MINIMUM else "most"
    return f"what some {SIDES[demand.side]} have as their {bound} pairs"


def _bounded(crowd: Sequence[Demand]) -> str:
    """A bound on people in words."""
    first, people = crowd[0], len(crowd)
    who = f"this {ROLES[first.side]}" if people == 1 else f"these {people} {SIDES[first.side]}"
    have = "has" if people == 1 else "have"
    if first.kind == Kind.HOURS:
        stay = "stay within their budget" if people > 1 else "stay within the budget"
        return f"the hours that {who} {'gives' if people == 1 else 'give'} per month {stay}"
    if first.kind == Kind.CAPACITY and not any(demand.value for demand in crowd):
        return f"{who} {have} no place"
    bound = "at least" if first.kind == Kind.MINIMUM else "at most"
    total = sum(demand.value for demand in crowd)
    if people > 1 and len({demand.value for demand in crowd}) == 1 and first.kind == Kind.MINIMUM:
        return f"each of {who} has {bound} {counted(first.value, 'pair')}"
    in_all = " in all" if people > 1 else ""
    return f"{who} {have} {bound} {counted(total, 'pair')}{in_all}"
