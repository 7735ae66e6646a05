"""A party gets all that has been added to the case but what secrecy keeps back, with a coded reason (R-77)."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest

from delegation.party_access import Reason
from delegation.recipients import Party
from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import logged_in, new_key
from workflow_app.cases.errors import ContentClosed, ExportRefused
from workflow_app.cases.models import Case, CaseAct, LetterRequest, SealedName
from workflow_app.ledger.models import LedgerEntry
from workflow_app.letters import party_file
from workflow_app.letters import services as letters

CHILD = "Kim Påhittad"


@pytest.fixture
def case(office: Office) -> Case:
    """A case with a dispatched decision, its letter, and a name kept apart."""
    case = office.to_dispatch()
    office.do(case, "insp_017", "ask_for_dissent")
    office.do(case, "reg_05", "dispatch_decision")
    for request in LetterRequest.objects.filter(case=case):
        letters.make(request=request.pk, at=office.at)
    SealedName.objects.create(
        case=case,
        kind=SealedName.Kind.CHILD,
        pseudonym="Barn A",
        name=CHILD,
        by_id=office.person("insp_017"),
        at=office.at,
    )
    return Case.objects.get(pk=case.pk)


def hand_over(
    office: Office, case: Case, *, by: str = "insp_017", party: Party = Party.PROVIDER, **blocked: Reason
) -> Iterator[bytes]:
    return party_file.hand_over(
        case=case.pk,
        party=party,
        blocked={key.replace("_", "-"): reason for key, reason in blocked.items()},
        by=office.person(by),
        key=office.key(),
        at=office.tick(),
    )


def opened(parts: Iterator[bytes]) -> tuple[zipfile.ZipFile, dict[str, Any]]:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(parts)))
    assert archive.testzip() is None
    return archive, json.loads(archive.read("00-forteckning.json"))


def test_r77_every_piece_is_in_the_file_and_in_its_index(office: Office, case: Case) -> None:
    """R-77: acts, decisions and letters, each readable; the index names them all."""
    archive, index = opened(hand_over(office, case))

    files = {entry["fil"] for entry in index["handlingar"]}
    assert files | {"00-forteckning.json", "00-forteckning.txt"} == set(archive.namelist())
    acts = CaseAct.objects.filter(case=case).exclude(node="party_file").count()
    made = LetterRequest.objects.filter(case=case).count()
    assert len(files) == acts + 1 + made
    assert made >= 1
    assert archive.read(next(name for name in files if name.endswith(".pdf"))).startswith(b"%PDF")
    assert "Skäl" in archive.read("beslut-1.txt").decode()


def test_r77_what_is_kept_back_is_in_the_index_with_its_reason_and_nowhere_else(office: Office, case: Case) -> None:
    """R-77: coded, and logged before a byte leaves."""
    archive, index = opened(hand_over(office, case, act_1=Reason.NOTIFIER))

    (entry,) = [entry for entry in index["handlingar"] if entry["nummer"] == "act-1"]
    assert (entry["kod"], entry["lagrum"], "fil" in entry) == ("NOTIFIER", "OSL 10:3", False)
    assert not [name for name in archive.namelist() if name.startswith("001-")]
    last = LedgerEntry.objects.filter(stream=str(case.pk)).latest("seq")
    data = json.loads(last.body)["data"]
    assert (last.kind, data["kept_back"], data["party"]) == ("PARTY_EXPORTED", ["act-1:NOTIFIER"], "PROVIDER")
    assert "act-1" not in data["material"]


def test_r77_r74_a_name_kept_apart_never_leaves_with_the_file(office: Office, case: Case) -> None:
    """R-74, R-77: the index says that the identity is kept back."""
    archive, index = opened(hand_over(office, case))

    assert [row["uppgift"] for row in index["namn som förvaras för sig"]] == ["Barn A"]
    assert not [name for name in archive.namelist() if CHILD.encode() in archive.read(name)]


def test_r77_refused_for_those_who_are_no_party_and_for_what_is_not_there(office: Office, case: Case) -> None:
    """R-77: a court or a notifier is no party; an unknown piece is a mistake; nothing is recorded."""
    before = LedgerEntry.objects.filter(stream=str(case.pk)).count()

    for party in (Party.COURT, Party.NOTIFIER, Party.DEPARTMENTS):
        with pytest.raises(ExportRefused):
            hand_over(office, case, party=party)
    with pytest.raises(ExportRefused):
        hand_over(office, case, act_999=Reason.CHILD)
    with pytest.raises(ContentClosed):
        hand_over(office, case, by="insp_019")

    assert LedgerEntry.objects.filter(stream=str(case.pk)).count() == before


def test_r77_the_page_streams_the_file(case: Case) -> None:
    """R-77: the page lists everything; a reason that is none is refused; the file comes in parts."""
    client = logged_in("insp_017")
    address = f"/cases/{case.pk}/party-file/"
    page = client.get(address).content.decode()

    assert page.count('name="keep_back_') == len(party_file.pieces(case))
    wrong = {"key": new_key(), "party": "PROVIDER", "keep_back_act-1": "BECAUSE"}
    assert client.post(address, wrong).status_code == 409
    answer = client.post(address, {"key": new_key(), "party": "PROVIDER", "keep_back_act-1": "CHILD"})
    assert (answer.status_code, answer.streaming, answer["Content-Type"]) == (200, True, "application/zip")
    _, index = opened(iter(answer.streaming_content))  # type: ignore[attr-defined]
    assert index["part"] == "PROVIDER"
    assert logged_in("insp_019").get(address).status_code == 403
