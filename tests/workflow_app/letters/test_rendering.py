"""Setting a letter: the same in gives the same out, and data is never source."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from workflow_app.letters import rendering
from workflow_app.letters.errors import TemplateRefused, TooMuchText

AT = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)
TEMPLATE = {
    "main.typ": (
        '#import "_part.typ": *\n'
        '#set document(title: "Brev", date: auto)\n#set text(lang: "sv")\n'
        '= Rubrik\n#for line in data.text.split("\\n") { par(line) }\n'
    ),
    "_part.typ": "#let data = json(bytes(sys.inputs.data))\n",
}


def render(text: str, **more: Any) -> rendering.Rendered:
    return rendering.render(TEMPLATE, "main.typ", {"text": text, **more}, at=AT)


def read(rendered: rendering.Rendered) -> PdfReader:
    return PdfReader(io.BytesIO(rendered.pdf))


def text_of(rendered: rendering.Rendered) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(rendered).pages).split())


def test_the_same_data_gives_the_same_bytes() -> None:
    assert render("Hej").pdf == render("Hej").pdf
    assert render("Hej").pdf != render("Hå").pdf


def test_the_order_of_the_data_does_not_matter() -> None:
    one = rendering.render(TEMPLATE, "main.typ", {"text": "a", "other": "b"}, at=AT)
    two = rendering.render(TEMPLATE, "main.typ", {"other": "b", "text": "a"}, at=AT)
    assert (one.data, one.pdf) == (two.data, two.pdf)


def test_the_letter_says_when_it_was_made_and_not_when_it_was_set() -> None:
    made = read(render("Hej")).metadata
    assert made is not None
    assert made.creation_date == AT.replace(microsecond=0)


@pytest.mark.parametrize(
    "text",
    [
        '#eval("1+1")',
        '#read("/etc/passwd")',
        '#import "@preview/cetz:0.3.1": *',
        "#set page(fill: black)",
        "$ x^2 $ and `raw` and ```typ #panic()```",
        "*bold* _emph_ = heading - item + item / term: x",
        "<label> @reference ~ -- --- ... \\ \\u{1F600}",
        "// comment /* comment */",
        '"; #panic("out") //',
        "../../../etc/passwd C:\\Windows\\win.ini",
        "<script>alert(1)</script> {{ data }} %s ${x}",
        '{"text": "json"}',
    ],
)
def test_what_looks_like_source_is_printed_as_it_stands(text: str) -> None:
    assert text_of(render(text)) == f"Rubrik {text}"


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069", "\u061c"])
def test_marks_that_turn_the_order_of_reading_are_left_out(mark: str) -> None:
    rendered = render(f"evil{mark}txt.exe")
    assert json.loads(rendered.data)["text"] == "eviltxt.exe"
    assert rendered.unprintable == ()


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\x00", "U+0000"),
        ("\x07", "U+0007"),
        ("\x1b", "U+001B"),
        ("\ud800", "U+D800"),
        ("\udfff", "U+DFFF"),
        ("\ue000", "U+E000"),
        ("\uffff", "U+FFFF"),
        ("\U0010ffff", "U+10FFFF"),
        ("😀", "U+1F600"),
        ("漢", "U+6F22"),
        ("𐍈", "U+10348"),
    ],
)
def test_a_character_that_cannot_be_printed_leaves_a_mark_and_is_named(character: str, name: str) -> None:
    rendered = render(f"före{character}efter")
    assert rendered.unprintable == (name,)
    assert json.loads(rendered.data)["text"] == "före\ufffdefter"
    assert "före" in text_of(rendered)


def test_every_character_that_cannot_be_printed_is_named_once() -> None:
    rendered = render("😀 漢字 \x00 😀 👨\u200d👩\u200d👧")
    assert set(rendered.unprintable) == {
        "U+0000",
        "U+1F600",
        "U+6F22",
        "U+5B57",
        "U+1F468",
        "U+1F469",
        "U+1F467",
        "U+200D",
    }


@pytest.mark.parametrize(
    "text", ["Grüße, ça va? Þór, Łódź, Đà Nẵng", "Ελλάδα", "Україна", "שלום", "مرحبا", "½ € – — ’ ”", "e\u0301"]
)
def test_other_tongues_are_printed(text: str) -> None:
    assert render(text).unprintable == ()


def test_every_line_end_is_a_line_end() -> None:
    assert json.loads(render("ett\r\ntvå\rtre\nfyra").data)["text"] == "ett\ntvå\ntre\nfyra"


def test_a_megabyte_of_text_is_set_over_many_pages() -> None:
    assert len(read(render("Ord som fyller en sida. " * 43_000)).pages) > 100


def test_a_word_without_end_stays_on_the_page() -> None:
    rendered = render("x" * 5_000)
    assert json.loads(rendered.data)["text"].replace("\u200b", "") == "x" * 5_000
    page = read(rendered).pages[0]
    assert len([line for line in page.extract_text().splitlines() if line.startswith("x")]) > 20


def test_more_text_than_a_letter_can_hold_is_refused() -> None:
    with pytest.raises(TooMuchText, match="at most 2000000"):
        render("ord " * 600_000)


def test_a_template_that_does_not_hold_is_refused_with_its_place() -> None:
    with pytest.raises(TemplateRefused, match=r"letter `main.typ` cannot be set: .*\(main.typ, line 1\)"):
        rendering.render({"main.typ": "#data.missing"}, "main.typ", {"text": "hemligt"}, at=AT)


def test_what_is_wrong_with_a_template_is_told_without_the_data() -> None:
    broken = {"main.typ": "#let data = json(bytes(sys.inputs.data))\n#panic(data.text)"}
    with pytest.raises(TemplateRefused) as refused:
        rendering.render(broken, "main.typ", {"text": "hemligt"}, at=AT)
    assert "hemligt" not in str(refused.value)


@pytest.mark.parametrize("path", ["/etc/hostname", "../../../../etc/hostname", "/proc/self/environ"])
def test_a_template_sees_no_file_but_its_own(path: str) -> None:
    with pytest.raises(TemplateRefused):
        rendering.render({"main.typ": f'#read("{path}")'}, "main.typ", {}, at=AT)


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    render("Hej")
    with pytest.raises(TemplateRefused):
        rendering.render({"main.typ": "#x"}, "main.typ", {}, at=AT)
    assert list(tmp_path.iterdir()) == []


def test_the_machines_typefaces_are_not_used() -> None:
    fonts = read(render("Hej")).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    names = [font.get_object()["/BaseFont"] for font in fonts.values()]
    assert names
    assert all("Libertinus" in name for name in names)
