"""Decisions of the past under another order: who would, with which controls, and what it sums to (R-29)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from delegation import rehearsal
from delegation.order import DelegationOrder, load_order
from delegation.rehearsal import Direction, Pair, Past, Queue, Rehearsal, rehearse
from delegation.types import Act, Actor, JuristMode
from tests.delegation.authority import DECIDER, NOW, PREPARER, RAPPORTEUR, REVIEWER, bundle, grant, request, shipped

RULES = "rules.dmn"


@cache
def changed(row: str, *cells: tuple[str, str]) -> DelegationOrder:
    """Return the shipped order with output cells of one row changed."""
    files = bundle()
    text = files[RULES].decode()
    for column, value in cells:
        start = text.index(f'<outputEntry id="{row}_{column}"><text>') + len(f'<outputEntry id="{row}_{column}"><text>')
        text = text[:start] + value + text[text.index("</text>", start) :]
    return load_order({**files, RULES: text.encode()}, number="TEST-2", valid_from=NOW + timedelta(days=30))


def past(decision_type: str = "INJUNCTION_FINE", *roles: str, row: str = "DO-046-1", **changes: object) -> Past:
    """Return a decision that the shipped order allowed."""
    asked = request(decision_type, *(grant(role) for role in roles or ("AC_N",)))
    return Past(request=replace(asked, **changes), row=row, order=shipped())  # type: ignore[arg-type]


def one(found: Rehearsal) -> rehearsal.Replayed:
    (replayed,) = found.replayed
    return replayed


def test_the_same_order_changes_nothing() -> None:
    found = rehearse([past()], order=shipped())

    replayed = one(found)
    assert replayed.direction is Direction.SAME
    assert (replayed.added, replayed.dropped, replayed.collapsed) == ((), (), frozenset())
    assert replayed.decider_may
    assert all(queue.then == queue.now for queue in found.queues)
    assert found.set_aside == 0


def test_a_decision_goes_up_and_its_decider_may_no_longer() -> None:
    found = rehearse([past()], order=changed("DO-046-1", ("lowest_role", '"GD"')))

    replayed = one(found)
    assert replayed.direction is Direction.UP
    assert not replayed.decider_may
    assert found.count(Direction.UP) == 1
    assert found.count(Direction.DOWN) == 0
    queues = {(queue.act, queue.role): (queue.then, queue.now) for queue in found.queues}
    assert queues[Act.DECIDE, "AC_N"] == (1, 0)
    assert queues[Act.DECIDE, "GD"] == (0, 1)


def test_a_decision_goes_down_and_its_decider_still_may() -> None:
    found = rehearse([past()], order=changed("DO-046-1", ("lowest_role", '"EC_N"')))

    assert one(found).direction is Direction.DOWN
    assert one(found).decider_may


def test_a_decision_goes_aside_to_another_ladder() -> None:
    found = rehearse([past()], order=changed("DO-046-1", ("lowest_role", '"CJ"'), ("jurist_mode", '"B"')))

    assert one(found).direction is Direction.ASIDE


def test_a_role_that_the_other_order_does_not_know_is_aside() -> None:
    assert rehearsal._direction("OLD", "GD", shipped().roles) is Direction.ASIDE
    assert rehearsal._direction("AC_N", "AC_T", shipped().roles) is Direction.ASIDE


def test_new_controls_and_dropped_ones_are_named() -> None:
    other = changed(
        "DO-046-1", ("jurist_role", '"CJ"'), ("joint_always", '["JB-5"]'), ("medical", "true"), ("rapporteur", "false")
    )
    replayed = one(found := rehearse([past()], order=other))

    assert set(replayed.added) == {"JURIST:CJ:S", "JB-5", "PHYSICIAN"}
    assert set(replayed.dropped) == {"JURIST:BCJ:S", "PRESENTATION"}
    assert ("JURIST:CJ:S", 1, 0) in found.controls
    assert ("PRESENTATION", 0, 1) in found.controls


def test_every_kind_of_control_has_a_name() -> None:
    row = shipped().requirements("ETV", "INTERIM_BAN", past().request.facts)
    named = rehearsal.controls(row)

    assert "FOUR_EYES:AFTER" in named
    assert "PRESENTATION:ORAL" in named
    assert any(name.startswith("JB-") and name.endswith(":AFTER") for name in named)
    later = rehearsal.controls(replace(row, jurist_role="CJ", jurist_mode=JuristMode.CONSULTED, jurist_after=True))
    assert "JURIST:CJ:S:AFTER" in later


def test_a_row_without_controls_has_one_queue() -> None:
    other = changed(
        "DO-046-1",
        ("rapporteur", "false"),
        ("four_eyes", "false"),
        ("jurist_role", "null"),
        ("jurist_mode", "null"),
    )
    found = rehearse([past()], order=other)

    assert one(found).now is not None
    assert rehearsal.controls(other.requirements("ETV", "INJUNCTION_FINE", past().request.facts)) == ()
    assert {queue.act for queue in found.queues if queue.now} == {Act.DECIDE}


def test_r64_two_who_kept_an_eye_on_each_other_collapse_into_one() -> None:
    other = changed("DO-046-1", ("four_eyes", "false"), ("rapporteur", "false"))
    found = rehearse([past(), past()], order=other)

    assert one(rehearse([past()], order=other)).collapsed == {PREPARER, RAPPORTEUR, REVIEWER}
    assert Pair(decider=DECIDER, other=REVIEWER, decisions=2) in found.pairs
    assert [pair.other for pair in found.pairs] == sorted([PREPARER, RAPPORTEUR, REVIEWER])


def test_a_decision_without_a_rapporteur_has_the_other_parts_only() -> None:
    other = changed("DO-046-1", ("four_eyes", "false"), ("rapporteur", "false"))
    found = rehearse([past(rapporteur=None, prior_acts=())], order=other)

    assert one(found).collapsed == {PREPARER}


def test_a_decision_that_no_row_covers_goes_nowhere() -> None:
    other = changed("DO-046-1")
    asked = past()
    gone = replace(asked.request, decision_type="INJUNCTION_FINE", facts={**asked.request.facts, "amount": None})
    # The row is told by the amount, so without it even the order of then gives none: set aside, never guessed.
    found = rehearse([Past(request=gone, row="DO-046-1", order=shipped())], order=other)

    assert found.replayed == ()
    assert found.set_aside == 1


def test_a_decision_type_that_the_other_order_lacks_goes_nowhere() -> None:
    asked = past("OPEN_SUPERVISION", "AC_N", row="DO-036")
    left = {key: rows for key, rows in shipped().index.items() if key != ("ETV", "OPEN_SUPERVISION")}
    other = replace(shipped(), index=left)

    replayed = one(found := rehearse([asked], order=other))

    assert replayed.now is None
    assert replayed.direction is Direction.NOWHERE
    assert not replayed.decider_may
    assert (replayed.added, replayed.dropped) == ((), ())
    assert Queue(act=Act.DECIDE, role="AC_N", then=1, now=0) in found.queues


def test_a_decision_whose_own_row_is_not_found_again_is_set_aside() -> None:
    found = rehearse([past(row="DO-046-2")], order=shipped())

    assert found.replayed == ()
    assert found.set_aside == 1


def test_only_the_person_counts_not_whether_the_case_was_ready() -> None:
    found = rehearse([past(prior_acts=(), at=NOW - timedelta(days=40))], order=shipped())
    assert one(found).decider_may

    stranger = rehearse([past(actor=Actor(person="nobody"))], order=shipped())
    assert not one(stranger).decider_may


@pytest.mark.parametrize("act", [Act.DECIDE, Act.PRESENT, Act.REVIEW, Act.CONSULT, Act.ANSWER])
def test_every_act_that_a_row_asks_for_has_a_queue(act: Act) -> None:
    other = changed("DO-046-1", ("joint_always", '["JB-5"]'), ("medical", "true"))
    assert act in {queue.act for queue in rehearse([past()], order=other).queues}


def test_the_queues_that_change_most_come_first() -> None:
    other = changed("DO-046-1", ("lowest_role", '"GD"'))
    found = rehearse([past(), past()], order=other)
    changes = [abs(queue.now - queue.then) for queue in found.queues]

    assert changes == sorted(changes, reverse=True)
    assert changes[0] == 2
