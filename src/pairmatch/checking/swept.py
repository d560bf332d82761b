"""The recount of a large cohort, whose pairs nobody holds: a sweep of its own, without the solver.

Bounds are proven by the pairs that beat the prices, of which an honest certificate leaves none. The filter of
the sweep is held against the definitions on a sample of blocks, and so are the counts of the unmatched.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pairmatch.checking.assembling import people_left
from pairmatch.checking.eligibility import about_people, barred_by
from pairmatch.checking.ledger import Ledger
from pairmatch.checking.recount import NEVER, Recount
from pairmatch.cohort import Block
from pairmatch.errors import Finding
from pairmatch.matching import Left, Matching, Standing, left_of
from pairmatch.problem import Found, Priced, Report, never
from pairmatch.scoring import MINIMUM_WEIGHT, SAME_PERSON, Fit, build_required, lacks, loads
from pairmatch.scoring.order import active_positions
from pairmatch.scoring.size import is_swept
from pairmatch.scoring.sketch import places_of
from pairmatch.scoring.sweep import Sweep
from pairmatch.scoring.workers import Workers

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy
    from pairmatch.scoring.building import Labels

__all__ = ["SweptRecount", "recount_of"]

MOST = 16
"""Pairs of each mentor that are looked for at first."""

SAMPLED = 24
"""Unmatched people of each side whose partners are counted one by one."""


def recount_of(
    matching: Matching, cohort: Cohort, policy: Policy, executor: Executor | None = None
) -> Recount:
    """The recount that a matching's size asks for: of pairs that are held, or by a sweep."""
    bounds = loads(cohort, policy, active_positions(cohort.mentors), active_positions(cohort.mentees))
    if is_swept(bounds, policy.objective, groups=bool(policy.cohort_goals or policy.group_rules)):
        return SweptRecount(matching, cohort, policy, executor)
    return Recount(matching, cohort, policy)


class SweptRecount(Recount):
    """Recounts what a matching claims about all possible pairs, of which only those that matter are listed.

    Parameters
    ----------
    matching, cohort, policy
        A matching whose pairs have been checked.
    executor
        Where the pairs are swept; None for threads of this process.
    """

    def __init__(
        self, matching: Matching, cohort: Cohort, policy: Policy, executor: Executor | None = None
    ) -> None:
        super().__init__(matching, cohort, policy)
        self._executor = executor

    def sweep(self, progress: Report | None = None) -> list[Finding]:
        """Look at every possible pair; return what is false."""
        if self._bad:
            return self._bad
        self._required_reach = self._least_required()
        with Workers(self._executor) as workers:
            people = self._mentors, self._mentees
            sweep = Sweep(self._scorer, *people, self._case.loads, workers, progress)
            found = self._audited(sweep)
            for ledger in self._ledgers:
                for k, floor in enumerate(ledger.floors):
                    self._hold(ledger, k, floor, sweep)
        return found + self._proofs() + self._reasons()

    def _audited(self, sweep: Sweep) -> list[Finding]:
        hint = (
            "the sweep's filter differs from the definition by more than its proven error; please report this"
        )
        wrong = sweep.audit()
        return [Finding("filter_wrong", hint, "certificate")] if wrong else []

    def _least_required(self) -> int:
        pairs = zip(map(tuple, self._case.chosen.tolist()), self._case.weights.tolist(), strict=True)
        weight = dict(pairs)
        return min((weight[i, j] for i, j in self._case.loads.required.tolist()), default=NEVER)

    # -- the proofs --------------------------------------------------------------------------

    def _hold(self, ledger: Ledger, k: int, floor: int | None, sweep: Sweep) -> None:
        """All pairs above the prices into a ledger, and for each price that a pair holds up such a pair."""
        over, priced = _all_beating(sweep, ledger, floor, self._running_each()), ledger.priced(floor)
        over = self._with_running(over, floor)
        ledger.add_pairs(k, over, some=bool(len(over.weight)) or (ledger.is_floor and _exists(sweep, priced)))
        if k == 0 and ledger.proof.canonical:
            self._support(ledger, priced, sweep)

    def _with_running(self, found: Found, floor: int | None) -> Found:
        """What a sweep found, with all running pairs: it does not know what they are worth."""
        running = self._case.running
        if running is None:
            return found
        fresh = running.rows(found.mentor, found.mentee) < 0
        used, bounds = self._case.used(), self._case.loads
        mentor, mentee = running.pairs.T
        here = (bounds.mentor_capacity > used[0])[mentor] & (bounds.mentee_capacity > used[1])[mentee]
        here &= True if floor is None else running.weights >= floor
        return Found(
            np.concatenate([found.mentor[fresh], mentor[here]]).astype(np.int32),
            np.concatenate([found.mentee[fresh], mentee[here]]).astype(np.int32),
            np.concatenate([found.weight[fresh], running.weights[here]]),
            found.excess,
            found.complete,
        )

    def _running_each(self) -> int:
        """The most running pairs of one mentor."""
        running = self._case.running
        return 0 if running is None else int(np.bincount(running.pairs[:, 0], minlength=1).max())

    def _support(self, ledger: Ledger, priced: Priced, sweep: Sweep) -> None:
        """Find the pairs that hold prices up, of those mentors whose price nothing else explains."""
        wanting, most, complete = ledger.wanting(), MOST, False
        while len(wanting) and not complete:
            found = sweep.attaining(priced, 0, most, never, among=wanting)
            listed = self._with_running(found, priced.floor)
            ledger.hold_up(listed, self._is_free(listed))
            wanting, most, complete = ledger.wanting(), 8 * most, found.complete

    def _is_free(self, found: Found) -> NDArray[np.bool_]:
        """Which pairs the matching does not hold."""
        width = len(self._mentees)
        chosen = self._case.chosen[:, 0] * width + self._case.chosen[:, 1]
        return ~np.isin(found.mentor.astype(np.int64) * width + found.mentee, chosen)

    # -- the unmatched -----------------------------------------------------------------------

    def _expected(self) -> Iterator[Left]:
        built = build_required(self._cohort, self._policy, Fit.from_dict(self._matching.fitted))
        mentors, mentees = places_of(self._mentors, built.mentors), places_of(self._mentees, built.mentees)
        pairs = np.stack([mentors[self._case.chosen[:, 0]], mentees[self._case.chosen[:, 1]]], axis=1)
        return iter(people_left(built, pairs, settled=self._matching.certificate.proven))

    def _reasons(self) -> list[Finding]:
        return super()._reasons() + self._recounted()

    def _recounted(self) -> list[Finding]:
        """Some of the unmatched, whose partners are counted one by one."""
        claimed = {(left.role, left.id): left for left in self._matching.left}
        hint = "is told as unmatched wrongly: counting the partners one by one gives something else"
        wrong = []
        for role, load in (("mentor", self._case.mentor_load), ("mentee", self._case.mentee_load)):
            alone = np.flatnonzero(load == 0)
            for place in alone[:: max(1, len(alone) // SAMPLED)].tolist():
                left = self._one_by_one(role, place)
                wrong += (
                    []
                    if claimed.get((role, left.id)) == left
                    else [Finding("wrong_reason", hint, f"{role}s", left.id)]
                )
        return wrong

    def _one_by_one(self, role: str, place: int) -> Left:
        """One person without a partner, from the blocks of all rules and goals."""
        loads, case, ours = self._case.loads, self._case, role == "mentor"
        person = self._mentors[place : place + 1] if ours else self._mentees[place : place + 1]
        block = Block(self._cohort, *((person, self._mentees) if ours else (self._mentors, person)))
        allowed, _, taken = self._allowed(block)
        free = case.mentee_load < loads.mentee_capacity if ours else case.mentor_load < loads.mentor_capacity
        counts = {label: int(np.count_nonzero(pairs)) for label, pairs in taken.items()}
        room = allowed.ravel() & free
        side = self._cohort.side(f"{role}s")
        row = int(person[0])
        standing = Standing(
            active=True,
            capacity=int((loads.mentor_capacity if ours else loads.mentee_capacity)[place]),
            eligible=int(np.count_nonzero(allowed)),
            light=counts.get(MINIMUM_WEIGHT, 0),
            open=int(np.count_nonzero(room)),
            affordable=int(np.count_nonzero(room & self._can_pay(ours, place))),
            taken=counts,
            partners=len(self._mentees if ours else self._mentors) - counts[SAME_PERSON],
            lacks=tuple(self._lacking[role][row]),
            barred=barred_by(about_people(self._policy), side.person(row)),
            settled=self._matching.certificate.proven,
        )
        held = self._held
        within = room & self._can_pay(ours, place)
        if held is not None:
            within = within & ~(held.mentees if ours else held.mentors)
        return left_of(
            role, side.ids[row], self._with_quotas(role, place, standing, int(np.count_nonzero(within)))
        )

    def _can_pay(self, ours: bool, place: int) -> Any:
        """Partners whose hours, or whose need of hours, fit this person; True where hours do not count."""
        wanted, left = self._case.loads.mentee_hours, self._left_hours
        if wanted is None or left is None:
            return True
        return wanted <= left[place] if ours else wanted[place] <= left

    @cached_property
    def _lacking(self) -> Labels:
        return lacks(self._cohort, self._policy)


def _all_beating(sweep: Sweep, ledger: Ledger, floor: int | None, more: int) -> Found:
    """All pairs above the prices: none, where a proof is honest; for bundles, all that can be of use.

    Of each mentor so many ``more`` as may be looked at apart.
    """
    parts = []
    for priced, among in ledger.asked(floor):
        most = MOST if ledger.most is None else ledger.most + more
        found = sweep.beating(priced, most, never, among=among)
        while not found.complete and ledger.most is None:
            most *= 8
            found = sweep.beating(priced, most, never, among=among)
        parts.append(found)
    if len(parts) == 1:
        return parts[0]
    mentor = np.concatenate([found.mentor for found in parts])
    mentee = np.concatenate([found.mentee for found in parts])
    weight = np.concatenate([found.weight for found in parts])
    return Found(mentor, mentee, weight, parts[0].excess, complete=True)


def _exists(sweep: Sweep, priced: Priced) -> bool:
    """Whether any pair is as heavy as a floor asks."""
    nothing = (np.zeros_like(priced.mentor_prices), np.zeros_like(priced.mentee_prices))
    return bool(len(sweep.beating(Priced(*nothing, 0, 1, priced.floor), 1, never).weight))
