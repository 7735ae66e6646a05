"""The page of a case shows the cases it belongs to."""

from __future__ import annotations

import pytest

from tests.workflow_app.cases.linked import Linked
from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import logged_in
from workflow_app.cases import typed_json
from workflow_app.cases.models import Case, CaseLink


@pytest.fixture
def cases(office: Office) -> tuple[Case, Case]:
    linked = Linked(office)
    linked.deploy_parent()
    linked.deploy_source()
    source = linked.open("UTL", summary="Fel medicin")
    linked.do(source, "assess")
    linked.jobs()
    return source, CaseLink.objects.get().to_case


def _page(case: Case, login: str = "reg_05") -> str:
    return logged_in(login).get(f"/cases/{case.pk}/").content.decode()


def test_both_cases_lead_to_each_other(cases: tuple[Case, Case]) -> None:
    source, target = cases

    assert f'<a href="/cases/{target.pk}/">{target.case_number}</a>' in _page(source)
    page = _page(target)
    assert f'<a href="/cases/{source.pk}/">{source.case_number}</a>' in page
    assert "Kom från" in page
    assert f"av ärende {source.case_number}" in page


def test_a_case_alone_shows_no_links(office: Office) -> None:
    assert "Länkade ärenden" not in _page(office.open_case(), "insp_017")


def test_what_came_over_and_fits_no_field_is_shown_where_it_came_to(cases: tuple[Case, Case]) -> None:
    source, target = cases
    facts = typed_json.loads(target.facts)
    Case.objects.filter(pk=target.pk).update(facts=typed_json.dumps({**facts, "summary": None}))

    page = _page(target)

    assert f"Följde med från ärende {source.case_number} och passar inget fält här" in page
    assert "Fel medicin" in page
    assert "passar inget fält här" not in _page(source)


def test_nothing_is_said_to_be_left_over_where_everything_found_its_field(cases: tuple[Case, Case]) -> None:
    assert "passar inget fält här" not in _page(cases[1])
