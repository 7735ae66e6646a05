"""The same rule stands behind every door: web form, service, second account, old page, repeated request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import hidden, logged_in, new_key, written
from workflow_app.cases import selectors
from workflow_app.cases.errors import CaseError, NotAuthorised, StaleEdit
from workflow_app.cases.models import Case, CaseAct, Decision, Dissent, WorkItem
from workflow_app.cases.services import conflicts, dissenting, proposing, work
from workflow_app.ledger import selectors as ledger
from workflow_app.ledger import verification
from workflow_app.organisation import selectors as organisation
from workflow_app.organisation import services as grants
from workflow_app.organisation.errors import GrantRefused
from workflow_app.organisation.models import Account, DelegationGrant

Before = Callable[[Office], Case]


def to_disqualified(office: Office) -> Case:
    """Bring a case to its review, with inspector 018 in conflict of interest."""
    case = office.to_review()
    conflicts.declare(case=case.pk, by=office.person("insp_018"), circumstance=True, key="c", at=office.tick())
    return case


#: Rule, how far the case has come, who tries, and the step they try to take.
TAKING: tuple[tuple[str, Before, str, str], ...] = (
    ("R-03", to_disqualified, "insp_018", "review_proposal"),
    ("R-08", Office.to_decision, "hl_til_11", "decide"),
    ("R-09", Office.to_decision, "insp_019", "decide"),
    ("R-19", Office.to_review, "insp_017", "review_proposal"),
)


@pytest.mark.parametrize(("rule", "before", "who", "step"), TAKING, ids=[f"{one[0]}-{one[2]}" for one in TAKING])
@pytest.mark.parametrize("door", ["service", "web form", "second account"])
def test_who_may_not_take_a_step_finds_every_door_closed(
    office: Office, rule: str, before: Before, who: str, step: str, door: str
) -> None:
    case = before(office)
    item = office.item(case, step)
    login = who
    if door == "second account":
        login = f"{who}_extra"
        Account.objects.create_user(login, organisation.person_by_login(who))

    if door == "service":
        with pytest.raises(NotAuthorised) as refusal:
            office.claim(item, who)
        assert rule in {bar.rule_id for bar in refusal.value.verdict.bars}
        status = 403
    else:
        sent = {"key": new_key(), "declares": "no_circumstance"}
        status = logged_in(login).post(f"/items/{item.pk}/claim/", sent).status_code

    item.refresh_from_db()
    assert item.state == WorkItem.State.OFFERED
    # For somebody who may know nothing of the case, the step is not there at all.
    assert status == 403 or (status == 404 and rule in {"R-03", "R-08"})
    if status == 403:
        kept = ledger.of_stream(str(case.pk))[-1]
        assert kept.kind == "ACT_REFUSED"
        assert any(bar.endswith(f":{rule}") for bar in kept.data["bars"])
    assert verification.verify(selectors.heads()).ok


def posted(office: Office, login: str, item: WorkItem, **answers: Any) -> int:
    """Send a step's form as a browser does, with more or other answers than it has; return the status."""
    client = logged_in(login)
    page = client.get(f"/items/{item.pk}/")
    sent = written(office.form(item.node.rpartition("/")[2]) | answers)
    sent |= {"key": hidden(page, "key"), "revision": hidden(page, "revision")}
    return client.post(f"/items/{item.pk}/", sent).status_code


def test_r_26_a_return_sent_without_its_reason_is_not_a_return(office: Office) -> None:
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")

    assert posted(office, "insp_018", item, outcome="RETURN", reason_primary="") in {400, 422}
    assert not CaseAct.objects.filter(case=case, returned=True).exists()


@pytest.mark.parametrize("name", ["four_eyes_required", "jurist_required", "prepared_by", "disagreement", "principle"])
def test_r_25_a_field_that_the_form_does_not_have_states_no_fact(office: Office, name: str) -> None:
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")

    assert posted(office, "insp_018", item, **{name: "false"}) == 400
    item.refresh_from_db()
    assert item.state == WorkItem.State.CLAIMED


def test_r_01_the_web_form_takes_no_step_without_the_declaration(office: Office) -> None:
    item = office.item(office.to_review(), "review_proposal")

    answer = logged_in("insp_018").post(f"/items/{item.pk}/claim/", {"key": new_key()})

    assert answer.status_code == 409
    item.refresh_from_db()
    assert item.state == WorkItem.State.OFFERED


def test_r_66_a_second_account_notes_no_second_dissent(office: Office) -> None:
    case = office.to_dispatch()
    decision = Decision.objects.get(case=case)
    Account.objects.create_user("insp_018_extra", organisation.person_by_login("insp_018"))

    statuses = [
        logged_in(login).post(f"/decisions/{decision.pk}/dissent/", {"key": new_key(), "opinion": "Annat."}).status_code
        for login in ("insp_018", "insp_018_extra")
    ]

    assert statuses == [302, 409]
    assert Dissent.objects.filter(decision=decision).count() == 1


def test_r_64_one_who_holds_both_rights_is_still_one_person(office: Office) -> None:
    writer = organisation.person_by_login("insp_017")
    grants.give_grant(
        person=writer,
        role="AC_N",
        case_type="ETV",
        granted_by=organisation.person_by_login("gd"),
        valid_from=office.at.replace(year=2025),
        at=office.at,
    )
    case = office.to_decision()

    with pytest.raises(NotAuthorised) as refusal:
        office.do(case, "insp_017", "decide")

    assert {"R-64", "R-14"} <= {bar.rule_id for bar in refusal.value.verdict.bars}


# A substitute of oneself


def test_r_57_nobody_is_their_own_substitute(office: Office) -> None:
    person = organisation.person_by_login("acn_etv")

    with pytest.raises(GrantRefused, match="own substitute"):
        grants.appoint_substitute(
            absent=person, substitute=person, valid_from=office.at, valid_to=office.at.replace(year=2027)
        )


# Repeated requests


def test_r_28_a_decision_sent_again_after_the_revocation_is_the_one_that_was_made(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")
    sent: dict[str, Any] = {"item": item.pk, "fields": office.form("decide"), "key": "again"}
    first = work.complete(**sent, by=office.person("acn_etv"), at=office.tick())
    grant = DelegationGrant.objects.get(person=office.person("acn_etv"), role="AC_N", case_type="ETV")
    grants.revoke_grant(grant=grant.pk, at=office.tick())

    again = work.complete(**sent, by=office.person("acn_etv"), at=office.tick())

    assert (again.replayed, again.seq) == (True, first.seq)
    assert Decision.objects.filter(case=case).count() == 1


def test_r_08_anothers_request_sent_again_by_somebody_else_is_somebody_elses(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")
    sent: dict[str, Any] = {"item": item.pk, "fields": office.form("decide"), "key": "heard on the wire"}

    with pytest.raises((CaseError, NotAuthorised)):
        work.complete(**sent, by=office.person("insp_019"), at=office.tick())

    assert not Decision.objects.filter(case=case).exists()
    assert not work.complete(**sent, by=office.person("acn_etv"), at=office.tick()).replayed


def test_r_25_a_refused_request_sent_again_is_asked_anew_and_refused_again(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")
    amend(office, case)
    sent: dict[str, Any] = {"item": item.pk, "fields": office.form("decide"), "key": "until it gives way"}

    for _ in range(3):
        with pytest.raises(NotAuthorised):
            work.complete(**sent, by=office.person("acn_etv"), at=office.tick())

    refused = [event for event in ledger.of_stream(str(case.pk)) if event.kind == "ACT_REFUSED"]
    assert len(refused) == 3
    assert not Decision.objects.filter(case=case).exists()


# Old pages


def amend(office: Office, case: Case) -> None:
    """Let the writer change the proposal after its review."""
    case.refresh_from_db()
    assert case.proposal is not None
    proposing.amend(
        case=case.pk,
        by=office.person("insp_017"),
        fields=office.form("write_proposal") | {"decision_type": "OPEN_SUPERVISION", "reasons": "Andra skäl."},
        seen_hash=case.proposal.content_hash,
        key=office.key(),
        at=office.tick(),
    )


def test_r_22_a_review_written_on_an_old_page_reviews_nothing(office: Office) -> None:
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")
    item.refresh_from_db()
    seen = work.revision(item)
    amend(office, case)

    with pytest.raises(StaleEdit):
        work.complete(
            item=item.pk,
            by=office.person("insp_018"),
            fields=office.form("review_proposal"),
            key=office.key(),
            at=office.tick(),
            seen=seen,
        )

    assert not CaseAct.objects.filter(case=case, act="REVIEW").exists()


def test_r_66_dissent_from_a_page_older_than_the_dispatch_comes_too_late(office: Office) -> None:
    case = office.to_dispatch()
    decision = Decision.objects.get(case=case)
    office.do(case, "insp_017", "ask_for_dissent")
    office.do(case, "reg_05", "dispatch_decision")

    with pytest.raises(CaseError, match="ALREADY_DISPATCHED"):
        dissenting.dissent(
            decision=decision.pk, by=office.person("insp_018"), opinion="Annat.", key=office.key(), at=office.tick()
        )
