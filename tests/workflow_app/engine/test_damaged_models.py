"""A model that is well-formed but damaged at random is accepted or gets findings; nothing else happens."""

from __future__ import annotations

import copy
import random

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.workflow_app.engine.documents import (
    END,
    START,
    boundary,
    chain,
    document,
    flow,
    gateway,
    timer,
    user,
)
from workflow_app.engine import checking

INNER = f'<bpmn:startEvent id="s2"/>{user("u")}<bpmn:endEvent id="e2"/>{chain("s2", "u", "e2")}'
MODEL = document(
    START, gateway("back"), user("write", act="prepare", proposal="true"), gateway("split", "inclusive", "split_join"),
    user("review", act="review", role="ORDER"), f'<bpmn:subProcess id="hear">{INNER}</bpmn:subProcess>',
    boundary("late", "hear", timer("P2D", working_days=True), interrupting=False), '<bpmn:endEvent id="reminded"/>',
    gateway("join", "inclusive"), gateway("again", default="again_end"), END,
    chain("start", "back", "write", "split"), flow("split", "review", "four_eyes_required = true"),
    flow("split", "hear", "medical = true"), flow("split", "join"), chain("review", "join"), chain("hear", "join"),
    chain("join", "again"), flow("again", "back", "returned = true"), flow("again", "end"), chain("late", "reminded"),
)  # fmt: skip
WORDS = ["", "true", "false", "x y", "å", "returned = true", "P1D", "(", "R/P1D", "null"]


def damage(root: etree._Element, rng: random.Random) -> None:
    """Remove, move, copy, rename or reword one element."""
    elements = list(root.iter())[1:]
    if not elements:
        return
    element, other = rng.choice(elements), rng.choice(elements)
    ids = [e.get("id") for e in elements if e.get("id")]
    parent = element.getparent()
    match rng.randrange(6):
        case 0:
            parent.remove(element)
        case 1 if other is not element and element not in other.iterancestors():
            other.append(element)
        case 2:
            twin = copy.deepcopy(element)
            for each in twin.iter():
                if each.get("id"):
                    each.set("id", f"{each.get('id')}_{rng.randrange(10**6)}")
            parent.append(twin)
        case 3:
            element.tag = other.tag
        case 4 if element.attrib:
            element.set(rng.choice(list(element.attrib)), rng.choice([*ids, *WORDS]))
        case _:
            element.text = rng.choice(WORDS)


def test_the_model_is_sound_before_it_is_damaged() -> None:
    assert checking.check({"process.bpmn": MODEL}).findings == ()


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_damaged_model_is_sound_or_has_findings(rng: random.Random) -> None:
    root = etree.fromstring(MODEL)
    for _ in range(rng.randint(1, 3)):
        damage(root, rng)

    checked = checking.check({"process.bpmn": etree.tostring(root)})

    assert checked.sound != bool(checked.errors)
    assert checked.accepted or not checked.sound
    assert all(finding.code.isupper() and finding.text.endswith(".") for finding in checked.findings)
