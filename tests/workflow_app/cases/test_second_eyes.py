"""What the second pair of eyes opened, for how long, and whose they were: reported, never refused (R-21, R-23)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import logged_in
from workflow_app.cases import second_eyes, selectors
from workflow_app.cases.errors import FormRefused
from workflow_app.cases.models import Case, ReviewOpening, WorkItem
from workflow_app.cases.second_eyes import Looked, Remark
from workflow_app.cases.services import looking, proposing, work
from workflow_app.engine import bundles
from workflow_app.modeler import services as modeler
from workflow_app.organisation.models import Department, LinePost
from workflow_app.statistics import selectors as statistics


@pytest.fixture
def review(office: Office) -> tuple[Office, Case, WorkItem]:
    """A review that INSP-018 has taken."""
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")
    return office, case, item


def _look(office: Office, case: Case, part: str = "PAGE_OF_REVIEW", who: str = "insp_018") -> int:
    return looking.opened(case=case.pk, by=office.person(who), part=part, at=office.at)


def _answer(office: Office, case: Case, item: WorkItem, after: timedelta, **fields: object) -> Looked:
    work.complete(
        item=item.pk,
        by=office.person("insp_018"),
        fields=office.form("review_proposal") | fields,
        key=office.key(),
        at=office.tick(after),
    )
    (looked,) = second_eyes.of_case(case.pk).values()
    return looked


@pytest.mark.parametrize(("seconds", "remarks"), [(0, (Remark.EMPTY,)), (29, (Remark.EMPTY,)), (30, ()), (3600, ())])
def test_a_review_open_for_less_than_half_a_minute_is_reported_and_stands(
    review: tuple[Office, Case, WorkItem], seconds: int, remarks: tuple[Remark, ...]
) -> None:
    """R-23: never refused on time alone."""
    office, case, item = review
    office.tick(timedelta(days=1))
    assert _look(office, case) == 1

    looked = _answer(office, case, item, timedelta(seconds=seconds))

    assert (looked.remarks, looked.open_for) == (remarks, timedelta(seconds=seconds))


def test_a_claim_long_ago_does_not_make_a_glance_a_look(review: tuple[Office, Case, WorkItem]) -> None:
    """R-23"""
    office, case, item = review
    office.tick(timedelta(days=3))
    _look(office, case)

    assert _answer(office, case, item, timedelta(seconds=5)).remarks == (Remark.EMPTY,)


def test_work_that_came_by_no_page_was_open_from_when_it_was_taken(review: tuple[Office, Case, WorkItem]) -> None:
    """R-23"""
    office, case, item = review

    assert _answer(office, case, item, timedelta(seconds=31)).remarks == ()


def test_a_look_at_the_version_before_is_no_look_at_the_new_one(review: tuple[Office, Case, WorkItem]) -> None:
    """R-22, R-23"""
    office, case, item = review
    _look(office, case)
    case.refresh_from_db()
    assert case.proposal is not None
    proposing.amend(
        case=case.pk,
        by=office.person("insp_017"),
        fields=office.form("write_proposal") | {"decision_type": "OPEN_SUPERVISION", "reasons": "Nya skäl."},
        seen_hash=case.proposal.content_hash,
        key=office.key(),
        at=office.tick(timedelta(hours=1)),
    )

    assert _answer(office, case, item, timedelta(seconds=10)).remarks == (Remark.EMPTY,)


def test_what_was_opened_is_told_once_each_in_order(review: tuple[Office, Case, WorkItem]) -> None:
    """R-23"""
    office, case, item = review
    for part in ("PAGE_OF_REVIEW", "PAGE_OF_CASE", "PAGE_OF_LETTER", "PAGE_OF_CASE", "PAGE_OF_DECISION"):
        _look(office, case, part)

    looked = _answer(office, case, item, timedelta(minutes=5))

    assert looked.parts == ("PAGE_OF_REVIEW", "PAGE_OF_CASE", "PAGE_OF_LETTER", "PAGE_OF_DECISION")


def test_who_holds_no_review_leaves_no_trace(review: tuple[Office, Case, WorkItem]) -> None:
    office, case, _item = review

    assert _look(office, case, who="insp_017") == 0


def test_what_was_opened_cannot_be_changed_or_removed(review: tuple[Office, Case, WorkItem]) -> None:
    """R-23, R-78"""
    office, case, _item = review
    _look(office, case)

    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewOpening.objects.update(part="PAGE_OF_CASE")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewOpening.objects.all().delete()


def test_a_form_without_a_checklist_gives_no_review(office: Office) -> None:
    """R-23: a model that leaves the questions out is refused at the answer."""
    files = bundles.read_bundle(settings.BEREDD_BPMN_DIR / "etv")
    named = {name: data.replace(b'"checklist_', b'"question_') for name, data in files.items()}
    modeler.deploy(files=named, at=office.tick(), by="test")
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")
    answers = {key.replace("checklist_", "question_"): value for key, value in office.form("review_proposal").items()}

    with pytest.raises(FormRefused, match=r"R-23"):
        work.complete(item=item.pk, by=office.person("insp_018"), fields=answers, key=office.key(), at=office.tick())


def _move(office: Office, code: str, department: str, unit: str) -> None:
    LinePost.objects.filter(person=office.person(code)).update(
        department=Department.objects.get(code=department), unit=unit
    )


@pytest.mark.parametrize(
    ("writer", "reviewer", "remarks"),
    [
        (("A", "Enhet 1"), ("A", "Enhet 1"), (Remark.SAME_TEAM,)),
        (("A", "Enhet 1"), ("A", "Enhet 2"), ()),
        (("A", ""), ("A", ""), ()),
        (("A", "Enhet 1"), ("B", "Enhet 1"), ()),
    ],
)
def test_a_reviewer_from_the_writers_team_is_reported(
    review: tuple[Office, Case, WorkItem],
    writer: tuple[str, str],
    reviewer: tuple[str, str],
    remarks: tuple[Remark, ...],
) -> None:
    """R-21: soft, so nothing is refused."""
    office, case, item = review
    _move(office, "insp_017", *writer)
    _move(office, "insp_018", *reviewer)
    _look(office, case)

    assert _answer(office, case, item, timedelta(minutes=2)).remarks == remarks


def test_in_frequency_supervision_another_department_is_preferred(review: tuple[Office, Case, WorkItem]) -> None:
    """R-21"""
    office, case, item = review
    _move(office, "insp_017", "A", "Enhet 1")
    _move(office, "insp_018", "A", "Enhet 2")
    Case.objects.filter(pk=case.pk).update(case_type="FTB")
    _look(office, case)
    Case.objects.filter(pk=case.pk).update(case_type="ETV")
    _answer(office, case, item, timedelta(minutes=2))
    Case.objects.filter(pk=case.pk).update(case_type="FTB")

    (looked,) = second_eyes.of_case(case.pk).values()
    assert looked.remarks == (Remark.SAME_DEPARTMENT,)


def test_who_had_no_post_in_the_line_is_nobodys_team(review: tuple[Office, Case, WorkItem]) -> None:
    """R-21"""
    office, case, item = review
    LinePost.objects.filter(person=office.person("insp_017")).delete()

    assert _answer(office, case, item, timedelta(minutes=2)).remarks == ()


def test_the_case_page_and_the_measures_tell_of_an_empty_review(review: tuple[Office, Case, WorkItem]) -> None:
    """R-23"""
    office, case, item = review
    client = logged_in("insp_018")
    client.get(f"/items/{item.pk}/")
    client.get(f"/cases/{case.pk}/")
    assert list(ReviewOpening.objects.order_by("id").values_list("part", flat=True)) == [
        "PAGE_OF_REVIEW",
        "PAGE_OF_CASE",
    ]
    _answer(office, case, item, timedelta(seconds=1))

    page = logged_in("insp_018").get(f"/cases/{case.pk}/").content.decode()
    assert "Öppen i" in page
    assert "förslaget, ärendet" in page
    today = office.at.date()
    measure = statistics.report(first=today - timedelta(days=7), last=today).measure("REVIEWS")
    assert measure.by["remark"][0].key == "EMPTY_REVIEW"
    assert selectors.case_page(case.pk, office.person("insp_018"), office.at).looked
