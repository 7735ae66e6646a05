"""The pages of secrecy: outline, sealed names, wall, exceptions, corrections, what was said (R-65, R-72..R-75)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.utils import timezone

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import logged_in, new_key
from workflow_app.cases.models import Case, CaseAct, Decision, NamedException, SealedName

CHILD = "Kim Påhittad"


@pytest.fixture
def case(office: Office) -> Case:
    case = office.to_review()
    SealedName.objects.create(
        case=case,
        kind=SealedName.Kind.CHILD,
        pseudonym="Barn A",
        name=CHILD,
        by_id=office.person("insp_017"),
        at=office.at,
    )
    return case


def send(login: str, address: str, **fields: str) -> tuple[int, str]:
    answer: HttpResponse = logged_in(login).post(address, {"key": new_key(), **fields})
    return answer.status_code, answer.content.decode()


def test_r73_a_colleague_sees_an_outline_without_title_names_or_content(office: Office, case: Case) -> None:
    """R-73: number, type, state and step; the step can be taken, and then the case opens."""
    client = logged_in("insp_018")
    page = client.get(f"/cases/{case.pk}/").content.decode()
    item = office.item(case, "review_proposal")

    assert case.case_number in page
    for secret in (case.title, "Inspektör 017", "Beslutets", "ENH-000417"):
        assert secret not in page
    for address in ("proposal/", "secrecy/", "oral/", "letter-preview/"):
        assert client.get(f"/cases/{case.pk}/{address}").status_code == 403
    step = client.get(f"/items/{item.pk}/").content.decode()
    assert case.title not in step
    client.post(f"/items/{item.pk}/claim/", {"key": new_key(), "declares": "no_circumstance"})
    assert case.title in client.get(f"/cases/{case.pk}/").content.decode()


def test_r74_the_name_is_shown_once_to_the_registrar_who_gives_a_reason(case: Case) -> None:
    """R-74: without a reason nothing, without the right a refusal, and no page tells the name by itself."""
    name = SealedName.objects.get().pk
    address = f"/cases/{case.pk}/secrecy/names/{name}/"

    assert send("reg_05", address, reason=" ")[0] == 422
    for login in ("insp_017", "acn_etv"):
        status, page = send(login, address, reason="Nyfikenhet")
        assert (status, CHILD in page) == (403, False)
    status, page = send("reg_05", address, reason="Kallelse ska expedieras")
    assert (status, CHILD in page) == (200, True)
    for shown in (f"/cases/{case.pk}/", f"/cases/{case.pk}/secrecy/"):
        assert CHILD not in logged_in("reg_05").get(shown).content.decode()


def test_r75_flagging_an_actor_makes_the_case_disappear_for_others(case: Case) -> None:
    """R-75: from the page; a colleague is then answered as if there were no such case."""
    address = f"/cases/{case.pk}/secrecy/wall/"
    assert send("insp_018", address, do="put_up")[0] == 403

    assert send("insp_017", address, do="put_up")[0] == 302

    assert logged_in("insp_018").get(f"/cases/{case.pk}/").status_code == 404
    assert send("insp_017", address, do="let_know", person="INSP-018")[0] == 403
    assert send("insp_017", address, do="take_down")[0] == 403
    assert case.case_number not in logged_in("insp_018").get("/cases/").content.decode()


def test_r73_the_head_lets_a_colleague_in_until_a_day_and_ends_it(case: Case) -> None:
    """R-73: from the page, and nobody without the right can do it."""
    address = f"/cases/{case.pk}/secrecy/exceptions/"
    last = (timezone.now() + timedelta(days=5)).date()
    asked = {"person": "HL-011", "what": "read_case", "until": str(last), "reason": "Likartat ärende"}

    # The page's clock is the real one; the case of the office lies about now.
    assert send("insp_017", address, **asked)[0] in {403, 422}
    assert send("acn_etv", address, **(asked | {"person": "NOBODY-1"}))[0] == 422
    assert send("acn_etv", address, **(asked | {"until": str(last + timedelta(days=400))}))[0] == 422
    assert send("acn_etv", address, **asked)[0] == 302
    assert logged_in("hl_til_11").get(f"/cases/{case.pk}/").status_code == 200
    assert send("acn_etv", address, end=str(NamedException.objects.get().pk))[0] == 302
    assert logged_in("hl_til_11").get(f"/cases/{case.pk}/").status_code == 404
    assert send("acn_etv", address, end="999999")[0] == 403


def test_r65_a_decision_is_corrected_from_its_page_and_both_versions_are_shown(office: Office) -> None:
    """R-65: proposed, agreed to by another, signed by the head; the old version says that it is corrected."""
    case = office.to_dispatch()
    office.do(case, "insp_017", "ask_for_dissent")
    office.do(case, "reg_05", "dispatch_decision")
    old = Decision.objects.get(case=case)
    address = f"/decisions/{old.pk}/correction/"

    assert send("insp_017", address, do="propose", reasons="", error="Fel.")[0] == 422
    wording = {"operative_text": "Tillsyn inleds på Demogatan 17.", "reasons": old.reasons, "error": "Fel gatunummer."}
    assert send("insp_017", address, do="propose", **wording)[0] == 302
    assert send("insp_017", address, do="agree")[0] == 403
    assert send("insp_018", address, do="agree")[0] == 302
    assert send("insp_017", address, do="decide")[0] == 403
    assert send("acn_etv", address, do="decide")[0] == 302

    new = Decision.objects.get(corrects=old)
    client = logged_in("insp_017")
    assert "Beslutet är rättat" in client.get(f"/decisions/{old.pk}/").content.decode()
    assert "Rättelse enligt 36 §" in client.get(f"/decisions/{new.pk}/").content.decode()
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "Rättar beslut 1; båda versionerna finns kvar." in page
    assert "Rättat genom beslut 2." in page


def test_r72_what_was_said_is_noted_from_the_case(case: Case) -> None:
    """R-72: with who and when, or not at all."""
    address = f"/cases/{case.pk}/oral/"
    told = {"information": "Nattbemanningen har halverats.", "source": "Chefen", "day": "2026-11-20", "clock": "09:30"}

    for missing in told:
        assert send("insp_017", address, **{name: text for name, text in told.items() if name != missing})[0] == 422
    assert send("insp_018", address, **told)[0] == 403
    assert not CaseAct.objects.filter(node="oral_information").exists()
    assert send("insp_017", address, **told)[0] == 302
    assert "Nattbemanningen har halverats." in logged_in("insp_017").get(f"/cases/{case.pk}/").content.decode()


def test_r75_a_keeper_opens_the_list_from_the_outline_and_changes_it(office: Office, case: Case) -> None:
    """R-75: a deputy chief jurist keeps the list without reading the case; whoever is put on it knows of it."""
    send("insp_017", f"/cases/{case.pk}/secrecy/wall/", do="put_up")
    keeper = logged_in("bcj_02")

    outline = keeper.get(f"/cases/{case.pk}/").content.decode()
    page = keeper.get(f"/cases/{case.pk}/secrecy/").content.decode()

    assert f'href="/cases/{case.pk}/secrecy/"' in outline
    assert "Sätt upp på listan" in page
    for secret in (case.title, "Barn A", "Insläppta vid namn"):
        assert secret not in outline + page
    address = f"/cases/{case.pk}/secrecy/wall/"
    assert send("bcj_02", address, do="let_know", person="nobody")[0] == 422
    assert send("bcj_02", address, do="let_know", person="insp-018")[0] == 302
    assert logged_in("insp_018").get(f"/cases/{case.pk}/").status_code == 200
    assert send("bcj_02", address, do=str(office.person("insp_018")))[0] == 302
    assert logged_in("insp_018").get(f"/cases/{case.pk}/").status_code == 404
