"""Nobody changes a case around the order: not with a technical account, two accounts, or a service used askew."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import get_resolver

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import logged_in, new_key
from workflow_app.cases import reading, selectors, typed_json
from workflow_app.cases.errors import (
    AlreadyClaimed,
    CaseError,
    Closed,
    DeclarationMissing,
    FormRefused,
    NotAuthorised,
    NotClaimed,
    TooLate,
    UnknownCase,
)
from workflow_app.cases.models import Case, CaseAct, Decision, Dissent, LetterRequest, PermitRecord, Proposal, WorkItem
from workflow_app.cases.services import conflicts, dissenting, opening, proposing, work
from workflow_app.ledger import verification
from workflow_app.letters import services as letters
from workflow_app.organisation import selectors as organisation
from workflow_app.organisation import services as grants
from workflow_app.organisation.models import Account, DelegationGrant, Person


@pytest.fixture
def administrator(office: Office) -> Person:
    """A person with every technical right there is and no grant."""
    person = Person.objects.create(code="SYS-01", display_name="Administratör 01", email="sys01@demo.invalid")
    account = Account.objects.create_user("root", person)
    account.is_superuser = account.is_staff = True
    account.save()
    return person


def _told(case: Case) -> tuple[Any, ...]:
    """Return the case and what it holds, what is kept of refusals aside."""
    rows = (CaseAct, PermitRecord, Proposal, Decision)
    counts = tuple(model.objects.filter(case=case).count() for model in rows)
    items = tuple(WorkItem.objects.filter(case=case).order_by("token").values_list("state", "claimed_by", "revision"))
    columns = ("marking", "facts", "standing", "state", "proposal_id")
    return (*counts, Dissent.objects.count(), items, Case.objects.filter(pk=case.pk).values_list(*columns).get())


# A technical account


def test_a_superuser_without_grants_is_refused_at_every_door(office: Office, administrator: Person) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    case.refresh_from_db()
    by, at = administrator.pk, office.tick()
    doors: list[Callable[[], object]] = [
        lambda: work.claim(item=item.pk, by=by, key="1", at=at, declares_no_circumstance=True),
        lambda: work.complete(item=item.pk, by=by, fields=office.form("decide"), key="2", at=at),
        lambda: work.release(item=item.pk, by=by, key="3", at=at),
        lambda: work.hand_over(item=item.pk, by=by, to=office.person("gd"), key="4", at=at),
        lambda: proposing.amend(
            case=case.pk,
            by=by,
            fields=office.form("write_proposal") | {"decision_type": "OPEN_SUPERVISION"},
            seen_hash=case.proposal.content_hash,
            key="5",
            at=at,
        ),
        lambda: conflicts.declare(case=case.pk, by=by, circumstance=True, key="6", at=at),
        lambda: conflicts.declare(case=case.pk, by=by, circumstance=False, key="7", at=at),
        lambda: conflicts.rule(case=case.pk, conflict=False, reasons="Nej.", by=by, key="8", at=at),
        lambda: conflicts.advise(case=case.pk, opinion="Nej.", by=by, key="9", at=at),
    ]
    before = _told(case)

    for door in doors:
        with pytest.raises((CaseError, NotAuthorised)):
            door()
        assert _told(case) == before
    assert verification.verify(selectors.heads()).ok


def test_a_superuser_without_grants_opens_no_case(office: Office, administrator: Person) -> None:
    with pytest.raises(NotAuthorised):
        opening.open_case(
            case_type="ETV",
            title="Enhet",
            fields=office.form("start"),
            by=administrator.pk,
            key="1",
            at=office.tick(),
        )
    assert not Case.objects.exists()


def test_a_superuser_without_grants_reads_no_case(office: Office, administrator: Person) -> None:
    case = office.to_dispatch()
    decision = Decision.objects.get(case=case)

    with pytest.raises(UnknownCase):
        selectors.case_page(case.pk, administrator.pk, office.at)
    with pytest.raises(UnknownCase):
        selectors.decision_view(decision.pk, administrator.pk, office.at)
    assert selectors.cases(administrator.pk, office.at) == []
    found = selectors.worklist(administrator.pk, office.at)
    assert (found.mine, found.pools, found.waiting) == ((), (), ())


def test_a_superuser_without_grants_is_refused_by_every_page_of_a_case(office: Office, administrator: Person) -> None:
    case = office.to_dispatch()
    item = office.do(case, "insp_017", "ask_for_dissent")
    office.do(case, "reg_05", "dispatch_decision")
    letter = letters.make(request=LetterRequest.objects.get(case=case).pk, at=office.at)
    held = {"case": case, "item": item, "decision": Decision.objects.get(case=case), "letter": letter}
    client = logged_in("root")
    before = _told(case)

    for pattern in get_resolver().url_patterns[0].url_patterns:
        route = str(pattern.pattern)
        # What the registers say is of no case.
        if "<uuid:" not in route or route.startswith("registers/"):
            continue
        # Of what else is meant there is none with the case's id.
        address = "/" + re.sub(r"<uuid:(\w+)>", lambda name: str(held.get(name[1], case).pk), route)
        for answer in (client.get(address), client.post(address, {"key": new_key()})):
            assert 400 <= answer.status_code < 500, (address, answer.status_code)
            assert case.title not in answer.content.decode()
    assert _told(case) == before


# One person, two accounts


def test_r_19_a_second_account_is_the_same_person_and_does_not_review_their_own_proposal(office: Office) -> None:
    case = office.to_review()
    Account.objects.create_user("insp_017_extra", organisation.person_by_login("insp_017"))
    item = office.item(case, "review_proposal")

    answer = logged_in("insp_017_extra").post(
        f"/items/{item.pk}/claim/", {"key": new_key(), "declares": "no_circumstance"}
    )

    assert answer.status_code == 403
    item.refresh_from_db()
    assert item.state == WorkItem.State.OFFERED


def test_r_20_who_reviewed_with_one_account_does_not_decide_with_another(office: Office) -> None:
    reviewer = organisation.person_by_login("insp_018")
    director = organisation.person_by_login("acn_etv")
    grants.give_grant(
        person=reviewer,
        role="AC_N",
        case_type="ETV",
        granted_by=organisation.person_by_login("gd"),
        valid_from=office.at - timedelta(days=700),
        at=office.at,
    )
    Account.objects.create_user("insp_018_as_head", reviewer)
    case = office.to_decision()

    with pytest.raises(NotAuthorised) as refusal:
        office.do(case, "insp_018_as_head", "decide")

    assert "R-20" in {bar.rule_id for bar in refusal.value.verdict.bars}
    assert logged_in("insp_018_as_head").get(f"/items/{office.item(case, 'decide').pk}/").status_code == 200
    assert not Decision.objects.filter(case=case).exists()
    assert office.item(case, "decide").claimed_by_id != director.pk


def test_a_key_used_by_both_accounts_of_a_person_is_one_command(office: Office) -> None:
    item = office.item(office.open_case(), "assess_risk")
    Account.objects.create_user("insp_017_extra", organisation.person_by_login("insp_017"))
    sent = {"key": new_key(), "declares": "no_circumstance"}

    answers = [logged_in(login).post(f"/items/{item.pk}/claim/", sent) for login in ("insp_017", "insp_017_extra")]

    assert [answer.status_code for answer in answers] == [302, 302]
    item.refresh_from_db()
    assert item.revision == 1


# Services used askew


def test_a_step_is_not_done_by_knowing_its_id(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    before = _told(case)

    with pytest.raises((NotClaimed, NotAuthorised)):
        office.complete(item, "acn_etv")
    with pytest.raises((NotClaimed, NotAuthorised)):
        office.complete(item, "insp_019")
    assert _told(case) == before


def test_work_is_not_handed_to_somebody_who_may_not_do_it(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")
    before = _told(case)

    for receiver in ("insp_018", "insp_017", "aj_09", "hl_til_11"):
        with pytest.raises(NotAuthorised):
            work.hand_over(
                item=item.pk,
                by=office.person("acn_etv"),
                to=office.person(receiver),
                key=office.key(),
                at=office.tick(),
            )
    with pytest.raises((DeclarationMissing, NotAuthorised)):
        work.hand_over(
            item=item.pk, by=office.person("acn_etv"), to=office.person("gd"), key=office.key(), at=office.tick()
        )
    with pytest.raises(NotAuthorised):
        work.hand_over(item=item.pk, by=office.person("acn_etv"), to=uuid.uuid4(), key=office.key(), at=office.tick())
    assert _told(case) == before


def test_another_persons_work_is_neither_handed_over_nor_put_back(office: Office) -> None:
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")
    before = _told(case)

    with pytest.raises(NotClaimed):
        work.release(item=item.pk, by=office.person("gd"), key=office.key(), at=office.tick())
    with pytest.raises(NotClaimed):
        work.hand_over(
            item=item.pk,
            by=office.person("insp_017"),
            to=office.person("insp_019"),
            key=office.key(),
            at=office.tick(),
        )
    with pytest.raises(AlreadyClaimed):
        office.claim(item, "insp_019")
    assert _told(case) == before


def test_a_declaration_for_another_case_does_not_count_here(office: Office) -> None:
    first, second = office.to_review(), office.to_review()
    office.claim(office.item(first, "review_proposal"), "insp_018")

    with pytest.raises((DeclarationMissing, NotAuthorised)):
        office.claim(office.item(second, "review_proposal"), "insp_018", declares=False)


def test_r_02_one_who_has_declared_a_circumstance_cannot_take_it_back(office: Office) -> None:
    case = office.to_review()
    conflicts.declare(case=case.pk, by=office.person("insp_018"), circumstance=True, key="1", at=office.tick())
    item = office.item(case, "review_proposal")

    with pytest.raises(TooLate):
        conflicts.declare(case=case.pk, by=office.person("insp_018"), circumstance=False, key="2", at=office.tick())
    with pytest.raises(NotAuthorised):
        office.claim(item, "insp_018", declares=True)
    assert str(office.person("insp_018")) not in _standing(case).cleared


def _standing(case: Case) -> Any:
    case.refresh_from_db()
    return reading.Standing.loads(case.standing)


def test_r_04_a_later_and_lower_circumstance_does_not_bring_the_ruling_on_a_higher_one_down(office: Office) -> None:
    case = office.to_review()
    for login in ("acn_etv", "insp_018"):
        conflicts.declare(case=case.pk, by=office.person(login), circumstance=True, key=login, at=office.tick())
    conflicts.declare(case=case.pk, by=office.person("ecn_etv_01"), circumstance=False, key="e", at=office.tick())
    conflicts.declare(case=case.pk, by=office.person("aj_09"), circumstance=False, key="a", at=office.tick())
    conflicts.advise(case=case.pk, opinion="Ingen jäv.", by=office.person("aj_09"), key="o", at=office.tick())

    with pytest.raises(NotAuthorised):
        conflicts.rule(
            case=case.pk,
            conflict=False,
            reasons="Ingen jäv.",
            by=office.person("ecn_etv_01"),
            key="r",
            at=office.tick(),
        )
    assert str(office.person("acn_etv")) in _standing(case).disqualified


def test_r_04_the_declarants_own_word_does_not_choose_who_rules(office: Office) -> None:
    case = office.to_review()
    conflicts.declare(case=case.pk, by=office.person("acn_etv"), circumstance=True, key="c", at=office.tick())
    conflicts.declare(case=case.pk, by=office.person("insp_019"), circumstance=False, key="n", at=office.tick())

    case.refresh_from_db()
    assert typed_json.loads(case.facts)["challenged_role"] == "AC_N"


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "", "  ", "x" * 10_000_000])
def test_a_word_beside_the_steps_is_text_like_any_other(office: Office, text: str) -> None:
    case = office.to_dispatch()
    decision = Decision.objects.get(case=case)
    conflicts.declare(case=case.pk, by=office.person("insp_019"), circumstance=True, key="d", at=office.tick())
    conflicts.declare(case=case.pk, by=office.person("aj_09"), circumstance=False, key="a", at=office.tick())
    before = _told(case)

    with pytest.raises(FormRefused):
        conflicts.advise(case=case.pk, opinion=text, by=office.person("aj_09"), key="1", at=office.tick())
    with pytest.raises(FormRefused):
        dissenting.dissent(decision=decision.pk, by=office.person("insp_018"), opinion=text, key="2", at=office.tick())
    assert _told(case) == before


@pytest.mark.parametrize("title", ["", "  ", "a\x00b", "a\ud800b", "x" * 201, "x" * 10_000_000])
def test_a_title_that_does_not_hold_opens_nothing_and_is_not_cut(office: Office, title: str) -> None:
    with pytest.raises(FormRefused) as refusal:
        opening.open_case(
            case_type="ETV",
            title=title,
            fields=office.form("start"),
            by=office.person("uppl_03"),
            key="1",
            at=office.tick(),
        )

    assert list(refusal.value.problems) == ["title"]
    assert not Case.objects.exists()


def test_a_closed_case_is_closed_to_every_verb(office: Office) -> None:
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")
    Case.objects.filter(pk=case.pk).update(state=Case.State.CLOSED, closed_at=office.at)
    case.refresh_from_db()
    verbs: list[Callable[[], object]] = [
        lambda: office.complete(item, "insp_018"),
        lambda: work.release(item=item.pk, by=office.person("insp_018"), key="1", at=office.tick()),
        lambda: conflicts.declare(
            case=case.pk, by=office.person("insp_018"), circumstance=True, key="2", at=office.tick()
        ),
        lambda: proposing.amend(
            case=case.pk,
            by=office.person("insp_017"),
            fields=office.form("write_proposal") | {"decision_type": "OPEN_SUPERVISION"},
            seen_hash=case.proposal.content_hash,
            key="3",
            at=office.tick(),
        ),
    ]

    for verb in verbs:
        with pytest.raises(Closed):
            verb()


def test_a_grant_that_has_not_begun_or_has_ended_opens_nothing(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    grant = DelegationGrant.objects.get(person=office.person("acn_etv"), role="AC_N", case_type="ETV")

    DelegationGrant.objects.filter(pk=grant.pk).update(valid_from=office.at + timedelta(days=1))
    with pytest.raises(NotAuthorised):
        office.claim(item, "acn_etv")
    DelegationGrant.objects.filter(pk=grant.pk).update(valid_from=grant.valid_from, valid_to=office.at)
    with pytest.raises(NotAuthorised):
        office.claim(item, "acn_etv")


def test_r_59_an_expired_sub_delegation_refuses_the_same_second(office: Office) -> None:
    lent = DelegationGrant.objects.get(kind="SUB_DELEGATION")
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "ecn_etv_01")

    office.at = lent.valid_to - timedelta(minutes=1)
    with pytest.raises(NotAuthorised):
        office.complete(item, "ecn_etv_01")

    assert office.at == lent.valid_to
    office.at = lent.valid_to - timedelta(minutes=1, microseconds=1)
    office.complete(item, "ecn_etv_01")
    assert Decision.objects.get(case=case).decider_id == office.person("ecn_etv_01")
