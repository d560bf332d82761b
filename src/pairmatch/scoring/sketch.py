"""The sketch: all goals' forms and all rules over one cohort, stacked so that blocks of pairs are made fast.

A block's number is a pair's weight in units within a proven error, and far below 0 where a rule forbids the
pair; rules that forbid few pairs are left to the exact check of whatever passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from pairmatch.cohort import Block
from pairmatch.forms import EXACT, Curve, Form, Positions, Whole, Work
from pairmatch.parameters import label_of
from pairmatch.problem import RESOLUTION
from pairmatch.scoring.excepting import kept_in, told_without
from pairmatch.scoring.factor_form import factor_form
from pairmatch.scoring.scorer import Part, Scorer, forbidden_by, units
from pairmatch.scoring.tabulated import Table, goal_table, looked_form, table_form
from pairmatch.scoring.telling import Short, Told, has_keys, vouches

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort

__all__ = ["HEIGHT", "WIDTH", "Sketch", "places_of", "sketched"]

Bools = NDArray[np.bool_]

LEAST_STEP = RESOLUTION + (1 << 17)
"""The least that brings a perfect pair well below 0."""

HEIGHT, WIDTH = 256, 1024
"""Mentors and mentees of a block: a megabyte in float32, so that a block stays near the processor."""

STEP = 1 << 21
"""What a rule takes from a pair that it forbids: twice the weight of a perfect pair, or less if many do."""

SMALL = 64 * 64
"""Pairs of keys up to which a table is better than a goal's own form: it has no error."""

NOISE = 4, 8
"""Features of the noise that parts ties, and their largest number."""


@dataclass(frozen=True)
class Sketch:
    """People of a cohort, in an order of their own, as features and curves.

    Attributes
    ----------
    mentors, mentees
        Rows of the tables, in the sketch's order.
    left, right
        Whole numbers in float32, people × features; those of rules come last.
    weighing
        How many features, from the first, tell weights.
    curves
        Parts of the weight that are no products.
    masks
        Rules that are no products.
    noise
        Small whole features of both sides that part ties in the same way everywhere.
    open
        For each strip of HEIGHT mentors and tile of WIDTH mentees, whether a rule's table leaves any pair.
    error
        Most units by which a number can differ from the weight of an allowed pair.
    forbidden
        Every number of a forbidden pair that the sketch knows lies below this; allowed ones do not.
    exceptions
        Pairs, places in the sketch, about whose weight it says nothing; sorted.
    """

    mentors: Positions
    mentees: Positions
    left: Whole
    right: Whole
    weighing: int
    curves: tuple[Curve, ...]
    masks: tuple[Curve, ...]
    noise: tuple[Whole, Whole]
    open: Bools
    error: float
    forbidden: float
    exceptions: NDArray[np.int64]

    @property
    def shape(self) -> tuple[int, int]:
        """Mentors, mentees."""
        return len(self.mentors), len(self.mentees)

    def block(self, rows: slice, columns: slice, work: Work) -> Whole:
        """Weights of a block in units; scratch that the next block overwrites."""
        out: Whole = work.array("block", (rows.stop - rows.start, columns.stop - columns.start))
        np.matmul(self.left[rows], self.right[columns].T, out=out)
        for part in (*self.curves, *self.masks):
            part.add(rows, columns, out, work)
        return out

    def part_ties(self, rows: slice, columns: slice, out: Whole, work: Work) -> None:
        """Add the noise."""
        extra = work.array("noise", out.shape)
        np.matmul(self.noise[0][rows], self.noise[1][columns].T, out=extra)
        out += extra

    def taken(self, rows: Positions, columns: Positions) -> Sketch:
        """Some people of the sketch, by their places in it."""
        return replace(
            self,
            mentors=self.mentors[rows],
            mentees=self.mentees[columns],
            left=self.left[rows],
            right=self.right[columns],
            curves=tuple(curve.taken(rows, columns) for curve in self.curves),
            masks=tuple(mask.taken(rows, columns) for mask in self.masks),
            noise=(self.noise[0][rows], self.noise[1][columns]),
            open=np.ones((-(-len(rows) // HEIGHT), -(-len(columns) // WIDTH)), np.bool_),
            exceptions=_exceptions(self.exceptions, rows, columns),
        )

    def part(self, rows: Positions | slice, columns: Positions | slice) -> Sketch:
        """As :meth:`taken`, to be read once: a whole side is not copied, exceptions are left out."""
        mentors, mentees = self.mentors[rows], self.mentees[columns]
        ours, theirs = cast("Positions", rows), cast("Positions", columns)
        return replace(
            self,
            mentors=mentors,
            mentees=mentees,
            left=self.left[rows],
            right=self.right[columns],
            curves=tuple(curve.taken(ours, theirs) for curve in self.curves),
            masks=tuple(mask.taken(ours, theirs) for mask in self.masks),
            noise=(self.noise[0][rows], self.noise[1][columns]),
            open=np.ones((1, 1), np.bool_),
            exceptions=np.empty((0, 2), np.int64),
        )

    def rules_alone(self) -> Sketch:
        """The sketch in which every pair weighs 0: what is left tells which pairs are forbidden."""
        left, right = self.left[:, self.weighing :], self.right[:, self.weighing :]
        none = np.empty((0, 2), np.int64)
        return replace(self, left=left, right=right, weighing=0, curves=(), error=0.0, exceptions=none)


def sketched(scorer: Scorer, mentors: Positions, mentees: Positions) -> Sketch:
    """The sketch of some people.

    Parameters
    ----------
    scorer
        Rules and goals over a cohort.
    mentors, mentees
        Rows of the tables: the people who may have pairs.

    Returns
    -------
    Sketch
        Whoever has no partner by a rule's table is left out; people are ordered so that those between whom
        a rule leaves no pair stand together.
    """
    cohort = scorer.cohort
    rules = [told_without(rule, cohort) for _, rule in scorer.rules]
    mentors, mentees = kept_in(scorer, (mentors, mentees), _admitted(rules, mentors, mentees))
    tables = [one.table for one in rules if one.table is not None and _bars(one.table, mentors, mentees)]
    tables.sort(key=_share)
    mentors = _ordered([table.mentor_codes for table in tables], mentors)
    mentees = _ordered([table.mentee_codes for table in tables], mentees)
    goals = [_goal_form(scorer, part) for part in scorer.parts]
    barring, slow = _barring(tables, [one for one in rules if one.short is not None])
    masks: list[Curve] = [curve for form in barring for curve in form.curves]
    masks += [
        _RuleBlocks(cohort, rule, *_everybody(cohort))
        for rule in (*slow, *(one.rule for one in rules if one.slow))
    ]
    error = float(sum(form.error for form in goals))
    features = [*goals, *(form for form in barring if not form.curves)]
    return Sketch(
        mentors=mentors,
        mentees=mentees,
        left=_stacked([form.left for form in features], mentors),
        right=_stacked([form.right for form in features], mentees),
        weighing=sum(form.left.shape[1] for form in goals),
        curves=tuple(curve.taken(mentors, mentees) for form in goals for curve in form.curves),
        masks=tuple(mask.taken(mentors, mentees) for mask in masks),
        noise=(_noise(mentors, 1), _noise(mentees, 2)),
        open=_open(tables, mentors, mentees),
        error=error,
        forbidden=-(error + 1.0),
        exceptions=_placed([scorer.excepted, *(form.exceptions for form in goals)], mentors, mentees),
    )


# -- rules ---------------------------------------------------------------------------------------


def _admitted(told: Sequence[Told], mentors: Positions, mentees: Positions) -> tuple[Positions, Positions]:
    """Those whom no rule bars from every pair."""
    for one in told:
        if one.few is not None:
            mentors, mentees = mentors[~one.few.mentors[mentors]], mentees[~one.few.mentees[mentees]]
        elif one.table is not None:
            ours, theirs = one.table.mentor_codes, one.table.mentee_codes
            there = np.unique(theirs[mentees])
            some = np.logical_or.reduce(one.table.cells[:, there], axis=1)
            mentors = mentors[some[ours[mentors]]]
            some = np.logical_or.reduce(one.table.cells[np.unique(ours[mentors])], axis=0)
            mentees = mentees[some[theirs[mentees]]]
    return mentors, mentees


def _bars(table: Table, mentors: Positions, mentees: Positions) -> bool:
    """Whether a rule's table forbids any pair of these people."""
    ours, theirs = np.unique(table.mentor_codes[mentors]), np.unique(table.mentee_codes[mentees])
    return not table.cells[np.ix_(ours, theirs)].all()


def _share(table: Table) -> float:
    """Share of all pairs that a rule's table allows."""
    ours = np.bincount(table.mentor_codes, minlength=table.cells.shape[0]).astype(np.float64)
    theirs = np.bincount(table.mentee_codes, minlength=table.cells.shape[1]).astype(np.float64)
    return float(ours @ table.cells @ theirs)


def _ordered(codes: Sequence[NDArray[np.int32]], people: Positions) -> Positions:
    """People by their codes, the first ones first; else in the order given."""
    if not codes:
        return people
    order: Positions = np.lexsort([code[people] for code in reversed(codes)])
    return people[order]


def _barring(tables: Sequence[Table], products: Sequence[Told]) -> tuple[list[Form], list[Any]]:
    """Rules as forms that take enough from the pairs they forbid, and those for which no room was left.

    All that features take together must stay a whole number that float32 holds; tables beyond that are
    looked up, which costs more.
    """
    room = (EXACT - 4 * RESOLUTION) // LEAST_STEP
    features, looked_up = tables[:room], tables[room:]
    room -= len(features)
    kept: list[Short] = []
    left_over: list[Any] = []
    for one in products:
        if one.short is not None and 0 < one.short.most <= room:
            room -= one.short.most
            kept.append(one.short)
        elif one.short is not None and one.short.most:
            left_over.append(one.rule)
    step = min(STEP, (EXACT - 4 * RESOLUTION) // max(1, len(features) + sum(short.most for short in kept)))
    forms = [table_form(_taking(table, step)) for table in features]
    forms += [looked_form(_taking(table, 2 * EXACT)) for table in looked_up]
    return forms + [Form(-step * short.left, short.right) for short in kept], left_over


def _taking(table: Table, step: int) -> Table:
    """What a rule's table takes from each pair: ``step`` units where it forbids it."""
    taken = np.where(table.cells, 0, -step).astype(np.int32)
    return Table(table.mentor_codes, table.mentee_codes, taken)


def _open(tables: Sequence[Table], mentors: Positions, mentees: Positions) -> Bools:
    strips, tiles = -(-len(mentors) // HEIGHT), -(-len(mentees) // WIDTH)
    open_ = np.ones((strips, tiles), np.bool_)
    for table in tables:
        ours = _present(table.mentor_codes[mentors], HEIGHT, table.cells.shape[0])
        theirs = _present(table.mentee_codes[mentees], WIDTH, table.cells.shape[1])
        open_ &= ours @ table.cells.astype(np.float32) @ theirs.T > 0
    return open_


def _present(codes: NDArray[np.int32], size: int, n_codes: int) -> Whole:
    """Which codes occur in each run of ``size`` people."""
    present = np.zeros((-(-len(codes) // size), n_codes), np.float32)
    present[np.arange(len(codes)) // size, codes] = 1.0
    return present


class _RuleBlocks(NamedTuple):
    """A rule that only its own blocks can tell."""

    cohort: Cohort
    rule: Any
    mentors: Positions
    mentees: Positions

    def taken(self, mentors: Positions, mentees: Positions) -> _RuleBlocks:
        """The rule over these people."""
        return self._replace(mentors=self.mentors[mentors], mentees=self.mentees[mentees])

    def add(self, rows: slice, columns: slice, out: Whole, work: Work) -> None:
        """Take away what brings forbidden pairs below all others."""
        block = Block(self.cohort, self.mentors[rows], self.mentees[columns])
        forbidden = forbidden_by(label_of(self.rule), self.rule.allowed(block), block.shape)
        np.putmask(out, forbidden, np.float32(-2 * EXACT))


# -- goals ---------------------------------------------------------------------------------------


def _goal_form(scorer: Scorer, part: Part) -> Form:
    """A goal as a small table, in its own form, as a large table, or by its blocks."""
    goal, cohort, keyed = part.gauge.goal, scorer.cohort, has_keys(part.gauge.goal, "score")
    table = goal_table(part, cohort, SMALL) if keyed else None
    if table is not None:
        return table_form(table)
    if vouches(goal, "form", "score"):
        made: Form | None = goal.form(cohort, part.share.scale, part.share.most, part.instead)
        if made is not None:
            return made
    elif part.gauge.factors is not None:
        made = factor_form(part.gauge.factors, part.share, part.instead)
        if made is not None:
            return made
    table = goal_table(part, cohort) if keyed else None
    if table is not None:
        return table_form(table)
    mentors, mentees = _everybody(cohort)
    ours, theirs = (np.empty((len(people), 0), np.float32) for people in (mentors, mentees))
    return Form(ours, theirs, curves=(_GoalBlocks(cohort, part, mentors, mentees),))


class _GoalBlocks(NamedTuple):
    """A goal that only its own blocks can tell: slow, and exact."""

    cohort: Cohort
    part: Part
    mentors: Positions
    mentees: Positions

    def taken(self, mentors: Positions, mentees: Positions) -> _GoalBlocks:
        """The goal over these people."""
        return self._replace(mentors=self.mentors[mentors], mentees=self.mentees[mentees])

    def add(self, rows: slice, columns: slice, out: Whole, work: Work) -> None:
        """Add the goal's contributions."""
        block = Block(self.cohort, self.mentors[rows], self.mentees[columns])
        out += units(self.part, block)[0]


def _everybody(cohort: Cohort) -> tuple[Positions, Positions]:
    return np.arange(len(cohort.mentors)), np.arange(len(cohort.mentees))


# -- arrays --------------------------------------------------------------------------------------


def _stacked(parts: Sequence[Whole], people: Positions) -> Whole:
    width = sum(part.shape[1] for part in parts)
    stacked: Whole = np.empty((len(people), width), np.float32)
    at = 0
    for part in parts:
        stacked[:, at : at + part.shape[1]] = part[people]
        at += part.shape[1]
    return stacked


def _noise(rows: Positions, side: int) -> Whole:
    """Small whole numbers that depend on the row and the side alone."""
    features, largest = NOISE
    mixed = (rows.astype(np.uint64) * np.uint64(2 * features) + np.uint64(side))[:, None]
    mixed = (mixed + np.arange(features, dtype=np.uint64) * np.uint64(2)) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed >>= np.uint64(32)
    return (mixed % np.uint64(2 * largest + 1)).astype(np.float32) - np.float32(largest)


def _placed(pairs: Sequence[NDArray[np.int64]], mentors: Positions, mentees: Positions) -> NDArray[np.int64]:
    """Pairs of table rows as places in the sketch, sorted, each once; without those who are not in it."""
    return _exceptions(np.concatenate([np.empty((0, 2), np.int64), *pairs]), mentors, mentees)


def _exceptions(pairs: NDArray[np.int64], rows: Positions, columns: Positions) -> NDArray[np.int64]:
    """Pairs as places among some rows and columns; without those that are not among them."""
    ours, theirs = places_of(pairs[:, 0], rows), places_of(pairs[:, 1], columns)
    there = (ours >= 0) & (theirs >= 0)
    return np.unique(np.stack([ours[there], theirs[there]], axis=1), axis=0)


def places_of(people: Positions, among: Positions) -> Positions:
    """Where people stand among others, each once; -1 where they do not."""
    size = int(max(people.max(initial=-1), among.max(initial=-1))) + 1
    place = np.full(size, -1, np.int64)
    place[among] = np.arange(len(among))
    return place[people]
