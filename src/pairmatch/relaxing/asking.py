"""Which rules of a policy may be relaxed, and how far each can give way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pairmatch.errors import CallError, Finding, did_you_mean, listed
from pairmatch.parameters import PAIR_RULE, has_methods, label_of, told
from pairmatch.policy import BAR
from pairmatch.policy.exceptions import label_of_rule
from pairmatch.rules import AtLeast, AtMost, Capacity, MentorsChosen, Minimum, Required

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.policy import Policy

__all__ = ["Asked", "asked_of", "furthest", "milder"]

BY_NUMBER = (AtLeast, AtMost, Capacity, MentorsChosen, Minimum)
"""Rules that give way by their number."""


OWN_WORD = {"not_vetoed": "what people asked for themselves", "opted_in": "people's own consent"}
"""Rules in which people speak for themselves."""


@dataclass(frozen=True)
class Asked:
    """One rule that may be relaxed.

    Attributes
    ----------
    label
        Its label.
    rule
        The rule; None for the minimum weight.
    kind
        ``"pairs"`` where single pairs are excepted, ``"required"`` where required pairs are given up,
        ``"number"`` where its number is made milder.
    """

    label: str
    rule: Any
    kind: str


def asked_of(policy: Policy, labels: object) -> tuple[Asked, ...]:
    """The rules that are named, in their order.

    Raises
    ------
    CallError
        A label is none of the policy's, stands twice, or names a rule that cannot be relaxed.
    """
    if not isinstance(labels, Sequence) or isinstance(labels, str | bytes):
        hint = (
            f"must be a list of labels of rules, the one to relax first before the others, not {told(labels)}"
        )
        raise CallError([Finding("bad_argument", hint, column="relax")])
    read = [_one(policy, label) for label in labels]
    found = [one for one in read if isinstance(one, Finding)]
    asked = [one for one in read if isinstance(one, Asked)]
    names = [one.label for one in asked]
    twice = sorted({name for name in names if names.count(name) > 1})
    found += [Finding("duplicate_label", "name each rule once", "policy", column=name) for name in twice]
    if found:
        raise CallError(found)
    return tuple(asked)


def _one(policy: Policy, label: object) -> Asked | Finding:
    """One rule, or why there is none."""
    if not isinstance(label, str):
        return Finding("unknown_label", f"a label is a text, not {told(label)}", "policy", column="relax")
    fitting = [rule for rule in policy.rules if label_of(rule) == label]
    fitting = fitting or [rule for rule in policy.rules if rule.name == label]
    if len(fitting) == 1 and not has_methods(fitting[0], PAIR_RULE):
        return _by_number(fitting[0])
    name, hint = label_of_rule(label, policy.rules, has_bar=policy.minimum_weight is not None)
    if hint:
        near = did_you_mean(label, [label_of(rule) for rule in policy.rules])
        return Finding(
            "not_relaxable", f"{hint}{'' if 'Did you' in hint else near}", "policy", column="relax"
        )
    if name != BAR and fitting[0].name in OWN_WORD:
        hint = (
            f"no search overrules '{name}', which is {OWN_WORD[fitting[0].name]}; except single pairs by hand"
        )
        return Finding("not_relaxable", hint, "policy", column="relax")
    return Asked(name, None if name == BAR else fitting[0], "pairs")


def _by_number(rule: Any) -> Asked | Finding:
    if isinstance(rule, Required):
        return Asked(label_of(rule), rule, "required")
    if isinstance(rule, BY_NUMBER):
        return Asked(label_of(rule), rule, "number")
    kinds = listed(sorted(kind.name for kind in (*BY_NUMBER, Required)))
    hint = f"'{label_of(rule)}' cannot be relaxed; beside rules about pairs only these can: {kinds}"
    return Finding("not_relaxable", hint, "policy", column="relax")


def furthest(rule: Any, cohort: Cohort) -> int:
    """By how much a rule's number can give way until it asks for nothing."""
    people = max(cohort.shape)
    if isinstance(rule, Minimum):
        return max(rule.mentors or 0, rule.mentees or 0)
    if isinstance(rule, Capacity):
        return max(
            0, people - min((n for n in (rule.mentors, rule.mentees) if n is not None), default=people)
        )
    if isinstance(rule, AtLeast):
        return int(rule.n)
    return max(0, people - int(rule.at_most if isinstance(rule, MentorsChosen) else rule.n))


def milder(rule: Any, by: int) -> Any:
    """A rule whose number is milder; None where it then asks for nothing."""
    if isinstance(rule, Minimum | Capacity):
        sign = -by if isinstance(rule, Minimum) else by
        sides = {side: getattr(rule, side) for side in ("mentors", "mentees")}
        moved = {side: None if n is None else max(0, n + sign) for side, n in sides.items()}
        return replace(rule, **moved)
    if isinstance(rule, MentorsChosen):
        return replace(rule, at_most=rule.at_most + by)
    if isinstance(rule, AtMost):
        return replace(rule, n=rule.n + by)
    return replace(rule, n=rule.n - by) if rule.n > by else None
