"""Blocking sets hold up to another method: a largest matching by networkx over the reference forms."""

from __future__ import annotations

import networkx as nx
import pandas as pd
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import rules
from pairmatch.blocking import BlockingSet, Reach, reached
from pairmatch.errors import InfeasibleError
from pairmatch.problem import Problem
from pairmatch.scoring import Fit
from pairmatch.testing import reference_problem
from pairmatch.testing.reference import Stated
from pairmatch.testing.strategies import Case, cases

MANY = (settings.default.max_examples if settings.default else 100) // 3

TIERS = st.sampled_from([("mentees", "total"), ("pairs",), ("mentors", "mentees"), ("total",), ("mentees",)])


def stated_of(matching: pm.Matching) -> Stated:
    """The matching's problem by the reference forms."""
    stated = reference_problem(matching.cohort, matching.policy, fit=Fit.from_dict(matching.fitted))
    assert stated is not None
    return stated


def allowed_of(stated: Stated, role: str) -> dict[str, set[str]]:
    """Whom the rules and the bar allow each person."""
    allowed: dict[str, set[str]] = {}
    for i, j in zip(stated.problem.mentor.tolist(), stated.problem.mentee.tolist(), strict=True):
        pair = stated.mentors[i], stated.mentees[j]
        own, partner = pair if role == "mentor" else pair[::-1]
        allowed.setdefault(own, set()).add(partner)
    return allowed


def capacity_of(stated: Stated, role: str) -> dict[str, int]:
    """Places of each person of a role."""
    problem: Problem = stated.problem
    loads = problem.loads
    ids, capacity = (
        (stated.mentors, loads.mentor_capacity)
        if role == "mentor"
        else (stated.mentees, loads.mentee_capacity)
    )
    return dict(zip(ids, capacity.tolist(), strict=True))


def can_serve(people: set[str], allowed: dict[str, set[str]], places: dict[str, int]) -> bool:
    """Whether all these people can have a partner at once, by a flow of another library."""
    graph = nx.DiGraph()
    for who in people:
        graph.add_edge("from", ("own", who), capacity=1)
        for partner in allowed.get(who, ()):
            graph.add_edge(("own", who), ("partner", partner), capacity=1)
            graph.add_edge(("partner", partner), "to", capacity=places[partner])
    graph.add_nodes_from(("from", "to"))
    return bool(nx.maximum_flow_value(graph, "from", "to") == len(people))


@settings(max_examples=MANY)
@given(cases(6, 6, objective=TIERS))
def test_every_blocking_set_blocks_and_none_of_it_can_be_left_out(case: Case) -> None:
    """And where there is none, everybody who has a partner could have one beside the person."""
    try:
        matching = pm.match(case.cohort, case.policy)
    except InfeasibleError:
        return
    reach, stated = Reach(matching), stated_of(matching)
    for left in matching.left:
        role, other = left.role, "mentee" if left.role == "mentor" else "mentor"
        allowed, places = allowed_of(stated, role), capacity_of(stated, other)
        found = reach.blocking_set(role, left.id)
        own = capacity_of(stated, role).get(left.id, 0)
        event(f"{role} {left.reason}: {'set' if found else 'none'}")
        if found is None:
            matched = {getattr(pair, role) for pair in matching.made}
            assert own == 0 or can_serve({*matched, left.id}, allowed, places)
            continue
        assert own > 0
        check(found, allowed, places)


def check(found: BlockingSet, allowed: dict[str, set[str]], places: dict[str, int]) -> None:
    """The set is what it says, it blocks, and it is as small as can be."""
    assert found.people[0] == found.id
    assert set(found.partners) == {who for person in found.people for who in allowed.get(person, ())}
    assert found.places == sum(places[who] for who in found.partners) < len(found.people)
    assert not can_serve(set(found.people), allowed, places)
    for person in found.people:
        assert can_serve(set(found.people) - {person}, allowed, places)


def shared(**more: object) -> pm.Matching:
    """Two mentees share one mentor, one has the other, and one has nobody."""
    mentors = pd.DataFrame({"id": ["ana", "ben"], "region": ["North", "South"]})
    regions = {"eve": "North", "fay": "North", "hal": "South", "ida": "West"}
    mentees = pd.DataFrame({"id": [*regions], "region": [*regions.values()]})
    parts = {"rules": [rules.Same("region")], "objective": ["mentees"], **more}
    return pm.match(pm.Cohort(mentors, mentees), pm.Policy(**parts))  # type: ignore[arg-type]


def test_it_says_who_shares_whom() -> None:
    matching = shared()
    left = [one.id for one in matching.left if one.role == "mentee" and one.eligible]
    found = Reach(matching).blocking_set("mentee", left[0])
    assert found is not None
    assert found.partners == ("ana",)
    assert str(found) == (
        f"2 mentees ({found.people[0]}, {found.people[1]}) can be paired only with 1 mentor (ana), "
        "who has 1 place in all"
    )


def test_nobody_is_allowed_at_all() -> None:
    found = Reach(shared()).blocking_set("mentee", "ida")
    assert found == BlockingSet("mentee", "ida", ("ida",), (), 0)
    assert str(found) == "the rules leave mentee ida no mentor at all"


def test_who_has_a_partner_is_not_blocked_and_an_unknown_id_is_refused() -> None:
    reach = Reach(shared())
    assert reach.blocking_set("mentee", "hal") is None
    with pytest.raises(pm.CallError, match="nobody among the mentees has this id"):
        reach.blocking_set("mentee", "zoe")


def test_who_does_not_take_part_has_no_set() -> None:
    cohort = pm.Cohort(
        pd.DataFrame({"id": ["ana"]}), pd.DataFrame({"id": ["eve", "fay"], "active": ["no", "yes"]})
    )
    assert Reach(pm.match(cohort, pm.Policy(objective=["mentees"]))).blocking_set("mentee", "eve") is None


def test_long_sets_name_a_few() -> None:
    mentors = pd.DataFrame({"id": ["ana"], "capacity": [12]})
    mentees = pd.DataFrame({"id": [f"e{k:02}" for k in range(20)]})
    matching = pm.match(pm.Cohort(mentors, mentees), pm.Policy(objective=["mentees"]))
    found = Reach(matching).blocking_set("mentee", matching.left[0].id)
    assert found is not None
    assert "and 8 more) can be paired only with 1 mentor (ana), who has 12 places in all" in str(found)


def test_large_cohorts_forget_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all rows are too many to be remembered, they are asked again, with the same answer."""
    matching = pm.match(
        pm.datasets.synthetic(mentors=40, mentees=60, seed=3, eligibility=0.2),
        pm.datasets.synthetic_policy(),
    )
    before = [Reach(matching).blocking_set(one.role, one.id) for one in matching.left]
    assert any(before)
    monkeypatch.setattr(reached, "REMEMBERED", 0)
    assert [Reach(matching).blocking_set(one.role, one.id) for one in matching.left] == before


def test_a_running_pair_below_the_bar_counts() -> None:
    """In a re-match the bar asks new pairs alone: who runs below it still holds a place."""
    from pairmatch import goals

    scores = [("ana", "eve", 0.2), ("ana", "fay", 0.9), ("ben", "fay", 0.8)]
    goal = goals.Precomputed(scores, weight=1, missing="zero")
    cohort = pm.Cohort(pd.DataFrame({"id": ["ana", "ben"]}), pd.DataFrame({"id": ["eve", "fay", "gus"]}))
    policy = pm.Policy(goals=[goal], objective=["mentees", "total"])
    first = pm.match(cohort, policy)
    again = pm.rematch(first, failed=[("ben", "fay")], minimum_weight=0.5)
    for one in again.left:
        found = Reach(again).blocking_set(one.role, one.id)
        assert found is None or found.places < len(found.people)
