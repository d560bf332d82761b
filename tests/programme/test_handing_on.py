"""From events to a re-match and back: what failed, who left, who waited, what may move."""

from __future__ import annotations

from functools import cache
from typing import Any

import pandas as pd
import pytest

from pairmatch import goals, rules
from pairmatch.cohort import Cohort
from pairmatch.datasets import synthetic, synthetic_policy
from pairmatch.errors import CallError
from pairmatch.match import match
from pairmatch.matching import END_REASONS, Matching, failed_pairs
from pairmatch.policy import Policy
from pairmatch.programme import Event, Programme
from pairmatch.programme.handing_on import rematch_arguments
from pairmatch.rematch import rematch
from pairmatch.verify import verify
from tests.programme.test_programme import event, state

SOME = 20


@cache
def first() -> tuple[Cohort, Policy, Matching]:
    """A first round: 30 mentors, 20 mentees."""
    cohort, policy = synthetic(mentors=30, mentees=SOME, seed=3), synthetic_policy()
    return cohort, policy, match(cohort, policy)


def pairs(matching: Matching) -> list[tuple[str, str]]:
    """Its pairs."""
    return [(pair.mentor, pair.mentee) for pair in matching.made]


def begun(started: int = 15) -> list[Event]:
    """The first round taken up, and so many of its pairs started."""
    cohort, _, matching = first()
    proposed = Programme.from_events([], cohort, on="2026-01-05").taking_up(matching, "2026-01-05")
    return [*proposed, *(event("01-10", "started", *pair) for pair in pairs(matching)[:started])]


def test_taking_up_a_first_matching() -> None:
    """Every pair is proposed; taken up again, nothing happens."""
    cohort, _, matching = first()
    events = begun(0)
    assert [one.kind for one in events] == ["proposed"] * len(matching.made)
    programme = Programme.from_events(events, cohort, on="2026-01-06")
    assert programme.taking_up(matching, "2026-01-06") == ()
    assert set(programme.movable_pairs) == set(pairs(matching))


def test_what_is_no_matching() -> None:
    """Is refused, as is what is no cohort."""
    _, _, matching = first()
    for refused in (
        lambda: state().rematch(None),  # type: ignore[arg-type]
        lambda: state().taking_up(None, "2026-01-06"),  # type: ignore[arg-type]
        lambda: state().rematch(matching, "people"),  # type: ignore[arg-type]
    ):
        with pytest.raises(CallError, match="bad_argument"):
            refused()


def test_nothing_happened() -> None:
    """The matching itself comes back."""
    cohort, _, matching = first()
    for rounds in (None, []):
        programme = Programme.from_events(begun(SOME), cohort, on="2026-01-12", rounds=rounds)
        assert programme.rematch(matching) is matching


def test_a_round_later() -> None:
    """A failed pair, somebody who left, pairs that may move: all as the events have them."""
    cohort, policy, matching = first()
    (failed, gone, *_), over = pairs(matching), begun()
    over += [event("02-10", "ended", *failed, "no_chemistry"), event("02-10", "left", gone[0])]
    programme = Programme.from_events(over, cohort, on="2026-03-01")
    told = rematch_arguments(programme, matching, cohort, None)
    assert told["failed"] == [failed]
    assert told["left"] == [("mentors", gone[0])]
    assert told["movable"] == sorted(pairs(matching)[15:])
    assert {entry[2] for entry in told["waited"]} == {1}
    revised = programme.rematch(matching)
    assert failed not in pairs(revised)
    assert set(pairs(matching)[2:15]) <= set(pairs(revised))
    verify(revised, cohort, policy)
    news = programme.taking_up(revised, "2026-03-02")
    after = Programme.from_events([*over, *news], cohort, on="2026-03-02")
    assert {life.pair for life in after.lives if life.current} == set(pairs(revised))
    text = f"{revised} {revised.changes.to_string()} {revised.revision} {news}"
    assert not any(
        reason in text or words in text for reason, words in END_REASONS.items() if reason != "other"
    )


def test_options_go_first() -> None:
    """What the caller says goes before what the events say."""
    cohort, _, matching = first()
    failed = pairs(matching)[0]
    programme = Programme.from_events([*begun(), event("02-10", "ended", *failed)], cohort, on="2026-03-01")
    assert not programme.rematch(matching, movable=[], waited=[]).revision.movable  # type: ignore[union-attr]


def test_a_cool_down() -> None:
    """A pair that failed long ago may be proposed again; until then it may not."""
    cohort, _, matching = first()
    failed = pairs(matching)[0]
    events = [*begun(), event("02-10", "ended", *failed)]
    revised = rematch(matching, failed=[failed])
    assert failed in failed_pairs(revised.policy)
    begin = [pair for pair in pairs(revised) if pair not in pairs(matching)[1:15]]
    events += [event("03-01", "started", *pair) for pair in begin]
    programme = Programme.from_events(events, cohort, on="2026-04-01")
    for months, cooled in ((1, [failed]), (2, []), (None, [])):
        assert rematch_arguments(programme, revised, cohort, months)["cooled"] == cooled
    again = programme.rematch(revised, cool_down=1)
    assert failed not in failed_pairs(again.policy)


def test_failures_of_earlier_rounds() -> None:
    """A pair that failed before the matching was made is forbidden too, though no re-match ever knew."""
    cohort, _, matching = first()
    stranger = next(
        (mentor, mentee)
        for mentor in cohort.mentors.ids
        for mentee in cohort.mentees.ids
        if (mentor, mentee) not in pairs(matching)
    )
    events = [event("01-01", "started", *stranger), event("01-02", "ended", *stranger), *begun()]
    programme = Programme.from_events(events, cohort, on="2026-03-01")
    told = rematch_arguments(programme, matching, cohort, None)
    assert told["failed"] == []
    assert told["policy"].rules[-1] == rules.NotFailed([stranger])
    assert stranger in failed_pairs(programme.rematch(matching).policy)


def test_a_running_pair_that_the_matching_does_not_have() -> None:
    """Its places would be given away, so it is refused; all such pairs at once."""
    _, _, matching = first()
    strangers = [event("01-10", "started", "x1", "y1"), event("01-10", "started", "x2", "y2")]
    with pytest.raises(CallError) as caught:
        state(*strangers).rematch(matching)
    assert [(one.code, one.id) for one in caught.value.findings] == [
        ("not_in_matching", "y1"),
        ("not_in_matching", "y2"),
    ]


def test_people_whom_no_event_names() -> None:
    """Those whom the matching left have waited for its round."""
    cohort, _, matching = first()
    left = {(f"{person.role}s", person.id) for person in matching.left}
    waited = rematch_arguments(state(cohort=cohort), matching, cohort, None)["waited"]
    assert {(side, who): rounds for side, who, rounds in waited} == dict.fromkeys(left, 1)


def test_a_new_cohort() -> None:
    """People who are not in it any more are passed over; those who joined may be matched."""
    frame: Any = pd.DataFrame
    policy = Policy(goals=[goals.SharedHobbies(weight=1)])
    people = [frame({"id": ids, "hobbies": "chess"}) for ids in (["m1", "m2"], ["e1", "e2"])]
    matching = match(Cohort(*people), policy)
    (one, other) = pairs(matching)
    programme = state(
        event("01-01", "started", *one), event("01-01", "started", *other), event("02-01", "left", one[0])
    )
    people = [frame({"id": ids, "hobbies": "chess"}) for ids in (["m3", other[0]], ["e1", "e2", "e3"])]
    cohort = Cohort(*people)
    told = rematch_arguments(programme, matching, cohort, None)
    assert (told["left"], told["failed"]) == ([], [])
    assert other in pairs(programme.rematch(matching, cohort))
