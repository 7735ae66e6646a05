"""What can go wrong in the engine room. Every error carries a stable ``code``; nothing of SpiffWorkflow's escapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflow_app.engine.findings import Finding


class EngineError(Exception):
    """the engine could not do what was asked"""

    code = "ENGINE_ERROR"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.__doc__)


class NotWaiting(EngineError):
    """the case does not wait at this step any longer: read the case again"""

    code = "NOT_WAITING"

    def __init__(self, *, token: int, node: str | None = None) -> None:
        self.token = token
        self.node = node
        where = f" for `{node}`" if node else ""
        super().__init__(f"the case does not wait at token {token}{where}: read the case again")


class UnknownElement(EngineError):
    """the model has no such element"""

    code = "UNKNOWN_ELEMENT"

    def __init__(self, *, element: str) -> None:
        self.element = element
        super().__init__(f"the model has no element `{element}`")


class NoFlowTaken(EngineError):
    """no condition of a gateway was true and it has no default flow"""

    code = "NO_FLOW_TAKEN"

    def __init__(self, *, element: str) -> None:
        self.element = element
        super().__init__(f"`{element}`: no condition was true and the gateway has no default flow")


class InvalidInstances(EngineError):
    """a multi-instance activity was given something else than a list of a permitted length"""

    code = "INVALID_INSTANCES"

    def __init__(self, *, element: str, limit: int) -> None:
        self.element = element
        super().__init__(f"`{element}`: the collection must be a list of at most {limit} items")


class ExpressionFailed(EngineError):
    """an expression of the model asks for more work than it may"""

    code = "EXPRESSION_FAILED"

    def __init__(self, *, text: str, reason: str) -> None:
        self.text = text
        super().__init__(f"the expression `{text}` cannot be evaluated: {reason}")


class UncaughtError(EngineError):
    """an error end event has no boundary event around it that catches the error"""

    code = "UNCAUGHT_ERROR"

    def __init__(self, *, element: str) -> None:
        self.element = element
        super().__init__(f"`{element}`: nothing around this error end event catches the error")


class EndlessStep(EngineError):
    """one step went through more automatic nodes than any accepted model can"""

    code = "ENDLESS_STEP"

    def __init__(self, *, element: str) -> None:
        self.element = element
        super().__init__(f"`{element}`: the step does not come to rest: a cycle without a wait state")


class InvalidMarking(EngineError):
    """a stored marking cannot be read"""

    code = "INVALID_MARKING"


class InvalidTimer(EngineError):
    """a timer's time cannot be understood"""

    code = "INVALID_TIMER"

    def __init__(self, *, element: str, reason: str) -> None:
        self.element = element
        self.reason = reason
        super().__init__(f"`{element}`: {reason}")


class UnknownDefinition(EngineError):
    """no process with this identity has been deployed"""

    code = "UNKNOWN_DEFINITION"

    def __init__(self, *, identity: str) -> None:
        self.identity = identity
        super().__init__(f"no process `{identity}` has been deployed: deploy its folder under `bpmn/` first")


class ImmutableDefinition(EngineError):
    """a deployed process never changes: deploy a new version"""

    code = "IMMUTABLE_DEFINITION"


class ModelRefused(EngineError):
    """the model is outside the accepted profile"""

    code = "MODEL_REFUSED"

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        first = findings[0]
        where = f"`{first.element}`" if first.element else "the file"
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        super().__init__(f"model refused: {where}, line {first.line}: {first.text}{more}")
