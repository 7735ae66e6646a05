"""Play a scenario through the same services as the interfaces use: every act is asked of the order in force.

The database must hold the authority, an order in force at the scenario's clock and a deployed model. A play leaves
its case behind; whoever wants none plays inside a transaction that is rolled back.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from workflow_app.cases import selectors, typed_json
from workflow_app.cases.errors import CaseError, NotAuthorised
from workflow_app.cases.models import Case, Timer, WorkItem
from workflow_app.cases.services import opening, timers, work
from workflow_app.engine.net import Marking
from workflow_app.ledger import selectors as ledger
from workflow_app.modeler.coverage import Coverage
from workflow_app.modeler.errors import ScenarioFailed
from workflow_app.modeler.scenarios import Scenario, Step
from workflow_app.organisation import selectors as organisation
from workflow_app.organisation.errors import UnknownPerson
from workflow_app.organisation.models import Person

#: Nobody does two things in the same moment.
TICK = timedelta(minutes=1)
#: The element is not open: nobody has been offered it.
NOT_OFFERED = "NOT_OFFERED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one step came to."""

    number: int
    at: datetime
    person: str
    element: str
    #: ``done``, ``refused`` or ``time``.
    result: str
    #: The row a decision rests on, or the bars of a refusal.
    reason: str
    #: The ledger line: number and kind.
    ledger: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refusal:
    codes: tuple[str, ...]
    rules: tuple[str, ...]
    text: str


def play(
    scenario: Scenario, *, clock: datetime, coverage: Coverage | None = None, say: Callable[[Line], None] | None = None
) -> uuid.UUID:
    """Play a scenario and return its case. Raises ``ScenarioFailed`` at the first step that goes otherwise."""
    return _Play(scenario, clock, coverage, say or (lambda line: None)).run()


class _Play:
    def __init__(
        self, scenario: Scenario, clock: datetime, coverage: Coverage | None, say: Callable[[Line], None]
    ) -> None:
        self._scenario = scenario
        self._now = clock
        self._coverage = coverage
        self._say = say
        self._number = 0
        # Keys are the client's: a new play is a new client.
        self._client = uuid.uuid4()

    def run(self) -> uuid.UUID:
        scenario = self._scenario
        try:
            self._case = opening.open_case(
                case_type=scenario.case_type,
                title=scenario.name,
                fields=scenario.start,
                by=self._person(scenario.opened_by),
                key=f"{self._client}:open",
                at=self._now,
            )
        except (CaseError, NotAuthorised) as error:
            raise ScenarioFailed(f"`{scenario.name}`: the case could not be opened: {error}") from error
        if self._coverage:
            self._coverage.start(self._facts())
        self._tell(scenario.opened_by, "", "done", "")
        for self._number, step in enumerate(scenario.steps, start=1):
            self._now += TICK + step.wait
            if step.fire_timer:
                self._fire(step)
            elif step.wait:
                timers.fire_due(at=self._now)
            if step.element:
                self._do(step)
        state = self._state()
        if (state == Case.State.CLOSED) is not scenario.ends:
            waiting = ", ".join(item.node for item in selectors.open_items(self._case)) or "nothing"
            raise ScenarioFailed(
                f"`{scenario.name}`: the case is {state.lower()} after its last step and waits at {waiting}"
            )
        return self._case.pk

    # Doing

    def _do(self, step: Step) -> None:
        refusal = self._try(step)
        if step.refuse:
            self._expect(step, refusal)
            return
        if refusal is not None:
            raise self._failed(step, f"was refused: {refusal.text}")
        rule = self._last().data.get("rule", "")
        if step.row and rule != step.row:
            raise self._failed(step, f"rests on {rule or 'no row'}, not on {step.row}")
        self._tell(step.person, step.element, "done", rule)

    def _try(self, step: Step) -> _Refusal | None:
        """Claim and complete; return why not, and give the item back when it was claimed in vain."""
        person = self._person(step.person)
        item = self._item(step, person)
        if item is None:
            return _Refusal(codes=(NOT_OFFERED,), rules=(), text=f"the case does not wait there but at {self._waits()}")
        key = f"{self._client}:{self._number}"
        before = self._marking()
        claimed = item.claimed_by_id == person
        try:
            if not claimed:
                work.claim(item=item.pk, by=person, key=f"{key}:claim", at=self._now, declares_no_circumstance=True)
                claimed = True
            work.complete(item=item.pk, by=person, fields=step.fields, key=key, at=self._now)
        except NotAuthorised as error:
            bars = error.verdict.bars
            refusal = _Refusal(
                codes=tuple(bar.code for bar in bars), rules=tuple(bar.rule_id for bar in bars), text=str(error)
            )
        except CaseError as error:
            refusal = _Refusal(codes=(error.code,), rules=(), text=str(error))
        else:
            if self._coverage:
                self._coverage.complete(before, item.token, self._facts())
            return None
        if claimed:
            work.release(item=item.pk, by=person, key=f"{key}:release", at=self._now)
        return refusal

    def _expect(self, step: Step, refusal: _Refusal | None) -> None:
        if refusal is None:
            raise self._failed(step, "was allowed, and should have been refused")
        if step.code and step.code not in refusal.codes:
            raise self._failed(step, f"was refused, but not for {step.code}: {refusal.text}")
        if step.rule and step.rule not in refusal.rules:
            raise self._failed(step, f"was refused, but not by {step.rule}: {refusal.text}")
        self._tell(step.person, step.element, "refused", ", ".join((*refusal.codes, *dict.fromkeys(refusal.rules))))

    def _fire(self, step: Step) -> None:
        waiting = Timer.objects.filter(case=self._case, fired_at__isnull=True, cancelled_at__isnull=True)
        timer = next((row for row in waiting.order_by("due_at") if _names(row.boundary, step.fire_timer)), None)
        if timer is None:
            raise self._failed(step, f"no timer `{step.fire_timer}` is running; the case waits at {self._waits()}")
        self._now = max(self._now, timer.due_at)
        before = self._marking()
        timers.fire(timer=timer.pk, at=self._now)
        if self._coverage:
            self._coverage.interrupt(before, timer.token, timer.boundary, self._facts())
        self._tell("", step.fire_timer, "time", f"{timer.due_at:%Y-%m-%d %H:%M}")

    # Looking

    def _item(self, step: Step, person: uuid.UUID) -> WorkItem | None:
        found = [
            item
            for item in selectors.open_items(self._case)
            if _names(item.node, step.element)
            and step.participant in ("", item.participant)
            and item.claimed_by_id in (None, person)
        ]
        return found[0] if found else None

    def _person(self, name: str) -> uuid.UUID:
        """Return who is meant: a log-in, or the staff code of someone who has none."""
        try:
            return organisation.person_by_login(name).pk
        except UnknownPerson:
            found = Person.objects.filter(code=name).first()
        if found is None:
            raise ScenarioFailed(f"`{self._scenario.name}`: nobody has the log-in or staff code `{name}`")
        return found.pk

    def _read(self, column: str) -> str:
        return str(Case.objects.values_list(column, flat=True).get(pk=self._case.pk))

    def _state(self) -> str:
        return self._read("state")

    def _marking(self) -> Marking:
        return Marking.loads(self._read("marking"))

    def _facts(self) -> Mapping[str, Any]:
        return typed_json.loads(self._read("facts"))

    def _waits(self) -> str:
        return ", ".join(item.node for item in selectors.open_items(self._case)) or "nothing"

    def _last(self) -> ledger.Event:
        last = ledger.entries(str(self._case.pk)).reverse().values_list("command", flat=True)[:1].get()
        event = ledger.of_command(last)
        if event is None:
            raise ScenarioFailed(f"`{self._scenario.name}`: the ledger lost its last entry")
        return event

    def _tell(self, person: str, element: str, result: str, reason: str) -> None:
        event = self._last()
        line = Line(
            number=self._number,
            at=self._now,
            person=person,
            element=element,
            result=result,
            reason=reason,
            ledger=f"{event.seq} {event.kind}",
        )
        self._say(line)

    def _failed(self, step: Step, what: str) -> ScenarioFailed:
        who = f"{step.person} at " if step.person else ""
        return ScenarioFailed(
            f"`{self._scenario.name}`, step {self._number}: {who}{step.element or step.fire_timer} {what}"
        )


def _names(qualified: str, name: str) -> bool:
    """Tell whether a qualified element id ends with a name."""
    return qualified == name or qualified.endswith(f"/{name}")
