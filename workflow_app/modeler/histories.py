"""The demo authority's past (domain 8.3): many cases that went as scenarios tell, spread over the years.

Everything comes from the seed: the same seed gives the same cases, numbers and ledger hashes. A case's chances are
drawn from its own name, so that one year can be played without the others, and a broken run be taken up again.
"""

from __future__ import annotations

import os
import random
import re
import tomllib
import uuid
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from workflow_app.calendar import working_days
from workflow_app.cases.models import Case, CaseLink, HandOver, LinkKind, Timer
from workflow_app.cases.services import children, handing_over, timers
from workflow_app.ledger import selectors as ledger
from workflow_app.modeler import playing
from workflow_app.modeler.errors import InvalidScenarios, ScenarioFailed, WaitsElsewhere
from workflow_app.modeler.scenarios import Scenario, Step, Words
from workflow_app.organisation import selectors as organisation

FILE = "demo_data.toml"
SCENARIOS = "scenarios.toml"
SCALES = ("tiny", "demo", "full")
#: Between two steps of a case, in minutes: less than the reminders take to come.
_PAUSE = (15, 26 * 60)
_STAFF_CODE = re.compile(r"[A-Z]+-\d+")
#: To open a case takes about as long as so many steps.
_OPENING = 2
_OWN = frozenset({"model", "tell", "title", "from", "to", "draw", "parent", "units", "meanwhile", *SCALES})


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """One way that cases went, how often, and when they came."""

    title: str
    scenario: Scenario
    clock: datetime
    first: date
    last: date
    #: How many at each scale; of the tiny one there is one of each.
    count: Mapping[str, int]
    #: Numbers drawn for what a case is about: field, pattern, lowest and highest.
    draws: Sequence[tuple[str, str, int, int]]
    #: Title of the history whose cases open these cases; empty where something arrives.
    parent: str = ""
    #: Where a case opens one case for each row of a list: the list's field, and what is drawn for each row.
    units: tuple[str, tuple[str, str, int, int]] | None = None
    #: What is done each time a timer fires while the cases that it opened are waited for.
    meanwhile: Sequence[Step] = ()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Planned:
    """A case to be: when it comes and which history it has."""

    at: datetime
    history: int
    number: int
    #: The case that opens it, and which of those that it opens.
    parent: Planned | None = field(default=None, compare=False)
    place: int = field(default=0, compare=False)
    #: How many cases it opens itself.
    children: int = field(default=0, compare=False)
    #: How many steps its history has: about as long it takes to play it.
    steps: int = field(default=0, compare=False)

    @property
    def key(self) -> str:
        """The name of the case in the keys of its commands."""
        return f"history-{self.history}-{self.number}"


def read(folder: Path) -> tuple[History, ...]:
    """Read the histories beside the models in ``folder``. Raises ``InvalidScenarios``."""
    content = tomllib.loads((folder / FILE).read_text(encoding="utf-8"))
    models = {raw["model"] for raw in content["history"]}
    texts = {model: (folder / model / SCENARIOS).read_text(encoding="utf-8") for model in models}
    words = {model: Words(text, content.get("fragment", ())) for model, text in texts.items()}
    return tuple(_history(words[raw["model"]], raw) for raw in content["history"])


def _history(words: Words, raw: Mapping[str, Any]) -> History:
    told: Mapping[str, Any] = {"name": raw["title"], **{key: raw[key] for key in raw.keys() - _OWN}}
    if "tell" in raw:
        found = [each for each in words.content["scenario"] if each["name"].startswith(raw["tell"])]
        if len(found) != 1:
            raise InvalidScenarios(f"{len(found)} scenarios of `{raw['model']}` begin with `{raw['tell']}`")
        told = found[0] | told
    return History(
        title=raw["title"],
        scenario=words.scenario(told),
        clock=words.clock,
        first=raw["from"],
        last=raw["to"],
        count={"tiny": 1, **{scale: raw[scale] for scale in SCALES if scale in raw}},
        draws=[_draw(name, text) for name, text in raw.get("draw", {}).items()],
        parent=raw.get("parent", ""),
        units=next(((name, _draw(*text.split(maxsplit=1))) for name, text in raw.get("units", {}).items()), None),
        meanwhile=words.steps(raw["title"], raw.get("meanwhile", ())),
    )


def _draw(name: str, text: str) -> tuple[str, str, int, int]:
    pattern, lowest, highest = text.split()
    return name, pattern, int(lowest), int(highest)


def plan(histories: Sequence[History], *, scale: str, seed: int) -> tuple[Planned, ...]:
    """Return every case to be, in the order in which they come; those that others are opened by are among them."""
    planned: dict[str, list[Planned]] = {}
    opened = Counter[str]()
    for index, history in sorted(enumerate(histories), key=lambda each: bool(each[1].parent)):
        count = history.count[scale]
        cases = [
            Planned(
                at=_moment(history, number, count, seed),
                history=index,
                number=number,
                steps=_OPENING + len(history.scenario.steps),
            )
            for number in range(count)
        ]
        if history.parent:
            # Every case of the parent history opens as many, in turn.
            parents, first = planned[history.parent], opened[history.parent]
            for number, each in enumerate(cases, start=first):
                place, turn = divmod(number, len(parents))
                cases[number - first] = replace(each, parent=parents[turn], place=place)
            opened[history.parent] += count
        planned[history.title] = cases
    return tuple(
        sorted(
            replace(each, children=children, steps=each.steps + _OPENING * children)
            for title, cases in planned.items()
            for each in cases
            for children in (opened[title] // len(cases),)
        )
    )


def _moment(history: History, number: int, count: int, seed: int) -> datetime:
    """Return when a case comes: evenly over the period, on a working day between eight and four."""
    chance = _chance(seed, f"{history.title}-{number}")
    day = history.first + (history.last - history.first) * ((number + chance.random()) / count)
    while not working_days.is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(8), working_days.STOCKHOLM) + timedelta(seconds=chance.randrange(8 * 3600))


def _about(scenario: Scenario, drawn: Mapping[str, Any], name: str, company: _Troupe) -> Scenario:
    """Return the scenario told about something else: what was drawn stands wherever it is asked for.

    Whoever a form names by staff code is the one who plays that part.
    """

    def played(value: Any) -> Any:
        if isinstance(value, str):
            return company.code(value)
        if isinstance(value, Mapping):
            return {key: played(part) for key, part in value.items()}
        return [played(part) for part in value] if isinstance(value, list) else value

    def told(fields: Mapping[str, Any]) -> dict[str, Any]:
        return {key: drawn[key] if key in drawn else played(value) for key, value in fields.items()}

    steps = tuple(replace(step, fields=told(step.fields)) for step in scenario.steps)
    return replace(scenario, name=name, start=told(scenario.start), steps=steps)


def _chance(seed: int, name: str) -> random.Random:
    """Return the chances of one case: not secret, but always the same."""
    return random.Random(f"{seed}:{name}")  # noqa: S311 - made-up history needs no secrecy


class Cast:
    """Who may play each part: everybody with the same appointments. Read once, for many cases."""

    def __init__(self) -> None:
        self._named, self._appointed = organisation.named(), organisation.appointments()
        self._codes = {person: name for name, person in self._named.items() if _STAFF_CODE.fullmatch(name)}
        self._alike: dict[frozenset[tuple[str, str]], list[uuid.UUID]] = {}
        for person, appointments in self._appointed.items():
            self._alike.setdefault(appointments, []).append(person)

    def company(self, chance: random.Random) -> _Troupe:
        """Return those who play in one case."""
        return _Troupe(self, chance)

    def named(self, name: str) -> uuid.UUID:
        """Return the person of a log-in or staff code. Raises ``ScenarioFailed``."""
        if name not in self._named:
            raise ScenarioFailed(f"nobody has the log-in or staff code `{name}`")
        return self._named[name]

    def draw(self, person: uuid.UUID, chance: random.Random, taken: Collection[uuid.UUID]) -> uuid.UUID:
        """Return someone with the same appointments who is not taken."""
        alike = self._alike.get(self._appointed.get(person, frozenset()), [person])
        return chance.choice([each for each in alike if each not in taken])

    def is_code(self, text: str) -> bool:
        """Tell whether somebody of the staff has this code."""
        return text in self._named and _STAFF_CODE.fullmatch(text) is not None

    def code(self, person: uuid.UUID) -> str:
        """Return a person's staff code."""
        return self._codes[person]


class _Troupe(playing.Company):
    def __init__(self, cast: Cast, chance: random.Random) -> None:
        self._cast = cast
        self._chance = chance
        #: Who plays whom: two names of one person are played by one.
        self._playing: dict[uuid.UUID, uuid.UUID] = {}

    def person(self, name: str) -> uuid.UUID:
        named = self._cast.named(name)
        if named not in self._playing:
            self._playing[named] = self._cast.draw(named, self._chance, self._playing.values())
        return self._playing[named]

    def code(self, text: str) -> str:
        """Return the staff code of whoever plays the part of a staff code; any other text as it is."""
        return self._cast.code(self.person(text)) if self._cast.is_code(text) else text

    def pause(self) -> timedelta:
        return timedelta(minutes=self._chance.randint(*_PAUSE))


@contextmanager
def _ids_from(chance: random.Random) -> Iterator[None]:
    """Let the ids of new rows come from ``chance``: they are in the ledger, and so in its hashes."""
    real = os.urandom
    os.urandom = chance.randbytes
    try:
        yield
    finally:
        os.urandom = real


def happen(told: Sequence[History], planned: Planned, *, cast: Cast, seed: int) -> bool:
    """Play a case, unless it has been; return whether it came to the end of its history. Raises ``ScenarioFailed``.

    A case that a control has caught meanwhile (a pattern, another case of the provider) is left waiting for it.
    The cases that a case asks for are opened with it; how they go on is told by histories of their own.
    """
    history, chance = told[planned.history], _chance(seed, planned.key)
    company = cast.company(chance)
    if ledger.of_command(_first_command(history, planned, company)) is not None:
        return True
    moved = history.scenario.moved(planned.at.date() - history.clock.date())
    scenario = _about(moved, _drawn(history, planned, chance), f"{history.title} {planned.number + 1:04d}", company)
    try:
        with _ids_from(chance):
            if planned.parent is not None:
                case = _opened_by(told, planned.parent, planned.place, cast=cast, seed=seed)
                clock = max(planned.at, case.opened_at)
                beginning = playing.Play(case=case.pk, now=clock, client=planned.key, company=company)
                beginning.through(scenario)
            else:
                play = playing.play(scenario, clock=planned.at, client=planned.key, company=company)
                for asked in (
                    HandOver.objects.filter(from_case=play.case).order_by("ordinal") if planned.children else ()
                ):
                    handing_over.open_linked(hand_over=asked.pk, at=play.now)
    except WaitsElsewhere:
        return False
    except ScenarioFailed as failure:
        raise ScenarioFailed(f"`{scenario.name}`: {failure}") from failure
    return True


def _drawn(history: History, planned: Planned, chance: random.Random) -> dict[str, Any]:
    """Return what a case is about. Rows of a list are about each their own."""
    drawn: dict[str, Any] = {
        name: pattern.format(chance.randint(low, high)) for name, pattern, low, high in history.draws
    }
    if history.units:
        name, (column, pattern, low, high) = history.units
        numbers = chance.sample(range(low, high + 1), planned.children)
        drawn[name] = [{column: pattern.format(number)} for number in numbers]
    return drawn


def _first_command(history: History, planned: Planned, company: playing.Company) -> str:
    """Return the name of the command that a case's history begins with: the ledger tells whether it has been."""
    if planned.parent is not None:
        return f"{company.person(history.scenario.steps[0].person)}:{planned.key}:0"
    by = history.scenario.opened_by if history.scenario.process else company.person(history.scenario.opened_by)
    return f"{by}:{planned.key}"


def _opened_by(told: Sequence[History], parent: Planned, place: int, *, cast: Cast, seed: int) -> Case:
    """Return the case that another has opened. Raises ``ScenarioFailed`` where it has not."""
    history = told[parent.history]
    case = _case(history, parent, cast=cast, seed=seed)
    link = CaseLink.objects.filter(from_case=case, hand_over__ordinal=place).select_related("to_case").first()
    if link is None:
        raise ScenarioFailed(f"`{history.title}` has opened no case number {place + 1}")
    return link.to_case


def _case(history: History, planned: Planned, *, cast: Cast, seed: int) -> uuid.UUID:
    """Return the case that a history has opened. Raises ``ScenarioFailed`` where it has not."""
    opened = ledger.of_command(_first_command(history, planned, cast.company(_chance(seed, planned.key))))
    if opened is None:
        raise ScenarioFailed(f"`{history.title}` has opened no case yet; it must be played before those that it opens")
    return uuid.UUID(opened.stream)


def wait_for_children(told: Sequence[History], planned: Planned, *, cast: Cast, seed: int, until: datetime) -> None:
    """Let a case that opened others live on: it is told of those that close, and does what comes round meanwhile.

    What has happened already does not happen again. Raises ``ScenarioFailed``.
    """
    history, chance = told[planned.history], _chance(seed, f"{planned.key}-meanwhile")
    with _ids_from(chance):
        links = CaseLink.objects.filter(from_case=_case(history, planned, cast=cast, seed=seed))
        closed = links.filter(to_case__state=Case.State.CLOSED, kind=LinkKind.CHILD)
        closed = closed.order_by("to_case__closed_at", "to_case__case_number")
        for link in closed.select_related("to_case"):
            moment = link.to_case.closed_at or until
            with transaction.atomic():
                now = _do_meanwhile(
                    history, planned, case=link.from_case_id, company=cast.company(chance), until=moment
                )
                children.closed(case=link.to_case_id, at=max(moment, now))
        for link in links[:1]:
            with transaction.atomic():
                _do_meanwhile(history, planned, case=link.from_case_id, company=cast.company(chance), until=until)


def _do_meanwhile(
    history: History, planned: Planned, *, case: uuid.UUID, company: playing.Company, until: datetime
) -> datetime:
    """Fire a case's timers and do each time what a history says; return when the last was done."""
    now = datetime.min.replace(tzinfo=UTC)
    waiting = Timer.objects.filter(case=case, fired_at=None, cancelled_at=None, case__state=Case.State.OPEN)
    while (timer := waiting.filter(due_at__lte=until).order_by("due_at", "id").first()) is not None:
        timers.fire(timer=timer.pk, at=timer.due_at)
        play = playing.Play(case=case, now=timer.due_at, client=f"{planned.key}:{timer.pk}", company=company)
        with suppress(WaitsElsewhere):
            for step in history.meanwhile:
                play = play.after(step)
        now = play.now
    return now
