"""Tell a model all its scenarios: what happened, what failed, what was never reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from workflow_app.engine import selectors as engine
from workflow_app.modeler import playing, services
from workflow_app.modeler.coverage import Coverage
from workflow_app.modeler.errors import ScenarioFailed
from workflow_app.modeler.scenarios import Book

#: Who deploys a model that is only tried.
REHEARSAL = "rehearsal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How much of something the scenarios passed."""

    of: str
    all: int
    passed: int
    never: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The result of a rehearsal."""

    told: tuple[str, ...]
    failed: tuple[str, ...]
    elements: Share
    flows: Share


def rehearse(
    book: Book,
    files: Mapping[str, bytes],
    *,
    clock: datetime,
    only: str = "",
    begins: Callable[[str], None] | None = None,
    say: Callable[[playing.Line], None] | None = None,
) -> Report:
    """Deploy a bundle and play the scenarios whose name holds ``only``. Raises ``engine.errors.ModelRefused``."""
    definition = services.deploy(files=dict(files), by=REHEARSAL, at=clock)
    coverage = Coverage(engine.net(definition))
    told, failed = [], []
    for scenario in book.scenarios:
        if only not in scenario.name:
            continue
        told.append(scenario.name)
        if begins:
            begins(scenario.name)
        try:
            with transaction.atomic():
                playing.play(scenario, clock=clock, coverage=coverage, say=say)
        except ScenarioFailed as failure:
            failed.append(str(failure))
    return Report(
        told=tuple(told),
        failed=tuple(failed),
        elements=_share("elements", *coverage.elements()),
        flows=_share("flows", *coverage.flows()),
    )


def _share(of: str, names: frozenset[str], passed: frozenset[str]) -> Share:
    return Share(of=of, all=len(names), passed=len(passed), never=tuple(sorted(names - passed)))
