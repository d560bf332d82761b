"""What the page shows, as plain data: all counting is done here, none in the template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pairmatch
from pairmatch.checking.forbidden import forbidden_counts
from pairmatch.errors import Finding, told
from pairmatch.plot.groups import protected_fields
from pairmatch.plot.words import METHODS, PROOFS, TIERS, plain, total_words
from pairmatch.report.beside import Beside, beside, gains
from pairmatch.report.changes import ChangeSection, change_section
from pairmatch.report.coaches import CoachSection, coach_section
from pairmatch.report.curve import Curve, curve
from pairmatch.report.flow_drawing import FlowSection, flow_section
from pairmatch.report.group_rows import GroupPart, group_parts
from pairmatch.report.helps import Help, help_rows
from pairmatch.report.histogram import Histogram, histogram
from pairmatch.report.load_rows import LoadPart, load_parts
from pairmatch.report.people import Group, PairRow, excepted_pairs, pair_rows, unmatched_groups
from pairmatch.report.reasons import reasons_of, shown_pairs
from pairmatch.scoring import SAME_PERSON

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.matching import Matching
    from pairmatch.report.given import Given

MOST_PAIRS = 2_000
"""Pairs listed on the page; the rest are in ``pairs.csv``."""

MOST_EXPLAINED = 300
"""Pairs of which the page tells what was found in the two people, and who else would suit them."""


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

    column: str
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
    audience: str
    headline: str
    proof: str
    cards: tuple[Card, ...]
    tiers: tuple[Tier, ...]
    changes: ChangeSection | None
    goals: tuple[Goal, ...]
    pairs: tuple[PairRow, ...]
    pairs_left_out: int
    excepted: int
    unmatched: tuple[Group, ...]
    helps: tuple[Help, ...]
    coaches: CoachSection | None
    weights: Histogram
    beside: Beside | None
    groups: tuple[GroupPart, ...]
    flows: FlowSection | None
    loads: tuple[LoadPart, ...]
    curve: Curve | None
    protected: tuple[tuple[str, str, str, str], ...]
    rules: tuple[RuleRow, ...]
    notes: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    missing: Mapping[str, str]

    @property
    def contents(self) -> tuple[tuple[str, str], ...]:
        """The sections that there are: anchor and words."""
        sections: tuple[tuple[str, str, Any], ...] = (
            ("proof", "How good it is", True),
            ("changes", "Changes", self.changes),
            ("pairs", "Pairs", True),
            ("unmatched", "Without a partner", True),
            ("relaxations", "What would help", self.helps),
            ("weights", "Weights", True),
            ("groups", "Groups", self.groups),
            ("flows", "Between departments", self.flows),
            ("loads", "Loads", self.loads),
            ("curve", "Trade-off", self.curve),
            ("coaches", "Coaches", self.coaches),
            ("rules", "Rules", self.rules),
            ("notes", "Worth knowing", self.notes),
        )
        return tuple((anchor, words) for anchor, words, there in sections if there)


def page(matching: Matching, given: Given, audience: str = "lead", *, thorough: bool = False) -> Page:
    """Count everything.

    Parameters
    ----------
    given
        What there is to tell beside the matching itself.
    audience
        Who may read the page.
    thorough
        Whether to tell what was found in the people of a pair, and who else would suit them.
    """
    pairs = shown_pairs(matching, audience)
    listed, goals = pairs.head(MOST_PAIRS), _goals(matching, pairs)
    excepted = excepted_pairs(matching.exceptions)
    tiers = _tiers(matching)
    meanings = {goal.column: goal.description for goal in goals}
    explained = MOST_EXPLAINED if thorough else 0
    return Page(
        title=matching.policy.name or "Mentoring pairs",
        audience=audience,
        headline=_headline(matching),
        proof=_proof(tiers, "rules" if matching.revision is None else "rules and what was to stay"),
        cards=_cards(matching, given),
        tiers=tiers,
        changes=change_section(matching),
        goals=goals,
        pairs=pair_rows(listed, reasons_of(matching, listed, audience, meanings, explained), excepted),
        pairs_left_out=max(0, len(pairs) - MOST_PAIRS),
        excepted=len(excepted),
        unmatched=unmatched_groups(matching.unmatched, given.diagnosis),
        helps=help_rows(given.diagnosis),
        coaches=coach_section(matching),
        weights=histogram(pairs["weight"].to_numpy()),
        beside=None if given.uplift is None else beside(given.uplift),
        groups=group_parts(matching),
        flows=flow_section(matching),
        loads=load_parts(matching),
        curve=None if given.trade_off is None else curve(given.trade_off),
        protected=protected_fields(matching),
        rules=_rules(matching),
        notes=_notes(matching),
        facts=_facts(matching),
        missing=given.missing,
    )


def _tiers(matching: Matching) -> tuple[Tier, ...]:
    policy = matching.policy
    jointly = policy.coaches is not None and policy.coaches.jointly
    words = {**TIERS, "total": total_words(groups=bool(policy.cohort_goals), coaches=jointly)}
    return tuple(_tier(plain(name, words), claim) for name, claim in matching.certificate.items())


def _active(matching: Matching) -> tuple[int, int]:
    cohort = matching.cohort
    return int(cohort.mentors.active.sum()), int(cohort.mentees.active.sum())


def _headline(matching: Matching) -> str:
    matched, active = matching.pairs["mentee"].nunique(), _active(matching)[1]
    if matched == active == 1:
        return "The one mentee has a mentor"
    if matched == active:
        return f"All {active:,} mentees have a mentor"
    return f"{matched:,} of {active:,} mentees have a mentor"


def _proof(tiers: tuple[Tier, ...], kept: str) -> str:
    if all(tier.proven for tier in tiers):
        return f"No matching that keeps the {kept} can be better: proven for every aim below, in their order."
    first = next(tier for tier in tiers if not tier.proven)
    return f"Not proven to the end: for “{first.label}” a better matching may exist; see below by how much."


def _cards(matching: Matching, given: Given) -> tuple[Card, ...]:
    pairs, (mentors, mentees) = matching.pairs, _active(matching)
    cards = [
        Card("Mentees matched", f"{pairs['mentee'].nunique():,}", f"of {mentees:,} active"),
        Card("Mentors matched", f"{pairs['mentor'].nunique():,}", f"of {mentors:,} active"),
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
    if given.uplift is not None:
        cards += [
            Card(
                f"Against {METHODS[name].lower()}",
                f"{share:+.{0 if abs(share) >= 0.1 else 1}%}".replace("-", "−"),
                "total weight, same people",
            )
            for name, share in gains(given.uplift)
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


def _goals(matching: Matching, pairs: pd.DataFrame) -> tuple[Goal, ...]:
    """The columns of contributions; a column that no single goal stands for is told as what it is."""
    by_label = {_label(goal): goal for goal in matching.policy.pair_goals}
    total = sum(goal.weight for goal in by_label.values())
    columns = [name for name in pairs.columns if name not in PAIR_COLUMNS]
    return tuple(_goal(number, name, by_label.get(name), total) for number, name in enumerate(columns))


PAIR_COLUMNS = ("mentor", "mentee", "weight", "completeness")


def _goal(number: int, name: str, goal: Any, total: float) -> Goal:
    if goal is None:
        return Goal(name, plain(name), "goals that are told together, for privacy", "", number % 8)
    share = f"{goal.weight / total:.0%}"
    return Goal(name, plain(name), str(getattr(goal, "description", "")), share, number % 8)


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
