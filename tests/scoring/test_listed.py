"""Lists of pairs: the same weights and rules as in blocks, also with parts that know blocks only."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from pairmatch import goals, rules
from pairmatch.cohort import Block, Cohort
from pairmatch.policy import Policy
from pairmatch.scoring import fit, listed
from pairmatch.scoring.listed import exact, reads_lists
from pairmatch.scoring.scorer import Scorer
from tests.scoring import people
from tests.scoring.people import Given


def scorer(policy: Policy, **size: int) -> Scorer:
    """A scorer over a small cohort."""
    cohort = people.cohort(3, **size)
    return Scorer(cohort, policy, fit(cohort, policy))


def own(**changes: Any) -> Policy:
    """The library's parts alone."""
    kept = [goal for goal in people.policy().goals if not isinstance(goal, people.Kinship)]
    return people.policy(**{"goals": kept, **changes})


class ByRows:
    """A rule that makes its own rectangle of the positions."""

    name = "by_rows"

    def allowed(self, block: Block) -> Any:
        return (block.mentor_positions[:, None] + block.mentee_positions[None, :]) % 3 > 0

    def allowed_pair(self, mentor: Any, mentee: Any) -> bool:
        places = mentor.cohort.mentors.position(mentor.id), mentee.cohort.mentees.position(mentee.id)
        return sum(places) % 3 > 0


class Misread:
    """A goal that reads a list, and reads it wrongly."""

    name, weight = "misread", 1.0

    def score(self, block: Block) -> Any:
        return np.full(block.shape, 1.0 if block.shape[1] > 1 else 0.5)

    def score_pair(self, mentor: Any, mentee: Any) -> float:
        return 1.0


class Sparse:
    """A goal that comes as sparse factors, or half so; whose level is blank lacks data."""

    name, weight = "sparse", 1.0

    def __init__(self, half: bool) -> None:
        self.half = half

    def factors(self, cohort: Cohort) -> Any:
        left, right = people.Kinship().factors(cohort)
        return csr_array(left), right if self.half else csr_array(right)


POLICIES: dict[str, tuple[Policy, bool]] = {
    "the library's": (own(), True),
    "factors": (people.policy(), True),
    "sparse factors": (people.policy(goals=[Sparse(half=False)]), True),
    "half sparse factors": (people.policy(goals=[Sparse(half=True)]), True),
    "no goals": (own(goals=[], objective=["mentees"]), True),
    "a goal by ids": (own(goals=[Given({("m1", "e1"): 0.7, ("m2", "e3"): None})]), False),
    "a rule by rows": (own(rules=[rules.NotSameTeam(), ByRows()]), False),
    "a list misread": (own(goals=[Misread(), goals.Same("department", weight=1)]), False),
}


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("at_once", [7, 1 << 17])
def test_a_list_is_scored_like_a_block(name: str, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every pair of a list, in any order and also twice, is scored and judged as it is in a block."""
    monkeypatch.setattr(listed, "AT_ONCE", at_once)
    policy, lists = POLICIES[name]
    scoring = scorer(policy)
    assert scoring.reads_lists is lists
    block = Block.whole(scoring.cohort)
    random = np.random.default_rng(1)
    rows, columns = random.integers(0, block.shape[0], 100), random.integers(0, block.shape[1], 100)
    weight, allowed = exact(scoring, rows, columns)
    assert (weight.dtype, allowed.dtype) == (np.int64, np.bool_)
    assert weight.tolist() == scoring.weight(block)[rows, columns].tolist()
    assert allowed.tolist() == scoring.eligible(block)[rows, columns].tolist()


def test_empty_lists_and_sides() -> None:
    """No pairs have no weights, and nobody is a sample."""
    for policy in (own(), own(rules=[ByRows()])):
        weight, allowed = exact(scorer(policy), [], [])
        assert (weight.tolist(), allowed.tolist()) == ([], [])


def test_one_mentor_and_one_mentee() -> None:
    """The sample of a tiny cohort still is a list of several pairs, and so finds out who cannot read one."""
    assert not reads_lists(scorer(own(rules=[ByRows()]), n_mentors=1, n_mentees=1))
    assert reads_lists(scorer(own(), n_mentors=1, n_mentees=1))
