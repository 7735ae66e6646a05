"""A case is linked to the entries of the registers that it is about; some types of case cannot do without (S-42)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests.bpmn.models import BPMN_DIR, CASE_TYPES, FORMS, fields
from tests.workflow_app.office import Office
from workflow_app.cases import filling, subject, typed_json
from workflow_app.cases.errors import FormRefused, SubjectRefused
from workflow_app.cases.facts import CaseFacts
from workflow_app.cases.models import Case
from workflow_app.engine import bundles
from workflow_app.modeler import services as modeler
from workflow_app.registry.models import SupervisedUnit

UNIT = "ENH-000417"
PICKED = """{"components": [
  {"type": "textfield", "key": "unit_id", "properties": {"register": "SUPERVISED_UNIT"}},
  {"type": "dynamiclist", "path": "sample", "components": [
    {"type": "textfield", "key": "provider", "properties": {"register": "PROVIDER"}}]}]}"""


class _Turn:
    """As much of a turn as linking needs."""

    def __init__(self, case_type: str, at: Any, **facts: Any) -> None:
        self.case = Case(case_type=case_type)
        self.facts = CaseFacts(values=facts)
        self.at = at
        self.changes: dict[str, Any] = {}

    def change(self, **columns: Any) -> None:
        self.changes |= columns


def test_a_case_is_linked_to_the_unit_with_its_provider_and_knows_what_the_register_says(office: Office) -> None:
    office.open_case()

    case = office.open_case(unit_id=UNIT)

    assert (case.unit_id, case.provider_id, case.principal_id) == (UNIT, "UTF-00031", None)
    told = typed_json.loads(Case.objects.get(pk=case.pk).facts)
    assert told["unit_name"] == "HVB Enhet 0417"
    assert told["provider_name"] == "Demo Omsorg 031 AB"
    assert (told["unit_type"], told["receives_children"]) == ("HVB", True)
    assert told["earlier_cases"] == 1


@pytest.mark.parametrize(
    ("unit", "problem"),
    [
        (None, "must be filled in"),
        ("", "must be filled in"),
        ("HVB Enhet 0417", "is not in the register"),
        ("ENH-999999", "is not in the register"),
        ("ENH-000418", "is not in force"),
    ],
)
def test_a_supervision_is_not_opened_without_a_unit_in_force(office: Office, unit: str | None, problem: str) -> None:
    SupervisedUnit.objects.filter(code="ENH-000418").update(active_to=date(2026, 11, 23))
    before = Case.objects.count()

    with pytest.raises(FormRefused) as refusal:
        office.open_case(unit_id=unit)

    assert refusal.value.problems["unit_id"].startswith(problem)
    assert Case.objects.count() == before


@pytest.mark.parametrize(("case_type", "fact"), subject.REQUIRED.items())
def test_a_type_that_must_be_about_something_is_refused_without_it(office: Office, case_type: str, fact: str) -> None:
    others = {
        "unit_id": UNIT,
        "licensed_person_id": "LEG-000001",
        "provider_id": "UTF-00001",
        "principal_id": "KOM-001",
    }
    # A unit has a provider of its own, so that a permit could be linked through it.
    facts = {name: code for name, code in others.items() if name != fact}

    with pytest.raises(SubjectRefused, match=f"`{fact}` names nothing at `link`") as refusal:
        subject.link(_Turn(case_type, office.at, **facts), "link")  # type: ignore[arg-type]

    assert refusal.value.code == "SUBJECT_REFUSED"


def test_supervision_of_a_principal_is_linked_to_the_principal_and_to_no_unit(office: Office) -> None:
    """DO-037"""
    case = office.open_case(unit_id=UNIT, of_principal=True, principal_id="KOM-001")

    # The form asks for one of the two: a unit that was typed before is not what the case is about.
    assert (case.principal_id, case.unit_id, case.provider_id) == ("KOM-001", None, None)

    with pytest.raises(FormRefused) as refusal:
        office.open_case(of_principal=True)
    assert set(refusal.value.problems) == {"principal_id"}

    with pytest.raises(SubjectRefused, match="`principal_id` names nothing at `link`"):
        subject.link(_Turn("ETV", office.at, of_principal=True, unit_id=UNIT), "link")  # type: ignore[arg-type]
    with pytest.raises(SubjectRefused, match="or say that supervision is of a principal"):
        subject.link(_Turn("ETV", office.at, principal_id="KOM-001"), "link")  # type: ignore[arg-type]


def test_a_process_that_forgets_to_link_its_cases_opens_none(office: Office) -> None:
    files = bundles.read_bundle(BPMN_DIR / "etv")
    link = b'<beredd:operation name="link_unit" />'
    assert link in files["process.bpmn"]
    other = b'<beredd:operation name="add_appeal_instruction" />'
    files["process.bpmn"] = files["process.bpmn"].replace(link, other)
    modeler.deploy(files=files, by=str(office.person("po_01")), at=office.at)

    with pytest.raises(SubjectRefused, match="must do `link_unit`"):
        office.open_case()

    assert not Case.objects.exists()


def test_information_may_be_about_nothing_until_it_is_triaged(office: Office) -> None:
    turn = _Turn("UPPL", office.at)

    subject.link(turn, "link")  # type: ignore[arg-type]

    assert turn.changes == dict.fromkeys(subject.REGISTERS)
    assert turn.facts.values["earlier_cases"] == 0


def test_a_report_of_a_municipality_and_a_case_of_a_licensed_person_are_linked_to_them(office: Office) -> None:
    board, person = (
        _Turn("EVB", office.at, principal_id="KOM-001"),
        _Turn("TLP", office.at, licensed_person_id="LEG-000001"),
    )

    subject.link(board, "link")  # type: ignore[arg-type]
    subject.link(person, "link")  # type: ignore[arg-type]

    assert (board.changes["principal_id"], board.facts.values["principal_name"]) == ("KOM-001", "Kommun 001")
    assert person.changes["licensed_person_id"] == "LEG-000001"


def test_the_database_knows_no_case_about_a_unit_that_is_not_in_the_register(office: Office) -> None:
    case = office.open_case()

    def spoil() -> None:
        Case.objects.filter(pk=case.pk).update(unit_id="ENH-999999")
        connection.check_constraints()

    with pytest.raises(IntegrityError), transaction.atomic():
        spoil()


def test_every_code_in_a_form_must_be_in_its_register_also_in_a_row(office: Office) -> None:
    answers = {"unit_id": UNIT, "sample": [{"provider": "UTF-00001"}, {"provider": ""}, {"provider": "UTF-99999"}]}

    with pytest.raises(FormRefused) as refusal:
        filling.clean(PICKED, answers, {}, at=office.at)

    assert set(refusal.value.problems) == {"sample.3.provider"}


def test_every_type_that_must_be_linked_asks_for_what_it_is_about_and_links_it() -> None:
    shipped = {folder.name: folder for folder in CASE_TYPES if (folder / "forms" / "intake.json").exists()}
    wanted = {name: fact for code, fact in subject.REQUIRED.items() if (name := code.lower()) in shipped}
    # National and frequency supervision begin with a plan; their units come with the cases that the plan opens.
    wanted = {name: fact for name, fact in wanted.items() if name not in ("nts", "ftb")}
    assert {"etv", "lma", "lsa", "evb"} <= set(wanted)
    for name, fact in wanted.items():
        asked = {field.get("key"): field for field in fields(shipped[name] / "forms" / "intake.json")}
        assert asked[fact]["properties"]["register"] == subject.REGISTERS[fact].value, name
        assert asked[fact]["validate"]["required"] is True, name
        assert "link_unit" in (BPMN_DIR / name / "process.bpmn").read_text(encoding="utf-8"), name


COMPARED = """{"components": [
  {"type": "dynamiclist", "path": "comparable_decisions", "components": [
    {"type": "textfield", "key": "case_number", "properties": {"case": true}},
    {"type": "textfield", "key": "shows"}]}]}"""


def test_a_decision_that_is_compared_with_is_of_a_case_that_exists(office: Office) -> None:
    number = office.open_case().case_number
    rows = [{"case_number": number, "shows": "Samma brist."}, {"case_number": "DVO 1999-000001", "shows": "Okänt."}]

    with pytest.raises(FormRefused) as refusal:
        filling.clean(COMPARED, {"comparable_decisions": rows}, {}, at=office.at)

    assert refusal.value.problems == {"comparable_decisions.2.case_number": "is not the number of any case"}
    assert filling.clean(COMPARED, {"comparable_decisions": rows[:1]}, {}, at=office.at) == {
        "comparable_decisions": rows[:1]
    }


def test_no_form_asks_for_compared_decisions_in_free_text() -> None:
    asked = [
        field
        for path in FORMS
        for field in fields(path)
        if field["key"] in ("comparable_decisions", "earlier_decisions_considered")
    ]
    assert len(asked) > 10
    for field in asked:
        assert field["components"][0]["properties"] == {"case": True}
