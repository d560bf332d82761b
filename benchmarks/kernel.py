"""The sweep itself: nanoseconds per pair beside the bare float32 product of the same shapes, in one process.

Both run on the same threads, over the same blocks, taking turns; blocks that the rules leave out are left out
of both. What is added to the product is what a sweep needs: curves, masks, prices, and the search for what
beats them.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import companies
from benchmarks.companies import RULES, USUAL, Company, Stored
from benchmarks.registry import Answer, Case, Group, Peer, Value

if TYPE_CHECKING:
    from pairmatch.scoring.scan import Lens
    from pairmatch.scoring.sketch import Sketch

FEATURES = 64
"""Narrower sketches are filled up with features of zeros, which cost the product as much as others."""

ROUNDS = 5
"""Times that product and sweep take turns."""

EACH, BEATING = 16, 1e-4
"""Most pairs kept for a mentor, and the share of pairs that beat the prices."""

STRAIGHT = """
[[goals]]
goal = "reciprocity"
weight = 0.30

[[goals]]
goal = "closeness"
column = "utc_offset"
scale = 6
weight = 0.20

[[goals]]
goal = "overlap"
mentors = "languages"
mentees = "languages"
weight = 0.20
"""

CURVED = """
[[goals]]
goal = "shared_hobbies"
weight = 0.30
"""

FACTORS, ONE_CURVE, WHOLE = "factors alone", "rules and one curve", "the whole policy"

POLICIES = {
    FACTORS: "schema = 1\nobjective = ['mentees', 'total']\n" + STRAIGHT,
    ONE_CURVE: RULES + STRAIGHT + CURVED,
    WHOLE: RULES + USUAL,
}
"""The last one is the policy of the sweep of size."""


def write(case: Case, folder: Path) -> int:
    """Draw the people; how many possible pairs there are."""
    companies.draw(Company(), case.size, companies.SEED, folder)
    (folder / "policy.toml").write_text(POLICIES[case.family], encoding="utf-8")
    return case.size**2


@dataclass(frozen=True)
class Swept:
    """A sketch, and what to look for in it."""

    sketch: Sketch
    lens: Lens


def prepare(stored: Stored) -> Swept:
    """The sketch of a cohort, with prices that few pairs beat."""
    from pairmatch.scoring import Scorer, canonical_order, fit
    from pairmatch.scoring.sketch import sketched

    cohort, policy = stored.cohort(), stored.policy()
    scorer = Scorer(cohort, policy, fit(cohort, policy))
    people = (canonical_order(side, policy.seed) for side in (cohort.mentors, cohort.mentees))
    sketch = filled(sketched(scorer, *people))
    return Swept(sketch, lens(sketch))


def filled(sketch: Sketch) -> Sketch:
    """The same with at least so many features."""
    more = max(0, FEATURES - sketch.left.shape[1])
    left, right = (np.pad(side, ((0, 0), (more, 0))) for side in (sketch.left, sketch.right))
    return replace(sketch, left=left, right=right, weighing=sketch.weighing + more)


def lens(sketch: Sketch) -> Lens:
    """Prices near those of an optimum: a few pairs are above them."""
    from pairmatch.forms import Work
    from pairmatch.scoring.scan import Lens

    n, m = sketch.shape
    sample = replace(sketch).taken(np.arange(0, n, -(-n // 200)), np.arange(0, m, -(-m // 2000)))
    numbers = sample.block(slice(0, sample.shape[0]), slice(0, sample.shape[1]), Work())
    price = np.float32(np.quantile(numbers, 1 - BEATING) / 2)
    return Lens(np.full(n, price, np.float32), np.full(m, price, np.float32), above=0.0, mentors_each=EACH)


def product(sketch: Sketch, start: int, stop: int) -> float:
    """The bare product of one strip, block by block."""
    from pairmatch.forms import Work
    from pairmatch.scoring.sketch import WIDTH

    work, last = Work(), 0.0
    for first in tiles(sketch, start):
        columns = slice(first, min(first + WIDTH, sketch.shape[1]))
        out = work.array("block", (stop - start, columns.stop - columns.start))
        np.matmul(sketch.left[start:stop], sketch.right[columns].T, out=out)
        last = float(out[-1, -1])
    return last


def tiles(sketch: Sketch, start: int) -> list[int]:
    """Where the blocks of a strip begin that the rules leave open."""
    from pairmatch.scoring.sketch import HEIGHT, WIDTH

    return [k * WIDTH for k, is_open in enumerate(sketch.open[start // HEIGHT].tolist()) if is_open]


def looked_at(sketch: Sketch, strips: list[tuple[int, int]]) -> int:
    """Pairs of the blocks that are open."""
    from pairmatch.scoring.sketch import WIDTH

    m = sketch.shape[1]
    return sum(
        (stop - start) * sum(min(WIDTH, m - first) for first in tiles(sketch, start))
        for start, stop in strips
    )


def run(given: Swept, draw: int) -> Answer:
    """Product and sweep, in turns."""
    from pairmatch.scoring.scan import scan
    from pairmatch.scoring.sketch import HEIGHT
    from pairmatch.scoring.workers import Workers

    sketch, n = given.sketch, given.sketch.shape[0]
    strips = [(start, min(start + HEIGHT, n)) for start in range(0, n, HEIGHT)]
    lenses = [(*strip, given.lens) for strip in strips]
    with Workers(None) as workers:
        handle = workers.shipped(sketch)

        def timed(function: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]) -> tuple[float, list[Any]]:
            before = time.perf_counter()
            told = list(workers.map(function, handle, list(tasks), lambda: False))
            return time.perf_counter() - before, told

        turns = [(timed(product, strips)[0], *timed(scan, lenses)) for _ in range(ROUNDS)]
    return told(sketch, looked_at(sketch, strips), turns)


def told(sketch: Sketch, pairs: int, turns: list[tuple[float, float, list[Any]]]) -> Answer:
    """Nanoseconds per pair of both, and what there was to do; medians of the turns."""
    bare = 1e9 * statistics.median(turn[0] for turn in turns) / pairs
    whole = 1e9 * statistics.median(turn[1] for turn in turns) / pairs
    kept = sum(len(hits.mentor) for hits in turns[0][2])
    figures = {
        "product_ns": bare,
        "sweep_ns": whole,
        "ratio": statistics.median(turn[1] / turn[0] for turn in turns),
        "features": sketch.left.shape[1],
        "curves": len(sketch.curves),
        "masks": len(sketch.masks),
        "open_pairs": pairs,
    }
    return Answer(kept, figures=figures)


def value(stored: Stored, found: Any) -> Value:
    """How many pairs were kept."""
    return {"kept": int(found)}


def tiers(case: Case) -> tuple[str, ...]:
    """Nothing is compared: there is one answer."""
    return ()


SIZE, SMOKE = 16_384, 300

GROUP = Group(
    name="kernel",
    cases=tuple(Case("kernel", family, SIZE) for family in POLICIES),
    smoke=tuple(Case("kernel", family, SMOKE) for family in POLICIES),
    peers=(Peer("pairmatch", run, prepare, packages=("pairmatch", "numpy")),),
    write=write,
    read=companies.read,
    value=value,
    tiers=tiers,
    limit=300,
)
