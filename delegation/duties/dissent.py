"""Dissent: everyone who took part in the final handling may note it until dispatch (FL 30 §, R-66)."""

from __future__ import annotations

from collections.abc import Collection

from delegation.types import Bar


def bar(*, person: str, participants: Collection[str], dispatched: bool, noted: bool) -> Bar | None:
    """Return why the person may not note a dissent now, or ``None``."""
    if person not in participants:
        return Bar(code="DID_NOT_TAKE_PART", rule_id="R-66", personal=True)
    if dispatched:
        return Bar(code="ALREADY_DISPATCHED", rule_id="R-66")
    if noted:
        return Bar(code="DISSENT_ALREADY_NOTED", rule_id="R-66", personal=True)
    return None
