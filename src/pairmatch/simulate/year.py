"""One plan lived through, month by month, under many fates at once."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from pairmatch.simulate.fate import Fates
from pairmatch.simulate.life import Life
from pairmatch.simulate.pairing import Question, Remembered, best, greedy, in_order
from pairmatch.simulate.plan import Plan
from pairmatch.simulate.reserves import kept_back
from pairmatch.simulate.surveys import corrected
from pairmatch.simulate.world import FINE, World

__all__ = ["ENDS", "Year"]

Rows = NDArray[np.int64]

ENDS = ("done", "mentee_left", "mentor_left", "failed", "running")
"""How a pair ended, or that it had not when the year was over; the first that applies is told."""

DONE, MENTEE_LEFT, MENTOR_LEFT, FAILED, RUNNING = range(len(ENDS))

COUNTS = ("running", "waiting", "completed", "left")
"""What is counted at the end of each month."""


@dataclass
class People:
    """The state of one side in every run, ``(runs, people)``.

    Attributes
    ----------
    joins, until
        First month, and the month at whose end somebody left, drifted away or was done; after the last month
        for all others.
    waited
        Rounds of matching that have left somebody without a pair, since the last one.
    left, ever, lost
        Who has left, who ever had a pair, and who left before their part was done.
    risk
        How much risk of leaving each has been through.
    """

    joins: Rows
    until: Rows
    waited: Rows
    left: NDArray[np.bool_]
    ever: NDArray[np.bool_]
    lost: NDArray[np.bool_]
    risk: NDArray[np.float64]

    @classmethod
    def fresh(cls, joins: Rows, months: int) -> People:
        """Nobody has done anything yet."""
        none = np.zeros(joins.shape, bool)
        return cls(
            joins,
            np.full(joins.shape, months),
            np.zeros_like(joins),
            none,
            none.copy(),
            none.copy(),
            np.zeros(joins.shape),
        )

    def here(self, month: int) -> NDArray[np.bool_]:
        """Who has joined and not left."""
        return np.asarray((self.joins <= month) & ~self.left)


class Year:
    """The state of a programme in every run; :meth:`live` goes through the months.

    Parameters
    ----------
    world, life, plan
        The people, the assumptions, and how the programme is run.
    fates
        What chance holds for each run.
    known
        Answers about pairs found already under plans of the same kind of matching; added to.
    """

    def __init__(self, world: World, life: Life, plan: Plan, fates: Fates, known: Remembered) -> None:
        self.world, self.life, self.plan, self.fates, self._known = world, life, plan, fates, known
        self.runs = len(fates.chemistry)
        joins = [_months(places, life) for places in (fates.mentor_joins, fates.mentee_joins)]
        starts = np.asarray(plan.waves)[(fates.wave * len(plan.waves)).astype(np.int64)]
        self.mentors = People.fresh(joins[0], life.months)
        self.mentees = People.fresh(np.maximum(joins[1], starts), life.months)
        whole = joins[1].shape
        self.pair, self.since, self.planned, self.held, self.idle, self.between = (
            np.zeros(whole, np.int64) for _ in range(6)
        )
        self.running, self.done = np.zeros(whole, bool), np.zeros(whole, bool)
        self.strain = np.zeros(whole)
        self.meets = np.zeros((*whole, life.months), bool)
        self.here_held = np.zeros(whole, np.int64)
        mentors = joins[0].shape
        self.load = np.zeros(mentors, np.int64)
        self.finished, self.retired, self.drifted, self.reserve = (np.zeros(mentors, bool) for _ in range(4))
        self.adrift = np.zeros(mentors)
        self.tried = np.zeros(fates.chemistry.shape, bool)
        self.counts = np.zeros((len(COUNTS), self.runs, life.months), np.int64)
        self.ended: list[Rows] = []

    def live(self) -> Year:
        """Go through all months."""
        for month in range(self.life.months):
            if month % self.plan.every == 0:
                self._match(month)
            self._meet(month)
            self._age(month)
            self._count(month)
        self._end(self.running, RUNNING, self.life.months - 1)
        return self

    @property
    def pairs(self) -> Rows:
        """A row per pair ever made: run, pair, first month, last month, sessions held, number in `ENDS`."""
        return np.concatenate(self.ended)

    def said(self, run: NDArray[np.integer], pair: NDArray[np.integer]) -> NDArray[np.float64]:
        """What mentees say of pairs in a survey, above 0 where they are satisfied."""
        bar = -self.life.noise * NormalDist().inv_cdf(self.life.satisfied)
        return np.asarray(
            self.fates.chemistry[run, pair] + self.life.noise * self.fates.luck[run, pair] - bar
        )

    @property
    def satisfied(self) -> NDArray[np.bool_]:
        """Which mentees said of their last mentor that the match is good; False for those who had none."""
        return np.asarray((self.said(np.arange(self.runs)[:, None], self.pair) > 0) & self.mentees.ever)

    def _match(self, month: int) -> None:
        """A round of matching: everybody who waits, and every free place."""
        here = self.mentees.here(month) & ~self.done & ~self.running
        new = here & ~self.mentees.ever
        waiting = new | here if self.plan.rematch else new
        if waiting.any():
            self._start(self._made(self._question(month, waiting, new)), month)
        alone = self._free(month) & (self.load == 0)
        for side, left in ((self.mentors, alone), (self.mentees, waiting & ~self.running)):
            side.waited = np.where(left, side.waited + 1, 0)
        last = self.plan.waves[-1]
        if self.plan.reserve and last <= month < last + self.plan.every:
            self.reserve = kept_back(self.world, alone, self.plan.reserve)

    def _made(self, asked: Question) -> NDArray[np.bool_]:
        """The pairs that the plan's way of matching makes."""
        if self.plan.matching == "random":
            return in_order(self.world, asked, self.fates.chance)
        way = best if self.plan.matching == "best" else greedy
        return way(self.world, asked, self._known)

    def _free(self, month: int) -> NDArray[np.bool_]:
        """Mentors who are there for another pair."""
        room = self.load < self.world.problem.loads.mentor_capacity
        return np.asarray(self.mentors.here(month) & ~self.drifted & ~self.retired & room)

    def _question(self, month: int, waiting: NDArray[np.bool_], new: NDArray[np.bool_]) -> Question:
        problem, plan = self.world.problem, self.plan
        free = self._free(month)
        places = np.where(free, problem.loads.mentor_capacity - self.load, 0)
        open_ = waiting[:, problem.mentee] & free[:, problem.mentor] & ~self.tried
        if plan.reserve:
            open_ &= ~(new[:, problem.mentee] & self.reserve[:, problem.mentor])
        if plan.threshold:
            choosy = new & (month - self.mentees.joins < plan.patience) & ~problem.must_match
            open_ &= ~choosy[:, problem.mentee] | (problem.weight >= plan.threshold * problem.unit)
        weight = self.world.fine
        if plan.feedback and self.tried.any():
            weight = corrected(self.world, self.life, self.fates, self.tried) * FINE + self.world.tie
        return Question(open_, places, self.mentors.waited, self.mentees.waited, weight)

    def _start(self, made: NDArray[np.bool_], month: int) -> None:
        """Pairs begin."""
        run, pair = np.nonzero(made)
        mentor, mentee = self.world.problem.mentor[pair], self.world.problem.mentee[pair]
        self.tried |= made
        self.pair[run, mentee], self.since[run, mentee] = pair, month
        self.strain[run, mentee], self.here_held[run, mentee] = 0.0, 0
        self.running[run, mentee] = True
        np.add.at(self.load, (run, mentor), 1)
        self.mentees.ever[run, mentee] = True
        self.mentors.ever[run, mentor] = True
        self.reserve[run, mentor] = False

    def _chemistry(self) -> NDArray[np.float64]:
        """Chemistry of each mentee's pair, which is of no meaning for those without one."""
        return self.fates.chemistry[np.arange(self.runs)[:, None], self.pair].astype(np.float64)

    def _meet(self, month: int) -> None:
        """A session is planned for every running pair; good chemistry makes it likely that it is held."""
        odds = np.log(self.life.attending / (1 - self.life.attending)) + self.life.effect * self._chemistry()
        holds = self.running & (self.fates.attendance[:, :, month] < 1 / (1 + np.exp(-odds)))
        self.planned += self.running
        self.held += holds
        self.meets[:, :, month] = holds
        self.here_held += holds

    def _age(self, month: int) -> None:
        """Pairs are done, people leave, pairs fail, idle mentors drift away."""
        life, fates = self.life, self.fates
        mentor_rate, mentee_rate, failing = life.hazards()
        finished = self.running & (self.planned >= life.sessions)
        self._finish(finished, month)
        idle = self.mentees.ever & ~self.running & ~self.done
        here = self.mentees.here(month) & ~self.done
        self.mentees.risk += mentee_rate * self.world.mentee_risk * here * np.where(idle, life.waiting, 1.0)
        leaving = here & (self.mentees.risk > fates.mentee_strength)
        self._leave(self.mentees, leaving, leaving, month)
        self._end(self.running & leaving, MENTEE_LEFT, month)
        here = self.mentors.here(month) & ~self.drifted
        alone = self.mentors.ever & (self.load == 0) & ~self.finished
        self.mentors.risk += mentor_rate * self.world.mentor_risk * here * np.where(alone, life.waiting, 1.0)
        leaving = here & (self.mentors.risk > fates.mentor_strength)
        self._leave(self.mentors, leaving, leaving & ~(self.finished & (self.load == 0)), month)
        mentor = self.world.problem.mentor[self.pair]
        self._end(self.running & np.take_along_axis(leaving, mentor, 1), MENTOR_LEFT, month)
        self.strain += failing * np.exp(-life.effect * self._chemistry()) * self.running
        strength = fates.strength[np.arange(self.runs)[:, None], self.pair]
        self._fail(self.running & (self.strain > strength), month)
        self._drift(month)

    def _finish(self, finished: NDArray[np.bool_], month: int) -> None:
        """All sessions have been planned: mentees are done, and mentors free."""
        run, mentee = np.nonzero(finished)
        self.finished[run, self.world.problem.mentor[self.pair[run, mentee]]] = True
        self._end(finished, DONE, month)
        self.retired |= self.finished & (self.fates.resolve < 1 - self.life.staying)
        self.done |= finished
        self.mentees.until[finished] = month

    def _leave(self, side: People, leaving: NDArray[np.bool_], lost: NDArray[np.bool_], month: int) -> None:
        """People leave; those who had a pair and whose part was not done are lost."""
        side.until[leaving] = month
        side.left |= leaving
        side.lost |= lost & side.ever

    def _fail(self, failed: NDArray[np.bool_], month: int) -> None:
        """Pairs do not work out; some of their mentors want no other."""
        run, mentee = np.nonzero(failed)
        self._end(failed, FAILED, month)
        back = np.zeros(self.load.shape, bool)
        back[run, self.world.problem.mentor[self.pair[run, mentee]]] = True
        back &= (self.fates.resolve < self.life.stepping_back) & (self.load == 0)
        self._leave(self.mentors, back & ~self.mentors.left, back, month)

    def _drift(self, month: int) -> None:
        """Mentors who never had a pair, and are not kept in reserve, are lost to the programme bit by bit."""
        if month < self.plan.waves[-1]:
            return
        unused = self.mentors.here(month) & ~self.mentors.ever & ~self.reserve
        self.adrift += unused * -np.log1p(-self.life.drifting)
        drifting = unused & (self.adrift > self.fates.drift) & ~self.drifted
        self.drifted |= drifting
        self.mentors.until[drifting] = month

    def _end(self, over: NDArray[np.bool_], how: int, month: int) -> None:
        """Pairs end."""
        run, mentee = np.nonzero(over)
        pair = self.pair[run, mentee]
        np.subtract.at(self.load, (run, self.world.problem.mentor[pair]), 1)
        since, held = self.since[run, mentee], self.here_held[run, mentee]
        told = [run, pair, since, np.full(len(run), month), held, np.full(len(run), how)]
        self.ended.append(np.stack(told, axis=1).astype(np.int64))
        self.running &= ~over

    def _count(self, month: int) -> None:
        here = self.mentees.here(month) & ~self.done
        waiting = here & ~self.running
        self.idle += waiting
        self.between += waiting & self.mentees.ever
        left = self.mentees.lost.sum(axis=1) + self.mentors.lost.sum(axis=1)
        completed = (self.held >= self.life.enough).sum(axis=1)
        self.counts[:, :, month] = [self.running.sum(axis=1), waiting.sum(axis=1), completed, left]


def _months(places: NDArray[np.floating], life: Life) -> Rows:
    """In which month each person joins: the last share of them evenly from month 1 on."""
    founders = 1 - life.joining
    late = (places - founders) / max(life.joining, 1e-12) * life.joined_by
    return np.where(places < founders, 0, 1 + np.clip(late, 0, life.joined_by - 1)).astype(np.int64)
