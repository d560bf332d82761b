"""Whether rules, bounds and required pairs leave a valid matching: a flow with lower bounds, and its cut.

Every person's load flows from a hub to the mentor, by the pair to the mentee, and back to the hub; minimums
and required pairs are lower bounds (Hoffman 1960, doi:10.1090/psapm/010/0114759). Where not all of them can
flow, the cut names people whose bounds alone contradict each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pairmatch.conflicts.system import Bools, Bounds, Kind, System
from pairmatch.problem import Ints

__all__ = ["Verdict", "judged", "pairs_within"]

SOURCE, SINK, HUB, FIRST = 0, 1, 2, 3

FREE = 1 << 28
"""Capacity of a way that nothing bounds; sums of demands stay below."""


@dataclass(frozen=True)
class Verdict:
    """Whether some demands, without quotas and hours, leave a valid matching.

    Attributes
    ----------
    short
        How many pairs are lacking; 0 where there is a valid matching.
    core
        The bounds and required pairs that, with the rules, contradict each other by themselves.
    needed
        Those of the core without which there would be a valid matching, where that is seen at once.
    """

    short: int
    core: Bools
    needed: Bools

    @property
    def feasible(self) -> bool:
        """Whether there is a valid matching."""
        return self.short == 0


def judged(system: System, on: Bools) -> Verdict:
    """Whether some of the demands, without quotas and hours, leave a valid matching."""
    return _crossed(system, on) or _flowing(system, on)


def pairs_within(system: System, on: Bools, bounds: Bounds) -> Ints | None:
    """Pairs that rules among some of the demands allow, within bounds; None where there are none."""
    low = [(least > most).any() for least, most in zip(bounds.minimum, bounds.capacity, strict=True)]
    allowed, required = system.allowed(on), bounds.required
    if any(low) or not allowed[required[:, 0], required[:, 1]].all():
        return None
    ways, wanted = _ways(allowed, bounds)
    short, flow = _flow(ways, wanted)
    if short:
        return None
    n = system.shape[0]
    chosen: Any = flow[FIRST : FIRST + n, FIRST + n :].tocoo()
    made = chosen.data > 0
    new = np.stack([chosen.row[made], chosen.col[made]], axis=1).astype(np.int64)
    return np.concatenate([required, new])


def _crossed(system: System, on: Bools) -> Verdict | None:
    """A person who must have more pairs than they may, or a required pair that a rule forbids."""
    bounds, table = system.bounds(on), system.table
    for side in (0, 1):
        over = bounds.minimum[side] - bounds.capacity[side]
        if (over > 0).any():
            who = int(np.argmax(over))
            own = on & (table[:, 1] == side) & (table[:, 2] == who)
            return _found(int(over[who]), _binding(system, own, Kind.MINIMUM, Kind.CAPACITY))
    allowed = system.allowed(on)
    for mentor, mentee in bounds.required.tolist():
        if not allowed[mentor, mentee]:
            pair = on & system.of(Kind.REQUIRED) & (table[:, 2] == mentor) & (table[:, 3] == mentee)
            return _found(1, _first(pair))
    return None


def _found(short: int, core: Bools) -> Verdict:
    return Verdict(short, core, np.zeros_like(core))


def _first(mask: Bools) -> Bools:
    only = np.zeros_like(mask)
    only[np.flatnonzero(mask)[:1]] = True
    return only


def _binding(system: System, own: Bools, *kinds: Kind) -> Bools:
    """Of several bounds of a kind on one person, the one that binds."""
    table, kept = system.table, np.zeros_like(own)
    for kind in kinds:
        places = np.flatnonzero(own & system.of(kind))
        tightest = -table[places, 4] if kind == Kind.MINIMUM else table[places, 4]
        order = places[np.lexsort((places, tightest, table[places, 2], table[places, 1]))]
        who = table[order, 1] * (1 + max(system.shape)) + table[order, 2]
        kept[order[np.diff(who, prepend=-1) != 0]] = True
    return kept


def _flowing(system: System, on: Bools) -> Verdict:
    """The verdict of a flow."""
    from scipy.sparse import csr_array

    ways, wanted = _ways(system.allowed(on), system.bounds(on))
    none = np.zeros(len(system.demands), np.bool_)
    short, flow = _flow(ways, wanted) if wanted else (0, None)
    if not short:
        return Verdict(0, none, none)
    more: Any = ways - flow
    left = csr_array(more.maximum(0))
    reached, leading = _walk(left, SOURCE), _walk(csr_array(left.T), SINK)
    core = _crossing(system, on, reached, ~reached)
    needed = core & _crossing(system, on, reached, leading) if short == 1 else none
    return Verdict(short, core, needed)


def _flow(ways: Any, wanted: int) -> tuple[int, Any]:
    """How much of what must flow cannot, and what does."""
    from scipy.sparse.csgraph import maximum_flow

    flow = maximum_flow(ways, SOURCE, SINK)
    return wanted - int(flow.flow_value), flow.flow


def _walk(ways: Any, start: int) -> Bools:
    from scipy.sparse.csgraph import breadth_first_order

    found = np.zeros(ways.shape[0], np.bool_)
    found[breadth_first_order(ways, start, return_predecessors=False)] = True
    return found


def _ways(allowed: Bools, bounds: Bounds) -> tuple[Any, int]:
    """The capacity of every way beyond its lower bound, and the sum of what must flow."""
    from scipy.sparse import csr_array

    (n, m), fixed = allowed.shape, bounds.required
    ours, theirs = FIRST + np.arange(n), FIRST + n + np.arange(m)
    # A pair of two people whom nobody asks for is never needed.
    open_pairs = allowed & ((bounds.minimum[0] > 0)[:, None] | (bounds.minimum[1] > 0)[None, :])
    open_pairs[fixed[:, 0], fixed[:, 1]] = False
    mentor, mentee = np.nonzero(open_pairs)
    room = [np.minimum(most, FREE) - least for most, least in zip(*bounds[:2], strict=True)]
    due = np.zeros(FIRST + n + m, np.int64)
    due[ours] = bounds.minimum[0] - np.bincount(fixed[:, 0], minlength=n)
    due[theirs] = np.bincount(fixed[:, 1], minlength=m) - bounds.minimum[1]
    due[HUB] = int(bounds.minimum[1].sum()) - int(bounds.minimum[0].sum())
    more, less = np.flatnonzero(due > 0), np.flatnonzero(due < 0)
    tail = [np.full(n, HUB), theirs, ours[mentor], np.full(len(more), SOURCE), less]
    head = [ours, np.full(m, HUB), theirs[mentee], more, np.full(len(less), SINK)]
    capacity = [*room, np.ones(len(mentor), np.int64), due[more], -due[less]]
    ends = [np.concatenate(side).astype(np.int32) for side in (tail, head)]
    room_left = np.concatenate(capacity).astype(np.int32)
    ways: Any = csr_array((room_left, (ends[0], ends[1])), (FIRST + n + m, FIRST + n + m))
    return ways, int(due[more].sum())


def _crossing(system: System, on: Bools, into: Bools, out: Bools) -> Bools:
    """Lower bounds of ways from ``out`` into ``into``, upper bounds of ways from ``into`` to ``out``.

    With a cut on both sides these contradict each other; with all that is reached, and all that leads to the
    sink, one more unit along any of them would flow.
    """
    table, (n, _) = system.table, system.shape
    kind, side, person = table[:, 0], table[:, 1], table[:, 2]
    own = FIRST + np.where(side == 1, n, 0) + np.maximum(person, 0)
    # A mentor's way comes from the hub, a mentee's goes to it.
    tail, head = np.where(side == 1, own, HUB), np.where(side == 1, HUB, own)
    pair = kind == Kind.REQUIRED
    tail[pair], head[pair] = FIRST + person[pair], FIRST + n + table[pair, 3]
    low, high = np.isin(kind, (Kind.MINIMUM, Kind.REQUIRED)), kind == Kind.CAPACITY
    across = (low & into[head] & out[tail]) | (high & into[tail] & out[head])
    bounds = _binding(system, on & across, Kind.MINIMUM, Kind.CAPACITY)
    return np.asarray(bounds | (on & across & pair))
