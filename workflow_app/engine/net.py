"""The token net that runs a case: pure functions from a marking to the next.

A ``Net`` is compiled once from a deployed bundle. The state of a case is a ``Marking``: which tokens stand
where, in which scope. It never holds history, so it stays small however often a case is returned.

A scope is one execution of something that holds tokens: an embedded subprocess, a call activity (whose nodes are
part of the net, as ``call_id/element``), a multi-instance activity as a whole, one instance of it, or an open
event-based gateway. Scope 0 is the case itself. Tokens and scopes share one counter, so either can be named to
``interrupt``.
"""

from __future__ import annotations

from workflow_app.engine.errors import NotWaiting, UnknownElement
from workflow_app.engine.firing import MAX_INSTANCES, Firing, all_waits
from workflow_app.engine.graph import Net, Op
from workflow_app.engine.marking import ROOT, Marking, Move, Wait, WaitKind
from workflow_app.engine.nodes import EXTERNAL_EVENTS, EventKind, Facts

__all__ = [
    "MAX_INSTANCES",
    "ROOT",
    "Marking",
    "Move",
    "Net",
    "Wait",
    "WaitKind",
    "complete",
    "interrupt",
    "start",
    "waits",
]


def start(net: Net, facts: Facts, *, start_event: str | None = None) -> Move:
    """Start a case at the event named, else at its one start that is not the calendar's. Raises ``UnknownElement``."""
    place = None
    if start_event is None:
        every = list(net.starts.values())
        uncalled = [p for p in every if net.nodes[p].event is not EventKind.TIMER] or every
        plain = uncalled if len(uncalled) == 1 else [p for p in uncalled if net.nodes[p].event is EventKind.NONE]
        place = plain[0] if len(plain) == 1 else None
    else:
        place = net.starts.get(start_event)
    if place is None:
        raise UnknownElement(element=start_event or f"{net.process}: start event")
    step = Firing(net, Marking(1, {}, {}), facts)
    step.scopes[ROOT] = (-1, -1, -1, 0)
    step.opened.append(ROOT)
    step.stack.append((place, ROOT))
    return step.move()


def complete(net: Net, marking: Marking, token: int, facts: Facts) -> Move:
    """Complete what a token waits for and go on until the case waits again. Raises ``NotWaiting``."""
    place, _ = marking.tokens.get(token, (-1, -1))
    if place < 0 or net.body[net.join_of[place]] != Op.WAIT:
        raise NotWaiting(token=token)
    step = Firing(net, marking, facts)
    step.complete(token)
    return step.move()


def interrupt(net: Net, marking: Marking, token: int, boundary: str, facts: Facts) -> Move:
    """Fire a boundary event or event subprocess start on a wait, or on the scope that holds it.

    ``token`` may name a token or a scope. Raises ``NotWaiting`` and ``UnknownElement``.
    """
    event = net.index(boundary)
    if event not in net.host or net.nodes[event].event not in EXTERNAL_EVENTS:
        raise NotWaiting(token=token, node=boundary)
    step = Firing(net, marking, facts)
    target = net.host[event]
    place, scope = marking.tokens.get(token, (-1, -1))
    if place < 0 and token not in marking.scopes:
        raise NotWaiting(token=token, node=boundary)
    if place == target and place >= 0 and (scope == ROOT or marking.scopes[scope][0] != place):
        host = token
    else:
        host = step.find_scope(scope if place >= 0 else token, target, event)
    if host < 0:
        raise NotWaiting(token=token, node=boundary)
    step.fire_event(event, host)
    return step.move()


def waits(net: Net, marking: Marking) -> tuple[Wait, ...]:
    """List everything the case waits for."""
    return tuple(all_waits(net, marking.tokens, marking.scopes))
