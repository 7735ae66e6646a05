"""Ask for other cases to be opened, and tell other cases what has happened: rows and jobs, no permit.

A hand-over decides nothing. What may follow in the new case is asked of the order there, act by act.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases import cross_checks, subject, typed_json
from workflow_app.cases.errors import CaseError, SubjectRefused
from workflow_app.cases.models import Case, HandOver, LinkKind
from workflow_app.engine import selectors as engine
from workflow_app.engine.errors import UnknownDefinition
from workflow_app.outbox import services as outbox

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn
    from workflow_app.engine.nodes import Operation
    from workflow_app.outbox.models import Job

#: What a case that goes over into supervision is to the supervision case: its kind of signal.
SIGNAL_SOURCES = {
    "UPPL": "INFORMATION",
    "EKP": "COMPLAINT",
    "LMA": "LEX_MARIA",
    "LSA": "LEX_SARAH",
    "FTB": "INSPECTION",
    "NTS": "INSPECTION",
    "EVB": "ANALYSIS",
}
#: What it is to a case about a licensed person: how the report came in.
REPORT_KINDS = {"EKP": "COMPLAINT", "LMA": "PROVIDER", "LSA": "PROVIDER"}
#: What the case is about, and what protects those it is about: goes with a case wherever it is handed over.
GOES_ALONG = (*subject.REGISTERS, "secrecy", "protected_identity", "actor_flag")


def operation(turn: Turn, node: str) -> Operation:
    """Return what the model tells the operation at a node."""
    found = turn.net.node(node).operation
    if found is None or not found.process:
        raise CaseError(f"element `{node}` names no process to open a case of; the model must be corrected")
    return found


def ask(
    turn: Turn, node: str, *, kind: LinkKind, process: str, each: Iterable[Mapping[str, Any]]
) -> tuple[HandOver, ...]:
    """Ask for a case of a process for each context, to be opened as soon as the command is committed."""
    rows = tuple(
        HandOver(
            from_case=turn.case,
            node=node,
            ordinal=ordinal,
            kind=kind.value,
            process=process,
            facts=typed_json.dumps(known),
            at=turn.at,
        )
        for ordinal, known in enumerate(each)
    )
    jobs = (
        outbox.job(
            kind="OPEN_LINKED_CASE",
            due_at=turn.at,
            payload={"hand_over": str(row.pk)},
            dedupe_key=f"hand_over:{row.pk}",
        )
        for row in rows
    )
    turn.batch.insert(*rows, *jobs)
    return rows


def is_open(turn: Turn, process: str) -> bool:
    """Tell whether the case has been handed over to a process already, and what came of it is not closed.

    What is handed over twice (a pattern that is seen again, a step that is done again) opens no second case.
    """
    asked = HandOver.objects.filter(from_case=turn.case, kind=LinkKind.HAND_OVER, process=process)
    return asked.exclude(link__to_case__state=Case.State.CLOSED).exists()


def known(turn: Turn) -> dict[str, Any]:
    """Return what a case hands over: what it is about, what it knows, and what it is to the case that it becomes."""
    columns = {name: getattr(turn.case, name) for name in subject.REGISTERS}
    facts = {name: value for name, value in turn.facts.values.items() if value is not None}
    today = turn.at.astimezone(STOCKHOLM).date()
    signal = {
        "signal_source": SIGNAL_SOURCES.get(turn.case.case_type, "OTHER"),
        "signal_received_on": today,
        # A case about a licensed person counts its days from the event; where nobody told its day, from the finding.
        "trigger_on": facts.get("event_on") or today,
        "report_kind": REPORT_KINDS.get(turn.case.case_type, "OWN_INITIATIVE"),
        "report_received_on": today,
        "report_summary": facts.get("signal_summary"),
    }
    return {**columns, **signal, **facts}


def require_subject(process: str, facts: Mapping[str, Any]) -> None:
    """See that the new case will have what its type must be about (S-42): now, while a person can still say it.

    Raises ``SubjectRefused``. A process that is not deployed yet is held to it when the case is opened.
    """
    try:
        case_type = engine.current_process(process).case_type
    except UnknownDefinition:
        return
    required = subject.required_of(case_type, facts)
    if required and not facts.get(required):
        raise SubjectRefused(subject.missing(case_type, required, "to hand over"))


def going_along(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what goes with a case wherever it is handed over."""
    return {name: facts[name] for name in GOES_ALONG if facts.get(name) is not None}


def jobs_between(turn: Turn, seq: int, *, awaits_children: bool) -> Iterator[Job]:
    """Yield what a turn leaves to do between cases: tell that this one has closed, look whose children have."""
    asked = {
        "CASE_CLOSED": turn.ended,
        "COLLECT_CHILDREN": awaits_children,
        "CROSS_CHECK": not turn.ended and cross_checks.others_should_know(turn),
    }
    for kind in (kind for kind, wanted in asked.items() if wanted):
        case = str(turn.case.pk)
        yield outbox.job(kind=kind, due_at=turn.at, payload={"case": case}, dedupe_key=f"{kind.lower()}:{case}:{seq}")
