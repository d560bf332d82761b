"""From a repair to a matching: only what changed is scored, checked and told anew."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pairmatch.checking import are_remarked, pairs_made, people_left, remarks_on
from pairmatch.errors import Finding, VerificationError
from pairmatch.matching import (
    Certificate,
    Left,
    Made,
    Matching,
    Revision,
    laid_over_cohort,
    laid_over_policy,
)
from pairmatch.problem import Ints, TierProof
from pairmatch.rematching.changing import changes_of
from pairmatch.rematching.remaining import Now, Remaining, labels_of
from pairmatch.rematching.standing import Ended
from pairmatch.rules import Required
from pairmatch.scoring import Scorer, visible_columns

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.problem import Problem
    from pairmatch.scoring import Built
    from pairmatch.scoring.workers import Workers
    from pairmatch.solver.repair import Events, Margin, Repaired, Standing

__all__ = ["Loaded", "revised_by"]

Pair = tuple[str, str]

FEW = 100
"""Up to so many pairs are taken out of a long list one by one."""


@dataclass(frozen=True, eq=False)
class Loaded:
    """A matching with what repairs need.

    Attributes
    ----------
    matching
        The matching.
    revision
        What was asked so far: what runs, what may end, and who waits.
    built
        The problem's people, and the scorer.
    standing
        The repair engine.
    workers
        Who counts, where there is much to count.
    """

    matching: Matching
    revision: Revision
    built: Built
    standing: Standing
    workers: Workers

    @cached_property
    def ids(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Ids of mentors and mentees by position."""
        cohort, built = self.built.scorer.cohort, self.built
        ours = tuple(cohort.mentors.ids[row] for row in built.mentors.tolist())
        return ours, tuple(cohort.mentees.ids[row] for row in built.mentees.tolist())

    @cached_property
    def places(self) -> tuple[dict[str, int], dict[str, int]]:
        """Positions of mentors and mentees by id."""
        ours, theirs = ({who: k for k, who in enumerate(ids)} for ids in self.ids)
        return ours, theirs

    @cached_property
    def _runs(self) -> frozenset[Pair]:
        return frozenset(self.revision.running)

    def runs(self, mentor: str, mentee: str) -> bool:
        """Whether two people are a pair."""
        return (mentor, mentee) in self._runs

    @cached_property
    def remaining(self) -> Remaining:
        """Who has no partner as it stands before any event."""
        matching, scorer = self.matching, self.built.scorer
        some = replace(self.revision, failed=self.revision.failed or self.revision.running[:1])
        later = Scorer(scorer.cohort, laid_over_policy(matching.policy, some), scorer.fit)
        return Remaining(self.built, self.standing.pairs, labels_of(later), self.workers)

    @cached_property
    def remarks(self) -> tuple[Finding, ...]:
        """What is worth knowing of the people and the policy; a failed pair adds nothing to it."""
        scorer = self.built.scorer
        return remarks_on(scorer.cohort, scorer.policy, scorer.fit)

    @cached_property
    def _made(self) -> Ints:
        ours, theirs = self.places
        pairs = [(ours[pair.mentor], theirs[pair.mentee]) for pair in self.matching.made]
        return np.sort(self._keys(np.array(pairs, np.int64).reshape(-1, 2)))

    @cached_property
    def _before(self) -> tuple[Ints, Ints]:
        """Pairs that stand before any event and are not in the matching, and the other way round."""
        now = self._keys(self.standing.pairs)
        return np.setdiff1d(now, self._made), np.setdiff1d(self._made, now)

    def _keys(self, pairs: Ints) -> Ints:
        return np.asarray(pairs[:, 0] * len(self.ids[1]) + pairs[:, 1])

    def ready(self) -> Loaded:
        """The same, with all worked out that every repair needs; to be asked while nothing has happened."""
        _ = self.remaining, self.remarks, self._before, self._runs
        return self

    def differing(self, repaired: Repaired) -> tuple[Ints, Ints]:
        """Pairs that stand and that the matching has not, and the other way round, by positions.

        Even before any event what stands may hold more than the matching: who waited comes first now.
        """
        begun, gone = self._before
        came, went = self._keys(repaired.begun), self._keys(repaired.ended)
        new = np.setdiff1d(np.union1d(begun, np.setdiff1d(came, gone)), went)
        old = np.setdiff1d(np.union1d(gone, np.setdiff1d(went, begun)), came)
        width = max(1, len(self.ids[1]))
        return np.stack(np.divmod(new, width), axis=1), np.stack(np.divmod(old, width), axis=1)

    def still_in_hand(self, built: Built, failed: Iterable[Pair]) -> tuple[Problem, Margin | None]:
        """A later round's problem with the pairs that this one has in hand; what is known of the others."""
        problem = built.problem
        pairs, weight = self.standing.in_hand()
        rows = self.built.mentors[pairs[:, 0]], self.built.mentees[pairs[:, 1]]
        ours, theirs = (
            _turned(of, size)[own]
            for of, own, size in zip(
                (built.mentors, built.mentees),
                rows,
                (len(built.scorer.cohort.mentors), len(built.scorer.cohort.mentees)),
                strict=True,
            )
        )
        gone = {(self.places[0].get(a, -1), self.places[1].get(b, -1)) for a, b in failed}
        bad = self._keys(np.array(sorted(gone), np.int64).reshape(-1, 2))
        here = (ours >= 0) & (theirs >= 0) & ~np.isin(self._keys(pairs), bad)
        mentor = np.concatenate([problem.mentor, ours[here]])
        mentee = np.concatenate([problem.mentee, theirs[here]])
        weight = np.concatenate([problem.weight, weight[here]])
        _, first = np.unique(mentor * np.int64(max(1, problem.n_mentees)) + mentee, return_index=True)
        sides = mentor[first].astype(np.int32), mentee[first].astype(np.int32)
        later, margin = replace(problem, mentor=sides[0], mentee=sides[1], weight=weight[first]), None
        if self.standing.margin is not None:
            from pairmatch.solver.repair import Margin as Known

            known = self.standing.margin
            mine = _turned(self.built.mentors, len(built.scorer.cohort.mentors))[built.mentors]
            yours = _turned(self.built.mentees, len(built.scorer.cohort.mentees))[built.mentees]
            margin = Known(known.mentors[mine], known.mentees[yours], known.slack[mine])
        return later, margin

    def requires(self, failed: Iterable[Pair], left: Iterable[tuple[str, str]]) -> bool:
        """Whether the policy requires a pair that failed, or one of somebody who left."""
        rules = self.matching.policy.load_rules
        pairs = {pair for rule in rules if isinstance(rule, Required) for pair in rule.pairs}
        people = {who for pair in pairs for who in zip(("mentors", "mentees"), pair, strict=True)}
        return not (pairs.isdisjoint(failed) and people.isdisjoint(left))

    def turned(self, failed: Iterable[Pair]) -> bool:
        """Whether people of a pair that failed could be one the other way round, which must not be either."""
        ours, theirs = self.places
        return any(mentee in ours and mentor in theirs for mentor, mentee in failed)

    def sizes(
        self, capacities: Sequence[tuple[str, str, int]], left: Iterable[tuple[str, str]]
    ) -> tuple[dict[int, int], dict[int, int]] | None:
        """New capacities by position; None where one is below a minimum, was 0, or rules bound it too."""
        bounding = [rule for rule in self.matching.policy.load_rules if not isinstance(rule, Required)]
        if bounding and capacities:
            return None
        loads, gone = self.standing.problem.loads, {*left}
        found: tuple[dict[int, int], dict[int, int]] = {}, {}
        sides = (loads.mentor_capacity, loads.mentor_minimum), (loads.mentee_capacity, loads.mentee_minimum)
        for side, who, most in capacities:
            k = int(side == "mentees")
            place, (now, least) = self.places[k].get(who), sides[k]
            if (side, who) in gone:
                continue
            if place is None or now[place] == 0 or most < least[place]:
                return None
            found[k][place] = min(most, max(1, len(self.ids[1 - k])))
        return found


def revised_by(loaded: Loaded, repaired: Repaired, events: Events, revision: Revision) -> Matching:
    """The matching that a repair has made.

    Parameters
    ----------
    loaded
        The matching before.
    repaired, events
        What the repair did, and for what; it still stands.
    revision
        What was asked, without the pairs and the changes.

    Raises
    ------
    VerificationError
        A new pair is not what the solver took it for.
    """
    matching = loaded.matching
    cohort = laid_over_cohort(matching.cohort, revision)
    policy = laid_over_policy(matching.policy, revision)
    # Who takes part changes no pair; the people as they were have been read already.
    resized = events.mentor_capacity or events.mentee_capacity
    scorer = Scorer(cohort if resized else matching.cohort, policy, loaded.built.scorer.fit)
    places = loaded.differing(repaired)
    begun, gone = (_named(loaded, pairs) for pairs in places)
    why = _reasons(gone, revision)
    columns = visible_columns(scorer.cohort, policy, left_out=scorer.left_out)
    rows = loaded.built.mentors[places[0][:, 0]], loaded.built.mentees[places[0][:, 1]]
    new = pairs_made(scorer, columns, *rows)
    _check(scorer, new)
    running, movable = (
        tuple(pair for pair in pairs if pair not in why) if why else pairs
        for pairs in (loaded.revision.running, loaded.revision.movable)
    )
    changes = changes_of(gone, begun, why, _crowded(running, revision))
    return replace(
        matching,
        cohort=cohort,
        policy=policy,
        made=_made(matching.made, gone, new),
        left=_left(loaded, events, cohort, scorer),
        columns=columns.names,
        certificate=_certificate(loaded, events),
        remarks=_remarks(loaded, events, cohort, scorer),
        stats={"searches": repaired.searches, "pairs_joined": repaired.joined},
        revision=replace(revision, running=running, movable=movable, changes=changes),
    )


def _left(loaded: Loaded, events: Events, cohort: Cohort, scorer: Scorer) -> tuple[Left, ...]:
    """Everybody without a partner: as before, but for those whom the repair concerns."""
    left, about = (events.mentors_left, events.mentees_left), events.failed
    loads, places = loaded.standing.loads, _capacities(loaded, events)
    now = Now(scorer, loads, places, left, (np.unique(about[:, 0]), np.unique(about[:, 1])))
    told = loaded.remaining.after(now)
    if told is not None:
        return told
    built = _built(loaded, events, Scorer(cohort, scorer.policy, scorer.fit))
    return people_left(built, _positions(loaded, events), loaded.workers, settled=True)


def _remarks(loaded: Loaded, events: Events, cohort: Cohort, scorer: Scorer) -> tuple[Finding, ...]:
    """As before, but where a remark is about people who left, or about capacities."""
    rows = loaded.built.mentors[events.mentors_left], loaded.built.mentees[events.mentees_left]
    resized = events.mentor_capacity or events.mentee_capacity
    before = loaded.matching
    if resized or (cohort is not before.cohort and are_remarked(before.cohort, before.policy, *rows)):
        return remarks_on(cohort, scorer.policy, scorer.fit)
    return loaded.remarks


def _crowded(running: Iterable[Pair], revision: Revision) -> frozenset[Pair]:
    """Running pairs of people who have more of them than places: those alone whose places changed can."""
    places = {(side, who): most for side, who, most in revision.capacities}
    theirs = {
        pair: [who for who in zip(("mentors", "mentees"), pair, strict=True) if who in places]
        for pair in (running if places else ())
    }
    number = Counter(who for people in theirs.values() for who in people)
    return frozenset(
        pair for pair, people in theirs.items() if any(number[who] > places[who] for who in people)
    )


def _named(loaded: Loaded, pairs: Ints) -> list[Pair]:
    ours, theirs = loaded.ids
    return [(ours[i], theirs[j]) for i, j in pairs.tolist()]


def _reasons(gone: Iterable[Pair], revision: Revision) -> dict[Pair, Ended]:
    """Why pairs could not go on."""
    failed, left = {*revision.failed}, {*revision.left}
    why = {}
    for pair in gone:
        if pair in failed:
            why[pair] = Ended("failed")
        elif ("mentors", pair[0]) in left:
            why[pair] = Ended("mentor_left")
        elif ("mentees", pair[1]) in left:
            why[pair] = Ended("mentee_left")
    return why


def _made(before: tuple[Made, ...], gone: Iterable[Pair], new: Iterable[Made]) -> tuple[Made, ...]:
    """The pairs, by the ids of mentor and mentee."""
    made, ended = [*before], {*gone}
    if len(ended) > FEW:
        made = [pair for pair in made if (pair.mentor, pair.mentee) not in ended]
    else:
        for two in ended:
            del made[bisect_left(made, two, key=_ids)]
    for pair in new:
        insort(made, pair, key=_ids)
    return tuple(made)


def _ids(made: Made) -> Pair:
    return made.mentor, made.mentee


def _check(scorer: Scorer, new: Iterable[Made]) -> None:
    """Hold new pairs against every rule, and weigh them, by the reference forms."""
    cohort, found = scorer.cohort, []
    for pair in new:
        mentor = cohort.mentors.person(cohort.mentors.position(pair.mentor))
        mentee = cohort.mentees.person(cohort.mentees.position(pair.mentee))
        score = scorer.pair(mentor, mentee)
        if score.forbidden_by or score.weight != pair.weight or scorer.is_light(*_ids(pair), score.weight):
            who = f"{pair.mentor} + {pair.mentee}"
            found.append(
                Finding("wrong_pair", "a rule forbids the pair, or its weight is another", "pairs", who)
            )
    if found:
        raise VerificationError(found)


def _built(loaded: Loaded, events: Events, scorer: Scorer) -> Built:
    """The people who take part now, with their places; it has no pairs."""
    problem, none = loaded.standing.problem, np.empty(0, np.int32)
    loads, stay = problem.loads, _stay(loaded, events)
    most = _capacities(loaded, events)
    loads = replace(
        loads,
        mentor_capacity=most[0][stay[0]],
        mentee_capacity=most[1][stay[1]],
        mentor_minimum=loads.mentor_minimum[stay[0]],
        mentee_minimum=loads.mentee_minimum[stay[1]],
        required=np.empty((0, 2), np.int64),
    )
    problem = replace(problem, mentor=none, mentee=none, weight=np.empty(0, np.int64), loads=loads)
    people = loaded.built.mentors[stay[0]], loaded.built.mentees[stay[1]]
    return replace(
        loaded.built, problem=problem, mentors=people[0], mentees=people[1], tally=None, scorer=scorer
    )


def _capacities(loaded: Loaded, events: Events) -> tuple[Ints, Ints]:
    """Everybody's places now."""
    loads = loaded.standing.problem.loads
    most = loads.mentor_capacity.copy(), loads.mentee_capacity.copy()
    for capacity, sizes in zip(most, (events.mentor_capacity, events.mentee_capacity), strict=True):
        for who, size in sizes.items():
            capacity[who] = size
    return most


def _turned(rows: Ints, size: int) -> Ints:
    """For each row of a table its position; -1 where it has none."""
    places = np.full(size, -1, np.int64)
    places[rows] = np.arange(len(rows))
    return places


def _stay(loaded: Loaded, events: Events) -> tuple[Ints, Ints]:
    """Positions of those who take part."""
    sides = zip(loaded.ids, (events.mentors_left, events.mentees_left), strict=True)
    ours, theirs = (np.setdiff1d(np.arange(len(ids)), left) for ids, left in sides)
    return ours, theirs


def _positions(loaded: Loaded, events: Events) -> Ints:
    """The repaired pairs, by positions among those who take part."""
    pairs, stay = loaded.standing.pairs, _stay(loaded, events)
    return np.stack([np.searchsorted(stay[side], pairs[:, side]) for side in (0, 1)], axis=1)


def _certificate(loaded: Loaded, events: Events) -> Certificate:
    if not len(events.mentors_left) and not len(events.mentees_left):
        return Certificate(loaded.standing.proofs, *loaded.ids)
    stay = _stay(loaded, events)
    ours, theirs = (tuple(ids[k] for k in who.tolist()) for ids, who in zip(loaded.ids, stay, strict=True))

    def cut(proof: TierProof) -> TierProof:
        return replace(
            proof, mentor_prices=proof.mentor_prices[stay[0]], mentee_prices=proof.mentee_prices[stay[1]]
        )

    return Certificate(tuple(cut(proof) for proof in loaded.standing.proofs), ours, theirs)
