"""What many tasks share, sent once: by reference within a process, in a private file to other processes."""

from __future__ import annotations

import mmap
import os
import pickle
import tempfile
import threading
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pairmatch.errors import CallError, Finding

__all__ = ["UNPICKLABLE", "NotHere", "Parcel", "dropped", "opened", "packed", "unsendable"]

KEPT = 4
"""A worker process keeps this many opened parcels: two callers with people and prices each."""

ALIGNMENT = 64
"""Arrays start at multiples of this many bytes."""

UNPICKLABLE = (pickle.PicklingError, AttributeError, TypeError)
"""What pickle raises, as the case may be, where something does not pickle."""

_at_hand: dict[str, Any] = {}
_opened: OrderedDict[str, tuple[str, Any]] = OrderedDict()
_lock = threading.Lock()


class NotHere(Exception):
    """A parcel's file is not on this machine, or not any more."""


@dataclass(frozen=True)
class Parcel:
    """Stands for a payload in the arguments of a task.

    Attributes
    ----------
    token
        Its name, unlike any other.
    path
        The file that holds it; empty where it never leaves the process.
    """

    token: str
    path: str = ""


def unsendable(why: object) -> CallError:
    """What to say where rules and goals do not reach the workers."""
    hint = (
        f"cannot be sent the policy's rules and goals ({why}); define those of your own in a module that the "
        "workers can import, not within a function, or use threads"
    )
    return CallError([Finding("bad_argument", hint, column="executor")])


def packed(payload: object, *, to_file: bool) -> Parcel:
    """A parcel for a payload; :func:`dropped` ends it.

    Parameters
    ----------
    payload
        What tasks share; must pickle if it goes to a file.
    to_file
        Whether other processes will open it.

    Raises
    ------
    CallError
        If it goes to a file and does not pickle.
    """
    parcel = Parcel(uuid.uuid4().hex, _written(payload) if to_file else "")
    _at_hand[parcel.token] = payload
    return parcel


def dropped(parcel: Parcel) -> None:
    """Forget a parcel and delete its file."""
    _at_hand.pop(parcel.token, None)
    if parcel.path:
        Path(parcel.path).unlink(missing_ok=True)


def opened(value: Any) -> Any:
    """The payload of a parcel; any other value as it is.

    Raises
    ------
    NotHere
        If neither the process nor the machine has it.
    CallError
        If it holds what this process cannot import.
    """
    if not isinstance(value, Parcel):
        return value
    if value.token in _at_hand:
        return _at_hand[value.token]
    with _lock:
        if value.token not in _opened:
            _make_room()
            _opened[value.token] = value.path, _read(value)
        _opened.move_to_end(value.token)
        return _opened[value.token][1]


def _make_room() -> None:
    """Drop what was deleted meanwhile, then what was longest unused."""
    for token in [token for token, (path, _) in _opened.items() if not Path(path).exists()]:
        del _opened[token]
    while len(_opened) >= KEPT:
        _opened.popitem(last=False)


def _written(payload: object) -> str:
    """Pickle to a file that only this user can read; arrays stand in it as they stand in memory."""
    buffers: list[pickle.PickleBuffer] = []
    try:
        head = pickle.dumps(payload, protocol=5, buffer_callback=buffers.append)
    except UNPICKLABLE as error:
        raise unsendable(error) from error
    parts: list[Any] = [head, *(buffer.raw() for buffer in buffers)]
    sizes = [len(parts), *(len(part) for part in parts)]
    handle, path = tempfile.mkstemp(prefix="pairmatch-")
    with os.fdopen(handle, "wb") as file:
        file.write(b"".join(size.to_bytes(8, "little") for size in sizes))
        for start, part in zip(_starts(sizes[1:]), parts, strict=True):
            file.seek(start)
            file.write(part)
        file.truncate(max(file.tell(), 1))
    return path


def _starts(sizes: Sequence[int]) -> list[int]:
    """Where each part of a file starts."""
    starts, end = [], 8 * (len(sizes) + 1)
    for size in sizes:
        starts.append(-(-end // ALIGNMENT) * ALIGNMENT)
        end = starts[-1] + size
    return starts


def _read(parcel: Parcel) -> Any:
    """Arrays are pages of the file, which all processes of the machine share until one writes to them."""
    try:
        with open(parcel.path, "rb") as file:
            view = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY))
    except OSError:
        raise NotHere(parcel.token) from None
    count = int.from_bytes(view[:8], "little")
    sizes = [int.from_bytes(view[8 * k : 8 * (k + 1)], "little") for k in range(1, count + 1)]
    head, *buffers = (view[start : start + size] for start, size in zip(_starts(sizes), sizes, strict=True))
    try:
        return pickle.loads(head, buffers=buffers)
    except (AttributeError, ImportError) as error:
        raise unsendable(error) from error
