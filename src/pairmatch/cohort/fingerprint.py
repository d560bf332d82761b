"""The fingerprint of a cohort: equal for equal content, whatever the row order and the file's dialect."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from pairmatch.cohort.fields import CONSENT
from pairmatch.cohort.profiles import Profiles

if TYPE_CHECKING:
    from pairmatch.cohort.cohort import Cohort

__all__ = ["fingerprint"]

FORMAT = "pairmatch cohort 1"
"""Changes when the fingerprint of the same content changes."""


def fingerprint(cohort: Cohort) -> str:
    """SHA-256 of everything in a cohort that rules and goals can see, as 64 hexadecimal digits."""
    digest = hashlib.sha256(FORMAT.encode())
    for part in _parts(cohort):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _parts(cohort: Cohort) -> Iterator[bytes]:
    for people in (cohort.mentors, cohort.mentees):
        yield from _profiles(people)
    chart = cohort.organisation
    yield _json(None if chart is None else [chart.lines, sorted(filter(chart.missing, chart.ids))])
    history = cohort.history
    yield _json(None if history is None else sorted(set(history)))
    yield from _further(cohort)


def _further(cohort: Cohort) -> Iterator[bytes]:
    """What only some cohorts have: it counts where it is there, so that the others stay what they were."""
    named = (*cohort.fields, *(() if cohort.coaches is None else cohort.coaches.fields))
    if cohort.thesaurus.concepts and any(cohort.schema.all_fields[name].meaning for name in named):
        yield _json(["thesaurus", cohort.thesaurus.fingerprint])
    if cohort.ended:
        yield _json(["ended", [(*pair, day and day.isoformat()) for pair, day in cohort.ended.items()]])
    if cohort.preferences is not None:
        yield _json(["preferences", cohort.preferences.wishes])
    if cohort.vetoes is not None:
        yield _json(["vetoes", sorted(set(cohort.vetoes))])
    if cohort.coaches is not None:
        yield _json(["coaches"])
        yield from _profiles(cohort.coaches)


def _profiles(people: Profiles) -> Iterator[bytes]:
    order = sorted(range(len(people)), key=people.ids.__getitem__)
    yield _json([people.ids[k] for k in order])
    for name in sorted(set(people.fields) - {CONSENT}):
        kind = people.kind(name)
        yield _json([name, kind])
        if kind == "number":
            numbers = people.number(name)[order]
            yield np.where(np.isnan(numbers), np.nan, numbers).astype("<f8").tobytes()
        elif kind == "bool":
            yield people.flag(name)[order].astype("<i1").tobytes()
        elif kind == "text":
            yield _json(people.text(name)[order].tolist())
        else:
            terms = people.terms(name)
            yield _json([terms[k] for k in order])


def _json(data: object) -> bytes:
    """Plain data as ASCII; one way to write it, so that equal data give equal bytes."""
    return json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode("ascii")
