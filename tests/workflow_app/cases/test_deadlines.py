"""Deadlines are counted once, reminded of, and told of when they pass; they decide nothing."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.workflow_app.office import Office
from workflow_app.cases import deadlines as kinds
from workflow_app.cases import typed_json
from workflow_app.cases.errors import CaseError, NotOpen
from workflow_app.cases.models import Case, Deadline, Notification
from workflow_app.cases.services import deadlines, notifying
from workflow_app.ledger import selectors as ledger
from workflow_app.ledger.events import EventKind
from workflow_app.orders import selectors as orders
from workflow_app.outbox.models import Job

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def _of(case: Case, kind: str) -> Deadline:
    return Deadline.objects.get(case=case, kind=kind)


def _told(office: Office, deadline: Deadline) -> set[str]:
    rows = Notification.objects.filter(deadline=deadline).select_related("person")
    return {row.person.code for row in rows}


def _late(deadline: Deadline) -> datetime:
    return deadline.due_at + timedelta(minutes=1)


@pytest.fixture
def drafted(office: Office) -> Case:
    """A case whose first draft is written."""
    return office.to_review()


def test_r54_preparation_is_counted_in_working_days_from_the_first_draft_and_once(
    office: Office, drafted: Case
) -> None:
    row = _of(drafted, "PREPARATION")

    drafted.refresh_from_db()
    urgent = typed_json.loads(drafted.facts)["risk_class"] in kinds.URGENT
    assert (row.period, row.statutory, row.legal_basis) == ("5wd" if urgent else "20wd", False, "")
    assert row.due_at == datetime.combine(row.due_on + timedelta(days=1), datetime.min.time(), tzinfo=STOCKHOLM)


def test_r54_the_handler_and_the_head_are_told_when_preparation_takes_too_long(office: Office, drafted: Case) -> None:
    row = _of(drafted, "PREPARATION")

    assert deadlines.come(deadline=row.pk, moment=kinds.PASSED, at=_late(row)) > 0
    assert deadlines.come(deadline=row.pk, moment=kinds.PASSED, at=_late(row)) == 0

    row.refresh_from_db()
    assert row.expired_at == _late(row)
    assert "INSP-017" in _told(office, row)
    assert any(code.startswith("EC-") for code in _told(office, row))
    last = ledger.entries(str(drafted.pk)).reverse().values_list("kind", flat=True)[0]
    assert last == EventKind.DEADLINE_PASSED


def test_a_notice_of_a_deadline_says_nothing_of_the_case(office: Office, drafted: Case) -> None:
    row = _of(drafted, "PREPARATION")
    deadlines.come(deadline=row.pk, moment=kinds.PASSED, at=_late(row))

    (notice,) = [each for each in notifying.unread(office.person("insp_017")) if each.deadline_id]

    assert (notice.kind, notice.work_item_id) == ("PASSED", None)


def test_a_deadline_that_is_met_or_withdrawn_is_told_of_no_more(office: Office, drafted: Case) -> None:
    row = _of(drafted, "PREPARATION")
    Deadline.objects.filter(pk=row.pk).update(withdrawn_at=office.at)

    assert deadlines.come(deadline=row.pk, moment=kinds.PASSED, at=_late(row)) == 0
    assert not Notification.objects.filter(deadline=row).exists()


def test_a_deadline_is_frozen_when_set(office: Office, drafted: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _of(drafted, "PREPARATION").due_on
    monkeypatch.setattr("workflow_app.calendar.working_days.is_working_day", lambda day: False)

    assert _of(drafted, "PREPARATION").due_on == before


def test_r81_only_a_party_who_began_the_case_may_ask_for_a_decision(office: Office, drafted: Case) -> None:
    with pytest.raises(NotOpen, match="a party began"):
        deadlines.request_decision(
            case=drafted.pk,
            by=office.person("insp_017"),
            received_on=office.at.date(),
            key=office.key(),
            at=office.tick(),
        )


def test_a_case_that_nobody_does_anything_in_is_told_of_after_thirty_and_ninety_days(
    office: Office, drafted: Case
) -> None:
    since = office.at
    for days, expected in ((29, 0), (31, 1), (45, 1), (91, 2), (120, 2)):
        deadlines.look_for_inactivity(case=drafted.pk, at=since + timedelta(days=days))
        assert Deadline.objects.filter(kind__endswith="INACTIVITY").count() == expected, days

    assert Job.objects.filter(kind="LOOK_FOR_INACTIVITY", payload__contains=str(drafted.pk)).count() >= 3
    assert "INSP-017" in _told(office, _of(drafted, "INACTIVITY"))


def test_every_kind_of_deadline_names_a_legal_basis_that_the_order_knows(office: Office) -> None:
    known = orders.order_in_force(office.at).legal_basis.keys
    for name, kind in kinds.KINDS.items():
        assert not kind.legal_basis or kind.legal_basis in known, name
        assert bool(kind.legal_basis) or not kind.statutory, name
        assert len(name) <= Deadline._meta.get_field("kind").max_length
        assert all(len(reminder) <= Notification._meta.get_field("moment").max_length for reminder in kind.reminders)


@pytest.mark.parametrize(
    ("kind", "starts", "due", "told"),
    [
        # warnings 12, 18 and 21 months after the favourable decision.
        ("FEE_SERVICE", date(2026, 3, 1), date(2028, 3, 1), [date(2027, 3, 1), date(2027, 9, 1), date(2027, 12, 1)]),
        # at most six months, warnings after five and five and a half.
        ("INTERIM", date(2026, 8, 31), date(2027, 2, 28), [date(2027, 1, 28), date(2027, 2, 13)]),
        # once in the calendar year, a reminder on 1 September.
        ("YEARLY_INSPECTION", date(2027, 1, 1), date(2027, 12, 31), [date(2027, 9, 1)]),
        # an assessment six months before a probation of three years ends.
        ("PROBATION", date(2026, 11, 30), date(2029, 11, 30), [date(2029, 5, 30)]),
    ],
)
def test_a_deadline_is_reminded_of_when_its_rule_says(kind: str, starts: date, due: date, told: list[date]) -> None:
    about = kinds.KINDS[kind]
    row = Deadline(
        kind=kind,
        starts_on=starts,
        due_on=kinds.last_day(about, about.period, starts),
        due_at=datetime.max.replace(tzinfo=STOCKHOLM),
    )

    assert row.due_on == due
    assert [at.date() for moment, at in kinds.moments(about, row) if moment != kinds.PASSED] == told


def test_an_unknown_kind_of_deadline_is_refused(office: Office) -> None:
    with pytest.raises(CaseError, match="WHENEVER"):
        # Refused before anything is asked of the turn.
        kinds.put(None, "WHENEVER")  # type: ignore[arg-type]


def test_a_deadline_of_nobody_s_case_tells_nobody(office: Office, drafted: Case) -> None:
    row = _of(drafted, "PREPARATION")
    Case.objects.filter(pk=drafted.pk).update(state=Case.State.CLOSED, closed_at=office.at)

    assert deadlines.come(deadline=row.pk, moment=kinds.PASSED, at=_late(row)) == 0
    assert uuid.UUID(str(row.pk))
