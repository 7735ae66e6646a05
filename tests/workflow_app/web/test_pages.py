"""What holds for every page: who may ask, what the browser is allowed to run, and in which language."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import logged_in, new_key
from workflow_app.organisation.demo import PASSWORD

pytestmark = pytest.mark.django_db
OPEN_TO_ALL = {"login", "logout", "language", "accessibility"}
PAGES = [
    "/",
    "/cases/",
    "/cases/new/",
    "/cases/new/?type=ETV",
    "/order/",
    "/grants/",
    "/measures/",
    "/notices/",
    "/registers/",
    "/registers/SUPERVISED_UNIT/",
    "/registers/SUPERVISED_UNIT/?q=hvb&after=ENH-000003",
    "/registers/PROVIDER/",
    "/registers/PRINCIPAL/",
    "/registers/LICENSED_PERSON/",
    "/registers/SUPERVISED_UNIT/ENH-000417/",
    "/registers/PROVIDER/UTF-00031/",
    "/registers/PRINCIPAL/KOM-001/",
    "/registers/LICENSED_PERSON/LEG-000001/",
    "/registers/PROVIDER/import/",
    "/accessibility/",
]


def test_every_page_but_the_open_ones_asks_for_a_log_in() -> None:
    client = Client()
    anywhere = "5bc5b2e1-a239-4077-9847-5d25d44ba2e4"
    for pattern in get_resolver().url_patterns[0].url_patterns:
        if pattern.name in OPEN_TO_ALL:
            continue
        address = "/" + re.sub(r"<\w+:\w+>", anywhere, re.sub(r"<int:\w+>", "1", str(pattern.pattern)))

        answer = client.get(address)

        assert (answer.status_code, answer["Location"]) == (302, f"/login/?next={address}"), pattern.name


@pytest.mark.parametrize("address", PAGES)
def test_no_page_runs_or_styles_anything_of_its_own(office: Office, address: str) -> None:
    answer = logged_in("insp_017").get(address)
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert not re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", page)
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|hx-on", page)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_one_heading_of_the_first_level_and_a_title(office: Office, address: str) -> None:
    page = logged_in("insp_017").get(address).content.decode()

    assert page.count("<h1") == 1
    assert re.search(r"<title>[^<]+ – Beredd</title>", page)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_can_be_had_in_english(office: Office, address: str) -> None:
    client = logged_in("insp_017")
    client.cookies["django_language"] = "en"

    page = client.get(address).content.decode()

    assert '<html lang="en">' in page
    assert "Worklist" in page


def test_a_page_is_swedish_whatever_the_browser_prefers(office: Office) -> None:
    answer = logged_in("insp_017").get("/", headers={"Accept-Language": "en-GB,en"})

    assert answer["Content-Language"] == "sv"
    assert "Arbetslista" in answer.content.decode()


def test_a_form_from_another_site_is_refused(office: Office) -> None:
    client = logged_in("insp_017", enforce_csrf_checks=True)
    case = office.open_case()

    answer = client.post(f"/items/{office.item(case, 'assess_risk').pk}/claim/", {"key": new_key()})

    assert answer.status_code == 403
    assert "Sidan är för gammal" in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/items/{}/claim/",
        "/items/{}/release/",
        "/items/{}/preview/",
        "/cases/{}/conflict/advice/",
        "/cases/{}/conflict/ruling/",
        "/cases/{}/proposal/preview/",
    ],
)
def test_nothing_changes_by_asking_for_a_page(office: Office, address: str) -> None:
    assert logged_in("insp_017").get(address.format(new_key())).status_code == 405


@pytest.mark.parametrize(
    "address",
    [
        "/items/{}/",
        "/items/{}/hand-over/",
        "/cases/{}/",
        "/cases/{}/circumstance/",
        "/cases/{}/conflict/",
        "/cases/{}/proposal/",
        "/decisions/{}/",
        "/nothing/",
    ],
)
def test_what_does_not_exist_is_said_not_to(office: Office, address: str) -> None:
    answer = logged_in("insp_017").get(address.format(new_key()))

    assert answer.status_code == 404


def test_ten_wrong_passwords_lock_the_account(office: Office) -> None:
    client = Client()
    for _ in range(10):
        answer = client.post("/login/", {"username": "gd", "password": "fel"})

    locked = client.post("/login/", {"username": "gd", "password": PASSWORD})

    assert (answer.status_code, locked.status_code) == (429, 429)
    assert "Kontot är låst" in locked.content.decode()


def test_the_right_password_opens_the_worklist(office: Office) -> None:
    answer = Client().post("/login/", {"username": "gd", "password": PASSWORD})

    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_the_order_prints_every_row_with_its_mark(office: Office) -> None:
    page = logged_in("ir_01").get("/order/").content.decode()

    assert "Fastställd av Generaldirektör" in page
    assert len(set(re.findall(r'id="(DO-\d{3})"', page))) >= 100


def test_the_worklist_is_narrowed_to_an_act(office: Office) -> None:
    office.to_review()
    client = logged_in("aj_09")

    assert "Yttra dig i rättsfrågan" in client.get("/?act=CONSULT").content.decode()
    assert "Yttra dig i rättsfrågan" not in client.get("/?act=DECIDE").content.decode()


def test_measures_of_a_period_that_ends_before_it_begins_are_refused(office: Office) -> None:
    answer = logged_in("ir_01").get("/measures/?first=2026-12-01&last=2026-01-01&forum=OPS&type=")

    assert answer.status_code in {400, 409}
