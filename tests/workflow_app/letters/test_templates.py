"""Every letter that ships can be set, says what the law asks of it, and is a PDF for archives and for readers."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from tests.workflow_app.letters import sample
from workflow_app.engine import bundles
from workflow_app.letters import checking, rendering

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
LETTERS = sample.templates()
#: What every case type has, its own or shared (issue: letters).
EXPECTED = {
    "acknowledgement",
    "appeal_hand_over",
    "certificate",
    "communication",
    "correction",
    "decision",
    "draft_decision",
    "fee_application",
    "inspection_minutes",
    "notice",
    "report",
    "request",
}


def letter(folder: str, name: str, given: dict[str, Any]) -> PdfReader:
    rendered = rendering.render(sample.template(folder, name), f"{name}.typ", given, at=AT)
    return PdfReader(io.BytesIO(rendered.pdf))


def text_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).replace("\xa0", " ").split())


def decided(**changed: Any) -> str:
    given = sample.data(sample.everything(), decision=sample.decision(**changed))
    return text_of(letter("shared", "decision", given))


def test_every_letter_of_the_contract_is_there() -> None:
    assert {name for folder, name in LETTERS if folder == "shared"} >= EXPECTED


@pytest.mark.parametrize(("folder", "name"), LETTERS)
def test_a_letter_is_for_archives_and_for_readers(folder: str, name: str) -> None:
    reader = letter(folder, name, sample.data(sample.everything()))
    catalog: Any = reader.trailer["/Root"]

    assert catalog["/Lang"] == "sv-SE"
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert catalog["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert reader.metadata is not None
    assert reader.metadata.title.endswith(", DVO 2026-000123")
    metadata = catalog["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    tags = _tags(catalog["/StructTreeRoot"])
    assert tags.count("/H1") == 1
    assert {"/Document", "/P"} <= set(tags)
    assert not any("/JavaScript" in str(page) or "/AA" in page for page in reader.pages)


def _tags(node: Any) -> list[str]:
    """List the structure types in reading order."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [tag for each in node for tag in _tags(each)]
    if not isinstance(node, DictionaryObject):
        return []
    own = [str(node["/S"])] if "/S" in node else []
    return own + _tags(node.get("/K", []))


@pytest.mark.parametrize(("folder", "name"), LETTERS)
def test_a_letter_can_be_set_of_a_case_that_says_nothing(folder: str, name: str) -> None:
    given = sample.data(official=None)
    if name not in {"decision", "draft_decision"}:
        given |= {"decision": None, "decisions": []}

    text = text_of(letter(folder, name, given))

    assert "DVO 2026-000123" in text
    assert "none" not in text


@pytest.mark.parametrize(("folder", "name"), LETTERS)
def test_a_letter_prints_hostile_facts_as_they_stand(folder: str, name: str) -> None:
    evil = '#eval("1")[*x*]$y$'
    fields = dict.fromkeys(sample.decision()["fields"], evil)
    given = sample.data(dict.fromkeys(sample.everything(), evil), decision=sample.decision(fields=fields))

    assert evil in text_of(letter(folder, name, given))


def test_s_59_a_decision_says_in_clear_words_what_it_is() -> None:
    assert "DVO:s beslut: föreläggande med vite." in decided()


def test_r_65_a_decision_has_the_five_items() -> None:
    text = decided()

    assert "Dag för beslutet 23 november 2026" in text
    assert "Beslutets innehåll föreläggande med vite" in text
    assert "Har beslutat Avdelningschef ETV, avdelningschef" in text
    assert "Har föredragit Inspektör Sjutton, inspektör" in text
    assert "Har medverkat utan att besluta Jurist Nio, biträdande chefsjurist" in text


def test_that_nobody_presented_or_took_part_is_said_in_words() -> None:
    text = decided(rapporteur=None, participants=[])

    assert "Har föredragit Ärendet har avgjorts utan föredragning." in text
    assert "Har medverkat utan att besluta Ingen" in text


def test_r_70_only_an_appealable_decision_says_how_to_appeal() -> None:
    assert "inom tre veckor från den dag då du fick del av beslutet" in decided()
    assert "Hur du överklagar" not in decided(appealable=False)
    assert "Beslutet kan inte överklagas" in decided(appealable=False)


def test_r_67_a_dissent_is_told_with_the_way_to_appeal() -> None:
    assert "Ett föreläggande utan vite hade räckt." in decided()
    assert "Avvikande mening" not in decided(dissents=[])
    assert "Avvikande mening" not in decided(appealable=False)


def test_r_68_reasons_and_provisions_are_told() -> None:
    text = decided()
    assert "Skälen för beslutet Boendet saknar rutiner" in text
    assert "7 kap. 24 § patientsäkerhetslagen" in text


def test_r_69_a_masked_copy_says_so_and_names_roles_only() -> None:
    text = decided(masked=True, decider={"name": None, "role": "Avdelningschef"})

    assert "Har beslutat Avdelningschef" in text
    assert "lämnas inte ut i denna underrättelse" in text


@pytest.mark.parametrize("folder", sorted({folder for folder, name in LETTERS if name == "acknowledgement"}))
def test_s_58_an_acknowledgement_says_what_the_authority_can_and_cannot_do(folder: str) -> None:
    text = text_of(letter(folder, "acknowledgement", sample.data(sample.everything())))

    assert "Vad vi kan göra" in text
    assert "Vad vi inte kan göra" in text
    assert "upprättelse" in text


def test_a_logo_stands_where_the_name_would_and_has_a_text_for_those_who_do_not_see_it() -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20"/></svg>'
    given = sample.data(authority=sample.data()["authority"] | {"logo": True})

    rendered = rendering.render(sample.template("shared", "notice"), "notice.typ", given, at=AT, logo=svg)

    catalog: Any = PdfReader(io.BytesIO(rendered.pdf)).trailer["/Root"]
    assert "/Figure" in _tags(catalog["/StructTreeRoot"])


def test_every_shipped_letter_is_set_by_the_check() -> None:
    bundle = bundles.read_bundle(sample.BPMN / "til")

    assert list(checking.check(bundle)) == []


def test_a_template_that_breaks_is_found_before_a_case_does() -> None:
    broken = {"shared/letters/notice.typ": b"#let x = 1\n#x.missing", "shared/letters/request.typ": b"Hej"}

    findings = list(checking.check(broken))

    assert [(finding.code, finding.file) for finding in findings] == [
        ("TEMPLATE_REFUSED", "notice.typ"),
        ("TEMPLATE_REFUSED", "request.typ"),
    ]
    assert "notice.typ, line 2" in findings[0].text


def test_the_check_and_the_letters_know_the_same_data() -> None:
    given = sample.data()

    assert set(checking.EXAMPLE) == set(given)
    for part in ("letter", "authority", "case", "decision"):
        assert set(checking.EXAMPLE[part]) == set(given[part])


def test_r_65_a_correction_names_the_decision_and_how_it_reads_now() -> None:
    corrected = {"name": "föreläggande med vite", "number": 2, "date": "23 november 2026"}
    decision = sample.decision(number=3, name="rättelse", date="30 november 2026", corrects=corrected)

    text = text_of(letter("shared", "correction", sample.data(sample.everything(), decision=decision)))

    assert "Beslut som rättas föreläggande med vite" in text
    assert "Beslutsdag 23 november 2026" in text
    assert "Rättat 30 november 2026" in text
    assert "Så lyder beslutet nu Boendet saknar rutiner" in text
    assert "Hur du överklagar" not in text
