"""Waves: sizes, readiness, coaches, and a first wave that is a fair pilot."""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairmatch import Matching, Policy, Schema, datasets, goals, match
from pairmatch.cohort import Cohort
from pairmatch.errors import CallError
from pairmatch.waves import Waves, waves
from tests import coached

GOALS = [goals.TopicCoverage(weight=2), goals.SharedHobbies(weight=1)]


def matched(mentors: int = 60, mentees: int = 40, seed: int = 1) -> Matching:
    """A matching of a synthetic cohort."""
    return match(datasets.synthetic(mentors=mentors, mentees=mentees, seed=seed), Policy(goals=GOALS))


def small(values: str = "aabbab", weights: bool = False) -> Matching:
    """One pair for each letter, m1 with e1 and so on; the letters stand in the mentees' column 'team'."""
    n = range(1, len(values) + 1)
    mentors = pd.DataFrame({"id": [f"m{k}" for k in n]})
    mentees = pd.DataFrame({"id": [f"e{k}" for k in n], "team": list(values)})
    scores = [(f"m{k}", f"e{k}", 1 - k / 20 if weights else 1.0) for k in n]
    goal = goals.Precomputed(scores, weight=1, missing="zero")  # type: ignore[arg-type]
    return match(Cohort(mentors, mentees), Policy(goals=[goal]))


def test_everybody_stands_in_one_wave() -> None:
    """Each pair once, with its weight, sorted by wave; the first wave is as mixed as the whole."""
    matching = matched()
    found = waves(matching, [10, 12], balance=["department", "region"])
    pairs = len(matching.made)
    assert found.sizes == (10, 12, pairs - 22)
    assert Counter(found.pairs["wave"]) == {1: 10, 2: 12, 3: pairs - 22}
    both = found.pairs.merge(matching.pairs, on=["mentor", "mentee", "weight"])
    assert len(both) == pairs
    assert (found.pilot, found.complete) == (0, True)
    assert found.pairs["wave"].is_monotonic_increasing
    assert found.wave(1)["mentor"].tolist() == found.pairs["mentor"].head(10).tolist()
    assert "wave" not in found.wave(2)
    assert repr(found).startswith(
        f"<Waves: 3 waves of 10, 12, {pairs - 22} pairs; wave 1 misses fair shares by 0"
    )
    assert repr(found).endswith("; proven least>")
    assert "<table" in found._repr_html_()


def test_balance_tells_what_is_so() -> None:
    """Every figure, counted again from the pairs."""
    matching = matched()
    found = waves(matching, 3, balance=["department"])
    cohort, wave = (
        matching.cohort,
        {e: w for w, e in zip(found.pairs["wave"], found.pairs["mentee"], strict=True)},
    )
    of = dict(zip(cohort.mentees.ids, cohort.mentees.text("department"), strict=True))
    counts = Counter((of[mentee], number) for mentee, number in wave.items())
    whole = Counter(of[mentee] for mentee in wave)
    told = found.balance[(found.balance["of"] == "mentees") & (found.balance["column"] == "department")]
    assert len(told) == 3 * len(whole)
    missed = 0
    for row in told.itertuples():
        size = found.sizes[row.wave - 1]
        assert row.pairs == counts[row.group, row.wave]
        assert row.share == pytest.approx(row.pairs / size)
        assert row.whole == pytest.approx(whole[row.group] / len(wave))
        assert row.low == size * whole[row.group] // len(wave)
        assert row.high - row.low == (size * whole[row.group] % len(wave) > 0)
        assert row.missed == max(0, row.low - row.pairs, row.pairs - row.high)
        missed += row.missed
    assert found.balance["missed"].sum() == found.missed
    assert found.balance[found.balance["wave"] == 1]["missed"].sum() == found.pilot


@settings(max_examples=25)
@given(
    values=st.text("abc", min_size=2, max_size=6),
    first=st.integers(1, 5),
    late=st.sets(st.integers(1, 6), max_size=2),
    weights=st.booleans(),
)
def test_fairness_by_trying_everything(values: str, first: int, late: set[int], weights: bool) -> None:
    """No other split misses less in wave 1, nor less in all with such a wave 1."""
    first, n = min(first, len(values) - 1), len(values)
    ready = [("mentee", f"e{k}", 2) for k in sorted(late) if k <= n]
    if n - len(ready) < first:
        with pytest.raises(CallError, match="can have started by then"):
            waves(small(values, weights), [first], ready=ready, balance="team")
        return
    found = waves(small(values, weights), [first], ready=ready, balance="team")
    assert found.complete
    barred = {f"e{k}" for k in late}
    assert barred.isdisjoint(found.wave(1)["mentee"])
    table = found.balance
    groups = [("team", v, {f"e{k}" for k, w in enumerate(values, 1) if v == w}) for v in set(values)]
    ranks = sorted(range(1, n + 1), key=lambda k: 1 - k / 20 if weights else 1.0)
    cuts = [(1 - ranks[at] / 20 if weights else 1.0) for at in (n // 3, 2 * n // 3)]
    third = {f"e{k}": sum((1 - k / 20 if weights else 1.0) >= cut for cut in cuts) for k in range(1, n + 1)}
    groups += [
        ("weight", str(t), {e for e in third if third[e] == t}) for t in range(3) if t in third.values()
    ]
    assert len(table) == 2 * len(groups)

    def misses(chosen: set[str]) -> tuple[int, int]:
        both = []
        for part in (chosen, set(third) - chosen):
            ends = [(len(part) * len(g) // n, -(-len(part) * len(g) // n)) for _, _, g in groups]
            counts = [len(part & g) for _, _, g in groups]
            both.append(sum(max(0, a - c, c - b) for c, (a, b) in zip(counts, ends, strict=True)))
        return both[0], sum(both)

    able = [e for e in third if e not in barred]
    best = min(misses(set(chosen)) for chosen in {frozenset(p[:first]) for p in permutations(able)})
    assert (found.pilot, found.missed) == best
    assert (found.pilot_bound, found.bound) == best


def test_waves_that_are_as_equal_as_can_be() -> None:
    """A number of waves; the first is not the largest."""
    assert waves(small("aaaaa"), 2).sizes == (2, 3)
    assert waves(small("aaaaa"), 1).sizes == (5,)
    assert waves(small("aaaaa"), [2, 3]).sizes == (2, 3)
    assert waves(small("aaaaa"), (5,)).sizes == (5,)


def test_who_is_alike_is_chosen_by_the_seed() -> None:
    """The same seed the same wave, another one another; the order of rows is no matter (law §8)."""
    matching = small("a" * 12)
    one, two = waves(matching, [4], seed=1), waves(matching, [4], seed=1)
    pd.testing.assert_frame_equal(one.pairs, two.pairs)
    others = [tuple(waves(matching, [4], seed=seed).wave(1)["mentee"]) for seed in range(2, 8)]
    assert len(set(others)) > 1


def test_readiness_from_a_field() -> None:
    """The wave from which on a person can start; blank is wave 1."""
    mentors = pd.DataFrame({"id": ["a", "b"], "starts": [2, None]})
    mentees = pd.DataFrame({"id": ["x", "y"]})
    scores = goals.Precomputed([("a", "x", 1.0), ("b", "y", 1.0)], weight=1, missing="zero")  # type: ignore[arg-type]
    cohort = Cohort(mentors, mentees, schema=Schema(fields={"starts": "number"}))
    matching = match(cohort, Policy(goals=[scores]))
    assert waves(matching, 2, ready="starts").wave(1)["mentor"].tolist() == ["b"]
    frame = pd.DataFrame({"role": ["mentor", "mentee"], "id": ["b", "y"], "wave": [1, 2]})
    assert waves(matching, 2, ready=frame).wave(1)["mentor"].tolist() == ["a"]


def test_coaches_start_no_more_than_they_can() -> None:
    """One number for all, or one for some; who has too many pairs is named."""
    matching = match(coached.cohort(), coached.policy())
    assert matching.coaching is not None
    n = len(matching.made)
    found = waves(matching, 3, coach_capacity=2)
    loads = Counter(zip(found.pairs["wave"], found.pairs["coach"], strict=True))
    assert all(count <= 2 for (_, coach), count in loads.items() if coach is not None)
    assert len(found.pairs) == n
    busy = Counter(pair.coach for pair in matching.coaching.pairs if pair.coach).most_common(1)[0]
    found = waves(matching, busy[1], coach_capacity={busy[0]: 1})
    assert Counter(found.pairs[found.pairs["coach"] == busy[0]]["wave"]).most_common(1)[0][1] == 1
    with pytest.raises(CallError) as caught:
        waves(matching, busy[1] - 1, coach_capacity={busy[0]: 1})
    assert [(f.code, f.side, f.id) for f in caught.value.findings] == [("coach_full", "coaches", busy[0])]


def test_a_contradiction_that_no_count_shows() -> None:
    """Sizes and coaches that each could be kept, and not both."""
    matching = match(coached.cohort(), coached.policy())
    assert matching.coaching is not None
    without = sum(pair.coach is None for pair in matching.coaching.pairs)
    n, most = len(matching.made), len(matching.coaching.coaches)
    first = without + most + 1
    assert first < n
    with pytest.raises(CallError, match="no split gives each wave its size"):
        waves(matching, [first, *[1] * (n - first)], coach_capacity=1)


def test_small_figures_about_protected_fields_are_withheld() -> None:
    """Ordinary ones are told; of a protected one nothing under five, nor what leads to it (law §12)."""
    matching = matched(120, 90, seed=4)
    found = waves(matching, [20], balance=["gender", "department"], purpose="a fair pilot")
    told = found.balance
    ordinary = told[told["column"] != "gender"]
    assert ordinary["pairs"].notna().all()
    hidden = told[told["column"] == "gender"]
    seen = hidden["pairs"].dropna()
    assert hidden["pairs"].isna().any()
    assert (seen >= 5).all()
    assert hidden[hidden["pairs"].isna()]["share"].isna().all()
    assert hidden[hidden["pairs"].isna()]["missed"].isna().all()


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        ({"sizes": 0}, "bad_argument", "'sizes' must be how many waves"),
        ({"sizes": [3, 0]}, "bad_argument", "'sizes' must be how many waves"),
        ({"sizes": 10**6}, "bad_argument", "'sizes' asks for 1,000,000 waves, and the matching has 6 pairs"),
        ({"sizes": [30]}, "bad_argument", "'sizes' ask for 30 pairs, and the matching has 6"),
        ({"ready": 3}, "bad_argument", "'ready' must be the name of a field"),
        ({"ready": "taem"}, "absent_column", "Did you mean 'team'"),
        ({"ready": "team"}, "wrong_kind", "'ready' needs a number field"),
        ({"ready": [("boss", "e1", 1)]}, "bad_row", "each row is a role"),
        ({"ready": [("mentee", "m1", 1)]}, "unknown_person", "nobody of this role"),
        ({"ready": [("mentee", "e1", 3)]}, "bad_wave", "a whole number from 1 to 2"),
        ({"ready": pd.DataFrame({"id": ["e1"]})}, "missing_columns", "'role', 'id' and 'wave'"),
        ({"coach_capacity": 2}, "no_coaches", "the matching has no coaches"),
        ({"balance": 3}, "bad_argument", "'balance' must be a list of columns"),
        ({"balance": ["taem"]}, "absent_column", "Did you mean 'team'"),
        ({"seed": "x"}, "bad_argument", "'seed' must be a whole number"),
        ({"time_limit": -1}, "bad_argument", "time_limit"),
    ],
)
def test_what_cannot_be_used(arguments: dict[str, Any], code: str, text: str) -> None:
    """Every argument, in words."""
    with pytest.raises(CallError) as caught:
        waves(small(), **arguments)
    assert [finding.code for finding in caught.value.findings] == [code]
    assert text in str(caught.value)


def test_everything_wrong_at_once() -> None:
    """All problems stand in one error."""
    with pytest.raises(CallError) as caught:
        waves(small(), 0, ready=[("mentee", "e9", 1)], coach_capacity=1, balance=["x"], seed=None)  # type: ignore[arg-type]
    assert len(caught.value.findings) == 5


def test_coaches_that_cannot_be_used() -> None:
    """Who is no coach, and what is no capacity."""
    matching = match(coached.cohort(), coached.policy())
    with pytest.raises(CallError, match="no coach of this matching"):
        waves(matching, coach_capacity={"zz": 1})
    with pytest.raises(CallError, match="a whole number of at least 0"):
        waves(matching, coach_capacity=-1)


def test_protected_columns_need_a_purpose() -> None:
    """As cohort goals do (law §12); a column with a value for everybody balances nothing."""
    matching = matched(20, 10)
    with pytest.raises(CallError, match="needs_purpose"):
        waves(matching, balance=["gender"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pairmatch.checking.wave_request.MOST_GROUPS", 2)
        with pytest.raises(CallError, match="more than 2 values"):
            waves(matching, balance=["department"])


def test_no_pairs() -> None:
    """A matching without pairs has empty waves."""
    cohort = Cohort(pd.DataFrame({"id": ["a"], "capacity": [0]}), pd.DataFrame({"id": ["x"]}))
    found = waves(match(cohort, Policy(objective=["mentees"])), 2)
    assert found.sizes == (0, 0)
    assert found.pairs.empty
    assert found.balance.empty


def test_waves_that_are_not_there() -> None:
    """The number of a wave is one of those there are."""
    found = waves(small(), 2)
    for number in (0, 3, "1"):
        with pytest.raises(CallError, match="'number' must be a wave from 1 to 2"):
            found.wave(number)  # type: ignore[arg-type]


def test_a_gap_is_told() -> None:
    """Where the search ended first, the bounds are told."""
    found = Waves(pd.DataFrame(), pd.DataFrame(), (3, 4), 2, 5, 0, 1, complete=False)
    assert repr(found) == (
        "<Waves: 2 waves of 3, 4 pairs; wave 1 misses fair shares by 2, all by 5; at least 0 and 1>"
    )


def test_tables_in_another_order() -> None:
    """Waves do not depend on the order of rows (law §8)."""
    cohorts = []
    for step in (1, -1):
        mentors = pd.DataFrame({"id": [f"m{k}" for k in range(12)], "team": list("abcabcabcabc")})[::step]
        mentees = pd.DataFrame({"id": [f"e{k}" for k in range(12)], "team": list("aabbccaabbcc")})[::step]
        cohorts.append(Cohort(mentors.reset_index(drop=True), mentees.reset_index(drop=True)))
    policy = Policy(goals=[goals.Same("team", weight=1)])
    one, two = (waves(match(cohort, policy), [5, 3], balance=["team"], seed=3) for cohort in cohorts)
    pd.testing.assert_frame_equal(one.pairs, two.pairs)
    pd.testing.assert_frame_equal(one.balance, two.balance)
