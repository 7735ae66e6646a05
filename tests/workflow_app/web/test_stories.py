"""The page that leads a newcomer to the stories of the demo."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as configured

from tests.workflow_app.conftest import NOW
from tests.workflow_app.office import Office
from tests.workflow_app.web.browsing import logged_in
from workflow_app.cli import demo_authority
from workflow_app.modeler import stories

pytestmark = pytest.mark.django_db


def test_it_names_every_story_its_case_and_whom_to_log_in_as(office: Office, settings: Any) -> None:
    settings.BEREDD_DEMO = True
    story = next(one for one in stories.read(configured.BEREDD_BPMN_DIR) if one.number == 4)
    stories.play(story, at=NOW)

    page = logged_in("insp_017").get("/stories/").content.decode()

    case = next(iter(stories.cases_of(story)))
    assert f'href="/cases/{case.pk}/"' in page
    assert all(one.name in page and one.log_in in page for one in stories.read(configured.BEREDD_BPMN_DIR))


def test_there_are_none_outside_the_demo(office: Office) -> None:
    client = logged_in("insp_017")

    assert client.get("/stories/").status_code == 404
    assert "/stories/" not in client.get("/").content.decode()


def test_a_story_is_told_once_however_often_the_demo_starts(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    only = [one for one in stories.read(configured.BEREDD_BPMN_DIR) if one.models == ("etv",)][:1]
    monkeypatch.setattr(stories, "read", lambda folder: only)
    said: list[str] = []

    for _ in range(2):
        demo_authority.tell_stories(at=NOW, say=said.append)

    assert len(said) == 1
