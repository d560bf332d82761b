"""The fields of a synthetic profile, one small function each.

Every function takes the company and returns one entry per person (text, number or None). A field draws from
a stream of its own; correlations between fields belong here when they come.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from pairmatch.datasets.company import Company
from pairmatch.datasets.draws import (
    Bools,
    Floats,
    Ints,
    Texts,
    among,
    blanked,
    cells,
    choose,
    choose_each,
    listed,
    preferring,
    texts,
    without,
)
from pairmatch.datasets.words import (
    CHIEF_OFFICE,
    DEPARTMENTS,
    FIRST_NAMES,
    FUNCTIONS,
    GENDERS,
    HOBBIES,
    LAST_NAMES,
    OFFERS_BACK,
    PLACES,
    SLOT_DAYS,
    SLOT_HOURS,
    TOPICS,
)

AGE_MEAN = np.array([32.5, 36.6, 40.1, 47.5, 47.8, 50.0, 53.0])
AGE_SPREAD = np.array([8.5, 7.5, 8.1, 6.5, 5.7, 5.5, 5.0])
TENURE_MEAN = np.array([3.9, 6.8, 9.4, 13.9, 15.1, 16.0, 17.0])
WOMEN = np.array([0.47, 0.47, 0.40, 0.35, 0.33, 0.29, 0.29])
"""By level 1 to 7. Published are levels 1 to 5 of age and tenure, and both ends of the women's share."""
NON_BINARY = 0.01
PROFICIENCIES = ("0.4", "0.6", "0.8", "1")
PRIORITIES = ("", ":2", ":3", "!")
"""As written behind a wanted topic; ``!`` is a must."""


def ids(company: Company) -> Texts:
    """Mentors m1, m2, ...; mentees e1, e2, ... (the chief executive is e1)."""
    width = len(str(max(company.mentors, company.mentees)))
    mentors = [f"m{number:0{width}d}" for number in range(1, company.mentors + 1)]
    return texts(mentors + [f"e{number:0{width}d}" for number in range(1, company.mentees + 1)])


def names(company: Company) -> Texts:
    """First and last name, independent of each other and of everything else."""
    rng = company.stream("name")
    first = np.array(FIRST_NAMES, dtype=object)[rng.integers(len(FIRST_NAMES), size=company.size)]
    last = np.array(LAST_NAMES, dtype=object)[rng.integers(len(LAST_NAMES), size=company.size)]
    return np.asarray(first + " " + last, dtype=object)


def departments(company: Company) -> Texts:
    """The department's name."""
    return np.array([*DEPARTMENTS, CHIEF_OFFICE], dtype=object)[company.department]


def functions(company: Company) -> Texts:
    """Three quarters work in the home function of their department."""
    rng = company.stream("function")
    away = choose(rng, np.ones(len(FUNCTIONS)), company.size)
    home = company.department % len(DEPARTMENTS)
    return np.array(FUNCTIONS, dtype=object)[np.where(rng.random(company.size) < 0.75, home, away)]


def teams(company: Company) -> Texts:
    """Who leads people belongs to the team they lead, everyone else to the manager's."""
    leads = np.zeros(company.size, dtype=bool)
    leads[company.manager] = True
    leader = np.where(leads, np.arange(company.size), company.manager)
    number = np.unique(leader, return_inverse=True)[1] + 1
    names = zip(departments(company)[leader].tolist(), number.tolist(), strict=True)
    return texts([f"{name} {number}" for name, number in names])


def managers(company: Company) -> Texts:
    """The manager's id; the chief executive has none."""
    column = ids(company)[company.manager]
    column[company.chief] = None
    return column


def dotted_managers(company: Company) -> Texts:
    """A few people also report to somebody more senior in another department."""
    rng = company.stream("dotted_managers")
    other = rng.integers(company.size, size=company.size)
    senior = company.level[other] > company.level
    elsewhere = company.department[other] != company.department
    dotted = senior & elsewhere & (rng.random(company.size) < 0.08)
    return without(ids(company)[other], ~dotted)


def locations(company: Company) -> Texts:
    """The office."""
    return texts([place.location for place in PLACES])[company.place]


def regions(company: Company) -> Texts:
    """The part of the world."""
    return texts([place.region for place in PLACES])[company.place]


def time_zones(company: Company) -> Texts:
    """The office's time zone as an IANA name."""
    return texts([place.time_zone for place in PLACES])[company.place]


def languages(company: Company) -> Texts:
    """The office's languages: the first always, each further one by chance; everybody speaks English."""
    speaks = company.stream("languages").random((company.size, 2)) < (0.3, 0.15)
    spoken = [_spoken(place, code) for place in range(len(PLACES)) for code in range(4)]
    return texts(spoken)[company.place * 4 + speaks[:, 0] + 2 * speaks[:, 1]]


def _spoken(place: int, code: int) -> str:
    first, *further = PLACES[place].languages
    more = [language for bit, language in enumerate(further) if language == "English" or code >> bit & 1]
    return "; ".join([first, *more])


def slots(company: Company) -> Texts:
    """Four to eight two-hour slots in UTC, within working hours of the office (8 to 18 local time)."""
    rng = company.stream("slots")
    open_hours = np.array([_open_hours(place.time_zone) for place in PLACES])
    free = np.tile(open_hours, (1, len(SLOT_DAYS)))[company.place]
    labels = [f"{day} {hour:02d}:00 UTC" for day in SLOT_DAYS for hour in SLOT_HOURS]
    wished = rng.integers(4, 9, size=company.size)
    picks = np.sort(_capped(among(rng, free, 8), wished, len(labels)), axis=1)
    return blanked(rng, listed([*labels, ""], picks, wished), 0.05)


def _open_hours(time_zone: str) -> list[bool]:
    """Which of the slots' hours lie in the working day, always some of them."""
    offset = datetime(2026, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(time_zone)).utcoffset()
    hours = offset.total_seconds() / 3600 if offset is not None else 0.0
    return [8 <= (hour + hours) % 24 <= 17 for hour in SLOT_HOURS]


def _capped(picks: Ints, counts: Ints, beyond: int) -> Ints:
    """Replace the picks behind a person's count by an index past the end, so that sorting keeps them last."""
    return np.where(np.arange(picks.shape[1]) < counts[:, None], picks, beyond)


def topics_offered(company: Company) -> Texts:
    """Two to six topics with a proficiency in (0, 1]."""
    rng = company.stream("topics_offered")
    picks = preferring(rng, [topic.offered for topic in TOPICS], company.size, 6)
    grades = choose(rng, (1, 3, 4, 2), picks.size).reshape(picks.shape)
    labels = texts([f"{topic.name}:{grade}" for topic in TOPICS for grade in PROFICIENCIES])
    counts = rng.integers(2, 7, size=company.size)
    return blanked(rng, cells(labels[picks * len(PROFICIENCIES) + grades], counts), 0.01)


def topics_wanted(company: Company) -> Texts:
    """One to four topics with a priority of 1 to 3; about one in twenty is a must."""
    rng = company.stream("topics_wanted")
    picks = preferring(rng, [topic.wanted for topic in TOPICS], company.size, 4)
    urgency = choose(rng, (45, 30, 20, 5), picks.size).reshape(picks.shape)
    labels = texts([f"{topic.name}{mark}" for topic in TOPICS for mark in PRIORITIES])
    counts = rng.integers(1, 5, size=company.size)
    return blanked(rng, cells(labels[picks * len(PRIORITIES) + urgency], counts), 0.03)


def hobbies(company: Company) -> Texts:
    """Each hobby by its prevalence; of those a person lists at most three to six."""
    rng = company.stream("hobbies")
    prevalence = np.array([hobby.prevalence for hobby in HOBBIES])
    named = rng.random((company.size, len(HOBBIES))) < prevalence
    counts = np.minimum(named.sum(axis=1), rng.integers(3, 7, size=company.size))
    return blanked(rng, listed([hobby.name for hobby in HOBBIES], among(rng, named, 6), counts), 0.05)


def past_functions(company: Company) -> Texts:
    """Up to three earlier functions, more with the years."""
    rng = company.stream("past_functions")
    picks = preferring(rng, np.ones(len(FUNCTIONS)), company.size, 3)
    counts = rng.binomial(3, 0.15 + 0.1 * company.level)
    return listed(FUNCTIONS, picks, counts)


def returns(field: str) -> Callable[[Company], Texts]:
    """What a mentee offers back, or a mentor wants back: one to three of the same subjects."""

    def column(company: Company) -> Texts:
        rng = company.stream(field)
        picks = preferring(rng, np.arange(len(OFFERS_BACK), 0.0, -1.0), company.size, 3)
        return blanked(rng, listed(OFFERS_BACK, picks, rng.integers(1, 4, size=company.size)), 0.12)

    return column


def style(field: str) -> Callable[[Company], NDArray[Any]]:
    """One of the working-style scales, 0 to 1 in steps of a quarter; one in ten left it out."""

    def column(company: Company) -> NDArray[Any]:
        rng = company.stream(field)
        return _with_gaps(rng, rng.integers(0, 5, size=company.size) / 4, 0.10)

    return column


def reference_rating(company: Company) -> Floats:
    """The mean of references on a scale of 1 to 5; applicants are recommended, so mostly good."""
    rng = company.stream("reference_rating")
    return _with_gaps(rng, np.round(1 + 4 * rng.beta(6, 2, size=company.size), 1), 0.10)


def hours(company: Company) -> Floats:
    """Hours per month: a mentor's budget (4 to 8), a mentee's need for one pair (2 to 4)."""
    rng = company.stream("hours")
    budget = rng.integers(4, 9, size=company.size)
    need = rng.integers(2, 5, size=company.size)
    return np.where(company.is_mentor, budget, need).astype(np.float64)


def capacity(company: Company) -> Ints:
    """One mentor in ten is ready for two pairs; mentees have one."""
    twice = company.stream("capacity").random(company.size) < 0.1
    return np.where(twice & company.is_mentor, 2, 1).astype(np.int64)


def must_match(company: Company) -> Texts:
    """The chief executive and the level below are mandated."""
    return texts(["no", "yes"])[(company.level >= 6).astype(np.int64)]


def active(company: Company) -> Texts:
    """One in fifty has withdrawn or is on leave; never the chief executive."""
    away = company.stream("active").random(company.size) < 0.02
    away[company.chief] = False
    return texts(["yes", "no"])[away.astype(np.int64)]


def age(company: Company) -> Floats:
    """Years, after the published means and spreads by level; 18 to 70."""
    rng = company.stream("age")
    grade = company.level - 1
    years = np.clip(np.round(rng.normal(AGE_MEAN[grade], AGE_SPREAD[grade])), 18, 70)
    return _with_gaps(rng, years, 0.05)


def tenure(company: Company) -> Floats:
    """Years with the company, after the published means by level; at most 40."""
    rng = company.stream("tenure")
    years = np.clip(np.round(rng.gamma(1.5, TENURE_MEAN[company.level - 1] / 1.5)), 0, 40)
    return _with_gaps(rng, years, 0.02)


def gender(company: Company) -> Texts:
    """After the published shares of women by level."""
    rng = company.stream("gender")
    women = WOMEN[company.level - 1]
    shares = np.column_stack([women, 1 - women - NON_BINARY, np.full(company.size, NON_BINARY)])
    return blanked(rng, texts(GENDERS)[choose_each(rng, shares)], 0.06)


def _with_gaps(rng: np.random.Generator, numbers: Floats, share: float) -> Floats:
    missing: Bools = rng.random(len(numbers)) < share
    return np.where(missing, np.nan, numbers)
