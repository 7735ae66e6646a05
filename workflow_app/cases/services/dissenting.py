"""Note a dissenting opinion."""

from __future__ import annotations

import uuid
from datetime import datetime

from delegation.duties import dissent as duty
from workflow_app.cases import commands, forms, typed_json
from workflow_app.cases.commands import Command, Outcome
from workflow_app.cases.errors import FormRefused, TooLate
from workflow_app.cases.models import Decision, Dispatch, Dissent
from workflow_app.cases.turn import Turn
from workflow_app.ledger.events import EventKind


def participants(decision: Decision) -> frozenset[str]:
    """Return the persons recorded as taking part in the final handling, rapporteur included (FL 30 §)."""
    listed = {part["person"] for part in typed_json.loads(decision.participants)["participants"]}
    return frozenset(listed | ({str(decision.rapporteur_id)} if decision.rapporteur_id else set()))


def dissent(*, decision: uuid.UUID, by: uuid.UUID, opinion: str, key: str, at: datetime) -> Outcome:
    """Note the dissent of someone who took part, until dispatch (FL 30 §, R-66).

    Raises ``TooLate`` after dispatch or for a person who did not take part, and ``FormRefused``.
    """
    case = Decision.objects.values_list("case_id", flat=True).get(pk=decision)

    def verb(turn: Turn) -> None:
        problem = forms.text_problem(opinion) if opinion.strip() else "must be filled in"
        if problem:
            raise FormRefused({"opinion": problem})
        row = Decision.objects.get(pk=decision)
        bar = duty.bar(
            person=turn.person,
            participants=participants(row),
            dispatched=Dispatch.objects.filter(decision=row).exists(),
            noted=Dissent.objects.filter(decision=row, person_id=by).exists(),
        )
        if bar is not None:
            raise TooLate(f"dissent is refused: {bar.code} ({bar.rule_id})")
        turn.batch.insert(Dissent(decision=row, person_id=by, opinion=opinion, at=at))
        turn.name(EventKind.DISSENT_NOTED, decision=str(row.pk), opinion=typed_json.content_hash(opinion))

    return commands.run(Command(key=key, person=by, at=at, case=case), verb)
