"""The registers on the web: whoever is logged in reads them, a registrar imports, and cases stay their readers'."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from tests.workflow_app.office import Office
from tests.workflow_app.registry.files import PROVIDERS, UNIT, UNIT_HEADING, units
from tests.workflow_app.web.browsing import logged_in
from workflow_app.cases.facts import Standing
from workflow_app.cases.models import Case
from workflow_app.registry.models import Provider, RegisterFile, SupervisedUnit
from workflow_app.web.forms.schema import FormDescriptionError, read_schema

pytestmark = pytest.mark.django_db
UNITS = "/registers/SUPERVISED_UNIT/"


def _send(login: str, text: str | bytes, register: str = "PROVIDER") -> HttpResponse:
    data = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("register.csv", data, content_type="text/csv")
    return logged_in(login).post(f"/registers/{register}/import/", {"file": file})


def _words(answer: HttpResponse) -> str:
    """Return the page's text without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_file_is_shown_before_it_is_imported_and_then_imported_once(office: Office) -> None:
    shown = _send("reg_05", PROVIDERS)

    assert shown.status_code == 200
    assert "Nya poster 1" in _words(shown)
    assert not Provider.objects.filter(code="UTF-00901").exists()
    address = f"/registers/PROVIDER/import/{RegisterFile.objects.get().pk}/"
    assert address in shown.content.decode()

    client = logged_in("reg_05")
    for _ in range(2):
        assert client.post(address).status_code == 302
    assert "1 nya och 0 ändrade poster är inlästa" in _words(client.get("/registers/PROVIDER/?q=901"))
    again = _send("reg_05", PROVIDERS)
    assert "Allt i filen finns redan i registret." in _words(again)


def test_a_file_that_waits_is_listed_to_registrars_and_can_be_thrown_away(office: Office) -> None:
    _send("reg_05", PROVIDERS)
    address = f"/registers/PROVIDER/import/{RegisterFile.objects.get().pk}/discard/"

    assert (
        "Filer som är kontrollerade men inte inlästa"
        not in logged_in("insp_017").get("/registers/PROVIDER/").content.decode()
    )
    assert address in logged_in("reg_05").get("/registers/PROVIDER/").content.decode()
    assert logged_in("insp_017").post(address).status_code == 403

    client = logged_in("reg_05")
    assert client.post(address).status_code == 302
    shown = _words(client.get("/registers/PROVIDER/"))
    assert "Filen är kastad" in shown
    assert "Kontrollerad av" not in shown
    assert client.post(address).status_code == 404


def test_a_file_that_another_went_before_is_to_be_checked_again(office: Office) -> None:
    _send("reg_05", PROVIDERS)
    address = f"/registers/PROVIDER/import/{RegisterFile.objects.get().pk}/"
    _send("reg_05", PROVIDERS.replace("901", "902"))
    other = RegisterFile.objects.exclude(pk=address.split("/")[-2]).get()
    logged_in("reg_05").post(f"/registers/PROVIDER/import/{other.pk}/")

    answer = logged_in("reg_05").post(address)

    assert answer.status_code == 409
    assert "Registret har ändrats" in _words(answer)


def test_what_is_wrong_in_a_file_stands_line_by_line(office: Office) -> None:
    bad = units(UNIT.replace("HVB;ja", "HVB;nja"), UNIT.replace("ENH-900001", "9").replace("KOM-001", "KOM-9"))

    answer = _send("reg_05", bad, "SUPERVISED_UNIT")

    assert answer.status_code == 422
    told = _words(answer)
    assert "2 tar_emot_barn `nja` är varken ja eller nej" in told
    assert "3 kod `9` är ingen kod" in told
    assert "3 kommun `KOM-9` är ingen kod" in told
    assert not SupervisedUnit.objects.filter(code="ENH-900001").exists()


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 100, b"\xff\xfe" + "kod".encode("utf-16-le"), b"<html>", b"x" * (10 * 2**20), UNIT_HEADING.encode()],
    ids=["empty", "nul", "utf-16", "html", "10 MB", "only a heading"],
)
def test_hostile_files_are_refused_in_words(office: Office, data: bytes) -> None:
    answer = _send("reg_05", data)

    assert answer.status_code == 422
    assert "Filen går inte att läsa in" in _words(answer)


def test_no_file_at_all_is_refused(office: Office) -> None:
    assert logged_in("reg_05").post("/registers/PROVIDER/import/", {}).status_code == 422
    assert logged_in("reg_05").post("/registers/PROVIDER/import/", {"file": "text"}).status_code == 422


@pytest.mark.parametrize("login", ["insp_017", "gd", "po_01"])
def test_whoever_is_no_registrar_is_refused_also_with_another_persons_file(office: Office, login: str) -> None:
    assert _send(login, PROVIDERS).status_code == 403
    _send("reg_05", PROVIDERS)

    answer = logged_in(login).post(f"/registers/PROVIDER/import/{RegisterFile.objects.get().pk}/")

    assert answer.status_code == 403
    assert not Provider.objects.filter(code="UTF-00901").exists()
    assert "import/" not in logged_in(login).get("/registers/PROVIDER/").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/registers/DOGS/",
        "/registers/DOGS/import/",
        "/registers/DOGS/suggestions/",
        "/registers/DOGS/ENH-000417/",
        "/registers/SUPERVISED_UNIT/ENH-999999/",
        "/registers/SUPERVISED_UNIT/%00/",
    ],
)
def test_what_no_register_has_is_not_found(office: Office, address: str) -> None:
    assert logged_in("reg_05").get(address).status_code == 404


@pytest.mark.parametrize(
    "query", [{"q": "\0"}, {"q": "x" * 10_000}, {"after": "\0"}, {"after": "x" * 10_000}, {"q": "%_' OR 1=1"}]
)
def test_a_search_that_is_none_shows_a_page(office: Office, query: Mapping[str, str]) -> None:
    assert logged_in("insp_017").get(UNITS, query).status_code == 200
    asked = {"name": "unit_id", "unit_id": next(iter(query.values()))}
    assert logged_in("insp_017").get(f"{UNITS}suggestions/", asked).status_code == 200


def test_suggestions_are_entries_in_force_and_a_code_is_answered_with_its_name(office: Office) -> None:
    client = logged_in("uppl_03")

    def suggested(text: str) -> str:
        return client.get(f"{UNITS}suggestions/", {"name": "unit_id", "unit_id": text}).content.decode()

    assert 'data-pick="ENH-000417" data-field="id_unit_id"' in suggested("hvb 0417")
    assert "data-pick" not in suggested("ENH-000417")
    assert "HVB Enhet 0417 · Demo Omsorg 031 AB" in suggested("ENH-000417")
    assert "Inget som gäller i registret stämmer." in suggested("ingenting alls")
    assert not suggested("").strip()


def test_a_field_that_picks_from_a_register_is_a_text_field_with_a_search_and_a_way_without(office: Office) -> None:
    page = logged_in("uppl_03").get("/cases/new/?type=ETV").content.decode()

    assert 'hx-get="/registers/SUPERVISED_UNIT/suggestions/?name=unit_id"' in page
    assert 'href="/registers/SUPERVISED_UNIT/" target="_blank"' in page


@pytest.mark.parametrize(
    "component",
    [
        {"type": "textfield", "key": "a", "label": "A", "properties": {"register": "DOGS"}},
        {"type": "textarea", "key": "a", "label": "A", "properties": {"register": "PROVIDER"}},
    ],
)
def test_a_form_that_picks_from_no_register_is_refused(component: dict[str, Any]) -> None:
    with pytest.raises(FormDescriptionError, match="is no register"):
        read_schema({"id": "form", "components": [component]})


def test_a_case_leads_to_its_unit_and_the_unit_to_the_cases_that_the_reader_may_read(office: Office) -> None:
    case = office.to_review()

    page = logged_in("insp_017").get(f"/cases/{case.pk}/").content.decode()
    assert 'href="/registers/SUPERVISED_UNIT/ENH-000417/"' in page
    assert 'href="/registers/PROVIDER/UTF-00031/"' in page

    for address in ("/registers/SUPERVISED_UNIT/ENH-000417/", "/registers/PROVIDER/UTF-00031/"):
        assert case.case_number in logged_in("insp_017").get(address).content.decode()
        # A colleague of the same case type, who takes no part in it, is not told what it is about.
        for login in ("insp_018", "hl_til_11", "po_01"):
            assert case.case_number not in logged_in(login).get(address).content.decode()


def test_a_case_of_which_the_reader_is_disqualified_is_not_on_the_units_page(office: Office) -> None:
    case = office.to_review()
    told = logged_in("insp_017").get(f"{UNITS}ENH-000417/").content.decode()
    standing = Standing(disqualified=frozenset({str(office.person("insp_017"))}))
    Case.objects.filter(pk=case.pk).update(standing=standing.dumps())

    assert case.case_number not in logged_in("insp_017").get(f"{UNITS}ENH-000417/").content.decode()
    assert case.case_number in told


def test_a_provider_leads_to_its_units_and_a_unit_tells_how_it_has_changed(office: Office) -> None:
    assert "HVB Enhet 0417" in logged_in("gd").get("/registers/PROVIDER/UTF-00031/").content.decode()
    _send("reg_05", units(UNIT), "SUPERVISED_UNIT")
    logged_in("reg_05").post(f"/registers/SUPERVISED_UNIT/import/{RegisterFile.objects.get().pk}/")

    page = _words(logged_in("gd").get(f"{UNITS}ENH-900001/"))

    assert "Registrator 05: kod : ENH-900001 ; namn : HVB Enhet 9001 ; slag : HVB" in page
