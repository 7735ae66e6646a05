"""The soundness checker over random models and their mutants, against a game played with every token."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.workflow_app.engine import lockstep, random_models, token_game
from workflow_app.engine import checking, compiler, soundness
from workflow_app.engine.document import BPMN, Document, Element

CHUNKS = 10
MODELS_PER_CHUNK = 40
MUTANTS_PER_MODEL = 2
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway")


def checked_sound(document: Document) -> bool:
    (process,) = document.processes
    return soundness.check(compiler.compile_net({process.id: document}, process.id)).sound


def rewritten(element: Element, change: Callable[[Element], Element]) -> Element:
    """Copy a tree, changing each element from the leaves up."""
    return change(replace(element, children=tuple(rewritten(child, change) for child in element.children)))


def swap_gateway(document: Document, rng: random.Random) -> Document:
    """Make one gateway another kind of gateway."""
    gateway = rng.choice([e for e in document.root.walk() if e.tag in GATEWAYS])
    other = rng.choice([tag for tag in GATEWAYS if tag != gateway.tag])

    def change(element: Element) -> Element:
        return replace(element, tag=other) if element.id == gateway.id else element

    return replace(document, root=rewritten(document.root, change))


def drop_join_branch(document: Document, rng: random.Random) -> Document:
    """Let one branch into a gateway end on its own."""
    gateways = {e.id for e in document.root.walk() if e.tag in GATEWAYS}
    flow = rng.choice([e for e in document.root.walk() if e.tag == "sequenceFlow" and e.get("targetRef") in gateways])
    end = Element(namespace=BPMN, tag="endEvent", attributes={"id": "dropped"}, text="", line=0, children=())

    def change(element: Element) -> Element:
        if element.id == flow.id:
            return replace(element, attributes={**element.attributes, "targetRef": "dropped"})
        if any(child.id == flow.id for child in element.children):
            return replace(element, children=(*element.children, end))
        return element

    return replace(document, root=rewritten(document.root, change))


def redirect_flow(document: Document, rng: random.Random) -> Document:
    """Lead one flow to another node of its level."""
    levels = [e for e in document.root.walk() if e.tag in ("process", "subProcess")]
    level = rng.choice(levels)
    nodes = [e.id for e in level.children if e.tag.endswith(("Task", "Gateway"))]
    races = {e.id for e in level.all("eventBasedGateway")}
    flows = [f for f in level.all("sequenceFlow") if f.get("sourceRef") not in races]
    if not nodes or not flows:
        return swap_gateway(document, rng)
    flow, target = rng.choice(flows), rng.choice(nodes)

    def change(element: Element) -> Element:
        if element.id == flow.id:
            return replace(element, attributes={**element.attributes, "targetRef": target})
        return element

    return replace(document, root=rewritten(document.root, change))


MUTATIONS = (swap_gateway, drop_join_branch, redirect_flow)


def plain_model(rng: random.Random) -> Document:
    """Draw a model of one file, with a gateway, and without events that do not interrupt or are thrown."""
    while True:
        block = random_models.draw(rng.randrange(10**9), size=rng.randint(3, 6))
        features = random_models.features(block)
        if {"BoundaryBeside", "Call", "ErrorCaught", "EscalationCaught"} & features.keys():
            continue
        (document,) = lockstep.read(random_models.write(block)).values()
        if any(element.tag in GATEWAYS for element in document.root.walk()):
            try:
                assert token_game.sound(document)
            except token_game.TooLargeError:
                continue
            return document


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_random_model_is_within_the_profile_and_found_sound(chunk: int) -> None:
    for seed in range(chunk * 50, (chunk + 1) * 50):
        files = random_models.write(random_models.draw(seed))
        main = files.pop("case")
        shared = {f"{checking.SHARED}{name}.bpmn": data for name, data in files.items()}

        result = checking.check({checking.MAIN: main} | shared)

        assert result.accepted, (seed, result.findings)
        assert result.sound, (seed, result.findings)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_verdict_on_mutants_is_that_of_the_token_game(chunk: int) -> None:
    rng = random.Random(chunk)
    verdicts: Counter[str] = Counter()
    for number in range(MODELS_PER_CHUNK):
        document = plain_model(rng)
        for _ in range(MUTANTS_PER_MODEL):
            mutation = rng.choice(MUTATIONS)
            mutant = mutation(document, rng)
            try:
                played = token_game.sound(mutant)
            except token_game.TooLargeError:
                verdicts["too large to play"] += 1
                continue
            assert checked_sound(mutant) == played, (chunk, number, mutation.__name__, written(mutant))
            verdicts["sound" if played else "unsound"] += 1

    print(f"mutants: {dict(verdicts)}")  # noqa: T201 - what the run covered
    assert verdicts["unsound"] >= MODELS_PER_CHUNK / 2
    assert verdicts["sound"] > 0
    assert verdicts["too large to play"] <= 4


def written(document: Document) -> str:
    """Show a model as its flows."""
    return "\n".join(
        f"{f.get('sourceRef')} -> {f.get('targetRef')}" for f in document.root.walk() if f.tag == "sequenceFlow"
    )
