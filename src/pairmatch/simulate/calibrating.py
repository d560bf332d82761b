"""``simulate.calibrated``: assumptions under which simulated years show the figures that are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.errors import CallError, Finding
from pairmatch.simulate.asking import Asked
from pairmatch.simulate.fate import draw
from pairmatch.simulate.intervals import interval
from pairmatch.simulate.life import Life
from pairmatch.simulate.measures import MEASURES, measured
from pairmatch.simulate.pairing import Remembered
from pairmatch.simulate.plan import Plan
from pairmatch.simulate.world import World
from pairmatch.simulate.year import Year

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Calibration", "calibrated"]

REPORTED = Plan(name="as programmes do", matching="greedy", rematch=False)
"""How the programmes that known figures come from are taken to be run: pairs by hand, and no second one."""

STEPS = 12
"""Simulated samples for each search of one assumption, at most."""

CLOSE = 0.0005
"""A search ends this near its target: nearer than chance moves an average of some hundred runs."""

ROUNDS = 2
"""Early ends act on each other, so their searches are gone through so often."""


@dataclass(frozen=True, eq=False, repr=False)
class Calibration:
    """Assumptions fitted to known figures. Made by :func:`calibrated`.

    Attributes
    ----------
    life
        The assumptions.
    table
        A row per figure: ``measure``, ``target``, and its ``mean`` in runs that were not used for the search,
        with the interval of 95 % from ``low`` to ``high``.
    plan
        Under which the figures were to come out.
    """

    life: Life
    table: pd.DataFrame
    plan: Plan

    def __repr__(self) -> str:
        told = (f"{row.measure} {row.mean:.3f} for {row.target:.3f}" for row in self.table.itertuples())
        return f"<Calibration: {', '.join(told)}>"

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False))


def calibrated(
    world: World,
    life: Life | None = None,
    *,
    dropout: float | None = 0.125,
    failed: float | None = None,
    completing: float | None = 0.70,
    satisfied: float | None = 0.80,
    plan: Plan | None = None,
    runs: int = 200,
    seed: int = 0,
) -> Calibration:
    """Find assumptions under which simulated years show the figures that a programme knows.

    Each figure has its own assumption, found by simulation under the same fates: ``dropout`` scales the rates
    at which mentors and mentees leave, in their proportion; ``failed`` sets ``failing``, ``completing`` sets
    ``attending``, and ``satisfied`` itself. The answer's figures are of other runs than those of the search.

    Parameters
    ----------
    world
        The people.
    life
        What else is assumed; None for the defaults.
    dropout, failed, completing, satisfied
        The figures, in (0, 1), as `simulate.MEASURES` defines them; None to leave an assumption as it is. The
        defaults are the middle of 10 to 15 %, and what one programme and one toolkit report.
    plan
        How the programme is run that they come from; None for heaviest pairs first and no re-matching.
    runs
        Simulated years for the search, and as many for the answer.
    seed
        At least 0.

    Raises
    ------
    CallError
        If an argument is of the wrong kind or out of its range, or a figure cannot be reached.

    Examples
    --------
    >>> import pairmatch as pm
    >>> from pairmatch import simulate
    >>> cohort = pm.datasets.synthetic(mentors=40, mentees=30, seed=1)
    >>> world = simulate.World.of(cohort, pm.datasets.synthetic_policy())
    >>> found = simulate.calibrated(world, completing=0.6, dropout=None, satisfied=None, runs=100)
    >>> bool(abs(found.table.loc[0, "mean"] - 0.6) < 0.03)
    True
    """
    targets = {"dropout": dropout, "failed": failed, "completing": completing, "satisfied": satisfied}
    wanted = {name: target for name, target in targets.items() if target is not None}
    _check(world, life, plan, wanted, runs=runs, seed=seed)
    sample = _Sample(world, plan or REPORTED, range(runs), seed)
    found = life or Life()
    early = [name for name in ("dropout", "failed") if name in wanted]
    late = [name for name in ("completing", "satisfied") if name in wanted]
    for name in early * (ROUNDS if len(early) > 1 else 1) + late:
        found = _fitted(sample, found, name, wanted[name])
    fresh = _Sample(world, sample.plan, range(runs, 2 * runs), seed)
    return Calibration(found, _reached(fresh, found, wanted), sample.plan)


class _Sample:
    """Some runs with their fates, in which assumptions are tried out."""

    def __init__(self, world: World, plan: Plan, runs: range, seed: int) -> None:
        self.world, self.plan, self._runs, self._seed = world, plan, runs, seed
        self._known = Remembered()
        self._drawn: dict[tuple[float, ...], Any] = {}

    def measured(self, life: Life) -> dict[str, Any]:
        """Each measure of each run."""
        # What is searched for does not change the fates, which are what takes time to draw.
        made_of = (life.months, life.insight, life.mentors_part)
        if made_of not in self._drawn:
            self._drawn[made_of] = draw(self.world, life, self._runs, self._seed)
        return measured(Year(self.world, life, self.plan, self._drawn[made_of], self._known).live())


def _leaving(life: Life, power: float) -> Life:
    """Both sides leave e to the power times as fast."""
    mentor, mentee, _ = life.hazards()
    shares = (min(0.999, float(-np.expm1(-12 * rate * np.exp(power)))) for rate in (mentor, mentee))
    mentor_share, mentee_share = shares
    return replace(life, mentor_leaving=mentor_share, mentee_leaving=mentee_share)


def _failing(life: Life, power: float) -> Life:
    return replace(life, failing=min(0.999, float(-np.expm1(-np.exp(power)))))


def _attending(life: Life, odds: float) -> Life:
    return replace(life, attending=_share(odds))


def _satisfied(life: Life, odds: float) -> Life:
    return replace(life, satisfied=_share(odds))


def _share(odds: float) -> float:
    return float(1 / (1 + np.exp(-odds)))


Set = Callable[[Life, float], Life]

SEARCHED: Mapping[str, tuple[Set, float, float]] = {
    "dropout": (_leaving, -6.0, 4.0),
    "failed": (_failing, -12.0, 1.5),
    "completing": (_attending, -8.0, 8.0),
    "satisfied": (_satisfied, -8.0, 8.0),
}
"""How each figure's assumption is set, and between which numbers it is searched; the figure rises with it."""


def _fitted(sample: _Sample, life: Life, name: str, target: float) -> Life:
    """The assumptions with one of them set so that its figure is the target in the sample."""
    set_, low, high = SEARCHED[name]

    def beyond(number: float) -> float:
        return float(np.nanmean(sample.measured(set_(life, number))[name])) - target

    below, above = beyond(low), beyond(high)
    if below > 0 or above < 0:
        nearest = target + (below if below > 0 else above)
        hint = f"no assumption reaches {target:g} with the others as they are; the nearest is {nearest:.3f}"
        raise CallError([Finding("out_of_reach", hint, column=name)])
    return set_(life, _root(beyond, low, high, below, above))


def _root(beyond: Callable[[float], float], low: float, high: float, below: float, above: float) -> float:
    """Where a rising function is 0, nearly: false position, bisecting where that is slow.

    References
    ----------
    Dowell and Jarratt 1971, the Illinois algorithm, https://doi.org/10.1007/BF01934364.
    """
    middle, side = (low + high) / 2, 0
    for step in range(STEPS):
        # The function is flat far out, where a straight line leads nowhere: first halve the way.
        middle = (low + high) / 2 if step < 3 else (low * above - high * below) / (above - below)
        value = beyond(middle)
        if abs(value) <= CLOSE:
            break
        if value > 0:
            high, above, below = middle, value, below / 2 if side > 0 else below
        else:
            low, below, above = middle, value, above / 2 if side < 0 else above
        side = 1 if value > 0 else -1
    return middle


def _reached(sample: _Sample, life: Life, wanted: Mapping[str, float]) -> pd.DataFrame:
    import pandas as pd

    figures = sample.measured(life)
    rows = [(name, target, *interval(figures[name], 0.95)) for name, target in wanted.items()]
    return pd.DataFrame(rows, columns=["measure", "target", "mean", "low", "high"])


def _check(world: object, life: object, plan: object, wanted: Mapping[str, Any], **numbers: Any) -> None:
    asked = Asked("calibrated")
    asked.kind("world", world, World, "a World, as World.of(cohort, policy) makes it")
    if life is not None:
        asked.kind("life", life, Life, "a Life, or None")
    if plan is not None:
        asked.kind("plan", plan, Plan, "a Plan, or None")
    for name, target in wanted.items():
        asked.share(name, target, open_=True)
    asked.whole("runs", numbers["runs"], 2, 100_000)
    asked.whole("seed", numbers["seed"], 0, 2**63 - 1)
    if not wanted:
        names = ", ".join(name for name in MEASURES if name in SEARCHED)
        asked.refuse("dropout", f"there is nothing to search for; give one of {names}.")
    asked.done()
