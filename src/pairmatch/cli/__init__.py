"""The command ``pairmatch``.

Exit codes: 0 done; 1 the answer is "no" (invalid, infeasible); 2 the input or the call is wrong;
130 interrupted.
"""

from __future__ import annotations

import sys
from importlib import import_module

__all__ = ["main"]

COMMANDS = ("why_not", "diagnose", "check", "complete", "report", "introduce", "audit", "purge", "export")
"""Commands with files of their own, in the order in which the help lists them after those of `app`."""


def main() -> None:
    """Run the command line; without its packages, say in one line how to get them."""
    try:
        import_module("typer")
    except ImportError:
        from pairmatch.errors import MissingExtraError

        print(MissingExtraError("The command line", "cli"), file=sys.stderr)
        sys.exit(2)
    from pairmatch.cli.app import app

    for name in COMMANDS:
        import_module(f"pairmatch.cli.{name}")
    for stream in (sys.stdout, sys.stderr):
        # An id that the terminal cannot show must not end the command.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    app(prog_name="pairmatch")
