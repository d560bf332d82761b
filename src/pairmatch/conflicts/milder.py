"""Systems in which a pair rule forbids less: a milder version of it, a lower bar, single pairs excepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import is_dataclass, replace
from typing import Any

import numpy as np

from pairmatch.conflicts.reading import Source
from pairmatch.conflicts.system import Bools, Kind, System
from pairmatch.grouping import protected
from pairmatch.parameters import label_of
from pairmatch.problem import RESOLUTION
from pairmatch.scoring import MINIMUM_WEIGHT, blocks
from pairmatch.scoring.scorer import forbidden_by

__all__ = ["bars", "exceptions", "first_of", "in_words", "is_given_up", "is_open", "milder_rules", "rule_of"]

STEPS = 3
"""Steps of mildness that are tried."""

TRIED = 20
"""Pairs that are tried as exceptions."""

GRAIN = RESOLUTION // 1000
"""A lower bar is told in thousandths."""

KEPT = frozenset({"not_failed", "not_vetoed", "opted_in", "manager_agrees", "confirmed"})
"""Rules that nobody is asked to give up: what failed, what people themselves said or were promised."""

HIDDEN = frozenset({"vetoes", "preferences"})
"""Tables of which nobody is told whom they keep apart."""

Test = Callable[[System], bool]


def milder_rules(source: Source, system: System, label: str, mends: Test) -> Iterator[tuple[Any, System]]:
    """Milder versions of a rule that mend a conflict: of each way to be milder the first."""
    rule = rule_of(source, label)
    if rule is None or not is_open(source, rule):
        return
    for one in (*_versions(rule), *_lenient(source, rule)):
        step: Any = one
        for _ in range(STEPS):
            milder = system.ruled(label, system.forbidden[label] & _forbidden(source, label, step))
            if mends(milder):
                yield step, milder
                break
            following = _versions(step)
            if not following:
                break
            step = following[0]


def rule_of(source: Source, label: str) -> Any:
    """The pair rule of a label; None where it is none of the policy's."""
    return next((rule for rule in source.policy.plain_rules if label_of(rule) == label), None)


def is_given_up(rule: Any) -> bool:
    """Whether anybody may be asked to do without a rule."""
    return getattr(rule, "name", "") not in KEPT and HIDDEN.isdisjoint(getattr(rule, "tables", ()))


def is_open(source: Source, rule: Any) -> bool:
    """Whether it may be told whom a rule forbids each other: not where it reads protected fields."""
    return is_given_up(rule) and not protected(source.cohort, getattr(rule, "fields", ()))


def in_words(rule: Any) -> str:
    """What a rule asks, as a sentence."""
    words = str(getattr(rule, "description", "") or label_of(rule))
    return f"{words}, or the data are missing" if getattr(rule, "missing", "") == "allow" else words


def _versions(rule: Any) -> tuple[Any, ...]:
    return tuple(rule.milder()) if hasattr(rule, "milder") else ()


def _lenient(source: Source, rule: Any) -> tuple[Any, ...]:
    """The rule that lets those pass whose data it lacks, where there are any."""
    strict = is_dataclass(rule) and getattr(rule, "missing", "") == "forbid" and hasattr(rule, "lacking")
    if not strict or not any(flags.any() for flags in rule.lacking(source.cohort)):
        return ()
    return (replace(rule, missing="allow"),)


def _forbidden(source: Source, label: str, rule: Any) -> Bools:
    """The pairs that a rule forbids."""
    found = blocks(source.cohort, source.mentors, source.mentees)
    rows = [forbidden_by(label, rule.allowed(block), block.shape) for _, block in found]
    return np.concatenate(rows)


def bars(source: Source, system: System, suffices: Test, mends: Test) -> Iterator[tuple[float, System]]:
    """The highest bar that is enough, or else the highest that mends a conflict."""
    weights = source.weights()
    light = system.forbidden[MINIMUM_WEIGHT]
    levels = np.unique(weights[light] // GRAIN)[::-1].tolist()
    for test in (suffices, mends):
        found = first_of(levels, lambda level: _barred(system, light, weights, level), test)
        if found is not None:
            yield found[0] * GRAIN / RESOLUTION, found[1]
            return


def first_of(values: Sequence[int], made: Callable[[int], System], test: Test) -> tuple[int, System] | None:
    """The first of ever larger changes whose system passes a test: by leaps, then by halves."""
    last = len(values) - 1
    low, high, leap = 0, 0, 1
    found = None
    while low <= last and found is None:
        system = made(values[high])
        if test(system):
            found = system
        else:
            low, high, leap = high + 1, min(high + leap, last) if high < last else last + 1, 2 * leap
    if found is None:
        return None
    while low < high:
        middle = (low + high) // 2
        system = made(values[middle])
        if test(system):
            high, found = middle, system
        else:
            low = middle + 1
    return values[high], found


def _barred(system: System, light: Bools, weights: Any, level: int) -> System:
    return system.ruled(MINIMUM_WEIGHT, light & (weights < level * GRAIN))


def exceptions(
    system: System, on: Bools, label: str, mends: Test, most: int
) -> Iterator[tuple[tuple[str, str], System]]:
    """Single pairs which a rule alone forbids, and whose exception mends a conflict."""
    found = 0
    for mentor, mentee in _candidates(system, on, label)[:TRIED]:
        barred = system.forbidden[label].copy()
        barred[mentor, mentee] = False
        excepted = system.ruled(label, barred)
        if mends(excepted):
            yield (system.ids[0][mentor], system.ids[1][mentee]), excepted
            found += 1
            if found == most:
                return


def _candidates(system: System, on: Bools, label: str) -> list[tuple[int, int]]:
    """Pairs that no other rule forbids, of people who must have more pairs; required ones first."""
    alone = system.forbidden[label] & ~system.never
    for other, barred in system.forbidden.items():
        if other != label:
            alone &= ~barred
    table = system.table[on]
    required = [tuple(row) for row in table[table[:, 0] == Kind.REQUIRED][:, 2:4].tolist()]
    pairs = [(mentor, mentee) for mentor, mentee in required if alone[mentor, mentee]]
    asked = [table[(table[:, 0] == Kind.MINIMUM) & (table[:, 1] == side)][:, 2] for side in (0, 1)]
    concerned = np.zeros_like(alone)
    concerned[asked[0]] = True
    concerned[:, asked[1]] = True
    mentors, mentees = np.nonzero(alone & concerned)
    # One pair of each partner before a second one of any: whose place is free, nobody knows yet.
    partners = mentors if len(asked[1]) else mentees
    turn = np.argsort(_turns(partners), kind="stable")
    return pairs + list(zip(mentors[turn].tolist(), mentees[turn].tolist(), strict=True))


def _turns(partners: Any) -> Any:
    """How often each entry has stood before."""
    order = np.argsort(partners, kind="stable")
    ordered = partners[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=-1))
    turns = np.empty(len(partners), np.int64)
    turns[order] = np.arange(len(partners)) - np.repeat(starts, np.diff(np.append(starts, len(partners))))
    return turns
