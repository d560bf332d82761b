"""Two mentors and three mentees with something in every kind of field, and who allows what."""

from __future__ import annotations

from typing import Any

import pandas as pd

import pairmatch as pm
from pairmatch import goals

SCHEMA = pm.Schema(
    fields={
        "faith": {"kind": "list", "class": "special"},
        "motto": {"kind": "text"},
        "grade_point": {"kind": "number", "class": "confidential"},
    },
    columns={"motto": "What drives me"},
    level_column="level",
    outside_managers="allow",
    level_order=("junior", "middle", "senior"),
)

ALL = (
    "name; department; function; level; time_zone; languages; topics_offered; topics_wanted; hobbies; "
    "past_functions; offers_back; wants_back; faith; gender; motto; grade_point; style_pace; manager; "
    "must_match; utc_offset; id; reference_rating; shown_to_partner; nonsense"
)
"""Somebody who would have everything shown, also what may not be."""

GOALS = (
    goals.TopicCoverage(weight=3),
    goals.SharedHobbies(weight=1),
    goals.Reciprocity(weight=1),
    goals.PastExperience(weight=1),
    goals.Overlap("faith", "faith", weight=0.1, purpose="asked for"),
)


def mentors(**columns: Any) -> pd.DataFrame:
    """Ana, who would show all, and Ben, who says nothing."""
    people: dict[str, Any] = {
        "id": ["ana", "ben"],
        "name": ["Ana Lima", "Ben Okri"],
        "department": ["IT", "Law"],
        "function": ["data", "law"],
        "level": ["junior", "junior"],
        "manager": ["boss", "boss"],
        "time_zone": ["60", "60"],
        "languages": ["English; French", "English"],
        "topics_offered": ["python:0.9; social media:0.3; chatbots", "law"],
        "wants_back": ["leading; strategy", "law"],
        "hobbies": ["chess; golf", "golf"],
        "past_functions": ["sales; audit", ""],
        "style_pace": [0.25, 0.5],
        "reference_rating": [0.625, 0.5],
        "gender": ["woman", "man"],
        "faith": ["rhubarb", "custard"],
        "What drives me": ["Onwards", "Sideways"],
        "grade_point": [3.125, 2.5],
        "shown_to_partner": [ALL, ""],
    }
    return pd.DataFrame({**people, **columns})


def mentees(**columns: Any) -> pd.DataFrame:
    """Eve, who would show all, Fay, who shows her hobbies, and Gus, who has no place."""
    people: dict[str, Any] = {
        "id": ["eve", "fay", "gus"],
        "name": ["Eve Adams", "Fay Wray", "Gus Grip"],
        "department": ["Sales", "Audit", "IT"],
        "function": ["sales", "audit", "data"],
        "level": ["senior", "middle", "senior"],
        "manager": ["boss", "boss", "boss"],
        "topics_wanted": ["python:3!; tax", "law", "python"],
        "offers_back": ["leading", "law", ""],
        "hobbies": ["golf; chess; opera", "golf", ""],
        "past_functions": ["data", "law", ""],
        "must_match": ["yes", "no", "no"],
        "gender": ["woman", "woman", "man"],
        "faith": ["rhubarb", "custard", "rhubarb"],
        "shown_to_partner": [ALL, "Hobbies", ALL],
    }
    return pd.DataFrame({**people, **columns})


def matching(policy: pm.Policy | None = None, **columns: Any) -> pm.Matching:
    """Ana with Eve, and Ben with Fay."""
    sides = ({}, {}) if not columns else (columns.get("mentors", {}), columns.get("mentees", {}))
    cohort = pm.Cohort(mentors(**sides[0]), mentees(**sides[1]), schema=SCHEMA)
    found = pm.match(cohort, policy or pm.Policy(goals=GOALS))
    assert {(made.mentor, made.mentee) for made in found.made} == {("ana", "eve"), ("ben", "fay")}
    return found
