"""``pairmatch.explain``: why this partner, goal by goal; or why none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from pairmatch.explaining.asking import AUDIENCES, PARTNERS, check_audience, check_matching
from pairmatch.explaining.contributions import contributions
from pairmatch.explaining.counts import counts_of
from pairmatch.explaining.explanation import Explanation
from pairmatch.explaining.runners_up import runners_up
from pairmatch.explaining.scorers import columns_for, read, rule_words, score_of, scorer_of
from pairmatch.matching import Matching, one_person
from pairmatch.problem import RESOLUTION

if TYPE_CHECKING:
    from pairmatch.explaining.partners import PartnerExplanation

__all__ = [
    "AUDIENCES",
    "Explanation",
    "check_audience",
    "check_matching",
    "columns_for",
    "explain",
    "rule_words",
    "score_of",
    "scorer_of",
]


@overload
def explain(
    matching: Matching,
    *,
    mentor: str | None = None,
    mentee: str | None = None,
    audience: Literal["lead", "auditor"] = "lead",
) -> Explanation: ...


@overload
def explain(
    matching: Matching,
    *,
    mentor: str | None = None,
    mentee: str | None = None,
    audience: Literal["mentor", "mentee"],
) -> PartnerExplanation: ...


@overload
def explain(
    matching: Matching, *, mentor: str | None = None, mentee: str | None = None, audience: str
) -> Explanation | PartnerExplanation: ...


def explain(
    matching: Matching, *, mentor: str | None = None, mentee: str | None = None, audience: str = "lead"
) -> Explanation | PartnerExplanation:
    """Explain one person's result.

    Parameters
    ----------
    matching
        The matching.
    mentor, mentee
        Id of the person: exactly one of the two.
    audience
        ``"lead"`` or ``"auditor"``: contributions with their evidence, who else would suit, what each rule
        took away. Goals over sensitive, special or confidential fields are told together with another one
        as ``other`` except to the auditor (law §12). ``"mentor"`` or ``"mentee"``: what the mentor, or the
        mentee, of a pair may read: bands and positive reasons alone.

    Returns
    -------
    Explanation or PartnerExplanation
        Contributions that add up to the weight, exactly; or the reason for having no partner.

    Raises
    ------
    CallError
        Not exactly one person was named, the id is unknown, or the audience is.

    Examples
    --------
    >>> import pandas as pd
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> mentors = pd.DataFrame({"id": ["ana", "ben"], "hobbies": ["chess; golf", "opera"]})
    >>> mentees = pd.DataFrame({"id": ["eve"], "hobbies": ["chess"]})
    >>> policy = pm.Policy(goals=[goals.SharedHobbies(weight=1)])
    >>> matching = pm.match(pm.Cohort(mentors, mentees), policy)
    >>> told = pm.explain(matching, mentee="eve")
    >>> told.partners["evidence"].tolist()
    ['both: chess']
    >>> told.runners_up[["for", "partner", "why_not"]].values.tolist()
    [['eve', 'ben', 'free, but ana suits better']]
    """
    check_matching(matching)
    role, who = one_person(matching.cohort, mentor, mentee)
    check_audience(audience, (*AUDIENCES, *PARTNERS))
    if audience in PARTNERS:
        from pairmatch.explaining.partners import partner_explanation

        return partner_explanation(matching, role, who, audience)
    return _explained(matching, role, who, audience)


def _explained(matching: Matching, role: str, who: str, audience: str) -> Explanation:
    """The explanation for those who run the programme or inspect it."""
    other = "mentee" if role == "mentor" else "mentor"
    pairs = read(matching).pairs.get((role, who), [])
    partners = [(other, getattr(pair, other)) for pair in pairs]
    left = next((person for person in matching.left if (person.role, person.id) == (role, who)), None)
    more: dict[str, Any] = {}
    if matching.coaching is not None:
        found = ((pair, matching.coaching.of(pair.mentor, pair.mentee)) for pair in pairs)
        more["coaches"] = {getattr(pair, other): coached for pair, coached in found if coached is not None}
    if left is not None:
        more["blocking"] = read(matching).reach.blocking_set(role, who)
    return Explanation(
        role,
        who,
        audience,
        contributions(matching, pairs, role, audience),
        {getattr(pair, other): pair.weight / RESOLUTION for pair in pairs},
        left,
        runners_up(matching, [(role, who), *partners]),
        counts_of(matching, role, who, is_left=left is not None),
        **more,
    )
