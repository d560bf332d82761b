"""Age, tenure and gender by level, scales and ratings of one person that go together.

Age and tenure are log-normal given the level and joined by a Gaussian copula. Level carries most of their
correlation, so that little is left for the copula: over a whole company (mentors to mentees as 10 to 1.1)
the correlations of the published sample come out.
"""

from __future__ import annotations

import math

import numpy as np

from pairmatch.datasets.company import Company
from pairmatch.datasets.draws import Floats, Texts, choose_each, chosen, texts
from pairmatch.datasets.gaps import blanked, holed
from pairmatch.datasets.words import GENDERS

__all__ = ["age", "communication_rating", "gender", "reference_rating", "star", "style", "tenure", "years"]

AGE_MEAN = np.array([32.5, 36.6, 40.1, 47.5, 47.1, 49.6, 54.0])
AGE_SPREAD = np.array([8.7, 7.6, 8.2, 6.7, 5.7, 5.7, 5.0])
"""As published, levels 5 to 7 together as the top level; a little wider, for the bounds take some away."""
YOUNGEST, OLDEST = 18, 65
AGE_START = 12.0
"""Where the log-normal of age starts: this bends it as the published quantiles are bent."""

TENURE_MEAN = np.array([4.45, 7.85, 11.3, 16.8, 18.4, 20.2, 21.5])
TENURE_SPREAD = 0.97
"""Mean years before the caps below, and spread over mean: with the caps, means and quantiles as published."""
LONGEST = 40
COPULA = -0.10
"""Correlation of age and tenure at one level, in normal numbers and before the caps."""

WOMEN = np.array([0.47, 0.47, 0.40, 0.35, 0.33, 0.29, 0.29])
"""By level: staff, managers, vice presidents and the C-suite as published, suggestions between them."""
NON_BINARY = 0.01

STYLES = {
    "style_pace": (0.60, -0.30),
    "style_directness": (0.60, 0.0),
    "style_structure": (0.0, 0.65),
    "style_formality": (0.0, 0.65),
}
"""Each scale's share in two leanings, towards drive and towards order."""
STYLE_SHARES = (2, 5, 6, 5, 2)
"""How common the five steps of a scale are."""
FORMAL_WITH_AGE = 0.25

RATING_MEAN, RATING_SPREAD, RATING_TRUE = 4.0, 0.58, 0.7
"""Ratings of 1 to 5: applicants are recommended, so mostly good; the last is the correlation with quality."""


def years(company: Company) -> tuple[Floats, Floats]:
    """Age and years with the company of everybody, whole numbers."""
    grade = company.level - 1
    first = company.stream("age").standard_normal(company.size)
    other = company.stream("tenure").standard_normal(company.size)
    joined = COPULA * first + math.sqrt(1 - COPULA**2) * other
    mean, spread = AGE_MEAN[grade] - AGE_START, AGE_SPREAD[grade]
    ages = np.clip(np.round(AGE_START + lognormal(first, mean, spread)), YOUNGEST, OLDEST)
    mean = TENURE_MEAN[grade]
    served = np.round(lognormal(joined, mean, TENURE_SPREAD * mean))
    return ages, np.minimum(served, np.minimum(LONGEST, ages - YOUNGEST))


def lognormal(normals: Floats, mean: Floats, spread: Floats) -> Floats:
    """Log-normal numbers of that mean and standard deviation from standard normal ones."""
    variance = np.log1p((spread / mean) ** 2)
    return np.asarray(mean * np.exp(np.sqrt(variance) * normals - variance / 2))


def age(company: Company) -> Floats:
    """Years, after the published means and spreads by level; 18 to 65."""
    return holed(company, "age", years(company)[0])


def tenure(company: Company) -> Floats:
    """Years with the company, nobody's longer than 40 or than since the age of 18."""
    return holed(company, "tenure", years(company)[1])


def gender(company: Company) -> Texts:
    """After the published shares of women by level."""
    women = WOMEN[company.level - 1]
    shares = np.column_stack([women, 1 - women - NON_BINARY, np.full(company.size, NON_BINARY)])
    drawn = choose_each(company.stream("gender"), shares)
    return blanked(company, "gender", texts(GENDERS)[drawn])


def style(field: str, company: Company) -> Floats:
    """One of the working-style scales, 0 to 1 in steps of a quarter."""
    drive, order = company.stream("style").standard_normal((2, company.size))
    own = company.stream(field).standard_normal(company.size)
    towards = STYLES[field]
    with_age = FORMAL_WITH_AGE if field == "style_formality" else 0.0
    rest = math.sqrt(1 - towards[0] ** 2 - towards[1] ** 2 - with_age**2)
    score = towards[0] * drive + towards[1] * order + with_age * elder(company) + rest * own
    scale = chosen(luck(score), STYLE_SHARES) / 4
    return holed(company, field, scale[company.speaker])


def elder(company: Company) -> Floats:
    """How far above the usual age somebody is, in standard deviations of the published sample."""
    return (years(company)[0] - 36.9) / 9.1


def luck(score: Floats) -> Floats:
    """Standard normal numbers as numbers in (0, 1), close enough to their distribution function."""
    return np.asarray(1 / (1 + np.exp(-1.702 * score)))


def star(company: Company) -> Floats:
    """How good somebody is known to be, a standard normal number: some are stars, most are not."""
    return company.stream("star").standard_normal(company.size)


def reference_rating(company: Company) -> Floats:
    """The mean of references, on a scale of 1 to 5."""
    return _rating("reference_rating", company)


def communication_rating(company: Company) -> Floats:
    """How well somebody explains and listens, on a scale of 1 to 5."""
    return _rating("communication_rating", company)


def _rating(field: str, company: Company) -> Floats:
    own = company.stream(field).standard_normal(company.size)
    score = RATING_TRUE * star(company) + math.sqrt(1 - RATING_TRUE**2) * own
    rating = np.clip(np.round(RATING_MEAN + RATING_SPREAD * score, 1), 1, 5)
    return holed(company, field, rating[company.speaker])
