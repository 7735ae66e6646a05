"""Two at once: one wins, the other is told, and nothing is done twice. Real transactions, on both databases."""

from __future__ import annotations

import os
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, connections

from tests.workflow_app.conftest import BEGINNING, NOW
from tests.workflow_app.office import Office
from workflow_app.appointments import services as appointments
from workflow_app.cases import selectors
from workflow_app.cases.commands import Outcome
from workflow_app.cases.errors import AlreadyClaimed, NotAuthorised, NotOpen, TooLate
from workflow_app.cases.models import Case, CaseAct, Decision, Dispatch, Dissent, WorkItem
from workflow_app.cases.services import dissenting, opening, work
from workflow_app.cli import demo_authority
from workflow_app.ledger import verification
from workflow_app.ledger.chain import GENESIS
from workflow_app.organisation.models import DelegationGrant

#: How many times a decision and a revocation race. SQLite has one writer, and they only take turns.
RACES = int(os.environ.get("BEREDD_RACES") or (50 if connection.vendor == "postgresql" else 5))
#: So many that one side's always winning would be no accident.
MANY = 40
#: Seconds that one of two may start before the other.
LONGEST_LEAD = 0.01


@pytest.fixture
def busy_office(transactional_db: None) -> Office:
    """Return the demo authority in a database whose commits are real."""
    demo_authority.build(beginning=BEGINNING, at=NOW - timedelta(days=1), say=lambda text: None, processes=["etv"])
    return Office(at=NOW, client=uuid.uuid4().hex)


def _at_once(*acts: Callable[[], object]) -> list[object]:
    """Do the acts at the same moment and return what each gave or raised."""
    barrier = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(number: int) -> None:
        try:
            barrier.wait()
            results[number] = acts[number]()
        except Exception as error:  # noqa: BLE001 - the test looks at whatever it was
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_one_of_eight_claims_wins(busy_office: Office) -> None:
    office = busy_office
    item = office.item(office.open_case(), "assess_risk")
    people = [office.person(f"INSP-{number:03d}") for number in range(20, 28)]

    def claim(person: uuid.UUID) -> Callable[[], object]:
        return lambda: work.claim(item=item.pk, by=person, key="race", at=office.at, declares_no_circumstance=True)

    results = _at_once(*(claim(person) for person in people))

    lost = [result for result in results if isinstance(result, AlreadyClaimed)]
    assert len(lost) == len(people) - 1, results
    item.refresh_from_db()
    assert (item.state, item.revision) == (WorkItem.State.CLAIMED, 1)


def test_a_double_click_is_one_act(busy_office: Office) -> None:
    office = busy_office
    case = office.open_case()
    item = office.item(case, "assess_risk")
    office.claim(item, "insp_017")
    fields, at = office.form("assess_risk"), office.tick()

    def complete() -> object:
        return work.complete(item=item.pk, by=office.person("insp_017"), fields=fields, key="click", at=at)

    results = _at_once(complete, complete, complete)

    assert len({result.seq for result in results}) == 1, results  # type: ignore[attr-defined]
    assert sorted(result.replayed for result in results) == [False, True, True]  # type: ignore[attr-defined]
    assert CaseAct.objects.filter(case=case, node="assess_risk").count() == 1


def _copies(case: Case, count: int) -> Iterator[tuple[Case, WorkItem]]:
    """Yield copies of a case that waits for its decision, each with the step that its decider has taken.

    Played from the beginning, ten thousand cases would take an hour; what a decision reads is in these rows.
    """
    acts = list(CaseAct.objects.filter(case=case))
    items = list(WorkItem.objects.filter(case=case, state__in=["OFFERED", "CLAIMED"]))
    for number in range(count):
        copy = Case.objects.get(pk=case.pk)
        copy.pk, copy.case_number = uuid.uuid4(), f"Kopia {number}"
        copy.ledger_seq, copy.ledger_hash = 0, GENESIS
        copy.save(force_insert=True)
        for row in (*acts, *items):
            row.pk, row.case = uuid.uuid4(), copy
        for act in acts:
            act.work_item = None
        CaseAct.objects.bulk_create(acts)
        WorkItem.objects.bulk_create(items)
        yield copy, next(item for item in items if item.act == "DECIDE")


def test_r28_a_decision_that_races_with_a_revocation_is_before_it_or_refused(busy_office: Office) -> None:
    """``BEREDD_RACES`` says how many; ``make races`` runs ten thousand on PostgreSQL."""
    office = busy_office
    first = office.to_decision()
    office.claim(office.item(first, "decide"), "acn_etv")
    decider, director = office.person("acn_etv"), office.person("gd")
    grant = DelegationGrant.objects.get(person=decider, role="AC_N", case_type="ETV")
    fields, at = office.form("decide"), office.tick()
    outcomes: Counter[str] = Counter()
    barrier = threading.Barrier(2)

    def race(act: Callable[[], object], head_start: float) -> object:
        barrier.wait()
        time.sleep(head_start)
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - the test looks at whatever it was
            return error

    def leave() -> None:
        # Both wait, so that each of the two threads closes its own.
        barrier.wait()
        connections.close_all()

    with ThreadPoolExecutor(2) as lanes:
        for number, (case, item) in enumerate(_copies(first, RACES)):
            decide = partial(work.complete, item=item.pk, by=decider, fields=fields, key=f"race-{number}", at=at)
            revoke = partial(appointments.revoke, grant=grant.pk, by=director, key=f"race-{number}", at=at)
            lead = random.uniform(-LONGEST_LEAD, LONGEST_LEAD)
            runs = [lanes.submit(race, decide, max(0.0, lead)), lanes.submit(race, revoke, max(0.0, -lead))]
            decided, revoked = (run.result() for run in runs)

            assert isinstance(revoked, DelegationGrant), revoked
            made = Decision.objects.filter(case=case, decision_type="OPEN_SUPERVISION").count()
            if isinstance(decided, NotAuthorised):
                assert {bar.rule_id for bar in decided.verdict.bars} <= {"R-08", "R-59"}
                assert made == 0
            else:
                assert isinstance(decided, Outcome), decided
                assert made == 1
            outcomes["refused" if made == 0 else "decided"] += 1
            DelegationGrant.objects.filter(pk=grant.pk).update(valid_to=None, revoked_by=None)
        for lane in [lanes.submit(leave), lanes.submit(leave)]:
            lane.result()

    assert outcomes.total() == RACES
    # Were the lock of no use, one side would always win: both must have happened when there were many.
    assert RACES < MANY or all(outcomes[which] for which in ("decided", "refused")), outcomes
    assert verification.verify(selectors.heads()).ok


def test_r_66_dissent_and_dispatch_race_to_one_order(busy_office: Office) -> None:
    office = busy_office
    case = office.to_dispatch()
    office.do(case, "insp_017", "ask_for_dissent")
    item = office.item(case, "dispatch_decision")
    office.claim(item, "reg_05")
    decision = Decision.objects.get(case=case)
    fields, at = office.form("dispatch_decision"), office.tick()

    def dissent() -> object:
        return dissenting.dissent(
            decision=decision.pk, by=office.person("insp_018"), opinion="Annat.", key="race", at=at
        )

    def dispatch() -> object:
        return work.complete(item=item.pk, by=office.person("reg_05"), fields=fields, key="race", at=at)

    dissented, dispatched = _at_once(dissent, dispatch)

    assert Dispatch.objects.filter(decision=decision).count() == 1, dispatched
    assert Dissent.objects.filter(decision=decision).exists() is not isinstance(dissented, TooLate)


def test_a_double_click_opens_one_case(busy_office: Office) -> None:
    fields, by, at = busy_office.form("start"), busy_office.person("uppl_03"), busy_office.tick()

    def open_case() -> object:
        return opening.open_case(case_type="ETV", title="Enhet 0417", fields=fields, by=by, key="click", at=at)

    opened = _at_once(open_case, open_case, open_case)

    assert {case.pk for case in opened} == {Case.objects.get().pk}, opened  # type: ignore[attr-defined]
    assert CaseAct.objects.count() == 1


def test_two_who_complete_the_same_item_do_it_once(busy_office: Office) -> None:
    office = busy_office
    case = office.open_case()
    item = office.item(case, "assess_risk")
    office.claim(item, "insp_017")
    fields, at = office.form("assess_risk"), office.tick()

    def complete(key: str) -> Callable[[], object]:
        return lambda: work.complete(item=item.pk, by=office.person("insp_017"), fields=fields, key=key, at=at)

    results = _at_once(complete("one"), complete("two"))

    assert sum(isinstance(result, NotOpen) for result in results) == 1, results
    assert CaseAct.objects.filter(case=case, node="assess_risk").count() == 1


def test_the_same_right_given_twice_at_once_is_one_right(busy_office: Office) -> None:
    office = busy_office
    head, to, at = office.person("acn_etv"), office.person("INSP-160"), office.tick()

    def give() -> object:
        return appointments.give(person=to, role="INSP", case_type="ETV", by=head, valid_from=at, key="click", at=at)

    given = _at_once(give, give, give)

    assert {row.pk for row in given} == {DelegationGrant.objects.get(person=to, case_type="ETV").pk}, given  # type: ignore[attr-defined]
