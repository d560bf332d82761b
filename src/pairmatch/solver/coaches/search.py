"""Pairs and coaches by CP-SAT among few columns: what rounding the prices' answer left open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.groups import Group, span
from pairmatch.problem import MINIMUMS, Problem
from pairmatch.solver.clock import Clock
from pairmatch.solver.coaches.gains import PAIR_TIERS, CoachGains, Columns, person_gains
from pairmatch.solver.faces import is_required

__all__ = ["Searched", "searched"]


@dataclass(frozen=True)
class Searched:
    """Chosen columns, and whether none are better.

    Attributes
    ----------
    chosen
        Which of the columns.
    best
        Whether no other choice among them reaches more.
    """

    chosen: NDArray[np.intp]
    best: bool


def searched(
    gains: CoachGains,
    columns: Columns,
    tier: str,
    targets: Mapping[str, int],
    hint: NDArray[np.bool_],
    effort: float,
    clock: Clock,
) -> Searched | None:
    """The best choice of columns for a tier that keeps the earlier ones; None where none was found in time.

    Parameters
    ----------
    gains, columns
        The problem and what may be chosen.
    tier
        What is maximised.
    targets
        Values that the earlier tiers keep.
    hint
        Columns to start from.
    effort
        Work after which the best so far is taken: the same everywhere, unlike seconds.
    clock
        Ends the search too.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in columns.pair]
    _bounds(model, gains, columns, taken)
    short = _short(model, gains, columns, taken)
    for name, value in targets.items():
        if name == MINIMUMS:
            continue
        model.add(_value(cp_model, model, gains, columns, taken, name, short) >= value)
    model.maximize(_value(cp_model, model, gains, columns, taken, tier, short))
    for variable, on in zip(taken, hint.tolist(), strict=True):
        model.add_hint(variable, on)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = effort
    if clock.limit is not None:
        solver.parameters.max_time_in_seconds = max(clock.left, 0.01)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    chosen = np.array([k for k, variable in enumerate(taken) if solver.boolean_value(variable)], np.intp)
    return Searched(chosen, status == cp_model.OPTIMAL)


def _bounds(model: Any, gains: CoachGains, columns: Columns, taken: list[Any]) -> None:
    """Everybody's capacities and minimums, required pairs, and one column of each pair."""
    problem, loads = gains.problem, gains.problem.loads
    has = np.flatnonzero(columns.coach < gains.size)
    sides = (
        (problem.mentor[columns.pair], loads.mentor_capacity, loads.mentor_minimum),
        (problem.mentee[columns.pair], loads.mentee_capacity, loads.mentee_minimum),
    )
    for person, capacity, minimum in sides:
        for who, members in _members(person, np.arange(len(person))):
            _between(model, [taken[k] for k in members], int(minimum[who]), int(capacity[who]))
    for coach, members in _members(columns.coach[has], has):
        _between(model, [taken[k] for k in members], 0, int(gains.coaching.capacity[coach]))
    required = is_required(problem)
    for pair, members in _members(columns.pair, np.arange(len(columns.pair))):
        _between(model, [taken[k] for k in members], int(required[pair]), 1)


def _between(model: Any, variables: list[Any], least: int, most: int) -> None:
    if most == 1 and least == 0:
        if len(variables) > 1:
            model.add_at_most_one(variables)
    elif len(variables) > most or least > 0:
        model.add_linear_constraint(sum(variables), least, most)


def _members(who: NDArray[Any], at: NDArray[np.intp]) -> list[tuple[int, list[int]]]:
    """For each person, pair or coach, where they stand."""
    order = np.argsort(who, kind="stable")
    people, starts = np.unique(who[order], return_index=True)
    groups = np.split(at[order], starts[1:]) if len(people) else []
    return [(int(one), group.tolist()) for one, group in zip(people, groups, strict=True)]


def _short(model: Any, gains: CoachGains, columns: Columns, taken: list[Any]) -> list[tuple[Any, int]]:
    """How many are short in each group, with what one costs; quotas are kept."""
    problem, found = gains.problem, []
    for group in problem.groups:
        count = _count(model, problem, group, columns, taken)
        if group.least is not None:
            model.add(count >= group.least)
        if group.most is not None:
            model.add(count <= group.most)
        for bound, sign in ((group.target, -1), (group.limit, 1)):
            if bound is not None and group.price:
                low, high = span(group, problem.loads)
                short = model.new_int_var(0, max(bound - low, high - bound, 0), "")
                model.add(sign * count - short <= sign * bound)
                found.append((short, group.price))
    return found


def _count(model: Any, problem: Problem, group: Group, columns: Columns, taken: list[Any]) -> Any:
    """A group's count as an expression."""
    mentor, mentee = problem.mentor[columns.pair], problem.mentee[columns.pair]
    each = np.zeros(len(taken), np.int64) if group.pairs is None else group.pairs.of(mentor, mentee)
    terms: list[Any] = []
    sides = (
        (mentor, group.mentors, problem.loads.mentor_capacity),
        (mentee, group.mentees, problem.loads.mentee_capacity),
    )
    for person, own, capacity in sides:
        if own is None:
            continue
        single = capacity[person] <= 1
        each = each + np.where(single, own[person], 0)
        others = np.flatnonzero(~single & (own[person] != 0))
        for who, members in _members(person[others], others):
            flag = model.new_bool_var("")
            model.add_max_equality(flag, [taken[k] for k in members])
            terms.append(int(own[who]) * flag)
    terms += [int(each[k]) * taken[k] for k in np.flatnonzero(each).tolist()]
    return sum(terms)


def _value(
    cp: Any,
    model: Any,
    gains: CoachGains,
    columns: Columns,
    taken: list[Any],
    tier: str,
    short: list[tuple[Any, int]],
) -> Any:
    """A tier's value as an expression."""
    if tier in PAIR_TIERS:
        value = cp.LinearExpr.weighted_sum(taken, gains.of(columns, tier).tolist())
        return value - sum(price * one for one, price in short) if tier == "total" and short else value
    if tier == "spread":
        return sum(-price * one for one, price in short)
    problem, parts = gains.problem, []
    for person, times in zip((problem.mentor, problem.mentee), person_gains(problem, tier), strict=True):
        for who, members in _members(person[columns.pair], np.arange(len(taken))) if times.any() else []:
            if times[who]:
                flag = model.new_bool_var("")
                model.add(sum(taken[k] for k in members) >= flag)
                parts.append(int(times[who]) * flag)
    return sum(parts)
