"""``pairmatch.why_not``: the rule that forbids a pair, or exactly what the pair would cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pairmatch.checking import check_calls
from pairmatch.errors import InfeasibleError, amount, shown
from pairmatch.explain import check_audience, check_matching, rule_words, scorer_of
from pairmatch.match import solved_again
from pairmatch.matching import Matching, Revision, known
from pairmatch.parameters import ELIGIBILITY, has_methods, label_of
from pairmatch.problem import RESOLUTION, WEIGHT_TIERS, Solution, TierProof
from pairmatch.scoring import Built, Fit
from pairmatch.scoring.scorer import MINIMUM_WEIGHT
from pairmatch.scoring.stating import stated
from pairmatch.scoring.workers import Workers

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["WhyNot", "why_not"]

WORDS = {
    "paired": "they are paired",
    "not_active": "one of them does not take part",
    "forbidden": "a hard rule forbids the pair",
    "infeasible": "no valid matching holds this pair: places, or what people and groups must have, forbid it",
    "costs": "the pair is possible; this is what it would change",
}


@dataclass(frozen=True, eq=False, repr=False)
class WhyNot:
    """Why two people are not paired.

    Attributes
    ----------
    mentor, mentee
        Ids.
    verdict
        ``"paired"``, ``"not_active"``, ``"forbidden"``, ``"infeasible"`` or ``"costs"``.
    rules
        For ``"forbidden"``: the rules that forbid the pair, by label, in words: what would have to hold, and,
        where that is told of one or each of the two, who does not keep it or lacks the data. For
        ``"infeasible"``: the rules about loads and groups that may stand against it; where the data of one of
        the two are lacking, the rules that need them.
    values
        For ``"costs"``: the tiers of the best matching that holds the pair.
    costs
        For ``"costs"``: what each tier would lose, in the objective's order. The first tier that
        is not 0 decides; a later one may be negative. For ``"leximin"``: the first difference between
        the ascending totals of the mentees, those without a mentor counting 0 at the front.
    equal
        For ``"costs"``: whether an equally good matching holds the pair.
    changes
        For ``"costs"``: everybody whose partners would differ: mentee, before, after.
    exact
        False where a search was cut short or left a gap; the costs may then not be the true ones.
    """

    mentor: str
    mentee: str
    verdict: str
    changes: pd.DataFrame
    rules: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)
    costs: Mapping[str, float] = field(default_factory=dict)
    equal: bool = False
    exact: bool = True

    def __str__(self) -> str:
        lines = [f"mentor {shown(self.mentor)} and mentee {shown(self.mentee)}: {WORDS[self.verdict]}"]
        lead = "does not hold" if self.verdict == "forbidden" else "may stand against it"
        lines += [f"  {label} {lead}: {words}" for label, words in self.rules.items()]
        lines += [f"  {tier}: {_lost(cost)}" for tier, cost in self.costs.items()]
        if self.equal:
            lines.append("  an equally good matching holds this pair")
        for mentee, before, after in self.changes.values.tolist():
            lines.append(f"  mentee {shown(mentee)}: from {before or 'nobody'} to {after or 'nobody'}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<WhyNot: mentor {shown(self.mentor)} and mentee {shown(self.mentee)}: {self.verdict}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"


def why_not(
    matching: Matching, *, mentor: str, mentee: str, audience: str = "lead", time_limit: float | None = None
) -> WhyNot:
    """Tell why two people are not paired: the rule, or the exact cost by solving with the pair forced.

    Parameters
    ----------
    matching
        The matching.
    mentor, mentee
        Ids of both.
    audience
        ``"lead"`` or ``"auditor"``; the answer may name confidential rules and is not for the partners.
    time_limit
        Seconds for solving with the pair forced.

    Returns
    -------
    WhyNot

    Raises
    ------
    CallError
        An id is not in the cohort, the audience is unknown, or the time limit is none.
    NoSolutionError
        The time limit ended before a matching with the pair was found.
    """
    check_matching(matching)
    cohort = matching.cohort
    check_calls(cohort, matching.policy, time_limit)
    known(cohort, "mentor", mentor)
    known(cohort, "mentee", mentee)
    check_audience(audience)
    nothing = _changes({}, {})
    if any((made.mentor, made.mentee) == (mentor, mentee) for made in matching.made):
        return WhyNot(mentor, mentee, "paired", nothing)
    rows = cohort.mentors.position(mentor), cohort.mentees.position(mentee)
    if not (cohort.mentors.active[rows[0]] and cohort.mentees.active[rows[1]]):
        return WhyNot(mentor, mentee, "not_active", nothing)
    score = scorer_of(matching).pair(cohort.mentors.person(rows[0]), cohort.mentees.person(rows[1]))
    forbidden = score.forbidden_by or ((MINIMUM_WEIGHT,) if score.weight < scorer_of(matching).bar else ())
    if forbidden:
        words = {rule: rule_words(matching.policy, rule) for rule in forbidden}
        rules = {rule: told + _by_whom(matching, rule, rows) for rule, told in words.items()}
        return WhyNot(mentor, mentee, "forbidden", nothing, rules=rules)
    return _forced(matching, mentor, mentee, rows, time_limit)


def _by_whom(matching: Matching, label: str, rows: tuple[int, int]) -> str:
    """Who of the two does not keep a rule, where it asks both, and whose data it lacks."""
    cohort = matching.cohort
    rule: Any = next((rule for rule in matching.policy.rules if label_of(rule) == label), None)
    told = ""
    if has_methods(rule, ELIGIBILITY) and getattr(rule, "of", "both") == "both":
        barred = rule.barring(cohort)
        told += _who(barred, rows, "does not keep it", "neither keeps it")
    if has_methods(rule, ("lacking",)) and getattr(rule, "missing", "forbid") == "forbid":
        told += _who(rule.lacking(cohort), rows, "lacks the data", "both lack the data")
    return told


def _who(flags: tuple[Any, Any], rows: tuple[int, int], one: str, both: str) -> str:
    named = [role for role, of, row in zip(("mentor", "mentee"), flags, rows, strict=True) if of[row]]
    return f"; {both}" if len(named) == 2 else f"; the {named[0]} {one}" if named else ""


def _forced(
    matching: Matching, mentor: str, mentee: str, rows: tuple[int, int], time_limit: float | None
) -> WhyNot:
    """Solve again with the pair required."""
    fitted, revision = Fit.from_dict(matching.fitted), matching.revision
    people = matching.cohort, matching.policy
    with Workers() as workers:
        built, beyond = stated(*people, fitted, workers, also=rows, revision=revision)
        try:
            solution = solved_again(built.problem, beyond, revision, time_limit)
        except InfeasibleError:
            against = _against(matching, rows)
            return WhyNot(mentor, mentee, "infeasible", _changes({}, {}), rules=against)
    if revision is not None:
        solution = _with_forced(solution, revision, (mentor, mentee))
    claimed = matching.certificate.proofs
    costs = [_cost(now, then) for now, then in zip(claimed, solution.tiers, strict=True)]
    equal = all(
        (a.value, a.levels) == (b.value, b.levels) for a, b in zip(claimed, solution.tiers, strict=True)
    )
    return WhyNot(
        mentor,
        mentee,
        "costs",
        _changes(_before(matching), _after(matching, built, solution)),
        values={proof.tier: proof.value / _unit(proof) for proof in solution.tiers},
        costs={proof.tier: cost / _unit(proof) for proof, cost in zip(claimed, costs, strict=True)},
        equal=equal,
        exact=solution.proven and matching.certificate.proven,
    )


def _with_forced(solution: Solution, revision: Revision, pair: tuple[str, str]) -> Solution:
    """The solution whose tiers count the forced pair, where it ran before, as they count others that run on.

    Required pairs are not among those that a re-match counts.
    """
    if pair not in revision.running:
        return solution
    more = {"kept": 1, "total": revision.bonus, "held": int(pair not in revision.movable)}
    tiers = (
        replace(
            proof, value=proof.value + more.get(proof.tier, 0), bound=proof.bound + more.get(proof.tier, 0)
        )
        for proof in solution.tiers
    )
    return replace(solution, tiers=tuple(tiers))


def _against(matching: Matching, rows: tuple[int, int]) -> dict[str, str]:
    """Rules about loads and groups that may stand against a pair; where one lacks the data, those that do."""
    parts = [*matching.policy.load_rules, *matching.policy.group_rules]
    labels = [label_of(part) for part in parts]
    words = {label: rule_words(matching.policy, label) for label in labels}
    blank = {label: _by_whom(matching, label, rows) for label in labels}
    lacking = {label: words[label] + told for label, told in blank.items() if told}
    return lacking or words


def _unit(proof: TierProof) -> int:
    return RESOLUTION if proof.tier in WEIGHT_TIERS else 1


def _cost(now: TierProof, then: TierProof) -> int:
    """What a tier would lose, in units; for leximin the first difference of the levels."""
    if now.tier != "leximin":
        return now.value - then.value
    longest = max(len(now.levels), len(then.levels))
    ours, theirs = ((0,) * (longest - len(levels)) + levels for levels in (now.levels, then.levels))
    return next((a - b for a, b in zip(ours, theirs, strict=True) if a != b), 0)


def _before(matching: Matching) -> dict[str, set[str]]:
    partners: dict[str, set[str]] = {}
    for made in matching.made:
        partners.setdefault(made.mentee, set()).add(made.mentor)
    return partners


def _after(matching: Matching, built: Built, solution: Solution) -> dict[str, set[str]]:
    partners: dict[str, set[str]] = {}
    mentors, mentees = matching.cohort.mentors.ids, matching.cohort.mentees.ids
    for i, j in solution.pairs.tolist():
        partners.setdefault(mentees[built.mentees[j]], set()).add(mentors[built.mentors[i]])
    return partners


def _changes(before: Mapping[str, set[str]], after: Mapping[str, set[str]]) -> pd.DataFrame:
    """Mentees whose partners differ."""
    import pandas as pd

    rows = [
        [mentee, ", ".join(sorted(before.get(mentee, ()))), ", ".join(sorted(after.get(mentee, ())))]
        for mentee in sorted({*before, *after})
        if before.get(mentee, set()) != after.get(mentee, set())
    ]
    return pd.DataFrame(rows, columns=["mentee", "before", "after"])


def _lost(cost: float) -> str:
    if cost == 0:
        return "unchanged"
    return f"loses {amount(cost)}" if cost > 0 else f"gains {amount(-cost)}"
