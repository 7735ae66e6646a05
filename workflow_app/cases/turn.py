"""One command's turn on a case: what was read under the lock, what is asked of the order, what will be written.

A turn is made by ``commands.run`` only. Verbs in ``services`` use it to ask (``require``), record (``record``), move
the net (``complete``, ``interrupt``) and name the event; nothing reaches the database before ``close``.
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import CharField, QuerySet, UUIDField

from delegation.order import DelegationOrder
from delegation.types import Act, Actor, DecisionRequest, Permit, Verdict
from workflow_app.calendar import working_days
from workflow_app.cases import facts as case_facts
from workflow_app.cases import forms, linking, offering, rotation, typed_json, walls
from workflow_app.cases.errors import NotAuthorised, StaleEdit
from workflow_app.cases.facts import LIGHT, CaseFacts, Standing
from workflow_app.cases.kept_query import KeptQuery
from workflow_app.cases.models import Case, CaseAct, Decision, PermitRecord, Proposal, Timer, WorkItem
from workflow_app.cases.writing import Batch
from workflow_app.enforcement import services as enforcement
from workflow_app.engine import net as engine
from workflow_app.engine import selectors as engine_selectors
from workflow_app.engine.net import Marking, Move, Wait, WaitKind
from workflow_app.engine.nodes import Node
from workflow_app.engine.nodes import Timer as TimerOfModel
from workflow_app.ledger import services as ledger
from workflow_app.ledger.chain import Data, Head
from workflow_app.ledger.events import EventKind
from workflow_app.outbox import services as outbox

Operation = Callable[["Turn", str], None]


def _hash(permit: Permit) -> str:
    return permit.proposal if permit.proposal and permit.proposal != LIGHT else ""


def _acts_on_versions(*, case: uuid.UUID, now: str, before: str) -> QuerySet[CaseAct]:
    return CaseAct.objects.filter(case=case, proposal_hash__in=[now, before]).order_by("at", "id")


_ACTS_ON_VERSIONS = KeptQuery(
    _acts_on_versions,
    {
        "case": (UUIDField(), uuid.UUID(int=1)),
        "now": (CharField(), "sample of the version in force"),
        "before": (CharField(), "sample of the version before"),
    },
)


def _since_ruling(rows: Iterable[CaseAct]) -> list[CaseAct]:
    """Return what was done after the latest ruling; what was said before it concerned another circumstance."""
    found: list[CaseAct] = []
    for row in rows:
        found = [] if row.act == Act.DECIDE.value else [*found, row]
    return found


class Turn:
    """The state of one command on one locked case."""

    def __init__(
        self,
        *,
        case: Case,
        order: DelegationOrder,
        actor: Actor | None,
        at: datetime,
        command: str,
        operations: Mapping[str, Operation],
        item: WorkItem | None = None,
        new: bool = False,
    ) -> None:
        self.case = case
        self.order = order
        self.actor = actor
        self.at = at
        self.command = command
        self.item = item
        #: True when nobody else can rule on the challenge at hand; found by the verb that rules (R-04).
        self.nobody_else = False
        #: Where acts that belong to no step of the model are recorded; set by the verb that does them.
        self.beside = ""
        #: True when the turn has brought the case to its end.
        self.ended = False
        self.batch = Batch()
        self.net = engine_selectors.net(case.definition_id)
        self.marking = Marking.loads(case.marking) if case.marking else None
        self.facts = CaseFacts(values=typed_json.loads(case.facts))
        self.standing = self._standing_read = Standing.loads(case.standing)
        self.proposal = case.proposal
        #: The decision that the command makes.
        self.decision: Decision | None = None
        self._new = new
        self._operations = operations
        self._kind: EventKind | None = None
        self._data: dict[str, Data] = {}
        self._changes: dict[str, Any] = {}
        self._offered: dict[int, WorkItem] = {}
        self._set: dict[tuple[int, str], Timer] = {}
        self._closed: set[int] = set()
        self._fired: Timer | None = None
        self._prior: list[CaseAct] | None = None
        self._awaits_children = False

    # Reading

    @property
    def person(self) -> str:
        """The id of the person whose turn it is."""
        if self.actor is None:
            raise TypeError("a timer's turn has no person")
        return self.actor.person

    @property
    def highest_role(self) -> str | None:
        """The highest role the person holds for the case's type; ``None`` without any."""
        if self.actor is None:
            return None
        roles = self.order.roles
        held = [
            roles[grant.role]
            for grant in self.actor.grants
            if roles.appointed(grant.role, grant.case_types, self.case.case_type)
        ]
        return max(held, key=lambda role: role.level).code if held else None

    @property
    def proposal_hash(self) -> str | None:
        """The content hash of the proposal in force."""
        return self.proposal.content_hash if self.proposal else None

    @property
    def prior_acts(self) -> list[CaseAct]:
        """The acts that count for what is being done: few, however long the case has lived.

        For a proposal, those bound to its hash or to the version before (so that a voided review can be explained);
        for a light handling decision, which has no proposal, those done before it in the same part of the process.
        """
        if self._prior is None:
            self._prior = self._read_prior_acts()
        return self._prior

    def _read_prior_acts(self) -> list[CaseAct]:
        if self.beside:
            return _since_ruling(self._acts(node=self.beside))
        if self.item and self.item.decision_type:
            part = self.item.node.rpartition("/")[0]
            return list(self._acts(node__startswith=f"{part}/" if part else ""))
        if self.proposal is None:
            return []
        now = self.proposal.content_hash
        return _ACTS_ON_VERSIONS.fetch(case=self.case.pk, now=now, before=self.standing.version_before or now)

    def _acts(self, **where: str) -> QuerySet[CaseAct]:
        return CaseAct.objects.filter(case=self.case, **where).order_by("at", "id")

    @property
    def acts_on_proposal(self) -> list[CaseAct]:
        """The acts bound to the proposal in force."""
        return [act for act in self.prior_acts if act.proposal_hash == self.proposal_hash]

    @property
    def resolves(self) -> bool:
        """True when the step at hand settles a disagreement."""
        step = self.net.node(self.item.node).step if self.item else None
        schema = engine_selectors.form(self.case.definition_id, step.form) if step and step.form else None
        return schema is not None and forms.RESOLUTION in forms.parse(schema).keys

    def request(self, act: Act, *, role: str | None = None, decision_type: str = "") -> DecisionRequest:
        """Return the question to the order about this turn's person and work item.

        ``decision_type`` names a light handling decision that belongs to no step.
        """
        if self.actor is None:
            raise TypeError("a timer asks for no permit: it decides nothing")
        own = decision_type or (self.item.decision_type if self.item else "")
        asked = own or (self.proposal.decision_type if self.proposal else None)
        facts, standing = self.facts.values, self.standing
        if (inspected := rotation.inspected_by(facts)) - standing.prepared_by:
            standing = replace(standing, prepared_by=standing.prepared_by | inspected)
        return case_facts.request(
            case=self.case,
            facts={**facts, **rotation.found(self.case, facts, asked, self.at)} if act is Act.DECIDE else facts,
            standing=standing,
            prior_acts=self.prior_acts,
            actor=self.actor,
            act=act,
            at=self.at,
            item=self.item,
            role=role,
            # A light handling decision stands on its own form, not on the proposal in force.
            proposal_hash=LIGHT if own else self.proposal_hash,
            decision_type=asked,
            disagreeing=standing.disagreeing if self.resolves else frozenset(),
            nobody_else=self.nobody_else,
        )

    def verdict(
        self, act: Act, *, decision_type: str = "", node: Node | None = None, role: str | None = None
    ) -> tuple[Verdict, DecisionRequest]:
        """Return the order's answer to this turn's person doing ``act``, and the question.

        ``node`` is the step whose roles hold, when it is not the one at hand; ``role`` names them where no step does.
        """
        step = node or (self.net.node(self.item.node) if self.item else None)
        role = offering.asked_roles(step) if step else role
        request = self.request(act, role=role, decision_type=decision_type)
        return enforcement.verdict(request, order=self.order), request

    def require(
        self, act: Act, *, decision_type: str = "", node: Node | None = None, role: str | None = None
    ) -> Permit:
        """Return the permit for the act. Raises ``NotAuthorised``."""
        answer, request = self.verdict(act, decision_type=decision_type, node=node, role=role)
        if answer.permit is None:
            raise NotAuthorised(answer, request)
        return answer.permit

    # Writing

    def name(self, kind: EventKind, **data: Data) -> None:
        """Name the event that the command is; ids and codes only."""
        self._kind = kind
        self._data = data

    def record(self, permit: Permit, *, fields: Mapping[str, Any] | None = None, **columns: Any) -> CaseAct:
        """Record an act and the permit it was done under."""
        row = CaseAct(
            case=self.case,
            work_item=self.item,
            node=columns.pop("node", self.item.node if self.item else self.beside),
            act=columns.pop("act", permit.act).value,
            person_id=uuid.UUID(permit.person),
            role=permit.role,
            at=self.at,
            matter=self.standing.matter,
            proposal_hash=columns.pop("proposal_hash", _hash(permit)),
            fields=typed_json.dumps(fields or {}),
            **columns,
        )
        self.batch.insert(
            row,
            PermitRecord(
                case=self.case,
                act_record=row,
                act=permit.act.value,
                person_id=uuid.UUID(permit.person),
                grant_id=uuid.UUID(permit.grant),
                role=permit.role,
                rule=permit.rule or "",
                row=permit.row or "",
                order_number=permit.order_number,
                order_sha256=permit.order_sha256,
                proposal_hash=_hash(permit),
                at=self.at,
            ),
        )
        self.prior_acts.append(row)
        return row

    def put_proposal(self, proposal: Proposal) -> None:
        """Let a new version be the proposal in force; acts on the one before no longer count (R-22)."""
        self.batch.insert(proposal)
        self.stand(version_before=self.proposal_hash)
        self.proposal = proposal
        self._prior = []
        self._changes["proposal_id"] = proposal.pk
        self.facts.start_proposal()
        self.facts.take({"decision_type": proposal.decision_type, "amount": proposal.amount})

    def finish_item(self) -> None:
        """Mark the turn's work item done."""
        if self.item is None:
            raise TypeError("the turn has no work item")
        self._closed.add(self.item.token)
        self.batch.update(
            WorkItem,
            {"pk": self.item.pk},
            {"state": WorkItem.State.DONE, "done_at": self.at, "revision": self.item.revision + 1},
        )

    def fire(self, timer: Timer) -> None:
        """Mark a timer fired and let what it waits for happen."""
        self._fired = timer
        self.batch.update(Timer, {"pk": timer.pk}, {"fired_at": self.at})
        if timer.boundary:
            self.interrupt(timer.token, timer.boundary)
            self._set_again(timer)
        else:
            self.complete(timer.token)

    def change(self, **columns: Any) -> None:
        """Set columns of the case row."""
        self._changes.update(columns)

    # Moving

    def start(self, *, calendar_start: str | None = None) -> None:
        """Put the first token in the net: at the calendar's start event named, else at the one that is not its."""
        self._follow(engine.start(self.net, self.facts.values, start_event=calendar_start))

    def complete(self, token: int) -> None:
        """Complete what a token waits for and let the case go on."""
        self._follow(engine.complete(self.net, self._standing_marking(), token, self.facts.values))

    def interrupt(self, token: int, boundary: str) -> None:
        """Let a boundary event happen."""
        self._follow(engine.interrupt(self.net, self._standing_marking(), token, boundary, self.facts.values))

    def _standing_marking(self) -> Marking:
        if self.marking is None:
            raise TypeError("the case has not been started")
        return self.marking

    def _follow(self, move: Move) -> None:
        """Open and close what the move opened and closed; do registered operations until only people are waited for."""
        todo: deque[Wait] = deque()
        while True:
            self.marking = move.marking
            for wait in move.closed:
                self._close_wait(wait)
                if wait in todo:
                    todo.remove(wait)
            for wait in move.opened:
                self._open_wait(wait, todo)
            if not todo:
                break
            wait = todo.popleft()
            self._operate(wait)
            move = engine.complete(self.net, self.marking, wait.token, self.facts.values)
        if move.ended:
            self.ended = True
            self._withdraw_added()
            self._changes.update(state=Case.State.CLOSED, closed_at=self.at)

    def _operate(self, wait: Wait) -> None:
        node = self.net.node(wait.node)
        self._operations[offering.operation_of(node)](self, wait.node)

    def _open_wait(self, wait: Wait, todo: deque[Wait]) -> None:
        node = self.net.node(wait.node)
        if wait.kind in {WaitKind.OPERATION, WaitKind.RULE}:
            todo.append(wait)
            return
        for timer in self.net.timers(wait):
            self._set_timer(wait, timer, due_at=offering.timer_due(timer, at=self.at, facts=self.facts.values))
        if offering.comes_from_children(node):
            self._awaits_children = True
            return
        if node.step is not None and node.step.proposal:
            self._withdraw_added()
        if wait.kind in {WaitKind.USER, WaitKind.MESSAGE}:
            self.offer(wait)

    def offer(self, wait: Wait) -> WorkItem:
        """Offer a wait as work: one of the net's, or a step that an order adds beside it (R-29)."""
        item = offering.offer(
            case=self.case,
            node=self.net.node(wait.node),
            wait=wait,
            facts=self.facts.values,
            standing=self.standing,
            order=self.order,
            proposal_hash=self.proposal_hash,
            at=self.at,
        )
        self._offered[wait.token] = item
        return item

    def withdraw(self, *tokens: int) -> None:
        """Withdraw open work, whether the net waits for it or not."""
        self._closed.update(tokens)

    def _withdraw_added(self) -> None:
        """Withdraw what an order has added about a proposal that is written anew, or a case that ends (R-29)."""
        added = WorkItem.objects.filter(
            case=self.case, token__gte=WorkItem.ADDED_FROM, state__in=[WorkItem.State.OFFERED, WorkItem.State.CLAIMED]
        )
        self.withdraw(*added.values_list("token", flat=True))

    def _set_timer(self, wait: Wait, timer: TimerOfModel, *, due_at: datetime, occurrence: int = 1) -> None:
        boundary = timer.event if timer.boundary else ""
        self._set[(wait.token, boundary)] = Timer(
            case=self.case,
            token=wait.token,
            boundary=boundary,
            rule=timer.text,
            zone=working_days.STOCKHOLM.key,
            occurrence=occurrence,
            due_at=due_at,
        )

    def _set_again(self, fired: Timer) -> None:
        """Set a timer that comes back for its next time, while what it is attached to still waits."""
        for wait in engine.waits(self.net, self._standing_marking()):
            for timer in self.net.timers(wait) if wait.token == fired.token else ():
                due_at = offering.next_due(timer, fired) if timer.event == fired.boundary else None
                if due_at is not None:
                    self._set_timer(wait, timer, due_at=due_at, occurrence=fired.occurrence + 1)

    def _close_wait(self, wait: Wait) -> None:
        self._offered.pop(wait.token, None)
        self._closed.add(wait.token)
        for key in [key for key in self._set if key[0] == wait.token]:
            del self._set[key]

    def close(self) -> ledger.Entry:
        """Write everything the command did, its ledger entry and its outbox jobs."""
        if self._kind is None:
            raise TypeError(f"the command `{self.command}` named no event")
        walls.raise_if_flagged(self)
        self._withdraw_closed()
        if self.standing.necessary:
            closed = tuple(f"{token}:" for token in self._closed)
            self.stand(necessary=frozenset(one for one in self.standing.necessary if not one.startswith(closed)))
        self.batch.insert(*self._offered.values(), *self._set.values())
        entry, head = ledger.entry(
            stream=str(self.case.pk),
            head=Head(seq=self.case.ledger_seq, hash=self.case.ledger_hash),
            kind=self._kind,
            at=self.at,
            person=self.actor.person if self.actor else None,
            command=self.command,
            data=self._data,
        )
        self.batch.insert(entry)
        self._enqueue(entry)
        self.batch.insert(*linking.jobs_between(self, entry.seq, awaits_children=self._awaits_children))
        changes = {
            **self._changes,
            "marking": self._standing_marking().dumps(),
            "revision": self.case.revision + 1,
            "ledger_seq": head.seq,
            "ledger_hash": head.hash,
            "last_act_at": self.at,
        }
        if self.facts.touched:
            changes["facts"] = typed_json.dumps(self.facts.values)
        if self.standing is not self._standing_read:
            changes["standing"] = self.standing.dumps()
        if self._new:
            for name, value in changes.items():
                setattr(self.case, name, value)
            proposal, self.case.proposal = self.case.proposal, None
            self.batch.insert(self.case)
            if proposal is not None:
                raise StaleEdit("a case is opened before its first proposal is written")
        else:
            self.batch.update(Case, {"pk": self.case.pk}, changes)
        self.batch.flush()
        return entry

    def _withdraw_closed(self) -> None:
        """Withdraw open work and cancel timers of waits that are gone."""
        gone = sorted(self._closed - {self.item.token if self.item else -1})
        if gone:
            self.batch.update(
                WorkItem,
                {"case_id": self.case.pk, "token__in": gone, "state__in": ["OFFERED", "CLAIMED"]},
                {"state": WorkItem.State.WITHDRAWN},
            )
        if self._closed:
            waiting = {
                "case_id": self.case.pk,
                "token__in": sorted(self._closed),
                "fired_at__isnull": True,
                "cancelled_at__isnull": True,
            }
            if self._fired:
                waiting["pk__not"] = self._fired.pk
            self.batch.update(Timer, waiting, {"cancelled_at": self.at})

    def _enqueue(self, entry: ledger.Entry) -> None:
        self.batch.insert(
            outbox.job(
                kind="PUBLISH_EVENT",
                due_at=self.at,
                payload={"case": str(self.case.pk), "seq": str(entry.seq)},
                dedupe_key=f"publish:{self.case.pk}:{entry.seq}",
            ),
            *(
                outbox.job(
                    kind="FIRE_TIMER",
                    due_at=timer.due_at,
                    payload={"timer": str(timer.pk)},
                    dedupe_key=f"timer:{timer.pk}",
                )
                for timer in self._set.values()
            ),
            *(
                outbox.job(
                    kind="REMIND",
                    due_at=item.due_at,
                    payload={"item": str(item.pk)},
                    dedupe_key=f"remind:{item.pk}",
                )
                for item in self._offered.values()
                if item.due_at
            ),
        )

    def stand(self, **changes: Any) -> None:
        """Change how persons stand to the case."""
        self.standing = replace(self.standing, **changes)

    def offered(self) -> Iterable[WorkItem]:
        """Return the work items this turn offers."""
        return self._offered.values()
