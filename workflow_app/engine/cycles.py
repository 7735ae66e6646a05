"""Cycles that never wait: a model with one would spin inside a single step."""

from __future__ import annotations

from workflow_app.engine.net import Net
from workflow_app.engine.nodes import CONTAINERS, EXTERNAL_EVENTS, NodeKind

#: A step rests at these until someone or something outside the engine acts. Operations and rules run by themselves.
_RESTS = frozenset({NodeKind.USER, NodeKind.MESSAGE, NodeKind.TIMER, NodeKind.EVENT_BASED})


def find(net: Net) -> tuple[tuple[str, ...], ...]:
    """Find the cycles of a net without a wait state: for each, the nodes it consists of.

    A multi-instance activity may have no instances, so it never counts as waiting.
    """
    # Two vertices per node: 2n is entering it, 2n + 1 is leaving it. Only a container has something in between.
    edges: list[list[int]] = [[] for _ in range(2 * len(net.nodes))]
    for place, node in enumerate(net.nodes):
        enter, leave = 2 * place, 2 * place + 1
        edges[leave] += [2 * net.join_of[target] for target in net.targets[place]]
        if node.instances is not None:
            edges[enter].append(leave)
        if node.kind in CONTAINERS:
            edges[enter].append(2 * net.inner_starts[place])
        elif node.kind not in _RESTS:
            edges[enter].append(leave)
        if node.kind in (NodeKind.END, NodeKind.TERMINATE) or not net.targets[place]:
            container = net.containers[place]
            if container >= 0:
                edges[enter if node.kind not in _RESTS else leave].append(2 * container + 1)
        catcher = net.catcher.get(place)
        if catcher is not None and net.nodes[catcher].event not in EXTERNAL_EVENTS:
            edges[enter].append(2 * catcher)
    return tuple(tuple(sorted({net.ids[vertex // 2] for vertex in group})) for group in _components(edges))


def _components(edges: list[list[int]]) -> list[list[int]]:
    """Find the strongly connected components that hold a cycle (Tarjan's algorithm, without recursion)."""
    index = [-1] * len(edges)
    low = [0] * len(edges)
    on_stack = [False] * len(edges)
    stack: list[int] = []
    found: list[list[int]] = []
    counter = 0
    for root in range(len(edges)):
        if index[root] >= 0:
            continue
        work = [(root, 0)]
        while work:
            vertex, position = work.pop()
            if position == 0:
                index[vertex] = low[vertex] = counter
                counter += 1
                stack.append(vertex)
                on_stack[vertex] = True
            for number in range(position, len(edges[vertex])):
                after = edges[vertex][number]
                if index[after] < 0:
                    work += [(vertex, number + 1), (after, 0)]
                    break
                if on_stack[after]:
                    low[vertex] = min(low[vertex], index[after])
            else:
                if low[vertex] == index[vertex]:
                    component = []
                    while True:
                        member = stack.pop()
                        on_stack[member] = False
                        component.append(member)
                        if member == vertex:
                            break
                    if len(component) > 1 or vertex in edges[vertex]:
                        found.append(component)
                if work:
                    parent = work[-1][0]
                    low[parent] = min(low[parent], low[vertex])
    return found
