"""A circumstance takes a person out at once; why it is ruled so is sealed, and like cases are found (R-01 to R-07)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.workflow_app.cases.test_conflicts import _advise, _declare, _rule, _standing
from tests.workflow_app.cases.test_standing_in import away
from tests.workflow_app.office import Office
from workflow_app.cases import beside, conflict_reasons, conflict_signs, reading, rulings, selectors
from workflow_app.cases.errors import FormRefused, NotAuthorised, NotDisqualified, NotNecessary, NotOpen, UnknownCase
from workflow_app.cases.models import Case, CaseAct, CaseLink, ConflictDeclaration, Decision, LinkKind, WorkItem
from workflow_app.cases.services import conflicts
from workflow_app.ledger import selectors as ledger
from workflow_app.organisation import services as organisation
from workflow_app.organisation.models import Account, DelegationGrant, Person
from workflow_app.registry.models import StaffTie

SECRET = "Min syster äger utföraren"


def declare(office: Office, case: Case, by: str, what: str = SECRET) -> None:
    conflicts.declare(
        case=case.pk, by=office.person(by), circumstance=True, what=what, key=office.key(), at=office.tick()
    )


def tie(office: Office, who: str, party: str, kind: str = "SIDE_JOB", number: int = 1) -> None:
    code = Person.objects.get(pk=office.person(who)).code
    row = StaffTie(code=f"KNY-{number:06d}", staff_code=code, party=party, kind=kind, active_from=date(2020, 1, 1))
    row.fold()
    row.save()


# Out at once


def test_r02_whoever_declares_loses_the_step_at_once_and_another_takes_it(office: Office) -> None:
    case = office.to_review()
    item = office.item(case, "review_proposal")
    office.claim(item, "insp_018")

    declare(office, case, "insp_018")

    item.refresh_from_db()
    assert (item.state, item.claimed_by_id) == (WorkItem.State.OFFERED, None)
    with pytest.raises(UnknownCase):
        selectors.readable_case(case.pk, office.person("insp_018"), office.at)
    office.do(case, "insp_019", "review_proposal")


def test_r02_a_decision_whose_only_decider_is_in_conflict_goes_up_at_once(office: Office) -> None:
    case = office.to_decision()
    item = office.item(case, "decide")
    office.claim(item, "acn_etv")

    declare(office, case, "acn_etv")

    item.refresh_from_db()
    assert item.roles.split() == ["AC_N", "GD"]
    office.do(case, "gd", "decide")


def test_r03_what_was_presented_by_somebody_in_conflict_does_not_count(office: Office) -> None:
    case = office.to_decision()
    declare(office, case, "insp_017")
    _advise(office, case)
    _rule(office, case, "ecn_etv_01", conflict=True)

    with pytest.raises(NotAuthorised) as refusal:
        office.do(case, "acn_etv", "decide")

    assert "R-13" in {bar.rule_id for bar in refusal.value.verdict.bars}
    assert not Decision.objects.filter(case=case, decision_type="OPEN_SUPERVISION").exists()


def test_r03_a_second_account_opens_nothing_to_somebody_in_conflict(office: Office) -> None:
    case = office.to_review()
    Account.objects.create_user("insp_018_extra", Person.objects.get(pk=office.person("insp_018")))
    declare(office, case, "insp_018")

    with pytest.raises(NotAuthorised):
        office.claim(office.item(case, "review_proposal"), "insp_018_extra")


# The right level


@pytest.mark.parametrize(
    ("challenged", "too_low", "ruler"),
    [
        ("insp_018", "insp_019", "ecn_etv_02"),
        ("aj_09", "insp_019", "ecn_etv_01"),
        ("ecn_etv_01", "ecn_etv_02", "acn_etv"),
        ("acn_etv", "ecn_etv_01", "gd"),
        ("cj", "acn_etv", "gd"),
        ("tcl", "acn_etv", "gd"),
        ("gd", "acn_etv", "stf"),
    ],
)
def test_do_004_each_is_ruled_on_by_the_level_above(office: Office, challenged: str, too_low: str, ruler: str) -> None:
    """R-04: for staff a head of unit, for one the head of department, above that GD, and for GD the deputy."""
    case = office.to_review()
    if challenged in {"cj", "tcl", "gd"}:
        office.do(case, "insp_018", "review_proposal")
    declare(office, case, challenged)
    _advise(office, case, "bcj_02" if challenged == "aj_09" else "aj_09")

    with pytest.raises(NotAuthorised):
        _rule(office, case, too_low, conflict=False)
    _rule(office, case, ruler, conflict=False)

    decision = Decision.objects.get(case=case)
    assert (decision.rule, decision.act_record.role) == (
        "DO-004",
        {"ecn_etv_02": "EC_N", "ecn_etv_01": "EC_N", "acn_etv": "AC_N", "gd": "GD", "stf": "STF"}[ruler],
    )
    assert _standing(case).disqualified == frozenset()


def test_r04_the_challenged_rules_only_when_nobody_else_can_and_that_is_on_record(office: Office) -> None:
    case = office.to_review()
    declare(office, case, "gd")
    _advise(office, case)

    with pytest.raises(NotAuthorised) as refusal:
        _rule(office, case, "gd", conflict=False)
    assert {"R-03"} <= {bar.rule_id for bar in refusal.value.verdict.bars}

    # Once the deputy is away, nobody else can be called in (FL 18 § third paragraph).
    away(office, "stf")
    _rule(office, case, "gd", conflict=False)

    ruled = ConflictDeclaration.objects.get(case=case, kind="RULED_CLEAR")
    assert (ruled.person_id, ruled.by_id, ruled.nobody_else) == (office.person("gd"), office.person("gd"), True)


# Sealed


def everything(case: Case) -> str:
    """Return all that stands about a case outside the sealed reasons."""
    case.refresh_from_db()
    acts = [act.fields for act in CaseAct.objects.filter(case=case)]
    decisions = [f"{row.content} {row.reasons}" for row in Decision.objects.filter(case=case)]
    events = [json.dumps(event.data) for event in ledger.of_stream(str(case.pk))]
    return " ".join([case.facts, case.standing, *acts, *decisions, *events])


def test_r07_no_fact_act_or_decision_holds_the_sealed_words(office: Office) -> None:
    case = office.to_review()
    declare(office, case, "insp_018")
    _advise(office, case)
    _rule(office, case, "ecn_etv_01", conflict=True, reasons="Systern äger allt.")

    assert not [word for word in ("syster", "Systern", "Närstående") if word in everything(case)]
    assert Decision.objects.get(case=case).reasons == conflict_reasons.SEALED


def test_r07_only_those_who_must_assess_read_them_and_each_reading_is_recorded(office: Office) -> None:
    case = office.to_review()
    declare(office, case, "insp_018")
    _advise(office, case)

    case.refresh_from_db()

    def texts(who: str) -> list[str] | None:
        found = conflict_reasons.read(case, office.person(who), office.at)
        return None if found is None else [one.text for one in found]

    assert texts("ecn_etv_01") == [SECRET, "Närstående är anställd där."]
    assert texts("aj_09") == texts("ecn_etv_01")
    assert texts("ir_01") == texts("ecn_etv_01")
    for who in ("insp_017", "insp_018", "insp_019", "ecn_nts_01", "reg_05", "po_01", "tl_04"):
        assert texts(who) is None, who
    readers = [event.person for event in ledger.of_stream(reading.STREAM) if event.kind == "REASONS_READ"]
    assert set(readers) == {str(office.person(who)) for who in ("ecn_etv_01", "aj_09", "ir_01")}


def test_r03_an_assessor_in_conflict_does_not_read_the_reasons(office: Office) -> None:
    case = office.to_review()
    declare(office, case, "ecn_etv_01")

    case.refresh_from_db()
    assert conflict_reasons.read(case, office.person("ecn_etv_01"), office.at) is None
    assert conflict_reasons.read(case, office.person("ecn_etv_02"), office.at) is None
    assert conflict_reasons.read(case, office.person("acn_etv"), office.at) is not None


def test_the_sealed_words_can_neither_be_changed_nor_deleted(office: Office) -> None:
    case = office.to_review()
    declare(office, case, "insp_018")

    for statement in ("UPDATE cases_sealedreasons SET text = ''", "DELETE FROM cases_sealedreasons"):
        with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            break


# What nobody else can do


def call(
    office: Office, item: WorkItem, by: str = "ecn_etv_01", who: str = "insp_018", reasons: str = "Brådskar."
) -> None:
    conflicts.call_necessary(
        item=item.pk,
        person=office.person(who),
        reasons=reasons,
        by=office.person(by),
        key=office.key(),
        at=office.tick(),
    )


def test_r05_somebody_in_conflict_does_the_one_step_that_a_head_of_unit_calls_for(office: Office) -> None:
    case = office.open_case()
    item = office.item(case, "assess_risk")
    declare(office, case, "insp_018")
    with pytest.raises(NotAuthorised):
        office.claim(item, "insp_018", declares=False)

    call(office, item)
    office.claim(item, "insp_018", declares=False)
    assert selectors.readable_case(case.pk, office.person("insp_018"), office.at).pk == case.pk
    office.complete(item, "insp_018")

    assert _standing(case).necessary == frozenset()
    with pytest.raises(UnknownCase):
        selectors.readable_case(case.pk, office.person("insp_018"), office.at)
    with pytest.raises(NotAuthorised):
        office.claim(office.item(case, "write_proposal"), "insp_018", declares=False)


def test_r05_who_may_not_say_so_of_whom_and_of_what(office: Office) -> None:
    case = office.open_case()
    item = office.item(case, "assess_risk")
    with pytest.raises(NotDisqualified):
        call(office, item)
    declare(office, case, "insp_018")

    for by in ("insp_017", "insp_018", "ecn_nts_01", "aj_09"):
        with pytest.raises(NotAuthorised):
            call(office, item, by=by)
    with pytest.raises(FormRefused):
        call(office, item, reasons=" ")
    office.do(case, "insp_017", "assess_risk")
    with pytest.raises(NotOpen):
        call(office, item)
    office.do(case, "insp_017", "write_proposal", decision_type="OPEN_SUPERVISION")
    with pytest.raises(NotNecessary):
        call(office, office.item(case, "review_proposal"))


# Signs


def test_r06_a_tie_in_the_registers_warns_at_the_claim_and_is_recorded(office: Office) -> None:
    case = office.open_case()
    item = office.item(case, "assess_risk")
    party = case.provider_id or case.unit_id
    assert party
    tie(office, "insp_018", party)
    tie(office, "insp_019", "UTF-99999", number=2)

    assert [sign.code for sign in conflict_signs.signs(case, office.person("insp_018"), office.at)] == ["SIDE_JOB"]
    assert not conflict_signs.signs(case, office.person("insp_019"), office.at)
    office.claim(item, "insp_018")

    event = ledger.of_stream(str(case.pk))[-1]
    assert (event.kind, event.data["signs"]) == ("WORK_CLAIMED", ["SIDE_JOB"])
    assert "signs" not in next(one for one in ledger.of_stream(str(case.pk)) if one.kind != "WORK_CLAIMED").data


def test_r06_who_decided_the_case_that_this_one_comes_from_is_warned(office: Office) -> None:
    source, case = office.to_dispatch(), office.open_case()
    CaseLink.objects.create(from_case=source, to_case=case, kind=LinkKind.INFORMATION, at=office.at)

    found = conflict_signs.signs(case, office.person("acn_etv"), office.at)

    assert [(sign.code, sign.about) for sign in found] == [("EARLIER_DECISION", source.case_number)]
    assert not conflict_signs.signs(case, office.person("ecn_etv_01"), office.at)


def test_r06_those_who_assess_see_what_the_registers_say_and_others_do_not(office: Office) -> None:
    case = office.to_review()
    tie(office, "insp_018", case.provider_id or case.unit_id or "")
    declare(office, case, "insp_018")

    assert [name for name, _ in beside.conflict_page(case.pk, office.person("ecn_etv_01"), office.at).signs]
    page = beside.conflict_page(case.pk, office.person("insp_017"), office.at)
    assert (page.signs, page.sealed) == ((), None)


# Like cases


def searched(office: Office, who: str, **by: Any) -> list[rulings.Ruling]:
    return rulings.search(office.person(who), office.at, **by)


def test_r07_rulings_are_found_by_what_they_were_about(office: Office) -> None:
    for number, (ground, conflict) in enumerate([("RELATED", True), ("OTHER", False)]):
        case = office.to_review()
        declare(office, case, "insp_018")
        _advise(office, case)
        conflicts.rule(
            case=case.pk,
            conflict=conflict,
            ground=ground,
            reasons=f"Skäl nummer {number}.",
            by=office.person("ecn_etv_01"),
            key=office.key(),
            at=office.tick(),
        )

    assert [one.ground for one in searched(office, "ecn_etv_02")] == ["OTHER", "RELATED"]
    (one,) = searched(office, "ecn_etv_02", ground="RELATED", kind="RULED_CONFLICT", case_type="ETV", role="INSP")
    assert (one.role, one.ruler_role, one.reasons) == ("INSP", "EC_N", "Skäl nummer 0.")
    assert [one.ground for one in searched(office, "ecn_etv_02", words="nummer 1")] == ["OTHER"]
    assert not searched(office, "ecn_etv_02", case_type="NTS")
    other = searched(office, "ecn_nts_01")
    assert [(one.reasons, one.case_number) for one in other] == [(None, None)] * 2
    assert not searched(office, "ecn_nts_01", words="nummer")
    assert ledger.of_stream(reading.STREAM)[-1].person == str(office.person("ecn_etv_02"))


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("ecn_etv_01", True),
        ("acn_nts", True),
        ("gd", True),
        ("stf", True),
        ("aj_09", True),
        ("cj", True),
        ("ir_01", True),
        ("insp_017", False),
        ("reg_05", False),
        ("po_01", False),
        ("tl_04", False),
    ],
)
def test_r07_rulings_are_searched_by_those_who_assess_circumstances(office: Office, who: str, may: bool) -> None:
    assert rulings.may_search(office.person(who), office.at) is may


def test_a_ground_that_the_law_does_not_know_is_refused(office: Office) -> None:
    case = office.to_review()
    _declare(office, case, "insp_018")
    _advise(office, case)

    with pytest.raises(FormRefused):
        conflicts.rule(
            case=case.pk,
            conflict=True,
            ground="WHIM",
            reasons="Skäl.",
            by=office.person("ecn_etv_01"),
            key=office.key(),
            at=office.tick(),
        )


def test_r28_a_right_revoked_meanwhile_does_not_rule(office: Office) -> None:
    case = office.to_review()
    _declare(office, case, "insp_018")
    _advise(office, case)
    grant = DelegationGrant.objects.get(person=office.person("ecn_etv_02"), role="EC_N", kind="APPOINTMENT")
    organisation.revoke_grant(grant=grant.pk, at=office.at + timedelta(seconds=1))

    with pytest.raises(NotAuthorised):
        _rule(office, case, "ecn_etv_02", conflict=True)
