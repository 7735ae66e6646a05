"""What is wrong with a model, said so that its author can find and mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error refuses the model; a warning is said and nothing more."""

    ERROR = "ERROR"
    WARNING = "WARNING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, where it is, and a Swedish sentence about it."""

    code: str
    text: str
    #: Id of the BPMN element; empty when the finding concerns the whole file.
    element: str = ""
    line: int = 0
    file: str = ""
    severity: Severity = Severity.ERROR
    #: Shortest way there, as qualified ids, when the finding is about behaviour.
    trace: tuple[str, ...] = ()
