"""``pairmatch.verify``: check everything that a matching claims, without the solver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from pairmatch.checking import check_calls, check_pairs, check_revision, recount_of, remarks_on
from pairmatch.errors import CallError, Finding, InputError, VerificationError, amount, counted, listed
from pairmatch.matching import (
    Certificate,
    Matching,
    Revision,
    failed_pairs,
    laid_over_cohort,
    laid_over_policy,
)
from pairmatch.problem import RESOLUTION, Progress, Report, TierProof
from pairmatch.scoring import Fit, Scorer, fit, taken_as_told

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["Verification", "verify"]


@dataclass(frozen=True, eq=False, repr=False)
class Verification:
    """What was checked and found true.

    Attributes
    ----------
    pairs
        Pairs checked against every rule and weighed again.
    people_left
        People without a partner whose reason was recounted.
    pairs_swept
        Possible pairs that were held against the prices.
    certificate
        The verified certificate.
    taken_as_told
        Labels of goals for which an encoder told how near words are. The cohort has no encoder now, so that
        this could not be worked out again.
    revision
        For a re-match: what it was asked, which is taken as told, and its changes, which were recounted.
    before_as_told
        Whether the pairs before a re-match were taken as told: the matching before was not at hand.
    fitted_as_told
        Whether averages and rarities are those of an earlier round and were taken as told, for the same
        reason.
    """

    pairs: int
    people_left: int
    pairs_swept: int
    certificate: Certificate
    taken_as_told: tuple[str, ...] = ()
    revision: Revision | None = None
    before_as_told: bool = False
    fitted_as_told: bool = False

    @property
    def tiers(self) -> pd.DataFrame:
        """One row per tier: tier, value, bound, gap, kind, verified_bound."""
        return self.certificate.table

    def __str__(self) -> str:
        keep = "keeps" if self.pairs == 1 else "keep"
        left = counted(self.people_left, "person", "people")
        lines = [
            f"valid: {counted(self.pairs, 'pair')} {keep} every rule",
            f"{left} without a partner: every reason recounted"
            if self.people_left
            else "nobody without a partner",
            f"{counted(self.pairs_swept, 'possible pair')} held against the prices",
            *_of_revision(self.revision),
        ]
        for tier, part in self.certificate.items():
            word = (
                "proven by prices alone"
                if part.verified_bound == part.value
                else _word(part.bound, part.value)
            )
            value, bound = amount(part.value), amount(part.bound)
            gap = part.apart or f"{part.gap:.2g}"
            lines.append(f"  {tier}: value {value}, bound {bound}, gap {gap} ({word})")
        if self.taken_as_told:
            lines.append(f"taken as told by an encoder: nearness of words in {listed(self.taken_as_told)}")
        if self.before_as_told:
            fitted = " and the averages and rarities of an earlier round" if self.fitted_as_told else ""
            lines.append(f"taken as told: the pairs before{fitted}; hand in before= to check them")
        return "\n".join(lines)

    def __repr__(self) -> str:
        left = counted(self.people_left, "person", "people")
        pairs, swept = counted(self.pairs, "pair"), counted(self.pairs_swept, "possible pair")
        return f"<Verification: {pairs}, {left} left and {swept} checked; {self.certificate.summary}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"


def _of_revision(revision: Revision | None) -> Iterator[str]:
    """What a re-match was asked and what it changed, in counts."""
    if revision is None:
        return
    kept = len(revision.running) - sum(change.reason in ("moved", "no_room") for change in revision.changes)
    running = counted(len(revision.running), "running pair")
    yield f"re-match: {kept:,} of {running} kept, {counted(len(revision.changes), 'change')} recounted"
    asked = [
        f"{counted(len(entries), *nouns)}"
        for entries, nouns in (
            (revision.failed, ("failed pair", "failed pairs")),
            (revision.cooled, ("pair that failed long ago", "pairs that failed long ago")),
            (revision.left, ("person who left", "people who left")),
            (revision.capacities, ("other capacity", "other capacities")),
            (revision.waited, ("person who waited", "people who waited")),
            (revision.movable, ("movable pair", "movable pairs")),
        )
        if entries
    ]
    if revision.minimum_weight is not None:
        asked.append(f"a minimum weight of {revision.minimum_weight:g}")
    if revision.max_changes is not None:
        asked.append(f"at most {counted(revision.max_changes, 'running pair')} to end beside those that must")
    if revision.disturbance == "last":
        asked.append("running pairs counted last")
    if revision.bonus:
        asked.append(f"{amount(revision.bonus / RESOLUTION)} of weight for each running pair kept")
    if asked:
        yield f"taken as asked: {', '.join(asked)}"


def _word(bound: float, value: float) -> str:
    return "optimal by the search's word" if bound == value else "not proven optimal"


def verify(
    matching: Matching,
    cohort: Cohort,
    policy: Policy,
    *,
    encoder: Literal["check", "take"] = "check",
    before: Matching | None = None,
    progress: Report | None = None,
    executor: Executor | None = None,
) -> Verification:
    """Check a matching against its cohort and policy, with code that does not use the solver.

    Every pair is held against every rule and weighed again by the reference forms; loads, quotas, tier
    values (with what goals over groups cost) and the reasons of the unmatched are recounted; the bound of
    every tier is proven again from its prices, over all possible pairs.

    Parameters
    ----------
    matching
        What is to be checked.
    cohort, policy
        What it claims to be a matching of. For a re-match, what was asked is laid over them: hand in the
        programme's own tables and policy, or those of the matching.
    encoder
        Where an encoder told how near words are: ``"check"`` asks the cohort's encoder again, and refuses a
        cohort that has none; ``"take"`` takes it as told where the cohort has none, and says so.
    before
        For a re-match, the matching that was revised: its pairs, failed pairs, policy and fitted values are
        then held against what is told of them. Without it the changes tell which pairs there were before.
    progress
        Called with a :class:`pairmatch.Progress` now and then.
    executor
        Where the pairs of a large cohort are swept, as for :func:`pairmatch.match`.

    Returns
    -------
    Verification
        What was checked.

    Raises
    ------
    VerificationError
        Something is not as claimed; every false claim is listed.
    CallError
        The arguments are of the wrong kind.
    PolicyError
        The policy does not fit the cohort.
    """
    if not isinstance(matching, Matching):
        raise CallError([Finding("bad_argument", "must be a Matching", column="matching")])
    if encoder not in ("check", "take"):
        raise CallError([Finding("bad_argument", "'encoder' must be 'check' or 'take'", column="encoder")])
    if before is not None and not isinstance(before, Matching):
        raise CallError([Finding("bad_argument", "must be a Matching, or None", column="before")])
    check_calls(cohort, policy, progress=progress, executor=executor)
    tables, own = cohort, policy
    cohort, policy = _laid_over(matching.revision, cohort, policy)
    policy.check(cohort)
    found = _origin(matching, cohort, policy) or _forgotten(matching.revision, own)
    source = _fitted_on(matching, tables, cohort)
    found = found or _fit(matching, source, cohort, policy, encoder)
    found = found or _damaged(matching, cohort, policy, before)
    recount = None if found else recount_of(matching, cohort, policy, executor)
    if recount is not None:
        found = recount.sweep(progress)
    if found or recount is None:
        raise VerificationError(found)
    if progress is not None:
        progress(Progress("verified", 1, 1))
    taken = tuple(taken_as_told(cohort, policy, matching.fitted["fitted"]))
    people_left = len(matching.left)
    claims = len(matching.made), people_left, recount.pairs_swept, matching.certificate
    as_told = matching.revision is not None and before is None
    return Verification(*claims, taken, matching.revision, as_told, as_told and source is None)


def _laid_over(revision: Revision | None, cohort: Cohort, policy: Policy) -> tuple[Cohort, Policy]:
    """The tables and the policy with what the re-match was asked laid over them."""
    try:
        return laid_over_cohort(cohort, revision), laid_over_policy(policy, revision)
    except InputError:
        hint = "what the re-match was asked cannot be asked"
        raise VerificationError([Finding("wrong_revision", hint, "matching")]) from None


def _encoder_needed(label: str) -> Finding:
    hint = (
        "an encoder told how near the words of this goal are, and the cohort has none; verify with "
        "Thesaurus.with_encoder, or take it as told with encoder='take'"
    )
    return Finding("encoder_needed", hint, "matching", column=label)


def _origin(matching: Matching, cohort: Cohort, policy: Policy) -> list[Finding]:
    """Whether the matching is one of this cohort and policy."""
    if matching.cohort.fingerprint != cohort.fingerprint:
        return [Finding("other_cohort", "the matching was made from other people or other data", "matching")]
    if matching.policy.fingerprint != policy.fingerprint:
        return [Finding("other_policy", "the matching was made by another policy", "matching")]
    return []


def _forgotten(revision: Revision | None, policy: Policy) -> list[Finding]:
    """Pairs that the policy forbids as failed, and of which the re-match says nothing."""
    if revision is None:
        return []
    known = {*revision.failed, *revision.cooled}
    hint = "the policy forbids the pair as failed, and the re-match tells it neither as failed nor as cooled"
    return [
        Finding("wrong_revision", hint, "pairs", f"{mentor} + {mentee}")
        for mentor, mentee in sorted(failed_pairs(policy) - known)
    ]


def _fitted_on(matching: Matching, tables: Cohort, cohort: Cohort) -> Cohort | None:
    """The cohort that the values say they were fitted on; None where it is not at hand."""
    known = (cohort,) if matching.revision is None else (cohort, tables)
    return next((one for one in known if one.fingerprint == matching.fitted_on), None)


def _fit(
    matching: Matching, source: Cohort | None, cohort: Cohort, policy: Policy, encoder: str
) -> list[Finding]:
    """Whether the values are those that are fitted on their cohort, or can be those of an earlier round."""
    if source is None and matching.revision is None:
        return [Finding("other_fit", "the averages and rarities were fitted on another cohort", "matching")]
    try:
        said = Fit.from_dict(matching.fitted)
        if source is None:
            Scorer(cohort, policy, said)
            return []
        taken = taken_as_told(source, policy, said.fitted)
        if taken and encoder == "check":
            return [_encoder_needed(label) for label in taken]
        same = said.to_dict() == fit(source, policy, taken=taken).to_dict()
    except InputError:
        same = False
    hint = "the averages and rarities are not those of this cohort"
    return [] if same else [Finding("wrong_fit", hint, "matching")]


def _damaged(matching: Matching, cohort: Cohort, policy: Policy, before: Matching | None) -> list[Finding]:
    """What can be told from the pairs in hand, before any sweep."""
    found = check_pairs(matching, cohort, policy) + check_revision(matching, cohort, policy, before)
    found += _people(matching, cohort) + _claims(matching.certificate)
    if matching.remarks != remarks_on(cohort, policy, Fit.from_dict(matching.fitted)):
        found.append(Finding("wrong_notes", "the notes are not those of this cohort and policy", "matching"))
    return found


def _people(matching: Matching, cohort: Cohort) -> list[Finding]:
    """The certificate prices every active person once; nobody is both paired and left."""
    found = []
    for side, people, priced in (
        ("mentors", cohort.mentors, matching.certificate.mentors),
        ("mentees", cohort.mentees, matching.certificate.mentees),
    ):
        active = [i for i, on in zip(people.ids, people.active.tolist(), strict=True) if on]
        if sorted(active) != sorted(priced):
            found.append(
                Finding("wrong_people", "the certificate does not price every active person once", side)
            )
    return found


def _claims(certificate: Certificate) -> list[Finding]:
    """Bounds in order: a value never above its bound, a bound never above what prices prove."""
    hint = "the value, the bound and the verified bound contradict each other or the kind of proof"
    wrong = [proof for proof in certificate.proofs if not _consistent(proof)]
    found = [Finding("wrong_bound", hint, "certificate", column=proof.tier) for proof in wrong]
    # A search may leave a gap that nobody cut short; other proofs leave one only where there was no time.
    gaps = any(proof.bound > proof.value for proof in certificate.proofs if proof.kind != "search")
    if gaps and certificate.complete:
        found.append(
            Finding(
                "wrong_complete", "a tier has a gap, yet the search is said to be complete", "certificate"
            )
        )
    return found


def _consistent(proof: TierProof) -> bool:
    ordered = proof.value <= proof.bound <= proof.verified_bound
    if proof.kind in ("prices", "cut"):
        ordered = ordered and proof.bound == proof.verified_bound
    floor = proof.tier in ("worst", "leximin")
    kinds = ("cut", "search") if floor else ("prices", "search")
    return ordered and proof.kind in kinds and np.ndim(proof.mentor_prices) == 1
