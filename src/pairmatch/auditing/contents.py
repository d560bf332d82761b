"""What an audit record says of a matching: hashes, versions and counts; nothing from profiles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib import metadata
from platform import python_version
from typing import TYPE_CHECKING, Any

from pairmatch.auditing.chain import Sealed
from pairmatch.auditing.people import digest
from pairmatch.checking.forbidden import forbidden_counts
from pairmatch.parameters import label_of

if TYPE_CHECKING:
    from pairmatch.cohort import Cohort
    from pairmatch.matching import Matching

__all__ = ["matched_data", "overridden_data"]

PACKAGES = ("pairmatch", "numpy", "scipy", "ortools", "pandas")
"""Whose versions decide what an answer is."""


def matched_data(matching: Matching) -> dict[str, Any]:
    """What is recorded of a matching when it is made."""
    cohort, policy, certificate = matching.cohort, matching.policy, matching.certificate
    return {
        "matching": digest(matching),
        "state": "draft",
        "cohort": cohort.fingerprint,
        "policy": policy.fingerprint,
        "seed": policy.seed,
        "versions": _versions(),
        "mentors": len(cohort.mentors),
        "mentees": len(cohort.mentees),
        "pairs": len(matching.made),
        "unmatched": dict(sorted(Counter(f"{one.role} {one.reason}" for one in matching.left).items())),
        "status": "optimal" if certificate.proven else "not proven",
        "cut_short": not certificate.complete,
        "tiers": [
            {"tier": tier, "value": one.value, "bound": one.bound, "gap": one.gap, "proof": one.kind}
            for tier, one in certificate.items()
        ],
        "forbidden_by": forbidden_counts(matching),
        "purposes": list(_purposes(cohort, [*policy.rules, *policy.goals])),
        "exceptions": _exceptions(matching),
        "rematch": matching.revision is not None,
    }


def _versions() -> dict[str, str]:
    found = {"python": python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "unknown"
    return found


def _purposes(cohort: Cohort, parts: list[Any]) -> Iterator[dict[str, Any]]:
    """For each rule and goal over sensitive or special fields, the fields and the purpose given."""
    for part in parts:
        classes = {
            name: cohort.field_class(name) for name in getattr(part, "fields", ()) if cohort.resolve(name)
        }
        fields = {name: own for name, own in classes.items() if own in ("sensitive", "special")}
        if fields:
            purpose = str(getattr(part, "purpose", None) or "")
            yield {"part": label_of(part), "fields": fields, "purpose": purpose}


def _exceptions(matching: Matching) -> list[list[Any]]:
    """The policy's exceptions on which a pair of the matching rests, or could have."""
    made = {(pair.mentor, pair.mentee) for pair in matching.made}
    return [
        [one.rule, Sealed(one.mentor), Sealed(one.mentee), (one.mentor, one.mentee) in made]
        for one in getattr(matching.policy, "exceptions", ())
    ]


def overridden_data(matching: Matching, override: Any) -> dict[str, Any]:
    """What is recorded of one decision in place of the rules."""
    texts = {name: Sealed(getattr(override, name)) for name in ("mentor", "mentee", "who", "why")}
    return {"matching": digest(matching), **texts}
