"""Coaches for pairs that stand, against trying every choice; and joint choices under a deadline."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pairmatch.groups import Coaching
from pairmatch.solver import assign_coaches, solve
from pairmatch.testing import faults
from tests.coached import instance


def drawn(seed: int) -> tuple[Coaching, np.ndarray]:
    """Up to five pairs and three coaches, with few scores so that there are ties."""
    chance = np.random.default_rng(seed)
    pairs, coaches = int(chance.integers(0, 6)), int(chance.integers(1, 4))
    shape = (5, coaches)
    suits = [chance.random(shape) < 0.7 for _ in range(2)]
    scores = [chance.integers(0, 4, shape).astype(np.int64) for _ in range(2)]
    capacity = chance.integers(0, 3, coaches).astype(np.int64)
    people = [chance.permutation(5)[:pairs] for _ in range(2)]
    return Coaching(capacity, *suits, *scores), np.stack(people, axis=1).astype(np.int64)


def best(coaching: Coaching, pairs: np.ndarray) -> tuple[int, int]:
    """The most pairs with a coach, and then the largest score."""
    found = (0, 0)
    for choice in product(range(-1, len(coaching.capacity)), repeat=len(pairs)):
        taken = [(i, j, c) for (i, j), c in zip(pairs.tolist(), choice, strict=True) if c >= 0]
        load = np.bincount([c for _, _, c in taken], minlength=len(coaching.capacity))
        suits = all(coaching.mentor_allowed[i, c] and coaching.mentee_allowed[j, c] for i, j, c in taken)
        if suits and (load <= coaching.capacity).all():
            score = sum(int(coaching.mentor_score[i, c] + coaching.mentee_score[j, c]) for i, j, c in taken)
            found = max(found, (len(taken), score))
    return found


@settings(max_examples=150)
@given(st.integers(0, 10**6))
def test_as_many_as_can_and_then_the_best(seed: int) -> None:
    """Values are those of the best choice, and prices prove them."""
    coaching, pairs = drawn(seed)
    found = assign_coaches(coaching, pairs)
    assert tuple(proof.value for proof in found.tiers) == best(coaching, pairs)
    assert all(proof.value == proof.verified_bound and proof.kind == "prices" for proof in found.tiers)
    assert [proof.tier for proof in found.tiers] == ["coached", "total"]
    assert assign_coaches(coaching, pairs).coached.tolist() == found.coached.tolist()


def test_a_deadline_leaves_a_valid_answer_and_an_honest_gap() -> None:
    """However short it is."""
    problem = instance(60, 5)
    whole, cut = solve(problem), solve(problem, time_limit=0.001)
    pairs, coached = cut.pairs.tolist(), cut.coached.tolist()
    assert not faults(problem, [(i, j) for i, j in pairs], [(k, c) for k, c in coached])
    for best_known, proof in zip(whole.tiers, cut.tiers, strict=True):
        assert proof.value <= proof.bound <= proof.verified_bound
        assert best_known.tier == proof.tier
    assert whole.tiers[0].value <= cut.tiers[0].bound


def test_the_same_problem_gives_the_same_answer() -> None:
    """Nothing random, nothing remembered."""
    one, two = solve(instance(40, 4)), solve(instance(40, 4))
    assert one.pairs.tolist() == two.pairs.tolist()
    assert one.coached.tolist() == two.coached.tolist()
    assert [proof.verified_bound for proof in one.tiers] == [proof.verified_bound for proof in two.tiers]
