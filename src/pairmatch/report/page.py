"""What the page shows, as plain data: all counting is done here, none in the template."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pairmatch
from pairmatch.errors import Finding, told
from pairmatch.report.changes import ChangeSection, change_section
from pairmatch.report.coaches import CoachSection, coach_section
from pairmatch.report.forbidden import forbidden_counts
from pairmatch.report.group_rows import GroupPart, group_parts
from pairmatch.report.groups import protected_fields
from pairmatch.report.histogram import Histogram, histogram
from pairmatch.report.people import Group, PairRow, pair_rows, unmatched_groups
from pairmatch.report.words import PROOFS, TIERS, plain, total_words
from pairmatch.scoring import SAME_PERSON

if TYPE_CHECKING:
    from pairmatch.matching import Matching

MOST_PAIRS = 2_000
"""Pairs listed on the page; the rest are in ``pairs.csv``."""


@dataclass(frozen=True)
class Card:
    """One figure of the headline."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Tier:
    """One tier's claim: what was reached, what could be, and how that is known."""

    label: str
    value: str
    bound: str
    verdict: str
    proven: bool


@dataclass(frozen=True)
class Goal:
    """One column of contributions and its place in the legend."""

    label: str
    description: str
    share: str
    colour: int


@dataclass(frozen=True)
class RuleRow:
    """One rule, and how many pairs of active people it forbids."""

    label: str
    description: str
    pairs: str
    share: str


@dataclass(frozen=True)
class Page:
    """Everything on the page, in the order of reading."""

    title: str
    headline: str
    proof: str
    cards: tuple[Card, ...]
    tiers: tuple[Tier, ...]
    changes: ChangeSection | None
    groups: tuple[GroupPart, ...]
    protected: tuple[tuple[str, str, str, str], ...]
    goals: tuple[Goal, ...]
    weights: Histogram
    pairs: tuple[PairRow, ...]
    pairs_left_out: int
    coaches: CoachSection | None
    unmatched: tuple[Group, ...]
    rules: tuple[RuleRow, ...]
    notes: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


def page(matching: Matching) -> Page:
    """Count everything."""
    pairs = matching.pairs
    policy = matching.policy
    jointly = policy.coaches is not None and policy.coaches.jointly
    words = {**TIERS, "total": total_words(groups=bool(policy.cohort_goals), coaches=jointly)}
    tiers = tuple(_tier(plain(name, words), claim) for name, claim in matching.certificate.items())
    return Page(
        title=matching.policy.name or "Mentoring pairs",
        headline=_headline(matching),
        proof=_proof(tiers, "rules" if matching.revision is None else "rules and what was to stay"),
        cards=_cards(matching),
        tiers=tiers,
        changes=change_section(matching),
        groups=group_parts(matching),
        protected=protected_fields(matching),
        goals=_goals(matching),
        weights=histogram(pairs["weight"].to_numpy()),
        pairs=pair_rows(pairs.sort_values("weight", ascending=False, kind="stable").head(MOST_PAIRS)),
        pairs_left_out=max(0, len(pairs) - MOST_PAIRS),
        coaches=coach_section(matching),
        unmatched=unmatched_groups(matching.unmatched),
        rules=_rules(matching),
        notes=_notes(matching),
        facts=_facts(matching),
    )


def _active(matching: Matching) -> tuple[int, int]:
    cohort = matching.cohort
    return int(cohort.mentors.active.sum()), int(cohort.mentees.active.sum())


def _headline(matching: Matching) -> str:
    matched, active = matching.pairs["mentee"].nunique(), _active(matching)[1]
    if matched == active:
        return f"All {active:,} mentees have a mentor"
    return f"{matched:,} of {active:,} mentees have a mentor"


def _proof(tiers: tuple[Tier, ...], kept: str) -> str:
    if all(tier.proven for tier in tiers):
        return f"No matching that keeps the {kept} can be better: proven for every aim below, in their order."
    first = next(tier for tier in tiers if not tier.proven)
    return f"Not proven to the end: for “{first.label}” a better matching may exist; see below by how much."


def _cards(matching: Matching) -> tuple[Card, ...]:
    pairs, (mentors, mentees) = matching.pairs, _active(matching)
    cards = [
        Card("Mentees matched", f"{pairs['mentee'].nunique():,}", f"of {mentees:,} active"),
        Card("Mentors taking part", f"{pairs['mentor'].nunique():,}", f"of {mentors:,} active"),
        Card("Pairs", f"{len(pairs):,}", ""),
    ]
    if len(pairs):
        weight = pairs["weight"]
        cards += [
            Card("Average weight", f"{weight.mean():.2f}", f"from {weight.min():.2f} to {weight.max():.2f}"),
            Card(
                "Data complete",
                f"{pairs['completeness'].mean():.0%}",
                "of the weight was judged, not assumed",
            ),
        ]
    return tuple(cards)


def _tier(label: str, claim: Any) -> Tier:
    how = PROOFS.get(str(claim.kind), str(claim.kind))
    proven = bool(claim.gap == 0)
    share = f"{claim.gap:.2%}" if claim.gap >= 0.0001 else f"{100 * claim.gap:.1g}%"
    verdict = (
        f"the best possible, proven {how}" if proven else f"within {claim.apart or share} of the best, {how}"
    )
    return Tier(label, _number(claim.value), _number(claim.bound), verdict, proven)


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3f}"


def _goals(matching: Matching) -> tuple[Goal, ...]:
    """The columns of contributions; a column that no single goal stands for is told as what it is."""
    by_label = {_label(goal): goal for goal in matching.policy.pair_goals}
    total = sum(goal.weight for goal in by_label.values())
    columns = [name for name in matching.pairs.columns if name not in PAIR_COLUMNS]
    return tuple(_goal(number, name, by_label.get(name), total) for number, name in enumerate(columns))


PAIR_COLUMNS = ("mentor", "mentee", "weight", "completeness")


def _goal(number: int, name: str, goal: Any, total: float) -> Goal:
    if goal is None:
        return Goal(plain(name), "goals that are told together, for privacy", "", number % 8)
    return Goal(plain(name), getattr(goal, "description", ""), f"{goal.weight / total:.0%}", number % 8)


def _label(part: Any) -> str:
    return str(getattr(part, "label", part.name))


def _rules(matching: Matching) -> tuple[RuleRow, ...]:
    described = {_label(rule): str(getattr(rule, "description", "")) for rule in matching.policy.rules}
    described[SAME_PERSON] = "nobody is paired with themself"
    mentors, mentees = _active(matching)
    counts = forbidden_counts(matching)
    return tuple(
        RuleRow(
            plain(label), described.get(label, ""), f"{count:,}", f"{count / max(1, mentors * mentees):.1%}"
        )
        for label, count in counts.items()
    )


def _notes(matching: Matching) -> tuple[str, ...]:
    """What reading and matching remarked, each once, with the people it concerns."""
    tables = (matching.cohort.notes, matching.notes)
    found = [Finding(*row) for notes in tables for row in notes.itertuples(index=False, name=None)]
    return tuple(told([replace(finding, code=plain(finding.code)) for finding in found]))


def _facts(matching: Matching) -> tuple[tuple[str, str], ...]:
    """What identifies the matching; no date, so that the same matching gives the same page."""
    return (
        ("Order of objectives", ", then ".join(matching.policy.objective)),
        ("Cohort", str(matching.cohort.fingerprint)),
        ("Policy", str(matching.policy.fingerprint)),
        ("Made with", f"pairmatch {pairmatch.__version__}"),
    )
