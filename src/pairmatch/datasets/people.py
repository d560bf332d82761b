"""The plain fields of a synthetic profile, one small function each.

Every function takes the company and returns one entry per person (text, number or None). A field draws from
streams of its own.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from pairmatch.datasets.company import Company
from pairmatch.datasets.draws import Floats, Ints, Listing, Texts, among, listed, texts, without
from pairmatch.datasets.gaps import blanked
from pairmatch.datasets.tastes import function
from pairmatch.datasets.words import (
    CHIEF_OFFICE,
    DEPARTMENTS,
    FIRST_NAMES,
    FUNCTIONS,
    LAST_NAMES,
    PLACES,
    SLOT_DAYS,
    SLOT_HOURS,
)

YES = {"opted_in": 0.97, "trained": 0.92, "manager_agrees": 0.95}
"""How many have opted in, finished the training, have their manager's word: suggestions."""


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
    """The function's name."""
    return np.array(FUNCTIONS, dtype=object)[function(company)]


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
    speaks = speaks[company.speaker]
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
    return blanked(company, "slots", listed([*labels, ""], Listing(picks, wished)))


def _open_hours(time_zone: str) -> list[bool]:
    """Which of the slots' hours lie in the working day, always some of them."""
    offset = datetime(2026, 1, 1, tzinfo=UTC).astimezone(ZoneInfo(time_zone)).utcoffset()
    hours = offset.total_seconds() / 3600 if offset is not None else 0.0
    return [8 <= (hour + hours) % 24 <= 17 for hour in SLOT_HOURS]


def _capped(picks: Ints, counts: Ints, beyond: int) -> Ints:
    """Replace the picks behind a person's count by an index past the end, so that sorting keeps them last."""
    return np.where(np.arange(picks.shape[1]) < counts[:, None], picks, beyond)


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


def confirmed(field: str, company: Company) -> Texts:
    """A yes or no that is mostly yes; the chief executive's always is."""
    said = company.stream(field).random(company.size) < YES[field]
    said[company.chief] = True
    return texts(["no", "yes"])[said.astype(np.int64)]
