"""What stays true in a case when its next decision is prepared, or when another record is made."""

from __future__ import annotations

import pytest

from workflow_app.cases.facts import CaseFacts, Standing


def test_r19_whoever_inspected_has_prepared_the_next_proposal_too() -> None:
    standing = Standing(prepared_by=frozenset({"writer", "inspector"}), inspected_by=frozenset({"inspector"}))

    following = standing.next_matter()

    assert following.prepared_by == {"inspector"}
    assert following.inspected_by == {"inspector"}
    assert Standing.loads(following.dumps()) == following


@pytest.mark.parametrize(("records", "known"), [([True, False], True), ([False, True], True), ([False, False], False)])
def test_what_one_child_has_said_of_harm_no_later_record_unsays(records: list[bool], known: bool) -> None:
    """JB-6."""
    facts = CaseFacts()
    for said in records:
        facts.take({"child_harm": said, "children_held": 1})

    assert facts.values["child_harm"] is known
