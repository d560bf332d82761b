"""The outline of a policy file: its keys and its number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pairmatch.errors import Finding, did_you_mean
from pairmatch.parameters import told

__all__ = ["KEYS", "NUMBER", "finding", "outline"]

NUMBER = 1
"""Schema number of the policies read and written."""

KEYS = (
    *("objective", "minimum_weight", "seed", "name", "mentors", "mentees"),
    *("rules", "goals", "coaches", "exceptions"),
)
"""Top-level keys of a policy."""

PASSED_OVER = ("schema", "columns", "fields", "levels", "organisation", "thesaurus")
"""Keys of the same file that belong to the schema, and the file's number."""


def finding(code: str, hint: str, column: str = "") -> Finding:
    """A problem of a policy."""
    return Finding(code, hint, side="policy", column=column)


def outline(data: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with the keys of a policy file."""
    findings = []
    number = data.get("schema", NUMBER)
    if isinstance(number, bool) or number != NUMBER:
        hint = f"this version reads policies with schema = {NUMBER}, not {told(number)}."
        findings.append(finding("bad_schema_number", hint, "schema"))
    for key in data:
        if key not in KEYS and key not in PASSED_OVER:
            near = did_you_mean(str(key), KEYS + PASSED_OVER)
            hint = f"'{key}' is no part of a policy or schema.{near}"
            findings.append(finding("unknown_key", hint, str(key)))
    return findings
