"""`pairmatch.assign` with ready weights: what its arguments mean, on examples worked out by hand."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sp

import pairmatch as pm
from tests.public_data import folder

NAN = np.nan
WEIGHTS = np.array([[0.9, 0.8], [0.7, NAN]])


def pairs(found: pm.Assignment) -> list[tuple[int, int]]:
    """The pairs as plain tuples."""
    return [(mentor, mentee) for mentor, mentee in found.pairs.tolist()]


def test_nan_is_not_allowed() -> None:
    """The best pair gives way so that both mentees have a mentor; a pair marked NaN is never made."""
    found = pm.assign(WEIGHTS)
    assert pairs(found) == [(0, 1), (1, 0)]
    assert (found.values, found.bounds, found.gaps, found.gap) == ((2.0, 1.5), (2.0, 1.5), (0.0, 0.0), 0.0)
    assert pairs(pm.assign([[NAN, NAN], [NAN, 0.0]])) == [(1, 1)]


def test_a_masked_entry_is_not_allowed() -> None:
    """A mask says that there is no weight, and what lies under it is not looked at."""
    masked = np.ma.masked_array([[9.0, 1.0], [1.0, 1.0]], mask=[[True, False], [False, False]])
    assert pairs(pm.assign(masked)) == [(0, 1), (1, 0)]


@pytest.mark.parametrize("kind", [sp.csr_array, sp.csr_matrix, sp.coo_array, sp.coo_matrix, sp.csc_array])
def test_sparse_absent_is_not_allowed_and_a_stored_zero_is(kind: Any) -> None:
    """Mentee 2 has a stored zero only and is served; entries of one pair are added up; NaN is not allowed."""
    rows, columns = [0, 0, 0, 1, 1, 1], [0, 0, 1, 0, 2, 1]
    weights = kind(sp.coo_array(([0.3, 0.4, 0.6, 0.1, 0.0, NAN], (rows, columns)), shape=(2, 3)))
    found = pm.assign(weights, mentor_capacity=2, objective=("mentees", "total"))
    assert pairs(found) == [(0, 0), (0, 1), (1, 2)]
    assert found.values == (3.0, 1.3)


def test_sparse_duplicates_of_a_narrow_type_do_not_overflow() -> None:
    """Two entries of 100 in int8 are 200, not -56."""
    weights = sp.coo_array((np.array([100, 100], np.int8), ([0, 0], [0, 0])), shape=(1, 1))
    assert pm.assign(weights, resolution=1).values == (1.0, 200.0)


def test_capacities_for_all_or_for_each() -> None:
    """One number for everybody, or one per person; 0 is nobody's place."""
    weights = np.array([[5, 4, 3], [2, 1, 1]])
    assert pairs(pm.assign(weights, 2)) == [(0, 0), (0, 1), (1, 2)]
    assert pairs(pm.assign(weights, [3, 0])) == [(0, 0), (0, 1), (0, 2)]
    assert pairs(pm.assign(weights, [0, 1], [0, 1, 1], objective=("total",))) in ([(1, 1)], [(1, 2)])
    assert len(pm.assign(weights, 3, np.array([2, 2, 2]), objective=("pairs",)).pairs) == 6


def test_minimums_are_hard() -> None:
    """A minimum is kept though every tier would be better without it."""
    weights = np.array([[0.9, 0.9], [-0.5, -0.5]])
    free = pm.assign(weights, mentor_capacity=2, objective=("total",))
    held = pm.assign(weights, mentor_capacity=2, mentor_minimum=[0, 1], objective=("total",))
    assert (free.values, held.values) == ((1.8,), (0.4,))
    both = pm.assign([[0.9], [-0.5]], mentee_capacity=2, mentee_minimum=2, objective=("total",))
    assert pairs(both) == [(0, 0), (1, 0)]


def test_total_leaves_out_what_takes_away() -> None:
    """A negative weight is taken only where an earlier tier or a minimum asks for it."""
    weights = [[-0.5]]
    assert pairs(pm.assign(weights, objective=("total",))) == []
    assert pairs(pm.assign(weights, objective=("mentees", "total"))) == [(0, 0)]


@pytest.mark.parametrize(
    ("hours", "most"),
    [
        (2, 2),
        ([1, 1, 3], 2),
        ([[1, 1, 1], [9, 9, 9]], 3),
        ([[1, 1, NAN], [9, 9, 9]], 2),
        (0, 3),
        (0.07, 3),
    ],
    ids=["for all", "per mentee", "per pair", "a pair that is not allowed has none", "none", "small"],
)
def test_hours(hours: Any, most: int) -> None:
    """Mentor 0 has hours for so many of three mentees; mentor 1 has none to give."""
    weights = np.ones((2, 3))
    weights[1] = NAN
    weights[0, 2] = NAN if np.isnan(np.asarray(hours, float)).any() else 1
    budget = 0.21 if hours == 0.07 else 4
    found = pm.assign(weights, 3, hours=hours, mentor_hours=[budget, 0], objective=("pairs",))
    assert len(found.pairs) == most


def test_hours_are_rounded_to_be_safe() -> None:
    """Hours finer than 1/100 count as more, a finer budget as less: nobody is ever overworked."""
    assert len(pm.assign([[1.0, 1.0]], 2, hours=0.501, mentor_hours=1).pairs) == 1
    assert len(pm.assign([[1.0, 1.0]], 2, hours=0.5, mentor_hours=0.999).pairs) == 1
    assert len(pm.assign([[1.0, 1.0]], 2, hours=0.5, mentor_hours=1).pairs) == 2


def test_must_match_goes_first() -> None:
    """The mandated mentee takes the only mentor, though the other weighs more."""
    found = pm.assign([[0.9, 0.1]], must_match=[False, True], objective=("must_match", "mentees", "total"))
    assert (pairs(found), found.values) == ([(0, 1)], (1.0, 1.0, 0.1))
    assert pairs(pm.assign([[0.9, 0.1]], objective=("must_match", "total"))) == [(0, 0)]


@pytest.mark.parametrize(
    ("objective", "values", "chosen"),
    [
        (("must_match",), (1.0,), None),
        (("mentees",), (3.0,), None),
        (("mentors",), (2.0,), None),
        (("pairs",), (4.0,), [(0, 0), (0, 1), (1, 0), (1, 2)]),
        (("total",), (2.1,), [(0, 0), (0, 1), (1, 0), (1, 2)]),
        (("mentees", "worst"), (3.0, 0.2), None),
        (("mentees", "leximin"), (3.0, 0.2), [(0, 0), (0, 1), (1, 0), (1, 2)]),
        (("mentees", "worst", "total"), (3.0, 0.2, 2.1), [(0, 0), (0, 1), (1, 0), (1, 2)]),
        (["mentors", "pairs", "total"], (2.0, 4.0, 2.1), [(0, 0), (0, 1), (1, 0), (1, 2)]),
    ],
)
def test_every_tier(objective: Any, values: tuple[float, ...], chosen: list[tuple[int, int]] | None) -> None:
    """Each tier's value; the pairs where they are the only ones."""
    weights = [[0.9, 0.5, NAN], [0.5, NAN, 0.2]]
    found = pm.assign(weights, 2, [2, 1, 1], must_match=[False, False, True], objective=objective)
    assert found.values == found.bounds == values
    assert found.objective == tuple(objective)
    assert chosen is None or pairs(found) == chosen


def test_everything_is_told_per_tier() -> None:
    """Values, bounds, gaps, kinds and prices: one entry per tier, prices one per person."""
    found = pm.assign(WEIGHTS, objective=("mentees", "worst", "total"))
    told = (found.values, found.bounds, found.verified_bounds, found.gaps, found.kinds)
    assert {len(each) for each in (*told, found.mentor_prices, found.mentee_prices)} == {3}
    assert found.values == (2.0, 0.7, 1.5)
    assert found.kinds == ("prices", "cut", "prices")
    assert {prices.shape for prices in (*found.mentor_prices, *found.mentee_prices)} == {(2,)}
    assert found.complete


def test_it_is_short_at_the_prompt() -> None:
    """Pairs, values and proof, no arrays."""
    assert repr(pm.assign(WEIGHTS)) == "<Assignment of 2 pairs: mentees 2, total 1.5; proven optimal>"
    assert repr(pm.assign([[1.0]], objective=["pairs"])) == "<Assignment of 1 pair: pairs 1; proven optimal>"


def test_prices_prove_the_total() -> None:
    """No pair is worth more than the prices of its two people, and all prices add up to the total."""
    weights = np.random.default_rng(4).integers(0, 100, (6, 7)) / 100
    found = pm.assign(weights, objective=("total",))
    mentors, mentees = -found.mentor_prices[0], -found.mentee_prices[0]
    signs = (mentors, mentees) if (mentors >= 0).all() else (-mentors, -mentees)
    assert (signs[0][:, None] + signs[1] >= weights - 1e-9).all()
    assert signs[0].sum() + signs[1].sum() == pytest.approx(found.values[0])


def test_huge_weights_within_hours() -> None:
    """Bundles prove them exactly; where a search is needed, they are refused with the way out."""
    weights = np.array([[9e4, 1e3], [5e4, 8e4]])
    call = {"mentor_capacity": 2, "mentee_capacity": 2, "hours": [2, 3], "mentor_hours": 4}
    exact = pm.assign(weights, **call)
    assert exact.gap == 0
    assert exact.values == pm.assign(weights, **call, resolution=1).values == (2.0, 17e4)
    with pytest.raises(pm.CallError, match="coarser resolution"):
        pm.assign(weights, **call, objective=("mentees", "worst", "total"))


def test_resolution() -> None:
    """Weights are rounded to a multiple of the resolution before anything else, and told so."""
    weights = [[0.44, 0.46]]
    assert pm.assign(weights, objective=("total",)).values == (0.46,)
    assert pm.assign(weights, objective=("total",), resolution=0.1).values == (0.5,)
    assert pm.assign([[7, 3]], objective=("total",), resolution=np.int64(2)).values == (8.0,)
    assert pm.assign([[1e12, 5e12]], objective=("total",), resolution=1).values == (5e12,)


def test_leximin_over_a_dozen_pairs_comes_to_an_end() -> None:
    """Places for several mentors; the search once raised the floor by a millionth at a time, for minutes."""
    weights = np.array(
        [
            [0.099802, 0.960689, 0.962023, 0.991111],
            [0.100513, 0.956674, 0.961369, 0.987806],
            [0.074076, 0.052968, 0.095556, 0.072480],
        ]
    )
    found = pm.assign(weights, mentee_capacity=[2, 3, 3, 1], objective=("mentees", "leximin"))
    assert found.gap == 0
    assert found.values == (3.0, 0.095556)
    assert found.pairs.tolist() == [[0, 1], [1, 3], [2, 2]]


def test_leximin_tells_every_level() -> None:
    """The total weight of each matched mentee, ascending; nothing without the tier."""
    weights = [[0.9, 0.3, 0.3], [0.8, 0.4, NAN], [NAN, 0.6, 0.5]]
    found = pm.assign(weights, objective=("mentees", "leximin"))
    assert found.levels == (0.4, 0.5, 0.9)
    assert pm.assign(weights).levels == ()


def test_the_callers_arrays_are_untouched() -> None:
    """Nothing handed in is changed, and what comes back shares no memory with it."""
    sparse = sp.coo_array((np.array([1.0, 0.0, 2.0]), (np.array([0, 1, 0]), np.array([0, 1, 0]))))
    dense, loads, flags = WEIGHTS.copy(), np.array([1, 1]), np.array([True, False])
    more = {"mentor_minimum": loads * 0, "hours": np.ones((2, 2)), "mentor_hours": np.array([2.0, 2.0])}
    before = copy.deepcopy((sparse.row, sparse.col, sparse.data, dense, loads, flags, more))
    for weights in (dense, sparse):
        found = pm.assign(weights, loads, loads, must_match=flags, **more)
        told = (found.pairs, *found.mentor_prices, *found.mentee_prices)
        handed = (dense, loads, flags, sparse.data, *more.values())
        assert not any(np.shares_memory(one, other) for one in told for other in handed)
    after = (sparse.row, sparse.col, sparse.data, dense, loads, flags, more)
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(before[:5], after[:5], strict=True))
    assert all(np.array_equal(before[6][name], more[name]) for name in more)
    assert flags.tolist() == [True, False]


def test_nobody_and_no_pair() -> None:
    """Empty problems have empty answers."""
    for shape in ((0, 0), (0, 3), (3, 0)):
        found = pm.assign(np.zeros(shape), mentor_capacity=[1] * shape[0], must_match=[False] * shape[1])
        assert (found.pairs.shape, found.values) == ((0, 2), (0.0, 0.0))
    assert pm.assign(np.full((2, 2), NAN)).values == (0.0, 0.0)


def test_progress_is_told() -> None:
    """Long work tells where it is."""
    stages: list[pm.Progress] = []
    pm.assign(WEIGHTS, progress=stages.append)
    assert stages


@pytest.mark.parametrize(("name", "most", "total", "worst"), [(1, 6, 124.25, 0.75), (2, 7, 141.5, 1.0)])
def test_bids_of_two_conferences(name: int, most: int, total: float, worst: float) -> None:
    """Each paper needs three reviewers: the best total, and the best total that treats papers fairly."""
    lines = (folder("preflib-bidding") / f"preflib{name}.in").read_text().splitlines()
    papers, reviewers = map(int, lines[0].split())
    bids = np.array([line.split() for line in lines[1 : papers + 1]], float)
    assert bids.shape == (papers, reviewers)
    for objective, values in ((["total"], (total,)), (["worst", "total"], (worst, total))):
        found = pm.assign(bids.T, most, 3, mentee_minimum=3, objective=objective)
        assert (found.values, found.gap, found.complete) == (values, 0.0, True)
        assert np.bincount(found.pairs[:, 1]).tolist() == [3] * papers
        assert np.bincount(found.pairs[:, 0]).max() <= most


@pytest.mark.parametrize(
    ("weights", "more", "expected"),
    [
        ([[NAN, 1.0]], {"mentee_minimum": [1, 0]}, {("below_minimum", "mentees", "0")}),
        ([[1.0], [1.0]], {"mentor_minimum": 1}, {("below_minimum", "mentors")}),
        ([[1.0, NAN], [NAN, 1.0]], {"mentor_minimum": [0, 2], "mentor_capacity": 2},
         {("below_minimum", "mentors", "1")}),
        ([[1.0, 1.0]], {"mentee_minimum": 1, "mentor_capacity": 2, "hours": 3, "mentor_hours": 5},
         {("contradiction", "", "")}),
    ],
    ids=["no partner", "too few mentees", "too few partners", "too few hours"],
)  # fmt: skip
def test_contradictions_are_named_by_position(weights: Any, more: Any, expected: set[Any]) -> None:
    """Who cannot be served is told by side and position, and nothing is returned."""
    with pytest.raises(pm.InfeasibleError) as caught:
        pm.assign(weights, **more)
    found = {(finding.code, finding.side, finding.id) for finding in caught.value.findings}
    assert {each[: len(next(iter(expected)))] for each in found} == expected


def test_a_deadline_without_an_answer_is_an_error() -> None:
    """Where no valid assignment was found in time, none is returned."""
    weights = np.random.default_rng(1).random((40, 40))
    with pytest.raises(pm.NoSolutionError):
        pm.assign(weights, 3, mentee_minimum=1, hours=weights, mentor_hours=0.8, time_limit=1e-9)


def test_total_before_a_floor_over_several_mentors() -> None:
    """The floor's first try named the total twice, and ended above its own bound."""
    found = pm.assign(np.array([[-0.7, -0.2]]), 1, [2, 1], objective=("pairs", "total", "worst"))
    assert (found.values, found.gap) == ((1.0, -0.2, -0.2), 0.0)


def test_capacities_beyond_all_people() -> None:
    """Nobody has more partners than there are people; a huge capacity once overflowed the bounds."""
    weights = np.array([[6664664.808027, 13274564.270587], [-8962490.255496, -6162342.131890]])
    huge = pm.assign(weights, [2, 10**9], 1, objective=("total", "mentees"))
    assert huge.bounds == pm.assign(weights, 2, 1, objective=("total", "mentees")).bounds
    assert huge.gap == 0
