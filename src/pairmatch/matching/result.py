"""The result: pairs, the unmatched with reasons, and a certificate. Frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from os import PathLike
from typing import TYPE_CHECKING, Any

from pairmatch.errors import CallError, Finding, counted, did_you_mean, findings_table
from pairmatch.matching.certificate import Certificate
from pairmatch.matching.coaching import CoachPlan
from pairmatch.matching.revision import Revision
from pairmatch.problem import RESOLUTION

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["Left", "Made", "Matching"]


@dataclass(frozen=True, slots=True)
class Made:
    """One pair as a matching claims it.

    Attributes
    ----------
    mentor, mentee
        Ids.
    weight
        In units of 1e-6.
    completeness
        Share of the weight that was judged on data, in [0, 1].
    contributions
        By shown column, in units of 1e-6; they add up to the weight.
    """

    mentor: str
    mentee: str
    weight: int
    completeness: float
    contributions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Left:
    """One person without a partner, as a matching claims it.

    Attributes
    ----------
    role
        ``"mentor"`` or ``"mentee"``.
    id
        The person.
    reason
        Reason code, see :data:`pairmatch.matching.REASONS`.
    eligible
        How many partners every rule and the bar allow.
    taken
        How many partners each rule forbids by itself, by rule label.
    lacks
        Labels of the rules that lack this person's data, and forbid every pair for that.
    barred
        Labels of the rules by which this person is not eligible.
    quotas
        Labels of the rules about groups that have no room for this person, or for any partner who has a
        free place; told where they are the reason.
    """

    role: str
    id: str
    reason: str
    eligible: int
    taken: Mapping[str, int]
    lacks: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    quotas: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, repr=False)
class Matching:
    """A matching: who is paired with whom, who is not and why, and how good it provably is.

    Made by :func:`pairmatch.match` or read by :meth:`read`; frozen. Tables are new copies each time.

    Attributes
    ----------
    cohort, policy
        What was matched, and by what; held in memory, never written.
    made
        The pairs, sorted by mentor and mentee id.
    left
        Who has no partner.
    columns
        Columns of contributions, as shown to the programme lead (law §12).
    certificate
        Per tier: value, bound, gap, prices.
    fitted
        Fitted values (averages, rarities), frozen for `verify`, `explain` and `rematch`.
    fitted_on
        Fingerprint of the cohort that they were fitted on.
    remarks
        What is worth knowing though nothing is wrong.
    stats
        Counts and seconds of the work, by name.
    coaching
        Coaches of the pairs, with reasons, loads and proof; None where the policy has no part about coaches.
    revision
        What the re-match that made this matching was asked, and what it changed; None for a first matching.
    """

    cohort: Cohort
    policy: Policy
    made: tuple[Made, ...]
    left: tuple[Left, ...]
    columns: tuple[str, ...]
    certificate: Certificate
    fitted: Mapping[str, Any]
    fitted_on: str
    remarks: tuple[Finding, ...] = ()
    stats: Mapping[str, float] = field(default_factory=dict)
    coaching: CoachPlan | None = None
    revision: Revision | None = None

    @property
    def pairs(self) -> pd.DataFrame:
        """One row per pair: mentor, mentee, weight, completeness, one column per goal's contribution.

        Goals over sensitive, special or confidential fields are merged with another into ``other``.
        """
        import pandas as pd

        names = ["mentor", "mentee", "weight", "completeness", *self.columns]
        rows = [
            [p.mentor, p.mentee, p.weight / RESOLUTION, p.completeness]
            + [p.contributions[column] / RESOLUTION for column in self.columns]
            for p in self.made
        ]
        return pd.DataFrame(rows, columns=names)

    @property
    def unmatched(self) -> pd.DataFrame:
        """One row per person without a partner: role, id, reason, eligible, lacks, barred, then each rule.

        ``lacks`` names the rules that lack the person's data, ``barred`` those by which the person is not
        eligible, or, where a rule about groups is the reason, those that have no room left; a rule's column
        counts the partners that it forbids by itself.
        """
        import pandas as pd

        labels = list(dict.fromkeys(label for person in self.left for label in person.taken))
        rows = [
            [
                p.role,
                p.id,
                p.reason,
                p.eligible,
                ", ".join(p.lacks),
                ", ".join(p.barred or p.quotas),
                *(p.taken.get(label, 0) for label in labels),
            ]
            for p in self.left
        ]
        return pd.DataFrame(rows, columns=["role", "id", "reason", "eligible", "lacks", "barred", *labels])

    @property
    def groups(self) -> pd.DataFrame:
        """One row per group that a goal or rule counts, in the policy's order, goals first.

        Columns: part (the goal or rule), group, of (``"mentors"``, ``"mentees"``, ``"people"`` for both, or
        ``"pairs"``), applicants (who of it can have a pair; absent for pairs), count (those who have one, or
        the pairs), target, limit, least, most, short, price (perfect pairs per one short; absent for rules).

        Where fields are sensitive, special or confidential, figures that would tell of fewer than five are
        withheld (absent), with as many others as keep them from being worked out (law §12).
        """
        # The room of checks stands above this file, so it is looked up by name.
        table: pd.DataFrame = import_module("pairmatch.checking.group_table").groups_of(self)
        return table

    @property
    def notes(self) -> pd.DataFrame:
        """What is worth knowing though nothing is wrong, with reason codes."""
        return findings_table(self.remarks)

    @property
    def coaches(self) -> pd.DataFrame:
        """One row per pair: mentor, mentee, coach, score, and the reason where a pair has no coach.

        Empty where the policy has no part about coaches.
        """
        return (CoachPlan((), (), ()) if self.coaching is None else self.coaching).table

    @property
    def changes(self) -> pd.DataFrame:
        """One row per changed pair: mentee, before, after, reason; of a first matching none.

        A mentee whose pair ended has the old mentor in ``before``, one with a new mentor that one in
        ``after``; empty text for nobody. Reason codes: see :data:`pairmatch.matching.CHANGES`.
        """
        import pandas as pd

        changes = () if self.revision is None else self.revision.changes
        rows = [[change.mentee, change.before, change.after, change.reason] for change in changes]
        return pd.DataFrame(rows, columns=["mentee", "before", "after", "reason"])

    @property
    def exceptions(self) -> pd.DataFrame:
        """One row per pair that rests on an exception of the policy, and rule: mentor, mentee, rule.

        The rule would forbid the pair; of ``"minimum_weight"``, the pair weighs less than the bar.
        """
        from pairmatch.matching.resting import resting_on_exceptions

        return resting_on_exceptions(self)

    @property
    def values(self) -> dict[str, float]:
        """Value of each tier."""
        return {tier: part.value for tier, part in self.certificate.items()}

    def partners(self, *, mentor: str | None = None, mentee: str | None = None) -> tuple[str, ...]:
        """Ids of a person's partners; empty when there are none.

        Raises
        ------
        CallError
            Not exactly one person was named, or the id is not in the cohort.
        """
        role, who = one_person(self.cohort, mentor, mentee)
        if role == "mentor":
            return tuple(p.mentee for p in self.made if p.mentor == who)
        return tuple(p.mentor for p in self.made if p.mentee == who)

    def ties(self, *, time_limit: float | None = None) -> bool | None:
        """Whether another set of pairs is as good in every tier.

        Parameters
        ----------
        time_limit
            Seconds for a search, where one is needed.

        Returns
        -------
        True or False where decided, None where it could not be.
        """
        # The verb stands above this file, so it is looked up by name.
        decided: bool | None = import_module("pairmatch.match").another_optimum_of(self, time_limit)
        return decided

    def write(self, directory: str | PathLike[str]) -> None:
        """Write ``pairs.csv``, ``unmatched.csv`` and ``matching.json``; no profile is written.

        Where pairs have coaches, ``coaches.csv`` too; of a re-match, ``changes.csv``; where pairs rest on
        exceptions, ``exceptions.csv``.

        Parameters
        ----------
        directory
            Made if absent; files of a former matching are replaced.
        """
        from pairmatch.matching.storage import write

        write(self, directory)

    @classmethod
    def read(cls, directory: str | PathLike[str], cohort: Cohort, *, extra: Iterable[Any] = ()) -> Matching:
        """Read a written matching; the cohort is given again.

        Parameters
        ----------
        directory
            Where it was written.
        cohort
            The cohort that was matched.
        extra
            Classes of your own rules and goals that the policy names.

        Raises
        ------
        FileError
            Files are missing or damaged, of an unknown schema number, or of another cohort.
        """
        from pairmatch.matching.storage import read

        return read(directory, cohort, extra)

    def __repr__(self) -> str:
        return f"<Matching of {counted(len(self.made), 'pair')}: {self.certificate.summary}>"

    def _repr_html_(self) -> str:
        from html import escape

        shown = self.pairs.head(10).to_html(index=False, float_format="{:.3f}".format, border=0)
        rest = len(self.made) - 10
        more = f"<p>and {counted(rest, 'more pair')}</p>" if rest > 0 else ""
        return f"<p><strong>{escape(repr(self)[1:-1])}</strong></p>{shown}{more}"


def one_person(cohort: Cohort, mentor: str | None, mentee: str | None) -> tuple[str, str]:
    """Role and id of the one person a call names.

    Raises
    ------
    CallError
        None or both were named, or the id is not in the cohort.
    """
    named = [(role, who) for role, who in (("mentor", mentor), ("mentee", mentee)) if who is not None]
    if len(named) != 1:
        raise CallError([Finding("one_person", "name one person: either mentor=... or mentee=...")])
    role, who = named[0]
    known(cohort, role, who)
    return role, who


def known(cohort: Cohort, role: str, who: str) -> None:
    """Refuse an id that is not in the cohort.

    Raises
    ------
    CallError
        With the nearest id, if any is near.
    """
    ids = cohort.mentors.ids if role == "mentor" else cohort.mentees.ids
    if not isinstance(who, str) or who not in set(ids):
        near = did_you_mean(str(who), ids) if len(ids) <= 10_000 else ""
        text = "" if isinstance(who, str) else f" Ids are texts: write {role}='{who}'."
        hint = (
            f"nobody among the {role}s has this id.{near if not text or str(who) not in set(ids) else text}"
        )
        raise CallError([Finding("unknown_person", hint, f"{role}s", str(who))])
