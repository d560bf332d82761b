"""`stability`: blocking pairs against the definition, and against an independent implementation."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from importlib import import_module
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.scoring import blocks
from pairmatch.stability import stability
from pairmatch.testing import reference_problem
from pairmatch.testing.strategies import Case, cases

NEEDS = {
    "mentors": pd.DataFrame({"id": ["m1", "m2"], "hobbies": ["chess; golf", "go"], "hours": [3, 2]}),
    "mentees": pd.DataFrame(
        {"id": ["e1", "e2", "e3"], "hobbies": ["chess; golf", "go", "golf"], "hours": [2, 2, 1]}
    ),
}
STAYS = [("m2", "e1"), ("m2", "e2"), ("m2", "e3"), ("m1", "e3")]
HOBBIES = pm.Policy(goals=[goals.SharedHobbies(weight=1)], mentors={"capacity": 2})


def wished(rows: list[tuple[str, str, str, int]]) -> pd.DataFrame:
    """A table of preferences: mentor, mentee, by, rank."""
    return pd.DataFrame(rows, columns=["mentor", "mentee", "by", "rank"])


# -- against the definition -----------------------------------------------------------------------


def likes(cohort: pm.Cohort, by: str, owner: tuple[str, str], other: str, weight: int) -> float | None:
    """How much somebody likes another one; None where they would not have them."""
    role, who = owner
    ranks = {} if by == "weights" or cohort.preferences is None else cohort.preferences.ranks(role)
    mine = {pair[role == "mentor"]: rank for pair, rank in ranks.items() if pair[role == "mentee"] == who}
    return (-mine[other] if other in mine else None) if mine else weight


def blocking(case: Case, matching: pm.Matching, by: str) -> set[tuple[str, str]]:
    """Every blocking pair by trying whom each could leave."""
    stated = reference_problem(case.cohort, case.policy)
    assert stated is not None
    problem, loads = stated.problem, stated.problem.loads
    every = {
        (stated.mentors[i], stated.mentees[j]): int(w)
        for i, j, w in zip(problem.mentor, problem.mentee, problem.weight, strict=True)
    }
    made = {(pair.mentor, pair.mentee): pair.weight for pair in matching.made}

    def takes(at: int, pair: tuple[str, str]) -> bool:
        ids, role = ((stated.mentors, stated.mentees)[at], ("mentor", "mentee")[at])
        place, owner = ids.index(pair[at]), (role, pair[at])
        wish = likes(case.cohort, by, owner, pair[1 - at], every[pair])
        if wish is None:
            return False
        mine = [other for other in made if other[at] == pair[at]]
        fond = {other: likes(case.cohort, by, owner, other[1 - at], made[other]) for other in mine}
        less = [other for other in mine if fond[other] is None or fond[other] < wish]
        capacity = (loads.mentor_capacity, loads.mentee_capacity)[at][place]

        def fits(left: tuple[tuple[str, str], ...]) -> bool:
            rest = [pair, *(other for other in mine if other not in left)]
            if len(rest) > capacity:
                return False
            if at or loads.mentor_hours is None or loads.mentee_hours is None:
                return True
            spent = sum(loads.mentee_hours[stated.mentees.index(other[1])] for other in rest)
            return bool(spent <= loads.mentor_hours[place])

        return any(fits(left) for n in range(len(less) + 1) for left in combinations(less, n))

    return {pair for pair in every if pair not in made and takes(0, pair) and takes(1, pair)}


@settings(max_examples=30)
@given(cases(), st.sampled_from(["weights", "preferences"]))
def test_the_blocking_pairs_are_those_of_the_definition(case: Case, by: str) -> None:
    """Count, people and list agree with leaving every set of partners on trial."""
    assume(by == "weights" or case.cohort.preferences is not None)
    try:
        matching = pm.match(case.cohort, case.policy)
    except pm.InfeasibleError:
        assume(False)
    expected = blocking(case, matching, by)
    event("some" if expected else "none")
    found = stability(matching, by=by)
    assert set(zip(found.pairs["mentor"], found.pairs["mentee"], strict=True)) == expected
    assert found.count == len(expected)
    assert found.mentors == len({mentor for mentor, _ in expected})
    assert found.mentees == len({mentee for _, mentee in expected})
    assert found.stable is (not expected)


# -- against the package `matching` ---------------------------------------------------------------


def games() -> Any:
    """The games of the package `matching`, where it is installed."""
    peer = pytest.importorskip("benchmarks.peers.stable")
    try:
        return peer.package()
    except ImportError:
        pytest.skip("the package matching is not installed")


def lists(chance: np.random.Generator, mentors: int, mentees: int, share: float) -> Any:
    """Whom mentors and mentees rank, best first: who is ranked by somebody ranks them too."""
    known = chance.random((mentors, mentees)) < share
    known[0, :] = known[:, 0] = True
    ours = {f"m{i}": [f"e{j}" for j in chance.permutation(mentees) if known[i, j]] for i in range(mentors)}
    theirs = {f"e{j}": [f"m{i}" for i in chance.permutation(mentors) if known[i, j]] for j in range(mentees)}
    return ours, theirs


def cohort_of(ours: Any, theirs: Any, capacity: dict[str, int]) -> pm.Cohort:
    """People of whom nothing is known but whom they wish for."""
    rows = [(m, e, "mentor", k) for m, ranked in ours.items() for k, e in enumerate(ranked, 1)]
    rows += [(m, e, "mentee", k) for e, ranked in theirs.items() for k, m in enumerate(ranked, 1)]
    mentors = pd.DataFrame({"id": list(ours), "capacity": [capacity[m] for m in ours]})
    return pm.Cohort(mentors, pd.DataFrame({"id": list(theirs)}), preferences=wished(rows))


@pytest.mark.parametrize("seed", range(20))
def test_the_package_matching_finds_the_same(seed: int) -> None:
    """Its hospitals and residents have the same blocking pairs, and its own solution has none."""
    chance = np.random.default_rng(seed)
    ours, theirs = lists(chance, 6, 9, 0.6 if seed % 2 else 1.0)
    capacity = {mentor: int(chance.integers(1, 4)) for mentor in ours}
    cohort = cohort_of(ours, theirs, capacity)
    strangers = rules.Forbidden([(m, e) for m in ours for e in theirs if e not in ours[m]])
    listed = pm.Policy(goals=[goals.Preferences(weight=1)], rules=[strangers])
    matching = pm.match(cohort, listed)
    game = games().HospitalResident.create_from_dictionaries(theirs, ours, capacity)
    hospitals = {player.name: player for player in game.hospitals}
    residents = {player.name: player for player in game.residents}
    for pair in matching.made:
        hospitals[pair.mentor]._match(residents[pair.mentee])
        residents[pair.mentee]._match(hospitals[pair.mentor])
    found = stability(matching)
    assert game.check_stability() is found.stable
    expected = {(hospital.name, resident.name) for resident, hospital in game.blocking_pairs}
    assert set(zip(found.pairs["mentor"], found.pairs["mentee"], strict=True)) == expected
    pairs = [
        (mentor.name, mentee.name)
        for mentor, took in games()
        .HospitalResident.create_from_dictionaries(theirs, ours, capacity)
        .solve()
        .items()
        for mentee in took
    ]
    theirs_only = replace(listed, rules=[strangers, rules.Required(pairs)])
    assert stability(pm.match(cohort, theirs_only)).stable


# -- by hand ----------------------------------------------------------------------------------------


def test_lists_decide_and_who_gave_none_goes_by_weight() -> None:
    """An unlisted partner is left for any listed person; who is not on a list is not accepted."""
    mentors = pd.DataFrame({"id": ["m1", "m2"], "hobbies": ["chess", "chess"]})
    mentees = pd.DataFrame({"id": ["e1", "e2"], "hobbies": ["chess", "golf"]})
    policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)], rules=[rules.Required([("m1", "e1")])])
    nobody = pm.match(pm.Cohort(mentors, mentees), policy)
    assert stability(nobody).by == "weights"
    wish = [("m2", "e1", "mentee", 1), ("m1", "e2", "mentee", 2)]
    matching = pm.match(pm.Cohort(mentors, mentees, preferences=wished(wish)), policy)
    found = stability(matching)
    # m2 has e2 with whom there is nothing to share, and gave no list: e1 weighs more.
    assert found.pairs.values.tolist() == [["m2", "e1", 1.0, "e2", "m1"]]
    assert found.by == "preferences"


def test_a_matching_without_pairs_is_judged() -> None:
    """Nobody has anybody, and no rule allows anything."""
    nobody = rules.Forbidden([("m1", "e1"), ("m1", "e2"), ("m2", "e1"), ("m2", "e2")])
    mentors, mentees = (pd.DataFrame({"id": ids}) for ids in (["m1", "m2"], ["e1", "e2"]))
    wish = wished([("m1", "e1", "mentor", 1), ("m9", "e1", "mentee", 1)])
    cohort = pm.Cohort(mentors, mentees, preferences=wish)
    matching = pm.match(cohort, pm.Policy(rules=[nobody], objective=["mentees"]))
    assert stability(matching).stable


def test_hours_decide_who_is_left() -> None:
    """A mentor makes room in hours, not only in places."""
    cohort = pm.Cohort(NEEDS["mentors"], NEEDS["mentees"])
    policy = replace(HOBBIES, rules=[rules.Hours(), rules.Required([("m1", "e2")]), rules.Forbidden(STAYS)])
    matching = pm.match(cohort, policy)
    found = stability(matching)
    assert found.pairs[["mentor", "mentee", "mentor_leaves", "mentee_leaves"]].values.tolist() == [
        ["m1", "e1", "e2", ""]
    ]


def test_the_list_is_cut_and_the_count_is_not() -> None:
    """The heaviest pairs come first, whatever the order of rows."""
    cohort = pm.datasets.synthetic(mentors=20, mentees=30, seed=3)
    matching = pm.match(cohort, pm.datasets.synthetic_policy())
    whole = stability(matching, by="weights")
    assert whole.count > 3
    assert whole.pairs["weight"].is_monotonic_decreasing
    part = stability(matching, by="weights", most=3)
    pd.testing.assert_frame_equal(part.pairs, whole.pairs.head(3))
    assert (part.count, part.mentors, part.mentees) == (whole.count, whole.mentors, whole.mentees)
    assert stability(matching, by="weights", most=0).pairs.empty
    assert f"and {whole.count - 3} more" in str(part)


def test_blocks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs are looked at block by block, and progress is told."""
    cohort = pm.datasets.synthetic(mentors=20, mentees=30, seed=3)
    matching = pm.match(cohort, pm.datasets.synthetic_policy())
    whole = stability(matching)
    room = import_module("pairmatch.stability")
    monkeypatch.setattr(room, "blocks", partial(blocks, block_pairs=50))
    steps: list[pm.Progress] = []
    part = stability(matching, progress=steps.append)
    pd.testing.assert_frame_equal(part.pairs, whole.pairs)
    assert part.count == whole.count
    assert (steps[-1].done, len(steps)) == (steps[-1].total, 20)


def test_a_stable_matching_says_so() -> None:
    """In words, as a table, and in one line."""
    cohort = pm.Cohort(NEEDS["mentors"], NEEDS["mentees"])
    found = stability(pm.match(cohort, HOBBIES))
    assert found.stable
    assert str(found) == "stable by weights: no two people would rather have each other"
    assert repr(found) == "<Stability by weights: 0 blocking pairs, 0 mentors and 0 mentees in one>"
    assert "mentor_leaves" in found._repr_html_()


def test_blocking_pairs_in_words() -> None:
    """Whom each would leave, or that there is a free place."""
    cohort = pm.Cohort(NEEDS["mentors"], NEEDS["mentees"])
    policy = replace(HOBBIES, rules=[rules.Hours(), rules.Required([("m1", "e2")]), rules.Forbidden(STAYS)])
    assert str(stability(pm.match(cohort, policy))).splitlines() == [
        "1 blocking pair by weights",
        "  mentor m1 and mentee e1: the mentor would leave e2, the mentee has a free place",
    ]


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"by": "ranks"}, "bad_argument", "must be 'preferences' or 'weights', or None"),
        ({"by": "preferences"}, "no_preferences", "the cohort has no table of preferences"),
        ({"most": -1}, "bad_argument", "must be a whole number of at least 0"),
        ({"most": 1.5}, "bad_argument", "must be a whole number of at least 0"),
        ({"progress": 3}, "bad_argument", "must be a function"),
    ],
)
def test_bad_arguments_are_refused(options: dict[str, Any], code: str, words: str) -> None:
    """With what is asked for."""
    cohort = pm.Cohort(NEEDS["mentors"], NEEDS["mentees"])
    with pytest.raises(pm.CallError, match=words) as error:
        stability(pm.match(cohort, HOBBIES), **options)
    assert [finding.code for finding in error.value.findings] == [code]


def test_only_matchings_are_judged() -> None:
    """Anything else is refused."""
    with pytest.raises(pm.CallError, match="must be a Matching"):
        stability("no matching")  # type: ignore[arg-type]
