"""What a case must be done by: the kinds of deadlines, and setting one in a command's turn.

A kind says what law or routine it comes from, how it is counted and who is told. A deadline is counted once and
frozen in its row (DESIGN §4). Nothing here decides: that a deadline passes is told to people, never done for them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from delegation.types import Requirements
from workflow_app.calendar import working_days
from workflow_app.cases.errors import CaseError
from workflow_app.cases.models import Deadline
from workflow_app.outbox import services as outbox
from workflow_app.outbox.models import Job

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn


class Told(StrEnum):
    """Who is told, each found by the order and its grants at the moment."""

    #: Those who have the case's work in hand.
    HANDLER = "HANDLER"
    #: The head of the case type; where nobody is, the next level up.
    HEAD = "HEAD"
    #: The head's head.
    CHIEF = "CHIEF"
    DIRECTOR = "DIRECTOR"


#: In ``met_by``: any decision on a proposal, or one that ends the matter, meets the deadline.
DECISION, FINAL = "DECISION", "FINAL"
#: In ``met_by``: every control that the order lets follow the decision.
AFTER_CARE = "AFTER_CARE"
#: In a job: the last day has passed.
PASSED = "PASSED"

#: When people are told of what comes.
OFFICE_OPENS = time(8, 0)
#: A case that nobody does anything in is looked at after so many days.
STILL = {"INACTIVITY": timedelta(days=30), "LONG_INACTIVITY": timedelta(days=90)}

HANDLER_AND_HEAD = (Told.HANDLER, Told.HEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of deadline."""

    rule: str
    label: Promise
    #: What it is counted from, in words: "four weeks from the request".
    counted: Promise
    #: Key of the order's register of legal bases; empty for what is only a routine of the authority's.
    legal_basis: str = ""
    #: Statutory, or the authority's own target.
    statutory: bool = False
    #: Empty: the day it begins on, or the day that a fact gives.
    period: str = ""
    #: False for the longest time that something may last: it does not move from a day off.
    moves: bool = True
    #: Facts with the day it is counted from, the first that is known; otherwise the day it is set.
    starts: tuple[str, ...] = ()
    #: Fact with the last day itself.
    ends: str = ""
    #: Periods before the last day at which ``reminded`` are told; or ``MM-DD``, a day of the year.
    reminders: tuple[str, ...] = ()
    reminded: tuple[Told, ...] = HANDLER_AND_HEAD
    #: Who is told when it has passed.
    alarmed: tuple[Told, ...] = HANDLER_AND_HEAD
    #: Short ids of the steps that meet it, or ``DECISION`` or ``FINAL``.
    met_by: frozenset[str] = frozenset()


def _steps(names: str) -> frozenset[str]:
    return frozenset(names.split())


KINDS: Mapping[str, Kind] = {
    "REQUEST_TO_DECIDE": Kind(
        rule="R-81",
        label=_("Decide the case or refuse to decide"),
        counted=_("four weeks from the party's request"),
        legal_basis="FL-12",
        statutory=True,
        period="4w",
        reminders=("7d",),
        alarmed=(Told.DIRECTOR,),
        met_by=_steps(FINAL),
    ),
    "DELAY_NOTICE": Kind(
        rule="R-82",
        label=_("Tell the party that the case is delayed"),
        counted=_("five months from the application or complaint"),
        legal_basis="FL-11",
        period="5m",
        reminders=("14d",),
        met_by=_steps(f"forecast_delay {FINAL}"),
    ),
    "DISCLOSURE": Kind(
        rule="R-83",
        label=_("Answer the request for a document"),
        counted=_("the same working day as the request"),
        legal_basis="TF-2.15-16",
        statutory=True,
        alarmed=(Told.HANDLER,),
        met_by=_steps(f"disclose inform_not_held {FINAL}"),
    ),
    "DISCLOSURE_ALARM": Kind(
        rule="R-83",
        label=_("Request for a document unanswered"),
        counted=_("five days from the request"),
        period="5d",
        moves=False,
        met_by=_steps(f"disclose inform_not_held {FINAL}"),
    ),
    "FEE_SERVICE": Kind(
        rule="R-84",
        label=_("Have the application for a fee served"),
        counted=_("two years from the favourable decision or the interruption"),
        legal_basis="LSS-28e",
        statutory=True,
        period="2y",
        moves=False,
        starts=("interrupted_on", "favourable_decision_on"),
        reminders=("12m", "6m", "3m"),
        alarmed=(*HANDLER_AND_HEAD, Told.CHIEF),
        met_by=_steps("watch_service"),
    ),
    "YEARLY_INSPECTION": Kind(
        rule="R-85",
        label=_("Inspect the home"),
        counted=_("once in the calendar year"),
        legal_basis="SOF-16.1",
        statutory=True,
        moves=False,
        reminders=("09-01",),
        alarmed=(*HANDLER_AND_HEAD, Told.CHIEF),
        met_by=_steps("inspect_home"),
    ),
    "APPEAL": Kind(
        rule="R-71",
        label=_("Last day to appeal"),
        counted=_("three weeks from service"),
        legal_basis="FL-44",
        statutory=True,
        period="3w",
        alarmed=(),
        met_by=_steps("register_appeal"),
    ),
    "DRAFT_COMMENTS": Kind(
        rule="R-46",
        label=_("Comments on the draft decision"),
        counted=_("four weeks from when the draft was sent"),
        legal_basis="PSL-7.18",
        statutory=True,
        period="4w",
        alarmed=(Told.HANDLER,),
        met_by=_steps("receive_draft_replies"),
    ),
    "INTERIM": Kind(
        rule="R-53",
        label=_("The interim decision ends"),
        counted=_("at most six months from the decision"),
        legal_basis="PSL-7.28",
        statutory=True,
        period="6m",
        moves=False,
        reminders=("1m", "15d"),
        alarmed=(*HANDLER_AND_HEAD, Told.CHIEF),
    ),
    "REPORT_BACK": Kind(
        rule="CA-6",
        label=_("Report on the demand"),
        counted=_("the day that the decision gives"),
        ends="report_due",
        reminders=("10d",),
        reminded=(Told.HANDLER,),
        alarmed=(Told.HANDLER,),
        met_by=_steps("register_report"),
    ),
    "OBEY": Kind(
        rule="R-48",
        label=_("Obey the injunction"),
        counted=_("the day that the injunction gives"),
        legal_basis="PSL-7.25",
        statutory=True,
        ends="latest_date",
        reminders=("10d",),
        reminded=(Told.HANDLER,),
        alarmed=(Told.HANDLER,),
        met_by=_steps("register_measures"),
    ),
    "DATA_ANSWER": Kind(
        rule="R-87",
        label=_("Answer to the data request"),
        counted=_("the day that the request gives"),
        ends="data_answer_by",
        alarmed=(Told.HANDLER,),
        met_by=_steps("register_data_reply"),
    ),
    "PREPARATION": Kind(
        rule="R-54",
        label=_("Prepare the proposal for decision"),
        counted=_("twenty working days from the first draft; five when the risk is acute or high"),
        period="20wd",
        met_by=_steps(DECISION),
    ),
    "AFTER_CARE": Kind(
        rule="R-51",
        label=_("Review and prepare jointly what was decided in haste"),
        counted=_("one working day from the decision"),
        period="1wd",
        alarmed=(Told.DIRECTOR,),
        met_by=_steps(AFTER_CARE),
    ),
    "INFORMER_NOTICE": Kind(
        rule="S-58",
        label=_("Notice to whoever gave the information"),
        counted=_("three months from when it came in"),
        legal_basis="FL-6",
        period="3m",
        reminders=("1m",),
        met_by=_steps("notify_informer"),
    ),
    "PROBATION": Kind(
        rule="R-45",
        label=_("The probation ends"),
        counted=_("three years from its beginning"),
        legal_basis="PSL-8.1",
        statutory=True,
        period="3y",
        moves=False,
        starts=("probation_starts_on",),
        reminders=("6m",),
    ),
    "INACTIVITY": Kind(
        rule="M-15",
        label=_("Nothing has been done for thirty days"),
        counted=_("thirty days from the latest act"),
        period="30d",
        moves=False,
    ),
    "LONG_INACTIVITY": Kind(
        rule="M-15",
        label=_("Nothing has been done for ninety days"),
        counted=_("ninety days from the latest act"),
        period="90d",
        moves=False,
        alarmed=(*HANDLER_AND_HEAD, Told.CHIEF),
    ),
}

#: Decisions on the way to the one that ends the matter.
_ON_THE_WAY = """
    ACCEPT_NO_CHILD_CONVERSATION ADOPT_CRITERIA ADOPT_INSPECTION_PLAN ASSIGN_INSPECTORS COMMUNICATE CONFLICT_RULING
    CORRECTION COUNSEL_MANDATE COURT_PLEADING DATA_REQUEST DEVIATE_CRITERIA ENGAGE_EXPERT FORWARD_APPEAL
    IMMEDIATE_ENFORCEMENT INFORMATION_INJUNCTION INFORMATION_INJUNCTION_FINE INSPECTION INTERIM_BAN INTERIM_EXTEND
    OBTAIN_OWN_RECORDS OPEN_PERSON_CASE OPEN_SUPERVISION OPEN_SUPERVISION_PRINCIPAL PERMIT_COMPLETE PERSONAL_FILE
    POLICE_ASSISTANCE PROTECTIVE_REPORT REFRAIN_COMMUNICATION REFUSE_TO_DECIDE REGISTER_INFORMATION REJECT_COUNSEL
    REQUEST_STATEMENT RISK_CLASS_ACUTE RISK_CLASS_HIGH RISK_CLASS_LOW RISK_CLASS_MEDIUM RISK_CLASS_OVERRIDE
    ROTATION_EXEMPTION SEIZE_DOCUMENTS SEND_DRAFT START_NATIONAL_SUPERVISION
"""
ON_THE_WAY = frozenset(_ON_THE_WAY.split())
#: Case types whose cases a party begins: it may ask for a decision, and is told of a delay (FL 11–12 §§).
BEGUN_BY_A_PARTY = frozenset({"EKP", "TIL", "UTL"})
#: What begins to run when a case of a type is opened.
AT_OPENING: Mapping[str, tuple[str, ...]] = {
    "UTL": ("DISCLOSURE", "DISCLOSURE_ALARM"),
    "EVB": ("FEE_SERVICE",),
    "EKP": ("DELAY_NOTICE",),
    "TIL": ("DELAY_NOTICE",),
    "UPPL": ("INFORMER_NOTICE",),
}
#: What begins to run when a decision of a type is dispatched.
AT_DISPATCH: Mapping[str, str] = {
    "SEND_DRAFT": "DRAFT_COMMENTS",
    "DATA_REQUEST": "DATA_ANSWER",
    "INFORMATION_INJUNCTION": "DATA_ANSWER",
    "INFORMATION_INJUNCTION_FINE": "DATA_ANSWER",
    "INJUNCTION": "OBEY",
    "INJUNCTION_FINE": "OBEY",
    "INJUNCTION_NOTIFY": "OBEY",
    **dict.fromkeys((f"DEMAND_REPORT_{number}" for number in range(1, 5)), "REPORT_BACK"),
}
#: Decisions that last for a time, and those of them that lengthen another.
INTERIM_TYPES = frozenset({"INTERIM_BAN", "INTERIM_EXTEND"})
EXTENSION = "INTERIM_EXTEND"
#: A case of these risk classes may not wait for its decision as long as others (R-54).
URGENT = frozenset({"ACUTE", "HIGH"})
URGENT_PREPARATION = "5wd"


def put(turn: Turn, kind: str, *, starts: date | None = None, period: str = "", again: bool = True) -> None:
    """Set a deadline of a kind in a turn; one of the same kind that is open is withdrawn (``again``)."""
    about = KINDS.get(kind)
    if about is None:
        raise CaseError(f"there is no kind of deadline `{kind}`; use one of {', '.join(sorted(KINDS))}")
    values = turn.facts.values
    known = (values[fact] for fact in about.starts if isinstance(values.get(fact), date))
    begins = starts or next(known, None) or _day(turn.at)
    period = period or about.period
    last = values.get(about.ends) if about.ends else last_day(about, period, begins)
    if not isinstance(last, date) or isinstance(last, datetime):
        raise CaseError(f"the deadline `{kind}` is counted to the fact `{about.ends}`, which holds no day")
    row = Deadline(
        case=turn.case,
        kind=kind,
        legal_basis=about.legal_basis,
        statutory=about.statutory,
        period=period,
        starts_on=begins,
        due_on=last,
        due_at=working_days.passed(last),
        set_at=turn.at,
    )
    turn.batch.insert(
        row, *(_job(row, moment, at) for moment, at in moments(about, row) if at > turn.at or moment == PASSED)
    )
    if again:
        earlier = {"case_id": turn.case.pk, "kind": kind, "met_at__isnull": True, "withdrawn_at__isnull": True}
        turn.batch.update(Deadline, {**earlier, "pk__not": row.pk}, {"withdrawn_at": turn.at})


def last_day(about: Kind, period: str, begins: date) -> date:
    """Return the last day of a deadline that begins on a day."""
    if about.rule == "R-85":
        return date(begins.year, 12, 31)
    if not period:
        return working_days.next_working_day(begins)
    return working_days.last_day(period, begins, moves=about.moves)


def _day(at: datetime) -> date:
    return at.astimezone(working_days.STOCKHOLM).date()


def moments(about: Kind, row: Deadline) -> list[tuple[str, datetime]]:
    """Return when something happens with a deadline: its reminders, and that it has passed."""
    found = []
    for reminder in about.reminders:
        if reminder[2:3] == "-":
            month, day = (int(part) for part in reminder.split("-"))
            on = date(row.due_on.year, month, day)
        else:
            on = working_days.day_before(reminder, row.due_on)
        found.append((reminder, datetime.combine(on, OFFICE_OPENS, tzinfo=working_days.STOCKHOLM)))
    return [*found, (PASSED, row.due_at)]


def _job(row: Deadline, moment: str, at: datetime) -> Job:
    return outbox.job(
        kind="DEADLINE",
        due_at=at,
        payload={"deadline": str(row.pk), "moment": moment},
        dedupe_key=f"deadline:{row.pk}:{moment}",
    )


def at_opening(turn: Turn) -> None:
    """Set what begins to run when a case is opened."""
    for kind in AT_OPENING.get(turn.case.case_type, ()):
        put(turn, kind, again=False)
    if turn.case.case_type == "FTB" and turn.facts.values.get("unit_id"):
        year = turn.facts.values.get("plan_year")
        put(turn, "YEARLY_INSPECTION", starts=date(int(year), 1, 1) if year else None, again=False)
    turn.batch.insert(inactivity_check(turn.case.pk, turn.at + min(STILL.values())))


def inactivity_check(case: uuid.UUID, at: datetime) -> Job:
    """Return the job that looks at a moment whether anything has been done in a case."""
    return outbox.job(
        kind="LOOK_FOR_INACTIVITY",
        due_at=at,
        payload={"case": str(case)},
        dedupe_key=f"inactivity:{case}:{at.isoformat(timespec='seconds')}",
    )


def at_first_draft(turn: Turn) -> None:
    """Begin to count how long the proposal is prepared (R-54)."""
    urgent = turn.facts.values.get("risk_class") in URGENT
    put(turn, "PREPARATION", period=URGENT_PREPARATION if urgent else "")


def at_decision(turn: Turn, decision_type: str, values: Mapping[str, Any]) -> None:
    """Begin to count how long an interim decision lasts, and note that one was lengthened (R-53)."""
    if decision_type not in INTERIM_TYPES:
        return
    months = values.get("interim_months") or turn.facts.values.get("interim_months")
    put(turn, "INTERIM", period=f"{int(months)}m" if months else "")
    turn.facts.take({"interim_extended": decision_type == EXTENSION})


def after_care(turn: Turn, row: Requirements) -> None:
    """Begin to count until what the order lets follow an urgent decision must be done (R-51)."""
    if row.controls_after or row.jurist_after or any(joint.after for joint in row.joint_preparations):
        put(turn, "AFTER_CARE", again=False)


def at_dispatch(turn: Turn) -> None:
    """Set what begins to run when a decision is dispatched; the last day to appeal becomes a fact (R-71)."""
    values = turn.facts.values
    appealable = values.get("appealable") is True
    last = working_days.last_day(KINDS["APPEAL"].period, _day(turn.at)) if appealable else None
    turn.facts.take({"appeal_deadline": last})
    if appealable:
        put(turn, "APPEAL")
    kind = AT_DISPATCH.get(str(values.get("decided_type")))
    if kind and (not KINDS[kind].ends or values.get(KINDS[kind].ends)):
        put(turn, kind)


def set_deadline(turn: Turn, node: str) -> None:
    """Set the deadline that the model names."""
    told = turn.net.node(node).operation
    put(turn, (told.deadline if told else None) or "")
