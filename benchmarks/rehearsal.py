"""Ten thousand decisions of the past asked about again under another order.

``python -m benchmarks.rehearsal [--quick] [--format json]``
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from benchmarks.rules import BPMN, NOON, injunction_with_fine
from delegation import DelegationOrder, load_order
from delegation.examples import example
from delegation.rehearsal import Direction, Past, rehearse

RULES = "rules.dmn"
#: What the other order has otherwise: fines go up, and openings are looked at by a physician.
CHANGES = (
    ('<outputEntry id="DO-046-1_lowest_role"><text>"AC_N"', '<outputEntry id="DO-046-1_lowest_role"><text>"GD"'),
    ('<outputEntry id="DO-036_medical"><text>false', '<outputEntry id="DO-036_medical"><text>true'),
)


def orders() -> tuple[DelegationOrder, DelegationOrder]:
    """Return the shipped order and another."""
    files = {path.name: path.read_bytes() for path in (BPMN / "delegation_order").iterdir() if path.is_file()}
    text = files[RULES].decode()
    for old, new in CHANGES:
        assert old in text
        text = text.replace(old, new)
    then = load_order(files, number="then", valid_from=NOON - timedelta(days=30))
    return then, load_order({**files, RULES: text.encode()}, number="draft", valid_from=NOON)


def decisions(order: DelegationOrder, *, count: int) -> Iterator[Past]:
    """Yield decisions of every kind that supervision has, over and over, each with its acts."""
    asked = injunction_with_fine()
    kinds = []
    for (case_type, decision_type), rows in order.index.items():
        for row in rows:
            if case_type == "ETV" and not row.is_override:
                facts, found = example(order, row, case_type=case_type, decision_type=decision_type)
                request = replace(asked, decision_type=decision_type, facts={**asked.facts, **facts})
                kinds.append(Past(request=request, row=found.row, order=order))
    for number in range(count):
        kind = kinds[number % len(kinds)]
        yield replace(kind, request=replace(kind.request, case=f"case {number}"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer decisions")
    parser.add_argument("--format", choices=["text", "json"], default="text")
    options = parser.parse_args()
    then, draft = orders()
    past = list(decisions(then, count=500 if options.quick else 10_000))
    begun = time.perf_counter()
    found = rehearse(past, order=draft)
    figures: dict[str, Any] = {
        "decisions": len(past),
        "seconds": round(time.perf_counter() - begun, 2),
        "set_aside": found.set_aside,
        "directions": {direction.value: found.count(direction) for direction in Direction},
    }
    if options.format == "json":
        print(json.dumps(figures, indent=2))
        return
    for name, figure in figures.items():
        print(f"    {name:12} {figure}")


if __name__ == "__main__":
    main()
