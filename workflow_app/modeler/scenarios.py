"""The stories in a model folder's ``scenarios.toml``: who does what, what the order must allow and what it must refuse.

Reading is pure. ``playing`` makes them happen.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from workflow_app.modeler.errors import InvalidScenarios

_WAIT = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
_STEP_KEYS = frozenset(
    {
        "as",
        "element",
        "participant",
        "fields",
        "row",
        "refuse",
        "code",
        "rule",
        "wait",
        "fire_timer",
        "dissent",
        "revoke",
        "adopt",
        "close_child",
        "message",
    }
)
#: Who opens a case that nobody registers; the scenario then names its process.
CASE = "CASE"
CALENDAR = "CALENDAR"
_ENDS = ("ended", "open")
#: A fragment may tell other fragments, but not without end.
_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happens: a person does a step, time passes, or the authority itself changes."""

    #: Log-in or staff code; empty when only time passes.
    person: str = ""
    #: End of the element's qualified id.
    element: str = ""
    #: Which of several open joint-preparation answers: the participant role as the order names it.
    participant: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    #: The row of the order that the decision must rest on.
    row: str = ""
    refuse: bool = False
    #: What a refusal must name: a bar or an error, and a rule of the catalogue.
    code: str = ""
    rule: str = ""
    wait: timedelta = timedelta()
    #: End of the qualified id of a timer event that is to come due.
    fire_timer: str = ""
    #: The dissenting opinion that the person has noted on the latest decision.
    dissent: str = ""
    #: The appointment that ends now: staff code, role and case type, ``EC-08/EC_N/ETV``.
    revoke: str = ""
    #: What a new version of the delegation order says otherwise: words of ``rules.dmn``, and those in their stead.
    adopt: tuple[str, ...] = ()
    #: What the next child case that is waited for closes with.
    close_child: Mapping[str, Any] | None = None
    #: Name of the message that arrives from another case.
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One story of one case."""

    name: str
    case_type: str
    #: Log-in or staff code, ``CASE`` or ``CALENDAR``.
    opened_by: str
    start: Mapping[str, Any]
    steps: tuple[Step, ...]
    #: Whether the case has ended after the last step.
    ends: bool
    #: What must be known of the case after the last step.
    expect: Mapping[str, Any] = field(default_factory=dict)
    #: Id of the process, when another case or the calendar opens the case.
    process: str = ""

    def moved(self, by: timedelta) -> Scenario:
        """Return the scenario told at another time: every day in what is filled in moves with it."""
        steps = tuple(replace(step, fields=_moved(step.fields, by)) for step in self.steps)
        return replace(self, start=_moved(self.start, by), steps=steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Every story of a model folder."""

    #: When every story begins.
    clock: datetime
    scenarios: tuple[Scenario, ...]


def read(text: str) -> Book:
    """Read a scenario file. Raises ``InvalidScenarios`` naming the scenario and the step."""
    words = Words(text)
    scenarios = tuple(words.scenario(raw) for raw in words.content.get("scenario", ()))
    names = [scenario.name for scenario in scenarios]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidScenarios(f"two scenarios are named `{twice[0]}`")
    return Book(clock=words.clock, scenarios=scenarios)


class Words:
    """What a scenario file has to tell with: its clock, its defaults and its fragments. Raises ``InvalidScenarios``."""

    def __init__(self, text: str, fragments: Iterable[Mapping[str, Any]] = ()) -> None:
        """Read the file; ``fragments`` are more of them, kept elsewhere."""
        try:
            self.content: Mapping[str, Any] = tomllib.loads(text, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            raise InvalidScenarios(f"the file is not TOML: {error}") from error
        clock = self.content.get("clock")
        if not isinstance(clock, datetime) or clock.tzinfo is None:
            raise InvalidScenarios("`clock` must be a moment with a time zone, when every scenario begins")
        self.clock = clock
        self._start = self.content.get("start", {})
        self._defaults = self.content.get("defaults", {})
        told = (*self.content.get("fragment", ()), *fragments)
        self._fragments = {raw["name"]: raw.get("step", []) for raw in told}

    def scenario(self, raw: Mapping[str, Any]) -> Scenario:
        """Return the scenario that is told so. Raises ``InvalidScenarios`` naming the step."""
        name = str(raw.get("name", ""))
        missing = [key for key in ("name", "case_type", "opened_by", "end") if not raw.get(key)]
        if missing:
            raise InvalidScenarios(f"scenario `{name}` lacks `{missing[0]}`")
        if raw["end"] not in _ENDS:
            raise InvalidScenarios(f"scenario `{name}`: `end` is one of {', '.join(_ENDS)}")
        if bool(raw.get("process")) != (raw["opened_by"] in (CASE, CALENDAR)):
            raise InvalidScenarios(f"scenario `{name}`: `process` belongs with `opened_by` {CASE} or {CALENDAR}")
        return Scenario(
            name=name,
            case_type=raw["case_type"],
            opened_by=raw["opened_by"],
            start=_values({**self._start, **raw.get("start", {})}),
            steps=self.steps(name, raw.get("step", ())),
            ends=raw["end"] == "ended",
            expect=_values(raw.get("expect", {})),
            process=raw.get("process", ""),
        )

    def steps(self, name: str, raws: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
        """Return steps that are told so, fragments and all. Raises ``InvalidScenarios`` naming the step."""
        return tuple(self._steps(name, raws, {}, 0))

    def _steps(
        self, scenario: str, raws: Iterable[Mapping[str, Any]], words: Mapping[str, Any], depth: int
    ) -> Iterator[Step]:
        if depth > _MAX_DEPTH:
            raise InvalidScenarios(f"scenario `{scenario}`: fragments tell each other without end")
        for number, raw in enumerate(raws, start=1):
            where = f"scenario `{scenario}`, step {number}"
            told = {key: _replace(value, words, where) for key, value in raw.items()}
            if "do" not in told:
                yield self._step(told, where)
                continue
            if told["do"] not in self._fragments:
                raise InvalidScenarios(f"{where}: there is no fragment `{told['do']}`")
            yield from self._steps(scenario, self._fragments[told["do"]], told, depth + 1)

    def _step(self, raw: Mapping[str, Any], where: str) -> Step:
        unknown = sorted(set(raw) - _STEP_KEYS)
        if unknown:
            raise InvalidScenarios(f"{where}: `{unknown[0]}` means nothing; use {', '.join(sorted(_STEP_KEYS))}")
        if bool(raw.get("as")) != bool(raw.get("element") or raw.get("dissent")):
            raise InvalidScenarios(f"{where}: `as` belongs with `element` or `dissent`")
        if len(raw.get("adopt", ("", ""))) != 2:
            raise InvalidScenarios(f"{where}: `adopt` holds the words of the order and those in their stead")
        element = str(raw.get("element", ""))
        own = self._defaults.get(element.rpartition("/")[2], {})
        return Step(
            person=raw.get("as", ""),
            element=element,
            participant=raw.get("participant", ""),
            fields=_values({**own, **raw.get("fields", {})}),
            row=raw.get("row", ""),
            refuse=bool(raw.get("refuse", False)),
            code=raw.get("code", ""),
            rule=raw.get("rule", ""),
            wait=_duration(str(raw.get("wait", "")), where),
            fire_timer=raw.get("fire_timer", ""),
            dissent=raw.get("dissent", ""),
            revoke=raw.get("revoke", ""),
            adopt=tuple(raw.get("adopt", ())),
            message=raw.get("message", ""),
            close_child=_values(raw["close_child"]) if "close_child" in raw else None,
        )


def _replace(value: Any, words: Mapping[str, Any], where: str) -> Any:
    """Replace ``$word`` by what the step that tells the fragment says."""
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    if value[1:] not in words:
        raise InvalidScenarios(f"{where}: nothing says what `{value}` is")
    return words[value[1:]]


def _values(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return form values as a form gives them: numbers are exact decimals, in the rows of a list too."""
    return {key: _value(value) for key, value in fields.items()}


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return [_values(row) if isinstance(row, Mapping) else row for row in value]
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _moved(value: Any, by: timedelta) -> Any:
    if isinstance(value, Mapping):
        return {key: _moved(part, by) for key, part in value.items()}
    if isinstance(value, list):
        return [_moved(part, by) for part in value]
    return value + by if isinstance(value, date) else value


def _duration(text: str, where: str) -> timedelta:
    if not text:
        return timedelta()
    match = _WAIT.fullmatch(text)
    if match is None or not any(match.groups()):
        raise InvalidScenarios(f"{where}: `wait` is a duration such as P3D or PT4H, not `{text}`")
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)
