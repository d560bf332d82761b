"""``pairmatch.why_not``: the rule that forbids a pair, or exactly what the pair would cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pairmatch.checking import check_calls
from pairmatch.errors import InfeasibleError, amount, shown
from pairmatch.explaining.asking import check_audience, check_matching
from pairmatch.explaining.evidence import evidence_against
from pairmatch.explaining.explanation import plain
from pairmatch.explaining.scorers import rule_words, score_of, scorer_of
from pairmatch.match import solved_again
from pairmatch.matching import Matching, Revision, known, lost
from pairmatch.parameters import ELIGIBILITY, has_methods, label_of
from pairmatch.policy import Exempt
from pairmatch.policy.exceptions import NEVER
from pairmatch.problem import RESOLUTION, Solution, units_of
from pairmatch.scoring import Built, Fit, PairScore
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
        For ``"forbidden"``: the rules that forbid the pair, by label, in words: what would have to hold, what
        stands in the way (values of fields that the audience may see alone), and, where that is told of one
        or each of the two, who does not keep it or lacks the data. For
        ``"infeasible"``: the rules about loads and groups that may stand against it; where the data of one of
        the two are lacking, the rules that need them.
    values
        For ``"costs"``: the tiers of the best matching that holds the pair.
    costs
        For ``"costs"``: what each tier would lose, in the objective's order. The first tier that
        is not 0 decides; a later one may be negative. For ``"leximin"``: the difference of the smallest
        totals; where that is none, the first one between the ascending totals of the mentees, with a 0 at the
        front for each mentee fewer.
    equal
        For ``"costs"``: whether an equally good matching holds the pair.
    changes
        For ``"costs"``: everybody whose partners would differ: mentee, before, after, and by how much the
        total weight of their pairs would change.
    exact
        False where a search was cut short or left a gap; the costs may then not be the true ones.
    left_alone
        For ``"costs"``: ids of the mentors who would lose their only mentee.
    anyway
        For ``"forbidden"``, where it was asked: the same as if these rules made an exception of the pair,
        its costs or that even so no valid matching holds it. None where it was not asked, or where a rule
        makes no exceptions: the one against pairing people with themselves, and failed pairs.
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
    left_alone: tuple[str, ...] = ()
    anyway: WhyNot | None = None

    def __str__(self) -> str:
        return "\n".join(map(plain, self._lines()))

    def _lines(self) -> Iterator[str]:
        yield f"mentor {shown(self.mentor)} and mentee {shown(self.mentee)}: {WORDS[self.verdict]}"
        lead = "does not hold" if self.verdict == "forbidden" else "may stand against it"
        yield from (f"  {label} {lead}: {words}" for label, words in self.rules.items())
        yield from (f"  {tier}: {_lost(cost)}" for tier, cost in self.costs.items())
        if self.equal:
            yield "  an equally good matching holds this pair"
        if self.costs and not self.exact:
            yield "  a search was cut short: these may not be the true costs"
        for mentee, before, after, change in self.changes.values.tolist():
            left, right = (shown(ids) or "nobody" for ids in (before, after))
            yield f"  mentee {shown(mentee)}: from {left} to {right} ({change:+.3f})"
        yield from (f"  mentor {shown(who)} would have nobody" for who in self.left_alone)
        if self.anyway is not None:
            yield "as an exception of these rules:"
            yield from list(self.anyway._lines())[0 if self.anyway.verdict == "infeasible" else 1 :]

    def __repr__(self) -> str:
        return f"<WhyNot: mentor {shown(self.mentor)} and mentee {shown(self.mentee)}: {self.verdict}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"


def why_not(
    matching: Matching,
    *,
    mentor: str,
    mentee: str,
    audience: str = "lead",
    anyway: bool = False,
    time_limit: float | None = None,
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
    anyway
        Whether to work out what a forbidden pair would cost if the rules made an exception of it.
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

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> from pairmatch import goals, rules
    >>> mentors = pd.DataFrame({"id": ["ana", "ben"], "team": ["red", "blue"], "hobbies": ["chess", "golf"]})
    >>> mentees = pd.DataFrame({"id": ["eve", "fay"], "team": ["red", "grey"], "hobbies": ["chess", "golf"]})
    >>> policy = pm.Policy(rules=[rules.NotSameTeam()], goals=[goals.SharedHobbies(weight=1)])
    >>> matching = pm.match(pm.Cohort(mentors, mentees), policy)
    >>> answer = pm.why_not(matching, mentor="ana", mentee="eve", anyway=True)
    >>> answer.rules
    {'not_same_team': 'mentor and mentee are not in the same team; both: red'}
    >>> answer.anyway.costs
    {'must_match': 0.0, 'mentees': 0.0, 'total': -2.0}
    """
    check_matching(matching)
    cohort = matching.cohort
    check_calls(cohort, matching.policy, time_limit)
    known(cohort, "mentor", mentor)
    known(cohort, "mentee", mentee)
    check_audience(audience)
    nothing = _table([])
    if any((made.mentor, made.mentee) == (mentor, mentee) for made in matching.made):
        return WhyNot(mentor, mentee, "paired", nothing)
    rows = cohort.mentors.position(mentor), cohort.mentees.position(mentee)
    if not (cohort.mentors.active[rows[0]] and cohort.mentees.active[rows[1]]):
        return WhyNot(mentor, mentee, "not_active", nothing)
    scorer = scorer_of(matching)
    score = scorer.pair(cohort.mentors.person(rows[0]), cohort.mentees.person(rows[1]))
    light = scorer.is_light(mentor, mentee, score.weight)
    forbidden = (*score.forbidden_by, *((MINIMUM_WEIGHT,) if light else ()))
    if not forbidden:
        return _forced(matching, mentor, mentee, rows, time_limit)
    rules = {rule: _why(matching, rule, rows, score, audience) for rule in forbidden}
    told = WhyNot(mentor, mentee, "forbidden", nothing, rules=rules)
    if not anyway or any(rule in NEVER for rule in forbidden):
        return told
    excepted = _with_exceptions(matching, [Exempt(label, mentor, mentee) for label in forbidden])
    return replace(told, anyway=_forced(excepted, mentor, mentee, rows, time_limit))


def _with_exceptions(matching: Matching, exceptions: list[Exempt]) -> Matching:
    """The matching, under a policy with some more exceptions."""
    policy = replace(matching.policy, exceptions=(*matching.policy.exceptions, *exceptions))
    return replace(matching, policy=policy)


def _why(matching: Matching, label: str, rows: tuple[int, int], score: PairScore, audience: str) -> str:
    """A rule that forbids a pair, in words: what would have to hold, and what stands in the way."""
    cohort = matching.cohort
    people = cohort.mentors.person(rows[0]), cohort.mentees.person(rows[1])
    evidence = evidence_against(scorer_of(matching), label, people, score, audience)
    parts = [rule_words(matching.policy, label), *([evidence] if evidence else [])]
    return "; ".join(parts) + _by_whom(matching, label, rows)


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
            return WhyNot(mentor, mentee, "infeasible", _table([]), rules=against)
    if revision is not None:
        solution = _with_forced(solution, revision, (mentor, mentee))
    claimed = matching.certificate.proofs
    equal = all(
        (a.value, a.levels) == (b.value, b.levels) for a, b in zip(claimed, solution.tiers, strict=True)
    )
    after = _after(matching, built, solution)
    return WhyNot(
        mentor,
        mentee,
        "costs",
        _changes(matching, after),
        values={proof.tier: proof.value / units_of(proof.tier) for proof in solution.tiers},
        costs={now.tier: lost(now, then) for now, then in zip(claimed, solution.tiers, strict=True)},
        equal=equal,
        exact=solution.proven and matching.certificate.proven,
        left_alone=tuple(sorted({made.mentor for made in matching.made}.difference(*after.values()))),
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


def _after(matching: Matching, built: Built, solution: Solution) -> dict[str, set[str]]:
    partners: dict[str, set[str]] = {}
    mentors, mentees = matching.cohort.mentors.ids, matching.cohort.mentees.ids
    for i, j in solution.pairs.tolist():
        partners.setdefault(mentees[built.mentees[j]], set()).add(mentors[built.mentors[i]])
    return partners


def _changes(matching: Matching, after: Mapping[str, set[str]]) -> pd.DataFrame:
    """Mentees whose partners differ, and what their pairs weigh more."""
    before: dict[str, set[str]] = {}
    for made in matching.made:
        before.setdefault(made.mentee, set()).add(made.mentor)
    rows = []
    for mentee in sorted({*before, *after}):
        old, new = before.get(mentee, set()), after.get(mentee, set())
        if old != new:
            gain = _weight(matching, new - old, mentee) - _weight(matching, old - new, mentee)
            rows.append([mentee, ", ".join(sorted(old)), ", ".join(sorted(new)), gain / RESOLUTION])
    return _table(rows)


def _weight(matching: Matching, mentors: set[str], mentee: str) -> int:
    return sum(score_of(matching, mentor, mentee).weight for mentor in mentors)


def _table(rows: list[list[Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=["mentee", "before", "after", "change"])


def _lost(cost: float) -> str:
    if cost == 0:
        return "unchanged"
    return f"loses {amount(cost)}" if cost > 0 else f"gains {amount(-cost)}"
