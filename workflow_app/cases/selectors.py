"""Read cases for the interfaces. Everything shown has passed ``delegation.access`` (R-73)."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from delegation import access, offers
from delegation.access import View
from delegation.order import DelegationOrder
from delegation.types import Act, DecisionRequest, Verdict
from workflow_app.cases import operations, reading, second_eyes, typed_json
from workflow_app.cases.errors import UnknownCase, UnknownPage
from workflow_app.cases.facts import PROPOSED
from workflow_app.cases.models import Case, CaseAct, Decision, Proposal, Timer, WorkItem
from workflow_app.cases.second_eyes import Looked
from workflow_app.cases.services import dissenting, work
from workflow_app.cases.turn import Turn
from workflow_app.enforcement import services as enforcement
from workflow_app.engine import net as engine_net
from workflow_app.engine import selectors as engine
from workflow_app.engine.net import Marking
from workflow_app.ledger import selectors as ledger
from workflow_app.ledger.chain import Head
from workflow_app.orders import selectors as orders
from workflow_app.organisation import selectors as organisation

if TYPE_CHECKING:
    from workflow_app.organisation.models import Person

OPEN = reading.OPEN
readable_case = reading.readable_case
able = enforcement.able
PAGE_SIZE = 25
MOST_CASES = 200
MOST_NAMES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One line of a worklist."""

    id: uuid.UUID
    case_id: uuid.UUID
    case_number: str
    #: Empty, as ``claimed_by`` is, for whoever sees no more than that there is such a case (R-73).
    case_title: str
    case_type: str
    name: str
    node: str
    act: str
    roles: tuple[str, ...]
    state: str
    offered_at: datetime
    due_at: datetime | None
    overdue: bool
    claimed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worklist:
    """A person's work: own, in the pools of own grants, and waiting for others in own cases."""

    mine: tuple[ItemRow, ...]
    pools: tuple[ItemRow, ...]
    waiting: tuple[ItemRow, ...]
    #: Cursor for the next page of the pools, or ``None``.
    more: str | None


def _row(item: WorkItem, at: datetime, seen: View) -> ItemRow:
    inside = seen is View.CONTENT
    return ItemRow(
        id=item.pk,
        case_id=item.case_id,
        case_number=item.case.case_number,
        case_title=item.case.title if inside else "",
        case_type=item.case_type,
        name=item.name,
        node=item.node,
        act=item.act,
        roles=tuple(item.roles.split()),
        state=item.state,
        offered_at=item.offered_at,
        due_at=item.due_at,
        overdue=item.due_at is not None and item.due_at < at,
        claimed_by=item.claimed_by.display_name if item.claimed_by and inside else None,
    )


def _items() -> QuerySet[WorkItem]:
    return WorkItem.objects.select_related("case", "claimed_by").order_by("offered_at", "id")


def worklist(
    person: uuid.UUID, at: datetime, *, case_type: str | None = None, act: str | None = None, after: str | None = None
) -> Worklist:
    """Return the person's worklist; ``after`` is the cursor of the page before. Raises ``UnknownPage``."""
    reader = reading.Reader(person, at)
    items = _items().filter(reading.outside_walls(person, "case__"))
    if case_type:
        items = items.filter(case_type=case_type)
    if act:
        items = items.filter(act=act)
    own = [person, *organisation.stands_in_for(person, at)]
    mine = items.filter(state=WorkItem.State.CLAIMED, claimed_by__in=own)
    reach = reading.in_pools(reader.actor, at)
    pools = items.filter(reach, state=WorkItem.State.OFFERED) if reach is not None else items.none()
    if after:
        seen_at, seen_id = _cursor(after)
        pools = pools.filter(Q(offered_at__gt=seen_at) | Q(offered_at=seen_at, id__gt=seen_id))
    page = list(pools[: PAGE_SIZE + 1])
    involved = CaseAct.objects.filter(person=person).values("case")
    waiting = items.filter(state__in=OPEN, case__in=involved).exclude(claimed_by=person)
    if reach is not None:
        waiting = waiting.exclude(Q(state=WorkItem.State.OFFERED) & reach)
    shown = page[:PAGE_SIZE]
    lists = [list(mine), shown, list(waiting[:PAGE_SIZE])]
    views = reader.views({item.case_id: item.case for rows in lists for item in rows}.values())
    rows_of = [tuple(_row(item, at, views[item.case_id]) for item in rows) for rows in lists]
    return Worklist(
        mine=rows_of[0],
        # A conflict of interest closes also what is offered and what one waits for.
        pools=tuple(row for row in rows_of[1] if views[row.case_id] is not View.NOTHING),
        waiting=tuple(row for row in rows_of[2] if views[row.case_id] is not View.NOTHING),
        more=f"{shown[-1].offered_at.isoformat()}|{shown[-1].pk}" if len(page) > PAGE_SIZE else None,
    )


def _cursor(after: str) -> tuple[datetime, uuid.UUID]:
    moment, _, last = after.partition("|")
    try:
        seen_at, seen_id = datetime.fromisoformat(moment), uuid.UUID(last)
    except ValueError as error:
        raise UnknownPage("there is no such page of the worklist; begin from its first page") from error
    if seen_at.tzinfo is None:
        raise UnknownPage("there is no such page of the worklist; begin from its first page")
    return seen_at, seen_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What whoever may know of a case sees of it: metadata (R-73)."""

    id: uuid.UUID
    case_number: str
    case_type: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    last_act_at: datetime
    #: Empty unless the content is open too.
    title: str
    view: View
    #: True for whoever says who needs to know of a walled case (R-75).
    keeps_wall: bool = False

    @property
    def is_open(self) -> bool:
        """True when the content of the case is open to the reader."""
        return self.view is View.CONTENT


def _outline(case: Case, seen: View) -> Outline:
    return Outline(
        id=case.pk,
        case_number=case.case_number,
        case_type=case.case_type,
        state=case.state,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        last_act_at=case.last_act_at,
        title=case.title if seen is View.CONTENT else "",
        view=seen,
    )


def cases(person: uuid.UUID, at: datetime, *, case_type: str | None = None) -> list[Outline]:
    """Return the cases the person may know of, newest first (R-73, R-75)."""
    reader = reading.Reader(person, at)
    rows = Case.objects.select_related("proposal").filter(reader.known()).order_by("-opened_at")
    if case_type:
        rows = rows.filter(case_type=case_type)
    found = list(rows[:MOST_CASES])
    views = reader.views(found)
    return [_outline(case, views[case.pk]) for case in found if views[case.pk] is not View.NOTHING]


def outline(case_id: uuid.UUID, person: uuid.UUID, at: datetime) -> tuple[Outline, tuple[ItemRow, ...]]:
    """Return a case's metadata and its open steps. Raises ``UnknownCase``."""
    case, seen = reading.known_case(case_id, person, at, remember=False)
    actor = organisation.actor_at(person, at)
    keeps = case.walled_at is not None and access.may_keep_wall(actor, reading.stand(actor, case, at))
    steps = tuple(_row(item, at, seen) for item in open_items(case))
    return replace(_outline(case, seen), keeps_wall=keeps), steps


def readable(case_ids: Iterable[uuid.UUID], person: uuid.UUID, at: datetime) -> frozenset[uuid.UUID]:
    """Return which of some cases the person may know of."""
    rows = Case.objects.select_related("proposal").filter(pk__in=list(case_ids))
    views = reading.Reader(person, at).views(rows)
    return frozenset(case for case, seen in views.items() if seen is not View.NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """A decision with everything that belongs to it."""

    decision: Decision
    fields: Mapping[str, Any]
    participants: tuple[Mapping[str, str], ...]
    dissents: tuple[Any, ...]
    dispatched_at: datetime | None
    #: True when the reader took part and may still note a dissent.
    may_dissent: bool
    #: The version that corrects this one (FL 36 §, R-65).
    corrected_by: Decision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """Everything the page of a case shows."""

    case: Case
    facts: Mapping[str, Any]
    #: Numbers of walled cases that the reader must not meet here either (R-75); ``facts`` is without them.
    hidden: frozenset[str]
    proposals: tuple[Proposal, ...]
    proposal_fields: Mapping[str, Any]
    acts: tuple[CaseAct, ...]
    open_items: tuple[ItemRow, ...]
    decisions: tuple[DecisionView, ...]
    timeline: tuple[ledger.Event, ...]
    timers: tuple[Timer, ...]
    #: Qualified ids of the elements where the case waits.
    stands_at: tuple[str, ...]
    #: Display names by person id, for everyone on the page.
    names: Mapping[str, str]
    #: How each review was made, by act (R-23).
    looked: Mapping[uuid.UUID, Looked]


def case_page(case_id: uuid.UUID, person: uuid.UUID, at: datetime) -> CasePage:
    """Return the page of a case. Raises ``UnknownCase``."""
    case = readable_case(case_id, person, at)
    acts = tuple(CaseAct.objects.filter(case=case).select_related("person").order_by("at", "id"))
    timeline = tuple(ledger.of_stream(str(case.pk)))
    net = engine.net(case.definition_id)
    hidden = reading.hidden_numbers(person)
    return CasePage(
        case=case,
        facts=_without(hidden, typed_json.loads(case.facts)),
        hidden=hidden,
        proposals=tuple(case.proposals.select_related("written_by").order_by("matter", "version")),
        proposal_fields=typed_json.loads(case.proposal.content)["fields"] if case.proposal else {},
        acts=acts,
        open_items=tuple(_row(item, at, View.CONTENT) for item in open_items(case)),
        decisions=tuple(_decision_view(row, person) for row in _decisions(case)),
        timeline=timeline,
        timers=tuple(
            Timer.objects.filter(case=case, fired_at__isnull=True, cancelled_at__isnull=True).order_by("due_at")
        ),
        stands_at=tuple(
            sorted({wait.node for wait in engine_net.waits(net, Marking.loads(case.marking)) if wait.node in net})
        ),
        names=organisation.names(
            {act.person_id for act in acts} | {event.person for event in timeline if event.person}
        ),
        looked=second_eyes.of_case(case.pk),
    )


def _without(hidden: frozenset[str], value: Any) -> Any:
    """Return facts without the numbers of walled cases, alone or in lists of contexts."""
    if isinstance(value, dict):
        return {key: _without(hidden, entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_without(hidden, entry) for entry in value]
    return None if isinstance(value, str) and value in hidden else value


def _decisions(case: Case) -> QuerySet[Decision]:
    return case.decisions.select_related("decider", "rapporteur", "corrects").order_by("number")


def _decision_view(row: Decision, person: uuid.UUID) -> DecisionView:
    dispatch = getattr(row, "dispatch", None)
    dissents = tuple(row.dissents.select_related("person").order_by("at"))
    took_part = str(person) in dissenting.participants(row)
    return DecisionView(
        decision=row,
        fields=typed_json.loads(row.content)["fields"],
        participants=tuple(typed_json.loads(row.participants)["participants"]),
        dissents=dissents,
        dispatched_at=dispatch.at if dispatch else None,
        corrected_by=row.corrections.first(),
        may_dissent=took_part and dispatch is None and all(entry.person_id != person for entry in dissents),
    )


def decision_view(decision_id: uuid.UUID, person: uuid.UUID, at: datetime) -> DecisionView:
    """Return a decision the person may read. Raises ``UnknownCase``."""
    row = Decision.objects.select_related("decider", "rapporteur", "case", "corrects").filter(pk=decision_id).first()
    if row is None:
        raise UnknownCase("there is no such decision")
    readable_case(row.case_id, person, at)
    return _decision_view(row, person)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """Everything the page of a work item shows."""

    item: WorkItem
    row: ItemRow
    case: Case
    #: False when the reader sees no more than that the step is there: enough to take it (R-73).
    is_open: bool
    #: form-js schema of the step, or ``None`` for a step without a form.
    form: str | None
    help: str
    legal_basis: str
    #: Latest values of the form's fields, to start from.
    initial: Mapping[str, Any]
    facts: Mapping[str, Any]
    proposal: Proposal | None
    proposal_fields: Mapping[str, Any]
    #: The order's answer to this person doing the step now.
    verdict: Verdict
    #: Who could, when this person may not.
    who_may: tuple[str, ...]
    mine: bool
    #: True when the person has declared about conflict of interest in the case (R-01).
    declared: bool
    #: What the page sends back to prove what it showed.
    seen: str


def item_page(item_id: uuid.UUID, person: uuid.UUID, at: datetime) -> ItemPage:
    """Return the page of a work item. Raises ``UnknownCase``."""
    item = (
        WorkItem.objects.select_related("case__proposal", "case__definition", "claimed_by").filter(pk=item_id).first()
    )
    if item is None:
        raise UnknownCase("there is no such work item")
    case, seen = reading.known_case(item.case_id, person, at)
    inside = seen is View.CONTENT
    turn = display(case, person, at, item=item)
    answer, request = turn.verdict(Act(item.act))
    step = turn.net.node(item.node).step
    standing = turn.standing
    facts = turn.facts.values if inside else {}
    proposal = case.proposal if inside else None
    return ItemPage(
        item=item,
        row=_row(item, at, seen),
        case=case,
        is_open=inside,
        form=engine.form(case.definition_id, step.form) if step and step.form else None,
        help=(step.help or "") if step else "",
        legal_basis=(step.legal_basis or "") if step else "",
        initial=facts if step and step.proposal else facts.get(PROPOSED) or {},
        facts=facts,
        proposal=proposal,
        proposal_fields=typed_json.loads(proposal.content)["fields"] if proposal else {},
        verdict=answer if inside else _of_the_person(answer),
        who_may=who_may(request, answer, order=turn.order),
        mine=item.claimed_by_id == person,
        declared=str(person) in standing.cleared | standing.disqualified,
        seen=work.revision(item),
    )


def _of_the_person(verdict: Verdict) -> Verdict:
    """Return what a verdict says of the person alone: what the case lacks is content (R-73)."""
    personal = tuple(bar for bar in verdict.bars if bar.personal)
    return replace(verdict, bars=personal, duties=(), requirements=None)


def display(case: Case, person: uuid.UUID, at: datetime, *, item: WorkItem | None = None) -> Turn:
    """Return a turn that is only asked, never closed."""
    return Turn(
        case=case,
        item=item,
        order=orders.order_in_force(at),
        actor=organisation.actor_at(person, at),
        at=at,
        command="",
        operations=operations.REGISTRY,
    )


def who_may(request: DecisionRequest, verdict: Verdict, *, order: DelegationOrder) -> tuple[str, ...]:
    """Return the names of those in whom nothing stands against the act, at most twelve.

    Asked of the order person by person, as if each had declared: a name given here is no promise of a case that is
    not ready, and never someone who prepared it, reviewed it or is disqualified.
    """
    if verdict.lowest_role is None:
        return ()
    if request.act is Act.ANSWER:
        roles = offers.participant_roles(verdict.lowest_role)
        pool = offers.participant_case_type(verdict.lowest_role, request.case_type)
    else:
        roles, pool = offers.sufficient_roles(order, verdict.lowest_role), request.case_type
    return first_names(able(request, roles, pool, order=order))


def first_names(persons: Iterable[Person]) -> tuple[str, ...]:
    """Return the names of persons, at most twelve."""
    return tuple(person.display_name for person in islice(persons, MOST_NAMES))


def open_items(case: Case) -> list[WorkItem]:
    """Return a case's open work items, oldest first."""
    return list(_items().filter(case=case, state__in=OPEN))


def heads() -> dict[str, Head]:
    """Return the end of every case's chain as the case keeps it, for verification."""
    rows = Case.objects.values_list("id", "ledger_seq", "ledger_hash")
    return {str(case): Head(seq=seq, hash=digest) for case, seq, digest in rows.iterator()}


def model_of(case: Case) -> Mapping[str, str]:
    """Return the files of the process version the case runs on."""
    files: dict[str, str] = json.loads(case.definition.files)
    return files


def events(case: Case) -> Iterable[ledger.Event]:
    """Return the case's ledger."""
    return ledger.of_stream(str(case.pk))
