"""A programme's files in one folder, in which one person stands everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd

import pairmatch as pm
from pairmatch import goals, rules
from pairmatch.auditing import AuditRecord
from pairmatch.matching import Matching
from pairmatch.reviewing import Override


class Kept(NamedTuple):
    """The folder, the people, and what was matched first."""

    folder: Path
    cohort: pm.Cohort
    matching: Matching


def programme(folder: Path, person: str, *, role: str = "mentor") -> Kept:
    """A matching, its re-match with coaches, events, a record, pages and a policy, all naming the person."""
    ids = {"mentor": [f"mm{k:02}" for k in range(8)], "mentee": [f"ee{k:02}" for k in range(9)]}
    ids[role][0] = person
    hobbies = ["chess; golf", "golf", "opera; chess"]
    mentors = pd.DataFrame({"id": ids["mentor"], "hobbies": [hobbies[k % 3] for k in range(8)]})
    mentees = pd.DataFrame({"id": ids["mentee"], "hobbies": [hobbies[k % 3] for k in range(9)]})
    coaches = pd.DataFrame({"id": ["cc1", "cc2"], "hobbies": ["golf", "chess"], "capacity": [5, 5]})
    wishes = pd.DataFrame(
        {"mentor": [ids["mentor"][0]], "mentee": [ids["mentee"][0]], "by": "mentee", "rank": 1}
    )
    vetoes = pd.DataFrame({"mentor": [ids["mentor"][0]], "mentee": [ids["mentee"][5]]})
    cohort = pm.Cohort(mentors, mentees, coaches=coaches, preferences=wishes, vetoes=vetoes)
    policy = pm.Policy(
        rules=[
            rules.Forbidden([(ids["mentor"][0], ids["mentee"][3]), (ids["mentor"][1], ids["mentee"][4])]),
            rules.Required([(ids["mentor"][0], ids["mentee"][0])]),
            rules.NotVetoed(),
        ],
        goals=[goals.SharedHobbies(weight=1)],
        coaches=pm.Coaches(goals=[goals.SharedHobbies(weight=1)]),
        exceptions=[("forbidden", ids["mentor"][0], ids["mentee"][3])],
    )
    matching = pm.match(cohort, policy)
    matching.write(folder / "first")
    (folder / "first" / "report.html").write_text("<p>everybody</p>", encoding="utf-8")
    again = pm.rematch(
        matching,
        failed=[(ids["mentor"][0], ids["mentee"][0])],
        policy=policy.without("required"),
    )
    again.write(folder / "second")
    _events(folder, matching, person)
    record = AuditRecord(folder / "record.jsonl")
    record.matched(matching, when="2026-03-02")
    record.overridden(
        matching, [Override(ids["mentor"][0], ids["mentee"][0], "Ada", "2026-03-02", f"{person} asked")]
    )
    record.reviewed(matching, "approved", who=person, when="2026-03-03")
    (folder / "sheet.md").write_text(f"# {person}\n", encoding="utf-8")
    (folder / "other.txt").write_text("nothing\n", encoding="utf-8")
    policy.write(folder / "policy.toml")
    matching.pairs.to_csv(folder / "list.csv", index=False)
    return Kept(folder, cohort, matching)


def _events(folder: Path, matching: Matching, person: str) -> None:
    store = pm.EventStore(folder / "events.sqlite")
    started = [pm.Event("2026-03-02", "started", pair.mentor, pair.mentee) for pair in matching.made]
    started.sort(key=lambda event: person not in (event.mentor, event.mentee))
    store.append(started)
    for k, event in enumerate(started[:3]):
        store.append([pm.Event("2026-04-02", "ended", event.mentor, event.mentee, reason="no_chemistry")])
        store.append([pm.Event("2026-04-01", "met", event.mentor, event.mentee, id=f"{event.mentor} {k}")])
    store.append([pm.Event("2026-05-02", "left", started[0].mentor)])
