"""Operations that only the shared pages ask for: agendas, the volume of data requests, periods and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflow_app.calendar import meetings, working_days
from workflow_app.cases import deadlines, typed_json
from workflow_app.cases.models import Decision

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn

#: What the order calls a request for information or records (DO-007, DO-008).
DATA_REQUEST = "DATA_REQUEST"


def place_on_ops_agenda(turn: Turn, node: str) -> None:
    """Put the case on the next agenda of operative cooperation that is still open (CA-10, R-34)."""
    weighty = turn.facts.values.get("special_weight") is True
    today = turn.at.astimezone(working_days.STOCKHOLM).date()
    # A basis that nobody says has been shared is shared with the announcement.
    shared_on = (turn.facts.values.get("basis_shared_on") or today) if weighty else None
    turn.facts.take({"ops_opens_at": meetings.next_ops(turn.at, shared_on=shared_on)})


def sum_data_volume(turn: Turn, node: str) -> None:
    """Count the records asked of a provider, or else of a municipality, in twelve months and now (R-87)."""
    asked_of = "provider" if turn.case.provider_id else "principal"
    since = working_days.add_months(turn.at.astimezone(working_days.STOCKHOLM).date(), -12)
    earlier = Decision.objects.filter(
        decision_type=DATA_REQUEST,
        decided_at__gte=working_days.midnight(since),
        **{f"case__{asked_of}__isnull": False, f"case__{asked_of}": getattr(turn.case, f"{asked_of}_id")},
    )
    decided = [typed_json.loads(content)["fields"] for content in earlier.values_list("content", flat=True)]
    volumes = [fields.get("volume") or 0 for fields in [*decided, turn.facts.values]]
    turn.facts.take({"volume_12_months": sum(volumes)})


def count_appeal_period(turn: Turn, node: str) -> None:
    """Tell whether an appeal came within three weeks from service (FL 44 §, R-71)."""
    values = turn.facts.values
    last = working_days.last_day(deadlines.KINDS["APPEAL"].period, values["decision_served_on"])
    turn.facts.take({"appeal_deadline": last, "appeal_in_time": values["appeal_received_on"] <= last})


def note_hsan_report(turn: Turn, node: str) -> None:
    """Note when HSAN was told, how long after the event, and whether a probation had ended by then (R-45)."""
    values, today = turn.facts.values, turn.at.astimezone(working_days.STOCKHOLM).date()
    happened, ends = values.get("trigger_on"), values.get("probation_ends_on")
    turn.facts.take(
        {
            "hsan_reported_on": today,
            "hsan_report_days": (today - happened).days if happened else None,
            "hsan_report_late": ends is not None and today > ends,
        }
    )
