"""Whom a case is open to, how much of it, and what work a person's grants reach (see ``delegation.access``)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from delegation import access, offers
from delegation.access import Exceptional, Stand, View
from delegation.errors import DelegationError
from delegation.types import Act, Actor, GrantKind
from workflow_app.cases import facts as case_facts
from workflow_app.cases import typed_json
from workflow_app.cases.errors import ContentClosed, UnknownCase
from workflow_app.cases.facts import Standing
from workflow_app.cases.models import Case, CaseAct, NamedException, NeedToKnow, WorkItem
from workflow_app.ledger import services as ledger
from workflow_app.ledger.chain import Data
from workflow_app.ledger.events import EventKind
from workflow_app.orders import selectors as orders
from workflow_app.organisation import selectors as organisation

if TYPE_CHECKING:
    from workflow_app.cases.commands import Command

OPEN = (WorkItem.State.OFFERED, WorkItem.State.CLAIMED)
#: The ruling on a declared circumstance, a row that every case may come to wait under (DO-004).
RULING = "CONFLICT_RULING"
#: The ledger's stream of who has read what is secret, and who was kept from reading (R-78).
STREAM = "READS"


def in_pools(actor: Actor, at: datetime) -> Q | None:
    """Return the condition for offered work that the actor's grants reach, or ``None`` for no grants.

    Work in a walled case is offered to those on its need-to-know list alone (R-75).
    """
    order = orders.order_in_force(at)
    reach: Q | None = None
    for grant in actor.grants:
        # A sub-delegation lends the right to decide what waits for the role it comes from (G-5).
        lent = grant.kind is GrantKind.SUB_DELEGATION
        roles = (grant.on_behalf_of or "",) if lent else offers.seen_roles(order, grant.role)
        for role in roles:
            one = Q(roles__contains=f" {role} ")
            if lent:
                one &= Q(act=Act.DECIDE.value)
            if grant.case_types is not None:
                one &= Q(case_type__in=[*sorted(grant.case_types), WorkItem.ANY_CASE_TYPE])
            reach = one if reach is None else reach | one
    return reach & outside_walls(uuid.UUID(actor.person), "case__") if reach is not None else None


def outside_walls(person: uuid.UUID, case: str = "") -> Q:
    """Return the condition for cases that a person may know of as far as walls go (R-75); ``case`` leads to them."""
    return Q(**{f"{case}walled_at__isnull": True}) | Q(**{f"{case}pk__in": _listed(person)})


def _listed(person: uuid.UUID) -> QuerySet[NeedToKnow, Any]:
    return NeedToKnow.objects.filter(person=person, ended_at__isnull=True).values("case")


def hidden_numbers(person: uuid.UUID) -> frozenset[str]:
    """Return the numbers of cases that walls keep from a person: other cases may name them (R-75)."""
    walled = Case.objects.filter(walled_at__isnull=False).exclude(pk__in=_listed(person))
    return frozenset(walled.values_list("case_number", flat=True))


class Reader:
    """A person who asks to read cases at a moment."""

    def __init__(self, person: uuid.UUID | str, at: datetime, *, actor: Actor | None = None) -> None:
        self.actor = actor or organisation.actor_at(person, at)
        self.person = uuid.UUID(self.actor.person)
        self.at = at

    def known(self) -> Q:
        """Return the condition for cases that the person may come to know of; ``views`` has the last word."""
        person, types = self.person, access.types_known(self.actor)
        if types is None:
            return outside_walls(person)
        acted = CaseAct.objects.filter(person=person).values("case")
        holding = WorkItem.objects.filter(claimed_by=person, state=WorkItem.State.CLAIMED).values("case")
        let_in = self._exceptions().values("content_object")
        known = Q(case_type__in=sorted(types)) | Q(opened_by=person)
        known |= Q(pk__in=acted) | Q(pk__in=holding) | Q(pk__in=let_in) | Q(pk__in=_listed(person))
        return known & outside_walls(person)

    def _exceptions(self) -> QuerySet[NamedException]:
        return NamedException.objects.filter(user__person=self.person, valid_from__lte=self.at, valid_to__gt=self.at)

    def views(self, cases: Iterable[Case]) -> dict[uuid.UUID, View]:
        """Return how much the person sees of each of some cases."""
        return {case.pk: access.view(self.actor, stand) for case, stand in self.stands(list(cases))}

    def view(self, case: Case) -> View:
        """Return how much the person sees of a case (R-73, R-75, R-03)."""
        return self.views([case])[case.pk]

    def stand(self, case: Case) -> Stand:
        """Return how the person stands to a case."""
        ((_, stand),) = self.stands([case])
        return stand

    def stands(self, cases: Collection[Case]) -> Iterator[tuple[Case, Stand]]:
        """Yield each of some cases with how the person stands to it: as many queries for one case as for many."""
        person = self.person
        acted = set(CaseAct.objects.filter(person=person, case__in=cases).values_list("case", flat=True))
        mine = Q(claimed_by=person, state=WorkItem.State.CLAIMED)
        holding = set(WorkItem.objects.filter(mine, case__in=cases).values_list("case", flat=True))
        reach = in_pools(self.actor, self.at)
        offered = WorkItem.objects.filter(reach, case__in=cases, state__in=OPEN) if reach else WorkItem.objects.none()
        asked = set(offered.values_list("case", flat=True))
        listed = NeedToKnow.objects.filter(person=person, case__in=cases, ended_at__isnull=True)
        knowing = set(listed.values_list("case", flat=True))
        exceptions: dict[uuid.UUID, set[Exceptional]] = {}
        for case_id, code in (
            self._exceptions().filter(content_object__in=cases).values_list("content_object", "permission__codename")
        ):
            exceptions.setdefault(case_id, set()).add(Exceptional(code))
        for case in cases:
            standing = Standing.loads(case.standing)
            registered = case.opened_by_id == person
            yield (
                case,
                Stand(
                    case_type=case.case_type,
                    # Whoever is called on for a step in spite of a conflict sees the case while it waits.
                    disqualified=str(person) in standing.disqualified and not standing.is_needed(str(person)),
                    cleared=registered or str(person) in standing.cleared or standing.is_needed(str(person)),
                    takes_part=registered or case.pk in acted or case.pk in holding,
                    asked=case.pk in asked,
                    decides=self._decides(case, standing),
                    exceptions=frozenset(exceptions.get(case.pk, ())),
                    walled=case.walled_at is not None,
                    needs_to_know=case.pk in knowing,
                ),
            )

    def _decides(self, case: Case, standing: Standing) -> bool:
        """Tell whether a grant reaches the row of the proposal in force, or of a ruling that is waited for (R-73)."""
        if not self.actor.grants:
            return False
        rows = [(case.proposal.decision_type, False)] if case.proposal else []
        if standing.unruled:
            rows.append((RULING, True))
        if not rows:
            return False
        order, values = orders.order_in_force(self.at), typed_json.loads(case.facts)
        for decision_type, jurist in rows:
            try:
                row = case_facts.requirements(order, case, values, decision_type)
            except DelegationError:
                # No row, or none that can be told: then nobody reads the case for its sake.
                continue
            if access.reaches(self.actor, order, row, case_type=case.case_type, jurist=jurist):
                return True
        return False


def stand(actor: Actor, case: Case, at: datetime) -> Stand:
    """Return how a person stands to a case."""
    return Reader(actor.person, at, actor=actor).stand(case)


def within_walls(case: Case, person: uuid.UUID) -> bool:
    """Tell whether no wall keeps a person from knowing of a case (R-75)."""
    return case.walled_at is None or NeedToKnow.objects.filter(case=case, person=person, ended_at__isnull=True).exists()


def view(actor: Actor, case: Case, at: datetime) -> View:
    """Return how much of a case a person sees (R-73, R-75, R-03)."""
    return Reader(actor.person, at, actor=actor).view(case)


def may_read(actor: Actor, case: Case, at: datetime) -> bool:
    """Tell whether a person may read the content of a case (R-73)."""
    return view(actor, case, at) is View.CONTENT


def may_know(actor: Actor, case: Case, at: datetime) -> bool:
    """Tell whether a person may know that there is such a case (R-75)."""
    return view(actor, case, at) is not View.NOTHING


def readable_case(case_id: uuid.UUID, person: uuid.UUID, at: datetime) -> Case:
    """Return a case whose content the person may read (R-73).

    Raises ``UnknownCase`` also for one the person may not know of, and ``ContentClosed`` for one of which the person
    sees metadata only. Both are recorded, and so is the reading of what is secret (R-78).
    """
    case, seen = known_case(case_id, person, at)
    if seen is not View.CONTENT:
        remember_read(EventKind.READ_REFUSED, case_id, person, at)
        raise ContentClosed(
            "you see that there is such a case, but not its content: take a step in it, or ask the head of its type"
        )
    return case


def known_case(case_id: uuid.UUID, person: uuid.UUID, at: datetime, *, remember: bool = True) -> tuple[Case, View]:
    """Return a case the person may know of, and how much of it. Raises ``UnknownCase`` (recorded).

    ``remember`` is false where no content is shown.
    """
    rows = Case.objects.select_related(
        "proposal__written_by", "opened_by", "definition", "unit", "provider", "principal", "licensed_person"
    )
    case = rows.filter(pk=case_id).first()
    unknown = UnknownCase("there is no such case, or you hold no grant that opens it; ask the head of its case type")
    if case is None:
        raise unknown
    reader = Reader(person, at)
    stand = reader.stand(case)
    seen = access.view(reader.actor, stand)
    if seen is View.NOTHING:
        remember_read(EventKind.READ_REFUSED, case_id, person, at)
        raise unknown
    if remember and seen is View.CONTENT and (stand.walled or stand.exceptions):
        remember_read(
            EventKind.CASE_READ, case_id, person, at, walled=stand.walled, exceptions=sorted(stand.exceptions)
        )
    return case, seen


def refused(command: Command, *, what: str) -> None:
    """Keep in the ledger that a person was refused something secret (R-78), after the refused command is undone."""
    if command.person is None:
        raise TypeError("nobody has been refused: nobody asked")
    case = command.case or WorkItem.objects.get(pk=command.item or "").case_id
    remember_read(EventKind.READ_REFUSED, case, command.person, command.at, what=what)


def remember_read(kind: EventKind, case: uuid.UUID, person: uuid.UUID, at: datetime, **more: Data) -> None:
    """Keep in the ledger that somebody read what is secret, or was kept from reading (R-78)."""
    ledger.record(
        stream=STREAM,
        kind=kind,
        at=at,
        person=str(person),
        command=f"read:{uuid.uuid4()}",
        data={"case": str(case), **more},
    )
