"""Tell a story in the demo authority, and look at what it left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.conf import settings

from tests.workflow_app.cases import invariants
from workflow_app.calendar.working_days import STOCKHOLM
from workflow_app.cases.models import Case, Decision
from workflow_app.cli import demo_authority
from workflow_app.ledger import selectors as ledger
from workflow_app.ledger.events import EventKind
from workflow_app.modeler import stories
from workflow_app.modeler.playing import Play
from workflow_app.organisation.models import Person

BEGINNING = datetime(2023, 1, 1, tzinfo=STOCKHOLM)
#: A Wednesday.
NOW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """A story and the cases it left behind."""

    plays: tuple[Play, ...]
    cases: tuple[Case, ...]

    def decisions(self) -> list[tuple[str, str]]:
        """Return the row and the decider of every decision, in order."""
        rows = Decision.objects.filter(case__in=self.cases).order_by("decided_at")
        return [(row.rule, row.decider.code) for row in rows]

    def refusals(self) -> list[tuple[str, list[str]]]:
        """Return who was refused, and the bars with their rules."""
        return [
            (Person.objects.get(pk=event.person).code, event.data["bars"])
            for case in self.cases
            for event in ledger.of_stream(str(case.pk))
            if event.kind == EventKind.ACT_REFUSED
        ]


Tell = Callable[[int], Told]


@pytest.fixture
def tell(db: None) -> Tell:
    """Return how to tell a story by its number."""
    told_of = {story.number: story for story in stories.read(settings.BEREDD_BPMN_DIR)}

    def told(number: int) -> Told:
        story = told_of[number]
        demo_authority.build(beginning=BEGINNING, at=NOW, say=lambda text: None, processes=story.models)
        plays = stories.play(story, at=NOW)
        assert invariants.broken() == []
        return Told(plays, tuple(stories.cases_of(story)))

    return told
