"""How long explanations take once a matching is made: python -m benchmarks.explaining 5000 5000.

Mentors first, then mentees, of a synthetic company; with ``--civil-service`` the 50 and 50 of the UK civil
service's public tables. Everybody without a partner is explained at once, then some of them one by one:
`pairmatch.explain`, the truth alone (`diagnose` without relaxations), a view of the diagnosis of all, and for
``--relaxed`` of them the relaxations as well, each proven by solving again.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

SINGLE = 20

HEAD = f"{'':34} {'median ms':>10} {'longest':>10}"


def synthetic(mentors: int, mentees: int, eligibility: float | None) -> Any:
    """The matching of a synthetic company."""
    import pairmatch as pm

    people = pm.datasets.synthetic(mentors=mentors, mentees=mentees, seed=1, eligibility=eligibility)
    return pm.match(people, pm.datasets.synthetic_policy())


def civil_service() -> Any:
    """The matching of the UK civil service's tables, one pair each."""
    import pairmatch as pm
    from tests.test_civil_service import MENTEES, POLICY, tables

    with tempfile.TemporaryDirectory() as folder:
        policy = Path(folder) / "policy.toml"
        policy.write_text(POLICY.format(objective=MENTEES, capacity=1, consent=""))
        cohort = pm.Cohort.read(*tables(), schema=pm.Schema.read(policy))
        return pm.match(cohort, pm.Policy.read(policy))


def timed(run: Callable[[], object]) -> float:
    """Seconds of one run."""
    before = time.perf_counter()
    run()
    return time.perf_counter() - before


def row(name: str, seconds: list[float]) -> str:
    """A line of the table."""
    return f"{name:34} {1000 * float(np.median(seconds)):10.1f} {1000 * max(seconds):10.1f}"


def measured(matching: Any, single: int, relaxed: int, seed: int = 1) -> list[str]:
    """The table."""
    import pairmatch as pm
    from pairmatch.diagnose import diagnose

    draw = np.random.default_rng(seed)
    before = time.perf_counter()
    whole = diagnose(matching, relaxations=False)
    lines = [HEAD, row("all without a partner", [time.perf_counter() - before])]
    left = matching.left
    some = [left[at] for at in draw.choice(len(left), min(single, len(left)), replace=False).tolist()]
    people: list[dict[str, Any]] = [{one.role: one.id} for one in some]
    verbs: dict[str, Callable[[dict[str, Any]], object]] = {
        "explain": lambda who: str(pm.explain(matching, **who)),
        "diagnose, the truth": lambda who: str(diagnose(matching, **who, relaxations=False)),
        "of the diagnosis of all": lambda who: str(whole.of(**who)),
    }
    lines += [row(name, [timed(partial(verb, who)) for who in people]) for name, verb in verbs.items()]
    if relaxed:
        full = [timed(partial(diagnose, matching, **who)) for who in people[:relaxed]]
        lines.append(row("diagnose, with relaxations", full))
    kinds = whole.table["kind"].value_counts().to_dict()
    return [*lines, f"{len(left)} without a partner: {kinds}"]


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.explaining", description=__doc__)
    parser.add_argument("mentors", type=int, nargs="?", default=5000)
    parser.add_argument("mentees", type=int, nargs="?", default=5000)
    parser.add_argument("--civil-service", action="store_true", help="the public tables, 50 and 50")
    parser.add_argument("--eligibility", type=float, help="about which share of pairs the rules allow")
    parser.add_argument("--single", type=int, default=SINGLE, help="how many are explained one by one")
    parser.add_argument("--relaxed", type=int, default=0, help="how many of them with relaxations")
    chosen = parser.parse_args(arguments)
    before = time.perf_counter()
    if chosen.civil_service:
        matching = civil_service()
    else:
        matching = synthetic(chosen.mentors, chosen.mentees, chosen.eligibility)
    print(f"matched in {time.perf_counter() - before:.1f} s", flush=True)
    print("\n".join(measured(matching, chosen.single, chosen.relaxed)))


if __name__ == "__main__":
    main()
