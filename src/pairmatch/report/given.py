"""What the page tells beside the matching itself: results handed in, or worked out for a small cohort."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pairmatch.diagnose import Diagnosis, diagnose
from pairmatch.errors import CallError, Finding, NoSolutionError, PolicyError
from pairmatch.trade_off import TradeOff, trade_off
from pairmatch.uplift import Uplift, uplift

if TYPE_CHECKING:
    from pairmatch.matching import Matching

__all__ = ["Given", "given"]

MOST_PAIRS = {"uplift": 250_000, "diagnosis": 250_000, "trade_off": 60_000}
"""Possible pairs up to which something is worked out unasked."""

MOST_TRIED = 100_000
"""Possible pairs up to which a diagnosis that was not asked for tries what would help, too."""

SECONDS = 20.0
"""Time limit of what is worked out unasked, each, for slow machines; a result that was cut short says so."""

PASSING = "Not worked out for this short page; pm.report and the command “pairmatch report” tell it."

KINDS = {"diagnosis": Diagnosis, "uplift": Uplift, "trade_off": TradeOff}

VERBS = {"diagnosis": "diagnose", "uplift": "uplift", "trade_off": "trade_off"}


@dataclass(frozen=True)
class Given:
    """What there is to tell.

    Attributes
    ----------
    diagnosis, uplift, trade_off
        Results; None where there are none.
    missing
        For each that is missing, a sentence that says why, or how to add it.
    """

    diagnosis: Diagnosis | None = None
    uplift: Uplift | None = None
    trade_off: TradeOff | None = None
    missing: Mapping[str, str] = field(default_factory=dict)


def given(matching: Matching, results: Mapping[str, Any], audience: str, *, thorough: bool) -> Given:
    """The results handed in, and for a small cohort those that were not.

    Parameters
    ----------
    results
        By name what was handed in, or None.
    audience
        For whom the page is.
    thorough
        Whether anything is worked out unasked.

    Raises
    ------
    CallError
        If something was handed in that is not what it should be, or not for this audience.
    """
    _refuse(results, matching, audience)
    found = {name: result for name, result in results.items() if result is not None}
    missing: dict[str, str] = {}
    for name, work in _works(matching, audience).items():
        if name in found:
            continue
        if not thorough or _size(matching) > MOST_PAIRS[name]:
            missing[name] = _how(name) if thorough else PASSING
            continue
        try:
            found[name] = work()
        except (CallError, PolicyError):
            missing[name] = "This policy gives nothing to tell here."
        except NoSolutionError:
            missing[name] = _how(name)
    if thorough and results["diagnosis"] is None and _size(matching) > MOST_TRIED:
        missing["diagnosis"] = _how("diagnosis")
    return Given(**found, missing=missing)


def _works(matching: Matching, audience: str) -> dict[str, Callable[[], Any]]:
    between = ("total", "spread") if matching.policy.cohort_goals else ("total", "worst")
    return {
        "diagnosis": lambda: diagnose(
            matching, audience=audience, relaxations=_size(matching) <= MOST_TRIED, time_limit=SECONDS
        ),
        "uplift": lambda: uplift(matching),
        "trade_off": lambda: trade_off(matching, between=between, time_limit=SECONDS),
    }


def _refuse(results: Mapping[str, Any], matching: Matching, audience: str) -> None:
    """What was handed in is of its kind; a diagnosis is of this matching, and for those who read the page."""
    wrong = [
        Finding("bad_argument", f"must be what pairmatch.{VERBS[name]}(matching) returned", column=name)
        for name, result in results.items()
        if result is not None and not isinstance(result, KINDS[name])
    ]
    if wrong:
        raise CallError(wrong)
    diagnosis = results["diagnosis"]
    if diagnosis is not None and audience == "lead" and diagnosis.audience != audience:
        hint = f"this diagnosis is for the {diagnosis.audience}; make one for the {audience}"
        raise CallError([Finding("other_audience", hint, column="diagnosis")])
    if diagnosis is not None and not _is_about(diagnosis, matching):
        hint = "this diagnosis is of another matching: other people are without a partner there"
        raise CallError([Finding("other_matching", hint, column="diagnosis")])


def _is_about(diagnosis: Diagnosis, matching: Matching) -> bool:
    """Whether all whom it tells of have no partner, and, where it tells of several, nobody else has none."""
    told = {(one.role, one.id) for one in diagnosis.people}
    left = {(one.role, one.id) for one in matching.left}
    return told <= left if len(told) == 1 else told == left


def _size(matching: Matching) -> int:
    """Possible pairs."""
    cohort = matching.cohort
    return int(cohort.mentors.active.sum()) * int(cohort.mentees.active.sum())


def _how(name: str) -> str:
    return (
        f"Not worked out, as it takes its time here; pm.report(…, {name}=pm.{VERBS[name]}(matching)) adds it."
    )
