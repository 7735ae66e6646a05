"""What each kind of job means: one call into a service, idempotent by the job's id."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from workflow_app.cases.errors import Closed, NotOpen
from workflow_app.cases.services import (
    calendar_starts,
    children,
    cross_checking,
    deadlines,
    drafting,
    exceptions,
    handing_over,
    informing,
    looking_ahead,
    notifying,
    reordering,
    taking_back,
    timers,
)
from workflow_app.letters import services as letters
from workflow_app.worklist import services as worklist


class Handler(Protocol):
    """Does one job; called again with the same job, it changes nothing more."""

    def __call__(self, *, job: UUID, payload: Mapping[str, str], at: datetime) -> None: ...


def publish_event(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Tell the persons to whom a command gave work, and forget what was typed in steps that are done."""
    notifying.publish(case=UUID(payload["case"]), seq=int(payload["seq"]), at=at)
    looking_ahead.after_event(case=UUID(payload["case"]), seq=int(payload["seq"]), at=at)
    deadlines.settle(case=UUID(payload["case"]))
    drafting.clear(case=UUID(payload["case"]))


def fire_timer(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Let a deadline come. A timer that was cancelled meanwhile, or whose case is closed, has nothing left to do."""
    try:
        timers.fire(timer=UUID(payload["timer"]), at=at)
    except (NotOpen, Closed):
        return


def let_deadline_come(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Remind people of a deadline, or tell them that it has passed."""
    try:
        deadlines.come(deadline=UUID(payload["deadline"]), moment=payload["moment"], at=at)
    except Closed:
        return


def look_for_inactivity(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Tell people of a case in which nothing is done."""
    deadlines.look_for_inactivity(case=UUID(payload["case"]), at=at)


def remind(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Tell the claimant of work that its time has passed."""
    notifying.remind(item=UUID(payload["item"]), at=at)


def send_letter(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Make the letter that a case asked for, and send it."""
    letters.send(request=UUID(payload["request"]), at=at)


def send_message(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Ask the registry to send a letter."""
    notifying.send_message(case=UUID(payload["case"]), kind=payload["kind"])


def inform_audit(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Write to internal audit of a decision."""
    notifying.inform_audit(case=UUID(payload["case"]), at=at)


def open_linked_case(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Open the case that another one asked for."""
    handing_over.open_linked(hand_over=UUID(payload["hand_over"]), at=at)


def start_by_calendar(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Open the case that the calendar starts at this moment, and have the next moment come."""
    moment = datetime.fromisoformat(payload["moment"])
    calendar_starts.start(definition=UUID(payload["definition"]), start=payload["start"], moment=moment, at=at)


def bring_information(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Have open plans about the unit of a new case reassessed."""
    informing.bring(case=UUID(payload["case"]), at=at)


def case_closed(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Tell the case that waits for this one, where there is one, and the provider's other cases."""
    children.closed(case=UUID(payload["case"]), at=at)
    cross_checking.spread(case=UUID(payload["case"]), key=f"cross:{job}", at=at)


def cross_check(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Tell the provider's other cases what this one means to them."""
    cross_checking.spread(case=UUID(payload["case"]), key=f"cross:{job}", at=at)


def end_exceptions(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Put away what has let somebody into a case by name, once its time is over."""
    exceptions.expire(case=UUID(payload["case"]), at=at)


def collect_children(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Look whether children of a case that waits for them have closed already."""
    children.collect(parent=UUID(payload["case"]), at=at)


def grant_changed(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Tell of a right that was given or has ended, and take back what its end has put out of reach (R-28)."""
    grant = UUID(payload["grant"])
    taking_back.after_grant(grant=grant, key=f"grant:{job}", at=at)
    notifying.grant_changed(grant=grant, what=payload["what"], at=at)
    if payload["what"] != "GIVEN":
        looking_ahead.after_grant(grant=grant, at=at)


def absence_begins(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Give an absent person's work to others where nobody stands in (R-56)."""
    taking_back.when_absent(absence=int(payload["absence"]), key=f"absence:{job}", at=at)
    looking_ahead.after_absence(absence=int(payload["absence"]), at=at)


def order_begins(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Have the open cases looked at under an order that begins to apply (R-29)."""
    reordering.begin(version=UUID(payload["version"]), at=at)


def reorder_case(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Bring one case in line with the order in force (R-29)."""
    reordering.reorder(case=UUID(payload["case"]), version=UUID(payload["version"]), at=at)


def look_ahead(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Make the night's report of what could not be decided, and have the next night's made."""
    looking_ahead.night(at=at)


def usage_report(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Tell the giver of a lent right to look at how it has been used."""
    notifying.usage_due(grant=UUID(payload["grant"]), until=datetime.fromisoformat(payload["until"]), at=at)


def make_assignment_plan(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Make the plan of inspectors that somebody asked for."""
    worklist.make(plan=UUID(payload["plan"]), at=at)


def spread_assignment_plan(*, job: UUID, payload: Mapping[str, str], at: datetime) -> None:
    """Lay a plan of inspectors before the homes whose cases are open."""
    worklist.spread(plan=UUID(payload["plan"]), at=at)


HANDLERS: Mapping[str, Handler] = {
    "PUBLISH_EVENT": publish_event,
    "FIRE_TIMER": fire_timer,
    "REMIND": remind,
    "DEADLINE": let_deadline_come,
    "LOOK_FOR_INACTIVITY": look_for_inactivity,
    "SEND_LETTER": send_letter,
    "SEND_MESSAGE": send_message,
    "INFORM_AUDIT": inform_audit,
    "GRANT_CHANGED": grant_changed,
    "ABSENCE_BEGINS": absence_begins,
    "USAGE_REPORT": usage_report,
    "ORDER_BEGINS": order_begins,
    "REORDER_CASE": reorder_case,
    "LOOK_AHEAD": look_ahead,
    "START_BY_CALENDAR": start_by_calendar,
    "OPEN_LINKED_CASE": open_linked_case,
    "CASE_CLOSED": case_closed,
    "COLLECT_CHILDREN": collect_children,
    "CROSS_CHECK": cross_check,
    "BRING_INFORMATION": bring_information,
    "MAKE_ASSIGNMENT_PLAN": make_assignment_plan,
    "SPREAD_ASSIGNMENT_PLAN": spread_assignment_plan,
    "END_EXCEPTIONS": end_exceptions,
}
