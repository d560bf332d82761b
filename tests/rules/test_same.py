"""The rule that asks for a shared field."""

from __future__ import annotations

from pairmatch import rules
from pairmatch.testing.contracts import PairRuleContract
from tests.rules.small import cohort, verdicts


class TestSame(PairRuleContract):
    """The contract, over a text field."""

    rule = rules.Same("region", missing="allow")


class TestSameList(PairRuleContract):
    """The contract, over a list field."""

    rule = rules.Same("slots")


def test_the_same_value_passes() -> None:
    """Text is compared after normalisation; a blank field forbids."""
    people = cohort({"region": ["R&D", "north", None]}, {"region": ["r and d", None]})
    assert verdicts(rules.Same("region"), people) == [[True, False], [False, False], [False, False]]


def test_missing_data_is_let_through_when_asked() -> None:
    """`missing="allow"` lets a blank field pass, and nothing else."""
    people = cohort({"region": ["south", "north", None]}, {"region": ["north", None]})
    rule = rules.Same("region", missing="allow")
    assert verdicts(rule, people) == [[False, True], [True, True], [True, True]]
    assert [who.tolist() for who in rule.lacking(people)] == [[False, False, True], [False, True]]


def test_one_entry_in_common_is_enough() -> None:
    """List fields pass when they meet."""
    people = cohort({"languages": ["English; Polski"]}, {"languages": ["polski; Deutsch", "Deutsch", ""]})
    assert verdicts(rules.Same("languages"), people) == [[True, False, False]]
    assert rules.Same("languages").description == "mentor and mentee have something in common in 'languages'"
