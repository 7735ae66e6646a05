"""ETV cases brought to the point where their opening is decided, by the same commands as in service."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.core.management import call_command

from workflow_app.cases import selectors
from workflow_app.cases.models import Case, WorkItem
from workflow_app.cases.services import opening, work
from workflow_app.modeler import scenarios
from workflow_app.organisation import selectors as organisation

STORIES = Path(__file__).resolve().parents[1] / "bpmn" / "etv" / "scenarios.toml"
#: A child has told of violence (JB-6): four eyes, jurist and a joint preparation with three roles, also in each lap
#: that ends in a return. Told with the forms' default values of the shipped scenarios.
STORY = """
[[scenario]]
name = "benchmark"
case_type = "ETV"
opened_by = "uppl_03"
end = "open"
step = [
  { as = "insp_017", element = "assess_risk" },
  { as = "insp_017", element = "write_proposal", fields = { decision_type = "OPEN_SUPERVISION", child_harm = true } },
  { as = "insp_018", element = "review_proposal", fields = { outcome = "RETURN", reason_primary = "PROPORTIONALITY" } },
  { as = "aj_09", element = "give_legal_opinion" },
  { as = "aj_09", element = "answer_joint_preparation", participant = "AJ" },
  { as = "ecn_ftb_01", element = "answer_joint_preparation", participant = "EC_N:FTB" },
  { as = "insp_ftb_01", element = "answer_joint_preparation", participant = "INSP:FTB" },
  { as = "insp_017", element = "write_proposal", fields = { decision_type = "OPEN_SUPERVISION", child_harm = true } },
  { as = "insp_018", element = "review_proposal" },
  { as = "aj_09", element = "give_legal_opinion" },
  { as = "aj_09", element = "answer_joint_preparation", participant = "AJ" },
  { as = "ecn_ftb_01", element = "answer_joint_preparation", participant = "EC_N:FTB" },
  { as = "insp_ftb_01", element = "answer_joint_preparation", participant = "INSP:FTB" },
  { as = "insp_017", element = "present_for_decision" },
  { as = "acn_etv", element = "decide" },
  { as = "insp_017", element = "ask_for_dissent" },
]
"""


def make_authority() -> None:
    """Fill an empty database with the demo authority, its order and its models."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("demo_data", "--no-cases", verbosity=0)


def book() -> scenarios.Book:
    """Return the shipped scenarios with the benchmark's own."""
    return scenarios.read(STORIES.read_text(encoding="utf-8") + STORY)


def scenario() -> scenarios.Scenario:
    """Return the benchmark's scenario."""
    return next(each for each in book().scenarios if each.name == "benchmark")


class Story:
    """The steps of the benchmark's case, and what is needed to take them."""

    def __init__(self) -> None:
        self.scenario = scenario()
        self.first, *controls, present, self.decide, self.dissent = self.scenario.steps
        half = len(controls) // 2
        self.lap, self.accepted = controls[:half], (*controls[half:], present)
        self.people = {step.person: organisation.person_by_login(step.person).pk for step in self.scenario.steps}
        self.opener = organisation.person_by_login(self.scenario.opened_by).pk
        self.moments = _moments(book().clock)
        self.client = uuid.uuid4()
        self.keys = (f"{self.client}:{number}" for number in count())

    def prepare(self, *, returns: int) -> Case:
        """Return a case that waits for its decision after so many returns for preparation."""
        case = opening.open_case(
            case_type="ETV",
            title="Benchmark",
            fields=self.scenario.start,
            by=self.opener,
            key=next(self.keys),
            at=next(self.moments),
        )
        for step in (self.first, *self.lap * returns, *self.accepted):
            item = self.item(case, step)
            if item.state == WorkItem.State.OFFERED:
                self.claim(item, step)
            self.complete(item, step)
        return case

    def item(self, case: Case, step: scenarios.Step) -> WorkItem:
        return next(
            item
            for item in selectors.open_items(case)
            if f"/{item.node}".endswith(f"/{step.element}") and step.participant in ("", item.participant)
        )

    def claim(self, item: WorkItem, step: scenarios.Step) -> None:
        work.claim(
            item=item.pk,
            by=self.people[step.person],
            key=next(self.keys),
            at=next(self.moments),
            declares_no_circumstance=True,
        )

    def complete(self, item: WorkItem, step: scenarios.Step, fields: Mapping[str, Any] | None = None) -> None:
        work.complete(
            item=item.pk,
            by=self.people[step.person],
            fields=step.fields if fields is None else fields,
            key=next(self.keys),
            at=next(self.moments),
        )


def _moments(begin: datetime) -> Iterator[datetime]:
    for number in count():
        yield begin + timedelta(seconds=number)
