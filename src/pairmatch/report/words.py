"""Codes in plain words, for readers who never saw the code."""

from __future__ import annotations

TIERS = {
    "must_match": "Named mentees with a mentor",
    "mentees": "Mentees with a mentor",
    "mentors": "Mentors with a mentee",
    "pairs": "Pairs",
    "worst": "Smallest weight of a matched mentee",
    "leximin": "Weights of the matched mentees, smallest first",
    "total": "Sum of the weights",
}

PROOFS = {
    "prices": "by prices that anyone can check against the data",
    "cut": "by a group of people who share too few partners",
    "search": "by the solver's complete search",
}

REASONS = {
    "no_eligible_partner": "No eligible partner: every possible pair is forbidden",
    "below_minimum_weight": "Every allowed pair weighs less than the policy's bar",
    "partners_full": "Every eligible partner is taken by pairs that serve the whole better",
    "not_active": "Not active in this round",
}


def plain(code: str, words: dict[str, str]) -> str:
    """The words for a code; a code without words of its own reads as itself, without underscores."""
    return words.get(code) or code.replace("_", " ").capitalize()
