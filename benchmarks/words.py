"""How the page tells figures, and what each peer goes without."""

from __future__ import annotations

NOT_EXACT = ("greedy", "random", "matching")

WITHOUT = {
    "lapx": "capacities on both sides, tiers, proof",
    "scipy": "capacities on both sides, tiers, proof",
    "OR-Tools assignment": "capacities on both sides, tiers, proof; everybody must get a partner",
    "munkres": "capacities on both sides, tiers, proof",
    "networkx": "capacities on both sides, tiers, proof",
    "OR-Tools flow": "tiers, proof",
    "CP-SAT": "a proof that others can check",
    "matching": "any regard for the total",
    "greedy": "the optimum",
    "random": "the optimum",
}
"""What pairmatch does in its time and a peer does not."""


def seconds(value: float) -> str:
    """Two digits, in milliseconds below one second."""
    return f"{amount(value)} s" if value >= 1 else f"{amount(value * 1000)} ms"


def amount(value: float) -> str:
    """Two digits that count."""
    rounded = float(f"{value:.2g}")
    return f"{rounded:,.0f}" if rounded >= 10 else f"{rounded:g}"


def count(value: float) -> str:
    """A count; with a decimal where it is the mean of several."""
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"


def share(value: float) -> str:
    """A share in percent; one that is not zero never looks like it."""
    if value == 0:
        return "0 %"
    return f"{100 * value:.2g} %" if abs(value) >= 0.0001 else "under 0.01 %"


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown; short rows are filled up."""
    full = [row + [""] * (len(head) - len(row)) for row in rows]
    marks = ["---" if not name or name in LEFT else "---:" for name in head]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, marks, *full])


LEFT = ("data", "without", "at most")
"""Columns of words."""
