"""``pairmatch.stability``: who would rather have each other than whom they have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.checking import work_findings
from pairmatch.errors import CallError, Finding, counted, shown
from pairmatch.explain import check_matching, scorer_of
from pairmatch.matching import Matching
from pairmatch.parameters import is_whole
from pairmatch.problem import RESOLUTION, Ints, Progress, Report, rank_among_equals
from pairmatch.scoring import blocks, canonical_order, loads
from pairmatch.scoring.blocks import Positions

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Block, Cohort
    from pairmatch.problem import Loads
    from pairmatch.scoring import Scorer

__all__ = ["Stability", "stability"]

Bools = NDArray[np.bool_]

BY = ("preferences", "weights")
SIDES = ("mentor", "mentee")

NOBODY = -(2**62)
"""The liking of a place that is free: below everybody's."""

FIRST = 2**31
"""Above every rank: a listed person is liked by as much as the rank is below this."""

UNLISTED = -1
"""The liking of a partner who is not on the list that somebody gave."""


@dataclass(frozen=True, eq=False, repr=False)
class Stability:
    """The blocking pairs of a matching.

    Attributes
    ----------
    by
        ``"preferences"`` or ``"weights"``: what people were taken to want.
    count
        How many blocking pairs there are.
    mentors, mentees
        How many different mentors and mentees are in one.
    pairs
        The heaviest of them, one row each: mentor, mentee, weight, and whom the two would leave for each
        other: mentor_leaves, mentee_leaves, empty where a place is free.
    """

    by: str
    count: int
    mentors: int
    mentees: int
    pairs: pd.DataFrame

    @property
    def stable(self) -> bool:
        """Whether no two people would rather have each other."""
        return self.count == 0

    def __str__(self) -> str:
        if self.stable:
            return f"stable by {self.by}: no two people would rather have each other"
        lines = [f"{counted(self.count, 'blocking pair')} by {self.by}"]
        for mentor, mentee, _, *left in self.pairs.values.tolist():
            leaves = ", ".join(
                f"the {role} would leave {shown(who)}" if who else f"the {role} has a free place"
                for role, who in zip(SIDES, left, strict=True)
            )
            lines.append(f"  mentor {shown(mentor)} and mentee {shown(mentee)}: {leaves}")
        more = self.count - len(self.pairs)
        return "\n".join([*lines, *([f"  and {more:,} more"] if more else [])])

    def __repr__(self) -> str:
        people = f"{counted(self.mentors, 'mentor')} and {counted(self.mentees, 'mentee')} in one"
        return f"<Stability by {self.by}: {counted(self.count, 'blocking pair')}, {people}>"

    def _repr_html_(self) -> str:
        return str(self.pairs.to_html(index=False))


def stability(
    matching: Matching, *, by: str | None = None, most: int = 1000, progress: Report | None = None
) -> Stability:
    """Count and list the pairs who would rather have each other than whom they have.

    A mentor and a mentee who are not paired *block* the matching when every rule allows the pair, each
    would accept the other, and each has a free place or likes the other strictly more than a partner whom
    they would leave. Places are counted, and hours where the policy has them; rules about groups, minimums
    and required pairs stand in nobody's way here.

    Parameters
    ----------
    matching
        The matching.
    by
        ``"preferences"``: people like others in the order of their own list, and accept nobody who is not
        on it; who gave no list goes by weight. ``"weights"``: everybody goes by the pair's weight. None: by
        preferences where the cohort has a table of them.
    most
        Blocking pairs that are listed, heaviest first; all are counted.
    progress
        Called with a :class:`pairmatch.Progress` after each block of pairs.

    Returns
    -------
    Stability
        For the programme lead: it tells of wishes.

    Raises
    ------
    CallError
        The arguments cannot be used.

    References
    ----------
    D. Gale and L. S. Shapley (1962), College admissions and the stability of marriage, American
    Mathematical Monthly 69, 9-15, https://doi.org/10.2307/2312726

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> mentors = pd.DataFrame({"id": ["ana", "ben"], "hobbies": ["chess; golf; sewing", "golf"]})
    >>> mentees = pd.DataFrame({"id": ["eve", "flo"], "hobbies": ["chess; golf; sewing", "chess"]})
    >>> policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)])
    >>> matching = pm.match(pm.Cohort(mentors, mentees), policy)
    >>> print(pm.stability(matching))
    1 blocking pair by weights
      mentor ana and mentee eve: the mentor would leave flo, the mentee would leave ben
    """
    check_matching(matching)
    _check(matching, by, most, progress)
    by = by or ("weights" if matching.cohort.preferences is None else "preferences")
    return _Search(matching, by).run(most, progress)


def _check(matching: Matching, by: Any, most: Any, progress: Any) -> None:
    found = work_findings(progress=progress)
    if by is not None and by not in BY:
        hint = "must be 'preferences' or 'weights', or None"
        found.append(Finding("bad_argument", hint, column="by"))
    if by == "preferences" and matching.cohort.preferences is None:
        hint = "the cohort has no table of preferences; hand one in, or ask by='weights'"
        found.append(Finding("no_preferences", hint, column="by"))
    if not (is_whole(most) and most >= 0):
        found.append(Finding("bad_argument", "must be a whole number of at least 0", column="most"))
    if found:
        raise CallError(found)


class _Likings:
    """How much the people of one side like the other, as whole numbers that matter within one person.

    Attributes
    ----------
    role
        ``"mentor"`` or ``"mentee"``: whose likings.
    """

    def __init__(self, cohort: Cohort, role: str, by: str) -> None:
        self.role = role
        ranks: Mapping[tuple[str, str], int] = {}
        if by == "preferences" and cohort.preferences is not None:
            ranks = cohort.preferences.ranks(role)
        places = [people.positions for people in (cohort.mentors, cohort.mentees)]
        at = SIDES.index(role)
        self._lists = np.zeros(cohort.shape[at], np.bool_)
        self._lists[[places[at][pair[at]] for pair in ranks if pair[at] in places[at]]] = True
        self._ranks = {
            (places[0][mentor], places[1][mentee]): rank
            for (mentor, mentee), rank in ranks.items()
            if mentor in places[0] and mentee in places[1]
        }
        self._matrix = _matrix(self._ranks, cohort.shape)

    def of(self, block: Block, weight: Ints) -> tuple[Ints, Bools]:
        """How much they like each pair's other person, and whether they would accept them."""
        ranks = self._matrix[block.mentor_positions][:, block.mentee_positions].toarray()
        return self._read(block.of(f"{self.role}s", self._lists), ranks, weight)

    def now(self, mentors: Ints, mentees: Ints, weight: Ints) -> Ints:
        """How much they like the partners that they have."""
        lists = self._lists[mentors if self.role == "mentor" else mentees]
        pairs = zip(mentors.tolist(), mentees.tolist(), strict=True)
        ranks = np.array([self._ranks.get(pair, 0) for pair in pairs], np.int64)
        return self._read(lists, ranks, weight)[0]

    @staticmethod
    def _read(lists: Bools, ranks: Ints, weight: Ints) -> tuple[Ints, Bools]:
        listed = np.where(ranks > 0, FIRST - ranks, UNLISTED)
        return np.where(lists, listed, weight), ~lists | (ranks > 0)


def _matrix(ranks: Mapping[tuple[int, int], int], shape: tuple[int, int]) -> Any:
    """The ranks as a sparse matrix: mentors in rows, mentees in columns."""
    from scipy.sparse import csr_array

    places = np.array(list(ranks), np.int64).reshape(-1, 2)
    values = np.array(list(ranks.values()), np.int64)
    return csr_array((values, (places[:, 0], places[:, 1])), shape=shape)


class _Partners(NamedTuple):
    """What the people of one side have: a row per person and a column per partner, least liked first.

    Attributes
    ----------
    likings
        How much each partner is liked; `NOBODY` where there is none.
    hours
        What each partner costs.
    who
        The partner's row in the other table; -1 where there is none.
    capacity, budget
        Most partners, and most hours (None without hours), per person.
    """

    likings: Ints
    hours: Ints
    who: Ints
    capacity: Ints
    budget: Ints | None

    def room(self, people: Positions, liking: Ints, hours: Ints, axis: int) -> Bools:
        """Whether each would find room by leaving only whom they like less."""
        kept = np.zeros(liking.shape, np.int64)
        spent = np.zeros(liking.shape, np.int64)
        for slot in range(self.likings.shape[1]):
            stays = _along(self.likings[people, slot], axis) >= liking
            kept += stays
            spent += stays * _along(self.hours[people, slot], axis)
        fits = kept < _along(self.capacity[people], axis)
        if self.budget is not None:
            fits &= spent + hours <= _along(self.budget[people], axis)
        return fits

    def leaves(self, person: int, hours: int) -> list[int]:
        """Rows of the least liked partners whom somebody has to leave for one more."""
        mine = [row for row in self.who[person].tolist() if row >= 0]
        costs = self.hours[person][self.who[person] >= 0].tolist()
        budget = None if self.budget is None else int(self.budget[person]) - hours
        left = 0
        while left < len(mine) and not (
            len(mine) - left < self.capacity[person] and (budget is None or sum(costs[left:]) <= budget)
        ):
            left += 1
        return mine[:left]


def _along(numbers: NDArray[Any], axis: int) -> NDArray[Any]:
    """One number per mentor as a column, one per mentee as a row."""
    return numbers[:, None] if axis == 0 else numbers[None, :]


class _Search:
    """Looks through all pairs, block by block."""

    def __init__(self, matching: Matching, by: str) -> None:
        self._by = by
        self._cohort: Cohort = matching.cohort
        self._scorer: Scorer = scorer_of(matching)
        seed, sides = matching.policy.seed, (self._cohort.mentors, self._cohort.mentees)
        self._rows = tuple(canonical_order(side, seed) for side in sides)
        self._loads = loads(self._cohort, matching.policy, *self._rows)
        self._likings = [_Likings(self._cohort, role, by) for role in SIDES]
        made = np.array([self._place(pair.mentor, pair.mentee) for pair in matching.made], np.int64)
        self._made = made.reshape(-1, 2)
        weight = np.array([pair.weight for pair in matching.made], np.int64)
        self._hours = self._needs(self._loads)
        self._partners = [self._partners_of(axis, weight, self._loads) for axis in (0, 1)]

    def run(self, most: int, progress: Report | None) -> Stability:
        """All blocks, one after the other; the heaviest pairs are kept."""
        found = np.empty((0, 3), np.int64)
        count, seen = 0, [np.zeros(n, np.bool_) for n in self._cohort.shape]
        for part in self._found(progress):
            count += len(part)
            for axis in (0, 1):
                seen[axis][part[:, axis]] = True
            found = self._heaviest(np.concatenate([found, part]), most)
        rows = [self._told(*row) for row in found.tolist()]
        mentors, mentees = (int(np.count_nonzero(people)) for people in seen)
        return Stability(self._by, count, mentors, mentees, _table(rows))

    def _found(self, progress: Report | None) -> Iterator[Ints]:
        """The blocking pairs of each block: rows of both tables and weight."""
        mentors, mentees = self._rows
        for start, block in blocks(self._cohort, mentors, mentees):
            weight = self._scorer.weight(block).astype(np.int64)
            open_ = self._open(block) & ~self._scorer.light(block, weight)
            for axis, (likings, partners) in enumerate(zip(self._likings, self._partners, strict=True)):
                liking, accepts = likings.of(block, weight)
                people = block.mentor_positions if axis == 0 else block.mentee_positions
                hours = block.of_mentees(self._hours)
                open_ &= accepts & partners.room(people, liking, hours, axis)
            rows, columns = np.nonzero(open_)
            if progress is not None:
                done = (start + block.shape[0]) * block.shape[1]
                progress(Progress("looking for blocking pairs", done, len(mentors) * len(mentees)))
            yield np.stack(
                [block.mentor_positions[rows], block.mentee_positions[columns], weight[rows, columns]], axis=1
            )

    def _open(self, block: Block) -> Bools:
        """The pairs of a block that every rule allows, but for those that there are."""
        allowed = self._scorer.eligible(block)
        row_of, column_of = (np.full(n, -1, np.int64) for n in self._cohort.shape)
        row_of[block.mentor_positions] = np.arange(block.shape[0])
        column_of[block.mentee_positions] = np.arange(block.shape[1])
        rows, columns = row_of[self._made[:, 0]], column_of[self._made[:, 1]]
        here = (rows >= 0) & (columns >= 0)
        allowed[rows[here], columns[here]] = False
        return allowed

    def _place(self, mentor: str, mentee: str) -> tuple[int, int]:
        return self._cohort.mentors.position(mentor), self._cohort.mentees.position(mentee)

    def _needs(self, bounds: Loads) -> Ints:
        """Hours that a pair with each mentee costs, by row."""
        needs = np.zeros(self._cohort.shape[1], np.int64)
        if bounds.mentee_hours is not None:
            needs[self._rows[1]] = bounds.mentee_hours
        return needs

    def _partners_of(self, axis: int, weight: Ints, bounds: Loads) -> _Partners:
        """What the people of one side have, least liked partner first."""
        people, others = self._made[:, axis], self._made[:, 1 - axis]
        liking = self._likings[axis].now(self._made[:, 0], self._made[:, 1], weight)
        order = np.lexsort((others, liking, people))
        people, others, liking = people[order], others[order], liking[order]
        slot = rank_among_equals(people)
        shape = self._cohort.shape[axis], int(slot.max(initial=-1)) + 1
        likings, hours, who = (np.full(shape, empty, np.int64) for empty in (NOBODY, 0, -1))
        likings[people, slot], who[people, slot] = liking, others
        hours[people, slot] = self._hours[others] if axis == 0 else 0
        sizes = (bounds.mentor_capacity, bounds.mentee_capacity)
        capacity = np.zeros(shape[0], np.int64)
        capacity[self._rows[axis]] = sizes[axis]
        budget = None
        if axis == 0 and bounds.mentor_hours is not None:
            budget = np.zeros(shape[0], np.int64)
            budget[self._rows[0]] = bounds.mentor_hours
        return _Partners(likings, hours, who, capacity, budget)

    def _heaviest(self, found: Ints, most: int) -> Ints:
        """The heaviest pairs; equals by id, so that row order is no matter."""
        most = min(len(found), most)
        order = np.argsort(-found[:, 2], kind="stable")
        least = found[order[most - 1], 2] if most else FIRST
        heavy = found[found[:, 2] >= least].tolist()
        mentors, mentees = self._cohort.mentors.ids, self._cohort.mentees.ids
        heavy.sort(key=lambda row: (-row[2], mentors[row[0]], mentees[row[1]]))
        return np.array(heavy[:most], np.int64).reshape(-1, 3)

    def _told(self, mentor: int, mentee: int, weight: int) -> list[Any]:
        ids = self._cohort.mentors.ids, self._cohort.mentees.ids
        needed = int(self._hours[mentee])
        left = [self._partners[0].leaves(mentor, needed), self._partners[1].leaves(mentee, 0)]
        names = [", ".join(ids[1 - axis][row] for row in left[axis]) for axis in (0, 1)]
        return [ids[0][mentor], ids[1][mentee], weight / RESOLUTION, *names]


def _table(rows: list[list[Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=["mentor", "mentee", "weight", "mentor_leaves", "mentee_leaves"])
