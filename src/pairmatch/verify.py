"""``pairmatch.verify``: check everything that a matching claims, without the solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from pairmatch.checking import check_calls, check_pairs, recount_of, remarks_on
from pairmatch.errors import CallError, Finding, InputError, VerificationError, amount, counted, listed
from pairmatch.matching import Certificate, Matching
from pairmatch.problem import Progress, Report, TierProof
from pairmatch.scoring import Fit, fit, taken_as_told

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
    """

    pairs: int
    people_left: int
    pairs_swept: int
    certificate: Certificate
    taken_as_told: tuple[str, ...] = ()

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
        return "\n".join(lines)

    def __repr__(self) -> str:
        left = counted(self.people_left, "person", "people")
        pairs, swept = counted(self.pairs, "pair"), counted(self.pairs_swept, "possible pair")
        return f"<Verification: {pairs}, {left} left and {swept} checked; {self.certificate.summary}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"


def _word(bound: float, value: float) -> str:
    return "optimal by the search's word" if bound == value else "not proven optimal"


def verify(
    matching: Matching,
    cohort: Cohort,
    policy: Policy,
    *,
    encoder: Literal["check", "take"] = "check",
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
        What it claims to be a matching of.
    encoder
        Where an encoder told how near words are: ``"check"`` asks the cohort's encoder again, and refuses a
        cohort that has none; ``"take"`` takes it as told where the cohort has none, and says so.
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
    check_calls(cohort, policy, progress=progress, executor=executor)
    policy.check(cohort)
    found = _origin(matching, cohort, policy, encoder)
    found = found or _damaged(matching, cohort, policy)
    recount = None if found else recount_of(matching, cohort, policy, executor)
    if recount is not None:
        found = recount.sweep(progress)
    if found or recount is None:
        raise VerificationError(found)
    if progress is not None:
        progress(Progress("verified", 1, 1))
    taken = tuple(taken_as_told(cohort, policy, matching.fitted["fitted"]))
    people_left = len(matching.left)
    return Verification(len(matching.made), people_left, recount.pairs_swept, matching.certificate, taken)


def _encoder_needed(label: str) -> Finding:
    hint = (
        "an encoder told how near the words of this goal are, and the cohort has none; verify with "
        "Thesaurus.with_encoder, or take it as told with encoder='take'"
    )
    return Finding("encoder_needed", hint, "matching", column=label)


def _origin(matching: Matching, cohort: Cohort, policy: Policy, encoder: str) -> list[Finding]:
    """Whether the matching is one of this cohort and policy, with the values fitted on it."""
    if matching.cohort.fingerprint != cohort.fingerprint:
        return [Finding("other_cohort", "the matching was made from other people or other data", "matching")]
    if matching.policy.fingerprint != policy.fingerprint:
        return [Finding("other_policy", "the matching was made by another policy", "matching")]
    if matching.fitted_on != cohort.fingerprint:
        return [Finding("other_fit", "the averages and rarities were fitted on another cohort", "matching")]
    try:
        said = Fit.from_dict(matching.fitted)
        taken = taken_as_told(cohort, policy, said.fitted)
        if taken and encoder == "check":
            return [_encoder_needed(label) for label in taken]
        same = said.to_dict() == fit(cohort, policy, taken=taken).to_dict()
    except InputError:
        same = False
    hint = "the averages and rarities are not those of this cohort"
    return [] if same else [Finding("wrong_fit", hint, "matching")]


def _damaged(matching: Matching, cohort: Cohort, policy: Policy) -> list[Finding]:
    """What can be told from the pairs in hand, before any sweep."""
    found = check_pairs(matching, cohort, policy) + _people(matching, cohort) + _claims(matching.certificate)
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
