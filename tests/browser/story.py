"""The stories that the process models themselves tell, for officials to play in their browsers today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.browser.officials import Office
from tests.browser.site import ROOT
from workflow_app.modeler import scenarios
from workflow_app.organisation.demo import LOGINS

_LOGIN_OF = {code: login for login, code in LOGINS.items()}


@dataclass(frozen=True, slots=True)
class Told:
    """A scenario, told at a date of its own; here it happens today."""

    scenario: scenarios.Scenario
    later: timedelta

    def today(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Return answers with their days moved to now."""
        return {key: self._now(value) for key, value in answers.items()}

    def _now(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.today(row) if isinstance(row, Mapping) else row for row in value]
        return value + self.later if isinstance(value, date) else value

    def open(self, office: Office, title: str) -> str:
        """Register what has arrived and return the case's id."""
        opener = office[self.scenario.opened_by]
        return opener.open_case(title, self.today(self.scenario.start), self.scenario.case_type)

    def play(self, office: Office, title: str) -> str:
        """Let everybody do their steps from the arrival to the end, and return the case's id."""
        case = self.open(office, title)
        for step in self.scenario.steps:
            person = office[_LOGIN_OF.get(step.person, step.person)]
            person.do(case, step.element, self.today(step.fields))
        return case


def told(folder: str, name: str) -> Told:
    """Return the first scenario of a model folder whose name begins so."""
    book = scenarios.read((ROOT / "bpmn" / folder / "scenarios.toml").read_text(encoding="utf-8"))
    scenario = next(story for story in book.scenarios if story.name.startswith(name))
    return Told(scenario, date.today() - book.clock.date())  # noqa: DTZ011 - pages show the machine's own time


ETV = told("etv", "Föreläggande med vite efter återremiss")
STORY = ETV.scenario
today = ETV.today


def fields(element: str) -> dict[str, Any]:
    """Return what the supervision's story fills in the first time somebody does a step."""
    return today(next(step.fields for step in STORY.steps if step.element == element))
