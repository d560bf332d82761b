"""The contract of pair goals."""

from __future__ import annotations

import json
from dataclasses import is_dataclass, replace
from typing import Any, ClassVar

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from pairmatch.cohort import Block, Cohort, Person
from pairmatch.goals import REGISTRY
from pairmatch.problem import RESOLUTION
from pairmatch.scoring.gauge import Gauge
from pairmatch.scoring.shares import shares
from pairmatch.testing.contract_tools import (
    Watched,
    assert_evidence,
    assert_frozen,
    assert_named,
    bare,
    by_pair,
    fitting,
    for_all,
    parts,
    pickled,
    thinned,
)
from pairmatch.testing.large import assert_form, assert_reads_lists
from pairmatch.testing.policy_trip import assert_survives_a_policy_file
from pairmatch.testing.rule_contract import answers, assert_same
from pairmatch.testing.table_strategies import reorderings, tables
from pairmatch.testing.tables import Tables

__all__ = ["PairGoalContract"]

Floats = NDArray[np.float64]


class PairGoalContract:
    """What every pair goal must hold.

    Attributes
    ----------
    goal
        The goal, made. Set it in the subclass.
    tables
        Strategy for the tables of the cohorts that the goal is tried on; see ``PairRuleContract``.
    """

    goal: ClassVar[Any]
    tables: ClassVar[st.SearchStrategy[Tables]] = tables()

    @property
    def drawn_tables(self) -> st.SearchStrategy[Tables]:
        """The tables, with the columns that matter."""
        return thinned(self.tables, self.goal)

    def test_follows_the_protocol(self) -> None:
        """The goal has a name, a weight above 0 and both forms, and tells itself in words."""
        assert self.goal.weight > 0
        assert hasattr(self.goal, "score_pair") or hasattr(self.goal, "factors")
        assert hasattr(self.goal, "score") or hasattr(self.goal, "factors")
        assert getattr(self.goal, "missing", "average") in ("average", "zero")
        assert_named(self.goal, REGISTRY)
        assert_frozen(self.goal)

    def test_block_form_equals_reference_form(self) -> None:
        """For every pair both forms give the same score to the last bit, NaN for None."""

        def check(drawn: Tables) -> None:
            goal, block = self.drawn(drawn)
            if hasattr(goal, "score"):
                assert_same(block, scores(goal, block), by_pair(block, goal.score_pair))
                assert_evidence(goal, block, lambda *pair: goal.score_pair(*pair) is not None)

        for_all(check, self.drawn_tables)

    def test_units_equal_those_of_the_reference_form(self) -> None:
        """Rounded to units, as contributions are, both forms agree as well (law §4)."""

        def check(drawn: Tables) -> None:
            goal, block = self.drawn(drawn)
            gauge = Gauge(goal, block.cohort)
            expected = by_pair(block, lambda mentor, mentee: gauge.read_pair(mentor, mentee, RESOLUTION))
            assert_same(block, units(gauge, block), expected)

        for_all(check, self.drawn_tables)

    def test_scores_lie_between_0_and_1(self) -> None:
        """A score is from 0 to 1, or NaN where data are lacking."""

        def check(drawn: Tables) -> None:
            goal, block = self.drawn(drawn)
            if hasattr(goal, "score"):
                known = scores(goal, block)
                known = known[~np.isnan(known)]
                assert ((known >= 0) & (known <= 1)).all()

        for_all(check, self.drawn_tables)

    def test_cutting_into_blocks_changes_nothing(self) -> None:
        """A part of the pairs gets the scores that it has in the whole."""

        def check(drawn: Tables, data: st.DataObject) -> None:
            goal, whole = self.drawn(drawn)
            mentors, mentees = data.draw(parts(whole.cohort))
            gauge = Gauge(goal, whole.cohort)
            part = units(gauge, Block(whole.cohort, mentors, mentees))
            assert np.array_equal(part, units(gauge, whole)[np.ix_(mentors, mentees)], equal_nan=True)

        for_all(check, self.drawn_tables, st.data())

    def test_a_list_of_pairs_reads_like_a_block(self) -> None:
        """Pairs that are not a rectangle get the scores that they have in one, or are refused."""

        def check(drawn: Tables) -> None:
            goal, block = self.drawn(drawn)
            gauge = Gauge(goal, block.cohort)
            assert_reads_lists(lambda pairs: units(gauge, pairs), block.cohort)

        for_all(check, self.drawn_tables)

    def test_form_keeps_its_promises(self) -> None:
        """A form, for large cohorts, is as near to the contributions as it says, and whole where it says."""

        def check(drawn: Tables) -> None:
            goal, block = self.drawn(drawn)
            for share in shares([1, 2]):
                assert_form(goal, block.cohort, share, share.most // 3)

        if hasattr(self.goal, "form"):
            for_all(check, self.drawn_tables)

    def test_row_order_changes_nothing(self) -> None:
        """The same people in another order of rows get the same scores, and teach the same (law §8)."""

        def check(drawn: Tables, data: st.DataObject) -> None:
            cohort = fitting(drawn, self.goal)
            again = data.draw(reorderings(drawn)).cohort()
            first, second = taught(self.goal, cohort), taught(self.goal, again)
            assert learnt(self.goal, cohort) == learnt(self.goal, again)
            assert in_units(first, cohort) == in_units(second, again)

        for_all(check, self.drawn_tables, st.data())

    def test_missing_data_is_no_score(self) -> None:
        """A pair of which one side left blank all that the goal reads has no score (law §3)."""

        def check(drawn: Tables) -> None:
            goal, block = self.drawn(drawn)

            def told(mentor: Person, mentee: Person) -> bool:
                ours, theirs = Watched(mentor), Watched(mentee)
                score = goal.score_pair(ours, theirs)
                return score is None or not (ours.all_blank or theirs.all_blank)

            assert all(map(all, by_pair(block, told))), "a pair is scored although its data are missing"

        if hasattr(self.goal, "score_pair"):
            for_all(check, self.drawn_tables)

    def test_what_was_learnt_stays(self) -> None:
        """With what it learnt once, the goal scores a pair the same whoever leaves (law §3)."""

        def check(drawn: Tables, data: st.DataObject) -> None:
            cohort = fitting(drawn, self.goal)
            mentors, mentees = data.draw(parts(cohort))
            goal = taught(self.goal, cohort)
            left = replace(drawn.rows(mentors or [0], mentees or [0]), outside_managers="allow").cohort()
            before, after = in_units(goal, cohort), in_units(goal, left)
            assert after == {pair: before[pair] for pair in after}

        if hasattr(self.goal, "fit"):
            for_all(check, self.drawn_tables, st.data())

    def test_what_was_learnt_names_nobody(self) -> None:
        """What the goal learnt can be written as JSON, and holds no word of a profile (law §10)."""

        def check(drawn: Tables) -> None:
            cohort = fitting(drawn, self.goal)
            text = json.dumps(learnt(self.goal, cohort)).casefold()
            assert [word for word in words(drawn) if word in text] == []

        if hasattr(self.goal, "fit"):
            for_all(check, self.drawn_tables)

    def test_absent_columns_are_told(self) -> None:
        """A cohort without the columns that the goal names is refused in words."""
        fields = getattr(self.goal, "fields", ())

        def check(drawn: Tables) -> None:
            # An offset from UTC is also derived from the time zone.
            derived = ["time_zone"] if "utc_offset" in fields else []
            found = self.goal.needs(bare(drawn, *fields, *derived))
            assert found, "needs(cohort) finds nothing, but its columns are absent"

        if fields:
            for_all(check, self.drawn_tables)

    def test_travels(self) -> None:
        """A copy that went through pickle gives the same scores."""

        def check(drawn: Tables) -> None:
            cohort = fitting(drawn, self.goal)
            goal = taught(self.goal, cohort)
            assert in_units(pickled(goal), cohort) == in_units(goal, cohort)

        for_all(check, self.drawn_tables)

    def test_survives_a_policy_file(self) -> None:
        """Written into a policy file and read again, the goal is the same."""
        if is_dataclass(self.goal):
            assert_survives_a_policy_file(goal=self.goal)

    def drawn(self, drawn: Tables) -> tuple[Any, Block]:
        """The goal, taught, and all pairs of the drawn cohort."""
        cohort = fitting(drawn, self.goal)
        return taught(self.goal, cohort), Block.whole(cohort)


def learnt(goal: Any, cohort: Cohort) -> Any:
    """What a goal learns from a cohort; None if it learns nothing."""
    return dict(goal.fit(cohort)) if hasattr(goal, "fit") else None


def taught(goal: Any, cohort: Cohort) -> Any:
    """The goal with what it learns from a cohort, after a trip through JSON."""
    fitted = learnt(goal, cohort)
    return goal if fitted is None else goal.bind(json.loads(json.dumps(fitted)))


def scores(goal: Any, block: Block) -> Floats:
    """A goal's scores for a block, which are to be float64 and of the block's shape."""
    answer = np.asarray(goal.score(block))
    assert answer.dtype == np.float64, "score(block) returns an array of float64"
    assert np.broadcast_shapes(answer.shape, block.shape) == block.shape
    return np.broadcast_to(answer, block.shape)


def units(gauge: Gauge, block: Block) -> Floats:
    """A goal's scores for a block in units, NaN where data are lacking."""
    reading = gauge.read(block, RESOLUTION)
    read = np.broadcast_to(reading.units, block.shape)
    return read if reading.missing is None else np.where(reading.missing, np.nan, read)


def in_units(goal: Any, cohort: Cohort) -> dict[tuple[str, str], Any]:
    """A goal's scores for all pairs, by ids."""
    return answers(cohort, units(Gauge(goal, cohort), Block.whole(cohort)))


def words(drawn: Tables) -> set[str]:
    """The longer words in the cells of the tables, without case."""
    columns = [*drawn.mentors.values(), *drawn.mentees.values()]
    entries = {
        entry.strip().casefold() for cells in columns for cell in cells for entry in str(cell).split(";")
    }
    return {entry for entry in entries if len(entry) > 4 and not entry.replace(".", "").isdigit()}
