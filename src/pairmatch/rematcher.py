"""``pairmatch.Rematcher``: a matching held ready, so that single changes are answered at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.errors import SolverError
from pairmatch.match import Work
from pairmatch.matching import DISTURBANCE, Matching, Revision, revised_objective
from pairmatch.problem import Ints, Problem, Report, Solution
from pairmatch.rematch import before, rematch, revision_of
from pairmatch.rematching import Asked, asked_of
from pairmatch.rematching.repairing import Loaded, revised_by
from pairmatch.scoring.revised import places_of_people
from pairmatch.scoring.stating import Stated, stated
from pairmatch.scoring.sweep import Sweep
from pairmatch.scoring.workers import Workers

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from types import TracebackType

    import pandas as pd

    from pairmatch.solver.repair import Events

__all__ = ["Rematcher"]


class Rematcher:
    """A matching held ready: what fails, leaves or changes is repaired where it touches the matching.

    Loading takes about as long as matching. Then each re-match changes only what it must, with the same
    values in every tier as :func:`pairmatch.rematch`, and as well proven; between equals it may choose other
    pairs. Where hours, goals over groups, floors or coaches act, and where a repair proves nothing, the whole
    re-match is made.

    Parameters
    ----------
    matching
        The matching, of any round.
    movable
        Running pairs that may end so that others are served, as for :func:`pairmatch.rematch`.
    time_limit, progress, executor
        As for :func:`pairmatch.match`; the limit is that of loading.

    Attributes
    ----------
    matching
        The matching that is held ready.

    Raises
    ------
    CallError
        The arguments cannot be used; all problems at once.

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> mentors = pd.DataFrame({"id": ["ana", "ben"], "hobbies": ["chess", "golf"]})
    >>> mentees = pd.DataFrame({"id": ["eve"], "hobbies": ["chess"]})
    >>> policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)])
    >>> with pm.Rematcher(pm.match(pm.Cohort(mentors, mentees), policy)) as ready:
    ...     revised = ready.rematch(failed=[("ana", "eve")])
    >>> revised.changes.values.tolist()
    [['eve', 'ana', 'ben', 'failed']]
    """

    def __init__(
        self,
        matching: Matching,
        *,
        movable: pd.DataFrame | Iterable[Any] | str | None = None,
        time_limit: float | None = None,
        progress: Report | None = None,
        executor: Executor | None = None,
    ) -> None:
        self._movable: Any = movable
        self._workers = Workers(executor)
        self._loaded: Loaded | None = None
        self._last: Matching | None = None
        self._how: dict[str, Any] = {"time_limit": time_limit, "progress": progress, "executor": executor}
        self._load(matching)

    @property
    def quick(self) -> bool:
        """Whether changes are repaired; else each re-match is made as a whole."""
        return self._loaded is not None

    def rematch(
        self,
        *,
        failed: pd.DataFrame | Iterable[Any] = (),
        left: pd.DataFrame | Iterable[Any] = (),
        capacities: pd.DataFrame | Mapping[str, int] | Iterable[Any] = (),
    ) -> Matching:
        """The matching after something changed; what is held ready stays as it is.

        Parameters
        ----------
        failed, left, capacities
            As for :func:`pairmatch.rematch`.

        Raises
        ------
        CallError
            The arguments cannot be used; all problems at once.
        InfeasibleError
            What is required leaves no valid matching.
        """
        given: dict[str, Any] = {"failed": failed, "left": left, "capacities": capacities}
        if self._loaded is not None:
            asked = self._asked(self.matching, **given)
            events = self._events(self._loaded, asked)
            revised = None if events is None else self._repaired(self._loaded, asked, events)
            if revised is not None:
                self._last = revised
                return revised
        return rematch(self.matching, movable=self._movable, executor=self._how["executor"], **given)

    def accept(self, revised: Matching) -> None:
        """Hold another matching ready from now on, as a rule one that :meth:`rematch` made.

        Those of the movable pairs that it still has stay movable. After a repair that was made here last, the
        pairs in hand are taken over, and nobody looks at all pairs again.
        """
        before = self._movable
        if isinstance(before, tuple) and isinstance(revised, Matching):
            self._movable = tuple({(pair.mentor, pair.mentee) for pair in revised.made} & {*before})
        earlier = self._loaded if self._last is not None and revised is self._last else None
        self._load(revised, earlier)

    def close(self) -> None:
        """Let go of what was held ready."""
        self._loaded = self._last = None
        self._workers.close()

    def __enter__(self) -> Rematcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- loading -----------------------------------------------------------------------------

    def _load(self, matching: Matching, earlier: Loaded | None = None) -> None:
        asked, work = self._asked(matching), Work(**self._how)
        self._loaded, self._last, self.matching = None, None, matching
        # A list of pairs may be one that can be read only once.
        self._movable = "all" if asked.movable is None else asked.movable
        state = before(matching, None, None, asked)
        if state.ended or not state.revision.required or state.policy.coaches is not None:
            return
        people = state.cohort, state.policy, state.fitted
        ready = stated(*people, self._workers, work.progress, revision=state.revision)
        self._loaded = self._standing(state.revision, ready, work, earlier)

    def _standing(
        self, revision: Revision, ready: Stated, work: Work, earlier: Loaded | None
    ) -> Loaded | None:
        from pairmatch.solver import solve
        from pairmatch.solver.repair import Standing, in_hand, is_repairable

        built, problem = ready.built, ready.built.problem
        solution = _as_proven(self.matching, problem, ready)
        if not is_repairable(problem, solution):
            earlier = None
            solution = solve(problem, beyond=ready.beyond, time_limit=work.left, progress=work.progress)
        if not is_repairable(problem, solution):
            return None
        told = self.matching, revision, built
        if ready.beyond is None:
            return Loaded(*told, Standing(problem, solution), self._workers).ready()
        # Whoever has no place beside required pairs may have one tomorrow.
        everybody = replace(problem.loads, required=np.empty((0, 2), np.int64))
        sweep = Sweep(built.scorer, built.mentors, built.mentees, everybody, self._workers)
        before = None if earlier is None else earlier.still_in_hand(built, revision.failed)
        problem, margin = before or in_hand(problem, solution, sweep)
        return Loaded(*told, Standing(problem, solution, sweep, margin), self._workers).ready()

    # -- one re-match ------------------------------------------------------------------------

    def _asked(self, matching: Matching, **given: Any) -> Asked:
        usual = {"failed": (), "left": (), "capacities": (), "cooled": (), "returned": (), "waited": None}
        fixed = {"max_changes": None, "disturbance": DISTURBANCE[0], "stability": 0.1, "minimum_weight": None}
        told = {**usual, **fixed, "movable": self._movable, **given}
        return asked_of(matching, None, None, **told, **self._how, cancel=None, memory_limit=None)

    def _events(self, loaded: Loaded, asked: Asked) -> Events | None:
        """What is asked, in positions; None where nothing is, or where it takes more than a repair."""
        from pairmatch.solver.repair import Events

        nothing = not (asked.failed or asked.left or asked.capacities)
        if nothing or loaded.turned(asked.failed) or loaded.requires(asked.failed, asked.left):
            return None
        places, failed = loaded.places, [(a, b) for a, b in asked.failed if loaded.runs(a, b)]
        pairs = np.array([(places[0][a], places[1][b]) for a, b in failed], np.int64).reshape(-1, 2)
        ours, theirs = (
            _positions(asked.left, side, at) for side, at in zip(("mentors", "mentees"), places, strict=True)
        )
        sizes = loaded.sizes(asked.capacities, asked.left)
        return None if sizes is None else Events(pairs, ours, theirs, *sizes)

    def _repaired(self, loaded: Loaded, asked: Asked, events: Events) -> Matching | None:
        """The repaired matching; None where a repair cannot be made, or proves nothing."""
        standing = loaded.standing
        try:
            repaired = standing.repair(events)
            if not repaired.proven:
                return None
            # Who waits is the same whatever is asked.
            asked = replace(asked, waited=loaded.revision.waited)
            revision = revision_of(self.matching, None, None, asked)
            revised = revised_by(loaded, repaired, events, revision)
            # Where nothing is movable any more there is a tier less, and the proofs of the others are others.
            told = revised_objective(revised.policy.objective, revised.revision)
            return revised if tuple(revised.certificate) == told else None
        except SolverError:
            return None
        finally:
            standing.undo()


def _positions(left: Iterable[tuple[str, str]], side: str, places: Mapping[str, int]) -> Ints:
    return np.array(sorted(places[who] for of, who in left if of == side and who in places), np.int64)


def _as_proven(matching: Matching, problem: Problem, ready: Stated) -> Solution:
    """The matching as a solution of the problem in which its pairs run; without proofs for other tiers."""
    built, cohort = ready.built, ready.built.scorer.cohort
    ours = places_of_people(cohort.mentors, built.mentors)
    theirs = places_of_people(cohort.mentees, built.mentees)
    pairs = sorted((ours[pair.mentor], theirs[pair.mentee]) for pair in matching.made)
    known = matching.certificate.proofs
    same = problem.objective == tuple(proof.tier for proof in known)
    return Solution(np.array(pairs, np.int64).reshape(-1, 2), known if same else ())
