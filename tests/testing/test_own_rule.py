"""A rule and a goal of one's own, six lines each, and the tests that they inherit."""

from __future__ import annotations

import pytest
from hypothesis import Phase

from pairmatch.cohort import Block, Person
from pairmatch.rules.protocol import Bools
from pairmatch.testing import contract_tools, strategies
from pairmatch.testing.contracts import Column, PairRuleContract


class SameShift:
    """Mentor and mentee work the same shift."""

    name = "same_shift"

    def allowed(self, block: Block) -> Bools:
        mentors, mentees = block.codes("shift")
        return (mentors == mentees) & (mentors >= 0)

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        return mentor["shift"] is not None and mentor["shift"] == mentee["shift"]


SHIFTS = strategies.tables(own={"shift": Column("text", ["early", "late", "night"])})


class TestSameShift(PairRuleContract):
    """Everything that a rule must hold, tried on cohorts with shifts."""

    rule = SameShift()
    tables = SHIFTS


class Reversed(SameShift):
    """A rule with one comparison the wrong way round in its block form."""

    def allowed(self, block: Block) -> Bools:
        mentors, mentees = block.codes("shift")
        return (mentors != mentees) & (mentors >= 0)


class LetsBlanksThrough(SameShift):
    """A rule that takes two blank shifts for the same one."""

    def allowed(self, block: Block) -> Bools:
        mentors, mentees = block.codes("shift")
        return mentors == mentees

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        return bool(mentor["shift"] == mentee["shift"])


class KnowsRows(SameShift):
    """A rule that goes by the place in the table."""

    def allowed(self, block: Block) -> Bools:
        return block.mentor_positions[:, None] != block.mentee_positions[None, :]

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        cohort = mentor.cohort
        return cohort.mentors.position(mentor.id) != cohort.mentees.position(mentee.id)


class KnowsBlocks(SameShift):
    """A rule that gives the first pair of each block away."""

    def allowed(self, block: Block) -> Bools:
        answer = super().allowed(block).copy()
        answer[:1, :1] = True
        return answer


class Unnamed(SameShift):
    """A rule whose name is not in snake case."""

    name = "Same Shift"


class TakesAName(SameShift):
    """A rule with the name of another one."""

    name = "same"


@pytest.mark.parametrize(
    ("rule", "test"),
    [
        (Reversed(), "test_block_form_equals_reference_form"),
        (LetsBlanksThrough(), "test_missing_data_forbids"),
        (KnowsRows(), "test_row_order_changes_nothing"),
        (KnowsBlocks(), "test_cutting_into_blocks_changes_nothing"),
        (Unnamed(), "test_follows_the_protocol"),
        (TakesAName(), "test_follows_the_protocol"),
    ],
)
def test_the_contract_finds_each_flaw(rule: SameShift, test: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule with a flaw fails the very test that is about it."""
    monkeypatch.setattr(contract_tools, "PHASES", (Phase.generate,))  # found is enough, it need not shrink
    contract = type("Contract", (PairRuleContract,), {"rule": rule, "tables": SHIFTS})()
    with pytest.raises(AssertionError):
        getattr(contract, test)()
