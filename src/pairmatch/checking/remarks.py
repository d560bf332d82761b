"""What is worth knowing of a matching though nothing is wrong: told by `match`, told again by `verify`."""

from __future__ import annotations

from collections.abc import Iterator, Sized
from typing import TYPE_CHECKING

from pairmatch.checking.eligibility import about_people, barred_by, barred_people
from pairmatch.errors import Finding, counted
from pairmatch.grouping import protected
from pairmatch.parameters import has_methods, label_of
from pairmatch.policy import coach_policy
from pairmatch.scoring import Fit, lacking, lacks

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.forms import Positions
    from pairmatch.policy import Policy

__all__ = ["are_remarked", "remarks_on"]

REMARKS = ("remarks",)
"""What a rule or goal has that remarks something itself."""


def remarks_on(cohort: Cohort, policy: Policy, fitted: Fit) -> tuple[Finding, ...]:
    """What nobody reads, goals that judge nobody, people who are not eligible, rules that lack data."""
    hint = "no pair of the cohort has the data for this goal; it was left out and the others share its weight"
    remarks = [*_unused(cohort, policy)]
    remarks += [Finding("goal_left_out", hint, "policy", column=label) for label in fitted.left_out]
    remarks += _mandated(cohort, policy)
    remarks += barred_people(cohort, policy)
    for label, (mentors, mentees) in lacking(cohort, policy).items():
        who = [counted(n, noun) for n, noun in ((mentors, "mentor"), (mentees, "mentee")) if n]
        if who:
            said = f"lacks the data of {' and '.join(who)}; its 'missing' says whether they may be paired"
            remarks.append(Finding("rule_lacks_data", said, "policy", column=label))
    for part in (*policy.rules, *policy.goals):
        remarks += part.remarks(cohort) if has_methods(part, REMARKS) else []
    remarks += _worked_out(cohort, policy)
    return (*remarks, *_about_coaches(cohort, policy, fitted))


def are_remarked(cohort: Cohort, policy: Policy, mentors: Positions, mentees: Positions) -> bool:
    """Whether remarks may read otherwise once some people, by row, rest.

    Mostly False: nobody else is counted in a remark. True also where parts of the policy remark themselves.
    """
    parts = (*policy.rules, *policy.goals)
    if policy.coaches is not None or any(has_methods(part, REMARKS) for part in parts):
        return True
    if "must_match" in cohort.mentees and (cohort.mentees.flag("must_match")[mentees] == 1).any():
        return True
    telling = [rule for rule in (*policy.pair_rules, *policy.load_rules) if hasattr(rule, "lacking")]
    short = [rule.lacking(cohort) for rule in telling]
    if any(ours[mentors].any() or theirs[mentees].any() for ours, theirs in short):
        return True
    asked = about_people(policy)
    sides = (cohort.mentors, mentors), (cohort.mentees, mentees)
    return any(barred_by(asked, people.person(row)) for people, rows in sides for row in rows.tolist())


def _worked_out(cohort: Cohort, policy: Policy) -> Iterator[Finding]:
    """Goals over protected fields whose price is part of a value that the certificate tells."""
    told = [tier for tier in policy.objective if tier in ("total", "spread")]
    for goal in policy.cohort_goals:
        if told and protected(cohort, getattr(goal, "fields", ())):
            hint = (
                f"the value of '{told[0]}' tells what all shortfalls cost together, and with it how many are "
                "short in groups whose figures are withheld, where they are few; if nobody may know that, "
                "take groups of more people, or take the goal out"
            )
            yield Finding("figure_can_be_worked_out", hint, "policy", column=label_of(goal))


def _about_coaches(cohort: Cohort, policy: Policy, fitted: Fit) -> Iterator[Finding]:
    """Coaches whom nobody asks for; goals for coaches that judge nobody, and rules that lack data."""
    own = policy.coaches
    if own is None:
        if cohort.coaches is not None:
            number = counted(len(cohort.coaches), "coach", "coaches")
            were = "was" if len(cohort.coaches) == 1 else "were"
            hint = (
                f"{number} {were} handed in and the policy has no part about coaches; add "
                "coaches=pairmatch.Coaches(...), in a file the table [coaches]"
            )
            yield Finding("unused_table", hint, "coaches")
        return
    if cohort.coaches is not None and "minimum" in cohort.coaches and cohort.coaches.has("minimum").any():
        hint = "coaches have no least number of pairs; this field of theirs is not read"
        yield Finding("unused_field", hint, "coaches", column="minimum")
    for side, found in fitted.coaches.items():
        hint = f"no coach has the data for this goal with any of the {side}; it was left out there"
        for label in found.left_out:
            yield Finding("goal_left_out", hint, "policy", column=f"coaches: {label}")
        for label, (coaches, people) in lacking(cohort.coached(side), coach_policy(policy, own)).items():
            who = [counted(coaches, "coach", "coaches")] if coaches else []
            who += [counted(people, side.removesuffix("s"))] if people else []
            if who:
                hint = (
                    f"lacks the data of {' and '.join(who)}; its 'missing' says whether a coach may be theirs"
                )
                yield Finding("rule_lacks_data", hint, "policy", column=f"coaches: {label}")


def _unused(cohort: Cohort, policy: Policy) -> Iterator[Finding]:
    """Tables that were handed in and that no rule or goal of the policy reads."""
    read = {table for part in (*policy.rules, *policy.goals) for table in getattr(part, "tables", ())}
    earlier, vetoed = "the rule 'not_paired_before' or 'cool_down'", "the rule 'not_vetoed'"
    tables: tuple[tuple[str, Sized | None, tuple[str, str], str, str], ...] = (
        ("history", cohort.history, ("earlier pair", "earlier pairs"), "rule", earlier),
        ("preferences", cohort.preferences, ("wish", "wishes"), "goal", "the goal 'preferences'"),
        ("vetoes", cohort.vetoes, ("veto", "vetoes"), "rule", vetoed),
    )
    for name, rows, nouns, part, which in tables:
        if rows and name not in read:
            were, them = ("was", "it") if len(rows) == 1 else ("were", "them")
            hint = f"{counted(len(rows), *nouns)} {were} handed in and no {part} of the policy reads {them}"
            yield Finding("unused_table", f"{hint}; add {which}", name)


def _mandated(cohort: Cohort, policy: Policy) -> Iterator[Finding]:
    """How many mandated mentees every rule about people, or a want of data, keeps without a mentor."""
    mentees = cohort.mentees
    if "must_match" not in mentees:
        return
    mandated = [k for k, flag in enumerate(mentees.flag("must_match").tolist()) if flag == 1]
    asked, short = about_people(policy), lacks(cohort, policy)["mentee"]
    rows = [k for k in mandated if mentees.person(k).active]
    barred = {k for k in rows if barred_by(asked, mentees.person(k))}
    blank = {k for k in rows if short[k]} - barred
    told = [
        *([f"{len(barred):,} {'is' if len(barred) == 1 else 'are'} not eligible"] if barred else []),
        *(
            [f"{len(blank):,} {'lacks' if len(blank) == 1 else 'lack'} the data that a rule needs"]
            if blank
            else []
        ),
    ]
    if told:
        who = counted(len(barred) + len(blank), "mandated mentee")
        yield Finding("mandated_left", f"{who} can have no mentor: {', '.join(told)}", "mentees")
