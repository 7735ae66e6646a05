"""Open the cases that other cases ask for. Run by jobs; a hand-over decides nothing and needs no permit."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workflow_app.cases import commands, filling, forms, linking, typed_json
from workflow_app.cases.commands import Command, Outcome
from workflow_app.cases.errors import FormRefused
from workflow_app.cases.models import Case, CaseLink, HandOver, LinkKind
from workflow_app.cases.services import opening
from workflow_app.cases.turn import Turn
from workflow_app.engine import selectors as engine
from workflow_app.engine.models import ProcessDefinition
from workflow_app.ledger.events import EventKind


def open_linked(*, hand_over: uuid.UUID, at: datetime) -> Outcome:
    """Open the case that a hand-over asks for; a second time changes nothing. The ledger of each names the other.

    Raises ``engine.errors.UnknownDefinition`` when no model of the process is deployed.
    """
    asked = HandOver.objects.get(pk=hand_over)

    def verb(turn: Turn) -> None:
        case = _open(turn, asked)
        turn.batch.insert(CaseLink(from_case=turn.case, to_case=case, kind=asked.kind, hand_over=asked, at=at))
        if asked.kind == LinkKind.CHILD:
            _number_child(turn, asked, case)
        turn.name(EventKind.CASE_LINKED, link=asked.kind, node=asked.node, to=str(case.pk))

    # The source may have come to its end with the hand-over.
    command = Command(key=f"hand_over:{hand_over}", person=None, at=at, case=asked.from_case_id, also_closed=True)
    return commands.run(command, verb)


def _open(source: Turn, asked: HandOver) -> Case:
    definition = engine.current_process(asked.process)
    known, unfilled = _known(definition, asked, source.at)
    title = str(known.pop("title", None) or source.case.title)
    return opening.open_by_itself(
        definition=definition,
        title=title,
        facts={**known, "source_case": source.case.case_number},
        order=source.order,
        command=f"opened:{asked.pk}",
        at=source.at,
        source=str(source.case.pk),
        link=asked.kind,
        unfilled=unfilled,
    )


def _known(definition: ProcessDefinition, asked: HandOver, at: datetime) -> tuple[dict[str, Any], list[str]]:
    """Return what the new case begins with, and which fields of its intake form are left for a person to find out.

    A child takes over all that its item says. Whatever else is handed over belongs to another case type: only what
    its own intake form asks for, and accepts, goes over, and what the case is about.
    """
    facts = typed_json.loads(asked.facts)
    schema = engine.form(definition, opening.INTAKE_FORM)
    accepted, unfilled = _accepted(schema, facts, at) if schema else ({}, [])
    taken = facts if asked.kind == LinkKind.CHILD else linking.going_along(facts)
    return {**taken, **accepted}, unfilled


def _accepted(schema: str, facts: Mapping[str, Any], at: datetime) -> tuple[dict[str, Any], list[str]]:
    named = {key: facts[key] for key in forms.parse(schema).keys if facts.get(key) is not None}
    try:
        return filling.clean(schema, named, {}, at=at), []
    except FormRefused as refusal:
        refused = {place.partition(".")[0] for place in refusal.problems}
        return {key: value for key, value in named.items() if key not in refused}, sorted(refused)


def _number_child(turn: Turn, asked: HandOver, case: Case) -> None:
    """Write the number of a child that was opened in its place in the parent's list."""
    children = turn.facts.values.get("children") or []
    named = {"number": case.case_number}
    opened = str(asked.pk)
    turn.facts.take({"children": [child | named if child["hand_over"] == opened else child for child in children]})
