"""A result in a few lines for the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pairmatch.cli.speech import aligned
from pairmatch.errors import Finding, amount, counted, listed, shown, told
from pairmatch.matching import CHANGES, NO_COACH, REASONS
from pairmatch.matching.resting import resting_on

if TYPE_CHECKING:
    from pairmatch.matching import Change, CoachPlan, Left, Matching, Revision

SHOWN_RULES = 3
"""Behind an id stand this many rules, then a count of the rest."""

SHOWN_CHANGES = 10
"""This many changes are told one by one, then a count of the rest."""

CUT_SHORT = "Cut short: the work ended before all was settled; the gaps say how far from the best this can be"


def match_lines(matching: Matching) -> list[str]:
    """How many are matched, how well, and how near to the best possible; the notes to heed."""
    cohort, pairs = matching.cohort, matching.pairs
    mentees, mentors = pairs["mentee"].nunique(), pairs["mentor"].nunique()
    made = counted(len(pairs), "pair")
    lines = [
        f"Matched:   {mentees:,} of {int(cohort.mentees.active.sum()):,} active mentees"
        f" with {mentors:,} of {int(cohort.mentors.active.sum()):,} active mentors, {made}"
    ]
    if len(pairs):
        lines.append(f"Weights:   mean {pairs['weight'].mean():.3f}, smallest {pairs['weight'].min():.3f}")
    lines += [] if matching.revision is None else change_lines(matching.revision)
    lines += exception_lines(matching)
    lines += group_lines(matching)
    lines += _unmatched(matching)
    lines += [] if matching.coaching is None else coach_lines(matching.coaching)
    lines += [] if matching.certificate.complete else [CUT_SHORT]
    return [*lines, "", *certificate_lines(matching.certificate), ""]


def change_lines(revision: Revision) -> list[str]:
    """How many running pairs go on, and who has another partner, by what reason."""
    changes = revision.changes
    ended = sum(change.reason in ("moved", "no_room") for change in changes)
    running = counted(len(revision.running), "running pair")
    kept = len(revision.running) - ended
    lines = [f"Re-match:  {kept:,} of {running} {'goes' if kept == 1 else 'go'} on"]
    reasons = Counter(change.reason for change in changes)
    lines += [f"Changed:   {n:,}: {CHANGES[reason]}" for reason, n in sorted(reasons.items())]
    lines += [f"  mentee {shown(change.mentee)}: {_change(change)}" for change in changes[:SHOWN_CHANGES]]
    rest = len(changes) - SHOWN_CHANGES
    return [*lines, *([f"  and {rest:,} more, all in changes.csv"] if rest > 0 else [])]


def _change(change: Change) -> str:
    told = f"from {shown(change.before) or 'nobody'} to {shown(change.after) or 'nobody'} ({change.reason}"
    return f"{told}: {', '.join(change.rules)})" if change.rules else f"{told})"


def exception_lines(matching: Matching) -> list[str]:
    """Which pairs rest on an exception of the policy, by rule."""
    pairs: dict[str, list[str]] = {}
    for one in resting_on(matching):
        pairs.setdefault(one.rule, []).append(f"{shown(one.mentor)} + {shown(one.mentee)}")
    return [
        f"Exception: {label}: {counted(len(some), 'pair')} [{listed(some)}]"
        for label, some in sorted(pairs.items())
    ]


def group_lines(matching: Matching) -> list[str]:
    """How many are short for each goal over groups; nothing of those whose figures are withheld (law §12)."""
    groups = matching.groups if matching.policy.cohort_goals else None
    if groups is None or groups.empty:
        return []
    lines = []
    for label, own in groups[groups["price"].notna()].groupby("part", sort=False):
        kept = int(own["short"].isna().sum())
        told = f"{int(own['short'].sum()):,} short"
        if kept:
            told = f"{told} in those told; {counted(kept, 'group')} withheld, for privacy"
        lines.append(f"Groups:    {label}: {told}")
    return lines


def _unmatched(matching: Matching) -> list[str]:
    """Who of each role has no partner, by reason."""
    groups: dict[tuple[str, str], list[Left]] = {}
    for person in matching.left:
        groups.setdefault((person.role, person.reason), []).append(person)
    return [_group(role, reason, groups[role, reason]) for role, reason in sorted(groups)]


def _group(role: str, reason: str, members: Sequence[Left]) -> str:
    people = counted(len(members), role)
    names = listed(shown(person.id) + _taken(person, reason) for person in members)
    return f"Unmatched: {people}: {REASONS.get(reason, reason)} [{names}]"


def _taken(person: Left, reason: str) -> str:
    """The rules that somebody does not keep, that lack data, or that take the partners, the most first."""
    if reason == "not_eligible":
        rules = list(person.barred)
    elif reason == "quota_full":
        rules = list(person.quotas)
    elif reason == "data_missing":
        rules = list(person.lacks)
    elif reason == "no_eligible_partner":
        ranked = sorted(person.taken.items(), key=lambda entry: -entry[1])
        rules = [f"{label} forbids {count:,}" for label, count in ranked if count]
    else:
        return ""
    rest = len(rules) - SHOWN_RULES
    more = f" and {counted(rest, 'more rule')}" if rest > 0 else ""
    return f" ({', '.join(rules[:SHOWN_RULES])}{more})" if rules else ""


def coach_lines(plan: CoachPlan) -> list[str]:
    """How many pairs have a coach, what choosing them with the pairs has gained, and who has none."""
    of = f"{plan.coached:,} of {counted(len(plan.pairs), 'pair')}"
    line = f"Coached:   {of} by {counted(len(plan.coaches), 'coach', 'coaches')}"
    if plan.lost_sequentially is not None:
        lost = f"{plan.lost_sequentially:.2%} of the total"
        line += f"; chosen after the pairs they would have lost {lost} (not proven)"
    reasons = Counter(pair.reason for pair in plan.pairs if pair.coach is None)
    return [
        line,
        *(f"No coach:  {counted(n, 'pair')}: {NO_COACH[why]}" for why, n in sorted(reasons.items())),
    ]


def note_lines(matching: Matching) -> list[str]:
    """What reading and matching remarked: columns that are not used, data that a rule lacked."""
    tables = (matching.cohort.notes, matching.notes)
    found = [Finding(*row) for notes in tables for row in notes.itertuples(index=False, name=None)]
    return [f"Note: {line}" for line in told(found)]


def certificate_lines(certificate: Mapping[str, Any]) -> list[str]:
    """One line per tier: value, bound, gap and the kind of proof."""
    head = ("tier", "value", "bound", "gap", "proof")
    return aligned([head, *(_tier(name, claim) for name, claim in certificate.items())])


def _tier(name: str, claim: Any) -> tuple[str, ...]:
    gap = "0 (optimal)" if claim.gap == 0 else claim.apart or f"{claim.gap:.4%}"
    return name, amount(claim.value), amount(claim.bound), gap, str(claim.kind)
