"""Which homes the yearly plan of frequency supervision takes in: every one in the register, or a reason (R-85)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from workflow_app.registry import selectors as registry

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn

#: Homes that nobody has scored are spread over these months, so that the last of the year are kept in reserve.
_MONTHS: Final = 10


def plan_homes(turn: Turn, node: str) -> None:
    """List the homes of the plan, highest risk first, and count those of the register that it leaves out."""
    values = turn.facts.values
    scored = {row["unit_id"]: row for row in values.get("risk_scores") or []}
    others = [code for code in registry.homes_for_children(on=registry.day_of(turn.at)) if code not in scored]
    taken = others if values.get("rest_of_register") is True else []
    year = {"plan_year": values.get("plan_year")}
    homes: list[dict[str, Any]] = [
        {name: row[name] for name in ("unit_id", "risk_score", "target_month")} | year
        for row in sorted(scored.values(), key=lambda row: (-row["risk_score"], row["unit_id"]))
    ]
    homes += [{"unit_id": code, "target_month": 1 + place % _MONTHS} | year for place, code in enumerate(taken)]
    turn.facts.take({"homes": homes, "homes_left_out": len(others) - len(taken)})
