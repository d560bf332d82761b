"""The contract of pair rules."""

from __future__ import annotations

from dataclasses import is_dataclass, replace
from math import isnan
from typing import Any, ClassVar

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from pairmatch.cohort import Block, Cohort
from pairmatch.rules import REGISTRY
from pairmatch.rules.protocol import PairRule
from pairmatch.testing.contract_tools import (
    assert_evidence,
    assert_frozen,
    assert_named,
    bare,
    by_pair,
    fitting,
    for_all,
    lacking_by_reading,
    parts,
    pickled,
    thinned,
)
from pairmatch.testing.large import assert_reads_lists
from pairmatch.testing.policy_trip import assert_survives_a_policy_file
from pairmatch.testing.table_strategies import reorderings, tables
from pairmatch.testing.tables import Tables

__all__ = ["PairRuleContract"]

Bools = NDArray[np.bool_]


class PairRuleContract:
    """What every pair rule must hold.

    Attributes
    ----------
    rule
        The rule, made. Set it in the subclass.
    tables
        Strategy for the tables of the cohorts that the rule is tried on; by default with all canonical
        fields that rules are about and a few declared ones. ``strategies.tables(own=...)`` declares others.
    """

    rule: ClassVar[Any]
    tables: ClassVar[st.SearchStrategy[Tables]] = tables()

    @property
    def drawn_tables(self) -> st.SearchStrategy[Tables]:
        """The tables, with the columns that matter."""
        return thinned(self.tables, self.rule)

    def test_follows_the_protocol(self) -> None:
        """The rule has a name and both forms; its name, label and description are fit to be shown."""
        assert isinstance(self.rule, PairRule)
        assert_named(self.rule, REGISTRY)
        assert_frozen(self.rule)

    def test_block_form_equals_reference_form(self) -> None:
        """For every pair of every cohort both forms give the same answer."""

        def check(drawn: Tables) -> None:
            block = Block.whole(fitting(drawn, self.rule))
            expected = by_pair(block, self.rule.allowed_pair)
            assert all(type(answer) is bool for row in expected for answer in row), (
                "allowed_pair returns a bool"
            )
            assert_same(block, self.allowed(block), expected)
            assert_evidence(self.rule, block, lambda *pair: not self.rule.allowed_pair(*pair))

        for_all(check, self.drawn_tables)

    def test_cutting_into_blocks_changes_nothing(self) -> None:
        """A part of the pairs gets the answers that it has in the whole."""

        def check(drawn: Tables, data: st.DataObject) -> None:
            cohort = fitting(drawn, self.rule)
            mentors, mentees = data.draw(parts(cohort))
            whole = self.allowed(Block.whole(cohort))
            assert np.array_equal(
                self.allowed(Block(cohort, mentors, mentees)), whole[np.ix_(mentors, mentees)]
            )

        for_all(check, self.drawn_tables, st.data())

    def test_row_order_changes_nothing(self) -> None:
        """The same people in another order of rows get the same answers (law §8)."""

        def check(drawn: Tables, data: st.DataObject) -> None:
            cohort = fitting(drawn, self.rule)
            again = data.draw(reorderings(drawn)).cohort()
            assert answers(cohort, self.allowed(Block.whole(cohort))) == answers(
                again, self.allowed(Block.whole(again))
            )

        for_all(check, self.drawn_tables, st.data())

    def test_missing_data_forbids(self) -> None:
        """A pair whose data the rule lacks is forbidden, unless the rule says otherwise (law §3)."""

        def check(drawn: Tables) -> None:
            block = Block.whole(fitting(drawn, self.rule))
            allowed, lacking = self.allowed(block), self.lacking(block)
            if getattr(self.rule, "missing", "forbid") == "forbid":
                assert not (allowed & lacking).any(), "a pair is allowed although its data are missing"
            elif is_dataclass(self.rule):
                strict = np.broadcast_to(_strict(self.rule).allowed(block), block.shape)
                assert np.array_equal(strict, allowed & ~lacking)

        for_all(check, self.drawn_tables)

    def test_the_barred_are_not_eligible(self) -> None:
        """Whom one form of the rule bars the other bars too, and no pair of theirs is allowed."""

        def check(drawn: Tables) -> None:
            block = Block.whole(fitting(drawn, self.rule))
            barred = self.rule.barring(block.cohort)
            people = (block.cohort.mentors, block.cohort.mentees)
            assert [who.tolist() for who in barred] == [[self.rule.bars(p) for p in side] for side in people]
            assert not (self.allowed(block) & (barred[0][:, None] | barred[1][None, :])).any()

        if hasattr(self.rule, "barring"):
            for_all(check, self.drawn_tables)

    def test_a_list_of_pairs_reads_like_a_block(self) -> None:
        """Pairs that are not a rectangle are allowed where they are in one, or refused to be read."""

        def check(drawn: Tables) -> None:
            assert_reads_lists(self.rule.allowed, fitting(drawn, self.rule))

        for_all(check, self.drawn_tables)

    def test_few_is_all_that_it_forbids(self) -> None:
        """Where the rule tells all forbidden pairs at once, they are those that it forbids pair by pair."""

        def check(drawn: Tables) -> None:
            block = Block.whole(fitting(drawn, self.rule))
            few = self.rule.few(block.cohort)
            if few is not None:
                forbidden = few.mentors[:, None] | few.mentees[None, :] | block.barred(few.pairs)
                assert np.array_equal(forbidden, ~self.allowed(block)), (
                    "few(cohort) and allowed(block) differ"
                )

        if hasattr(self.rule, "few"):
            for_all(check, self.drawn_tables)

    def test_short_is_nothing_where_it_allows(self) -> None:
        """Where the rule tells all pairs as a product, that is 0 for those it allows, and else at least 1."""

        def check(drawn: Tables) -> None:
            block = Block.whole(fitting(drawn, self.rule))
            left, right = self.rule.short(block.cohort)
            told = left @ right.T >= 1
            assert np.array_equal(told, ~self.allowed(block)), "short(cohort) and allowed(block) differ"
            assert min(left.min(initial=0), right.min(initial=0)) >= 0, "short(cohort) is below 0"

        if hasattr(self.rule, "short"):
            for_all(check, self.drawn_tables)

    def test_absent_columns_are_told(self) -> None:
        """A cohort without the columns that the rule names is refused in words."""
        fields = getattr(self.rule, "fields", ())

        def check(drawn: Tables) -> None:
            found = self.rule.needs(bare(drawn, *fields))
            assert found, "needs(cohort) finds nothing, but its columns are absent"

        if fields:
            for_all(check, self.drawn_tables)

    def test_travels(self) -> None:
        """A copy that went through pickle gives the same answers."""

        def check(drawn: Tables) -> None:
            block = Block.whole(fitting(drawn, self.rule))
            assert np.array_equal(pickled(self.rule).allowed(block), self.rule.allowed(block))

        for_all(check, self.drawn_tables)

    def test_survives_a_policy_file(self) -> None:
        """Written into a policy file and read again, the rule is the same."""
        if is_dataclass(self.rule):
            assert_survives_a_policy_file(rule=self.rule)

    def allowed(self, block: Block) -> Bools:
        """The rule's answer for a block, which is to be of bools and of the block's shape."""
        answer = np.asarray(self.rule.allowed(block))
        assert answer.dtype == np.bool_, "allowed(block) returns an array of bools"
        assert np.broadcast_shapes(answer.shape, block.shape) == block.shape
        return np.broadcast_to(answer, block.shape)

    def lacking(self, block: Block) -> Bools:
        """The pairs whose data the rule lacks: as it says, or as it reads."""
        if not hasattr(self.rule, "lacking"):
            return lacking_by_reading(self.rule, block)
        mentors, mentees = self.rule.lacking(block.cohort)
        return np.asarray(mentors[block.mentor_positions][:, None] | mentees[block.mentee_positions][None, :])


def _strict(rule: Any) -> Any:
    return replace(rule, missing="forbid")


def answers(cohort: Cohort, matrix: NDArray[Any]) -> dict[tuple[str, str], Any]:
    """A matrix over all pairs by ids; NaN as None."""
    plain = [[None if value is None or isnan(value) else value for value in row] for row in matrix.tolist()]
    return {
        (mentor, mentee): plain[row][column]
        for row, mentor in enumerate(cohort.mentors.ids)
        for column, mentee in enumerate(cohort.mentees.ids)
    }


def assert_same(block: Block, ours: NDArray[Any], expected: list[list[Any]]) -> None:
    """A block form's answers, NaN for None, are those of the reference form, to the last bit."""
    reference = {
        (mentor, mentee): expected[row][column]
        for row, mentor in enumerate(block.cohort.mentors.ids)
        for column, mentee in enumerate(block.cohort.mentees.ids)
    }
    differ = {
        pair: f"block form {value!r}, reference form {reference[pair]!r}"
        for pair, value in answers(block.cohort, ours).items()
        if value != reference[pair]
    }
    assert not differ, f"the two forms disagree on (mentor, mentee): {differ}"
