"""Who has another partner: mentees with several mentors, and the reasons of what ended."""

from __future__ import annotations

from pairmatch.matching import Change
from pairmatch.rematching import Ended, changes_of, crowded


def test_the_ith_who_went_stands_beside_the_ith_who_came() -> None:
    """By id, with empty text where there are more of the one than of the other."""
    before = [("m1", "e1"), ("m2", "e1"), ("m3", "e2"), ("m9", "e4")]
    after = [("m4", "e1"), ("m5", "e2"), ("m6", "e2"), ("m7", "e3"), ("m9", "e4")]
    ended = {("m1", "e1"): Ended("failed"), ("m3", "e2"): Ended("rule_broken", ("same",))}
    assert changes_of(before, after, ended, frozenset({("m2", "e1")})) == (
        Change("e1", "m1", "m4", "failed"),
        Change("e1", "m2", "", "no_room"),
        Change("e2", "m3", "m5", "rule_broken", ("same",)),
        Change("e2", "", "m6", "new"),
        Change("e3", "", "m7", "new"),
    )


def test_what_ended_for_others_has_moved() -> None:
    assert changes_of([("m1", "e1")], [], {}, frozenset()) == (Change("e1", "m1", "", "moved"),)


def test_nothing_is_no_change() -> None:
    assert changes_of([("m1", "e1")], [("m1", "e1")], {}, frozenset()) == ()


def test_crowded_are_all_pairs_of_those_with_too_few_places() -> None:
    """Of either side; whoever is not known has no place."""
    running = [("m1", "e1"), ("m1", "e2"), ("m2", "e3"), ("m3", "e4")]
    room = ({"m1": 1, "m2": 1, "m3": 2}, {"e1": 1, "e2": 1, "e3": 1})
    assert crowded(running, room) == {("m1", "e1"), ("m1", "e2"), ("m3", "e4")}
    assert crowded([], ({}, {})) == frozenset()
