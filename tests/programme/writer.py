"""A process that adds events to a store for as long as it lives, and says so after each.

``writer.py PATH NAME FIRST LAST TOGETHER`` adds the batches FIRST to LAST - 1 of writer NAME, of TOGETHER
events each, and writes ``number added`` on a line of its own once ``append`` has returned. It begins when a
line comes in on standard input.
"""

from __future__ import annotations

import os
import sys

from pairmatch.programme import Event, EventStore

DAYS = 28


def batch(name: str, number: int, together: int) -> list[Event]:
    """The events of one batch; every other writer's has other ids, but for the name ``shared``."""
    return [
        Event(
            f"2026-01-{number % DAYS + 1:02d}",
            "ended",
            f"m{number}",
            f"e{part}",
            "no_time",
            id=f"{name}-{number}-{part}",
        )
        for part in range(together)
    ]


def main(path: str, name: str, first: str, last: str, together: str) -> None:
    """Add batch after batch."""
    store = EventStore(path)
    os.write(1, b"ready\n")
    sys.stdin.readline()
    for number in range(int(first), int(last)):
        added = store.append(batch(name, number, int(together)))
        os.write(1, f"{number} {added}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
