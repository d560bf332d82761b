"""What a re-match claims, worked out again from ids: what ran, what failed, who left, and what changed.

Plain Python, no solver. Without the matching before, its pairs are taken as the changes tell them; all that
follows from them is still worked out again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING

from pairmatch.errors import Finding
from pairmatch.matching import DISTURBANCE, Change, Matching, Revision, failed_pairs
from pairmatch.problem import Loads
from pairmatch.scoring import Fit, Scorer, loads
from pairmatch.scoring.order import active_positions

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Person, Profiles
    from pairmatch.policy import Policy
    from pairmatch.scoring.blocks import Positions

__all__ = ["check_revision"]

Pair = tuple[str, str]

SIDES = ("mentors", "mentees")


def check_revision(
    matching: Matching, cohort: Cohort, policy: Policy, before: Matching | None = None
) -> list[Finding]:
    """Everything that is false about what a re-match tells of itself.

    Parameters
    ----------
    matching, cohort, policy
        The matching, and its cohort and policy with the revision laid over them.
    before
        The matching that was revised; None to take its pairs as they are told.
    """
    revision = matching.revision
    if revision is None:
        # Where nothing had changed the matching itself comes back.
        same = before is None or before.made == matching.made
        return [] if same else [_wrong("other pairs than before, and nothing is told of a re-match")]
    found = [*_asked(revision, cohort, policy), *_later_than(matching, before)]
    return found or list(_Outcome(matching, revision, cohort, policy, before).wrong())


def _asked(revision: Revision, cohort: Cohort, policy: Policy) -> Iterator[Finding]:
    """Whether what was asked can be asked, and is what this cohort and policy are."""
    numbers = (revision.bonus, 0 if revision.max_changes is None else revision.max_changes)
    if revision.disturbance not in DISTURBANCE or min(numbers) < 0:
        yield _wrong("the order of disturbance, the bonus or the most changes is none that can be asked")
    elif revision.bonus and revision.disturbance != "weighted":
        yield _wrong("a bonus is told, and running pairs are not weighted")
    for pair in sorted({*revision.failed} ^ failed_pairs(policy)):
        yield _wrong("failed, or is forbidden as failed, and not both", "pairs", pair)
    for pair in sorted({*revision.failed} & {*revision.cooled}):
        yield _wrong("is told as failed and as cooled", "pairs", pair)
    if revision.minimum_weight is not None and revision.minimum_weight != policy.minimum_weight:
        yield _wrong("the minimum weight is not the one that the re-match was asked for")
    yield from _about_people(revision, cohort)


def _about_people(revision: Revision, cohort: Cohort) -> Iterator[Finding]:
    """Who left rests, who waited is somebody, and nobody is named twice."""
    active = _active(cohort)
    known = {side: {*cohort.side(side).ids} for side in SIDES}
    for side, who in revision.left:
        if who in active.get(side, {who}):
            yield _wrong("left and takes part all the same, or is of no side", side, (who,))
    for side, who, places in revision.capacities:
        if side not in SIDES or places < 0:
            yield _wrong("has a number of places that nobody can have, or is of no side", side, (who,))
    for side, who, rounds in revision.waited:
        if who not in known.get(side, ()) or rounds < 1:
            yield _wrong("waited for no whole round, or is nobody of this cohort", side, (who,))
    named = {
        "left": revision.left,
        "capacities": [entry[:2] for entry in revision.capacities],
        "waited": [entry[:2] for entry in revision.waited],
        "running": revision.running,
        "movable": revision.movable,
        "failed": revision.failed,
        "cooled": revision.cooled,
    }
    for name, entries in named.items():
        if len(set(entries)) != len(entries):
            yield _wrong(f"somebody, or a pair, stands twice in '{name}'")


def _later_than(matching: Matching, before: Matching | None) -> Iterator[Finding]:
    """Whether the matching is one that follows from the one before: what failed, and the fitted values."""
    revision = matching.revision
    if before is None or revision is None:
        return
    for pair in sorted(failed_pairs(before.policy) - {*revision.failed, *revision.cooled}):
        yield _wrong("failed in an earlier round, and is told neither as failed nor as cooled", "pairs", pair)
    if before.revision is not None:
        known = {entry[:2] for entry in revision.capacities}
        for side, who, _ in before.revision.capacities:
            if (side, who) not in known:
                yield _wrong(
                    "had other places in an earlier round, and nothing tells how many now", side, (who,)
                )
    if (matching.fitted_on, dict(matching.fitted)) != (before.fitted_on, dict(before.fitted)):
        hint = "the averages and rarities are not those of the matching before"
        yield Finding("wrong_fit", hint, "matching")


class _Outcome:
    """What follows from the pairs before and the pairs now.

    Parameters
    ----------
    matching, revision
        The matching, and what it tells of its re-match.
    cohort, policy
        With the revision laid over them.
    before
        The matching before; None to take its pairs as the changes tell them.
    """

    def __init__(
        self, matching: Matching, revision: Revision, cohort: Cohort, policy: Policy, before: Matching | None
    ) -> None:
        self._revision, self._cohort = revision, cohort
        self._now = {(pair.mentor, pair.mentee) for pair in matching.made}
        self._told = {(change.before, change.mentee) for change in revision.changes if change.before}
        self._told |= self._now & set(revision.running)
        self._before = self._told if before is None else {(p.mentor, p.mentee) for p in before.made}
        self._active = _active(cohort)
        self._rules = partial(Scorer, cohort, policy, Fit.from_dict(matching.fitted))
        self._broken = self._rules_broken()
        rows = active_positions(cohort.mentors), active_positions(cohort.mentees)
        self._bounds = loads(cohort, policy, *rows)
        self._beyond = _beyond_places(revision.running, cohort, rows, self._bounds)
        self._groups = bool(policy.group_rules)

    def wrong(self) -> Iterator[Finding]:
        """What is not as it follows."""
        for pair in sorted(self._told ^ self._before):
            yield _wrong("is told as a pair before and was none, or the other way round", "pairs", pair)
        for pair in sorted(set(self._revision.running) ^ self._running()):
            hint = "is told as running and could not go on, or the other way round"
            yield Finding("wrong_running", hint, "pairs", _name(*pair))
        for pair in sorted(set(self._revision.movable) - set(self._revision.running)):
            yield Finding("wrong_running", "is told as movable, and does not run", "pairs", _name(*pair))
        yield from self._kept()
        expected, claimed = tuple(self._changes()), self._revision.changes
        for mentee in sorted({change.mentee for change in {*expected} ^ {*claimed}}):
            hint = "the partners before and after, or the reason of the change, are not true"
            yield Finding("wrong_change", hint, "mentees", mentee)
        if {*expected} == {*claimed} and expected != claimed:
            yield Finding("wrong_change", "the changes are not in order, or told twice", "matching")

    def _kept(self) -> Iterator[Finding]:
        """Required running pairs are there, and no more pairs ended than were to."""
        revision = self._revision
        absent = sorted(set(revision.held) - self._now)
        if revision.required:
            for pair in absent:
                hint = "a running pair that may not end has ended"
                yield Finding("running_pair_ended", hint, "pairs", _name(*pair))
        elif not absent:
            yield _wrong("all running pairs that may not end are there, and it is told that they do not fit")
        ended = set(revision.running) - self._now
        if revision.max_changes is not None and len(ended) > revision.max_changes + revision.without_room:
            hint = "more running pairs have ended than the re-match was asked to end"
            yield Finding("too_many_changes", hint, "matching")
        if revision.without_room > self._most_without_room():
            yield _wrong("more running pairs are told as having no room than can have none")

    def _most_without_room(self) -> int:
        """The most running pairs that can have had to end for want of room, as far as counting tells."""
        if self._revision.max_changes is None:
            return 0
        bounds = self._bounds
        least = int(bounds.mentor_minimum.sum() + bounds.mentee_minimum.sum())
        more = least or len(bounds.required) or bounds.mentor_hours is not None or self._groups
        # By places alone whoever has too many running pairs loses so many, and nobody else loses one.
        return len(self._revision.running) if more else sum(self._beyond.values())

    def _running(self) -> set[Pair]:
        """Pairs before that could go on. Those that do are held against the rules with all pairs."""
        return (self._before & self._now) | {
            pair for pair, rules in self._broken.items() if self._takes_part(pair) and not rules
        }

    def _takes_part(self, pair: Pair) -> bool:
        return pair[0] in self._active["mentors"] and pair[1] in self._active["mentees"]

    def _rules_broken(self) -> dict[Pair, tuple[str, ...]]:
        """Labels of the rules that forbid each pair that ended, by their reference forms."""
        ended = self._before - self._now
        here = [pair for pair in ended if self._takes_part(pair)]
        broken: dict[Pair, tuple[str, ...]] = dict.fromkeys(ended, ())
        if not here:
            return broken
        scorer, ours, theirs = self._rules(), self._cohort.mentors, self._cohort.mentees
        for mentor, mentee in here:
            people = _person(ours, mentor), _person(theirs, mentee)
            broken[mentor, mentee] = scorer.pair(*people).forbidden_by
        return broken

    def _changes(self) -> Iterator[Change]:
        """Each mentee's old partners against the new ones, in the order of their ids."""
        ended, new = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
        for mentor, mentee in sorted(self._before - self._now):
            ended[mentee].append(mentor)
        for mentor, mentee in sorted(self._now - self._before):
            new[mentee].append(mentor)
        for mentee in sorted({*ended, *new}):
            for old, fresh in zip_longest(ended[mentee], new[mentee], fillvalue=""):
                yield Change(mentee, old, fresh, *self._reason(old, mentee))

    def _reason(self, mentor: str, mentee: str) -> tuple[str, tuple[str, ...]]:
        """Why a pair ended, the strongest reason first, with the rules that it breaks."""
        pair = (mentor, mentee)
        if not mentor:
            return "new", ()
        if pair in self._revision.failed:
            return "failed", ()
        if mentor not in self._active["mentors"]:
            return "mentor_left", ()
        if mentee not in self._active["mentees"]:
            return "mentee_left", ()
        if self._broken[pair]:
            return "rule_broken", self._broken[pair]
        crowded = ("mentors", mentor) in self._beyond or ("mentees", mentee) in self._beyond
        free = pair in self._revision.movable and not crowded
        return ("moved" if free else "no_room"), ()


def _beyond_places(
    running: Iterable[Pair], cohort: Cohort, rows: tuple[Positions, Positions], bounds: Loads
) -> dict[Pair, int]:
    """Those with more running pairs than places, by side and id, and how many more."""
    over: dict[Pair, int] = {}
    capacities = bounds.mentor_capacity.tolist(), bounds.mentee_capacity.tolist()
    for place, side in enumerate(SIDES):
        number, ids = Counter(pair[place] for pair in running), cohort.side(side).ids
        places = zip(rows[place].tolist(), capacities[place], strict=True)
        over |= {(side, ids[row]): number[ids[row]] - has for row, has in places if number[ids[row]] > has}
    return over


def _active(cohort: Cohort) -> dict[str, set[str]]:
    sides = (("mentors", cohort.mentors), ("mentees", cohort.mentees))
    return {
        side: {who for who, on in zip(people.ids, people.active.tolist(), strict=True) if on}
        for side, people in sides
    }


def _person(people: Profiles, identifier: str) -> Person:
    return people.person(people.position(identifier))


def _wrong(hint: str, side: str = "matching", who: Sequence[str] = ()) -> Finding:
    return Finding("wrong_revision", hint, side, " + ".join(who))


def _name(mentor: str, mentee: str) -> str:
    return f"{mentor} + {mentee}"
