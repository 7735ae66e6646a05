"""``manage.py rehearse_order``: the decisions that the house has made, asked about again under an order in a folder."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.workflow_app.office import Office

pytestmark = pytest.mark.django_db
SHIPPED = Path(__file__).parents[3] / "bpmn" / "delegation_order"


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """The shipped order, with openings decided by the director and seen by a physician, and no four eyes on them."""
    folder = tmp_path / "draft"
    shutil.copytree(SHIPPED, folder)
    rules = folder / "rules.dmn"
    text = rules.read_text(encoding="utf-8")
    for column, value in (("lowest_role", '"GD"'), ("medical", "true")):
        start = text.index(f'<outputEntry id="DO-036_{column}"><text>') + len(
            f'<outputEntry id="DO-036_{column}"><text>'
        )
        text = text[:start] + value + text[text.index("</text>", start) :]
    rules.write_text(text, encoding="utf-8")
    return folder


def rehearsed(path: Path, office: Office, **options: Any) -> str:
    out = StringIO()
    at = (office.at + timedelta(minutes=1)).isoformat()
    call_command("rehearse_order", str(path), at=at, stdout=out, **options)
    return out.getvalue()


def test_r29_it_says_which_decisions_go_up_and_which_queues_grow(office: Office, draft: Path) -> None:
    office.to_dispatch()

    text = rehearsed(draft, office, months=1)
    data = json.loads(rehearsed(draft, office, months=1, format="json"))

    assert "1 decisions replayed, 0 set aside" in text
    assert "ROW DO-036: AC_N -> GD (1)" in text
    assert "CONTROL PHYSICIAN: +1 -0" in text
    assert "QUEUE DECIDE GD: 0 -> 1" in text
    assert "1 could not be made by the person who made them" in text
    assert data["directions"]["UP"] == 1
    (decision,) = data["decisions"]
    assert (decision["then"], decision["now"], decision["decider_may"]) == ("AC_N", "GD", False)


def test_the_same_order_changes_nothing_and_older_decisions_are_left_out(office: Office) -> None:
    office.to_dispatch()
    assert json.loads(rehearsed(SHIPPED, office, months=1, format="json"))["decisions"] == []

    office.tick(timedelta(days=90))
    assert json.loads(rehearsed(SHIPPED, office, months=1, format="json"))["replayed"] == 0


def test_an_order_that_is_none_is_refused_in_words(office: Office, draft: Path) -> None:
    with pytest.raises(CommandError, match="is no folder"):
        rehearsed(draft / "nowhere", office)
    (draft / "roles.dmn").unlink()
    with pytest.raises(CommandError, match=r"roles\.dmn"):
        rehearsed(draft, office)
