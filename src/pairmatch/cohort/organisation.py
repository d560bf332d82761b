"""Organisation: who reports to whom, direct and dotted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import networkx as nx
    from scipy.sparse import csr_array

    from pairmatch.cohort.cohort import Cohort

__all__ = ["Organisation"]

Positions = NDArray[np.int64]
NOBODY = -1


class Organisation:
    """The organisation chart. Immutable; made by :class:`~pairmatch.cohort.cohort.Cohort`.

    Parameters
    ----------
    ids
        Everybody in the chart.
    direct
        Position of each person's manager, -1 for none. Without cycles.
    dotted
        Dotted lines as positions ``(n, 2)``: person, manager.
    missing
        Whose manager is not known, although they should have one.
    """

    __slots__ = ("_depth", "_direct", "_dotted", "_ids", "_missing", "_positions", "_second")

    def __init__(
        self, ids: Sequence[str], direct: Positions, dotted: Positions, missing: NDArray[np.bool_]
    ) -> None:
        self._ids = tuple(ids)
        self._positions = {identifier: position for position, identifier in enumerate(self._ids)}
        self._direct, self._missing = direct.copy(), missing.copy()
        self._dotted = dotted.reshape(-1, 2).copy()
        self._depth = _depths(self._direct)
        self._second = _second(self._dotted)

    def __len__(self) -> int:
        return len(self._ids)

    def __repr__(self) -> str:
        return f"<Organisation of {len(self)} people, {len(self.roots)} at the top>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Organisation, (self._ids, self._direct, self._dotted, self._missing)

    @property
    def ids(self) -> tuple[str, ...]:
        """Everybody in the chart, managers outside the tables included."""
        return self._ids

    @property
    def roots(self) -> tuple[str, ...]:
        """Those who have nobody above them, and should not."""
        return tuple(self._ids[k] for k in np.flatnonzero((self._direct == NOBODY) & ~self._missing))

    @property
    def lines(self) -> tuple[tuple[str, str, str], ...]:
        """All lines as (person, manager, ``"direct"`` or ``"dotted"``), sorted."""
        direct = [(k, self._direct[k], "direct") for k in np.flatnonzero(self._direct != NOBODY)]
        dotted = [(person, manager, "dotted") for person, manager in self._dotted]
        named = [(self._ids[person], self._ids[manager], type_) for person, manager, type_ in direct + dotted]
        return tuple(sorted(named))

    def known(self, identifier: str) -> bool:
        """Whether a person is in the chart."""
        return identifier in self._positions

    def manager(self, identifier: str) -> str | None:
        """The direct manager's id; None at the top, and where the manager or the person is not known."""
        position = self._positions.get(identifier)
        manager = NOBODY if position is None else int(self._direct[position])
        return None if manager == NOBODY else self._ids[manager]

    def dotted(self, identifier: str) -> tuple[str, ...]:
        """Ids of a person's dotted-line managers."""
        position = self._positions.get(identifier, NOBODY)
        return tuple(self._ids[k] for k in self._second.get(position, ()))

    def missing(self, identifier: str) -> bool:
        """Whether a person's manager should be known and is not, or the person is not in the chart.

        A blank manager is no gap for a person to whom somebody reports or whom nobody in the tables outranks.
        """
        position = self._positions.get(identifier)
        return position is None or bool(self._missing[position])

    def depth(self, identifier: str) -> int | None:
        """Direct lines up to the top; 0 for a root, None where the top is not known."""
        chain = self._chain(identifier)
        return None if not chain or self._missing[chain[-1]] else len(chain) - 1

    def line(self, identifier: str, levels: int | None = None) -> frozenset[str]:
        """Everybody above a person over direct or dotted lines.

        Parameters
        ----------
        identifier
            The person.
        levels
            How many steps up; None for the whole line.
        """
        start = self._positions.get(identifier)
        return frozenset() if start is None else frozenset(self._ids[k] for k in self._above(start, levels))

    def complete(self, identifier: str, levels: int | None = None) -> bool:
        """Whether everybody up to ``levels`` steps above a person is known."""
        start = self._positions.get(identifier)
        if start is None or levels == 0:
            return start is not None
        below_top = None if levels is None else levels - 1
        return not any(self._missing[k] for k in (start, *self._above(start, below_top)))

    def distance(self, a: str, b: str) -> int | None:
        """Direct lines from one person up to the nearest common manager and down to the other."""
        common = self.nearest_common_manager(a, b)
        if common is None:
            return None
        depths = [int(self._depth[self._positions[name]]) for name in (a, b, common)]
        return depths[0] + depths[1] - 2 * depths[2]

    def nearest_common_manager(self, a: str, b: str) -> str | None:
        """The lowest person above both over direct lines; of a manager and their report, the manager."""
        above = set(self._chain(a))
        return next((self._ids[k] for k in self._chain(b) if k in above), None)

    def complete_many(self, identifiers: Sequence[str], levels: int | None = None) -> NDArray[np.bool_]:
        """:meth:`complete` for many people at once."""
        gap = self._missing.copy() if levels != 0 else np.zeros(len(self), bool)
        people, managers = self._lines()
        step = 1
        while levels is None or step < levels:
            wider = gap.copy()
            wider[people[gap[managers]]] = True
            if np.array_equal(wider, gap):
                break
            gap, step = wider, step + 1
        return np.append(~gap, False)[self._found(identifiers)]

    def depths(self, identifiers: Sequence[str]) -> Positions:
        """:meth:`depth` for many people at once; -1 where the top is not known."""
        known = np.where(self._missing[_tops(self._direct)], NOBODY, self._depth)
        return np.append(known, NOBODY)[self._found(identifiers)]

    def upwards(self, identifiers: Sequence[str], steps: int) -> NDArray[np.int32]:
        """People and who stands above them over direct lines, as positions in :attr:`ids`.

        Returns
        -------
        ndarray
            int32, people × (``steps`` + 1): the person, then one step up after the other; -1 beyond the top,
            and everywhere for who is not in the chart.
        """
        above = np.append(self._direct, NOBODY)  # whoever is not there has nobody above: -1 is the last entry
        found = self._found(identifiers)
        line = [np.where(found < len(self), found, NOBODY)]
        for _ in range(steps):
            line.append(above[line[-1]])
        return np.stack(line, axis=1).astype(np.int32)

    def line_pairs(self, cohort: Cohort, levels: int | None = None) -> csr_array[np.bool_]:
        """Pairs in which one stands within ``levels`` steps above the other, over direct or dotted lines.

        Returns
        -------
        csr_array
            bool, mentors × mentees.
        """
        from scipy.sparse import csr_array

        mentors, mentees = self._found(cohort.mentors.ids), self._found(cohort.mentees.ids)
        up = self._reach(mentors, levels) @ self._at(mentees).T
        down = self._reach(mentees, levels) @ self._at(mentors).T
        pairs: csr_array[np.bool_] = csr_array((up + down.T).astype(bool))
        pairs.sort_indices()
        return pairs

    def graph(self) -> nx.DiGraph[str]:
        """The chart as a networkx graph from manager to report, each edge with its ``type``."""
        import networkx as nx

        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(self._ids)
        for person, manager, type_ in reversed(self.lines):
            graph.add_edge(manager, person, type=type_)
        return graph

    def _chain(self, identifier: str) -> list[int]:
        """A person and everybody above over direct lines."""
        position = self._positions.get(identifier, NOBODY)
        chain: list[int] = []
        while position != NOBODY:
            chain.append(position)
            position = int(self._direct[position])
        return chain

    def _above(self, start: int, levels: int | None) -> set[int]:
        above: set[int] = set()
        frontier, step = {start}, 0
        while frontier and (levels is None or step < levels):
            frontier = {up for k in frontier for up in self._managers(k)} - above
            above |= frontier
            step += 1
        return above - {start}

    def _managers(self, position: int) -> tuple[int, ...]:
        """Who stands directly above a person, direct or dotted."""
        direct, dotted = int(self._direct[position]), self._second.get(position, ())
        return dotted if direct == NOBODY else (direct, *dotted)

    def _lines(self) -> tuple[Positions, Positions]:
        """All lines, direct and dotted, as people and managers."""
        people = np.flatnonzero(self._direct != NOBODY)
        return (
            np.concatenate([people, self._dotted[:, 0]]),
            np.concatenate([self._direct[people], self._dotted[:, 1]]),
        )

    def _found(self, identifiers: Sequence[str]) -> Positions:
        """Positions of people; one past the end for those who are not in the chart."""
        return np.array([self._positions.get(name, len(self)) for name in identifiers], dtype=np.int64)

    def _at(self, positions: Positions) -> csr_array[np.float64]:
        """One row per person with a 1 at their position in the chart."""
        from scipy.sparse import csr_array

        rows = np.flatnonzero(positions < len(self))
        shape = (len(positions), len(self))
        return csr_array((np.ones(len(rows)), (rows, positions[rows])), shape=shape)

    def _reach(self, positions: Positions, levels: int | None) -> csr_array[np.float64]:
        """One row per person with a positive number at everybody within ``levels`` steps above."""
        from scipy.sparse import csr_array

        people, managers = self._lines()
        step_up = csr_array((np.ones(len(people)), (people, managers)), shape=(len(self), len(self)))
        seen = self._at(positions)
        itself, frontier, step = seen, seen, 0
        while frontier.nnz and (levels is None or step < levels):
            wider = frontier @ step_up
            wider.data[:] = 1.0
            frontier = (wider - wider.multiply(seen)).tocsr()
            frontier.eliminate_zeros()
            seen = (seen + frontier).tocsr()
            step += 1
        above = (seen - itself).tocsr()
        above.eliminate_zeros()
        return above


def _depths(direct: Positions) -> Positions:
    """Direct lines above each person."""
    depths = np.zeros(len(direct), dtype=np.int64)
    above = direct.copy()
    while (above != NOBODY).any():
        depths += above != NOBODY
        above = np.where(above == NOBODY, NOBODY, direct[above])
    return depths


def _tops(direct: Positions) -> Positions:
    """The highest person above each over direct lines; who has nobody above is their own."""
    tops = np.where(direct == NOBODY, np.arange(len(direct)), direct)
    while not np.array_equal(tops, tops[tops]):
        tops = tops[tops]
    return tops


def _second(dotted: Positions) -> Mapping[int, tuple[int, ...]]:
    """Dotted-line managers of each person who has any."""
    managers: dict[int, tuple[int, ...]] = {}
    for person, manager in dotted.tolist():
        managers[person] = (*managers.get(person, ()), manager)
    return managers
