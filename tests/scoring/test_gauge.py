"""Reading one goal in units, whether it comes as scores or as factors."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
import pytest
from scipy import sparse

from pairmatch.cohort import Block, Cohort
from pairmatch.errors import PolicyError
from pairmatch.scoring.factors import Factors
from pairmatch.scoring.gauge import Gauge
from tests.scoring.people import Given, Kinship, cohort


@dataclass(frozen=True)
class Handed:
    """A goal whose factors are handed in."""

    left: Any
    right: Any
    weight: float = 1.0
    name: ClassVar[str] = "handed"

    def factors(self, cohort: Cohort) -> tuple[Any, Any]:
        """The factors."""
        return self.left, self.right


def table(gauge: Gauge, people: Cohort, scale: float) -> list[list[int | None]]:
    """The reference form of every pair."""
    return [[gauge.read_pair(m, e, scale) for e in people.mentees] for m in people.mentors]


def read(gauge: Gauge, people: Cohort, scale: float) -> list[list[int | None]]:
    """The block form of every pair."""
    reading = gauge.read(Block.whole(people), scale)
    lacks = (
        np.zeros(people.shape, bool)
        if reading.missing is None
        else np.broadcast_to(reading.missing, people.shape)
    )
    units = np.broadcast_to(reading.units, people.shape)
    return [
        [None if lacks[i, j] else int(units[i, j]) for j in range(units.shape[1])] for i in range(len(units))
    ]


@pytest.mark.parametrize("seed", range(5))
def test_factors_agree_with_the_reference(seed: int) -> None:
    """The block form of a goal of factors is the reference form, unit by unit."""
    people = cohort(seed, 30, 20)
    gauge = Gauge(Kinship(), people)
    answers = read(gauge, people, 1e6)
    assert answers == table(gauge, people, 1e6)
    assert any(None in row for row in answers)


@pytest.mark.parametrize("as_sparse", [False, True])
def test_doubtful_roundings_go_to_the_reference(as_sparse: bool) -> None:
    """Where a score lies on the edge of two units, the exactly rounded sum decides, not the product."""
    people = cohort(2, 9, 8)
    random = np.random.default_rng(0)
    # Tenths of 1/20 in odd numbers of units: many scores fall on a half, give or take a rounding error.
    left, right = random.integers(0, 10, (9, 5)) / 10, random.integers(0, 3, (8, 5)) / 10
    wrap = sparse.csr_array if as_sparse else np.asarray
    gauge = Gauge(Handed(wrap(left), wrap(right)), people)
    assert read(gauge, people, 50.0) == table(gauge, people, 50.0)
    exact = [[sum(Fraction(a) * Fraction(b) for a, b in zip(x, y, strict=True)) for y in right] for x in left]
    assert any(abs(s * 50 - int(s * 50) - Fraction(1, 2)) < 1e-9 for row in exact for s in row)


def test_sparse_rows_may_lack_data() -> None:
    """A stored NaN makes the person lack data in sparse factors, too."""
    people = cohort(2, 2, 2)
    left = np.array([[0.5, np.nan], [0.5, 0.0]])
    right = np.array([[0.5, 0.5], [0.0, 1.0]])
    for wrap in (np.asarray, sparse.csr_array):
        factors = Factors(Handed(wrap(left), wrap(right)), people)
        scores, _ = factors.product(np.array([0, 1]), np.array([0, 1]))
        assert np.isnan(scores).tolist() == [[True, True], [False, False]]
        assert [factors.pair(0, 0), factors.pair(1, 0)] == [None, 0.25]


def test_a_product_a_little_over_one_is_one() -> None:
    """The product may leave [0, 1] by its rounding error, and the reference puts it right."""
    people = cohort(2, 2, 2)
    whole = np.full((2, 10), np.sqrt(0.1))
    gauge = Gauge(Handed(whole, whole), people)
    try:
        expected = table(gauge, people, 1e6)
    except PolicyError:
        pytest.fail("the reference refuses a score that is 1 but for rounding")
    assert read(gauge, people, 1e6) == expected == [[1_000_000] * 2] * 2


@pytest.mark.parametrize("bad", [1.1, -0.1, float("inf"), -float("inf")])
def test_scores_out_of_range_are_refused(bad: float) -> None:
    """A home-made goal with a score outside [0, 1] is an error in both forms, naming the goal alone."""
    people = cohort(2)
    gauge = Gauge(Given({("m1", "e1"): bad}, label="mine"), people)
    with pytest.raises(PolicyError, match=r"score_out_of_range .*'mine'"):
        gauge.read(Block.whole(people), 1e6)
    with pytest.raises(PolicyError, match="score_out_of_range"):
        gauge.read_pair(people.mentors.person(1), people.mentees.person(1), 1e6)


def test_factors_out_of_range_are_refused() -> None:
    """So is a goal of factors whose product leaves [0, 1]."""
    people = cohort(2, 2, 2)
    gauge = Gauge(Handed(np.ones((2, 2)), np.ones((2, 2))), people)
    with pytest.raises(PolicyError, match="score_out_of_range"):
        gauge.read(Block.whole(people), 1e6)


@pytest.mark.parametrize("answer", [np.zeros((3, 3)), np.zeros(8), np.full((9, 8), "x"), None])
def test_answers_of_another_shape_are_refused(answer: Any) -> None:
    """A goal answers with numbers of the block's shape."""

    class Odd(Given):
        def score(self, block: Block) -> Any:
            return answer

    people = cohort(2)
    with pytest.raises(PolicyError, match="wrong_shape"):
        Gauge(Odd({}), people).read(Block.whole(people), 1e6)
    with pytest.raises(PolicyError, match="wrong_shape"):
        Gauge(Handed(np.zeros((3, 1)), np.zeros((8, 1))), people)


def test_one_row_or_column_stands_for_the_block() -> None:
    """A goal about one person may answer with a single row or column."""

    class OfMentors(Given):
        def score(self, block: Block) -> Any:
            return np.full((block.shape[0], 1), 0.25)

    people = cohort(2)
    assert read(Gauge(OfMentors({}), people), people, 100.0) == [[25] * 8] * 9


def test_a_goals_answer_is_left_alone() -> None:
    """The gauge never writes into an array that the goal may keep."""
    kept = np.full((9, 8), 0.5)
    kept[0, 0] = np.nan
    kept.flags.writeable = False

    class Keeping(Given):
        def score(self, block: Block) -> Any:
            return kept

    people = cohort(2)
    assert read(Gauge(Keeping({}), people), people, 10.0)[0][:2] == [None, 5]
