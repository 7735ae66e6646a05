"""What a case handed over that the intake form of the new one has no room for, so that nothing is lost unseen."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from delegation.types import Act
from workflow_app.cases import forms, typed_json
from workflow_app.cases.models import Case, CaseAct, CaseLink, HandOver, LinkKind
from workflow_app.cases.services import opening
from workflow_app.engine import selectors as engine


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedOver:
    """What came with a case and fits no field of it."""

    source_number: str
    #: The process version whose forms say what the values are called.
    source_definition: uuid.UUID
    values: Mapping[str, Any]


def left_over(case: Case, facts: Mapping[str, Any]) -> CarriedOver | None:
    """Return what a case was handed over with and does not know; ``None`` where that is nothing.

    That is what its intake form refused, and what was written in order to go with it. A child takes all its item says.
    """
    link = (
        CaseLink.objects.filter(to_case=case, kind=LinkKind.HAND_OVER).select_related("hand_over", "from_case").first()
    )
    if link is None or link.hand_over is None:
        return None
    handed = typed_json.loads(link.hand_over.facts)
    meant = _asked_for(case) | _written_for(link.hand_over)
    unknown = {key: value for key, value in handed.items() if key in meant and facts.get(key) is None}
    values = {key: value for key, value in unknown.items() if value not in (None, "", [], False)}
    if not values:
        return None
    return CarriedOver(
        source_number=link.from_case.case_number, source_definition=link.from_case.definition_id, values=values
    )


def _asked_for(case: Case) -> frozenset[str]:
    schema = engine.form(case.definition_id, opening.INTAKE_FORM)
    return forms.parse(schema).keys if schema else frozenset()


def _written_for(asked: HandOver) -> frozenset[str]:
    """Return the fields of the step that handed over: its form asks what the other case should know."""
    step = CaseAct.objects.filter(case=asked.from_case_id, at=asked.at, act=Act.HANDLE).order_by("id").first()
    return frozenset(typed_json.loads(step.fields)) if step else frozenset()
