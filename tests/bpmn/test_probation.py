"""The report to HSAN on a probation that has failed, in time and too late."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from tests.bpmn.models import BPMN_DIR
from tests.workflow_app.conftest import BEGINNING, NOW
from tests.workflow_app.office import Office
from workflow_app.cases import typed_json
from workflow_app.cases.models import Case, CaseAct
from workflow_app.cli import demo_authority
from workflow_app.modeler import scenarios
from workflow_app.modeler.playing import Play


@pytest.fixture
def authority(db: None) -> Office:
    """Return the demo authority with the probation's process."""
    demo_authority.build(
        beginning=BEGINNING, at=NOW - timedelta(days=1), say=lambda text: None, processes=["tlp_probation"]
    )
    return Office(at=NOW, client=uuid.uuid4().hex)


@pytest.mark.parametrize(
    ("story", "late"),
    [("DO-114: överträdelsen anmäls", False), ("DO-114: bedömningen visar misslyckad prövotid", True)],
)
def test_a_report_after_the_end_is_reported_as_late_and_explained(authority: Office, story: str, late: bool) -> None:
    """R-45"""
    book = scenarios.read((BPMN_DIR / "tlp_probation/scenarios.toml").read_text(encoding="utf-8"))
    scenario = next(one for one in book.scenarios if one.name.startswith(story))
    play = Play.opened(scenario, clock=authority.at)
    for step in scenario.steps:
        play = play.after(step)

    facts = typed_json.loads(Case.objects.get(pk=play.case).facts)

    assert facts["hsan_report_late"] is late
    assert (facts["hsan_reported_on"] > facts["probation_ends_on"]) is late
    assert facts["hsan_report_days"] == (facts["hsan_reported_on"] - facts["trigger_on"]).days
    assert CaseAct.objects.filter(case=play.case, node="explain_late_report").exists() is late
