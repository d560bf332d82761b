"""Parameters of rules and goals: checked, frozen, read from a policy's entries and written to them."""

from __future__ import annotations

from pairmatch.parameters.checks import Checks, set_field
from pairmatch.parameters.entries import known_parts, label_of, plain_entry, read_entries
from pairmatch.parameters.needs import (
    absent_chart,
    absent_fields,
    absent_table,
    chart_of,
    mixed_meaning,
    purpose_needed,
    wrong_kinds,
)
from pairmatch.parameters.pairs import pair_list, swapped_pairs
from pairmatch.parameters.parts import (
    COHORT_GOAL,
    ELIGIBILITY,
    GROUP_RULE,
    LOAD_RULE,
    PAIR_GOAL,
    PAIR_RULE,
    check_labels,
    has_methods,
    usable_goals,
    usable_rules,
)
from pairmatch.parameters.table import FrozenTable
from pairmatch.parameters.values import is_number, is_share, is_whole, told

__all__ = [
    "COHORT_GOAL",
    "ELIGIBILITY",
    "GROUP_RULE",
    "LOAD_RULE",
    "PAIR_GOAL",
    "PAIR_RULE",
    "Checks",
    "FrozenTable",
    "absent_chart",
    "absent_fields",
    "absent_table",
    "chart_of",
    "check_labels",
    "has_methods",
    "is_number",
    "is_share",
    "is_whole",
    "known_parts",
    "label_of",
    "mixed_meaning",
    "pair_list",
    "plain_entry",
    "purpose_needed",
    "read_entries",
    "set_field",
    "swapped_pairs",
    "told",
    "usable_goals",
    "usable_rules",
    "wrong_kinds",
]
