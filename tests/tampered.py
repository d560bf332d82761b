"""What a tamperer can do to a re-match, one change at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pairmatch as pm
from pairmatch import rules
from pairmatch.errors import Finding
from pairmatch.matching import Change, Revision
from pairmatch.problem import TierProof

Tamper = Callable[[pm.Matching], pm.Matching]


def asked(matching: pm.Matching, **changes: Any) -> pm.Matching:
    """The matching with its revision changed."""
    assert matching.revision is not None
    return replace(matching, revision=replace(matching.revision, **changes))


def revision_of(matching: pm.Matching) -> Revision:
    """The revision, which is there."""
    assert matching.revision is not None
    return matching.revision


def first(matching: pm.Matching, reason: str) -> int:
    """The place of the first change for a reason."""
    reasons = [change.reason for change in revision_of(matching).changes]
    return reasons.index(reason)


def told(matching: pm.Matching, why: str, **changes: Any) -> pm.Matching:
    """The first change for a reason, told otherwise."""
    rows, at = list(revision_of(matching).changes), first(matching, why)
    rows[at] = replace(rows[at], **changes)
    return asked(matching, changes=tuple(rows))


def untold(matching: pm.Matching, reason: str) -> pm.Matching:
    """The first change for a reason, left out."""
    rows, at = revision_of(matching).changes, first(matching, reason)
    return asked(matching, changes=rows[:at] + rows[at + 1 :])


def kept(matching: pm.Matching, movable: bool) -> tuple[str, str]:
    """A running pair that goes on."""
    made = {(pair.mentor, pair.mentee) for pair in matching.made}
    revision = revision_of(matching)
    return next(pair for pair in (revision.movable if movable else revision.held) if pair in made)


def moved(matching: pm.Matching) -> tuple[str, str]:
    """A running pair that ended so that others are served."""
    change = revision_of(matching).changes[first(matching, "moved")]
    return change.before, change.mentee


def without(pairs: tuple[Any, ...], one: Any) -> tuple[Any, ...]:
    """All but one."""
    return tuple(pair for pair in pairs if pair != one)


def proofs(matching: pm.Matching, tier: str, **changes: Callable[[TierProof], Any]) -> pm.Matching:
    """The matching with one tier's proof changed."""
    changed = tuple(
        replace(proof, **{name: change(proof) for name, change in changes.items()})
        if proof.tier == tier
        else proof
        for proof in matching.certificate.proofs
    )
    return replace(matching, certificate=replace(matching.certificate, proofs=changed))


def raised(matching: pm.Matching, tier: str, by: int = 1) -> pm.Matching:
    """A value raised with all its bounds."""
    names = ("value", "bound", "verified_bound")
    return proofs(matching, tier, **{name: more(name, by) for name in names})


def more(name: str, by: int) -> Callable[[TierProof], Any]:
    return lambda proof: getattr(proof, name) + by


def priced(by: int, name: str, place: int) -> Callable[[TierProof], Any]:
    """One price altered."""

    def change(proof: TierProof) -> Any:
        prices = getattr(proof, name).copy()
        prices[place] += by
        return prices

    return change


def forgotten(matching: pm.Matching) -> pm.Matching:
    """A failed pair that is told nowhere any more: neither in the revision nor in the policy."""
    revision = revision_of(matching)
    failed = revision.failed[1:]
    others = [rule for rule in matching.policy.rules if not isinstance(rule, rules.NotFailed)]
    policy = replace(matching.policy, rules=(*others, rules.NotFailed(failed)))
    return replace(asked(matching, failed=failed), policy=policy)


def returned(matching: pm.Matching) -> pm.Matching:
    """A failed pair proposed again, in the place of another pair of its mentee's."""
    mentor, mentee = next(
        pair for pair in revision_of(matching).failed if pair[1] in {made.mentee for made in matching.made}
    )
    made = [replace(pair, mentor=mentor) if pair.mentee == mentee else pair for pair in matching.made]
    return replace(matching, made=tuple(sorted(made, key=lambda pair: (pair.mentor, pair.mentee))))


def refitted(matching: pm.Matching, elsewhere: bool = False) -> pm.Matching:
    """One average moved; told as one of another cohort, if wished."""
    averages = dict(matching.fitted["averages"])
    label = next(label for label, average in averages.items() if average is not None)
    averages[label] += 1
    other = {"fitted_on": "0" * 64} if elsewhere else {}
    return replace(matching, fitted={**matching.fitted, "averages": averages}, **other)


CHANGES: dict[str, Tamper] = {
    "a moved pair's change left out": lambda m: untold(m, "moved"),
    "a change for want of room left out": lambda m: untold(m, "no_room"),
    "a change told twice": lambda m: asked(m, changes=(revision_of(m).changes[0], *revision_of(m).changes)),
    "changes in another order": lambda m: asked(m, changes=revision_of(m).changes[::-1]),
    "a change made up": lambda m: asked(
        m, changes=(*revision_of(m).changes, Change("zz", "", m.made[0].mentor, "new"))
    ),
    "a failed pair told as moved": lambda m: told(m, "failed", reason="moved"),
    "a moved pair told as failed": lambda m: told(m, "moved", reason="failed"),
    "a moved pair told as without room": lambda m: told(m, "moved", reason="no_room"),
    "a moved pair told as broken": lambda m: told(m, "moved", reason="rule_broken", rules=("levels_below",)),
    "a mentor who left told as the mentee": lambda m: told(m, "mentor_left", reason="mentee_left"),
    "a mentee who left told as failed": lambda m: told(m, "mentee_left", reason="failed"),
    "rules told where none is broken": lambda m: told(m, "moved", rules=("levels_below",)),
    "another mentor before": lambda m: told(m, "moved", before=m.made[0].mentor),
    "another mentor after": lambda m: told(m, "moved", after="nobody"),
    "nobody after": lambda m: told(m, "moved", after=""),
    "a new pair told as old": lambda m: asked(
        m,
        running=tuple(
            sorted(
                {
                    *revision_of(m).running,
                    next((change.after, change.mentee) for change in revision_of(m).changes if change.after),
                }
            )
        ),
    ),
}

REVISIONS: dict[str, Tamper] = {
    "no revision at all": lambda m: replace(m, revision=None),
    "an empty revision": lambda m: replace(m, revision=Revision()),
    "a pair that goes on not told as running": lambda m: asked(
        m, running=without(revision_of(m).running, kept(m, False))
    ),
    "a moved pair not told as running": lambda m: asked(
        m,
        running=without(revision_of(m).running, moved(m)),
        movable=without(revision_of(m).movable, moved(m)),
    ),
    "a failed pair told as running": lambda m: asked(
        m, running=tuple(sorted((*revision_of(m).running, revision_of(m).failed[0])))
    ),
    "a failed pair told as movable": lambda m: asked(
        m, movable=(*revision_of(m).movable, revision_of(m).failed[0])
    ),
    "a running pair told twice": lambda m: asked(
        m, running=(revision_of(m).running[0], *revision_of(m).running)
    ),
    "a held pair told as movable": lambda m: asked(
        m, movable=(*revision_of(m).movable, kept(m, False))
    ),
    "a held pair told as movable, and counted": lambda m: raised(
        asked(m, movable=(*revision_of(m).movable, kept(m, False))), "kept"
    ),
    "a movable pair told as held": lambda m: asked(
        m, movable=without(revision_of(m).movable, kept(m, True))
    ),
    "a movable pair told as held, and counted": lambda m: raised(
        asked(m, movable=without(revision_of(m).movable, kept(m, True))), "kept", -1
    ),
    "a moved pair told as held": lambda m: asked(m, movable=without(revision_of(m).movable, moved(m))),
    "held pairs told as not fitting": lambda m: asked(m, required=False),
    "a failed pair not told": lambda m: asked(m, failed=revision_of(m).failed[1:]),
    "a failed pair told nowhere": forgotten,
    "a failed pair told as cooled too": lambda m: asked(m, cooled=revision_of(m).failed[:1]),
    "a failed pair twice": lambda m: asked(m, failed=(*revision_of(m).failed, revision_of(m).failed[0])),
    "a failed pair proposed again": returned,
    "a pair made up as failed": lambda m: asked(
        m, failed=tuple(sorted((*revision_of(m).failed, kept(m, True))))
    ),
    "a failed pair with oneself": lambda m: asked(m, failed=(*revision_of(m).failed, ("", ""))),
    "somebody more who left": lambda m: asked(
        m, left=(*revision_of(m).left, ("mentors", m.made[0].mentor))
    ),
    "somebody who left no side": lambda m: asked(m, left=(*revision_of(m).left, ("coaches", "nobody"))),
    "a place of no side": lambda m: asked(m, capacities=(*revision_of(m).capacities, ("coaches", "c", 1))),
    "somebody who left twice": lambda m: asked(m, left=revision_of(m).left[:1] + revision_of(m).left),
    "another capacity": lambda m: asked(
        m, capacities=tuple((side, who, most + 1) for side, who, most in revision_of(m).capacities)
    ),
    "two capacities of one": lambda m: asked(
        m, capacities=revision_of(m).capacities[:1] + revision_of(m).capacities
    ),
    "a place less than none": lambda m: asked(m, capacities=(("mentors", m.made[0].mentor, -1),)),
    "somebody waited longer": lambda m: asked(
        m, waited=tuple((side, who, rounds + 1) for side, who, rounds in revision_of(m).waited)
    ),
    "somebody waited longer, and is counted": lambda m: raised(
        asked(m, waited=tuple((side, who, 2 * rounds) for side, who, rounds in revision_of(m).waited)),
        "waited",
        3,
    ),
    "nobody waited": lambda m: asked(m, waited=()),
    "somebody unknown waited": lambda m: asked(
        m, waited=(*revision_of(m).waited, ("mentees", "nobody", 1))
    ),
    "somebody waited for nothing": lambda m: asked(
        m, waited=(*revision_of(m).waited, ("mentees", m.made[0].mentee, 0))
    ),
    "somebody waited twice": lambda m: asked(
        m, waited=revision_of(m).waited[:1] + revision_of(m).waited
    ),
    "somebody of no side waited": lambda m: asked(
        m, waited=(*revision_of(m).waited, ("coaches", m.made[0].mentee, 1))
    ),
    "a bonus without weighing": lambda m: asked(m, bonus=5),
    "a bonus below nothing": lambda m: asked(m, bonus=-5),
    "another order": lambda m: asked(m, disturbance="last"),
    "an order that there is none of": lambda m: asked(m, disturbance="first"),
    "fewer changes asked": lambda m: asked(m, max_changes=2),
    "fewer than no changes": lambda m: asked(m, max_changes=-1),
    "pairs without room made up": lambda m: asked(m, max_changes=2, without_room=3),
    "pairs without room, and no limit": lambda m: asked(m, without_room=1),
    "another bar": lambda m: asked(m, minimum_weight=0.2),
    "a bar beyond all": lambda m: asked(m, minimum_weight=7.0),
    "one more kept": lambda m: raised(m, "kept"),
    "one fewer kept": lambda m: raised(m, "kept", -1),
    "one more round waited": lambda m: raised(m, "waited"),
    "a mentor's price in kept raised": lambda m: proofs(
        m, "kept", mentor_prices=priced(1, "mentor_prices", 3)
    ),
    "a mentee's price in kept lowered": lambda m: proofs(
        m, "kept", mentee_prices=priced(-1, "mentee_prices", 5)
    ),
    "a mentor's price in waited lowered": lambda m: proofs(
        m, "waited", mentor_prices=priced(-1, "mentor_prices", 3)
    ),
    "a multiplier on kept": lambda m: proofs(
        m, "total", multipliers=lambda p: {**p.multipliers, "kept": -(10**9)}
    ),
    "a multiplier on a tier that is none": lambda m: proofs(
        m, "total", multipliers=lambda p: {**p.multipliers, "held": 1}
    ),
    "a note added": lambda m: replace(m, remarks=(*m.remarks, Finding("all_well", "nothing to see here"))),
}  # fmt: skip

# What only shows by the programme's own tables: those of the re-match have it laid over them.
TABLES: dict[str, Tamper] = {
    "somebody who left takes part": lambda m: asked(m, left=revision_of(m).left[1:]),
    "a capacity not told": lambda m: asked(m, capacities=revision_of(m).capacities[1:]),
    "an average moved": refitted,
}

# What only shows where the matching before is at hand.
BEFORE: dict[str, Tamper] = {
    "a failed pair's change left out": lambda m: asked(
        m,
        changes=tuple(
            change for change in revision_of(m).changes if change.after or change.reason != "mentee_left"
        ),
    ),
    "a change of nobody made up": lambda m: asked(
        m, changes=(*revision_of(m).changes, Change("zz", "nobody", "", "mentor_left"))
    ),
    "an average of another cohort moved": lambda m: refitted(m, elsewhere=True),
    "fitted elsewhere": lambda m: replace(m, fitted_on="0" * 64),
}
