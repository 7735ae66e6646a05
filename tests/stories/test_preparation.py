"""Stories about what comes before a decision: classing, drafts, disagreement, returns, dissent."""

from __future__ import annotations

from datetime import date

import pytest

from tests.stories.conftest import NOW, Tell
from workflow_app.cases.errors import TooLate
from workflow_app.cases.models import CaseAct, Dissent
from workflow_app.cases.services import dissenting
from workflow_app.ledger import selectors as ledger
from workflow_app.ledger.events import EventKind
from workflow_app.organisation.models import Person
from workflow_app.statistics import measures
from workflow_app.statistics import selectors as statistics
from workflow_app.statistics.events import Period
from workflow_app.statistics.measures import Share
from workflow_app.statistics.suppression import Hidden


def test_02_the_same_facts_from_two_departments_give_the_same_class(tell: Tell) -> None:
    """R-10."""
    told = tell(2)

    assert [case.department.code for case in told.cases if case.department] == ["A", "D"]
    rows = [row for row, _ in told.decisions()]
    assert rows[: len(rows) // 2] == rows[len(rows) // 2 :]


def test_13_a_complaint_is_not_decided_before_its_draft_has_been_sent(tell: Tell) -> None:
    """R-46."""
    told = tell(13)

    who, bars = told.refusals()[0]
    assert who == "EC-24"
    assert any(bar.endswith("R-46") for bar in bars)
    assert not any(row in {"DO-104", "DO-105"} for row, _ in told.decisions())


def test_16_dissent_is_noted_before_dispatch_and_refused_after_it(tell: Tell) -> None:
    """R-66."""
    told = tell(16)

    noted = Dissent.objects.get(decision__case=told.cases[0])
    assert noted.person.code == "INSP-017"
    assert noted.at < noted.decision.dispatch.at
    decider = Person.objects.get(code="EC-01")
    with pytest.raises(TooLate, match="R-66"):
        dissenting.dissent(decision=noted.decision_id, by=decider.pk, opinion="För sent.", key="late", at=NOW)


def test_17_a_legal_question_climbs_from_jurist_to_director_general(tell: Tell) -> None:
    """R-61."""
    told = tell(17)

    consulted = CaseAct.objects.filter(case=told.cases[0], act="CONSULT", matter=2).order_by("at")
    assert [act.role for act in consulted] == ["AJ", "BCJ", "BCJ", "CJ"]
    resolved = [
        Person.objects.get(pk=event.person).code
        for event in ledger.of_stream(str(told.cases[0].pk))
        if event.kind == EventKind.DISAGREEMENT_RESOLVED
    ]
    assert resolved[-1] == "GD"
    assert told.decisions()[-1] == ("DO-046", "AC-A")


def test_18_a_case_returned_twice_and_raised_again_counts_once(tell: Tell) -> None:
    """R-26."""
    tell(18)

    period = Period(first=date(2026, 9, 1), last=date(2026, 11, 30))
    # A report hides what concerns so few, so the story is counted from what was presented.
    held = measures.held(statistics.presentations(forum="OPS", period=period))

    assert measures.return_and_raised_again_rate(held, period) == Share(numerator=1, denominator=1)
    returns = measures.returns_per_returned_case(held, period)
    assert (returns.total, returns.count) == (2, 1)
    assert statistics.report(first=period.first, last=period.last).measure("M-01").figure == Hidden()
