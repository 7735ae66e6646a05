"""Which elements and flows of a model its scenarios have passed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflow_app.engine import net as engine
from workflow_app.engine.net import Marking, Move, Net, WaitKind

_AUTOMATIC = frozenset({WaitKind.OPERATION, WaitKind.RULE})


class Coverage:
    """What has been passed in a net, by process and element: a process called twice is covered by either call."""

    def __init__(self, net: Net) -> None:
        self._net = net
        self._flows = {flow.id: self._flow_name(flow.id, flow.source) for flow in net.flows}
        self._nodes = {node.id: f"{node.process}#{node.element}" for node in net.nodes}
        self._passed: set[str] = set()

    def _flow_name(self, flow: str, source: str) -> str:
        return f"{self._net.node(source).process}#{flow.rpartition('/')[2]}"

    def start(self, facts: Mapping[str, Any], *, start_event: str | None = None) -> Marking:
        """Follow a case from its start to where it first waits."""
        return self._follow(engine.start(self._net, facts, start_event=start_event), facts)

    def complete(self, marking: Marking, token: int, facts: Mapping[str, Any]) -> Marking:
        """Follow what completing a wait does."""
        return self._follow(engine.complete(self._net, marking, token, facts), facts)

    def interrupt(self, marking: Marking, token: int, boundary: str, facts: Mapping[str, Any]) -> Marking:
        """Follow what a boundary event does."""
        return self._follow(engine.interrupt(self._net, marking, token, boundary, facts), facts)

    def _follow(self, move: Move, facts: Mapping[str, Any]) -> Marking:
        while True:
            self._passed.update(move.passed)
            automatic = [wait for wait in engine.waits(self._net, move.marking) if wait.kind in _AUTOMATIC]
            if not automatic:
                return move.marking
            move = engine.complete(self._net, move.marking, automatic[0].token, facts)

    def elements(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return all elements and those passed, as ``process#element``."""
        return self._share(self._nodes)

    def flows(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return all flows and those taken, as ``process#flow``."""
        return self._share(self._flows)

    def _share(self, names: Mapping[str, str]) -> tuple[frozenset[str], frozenset[str]]:
        passed = frozenset(names[name] for name in self._passed if name in names)
        return frozenset(names.values()), passed
