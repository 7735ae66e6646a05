"""Who reads what of a case: content, metadata, sealed names, walled cases, exceptions by name (R-73..R-75, R-78)."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.db import DatabaseError, IntegrityError, transaction
from guardian.shortcuts import assign_perm

from delegation.access import Exceptional, View
from delegation.types import GrantKind
from tests.workflow_app.conftest import BEGINNING, NOW
from tests.workflow_app.office import Office
from workflow_app.cases import links, reading, selectors, typed_json
from workflow_app.cases.errors import (
    ContentClosed,
    ExceptionRefused,
    FormRefused,
    IdentityClosed,
    UnknownCase,
    WallRefused,
)
from workflow_app.cases.facts import Standing
from workflow_app.cases.models import (
    Case,
    CaseAct,
    CaseLink,
    IdentityReading,
    NamedException,
    Notification,
    SealedName,
    WorkItem,
)
from workflow_app.cases.services import exceptions, notifying, opening, sealed, walls, work
from workflow_app.cli import demo_authority
from workflow_app.ledger.models import LedgerEntry
from workflow_app.organisation.models import Account, DelegationGrant, Person
from workflow_app.outbox.models import Job

CHILD = "Kim Påhittad"


def seen(office: Office, case: Case, login: str) -> View:
    case = Case.objects.select_related("proposal").get(pk=case.pk)
    return reading.Reader(office.person(login), office.at).view(case)


def kinds(stream: str) -> list[str]:
    return list(LedgerEntry.objects.filter(stream=stream).order_by("seq").values_list("kind", flat=True))


#


def test_r73_content_is_open_to_participants_deciders_registrar_and_audit_alone(office: Office) -> None:
    """R-73: who sees what of a case whose proposal waits for review."""
    case = office.to_review()

    content = {"insp_017", "uppl_03", "acn_etv", "ecn_etv_01", "gd", "reg_05", "ir_01"}
    metadata = {"insp_018", "insp_019", "ecn_etv_02", "aj_09", "bcj_02", "cj", "tl_04"}
    nothing = {"hl_til_11", "acn_ftb", "po_01", "doadm_01", "insp_ekp_01"}
    assert {login: seen(office, case, login) for login in content | metadata | nothing} == (
        dict.fromkeys(content, View.CONTENT)
        | dict.fromkeys(metadata, View.METADATA)
        | dict.fromkeys(nothing, View.NOTHING)
    )


def test_r73_taking_a_step_with_a_declaration_opens_the_content(office: Office) -> None:
    """R-73: the reviewer sees the step, claims it, declares, and only then reads."""
    case = office.to_review()
    item = office.item(case, "review_proposal")

    before = selectors.item_page(item.pk, office.person("insp_018"), office.at)
    with pytest.raises(ContentClosed):
        selectors.case_page(case.pk, office.person("insp_018"), office.at)
    office.claim(item, "insp_018")
    after = selectors.item_page(item.pk, office.person("insp_018"), office.at)

    assert (before.is_open, before.facts, before.proposal, before.proposal_fields) == (False, {}, None, {})
    assert (before.row.case_title, before.row.case_number) == ("", case.case_number)
    assert after.is_open
    assert after.proposal is not None
    assert selectors.case_page(case.pk, office.person("insp_018"), office.at).case == case


def test_r73_work_taken_without_a_declaration_opens_nothing(office: Office) -> None:
    """R-73: taking part is not enough; the declaration must be there (an item put in a person's hands)."""
    case = office.to_review()
    item = office.item(case, "review_proposal")
    WorkItem.objects.filter(pk=item.pk).update(
        state=WorkItem.State.CLAIMED, claimed_by=office.person("insp_018"), claimed_at=office.at
    )

    assert seen(office, case, "insp_018") is View.METADATA


def test_r73_a_line_manager_sees_metadata_only(office: Office) -> None:
    """R-73: a post in the line tells that there is a case, and nothing of what is in it."""
    case = office.to_review()
    manager = Person.objects.get(code="EC-42")
    DelegationGrant.objects.create(
        person=manager,
        role="EC",
        case_type=DelegationGrant.ALL_CASE_TYPES,
        kind=GrantKind.APPOINTMENT.value,
        granted_by_id=office.person("gd"),
        valid_from=office.at,
        given_at=office.at,
    )

    (row,) = selectors.cases(manager.pk, office.at)

    assert (row.case_number, row.title, row.is_open) == (case.case_number, "", False)
    with pytest.raises(ContentClosed):
        selectors.readable_case(case.pk, manager.pk, office.at)


def test_r73_lists_show_metadata_without_titles(office: Office) -> None:
    """R-73: the worklist and the list of cases give a colleague number, type and step, never what it is about."""
    case = office.to_review()
    colleague, writer = office.person("insp_018"), office.person("insp_017")

    pools = selectors.worklist(colleague, office.at).pools

    assert [(row.case_number, row.name != "", row.case_title) for row in pools] == [(case.case_number, True, "")]
    assert [row.title for row in selectors.cases(colleague, office.at)] == [""]
    assert [row.title for row in selectors.cases(writer, office.at)] == [case.title]


def test_r78_a_refused_reading_is_in_the_ledger(office: Office) -> None:
    """R-78: whoever tries the door is remembered, by person and case."""
    case = office.to_review()

    for login, refusal in (("insp_018", ContentClosed), ("hl_til_11", UnknownCase)):
        with pytest.raises(refusal):
            selectors.case_page(case.pk, office.person(login), office.at)

    rows = LedgerEntry.objects.filter(stream=reading.STREAM).order_by("seq")
    assert [(row.kind, row.person) for row in rows] == [
        ("READ_REFUSED", str(office.person("insp_018"))),
        ("READ_REFUSED", str(office.person("hl_til_11"))),
    ]
    assert all(json.loads(row.body)["data"]["case"] == str(case.pk) for row in rows)


#


def with_child(office: Office, *, name: str = CHILD, protected: bool = False) -> Case:
    """Bring a case of own-initiative supervision to where a child's name has been given in the hearing."""
    case = office.to_review()
    by = office.person("insp_017")
    SealedName.objects.create(
        case=case,
        kind=SealedName.Kind.CHILD,
        pseudonym="Barn A",
        name=name,
        protected=protected,
        by_id=by,
        at=office.at,
    )
    return case


def read(office: Office, case: Case, login: str, *, reason: str = "Kallelse ska expedieras") -> str:
    name = SealedName.objects.get(case=case).pk
    return sealed.read_identity(name=name, reason=reason, by=office.person(login), key=office.key(), at=office.tick())


def test_r74_being_let_into_the_case_does_not_open_the_name(office: Office) -> None:
    """R-74: participants, deciders and audit read Barn A; the name asks for a right of its own."""
    case = with_child(office)

    for login in ("insp_017", "acn_etv", "gd", "ir_01", "insp_018", "aj_09"):
        with pytest.raises(IdentityClosed):
            read(office, case, login)

    assert kinds(reading.STREAM) == ["READ_REFUSED"] * 6
    assert not IdentityReading.objects.exists()


def test_r74_the_registrar_reads_the_name_with_a_reason_that_is_kept(office: Office) -> None:
    """R-74: the reading is in the case's ledger before the name is shown, its reason beside it."""
    case = with_child(office)

    with pytest.raises(FormRefused):
        read(office, case, "reg_05", reason="  ")
    assert read(office, case, "reg_05") == CHILD

    assert kinds(str(case.pk))[-1] == "IDENTITY_READ"
    (kept,) = IdentityReading.objects.all()
    assert (kept.person_id, kept.reason) == (office.person("reg_05"), "Kallelse ska expedieras")
    assert CHILD not in "".join(LedgerEntry.objects.values_list("body", flat=True))


def test_r74_protected_personal_data_are_closed_to_the_registrar_too(office: Office) -> None:
    """R-74: with protected personal data only a person let in by name reads the name."""
    case = with_child(office, protected=True)

    with pytest.raises(IdentityClosed):
        read(office, case, "reg_05")
    let_in(office, case, "insp_017", what=Exceptional.IDENTITY)

    assert read(office, case, "insp_017") == CHILD


def test_r74_a_sealed_name_is_neither_changed_nor_deleted(office: Office) -> None:
    """R-74, R-79: the database refuses it, around every service."""
    case = with_child(office)

    for change in (lambda rows: rows.update(name="Annan"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(SealedName.objects.filter(case=case))


#


def flagged(office: Office) -> Case:
    case = office.open_case()
    office.do(case, "insp_017", "assess_risk", actor_flag=True)
    return Case.objects.get(pk=case.pk)


def test_r75_an_actor_flag_walls_the_case_from_all_who_do_not_need_to_know(office: Office) -> None:
    """R-75: neither list, worklist, page, item nor link tells anybody else that there is such a case."""
    case = flagged(office)
    other = office.open_case()
    CaseLink.objects.create(from_case=other, to_case=case, kind="INFORMATION", at=office.at)
    assert case.walled_at is not None
    item = office.item(case, "write_proposal")

    for login in ("insp_018", "ecn_etv_01", "aj_09", "gd", "cj", "ir_01", "reg_05"):
        person = office.person(login)
        assert case.case_number not in {row.case_number for row in selectors.cases(person, office.at)}
        found = selectors.worklist(person, office.at)
        assert case.pk not in {row.case_id for row in (*found.mine, *found.pools, *found.waiting)}
        assert case.pk not in selectors.readable([case.pk], person, office.at)
        assert links.links(other, person, office.at).rows == ()
        with pytest.raises(UnknownCase):
            selectors.item_page(item.pk, person, office.at)
        with pytest.raises(UnknownCase):
            work.claim(item=item.pk, by=person, key=office.key(), at=office.tick(), declares_no_circumstance=True)
    assert set(kinds(reading.STREAM)) == {"READ_REFUSED"}


def test_r75_those_heard_on_an_actor_flag_and_those_who_take_part_know_of_it(office: Office) -> None:
    """R-75, JB-7: deputy chief jurists and both heads of department, and whoever took part before."""
    case = flagged(office)

    for login in ("insp_017", "uppl_03", "acn_etv", "act", "bcj_02"):
        assert seen(office, case, login) is not View.NOTHING, login


def test_r75_keepers_alone_say_who_needs_to_know(office: Office) -> None:
    """R-75: an inspector in the case may not, a deputy chief jurist may; whoever is taken off loses the work."""
    case = flagged(office)
    reviewer = office.person("insp_018")

    def let_know(login: str) -> None:
        walls.let_know(case=case.pk, person=reviewer, by=office.person(login), key=office.key(), at=office.tick())

    for login in ("insp_017", "acn_etv"):
        with pytest.raises(WallRefused):
            let_know(login)
    with pytest.raises(UnknownCase):
        let_know("cj")
    let_know("bcj_02")
    item = office.item(case, "write_proposal")
    office.claim(item, "insp_018")
    walls.keep_out(case=case.pk, person=reviewer, by=office.person("bcj_02"), key=office.key(), at=office.tick())

    item.refresh_from_db()
    assert (item.state, item.claimed_by_id) == ("OFFERED", None)
    assert seen(office, case, "insp_018") is View.NOTHING
    assert kinds(str(case.pk))[-3:] == ["WALL_CHANGED", "WORK_CLAIMED", "WALL_CHANGED"]


def test_r75_a_form_that_denies_the_flag_does_not_take_the_wall_down(office: Office) -> None:
    """R-75: only a keeper takes it down, as a command of its own."""
    case = flagged(office)
    office.do(case, "insp_017", "write_proposal", decision_type="OPEN_SUPERVISION", actor_flag=False)
    assert seen(office, case, "insp_018") is View.NOTHING

    walls.take_down(case=case.pk, by=office.person("bcj_02"), key=office.key(), at=office.tick())

    assert seen(office, case, "insp_018") is View.METADATA


def test_r75_r78_reading_a_walled_case_is_in_the_ledger(office: Office) -> None:
    """R-78: every reading of a secret case is kept."""
    case = flagged(office)

    selectors.case_page(case.pk, office.person("insp_017"), office.at)

    assert kinds(reading.STREAM) == ["CASE_READ"]


# Named exceptions


def let_in(
    office: Office,
    case: Case,
    to: str,
    *,
    by: str = "acn_etv",
    what: Exceptional = Exceptional.READ,
    for_: timedelta = timedelta(days=7),
) -> None:
    at = office.tick()
    exceptions.give(
        case=case.pk,
        to=office.person(to),
        what=what,
        until=at + for_,
        reason="Stöd i likartat ärende",
        by=office.person(by),
        key=office.key(),
        at=at,
    )


def test_r73_a_named_exception_opens_one_case_until_its_end_to_the_second(office: Office) -> None:
    """R-73: let in by name, the person reads that case and no other, gains no right to act, and is out by itself."""
    case, other = office.to_review(), office.open_case()
    let_in(office, case, "hl_til_11")
    (row,) = NamedException.objects.all()

    assert seen(office, case, "hl_til_11") is View.CONTENT
    assert seen(office, other, "hl_til_11") is View.NOTHING
    assert Account.objects.get(username="hl_til_11").has_perm("cases.read_case", case)
    selectors.case_page(case.pk, office.person("hl_til_11"), office.at)
    assert kinds(reading.STREAM) == ["CASE_READ"]
    office.at = row.valid_to - timedelta(seconds=1)
    assert seen(office, case, "hl_til_11") is View.CONTENT
    office.at = row.valid_to
    assert seen(office, case, "hl_til_11") is View.NOTHING


def test_an_exception_that_has_ended_is_put_away_by_a_job(office: Office) -> None:
    """R-73: Guardian's row goes, what was given stays in the ledger, and the job may run twice."""
    case = office.to_review()
    let_in(office, case, "hl_til_11")
    job = Job.objects.get(kind="END_EXCEPTIONS")

    assert [exceptions.expire(case=case.pk, at=job.due_at) for _ in range(2)] == [True, False]

    assert not NamedException.objects.exists()
    assert kinds(str(case.pk))[-2:] == ["EXCEPTION_GIVEN", "EXCEPTION_ENDED"]


def test_r73_who_may_not_read_or_does_not_lead_lets_nobody_in(office: Office) -> None:
    """R-73: no inspector, no head without the content, nobody for themselves, no auditor but by GD or CJ."""
    case = office.to_review()

    for by, to, what in (
        ("insp_017", "hl_til_11", Exceptional.READ),
        ("ecn_etv_02", "hl_til_11", Exceptional.READ),
        ("acn_etv", "acn_etv", Exceptional.IDENTITY),
        ("acn_etv", "hl_til_11", Exceptional.AUDIT),
    ):
        with pytest.raises(ExceptionRefused):
            let_in(office, case, to, by=by, what=what)
    let_in(office, case, "hl_til_11", by="gd", what=Exceptional.AUDIT)

    assert NamedException.objects.count() == 1
    assert kinds(reading.STREAM) == ["READ_REFUSED"] * 4


@pytest.mark.parametrize("for_", [timedelta(0), timedelta(days=-1), timedelta(days=93)])
def test_an_exception_has_an_end_within_its_limit(office: Office, for_: timedelta) -> None:
    """R-73: no exception without an end, or with one too far away."""
    case = office.to_review()

    with pytest.raises(FormRefused):
        let_in(office, case, "hl_til_11", for_=for_)


def test_r03_conflict_of_interest_shuts_out_whoever_was_let_in(office: Office) -> None:
    """R-03, R-73: an exception does not outweigh a declared circumstance."""
    case = office.to_review()
    let_in(office, case, "insp_019")
    person = str(office.person("insp_019"))
    standing = replace(Standing.loads(Case.objects.get(pk=case.pk).standing), disqualified=frozenset({person}))
    Case.objects.filter(pk=case.pk).update(standing=standing.dumps())

    assert seen(office, case, "insp_019") is View.NOTHING


def test_guardians_own_shortcut_cannot_let_anybody_in(office: Office) -> None:
    """R-73: without giver, reason and end there is no exception, whatever door is tried."""
    case = office.to_review()

    with pytest.raises(IntegrityError), transaction.atomic():
        assign_perm("cases.read_case", Account.objects.get(username="hl_til_11"), case)

    assert Permission.objects.filter(codename="read_case").count() == 1
    assert not CaseAct.objects.filter(person=office.person("hl_til_11")).exists()


def test_r75_another_case_does_not_tell_the_number_of_a_walled_one(office: Office) -> None:
    """R-75: facts that name it, alone or in a list, are shown without it to those who do not need to know."""
    case, other = flagged(office), office.to_review()
    facts = typed_json.loads(Case.objects.get(pk=other.pk).facts)
    told = facts | {"source_case": case.case_number, "board_cases": [{"case_number": case.case_number, "unit": "x"}]}
    Case.objects.filter(pk=other.pk).update(facts=typed_json.dumps(told))

    def page(login: str) -> selectors.CasePage:
        return selectors.case_page(other.pk, office.person(login), office.at)

    hidden, shown = page("ecn_etv_01"), page("insp_017")
    assert (hidden.facts["source_case"], hidden.facts["board_cases"]) == (None, [{"case_number": None, "unit": "x"}])
    assert shown.facts["source_case"] == case.case_number


def test_r75_a_notice_from_before_the_wall_is_shown_no_more(office: Office) -> None:
    """R-75: it names the case; to those on the list it stays."""
    case = office.open_case()
    for login in ("insp_017", "insp_018"):
        Notification.objects.create(
            person_id=office.person(login),
            work_item=office.item(case, "assess_risk"),
            kind=Notification.Kind.ASSIGNED,
            at=office.at,
        )
    office.do(case, "insp_017", "assess_risk", actor_flag=True)

    assert notifying.unread(office.person("insp_018")) == []
    assert len(notifying.unread(office.person("insp_017"))) == 1


def test_r80_a_notifiers_name_is_sealed_when_the_information_is_registered(db: None) -> None:
    """R-80, R-74: neither facts, acts, ledger nor the record of the case hold it; protected data are marked so."""
    demo_authority.build(beginning=BEGINNING, at=NOW - timedelta(days=1), say=lambda text: None, processes=["uppl"])
    office = Office(at=NOW, client="c")
    book = tomllib.loads((Path(__file__).parents[3] / "bpmn/uppl/scenarios.toml").read_text(encoding="utf-8"))

    case = opening.open_case(
        case_type="UPPL",
        title="Upplysning om HVB",
        fields=book["start"] | {"notifier": "Robin Påhittad", "notifier_anonymous": False, "protected_identity": True},
        by=office.person("uppl_03"),
        key=office.key(),
        at=office.tick(),
    )

    kept = SealedName.objects.get(case=case)
    assert (kept.pseudonym, kept.name, kept.protected) == ("Anmälare A", "Robin Påhittad", True)
    case = Case.objects.get(pk=case.pk)
    assert typed_json.loads(case.facts)["notifier"] == "Anmälare A"
    written = [case.facts, *CaseAct.objects.values_list("fields", flat=True)]
    written += LedgerEntry.objects.values_list("body", flat=True)
    written += Job.objects.values_list("payload", flat=True)
    assert not [text for text in written if "Robin" in text]
