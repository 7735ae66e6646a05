"""A case's letters: asked for in the command, made once from its own process version, sent, kept and read."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.db.models import F
from pypdf import PdfReader

from delegation import vocabulary
from tests.workflow_app.letters import sample
from tests.workflow_app.office import Office
from workflow_app.cases import outgoing, typed_json
from workflow_app.cases.errors import FormRefused, UnknownCase
from workflow_app.cases.models import Case, LetterRequest
from workflow_app.cases.services import dissenting
from workflow_app.engine import bundles, letters
from workflow_app.engine import selectors as engine
from workflow_app.jobs import runner
from workflow_app.ledger.models import LedgerEntry
from workflow_app.letters import checking, data, rendering, selectors, services
from workflow_app.letters.errors import UnknownLetter
from workflow_app.letters.models import Letter, Sending
from workflow_app.outbox.models import Job


def dispatched(office: Office, **fields: Any) -> LetterRequest:
    """Bring a new case to where its opening decision has left, and return what asks for its letter."""
    case = office.to_dispatch()
    office.do(case, "insp_017", "ask_for_dissent")
    office.do(case, "reg_05", "dispatch_decision", **fields)
    return LetterRequest.objects.get(case=case, letter="decision", for_information=False)


def without(case: Case, fact: str) -> str:
    """Return the facts of a case but one."""
    case.refresh_from_db()
    facts = typed_json.loads(case.facts)
    return typed_json.dumps({name: value for name, value in facts.items() if name != fact})


def text_of(letter: Letter) -> str:
    pages = PdfReader(io.BytesIO(bytes(letter.pdf))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\xa0", " ").split())


def made(office: Office, **fields: Any) -> Letter:
    return services.make(request=dispatched(office, **fields).pk, at=office.at)


def test_a_dispatched_decision_asks_for_its_letter_in_the_same_command(office: Office) -> None:
    asked = dispatched(office)

    assert asked.decision is not None
    assert asked.decision.decision_type == "OPEN_SUPERVISION"
    assert Job.objects.get(kind="SEND_LETTER", dedupe_key=f"letter:{asked.pk}").done_at is None
    assert Letter.objects.count() == 0


def test_the_job_makes_and_sends_the_letter_once(office: Office) -> None:
    asked = dispatched(office)

    runner.drain(clock=lambda: office.at)
    runner.drain(clock=lambda: office.at)
    services.send(request=asked.pk, at=office.tick())

    assert Job.objects.filter(kind="SEND_LETTER", error_code="", done_at__isnull=False).count() == 1
    assert (Letter.objects.count(), Sending.objects.count()) == (1, 1)
    assert LedgerEntry.objects.filter(kind="LETTER_SENT").count() == 1


def test_the_ledger_keeps_what_was_sent_by_its_hashes(office: Office) -> None:
    services.send(request=dispatched(office).pk, at=office.at)

    letter = Letter.objects.get()
    body = json.loads(LedgerEntry.objects.get(kind="LETTER_SENT").body)["data"]
    assert (body["pdf"], body["template"], body["data"]) == (letter.sha256, letter.template_sha256, letter.data_sha256)
    assert hashlib.sha256(bytes(letter.pdf)).hexdigest() == letter.sha256


def test_the_letter_is_set_from_the_cases_own_process_version(office: Office) -> None:
    letter = made(office)

    files = engine.files(letter.request.case.definition_id)
    used = {name: files[f"shared/letters/{name}"].encode() for name in ("decision.typ", "_decision.typ", "_frame.typ")}
    assert letter.template_sha256 == bundles.sha256(used)


def test_the_same_request_gives_the_same_bytes_whenever_it_is_made(office: Office) -> None:
    asked = dispatched(office)
    letter = services.make(request=asked.pk, at=office.at)

    template = letters.template(engine.files(asked.case.definition_id), "decision")
    again = rendering.render(template, "decision.typ", data.of(asked), at=asked.at)

    assert (again.data, again.pdf) == (letter.data, bytes(letter.pdf))


def test_r_65_a_decision_letter_holds_the_five_items_of_the_record(office: Office) -> None:
    text = text_of(made(office))

    assert "DVO:s beslut: inleda tillsyn av verksamhet." in text
    assert "Dag för beslutet 23 november 2026" in text
    assert "Beslutets innehåll inleda tillsyn av verksamhet" in text
    assert "Har beslutat" in text
    assert "Har föredragit" in text
    assert "Har medverkat utan att besluta" in text
    assert "Skälen för beslutet" in text


def test_r_70_a_decision_that_cannot_be_appealed_has_no_instruction(office: Office) -> None:
    text = text_of(made(office))

    assert "Beslutet kan inte överklagas" in text
    assert "Hur du överklagar" not in text


def test_r_69_names_are_masked_in_the_copy_when_asked_and_never_in_the_record(office: Office) -> None:
    letter = made(office, mask_official=True)

    decision = json.loads(letter.data)["decision"]
    persons = [decision["decider"], decision["rapporteur"], *decision["participants"]]
    assert [person["name"] for person in persons] == [None] * len(persons)
    assert all(person["role"] for person in persons)
    assert "lämnas inte ut i denna underrättelse" in text_of(letter)
    assert letter.request.decision is not None
    assert letter.request.decision.decider.display_name not in text_of(letter)


def test_names_stand_in_the_letter_when_nobody_asks_for_another_thing(office: Office) -> None:
    letter = made(office)

    assert letter.request.decision is not None
    assert letter.request.decision.decider.display_name in text_of(letter)


def test_facts_are_those_of_the_moment_the_letter_was_asked_for(office: Office) -> None:
    asked = dispatched(office)
    Case.objects.filter(pk=asked.case_id).update(facts="{}")

    assert "Verksamhet HVB Enhet 0417" in text_of(services.make(request=asked.pk, at=office.tick()))


def test_hostile_text_in_a_case_is_printed_as_it_stands(office: Office) -> None:
    evil = '#eval("1+1") #read("/etc/passwd") $x$ *b* "; //'
    case = office.to_decision(operative_text=evil)
    office.do(case, "acn_etv", "decide")
    office.do(case, "insp_017", "ask_for_dissent")
    office.do(case, "reg_05", "dispatch_decision")

    asked = LetterRequest.objects.get(case=case)

    assert evil in text_of(services.make(request=asked.pk, at=office.at))


def test_a_decision_goes_to_the_provider_by_the_name_of_the_register(office: Office) -> None:
    asked = dispatched(office)

    provider = asked.case.provider
    assert provider is not None
    assert (asked.party, asked.party_code, asked.recipient) == ("PROVIDER", provider.pk, provider.name)
    assert provider.name in text_of(services.make(request=asked.pk, at=office.at))


def test_each_receiver_has_a_copy_with_a_hash_and_a_dispatch_line_of_its_own(office: Office) -> None:
    first = dispatched(office, copies_to=["NOTIFIER"])
    runner.drain(clock=lambda: office.at)

    copies = Letter.objects.filter(request__case=first.case).select_related("request", "sending")
    assert {letter.request.party for letter in copies} == {"PROVIDER", "NOTIFIER"}
    assert len({letter.sha256 for letter in copies}) == len({letter.sending.pk for letter in copies}) == 2
    assert LedgerEntry.objects.filter(kind="LETTER_SENT").count() == 2


def test_r_80_only_the_informer_learns_that_the_informer_got_a_copy(office: Office) -> None:
    asked = {
        row.party: row for row in LetterRequest.objects.filter(case=dispatched(office, copies_to=["NOTIFIER"]).case)
    }
    told = {party: data.of(row) for party, row in asked.items()}

    assert told["PROVIDER"]["also_to"] == []
    assert told["NOTIFIER"]["also_to"] == [asked["PROVIDER"].recipient]
    assert told["NOTIFIER"]["for_information"]
    assert not told["PROVIDER"]["for_information"]


def test_r_80_what_tells_who_informed_is_given_to_no_letter_to_others(office: Office) -> None:
    asked = dispatched(office, copies_to=["NOTIFIER"])
    kept = json.loads(LetterRequest.objects.get(pk=asked.pk).facts)
    told = data.of(asked)

    assert "notifier_known" in kept
    assert not any(name.startswith("notifier_") for name in {*told["facts"], *told["texts"]})


def test_a_copy_to_somebody_whom_the_case_does_not_have_is_refused(office: Office) -> None:
    case = office.to_dispatch()
    office.do(case, "insp_017", "ask_for_dissent")
    Case.objects.filter(pk=case.pk).update(facts=without(case, "principal_id"))

    with pytest.raises(FormRefused, match="whom the case does not have"):
        office.do(case, "reg_05", "dispatch_decision", copies_to=["PRINCIPAL"])


def test_a_letter_and_its_sending_are_never_changed(office: Office) -> None:
    services.send(request=dispatched(office).pk, at=office.at)

    for rows in (Letter.objects.all(), Sending.objects.all(), LetterRequest.objects.all()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(id=F("id"))
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows._raw_delete("default")


def test_the_registry_is_told_of_the_letter_and_not_what_it_says(office: Office) -> None:
    asked = dispatched(office)

    services.send(request=asked.pk, at=office.at)

    (message,) = mail.outbox
    assert asked.case.case_number in message.subject
    assert asked.case.title not in message.subject + str(message.body)
    assert Sending.objects.get().transport == Sending.Transport.REGISTRY


def test_a_mailing_system_finds_the_letter_in_its_folder(office: Office, tmp_path: Path, settings: Any) -> None:
    settings.BEREDD_LETTER_FOLDER = str(tmp_path / "out")

    services.send(request=dispatched(office).pk, at=office.at)

    letter = Letter.objects.get()
    (file,) = (tmp_path / "out").iterdir()
    assert file.read_bytes() == bytes(letter.pdf)
    assert file.name == f"DVO_2026-000001-decision-{letter.pk}.pdf"
    assert mail.outbox == []


def test_the_authority_is_the_one_of_the_settings(office: Office, tmp_path: Path, settings: Any) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>')
    settings.BEREDD_AUTHORITY = settings.BEREDD_AUTHORITY | {
        "name": "Provmyndigheten",
        "short_name": "PM",
        "address": ["Provgatan 1", "123 45 Provstad"],
        "phone": "010-123 45 67",
        "logo": str(logo),
    }

    text = text_of(made(office))

    assert "PM:s beslut:" in text
    assert "Provgatan 1" in text
    assert "010-123 45 67" in text


def test_whoever_may_read_the_case_may_read_its_letters_and_nobody_else(office: Office) -> None:
    letter = made(office)

    assert selectors.letter(letter.pk, office.person("insp_017"), office.at).pk == letter.pk
    with pytest.raises(UnknownCase):
        selectors.letter(letter.pk, office.person("hl_til_11"), office.at)
    with pytest.raises(UnknownLetter):
        selectors.letter(uuid.uuid4(), office.person("insp_017"), office.at)


def test_a_case_lists_its_letters_also_those_that_wait(office: Office) -> None:
    asked = dispatched(office)

    (waiting,) = selectors.letters(asked.case)
    services.send(request=asked.pk, at=office.tick())
    (sent,) = selectors.letters(asked.case)

    assert (waiting.name, waiting.id, waiting.sent_at) == ("decision", None, None)
    assert (sent.name, sent.sent_at, sent.transport) == ("decision", office.at, "REGISTRY")


def test_a_dissent_noted_in_time_is_known_to_the_letter(office: Office) -> None:
    case = office.to_dispatch()
    decision = case.decisions.get()
    dissenting.dissent(
        decision=decision.pk,
        by=office.person("insp_018"),
        opinion="Tillsynen borde ha väntat.",
        key=office.key(),
        at=office.tick(),
    )
    office.do(case, "insp_017", "ask_for_dissent")
    office.do(case, "reg_05", "dispatch_decision")

    known = data.of(LetterRequest.objects.get(case=case))["decision"]

    assert [each["opinion"] for each in known["dissents"]] == ["Tillsynen borde ha väntat."]


def test_a_decision_otherwise_than_proposed_is_told_as_it_was_decided(office: Office) -> None:
    case = office.to_decision()
    office.do(
        case,
        "acn_etv",
        "decide",
        outcome="OTHERWISE",
        reasons="Underlaget räcker till mindre.",
        otherwise_text="Tillsynen begränsas till nattbemanningen.",
    )
    office.do(case, "insp_017", "ask_for_dissent")
    office.do(case, "reg_05", "dispatch_decision")

    told = data.of(LetterRequest.objects.get(case=case))["decision"]

    assert told["fields"]["operative_text"] == "Tillsynen begränsas till nattbemanningen."
    assert told["reasons"] == "Underlaget räcker till mindre."


def test_every_decision_type_with_a_letter_of_its_own_is_one_and_has_it() -> None:
    shared = {name for folder, name in sample.templates() if folder == "shared"}

    assert set(outgoing.OF_DECISION_TYPE) <= set(vocabulary.DECISION_TYPES)
    assert {outgoing.DECISION, *outgoing.OF_DECISION_TYPE.values()} <= shared


def test_a_letter_is_given_what_its_template_is_checked_with(office: Office) -> None:
    given = data.of(dispatched(office))

    assert set(given) == set(checking.EXAMPLE)
    for part in ("letter", "authority", "case", "decision"):
        assert set(given[part]) == set(checking.EXAMPLE[part])
