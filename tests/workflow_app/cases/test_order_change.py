"""Another order begins to apply while cases are under way (R-29, R-30)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.workflow_app.office import Office
from workflow_app.cases.errors import NotAuthorised
from workflow_app.cases.models import Case, CaseAct, Decision, WorkItem
from workflow_app.cases.services import reordering
from workflow_app.ledger import selectors as ledger
from workflow_app.ledger.events import EventKind
from workflow_app.orders import selectors as orders
from workflow_app.orders import services as order_services
from workflow_app.orders.models import OrderVersion
from workflow_app.organisation.models import Person
from workflow_app.outbox.models import Job

RULES = "rules.dmn"
ROW = "DO-036"


def adopt(office: Office, *cells: tuple[str, str], row: str = ROW) -> OrderVersion:
    """Let an order begin to apply that is the one in force with output cells of a row changed."""
    version = orders.in_force(office.at).get()
    files = {name: text.encode() for name, text in json.loads(version.files).items()}
    text = files[RULES].decode()
    for column, value in cells:
        start = text.index(f'<outputEntry id="{row}_{column}"><text>') + len(f'<outputEntry id="{row}_{column}"><text>')
        text = text[:start] + value + text[text.index("</text>", start) :]
    return order_services.adopt(
        files={**files, RULES: text.encode()},
        number=f"DO-{OrderVersion.objects.count() + 1}",
        valid_from=office.tick(),
        adopted_by=Person.objects.get(pk=version.adopted_by_id),
        reviewed_by=Person.objects.get(pk=version.reviewed_by_id),
        at=office.at,
    )


def reorder(office: Office, case: Case, version: OrderVersion) -> Any:
    return reordering.reorder(case=case.pk, version=version.pk, at=office.tick())


def told(case: Case) -> dict[str, Any]:
    return dict(changes(case)[-1].data)


def changes(case: Case) -> list[ledger.Event]:
    return [event for event in ledger.of_stream(str(case.pk)) if event.kind == EventKind.ORDER_CHANGED]


def open_steps(case: Case) -> set[str]:
    rows = WorkItem.objects.filter(case=case, state__in=["OFFERED", "CLAIMED"])
    return {row.node.rpartition("/")[2] for row in rows}


def test_r29_a_stricter_row_adds_the_missing_step_and_what_was_done_stands(office: Office) -> None:
    case = office.to_decision()
    version = adopt(office, ("medical", "true"))

    assert reorder(office, case, version) is not None

    assert open_steps(case) == {"decide", "give_medical_opinion"}
    assert told(case)["controls_added"] == ["PHYSICIAN"]
    with pytest.raises(NotAuthorised) as refused:
        office.do(case, "acn_etv", "decide")
    assert "PHYSICIAN_HEARD" in {bar.code for bar in refused.value.verdict.bars}

    office.do(case, "tl_04", "give_medical_opinion")
    office.complete(office.item(case, "decide"), "acn_etv")
    decision = Decision.objects.get(case=case)
    assert decision.order_number == version.number
    # The review and the opinion given under the order before were not asked for again.
    assert CaseAct.objects.filter(case=case, act="REVIEW").count() == 1


def test_r29_a_higher_level_reroutes_the_decision_and_takes_it_from_whoever_lost_it(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")
    version = adopt(office, ("lowest_role", '"GD"'))

    reorder(office, case, version)

    item.refresh_from_db()
    assert item.state == "OFFERED"
    assert item.claimed_by_id is None
    assert "GD" in item.roles.split()
    assert (told(case)["lowest_before"], told(case)["lowest"]) == ("AC_N", "GD")
    with pytest.raises(NotAuthorised):
        office.claim(item, "acn_etv")


def test_r29_a_milder_row_reroutes_to_the_lower_role_and_done_steps_stand(office: Office) -> None:
    case = office.to_decision()
    version = adopt(office, ("lowest_role", '"EC_N"'))

    reorder(office, case, version)

    assert office.item(case, "decide").roles.split() == ["EC_N"]
    office.do(case, "ecn_etv_01", "decide")
    assert Decision.objects.get(case=case).order_number == version.number


def test_r29_a_control_that_is_no_longer_asked_for_is_no_longer_waited_for(office: Office) -> None:
    case = office.to_review()
    office.do(case, "insp_018", "review_proposal")
    assert open_steps(case) == {"give_legal_opinion"}
    version = adopt(office, ("jurist_role", "null"), ("jurist_mode", "null"))

    reorder(office, case, version)

    assert open_steps(case) == {"present_for_decision"}
    assert told(case)["controls_dropped"] == ["JURIST:AJ:S"]
    assert not CaseAct.objects.filter(case=case, act="CONSULT").exists()
    office.do(case, "insp_017", "present_for_decision")
    office.do(case, "acn_etv", "decide")


def test_r29_a_joint_preparation_is_added_with_each_participant(office: Office) -> None:
    case = office.to_decision()
    version = adopt(office, ("joint_always", '["JB-2"]'))

    reorder(office, case, version)

    asked = WorkItem.objects.filter(case=case, act="ANSWER", state="OFFERED")
    assert sorted(asked.values_list("participant", flat=True)) == ["AJ", "BCJ", "OLG"]
    assert all(item.is_added for item in asked)
    for item in asked.order_by("token"):
        who = {"AJ": "aj_09", "BCJ": "bcj_02", "OLG": "ecn_etv_01"}[item.participant]
        office.claim(item, who)
        office.complete(item, who)
    office.do(case, "acn_etv", "decide")
    assert Decision.objects.filter(case=case).exists()


def test_r29_a_presentation_is_added_where_the_decision_already_waits(office: Office) -> None:
    first = adopt(office, ("rapporteur", "false"))
    case = office.to_review()
    office.do(case, "insp_018", "review_proposal")
    office.do(case, "aj_09", "give_legal_opinion")
    assert open_steps(case) == {"decide"}
    assert first.number
    version = adopt(office, ("rapporteur", "true"))

    reorder(office, case, version)

    assert open_steps(case) == {"decide", "present_for_decision"}
    office.do(case, "insp_017", "present_for_decision")
    office.do(case, "acn_etv", "decide")


def test_r29_a_return_withdraws_what_was_added(office: Office) -> None:
    case = office.to_decision()
    reorder(office, case, adopt(office, ("medical", "true")))

    office.do(case, "acn_etv", "decide", outcome="RETURN", reason_primary="MISSING_COMPETENCE")
    office.do(case, "insp_017", "write_proposal", decision_type="OPEN_SUPERVISION")

    assert not [item for item in WorkItem.objects.filter(case=case, state__in=["OFFERED", "CLAIMED"]) if item.is_added]
    # The model's own way asks for it now.
    assert "give_medical_opinion" in open_steps(case)


def test_r29_a_signed_decision_stands(office: Office) -> None:
    case = office.to_dispatch()
    before = Decision.objects.get(case=case)
    version = adopt(office, ("lowest_role", '"GD"'), ("medical", "true"))

    assert reorder(office, case, version) is None
    after = Decision.objects.get(case=case)
    assert after.order_number == before.order_number != version.number
    assert after.decider_id == before.decider_id


def test_r29_a_case_that_the_change_does_not_touch_has_no_entry_of_it(office: Office) -> None:
    case = office.to_decision()
    version = adopt(office, ("medical", "true"), row="DO-046-1")

    assert reorder(office, case, version) is None
    assert not changes(case)


def test_r29_a_proposal_being_written_is_looked_up_when_it_is_there(office: Office) -> None:
    case = office.to_review()
    office.do(case, "insp_018", "review_proposal", outcome="RETURN", reason_primary="MISSING_BASIS")
    office.do(case, "aj_09", "give_legal_opinion")
    assert open_steps(case) == {"write_proposal"}
    version = adopt(office, ("medical", "true"))

    reorder(office, case, version)
    assert open_steps(case) == {"write_proposal"}

    office.do(case, "insp_017", "write_proposal", decision_type="OPEN_SUPERVISION")
    assert "give_medical_opinion" in open_steps(case)


def test_r29_the_job_is_done_once_for_each_case_and_only_by_the_order_in_force(office: Office) -> None:
    case = office.to_decision()
    version = adopt(office, ("medical", "true"))

    assert reordering.begin(version=version.pk, at=office.at) == 1
    assert reordering.begin(version=version.pk, at=office.at) == 1
    assert Job.objects.filter(kind="REORDER_CASE").count() == 1
    assert Job.objects.filter(kind="ORDER_BEGINS", payload__contains=str(version.pk)).count() == 1
    first = reorder(office, case, version)
    again = reorder(office, case, version)
    assert first is not None
    assert again is None or again.replayed
    assert len(changes(case)) == 1

    later = adopt(office, ("medical", "false"))
    assert reorder(office, case, version) is None
    reorder(office, case, later)
    assert "give_medical_opinion" not in open_steps(case)


def test_the_first_order_of_all_changes_nothing(office: Office) -> None:
    version = orders.in_force(office.at).get()

    assert reordering.begin(version=version.pk, at=office.at) == 0
    assert Job.objects.filter(kind="LOOK_AHEAD").count() >= 1
