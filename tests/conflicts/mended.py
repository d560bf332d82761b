"""A programme with a repair carried out, as a programme lead would do it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

import pairmatch as pm
from pairmatch import rules
from pairmatch.conflict import Repair
from pairmatch.conflicts.milder import in_words
from pairmatch.parameters import label_of
from pairmatch.scoring import MINIMUM_WEIGHT
from tests.conflicts.contradictory import Programme


def mended(programme: Programme, repair: Repair) -> Programme:
    """The programme after the repair."""
    policy = programme.policy
    if repair.rule in ("own minimum", "own capacity") or repair.kind == "hours":
        return _with_cell(programme, repair)
    if repair.rule == MINIMUM_WEIGHT and repair.kind != "exception":
        bar = float(repair.words.split()[-1]) if repair.kind == "lower_bar" else None
        return replace(programme, policy=replace(policy, minimum_weight=bar))
    if repair.kind == "exception":
        pair = tuple(repair.ids[0].split(" + "))
        given = (*policy.exceptions, (repair.rule, *pair))
        return replace(programme, policy=replace(policy, exceptions=given))
    kept = [each for rule in policy.rules for each in _mended(rule, repair)]
    return replace(programme, policy=replace(policy, rules=kept))


def _with_cell(programme: Programme, repair: Repair) -> Programme:
    """One person's own number changed, or all minimums of a side lowered."""
    column = {"minimum": "minimum", "place": "capacity", "hours": "hours"}[repair.kind]
    table = pd.DataFrame(getattr(programme, repair.side)).copy()
    if not repair.ids:
        most, default = float(repair.words.split()[-1]), getattr(programme.policy, repair.side).minimum
        table[column] = table[column].astype(float).fillna(default).clip(upper=most)
        return replace(programme, **{repair.side: table})
    row = int(table.index[table["id"] == repair.ids[0]][0])
    number = (
        1.0
        if repair.words.startswith("one ")
        else float(re.findall(r"[\d.]+", repair.words)[-1 if repair.kind == "minimum" else 0])
    )
    before = 0.0 if repair.kind == "minimum" else float(table.loc[row, column])
    table[column] = table[column].astype(float)
    table.loc[row, column] = before + number
    return replace(programme, **{repair.side: table})


def _mended(rule: Any, repair: Repair) -> Iterator[Any]:
    if label_of(rule) != repair.rule:
        yield rule
    elif repair.kind == "milder_rule":
        yield next(each for each in _milder(rule) if repair.words.endswith(f": {in_words(each)}"))
    elif repair.kind == "not_required":
        left = [pair for pair in rule.pairs if " + ".join(pair) not in repair.ids]
        yield from [rules.Required(left)] if left else []
    elif repair.kind in ("minimum", "place"):
        yield replace(rule, **{repair.side: int(re.findall(r"\d+", repair.words)[0])})
    elif repair.kind == "quota":
        number = int(re.findall(r"at (?:least|most) (\d+) in place", repair.words)[0])
        yield (
            replace(rule, at_most=number)
            if isinstance(rule, rules.MentorsChosen)
            else replace(rule, n=number)
        )
    else:
        assert repair.kind == "rule_off"


def _milder(rule: Any) -> Iterator[Any]:
    if getattr(rule, "missing", "") == "forbid":
        yield replace(rule, missing="allow")
    for each in rule.milder() if hasattr(rule, "milder") else ():
        yield each
        yield from _milder(each)


def is_valid(programme: Programme) -> bool:
    """Whether a valid matching exists."""
    try:
        pm.match(programme.cohort, programme.policy)
    except pm.InfeasibleError:
        return False
    return True
