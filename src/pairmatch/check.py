"""``pairmatch.check`` and ``pairmatch.complete``: pairs that people edited, judged and completed."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING, Any

from pairmatch.checking import check_calls
from pairmatch.errors import InfeasibleError, amount, counted, listed
from pairmatch.match import match
from pairmatch.matching import Matching
from pairmatch.problem import RESOLUTION, WEIGHT_TIERS
from pairmatch.reviewing import Judged, Override, Pair, judged, read_overrides, read_pairs
from pairmatch.reviewing.locking import locked_policy
from pairmatch.scoring import Fit, fit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy
    from pairmatch.problem import Report

    Pairs = Matching | pd.DataFrame | str | PathLike[str] | Sequence[Pair]

__all__ = ["Check", "Completed", "check", "complete"]

COLUMNS = ["rule", "side", "id", "mentor", "mentee", "code", "hint"]


@dataclass(frozen=True, eq=False, repr=False)
class Check:
    """What listed pairs break, and what they are worth.

    Attributes
    ----------
    judged
        What was found, as plain data.
    """

    judged: Judged

    @property
    def valid(self) -> bool:
        """Whether the pairs are a valid matching: nothing is broken."""
        return not self.judged.violations

    @property
    def violations(self) -> pd.DataFrame:
        """One row per violation: rule, side, id, mentor, mentee, code, hint; empty where none applies."""
        import pandas as pd

        return pd.DataFrame([*self.judged.violations], columns=COLUMNS).astype(str)

    @property
    def values(self) -> dict[str, float]:
        """Value of each tier, as the certificate of a matching has it; what coaches add is left out."""
        return {tier: _shown(tier, value) for tier, value in self.judged.values.items()}

    @property
    def weights(self) -> pd.DataFrame:
        """One row per pair: mentor, mentee, weight, completeness."""
        import pandas as pd

        rows = [[p.mentor, p.mentee, p.weight / RESOLUTION, p.completeness] for p in self.judged.made]
        table = pd.DataFrame(rows, columns=["mentor", "mentee", "weight", "completeness"])
        return table.astype({"weight": float, "completeness": float})

    def __str__(self) -> str:
        pairs = counted(len(self.judged.made), "pair")
        values = ", ".join(f"{tier} {amount(value)}" for tier, value in self.values.items())
        if self.valid:
            return f"valid: {pairs}, nothing is broken\n{values}".rstrip()
        broken = counted(len(self.judged.violations), "violation")
        return "\n".join([f"not valid: {pairs}, {broken}", *(f"  - {line}" for line in self._lines())])

    def _lines(self) -> Iterator[str]:
        """The violations in words, those of one rule and kind together."""
        groups: dict[tuple[str, str, str], list[str]] = {}
        for one in self.judged.violations:
            who = f"{one.mentor} + {one.mentee}" if one.mentor else one.id
            groups.setdefault((one.rule, one.side, one.hint), []).append(who)
        for (rule, side, hint), people in groups.items():
            some = [who for who in people if who]
            yield f"{rule} ({side}): {hint}" + (f" [{listed(some)}]" if some else "")

    def __repr__(self) -> str:
        pairs, broken = len(self.judged.made), len(self.judged.violations)
        return f"<Check of {counted(pairs, 'pair')}: {counted(broken, 'violation')}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"


@dataclass(frozen=True, eq=False, repr=False)
class Completed:
    """A matching round locked pairs, and what these cost.

    Attributes
    ----------
    matching
        All pairs, the locked ones among them: optimal round them, with its certificate.
    optimum
        The best matching without locked and vetoed pairs and without overrides; None where there is none.
    listed
        The pairs handed in.
    locked
        Those of the matching that were to stay.
    overrides
        Who decided on locked pairs that break a rule, when and why. For the audit record alone: neither the
        matching nor its policy holds them.
    """

    matching: Matching
    optimum: Matching | None
    listed: frozenset[Pair]
    locked: frozenset[Pair]
    overrides: tuple[Override, ...] = ()

    @property
    def price(self) -> pd.DataFrame:
        """One row per tier: tier, optimum, completed (the value round the locked pairs), cost.

        Tiers are in the order in which they count: a cost counts only where earlier ones are 0. Without an
        optimum its columns are absent values.
        """
        import pandas as pd

        best: Mapping[str, float] = {} if self.optimum is None else self.optimum.values
        rows = [[tier, best.get(tier), value] for tier, value in self.matching.values.items()]
        table = pd.DataFrame(rows, columns=["tier", "optimum", "completed"])
        table["optimum"] = table["optimum"].astype(float)
        return table.assign(cost=(table["optimum"] - table["completed"]).round(6))

    @property
    def table(self) -> pd.DataFrame:
        """One row per pair: mentor, mentee, weight, listed, locked, override."""
        import pandas as pd

        overridden = {one.pair for one in self.overrides}
        rows = [
            [*pair, made.weight / RESOLUTION, pair in self.listed, pair in self.locked, pair in overridden]
            for made in self.matching.made
            for pair in [(made.mentor, made.mentee)]
        ]
        table = pd.DataFrame(rows, columns=["mentor", "mentee", "weight", "listed", "locked", "override"])
        return table.astype({"weight": float, "listed": bool, "locked": bool, "override": bool})

    def __str__(self) -> str:
        pairs, locked = counted(len(self.matching.made), "pair"), counted(len(self.locked), "locked pair")
        lines = [f"{pairs} round {locked}"]
        if self.overrides:
            lines.append(f"{counted(len(self.overrides), 'pair')} by override")
        if self.optimum is None:
            return "\n".join([*lines, "without the overrides no matching is valid, so there is no price"])
        best = self.optimum.values
        for tier, value in self.matching.values.items():
            values = f"{amount(value)} of {amount(best[tier])}"
            cost = round(best[tier] - value, 6)
            lines.append(f"  {tier}: {values}, {'gains' if cost < 0 else 'cost'} {amount(abs(cost))}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Completed: {self.matching!r}, {counted(len(self.locked), 'locked pair')}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"


def check(pairs: Pairs, cohort: Cohort, policy: Policy) -> Check:
    """Hold pairs that people listed or edited against every rule, load, quota and bar, without the solver.

    Parameters
    ----------
    pairs
        A frame with the columns ``mentor`` and ``mentee``, a CSV file of that kind (as ``pairs.csv``, edited
        by hand) or the folder of a written matching, a :class:`pairmatch.Matching`, or pairs of ids.
    cohort, policy
        What they are to be a matching of. Exceptions of the policy are honoured.

    Returns
    -------
    Check
        With ``valid``, ``violations`` (every one), ``values`` and ``weights``.

    Raises
    ------
    CallError, FileError
        The list cannot be read: everything that is wrong with it, at once (ids of nobody, pairs that stand
        twice, formulas, blank cells, absent columns).
    PolicyError
        The policy does not fit the cohort.

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> from pairmatch import goals, rules
    >>> from pairmatch.check import check
    >>> mentors = pd.DataFrame({"id": ["ben"], "department": ["Law"], "hobbies": ["golf"]})
    >>> mentees = pd.DataFrame({"id": ["eve"], "department": ["Law"], "hobbies": ["golf"]})
    >>> policy = pm.Policy(rules=[rules.DifferentDepartment()], goals=[goals.SharedHobbies(weight=1)])
    >>> print(check([("ben", "eve")], pm.Cohort(mentors, mentees), policy))
    not valid: 1 pair, 1 violation
      - different_department (pairs): not kept: mentor and mentee are in different departments [ben + eve]
    """
    check_calls(cohort, policy)
    policy.check(cohort)
    read = read_pairs(pairs, cohort)
    return Check(judged(read.pairs, cohort, policy, _fitted(pairs, cohort, policy)))


def _fitted(pairs: Pairs, cohort: Cohort, policy: Policy) -> Fit:
    """Fitted values: those of a matching by this policy, else those of the cohort."""
    if isinstance(pairs, Matching) and pairs.policy.fingerprint == policy.fingerprint:
        return Fit.from_dict(pairs.fitted)
    return fit(cohort, policy)


def complete(
    pairs: Pairs,
    cohort: Cohort,
    policy: Policy,
    *,
    locked: Pairs | None = None,
    vetoed: Pairs | None = None,
    overrides: Any = None,
    time_limit: float | None = None,
    progress: Report | None = None,
) -> Completed:
    """Complete pairs that people chose: the best matching round them, and its price.

    Parameters
    ----------
    pairs
        As for :func:`check`. A column ``locked`` may say which of them stay.
    cohort, policy
        The people and the policy.
    locked
        Pairs that stay, whatever else changes. None: those marked in the column ``locked``, and all of
        ``pairs`` where there is none.
    vetoed
        Pairs that are not made.
    overrides
        For each locked pair that a rule forbids, who decided so, when and why: a list of
        :class:`Override`, or a frame or CSV file with the columns mentor, mentee, who, when and why. Such a
        pair becomes an exception of the matching's policy; the decision itself is kept in
        ``overrides`` alone.
    time_limit
        Seconds for each of the two matchings, > 0; None for no limit.
    progress
        Called with a :class:`pairmatch.Progress` now and then.

    Returns
    -------
    Completed
        With ``matching``, ``optimum``, ``price`` and ``table``.

    Raises
    ------
    CallError, FileError
        A list cannot be read; a locked pair breaks a rule and nobody answers for it, or is vetoed.
    PolicyError
        The policy does not fit the cohort.
    InfeasibleError
        No valid matching holds all the locked pairs.
    NoSolutionError
        The time limit came before a valid matching.

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> from pairmatch.check import complete
    >>> mentors = pd.DataFrame({"id": ["ana", "ben"], "hobbies": ["chess", "golf"]})
    >>> mentees = pd.DataFrame({"id": ["eve", "joe"], "hobbies": ["golf", "chess"]})
    >>> policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)])
    >>> done = complete([("ana", "eve")], pm.Cohort(mentors, mentees), policy)
    >>> done.table[["mentor", "mentee", "locked"]].values.tolist()
    [['ana', 'eve', True], ['ben', 'joe', False]]
    >>> float(done.price["cost"].iloc[-1])
    2.0
    """
    check_calls(cohort, policy, time_limit, progress)
    policy.check(cohort)
    read = read_pairs(pairs, cohort)
    kept = _locked(read.pairs, read.locked) if locked is None else read_pairs(locked, cohort, "locked").pairs
    barred = () if vetoed is None else read_pairs(vetoed, cohort, "vetoed").pairs
    decided = read_overrides(overrides, cohort)
    work: dict[str, Any] = {"time_limit": time_limit, "progress": progress}
    own = locked_policy(kept, barred, decided, cohort, policy, fit(cohort, policy))
    matching = match(cohort, own, **work)
    try:
        optimum = match(cohort, policy, **work)
    except InfeasibleError:
        optimum = None
    return Completed(matching, optimum, frozenset(read.pairs), frozenset(kept), decided)


def _locked(pairs: tuple[Pair, ...], marked: frozenset[Pair] | None) -> tuple[Pair, ...]:
    return pairs if marked is None else tuple(pair for pair in pairs if pair in marked)


def _shown(tier: str, value: int) -> float:
    return value / RESOLUTION if tier in WEIGHT_TIERS else value
