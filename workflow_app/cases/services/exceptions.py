"""Let one person into one case by name, for a time (R-73); it ends by itself.

A right to read is all that can be given so: who may act is the delegation order's to say.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.contrib.auth.models import Permission

from delegation import access
from delegation.access import Exceptional
from workflow_app.cases import commands, forms, reading
from workflow_app.cases.commands import Command, Outcome
from workflow_app.cases.errors import ExceptionRefused, FormRefused, NotOpen
from workflow_app.cases.models import Case, NamedException
from workflow_app.cases.turn import Turn
from workflow_app.ledger.events import EventKind
from workflow_app.organisation import selectors as organisation
from workflow_app.outbox import services as outbox


def give(
    *, case: uuid.UUID, to: uuid.UUID, what: Exceptional, until: datetime, reason: str, by: uuid.UUID, key: str,
    at: datetime,
) -> Outcome:  # fmt: skip
    """Let a person into a case until a moment.

    Raises ``FormRefused`` for a period or reason that does not hold, and ``ExceptionRefused`` (recorded) when the
    giver may not, or when the receiver is in conflict of interest, kept out by a wall or without a way in.
    """

    def verb(turn: Turn) -> None:
        problems = {"reason": forms.text_problem(reason) if reason.strip() else "must be filled in"}
        if not at < until <= at + access.LONGEST[what]:
            problems["until"] = "must lie ahead, and no further than such an exception may last"
        if any(problems.values()):
            raise FormRefused({field: problem for field, problem in problems.items() if problem})
        if turn.actor is None:
            raise TypeError("only a person lets another in")
        if not access.may_give(turn.actor, reading.stand(turn.actor, turn.case, at), to=str(to), what=what):
            raise ExceptionRefused("you may not let others into the case; ask the head of its case type")
        if str(to) in turn.standing.disqualified or not reading.within_walls(turn.case, to):
            raise ExceptionRefused("the person cannot be let into this case")
        account = organisation.account_of(to)
        if account is None:
            raise ExceptionRefused("the person has no account to log in with")
        held = NamedException.objects.filter(content_object=turn.case, user__person=to, permission__codename=what.value)
        if held.filter(valid_to__gt=at).exists():
            raise ExceptionRefused("the person has been let in already; end that first")
        held.delete()
        turn.batch.insert(
            NamedException(
                content_object=turn.case,
                user=account,
                permission=_permission(what),
                given_by_id=by,
                reason=reason,
                valid_from=at,
                valid_to=until,
            ),
            outbox.job(
                kind="END_EXCEPTIONS",
                due_at=until,
                payload={"case": str(turn.case.pk)},
                dedupe_key=f"exception:{turn.command}",
            ),
        )
        turn.name(EventKind.EXCEPTION_GIVEN, to=str(to), what=what.value, until=until.isoformat())

    command = Command(key=key, person=by, at=at, case=case, also_closed=True)
    try:
        return commands.run(command, verb)
    except ExceptionRefused:
        reading.refused(command, what=what.value)
        raise


def end(*, exception: int, by: uuid.UUID, key: str, at: datetime) -> Outcome:
    """End an exception before its time: those may who may give one. Raises ``ExceptionRefused`` (recorded)."""
    row = NamedException.objects.filter(pk=exception).select_related("user", "permission").first()
    if row is None:
        raise ExceptionRefused("there is no such exception; it may have ended")

    def verb(turn: Turn) -> None:
        what, person = Exceptional(row.permission.codename), str(row.user.person_id)
        if turn.actor is None or not access.may_give(
            turn.actor, reading.stand(turn.actor, turn.case, at), to=person, what=what
        ):
            raise ExceptionRefused("you may not end what lets others into the case; ask the head of its case type")
        row.delete()
        turn.name(EventKind.EXCEPTION_ENDED, persons=[person], what=[what.value])

    command = Command(key=key, person=by, at=at, case=row.content_object_id, also_closed=True)
    try:
        return commands.run(command, verb)
    except ExceptionRefused:
        reading.refused(command, what="exception")
        raise


def expire(*, case: uuid.UUID, at: datetime) -> bool:
    """Put away what has ended in a case and note it in the ledger; tell whether there was any. It let nobody in."""

    def verb(turn: Turn) -> None:
        rows = NamedException.objects.filter(content_object=case, valid_to__lte=at)
        ended = list(rows.order_by("pk").values_list("user__person", "permission__codename"))
        if not ended:
            raise NotOpen("no exception has ended")
        rows.delete()
        turn.name(
            EventKind.EXCEPTION_ENDED, persons=[str(person) for person, _ in ended], what=[what for _, what in ended]
        )

    command = Command(key=f"exceptions:{case}:{at.isoformat()}", person=None, at=at, case=case, also_closed=True)
    try:
        return not commands.run(command, verb).replayed
    except NotOpen:
        return False


def _permission(what: Exceptional) -> Permission:
    return Permission.objects.get(
        codename=what.value, content_type__app_label=Case._meta.app_label, content_type__model=Case._meta.model_name
    )
