"""The page of a case says what another order has changed in it, and why (R-29)."""

from __future__ import annotations

import pytest
from django.utils import translation

from tests.workflow_app.cases.test_order_change import adopt, reorder
from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import logged_in
from workflow_app.enforcement.controls import control_words

pytestmark = pytest.mark.django_db


def test_r29_the_case_says_what_the_order_changed_and_why(office: Office) -> None:
    case = office.to_decision()
    version = adopt(
        office, ("lowest_role", '"GD"'), ("medical", "true"), ("jurist_role", '"BCJ"'), ("four_eyes", "false")
    )
    reorder(office, case, version)

    page = logged_in("insp_017").get(f"/cases/{case.pk}/").content.decode()

    assert "Ny delegationsordning" in page
    assert version.number in page
    assert "är nu generaldirektören" in page
    assert "Krävs nu: yttrande av tillsynsläkare. Steget har lagts till." in page
    assert "Krävs inte längre: granskning med fyra ögon. Det som har gjorts står kvar." in page


def test_a_case_that_no_order_has_changed_says_nothing_of_it(office: Office) -> None:
    case = office.to_decision()

    assert "Ny delegationsordning" not in logged_in("insp_017").get(f"/cases/{case.pk}/").content.decode()


@pytest.mark.parametrize(
    ("control", "words"),
    [
        ("PRESENTATION:ORAL", "presentation, orally"),
        ("FOUR_EYES:AFTER", "review with four eyes after the decision"),
        ("JURIST:BCJ:S", "an opinion from deputy chief jurist"),
        ("JURIST:CJ:M", "the chief jurist taking part in the final handling"),
        ("JURIST:CJ:B", "a decision by the chief jurist"),
        ("JB-5:AFTER", "joint preparation JB-5 after the decision"),
        ("PHYSICIAN", "a supervising physician's opinion"),
    ],
)
def test_every_control_has_words(control: str, words: str) -> None:
    with translation.override("en"):
        assert control_words(control) == words
