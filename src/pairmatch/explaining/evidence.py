"""What a goal or a rule found in a pair, in words, as far as an audience may read it.

A goal or rule may have ``evidence(mentor, mentee)``: what it found in this pair, as ``"both: chess"``, with
the values that it looked at. Whether an audience may see those is decided here, by the classes of its fields.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pairmatch.errors import amount
from pairmatch.parameters import label_of
from pairmatch.problem import RESOLUTION
from pairmatch.scoring.audience import is_hidden
from pairmatch.scoring.scorer import MINIMUM_WEIGHT

if TYPE_CHECKING:
    from pairmatch.cohort import Person
    from pairmatch.scoring import PairScore, Scorer

__all__ = ["evidence_against", "evidence_of"]


def evidence_of(scorer: Scorer, label: str, mentor: Person, mentee: Person) -> str:
    """What a goal found in a pair, in words; empty where it cannot tell.

    For goals that have a column of their own and judged the pair: whoever may see the column may see what it
    was made from.
    """
    goal = next(part.gauge.goal for part in scorer.parts if part.label == label)
    tell = getattr(goal, "evidence", getattr(goal, "told", None))
    return "" if tell is None else str(tell(mentor, mentee))


def evidence_against(
    scorer: Scorer, label: str, people: tuple[Person, Person], score: PairScore, audience: str
) -> str:
    """Why a rule forbids a pair, in words; empty where it cannot tell, or the audience may not read it.

    Parameters
    ----------
    scorer
        The matching's scorer.
    label
        The rule, by label, or the minimum weight.
    people
        Mentor and mentee.
    score
        What the pair scores.
    audience
        ``"lead"`` or ``"auditor"``: values of sensitive, special and confidential fields are for the auditor.
    """
    if label == MINIMUM_WEIGHT:
        return f"this one weighs {amount(score.weight / RESOLUTION)}"
    rule: Any = next((rule for rule in scorer.policy.rules if label_of(rule) == label), None)
    if not hasattr(rule, "evidence") or is_hidden(rule, scorer.cohort, audience):
        return ""
    return str(rule.evidence(*people))
