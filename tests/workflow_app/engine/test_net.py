"""The net runs each construct of the profile as BPMN says."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from workflow_app.engine import net as nets
from workflow_app.engine.errors import InvalidInstances, NoFlowTaken, NotWaiting, UncaughtError
from workflow_app.engine.net import MAX_INSTANCES, Marking, Move, Net, WaitKind
from workflow_app.engine.nodes import EventKind, Flow, Instances, Node, NodeKind

K = NodeKind


def node(name: str, kind: NodeKind = K.USER, **more: Any) -> Node:
    parent = name.rpartition("/")[0] or None
    return Node(id=name, kind=kind, parent=parent, **more)


def flow(source: str, target: str, fact: str | None = None, *, default: bool = False) -> Flow:
    condition = None if fact is None else (lambda facts: facts.get(fact))
    return Flow(id=f"{source}>{target}", source=source, target=target, condition=condition, text=fact, default=default)


def chain(*names: str) -> list[Flow]:
    return [flow(a, b) for a, b in itertools.pairwise(names)]


def boundary(name: str, host: str, event: EventKind = EventKind.TIMER, *, interrupting: bool = True) -> Node:
    return node(name, K.BOUNDARY, attached_to=host, event=event, interrupting=interrupting)


class Case:
    """A case under test: the marking goes through text between every two steps, as in the database."""

    def __init__(self, net: Net, start_event: str | None = None, **facts: Any) -> None:
        self.net = net
        self.move = nets.start(net, facts, start_event=start_event)
        self.text = self.move.marking.dumps()

    @property
    def marking(self) -> Marking:
        return Marking.loads(self.text)

    def keep(self, move: Move) -> Case:
        before = nets.waits(self.net, self.marking)
        after = nets.waits(self.net, move.marking)
        assert set(move.opened) - set(before) == set(after) - set(before)
        assert {w.token for w in move.closed} == {w.token for w in before} - {w.token for w in after}
        self.move, self.text = move, move.marking.dumps()
        return self

    def token(self, name: str, instance: int | None = None) -> int:
        found = [
            w.token
            for w in nets.waits(self.net, self.marking)
            if w.node == name and (instance is None or w.instance == instance)
        ]
        assert found, f"not waiting at {name}: {self.waiting}"
        return found[0]

    def do(self, name: str, instance: int | None = None, **facts: Any) -> Case:
        return self.keep(nets.complete(self.net, self.marking, self.token(name, instance), facts))

    def fire(self, event: str, on: str, **facts: Any) -> Case:
        return self.keep(nets.interrupt(self.net, self.marking, self.token(on), event, facts))

    @property
    def waiting(self) -> list[str]:
        return sorted(w.node for w in nets.waits(self.net, self.marking) if w.kind is not WaitKind.SCOPE)

    @property
    def ended(self) -> bool:
        return self.move.ended


def sequence_net() -> Net:
    nodes = [node("s", K.START), node("write"), node("record", K.OPERATION), node("e", K.END)]
    return Net("p", nodes, chain("s", "write", "record", "e"))


def test_a_sequence_waits_at_each_step_and_ends() -> None:
    case = Case(sequence_net())
    assert case.waiting == ["write"]

    case.do("write")
    assert [(w.node, w.kind) for w in case.move.opened] == [("record", WaitKind.OPERATION)]
    assert case.move.passed == ("write", "write>record")

    case.do("record")
    assert case.ended
    assert case.marking == Marking(case.marking.counter, {}, {}, True)


def test_a_token_that_is_gone_cannot_be_completed_again() -> None:
    case = Case(sequence_net())
    token = case.token("write")
    case.do("write")

    with pytest.raises(NotWaiting) as refused:
        nets.complete(case.net, case.marking, token, {})

    assert refused.value.code == "NOT_WAITING"


def exclusive_net(*, with_default: bool = True) -> Net:
    nodes = [
        node("s", K.START), node("x", K.EXCLUSIVE), node("a"), node("b"), node("m", K.EXCLUSIVE), node("e", K.END)
    ]  # fmt: skip
    flows = [
        flow("s", "x"), flow("x", "a", "yes"), flow("x", "b", "no", default=with_default), *chain("a", "m", "e"),
        flow("b", "m"),
    ]  # fmt: skip
    return Net("p", nodes, flows)


def test_an_exclusive_gateway_takes_the_first_true_flow() -> None:
    assert Case(exclusive_net(), yes=True).waiting == ["a"]


@pytest.mark.parametrize("value", [None, False, "true", 1])
def test_an_exclusive_gateway_takes_the_default_when_nothing_is_true(value: object) -> None:
    assert Case(exclusive_net(), yes=value, no=True).waiting == ["b"]


def test_an_exclusive_gateway_without_default_and_truth_is_an_error() -> None:
    with pytest.raises(NoFlowTaken, match="`x`"):
        Case(exclusive_net(with_default=False))


def rework_net() -> Net:
    """Joint preparation inside a rework loop."""
    nodes = [
        node("s", K.START), node("back", K.EXCLUSIVE), node("write"), node("split", K.PARALLEL),
        node("review"), node("opinion"), node("medical"), node("join", K.PARALLEL),
        node("again", K.EXCLUSIVE), node("decide"), node("e", K.END),
    ]  # fmt: skip
    flows = [
        *chain("s", "back", "write", "split", "review", "join"),
        *chain("split", "opinion", "join"), *chain("split", "medical", "join"),
        flow("join", "again"), flow("again", "back", "returned"), flow("again", "decide", default=True),
        flow("decide", "e"),
    ]  # fmt: skip
    return Net("p", nodes, flows)


def test_a_parallel_join_waits_for_every_flow() -> None:
    case = Case(rework_net()).do("write")
    assert case.waiting == ["medical", "opinion", "review"]

    case.do("opinion").do("review")
    assert case.waiting == ["medical"]

    case.do("medical")
    assert case.waiting == ["decide"]


def test_joint_preparation_returned_fifty_times_keeps_the_marking_flat() -> None:
    orders = [("review", "opinion", "medical"), ("medical", "review", "opinion"), ("opinion", "medical", "review")]
    case = Case(rework_net())
    sizes = []

    for turn in range(50):
        case.do("write")
        for name in orders[turn % 3]:
            case.do(name, returned=True)
        sizes.append(len(case.text))
        assert case.waiting == ["write"]

    assert max(sizes) - min(sizes) <= 4  # the counter's digits
    assert case.do("write").do("review").do("opinion").do("medical").do("decide").ended


def inclusive_net() -> Net:
    nodes = [
        node("s", K.START), node("o", K.INCLUSIVE), node("a"), node("a2"), node("b"), node("c"),
        node("j", K.INCLUSIVE), node("after"), node("e", K.END),
    ]  # fmt: skip
    flows = [
        flow("s", "o"), flow("o", "a", "fa"), flow("o", "b", "fb"), flow("o", "c", default=True),
        *chain("a", "a2", "j"), flow("b", "j"), flow("c", "j"), *chain("j", "after", "e"),
    ]  # fmt: skip
    return Net("p", nodes, flows)


def test_an_inclusive_gateway_takes_every_true_flow_and_joins_them() -> None:
    case = Case(inclusive_net(), fa=True, fb=True)
    assert case.waiting == ["a", "b"]

    case.do("b").do("a")
    assert case.waiting == ["a2"]

    assert case.do("a2").waiting == ["after"]


def test_an_inclusive_gateway_takes_its_default_alone_when_nothing_is_true() -> None:
    case = Case(inclusive_net())
    assert case.waiting == ["c"]
    assert case.do("c").waiting == ["after"]


def race_net() -> Net:
    nodes = [
        node("s", K.START), node("g", K.EVENT_BASED), node("report", K.MESSAGE, event=EventKind.MESSAGE),
        node("late", K.TIMER, event=EventKind.TIMER), node("assess"), node("remind"), node("e", K.END),
    ]  # fmt: skip
    flows = [*chain("s", "g", "report", "assess", "e"), *chain("g", "late", "remind", "e")]
    return Net("p", nodes, flows)


def test_the_first_event_after_an_event_based_gateway_withdraws_the_others() -> None:
    case = Case(race_net())
    assert case.waiting == ["late", "report"]

    case.do("report")
    assert case.waiting == ["assess"]
    assert {w.node for w in case.move.closed} == {"late", "report"}
    assert case.do("assess").ended


def boundary_net(*, interrupting: bool) -> Net:
    nodes = [
        node("s", K.START), node("review"), boundary("late", "review", interrupting=interrupting), node("remind"),
        node("e", K.END), node("e2", K.END),
    ]  # fmt: skip
    return Net("p", nodes, [*chain("s", "review", "e"), *chain("late", "remind", "e2")])


def test_an_interrupting_boundary_event_withdraws_the_step() -> None:
    case = Case(boundary_net(interrupting=True))
    assert case.move.opened[0].boundaries == ("late",)

    case.fire("late", on="review")
    assert case.waiting == ["remind"]
    assert [w.node for w in case.move.closed] == ["review"]


def test_a_non_interrupting_boundary_event_leaves_the_step_open() -> None:
    case = Case(boundary_net(interrupting=False)).fire("late", on="review")
    assert case.waiting == ["remind", "review"]

    assert not case.do("review").ended
    assert case.do("remind").ended


def test_a_boundary_event_fires_only_where_the_case_waits() -> None:
    case = Case(boundary_net(interrupting=True))
    token = case.token("review")
    case.do("review")

    with pytest.raises(NotWaiting):
        nets.interrupt(case.net, case.marking, token, "late", {})


def subprocess_net(kind: NodeKind = K.SUBPROCESS, *, interrupting: bool = True, **more: Any) -> Net:
    nodes = [
        node("s", K.START), node("sub", kind, **more), node("sub/s", K.START), node("sub/p", K.PARALLEL),
        node("sub/a"), node("sub/b"), node("sub/e1", K.END), node("sub/e2", K.END),
        boundary("late", "sub", interrupting=interrupting), node("after"), node("e", K.END), node("el", K.END),
    ]  # fmt: skip
    flows = [
        *chain("s", "sub", "after", "e"), *chain("sub/s", "sub/p", "sub/a", "sub/e1"),
        *chain("sub/p", "sub/b", "sub/e2"), flow("late", "el"),
    ]  # fmt: skip
    return Net("p", nodes, flows)


@pytest.mark.parametrize("kind", [K.SUBPROCESS, K.CALL])
def test_a_subprocess_ends_when_all_its_tokens_have_ended(kind: NodeKind) -> None:
    case = Case(subprocess_net(kind)).do("sub/b")
    assert case.waiting == ["sub/a"]
    assert case.do("sub/a").waiting == ["after"]


def test_a_boundary_event_on_a_subprocess_withdraws_everything_in_it() -> None:
    case = Case(subprocess_net()).fire("late", on="sub/b")
    assert case.ended
    assert {w.node for w in case.move.closed} == {"sub", "sub/a", "sub/b"}


def test_a_subprocess_that_carries_events_is_itself_a_wait() -> None:
    opened = {w.node: w for w in Case(subprocess_net()).move.opened}
    assert (opened["sub"].kind, opened["sub"].boundaries) == (WaitKind.SCOPE, ("late",))
    assert opened["sub/a"].boundaries == ()


def test_a_subprocess_runs_again_in_a_loop_with_fresh_tokens() -> None:
    case = Case(subprocess_net(interrupting=False))
    case.fire("late", on="sub").fire("late", on="sub/a")
    assert case.waiting == ["sub/a", "sub/b"]


def test_a_terminate_end_event_ends_its_own_level_only() -> None:
    nodes = [
        node("s", K.START), node("sub", K.SUBPROCESS), node("sub/s", K.START), node("sub/p", K.PARALLEL),
        node("sub/a"), node("sub/b"), node("sub/t", K.TERMINATE), node("sub/e", K.END), node("after"),
        node("e", K.END),
    ]  # fmt: skip
    flows = [*chain("s", "sub", "after", "e"), *chain("sub/s", "sub/p", "sub/a", "sub/t")]
    case = Case(Net("p", nodes, [*flows, *chain("sub/p", "sub/b", "sub/e")]))

    assert case.do("sub/a").waiting == ["after"]
    assert {w.node for w in case.move.closed} == {"sub/a", "sub/b"}


def multi_net(*, sequential: bool = False, kind: NodeKind = K.USER) -> Net:
    instances = Instances(collection=lambda f: f.get("people"), text="people", sequential=sequential)
    nodes = [
        node("s", K.START), node("answer", kind, instances=instances),
        boundary("late", "answer"), node("after"), node("e", K.END), node("el", K.END),
    ]  # fmt: skip
    flows = [*chain("s", "answer", "after", "e"), flow("late", "el")]
    if kind is not K.USER:
        nodes += [node("answer/s", K.START), node("answer/u"), node("answer/e", K.END)]
        flows += chain("answer/s", "answer/u", "answer/e")
    return Net("p", nodes, flows)


def test_parallel_instances_all_wait_and_all_must_answer() -> None:
    case = Case(multi_net(), people=["aj", "bcj", "acn"])
    assert [(w.node, w.instance) for w in case.move.opened if w.kind is WaitKind.USER] == [
        ("answer", 0), ("answer", 1), ("answer", 2)
    ]  # fmt: skip

    case.do("answer", 1).do("answer", 0)
    assert case.waiting == ["answer"]
    assert case.do("answer", 2).waiting == ["after"]


def test_sequential_instances_wait_one_at_a_time() -> None:
    case = Case(multi_net(sequential=True), people=["aj", "bcj"])
    assert [w.instance for w in case.move.opened if w.kind is WaitKind.USER] == [0]

    case.do("answer", 0)
    assert [w.instance for w in case.move.opened] == [1]
    assert case.do("answer", 1).waiting == ["after"]


@pytest.mark.parametrize("sequential", [True, False])
def test_instances_of_a_subprocess_keep_their_index(sequential: bool) -> None:
    case = Case(multi_net(sequential=sequential, kind=K.SUBPROCESS), people=["aj", "bcj"])
    case.do("answer/u", 0)
    assert case.do("answer/u", 1).waiting == ["after"]


def test_a_boundary_event_on_a_multi_instance_activity_withdraws_every_instance() -> None:
    case = Case(multi_net(), people=["aj", "bcj"])
    armed = [w for w in case.move.opened if w.boundaries]
    assert [(w.node, w.kind, w.instance) for w in armed] == [("answer", WaitKind.SCOPE, None)]

    assert case.fire("late", on="answer").ended


def test_no_instances_means_that_the_activity_is_passed() -> None:
    assert Case(multi_net(), people=[]).waiting == ["after"]


@pytest.mark.parametrize("people", [None, "aj", list(range(MAX_INSTANCES + 1))])
def test_instances_must_be_a_list_within_the_limit(people: object) -> None:
    with pytest.raises(InvalidInstances, match=f"at most {MAX_INSTANCES}"):
        Case(multi_net(), people=people)


def thrown_net(kind: NodeKind, event: EventKind, *, caught: bool = True, interrupting: bool = True) -> Net:
    nodes = [
        node("s", K.START), node("sub", K.SUBPROCESS), node("sub/s", K.START), node("sub/a"),
        node("sub/throw", kind, event_name="hinder"), node("after"), node("handle"), node("e", K.END),
        node("e2", K.END),
    ]  # fmt: skip
    flows = [*chain("s", "sub", "after", "e"), *chain("sub/s", "sub/a", "sub/throw")]
    if caught:
        caught_node = node(
            "catch", K.BOUNDARY, attached_to="sub", event=event, event_name="hinder", interrupting=interrupting
        )
        nodes.append(caught_node)
        flows += chain("catch", "handle", "e2")
    return Net("p", nodes, flows)


def test_an_error_is_caught_by_the_boundary_event_around_it() -> None:
    assert Case(thrown_net(K.ERROR, EventKind.ERROR)).do("sub/a").waiting == ["handle"]


def test_an_error_that_nothing_catches_is_refused() -> None:
    with pytest.raises(UncaughtError, match="sub/throw"):
        Case(thrown_net(K.ERROR, EventKind.ERROR, caught=False)).do("sub/a")


def test_an_escalation_may_leave_the_work_going_on() -> None:
    case = Case(thrown_net(K.ESCALATION, EventKind.ESCALATION, interrupting=False)).do("sub/a")
    assert case.waiting == ["after", "handle"]


def test_an_interrupting_escalation_ends_the_work() -> None:
    assert Case(thrown_net(K.ESCALATION, EventKind.ESCALATION)).do("sub/a").waiting == ["handle"]


def test_an_escalation_that_nothing_catches_passes() -> None:
    assert Case(thrown_net(K.ESCALATION, EventKind.ESCALATION, caught=False)).do("sub/a").waiting == ["after"]


def test_a_signal_reaches_everything_that_waits_for_it() -> None:
    nodes = [
        node("s", K.START), node("p", K.PARALLEL), node("a"), node("throw", K.SIGNAL, event_name="stop"),
        node("wait", K.MESSAGE, event=EventKind.SIGNAL, event_name="stop"), node("b"),
        node("stop", K.BOUNDARY, attached_to="b", event=EventKind.SIGNAL, event_name="stop"), node("stopped"),
        node("e", K.END), node("heard"), node("eh", K.END), node("e3", K.END),
    ]  # fmt: skip
    flows = [
        *chain("s", "p", "a", "throw", "e"), *chain("p", "wait", "heard", "eh"), *chain("p", "b", "e"),
        *chain("stop", "stopped", "e3"),
    ]  # fmt: skip
    case = Case(Net("p", nodes, flows))

    assert case.do("a").waiting == ["heard", "stopped"]


def event_subprocess_net(*, interrupting: bool) -> Net:
    nodes = [
        node("s", K.START), node("work"), node("e", K.END), node("appeal", K.EVENT_SUBPROCESS),
        node("appeal/s", K.START, event=EventKind.MESSAGE, interrupting=interrupting), node("appeal/u"),
        node("appeal/e", K.END),
    ]  # fmt: skip
    return Net("p", nodes, [*chain("s", "work", "e"), *chain("appeal/s", "appeal/u", "appeal/e")])


def test_an_event_subprocess_waits_with_the_case_and_may_take_it_over() -> None:
    case = Case(event_subprocess_net(interrupting=True))
    assert [w.boundaries for w in case.move.opened if w.token == nets.ROOT] == [("appeal/s",)]

    case.fire("appeal/s", on="work")
    assert case.waiting == ["appeal/u"]
    assert case.do("appeal/u").ended


def test_a_non_interrupting_event_subprocess_runs_beside_the_case() -> None:
    case = Case(event_subprocess_net(interrupting=False)).fire("appeal/s", on="p")
    assert case.waiting == ["appeal/u", "work"]
    assert not case.do("work").ended
    assert case.do("appeal/u").ended


def test_a_case_starts_at_the_event_that_is_named() -> None:
    nodes = [
        node("s", K.START), node("m", K.START, event=EventKind.MESSAGE), node("a"), node("b"), node("x", K.EXCLUSIVE),
        node("e", K.END),
    ]  # fmt: skip
    net = Net("p", nodes, [*chain("s", "a", "x", "e"), *chain("m", "b", "x")])

    assert Case(net).waiting == ["a"]
    assert Case(net, start_event="m").waiting == ["b"]
