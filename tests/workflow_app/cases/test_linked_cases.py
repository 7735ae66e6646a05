"""A case goes over into another, or waits for its children; nobody is given a right by it."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction

from tests.workflow_app.cases.linked import Linked
from tests.workflow_app.conftest import BEGINNING, NOW
from tests.workflow_app.office import Office
from workflow_app.cases import links, selectors, typed_json
from workflow_app.cases.errors import SubjectRefused
from workflow_app.cases.models import Case, CaseAct, CaseLink, HandOver, PermitRecord, WorkItem
from workflow_app.cases.services import children, handing_over
from workflow_app.cli import demo_authority
from workflow_app.engine.errors import UnknownDefinition
from workflow_app.jobs import runner
from workflow_app.ledger import selectors as ledger
from workflow_app.ledger import verification
from workflow_app.outbox.models import Job

UNITS = ("ENH-0001", "ENH-0002", "ENH-0003")


@pytest.fixture
def linked(office: Office) -> Linked:
    return Linked(office)


def _facts(case: Case) -> dict[str, object]:
    case.refresh_from_db()
    return typed_json.loads(case.facts)


def _kinds(case: Case) -> list[str]:
    return [event.kind for event in ledger.of_stream(str(case.pk))]


# -- one case goes over into another ---------------------------------------------------------------------------------


@pytest.fixture
def handed_over(linked: Linked) -> tuple[Case, Case]:
    linked.deploy_parent()
    linked.deploy_source()
    source = linked.open("UTL", summary="Fel medicin", unit_id="ENH-0417", reporter="Chefen")
    linked.do(source, "assess")
    linked.jobs()
    return source, CaseLink.objects.get(from_case=source).to_case


def test_a_case_goes_over_into_a_case_of_another_type(handed_over: tuple[Case, Case]) -> None:
    source, target = handed_over

    assert (target.case_type, target.state, target.title) == ("EKP", "OPEN", "Enhet 0417")
    assert target.case_number != source.case_number


def test_the_new_case_knows_what_its_own_intake_form_asks_for_and_nothing_else(handed_over: tuple[Case, Case]) -> None:
    source, target = handed_over
    facts = _facts(target)

    assert (facts["summary"], facts["unit_id"]) == ("Fel medicin", "ENH-0417")
    assert facts["source_case"] == source.case_number
    assert "reporter" not in facts
    assert "note" not in facts


def test_the_ledger_of_each_case_names_the_other(handed_over: tuple[Case, Case]) -> None:
    source, target = handed_over
    (opened,) = ledger.of_stream(str(target.pk))
    linked_to = ledger.of_stream(str(source.pk))[-1]

    assert (opened.kind, opened.person, opened.data["source"]) == ("CASE_OPENED", "", str(source.pk))
    assert (linked_to.kind, linked_to.person, linked_to.data["to"]) == ("CASE_LINKED", "", str(target.pk))
    assert verification.verify(selectors.heads()).ok


def test_a_case_that_nobody_registered_says_so_and_rests_on_no_permit(handed_over: tuple[Case, Case]) -> None:
    _, target = handed_over

    assert target.opened_by is None
    assert target.department is None
    assert not CaseAct.objects.filter(case=target).exists()
    assert not PermitRecord.objects.filter(case=target).exists()


def test_a_case_that_has_closed_with_the_hand_over_is_told_of_the_new_one(handed_over: tuple[Case, Case]) -> None:
    source, _ = handed_over
    source.refresh_from_db()

    assert source.state == Case.State.CLOSED
    assert _kinds(source)[-1] == "CASE_LINKED"


def test_a_hand_over_opens_one_case_however_often_its_job_comes(linked: Linked, handed_over: tuple[Case, Case]) -> None:
    source, _ = handed_over
    cases = Case.objects.count()

    again = handing_over.open_linked(hand_over=HandOver.objects.get().pk, at=linked.office.tick())

    assert again.replayed
    assert Case.objects.count() == cases
    assert _kinds(source).count("CASE_LINKED") == 1


def test_what_changes_in_the_source_afterwards_is_not_handed_over(linked: Linked) -> None:
    linked.deploy_parent()
    linked.deploy_source()
    source = linked.open("UTL", summary="Fel medicin", unit_id="ENH-0417", reporter="Chefen")
    linked.do(source, "assess")
    source.refresh_from_db()
    changed = typed_json.dumps({**typed_json.loads(source.facts), "summary": "Annat"})
    Case.objects.filter(pk=source.pk).update(facts=changed)

    linked.jobs()

    assert _facts(CaseLink.objects.get().to_case)["summary"] == "Fel medicin"


def test_what_the_intake_form_does_not_accept_is_left_out_and_named(linked: Linked) -> None:
    linked.deploy_parent()
    linked.deploy_source()
    source = linked.open("UTL", unit_id="ENH-0417")
    linked.do(source, "assess")
    asked = HandOver.objects.get()
    changed = HandOver(
        from_case=source,
        node=asked.node,
        kind=asked.kind,
        process=asked.process,
        facts=typed_json.dumps({"summary": True, "unit_id": "ENH-0417"}),
        at=asked.at,
    )
    changed.save(force_insert=True)

    handing_over.open_linked(hand_over=changed.pk, at=linked.office.tick())

    target = CaseLink.objects.get(hand_over=changed).to_case
    assert "summary" not in _facts(target)
    assert ledger.of_stream(str(target.pk))[0].data["unfilled"] == ["summary"]


def test_a_case_that_names_no_unit_does_not_go_over_to_the_supervision_of_one(linked: Linked) -> None:
    linked.deploy_source(into="etv")
    source = linked.open("UTL", summary="Fel medicin")

    with pytest.raises(SubjectRefused, match="`unit_id` names nothing to hand over"):
        linked.do(source, "assess")
    assert not HandOver.objects.exists()


def test_nothing_is_opened_of_a_process_that_is_not_deployed_and_the_job_waits(linked: Linked) -> None:
    linked.deploy_source()
    source = linked.open("UTL", summary="Fel medicin")
    linked.do(source, "assess")

    with pytest.raises(UnknownDefinition, match="p_parent"):
        handing_over.open_linked(hand_over=HandOver.objects.get().pk, at=linked.office.tick())
    at = linked.office.tick()
    assert runner.drain(clock=lambda: at).failed == 1
    assert not CaseLink.objects.exists()

    linked.deploy_parent()
    linked.office.tick(timedelta(minutes=10))
    linked.jobs()
    assert CaseLink.objects.get().to_case.case_type == "EKP"


@pytest.mark.parametrize("table", ["cases_handover", "cases_caselink"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET kind = 'CHILD'", "DELETE FROM {}"])
def test_a_link_cannot_be_changed_in_the_database(handed_over: tuple[Case, Case], table: str, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


# -- a case waits for its children -----------------------------------------------------------------------------------


@pytest.fixture
def family(linked: Linked) -> tuple[Case, list[Case]]:
    linked.deploy_parent()
    linked.deploy_child()
    return linked.family(*UNITS)


def test_a_case_is_opened_for_each_item_of_the_list(family: tuple[Case, list[Case]]) -> None:
    parent, opened = family

    assert [_facts(child)["unit_id"] for child in opened] == list(UNITS)
    assert {_facts(child)["question"] for child in opened} == {"Hur?"}
    assert {_facts(child)["source_case"] for child in opened} == {parent.case_number}
    told = _facts(parent)["children"]
    assert [(row["number"], row["unit_id"]) for row in told] == [  # type: ignore[attr-defined]
        (child.case_number, unit) for child, unit in zip(opened, UNITS, strict=True)
    ]


def test_nobody_is_asked_to_register_that_a_child_has_closed(family: tuple[Case, list[Case]]) -> None:
    parent, _ = family

    assert not WorkItem.objects.filter(case=parent, node="children_close").exists()


def test_the_parent_goes_on_when_every_child_has_closed(linked: Linked, family: tuple[Case, list[Case]]) -> None:
    parent, opened = family
    last, *first = opened
    for child in first:
        linked.do(child, "look")
    linked.jobs()
    assert selectors.open_items(parent) == []

    linked.do(last, "look")
    linked.jobs()

    assert linked.office.item(parent, "compile")
    outcomes = _facts(parent)["children_outcomes"]
    assert [row["number"] for row in outcomes] == [child.case_number for child in (*first, last)]  # type: ignore[attr-defined]
    assert _kinds(parent).count("CHILD_CLOSED") == len(UNITS)
    assert verification.verify(selectors.heads()).ok


def test_children_that_close_before_the_parent_waits_for_them_are_counted(linked: Linked) -> None:
    linked.deploy_parent(pause=True)
    linked.deploy_child()
    parent, opened = linked.family(*UNITS)
    for child in opened:
        linked.do(child, "look")
    linked.jobs()
    assert _facts(parent)["children_outcomes"] == []

    linked.do(parent, "pause")
    linked.jobs()

    assert linked.office.item(parent, "compile")
    assert len(_facts(parent)["children_outcomes"]) == len(UNITS)  # type: ignore[arg-type]


def test_a_child_is_told_of_once_however_often_its_job_comes(linked: Linked, family: tuple[Case, list[Case]]) -> None:
    parent, opened = family
    linked.do(opened[0], "look")
    linked.jobs()

    assert children.closed(case=opened[0].pk, at=linked.office.tick()) == 0
    assert children.collect(parent=parent.pk, at=linked.office.tick()) == 0

    assert _kinds(parent).count("CHILD_CLOSED") == 1
    assert [row["number"] for row in _facts(parent)["children_outcomes"]] == [opened[0].case_number]  # type: ignore[attr-defined]


def test_a_job_that_was_lost_is_made_good_by_the_next_look(linked: Linked, family: tuple[Case, list[Case]]) -> None:
    parent, opened = family
    for child in opened:
        linked.do(child, "look")
    Job.objects.filter(kind="CASE_CLOSED").delete()

    assert children.collect(parent=parent.pk, at=linked.office.tick()) == len(UNITS)
    assert linked.office.item(parent, "compile")


def test_a_parent_that_has_closed_is_told_nothing_more(linked: Linked, family: tuple[Case, list[Case]]) -> None:
    parent, opened = family
    Case.objects.filter(pk=parent.pk).update(state=Case.State.CLOSED, closed_at=linked.office.at)
    linked.do(opened[0], "look")

    linked.jobs()

    assert "CHILD_CLOSED" not in _kinds(parent)


def test_a_case_without_a_parent_closes_alone(linked: Linked) -> None:
    linked.deploy_source()
    source = linked.open("UTL", summary="Fel medicin")
    linked.do(source, "assess")

    assert children.closed(case=source.pk, at=linked.office.tick()) == 0


def test_a_sample_of_no_unit_opens_no_child_and_waits_for_none(linked: Linked) -> None:
    linked.deploy_parent()
    linked.deploy_child()
    parent, opened = linked.family()

    assert opened == []
    assert linked.office.item(parent, "compile")


def test_two_children_that_close_at_once_are_both_counted(transactional_db: None) -> None:
    demo_authority.build(beginning=BEGINNING, at=NOW - timedelta(days=1), say=lambda text: None, processes=["etv"])
    linked = Linked(Office(at=NOW, client=uuid.uuid4().hex))
    linked.deploy_parent()
    linked.deploy_child()
    parent, opened = linked.family(*UNITS[:2])
    for child in opened:
        linked.do(child, "look")
    at = linked.office.tick()
    barrier = threading.Barrier(4)

    def tell(child: Case) -> None:
        try:
            barrier.wait()
            children.closed(case=child.pk, at=at)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tell, args=(child,)) for child in (*opened, *opened)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert _kinds(parent).count("CHILD_CLOSED") == 2
    assert linked.office.item(parent, "compile")


# -- what a person sees ----------------------------------------------------------------------------------------------


def test_each_case_shows_the_other_to_those_who_may_read_it(linked: Linked, handed_over: tuple[Case, Case]) -> None:
    source, target = handed_over
    registrar, at = linked.office.person("reg_05"), linked.office.at

    (out,) = links.links(source, registrar, at).rows
    shown = links.links(target, registrar, at)

    assert (out.code, out.case_number, out.case) == ("HAND_OVER_OUT", target.case_number, target)
    assert [(row.code, row.case) for row in shown.rows] == [("HAND_OVER_IN", source)]
    assert shown.source == source.case_number


def test_no_more_than_the_number_of_a_case_is_told_to_those_who_may_not_read_it(
    linked: Linked, handed_over: tuple[Case, Case]
) -> None:
    source, target = handed_over

    (out,) = links.links(source, linked.office.person("insp_017"), linked.office.at).rows

    assert (out.case_number, out.case) == (target.case_number, None)


def test_a_case_that_is_on_its_way_is_announced(linked: Linked) -> None:
    linked.deploy_source()
    source = linked.open("UTL", summary="Fel medicin")
    linked.do(source, "assess")

    assert links.links(source, linked.office.person("reg_05"), linked.office.at).awaited == 1
