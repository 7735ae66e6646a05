"""Deploy processes."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import transaction

from workflow_app.engine import bundles, checking, selectors
from workflow_app.engine.checking import Checked
from workflow_app.engine.errors import ModelRefused
from workflow_app.engine.findings import Finding
from workflow_app.engine.models import ProcessDefinition
from workflow_app.engine.vocabulary import DEFAULT, Vocabulary
from workflow_app.ledger import services as ledger
from workflow_app.ledger.events import EventKind
from workflow_app.outbox import services as outbox

STREAM = "PROCESSES"


@transaction.atomic
def deploy(files: Mapping[str, bytes], *, at: datetime, by: str, vocabulary: Vocabulary = DEFAULT) -> ProcessDefinition:
    """Deploy a bundle as the next version of its process; running cases stay on theirs (R-30).

    A bundle that is already deployed is given back as it is. Raises ``ModelRefused`` with every finding.
    """
    identity = bundles.sha256(files)
    deployed = ProcessDefinition.objects.filter(sha256=identity).first()
    if deployed is not None:
        return deployed
    checked = checking.check(files, vocabulary=vocabulary)
    findings = (*checked.errors, *_not_text(files), *_second_intake(files, checked))
    if findings:
        raise ModelRefused(findings)
    # The rows of a process are locked, so that two deployments do not take the same number.
    versions = ProcessDefinition.objects.select_for_update().filter(process_key=checked.id)
    version = max(versions.values_list("version", flat=True), default=0) + 1
    definition = ProcessDefinition.objects.create(
        process_key=checked.id,
        version=version,
        sha256=identity,
        case_type=checked.case_type,
        title=checked.title[:200],
        files=bundles.pack(files),
        deployed_at=at,
        deployed_by=by,
    )
    for start in selectors.calendar_starts(checked.net) if checked.net else ():
        put_calendar_start(definition.pk, start, after=at)
    ledger.record(
        stream=STREAM,
        kind=EventKind.PROCESS_DEPLOYED,
        at=at,
        person=by,
        command=f"deploy:{identity}",
        data={"process": checked.id, "version": version, "sha256": identity, "case_type": checked.case_type},
    )
    return definition


def put_calendar_start(definition: uuid.UUID, start: str, *, after: datetime) -> None:
    """Have the next moment of a calendar start come; putting it twice is putting it once."""
    moment = selectors.calendar_starts(selectors.net(definition))[start].after(after)
    job = outbox.job(
        kind="START_BY_CALENDAR",
        due_at=moment,
        payload={"definition": str(definition), "start": start, "moment": moment.isoformat()},
        dedupe_key=f"calendar:{occurrence(definition, start, moment)}",
    )
    outbox.put(job)


def occurrence(definition: uuid.UUID, start: str, moment: datetime) -> uuid.UUID:
    """Name one moment of a calendar start: the same however its time zone is written."""
    return uuid.uuid5(definition, f"{start} {moment.astimezone(UTC).isoformat()}")


def _second_intake(files: Mapping[str, bytes], checked: Checked) -> tuple[Finding, ...]:
    """Tell that persons register cases of the type in another process already: they could not know which to take."""
    if checking.INTAKE not in files or checked.case_type not in selectors.deployed_case_types():
        return ()
    other = selectors.current_definition(checked.case_type).process_key
    if other == checked.id:
        return ()
    text = (
        f"Ärenden av slaget {checked.case_type} registreras redan i processen {other}; bara en får ha inkomstformulär."
    )
    return (Finding(code="SECOND_INTAKE", text=text, file=checking.INTAKE, element=checked.id),)


def _not_text(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """List the files that cannot be stored as text."""
    found = []
    for name, data in files.items():
        try:
            readable = "\x00" not in data.decode("utf-8")
        except UnicodeDecodeError:
            readable = False
        if not readable:
            found.append(Finding(code="WRONG_ENCODING", text="Filen ska vara text i UTF-8.", file=name))
    return tuple(found)
