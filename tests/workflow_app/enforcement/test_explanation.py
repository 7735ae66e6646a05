"""A verdict is told in words that say why, under which row, and who may instead."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import translation

import delegation
from delegation.authorizer import is_authorized
from delegation.types import Act, Bar, DecisionRequest, Duty, Verdict
from tests.delegation.authority import grant, lent, request, shipped
from workflow_app.enforcement.explanation import bar_sentence, duty_sentence, explain, role_name
from workflow_app.enforcement.sentences import CODES

SOURCES = [
    path
    for path in Path(delegation.__file__).parent.rglob("*.py")
    if not {"feel", "dmn"} & set(path.parts) and path.name not in {"lint.py", "order.py", "errors.py"}
]


def codes_in_use() -> set[str]:
    """Return every bar and duty code that ``delegation`` can answer with, read from its sources."""
    found: set[str] = set()
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"Bar", "Duty", "duty"}
            ):
                values = [*node.args[:1], *(item.value for item in node.keywords if item.arg == "code")]
                found |= {one.value for one in values if isinstance(one, ast.Constant) and isinstance(one.value, str)}
            if isinstance(node, ast.Tuple) and len(node.elts) == 4 and isinstance(node.elts[1], ast.Constant):
                code, rule = node.elts[0], node.elts[1].value
                if isinstance(rule, str) and rule.startswith("R-") and isinstance(code, ast.Constant):
                    found.add(str(code.value))
    families = {f"{who}_{what}" for who in ("JURIST", "PHYSICIAN") for what in ("HEARD", "LEVEL", "ON_THIS_VERSION")}
    return found | families | {"LEVEL_TOO_LOW", "PRINCIPLE"}


def test_every_code_has_its_sentence() -> None:
    assert codes_in_use() <= CODES
    assert codes_in_use() >= CODES


def answer(asked: DecisionRequest) -> Verdict:
    return is_authorized(asked, shipped())


def test_an_allowed_decision_names_the_row_and_why() -> None:
    with translation.override("sv"):
        told = explain(answer(request("INJUNCTION_FINE", grant("AC_N"))))
    assert told.headline == "Du får besluta enligt DO-046, eftersom:"
    texts = [one.text for one in told.reasons]
    assert texts[0] == "Du handlar som nationellt ansvarig avdelningschef."
    assert len(texts) == len(set(texts)) == 15
    assert all(one.met for one in told.reasons)
    assert (told.rule, told.row) == ("DO-046", "DO-046-1")


def test_a_refusal_names_every_reason_the_row_and_the_lowest_level() -> None:
    asked = replace(request("INJUNCTION_FINE", grant("INSP")), prior_acts=())
    with translation.override("sv"):
        told = explain(answer(asked))
    assert told.headline == "Du får inte besluta enligt DO-046, därför att:"
    texts = {one.code: one.text for one in told.reasons}
    for word in ("inspektör", "DO-046", "nationellt ansvarig avdelningschef"):
        assert word in texts["LEVEL_TOO_LOW"]
    assert "biträdande chefsjurist" in texts["JURIST_HEARD"]
    assert told.lowest_level == "Lägsta nivå som får besluta är nationellt ansvarig avdelningschef."
    assert {one.rule_id for one in told.reasons} >= {"R-09", "R-13", "R-25"}


def test_an_alias_shows_both_ids() -> None:
    with translation.override("en"):
        told = explain(answer(request("INJUNCTION", grant("EC_N", "NTS"), case_type="NTS")))
    assert told.headline == "You may decide under DO-045, referred to by DO-066, because:"


def test_a_missing_fact_is_named_as_the_form_names_it() -> None:
    with translation.override("sv"):
        told = explain(answer(replace(request("INJUNCTION_FINE", grant("AC_N")), facts={})))
    assert told.headline == "Du får inte besluta, därför att:"
    assert "Belopp (kr) (amount)" in told.reasons[0].text


def test_another_step_has_its_own_headline() -> None:
    asked = replace(request("INJUNCTION_FINE", grant("INSP")), act=Act.REVIEW)
    with translation.override("en"):
        assert explain(answer(asked), act=Act.REVIEW).headline == "You may do this step, because:"
        refused = explain(answer(replace(asked, actor=replace(asked.actor, grants=()))), act=Act.REVIEW)
    assert refused.headline == "You may not do this step, because:"
    assert refused.lowest_level is None


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("AC_N", "nationellt ansvarig avdelningschef"),
        ("INSP/HL", "inspektör eller handläggare"),
        ("EC_N:FTB", "nationellt ansvarig enhetschef i FTB"),
        ("AC_N:OTHER", "nationellt ansvarig avdelningschef i ett annat ärendeslag"),
        ("AC_N:ANY", "nationellt ansvarig avdelningschef i något ärendeslag"),
        ("CEO", "CEO"),
    ],
)
def test_roles_and_participants_are_named(code: str, name: str) -> None:
    with translation.override("sv"):
        assert role_name(code) == name


#: Every word that a sentence may have a place for.
WORDS = [
    "act",
    "case_type",
    "decision_type",
    "facts",
    "joint_code",
    "jurist_mode",
    "jurist_role",
    "lowest_role",
    "missing",
    "order",
    "participant",
    "role",
    "rows",
    "rule",
    "step_role",
    "years",
]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("code", sorted(CODES))
def test_every_sentence_can_be_filled_in(code: str, language: str) -> None:
    params = tuple((name, "AC_N") for name in WORDS)
    with translation.override(language):
        sentence = bar_sentence(Bar(code=code, rule_id="R-08", params=params)).text
    assert sentence.endswith(".")
    assert "%" not in sentence


def test_a_swedish_sentence_exists_for_every_code() -> None:
    params = tuple((name, "X") for name in WORDS)
    for code in CODES:
        texts = []
        for language in ("en", "sv"):
            with translation.override(language):
                texts.append(bar_sentence(Bar(code=code, rule_id="R-08", params=params)).text)
        assert texts[0] != texts[1], code


def test_a_met_duty_is_told_as_met() -> None:
    with translation.override("en"):
        assert duty_sentence(Duty(code="FOUR_EYES", rule_id="R-25", met=True)).text == (
            "A second person has reviewed the proposal."
        )


def test_a_sub_delegated_decision_says_in_which_role() -> None:
    facts = {"amount": 100_000, "same_measure_decided_nationally": True}
    with translation.override("en"):
        told = explain(answer(request("INJUNCTION_FINE", lent("EC_N", "DO-046", of="AC_N"), facts=facts)))
    assert told.reasons[0].text == "You act as the national head of unit."
