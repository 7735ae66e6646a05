"""The state of a case, and what a step did to it: small immutable values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from workflow_app.engine.errors import InvalidMarking

#: The scope that is the case itself.
ROOT = 0

#: token id -> (place, scope)
Tokens = Mapping[int, tuple[int, int]]
#: scope id -> (node, parent scope, instance or next instance or -1, number of instances)
Scopes = Mapping[int, tuple[int, int, int, int]]


class WaitKind(StrEnum):
    """Who or what a wait is for."""

    USER = "USER"
    OPERATION = "OPERATION"
    RULE = "RULE"
    MESSAGE = "MESSAGE"
    TIMER = "TIMER"
    #: A subprocess, call activity or multi-instance activity that carries events; nobody completes it.
    SCOPE = "SCOPE"


@dataclass(frozen=True, slots=True)
class Wait:
    """Something the case waits for. ``token`` names it to ``complete`` and ``interrupt``."""

    token: int
    #: Qualified element id.
    node: str
    kind: WaitKind
    #: Index of the innermost multi-instance instance the wait belongs to.
    instance: int | None = None
    #: Boundary events (and event subprocess starts) armed by this wait, to be fired by ``interrupt``.
    boundaries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marking:
    """The state of a case: tens to hundreds of bytes, equal when the state is equal."""

    #: The next unused token or scope id.
    counter: int
    tokens: Tokens
    scopes: Scopes
    ended: bool = False

    def dumps(self) -> str:
        """Write the marking as canonical text."""
        flat_tokens = [n for t, (place, scope) in self.tokens.items() for n in (t, place, scope)]
        flat_scopes = [n for s, record in self.scopes.items() for n in (s, *record)]
        return _ENCODE([self.counter, int(self.ended), flat_tokens, flat_scopes])

    @staticmethod
    def loads(text: str) -> Marking:
        """Read a marking written by ``dumps``. Raises ``InvalidMarking``."""
        try:
            counter, ended, tokens, scopes = json.loads(text)
            walk, look = iter(tokens), iter(scopes)
            return Marking(
                counter,
                {token: (place, next(walk)) for token, place in zip(walk, walk, strict=False)},
                {
                    scope: (node, parent, next(look), next(look))
                    for scope, node, parent in zip(look, look, look, strict=False)
                },
                bool(ended),
            )
        except (ValueError, TypeError, StopIteration, RuntimeError) as error:
            raise InvalidMarking(f"the stored marking cannot be read: {error}") from error


_ENCODE = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Move:
    """What a step did."""

    marking: Marking
    #: Waits that did not exist before.
    opened: tuple[Wait, ...]
    #: Waits that exist no longer, the completed one included.
    closed: tuple[Wait, ...]
    #: Nodes left and flows taken, in order.
    passed: tuple[str, ...]
    ended: bool
