"""Each thing that may be given up, tried by solving with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pairmatch.diagnosing.outcome import Outcome
from pairmatch.diagnosing.relaxation import Relaxation
from pairmatch.errors import NoSolutionError
from pairmatch.problem import Progress, Report

if TYPE_CHECKING:
    from pairmatch.diagnosing.diagnosed import Diagnosed
    from pairmatch.diagnosing.instant import Instant
    from pairmatch.diagnosing.solving import Solving
    from pairmatch.diagnosing.trial import Trial

__all__ = ["Trying", "best_first"]

OF_ONE_RULE = 3
"""Exceptions from one rule that are told for one person: the best ones."""

OF_EACH_KIND = 3
"""Relaxations of each kind that are told before more of another kind are."""


class Trying:
    """Tries what may be given up for some people.

    Parameters
    ----------
    solving
        Solves again.
    instant
        Tries places and exceptions without solving anew; None where that cannot be.
    people
        Those who are asked about.
    report
        Told after each.
    anew
        Whether what cannot be tried at once is solved anew.
    """

    def __init__(
        self,
        solving: Solving,
        instant: Instant | None,
        people: Iterable[Diagnosed],
        report: Report | None = None,
        *,
        anew: bool = True,
    ) -> None:
        self._solving, self._instant, self._report, self._anew = solving, instant, report, anew
        self._asked = {(one.role, one.id) for one in people}
        self._done = 0

    def for_all(self, trials: Iterable[Trial]) -> tuple[list[Relaxation], bool]:
        """What serves more of the people than lose their partner by it, and whether all could be tried."""
        found = []
        try:
            for trial in trials:
                outcome = self._outcome(trial)
                if outcome is not None and self._is_gain(outcome):
                    found.append(self._relaxation(trial, outcome))
        except NoSolutionError:
            return found, False
        return found, True

    def for_one(
        self, trials: Iterable[Trial], one: Diagnosed, place: int, most_forced: int
    ) -> tuple[list[Relaxation], bool]:
        """What serves one person at a lower price than it costs without giving anything up.

        Parameters
        ----------
        trials
            What is tried.
        one, place
            The person, and their position.
        most_forced
            Of what serves others in their stead, so many of each kind are solved again with them served.
        """
        now, found, others = one.displacement, [], []
        price = _order(now.costs) if now is not None and now.possible else None
        try:
            for trial in trials:
                outcome = self._outcome(trial)
                if outcome is not None and self._asked <= set(outcome.served):
                    if price is None or outcome.order < price:
                        found.append(self._relaxation(trial, outcome))
                else:
                    others.append((outcome.order if outcome is not None else (), trial))
            for trial in _few_of_each(others, most_forced):
                outcome = self._forced(trial, (one.role, place))
                if outcome is not None and (price is None or outcome.order < price):
                    found.append(self._relaxation(trial, outcome, forced=True))
        except NoSolutionError:
            return found, False
        return found, True

    def _outcome(self, trial: Trial) -> Outcome | None:
        self._tell()
        self._solving.check_time()
        outcome = None if self._instant is None else self._instant.outcome(trial)
        if outcome is None and self._anew:
            return self._solving.changed(trial)
        return outcome

    def _forced(self, trial: Trial, person: tuple[str, int]) -> Outcome | None:
        """What it changes where the person is served; by paths, where nobody else who waits is."""
        self._tell()
        if self._anew:
            return self._solving.changed(trial, person)
        self._solving.check_time()
        outcome = None if self._instant is None else self._instant.outcome(trial, person)
        served = outcome is not None and any(role == person[0] for role, _ in outcome.served)
        return replace(outcome, exact=False) if outcome is not None and served else None

    def _tell(self) -> None:
        if self._report is not None:
            self._report(Progress("trying relaxations", self._done))
        self._done += 1

    def _is_gain(self, outcome: Outcome) -> bool:
        """Whether more people of a role are served than lose their partner."""
        served = Counter(person[0] for person in outcome.served if person in self._asked)
        lost = Counter(role for role, _ in outcome.unmatched)
        return any(served[role] > lost[role] for role in served)

    def _relaxation(self, trial: Trial, outcome: Outcome, *, forced: bool = False) -> Relaxation:
        return Relaxation(
            words=trial.words,
            kind=trial.kind,
            rule=trial.rule,
            role=trial.role,
            id=trial.id,
            mentor=trial.mentor,
            mentee=trial.mentee,
            people=tuple(person for person in outcome.served if person in self._asked),
            unmatched=outcome.unmatched,
            cost=outcome.cost,
            costs=outcome.costs,
            changed=outcome.changed,
            lost=outcome.lost,
            exact=outcome.exact,
            forced=forced,
            eased=trial.eased,
        )


def _few_of_each(others: list[tuple[tuple[float, ...], Trial]], most: int) -> list[Trial]:
    """Of each kind so many, those first that lose least."""
    seen = Counter[str]()
    picked = []
    for _, trial in sorted(others, key=lambda other: other[0]):
        seen[trial.kind] += 1
        if seen[trial.kind] <= most:
            picked.append(trial)
    return picked


def best_first(found: Iterable[Relaxation], most: int) -> list[Relaxation]:
    """At most so many, sorted: most are served beyond those who lose their partner, then least is lost.

    A few of each kind are among them, however many there are of another; of one person's exceptions from one
    rule only the best few.
    """

    def key(one: Relaxation) -> tuple[Any, ...]:
        whole = one.kind == "rule_off"
        served, lost = len(one.people), len(one.unmatched)
        return (lost - served, lost, one.forced, whole, _order(one.costs), one.kind, one.words)

    ranked = list(_few_exceptions(sorted(found, key=key)))
    seen = Counter[str]()
    first: list[Relaxation] = []
    rest: list[Relaxation] = []
    for one in ranked:
        seen[one.kind] += 1
        (first if seen[one.kind] <= OF_EACH_KIND else rest).append(one)
    return sorted([*first, *rest][:most], key=key)


def _few_exceptions(ranked: Iterable[Relaxation]) -> Iterator[Relaxation]:
    """Without exceptions from a rule of which enough are told already for one of the two people."""
    seen = Counter[tuple[str, str, str]]()
    for one in ranked:
        if one.kind == "exception":
            two = (one.rule, "mentor", one.mentor), (one.rule, "mentee", one.mentee)
            if max(seen[key] for key in two) >= OF_ONE_RULE:
                continue
            seen.update(two)
        yield one


def _order(costs: Mapping[str, float]) -> tuple[float, ...]:
    return tuple(round(cost, 6) for cost in costs.values())
