"""What a re-match changed: who before, who after, and why, mentee by mentee."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import zip_longest

from pairmatch.matching import Change
from pairmatch.rematching.standing import Ended

__all__ = ["changes_of", "crowded"]

Pair = tuple[str, str]


def changes_of(
    before: Iterable[Pair],
    after: Iterable[Pair],
    ended: Mapping[Pair, Ended],
    without_room: frozenset[Pair],
) -> tuple[Change, ...]:
    """Each mentee's mentors who differ, the i-th who went beside the i-th who came, by id.

    Parameters
    ----------
    before, after
        Mentor id, mentee id.
    ended
        Why pairs could not go on.
    without_room
        Running pairs that were not movable, or for which there are fewer places than before.
    """
    old, new = set(before), set(after)
    went, came = _by_mentee(old - new), _by_mentee(new - old)
    changes = []
    for mentee in sorted({*went, *came}):
        for was, now in zip_longest(went.get(mentee, ()), came.get(mentee, ())):
            why = Ended("new")
            if was is not None:
                running = Ended("no_room" if (was, mentee) in without_room else "moved")
                why = ended.get((was, mentee), running)
            changes.append(Change(mentee, was or "", now or "", why.reason, why.rules))
    return tuple(changes)


def crowded(running: Iterable[Pair], room: tuple[Mapping[str, int], Mapping[str, int]]) -> frozenset[Pair]:
    """Running pairs of people who have more of them than places.

    Parameters
    ----------
    running
        The running pairs.
    room
        Places of mentors and of mentees, by id.
    """
    pairs = list(running)
    over = [
        {
            who
            for who, number in Counter(pair[side] for pair in pairs).items()
            if number > room[side].get(who, 0)
        }
        for side in (0, 1)
    ]
    return frozenset(pair for pair in pairs if pair[0] in over[0] or pair[1] in over[1])


def _by_mentee(pairs: Iterable[Pair]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for mentor, mentee in sorted(pairs):
        found[mentee].append(mentor)
    return found
