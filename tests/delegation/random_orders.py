"""Other orders than the shipped one: its rows with other deciders and controls, as far as an order may have them."""

from __future__ import annotations

import random
import re
from functools import cache

from delegation.bundle import RULES
from delegation.errors import OrderRefused
from delegation.order import DelegationOrder, load_order
from tests.delegation.authority import ADOPTED, bundle, shipped

#: The shipped order and this many others.
ORDERS = 4
_ROW = re.compile(r'(?=      <rule id=")')
_CHANGES = {
    "lowest_role": ('"GD"', '"AC_N"', '"EC_N"', '"INSP/HL"'),
    "rapporteur": ("true", "false"),
    "four_eyes": ("true", "false"),
    "medical": ("true", "false"),
    "joint_always": ("[]", '["JB-1"]', '["JB-2", "JB-6"]'),
    "joint_triggered": ("[]", '["JB-3"]', '["JB-4", "JB-7"]'),
}


@cache
def drawn_order(number: int) -> DelegationOrder:
    """Return the shipped order for 0, and for each other number an order of its own; a change that no order may have
    is left out."""
    if number == 0:
        return shipped()
    source = random.Random(number)
    files = bundle()
    order = shipped()
    for _ in range(6):
        text = "".join(_changed(row, source) for row in _ROW.split(files[RULES].decode()))
        try:
            order = load_order({**files, RULES: text.encode()}, number=f"TEST-{number}", valid_from=ADOPTED)
        except OrderRefused:
            continue
        files = {**files, RULES: text.encode()}
    return order


def _changed(row: str, source: random.Random) -> str:
    if source.random() > 0.05:
        return row
    output = source.choice(tuple(_CHANGES))
    value = source.choice(_CHANGES[output])
    return re.sub(rf'(<outputEntry id="[^"]*_{output}"><text>)[^<]*', lambda found: found[1] + value, row)
