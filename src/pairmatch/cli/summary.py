"""A result in a few lines for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pairmatch.cli.speech import aligned
from pairmatch.unmatched import REASONS

if TYPE_CHECKING:
    from pairmatch.matching import Matching


def match_lines(matching: Matching) -> list[str]:
    """How many are matched, how well, and how near to the best possible; the notes to heed."""
    cohort, pairs = matching.cohort, matching.pairs
    mentees, mentors = pairs["mentee"].nunique(), pairs["mentor"].nunique()
    lines = [
        f"Matched:   {mentees:,} of {int(cohort.mentees.active.sum()):,} active mentees"
        f" with {mentors:,} of {int(cohort.mentors.active.sum()):,} active mentors, {len(pairs):,} pairs"
    ]
    if len(pairs):
        lines.append(f"Weights:   mean {pairs['weight'].mean():.3f}, smallest {pairs['weight'].min():.3f}")
    lines += _unmatched(matching)
    return [*lines, "", *certificate_lines(matching.certificate), ""]


def _unmatched(matching: Matching) -> list[str]:
    """How many of each role have no partner, by reason."""
    counts = Counter((person.role, person.reason) for person in matching.left)
    return [
        f"Unmatched: {count:,} {role}{'s' if count != 1 else ''}: {REASONS.get(reason, reason)}"
        for (role, reason), count in sorted(counts.items())
    ]


def certificate_lines(certificate: Mapping[str, Any]) -> list[str]:
    """One line per tier: value, bound, gap and the kind of proof."""
    head = ("tier", "value", "bound", "gap", "proof")
    return aligned([head, *(_tier(name, claim) for name, claim in certificate.items())])


def _tier(name: str, claim: Any) -> tuple[str, ...]:
    gap = "0 (optimal)" if claim.gap == 0 else f"{claim.gap:.4%}"
    return name, number(claim.value), number(claim.bound), gap, str(claim.kind)


def number(value: float) -> str:
    """A number with at most six decimals, no more of them than it has."""
    text = f"{value:,.6f}"
    return text.rstrip("0").rstrip(".")
