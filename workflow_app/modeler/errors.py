"""What can go wrong when a process owner's model is told stories."""

from __future__ import annotations

from typing import ClassVar


class ModelerError(Exception):
    """the model could not be tried"""

    code: ClassVar[str] = "MODELER"


class InvalidScenarios(ModelerError):
    """a scenario file does not say what it must"""

    code = "INVALID_SCENARIOS"


class ScenarioFailed(ModelerError):
    """a case did not go as its scenario says"""

    code = "SCENARIO_FAILED"


class WaitsElsewhere(ScenarioFailed):
    """a case does not wait where its scenario goes on"""

    code = "WAITS_ELSEWHERE"


class UnreadableModel(ModelerError):
    """a model cannot be read"""

    code = "UNREADABLE_MODEL"
