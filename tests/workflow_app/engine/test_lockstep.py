"""The net and SpiffWorkflow, step by step, over every shipped model and thousands of random sound ones.

``BEREDD_LOCKSTEP_MODELS=20000`` makes more of them. A difference is reported with its seed, the smallest model that
still shows it and the steps; ``pytest -rP`` prints what each run covered.
"""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.workflow_app.engine import lockstep, random_models
from tests.workflow_app.engine.random_models import Block, Choice, Leaf, Loop, Parallel, Sequence
from workflow_app.engine.document import Document, Element

MODELS = int(os.environ.get("BEREDD_LOCKSTEP_MODELS", "2000"))
CHUNKS = 20
PER_CHUNK = -(-MODELS // CHUNKS)
WALKS_PER_SHIPPED_MODEL = 20
ROOT = Path(__file__).parents[3]
SHIPPED = sorted((ROOT / "bpmn").rglob("*.bpmn"))

#: Joint preparation inside a rework loop: answers given side by side, opinions as needed, sent back again and again.
JOINT_PREPARATION_IN_REWORK = Loop(
    Sequence(
        (
            Leaf("userTask"),
            Parallel(
                (
                    Leaf("userTask", instances="parallel"),
                    Leaf("userTask"),
                    Choice(
                        inclusive=True,
                        conditions=("medical and not(medical_disputed)", "amount > 50000"),
                        branches=(Leaf("userTask"), Leaf("userTask"), Sequence()),
                    ),
                )
            ),
            Leaf("userTask"),
        )
    ),
    'decision_outcome = "RETURN"',
)


def walk(block: Block, seed: int) -> lockstep.Walk:
    documents = lockstep.read(random_models.write(block))
    return lockstep.walk(documents, "case", seed=seed, draw=random_models.random_facts)


def report(block: Block, seed: int) -> str:
    """Tell of a difference with the smallest model that still shows one."""

    def differing(candidate: Block) -> lockstep.Walk | None:
        return next((w for s in (seed, *range(8)) if (w := walk(candidate, s)).difference), None)

    smallest = random_models.minimise(block, lambda candidate: differing(candidate) is not None)
    difference = differing(smallest)
    assert difference is not None
    steps = "\n  ".join(difference.steps)
    files = "\n".join(data.decode() for data in random_models.write(smallest).values())
    return f"model of seed {seed}: {difference.difference}\n{smallest}\n  {steps}\n{files}"


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_random_sound_models_run_alike_in_the_net_and_in_spiffworkflow(chunk: int) -> None:
    seeds = range(chunk * PER_CHUNK, (chunk + 1) * PER_CHUNK)
    counts: Counter[str] = Counter()
    for seed in seeds:
        block = random_models.draw(seed)
        done = walk(block, seed)
        assert not done.difference, report(block, seed)
        counts.update(models=1, steps=len(done.steps), ended=done.ended, with_join_in_loop=done.wrapped > 0)

    print(f"seeds {seeds.start} to {seeds.stop - 1}: {dict(counts)}")  # noqa: T201 - what the run covered
    assert counts["models"] == PER_CHUNK


@pytest.mark.parametrize("seed", range(100))
def test_joint_preparation_in_a_rework_loop_runs_alike_in_any_order_of_answers(seed: int) -> None:
    done = walk(JOINT_PREPARATION_IN_REWORK, seed)

    assert not done.difference, report(JOINT_PREPARATION_IN_REWORK, seed)
    assert done.wrapped == 1, "the join stands in a cycle, so SpiffWorkflow runs it in a scope of its own"


def test_random_models_hold_every_construct_often_enough() -> None:
    found: Counter[str] = Counter()
    for seed in range(1_000):
        found.update(random_models.features(random_models.draw(seed)).keys())

    wanted = {
        "Parallel", "Choice", "Inclusive", "Loop", "Race", "Subprocess", "Call", "Boundary", "BoundaryBeside",
        "ParallelInstances", "SequentialInstances", "Stop", "JoinInLoop", "ErrorCaught", "EscalationCaught",
    }  # fmt: skip
    assert {name for name in wanted if found[name] < 100} == set()


def test_every_model_with_a_join_in_a_loop_is_compared_with_the_join_in_a_scope_of_its_own() -> None:
    for seed in range(100):
        block = random_models.draw(seed)

        assert (walk(block, seed).wrapped > 0) == ("JoinInLoop" in random_models.features(block)), seed


def test_the_same_seed_gives_the_same_model_and_facts() -> None:
    assert random_models.write(random_models.draw(7)) == random_models.write(random_models.draw(7))
    assert random_models.random_facts(random.Random(7)) == random_models.random_facts(random.Random(7))


def test_a_failing_model_is_made_small() -> None:
    block = next(b for b in map(random_models.draw, range(100)) if "Race" in random_models.features(b))

    smallest = random_models.minimise(block, lambda candidate: "Race" in random_models.features(candidate))

    assert sum(random_models.features(smallest).values()) <= 8


# -- shipped models -----------------------------------------------------------------------------------------------


def shipped() -> dict[str, Document]:
    return lockstep.read({str(path): path.read_bytes() for path in SHIPPED})


def called(documents: dict[str, Document], process: str) -> dict[str, Document]:
    """Give the documents a process needs: its own and those it calls, directly or not."""
    needed = {process: documents[process]}
    for element in documents[process].root.walk():
        if element.tag == "callActivity" and (target := element.get("calledElement") or "") not in needed:
            needed |= called(documents, target)
    return needed


def starts(documents: dict[str, Document], process: str) -> list[str]:
    (found,) = (each for each in documents[process].processes if each.id == process)
    return [element.id for element in found.all("startEvent")]


def expressions(element: Element) -> list[str]:
    return [
        each.text if each.tag == "conditionExpression" else each.get("collection") or ""
        for each in element.walk()
        if each.tag in ("conditionExpression", "instances")
    ]


def draw_facts(documents: dict[str, Document]) -> lockstep.Draw:
    """Draw facts from the words, numbers and names in the conditions of the model itself."""
    texts = [text for document in documents.values() for text in expressions(document.root)]
    lists = {e.get("collection") for d in documents.values() for e in d.root.walk() if e.tag == "instances"}
    written = {text: re.findall(r'"([^"]*)"', text) for text in texts}
    words: dict[str, list[Any]] = {}
    for text in texts:
        for name in re.findall(r"[a-z_][a-z_0-9]+", re.sub(r'"[^"]*"', "", text)):
            words.setdefault(name, [True, False, None]).extend(written[text] * 2)
            words[name] += [float(n) + more for n in re.findall(r"\b\d+\b", text) for more in (-1, 0, 1)]

    def draw(rng: random.Random) -> dict[str, Any]:
        facts = {name: rng.choice(values) for name, values in words.items()}
        return facts | {str(name): [{"code": f"JB-{n}"} for n in range(rng.randrange(4))] for name in lists}

    return draw


@pytest.mark.parametrize("path", SHIPPED, ids=[path.relative_to(ROOT).as_posix() for path in SHIPPED])
def test_every_shipped_model_runs_alike_in_the_net_and_in_spiffworkflow(path: Path) -> None:
    documents = shipped()
    counts: Counter[str] = Counter()
    for process in lockstep.read({str(path): path.read_bytes()}):
        needed = called(documents, process)
        for start in starts(documents, process):
            for seed in range(WALKS_PER_SHIPPED_MODEL):
                done = lockstep.walk(needed, process, seed=seed, draw=draw_facts(needed), start_event=start, most=60)
                steps = "\n  ".join(done.steps)
                assert not done.difference, f"{process}, seed {seed}: {done.difference}\n  {steps}"
                counts.update(walks=1, steps=len(done.steps), ended=done.ended, joins_wrapped=done.wrapped)

    print(f"{path.name}: {dict(counts)}")  # noqa: T201 - what the run covered
    assert counts["steps"] > counts["walks"]


def test_there_are_shipped_models_to_compare() -> None:
    assert SHIPPED
