"""``pairmatch.export``: everything that the library's files hold about one person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from pairmatch.auditing.chain import lines_of
from pairmatch.cohort import Cohort, Person
from pairmatch.errors import CallError, FileError, Finding, InputError, counted, shown
from pairmatch.explain import explain
from pairmatch.keeping.files import read_table, read_text
from pairmatch.keeping.folders import load_folder
from pairmatch.keeping.naming import Names, named_in, names_of
from pairmatch.keeping.places import PAGES, Place, places_of
from pairmatch.keeping.plain import rows_naming
from pairmatch.matching import Matching
from pairmatch.programme import EventStore

__all__ = ["Export", "export"]

SCHEMA = 1

SIDES = ("mentors", "mentees", "coaches")

OWN = frozenset({"topics_wanted", "wants_back", "shown_to_partner"})
"""Confidential fields that a person fills in about themself; the others hold what others say of them."""

LEAD = "lead"

PROPOSALS = frozenset({"proposed", "declined", "withdrawn"})
"""Kinds of events of which the two were perhaps never told."""

PLAIN_COLUMNS = frozenset({"mentor", "mentee", "coach", "role", "id", "before", "after"})
"""Columns of tables that tell nothing but who is with whom."""


@dataclass(frozen=True, repr=False)
class Export:
    """What is kept of one person, as :func:`pairmatch.export` found it.

    Attributes
    ----------
    person
        The id.
    data
        Plain data: with a cohort ``profile`` by side and ``said`` (wishes and earlier pairs), and one entry
        in ``found`` for each file or folder. With ``audience="lead"``, what others said in confidence
        as ``in_confidence``.
    """

    person: str
    data: Mapping[str, Any]

    def write(self, path: str | PathLike[str]) -> None:
        """Write everything as one JSON file.

        Raises
        ------
        FileError
            It cannot be written.
        """
        try:
            Path(path).write_text(f"{self}\n", encoding="utf-8", errors="surrogatepass", newline="")
        except (OSError, ValueError, TypeError):
            hint = "the file cannot be written; give a path in a folder that exists"
            raise FileError([Finding("unwritable", hint, column="path")]) from None

    def __str__(self) -> str:
        return json.dumps(self.data, ensure_ascii=False, indent=1)

    def __repr__(self) -> str:
        return f"<Export: {counted(len(self.data['found']), 'place')}>"


def export(
    person: str,
    *paths: str | PathLike[str],
    cohort: Cohort | None = None,
    audience: str | None = None,
    also: Iterable[str] = (),
) -> Export:
    """Everything that pairmatch keeps of one person: for whoever asks what is kept of them.

    Parameters
    ----------
    person
        The id.
    paths
        Files and folders, as for :func:`pairmatch.purge`.
    cohort
        The people: for the profile, and for the explanation of each matching that was made from it.
    audience
        None for what the person may be handed. ``"lead"`` adds what others said in confidence, and numbers
        that tell of others: ratings, vetoes, reasons for an end, weights, lists of pairs that must or must
        not be.
    also
        What else the person is called, for pages.

    Returns
    -------
    Export
        Plain data; ``write`` makes one JSON file of it.

    Raises
    ------
    CallError
        The arguments cannot be used, or nobody of the cohort has the id.
    FileError
        Something is missing or damaged.

    Examples
    --------
    >>> import pairmatch as pm
    >>> from pairmatch import goals
    >>> from pairmatch.keeping import export
    >>> cohort = pm.datasets.synthetic(mentors=6, mentees=4, seed=1)
    >>> pm.match(cohort, pm.Policy(goals=[goals.SharedHobbies(weight=1)])).write("out")
    >>> told = export("m1", "out", cohort=cohort)
    >>> told.data["profile"]["mentors"]["id"], len(told.data["found"])
    ('m1', 1)
    """
    names = names_of(person, also)
    if audience not in (None, LEAD):
        hint = (
            f"what others said in confidence is shown for the audience '{LEAD}' alone; None is for the rest"
        )
        raise CallError([Finding("unknown_audience", hint, column="audience")])
    if cohort is not None and not isinstance(cohort, Cohort):
        raise CallError([Finding("bad_argument", "'cohort' must be a Cohort, or None", column="cohort")])
    places = places_of(paths) if paths or cohort is None else []
    lead = audience == LEAD
    data: dict[str, Any] = {"schema": SCHEMA, "kind": "export", "person": person}
    data |= {} if cohort is None else _of_cohort(cohort, names, lead)
    data["found"] = [told for place in places for told in _found(place, names, cohort, lead)]
    return Export(person, data)


def _of_cohort(cohort: Cohort, names: Names, lead: bool) -> dict[str, Any]:
    """The profile, and what the tables beside it say."""
    profiles = {}
    for side in SIDES:
        people = getattr(cohort, side)
        if people is not None and names.person in people.positions:
            profiles[side] = _profile(cohort, people.person(people.position(names.person)), lead)
    told: dict[str, Any] = {"profile": profiles, "said": _said(cohort, names)}
    if lead:
        vetoes = [list(pair) for pair in cohort.vetoes or () if any(names.is_id(who) for who in pair)]
        told["in_confidence"] = {"vetoes": vetoes, "wished_for_by": _wishes(cohort, names, own=False)}
    return told


def _profile(cohort: Cohort, person: Person, lead: bool) -> dict[str, Any]:
    """All fields of one row; what others say of the person only for the lead."""
    return {
        name: _plain(person[name])
        for name in person
        if lead or name in OWN or cohort.field_class(name) != "confidential"
    }


def _plain(value: Any) -> Any:
    return [term.label for term in value] if isinstance(value, tuple) else value


def _said(cohort: Cohort, names: Names) -> dict[str, Any]:
    """The person's own wishes, and the pairs of earlier rounds."""
    earlier = [list(pair) for pair in cohort.history or () if any(names.is_id(who) for who in pair)]
    return {"wishes": _wishes(cohort, names, own=True), "earlier_pairs": earlier}


def _wishes(cohort: Cohort, names: Names, *, own: bool) -> list[list[Any]]:
    """Wishes of the person, or those of others for the person."""
    wishes = () if cohort.preferences is None else cohort.preferences.wishes
    found = []
    for by, mentor, mentee, rank in wishes:
        owner, other = (mentor, mentee) if by == "mentor" else (mentee, mentor)
        if names.is_id(owner if own else other):
            found.append([by, mentor, mentee, rank])
    return found


def _found(place: Place, names: Names, cohort: Cohort | None, lead: bool) -> Iterator[dict[str, Any]]:
    """What one place holds about the person."""
    kind, path = place
    told = {
        "matching": _of_matching,
        "events": _of_events,
        "record": _of_record,
        "table": _of_table,
    }.get(kind, _of_text)(path, names, cohort, lead)
    if told:
        yield {"kind": kind, "name": shown(path.name), **told}


def _of_matching(folder: Path, names: Names, cohort: Cohort | None, lead: bool) -> dict[str, Any]:
    data = load_folder(folder)
    pairs = [row for row in data["pairs"] if names.is_id(row[0]) or names.is_id(row[1])]
    left = [row for row in data["unmatched"] if names.is_id(row[1])]
    coached = [row for row in data.get("coaching", {}).get("pairs", []) if any(map(names.is_id, row))]
    changes = [row for row in data.get("revision", {}).get("changes", []) if any(map(names.is_id, row))]
    told: dict[str, Any] = {
        "pairs": [{"mentor": row[0], "mentee": row[1]} for row in pairs],
        "unmatched": [{"role": row[0], "reason": row[2]} for row in left],
        "coaches": [{"mentor": row[0], "mentee": row[1], "coach": row[2]} for row in coached],
        "changes": [{"mentee": row[0], "before": row[1], "after": row[2]} for row in changes],
        "explanation": _explained(folder, names, cohort, lead),
    }
    if lead:
        # Numbers tell of others too: of who was preferred, and of who will not have whom.
        named = {"policy": data["policy"], "revision": data.get("revision", {}), "remarks": data["remarks"]}
        rows = [[where, row] for where, row in rows_naming(named, names)]
        told["in_confidence"] = [
            *(["pairs", row] for row in pairs),
            *(["unmatched", row] for row in left),
            *rows,
        ]
    return {name: part for name, part in told.items() if part}


def _explained(folder: Path, names: Names, cohort: Cohort | None, lead: bool) -> list[str]:
    """The explanation in words, as the person may read it; as the lead may, for the lead."""
    if cohort is None:
        return []
    try:
        matching = Matching.read(folder, cohort)
    except InputError:
        return []
    told = []
    for role, people in (("mentor", cohort.mentors), ("mentee", cohort.mentees)):
        if names.person in people.positions:
            told.append(str(explain(matching, **{role: names.person}, audience=LEAD if lead else role)))
    return told


def _of_events(path: Path, names: Names, cohort: Cohort | None, lead: bool) -> dict[str, Any]:
    rows = [
        {
            "date": event.date.isoformat(),
            "kind": event.kind,
            "mentor": event.mentor,
            "mentee": event.mentee,
            **({"reason": event.reason} if lead and event.reason else {}),
        }
        for event in EventStore(path).events
        if (names.is_id(event.mentor) or names.is_id(event.mentee)) and (lead or event.kind not in PROPOSALS)
    ]
    return {"events": rows} if rows else {}


def _of_record(path: Path, names: Names, cohort: Cohort | None, lead: bool) -> dict[str, Any]:
    """Lines that name the person; who else decided, and why, only for the lead."""
    rows = []
    for line in lines_of(path):
        if named_in(line, names):
            told = dict(line.opened) if lead else _own_part(line.opened, names)
            rows.append({"place": line.place, "kind": line.kind, "when": line.when, **told})
    return {"lines": rows} if rows else {}


def _own_part(told: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """What a line says of the person alone."""
    found = {name: told[name] for name in ("mentor", "mentee") if name in told}
    if names.is_id(told.get("who")) or told.get("who") in names.also:
        found["who"] = told["who"]
    # From which rule a pair was excepted would tell of vetoes.
    if files := [row for row in told.get("files", []) if any(map(names.are_in, row))]:
        found["files"] = files
    return found


def _of_table(path: Path, names: Names, cohort: Cohort | None, lead: bool) -> dict[str, Any]:
    rows, _ = read_table(read_text(path))
    found = [dict(zip(rows[0], row, strict=False)) for row in rows[1:] if any(map(names.is_id, row))]
    if not lead:
        found = [{name: cell for name, cell in row.items() if name in PLAIN_COLUMNS} for row in found]
    return {"rows": found} if found else {}


def _of_text(path: Path, names: Names, cohort: Cohort | None, lead: bool) -> dict[str, Any]:
    """That a page names the person; the page, which tells of others too, only for the lead."""
    text = read_text(path)
    if not (names.are_in(path.name) or names.are_in(text)):
        return {}
    return {"text": text} if lead and path.suffix.casefold() in PAGES else {"names_the_person": True}
