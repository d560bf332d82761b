"""Policies: rules, goals and the order of objectives, and the presets that come with the library."""

from __future__ import annotations

from pairmatch.policy.coaches import Coaches, coach_policy
from pairmatch.policy.exceptions import BAR, Excepted, Exempt
from pairmatch.policy.policy import Defaults, Policy

__all__ = ["BAR", "Coaches", "Defaults", "Excepted", "Exempt", "Policy", "coach_policy"]
