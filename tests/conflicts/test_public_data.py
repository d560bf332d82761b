"""The UK civil service tables with a minimum that they cannot meet, checked by matchings of networkx."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest

import pairmatch as pm
from pairmatch import rules
from pairmatch.cohort import Block
from pairmatch.conflict import Conflict
from pairmatch.conflicts import with_conflict
from pairmatch.parameters import label_of
from pairmatch.scoring import fit
from tests.test_civil_service import MENTEES, WITH_CONSENT, tables, written


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> tuple[pm.Cohort, pm.Policy]:
    """Everybody once, and every mentee must have a mentor."""
    path: Path = tmp_path_factory.mktemp("policy") / "policy.toml"
    policy_file = written(path, MENTEES, 1, WITH_CONSENT)
    cohort = pm.Cohort.read(*tables(), schema=pm.Schema.read(policy_file))
    policy = pm.Policy.read(policy_file)
    return cohort, replace(policy, rules=(*policy.rules, rules.Minimum(mentees=1)))


def test_a_hall_set_among_fifty(programme: tuple[pm.Cohort, pm.Policy]) -> None:
    """The people named cannot all be served under the rules named, and without any one of them they can."""
    cohort, policy = programme
    with pytest.raises(pm.InfeasibleError) as caught:
        pm.match(cohort, policy)
    conflict = caught.value.conflict
    assert conflict is not None
    assert (conflict.proven, conflict.minimal, conflict.each_needed, conflict.others) == (True,) * 4
    members = {(member.rule, member.side): member.ids for member in conflict.members}
    mentees, mentors = members["minimum", "mentees"], members.get(("own capacity", "mentors"), ())
    named = [rule for rule, side in members if not side]
    short = len(mentees) - served(cohort, policy, named, mentees, mentors)
    assert short == 1
    for who in mentees:
        left = [other for other in mentees if other != who]
        assert served(cohort, policy, named, left, mentors) == len(left)
    for who in mentors:
        left = [other for other in mentors if other != who]
        assert served(cohort, policy, named, mentees, left) == len(mentees)
    for rule in named:
        left = [other for other in named if other != rule]
        assert served(cohort, policy, left, mentees, mentors) == len(mentees)


def served(
    cohort: pm.Cohort, policy: pm.Policy, named: Iterable[str], mentees: Iterable[str], mentors: Iterable[str]
) -> int:
    """How many of some mentees can be served under some rules, where some mentors have one place only."""
    block = Block.whole(cohort)
    chosen = [rule for rule in policy.pair_rules if label_of(rule) in set(named)]
    allowed = [rule.allowed(block) for rule in chosen]
    ways, single = nx.DiGraph(), set(mentors)
    for mentee in mentees:
        ways.add_edge("source", ("mentee", mentee), capacity=1)
        for row, mentor in enumerate(cohort.mentors.ids):
            column = cohort.mentees.position(mentee)
            if all(matrix[row, column] for matrix in allowed):
                ways.add_edge(("mentee", mentee), ("mentor", mentor), capacity=1)
    for mentor in cohort.mentors.ids:
        ways.add_edge(("mentor", mentor), "sink", **({"capacity": 1} if mentor in single else {}))
    return int(nx.maximum_flow_value(ways, "source", "sink"))


def test_it_is_quick(programme: tuple[pm.Cohort, pm.Policy]) -> None:
    """Far below a second among fifty."""
    cohort, policy = programme
    fitted = fit(cohort, policy)
    started = time.process_time()
    error = with_conflict(pm.InfeasibleError([]), cohort, policy, fitted)
    assert isinstance(error.conflict, Conflict)
    assert time.process_time() - started < 1
