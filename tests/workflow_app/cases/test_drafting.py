"""A draft is its writer's alone, changes nothing, loses nothing and is gone when the step is."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.workflow_app.office import Office
from workflow_app.cases import drafts
from workflow_app.cases.errors import CaseError, DraftTooLarge, NotClaimed, NotOpen, StaleDraft, UnknownCase
from workflow_app.cases.models import Case, FormDraft, WorkItem
from workflow_app.cases.services import conflicts, drafting, work
from workflow_app.jobs import runner
from workflow_app.ledger.models import LedgerEntry

pytestmark = pytest.mark.django_db

PAGE, OTHER_PAGE = uuid.uuid4(), uuid.uuid4()
TYPED = {"risk_reasons": ["Tre samtal med sam"], "case_types_concerned": ["tv"]}


@pytest.fixture
def risk(office: Office) -> WorkItem:
    """A step that the inspector has taken."""
    item = office.item(office.open_case(), "assess_risk")
    office.claim(item, "insp_017")
    return item


def save(office: Office, item: WorkItem, by: str = "insp_017", **changed: Any) -> int:
    given = {"typed": TYPED, "page": PAGE, "revision": 0, "seen": "1:-", "at": office.tick()} | changed
    return drafting.save(item=item.pk, by=office.person(by), **given)


def read(office: Office, item: WorkItem, by: str = "insp_017") -> drafts.Draft | None:
    return drafts.draft(item.pk, office.person(by))


def jobs_done(office: Office) -> None:
    later = office.tick(timedelta(seconds=1))
    runner.drain(clock=lambda: later)


def test_a_draft_is_kept_as_typed(office: Office, risk: WorkItem) -> None:
    save(office, risk)

    kept = read(office, risk)
    assert kept is not None
    assert (kept.typed, kept.revision, kept.at) == (TYPED, 1, office.at)


@pytest.mark.parametrize("text", ["\x00", "\ud800", "\u202e", "ö" * 1000, "'; DROP TABLE cases_case; --"])
def test_a_draft_keeps_whatever_stands_there(office: Office, risk: WorkItem, text: str) -> None:
    save(office, risk, typed={"risk_reasons": [text]})

    kept = read(office, risk)
    assert kept is not None
    assert kept.typed == {"risk_reasons": [text]}


def test_a_draft_changes_neither_case_nor_ledger(office: Office, risk: WorkItem) -> None:
    before = Case.objects.filter(pk=risk.case_id).values().get(), LedgerEntry.objects.count()

    save(office, risk)

    assert (Case.objects.filter(pk=risk.case_id).values().get(), LedgerEntry.objects.count()) == before


def test_a_page_writes_again_what_it_has_written(office: Office, risk: WorkItem) -> None:
    save(office, risk)

    assert save(office, risk, typed={"risk_reasons": ["Klart."]}) == 2


def test_a_page_that_shows_the_latest_draft_goes_on_from_it(office: Office, risk: WorkItem) -> None:
    shown = save(office, risk)

    assert save(office, risk, page=OTHER_PAGE, revision=shown) == 2


def test_a_page_that_does_not_is_told_and_nothing_is_lost(office: Office, risk: WorkItem) -> None:
    save(office, risk)

    with pytest.raises(StaleDraft):
        save(office, risk, page=OTHER_PAGE, typed={"risk_reasons": ["Annat."]})

    kept = read(office, risk)
    assert kept is not None
    assert kept.typed == TYPED


def test_a_draft_has_a_largest_size(office: Office, risk: WorkItem) -> None:
    with pytest.raises(DraftTooLarge):
        save(office, risk, typed={"risk_reasons": ["a" * drafting.LARGEST]})
    assert read(office, risk) is None


@pytest.mark.parametrize(
    ("by", "refusal"),
    [("insp_018", NotClaimed), ("ecn_etv_01", NotClaimed), ("INSP-376", UnknownCase)],
)
def test_only_the_one_who_has_taken_the_step_keeps_a_draft(
    office: Office, risk: WorkItem, by: str, refusal: type[CaseError]
) -> None:
    with pytest.raises(refusal):
        save(office, risk, by=by)
    assert not FormDraft.objects.exists()


def test_nobody_else_reads_a_draft(office: Office, risk: WorkItem) -> None:
    save(office, risk)

    assert read(office, risk, by="ecn_etv_01") is None
    assert read(office, risk, by="insp_018") is None


def test_an_unknown_step_is_told_of_to_nobody(office: Office) -> None:
    with pytest.raises(UnknownCase):
        drafting.save(
            item=uuid.uuid4(), by=office.person("insp_017"), typed={}, page=PAGE, revision=0, seen="", at=office.tick()
        )


def test_a_draft_is_gone_when_the_step_is_done(office: Office, risk: WorkItem) -> None:
    save(office, risk)
    office.complete(risk, "insp_017")

    assert read(office, risk) is None
    with pytest.raises(NotOpen):
        save(office, risk)
    jobs_done(office)
    assert not FormDraft.objects.exists()


def test_a_draft_is_gone_when_the_step_is_put_back_or_passed_on(office: Office, risk: WorkItem) -> None:
    save(office, risk)
    work.release(item=risk.pk, by=office.person("insp_017"), key=office.key(), at=office.tick())

    assert read(office, risk) is None
    jobs_done(office)
    assert not FormDraft.objects.exists()


def test_a_draft_of_another_step_of_the_case_stays(office: Office) -> None:
    case = office.to_review()
    review, opinion = office.item(case, "review_proposal"), office.item(case, "give_legal_opinion")
    office.claim(review, "insp_018")
    office.claim(opinion, "aj_09")
    save(office, opinion, by="aj_09")

    office.complete(review, "insp_018")
    jobs_done(office)

    assert read(office, opinion, by="aj_09") is not None


def test_a_draft_is_gone_with_the_right_to_the_case(office: Office, risk: WorkItem) -> None:
    save(office, risk)
    person = office.person("insp_017")
    conflicts.declare(case=risk.case_id, by=person, circumstance=True, key=office.key(), at=office.tick())

    assert read(office, risk) is None
    jobs_done(office)
    assert not FormDraft.objects.exists()


def test_a_draft_is_thrown_away_by_its_writer_alone(office: Office, risk: WorkItem) -> None:
    save(office, risk)

    drafting.discard(item=risk.pk, by=office.person("insp_018"))
    assert read(office, risk) is not None
    drafting.discard(item=risk.pk, by=office.person("insp_017"))
    assert read(office, risk) is None
