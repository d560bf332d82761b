"""What the toolkits measure of a programme: on whom each measure is counted, and for whom it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pairmatch.programme.lives import PairLife
from pairmatch.programme.outcomes import Outcome
from pairmatch.programme.plan import PairPlan
from pairmatch.programme.programme import Programme

__all__ = ["MEASURES", "Measure", "Unit", "ended_early", "measures_of"]

MEASURES = {
    "rematch_rate": "mentees who started again after a pair of theirs had ended early",
    "match_satisfaction": "answers that are satisfied with the partner",
    "programme_satisfaction": "answers that are satisfied with the programme",
    "goal_achieved": "answers that say the goal was achieved",
    "enough_sessions": "pairs that held enough of their sessions, of those whose time is over",
    "ended_early": "pairs that ended before their time, so far",
    "drop_out": "people who left before their time, so far",
    "response": "people with a pair who answered",
}
"""Measures and what they count."""

OF = {"rematch_rate": "mentees", "enough_sessions": "pairs", "ended_early": "pairs"}
"""Whom measures count that do not count people, or their answers, on both sides."""

AS_PLANNED = ("completed", "goals_met")
"""End reasons of pairs that did not end early, whatever the day."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One that is counted: a person, a pair or an answer.

    Attributes
    ----------
    side
        ``"mentors"`` or ``"mentees"`` for people and their answers, ``"pairs"`` for pairs.
    mentor, mentee
        Ids; the one who is not counted may be empty.
    hit
        Whether the measure holds.
    """

    side: str
    mentor: str
    mentee: str
    hit: bool


@dataclass(frozen=True)
class Measure:
    """One measure before it is put into groups.

    Attributes
    ----------
    name
        One of :data:`MEASURES`.
    of
        Who is counted: ``"mentees"``, ``"people"`` of both sides, or ``"pairs"``.
    units
        All that are counted.
    """

    name: str
    of: str
    units: tuple[Unit, ...]


def ended_early(life: PairLife, plan: PairPlan) -> bool:
    """Whether a pair that started is over before its time, neither completed nor with its goals met."""
    if life.started is None or life.current or life.reason in AS_PLANNED:
        return False
    return life.since < plan.end(life.started)


def measures_of(
    programme: Programme, outcomes: Sequence[Outcome], satisfied_at: float
) -> tuple[Measure, ...]:
    """All measures of a programme, in the order of :data:`MEASURES`.

    Parameters
    ----------
    programme
        The programme.
    outcomes
        What people say.
    satisfied_at
        The least rating that counts as satisfied.
    """
    started = [life for life in programme.lives if life.started is not None]
    early = _early(programme, started, outcomes)
    own = _own_pairs(started)
    units: dict[str, Iterable[Unit]] = {
        "rematch_rate": _rematched(own, early),
        "match_satisfaction": _satisfied(outcomes, "match_satisfaction", satisfied_at),
        "programme_satisfaction": _satisfied(outcomes, "programme_satisfaction", satisfied_at),
        "goal_achieved": (
            _answer(one, one.goal_achieved) for one in outcomes if one.goal_achieved is not None
        ),
        "enough_sessions": _enough(programme, started, outcomes),
        "ended_early": (Unit("pairs", *life.pair, id(life) in early) for life in started),
        "drop_out": _dropped(programme, own, early),
        "response": _answered(own, outcomes),
    }
    return tuple(Measure(name, OF.get(name, "people"), tuple(units[name])) for name in MEASURES)


def _early(programme: Programme, started: Sequence[PairLife], outcomes: Sequence[Outcome]) -> set[int]:
    """Which pairs, by ``id``, ended early; what one of the two says goes before what the days say."""
    said: dict[tuple[str, str], bool] = {}
    for one in outcomes:
        if one.ended_early is not None:
            said[one.pair] = said.get(one.pair, False) or one.ended_early
    # A pair may have started twice: what is said is about the last time.
    last = {life.pair: life for life in started}
    return {
        id(life)
        for life in started
        if (
            said[life.pair]
            if life.pair in said and last[life.pair] is life
            else ended_early(life, programme.plan)
        )
    }


def _own_pairs(started: Sequence[PairLife]) -> Mapping[tuple[str, str], list[PairLife]]:
    """The pairs of everybody who started one, by side and id, in order of their starts."""
    own: dict[tuple[str, str], list[PairLife]] = defaultdict(list)
    for life in sorted(started, key=lambda life: (life.started or life.first, life.since)):
        own["mentors", life.mentor].append(life)
        own["mentees", life.mentee].append(life)
    return own


def _rematched(own: Mapping[tuple[str, str], list[PairLife]], early: set[int]) -> Iterator[Unit]:
    for (side, who), lives in sorted(own.items()):
        if side == "mentees":
            over = [life for life in lives if id(life) in early and not life.current]
            # A pair that started and ended on one day is not the one that came after it.
            again = any(
                (life.started or life.first) >= one.since and life is not one
                for one in over
                for life in lives
            )
            yield Unit(side, "", who, again)


def _enough(programme: Programme, started: Sequence[PairLife], outcomes: Sequence[Outcome]) -> Iterator[Unit]:
    """Pairs whose planned time is over, whether they lasted or not; so nobody is left out for ending."""
    plan = programme.plan
    held, planned = _told(outcomes, "sessions_held"), _told(outcomes, "sessions_planned")
    last = {life.pair: life for life in started}
    for life in started:
        if life.started is not None and plan.end(life.started) <= programme.on:
            mine = last[life.pair] is life
            count = held.get(life.pair, len(life.sessions)) if mine else len(life.sessions)
            whole = planned.get(life.pair, plan.sessions) if mine else plan.sessions
            yield Unit("pairs", *life.pair, count * plan.sessions >= plan.enough * whole)


def _satisfied(outcomes: Sequence[Outcome], name: str, satisfied_at: float) -> Iterator[Unit]:
    for one in outcomes:
        rating = getattr(one, name)
        if rating is not None:
            yield _answer(one, rating >= satisfied_at)


def _told(outcomes: Sequence[Outcome], name: str) -> dict[tuple[str, str], int]:
    """What the two say; the smaller number where they differ."""
    told: dict[tuple[str, str], int] = {}
    for one in outcomes:
        value = getattr(one, name)
        if value is not None:
            told[one.pair] = min(value, told.get(one.pair, value))
    return told


def _dropped(
    programme: Programme, own: Mapping[tuple[str, str], list[PairLife]], early: set[int]
) -> Iterator[Unit]:
    """Everybody who started a pair; who has left, and whose last pair ended early, dropped out."""
    gone = {(one.side, one.id) for one in programme.people if one.left is not None}
    for who, lives in sorted(own.items()):
        yield _person(*who, who in gone and id(lives[-1]) in early)


def _answered(own: Mapping[tuple[str, str], list[PairLife]], outcomes: Sequence[Outcome]) -> Iterator[Unit]:
    said = {one.who for one in outcomes}
    yield from (_person(*who, who in said) for who in sorted(own))


def _person(side: str, who: str, hit: bool) -> Unit:
    return Unit(side, who if side == "mentors" else "", who if side == "mentees" else "", hit)


def _answer(one: Outcome, hit: bool) -> Unit:
    return Unit(one.side, one.mentor, one.mentee, hit)
