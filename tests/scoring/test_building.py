"""From cohort and policy to the solver's arrays."""

from __future__ import annotations

import numpy as np
import pytest

from pairmatch import rules
from pairmatch.cohort import Cohort
from pairmatch.errors import InfeasibleError
from pairmatch.policy import Policy
from pairmatch.problem import RESOLUTION, Progress
from pairmatch.scoring import MINIMUM_WEIGHT, SAME_PERSON, Built, build, fit
from tests.scoring.people import SCHEMA, Given, cohort, frames, history, policy


def built(people: Cohort, terms: Policy, **how: int) -> Built:
    """The problem of a cohort with its own fit."""
    return build(people, terms, fit(people, terms), **how)


def by_id(people: Cohort, result: Built) -> dict[tuple[str, str], int]:
    """Weight of every pair of the problem, by ids."""
    problem = result.problem
    mentors = [people.mentors.ids[row] for row in result.mentors]
    mentees = [people.mentees.ids[row] for row in result.mentees]
    triples = zip(problem.mentor.tolist(), problem.mentee.tolist(), problem.weight.tolist(), strict=True)
    return {(mentors[i], mentees[j]): weight for i, j, weight in triples}


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("minimum_weight", [None, 0.45])
def test_problem_by_hand(seed: int, minimum_weight: float | None) -> None:
    """The pairs are those of active people that every rule allows and the bar lets pass."""
    people, terms = cohort(seed), policy(minimum_weight=minimum_weight)
    result = built(people, terms)
    judged = {
        (m.id, e.id): result.scorer.pair(m, e)
        for m in people.mentors
        if m.active
        for e in people.mentees
        if e.active
    }
    bar = minimum_weight or 0
    expected = {ids: p.weight for ids, p in judged.items() if p.eligible and p.weight / RESOLUTION >= bar}
    assert by_id(people, result) == expected
    places = list(zip(result.problem.mentor.tolist(), result.problem.mentee.tolist(), strict=True))
    assert places == sorted(places)


@pytest.mark.parametrize("seed", range(10))
def test_tally_by_hand(seed: int) -> None:
    """For each person: how many pairs were eligible, and how many each rule took."""
    people, terms = cohort(seed), policy(minimum_weight=0.45)
    result = built(people, terms)
    tally = result.tally
    for place, row in enumerate(result.mentees.tolist()):
        mentee = people.mentees.person(row)
        pairs = [result.scorer.pair(m, mentee) for m in people.mentors if m.active]
        counts = {label: sum(label in p.forbidden_by for p in pairs) for label in result.scorer.rule_labels}
        counts[MINIMUM_WEIGHT] = sum(p.eligible and p.weight < 450_000 for p in pairs)
        assert {label: int(found[place]) for label, found in tally.mentee_forbidden.items()} == counts
        assert tally.mentee_eligible[place] == sum(p.eligible and p.weight >= 450_000 for p in pairs)
    assert tally.mentor_eligible.sum() == tally.mentee_eligible.sum() == len(result.problem.weight)
    assert (
        tally.mentor_eligible.tolist()
        == np.bincount(result.problem.mentor, minlength=len(result.mentors)).tolist()
    )
    for label, found in tally.mentor_forbidden.items():
        assert found.sum() == tally.mentee_forbidden[label].sum()
    assert [*tally.mentor_forbidden] == [SAME_PERSON, "different_department", *[*tally.mentor_forbidden][2:]]


@pytest.mark.parametrize("block_pairs", [1, 10, 33])
def test_block_size_changes_nothing(block_pairs: int) -> None:
    """The problem and the tally are the same, bit for bit, however the pairs are cut."""
    people, terms = cohort(3, 20, 15), policy(minimum_weight=0.3)
    one, other = built(people, terms), built(people, terms, block_pairs=block_pairs)
    for name in ("mentor", "mentee", "weight"):
        left, right = getattr(one.problem, name), getattr(other.problem, name)
        assert left.dtype == right.dtype
        assert left.tolist() == right.tolist()
    assert {k: v.tolist() for k, v in one.tally.mentee_forbidden.items()} == {
        k: v.tolist() for k, v in other.tally.mentee_forbidden.items()
    }


def test_row_order_changes_nothing() -> None:
    """The solver sees the same arrays whatever the row order (law §8)."""
    mentors, mentees = frames(6, 20, 15)
    straight = Cohort(mentors, mentees, schema=SCHEMA, history=history())
    turned = Cohort(mentors.iloc[::-1], mentees.iloc[::-1], schema=SCHEMA, history=history())
    one, other = built(straight, policy()), built(turned, policy())
    for name in ("mentor", "mentee", "weight", "must_match"):
        assert getattr(one.problem, name).tolist() == getattr(other.problem, name).tolist()
    assert one.problem.loads.mentor_capacity.tolist() == other.problem.loads.mentor_capacity.tolist()
    assert [straight.mentors.ids[r] for r in one.mentors] == [turned.mentors.ids[r] for r in other.mentors]


@pytest.mark.parametrize("seed", range(5))
def test_loads_by_hand(seed: int) -> None:
    """Own numbers, else the policy's defaults, bounded by its load rules; must-match mentees are marked."""
    people = cohort(seed, 15, 12)
    terms = policy(
        mentors={"capacity": 4, "minimum": 1},
        mentees={"capacity": 2},
        rules=[rules.Capacity(mentors=2), rules.Hours(missing="allow")],
    )
    result = built(people, terms)
    loads = result.problem.loads
    mentors = [people.mentors.person(row) for row in result.mentors.tolist()]
    mentees = [people.mentees.person(row) for row in result.mentees.tolist()]
    own = [4 if p["capacity"] is None else int(p["capacity"]) for p in mentors]
    assert loads.mentor_capacity.tolist() == [min(2, capacity) for capacity in own]
    assert loads.mentor_minimum.tolist() == [1] * len(mentors)
    assert loads.mentee_minimum.tolist() == [0] * len(mentees)
    assert loads.mentee_hours is not None
    assert loads.mentee_hours.tolist() == [int(100 * (p["hours"] or 0)) for p in mentees]
    assert result.problem.must_match.tolist() == [p["must_match"] is True for p in mentees]
    assert result.problem.objective == ("must_match", "mentees", "total")


def test_required_pairs_stand_in_the_problems_positions() -> None:
    """Required pairs are told once each, in positions of active people."""

    class Again(rules.Required):
        label = "again"

    people = cohort(1)
    ids = [("m3", "e4"), ("m1", "e2"), ("m3", "e4")]
    assert all(people.mentors.person(people.mentors.position(m)).active for m, _ in ids)
    result = built(people, policy(rules=[rules.Required(ids), Again(ids[:1])]))
    required = result.problem.loads.required
    pairs = {
        (people.mentors.ids[result.mentors[i]], people.mentees.ids[result.mentees[j]])
        for i, j in required.tolist()
    }
    assert pairs == set(ids)
    assert len(required) == 2


def test_required_people_must_be_active() -> None:
    """A required pair with somebody who is not active cannot be, and the error names them."""
    mentors, mentees = frames(1)
    mentors.loc[mentors["id"] == "m3", "active"] = "no"
    people = Cohort(mentors, mentees, schema=SCHEMA, history=history())
    with pytest.raises(InfeasibleError, match=r"required_not_active \(mentors\).*\[m3\]"):
        built(people, policy(rules=[rules.Required([("m3", "e4")])]))


def test_people_who_lack_a_rules_data_are_counted() -> None:
    """For each rule, how many active people it cannot judge (law §3)."""
    people = cohort(2, 40, 30)
    lacking = built(people, policy()).tally.lacking
    blank = [p for p in people.mentors if p.active and p["team"] is None]
    assert lacking["not_same_team"][0] == len(blank) > 0


def test_progress_ends_at_the_last_pair() -> None:
    """Progress is told after each block and ends when all pairs are done."""
    people, terms, told = cohort(1), policy(), []
    build(people, terms, fit(people, terms), told.append, block_pairs=10)
    pairs = sum(p.active for p in people.mentors) * sum(p.active for p in people.mentees)
    assert told[-1] == Progress("scoring pairs", pairs, pairs)
    assert len(told) > 1


def test_nobody_active() -> None:
    """Without active people there is a problem without pairs, and nothing is learnt."""
    mentors, mentees = frames(1)
    mentors["active"] = "no"
    people = Cohort(mentors, mentees, schema=SCHEMA, history=history())
    result = built(people, policy(goals=[Given({})]))
    assert (result.problem.n_mentors, len(result.problem.weight)) == (0, 0)
    assert result.scorer.left_out == ("given",)
    assert result.tally.mentee_eligible.tolist() == [0] * len(result.mentees)


def test_tables_without_the_optional_fields() -> None:
    """Without such columns everybody has the policy's capacity, and nobody must be matched."""
    bare = [table[["id", "level"]] for table in frames(1)]
    result = built(Cohort(*bare), policy(rules=[], goals=[Given({})], mentors={"capacity": 3}))
    assert set(result.problem.loads.mentor_capacity.tolist()) == {3}
    assert not result.problem.must_match.any()
