"""What may still come to pass in a case: every node that a token can reach from where the case stands."""

from __future__ import annotations

from collections.abc import Iterator

from workflow_app.engine import net as engine
from workflow_app.engine.graph import Net
from workflow_app.engine.marking import Marking
from workflow_app.engine.nodes import Node


def ahead(net: Net, marking: Marking) -> tuple[Node, ...]:
    """Return the nodes that may yet be waited for or passed, those waited for now among them, in the model's order.

    Conditions are not asked: what a form will say is not known.
    """
    left: set[int] = set()
    entered = [net.index(wait.node) for wait in engine.waits(net, marking)]
    # What holds a token ends some day, whatever way its inside goes.
    found = set(entered)
    for place in entered:
        left.update(_around(net, place))
    todo = [*entered, *left]
    while todo:
        place = todo.pop()
        for following in _following(net, place, entered=place in found):
            if following not in found:
                found.add(following)
                todo.append(following)
    return tuple(net.nodes[place] for place in sorted(found))


def _around(net: Net, place: int) -> Iterator[int]:
    """Yield the containers around a node, innermost first."""
    container = net.containers[place]
    while container >= 0:
        yield container
        container = net.containers[container]


def _following(net: Net, place: int, *, entered: bool) -> Iterator[int]:
    """Yield where a token goes on from a node: by its flows and events, and into it when it is entered anew."""
    yield from (net.join_of[target] for target in net.targets[place])
    yield from net.attached.get(place, ())
    yield from net.event_starts.get(place, ())
    if entered and place in net.inner_starts:
        yield net.inner_starts[place]
    caught = net.catcher.get(place)
    if caught is not None:
        yield caught
