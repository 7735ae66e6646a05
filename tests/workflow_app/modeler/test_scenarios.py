"""A scenario file says who does what; whatever else it says is named with its place."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from workflow_app.modeler import scenarios
from workflow_app.modeler.errors import InvalidScenarios

HEAD = """
clock = 2026-11-23T08:00:00+01:00
[start]
unit = "Enhet 0417"
persons = 12
[defaults.review]
outcome = "AGREE"
comment = "inget"
[[fragment]]
name = "granskat"
step = [ { as = "$by", element = "check/review", row = "$row" } ]
[[fragment]]
name = "utan slut"
step = [ { do = "utan slut" } ]
"""


def _read(steps: str, *, more: str = "", end: str = "open") -> scenarios.Scenario:
    story = f'[[scenario]]\nname = "S"\ncase_type = "ETV"\nopened_by = "uppl_03"\nend = "{end}"\nstep = [ {steps} ]\n'
    return scenarios.read(HEAD + story + more).scenarios[0]


def test_a_steps_fields_lie_on_top_of_the_elements_defaults() -> None:
    step = _read('{ as = "insp_018", element = "check/review", fields = { comment = "bra", number = 3 } }').steps[0]

    assert step.fields == {"outcome": "AGREE", "comment": "bra", "number": Decimal(3)}


def test_a_fragment_is_told_with_the_steps_own_words() -> None:
    step = _read('{ do = "granskat", by = "insp_018", row = "DO-040" }').steps[0]

    assert (step.person, step.element, step.row) == ("insp_018", "check/review", "DO-040")


def test_the_start_fields_are_those_of_the_file_and_then_the_scenarios_own() -> None:
    story = '[[scenario]]\nname = "S"\ncase_type = "ETV"\nopened_by = "u"\nend = "ended"\nstart = { unit = "annan" }'

    scenario = scenarios.read(HEAD + story).scenarios[0]

    assert scenario.start == {"unit": "annan", "persons": Decimal(12)}
    assert scenario.ends


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("P3D", timedelta(days=3)),
        ("PT4H", timedelta(hours=4)),
        ("P1DT2H30M", timedelta(days=1, hours=2, minutes=30)),
    ],
)
def test_time_passes_as_long_as_the_step_waits(text: str, meant: timedelta) -> None:
    assert _read(f'{{ wait = "{text}" }}').steps[0].wait == meant


@pytest.mark.parametrize(
    ("steps", "complaint"),
    [
        ('{ do = "okänt" }', "step 1: there is no fragment `okänt`"),
        ('{ do = "granskat", row = "DO-040" }', "nothing says what `$by` is"),
        ('{ do = "utan slut" }', "fragments tell each other without end"),
        ('{ as = "insp_018", element = "review", colour = "red" }', "`colour` means nothing"),
        ('{ as = "insp_018" }', "`as` belongs with `element` or `dissent`"),
        ('{ wait = "3 dagar" }', "`wait` is a duration such as P3D or PT4H, not `3 dagar`"),
        ('{ wait = "P" }', "not `P`"),
    ],
)
def test_a_step_that_cannot_be_played_is_named(steps: str, complaint: str) -> None:
    with pytest.raises(InvalidScenarios) as error:
        _read(steps)

    assert "scenario `S`, step 1" in str(error.value) or "scenario `S`" in str(error.value)
    assert complaint in str(error.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("clock = [", "the file is not TOML"),
        ("", "`clock` must be a moment with a time zone"),
        ("clock = 2026-11-23T08:00:00", "`clock` must be a moment with a time zone"),
        (HEAD + '[[scenario]]\nname = "S"', "scenario `S` lacks `case_type`"),
    ],
)
def test_a_file_that_is_not_a_book_of_scenarios_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(InvalidScenarios, match=complaint):
        scenarios.read(text)


def test_two_scenarios_cannot_have_one_name() -> None:
    again = '[[scenario]]\nname = "S"\ncase_type = "ETV"\nopened_by = "u"\nend = "open"\n'

    with pytest.raises(InvalidScenarios, match="two scenarios are named `S`"):
        _read("", more=again)


def test_a_scenario_ends_or_stays_open_and_nothing_else() -> None:
    with pytest.raises(InvalidScenarios, match="`end` is one of ended, open"):
        _read("", end="maybe")
