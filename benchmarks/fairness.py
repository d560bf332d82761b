"""The worst off first: python -m benchmarks.fairness 200 500 1000 [--kinds uniform latent contested papers].

``worst`` and ``leximin`` over everybody against everybody, one mentor for each mentee; with ``papers`` also
``worst`` over papers that need three reviewers each, and the bids of two conferences where they are at hand.
Prints a line per problem: seconds, the floor, the total, and whether both are proven.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import pairmatch as pm

SEED, UNIT, TOPICS, REVIEWERS_EACH = 1, 1_000_000, 12, 3

BIDS = Path(os.environ.get("PAIRMATCH_DATA", "../shared/data")) / "preflib-bidding"

LEVELS, FLOOR = ("mentees", "leximin", "total"), ("mentees", "worst", "total")

Weights = NDArray[np.float64]


def uniform(n: int, seed: int = SEED) -> Weights:
    """Any weight for any pair."""
    return np.random.default_rng(seed).integers(0, UNIT, (n, n)) / UNIT


def latent(n: int, m: int = 0, seed: int = SEED) -> Weights:
    """Shares of interest in a few topics on both sides, and a little noise."""
    draw = np.random.default_rng(seed)
    one, other = (draw.dirichlet(np.full(TOPICS, 0.3), size) for size in (n, m or n))
    noise = 0.1 * draw.random((n, m or n))
    return np.asarray(np.rint(UNIT * np.clip(1.2 * one @ other.T + noise, 0, 1)) / UNIT)


def contested(n: int, seed: int = SEED) -> Weights:
    """Difficult people get on with easy ones only, and everybody wants these."""
    draw = np.random.default_rng(seed)
    return np.asarray(np.rint(UNIT * (1 - 0.9 * np.outer(draw.random(n), draw.random(n)))) / UNIT)


KINDS: dict[str, Callable[[int], Weights]] = {"uniform": uniform, "latent": latent, "contested": contested}


def bids() -> dict[str, Weights]:
    """Reviewers' bids on papers at two conferences (Mattei and Walsh, PrefLib); none where not at hand."""
    found = {}
    for path in sorted(BIDS.glob("*.in")):
        lines = path.read_text(encoding="utf-8").splitlines()
        papers = int(lines[0].split()[0])
        found[path.stem] = np.array([line.split() for line in lines[1 : papers + 1]], float).T
    return found


def measure(name: str, objective: tuple[str, ...], weights: Weights, limit: float, **loads: int) -> str:
    """Solve one problem; a line about it."""
    start = time.perf_counter()
    found = pm.assign(weights, objective=objective, time_limit=limit, **loads)  # type: ignore[arg-type]
    seconds = time.perf_counter() - start
    size = "{} x {}".format(*weights.shape)
    proof = "proven" if found.complete and found.gap == 0 else f"gap {found.gap:.4%}"
    floor, total = found.values[-2:]
    what = f"{objective[-2]:<8} {name:<10} {size:>12} {seconds:8.2f} s"
    return f"{what}  floor {floor:.6f} total {total:.6f}  {proof}"


def main(arguments: list[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fairness", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[200, 500, 1000])
    parser.add_argument("--kinds", nargs="*", default=[*KINDS, "papers"], choices=[*KINDS, "papers"])
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for each problem")
    chosen = parser.parse_args(arguments)
    for size in chosen.sizes:
        for kind in chosen.kinds:
            if kind == "papers":
                weights = latent(max(size * 2 // 3, REVIEWERS_EACH), size)
                print(measure(kind, FLOOR, weights, chosen.limit, **_papers(5)), flush=True)
                continue
            for objective in (FLOOR, LEVELS):
                print(measure(kind, objective, KINDS[kind](size), chosen.limit), flush=True)
    if "papers" in chosen.kinds:
        for most, (name, weights) in zip((6, 7), bids().items(), strict=False):
            print(measure(name, FLOOR, weights, chosen.limit, **_papers(most)), flush=True)


def _papers(most: int) -> dict[str, int]:
    return {"mentor_capacity": most, "mentee_capacity": REVIEWERS_EACH, "mentee_minimum": REVIEWERS_EACH}


if __name__ == "__main__":
    main(sys.argv[1:])
