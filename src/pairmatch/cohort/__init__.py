"""Profiles come in here: schema, readers, organisation chart, field classes.

The only room that distrusts its input; whatever leaves it has been checked.
"""

from __future__ import annotations

from pairmatch.cohort.block import Block, Pairs
from pairmatch.cohort.cohort import Cohort
from pairmatch.cohort.fields import Field
from pairmatch.cohort.organisation import Organisation
from pairmatch.cohort.preferences import Preferences
from pairmatch.cohort.profiles import Person, Profiles
from pairmatch.cohort.schema import Schema
from pairmatch.terms import Term, normalise

__all__ = [
    "Block",
    "Cohort",
    "Field",
    "Organisation",
    "Pairs",
    "Person",
    "Preferences",
    "Profiles",
    "Schema",
    "Term",
    "normalise",
]
