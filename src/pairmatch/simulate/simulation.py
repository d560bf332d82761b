"""What came out of simulated years, as tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pairmatch.errors import counted
from pairmatch.simulate.asking import Asked
from pairmatch.simulate.intervals import interval
from pairmatch.simulate.life import Life
from pairmatch.simulate.measures import MEASURES
from pairmatch.simulate.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Simulation"]

BANDS = ("mean", "low", "high")


@dataclass(frozen=True, eq=False, repr=False)
class Simulation:
    """Simulated years under several plans. Made by :func:`pairmatch.simulate.run`.

    Intervals tell how far the chance of a limited number of runs may have moved an average. They do not tell
    how far the assumptions are right, nor how other cohorts fare.

    Attributes
    ----------
    runs
        A row per plan and run: ``plan``, ``run``, and a column for each of
        :data:`~pairmatch.simulate.MEASURES`.
    months
        A row per plan, run and month, as they stand at its end: pairs ``running``, mentees ``waiting``;
        mentees who have ``completed`` at least 5 of 7 sessions, and people who have ``left`` before their
        part was done, both so far.
    pairs
        A row per pair ever made: ``plan``, ``run``, ``mentor``, ``mentee``, ``first`` and ``last`` month,
        ``sessions`` held, and how it ``ended``: done, mentee_left, mentor_left, failed, or still running.
    plans, life, seed
        What was simulated.
    """

    runs: pd.DataFrame
    months: pd.DataFrame
    pairs: pd.DataFrame
    plans: tuple[Plan, ...]
    life: Life
    seed: int

    def table(self, confidence: float = 0.95) -> pd.DataFrame:
        """Each plan's figures: ``plan``, ``measure``, ``mean`` over the runs, ``low`` and ``high``.

        Parameters
        ----------
        confidence
            Of the interval from low to high, in (0, 1).
        """
        _check(confidence)
        figures = {plan.name: self._figures(plan.name) for plan in self.plans}
        return _banded(figures, confidence)

    def differences(self, against: str, confidence: float = 0.95) -> pd.DataFrame:
        """How much more each other plan has than one of them, run by run under the same fates.

        Parameters
        ----------
        against
            Name of the plan that the others are held against.
        confidence
            Of the interval from low to high, in (0, 1); of each difference by itself.

        Returns
        -------
        pandas.DataFrame
            As :meth:`table`; ``mean`` is the average difference.

        Raises
        ------
        CallError
            If there is no plan of that name.
        """
        _check(confidence, against, [plan.name for plan in self.plans])
        base = self._figures(against)
        others = [plan.name for plan in self.plans if plan.name != against]
        return _banded({name: self._figures(name) - base for name in others}, confidence)

    def _figures(self, plan: str) -> npt.NDArray[np.float64]:
        """One plan's measures, runs by measures."""
        rows = self.runs[self.runs["plan"] == plan]
        return rows[list(MEASURES)].to_numpy(np.float64)

    def __repr__(self) -> str:
        plans = ", ".join(plan.name for plan in self.plans)
        runs = counted(self.runs["run"].nunique(), "run")
        return f"<Simulation of {counted(self.life.months, 'month')}, {runs} each: {plans}>"

    def _repr_html_(self) -> str:
        wide = self.table().pivot(index="measure", columns="plan", values="mean")
        return str(wide.loc[list(MEASURES), [plan.name for plan in self.plans]].round(3).to_html())


def _banded(figures: dict[str, npt.NDArray[np.float64]], confidence: float) -> pd.DataFrame:
    import pandas as pd

    rows = [
        (plan, measure, *interval(values[:, place], confidence))
        for plan, values in figures.items()
        for place, measure in enumerate(MEASURES)
    ]
    return pd.DataFrame(rows, columns=["plan", "measure", *BANDS])


def _check(confidence: object, against: object = None, names: list[str] | None = None) -> None:
    asked = Asked("Simulation")
    asked.share("confidence", confidence, open_=True)
    if names is not None:
        asked.one_of("against", against, names)
    asked.done()
