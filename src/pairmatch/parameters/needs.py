"""What rules and goals need of a cohort: columns of the right kind, and a purpose for protected ones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pairmatch.errors import Finding, PolicyError, did_you_mean

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort, Organisation, Profiles

__all__ = [
    "absent_chart",
    "absent_fields",
    "absent_table",
    "chart_of",
    "mixed_meaning",
    "purpose_needed",
    "wrong_kinds",
]


def absent_fields(
    cohort: Cohort, owner: str, mentors: Iterable[str] = (), mentees: Iterable[str] = ()
) -> list[Finding]:
    """A finding for each field that a rule or goal needs and a table does not have (law §3).

    Parameters
    ----------
    cohort
        The cohort the policy is meant for.
    owner
        The rule's or goal's label.
    mentors, mentees
        Fields needed of each side.
    """
    wanted = [(cohort.mentors, field) for field in mentors] + [(cohort.mentees, field) for field in mentees]
    return [_absent(profiles, field, owner) for profiles, field in wanted if field not in profiles]


def _absent(profiles: Profiles, field: str, owner: str) -> Finding:
    hint = (
        f"'{owner}' needs the field '{field}', which the {profiles.side}' table does not have; add the "
        f"column, map it under [columns], or take '{owner}' out of the policy."
        f"{did_you_mean(field, profiles.fields)}"
    )
    return Finding("absent_column", hint, side=profiles.side, column=field)


def absent_table(owner: str, table: str, holds: str, columns: str, part: str = "rule") -> list[Finding]:
    """A finding for a further table that a rule or goal needs and that was not handed in (law §3).

    Parameters
    ----------
    owner
        The rule's or goal's label.
    table
        Name of the table: ``"history"``, ``"preferences"`` or ``"vetoes"``.
    holds
        What it holds, in words.
    columns
        Its columns, in words.
    part
        ``"rule"`` or ``"goal"``.
    """
    hint = (
        f"'{owner}' needs the table of {holds} ({table}=, on the command line --{table}) with the columns "
        f"{columns}. It may be empty; or take the {part} out of the policy."
    )
    return [Finding("absent_table", hint, side=table)]


def absent_chart(cohort: Cohort, owner: str, part: str) -> list[Finding]:
    """A finding where nobody knows who reports to whom, and a rule or goal needs it.

    Parameters
    ----------
    cohort
        The cohort the policy is meant for.
    owner
        The rule's or goal's label.
    part
        ``"rule"`` or ``"goal"``.
    """
    if cohort.organisation is not None:
        return []
    hint = (
        f"'{owner}' needs to know who reports to whom: give the tables a column 'manager', or hand in the "
        f"organisation chart (org=, on the command line --org), or take the {part} out of the policy."
    )
    return [Finding("absent_table", hint, side="org", column="manager")]


def chart_of(cohort: Cohort, owner: str, part: str) -> Organisation:
    """The organisation chart; a PolicyError where there is none."""
    if cohort.organisation is None:
        raise PolicyError(absent_chart(cohort, owner, part))
    return cohort.organisation


def wrong_kinds(
    cohort: Cohort, owner: str, fields: Iterable[tuple[str, str]], kinds: tuple[str, ...]
) -> list[Finding]:
    """A finding for each field that is there, but not of a kind that the rule or goal can use.

    Parameters
    ----------
    cohort
        The cohort the policy is meant for.
    owner
        The rule's or goal's label.
    fields
        Side (``"mentors"`` or ``"mentees"``) and field.
    kinds
        Kinds that can be used.
    """
    findings = []
    for side, field in fields:
        profiles = cohort.mentors if side == "mentors" else cohort.mentees
        if field in profiles and profiles.kind(field) not in kinds:
            words = " or ".join(f"'{kind}'" for kind in kinds)
            hint = f"'{owner}' needs '{field}' to be of kind {words}; declare it so under [fields.{field}]."
            findings.append(Finding("wrong_kind", hint, side=side, column=field))
    return findings


def mixed_meaning(cohort: Cohort, owner: str, mentors: str, mentees: str) -> list[Finding]:
    """A finding where one field is compared by meaning and the other letter by letter: nothing would fit."""
    known = cohort.schema.all_fields
    names = [cohort.mentors.resolve(mentors), cohort.mentees.resolve(mentees)]
    found = [known[name] for name in names if name]
    lists = [field for field in found if field.kind in ("list", "topics")]
    if len(lists) < len(names) or len({field.meaning for field in lists}) == 1:
        return []
    hint = (
        f"'{owner}' compares '{mentors}' with '{mentees}', of which one is compared by meaning and the other "
        "is not; say meaning = true, or false, of both."
    )
    return [Finding("mixed_meaning", hint, side="schema", column=mentors)]


def purpose_needed(cohort: Cohort, owner: str, part: Any) -> list[Finding]:
    """A finding where a rule or goal uses sensitive or special fields without a written purpose (law §12)."""
    if getattr(part, "purpose", None):
        return []
    hint = (
        f"'{owner}' uses a sensitive or special field; say why in one sentence, purpose=\"...\", "
        "or take it out of the policy."
    )
    used = sorted({field for field in getattr(part, "fields", ()) if cohort.resolve(field)})
    protected = [field for field in used if cohort.field_class(field) in ("sensitive", "special")]
    return [Finding("needs_purpose", hint, side="policy", column=field) for field in protected]
