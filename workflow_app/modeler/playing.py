"""Play a scenario through the same services as the interfaces use: every act is asked of the order in force.

The database must hold the authority, an order in force at the scenario's clock and a deployed model. A play leaves
its case behind; whoever wants none plays inside a transaction that is rolled back.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, UUIDField

from workflow_app.cases import commands, offering, typed_json, walls
from workflow_app.cases.commands import Command, Outcome
from workflow_app.cases.errors import CaseError, NotAuthorised
from workflow_app.cases.kept_query import KeptQuery
from workflow_app.cases.models import Case, Decision, Timer, WorkItem
from workflow_app.cases.services import dissenting, opening, reordering, timers, work
from workflow_app.cases.services import walls as wall_services
from workflow_app.cases.turn import Turn
from workflow_app.engine import net as engine
from workflow_app.engine import selectors as engine_selectors
from workflow_app.engine.net import Marking
from workflow_app.ledger import selectors as ledger
from workflow_app.ledger.events import EventKind
from workflow_app.modeler.coverage import Coverage
from workflow_app.modeler.errors import ScenarioFailed, WaitsElsewhere
from workflow_app.modeler.scenarios import CALENDAR, Scenario, Step
from workflow_app.orders import selectors as orders
from workflow_app.orders import services as order_services
from workflow_app.orders.models import OrderVersion
from workflow_app.organisation import selectors as organisation
from workflow_app.organisation import services as organisation_services
from workflow_app.organisation.errors import UnknownPerson
from workflow_app.organisation.models import DelegationGrant, Person

#: Nobody does two things in the same moment.
TICK = timedelta(minutes=1)
#: The element is not open: nobody has been offered it.
NOT_OFFERED = "NOT_OFFERED"
RULES = "rules.dmn"


def _open_items_of(*, case: uuid.UUID) -> QuerySet[WorkItem]:
    rows = WorkItem.objects.filter(case=case, state__in=work.OPEN).order_by("offered_at", "id")
    # Only what is asked of them here: this is read before every step of many thousand cases.
    return rows.only("token", "node", "participant", "claimed_by")


_OPEN_ITEMS = KeptQuery(_open_items_of, {"case": (UUIDField(), uuid.UUID(int=1))})


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


class Company:
    """Those who play: each name is the person who has it, and nobody does two things in the same moment."""

    def person(self, name: str) -> uuid.UUID:
        """Return who plays the part of a log-in or staff code. Raises ``ScenarioFailed``."""
        return person(name)

    def pause(self) -> timedelta:
        """Return how long it is until the next step."""
        return TICK


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refusal:
    codes: tuple[str, ...]
    rules: tuple[str, ...]
    text: str


def play(
    scenario: Scenario,
    *,
    clock: datetime,
    coverage: Coverage | None = None,
    client: str | None = None,
    company: Company | None = None,
) -> Play:
    """Play a scenario from its opening to its end. Raises ``ScenarioFailed`` at the first step that goes otherwise."""
    return Play.opened(scenario, clock=clock, coverage=coverage, client=client, company=company).through(scenario)


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """A case as far as its story has been told. Telling on gives a new one, so that stories may share a beginning."""

    case: uuid.UUID
    now: datetime
    lines: tuple[Line, ...] = ()
    coverage: Coverage | None = None
    #: Keys of commands are the client's: a new play is a new client.
    client: str
    company: Company

    @classmethod
    def opened(
        cls,
        scenario: Scenario,
        *,
        clock: datetime,
        coverage: Coverage | None = None,
        client: str | None = None,
        company: Company | None = None,
    ) -> Play:
        """Register what has arrived; the same ``client`` opens the same case. Raises ``ScenarioFailed``."""
        client, company = client or uuid.uuid4().hex, company or Company()
        try:
            case, start_event = _opened(scenario, client, clock, company)
        except (CaseError, NotAuthorised) as error:
            raise ScenarioFailed(f"the case could not be opened: {error}") from error
        told = cls(case=case.pk, now=clock, coverage=coverage, client=client, company=company)
        if coverage:
            coverage.start(told._facts(), start_event=start_event)
        return told._told(scenario.opened_by, "", "done", "", clock)

    @property
    def _number(self) -> int:
        """The number of the step that comes: the opening has none."""
        return len(self.lines)

    def through(self, scenario: Scenario) -> Play:
        """Let every step of a scenario happen. Raises ``ScenarioFailed`` at the first that goes otherwise."""
        told = self
        for step in scenario.steps:
            told = told.after(step)
        told.end(ends=scenario.ends)
        told.expect(scenario.expect)
        return told

    def after(self, step: Step) -> Play:
        """Let a step happen. Raises ``ScenarioFailed`` when it goes otherwise than told."""
        now = self.now + self.company.pause() + step.wait
        if step.fire_timer:
            return self._fire(step, now)
        if step.wait:
            timers.fire_due(at=now, case=self.case)
        if step.message:
            return self._arrives(step, now)
        if step.close_child is not None:
            return self._child_closes(step.close_child, step, now)
        if step.element:
            return self._do(step, now)
        what = self._beside(step, now)
        return self._told(step.person, "", "done" if what else "time", what, now)

    def end(self, *, ends: bool) -> None:
        """See that the case has ended, or has not. Raises ``ScenarioFailed``."""
        state = self._read("state")
        if (state == Case.State.CLOSED) is not ends:
            raise ScenarioFailed(f"the case is {state.lower()} after its last step and waits at {self._waits()}")

    def expect(self, known: Mapping[str, Any]) -> None:
        """See that the case knows what the story says. Raises ``ScenarioFailed``."""
        facts = self._facts()
        for name, value in known.items():
            if facts.get(name) != value:
                raise ScenarioFailed(f"the case knows `{name}` as {facts.get(name)!r}, not as {value!r}")

    # Doing

    def _beside(self, step: Step, now: datetime) -> str:
        """Let happen what is no step of the model; return what it was, or nothing when only time passes."""
        if step.dissent:
            decision = Decision.objects.filter(case=self.case).order_by("number").last()
            if decision is None:
                raise self._failed(step, "has no decision to dissent from")
            key = f"{self.client}:{self._number}"
            try:
                dissenting.dissent(
                    decision=decision.pk, by=self.company.person(step.person), opinion=step.dissent, key=key, at=now
                )
            except (CaseError, NotAuthorised) as error:
                raise self._failed(step, f"may not dissent: {error}") from error
            return "dissent"
        if step.revoke:
            _revoke(step.revoke, now)
            return f"revoked {step.revoke}"
        if step.adopt:
            words, instead = step.adopt
            adopted = _adopt(words, instead, now)
            reordering.reorder(case=self.case, version=adopted.pk, at=now)
            return f"order {adopted.number} in force"
        return ""

    def _do(self, step: Step, now: datetime) -> Play:
        answer = self._try(step, now)
        if isinstance(answer, _Refusal):
            if not step.refuse:
                failure = self._failed(step, f"was refused: {answer.text}")
                raise WaitsElsewhere(*failure.args) if answer.codes == (NOT_OFFERED,) else failure
            return self._refused(step, answer, now)
        if step.refuse:
            raise self._failed(step, "was allowed, and should have been refused")
        rows = self._rows(answer)
        if step.row and step.row not in rows:
            raise self._failed(step, f"rests on {rows[0] if rows else 'no row'}, not on {step.row}")
        return self._told(step.person, step.element, "done", " by ".join(rows), now, answer)

    def _rows(self, outcome: Outcome) -> tuple[str, ...]:
        """Return the row of the order that a decision rests on, and the one that referred to it where one did."""
        event = ledger.of_place(str(self.case), outcome.seq) if outcome.kind == EventKind.CASE_DECIDED else None
        return tuple(str(row) for row in (event.data["rule"], event.data.get("via")) if row) if event else ()

    def _try(self, step: Step, now: datetime) -> _Refusal | Outcome:
        """Claim and complete; return what came of it, or why not, and give back an item claimed in vain."""
        by = self.company.person(step.person)
        item = self._item(step, by)
        if item is None:
            return _Refusal(codes=(NOT_OFFERED,), rules=(), text=f"the case does not wait there but at {self._waits()}")
        key = f"{self.client}:{self._number}"
        before = self._marking() if self.coverage else None
        claimed = item.claimed_by_id == by
        if (keeper := walls.keeper_for(self.case, by, now)) is not None:
            # Whoever is to go on with a walled case is let know of it first.
            wall_services.let_know(case=self.case, person=by, by=keeper, key=f"{key}:know", at=now)
        try:
            if not claimed:
                work.claim(item=item.pk, by=by, key=f"{key}:claim", at=now, declares_no_circumstance=True)
                claimed = True
            outcome = work.complete(item=item.pk, by=by, fields=step.fields, key=key, at=now)
        except NotAuthorised as error:
            bars = error.verdict.bars
            refusal = _Refusal(
                codes=tuple(bar.code for bar in bars), rules=tuple(bar.rule_id for bar in bars), text=str(error)
            )
        except CaseError as error:
            refusal = _Refusal(codes=(error.code,), rules=(), text=str(error))
        else:
            if self.coverage and before:
                self.coverage.complete(before, item.token, self._facts())
            return outcome
        if claimed:
            work.release(item=item.pk, by=by, key=f"{key}:release", at=now)
        return refusal

    def _refused(self, step: Step, refusal: _Refusal, now: datetime) -> Play:
        if step.code and step.code not in refusal.codes:
            raise self._failed(step, f"was refused, but not for {step.code}: {refusal.text}")
        if step.rule and step.rule not in refusal.rules:
            raise self._failed(step, f"was refused, but not by {step.rule}: {refusal.text}")
        reasons = ", ".join((*refusal.codes, *dict.fromkeys(refusal.rules)))
        return self._told(step.person, step.element, "refused", reasons, now)

    def _fire(self, step: Step, now: datetime) -> Play:
        waiting = Timer.objects.filter(case=self.case, fired_at__isnull=True, cancelled_at__isnull=True)
        nodes = {wait.token: wait.node for wait in engine.waits(self._net(), self._marking())}
        timer = next(
            (row for row in waiting.order_by("due_at") if _names(row.boundary or nodes[row.token], step.fire_timer)),
            None,
        )
        if timer is None:
            raise self._failed(step, f"no timer `{step.fire_timer}` is running; the case waits at {self._waits()}")
        now = max(now, timer.due_at)
        before = self._marking()
        timers.fire(timer=timer.pk, at=now)
        if self.coverage and timer.boundary:
            self.coverage.interrupt(before, timer.token, timer.boundary, self._facts())
        elif self.coverage:
            self.coverage.complete(before, timer.token, self._facts())
        return self._told("", step.fire_timer, "time", f"{timer.due_at:%Y-%m-%d %H:%M}", now)

    def _child_closes(self, outcome: Mapping[str, Any], step: Step, now: datetime) -> Play:
        """Let the case be told that a child has closed, whether or not the child's own process is deployed."""
        before, net = self._marking(), self._net()
        # Each child is an instance; the activity as a whole waits too where events are attached to it.
        each = (wait for wait in engine.waits(net, before) if wait.instance is not None)
        waits = [wait for wait in each if offering.comes_from_children(net.node(wait.node))]
        if not waits:
            raise self._failed(step, f"no child is waited for; the case waits at {self._waits()}")
        token = waits[0].token

        def verb(turn: Turn) -> None:
            turn.facts.take({"children_outcomes": [*(turn.facts.values.get("children_outcomes") or []), outcome]})
            turn.complete(token)
            turn.name(EventKind.CHILD_CLOSED, token=token)

        commands.run(Command(key=f"{self.client}:{self._number}", person=None, at=now, case=self.case), verb)
        if self.coverage:
            self.coverage.complete(before, token, self._facts())
        return self._told("", waits[0].node, "done", "child closed", now)

    def _arrives(self, step: Step, now: datetime) -> Play:
        """Let a message from another case interrupt, or go beside, what the case waits for."""
        before, net = self._marking(), self._net()
        armed = ((wait.token, event) for wait in engine.waits(net, before) for event in wait.boundaries)
        found = next(((token, event) for token, event in armed if net.node(event).event_name == step.message), None)
        if found is None:
            raise self._failed(step, f"no message `{step.message}` is waited for; the case waits at {self._waits()}")

        def verb(turn: Turn) -> None:
            turn.interrupt(*found)
            turn.name(EventKind.CASE_LINKED, message=step.message)

        commands.run(Command(key=f"{self.client}:{self._number}", person=None, at=now, case=self.case), verb)
        if self.coverage:
            self.coverage.interrupt(before, *found, self._facts())
        return self._told("", found[1], "done", step.message, now)

    # Looking

    def _item(self, step: Step, person: uuid.UUID) -> WorkItem | None:
        found = [
            item
            for item in self._open_items()
            if _names(item.node, step.element)
            and step.participant in ("", item.participant)
            and item.claimed_by_id in (None, person)
        ]
        return found[0] if found else None

    def _open_items(self) -> list[WorkItem]:
        return _OPEN_ITEMS.fetch(case=self.case)

    def _read(self, column: str) -> str:
        return str(Case.objects.values_list(column, flat=True).get(pk=self.case))

    def _marking(self) -> Marking:
        return Marking.loads(self._read("marking"))

    def _net(self) -> engine.Net:
        return engine_selectors.net(Case.objects.values_list("definition", flat=True).get(pk=self.case))

    def _facts(self) -> Mapping[str, Any]:
        return typed_json.loads(self._read("facts"))

    def _waits(self) -> str:
        return ", ".join(item.node for item in self._open_items()) or "nothing"

    def _told(
        self, person: str, element: str, result: str, reason: str, now: datetime, outcome: Outcome | None = None
    ) -> Play:
        event = outcome or ledger.entries(str(self.case)).reverse()[0]
        line = Line(
            number=self._number,
            at=now,
            person=person,
            element=element,
            result=result,
            reason=reason,
            ledger=f"{event.seq} {event.kind}",
        )
        return replace(self, now=now, lines=(*self.lines, line))

    def _failed(self, step: Step, what: str) -> ScenarioFailed:
        who = f"{step.person} at " if step.person else ""
        return ScenarioFailed(f"step {self._number}: {who}{step.element or step.fire_timer} {what}")


def _opened(scenario: Scenario, client: str, clock: datetime, company: Company) -> tuple[Case, str | None]:
    """Open the scenario's case, and return it with the calendar's start event, where the calendar opens it."""
    if not scenario.process:
        by = company.person(scenario.opened_by)
        case = opening.open_case(
            case_type=scenario.case_type, title=scenario.name, fields=scenario.start, by=by, key=client, at=clock
        )
        return case, None
    definition = engine_selectors.current_process(scenario.process)
    calendar = engine_selectors.calendar_starts(engine_selectors.net(definition))
    start_event = next(iter(calendar), None) if scenario.opened_by == CALENDAR else None
    command = f"{scenario.opened_by}:{client}"
    with transaction.atomic():
        seen = ledger.of_command(command)
        case = (
            Case.objects.get(pk=seen.stream)
            if seen
            else opening.open_by_itself(
                definition=definition,
                title=scenario.name,
                facts=scenario.start,
                order=orders.order_in_force(clock),
                command=command,
                at=clock,
                calendar_start=start_event,
                scenario=scenario.name,
            )
        )
    return case, start_event


def person(name: str) -> uuid.UUID:
    """Return who is meant: a log-in, or the staff code of someone who has none. Raises ``ScenarioFailed``."""
    try:
        return organisation.person_by_login(name).pk
    except UnknownPerson:
        found = Person.objects.filter(code=name).first()
    if found is None:
        raise ScenarioFailed(f"nobody has the log-in or staff code `{name}`")
    return found.pk


def _revoke(appointment: str, now: datetime) -> None:
    """End an appointment. Raises ``ScenarioFailed`` when nobody holds it."""
    code, role, case_type = appointment.split("/")
    grants = DelegationGrant.objects.filter(person=person(code), role=role, case_type=case_type, valid_to=None)
    grant = grants.values_list("pk", flat=True).first()
    if grant is None:
        raise ScenarioFailed(f"nobody holds `{appointment}`")
    organisation_services.revoke_grant(grant=grant, at=now)


def _adopt(words: str, instead: str, now: datetime) -> OrderVersion:
    """Adopt the order in force with other words in its rules, and return it. Raises ``ScenarioFailed``."""
    version = orders.in_force(now).get()
    files = {name: text.encode() for name, text in json.loads(version.files).items()}
    rules = files[RULES].decode()
    if rules.count(words) != 1:
        raise ScenarioFailed(f"the rules of the order do not hold `{words}` once")
    number = f"{version.number}-{orders.versions().count() + 1}"
    return order_services.adopt(
        files=files | {RULES: rules.replace(words, instead).encode()},
        number=number,
        valid_from=now,
        adopted_by=Person.objects.get(pk=version.adopted_by_id),
        reviewed_by=Person.objects.get(pk=version.reviewed_by_id),
        at=now,
    )


def _names(qualified: str, name: str) -> bool:
    """Tell whether a qualified element id ends with a name."""
    return qualified == name or qualified.endswith(f"/{name}")
