"""Why nobody is left, in words: one sentence for each step and each rule."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from delegation.staffing import AtMost, Binding, Separation, Shortage, Step
from workflow_app.enforcement.controls import control_words
from workflow_app.enforcement.shortage import reasons, step_words

NAMES = {"a": "Anna", "b": "Bo"}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def step(name: str, *people: str) -> Step:
    return Step(id=name, people=frozenset(people))


@pytest.mark.parametrize(
    ("of", "words"),
    [
        ("PREPARE", "prepare the proposal"),
        ("REVIEW", "review the proposal with four eyes"),
        ("PRESENT", "present the case"),
        ("ANSWER:JB-5", "answer in joint preparation JB-5"),
        ("DECIDE:GD", "decide as the director-general or above"),
        ("DECIDE:INSP/HL", "decide as inspector or case officer or above"),
        ("CONSULT:CJ", "give the opinion that the chief jurist is asked for"),
        ("HANDLE:GD", "settle the disagreement as the director-general or above"),
    ],
)
def test_every_step_has_words(of: str, words: str) -> None:
    assert step_words(of) == words


def test_each_step_says_who_alone_can_do_it() -> None:
    shortage = Shortage(
        steps=(step("PREPARE"), step("REVIEW", "b", "a"), step("PRESENT", *"abcd")),
        constraints=(),
    )

    assert reasons(shortage, NAMES) == (
        "Nobody who is here may prepare the proposal.",
        "Only Anna, Bo may review the proposal with four eyes.",
        "Only 4 persons may present the case.",
    )


def test_each_rule_says_what_it_keeps_apart_or_together() -> None:
    shortage = Shortage(
        steps=(),
        constraints=(
            Separation(a="REVIEW", b="PRESENT", rule_id="R-64"),
            Binding(a="PREPARE", b="PRESENT", rule_id="R-27"),
            AtMost(steps=frozenset({"REVIEW", "PREPARE"}), persons=1, rule_id="R-64"),
        ),
    )

    assert reasons(shortage, {}) == (
        "One person may not both review the proposal with four eyes and present the case (R-64).",
        "The same person must prepare the proposal and present the case (R-27).",
        "At most 1 persons may do these between them: prepare the proposal, review the proposal with four eyes (R-64).",
    )


@pytest.mark.parametrize(
    ("control", "words"),
    [
        ("PRESENTATION", "presentation"),
        ("PRESENTATION:ORAL", "presentation, orally"),
        ("JURIST:CJ:S:AFTER", "an opinion from the chief jurist after the decision"),
        ("JB-2", "joint preparation JB-2"),
    ],
)
def test_every_control_has_words(control: str, words: str) -> None:
    assert control_words(control) == words
