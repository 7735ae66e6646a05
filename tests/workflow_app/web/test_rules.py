"""The catalogue of rules to read: narrowed, with the law of a day, and reached from every refusal that names a rule."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone

from tests.workflow_app.enforcement.test_catalogue import named
from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import logged_in, new_key
from workflow_app.enforcement import rules, selectors

pytestmark = pytest.mark.django_db


def page(path: str, login: str = "ir_01") -> str:
    answer = logged_in(login).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def listed(text: str) -> list[str]:
    return re.findall(r'<tr id="(R-\d\d)"', text)


def test_every_rule_is_listed_in_swedish_with_its_ground_and_how_it_is_tried(office: Office) -> None:
    text = page("/rules/")

    assert listed(text) == list(rules.by_id())
    assert rules.by_id()[named(19)].swedish in text
    assert 'href="/legal-basis/#MF-4.4"' in text
    assert "<code>delegation/duties/separation.py:reviewing</code>" in text
    assert "Tester" in text


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        (f"text={named(7)}", [7]),
        ("text=avvikande+mening", [66, 67]),
        ("text=SOF-16.1", [38, 85]),
        ("chapter=DUTIES", [88, 89, 90, 91]),
        ("chapter=URGENCY&severity=WARN", [54]),
        ("text=nothing+says+this", []),
    ],
)
def test_the_catalogue_is_narrowed_by_chapter_severity_and_text(
    office: Office, narrowed: str, found: list[int]
) -> None:
    assert listed(page(f"/rules/?{narrowed}")) == [named(number) for number in found]


def test_the_law_is_shown_as_it_read_on_a_day(office: Office) -> None:
    assert "(2001:937)" in page(f"/rules/?text={named(38)}&day=2025-06-30")
    assert "(2025:468)" in page(f"/rules/?text={named(38)}&day=2025-07-01")


def test_a_day_that_is_none_is_said_and_everything_shown(office: Office) -> None:
    answer = logged_in("ir_01").get("/rules/?day=yesterday")

    assert answer.status_code == 400
    assert listed(answer.content.decode()) == list(rules.by_id())


def test_legal_bases_are_listed_with_the_days_on_which_they_hold(office: Office) -> None:
    text = page("/legal-basis/")

    assert text.count('id="SOL-REGK"') == 1
    assert text.count(">SOL-REGK<") == 2
    assert "mot författningen" in text
    assert "gäller inte" in text


def test_what_a_rule_has_refused_in_a_year_is_counted(office: Office) -> None:
    item = office.item(office.to_review(), "review_proposal")
    client = logged_in("insp_017")
    for _ in range(2):
        client.post(f"/items/{item.pk}/claim/", {"key": new_key(), "declares": "no_circumstance"})
    now = timezone.now()

    found = selectors.refusals(since=now - timedelta(days=1), until=now + timedelta(days=1))

    assert found[named(19)] == 2
    assert re.search(rf'<tr id="{named(19)}".*?<td class="amount">2</td>\s*</tr>', page("/rules/"), re.DOTALL)


@pytest.mark.parametrize(("login", "entry"), [("ir_01", True), ("insp_017", False)])
def test_the_menu_leads_there_for_auditors_and_process_owners_only(office: Office, login: str, entry: bool) -> None:
    assert ('<li><a href="/rules/"' in page("/", login)) is entry


def test_a_refusal_leads_from_its_rule_to_what_the_rule_says_for_anybody(office: Office) -> None:
    item = office.item(office.to_review(), "review_proposal")

    refused = logged_in("insp_017").post(f"/items/{item.pk}/claim/", {"key": new_key(), "declares": "no_circumstance"})

    assert f'(<a href="/rules/#{named(19)}">{named(19)}</a>)' in refused.content.decode()
    assert listed(page("/rules/", "insp_017"))


def test_a_text_is_shown_as_text_and_only_a_rule_that_is_one_is_linked() -> None:
    template = Template("{% load rules %}{{ text|rules_linked }}")

    shown = template.render(Context({"text": f"<b> ({named(1)}, {named(92)}, IR-01)"}))

    assert shown == f'&lt;b&gt; (<a href="/rules/#{named(1)}">{named(1)}</a>, {named(92)}, IR-01)'


def test_the_page_is_complete_in_english(office: Office) -> None:
    client = logged_in("ir_01")
    client.post("/language/", {"language": "en"})

    text = client.get("/rules/").content.decode()

    assert rules.by_id()[named(19)].english in text
    assert "is refused" in text
    assert "at the decision" in text
