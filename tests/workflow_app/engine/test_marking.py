"""A marking survives the database, whatever state it is in, and nothing else is taken for one."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflow_app.engine.test_net import (
    K,
    event_subprocess_net,
    inclusive_net,
    multi_net,
    race_net,
    rework_net,
    subprocess_net,
)
from workflow_app.engine import net as nets
from workflow_app.engine.errors import InvalidMarking
from workflow_app.engine.marking import Marking
from workflow_app.engine.net import WaitKind

IDS = st.integers(0, 10**6)
MARKINGS = st.builds(
    Marking,
    IDS,
    st.dictionaries(IDS, st.tuples(IDS, IDS), max_size=30),
    st.dictionaries(IDS, st.tuples(IDS, IDS, st.integers(-1, 50), st.integers(0, 50)), max_size=30),
    st.booleans(),
)


@settings(deadline=None)
@given(MARKINGS)
def test_reading_gives_back_what_was_written(marking: Marking) -> None:
    assert Marking.loads(marking.dumps()) == marking


@settings(deadline=None)
@given(MARKINGS)
def test_the_text_is_canonical(marking: Marking) -> None:
    text = marking.dumps()
    assert Marking.loads(text).dumps() == text


@pytest.mark.parametrize(
    "text",
    ["", "null", "{}", "[]", "[1,0,[1,2],[]]", "[1,0,[],[1,2,3]]", "[1,0,3,[]]", "[1,0,[],[],[]]", "[" * 5_000, "x"],
)
def test_anything_else_is_no_marking(text: str) -> None:
    with pytest.raises(InvalidMarking, match="cannot be read"):
        Marking.loads(text)


NETS = [
    rework_net(), inclusive_net(), race_net(), subprocess_net(), subprocess_net(K.CALL, interrupting=False),
    multi_net(), multi_net(sequential=True, kind=K.SUBPROCESS), event_subprocess_net(interrupting=False),
]  # fmt: skip


@settings(deadline=None)
@given(st.sampled_from(NETS), st.randoms(use_true_random=False))
def test_a_case_goes_on_after_the_database_as_it_would_have_without(net: nets.Net, rng: random.Random) -> None:
    def facts() -> dict[str, object]:
        flags = {name: rng.random() < 0.4 for name in ("returned", "fa", "fb")}
        return {**flags, "people": list(range(rng.randint(0, 3)))}

    move = nets.start(net, facts())
    for _ in range(30):
        waiting = [w for w in nets.waits(net, move.marking) if w.kind is not WaitKind.SCOPE]
        if not waiting:
            break
        stored = Marking.loads(move.marking.dumps())
        wait, known = rng.choice(waiting), facts()
        if wait.boundaries and rng.random() < 0.2:
            kept = nets.interrupt(net, move.marking, wait.token, wait.boundaries[0], known)
            move = nets.interrupt(net, stored, wait.token, wait.boundaries[0], known)
        else:
            kept = nets.complete(net, move.marking, wait.token, known)
            move = nets.complete(net, stored, wait.token, known)
        assert kept == move
        assert move.ended == (not nets.waits(net, move.marking))


def test_a_marking_of_parallel_answers_is_a_few_hundred_bytes() -> None:
    move = nets.start(multi_net(), {"people": list(range(5))})
    assert len(move.marking.dumps()) < 200
