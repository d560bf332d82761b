"""Exceptions: single pairs that a rule of the policy does not forbid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.errors import Finding, PolicyError, counted, did_you_mean, listed
from pairmatch.parameters import (
    ELIGIBILITY,
    PAIR_RULE,
    Checks,
    has_methods,
    label_of,
    set_field,
    swapped_pairs,
    told,
)

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from pairmatch.cohort import Block, Cohort, Person
    from pairmatch.rules.protocol import Bools

__all__ = [
    "BAR",
    "Excepted",
    "Exempt",
    "excepted_rules",
    "label_of_rule",
    "named_exceptions",
    "swapped_exceptions",
    "unlaid",
    "usable_exceptions",
]

BAR = "minimum_weight"
"""What an exception names that lets a pair weigh less than the policy's minimum weight."""

NEVER = {
    "same_person": "nobody is paired with themself",
    "not_failed": "a pair that failed is not proposed again",
}
"""Rules from which no pair is excepted, and why."""

KEYS = ("rule", "mentor", "mentee")
"""What an exception says."""


@dataclass(frozen=True, order=True)
class Exempt:
    """One pair that a rule does not forbid, though all others keep the rule.

    An exception allows the pair; whether the pair is made is up to the matching. Ids that are not in the
    cohort are passed over, so that a list can outlive the people on it.

    Parameters
    ----------
    rule
        Label of a pair rule of the policy, or its name where one rule alone has it; or
        ``"minimum_weight"``, so that the pair may weigh less than the policy's bar.
    mentor, mentee
        Ids of the two.

    Raises
    ------
    PolicyError
        Everything that is wrong, at once.

    Examples
    --------
    >>> import pairmatch as pm
    >>> from pairmatch import rules
    >>> from pairmatch.policy import Exempt
    >>> rule = rules.DifferentDepartment()
    >>> one = Exempt("different_department", "ana", "eve")
    >>> policy = pm.Policy(rules=[rule], objective=["mentees"], exceptions=[one])
    >>> policy.exceptions
    (Exempt(rule='different_department', mentor='ana', mentee='eve'),)
    """

    rule: str
    mentor: str
    mentee: str

    def __post_init__(self) -> None:
        checks = Checks("exceptions")
        for key in KEYS:
            set_field(self, key, checks.text(key, getattr(self, key)).strip())
        checks.done()

    def to_dict(self) -> dict[str, str]:
        """The exception as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Excepted:
    """A pair rule with its exceptions laid on: what :attr:`Policy.pair_rules` hands out.

    Parameters
    ----------
    rule
        The rule itself.
    pairs
        Pairs of ids that it does not forbid.
    """

    rule: Any
    pairs: tuple[tuple[str, str], ...]

    def __getattr__(self, name: str) -> Any:
        # Copying and unpickling ask before there is a rule.
        if name.startswith("__") or name in ("rule", "pairs"):
            raise AttributeError(name)
        return getattr(self.rule, name)

    @property
    def name(self) -> str:
        """The rule's name."""
        return str(self.rule.name)

    @property
    def label(self) -> str:
        """The rule's key in tables."""
        return label_of(self.rule)

    def matrix(self, cohort: Cohort) -> csr_array[Any]:
        """The excepted pairs of a cohort: sparse bool, mentors × mentees."""
        return cohort.cached(("exceptions", self.pairs), lambda: cohort.pairs_matrix(list(self.pairs)))

    def allowed(self, block: Block) -> Bools:
        """Which pairs of a block are allowed."""
        answer: Bools = self.rule.allowed(block)
        excepted = block.barred(self.matrix(block.cohort))
        # What is no array of booleans is for the scorer to refuse.
        fits = isinstance(answer, np.ndarray) and answer.dtype == np.bool_ and answer.ndim == 2
        return np.asarray(answer | excepted) if fits and excepted.any() else answer

    def allowed_pair(self, mentor: Person, mentee: Person) -> bool:
        """Whether one pair is allowed, in plain Python."""
        return (mentor.id, mentee.id) in self._set or bool(self.rule.allowed_pair(mentor, mentee))

    @cached_property
    def _set(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.pairs)

    def people(self, cohort: Cohort) -> tuple[Bools, Bools]:
        """Mentors and mentees who have an exception."""
        pairs = self.matrix(cohort)
        return np.diff(pairs.indptr) > 0, np.diff(pairs.tocsc().indptr) > 0


@dataclass(frozen=True)
class ExceptedPeople(Excepted):
    """The same for a rule that can say who lacks the data that it needs."""

    def lacking(self, cohort: Cohort) -> tuple[Bools, Bools]:
        """Who lacks the data, but for those who have an exception: not every pair is forbidden them."""
        return self.others(self.rule.lacking(cohort), cohort)

    def others(self, found: tuple[Bools, Bools], cohort: Cohort) -> tuple[Bools, Bools]:
        """Those found who have no exception."""
        mentors, mentees = self.people(cohort)
        return found[0] & ~mentors, found[1] & ~mentees


@dataclass(frozen=True)
class ExceptedEligibility(ExceptedPeople):
    """The same for a rule about single people."""

    def barring(self, cohort: Cohort) -> tuple[Bools, Bools]:
        """Who is not eligible, but for those who have an exception."""
        return self.others(self.rule.barring(cohort), cohort)

    def bars(self, person: Person) -> bool:
        """Whether one person is not eligible, in plain Python."""
        place = 0 if person.side == "mentors" else 1
        return not any(pair[place] == person.id for pair in self.pairs) and bool(self.rule.bars(person))


def unlaid(rules: Any) -> Any:
    """The rules without their exceptions, which a policy keeps by themselves."""
    if not isinstance(rules, list | tuple):
        return rules
    return [rule.rule if isinstance(rule, Excepted) else rule for rule in rules]


def excepted_rules(rules: Sequence[Any], exceptions: Sequence[Exempt]) -> tuple[Any, ...]:
    """The rules, those with exceptions as :class:`Excepted`."""
    return tuple(_laid_on(rule, exceptions) for rule in rules) if exceptions else tuple(rules)


def _laid_on(rule: Any, exceptions: Sequence[Exempt]) -> Any:
    label = label_of(rule)
    pairs = tuple((one.mentor, one.mentee) for one in exceptions if one.rule == label)
    if not pairs:
        return rule
    eligibility, lacking = has_methods(rule, ELIGIBILITY), has_methods(rule, ("lacking",))
    if eligibility and lacking:
        return ExceptedEligibility(rule, pairs)
    return ExceptedPeople(rule, pairs) if lacking else Excepted(rule, pairs)


def usable_exceptions(checks: Checks, value: object) -> tuple[Exempt, ...]:
    """The exceptions in their canonical form, sorted and each once; problems are noted.

    Parameters
    ----------
    checks
        Where problems are noted.
    value
        Exceptions, tuples or mappings of rule, mentor and mentee; or a frame with these columns.
    """
    found = set()
    for number, entry in enumerate(_entries(checks, value), start=1):
        try:
            found.add(_made(entry))
        except PolicyError as error:
            for finding in error.findings:
                place = f"exceptions #{number}" + (f", {finding.column}" if finding.column else "")
                checks.add(finding.code, place, finding.hint.removeprefix("exceptions: "))
    return tuple(sorted(found))


def _entries(checks: Checks, value: Any) -> Iterable[object]:
    columns = getattr(value, "columns", None)
    if columns is not None and set(KEYS) <= set(columns):
        return zip(*(value[name] for name in KEYS), strict=True)
    if columns is None and isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping):
        return value
    hint = "'exceptions' must be a list of rule, mentor and mentee, or a frame with these columns, "
    hint += f"not {told(value)}."
    checks.add("bad_section", "exceptions", hint)
    return ()


def _made(entry: object) -> Exempt:
    if isinstance(entry, Exempt):
        return entry
    if isinstance(entry, Mapping) and set(entry) == set(KEYS):
        return Exempt(**entry)
    if isinstance(entry, list | tuple) and len(entry) == len(KEYS):
        return Exempt(*entry)
    hint = "an exception is a rule, a mentor and a mentee: the keys 'rule', 'mentor' and 'mentee', "
    hint += f"not {told(entry)}."
    raise PolicyError([Finding("bad_exception", hint, side="policy")])


def named_exceptions(
    checks: Checks, exceptions: Sequence[Exempt], rules: Sequence[Any]
) -> tuple[Exempt, ...]:
    """The exceptions by the labels of their rules; those of rules that the policy does not have are noted.

    Parameters
    ----------
    checks
        Where problems are noted.
    exceptions
        As they were given.
    rules
        The policy's rules.
    """
    found: set[Exempt] = set()
    unknown: dict[str, str] = {}
    for one in exceptions:
        label, hint = label_of_rule(one.rule, rules, has_bar=True)
        if hint:
            unknown[one.rule] = hint
        else:
            found.add(replace(one, rule=label))
    for hint in unknown.values():
        checks.add("not_exceptable", "exceptions", hint)
    return tuple(sorted(found))


def label_of_rule(name: str, rules: Sequence[Any], *, has_bar: bool) -> tuple[str, str]:
    """The label of the pair rule that is called so, and why there is none to be excepted from."""
    labels = {label_of(rule): rule for rule in rules}
    of_name = [label for label, rule in labels.items() if rule.name == name]
    label = name if name in labels else of_name[0] if len(of_name) == 1 else ""
    known = [*(own for own, rule in labels.items() if _exceptable(rule)), *([BAR] if has_bar else [])]
    if name in NEVER or (label and labels[label].name in NEVER):
        return "", f"no pair is excepted from '{name}': {NEVER.get(name) or NEVER[labels[label].name]}."
    if name in known or (label and label in known):
        return label or name, ""
    if label:
        return (
            "",
            f"'{label}' is no rule about pairs; only a rule that allows or forbids a pair has exceptions.",
        )
    near = did_you_mean(name, known) or f" There are: {listed(known) or 'none'}."
    several = f" {counted(len(of_name), 'rule')} have this name; give the label." if of_name else near
    return "", f"the policy has no rule {told(name)} that forbids pairs.{several}"


def _exceptable(rule: Any) -> bool:
    return has_methods(rule, PAIR_RULE) and rule.name not in NEVER


def swapped_exceptions(cohort: Cohort, exceptions: Sequence[Exempt]) -> list[Finding]:
    """A finding for each exception that names a mentee first and a mentor second."""
    return swapped_pairs(cohort, "exceptions", [(one.mentor, one.mentee) for one in exceptions])
