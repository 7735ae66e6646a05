"""Unsound nets are found, with the shortest way to the flaw; sound ones are let through."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflow_app.engine.documents import END, START, chain, check, flow, gateway, only, user
from tests.workflow_app.engine.test_net import (
    K,
    boundary_net,
    event_subprocess_net,
    exclusive_net,
    inclusive_net,
    multi_net,
    node,
    race_net,
    rework_net,
    sequence_net,
    subprocess_net,
    thrown_net,
)
from tests.workflow_app.engine.test_net import boundary as boundary_node
from tests.workflow_app.engine.test_net import chain as links
from tests.workflow_app.engine.test_net import flow as link
from workflow_app.engine import soundness
from workflow_app.engine.net import Net
from workflow_app.engine.nodes import EventKind, Flow, Node
from workflow_app.engine.soundness import FlawCode


def flaws(net: Net) -> list[tuple[FlawCode, str]]:
    return [(flaw.code, flaw.node) for flaw in soundness.check(net).flaws]


SOUND = [
    sequence_net(), exclusive_net(), rework_net(), inclusive_net(), race_net(), boundary_net(interrupting=True),
    boundary_net(interrupting=False), subprocess_net(), subprocess_net(K.CALL, interrupting=False),
    multi_net(), multi_net(sequential=True, kind=K.SUBPROCESS), event_subprocess_net(interrupting=True),
    event_subprocess_net(interrupting=False), thrown_net(K.ESCALATION, EventKind.ESCALATION, interrupting=False),
]  # fmt: skip


@pytest.mark.parametrize("net", SOUND)
def test_the_nets_of_the_other_tests_are_sound(net: Net) -> None:
    assert flaws(net) == []


def net_of(nodes: list[Node], *flows: list[Flow]) -> Net:
    every = [node("s", K.START), *nodes, node("e", K.END)]
    return Net("p", every, [f for group in flows for f in group])


def deadlock_net() -> Net:
    """A choice whose flows a parallel join waits for both of."""
    return net_of(
        [node("x", K.EXCLUSIVE), node("a"), node("b"), node("j", K.PARALLEL)],
        links("s", "x", "a", "j", "e"), links("x", "b", "j"),
    )  # fmt: skip


def test_a_choice_that_a_parallel_join_waits_for_is_a_deadlock() -> None:
    result = soundness.check(deadlock_net())

    assert [(f.code, f.node) for f in result.flaws] == [
        (FlawCode.DEADLOCK, "j"),
        (FlawCode.DEAD_NODE, "j"),
        (FlawCode.DEAD_NODE, "e"),
    ]
    assert result.flaws[0].trace == ("s", "s>x", "x", "x>a", "a", "a>j")


def test_parallel_flows_that_meet_without_a_join_are_unsafe() -> None:
    net = net_of(
        [node("p", K.PARALLEL), node("a"), node("b"), node("m", K.EXCLUSIVE), node("t")],
        links("s", "p", "a", "m", "t", "e"), links("p", "b", "m"),
    )  # fmt: skip

    flaw = soundness.check(net).flaws[0]

    assert (flaw.code, flaw.node) == (FlawCode.UNSAFE, "t")
    assert flaw.trace == ("s", "s>p", "p", "p>a", "p>b", "a", "a>m", "m", "m>t", "b", "b>m", "m", "m>t")


def test_an_end_that_is_reached_twice_is_improper() -> None:
    net = net_of(
        [node("p", K.PARALLEL), node("a"), node("b"), node("m", K.EXCLUSIVE)],
        links("s", "p", "a", "m", "e"), links("p", "b", "m"),
    )  # fmt: skip
    assert flaws(net) == [(FlawCode.IMPROPER_COMPLETION, "e")]


def test_parallel_flows_may_each_have_an_end_of_their_own() -> None:
    net = net_of(
        [node("p", K.PARALLEL), node("a"), node("b"), node("e2", K.END)],
        links("s", "p", "a", "e"),
        links("p", "b", "e2"),
    )
    assert flaws(net) == []


def test_a_node_that_nothing_can_reach_is_dead() -> None:
    net = net_of(
        [node("a"), node("caught", K.BOUNDARY, attached_to="a", event=EventKind.ERROR), node("never")],
        links("s", "a", "e"), links("caught", "never", "e"),
    )  # fmt: skip
    assert flaws(net) == [(FlawCode.DEAD_NODE, "caught"), (FlawCode.DEAD_NODE, "never")]


def test_a_loop_without_a_way_out_is_a_livelock() -> None:
    net = net_of(
        [node("m", K.EXCLUSIVE), node("a"), node("b"), node("x", K.EXCLUSIVE), node("c")],
        links("s", "x", "m", "a", "b", "m"), links("x", "c", "e"),
    )  # fmt: skip

    flaw = soundness.check(net).flaws[0]

    assert (flaw.code, flaw.node) == (FlawCode.LIVELOCK, "a")
    assert flaw.trace == ("s", "s>x", "x", "x>m", "m", "m>a")


def test_an_interrupting_event_inside_parallel_work_can_starve_the_join() -> None:
    net = net_of(
        [node("p", K.PARALLEL), node("a"), node("b"), node("j", K.PARALLEL), boundary_node("late", "a"),
         node("e2", K.END)],
        links("s", "p", "a", "j", "e"), links("p", "b", "j"), links("late", "e2"),
    )  # fmt: skip
    assert (FlawCode.DEADLOCK, "j") in flaws(net)


def test_a_flaw_inside_a_subprocess_is_found_there() -> None:
    nodes = [node("sub", K.SUBPROCESS), node("sub/s", K.START), node("sub/x", K.EXCLUSIVE), node("sub/a"),
             node("sub/b"), node("sub/j", K.PARALLEL), node("sub/e", K.END)]  # fmt: skip
    net = net_of(
        nodes, links("s", "sub", "e"), links("sub/s", "sub/x", "sub/a", "sub/j", "sub/e"),
        links("sub/x", "sub/b", "sub/j"),
    )  # fmt: skip
    found = flaws(net)
    assert (FlawCode.DEADLOCK, "sub/j") in found


def test_work_that_always_ends_in_an_error_never_goes_on_in_the_ordinary_way() -> None:
    assert set(flaws(thrown_net(K.ERROR, EventKind.ERROR))) == {
        (FlawCode.DEAD_NODE, "after"),
        (FlawCode.DEAD_NODE, "e"),
    }


def test_a_reminder_may_be_open_several_times() -> None:
    net = net_of(
        [node("m", K.EXCLUSIVE), node("a"), boundary_node("late", "a", interrupting=False), node("remind"),
         node("e2", K.END), node("x", K.EXCLUSIVE)],
        links("s", "m", "a", "x", "e"), links("x", "m"), links("late", "remind", "e2"),
    )  # fmt: skip
    assert flaws(net) == []


def test_a_reminder_that_joins_the_main_flow_is_unsafe() -> None:
    net = net_of(
        [node("a"), boundary_node("late", "a", interrupting=False), node("m", K.EXCLUSIVE), node("b")],
        links("s", "a", "m", "b", "e"), links("late", "m"),
    )  # fmt: skip
    assert flaws(net)[0][0] is FlawCode.UNSAFE


def parallel(width: int) -> Net:
    names = [f"t{n}" for n in range(width)]
    nodes = [node("p", K.PARALLEL), node("j", K.PARALLEL), *map(node, names)]
    return net_of(nodes, links("s", "p"), links("j", "e"), *(links("p", name, "j") for name in names))


def test_every_state_is_searched() -> None:
    assert soundness.check(parallel(10)).states == 2**10 + 1


def test_a_net_with_too_many_states_says_so() -> None:
    result = soundness.check(parallel(12), limit=1_000)
    assert [f.code for f in result.flaws] == [FlawCode.TOO_MANY_STATES]
    assert not result.sound


def test_findings_name_the_element_the_line_and_the_way_there() -> None:
    checked = check(
        START, gateway("x", default="x_b"), user("a"), user("b"), gateway("j", "parallel"), END,
        chain("start", "x"), flow("x", "a", "returned"), flow("x", "b"), chain("a", "j", "end"), flow("b", "j"),
    )  # fmt: skip
    found = checked.findings[0]

    assert (checked.accepted, checked.sound) == (True, False)
    assert (found.code, found.element, found.line) == ("DEADLOCK", "j", 9)
    assert found.trace[-1] == "a_j"
    assert "a" in found.text


def test_an_unsound_subprocess_names_its_own_element() -> None:
    inner = f'<bpmn:startEvent id="s2"/>{gateway("f", "parallel")}{user("a")}{user("b")}{gateway("m")}{user("c")}' \
        f'<bpmn:endEvent id="e2"/>{chain("s2", "f", "a", "m", "c", "e2")}{chain("f", "b", "m")}'  # fmt: skip
    found = only(check(START, f'<bpmn:subProcess id="t">{inner}</bpmn:subProcess>', END, chain("start", "t", "end")))
    assert (found.code, found.element) == ("UNSAFE", "c")


# -- against a second search, written differently -----------------------------------------------------------------


@st.composite
def small_nets(draw: st.DrawFn) -> Net:
    """Nets of tasks, choices and parallel gateways wired at random: most of them unsound."""
    count = draw(st.integers(2, 5))
    kinds = [draw(st.sampled_from([K.USER, K.EXCLUSIVE, K.PARALLEL])) for _ in range(count)]
    names = [f"n{i}" for i in range(count)]
    flows = {("s", "n0")}
    for i, name in enumerate(names):
        ways = 1 if kinds[i] is K.USER else draw(st.integers(1, 2))
        for _ in range(ways):
            flows.add((name, draw(st.sampled_from([*names, "e"]))))
    nodes = [node("s", K.START), *(node(n, k) for n, k in zip(names, kinds, strict=True)), node("e", K.END)]
    return Net("p", nodes, [link(a, b) for a, b in sorted(flows)])


def naive(net: Net) -> set[FlawCode]:
    """Play the token game on lists of flows, one node at a time, with nothing merged and nothing clever."""
    into = {n.id: [f.id for f in net.flows if f.target == n.id] for n in net.nodes}
    out = {n.id: [f.id for f in net.flows if f.source == n.id] for n in net.nodes}
    first: tuple[tuple[str, ...], int] = (tuple(out["s"]), 0)
    seen, queue, edges, fired = {first}, deque([first]), {}, set[str]()
    found: set[FlawCode] = set()
    while queue:
        state = queue.popleft()
        tokens, ends = state
        after: list[tuple[tuple[str, ...], int]] = []
        for n in net.nodes:
            if n.kind is K.PARALLEL and into[n.id]:
                takes = [into[n.id]] if all(f in tokens for f in into[n.id]) else []
            else:
                takes = [[f] for f in into[n.id] if f in tokens]
            for take in takes:
                fired.add(n.id)
                rest = list(tokens)
                for f in take:
                    rest.remove(f)
                for put in [[f] for f in out[n.id]] if n.kind is K.EXCLUSIVE else [out[n.id]]:
                    after.append((tuple(sorted(rest + put)), ends + (n.kind is K.END)))
        if not after and tokens:
            found.add(FlawCode.DEADLOCK)
        edges[state] = after
        for new in after:
            if any(new[0].count(f) > 1 for f in new[0]) or new[1] > 1:
                return {FlawCode.UNSAFE}
            if new not in seen:
                seen.add(new)
                queue.append(new)
    can = {s for s in seen if not s[0]}
    while grown := {s for s in seen - can if any(a in can for a in edges[s])}:
        can |= grown
    if seen - can:
        found.add(FlawCode.LIVELOCK)
    if {n.id for n in net.nodes} - fired - {"s"}:
        found.add(FlawCode.DEAD_NODE)
    return found


@settings(deadline=None)
@given(small_nets())
def test_the_search_agrees_with_a_naive_one(net: Net) -> None:
    expected = naive(net)
    codes = {flaw.code for flaw in soundness.check(net).flaws}

    if expected == {FlawCode.UNSAFE}:
        assert codes & {FlawCode.UNSAFE, FlawCode.IMPROPER_COMPLETION}
    else:
        assert bool(codes) == bool(expected)
        assert (FlawCode.DEADLOCK in codes) == (FlawCode.DEADLOCK in expected)
        assert (FlawCode.DEAD_NODE in codes) == (FlawCode.DEAD_NODE in expected)
