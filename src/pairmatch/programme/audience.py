"""For whom end reasons are shown: the programme's lead, who has to say so (law §12)."""

from __future__ import annotations

from pairmatch.errors import CallError, Finding

__all__ = ["LEAD", "check_audience"]

LEAD = "lead"


def check_audience(audience: object, *, needed: bool = False) -> None:
    """Refuse anybody but the lead.

    Parameters
    ----------
    audience
        Who asks.
    needed
        Whether all that is asked for is confidential; otherwise None asks for the rest.

    Raises
    ------
    CallError
        If it is somebody else.
    """
    if audience == LEAD or (audience is None and not needed):
        return
    hint = f"end reasons are confidential: they are shown for the audience '{LEAD}' alone"
    raise CallError([Finding("unknown_audience", hint, column="audience")])
