"""What can go wrong when a register is read or changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong at one place of a file. ``line`` is 0 and ``column`` empty where it concerns the whole."""

    text: str
    line: int = 0
    column: str = ""


class RegistryError(Exception):
    """the register refused"""

    code: ClassVar[str] = "REGISTRY"


class UnknownEntry(RegistryError):
    """the register has no such entry"""

    code = "UNKNOWN_ENTRY"


class NotRegistrar(RegistryError):
    """the person may not change the registers (S-44)"""

    code = "NOT_REGISTRAR"


class UnknownFile(RegistryError):
    """no such file waits to be imported"""

    code = "UNKNOWN_FILE"


class RegisterChanged(RegistryError):
    """another file has been imported since this one was checked"""

    code = "REGISTER_CHANGED"


class FileRefused(RegistryError):
    """the file cannot be imported; nothing of it was"""

    code = "REGISTER_FILE_REFUSED"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        #: Every one that was found, in the order of the file.
        self.problems = problems
        super().__init__("; ".join(f"line {problem.line}: {problem.text}" for problem in problems[:5]))
