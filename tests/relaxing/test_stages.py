"""Relaxing rules in order: against trying every matching of small cohorts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product, takewhile

import numpy as np
import pandas as pd
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.parameters import label_of
from pairmatch.policy import BAR
from pairmatch.problem import COVERAGE_TIERS
from pairmatch.relaxing import stages
from pairmatch.scoring import Fit, Scorer, size
from pairmatch.testing import brute_force_problem, reference_fit, reference_problem
from pairmatch.testing.strategies import Case, cases

FEW = min(40, settings.default.max_examples if settings.default else 40)

PAIR_RULES = (rules.DifferentDepartment(), rules.LevelsBelow(at_least=2), rules.Different("team"))
LABELS = [*map(label_of, PAIR_RULES), BAR]

STAND = ("not_failed", "not_vetoed", "opted_in")
"""Rules that nobody relaxes."""

Pairs = tuple[tuple[str, str], ...]


@st.composite
def crowds(draw: st.DrawFn) -> tuple[pm.Cohort, pm.Policy]:
    """Few people in few departments, teams and levels, so that rules leave some of them nobody."""
    n, m = draw(st.integers(2, 3)), draw(st.integers(2, 4))

    def people(kind: str, size: int, levels: tuple[int, ...]) -> pd.DataFrame:
        texts = {
            name: draw(st.lists(st.sampled_from(choices), min_size=size, max_size=size))
            for name, choices in (("department", "AAB"), ("team", "xxy"), ("level", levels))
        }
        return pd.DataFrame({"id": [f"{kind}{k}" for k in range(size)], **texts})

    mentors, mentees = people("m", n, (1, 2)), people("e", m, (2, 3, 4))
    scores = draw(st.lists(st.integers(0, 10), min_size=n * m, max_size=n * m))
    every = list(product(mentors["id"], mentees["id"]))
    table = [(i, j, score / 10) for (i, j), score in zip(every, scores, strict=True)]
    policy = pm.Policy(
        rules=PAIR_RULES,
        goals=[goals.Precomputed(table, weight=1)],
        objective=draw(
            st.sampled_from([("mentees", "total"), ("mentors", "mentees", "total"), ("pairs", "total")])
        ),
        minimum_weight=draw(st.sampled_from([None, 0.4])),
        mentors={"capacity": draw(st.integers(1, 2))},
        exceptions=draw(
            st.lists(
                st.tuples(st.sampled_from(LABELS[:3]), *map(st.sampled_from, zip(*every, strict=True))),
                max_size=1,
            )
        ),
    )
    return pm.Cohort(mentors, mentees), policy


def every_matching(cohort: pm.Cohort, capacity: int) -> Iterator[Pairs]:
    """All ways to give each mentee one mentor or none."""
    for choice in product([None, *cohort.mentors.ids], repeat=len(cohort.mentees)):
        if all(choice.count(mentor) <= capacity for mentor in cohort.mentors.ids):
            chosen = zip(choice, cohort.mentees.ids, strict=True)
            yield tuple((mentor, mentee) for mentor, mentee in chosen if mentor is not None)


def tried(cohort: pm.Cohort, policy: pm.Policy, fit: Fit, order: Sequence[str]) -> tuple[int, ...]:
    """Coverage, minus the exceptions of each rule from the last on, and weight: the best of all matchings."""
    scorer = Scorer(cohort, policy, fit)
    scores, broken = {}, {}
    for mentor, mentee in product(cohort.mentors, cohort.mentees):
        pair = mentor.id, mentee.id
        scores[pair] = scorer.pair(mentor, mentee)
        light = scorer.is_light(*pair, scores[pair].weight)
        broken[pair] = {*scores[pair].forbidden_by, *([BAR] if light else [])}

    def worth(pairs: Pairs) -> tuple[int, ...]:
        told = {
            "mentees": len({e for _, e in pairs}),
            "mentors": len({m for m, _ in pairs}),
            "pairs": len(pairs),
        }
        cover = [told[tier] for tier in policy.objective if tier != "total"]
        costs = [-sum(label in broken[pair] for pair in pairs) for label in reversed(order)]
        return *cover, *costs, sum(scores[pair].weight for pair in pairs)

    capacity = policy.mentors.capacity
    allowed = (
        pairs
        for pairs in every_matching(cohort, capacity)
        if all(broken[pair] <= set(order) for pair in pairs)
    )
    return max(map(worth, allowed))


@settings(max_examples=FEW)
@given(drawn=crowds(), order=st.permutations(LABELS), many=st.integers(1, 4))
def test_the_fewest_exceptions_in_order(
    drawn: tuple[pm.Cohort, pm.Policy], order: list[str], many: int
) -> None:
    """Coverage, the number of exceptions of each rule and the weight are the best of all matchings."""
    cohort, policy = drawn
    order = [label for label in order if label != BAR or policy.minimum_weight is not None][:many]
    matching = pm.match(cohort, policy, relax=order)
    best = tried(cohort, policy, Fit.from_dict(matching.fitted), order)
    proofs = {proof.tier: proof.value for proof in matching.certificate.proofs}
    before = {(one.rule, one.mentor, one.mentee) for one in policy.exceptions}
    rows = list(matching.exceptions[["rule", "mentor", "mentee"]].itertuples(index=False, name=None))
    counts = [sum(row[0] == label and row not in before for row in rows) for label in reversed(order)]
    event(f"exceptions {min(3, sum(counts))}")
    cover = [proofs[tier] for tier in policy.objective if tier != "total"]
    assert (*cover, *(-count for count in counts), proofs["total"]) == best
    assert matching.stats["relaxed"] == sum(counts)
    assert matching.stats["relaxed_proven"] == 1
    added = {(one.rule, one.mentor, one.mentee) for one in matching.policy.exceptions} - before
    assert added <= set(rows)
    pm.verify(matching, cohort, matching.policy)


@settings(max_examples=min(FEW, 12))
@given(case=cases(whole=True), data=st.data())
def test_coverage_and_counts_whatever_else_is_asked(case: Case, data: st.DataObject) -> None:
    """With loads, hours, required pairs, quotas and coverage in any order: as trying everything tells."""
    cohort, policy = case.cohort, case.policy
    labels = [label_of(rule) for rule in policy.plain_rules if rule.name not in STAND] + [BAR] * bool(
        policy.minimum_weight
    )
    if not labels:
        return
    order = data.draw(st.permutations(labels))
    cover = tuple(takewhile(COVERAGE_TIERS.__contains__, policy.objective))
    off = replace(
        policy.without(*(label for label in labels if label != BAR)),
        minimum_weight=None,
        objective=(*cover, "total") if policy.pair_goals else cover or ("pairs",),
        goals=policy.pair_goals,
    )
    fitted = reference_fit(cohort, policy)
    stated = reference_problem(cohort, off, fit=fitted)
    if stated is None or not cover or not policy.pair_goals:
        return
    scorer, costs = Scorer(cohort, policy, fitted), []
    for i, j in zip(stated.problem.mentor, stated.problem.mentee, strict=True):
        mentor = cohort.mentors.person(cohort.mentors.position(stated.mentors[i]))
        mentee = cohort.mentees.person(cohort.mentees.position(stated.mentees[j]))
        score = scorer.pair(mentor, mentee)
        broken = {
            *score.forbidden_by,
            *([BAR] if scorer.is_light(mentor.id, mentee.id, score.weight) else []),
        }
        costs.append(sum(100**place for place, label in enumerate(order) if label in broken))
    best = brute_force_problem(replace(stated.problem, weight=-np.array(costs, np.int64)))
    try:
        matching = pm.match(cohort, policy, relax=order)
    except pm.InfeasibleError:
        assert best is None
        return
    assert best is not None
    before = {(one.rule, one.mentor, one.mentee) for one in policy.exceptions}
    rows = set(matching.exceptions[["rule", "mentor", "mentee"]].itertuples(index=False, name=None)) - before
    cost = sum(100 ** order.index(rule) for rule, _, _ in rows)
    event(f"exceptions {min(3, len(rows))}")
    values = {proof.tier: proof.value for proof in matching.certificate.proofs}
    assert [*(values[tier] for tier in cover)] == [*best.values[:-1]]
    if matching.stats["relaxed_proven"]:
        assert cost == -best.values[-1]
    pm.verify(matching, cohort, matching.policy)


def office() -> tuple[pm.Cohort, pm.Policy]:
    """Three mentees of whom the rules serve one; two minimums and a quota beside."""
    mentors = pd.DataFrame(
        {"id": ["m1", "m2", "m3"], "department": ["IT", "IT", "Law"], "hobbies": ["chess", "golf", "golf"]}
    )
    mentees = pd.DataFrame(
        {
            "id": ["e1", "e2", "e3"],
            "department": "IT",
            "region": list("NNS"),
            "hobbies": ["golf", "golf", "chess"],
        }
    )
    policy = pm.Policy(
        rules=[
            rules.DifferentDepartment(),
            rules.Minimum(mentees=2),
            rules.AtLeast(3, where={"region": ["N", "S"]}, of="mentees"),
            rules.Required([("m1", "e1"), ("m2", "e1")]),
        ],
        goals=[goals.SharedHobbies(weight=1)],
    )
    return pm.Cohort(mentors, mentees), policy


def test_numbers_and_required_pairs_give_way() -> None:
    """Minimums and quotas by the least number, required pairs one by one; the policy says so."""
    cohort, policy = office()
    matching = pm.match(cohort, policy, relax=["required", "minimum", "at_least", "different_department"])
    told = matching.policy
    assert [rule.name for rule in told.rules] == ["different_department", "minimum", "at_least", "required"]
    assert (told.rules[1].mentees, told.rules[2].n) == (1, 3)
    assert len(told.rules[3].pairs) == 1
    assert len(matching.exceptions) == 2
    assert matching.stats["relaxed"] == 1 + 1 + 0 + 2
    pm.verify(matching, cohort, told)


def test_a_required_pair_that_another_rule_forbids() -> None:
    """To relax the others does not help: the error says what contradicts what."""
    cohort, policy = office()
    pair = (cohort.mentors.ids[0], cohort.mentees.ids[0])
    wanted = [rules.Required([pair]), rules.DifferentDepartment()]
    policy = pm.Policy(rules=wanted, goals=policy.goals, minimum_weight=1.0)
    with pytest.raises(pm.InfeasibleError, match="required_pair_forbidden"):
        pm.match(cohort, policy, relax=["different_department"])


def test_the_order_decides_which_rule_gives_way() -> None:
    """What is named last is kept as long as another rule can give way."""
    cohort, policy = office()
    short = pm.Policy(
        rules=[rules.DifferentDepartment(), rules.AtLeast(2, where={"region": "N"}, of="mentees")],
        goals=policy.goals,
        objective=["total"],
    )
    by_number = pm.match(cohort, short, relax=["at_least", "different_department"])
    assert (by_number.policy.rules[1].n, len(by_number.exceptions)) == (1, 0)
    by_pairs = pm.match(cohort, short, relax=["different_department", "at_least"])
    assert (by_pairs.policy.rules[1].n, len(by_pairs.exceptions)) == (2, 1)


def test_a_number_may_give_way_entirely() -> None:
    """A quota that nobody can fill comes to nothing, an upper bound as high as need be."""
    cohort, policy = office()
    none = pm.Policy(rules=[rules.AtLeast(1, where={"region": "W"}, of="mentees")], goals=policy.goals)
    assert pm.match(cohort, none, relax=["at_least"]).policy.rules == ()
    most = [rules.AtMost(1, where={"region": ["N", "S"]}, of="mentees"), rules.MentorsChosen(at_most=1)]
    capped = pm.Policy(rules=[*most, rules.Capacity(mentors=0)], goals=policy.goals)
    matching = pm.match(cohort, capped, relax=["at_most", "mentors_chosen", "capacity"])
    assert [rule.n for rule in matching.policy.rules[:1]] == [3]
    assert matching.policy.rules[1].at_most == 3
    assert matching.policy.rules[2].mentors == 1
    assert len(matching.made) == 3


def test_nothing_gives_way_where_nothing_need() -> None:
    """The policy stays as it is, to the letter, and the matching with it."""
    cohort, policy = office()
    plain = pm.Policy(rules=[rules.DifferentDepartment()], goals=policy.goals, objective=["total"])
    matching = pm.match(cohort, plain, relax=["different_department"])
    assert matching.policy == plain
    assert matching.made == pm.match(cohort, plain).made
    assert matching.stats["relaxed"] == 0


def test_rules_that_nobody_named_still_contradict() -> None:
    """The error is that of the match."""
    cohort, policy = office()
    with pytest.raises(pm.InfeasibleError):
        pm.match(cohort, policy, relax=["different_department"])


def test_costs_beyond_all_room_are_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where numbers would grow too large, counts are found one after another, and the answer says so."""
    cohort, policy = office()
    two = pm.Policy(
        rules=[rules.DifferentDepartment(), rules.Different("region", missing="allow")],
        goals=policy.goals,
        minimum_weight=0.5,
    )
    two = two.without("different(region)")
    honest = pm.match(cohort, two, relax=["different_department", BAR])
    monkeypatch.setattr(stages, "ROOM", 2**10)
    tight = pm.match(cohort, two, relax=["different_department", BAR])
    assert tight.stats["relaxed"] == honest.stats["relaxed"] == 2
    assert tight.values["mentees"] == honest.values["mentees"] == 3
    monkeypatch.setattr(stages, "ROOM", 8)
    assert pm.match(cohort, two, relax=["different_department", BAR]).values["mentees"] == 3


def crowd(n: int, seed: int) -> tuple[pm.Cohort, pm.Policy]:
    """People in a few departments, of whom the rules leave some alone."""
    random = np.random.default_rng(seed)
    table = [(f"m{i:03}", f"e{j:03}", float(random.random())) for i in range(n) for j in range(n)]
    mentors = pd.DataFrame(
        {"id": [f"m{k:03}" for k in range(n)], "department": random.choice(list("AAAAB"), n)}
    )
    mentees = pd.DataFrame(
        {"id": [f"e{k:03}" for k in range(n)], "department": random.choice(list("AAAB"), n)}
    )
    policy = pm.Policy(rules=[rules.DifferentDepartment()], goals=[goals.Precomputed(table, weight=1)])
    return pm.Cohort(mentors, mentees), policy


def test_a_large_cohort_that_the_rules_leave_no_matching(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is relaxed too: minimums, and required pairs that a named rule forbids."""
    cohort, policy = office()
    pair = ("m1", "e1")
    wanted = pm.Policy(rules=[rules.DifferentDepartment(), rules.Required([pair])], goals=policy.goals)
    held = pm.match(cohort, wanted, relax=["different_department"])
    monkeypatch.setattr(size, "HELD", 0)
    swept = pm.match(cohort, wanted, relax=["different_department"])
    assert (swept.policy, swept.exceptions.iloc[0].tolist()[:2]) == (held.policy, [*pair])
    short = pm.Policy(rules=[rules.DifferentDepartment(), rules.Minimum(mentees=1)], goals=policy.goals)
    assert len(pm.match(cohort, short, relax=["different_department", "minimum"]).policy.rules) == 2


def test_a_large_cohort_with_free_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where pairs count, people who have one and could have another are offered exceptions."""
    monkeypatch.setattr(size, "HELD", 0)
    people = [pd.DataFrame({"id": [f"{k}1", f"{k}2"], "department": ["A", "B"], "capacity": 2}) for k in "me"]
    policy = pm.Policy(rules=[rules.DifferentDepartment()], objective=["pairs"])
    assert len(pm.match(pm.Cohort(*people), policy, relax=["different_department"]).exceptions) == 2
    none = pm.Policy(rules=[rules.Capacity(mentors=0)], objective=["mentees"])
    assert pm.match(pm.Cohort(*people), none, relax=["capacity"]).values == {"mentees": 2}


def test_a_large_cohort_is_relaxed_for_those_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """By sweeps as many are served with as few exceptions; that there are no fewer is not claimed."""
    cohort, policy = crowd(60, 3)
    held = pm.match(cohort, policy, relax=["different_department"])
    monkeypatch.setattr(size, "HELD", 0)
    swept = pm.match(cohort, policy, relax=["different_department"])
    assert swept.values["mentees"] == held.values["mentees"] == 60
    assert len(swept.exceptions) == len(held.exceptions) > 0
    assert (held.stats["relaxed_proven"], swept.stats["relaxed_proven"]) == (1, 0)
    pm.verify(swept, cohort, swept.policy)
    served = pm.match(cohort, swept.policy, relax=["different_department"])
    assert served.policy == swept.policy
