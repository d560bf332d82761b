"""A matching on disk: ``matching.json`` holds it, ``pairs.csv`` and ``unmatched.csv`` show it.

No profile is ever written: ids, weights, reason codes, prices, the policy and the schema.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pairmatch.errors import CallError, FileError, Finding, InputError, PolicyError
from pairmatch.matching.certificate import Certificate
from pairmatch.matching.coaching import Coached, CoachPlan
from pairmatch.matching.overlay import laid_over_cohort
from pairmatch.matching.result import Left, Made, Matching
from pairmatch.matching.revision_entry import read_revision, told_revision
from pairmatch.problem import Ints, TierProof

if TYPE_CHECKING:
    import pandas as pd

    from pairmatch.cohort import Cohort, Schema
    from pairmatch.policy import Policy

__all__ = ["read", "read_before", "read_header", "safe_cell", "write"]

SCHEMA = 1
"""Number of the file format."""

JSON, PAIRS, UNMATCHED = "matching.json", "pairs.csv", "unmatched.csv"

SOME = COACHES, CHANGED, EXCEPTIONS = "coaches.csv", "changes.csv", "exceptions.csv"
"""Tables that only some matchings have: those with coaches, re-matches, and those with exceptions."""

FORMULA = re.compile(r"(^|;)('*)(?=[=+\-@＝＋－＠\t\r\n])")
"""A spreadsheet takes a cell that begins so for a formula; many split a row at semicolons."""


def write(matching: Matching, directory: str | PathLike[str]) -> None:
    """Write a matching's three files."""
    folder = _folder(directory)
    texts = {JSON: json.dumps(_told(matching), ensure_ascii=False, indent=1) + "\n", **_tables(matching)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
        for name in set(SOME) - set(texts):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        hint = f"the directory cannot be written to ({error.strerror}); give one that is yours"
        raise FileError([Finding("unwritable", hint, column="directory")]) from None


def read_header(directory: str | PathLike[str], extra: Iterable[Any] = ()) -> tuple[Schema, Policy]:
    """The schema and the policy of a written matching: what is needed to read its cohort again.

    Raises
    ------
    FileError
        The file is missing, damaged, or of an unknown schema number.
    """
    return _header(_load(_folder(directory)), extra)


def read(directory: str | PathLike[str], cohort: Cohort, extra: Iterable[Any] = ()) -> Matching:
    """Read a matching and hold it against its cohort and its tables."""
    from pairmatch.cohort import Cohort

    folder = _folder(directory)
    if not isinstance(cohort, Cohort):
        raise CallError([Finding("bad_argument", "must be the Cohort that was matched", column="cohort")])
    data = _load(folder)
    own = _its_own(data, cohort)
    if own is None:
        hint = (
            "the matching was made from other people or other data; give all the tables it was made "
            "from: where match was handed org, history, preferences, vetoes or coaches, hand them in again"
        )
        raise FileError([Finding("other_cohort", hint, column=JSON)])
    return _read(folder, data, own, extra)


def read_before(
    directory: str | PathLike[str], cohort: Cohort, extra: Iterable[Any] = ()
) -> tuple[Matching, bool]:
    """Read a matching for a re-match: with the people of now, and whether they are those of the matching."""
    folder = _folder(directory)
    data = _load(folder)
    own = _its_own(data, cohort)
    return _read(folder, data, own or cohort, extra), own is not None


def _read(folder: Path, data: Mapping[str, Any], cohort: Cohort, extra: Iterable[Any]) -> Matching:
    """The matching in a folder, held against its tables."""
    _, policy = _header(data, extra)
    try:
        matching = _matching(data, cohort, policy)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise FileError([_damaged()]) from None
    changed = [_changed(name) for name, text in _tables(matching).items() if _differs(folder / name, text)]
    if changed:
        raise FileError(changed)
    return matching


def _its_own(data: Mapping[str, Any], cohort: Cohort) -> Cohort | None:
    """The cohort handed in, or it with what the re-match was asked laid over it: whichever was matched."""
    try:
        revision = read_revision(data["revision"]) if "revision" in data else None
    except (KeyError, TypeError, ValueError):
        raise FileError([_damaged()]) from None
    for own in (cohort, laid_over_cohort(cohort, revision)):
        if own.fingerprint == data.get("cohort"):
            return own
    return None


def safe_cell(text: str) -> str:
    """A text cell that no spreadsheet takes for a formula: an apostrophe goes before it.

    Also before one that has such an apostrophe already, so that no two texts become the same.
    """
    return FORMULA.sub(r"\1'\2", text)


def _folder(directory: str | PathLike[str]) -> Path:
    try:
        return Path(fspath(directory))
    except TypeError:
        hint = "must be the path of a directory"
        raise CallError([Finding("bad_argument", hint, column="directory")]) from None


def _tables(matching: Matching) -> dict[str, str]:
    tables = {PAIRS: _csv(matching.pairs), UNMATCHED: _csv(matching.unmatched)}
    tables |= {} if matching.coaching is None else {COACHES: _csv(matching.coaches)}
    exceptions = matching.exceptions
    tables |= {EXCEPTIONS: _csv(exceptions)} if len(exceptions) else {}
    return tables if matching.revision is None else {**tables, CHANGED: _csv(matching.changes)}


def _csv(frame: pd.DataFrame) -> str:
    import pandas as pd

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([safe_cell(str(name)) for name in frame.columns])
    for row in frame.itertuples(index=False):
        told = ("" if cell is pd.NA else cell for cell in row)
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in told])
    return out.getvalue()


def _told(matching: Matching) -> dict[str, Any]:
    certificate = matching.certificate
    return {
        "schema": SCHEMA,
        "kind": "matching",
        "cohort": matching.cohort.fingerprint,
        "policy_fingerprint": matching.policy.fingerprint,
        "policy": matching.policy.to_dict(),
        "cohort_schema": matching.cohort.schema.to_dict(),
        "columns": list(matching.columns),
        "pairs": [
            [p.mentor, p.mentee, p.weight, p.completeness, dict(p.contributions)] for p in matching.made
        ],
        "unmatched": [
            [p.role, p.id, p.reason, p.eligible, dict(p.taken), list(p.lacks), list(p.barred)]
            + ([list(p.quotas)] if p.quotas else [])
            for p in matching.left
        ],
        "mentors": list(certificate.mentors),
        "mentees": list(certificate.mentees),
        "certificate": [_proof_told(proof) for proof in certificate.proofs],
        "complete": certificate.complete,
        "fitted": dict(matching.fitted),
        "fitted_on": matching.fitted_on,
        "remarks": [[r.code, r.hint, r.side, r.id, r.row, r.column] for r in matching.remarks],
        **({} if matching.coaching is None else {"coaching": _plan_told(matching.coaching)}),
        **({} if matching.revision is None else {"revision": told_revision(matching.revision)}),
    }


def _plan_told(plan: CoachPlan) -> dict[str, Any]:
    certificate = plan.certificate
    return {
        "pairs": [[p.mentor, p.mentee, p.coach, p.score, p.reason] for p in plan.pairs],
        "coaches": list(plan.coaches),
        "capacity": list(plan.capacity),
        "jointly": plan.jointly,
        "certificate": None if certificate is None else [_proof_told(proof) for proof in certificate.proofs],
        "complete": certificate is None or certificate.complete,
        "one_after_the_other": dict(plan.one_after_the_other),
        "together": dict(plan.together),
    }


def _proof_told(proof: TierProof) -> dict[str, Any]:
    return {
        "tier": proof.tier,
        "value": proof.value,
        "bound": proof.bound,
        "verified_bound": proof.verified_bound,
        "kind": proof.kind,
        "canonical": proof.canonical,
        "multipliers": dict(proof.multipliers),
        "mentor_prices": proof.mentor_prices.tolist(),
        "mentee_prices": proof.mentee_prices.tolist(),
        "levels": list(proof.levels),
        **_further(proof),
    }


def _further(proof: TierProof) -> dict[str, Any]:
    """What only proofs about groups, coaches and hours have."""
    told = {name: getattr(proof, name).tolist() for name in ("group_prices", "coach_prices")}
    told |= {} if proof.scale == 1 else {"scale": proof.scale}
    told |= {"bundles": True} if proof.bundles else {}
    return {name: value for name, value in told.items() if value != []}


def _load(folder: Path) -> dict[str, Any]:
    path = folder / JSON
    try:
        data = json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"), parse_constant=_refuse)
    except FileNotFoundError:
        hint = f"there is no {JSON} here; give the directory that a matching was written to"
        raise FileError([Finding("missing_file", hint, column=JSON)]) from None
    except OSError:
        raise FileError([Finding("unreadable_file", "the file cannot be opened", column=JSON)]) from None
    except (ValueError, RecursionError):
        raise FileError([_damaged()]) from None
    if not isinstance(data, dict) or data.get("kind") != "matching":
        raise FileError([_damaged()])
    if type(data.get("schema")) is not int or data["schema"] != SCHEMA:
        hint = f"this version reads schema {SCHEMA} only; use the version of pairmatch that wrote the file"
        raise FileError([Finding("unknown_schema", hint, column=JSON)])
    return data


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def _header(data: Mapping[str, Any], extra: Iterable[Any]) -> tuple[Schema, Policy]:
    from pairmatch.cohort import Schema
    from pairmatch.policy import Policy

    try:
        schema, policy = Schema.from_dict(data["cohort_schema"]), Policy.from_dict(data["policy"], extra)
    except PolicyError as error:
        raise FileError(_own_parts(error) or [_damaged()]) from None
    except (KeyError, InputError):
        raise FileError([_damaged()]) from None
    if policy.fingerprint != data.get("policy_fingerprint"):
        raise FileError([_damaged()])
    return schema, policy


def _own_parts(error: PolicyError) -> list[Finding]:
    """Rules and goals that nobody knows here: most likely the user's own."""
    hint = "the policy names a rule or goal that pairmatch does not have; pass your own class in extra=[...]"
    unknown = [finding for finding in error.findings if finding.code in ("unknown_rule", "unknown_goal")]
    return [replace(finding, hint=hint) for finding in unknown]


def _matching(data: Mapping[str, Any], cohort: Cohort, policy: Policy) -> Matching:
    columns = tuple(_text(column) for column in _kind(list, data["columns"]))
    certificate = Certificate(
        tuple(_proof(entry) for entry in _kind(list, data["certificate"])),
        tuple(_text(i) for i in _kind(list, data["mentors"])),
        tuple(_text(i) for i in _kind(list, data["mentees"])),
        _kind(bool, data["complete"]),
    )
    return Matching(
        cohort=cohort,
        policy=policy,
        made=tuple(_made(entry, columns) for entry in _kind(list, data["pairs"])),
        left=tuple(_left(entry) for entry in _kind(list, data["unmatched"])),
        columns=columns,
        certificate=certificate,
        fitted=_kind(dict, data["fitted"]),
        fitted_on=_text(data["fitted_on"]),
        remarks=tuple(_remark(entry) for entry in _kind(list, data["remarks"])),
        coaching=_plan(_kind(dict, data["coaching"])) if "coaching" in data else None,
        revision=read_revision(data["revision"]) if "revision" in data else None,
    )


def _plan(entry: Mapping[str, Any]) -> CoachPlan:
    pairs = tuple(_coached(*_kind(list, row)) for row in _kind(list, entry["pairs"]))
    coaches = tuple(_text(who) for who in _kind(list, entry["coaches"]))
    labels = tuple(f"{pair.mentor} + {pair.mentee}" for pair in pairs)
    proofs, complete = entry["certificate"], _kind(bool, entry["complete"])
    if proofs is not None:
        proofs = Certificate(tuple(map(_proof, _kind(list, proofs))), labels, coaches, complete)
    before, now = (
        {_text(tier): _kind(int, value) for tier, value in _kind(dict, entry[name]).items()}
        for name in ("one_after_the_other", "together")
    )
    capacity = tuple(_kind(int, most) for most in _kind(list, entry["capacity"]))
    return CoachPlan(pairs, coaches, capacity, _kind(bool, entry["jointly"]), proofs, before, now)


def _coached(mentor: Any, mentee: Any, coach: Any, score: Any, reason: Any) -> Coached:
    who = None if coach is None else _text(coach)
    return Coached(_text(mentor), _text(mentee), who, _kind(int, score), _text(reason))


def _made(entry: Sequence[Any], columns: Sequence[str]) -> Made:
    mentor, mentee, weight, completeness, contributions = _kind(list, entry)
    parts = {column: _kind(int, contributions[column]) for column in columns}
    if len(parts) != len(contributions):
        raise ValueError
    return Made(_text(mentor), _text(mentee), _kind(int, weight), _kind(float, completeness), parts)


def _left(entry: Sequence[Any]) -> Left:
    role, identifier, reason, eligible, taken, *rules = _kind(list, entry)
    counts = {_text(label): _kind(int, count) for label, count in taken.items()}
    lacks, barred, *quotas = (tuple(_text(label) for label in _kind(list, labels)) for labels in rules)
    told = (_text(role), _text(identifier), _text(reason), _kind(int, eligible), counts, lacks, barred)
    if not quotas:
        return Left(*told)
    (full,) = quotas
    return Left(*told, full)


def _remark(entry: Sequence[Any]) -> Finding:
    code, hint, side, identifier, row, column = _kind(list, entry)
    return Finding(_text(code), _text(hint), _text(side), _text(identifier), _kind(int, row), _text(column))


def _proof(entry: Mapping[str, Any]) -> TierProof:
    whole = {name: _kind(int, entry[name]) for name in ("value", "bound", "verified_bound")}
    return TierProof(
        tier=_text(entry["tier"]),
        kind=_text(entry["kind"]),
        canonical=_kind(bool, entry["canonical"]),
        multipliers={_text(tier): _kind(int, times) for tier, times in entry["multipliers"].items()},
        mentor_prices=_prices(entry["mentor_prices"]),
        mentee_prices=_prices(entry["mentee_prices"]),
        levels=tuple(_kind(int, level) for level in _kind(list, entry["levels"])),
        group_prices=_prices(entry.get("group_prices", [])),
        coach_prices=_prices(entry.get("coach_prices", [])),
        scale=_kind(int, entry.get("scale", 1)),
        bundles=_kind(bool, entry.get("bundles", False)),
        **whole,
    )


def _prices(entry: Any) -> Ints:
    return np.array([_kind(int, price) for price in _kind(list, entry)], np.int64)


def _kind(kind: Callable[[Any], Any], value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError
    return value


def _text(value: Any) -> str:
    text: str = _kind(str, value)
    return text


def _differs(path: Path, text: str) -> bool:
    try:
        return path.read_text(encoding="utf-8", errors="surrogatepass") != text
    except FileNotFoundError:
        return False
    except (OSError, ValueError):
        return True


def _changed(name: str) -> Finding:
    hint = f"the table is not the one that {JSON} holds; restore it, or delete it to go by {JSON} alone"
    return Finding("table_changed", hint, column=name)


def _damaged() -> Finding:
    return Finding(
        "damaged_file", "the file is not a matching that pairmatch wrote, or was changed", column=JSON
    )
