"""What people know, want to learn, give in return and do in their free time, as lists of words.

The lists are everybody's own; the columns hold what people answer (``Company.speaker``).
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from pairmatch.datasets.company import Company
from pairmatch.datasets.draws import (
    Bools,
    Floats,
    Ints,
    Listing,
    Texts,
    among,
    cells,
    choose,
    chosen,
    listed,
    preferring,
    texts,
)
from pairmatch.datasets.gaps import blanked
from pairmatch.datasets.vitals import elder, luck, star
from pairmatch.datasets.words import (
    DEPARTMENTS,
    FUNCTIONS,
    HOBBIES,
    HOBBY_KINDS,
    OFFERS_BACK,
    TOPIC_LEANINGS,
    TOPICS,
)

PROFICIENCIES = ("0.4", "0.6", "0.8", "1")
PROFICIENCY_SHARES = (1, 3, 4, 2)
PRIORITIES = ("", ":2", ":3", "!")
"""As written behind a wanted topic; ``!`` is a must."""
PRIORITY_SHARES = (45, 30, 20, 5)
SKILL = 0.5
"""How much better than others a star knows the topics offered, on the normal scale."""
HOME = 3.0
"""How much more often people offer a topic of their own function; seniors want it so much less."""
DRAW = 1.2
"""How far, at full herding, a star's offers go along with the demand."""
CROWD = 1.5
"""How much steeper, at full herding, the demand for topics is."""

TRAINED = 0.67
"""Who was trained for a sensitive topic, of those who offer it."""

COMMON, KIND = 0.45, 0.50
"""Shares of hobbies in being a person of many pastimes, and in liking pastimes of that kind."""
LISTED_HOBBIES = (3, 6)
"""A person lists at most this many, drawn between the two."""


def function(company: Company) -> Ints:
    """Index into ``FUNCTIONS``; three quarters work in the home function of their department."""
    rng = company.stream("function")
    away = choose(rng, np.ones(len(FUNCTIONS)), company.size)
    home = company.department % len(DEPARTMENTS)
    return np.where(rng.random(company.size) < 0.75, home, away)


def at_home(company: Company) -> Bools:
    """Which topics (n, k) belong to whose function."""
    home = [[name in TOPIC_LEANINGS[t.name].functions for t in TOPICS] for name in FUNCTIONS]
    return np.array(home)[function(company)]


def offers(company: Company) -> Listing:
    """Two to six topics: the usual ones of one's age and function, and with herding those in demand."""
    rng = company.stream("topics_offered")
    usual = np.log([topic.offered for topic in TOPICS])
    young = np.array([TOPIC_LEANINGS[topic.name].young for topic in TOPICS])
    asked = np.log([topic.wanted for topic in TOPICS])
    sought = (asked - asked.mean()) / asked.std()
    pull = DRAW * company.knobs.herding * star(company)
    score = usual - np.outer(elder(company), young) + np.outer(pull, sought)
    shares = np.exp(score) * np.where(at_home(company), HOME, 1.0)
    return _some(rng, shares, company, (2, 6))


def wishes(company: Company) -> Listing:
    """One to four topics: what is in demand, more of the large questions the higher one stands."""
    rng = company.stream("topics_wanted")
    asked = np.log([topic.wanted for topic in TOPICS]) * (1 + CROWD * company.knobs.herding)
    large = np.array([TOPIC_LEANINGS[topic.name].large for topic in TOPICS])
    score = asked + np.outer(company.level - 4.5, large)
    shares = np.exp(score) / np.where(at_home(company), HOME, 1.0)
    return _some(rng, shares, company, (1, 4))


def _some(rng: np.random.Generator, shares: Floats, company: Company, span: tuple[int, int]) -> Listing:
    picks = preferring(rng, shares, company.size, span[1])
    return Listing(picks, rng.integers(span[0], span[1] + 1, size=company.size))


def topics_offered(company: Company) -> Texts:
    """Topics with a proficiency in (0, 1]; stars know theirs better."""
    listing = offers(company)
    own = company.stream("proficiency").standard_normal(listing.picks.shape)
    score = SKILL * star(company)[:, None] + math.sqrt(1 - SKILL**2) * own
    grades = chosen(luck(score), PROFICIENCY_SHARES)
    labels = texts([f"{topic.name}:{grade}" for topic in TOPICS for grade in PROFICIENCIES])
    column = cells(labels[listing.picks * len(PROFICIENCIES) + grades], listing.counts)
    return blanked(company, "topics_offered", column[company.speaker])


def topics_wanted(company: Company) -> Texts:
    """Topics with a priority of 1 to 3; about one in twenty is a must."""
    listing = wishes(company)
    urgency = chosen(company.stream("priority").random(listing.picks.shape), PRIORITY_SHARES)
    labels = texts([f"{topic.name}{mark}" for topic in TOPICS for mark in PRIORITIES])
    column = cells(labels[listing.picks * len(PRIORITIES) + urgency], listing.counts)
    return blanked(company, "topics_wanted", column[company.speaker])


def trained_for(company: Company) -> Texts:
    """The sensitive topics that somebody was trained for: two in three of those they know about."""
    names = [topic.name for topic in TOPICS]
    sensitive = [k for k, name in enumerate(names) if TOPIC_LEANINGS[name].sensitive]
    offered = offers(company).bits[:, None] >> np.array(sensitive, dtype=np.uint64) & np.uint64(1)
    trained = company.stream("trained_for").random(offered.shape) < TRAINED
    has = trained & (offered > 0)
    picks = np.array(sensitive)[np.argsort(~has, axis=1, kind="stable")]
    return listed(names, Listing(picks, has.sum(axis=1)))[company.speaker]


def pastimes(company: Company) -> Bools:
    """Which hobbies (n, k) people would name: each by its prevalence, those of one kind together."""
    rng = company.stream("hobbies")
    kinds = sorted(set(HOBBY_KINDS.values()))
    kind = np.array([kinds.index(HOBBY_KINDS[hobby.name]) for hobby in HOBBIES])
    many = rng.standard_normal((company.size, 1))
    leaning = rng.standard_normal((company.size, len(kinds)))[:, kind]
    own = rng.standard_normal((company.size, len(HOBBIES)))
    bar = [-NormalDist().inv_cdf(hobby.prevalence) for hobby in HOBBIES]
    rest = math.sqrt(1 - COMMON**2 - KIND**2)
    return np.asarray(COMMON * many + KIND * leaning + rest * own > bar)


def hobby_list(company: Company) -> Listing:
    """Of the hobbies that people have, three to six at most."""
    rng = company.stream("hobbies listed")
    named = pastimes(company)
    least, most = LISTED_HOBBIES
    counts = np.minimum(named.sum(axis=1), rng.integers(least, most + 1, size=company.size))
    return Listing(among(rng, named, most), counts)


def hobbies(company: Company) -> Texts:
    """What people list of their hobbies."""
    column = listed([hobby.name for hobby in HOBBIES], hobby_list(company))
    return blanked(company, "hobbies", column[company.speaker])


def returns(field: str, company: Company) -> Listing:
    """What a mentee offers back, or a mentor wants back: one to three of the same subjects."""
    return _some(company.stream(field), np.arange(len(OFFERS_BACK), 0.0, -1.0), company, (1, 3))


def returned(field: str, company: Company) -> Texts:
    """The cells of :func:`returns`."""
    return blanked(company, field, listed(OFFERS_BACK, returns(field, company))[company.speaker])


def past_functions(company: Company) -> Texts:
    """Up to three earlier functions, more with the years, never the present one."""
    rng = company.stream("past_functions")
    shares = np.where(function(company)[:, None] == np.arange(len(FUNCTIONS)), 1e-9, 1.0)
    counts = rng.binomial(3, 0.15 + 0.1 * company.level)
    column = listed(FUNCTIONS, Listing(preferring(rng, shares, company.size, 3), counts))
    return blanked(company, "past_functions", column[company.speaker])
