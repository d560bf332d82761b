"""One sweep over all possible pairs: the proofs of all tiers, and the reasons of the unmatched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pairmatch.checking.case import Case, Strip, sound
from pairmatch.checking.coaches import suiting_of
from pairmatch.checking.eligibility import about_people, barred_by
from pairmatch.checking.ledger import Ledger
from pairmatch.checking.quotas import HeldBack, held_back
from pairmatch.checking.running import running_in, with_held
from pairmatch.errors import Finding
from pairmatch.groups import Coaching
from pairmatch.matching import Left, Matching, Standing, left_of
from pairmatch.problem import MINIMUMS, Ints, Progress, Report
from pairmatch.scoring import MINIMUM_WEIGHT, SAME_PERSON, Fit, Scorer, blocks, lacks, loads, wholes

if TYPE_CHECKING:
    from pairmatch.cohort import Block, Cohort, Profiles
    from pairmatch.policy import Policy

__all__ = ["Recount"]

NEVER = 2**62
"""Above every reach."""


class Recount:
    """Recounts what a matching claims about all possible pairs.

    Parameters
    ----------
    matching, cohort, policy
        A matching whose pairs have been checked.

    Attributes
    ----------
    pairs_swept
        Possible pairs looked at.
    """

    def __init__(self, matching: Matching, cohort: Cohort, policy: Policy) -> None:
        self._matching, self._cohort, self._policy = matching, cohort, policy
        certificate = matching.certificate
        self._mentors = _rows(cohort.mentors, certificate.mentors)
        self._mentees = _rows(cohort.mentees, certificate.mentees)
        self._scorer = Scorer(cohort, policy, Fit.from_dict(matching.fitted))
        self._running = cohort.pairs_matrix(() if matching.revision is None else matching.revision.running)
        self._case = self._made_case()
        self._ledgers, self._bad = self._opened()
        n, m = len(self._mentors), len(self._mentees)
        self.pairs_swept = n * m
        labels = [*self._scorer.rule_labels, *([MINIMUM_WEIGHT] if self._scorer.bar else [])]
        self._counts = {"mentors": _Counts(n, labels), "mentees": _Counts(m, labels)}
        self._left_hours = self._hours_left()
        case = self._case
        self._held = held_back(case.groups, (case.mentor_load, case.mentee_load), case.chosen)
        self._required_reach = NEVER

    def sweep(self, progress: Report | None = None) -> list[Finding]:
        """Look at every possible pair once; return what is false."""
        if self._bad:
            return self._bad
        tops = self._best_totals()
        done = 0
        for start, block in blocks(self._cohort, self._mentors, self._mentees):
            self._look(start, block, tops)
            done += block.shape[0] * block.shape[1]
            if progress is not None:
                progress(Progress("verifying pairs", done, self.pairs_swept))
        return self._proofs() + self._reasons()

    # -- the proofs --------------------------------------------------------------------------

    def _made_case(self) -> Case:
        made, certificate = self._matching.made, self._matching.certificate
        mentor_place = {identifier: k for k, identifier in enumerate(certificate.mentors)}
        mentee_place = {identifier: k for k, identifier in enumerate(certificate.mentees)}
        chosen = np.array([(mentor_place[p.mentor], mentee_place[p.mentee]) for p in made], np.int64).reshape(
            -1, 2
        )
        bounds = loads(self._cohort, self._policy, self._mentors, self._mentees)
        bounds = with_held(bounds, self._matching)
        whole = wholes(self._cohort, self._policy, bounds, self._mentors, self._mentees)
        values = {proof.tier: proof.value for proof in certificate.proofs}
        values[MINIMUMS] = int(bounds.mentor_minimum.sum() + bounds.mentee_minimum.sum())
        values.setdefault("mentees", len({p.mentee for p in made}))
        return Case(
            loads=bounds,
            must_match=_mandated(self._cohort.mentees)[self._mentees],
            mentor_load=np.bincount(chosen[:, 0], minlength=len(self._mentors)).astype(np.int64),
            mentee_load=np.bincount(chosen[:, 1], minlength=len(self._mentees)).astype(np.int64),
            chosen=chosen,
            weights=np.array([p.weight for p in made], np.int64),
            values=values,
            groups=whole.groups,
            evens=whole.evens,
            coaching=self._coaching(),
            running=running_in(self._matching, self._scorer, (self._mentors, self._mentees)),
        )

    def _coaching(self) -> Coaching | None:
        """The coaches, where they were chosen together with the pairs."""
        plan = self._matching.coaching
        if plan is None or not plan.jointly:
            return None
        people = self._mentors, self._mentees
        found = suiting_of(self._matching, self._cohort, self._policy, *people)
        return None if found is None else found.coaching

    def _opened(self) -> tuple[list[Ledger], list[Finding]]:
        """A ledger per tier; a floor tier takes pairs away from the tiers after it."""
        ledgers: list[Ledger] = []
        earlier: list[str] = []
        floor = None
        for proof in self._matching.certificate.proofs:
            if not sound(proof, self._case, earlier):
                hint = "the prices and multipliers are not of a form that proves anything"
                return [], [Finding("unsound_proof", hint, "certificate", column=proof.tier)]
            ledgers.append(Ledger(proof, self._case, floor))
            earlier.append(proof.tier)
            if proof.tier == "leximin":
                # It also settles how many mentees are matched.
                earlier.append("mentees")
            floor = proof.value if ledgers[-1].is_floor else floor
        return ledgers, []

    def _proofs(self) -> list[Finding]:
        found = []
        for ledger in self._ledgers:
            tier = ledger.proof.tier
            if not ledger.holds(self._required_reach):
                hint = "the prices do not prove the bound that is claimed"
                found.append(Finding("bound_not_proven", hint, "certificate", column=tier))
            elif self._flow_alone(ledger) and ledger.proof.bound != ledger.proof.verified_bound:
                hint = "a bound is claimed that a search would have to vouch for, where none was needed"
                found.append(Finding("bound_not_proven", hint, "certificate", column=tier))
            elif self._must_be_least(ledger) and not (ledger.proof.canonical and ledger.is_least()):
                hint = "the prices are not the least ones that prove the bound; one was altered"
                found.append(Finding("prices_altered", hint, "certificate", column=tier))
        return found

    def _must_be_least(self, ledger: Ledger) -> bool:
        """Whether the solver leaves least prices here: wherever flows alone decided, in time.

        Prices that were repaired after a change prove the same, and need not be the least.
        """
        anew = self._matching.revision is None
        return ledger.proof.canonical or (anew and self._flow_alone(ledger) and ledger.proof.gap == 0)

    def _flow_alone(self, ledger: Ledger) -> bool:
        """Whether no search has a part in this tier: no hours, groups, coaches, leximin or floor of sums."""
        if self._limited() or not self._case.plain or ledger.proof.bundles:
            return False
        tiers = [proof.tier for proof in self._matching.certificate.proofs]
        until = {*tiers[: tiers.index(ledger.proof.tier) + 1]}
        single = bool((self._case.loads.mentee_capacity <= 1).all())
        plain = "leximin" not in until and (single or "worst" not in until)
        in_time = self._matching.certificate.complete
        return in_time and plain and not ledger.is_floor and self._case.loads.mentor_hours is None

    def _limited(self) -> bool:
        """Whether fewer running pairs may end than there are: no price knows of such a limit."""
        revision, running = self._matching.revision, self._case.running
        if revision is None or revision.max_changes is None or running is None:
            return False
        return revision.max_changes + revision.without_room < len(running.pairs)

    # -- the sweep ---------------------------------------------------------------------------

    def _look(self, start: int, block: Block, tops: Ints) -> None:
        allowed, weight, taken = self._allowed(block)
        rows = slice(start, start + len(allowed))
        self._count(rows, allowed, taken)
        usable = self._going_on(block, allowed) & self._open(rows)
        free = usable.copy()
        here = self._within(rows, self._case.chosen)
        free[here[:, 0] - start, here[:, 1]] = False
        reach = self._reach(weight, tops)
        self._without_required(rows, usable, reach)
        strip = Strip(start, weight, usable, free & usable, reach)
        for ledger in self._ledgers:
            ledger.add(strip)

    def _allowed(self, block: Block) -> tuple[NDArray[np.bool_], Ints, dict[str, NDArray[np.bool_]]]:
        """Pairs that rules and bar allow, all weights, and what each rule takes away."""
        taken = self._scorer.forbidden(block)
        allowed = ~np.logical_or.reduce(list(taken.values()))
        weight = self._scorer.weight(block).astype(np.int64)
        if self._scorer.bar:
            taken[MINIMUM_WEIGHT] = allowed & self._scorer.light(block, weight)
            allowed = allowed & ~taken[MINIMUM_WEIGHT]
        return allowed, weight, taken

    def _going_on(self, block: Block, allowed: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The allowed pairs and those that run: these go on below the bar, and count for nobody else."""
        return allowed | block.barred(self._running) if self._scorer.bar else allowed

    def _open(self, rows: slice) -> NDArray[np.bool_]:
        """Pairs of people who have a place beside their required pairs."""
        used_mentor, used_mentee = self._case.used()
        bounds = self._case.loads
        mentor = (bounds.mentor_capacity > used_mentor)[rows, None]
        return np.asarray(mentor & (bounds.mentee_capacity > used_mentee))

    def _without_required(self, rows: slice, usable: NDArray[np.bool_], reach: Ints) -> None:
        here = self._within(rows, self._case.loads.required)
        places = (here[:, 0] - rows.start, here[:, 1])
        self._required_reach = min(self._required_reach, int(reach[places].min(initial=NEVER)))
        usable[places] = False

    def _within(self, rows: slice, pairs: Ints) -> Ints:
        inside: Ints = pairs[(pairs[:, 0] >= rows.start) & (pairs[:, 0] < rows.stop)]
        return inside

    def _best_totals(self) -> Ints:
        """Each mentee's best usable weights, positive parts, best first: ``(places, n_mentees)``."""
        places = max(1, int(self._case.loads.mentee_capacity.max(initial=1)))
        tops = np.zeros((min(places, len(self._mentors)) or 1, len(self._mentees)), np.int64)
        if len(tops) == 1 or not any(ledger.is_floor for ledger in self._ledgers):
            return tops[:1]
        for start, block in blocks(self._cohort, self._mentors, self._mentees):
            allowed, weight, _ = self._allowed(block)
            rows = slice(start, start + len(allowed))
            kept = self._going_on(block, allowed) & self._open(rows)
            here = self._within(rows, self._case.loads.required)
            kept[here[:, 0] - start, here[:, 1]] = True
            both = np.concatenate([tops, np.where(kept, np.maximum(weight, 0), 0)])
            tops = -np.sort(-both, axis=0)[: len(tops)]
        return tops

    def _reach(self, weight: Ints, tops: Ints) -> Ints:
        """Largest total that each mentee can have with each pair: its weight and the best others."""
        capacity = np.clip(self._case.loads.mentee_capacity, 1, len(tops))
        if len(tops) == 1:
            return weight
        sums = np.concatenate([np.zeros((1, tops.shape[1]), np.int64), np.cumsum(tops, axis=0)])
        column = np.arange(tops.shape[1])
        all_places, but_one = sums[capacity, column], sums[capacity - 1, column]
        last = np.where(capacity > 1, tops[np.maximum(capacity - 2, 0), column], NEVER)
        others = np.where(weight >= last, all_places - np.maximum(weight, 0), but_one)
        return weight + others

    # -- the unmatched -----------------------------------------------------------------------

    def _hours_left(self) -> Ints | None:
        bounds = self._case.loads
        if bounds.mentor_hours is None or bounds.mentee_hours is None:
            return None
        spent = np.zeros(len(self._mentors), np.int64)
        np.add.at(spent, self._case.chosen[:, 0], bounds.mentee_hours[self._case.chosen[:, 1]])
        return np.asarray(bounds.mentor_hours - spent)

    def _count(self, rows: slice, allowed: NDArray[np.bool_], taken: dict[str, NDArray[np.bool_]]) -> None:
        case, bounds = self._case, self._case.loads
        for side, axis, where in (("mentors", 1, rows), ("mentees", 0, slice(None))):
            counts = self._counts[side]
            partner_open = (
                case.mentee_load < bounds.mentee_capacity
                if side == "mentors"
                else (case.mentor_load < bounds.mentor_capacity)[rows, None]
            )
            possible = allowed & partner_open
            counts.add("eligible", where, allowed.sum(axis=axis))
            counts.add("open", where, possible.sum(axis=axis))
            if self._left_hours is not None and bounds.mentee_hours is not None:
                possible = possible & (bounds.mentee_hours <= self._left_hours[rows, None])
            counts.add("affordable", where, possible.sum(axis=axis))
            if self._held is not None:
                within = self._within_quotas(self._held, side, rows, possible)
                counts.add("within", where, within.sum(axis=axis))
            for label, pairs in taken.items():
                counts.add(f"rule {label}", where, pairs.sum(axis=axis))

    def _within_quotas(
        self, held: HeldBack, side: str, rows: slice, possible: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """The possible pairs whose partner no rule about groups holds back."""
        partner = held.mentees if side == "mentors" else held.mentors[rows, None]
        return possible & ~partner

    def _reasons(self) -> list[Finding]:
        """Everybody without a pair, with the right reason and counts, and nobody else."""
        expected = {(left.role, left.id): left for left in self._expected()}
        claimed = {(left.role, left.id): left for left in self._matching.left}
        hint = (
            "is told as unmatched wrongly: the reason or the counts are not true, or the person is left out"
        )
        wrong = [who for who in {**expected, **claimed} if expected.get(who) != claimed.get(who)]
        found = [Finding("wrong_reason", hint, f"{role}s", who) for role, who in sorted(wrong)]
        if len(claimed) != len(self._matching.left):
            found.append(Finding("duplicate_unmatched", "somebody is listed twice", "unmatched"))
        elif list(claimed) != sorted(claimed, key=lambda who: (who[0] != "mentee", who[1])):
            found.append(Finding("wrong_order", "those without a partner are not sorted by id", "unmatched"))
        return found

    def _expected(self) -> Iterator[Left]:
        case = self._case
        sides = (
            ("mentor", self._cohort.mentors, self._mentors, case.mentor_load, case.loads.mentor_capacity),
            ("mentee", self._cohort.mentees, self._mentees, case.mentee_load, case.loads.mentee_capacity),
        )
        lacking, about = lacks(self._cohort, self._policy), about_people(self._policy)
        for role, people, rows, load, capacity in sides:
            partners = len(self._mentees if role == "mentor" else self._mentors)
            place_of = {row: place for place, row in enumerate(rows.tolist())}
            for row, identifier in enumerate(people.ids):
                place = place_of.get(row)
                if place is None:
                    yield left_of(role, identifier, Standing(False, 0, 0, 0, 0, 0, {}))
                elif load[place] == 0:
                    counts, settled = self._counts[f"{role}s"], self._matching.certificate.proven
                    known = _Known(tuple(lacking[role][row]), barred_by(about, people.person(row)), settled)
                    standing = counts.standing(place, int(capacity[place]), partners, known)
                    told = self._with_quotas(role, place, standing, counts.within(place))
                    yield left_of(role, identifier, told)

    def _with_quotas(self, role: str, place: int, standing: Standing, within: int) -> Standing:
        """The counts with what rules about groups leave."""
        held = self._held
        if held is None:
            return standing
        left = 0 if held.of(role)[place] else within
        return replace(standing, within=left, quotas=held.quotas(role, place))


class _Known(NamedTuple):
    """What is known of somebody beside the counts, as :class:`Standing` tells it."""

    lacks: tuple[str, ...]
    barred: tuple[str, ...]
    settled: bool


class _Counts:
    """Counts per person of one side."""

    def __init__(self, people: int, labels: Sequence[str]) -> None:
        names = ("eligible", "open", "affordable", "within", *(f"rule {label}" for label in labels))
        self._by_name = {name: np.zeros(people, np.int64) for name in names}

    def add(self, name: str, where: slice, counts: NDArray[np.int64]) -> None:
        self._by_name[name][where] += counts

    def within(self, place: int) -> int:
        """Affordable partners whom no rule about groups holds back."""
        return int(self._by_name["within"][place])

    def standing(self, place: int, capacity: int, partners: int, known: _Known) -> Standing:
        taken = {
            name.removeprefix("rule "): int(c[place])
            for name, c in self._by_name.items()
            if name[:5] == "rule "
        }
        eligible, possible, affordable = (
            int(self._by_name[name][place]) for name in ("eligible", "open", "affordable")
        )
        light = taken.get(MINIMUM_WEIGHT, 0)
        others = partners - taken[SAME_PERSON]
        return Standing(True, capacity, eligible, light, possible, affordable, taken, others, *known)


def _rows(people: Profiles, ids: tuple[str, ...]) -> NDArray[np.int64]:
    return np.array([people.position(identifier) for identifier in ids], np.int64)


def _mandated(mentees: Profiles) -> NDArray[np.bool_]:
    if "must_match" not in mentees.fields:
        return np.zeros(len(mentees), bool)
    return np.asarray(mentees.flag("must_match") == 1)
