"""Tell a model all its scenarios: what happened, what failed, what was never reached."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from workflow_app.engine import selectors as engine
from workflow_app.modeler import services
from workflow_app.modeler.coverage import Coverage
from workflow_app.modeler.errors import ScenarioFailed
from workflow_app.modeler.playing import Line, Play
from workflow_app.modeler.scenarios import Book, Scenario

#: Who deploys a model that is only tried.
REHEARSAL = "rehearsal"
#: Told when a scenario is over: its name and what happened in it.
Say = Callable[[str, Sequence[Line]], None]


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
    book: Book, files: Mapping[str, bytes], *, clock: datetime, only: str = "", say: Say | None = None
) -> Report:
    """Deploy a bundle and play the scenarios whose name holds ``only``; their cases are rolled back.

    Raises ``engine.errors.ModelRefused``.
    """
    definition = services.deploy(files=dict(files), by=REHEARSAL, at=clock)
    coverage = Coverage(engine.net(definition))
    chosen = [scenario for scenario in book.scenarios if only in scenario.name]
    telling = _Telling(clock, coverage, say or (lambda name, lines: None))
    telling.begin(chosen)
    return Report(
        told=tuple(scenario.name for scenario in chosen),
        failed=tuple(telling.failed[scenario.name] for scenario in chosen if scenario.name in telling.failed),
        elements=_share("elements", *coverage.elements()),
        flows=_share("flows", *coverage.flows()),
    )


class _Telling:
    """Scenarios with the same beginning share it: it happens once, and each way on from it is undone in turn."""

    def __init__(self, clock: datetime, coverage: Coverage, say: Say) -> None:
        self._clock = clock
        self._coverage = coverage
        self._say = say
        #: Why a scenario failed, by its name.
        self.failed: dict[str, str] = {}

    def begin(self, scenarios: Sequence[Scenario]) -> None:
        for group in _alike(scenarios, lambda one: (one.case_type, one.process, one.opened_by, one.start)):
            opened = partial(Play.opened, group[0], clock=self._clock, coverage=self._coverage)
            self._branch(group, opened, 0, ())

    def _branch(self, group: Sequence[Scenario], happen: Callable[[], Play], done: int, lines: Sequence[Line]) -> None:
        with transaction.atomic():
            try:
                self._tell(group, happen(), done)
            except ScenarioFailed as failure:
                for scenario in group:
                    self._over(scenario, lines, failure)
            transaction.set_rollback(True)

    def _tell(self, scenarios: Sequence[Scenario], play: Play, done: int) -> None:
        """Tell on from a play in which the first ``done`` steps of every scenario have happened."""
        for scenario in scenarios:
            if len(scenario.steps) == done:
                self._end(scenario, play)
        going_on = [scenario for scenario in scenarios if len(scenario.steps) > done]
        for group in _alike(going_on, lambda one: one.steps[done]):
            self._branch(group, partial(play.after, group[0].steps[done]), done + 1, play.lines)

    def _end(self, scenario: Scenario, play: Play) -> None:
        try:
            play.end(ends=scenario.ends)
            play.expect(scenario.expect)
        except ScenarioFailed as failure:
            self._over(scenario, play.lines, failure)
        else:
            self._over(scenario, play.lines, None)

    def _over(self, scenario: Scenario, lines: Sequence[Line], failure: ScenarioFailed | None) -> None:
        if failure is not None:
            self.failed[scenario.name] = f"`{scenario.name}`, {failure}"
        self._say(scenario.name, lines)


def _alike(scenarios: Sequence[Scenario], key: Callable[[Scenario], object]) -> list[list[Scenario]]:
    """Group scenarios whose keys are equal, in order of first appearance; a step is equal, not hashable."""
    groups: list[tuple[object, list[Scenario]]] = []
    for scenario in scenarios:
        own = key(scenario)
        group = next((members for known, members in groups if known == own), None)
        if group is None:
            groups.append((own, [scenario]))
        else:
            group.append(scenario)
    return [members for _, members in groups]


def _share(of: str, names: frozenset[str], passed: frozenset[str]) -> Share:
    return Share(of=of, all=len(names), passed=len(passed), never=tuple(sorted(names - passed)))
