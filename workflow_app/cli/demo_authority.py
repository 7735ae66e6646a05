"""The demo authority, put together from the services of each room."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from django.conf import settings

from workflow_app.cases.services import opening
from workflow_app.engine import bundles
from workflow_app.modeler import services as modeler
from workflow_app.modeler import stories
from workflow_app.orders import selectors as orders
from workflow_app.orders import services as order_services
from workflow_app.organisation import demo
from workflow_app.organisation import selectors as organisation
from workflow_app.registry import demo as registers

ORDER_NUMBER = "DEMO-1"
Say = Callable[[str], None]


def _signal(unit: int, summary: str) -> dict[str, Any]:
    return {
        "signal_source": "INFORMATION",
        "signal_received_on": date(2026, 11, 20),
        "unit_id": registers.unit_code(unit),
        "signal_summary": summary,
        "notifier_known": True,
    }


#: What has arrived when the demo begins; synthetic and neutral (domain 8.1).
SIGNALS = (
    ("HVB Enhet 0417", _signal(417, "Upplysning om låsta dörrar och hårda tag under natten.")),
    ("SABO Enhet 1031", _signal(1031, "Anhörig uppger att larm inte besvaras nattetid.")),
    ("LSS-boende 1408", _signal(1408, "Uppgift om vanvård vid helger.")),
)


def build(
    *,
    beginning: datetime,
    at: datetime,
    say: Say,
    processes: Collection[str] | None = None,
    scale: registers.Scale = registers.Scale.SMALL,
) -> None:
    """Make people, registers, order and processes, each only if missing; ``processes`` names folders, default all."""
    say(f"  {demo.build(valid_from=beginning, at=at)} persons")
    say(f"  {registers.create(scale=scale)} new entries in the registers")
    if not orders.versions().exists():
        files = order_services.read_bundle(settings.BEREDD_BPMN_DIR / "delegation_order")
        order_services.adopt(
            files=files,
            number=ORDER_NUMBER,
            valid_from=beginning,
            adopted_by=organisation.person(demo.person_id("GD")),
            reviewed_by=organisation.person(demo.person_id("CJ")),
            at=at,
        )
        say(f"  delegation order {ORDER_NUMBER} adopted")
    for folder in bundles.folders(settings.BEREDD_BPMN_DIR):
        if processes is not None and folder.name not in processes:
            continue
        definition = modeler.deploy(files=bundles.read_bundle(folder), by=str(demo.person_id("PO-01")), at=at)
        say(f"  process {definition.process_key} version {definition.version}")


def tell_stories(*, at: datetime, say: Say, slow: bool = False) -> None:
    """Let the stories have happened by now, each wholly or not at all, and each only once; ``slow`` ones if asked."""
    for story in stories.read(settings.BEREDD_BPMN_DIR):
        if (slow or not story.slow) and not any(stories.cases_of(story)):
            stories.play(story, at=at)
            say(f"  story {story.number}: {story.name}")


def open_cases(*, at: datetime, say: Say) -> None:
    """Let a few signals have arrived, so that there is work in the worklists from the start."""
    for number, (title, fields) in enumerate(SIGNALS, start=1):
        opening.open_case(
            case_type="ETV",
            title=title,
            fields=fields,
            by=demo.person_id("UPPL-03"),
            key=f"demo-signal-{number}",
            at=at,
        )
    say(f"  {len(SIGNALS)} cases opened from signals")
