"""What service tasks and business rule tasks do: registered operations, run in the command's transaction.

A model names an operation; it cannot bring one. An operation gives facts, rows and jobs, never a right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from delegation import escalation
from delegation.errors import NoResolver
from delegation.types import Act, Answer
from workflow_app.calendar import working_days
from workflow_app.cases import (
    cross_checks,
    deadlines,
    linking,
    outgoing,
    patterns,
    plans,
    reminders,
    rotation,
    shared_pages,
    subject,
    waiting,
    yearly_plan,
)
from workflow_app.cases import facts as case_facts
from workflow_app.cases.errors import CaseError
from workflow_app.cases.models import LinkKind
from workflow_app.engine import selectors as engine
from workflow_app.outbox import services as outbox

if TYPE_CHECKING:
    from workflow_app.cases.turn import Turn

#: A party has three weeks to comment on what is communicated, unless the model says otherwise.
COMMENT_PERIOD = "3w"

REGISTRY: dict[str, Callable[[Turn, str], None]] = {}


def operation(function: Callable[[Turn, str], None]) -> Callable[[Turn, str], None]:
    """Register an operation under its function's name."""
    REGISTRY[function.__name__] = function
    return function


operation(rotation.count_rotation)
operation(yearly_plan.plan_homes)
operation(shared_pages.place_on_ops_agenda)
operation(shared_pages.sum_data_volume)
operation(shared_pages.count_appeal_period)
operation(deadlines.set_deadline)
operation(shared_pages.note_hsan_report)
operation(reminders.send_reminders)
operation(waiting.list_waiting)


@operation
def look_up_order(turn: Turn, node: str) -> None:
    """Give the net the row of the order for the proposal in force (R-29)."""
    if turn.proposal is None:
        raise CaseError(f"element `{node}` asks the order before any proposal is written")
    # What other cases mean to this one may have changed since it was linked, and no form can deny it.
    detect_pattern(turn, node)
    cross_check(turn, node)
    asked = case_facts.requirements(turn.order, turn.case, turn.facts.values, turn.proposal.decision_type)
    turn.facts.take(case_facts.of_requirements(asked, decided=turn.standing.decided))


@operation
def use_table(turn: Turn, node: str) -> None:
    """Let a routing table of the bundle give facts: which way to go, never who may (DESIGN §3)."""
    asked = turn.net.node(node).table
    if asked is None:
        raise CaseError(f"element `{node}` names no table; the model must be corrected")
    table = engine.routing_table(turn.case.definition_id, asked.ref, asked.decision)
    result = table.evaluate(turn.facts.values)
    if not result.matched:
        raise CaseError(f"table `{asked.ref}` has no row for the case at `{node}`; correct the facts or the table")
    # A table with one output gives its value, not a context that names it (DMN 1.3, 8.2.10).
    single = table.outputs[0].name if len(table.outputs) == 1 else None
    turn.facts.take({single: result.value} if single else result.value)


@operation
def find_resolver(turn: Turn, node: str) -> None:
    """Find who resolves the disagreement about the proposal in force, or who does when that level has not (R-62).

    In acute danger every level together has four hours (domain 3.5, invariant g).
    """
    values = turn.facts.values
    disagreeing = [act.role for act in turn.acts_on_proposal if act.answer == Answer.DISAGREE]
    writer = next((act.role for act in turn.acts_on_proposal if act.act == Act.PREPARE), "INSP")
    step = values.get("escalation_step")
    passed = values.get("resolver_role") if step else None
    levels = list(escalation.steps([writer, *disagreeing], turn.order, step, passed))
    if not levels:
        raise NoResolver([writer, *disagreeing])
    ends = values.get("escalation_ends") or turn.at + escalation.ACUTE_LIMIT
    if escalation.is_acute(values):
        due = escalation.acute_due(at=turn.at, ends=ends, levels=len(levels))
    else:
        due = working_days.due(f"{levels[0].working_days}wd", turn.at)
    found = {"escalation_step": levels[0].step, "resolver_role": levels[0].role}
    turn.facts.take({**found, "resolver_due": due, "escalation_ends": ends})


@operation
def link_unit(turn: Turn, node: str) -> None:
    """Link what the case is about: unit, provider, municipality or region, licensed person (S-42)."""
    subject.link(turn, node)
    detect_pattern(turn, node)
    cross_check(turn, node)
    plans.look(turn)


@operation
def detect_pattern(turn: Turn, node: str) -> None:
    """Count like cases about the same unit, provider and principal, and tell of patterns (S-54, S-75)."""
    patterns.detect(turn)


@operation
def cross_check(turn: Turn, node: str) -> None:
    """Tell of the provider's open permit cases and open serious supervision (JB-4, S-81)."""
    cross_checks.check(turn)


@operation
def hand_over(turn: Turn, node: str) -> None:
    """Have one case of another process opened with what is known here; each case names the other (S-42).

    Nothing happens where one that was opened from here is still open.
    """
    process = linking.operation(turn, node).process or ""
    if linking.is_open(turn, process):
        return
    known = linking.known(turn)
    linking.require_subject(process, known)
    linking.ask(turn, node, kind=LinkKind.HAND_OVER, process=process, each=[known])


@operation
def open_children(turn: Turn, node: str) -> None:
    """Have a case opened for each item of a list; ``child_closed`` arrives as they close."""
    told = linking.operation(turn, node)
    items = turn.facts.values.get(told.collection or "") or []
    # A list that a person ticked holds codes of units; a list of rows holds contexts.
    items = [item if isinstance(item, Mapping) else {"unit_id": item} for item in items]
    about = linking.going_along(turn.facts.values)
    each = [{**about, **item} for item in items]
    asked = linking.ask(turn, node, kind=LinkKind.CHILD, process=told.process or "", each=each)
    children = [
        {"number": None, "unit_id": known.get("unit_id"), "hand_over": str(row.pk)}
        for known, row in zip(each, asked, strict=True)
    ]
    turn.facts.take({"children": children, "children_outcomes": []})


@operation
def count_preparers(turn: Turn, node: str) -> None:
    """Count who has prepared the matter: a new permit is examined by two (DO-082)."""
    turn.facts.take({"examiners": len(turn.standing.prepared_by)})


@operation
def record_decision(turn: Turn, node: str) -> None:
    """See that the decision of the matter is on record: a path that skipped the decision stops here (R-65)."""
    if not turn.standing.decided:
        raise CaseError(f"element `{node}` is reached without a recorded decision; the model must be corrected")


@operation
def add_appeal_instruction(turn: Turn, node: str) -> None:
    """Note that the decision is sent with an appeal instruction (FL 33 §, R-70)."""
    turn.facts.take({"appeal_instruction": True})


@operation
def set_deadlines(turn: Turn, node: str) -> None:
    """Set what begins to run when a decision is dispatched, the last day to appeal among it (FL 44 §, R-71)."""
    deadlines.at_dispatch(turn)


@operation
def send_letter(turn: Turn, node: str) -> None:
    """Have the letter that the model names made and sent."""
    told = turn.net.node(node).operation
    letter = (told.letter if told else None) or ""
    if not outgoing.has(turn, letter):
        raise CaseError(f"element `{node}` sends the letter `{letter}`, which the process has no template of")
    outgoing.ask(turn, node, letter=letter)


@operation
def send_notice(turn: Turn, node: str) -> None:
    """Have the notice of the supervision sent."""
    turn.facts.take({"notified_on": turn.at.astimezone(working_days.STOCKHOLM).date()})
    _send(turn, node, "NOTICE", letter="notice")


@operation
def send_communication(turn: Turn, node: str) -> None:
    """Have the material sent to the parties with a date to answer by (FL 25 §)."""
    day = turn.at.astimezone(working_days.STOCKHOLM).date()
    turn.facts.take({"communicated_on": day, "answer_by": working_days.next_working_day(day + timedelta(weeks=3))})
    _send(turn, node, "COMMUNICATION", letter="communication")


@operation
def send_message(turn: Turn, node: str) -> None:
    """Have the message of a throwing event sent, by the event's name in the model."""
    _send(turn, node, "MESSAGE")


@operation
def inform_audit(turn: Turn, node: str) -> None:
    """Have internal audit told of the decision just made; of an exemption it is told as that is decided (R-18)."""
    if turn.facts.values.get("decided_type") != rotation.EXEMPTION:
        rotation.inform_audit(turn)


def _send(turn: Turn, node: str, kind: str, *, letter: str = "") -> None:
    """Have a letter sent: the one that the model names, or ``letter``.

    A process version from before its letters had templates asks the registry to write it.
    """
    told = turn.net.node(node).operation
    letter = (told.letter if told else None) or letter
    if outgoing.has(turn, letter):
        outgoing.ask(turn, node, letter=letter)
        return
    turn.batch.insert(
        outbox.job(
            kind="SEND_MESSAGE",
            due_at=turn.at,
            payload={"case": str(turn.case.pk), "kind": kind},
            dedupe_key=f"send:{turn.case.pk}:{kind}:{turn.case.revision + 1}",
        )
    )
