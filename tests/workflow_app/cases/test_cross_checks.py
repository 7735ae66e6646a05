"""A provider's permit case and its serious supervision know of each other, whichever came first (JB-4)."""

from __future__ import annotations

import pytest

from tests.workflow_app.cases.linked import Linked
from tests.workflow_app.office import Office
from workflow_app.cases import typed_json
from workflow_app.cases.models import Case
from workflow_app.ledger import selectors as ledger
from workflow_app.orders import selectors as orders
from workflow_app.registry import selectors as registry

UNIT = "ENH-000417"


@pytest.fixture
def linked(office: Office) -> Linked:
    found = Linked(office)
    found.deploy_linked("TIL", "provider_id")
    return found


@pytest.fixture
def provider(linked: Linked) -> str:
    unit = registry.unit(UNIT)
    assert unit is not None
    return str(unit.provider_id)


def _known(case: Case) -> tuple[object, object]:
    case.refresh_from_db()
    facts = typed_json.loads(case.facts)
    return facts["open_permit_case"], facts["open_serious_supervision"]


def _serious(linked: Linked) -> Case:
    case = linked.office.open_case()
    linked.office.do(case, "insp_017", "assess_risk", risk_class="HIGH")
    return case


def test_a_permit_case_that_comes_after_serious_supervision_knows_of_it(linked: Linked, provider: str) -> None:
    _serious(linked)

    assert _known(linked.open("TIL", provider_id=provider)) == (True, True)


def test_the_supervision_case_is_told_of_a_permit_case_that_is_opened_later(linked: Linked, provider: str) -> None:
    supervision = _serious(linked)
    linked.jobs()
    assert _known(supervision)[0] is False

    linked.open("TIL", provider_id=provider)
    linked.jobs()

    assert _known(supervision) == (True, True)
    event = ledger.of_stream(str(supervision.pk))[-1]
    assert (event.kind, event.person) == ("CROSS_CHECKED", "")


def test_the_permit_case_is_told_when_supervision_becomes_serious(linked: Linked, provider: str) -> None:
    permit = linked.open("TIL", provider_id=provider)
    supervision = linked.office.open_case()
    linked.jobs()
    assert _known(permit) == (True, False)

    linked.office.do(supervision, "insp_017", "assess_risk", risk_class="HIGH")
    linked.jobs()

    assert _known(permit) == (True, True)


def test_a_permit_case_that_has_closed_concerns_nobody_any_more(linked: Linked, provider: str) -> None:
    supervision = _serious(linked)
    permit = linked.open("TIL", provider_id=provider)
    linked.jobs()

    linked.do(permit, "look")
    linked.jobs()

    assert _known(supervision)[0] is False


def test_no_form_can_deny_what_the_house_has_found(linked: Linked, provider: str) -> None:
    permit = linked.open("TIL", provider_id=provider)

    linked.office.do(permit, "reg_05", "look", open_permit_case=False)

    assert _known(permit)[0] is True


def test_the_cases_of_another_provider_are_left_alone(linked: Linked, provider: str) -> None:
    supervision = _serious(linked)
    other = "UTF-00003" if provider != "UTF-00003" else "UTF-00001"
    linked.open("TIL", provider_id=other)
    linked.jobs()

    assert _known(supervision)[0] is False


def test_the_same_word_is_told_once(linked: Linked, provider: str) -> None:
    supervision = _serious(linked)
    linked.open("TIL", provider_id=provider)
    linked.open("TIL", provider_id=provider)
    linked.jobs()

    kinds = [event.kind for event in ledger.of_stream(str(supervision.pk))]
    assert kinds.count("CROSS_CHECKED") == 1


def test_a_permit_with_open_serious_supervision_is_prepared_jointly(linked: Linked, provider: str) -> None:
    _serious(linked)
    permit = linked.open("TIL", provider_id=provider)
    permit.refresh_from_db()
    order = orders.order_in_force(linked.office.at)

    asked = order.requirements("TIL", "PERMIT_GRANT", {**typed_json.loads(permit.facts), "principle": False})

    assert "JB-4" in {joint.code for joint in asked.joint_preparations}
