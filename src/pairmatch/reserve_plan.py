"""``pairmatch.reserve_plan``: how many and which mentors to keep, so that failed pairs can be re-matched."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.checking import check_calls
from pairmatch.checking.intervals import exact_interval
from pairmatch.checking.rescue import Rescue
from pairmatch.checking.scenarios import Chances, Scenarios, drawn, unserved
from pairmatch.checking.spare import Offers, Spare, spare_of
from pairmatch.dropping import MONTHS, Dropping, dropping
from pairmatch.errors import CallError, Finding, SolverError, counted
from pairmatch.explain import check_matching
from pairmatch.parameters import is_share, is_whole, told
from pairmatch.problem import Ints

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.matching import Matching

__all__ = ["FAILURE", "ReservePlan", "reserve_plan"]

FAILURE = 0.05
"""Share of pairs that fail though both stay, where nobody says otherwise: an assumption, not a finding."""

CHOOSING = 400
"""Scenarios by which reserves are chosen."""

FLOWS = 200
"""Scenarios in which the check is made twice."""

LEVEL = 0.99
"""Level of the interval: up to five plans are looked at, which together err in one case of forty."""

AIMS = (0.25, 0.4, 0.6, 0.8, 1.0)
"""How far the choice aims beyond the asked probability, as a share of the rest to 1, plan after plan."""

MOST_POSSIBLE = 4_000_000
"""Mentors with a free place times mentees with a pair: up to so many, all possible pairs are looked at."""

LISTED = 50
"""Beyond that so many mentors for each mentee, the best."""


@dataclass(frozen=True, eq=False, repr=False)
class ReservePlan:
    """Mentors to keep as reserves, and how far they reach.

    Attributes
    ----------
    table
        A row per reserve, in the order in which they help most: ``mentor``, ``places`` (free places to
        keep), ``paired`` (whether the mentor has a pair already), ``serves`` (mentees whom the mentor could
        take over), ``used`` (new pairs with this mentor per scenario, on average) and ``probability``: with
        which every failed pair can be re-matched if the reserves up to this row are kept.
    confidence
        The probability that was asked for.
    probability, low, high
        With which every failed pair can be re-matched with all reserves of the table: the share of the
        checking scenarios, and its exact 99 % interval.
    held
        Whether even the lower end of the interval reaches the confidence.
    possible
        The same probability if every mentor with a free place were kept.
    failed, rematched
        Pairs that fail and leave a mentee behind, and those of them that can be re-matched with the
        reserves: numbers per scenario, on average.
    without
        Mentees whom nobody with a free place could take over.
    candidates
        How many mentors have a free place and could take over from somebody.
    scenarios
        How many scenarios checked the plan; it was chosen by others.
    complete
        False where there were too many possible pairs to look at all of them: then more reserves may
        be told than are needed.
    """

    table: pd.DataFrame
    confidence: float
    probability: float
    low: float
    high: float
    held: bool
    possible: float
    failed: float
    rematched: float
    without: tuple[str, ...]
    candidates: int
    scenarios: int
    complete: bool

    def __repr__(self) -> str:
        kept = counted(len(self.table), "reserve")
        held = "" if self.held else f", short of the {self.confidence:.0%} that was asked for"
        sure = f"{self.probability:.1%} ({self.low:.1%} to {self.high:.1%})"
        return f"<ReservePlan: {kept}; every failed pair re-matched in {sure} of cases{held}>"

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False, border=0))


def reserve_plan(
    matching: Matching,
    confidence: float = 0.95,
    *,
    drop_out: Any = None,
    months: float = MONTHS,
    failure: float = FAILURE,
    scenarios: int = 2000,
    seed: int = 0,
) -> ReservePlan:
    """Tell how many and which mentors to keep, so that very probably every failed pair can be re-matched.

    What becomes of the matching is drawn many times: who leaves, and which pairs fail though both stay. A
    mentee who stayed and whose pair ended needs a new mentor: one of the reserves who stayed, has a free
    place today, and with whom the pair keeps every rule. Places that become free when mentees leave are not
    counted, as they may come too late. Reserves are chosen one by one, the one that re-matches most first;
    those who turn out not to be needed are dropped again. Other scenarios then check the plan, some of them
    by a different method too, and it grows until even the lower end of the interval holds.

    Parameters
    ----------
    matching
        The matching.
    confidence
        Probability with which every failed pair is to be re-matched, above 0 and below 1.
    drop_out, months
        Probabilities to leave: as for :func:`pairmatch.dropping.dropping`, or what that returned.
    failure
        Probability that a pair fails though both stay, in [0, 1].
    scenarios
        How many scenarios check a plan, at least 100.
    seed
        Where the draws begin; the same seed gives the same plan.

    Returns
    -------
    ReservePlan

    Raises
    ------
    CallError
        The arguments cannot be used.
    """
    check_matching(matching)
    check_calls(matching.cohort, matching.policy)
    _check(confidence, failure, scenarios, seed)
    chances = drop_out if isinstance(drop_out, Dropping) else None
    chances = chances or dropping(matching.cohort, drop_out, months=months)
    work = _Work(spare_of(matching), chances, failure, seed)
    return work.told(work.settled(confidence, scenarios), confidence)


def _check(confidence: Any, failure: Any, scenarios: Any, seed: Any) -> None:
    found = []
    if not is_share(confidence) or not 0 < confidence < 1:
        found.append(("confidence", f"must be a number above 0 and below 1, not {told(confidence)}"))
    if not is_share(failure):
        found.append(("failure", f"must be a number from 0 to 1, not {told(failure)}"))
    if not is_whole(scenarios) or scenarios < 100:
        found.append(("scenarios", f"must be a whole number of at least 100, not {told(scenarios)}"))
    if not is_whole(seed) or seed < 0:
        found.append(("seed", f"must be a whole number of at least 0, not {told(seed)}"))
    if found:
        raise CallError([Finding("bad_argument", f"'{name}' {hint}.", column=name) for name, hint in found])


class _Work:
    """Mentors with free places, mentees with pairs, and what may become of them."""

    def __init__(self, spare: Spare, chances: Dropping, failure: float, seed: int) -> None:
        self.spare, self.seed = spare, seed
        self.whole = spare.possible <= MOST_POSSIBLE
        offers = spare.offers(None if self.whole else LISTED)
        self.near = _near(offers, len(spare.mentors))
        self.places = _places(spare, self.near)
        self.candidates = [k for k, near in enumerate(self.near) if len(near)]
        self.offered = offers
        self.chances = self._chances(chances, failure)
        self.needed, self.shares = 0, list[float]()

    def _chances(self, chances: Dropping, failure: float) -> Chances:
        """Mentors with free places first, so that their positions stay; then those without."""
        cohort, spare = self.spare.scorer.cohort, self.spare
        full = sorted(
            set(spare.pairs[:, 0].tolist()) - set(spare.mentors.tolist()), key=cohort.mentors.ids.__getitem__
        )
        rows = np.concatenate([spare.mentors, np.array(full, np.int64)])
        places = [np.full(len(side), -1, np.int64) for side in (cohort.mentors, cohort.mentees)]
        places[0][rows], places[1][spare.mentees] = np.arange(len(rows)), np.arange(len(spare.mentees))
        pairs = np.stack([place[who] for place, who in zip(places, spare.pairs.T, strict=True)], axis=1)
        return Chances(chances.mentors[rows], chances.mentees[spare.mentees], pairs, failure)

    def drawn(self, number: int, batch: int) -> Scenarios:
        """One batch of scenarios."""
        return drawn(self.chances, number, np.random.default_rng([self.seed, batch]))

    def settled(self, confidence: float, number: int) -> Rescue:
        """The reserves, in the scenarios that checked them last."""
        rescue = Rescue(self.drawn(CHOOSING, 0), self.near, self.places)
        bounds = {one: rescue.least_gain(one) for one in self.candidates}
        for batch, aim in enumerate(AIMS, start=1):
            target = confidence + aim * (1 - confidence)
            self._grow(rescue, bounds, target)
            self._trim(rescue, target)
            check = self._checked(self.drawn(number, batch), rescue.kept)
            hits = int((check.unmet == 0).sum())
            if exact_interval(hits, number, LEVEL)[0] >= confidence or rescue.share < target:
                break
        return check

    def _checked(self, scenarios: Scenarios, kept: Sequence[int]) -> Rescue:
        """What the reserves are worth in new scenarios; in some of them largest flows must say the same."""
        check = Rescue(scenarios, self.near, self.places)
        self.needed = int(check.unmet.sum())
        self.shares = []
        for one in kept:
            check.keep(one)
            self.shares.append(check.share)
        some = Scenarios(scenarios.needs[:FLOWS], scenarios.stays[:FLOWS])
        if (unserved(some, self.near, self.places, kept) != check.unmet[:FLOWS]).any():
            raise SolverError("two ways to count who can be re-matched do not agree; please report it")
        return check

    def _grow(self, rescue: Rescue, bounds: Mapping[int, int], target: float) -> None:
        """Keep whoever re-matches most, until the target is reached or nobody is of help.

        What a mentor adds only shrinks as more are kept, so one whose last known number is still the
        largest after it was counted again is the best (Minoux 1978, https://doi.org/10.1007/BFb0006528).
        What each adds where nobody else is kept is such a number, whoever was dropped meanwhile.
        """
        kept, paired = set(rescue.kept), (self.spare.loads > 0).tolist()
        queue = [(-most, paired[one], one) for one, most in bounds.items() if one not in kept]
        heapq.heapify(queue)
        while rescue.share < target and queue:
            _, second, one = heapq.heappop(queue)
            if queue and (-rescue.least_gain(one), second, one) <= queue[0]:
                rescue.keep(one)
            elif (gain := rescue.gain(one)) and queue and (-gain, second, one) > queue[0]:
                heapq.heappush(queue, (-gain, second, one))
            elif gain:
                rescue.keep(one)

    def _trim(self, rescue: Rescue, target: float) -> None:
        """Drop whoever is not needed for the target, those who are used least first."""
        least = min(target, rescue.share)
        for one in sorted(rescue.kept, key=lambda one: (rescue.uses(one), one)):
            rescue.drop(one, least)

    def told(self, check: Rescue, confidence: float) -> ReservePlan:
        """The plan with ids."""
        cohort, number = self.spare.scorer.cohort, len(check.unmet)
        table, hits = self._table(check), int((check.unmet == 0).sum())
        rematched = (self.needed - int(check.unmet.sum())) / number
        low, high = exact_interval(hits, number, LEVEL)
        served, kept = set(self.offered.mentee.tolist()), set(check.kept)
        bare = [row for k, row in enumerate(self.spare.mentees.tolist()) if k not in served]
        for one in self.candidates:
            if one not in kept:
                check.keep(one)
        return ReservePlan(
            table=table,
            confidence=float(confidence),
            probability=hits / number,
            low=low,
            high=high,
            held=low >= confidence,
            possible=check.share,
            failed=self.needed / number,
            rematched=rematched,
            without=tuple(sorted(cohort.mentees.ids[row] for row in bare)),
            candidates=len(self.candidates),
            scenarios=number,
            complete=self.whole,
        )

    def _table(self, check: Rescue) -> pd.DataFrame:
        """A row for each reserve."""
        import pandas as pd

        ids, number = self.spare.scorer.cohort.mentors.ids, len(check.unmet)
        rows = [
            {
                "mentor": ids[self.spare.mentors[one]],
                "places": int(self.places[one]),
                "paired": bool(self.spare.loads[one] > 0),
                "serves": len(self.near[one]),
                "used": check.uses(one) / number,
                "probability": share,
            }
            for one, share in zip(check.kept, self.shares, strict=True)
        ]
        columns = ["mentor", "places", "paired", "serves", "used", "probability"]
        return pd.DataFrame(rows, columns=columns)


def _near(offers: Offers, n: int) -> list[Ints]:
    """For each mentor the mentees whom they could take over, sorted."""
    order = np.lexsort([offers.mentee, offers.mentor])
    starts = np.searchsorted(offers.mentor[order], np.arange(1, n))
    return np.split(offers.mentee[order], starts)


def _places(spare: Spare, near: list[Ints]) -> Ints:
    """Free places of each mentor; where hours act, no more than are sure to fit."""
    places = spare.places.copy()
    if spare.hours_left is None or spare.hours is None:
        return places
    for k, mentees in enumerate(near):
        dearest = int(spare.hours[mentees].max(initial=0))
        if dearest:
            places[k] = min(places[k], max(1, int(spare.hours_left[k]) // dearest))
    return places
