"""Files of registers, as registrars send them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from workflow_app.organisation import demo
from workflow_app.registry import services
from workflow_app.registry.models import Register

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
REGISTRAR = demo.person_id("REG-05")
PROVIDERS = "kod;namn;verksam_fran;verksam_till\nUTF-00901;Demo Omsorg 901 AB;2020-01-01;\n"
UNIT_HEADING = "kod;namn;slag;tar_emot_barn;utforare;kommun;huvudman;verksam_fran;verksam_till"
UNIT = "ENH-900001;HVB Enhet 9001;HVB;ja;UTF-00031;KOM-001;;2020-01-01;"


def send(register: Register, text: str | bytes, *, by: uuid.UUID = REGISTRAR, at: datetime = AT) -> services.Plan:
    """Check a file and import it, if it changes anything."""
    data = text if isinstance(text, bytes) else text.encode()
    plan = services.check(register=register, data=data, by=by, at=at)
    return services.import_checked(file=plan.file, by=by, at=at) if plan.file else plan


def units(*lines: str) -> str:
    """Return a file of units."""
    return "\n".join((UNIT_HEADING, *lines)) + "\n"
