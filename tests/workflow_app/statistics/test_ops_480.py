"""OPS-480 (domain 6.6): the figures of the source, from commands that were really run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.workflow_app.statistics import ops
from workflow_app.statistics import report as reports
from workflow_app.statistics import selectors
from workflow_app.statistics.measures import Share, Spread

FIRST, LAST = date(2023, 2, 1), date(2024, 6, 30)
PERIOD = ("--from", str(FIRST), "--to", str(LAST), "--language", "en")


@pytest.fixture(scope="module")
def played(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Run the 480 cases once for all tests of this module, and take them away again."""
    with django_db_blocker.unblock(), transaction.atomic():
        ops.Play().run()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def answer(played: None, db: None) -> reports.Report:
    return selectors.report(first=FIRST, last=LAST)


def test_the_fixture_is_the_one_of_the_domain() -> None:
    cases = list(ops.histories())

    assert len(cases) == 480
    assert sum(returns for _, returns, _ in cases) == 155
    assert sum(returns + raised_again for _, returns, raised_again in cases) == 626


def test_m_01_is_131_of_480(answer: reports.Report) -> None:
    share = answer.measure("M-01").figure

    assert isinstance(share, Share)
    assert (share.numerator, share.denominator) == (131, 480)
    assert (share.percent, share.whole_percent) == (Decimal("27.29"), 27)


def test_m_01_by_case_type_is_as_the_source_has_it(answer: reports.Report) -> None:
    by_type = {group.key: group.figure for group in answer.measure("M-01").by["case_type"]}

    assert by_type == {
        code: Share(numerator=office.raised_again, denominator=office.cases) for code, office in ops.OFFICES.items()
    }


def test_m_02_is_140_of_480(answer: reports.Report) -> None:
    share = answer.measure("M-02").figure

    assert isinstance(share, Share)
    assert (share.numerator, share.denominator, share.percent) == (140, 480, Decimal("29.17"))


def test_m_03_is_155_returns_of_140_cases(answer: reports.Report) -> None:
    spread = answer.measure("M-03").figure

    assert isinstance(spread, Spread)
    assert (spread.total, spread.count, spread.mean, spread.largest) == (155, 140, Decimal("1.11"), 3)


def test_m_04_is_three_weeks_in_every_case(answer: reports.Report) -> None:
    spread = answer.measure("M-04").figure

    assert isinstance(spread, Spread)
    assert (spread.count, spread.median, spread.p90) == (146, Decimal("21.00"), 21)


def test_m_05_counts_every_return_and_missing_competence_most(answer: reports.Report) -> None:
    reasons = answer.measure("M-05")

    assert reasons.figure == 155
    assert reasons.by["reason"][0].key == "MISSING_COMPETENCE"
    assert sum(group.figure for group in reasons.by["reason"] if isinstance(group.figure, int)) == 155


def test_ops_itself_is_the_only_level_that_returned(answer: reports.Report) -> None:
    by_level = {group.key: group.figure for group in answer.measure("LEVELS").by["level"]}

    assert by_level["OPS"] == Share(numerator=155, denominator=626)
    assert by_level["FOUR_EYES"] == Share(numerator=0, denominator=0)


def test_a_case_type_can_be_asked_for_alone(played: None, db: None) -> None:
    share = selectors.report(first=FIRST, last=LAST, case_types=["TIL"]).measure("M-01").figure

    assert share == Share(numerator=7, denominator=24)


def test_the_command_prints_the_figures_with_their_definitions(played: None, db: None) -> None:
    out = StringIO()

    call_command(
        "measures", "--format", "json", "--from", str(FIRST), "--to", str(LAST), "--language", "en", stdout=out
    )

    first = json.loads(out.getvalue())["measures"][0]
    assert (first["id"], first["numerator"], first["denominator"]) == ("M-01", 131, 480)
    assert (first["percent"], first["shown"]) == ("27.29", "27 %")
    assert "divided by distinct cases presented" in first["definition"]
    assert "not the share of returned cases" in first["warning"]


def test_the_command_prints_for_people_too(played: None, db: None) -> None:
    out = StringIO()

    call_command("measures", *PERIOD, stdout=out)

    assert "131/480 = 27.29 %" in out.getvalue()
