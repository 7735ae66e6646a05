"""What bad input gets at the web's door: an answer that says what and where, a status of 4xx, and an untouched case."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote_from_bytes

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.workflow_app.conftest import BEGINNING
from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import hidden, logged_in, new_key, written
from workflow_app.cases.models import Case, CaseAct, Decision, Dissent, WorkItem
from workflow_app.cases.services import proposing, work
from workflow_app.ledger import selectors as ledger
from workflow_app.ledger.models import LedgerEntry
from workflow_app.organisation import services as organisation
from workflow_app.organisation.models import DelegationGrant

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
TEN_MEGABYTES = 10 * 1024 * 1024


@pytest.fixture
def inspector(office: Office) -> Client:
    return logged_in("insp_017")


@pytest.fixture
def risk(office: Office) -> WorkItem:
    """The first step of a new case, taken by the inspector."""
    item = office.item(office.open_case(), "assess_risk")
    office.claim(item, "insp_017")
    return item


def rows(*, ledger_too: bool = True) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row that a command could have changed; a refusal in the ledger may be left out of it."""
    kept = {}
    for model in (*apps.get_app_config("cases").get_models(), *apps.get_app_config("outbox").get_models()):
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if ledger_too or field.attname not in {"ledger_seq", "ledger_hash", "revision"}
        ]
        kept[model.__name__] = list(model.objects.order_by("pk").values_list(*names))
    if ledger_too:
        kept["LedgerEntry"] = list(LedgerEntry.objects.order_by("pk").values_list("pk"))
    return kept


def filled_in(client: Client, item: WorkItem, fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return what the browser sends for the item's page."""
    page = client.get(f"/items/{item.pk}/")
    sent = {"key": hidden(page, "key"), "revision": hidden(page, "revision"), "shown": "", **written(fields), **more}
    if client.handler.enforce_csrf_checks:
        sent["csrfmiddlewaretoken"] = hidden(page, "csrfmiddlewaretoken")
    return sent


def text_of(answer: HttpResponse) -> str:
    return html.unescape(answer.content.decode())


# Forms


@pytest.mark.parametrize("enforce_csrf_checks", [False, True])
@pytest.mark.parametrize(
    "data",
    [
        b"F\xc3\xb6re\x00efter.",
        b"F\xc3\xb6re\xed\xa0\x80efter.",
        b"F\xc3\xb6re\xff\xfeefter.",
        b"F\xc3\xb6re\x1befter.",
    ],
    ids=["nul", "surrogate", "no_utf_8", "control"],
)
def test_bytes_that_are_no_text_are_refused_at_their_field(
    office: Office, risk: WorkItem, data: bytes, enforce_csrf_checks: bool
) -> None:
    client = logged_in("insp_017", enforce_csrf_checks=enforce_csrf_checks)
    sent = filled_in(client, risk, office.form("assess_risk"))
    del sent["risk_reasons"]
    pairs = [f"{name}={quote_from_bytes(str(one).encode())}" for name, value in sent.items() for one in _each(value)]
    body = "&".join([*pairs, f"risk_reasons={quote_from_bytes(data)}"])
    before = rows()

    answer = client.post(f"/items/{risk.pk}/", body, content_type=FORM)

    assert answer.status_code == 422
    assert "Tecken 5 kan inte användas i text" in text_of(answer)
    assert 'href="#id_risk_reasons"' in answer.content.decode()
    assert "efter." in text_of(answer)
    assert rows() == before


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_a_surrogate_in_a_multipart_form_is_refused_at_its_field(
    office: Office, inspector: Client, risk: WorkItem
) -> None:
    sent = filled_in(inspector, risk, office.form("assess_risk"))
    parts = b"".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{one}\r\n'.encode()
        for name, value in sent.items()
        if name != "risk_reasons"
        for one in _each(value)
    )
    body = parts + b'--x\r\nContent-Disposition: form-data; name="risk_reasons"\r\n\r\nab\xed\xa0\x80\r\n--x--\r\n'
    before = rows()

    answer = inspector.post(f"/items/{risk.pk}/", body, content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 422
    assert "Tecken 3 kan inte användas i text" in text_of(answer)
    assert rows() == before


@pytest.mark.parametrize("enforce_csrf_checks", [False, True])
@pytest.mark.parametrize("content_type", [FORM, "multipart/form-data; boundary=x"])
def test_a_field_of_ten_megabytes_is_refused_unread_and_told_where_the_text_still_is(
    office: Office, risk: WorkItem, content_type: str, enforce_csrf_checks: bool
) -> None:
    client = logged_in("insp_017", enforce_csrf_checks=enforce_csrf_checks)
    client.get(f"/items/{risk.pk}/")
    long = "a" * TEN_MEGABYTES
    body = f"key={new_key()}&risk_reasons={long}"
    if content_type != FORM:
        body = f'--x\r\nContent-Disposition: form-data; name="risk_reasons"\r\n\r\n{long}\r\n--x--\r\n'
    before = rows()

    answer = client.post(f"/items/{risk.pk}/", body, content_type=content_type)

    assert answer.status_code == 413
    assert "Formuläret är för stort" in text_of(answer)
    assert "din text finns kvar i formuläret" in text_of(answer)
    assert rows() == before


def test_a_text_longer_than_its_field_is_refused_at_the_field_and_kept(
    office: Office, inspector: Client, risk: WorkItem
) -> None:
    sent = filled_in(inspector, risk, office.form("assess_risk") | {"risk_reasons": "Skäl. " * 20_000})
    before = rows()

    answer = inspector.post(f"/items/{risk.pk}/", sent)

    assert answer.status_code == 422
    assert 'href="#id_risk_reasons"' in answer.content.decode()
    assert "Skäl. Skäl." in text_of(answer)
    assert rows() == before


def test_more_fields_than_any_form_has_are_refused(inspector: Client, risk: WorkItem) -> None:
    before = rows()

    answer = inspector.post(f"/items/{risk.pk}/", {f"field_{number}": "x" for number in range(11_000)})

    assert answer.status_code == 400
    assert "fler fält än något formulär här" in text_of(answer)
    assert rows() == before


@pytest.mark.parametrize("name", ["lowest_role", "four_eyes_required", "department", "é\x00", "x" * 500])
def test_a_field_that_the_form_does_not_have_refuses_all_of_it_and_loses_none_of_it(
    office: Office, inspector: Client, risk: WorkItem, name: str
) -> None:
    fields = office.form("assess_risk") | {"risk_reasons": "Det jag skrev."}
    before = rows()

    answer = inspector.post(f"/items/{risk.pk}/", filled_in(inspector, risk, fields, **{name: "INSP"}))

    assert answer.status_code == 400
    assert "Formuläret har inte det fältet" in text_of(answer)
    assert name[:60] in text_of(answer) or "\x00" in name
    assert "Det jag skrev." in text_of(answer)
    assert rows() == before


def test_a_file_where_there_is_no_field_for_one_is_an_unknown_field(
    office: Office, inspector: Client, risk: WorkItem
) -> None:
    file = SimpleUploadedFile("bilaga.pdf", b"x")
    before = rows()

    answer = inspector.post(
        f"/items/{risk.pk}/", filled_in(inspector, risk, office.form("assess_risk"), attachment=file)
    )

    assert answer.status_code == 400
    assert "attachment" in text_of(answer)
    assert rows() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("risk_class", "MEGA"),
        ("criterion_codes", ["K-01", "NO_SUCH"]),
        ("risk_class", ""),
        ("risk_reasons", "a\u202eb"),
        ("risk_reasons", ""),
    ],
)
def test_an_answer_that_does_not_hold_is_told_beside_its_field(
    office: Office, inspector: Client, risk: WorkItem, field: str, value: Any
) -> None:
    sent = filled_in(inspector, risk, office.form("assess_risk")) | {field: value}
    before = rows()

    answer = inspector.post(f"/items/{risk.pk}/", sent)

    assert answer.status_code == 422
    assert f'href="#id_{field}' in answer.content.decode()
    assert rows() == before


@pytest.mark.parametrize("decision_type", ["NO_SUCH_DECISION", "CLOSE_LEX_MARIA", "GD", "\x00"])
def test_a_decision_type_the_form_does_not_offer_is_refused_and_the_proposal_kept(
    office: Office, decision_type: str
) -> None:
    case = office.open_case()
    office.do(case, "insp_017", "assess_risk")
    item = office.item(case, "write_proposal")
    office.claim(item, "insp_017")
    client = logged_in("insp_017")
    fields = office.form("write_proposal") | {"reasons": "Skäl som inte får gå förlorade."}
    sent = filled_in(client, item, fields) | {"decision_type": decision_type}
    before = rows()

    answer = client.post(f"/items/{item.pk}/", sent)

    assert answer.status_code == 422
    assert 'href="#id_decision_type' in answer.content.decode()
    assert "Skäl som inte får gå förlorade." in text_of(answer)
    assert rows() == before


@pytest.mark.parametrize("enforce_csrf_checks", [False, True])
def test_a_form_without_a_proof_of_its_page_changes_nothing(
    office: Office, risk: WorkItem, enforce_csrf_checks: bool
) -> None:
    client = logged_in("insp_017", enforce_csrf_checks=enforce_csrf_checks)
    sent = {"key": new_key(), "revision": "", **written(office.form("assess_risk"))}
    before = rows()

    answer = client.post(f"/items/{risk.pk}/", sent)

    assert answer.status_code == (403 if enforce_csrf_checks else 409)
    assert rows() == before


@pytest.mark.parametrize("key", ["", "1", "\x00", "a" * 10_000, "'; DROP TABLE cases_case; --"])
@pytest.mark.parametrize("address", ["/items/{item}/", "/items/{item}/claim/", "/items/{item}/release/"])
def test_a_key_that_is_none_of_ours_is_refused(
    office: Office, inspector: Client, risk: WorkItem, address: str, key: str
) -> None:
    before = rows()

    answer = inspector.post(
        address.format(item=risk.pk), {"key": key, "revision": "", **written(office.form("assess_risk"))}
    )

    assert 400 <= answer.status_code < 500
    assert rows() == before


@pytest.mark.parametrize(
    "address",
    [
        "/?type={}",
        "/?act={}",
        "/?after={}",
        "/?after=2026-11-23T08:00:00|{}",
        "/?after=2026-11-23T08:00:00%2B00:00|{}",
        "/cases/?type={}",
        "/cases/new/?type={}",
        "/grants/?type={}",
        "/grants/?role={}",
        "/measures/?first={}&last={}&forum=OPS&type=",
        "/measures/?first=2026-01-01&last=2026-12-01&forum={}&type={}",
        "/measures/?first=0001-01-01&last=9999-12-31&forum=OPS&type=",
        "/order/?x={}",
    ],
)
def test_an_address_with_nonsense_in_it_is_answered(office: Office, address: str) -> None:
    client = logged_in("gd")

    for value in ("%00", "%ED%A0%80", "NO_SUCH", "9" * 5_000):
        assert client.get(address.replace("{}", value)).status_code in {200, 400, 404, 409, 422}, value


@pytest.mark.parametrize("case_type", ["NO_SUCH", "%00", "%ED%A0%80", "E" * 5_000])
def test_a_case_of_an_unknown_type_is_not_opened(office: Office, case_type: str) -> None:
    client = logged_in("uppl_03")
    before = rows()

    answer = client.post(f"/cases/new/?type={case_type}", {"key": new_key(), "title": "Ett nytt ärende"})

    assert 400 <= answer.status_code < 500
    assert rows() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "a\x00b"),
        ("title", "a" * 500),
        ("title", " "),
        ("signal_summary", "a\x00b"),
        ("unit_id", "HVB"),
        ("signal_source", "SLOTT"),
    ],
)
def test_a_case_is_not_opened_on_an_intake_that_does_not_hold(office: Office, field: str, value: str) -> None:
    client = logged_in("uppl_03")
    before = rows()

    answer = client.post("/cases/new/?type=ETV", _intake() | {field: value})

    assert answer.status_code == 422
    assert f'href="#id_{field}' in answer.content.decode()
    assert "Upplysning om låsta dörrar." in text_of(answer) or field == "signal_summary"
    assert rows() == before


def _intake() -> dict[str, str]:
    return {
        "key": new_key(),
        "title": "HVB Enhet 0417",
        "signal_source": "INFORMATION",
        "signal_received_on": "2026-11-20",
        "unit_id": "ENH-000417",
        "signal_summary": "Upplysning om låsta dörrar.",
    }


def test_whoever_may_not_register_cases_opens_none_and_keeps_what_was_written(office: Office) -> None:
    client = logged_in("doadm_01")
    before = rows(ledger_too=False)

    answer = client.post("/cases/new/?type=ETV", _intake())

    assert answer.status_code == 403
    assert "Upplysning om låsta dörrar." in text_of(answer)
    assert rows(ledger_too=False) == before


# Twice, late, and too late


def test_a_case_form_sent_twice_opens_one_case(office: Office) -> None:
    client = logged_in("uppl_03")
    sent = _intake()

    answers = [client.post("/cases/new/?type=ETV", sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert Case.objects.count() == 1


def _claim(office: Office, client: Client) -> Callable[[], HttpResponse]:
    item = office.item(office.open_case(), "assess_risk")
    sent = {"key": new_key(), "declares": "no_circumstance"}
    return lambda: client.post(f"/items/{item.pk}/claim/", sent)


def _release(office: Office, client: Client) -> Callable[[], HttpResponse]:
    item = office.item(office.open_case(), "assess_risk")
    office.claim(item, "insp_017")
    sent = {"key": new_key()}
    return lambda: client.post(f"/items/{item.pk}/release/", sent)


def _complete(office: Office, client: Client) -> Callable[[], HttpResponse]:
    item = office.item(office.open_case(), "assess_risk")
    office.claim(item, "insp_017")
    sent = filled_in(client, item, office.form("assess_risk"))
    return lambda: client.post(f"/items/{item.pk}/", sent)


def _circumstance(office: Office, client: Client) -> Callable[[], HttpResponse]:
    case = office.open_case()
    office.claim(office.item(case, "assess_risk"), "insp_017")
    sent = {"key": new_key()}
    return lambda: client.post(f"/cases/{case.pk}/circumstance/", sent)


def _dissent(office: Office, client: Client) -> Callable[[], HttpResponse]:
    decision = Decision.objects.get(case=office.to_dispatch())
    sent = {"key": new_key(), "opinion": "Jag hade avstått."}
    return lambda: client.post(f"/decisions/{decision.pk}/dissent/", sent)


@pytest.mark.parametrize("verb", [_claim, _release, _complete, _circumstance, _dissent])
def test_a_double_click_gets_the_same_answer_and_changes_nothing_more(
    office: Office, inspector: Client, verb: Callable[[Office, Client], Callable[[], HttpResponse]]
) -> None:
    click = verb(office, inspector)

    first = click()
    before = rows()
    second = click()

    assert first.status_code == 302
    assert (second.status_code, second["Location"]) == (302, first["Location"])
    assert rows() == before


def test_work_done_in_another_window_is_told_and_what_was_written_stays(
    office: Office, inspector: Client, risk: WorkItem
) -> None:
    late = filled_in(inspector, risk, office.form("assess_risk") | {"risk_reasons": "Skrivet i andra fönstret."})
    inspector.post(f"/items/{risk.pk}/", filled_in(inspector, risk, office.form("assess_risk")))
    before = rows()

    answer = inspector.post(f"/items/{risk.pk}/", late)

    assert answer.status_code == 409
    assert "Skrivet i andra fönstret." in text_of(answer)
    assert rows() == before


def test_a_stale_edit_with_the_browsers_proof_shows_both_texts(office: Office) -> None:
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")
    reviewer = logged_in("insp_018", enforce_csrf_checks=True)
    sent = filled_in(reviewer, item, office.form("review_proposal") | {"comment": "Om det gamla förslaget."})
    proposing.amend(
        case=case.pk,
        by=office.person("insp_017"),
        fields=office.form("write_proposal") | {"decision_type": "OPEN_SUPERVISION", "reasons": "Nya skäl."},
        seen_hash=item.proposal_hash,
        key=office.key(),
        at=office.tick(),
    )
    before = rows()

    answer = reviewer.post(f"/items/{item.pk}/", sent)

    assert answer.status_code == 409
    assert "Ärendet ändrades medan du skrev" in text_of(answer)
    assert "Om det gamla förslaget." in text_of(answer)
    assert "Nya skäl." in text_of(answer)
    assert rows() == before


def test_a_task_that_was_put_back_and_taken_by_another_keeps_the_first_ones_text(
    office: Office, inspector: Client, risk: WorkItem
) -> None:
    late = filled_in(inspector, risk, office.form("assess_risk") | {"risk_reasons": "Mitt arbete."})
    work.release(item=risk.pk, by=office.person("insp_017"), key=office.key(), at=office.tick())
    office.claim(risk, "insp_018")
    before = rows()

    answer = inspector.post(f"/items/{risk.pk}/", late)

    assert answer.status_code == 409
    assert "Mitt arbete." in text_of(answer)
    assert rows() == before


def test_the_loser_of_a_claim_race_is_told_and_the_winner_keeps_the_task(office: Office, risk: WorkItem) -> None:
    before = rows()

    answer = logged_in("insp_018").post(f"/items/{risk.pk}/claim/", {"key": new_key(), "declares": "no_circumstance"})

    assert answer.status_code == 409
    assert "En annan person hann före." in text_of(answer)
    assert rows() == before


@pytest.mark.parametrize("enforce_csrf_checks", [False, True])
def test_r_28_a_decision_on_a_grant_revoked_meanwhile_is_refused_in_words_with_what_was_written(
    office: Office, enforce_csrf_checks: bool
) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")
    decider = logged_in("acn_etv", enforce_csrf_checks=enforce_csrf_checks)
    sent = filled_in(
        decider,
        item,
        office.form("decide") | {"outcome": "OTHERWISE", "reasons": "Mina egna skäl.", "otherwise_text": "Avskrivs."},
    )
    grant = DelegationGrant.objects.get(person=office.person("acn_etv"), case_type="ETV", role="AC_N")
    # Well before the moment at which the page reads the clock, whenever the test is run.
    organisation.revoke_grant(grant=grant.pk, at=BEGINNING + timedelta(days=1))
    before = rows(ledger_too=False)

    answer = decider.post(f"/items/{item.pk}/", sent)

    assert answer.status_code == 403
    assert "Mina egna skäl." in text_of(answer)
    assert not Decision.objects.filter(case=case).exists()
    assert rows(ledger_too=False) == before
    assert ledger.of_stream(str(case.pk))[-1].kind == "ACT_REFUSED"


def test_a_dissent_after_dispatch_is_told_to_be_late_and_kept_on_the_page(office: Office) -> None:
    case = office.to_dispatch()
    decision = Decision.objects.get(case=case)
    office.do(case, "insp_017", "ask_for_dissent")
    office.do(case, "reg_05", "dispatch_decision")
    before = rows()

    answer = logged_in("insp_018").post(
        f"/decisions/{decision.pk}/dissent/", {"key": new_key(), "opinion": "Jag hade avstått."}
    )

    assert answer.status_code == 409
    assert "Jag hade avstått." in text_of(answer)
    assert not Dissent.objects.exists()
    assert rows() == before


# Going where one has no business


@pytest.mark.parametrize("login", ["hl_til_11", "doadm_01"])
def test_whoever_has_no_business_in_a_case_cannot_touch_it(office: Office, risk: WorkItem, login: str) -> None:
    client = logged_in(login)
    before = rows(ledger_too=False)

    answers = [
        client.get(f"/cases/{risk.case_id}/"),
        client.get(f"/items/{risk.pk}/"),
        client.post(f"/items/{risk.pk}/", {"key": new_key(), "revision": "", **written(office.form("assess_risk"))}),
        client.post(f"/items/{risk.pk}/claim/", {"key": new_key(), "declares": "no_circumstance"}),
        client.post(f"/items/{risk.pk}/release/", {"key": new_key()}),
        client.post(f"/cases/{risk.case_id}/circumstance/", {"key": new_key()}),
    ]

    assert all(400 <= answer.status_code < 500 for answer in answers), [answer.status_code for answer in answers]
    assert rows(ledger_too=False) == before
    assert set(LedgerEntry.objects.filter(stream="READS").values_list("kind", flat=True)) == {"READ_REFUSED"}
    assert not CaseAct.objects.filter(work_item=risk).exists()


@pytest.mark.parametrize("body", [b"", b"\x00", b"%", b"&&&===", b"\xed\xa0\x80=1", b"a" * 100_000])
@pytest.mark.parametrize("address", ["/login/", "/language/", "/items/{item}/", "/items/{item}/preview/"])
def test_a_body_of_nonsense_is_answered_and_changes_nothing(
    inspector: Client, risk: WorkItem, address: str, body: bytes
) -> None:
    before = rows()

    answer = inspector.post(address.format(item=risk.pk), body, content_type=FORM)

    assert answer.status_code < 500
    assert rows() == before
