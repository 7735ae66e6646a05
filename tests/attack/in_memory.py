"""Drive a case through a model in memory: the real turn, acts and order, and not a row written.

Whoever drives tries to get through: the same few people wherever they are let in, one who holds every grant there is,
forms filled in at random and never checked, timers and messages at any moment. Beside what the program keeps, what
really happened is written down, so that each decision can be judged by that alone.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from delegation.errors import DelegationError
from delegation.order import DelegationOrder
from delegation.types import Act, Actor, DecisionRequest, Grant, PriorAct
from delegation.vocabulary import DECISION_TYPES
from tests.delegation.authority import ADOPTED, NEUTRAL, NOW, grant
from workflow_app.cases import acts, deadlines, forms, operations, outgoing, typed_json
from workflow_app.cases import facts as case_facts
from workflow_app.cases.errors import CaseError, NotAuthorised, TooLate
from workflow_app.cases.facts import LIGHT
from workflow_app.cases.models import Case, CaseAct, WorkItem
from workflow_app.cases.turn import Turn
from workflow_app.engine import net as engine
from workflow_app.engine import selectors as engine_selectors
from workflow_app.engine.errors import EngineError
from workflow_app.engine.net import Marking, Net, WaitKind
from workflow_app.ledger.events import EventKind

DEFINITION = uuid.UUID(int=1)
TICK = timedelta(minutes=1)
#: The longest drive; who is not through by then goes in circles.
MOST_TURNS = 120
#: How many people try the same step before it is let be.
TRIES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One act as it really was."""

    act: PriorAct
    #: Where in the model, so that the acts before a light decision are found.
    node: str
    matter: int
    #: Where a presentation was made; only the one for decision makes a rapporteur.
    forum: str


@dataclass(slots=True, kw_only=True)
class Told:
    """What came of a drive."""

    #: The question that each decision really was, with what had really happened, and who decided as what.
    decided: list[DecisionRequest] = field(default_factory=list)
    #: Rules by which somebody was refused.
    refused: list[str] = field(default_factory=list)
    ended: bool = False


def people(case_type: str, order: DelegationOrder) -> dict[str, tuple[Grant, ...]]:
    """Return two persons of each role, and two who hold every role at once."""
    everywhere = frozenset({"GD", "STF", "CJ", "BCJ", "AJ", "TCL", "TL", "REG", "IR"})
    found: dict[str, tuple[Grant, ...]] = {}
    for role in order.roles:
        for _ in range(2):
            person = str(uuid.UUID(int=1000 + len(found)))
            found[person] = (_grant(role.code, person, None if role.code in everywhere else case_type),)
    for _ in range(2):
        person = str(uuid.UUID(int=1000 + len(found)))
        found[person] = tuple(
            _grant(role.code, person, None if role.code in everywhere else case_type) for role in order.roles
        )
    return found


def _grant(role: str, person: str, case_type: str | None) -> Grant:
    return grant(role, case_type, person=person, id=str(uuid.uuid5(uuid.UUID(person), role)), valid_from=ADOPTED)


class MemoryTurn(Turn):
    """A turn whose earlier acts are read from memory."""

    def __init__(self, *, earlier: list[CaseAct], **known: Any) -> None:
        super().__init__(**known)
        self._earlier = earlier

    def _read_prior_acts(self) -> list[CaseAct]:
        if self.item and self.item.decision_type:
            part = self.item.node.rpartition("/")[0]
            return [row for row in self._earlier if row.node.startswith(f"{part}/" if part else "")]
        versions = {self.proposal_hash, self.standing.version_before} - {None}
        return [row for row in self._earlier if row.proposal_hash in versions]


class Drive:
    """One case, driven to its end or to where nobody gets on."""

    def __init__(self, net: Net, case_type: str, *, order: DelegationOrder, files: Any, rng: random.Random) -> None:
        self.net, self.order, self.files, self.rng = net, order, files, rng
        self.people = people(case_type, order)
        #: Most often the same few: those who would gain by doing more than one thing.
        self.few = rng.sample(sorted(self.people), 3) + sorted(self.people)[-2:]
        self.case = Case(
            id=uuid.UUID(int=7), case_type=case_type, case_number="1", definition_id=DEFINITION, facts="{}"
        )
        self.case.opened_at = NOW
        self.case.standing = case_facts.Standing().dumps()
        self.case.facts = typed_json.dumps({**NEUTRAL, **self._more_facts()})
        self.at = NOW
        self.items: dict[int, WorkItem] = {}
        self.rows: list[CaseAct] = []
        self.happened: list[Happened] = []
        self.decisions = 0
        self.told = Told()

    def _more_facts(self) -> dict[str, Any]:
        chance = {"secrecy": 0.2, "medical": 0.3, "child_harm": 0.2, "pattern_alert": 0.3, "principle": 0.05}
        return {name: self.rng.random() < odds for name, odds in chance.items()} | {
            "amount": Decimal(self.rng.choice((10_000, 50_000, 150_000, 600_000))),
            "decision_type": None,
        }

    def run(self) -> Told:
        """Drive the case."""
        turn = self._turn(None, None)
        starts = sorted(self.net.starts)
        if not self._try(turn, lambda: turn.start(calendar_start=self.rng.choice(starts))):
            return self.told
        for _ in range(MOST_TURNS):
            marking = Marking.loads(self.case.marking)
            waits = list(engine.waits(self.net, marking))
            if not waits:
                self.told.ended = True
                break
            self._happen(self.rng.choice(waits))
        return self.told

    def _happen(self, wait: engine.Wait) -> None:
        """Let one thing happen at a place where the case waits."""
        self.at += TICK
        if wait.boundaries and self.rng.random() < 0.1:
            turn = self._turn(None, None)
            self._try(turn, lambda: turn.interrupt(wait.token, self.rng.choice(wait.boundaries)))
        elif wait.token in self.items:
            for _ in range(TRIES):
                if self._act(self.items[wait.token], self._somebody(self.items[wait.token])):
                    break
        elif wait.kind in {WaitKind.TIMER, WaitKind.MESSAGE}:
            turn = self._turn(None, None)
            self._try(turn, lambda: turn.complete(wait.token))

    def _somebody(self, item: WorkItem) -> str:
        if self.rng.random() < 0.4:
            return self.rng.choice(self.few)
        asked = item.roles.split()
        fitting = [person for person, held in self.people.items() if any(one.role in asked for one in held)]
        return self.rng.choice(fitting or sorted(self.people))

    def _turn(self, item: WorkItem | None, person: str | None) -> MemoryTurn:
        actor = Actor(person=person, grants=self.people[person]) if person else None
        return MemoryTurn(
            case=self.case,
            order=self.order,
            actor=actor,
            at=self.at,
            command="drive",
            operations=_OPERATIONS,
            item=item,
            earlier=self.rows,
        )

    def _act(self, item: WorkItem, person: str) -> bool:
        """Let a person try to do a step; tell whether they did."""
        turn = self._turn(item, person)
        if self.rng.random() < 0.95:
            turn.stand(cleared=turn.standing.cleared | {person})
        node = self.net.node(item.node)
        values = self._filled_in(node.step.form if node.step else None, Act(item.act))
        standing = turn.standing

        def do() -> None:
            permit = acts.permit(turn, Act(item.act), values)
            if permit.act is Act.DECIDE and not _only_asks(turn, values):
                self.told.decided.append(self._question(turn, item, person, standing))
            if permit.act is Act.DISPATCH:
                self._dispatch(turn, permit)
            else:
                acts.perform(turn, node, permit, values)
            turn.finish_item()
            turn.complete(item.token)

        before = len(self.told.decided)
        if self._try(turn, do):
            return True
        del self.told.decided[before:]
        return False

    def _dispatch(self, turn: MemoryTurn, permit: Any) -> None:
        if self.decisions == 0:
            raise TooLate("there is nothing to dispatch")
        turn.record(permit)
        turn.name(EventKind.DECISION_DISPATCHED)

    def _try(self, turn: MemoryTurn, what: Any) -> bool:
        """Do something and keep it, or nothing of it."""
        try:
            what()
        except NotAuthorised as refusal:
            self.told.refused += [bar.rule_id for bar in refusal.verdict.bars]
            return False
        except (CaseError, DelegationError, EngineError):
            return False
        self._keep(turn)
        return True

    def _keep(self, turn: MemoryTurn) -> None:
        made = [row for row in turn.prior_acts if row not in self.rows]
        for row in made:
            self.rows.append(row)
            bound = replace(case_facts.prior_act(row, None), proposal=row.proposal_hash or None)
            self.happened.append(Happened(act=bound, node=row.node, matter=row.matter, forum=row.forum))
        self.decisions = turn.standing.decisions
        for token in turn._closed:
            self.items.pop(token, None)
        self.items |= turn._offered
        self.case.marking = turn.marking.dumps() if turn.marking else ""
        self.case.facts = typed_json.dumps(turn.facts.values)
        self.case.standing = turn.standing.dumps()
        self.case.proposal = turn.proposal

    def _question(
        self, turn: MemoryTurn, item: WorkItem, person: str, standing: case_facts.Standing
    ) -> DecisionRequest:
        """Return the question that a decision is, from what really happened."""
        light = bool(item.decision_type)
        if light:
            part = item.node.rpartition("/")[0]
            told = [one for one in self.happened if one.node.startswith(f"{part}/" if part else "")]
            prior = [replace(one.act, proposal=LIGHT) for one in told]
        else:
            prior = [one.act for one in self.happened]
        proposal = LIGHT if light else turn.proposal_hash
        presented = [
            one.act.person
            for one in self.happened
            if one.act.act is Act.PRESENT and one.forum == "DECISION" and one.act.proposal == turn.proposal_hash
        ]
        # Whoever prepared anything since the last matter was decided has prepared this one.
        preparers = {
            one.act.person for one in self.happened if one.act.act is Act.PREPARE and one.matter == standing.matter
        }
        return DecisionRequest(
            case=str(self.case.pk),
            case_type=self.case.case_type,
            act=Act.DECIDE,
            actor=Actor(person=person, grants=self.people[person]),
            at=self.at,
            decision_type=item.decision_type or (turn.proposal.decision_type if turn.proposal else None),
            facts=dict(turn.facts.values),
            prior_acts=tuple(prior),
            proposal=proposal,
            prepared_by=frozenset(preparers),
            rapporteur=presented[-1] if presented else None,
            cleared=standing.cleared,
            disqualified=standing.disqualified,
        )

    # Filling in

    def _filled_in(self, key: str | None, act: Act) -> dict[str, Any]:
        """Fill in a form at random, most often as one would who wants to get through."""
        schema = self.files.get(key) if key else None
        if schema is None:
            return {"outcome": "AGREE"} if act in {Act.REVIEW, Act.CONSULT, Act.ANSWER} else {}
        filled = {one.key: self._value(one) for one in forms.parse(schema).fields}
        if filled.get("outcome") is not None and self.rng.random() < 0.9:
            favoured = {"AGREE", "AS_PROPOSED", "INFORMED"} & set(_choices(schema, "outcome"))
            filled["outcome"] = next(iter(sorted(favoured)), filled["outcome"])
        if filled.get("conflict_declared"):
            # Seldom: whoever declares a circumstance is out of the game.
            filled["conflict_declared"] = self.rng.random() < 0.1
        if "decision_type" in filled and filled["decision_type"] is None:
            filled["decision_type"] = self.rng.choice(sorted(DECISION_TYPES))
        return filled

    def _value(self, one: forms.Field) -> Any:
        if one.key in NEUTRAL and self.rng.random() < 0.85:
            value = NEUTRAL[one.key]
            return Decimal(value) if type(value) is int else value
        if not one.required and self.rng.random() < 0.1:
            return None
        match one.kind:
            case "number":
                return Decimal(self.rng.choice((0, 1, 2, 50, 10_000, 150_000)))
            case "checkbox":
                return self.rng.random() < 0.5
            case "datetime":
                return date(2026, 3, self.rng.randint(1, 28))
            case "checklist":
                return self.rng.sample(one.choices, self.rng.randint(0, min(2, len(one.choices))))
            case "dynamiclist":
                return [{inner.key: self._value(inner) for inner in one.inner} for _ in range(self.rng.randint(0, 2))]
            case "radio" | "select" if one.choices:
                return self.rng.choice(one.choices)
            case _:
                return "Text."


def _choices(schema: str, key: str) -> tuple[str, ...]:
    return next((one.choices for one in forms.parse(schema).fields if one.key == key), ())


def _only_asks(turn: Turn, values: Mapping[str, Any]) -> bool:
    """Tell whether the decider sends a harder measure than proposed back as a new preparation."""
    return values.get("outcome") == "OTHERWISE" and bool(values.get("more_intrusive"))


def _look_up(turn: Turn, node: str) -> None:
    if turn.proposal is None:
        raise CaseError("nothing is proposed yet")
    asked = case_facts.requirements(turn.order, turn.case, turn.facts.values, turn.proposal.decision_type)
    turn.facts.take(case_facts.of_requirements(asked, decided=turn.standing.decided))


def _nothing(turn: Turn, node: str) -> None:
    """Stand for an operation that reads or writes other cases, registers or letters."""


#: Operations of the case itself are the real ones; those that reach out of it do nothing.
_OPERATIONS = dict.fromkeys(operations.REGISTRY, _nothing) | {
    "look_up_order": _look_up,
    **{
        name: operations.REGISTRY[name]
        for name in ("use_table", "find_resolver", "count_preparers", "record_decision", "add_appeal_instruction")
    },
}


@contextmanager
def not_deployed(net: Net, tables: Mapping[str, Any]) -> Iterator[None]:
    """Let turns read the model from memory. What they look for beyond the case they find no row of."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine_selectors, "net", lambda of: net)
        patch.setattr(engine_selectors, "form", lambda of, key: tables["forms"].get(key))
        patch.setattr(engine_selectors, "routing_table", lambda of, file, decision: tables["table"](file, decision))
        patch.setattr(deadlines, "put", lambda *_, **__: None)
        patch.setattr(outgoing, "ask", lambda *_, **__: None)
        patch.setattr(outgoing, "has", lambda *_: False)
        yield
