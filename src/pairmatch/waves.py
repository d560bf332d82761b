"""``pairmatch.waves``: a matching's pairs in start groups, the first of them a fair pilot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.checking import check_calls
from pairmatch.checking.wave_balance import Told, balance_table, told_groups
from pairmatch.checking.wave_request import WaveRequest
from pairmatch.errors import CallError, Finding, counted
from pairmatch.explain import check_matching
from pairmatch.parameters import is_whole, told
from pairmatch.problem import Ints

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.matching import Matching
    from pairmatch.solver.splitting import Division, Split

__all__ = ["Waves", "waves"]


@dataclass(frozen=True, eq=False, repr=False)
class Waves:
    """The waves of a matching, and how mixed each of them is.

    Attributes
    ----------
    pairs
        A row per pair: ``wave`` from 1 on, ``mentor``, ``mentee``, ``weight``, and ``coach`` where pairs have
        some.
    balance
        A row per group and wave: ``column``, ``of``, ``group``, ``wave``; ``pairs`` of the group in the
        wave and their ``share`` of it; ``whole``, the group's share of all pairs; ``low`` and ``high``, that
        share of the wave in whole pairs, rounded down and up; ``missed``, by how many the wave is outside.
        Where a column is sensitive, special or confidential, figures under five are withheld (law §12).
    sizes
        Pairs of each wave.
    pilot, missed
        By how many groups miss their shares: in wave 1, and in all waves together. 0 is as fair as can be.
    pilot_bound, bound
        The least that both can be, of the second among the splits whose wave 1 is no less fair.
    complete
        Whether both are proven to be the least.
    """

    pairs: pd.DataFrame
    balance: pd.DataFrame
    sizes: tuple[int, ...]
    pilot: int
    missed: int
    pilot_bound: int
    bound: int
    complete: bool

    def wave(self, number: int) -> pd.DataFrame:
        """The pairs of one wave, from 1 on, as a new table."""
        if not is_whole(number) or not 1 <= number <= len(self.sizes):
            hint = f"'number' must be a wave from 1 to {len(self.sizes)}, not {told(number)}."
            raise CallError([Finding("bad_argument", hint, column="number")])
        return self.pairs[self.pairs["wave"] == number].drop(columns="wave").reset_index(drop=True)

    def __repr__(self) -> str:
        sizes = ", ".join(f"{size:,}" for size in self.sizes)
        found = counted(len(self.sizes), "wave")
        fair = f"wave 1 misses fair shares by {self.pilot}, all by {self.missed}"
        proof = "proven least" if self.complete else f"at least {self.pilot_bound} and {self.bound}"
        return f"<Waves: {found} of {sizes} pairs; {fair}; {proof}>"

    def _repr_html_(self) -> str:
        return str(self.balance.to_html(index=False, border=0))


def waves(
    matching: Matching,
    sizes: int | Sequence[int] = 2,
    *,
    ready: Any = None,
    coach_capacity: int | Mapping[str, int] | None = None,
    balance: Sequence[str] = (),
    purpose: str | None = None,
    seed: int = 0,
    time_limit: float | None = None,
) -> Waves:
    """Split a matching into waves that start one after the other, so that wave 1 is a fair pilot.

    Each wave should hold its share of every group, rounded down or up: of the pairs of low, middle and
    high weight, and of each value of the columns in ``balance``, of the mentors and of the mentees. First
    wave 1 is made as fair as can be, then all of them. Among pairs that are alike in all this, a hash of
    their ids and the seed decides.

    Parameters
    ----------
    matching
        The matching.
    sizes
        How many waves, as equal as can be, or the size of each; where the sizes are fewer than the pairs,
        the rest is one wave more.
    ready
        From which wave on people can start: the name of a number field, or a frame with the columns
        ``role`` (``mentor`` or ``mentee``), ``id`` and ``wave``, or a list of such rows. Everybody else can
        start in wave 1. A pair starts no sooner than both can.
    coach_capacity
        Most pairs of a coach that start in one wave: one number, or one by coach id.
    balance
        Columns.
    purpose
        Why waves may be balanced over these columns; needed where one is sensitive or special.
    seed
        For the choice among pairs that are alike.
    time_limit
        Seconds for the search; None for its own limit, which is the same on every machine.

    Returns
    -------
    Waves

    Raises
    ------
    CallError
        The arguments cannot be used, too few are ready for a wave, or coaches have too many pairs; all
        problems at once.
    NoSolutionError
        The time limit ended before any split was found.
    """
    check_matching(matching)
    check_calls(matching.cohort, matching.policy, time_limit)
    ask = WaveRequest(matching)
    parts = ask.sizes(sizes)
    first = ask.first(ready, len(parts))
    bundle, most = ask.coaches(coach_capacity)
    columns = ask.columns(balance, purpose)
    ask.whole("seed", seed)
    ask.refuse()
    groups = told_groups(matching, columns)
    kinds, kind = _kinds(groups, first, bundle)
    problem = _problem(kinds, kind, parts, len(groups), most)
    found = _divided(problem, ask, first, bundle, time_limit)
    return _told(matching, groups, problem, found, _waves_of(matching, kind, found.held, seed))


def _kinds(groups: Sequence[Told], first: Ints, bundle: Ints) -> tuple[Ints, Ints]:
    """Pairs that are alike: what each kind is (first wave, coach, groups), and the kind of each pair."""
    rows = np.column_stack([first, bundle, *(group.members.astype(np.int64) for group in groups)])
    kinds, kind = np.unique(rows, axis=0, return_inverse=True)
    return kinds, kind.reshape(-1)


def _problem(kinds: Ints, kind: Ints, sizes: Ints, n_groups: int, most: Ints) -> Split:
    from pairmatch.solver.splitting import Split

    return Split(
        count=np.bincount(kind, minlength=len(kinds)).astype(np.int64),
        sizes=sizes,
        first=kinds[:, 0],
        groups=kinds[:, 2:].T.astype(bool).reshape(n_groups, len(kinds)),
        bundle=kinds[:, 1],
        most=most,
    )


def _divided(
    problem: Split, ask: WaveRequest, first: Ints, bundle: Ints, time_limit: float | None
) -> Division:
    """The best split; what contradicts what is told in words."""
    from pairmatch.solver.search import Infeasible
    from pairmatch.solver.splitting import split

    found = [*_too_few(problem.sizes, first), *_too_many(problem, ask.coach_ids, first, bundle)]
    if found:
        raise CallError(found)
    try:
        return split(problem, time_limit=time_limit)
    except Infeasible:
        hint = "no split gives each wave its size with those who are ready and the coaches' capacities"
        raise CallError([Finding("no_split", f"{hint}; change one of them")]) from None


def _too_few(sizes: Ints, first: Ints) -> list[Finding]:
    """Waves that ask for more pairs than can have started by then."""
    able = np.cumsum(np.bincount(first, minlength=len(sizes)))
    return [
        Finding(
            "too_few_ready",
            f"the waves up to {wave} ask for {asked:,} pairs, of which {there:,} can have started by then; "
            "make these waves smaller, or see who could be ready sooner",
            column="sizes",
        )
        for wave, (asked, there) in enumerate(
            zip(np.cumsum(sizes).tolist(), able.tolist(), strict=True), start=1
        )
        if asked > there
    ]


def _too_many(problem: Split, coaches: Sequence[str], first: Ints, bundle: Ints) -> list[Finding]:
    """Coaches with more pairs than the waves have room for."""
    waves_left, found = len(problem.sizes) - first, []
    for place, who in enumerate(coaches):
        most = int(problem.most[place])
        late = Counter(waves_left[bundle == place].tolist())
        if any(
            sum(n for left, n in late.items() if left <= w) > most * w
            for w in range(1, len(problem.sizes) + 1)
        ):
            hint = "the coach has more pairs than 'coach_capacity' lets start in all waves"
            found.append(Finding("coach_full", hint, "coaches", who))
    return found


def _waves_of(matching: Matching, kind: Ints, held: Ints, seed: int) -> Ints:
    """The wave of each pair, from 0 on; among pairs of one kind by a hash of ids and seed."""
    wave = np.zeros(len(kind), np.int64)
    texts = [f"{seed}|{len(made.mentor)}|{made.mentor}|{made.mentee}" for made in matching.made]
    digests = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts]
    order = sorted(range(len(kind)), key=lambda at: (int(kind[at]), digests[at], texts[at]))
    dealt = np.repeat(np.tile(np.arange(held.shape[1]), len(held)), held.reshape(-1))
    wave[order] = dealt
    return wave


def _told(matching: Matching, groups: Sequence[Told], problem: Split, found: Division, wave: Ints) -> Waves:
    """The waves with ids."""
    import pandas as pd

    from pairmatch.solver.splitting import even_range

    pairs = pd.DataFrame(
        {
            "wave": wave + 1,
            "mentor": [made.mentor for made in matching.made],
            "mentee": [made.mentee for made in matching.made],
            "weight": matching.pairs["weight"].to_numpy(),
        }
    )
    if matching.coaching is not None:
        pairs["coach"] = [coached.coach for coached in matching.coaching.pairs]
    return Waves(
        pairs=pairs.sort_values(["wave", "mentor", "mentee"], ignore_index=True),
        balance=balance_table(groups, wave, *even_range(problem)),
        sizes=tuple(problem.sizes.tolist()),
        pilot=found.values[0],
        missed=found.values[1],
        pilot_bound=found.bounds[0],
        bound=found.bounds[1],
        complete=found.complete,
    )
