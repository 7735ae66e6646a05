"""Correct a clerical error (FL 36 §, R-65) and document what has been said (FL 27 §, R-72)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from tests.workflow_app.office import Office
from workflow_app.cases import sealing, selectors, typed_json
from workflow_app.cases.errors import ContentClosed, FormRefused, NotAuthorised, NothingToCorrect, StaleEdit
from workflow_app.cases.models import Case, CaseAct, Decision, LetterRequest, SealedName
from workflow_app.cases.services import correcting, noting
from workflow_app.ledger import verification
from workflow_app.ledger.models import LedgerEntry

RIGHT = "Tillsyn inleds av HVB Enhet 0417 på Demogatan 17."


@pytest.fixture
def decision(office: Office) -> Decision:
    """A decision that has been dispatched."""
    case = office.to_dispatch()
    office.do(case, "insp_017", "ask_for_dissent")
    office.do(case, "reg_05", "dispatch_decision")
    return Decision.objects.get(case=case)


def propose(office: Office, decision: Decision, by: str = "insp_017", **wording: str) -> None:
    correcting.propose(
        decision=decision.pk,
        wording=wording or {"operative_text": RIGHT},
        error="Fel gatunummer.",
        by=office.person(by),
        key=office.key(),
        at=office.tick(),
    )


def review(office: Office, decision: Decision, by: str = "insp_018", *, agrees: bool = True) -> None:
    correcting.review(
        decision=decision.pk, agrees=agrees, comment="", by=office.person(by), key=office.key(), at=office.tick()
    )


def correct(office: Office, decision: Decision, by: str = "acn_etv") -> None:
    correcting.correct(decision=decision.pk, by=office.person(by), key=office.key(), at=office.tick())


def test_r65_a_correction_is_a_new_version_beside_the_old(office: Office, decision: Decision) -> None:
    """R-65: both versions are kept, linked, and in the ledger; the first says what it said."""
    before = (decision.content, decision.content_hash)

    propose(office, decision)
    review(office, decision)
    correct(office, decision)

    old, new = Decision.objects.filter(case=decision.case).order_by("number")
    assert (old.content, old.content_hash) == before
    assert (new.corrects_id, new.decision_type, new.rule) == (old.pk, "CORRECTION", "DO-012")
    assert typed_json.loads(new.content)["fields"]["operative_text"] == RIGHT
    assert new.reasons == old.reasons
    view = selectors.decision_view(new.pk, office.person("insp_017"), office.at)
    assert [part["person"] for part in view.participants] == [str(office.person("insp_018"))]
    entry = LedgerEntry.objects.filter(stream=str(decision.case_id)).latest("seq")
    assert entry.kind == "DECISION_CORRECTED"
    assert f'"corrects":"{old.pk}"' in entry.body
    assert verification.verify(selectors.heads()).ok


def test_r65_a_correction_is_told_to_everyone_who_got_the_decision(office: Office, decision: Decision) -> None:
    """R-65: FL 36 §"""
    got = set(LetterRequest.objects.filter(decision=decision).values_list("party", "recipient", "for_information"))
    assert got

    for _ in range(2):
        propose(office, decision, operative_text=f"{RIGHT} {decision.number}")
        review(office, decision)
        correct(office, decision)
        decision = Decision.objects.get(corrects=decision)
        told = LetterRequest.objects.filter(decision=decision, letter="correction")
        assert set(told.values_list("party", "recipient", "for_information")) == got


def test_r65_nobody_corrects_without_a_second_pair_of_eyes(office: Office, decision: Decision) -> None:
    """R-65, DO-012: not before review, not by the proposer's own review, not by the reviewer, not by an inspector."""
    with pytest.raises(NothingToCorrect):
        correct(office, decision)
    propose(office, decision)
    with pytest.raises(NotAuthorised):
        correct(office, decision)
    with pytest.raises(NotAuthorised):
        review(office, decision, by="insp_017")
    review(office, decision)
    with pytest.raises(NothingToCorrect):
        review(office, decision, by="insp_019")
    for by in ("insp_017", "insp_018", "hl_til_11"):
        with pytest.raises(NotAuthorised):
            correct(office, decision, by=by)

    assert Decision.objects.count() == 1


def test_r65_a_version_is_corrected_once_and_then_the_newer_one(office: Office, decision: Decision) -> None:
    """R-65: two corrections of the same version would leave two that claim to be in force."""
    for _ in range(2):
        propose(office, decision, operative_text=f"{RIGHT} {decision.number}")
        review(office, decision)
        correct(office, decision)
        with pytest.raises(StaleEdit):
            propose(office, decision)
        decision = Decision.objects.get(corrects=decision)

    assert Decision.objects.count() == 3
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(reasons="x")


def test_r65_a_correction_is_refused_when_it_corrects_nothing(office: Office, decision: Decision) -> None:
    """R-65: the same words, empty words, or fields that hold no wording."""
    same = typed_json.loads(decision.content)["fields"]["operative_text"]

    for wording in ({"operative_text": same}, {"operative_text": " "}, {"amount": "1"}):
        with pytest.raises(FormRefused):
            propose(office, decision, **wording)

    assert not CaseAct.objects.filter(node="correction:1").exists()


def test_r65_a_correction_that_the_reviewer_disagrees_with_is_put_away(office: Office, decision: Decision) -> None:
    """R-65: it takes a new proposal, and a new review."""
    propose(office, decision)
    review(office, decision, agrees=False)

    with pytest.raises(NothingToCorrect):
        correct(office, decision)
    propose(office, decision)
    with pytest.raises(NotAuthorised):
        correct(office, decision)


def test_r65_what_has_not_left_the_authority_is_not_corrected(office: Office) -> None:
    """R-65: before dispatch there is nothing to correct; the decision is simply made again."""
    case = office.to_dispatch()

    with pytest.raises(NothingToCorrect):
        propose(office, Decision.objects.get(case=case))


#


def note(office: Office, case: Case, by: str = "insp_017", *, given_at: datetime | None = None, **told: str) -> None:
    noting.note(
        case=case.pk,
        information=told.get("information", "Nattbemanningen har halverats."),
        source=told.get("source", "Verksamhetschefen"),
        sealed=told.get("sealed", ""),
        given_at=given_at or office.at,
        by=office.person(by),
        key=office.key(),
        at=office.tick(),
    )


def test_r72_oral_information_is_kept_with_what_by_whom_and_when(office: Office) -> None:
    """R-72: and with who took it down, under which right."""
    case = office.to_review()
    heard = office.at - timedelta(hours=2)

    note(office, case, given_at=heard)

    kept = CaseAct.objects.get(case=case, node=noting.NODE)
    assert typed_json.loads(kept.fields) == {
        "information": "Nattbemanningen har halverats.",
        "source": "Verksamhetschefen",
        "given_at": heard,
    }
    assert (kept.person_id, kept.permit.role) == (office.person("insp_017"), "INSP")
    assert LedgerEntry.objects.filter(stream=str(case.pk)).latest("seq").kind == "ORAL_INFORMATION_NOTED"


@pytest.mark.parametrize(
    "missing", [{"information": " "}, {"source": ""}, {"information": "a\x00"}, {"source": "x" * 201}]
)
def test_r72_without_what_or_whom_nothing_is_noted(office: Office, missing: dict[str, str]) -> None:
    """R-72: each of the three must be there."""
    case = office.to_review()

    with pytest.raises(FormRefused):
        note(office, case, **missing)
    with pytest.raises(FormRefused):
        note(office, case, given_at=office.at + timedelta(days=1))
    assert not CaseAct.objects.filter(node=noting.NODE).exists()


def test_r72_r73_nobody_outside_the_case_adds_to_it(office: Office) -> None:
    """R-72: a colleague who takes no part has nothing to note."""
    case = office.to_review()

    with pytest.raises(ContentClosed):
        note(office, case, by="insp_018")


def test_r72_r74_a_childs_name_is_sealed_also_here(office: Office) -> None:
    """R-74: the same name is the same pseudonym; letters already written of children without names stay theirs."""
    case = office.to_review()

    for name in ("Kim Påhittad", "kim  påhittad", "Alex Påhittad"):
        note(office, case, source=name, sealed=SealedName.Kind.CHILD)

    told = [typed_json.loads(act.fields)["source"] for act in CaseAct.objects.filter(node=noting.NODE).order_by("at")]
    assert told == ["Barn C", "Barn C", "Barn D"]
    assert not CaseAct.objects.filter(fields__contains="Påhittad").exists()


def test_r74_a_name_in_a_form_becomes_a_pseudonym_before_it_is_a_fact(office: Office) -> None:
    """R-74, R-80: rows and single fields alike; a pseudonym already written keeps its letter."""
    case = Case.objects.get(pk=office.to_review().pk)
    turn = selectors.display(case, office.person("insp_017"), office.at)
    schema = """{"components": [
        {"type": "textfield", "key": "notifier", "properties": {"sealed": "NOTIFIER"}},
        {"type": "dynamiclist", "path": "child_statements", "components": [
            {"type": "textfield", "key": "child", "properties": {"sealed": "CHILD"}},
            {"type": "textarea", "key": "statement"}]}]}"""
    rows = [{"child": name, "statement": "x"} for name in ("Barn A", "Kim Påhittad", "KIM påhittad", None)]

    values = sealing.seal(turn, schema, {"notifier": "Robin Påhittad", "child_statements": rows})

    assert values["notifier"] == "Anmälare A"
    assert [row["child"] for row in values["child_statements"]] == ["Barn A", "Barn C", "Barn C", None]
    assert "Påhittad" not in typed_json.dumps(values)
