"""``pairmatch.explain``: why this partner, goal by goal; or why none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pairmatch.errors import CallError, Finding, counted, shown
from pairmatch.matching import NO_COACH, REASONS, Coached, Left, Made, Matching, one_person
from pairmatch.parameters import label_of
from pairmatch.problem import RESOLUTION
from pairmatch.scoring import OTHER, SAME_PERSON, Columns, Fit, PairScore, Scorer, visible_columns
from pairmatch.scoring.scorer import MINIMUM_WEIGHT

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.policy import Policy

__all__ = ["Explanation", "explain"]

AUDIENCES = ("lead", "auditor")


@dataclass(frozen=True, eq=False, repr=False)
class Explanation:
    """Why somebody has these partners, or none, as an audience may see it.

    Attributes
    ----------
    role, id
        Whom it is about.
    audience
        Who may read it.
    partners
        One row per partner and goal: partner, goal, contribution, most, score, meaning. ``most`` is what a
        perfect score would contribute; ``score`` in [0, 1] is NaN where the goal lacked data and its average
        was taken instead, and for goals told together as ``other``.
    weights
        Total weight of each pair, by partner.
    reason
        For a person without partners: the reason code and what each rule took away; else None.
    coaches
        Each pair's coach, or why it has none, by partner; empty where the policy has no part about coaches.
    """

    role: str
    id: str
    audience: str
    partners: pd.DataFrame
    weights: dict[str, float]
    reason: Left | None
    coaches: dict[str, Coached] = field(default_factory=dict)

    def __str__(self) -> str:
        head = f"{self.role} {shown(self.id)}"
        if self.reason is not None:
            return "\n".join([f"{head} has no partner: {REASONS[self.reason.reason]}", *_taken(self.reason)])
        lines = []
        for partner, weight in self.weights.items():
            lines.append(f"{head} with {shown(partner)}: weight {weight:.3f}")
            rows = self.partners[self.partners["partner"] == partner]
            lines += [
                f"  {row.contribution:.3f} of {row.most:.3f}  {row.goal}: {row.meaning}"
                for row in rows.itertuples()
            ]
            lines += [_coach_line(self.coaches[partner])] if partner in self.coaches else []
        return "\n".join(lines)

    def __repr__(self) -> str:
        found = counted(len(self.weights), "partner")
        return f"<Explanation of {self.role} {shown(self.id)}, who has {found}, for the {self.audience}>"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<pre>{escape(str(self))}</pre>"


def explain(
    matching: Matching, *, mentor: str | None = None, mentee: str | None = None, audience: str = "lead"
) -> Explanation:
    """Explain one person's result.

    Parameters
    ----------
    matching
        The matching.
    mentor, mentee
        Id of the person: exactly one of the two.
    audience
        ``"lead"`` or ``"auditor"``. Goals over sensitive, special or confidential fields are told together
        with another one as ``other`` except to the auditor (law §12).

    Returns
    -------
    Explanation
        Contributions that add up to the weight, exactly; or the reason for having no partner.

    Raises
    ------
    CallError
        Not exactly one person was named, the id is unknown, or the audience is.
    """
    check_matching(matching)
    role, who = one_person(matching.cohort, mentor, mentee)
    check_audience(audience)
    pairs = [pair for pair in matching.made if (pair.mentor if role == "mentor" else pair.mentee) == who]
    left = next((person for person in matching.left if (person.role, person.id) == (role, who)), None)
    rows = [row for pair in pairs for row in _rows(matching, pair, role, audience)]
    weights = {_partner(pair, role): pair.weight / RESOLUTION for pair in pairs}
    plan = matching.coaching
    found = [] if plan is None else [(pair, plan.of(pair.mentor, pair.mentee)) for pair in pairs]
    coaches = {_partner(pair, role): coached for pair, coached in found if coached is not None}
    return Explanation(role, who, audience, _table(rows), weights, left, coaches)


def check_matching(matching: Any) -> None:
    """Refuse what is no matching.

    Raises
    ------
    CallError
        With what is asked for.
    """
    if not isinstance(matching, Matching):
        raise CallError([Finding("bad_argument", "must be a Matching, as match makes it", column="matching")])


def check_audience(audience: str) -> None:
    """Refuse an audience for whom no explanation is made yet.

    Raises
    ------
    CallError
        With the audiences there are.
    """
    if audience not in AUDIENCES:
        hint = f"explanations are made for {' or '.join(AUDIENCES)}; for the partners themselves not yet"
        raise CallError([Finding("unknown_audience", hint, column="audience")])


def scorer_of(matching: Matching) -> Scorer:
    """A scorer with the matching's frozen values."""
    return Scorer(matching.cohort, matching.policy, Fit.from_dict(matching.fitted))


def score_of(matching: Matching, mentor: str, mentee: str) -> PairScore:
    """One pair's score by the reference forms."""
    cohort = matching.cohort
    people = (
        cohort.mentors.person(cohort.mentors.position(mentor)),
        cohort.mentees.person(cohort.mentees.position(mentee)),
    )
    return scorer_of(matching).pair(*people)


def columns_for(matching: Matching, audience: str) -> Columns:
    """The contribution columns that an audience may see."""
    left_out = Fit.from_dict(matching.fitted).left_out
    return visible_columns(matching.cohort, matching.policy, audience=audience, left_out=left_out)


def rule_words(policy: Policy, label: str) -> str:
    """A rule in words, by its label."""
    if label == SAME_PERSON:
        return "nobody is paired with themself"
    if label == MINIMUM_WEIGHT:
        return f"a pair weighs at least {policy.minimum_weight:g}"
    for rule in policy.rules:
        if label_of(rule) == label:
            return str(getattr(rule, "description", label))
    return label


def _partner(pair: Made, role: str) -> str:
    return pair.mentee if role == "mentor" else pair.mentor


def _rows(matching: Matching, pair: Made, role: str, audience: str) -> list[list[Any]]:
    """One row per shown goal of one pair."""
    scorer = scorer_of(matching)
    score = score_of(matching, pair.mentor, pair.mentee)
    columns = columns_for(matching, audience)
    most = columns.told({part.label: part.share.most for part in scorer.parts})
    told = columns.told(score.contributions)
    goals = {label_of(goal): goal for goal in matching.policy.pair_goals}
    rows: list[list[Any]] = []
    for column in columns.names:
        own = None if column == OTHER else score.scores[column]
        meaning = "goals that are told together"
        if column != OTHER:
            meaning = _meaning(goals[column], own) + _told(scorer, column, pair)
        part = [told[column] / RESOLUTION, most[column] / RESOLUTION, float("nan") if own is None else own]
        rows.append([_partner(pair, role), column, *part, meaning])
    return rows


def _meaning(goal: Any, score: float | None) -> str:
    words = str(getattr(goal, "description", label_of(goal)))
    if score is not None:
        return words
    instead = "0 counts" if getattr(goal, "missing", "average") == "zero" else "the cohort's average counts"
    return f"{words} (data are missing: {instead} instead)"


def _told(scorer: Scorer, label: str, pair: Made) -> str:
    """What the goal found in this pair, in words, where it can tell."""
    goal = next(part.gauge.goal for part in scorer.parts if part.label == label)
    if not hasattr(goal, "told"):
        return ""
    cohort = scorer.cohort
    mentor = cohort.mentors.person(cohort.mentors.position(pair.mentor))
    mentee = cohort.mentees.person(cohort.mentees.position(pair.mentee))
    words = goal.told(mentor, mentee)
    return f" ({words})" if words else ""


def _table(rows: list[list[Any]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=["partner", "goal", "contribution", "most", "score", "meaning"])


def _coach_line(pair: Coached) -> str:
    if pair.coach is None:
        return f"  no coach: {NO_COACH[pair.reason]}"
    return f"  coach {shown(pair.coach)}, who adds {pair.score / RESOLUTION:.3f}"


def _taken(left: Left) -> list[str]:
    lines = [f"  eligible partners: {left.eligible}"]
    lines += [f"  does not keep: {label}" for label in left.barred]
    lines += [f"  no room left by: {label}" for label in left.quotas]
    lines += [f"  lacks the data for {label}" for label in left.lacks]
    return lines + [f"  forbidden by {label}: {count}" for label, count in left.taken.items() if count]
