"""Reserve plans: the draws, the new pairs in each scenario, and what a plan promises, by trying all."""

from __future__ import annotations

import sys
from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from pairmatch import Matching, Policy, datasets, goals, match, rules
from pairmatch.checking.intervals import exact_interval
from pairmatch.checking.rescue import Rescue
from pairmatch.checking.scenarios import Chances, Scenarios, drawn, unserved
from pairmatch.checking.spare import spare_of
from pairmatch.cohort import Cohort
from pairmatch.dropping import dropping
from pairmatch.errors import CallError, SolverError
from pairmatch.rematch import rematch
from pairmatch.reserve_plan import reserve_plan

Case = tuple[Scenarios, list[np.ndarray[Any, Any]], np.ndarray[Any, Any]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A few scenarios of up to five mentors and five mentees, some of whom need several mentors."""
    ours, theirs, times = draw(st.integers(1, 5)), draw(st.integers(1, 5)), draw(st.integers(1, 4))
    whole = st.lists(st.sampled_from([0, 0, 1, 1, 2]), min_size=theirs, max_size=theirs)
    needs = np.array(draw(st.lists(whole, min_size=times, max_size=times)), np.int32)
    flags = st.lists(st.booleans(), min_size=ours, max_size=ours)
    stays = np.array(draw(st.lists(flags, min_size=times, max_size=times)), bool)
    near = [np.array(sorted(draw(st.sets(st.integers(0, theirs - 1)))), np.int64) for _ in range(ours)]
    places = np.array(draw(st.lists(st.integers(1, 2), min_size=ours, max_size=ours)), np.int64)
    return Scenarios(needs, stays), near, places


def most_served(case: Case, at: int, kept: list[int]) -> int:
    """The most new pairs in one scenario, by trying all sets of them."""
    scenarios, near, places = case
    links = [
        (m, e) for m in kept if scenarios.stays[at, m] for e in near[m].tolist() if scenarios.needs[at, e]
    ]

    def best(rest: list[tuple[int, int]], rooms: tuple[int, ...], needs: tuple[int, ...]) -> int:
        if not rest:
            return 0
        (m, e), others = rest[0], rest[1:]
        skipped = best(others, rooms, needs)
        if not (rooms[m] and needs[e]):
            return skipped
        rooms = tuple(room - (k == m) for k, room in enumerate(rooms))
        needs = tuple(need - (k == e) for k, need in enumerate(needs))
        return max(skipped, 1 + best(others, rooms, needs))

    return best(links, tuple(places.tolist()), tuple(scenarios.needs[at].tolist()))


@settings(max_examples=30)
@given(case=cases(), data=st.data())
def test_new_pairs_are_as_many_as_can_be(case: Case, data: st.DataObject) -> None:
    """Whoever is kept and dropped in whatever order; and largest flows say the same."""
    scenarios, near, _ = case
    total = scenarios.needs.sum(axis=1)
    rescue = Rescue(*case)
    for mentor in data.draw(st.permutations(range(len(near)))):
        before, least = rescue.unmet.copy(), rescue.least_gain(mentor)
        gain = rescue.gain(mentor)
        assert (rescue.unmet == before).all()
        rescue.keep(mentor)
        assert least <= gain == int((before - rescue.unmet).sum())
        served = [most_served(case, at, rescue.kept) for at in range(len(scenarios))]
        assert rescue.unmet.tolist() == (total - served).tolist()
        assert unserved(*case, rescue.kept).tolist() == rescue.unmet.tolist()
    assert sum(map(rescue.uses, rescue.kept)) == int((total - rescue.unmet).sum())
    for mentor in data.draw(st.lists(st.sampled_from(rescue.kept), unique=True)):
        least = data.draw(st.sampled_from([0.0, rescue.share]))
        kept = set(rescue.kept)
        done = rescue.drop(mentor, least)
        assert set(rescue.kept) == kept - ({mentor} if done else set())
        after = [int(total[at]) - most_served(case, at, rescue.kept) for at in range(len(scenarios))]
        assert rescue.unmet.tolist() == after
        without = [
            int(total[at]) - most_served(case, at, sorted(kept - {mentor})) for at in range(len(scenarios))
        ]
        assert done == (float(np.mean(np.array(without) == 0)) >= least - 1e-12)


def test_draws_are_as_often_as_told() -> None:
    """A mentee who stays needs a mentor for each pair whose mentor left or that failed."""
    chances = Chances(
        np.array([0.2, 0.0, 1.0]), np.array([0.1, 0.5]), np.array([[0, 0], [1, 1], [2, 1]]), failure=0.25
    )
    found = drawn(chances, 20_000, np.random.default_rng(1))
    assert len(found) == 20_000
    assert found.stays.mean(axis=0) == pytest.approx([0.8, 1.0, 0.0], abs=0.01)
    assert found.needs[:, 0].mean() == pytest.approx(0.9 * (1 - 0.8 * 0.75), abs=0.01)
    assert (found.needs[:, 1] == 2).mean() == pytest.approx(0.5 * 0.25, abs=0.01)
    assert (found.needs[:, 1] == 1).mean() == pytest.approx(0.5 * 0.75, abs=0.01)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pairmatch.checking.scenarios.AT_ONCE", 50)
        assert len(drawn(chances, 101, np.random.default_rng(1))) == 101


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_intervals_are_those_of_clopper_and_pearson(case: tuple[int, int]) -> None:
    """Held against another implementation."""
    expected = binomtest(*case).proportion_ci(0.99, method="exact")
    assert exact_interval(*case, 0.99) == pytest.approx((expected.low, expected.high))


def few(**more: Any) -> Matching:
    """Three pairs and four mentors who are free, of whom each could serve some."""
    mentors = pd.DataFrame({"id": list("abcdefg")})
    mentees = pd.DataFrame({"id": list("xyz")})
    free = [("d", "y"), ("d", "z"), ("e", "x"), ("f", "x"), ("f", "y"), ("f", "z"), ("g", "z")]
    allowed = [*zip("abc", "xyz", strict=True), *free]
    barred = [pair for pair in product("abcdefg", "xyz") if pair not in allowed]
    scores = goals.Precomputed(
        [(*pair, 1.0) for pair in zip("abc", "xyz", strict=True)], weight=1, missing="zero"
    )  # type: ignore[arg-type]
    policy = Policy(rules=[rules.Forbidden(barred)], goals=[scores], **more)  # type: ignore[arg-type]
    matching = match(Cohort(mentors, mentees), policy)
    assert [(made.mentor, made.mentee) for made in matching.made] == [*zip("abc", "xyz", strict=True)]
    return matching


LEAVING = [
    *(("mentor", who, 0.3) for who in "abc"),
    *(("mentor", who, q) for who, q in zip("defg", (0.1, 0.2, 0.05, 0.3), strict=True)),
    *(("mentee", who, 0.1) for who in "xyz"),
]
FREE = {"d": "yz", "e": "x", "f": "xyz", "g": "z"}


def exactly(kept: str, failure: float) -> float:
    """The probability that all can be re-matched, over everything that can happen."""
    q = {(role, who): p for role, who, p in LEAVING}
    each = 0.9 * (1 - 0.7 * (1 - failure))
    total = 0.0
    for needs in product((0, 1), repeat=3):
        needy = [who for who, need in zip("xyz", needs, strict=True) if need]
        chance = np.prod([each if need else 1 - each for need in needs])
        for stays in product((0, 1), repeat=len(kept)):
            there = [who for who, stay in zip(kept, stays, strict=True) if stay]
            share = np.prod(
                [1 - q["mentor", m] if s else q["mentor", m] for m, s in zip(kept, stays, strict=True)]
            )
            total += float(chance * share) * saved(needy, there)
    return total


def saved(needy: list[str], there: list[str]) -> bool:
    """Whether each of these mentees can have a mentor of their own."""
    if not needy:
        return True
    return any(saved(needy[1:], [o for o in there if o != m]) for m in there if needy[0] in FREE[m])


def test_what_the_plan_promises_is_so() -> None:
    """On a programme so small that everything that can happen is counted, and every set of reserves tried."""
    matching = few()
    for confidence in (0.5, 0.6, 0.7, 0.75):
        plan = reserve_plan(matching, confidence, drop_out=LEAVING, failure=0.1, seed=3)
        kept = "".join(plan.table["mentor"])
        truth = exactly(kept, 0.1)
        assert plan.low <= truth <= plan.high
        assert plan.held
        assert truth >= confidence
        assert plan.table["probability"].iloc[-1] == plan.probability
        for n in range(1, len(kept) + 1):
            assert plan.table["probability"].iloc[n - 1] == pytest.approx(exactly(kept[:n], 0.1), abs=0.04)
        # The interval asks for a little more than the bare confidence.
        enough = [
            c for n in range(5) for c in combinations("defg", n) if exactly("".join(c), 0.1) >= confidence
        ]
        assert len(kept) <= len(enough[0]) + 1
        assert plan.possible == pytest.approx(exactly("defg", 0.1), abs=0.03)


def test_more_than_can_be_had() -> None:
    """Then everybody who helps is kept, and the plan says that it falls short."""
    plan = reserve_plan(few(), 0.99, drop_out=LEAVING, failure=0.1)
    assert not plan.held
    assert plan.probability == plan.possible
    assert "short of the 99% that was asked for" in repr(plan)
    assert sorted(plan.table["mentor"]) == list("defg")
    assert plan.candidates == 4


def test_the_same_seed_gives_the_same_plan() -> None:
    """Nor does the order of rows make a difference (law §8)."""
    matching = few()
    one, two = (reserve_plan(matching, 0.7, drop_out=rows, seed=5) for rows in (LEAVING, LEAVING[::-1]))
    pd.testing.assert_frame_equal(one.table, two.table)
    assert (one.probability, one.low) == (two.probability, two.low)


def test_a_usual_programme() -> None:
    """Far fewer reserves than free mentors, and what is told adds up."""
    cohort = datasets.synthetic(mentors=40, mentees=20, seed=1)
    policy = Policy(
        rules=[rules.DifferentDepartment(), rules.LevelsBelow(at_least=1)],
        goals=[goals.TopicCoverage(weight=2), goals.SharedHobbies(weight=1)],
    )
    matching = match(cohort, policy)
    plan = reserve_plan(matching, seed=1, scenarios=1500)
    assert plan.held
    assert 0 < len(plan.table) < plan.candidates
    assert plan.table["used"].sum() == pytest.approx(plan.rematched)
    assert plan.rematched <= plan.failed
    assert plan.table["probability"].is_monotonic_increasing
    assert set(plan.table["mentor"]).isdisjoint(plan.without)
    told = dropping(cohort)
    again = reserve_plan(matching, seed=1, scenarios=1500, drop_out=told)
    pd.testing.assert_frame_equal(plan.table, again.table)
    assert "<table" in plan._repr_html_()
    assert repr(plan).startswith(
        f"<ReservePlan: {len(plan.table)} reserves; every failed pair re-matched in "
    )


def test_nobody_ever_leaves() -> None:
    """No reserve is needed."""
    nobody = [(role, who, 0.0) for role, who, _ in LEAVING]
    plan = reserve_plan(few(), drop_out=nobody, failure=0)
    assert plan.table.empty
    assert (plan.probability, plan.failed, plan.rematched, plan.held) == (1.0, 0.0, 0.0, True)


def test_nobody_is_free() -> None:
    """Whom nobody could take over is told."""
    one = pd.DataFrame({"id": ["a"]})
    matching = match(Cohort(one, pd.DataFrame({"id": ["x"]})), Policy(objective=["mentees"]))
    plan = reserve_plan(matching, 0.9, drop_out=[("mentor", "a", 0.5), ("mentee", "x", 0.0)], failure=0)
    assert plan.table.empty
    assert plan.without == ("x",)
    assert plan.probability == pytest.approx(0.5, abs=0.05)
    assert not plan.held


def test_hours_bound_the_places() -> None:
    """A mentor with two free places and hours for one more pair counts as one place."""
    mentors = pd.DataFrame({"id": ["a", "b", "c"], "capacity": [1, 1, 2], "hours": [5, 5, 7]})
    mentees = pd.DataFrame({"id": ["x", "y"], "hours": [4, 4]})
    scores = goals.Precomputed([("a", "x", 1.0), ("b", "y", 1.0)], weight=1, missing="zero")  # type: ignore[arg-type]
    matching = match(Cohort(mentors, mentees), Policy(rules=[rules.Hours()], goals=[scores]))
    spare = spare_of(matching)
    assert spare.places.tolist() == [2]
    plan = reserve_plan(matching, 0.5, drop_out=[("mentor", "a", 0.9), ("mentor", "b", 0.9)])
    assert plan.table[["mentor", "places"]].values.tolist() == [["c", 1]]


def test_two_ways_to_count_must_agree() -> None:
    """Else the library is wrong, and says so."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            sys.modules["pairmatch.reserve_plan"],
            "unserved",
            lambda scenarios, *_: np.full(len(scenarios), 9),
        )
        with pytest.raises(SolverError, match="do not agree"):
            reserve_plan(few(), 0.5, drop_out=LEAVING)


def test_everything_wrong_at_once() -> None:
    """All arguments, in words."""
    with pytest.raises(CallError) as caught:
        reserve_plan(few(), 1, failure=-1, scenarios=5, seed=-1)
    assert [finding.column for finding in caught.value.findings] == [
        "confidence",
        "failure",
        "scenarios",
        "seed",
    ]
    with pytest.raises(CallError):
        reserve_plan(3)  # type: ignore[arg-type]
    with pytest.raises(CallError, match="unknown_person"):
        reserve_plan(few(), drop_out=[("mentor", "q", 0.1)])


def tabled(turned: bool = False) -> Matching:
    """A matching of two tables; the other way round where wished."""
    chance = np.random.default_rng(4)
    words = [["go", "chess"], ["go"], ["art", "chess"], ["art"]]
    mentors, mentees = (
        pd.DataFrame(
            {
                "id": [f"{letter}{k:02}" for k in range(n)],
                "hobbies": [words[w] for w in chance.integers(0, 4, n)],
            }
        )
        for letter, n in (("m", 16), ("e", 9))
    )
    if turned:
        mentors, mentees = mentors[::-1].reset_index(drop=True), mentees[::-1].reset_index(drop=True)
    return match(Cohort(mentors, mentees), Policy(goals=[goals.SharedHobbies(weight=1)], minimum_weight=0.2))


def test_the_order_of_rows_makes_no_difference() -> None:
    """Neither to the plan nor to its figures (law §8)."""
    one, two = (reserve_plan(tabled(turned), 0.8, seed=2, scenarios=500) for turned in (False, True))
    pd.testing.assert_frame_equal(one.table, two.table)
    assert (one.probability, one.possible, one.failed) == (two.probability, two.possible, two.failed)


def test_a_rematch_finds_what_the_plan_promises() -> None:
    """In drawn cases a re-match with the reserves alone serves at least as many as the plan counts on."""
    matching = tabled()
    plan = reserve_plan(matching, 0.8, seed=2, scenarios=500)
    kept = set(plan.table["mentor"])
    cohort, spare = matching.cohort, spare_of(matching)
    others = [
        cohort.mentors.ids[row] for row in spare.mentors.tolist() if cohort.mentors.ids[row] not in kept
    ]
    chance = np.random.default_rng(7)
    for _ in range(8):
        gone = {p.mentor for p in matching.made if chance.random() < 0.25}
        failed = [
            (p.mentor, p.mentee) for p in matching.made if p.mentor not in gone and chance.random() < 0.1
        ]
        left = [("mentor", who) for who in sorted({*gone, *others})]
        revised = rematch(matching, failed=failed, left=left)
        lost = [p for p in matching.made if p.mentor in gone or (p.mentor, p.mentee) in failed]
        free = [m for m in kept if m not in gone]
        served = (
            len(lost)
            - len([who for who in revised.left if who.role == "mentee"])
            + len([who for who in matching.left if who.role == "mentee"])
        )
        assert served >= most_of_them({p.mentee for p in lost}, free, spare)


def most_of_them(mentees: set[str], mentors: list[str], spare: Any) -> int:
    """The most of these mentees whom these mentors can take over, by the largest flow."""
    cohort, offers = spare.scorer.cohort, spare.offers(None)
    place = {cohort.mentees.ids[row]: k for k, row in enumerate(spare.mentees.tolist())}
    needs = np.zeros((1, len(place)), np.int32)
    needs[0, [place[who] for who in mentees]] = 1
    near = [np.sort(offers.mentee[offers.mentor == k]) for k in range(len(spare.mentors))]
    kept = [k for k, row in enumerate(spare.mentors.tolist()) if cohort.mentors.ids[row] in mentors]
    case = Scenarios(needs, np.ones((1, len(near)), bool))
    return len(mentees) - int(unserved(case, near, spare.places, kept)[0])


def test_pairs_that_cost_no_hours() -> None:
    """They bound no places."""
    mentors = pd.DataFrame({"id": ["a", "b", "c"], "capacity": [1, 2, 1], "hours": [5, 0, 5]})
    mentees = pd.DataFrame({"id": ["x", "y"], "hours": [0, 0]})
    scores = goals.Precomputed([("a", "x", 1.0), ("c", "y", 1.0)], weight=1, missing="zero")  # type: ignore[arg-type]
    matching = match(Cohort(mentors, mentees), Policy(rules=[rules.Hours()], goals=[scores]))
    plan = reserve_plan(matching, 0.5, drop_out=[("mentor", "a", 1.0), ("mentor", "b", 0.1)])
    assert plan.table[["mentor", "places"]].values.tolist() == [["b", 2]]
