"""The stories a newcomer can open (domain 8.4): cases that show one thing each, played as their people would.

A story is one or more scenarios told after each other, with the defaults and fragments of their models. Its cases are
found again by the keys they were opened with.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from workflow_app.cases.models import Case
from workflow_app.ledger import selectors as ledger
from workflow_app.modeler import playing
from workflow_app.modeler.errors import InvalidScenarios, ScenarioFailed
from workflow_app.modeler.playing import Play
from workflow_app.modeler.scenarios import Scenario, Words

FILE = "stories.toml"
SCENARIOS = "scenarios.toml"
_KEYS = frozenset({"number", "name", "rule", "log_in", "see", "days_ago", "weekday", "slow", "case"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What a newcomer is shown, and how it comes about."""

    number: int
    name: str
    #: The rule of the catalogue that it shows.
    rule: str
    #: Who to log in as, and what to look at then.
    log_in: str
    see: str
    #: When its first case begins: days before now, and on which day of the week (Monday is 0).
    days_ago: int
    weekday: int | None
    #: Too long to be played whenever the demo is first started.
    slow: bool
    #: Told after each other, and the folders of their models.
    cases: tuple[Scenario, ...]
    models: tuple[str, ...]
    #: When the scenarios say that they begin; their days are moved from there.
    clock: datetime

    def beginning(self, at: datetime) -> datetime:
        """Return when the story begins for it to be told by ``at``."""
        begins = at - timedelta(days=self.days_ago)
        return begins if self.weekday is None else begins - timedelta(days=(begins.weekday() - self.weekday) % 7)


@cache
def read(folder: Path) -> tuple[Story, ...]:
    """Read the stories beside the models in ``folder``, once. Raises ``InvalidScenarios``."""
    content = tomllib.loads((folder / FILE).read_text(encoding="utf-8"), parse_float=Decimal)
    models = {each["model"] for raw in content["story"] for each in raw["case"]}
    words = {model: Words((folder / model / SCENARIOS).read_text(encoding="utf-8")) for model in models}
    return tuple(_story(words, raw) for raw in content["story"])


def _story(words: Mapping[str, Words], raw: dict[str, Any]) -> Story:
    unknown = sorted(set(raw) - _KEYS)
    if unknown:
        raise InvalidScenarios(f"story {raw.get('number')}: `{unknown[0]}` means nothing")
    told = [each for each in raw["case"] for _ in range(each.get("times", 1))]
    models = tuple(dict.fromkeys(each["model"] for each in told))
    return Story(
        number=raw["number"],
        name=raw["name"],
        rule=raw["rule"],
        log_in=raw["log_in"],
        see=raw["see"],
        days_ago=raw["days_ago"],
        weekday=raw.get("weekday"),
        slow=raw.get("slow", False),
        cases=tuple(words[each["model"]].scenario(each) for each in told),
        models=models,
        clock=words[models[0]].clock,
    )


@transaction.atomic
def play(story: Story, *, at: datetime) -> tuple[Play, ...]:
    """Let a story have happened by ``at``, wholly or not at all. Raises ``ScenarioFailed``."""
    now = story.beginning(at)
    told: list[Play] = []
    for index, scenario in enumerate(story.cases):
        moved = scenario.moved(timedelta(days=(now.date() - story.clock.date()).days))
        try:
            told.append(playing.play(moved, clock=now, client=_key(story, index)))
        except ScenarioFailed as failure:
            raise ScenarioFailed(f"story {story.number}, `{scenario.name}`: {failure}") from failure
        now = told[-1].now + playing.TICK
    return tuple(told)


def _key(story: Story, index: int) -> str:
    return f"story-{story.number}-{index + 1}"


def cases_of(story: Story) -> Iterator[Case]:
    """Yield the cases of a story that has been played, in its order; none of one that has not."""
    for index, scenario in enumerate(story.cases):
        opened = ledger.of_command(f"{playing.person(scenario.opened_by)}:{_key(story, index)}")
        if opened is None:
            return
        yield Case.objects.get(pk=opened.stream)
