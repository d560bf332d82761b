"""One person taken out of the folder of a matching."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pairmatch.errors import FileError, Finding, PolicyError
from pairmatch.keeping.files import read_table, read_text, removed, replaced, written_table
from pairmatch.keeping.naming import Names
from pairmatch.keeping.places import JSON, REPORT, TABLES
from pairmatch.keeping.plain import GONE, texts_naming, without

__all__ = ["load_folder", "policy_without", "purge_folder", "table_without"]

OF_PAIRS = ("mentors", "mentees")


def load_folder(folder: Path) -> dict[str, Any]:
    """What ``matching.json`` of a folder holds.

    Raises
    ------
    FileError
        It is damaged, or not a matching.
    """
    try:
        data = json.loads(read_text(folder / JSON))
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict) or data.get("kind") != "matching":
        hint = "the file is not a matching that pairmatch wrote, or was changed"
        raise FileError([Finding("damaged_file", hint, column=JSON)])
    return data


def purge_folder(folder: Path, names: Names) -> bool:
    """Take a person out of all files of a matching; whether there was anything to take out."""
    data = load_folder(folder)
    now = _without(copy.deepcopy(data), names)
    found = now != data
    if found:
        now["remarks"] = [row for row in now["remarks"] if not any(True for _ in texts_naming(row, names))]
        replaced(folder / JSON, json.dumps(now, ensure_ascii=False, indent=1) + "\n")
    for name in sorted(TABLES):
        path = folder / name
        if path.exists():
            found = _purge_table(path, names) or found
    page = folder / REPORT
    if page.exists() and (found or names.are_in(read_text(page))):
        # A page tells of everybody in words and pictures; it is made again from what is left.
        found = True
        removed(page)
    return found


def _purge_table(path: Path, names: Names) -> bool:
    before = read_text(path)
    text = table_without(before, names, labels=path.name == "unmatched.csv")
    if text == before:
        return False
    if path.name == "exceptions.csv" and text.count("\n") <= 1:
        removed(path)
    else:
        replaced(path, text)
    return True


def table_without(text: str, names: Names, *, labels: bool = False) -> str:
    """A CSV table without the person's rows.

    Parameters
    ----------
    text
        The table.
    names
        The person.
    labels
        Whether columns of rules that say nothing about anybody who is left go too.
    """
    rows, delimiter = read_table(text)
    header, body = (rows[0], rows[1:]) if rows else ([], [])
    kept = [changed for row in body if (changed := _row_without(header, row, names)) is not None]
    if kept == body:
        return text
    if labels and not kept:
        header = header[:6]
    return written_table([header, *kept], delimiter)


def _row_without(header: list[str], row: list[str], names: Names) -> list[str] | None:
    """A row; without the cells about a coach, or an old or new partner, who is to be taken out."""
    aside = {"coach": ("coach", "score"), "before": ("before",), "after": ("after",)}
    own, blank = dict(zip(header, row, strict=False)), set()
    for name, cells in aside.items():
        if names.is_id(own.get(name)):
            blank |= set(cells)
    rest = [cell for name, cell in zip(header, row, strict=False) if name not in blank]
    if any(names.is_id(cell) or names.is_called(cell) for cell in rest):
        return None
    cleared = ["" if name in blank else cell for name, cell in zip(header, row, strict=False)]
    both = own.keys() >= {"before", "after"} and blank & {"before", "after"}
    return (
        None
        if both and not any(dict(zip(header, cleared, strict=False))[k] for k in ("before", "after"))
        else cleared
    )


def _without(data: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """A matching's plain data without a person."""
    now = dict(data)
    for proof in now["certificate"] if isinstance(now.get("certificate"), list) else ():
        for side in OF_PAIRS:
            _drop(proof, f"{side[:-1]}_prices", now.get(side, []), names)
    now["policy"] = policy_without(now.get("policy", {}), names)
    now["policy_fingerprint"] = _fingerprint(now["policy"])
    if isinstance(now.get("coaching"), dict):
        now["coaching"] = _coaching(now["coaching"], names)
    if isinstance(now.get("revision"), dict):
        now["revision"] = _revision(now["revision"], names)
    now = dict(without(now, names))
    return now


def _drop(told: dict[str, Any], key: str, ids: list[Any], names: Names) -> None:
    """Drop the numbers of a person from a list in the order of some ids."""
    numbers = told.get(key)
    if isinstance(numbers, list) and len(numbers) == len(ids):
        told[key] = [number for number, who in zip(numbers, ids, strict=True) if not names.is_id(who)]


def policy_without(policy: Any, names: Names) -> Any:
    """A policy's plain data without the pairs that name a person; rules that named no others go."""
    if not isinstance(policy, Mapping):
        return policy
    now = {name: without(part, names) for name, part in policy.items()}
    rules = [
        after
        for before in policy.get("rules", [])
        if (after := without(before, names)) is not GONE
        and not (before.get("pairs") and not after.get("pairs"))
    ]
    now = {**now, "rules": rules} if rules else {key: part for key, part in now.items() if key != "rules"}
    return {name: part for name, part in now.items() if not (name == "exceptions" and not part)}


def _fingerprint(policy: Any) -> str:
    from pairmatch.policy import Policy

    try:
        return Policy.from_dict(policy).fingerprint
    except PolicyError:
        # Rules of the organisation's own; what they are written as is what they are.
        text = json.dumps(policy, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _coaching(plan: dict[str, Any], names: Names) -> dict[str, Any]:
    """The plan of coaches; a pair whose coach goes has none."""
    now, rows = dict(plan), plan.get("pairs", [])
    gone = [names.is_id(row[0]) or names.is_id(row[1]) for row in rows]
    now["pairs"] = [
        [row[0], row[1], None, 0, ""] if names.is_id(row[2]) else row
        for row, out in zip(rows, gone, strict=True)
        if not out
    ]
    coaches = plan.get("coaches", [])
    _drop(now, "capacity", coaches, names)
    for proof in plan.get("certificate") or ():
        _drop(proof, "mentee_prices", coaches, names)
        prices = proof.get("mentor_prices")
        if isinstance(prices, list) and len(prices) == len(gone):
            proof["mentor_prices"] = [price for price, out in zip(prices, gone, strict=True) if not out]
    return now


def _revision(revision: dict[str, Any], names: Names) -> dict[str, Any]:
    """What a re-match changed; a partner who goes was nobody."""
    changes = []
    for mentee, before, after, reason, rules in revision.get("changes", []):
        ours, theirs = ("" if names.is_id(who) else who for who in (before, after))
        if not names.is_id(mentee) and (ours or theirs):
            changes.append([mentee, ours, theirs, reason, rules])
    return {**revision, "changes": changes}
