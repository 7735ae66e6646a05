"""The measures read who approved whom, and how reviews were made, from what is recorded (R-21, R-23, S-132)."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

from django.core.management import call_command

from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import logged_in
from workflow_app.statistics import selectors
from workflow_app.statistics.events import Period


def _reviewed(office: Office, writer: str, reviewer: str) -> None:
    case = office.open_case()
    office.do(case, writer, "assess_risk")
    office.do(case, writer, "write_proposal", decision_type="OPEN_SUPERVISION")
    office.do(case, reviewer, "review_proposal")


def _period(office: Office) -> Period:
    day = office.at.date()
    return Period(first=day - timedelta(days=7), last=day)


def test_an_approval_is_a_review_that_agreed_with_who_wrote_it(office: Office) -> None:
    _reviewed(office, "insp_017", "insp_018")
    case = office.open_case()
    office.do(case, "insp_017", "assess_risk")
    office.do(case, "insp_017", "write_proposal", decision_type="OPEN_SUPERVISION")
    office.do(case, "insp_019", "review_proposal", outcome="RETURN", reason_primary="MISSING_BASIS")

    found = selectors.approvals(period=_period(office))

    people = {name: str(office.person(name)) for name in ("insp_017", "insp_018")}
    assert [(each.writer, each.reviewer, each.case_type) for each in found] == [
        (people["insp_017"], people["insp_018"], "ETV")
    ]
    assert selectors.approvals(period=_period(office), case_types=["FTB"]) == []


def test_the_page_and_the_command_show_chance_beside_the_share(office: Office) -> None:
    for writer, reviewer in [("insp_017", "insp_018"), ("insp_018", "insp_017")] * 3:
        _reviewed(office, writer, reviewer)
    period = _period(office)
    days = {"first": str(period.first), "last": str(period.last), "forum": "OPS", "type": ""}

    page = logged_in("ir_01").get("/measures/", days).content.decode()
    out = StringIO()
    call_command("measures", "--from", str(period.first), "--to", str(period.last), "--format", "json", stdout=out)

    measure = next(one for one in json.loads(out.getvalue())["measures"] if one["id"] == "RECIPROCITY")
    assert (measure["numerator"], measure["denominator"]) == (6, 6)
    assert set(measure["by_chance"]) == {"expected", "low", "high"}
    assert "Av slump" in page
    assert "Godkännanden mellan två som godkänner varandra" in page
    assert "Granskningar med anmärkning" in page
