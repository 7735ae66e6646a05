"""What the house sees by itself is told before a step is taken, and bars nobody (R-06)."""

from __future__ import annotations

from datetime import date

import pytest

from delegation.conflict_signs import Tie, TieKind, signs

DAY = date(2026, 11, 23)


def found(tie: Tie, **more: object) -> list[tuple[str, str]]:
    asked: dict[str, object] = {"parties": {"UTF-00031"}, "decided": (), "on": DAY, **more}
    return [(sign.code, sign.about) for sign in signs([tie], **asked)]  # type: ignore[arg-type]


def tie(kind: TieKind = TieKind.SIDE_JOB, **more: object) -> Tie:
    return Tie(**{"kind": kind, "party": "UTF-00031", "since": date(2025, 1, 1), **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", list(TieKind))
def test_r06_a_tie_to_a_party_is_a_sign(kind: TieKind) -> None:
    assert found(tie(kind)) == [(kind.value, "UTF-00031")]


def test_r06_a_tie_to_somebody_else_or_not_yet_is_none() -> None:
    assert not found(tie(party="UTF-00032"))
    assert not found(tie(since=date(2026, 11, 24)))


@pytest.mark.parametrize(
    ("kind", "lasts"),
    [(TieKind.SIDE_JOB, False), (TieKind.EMPLOYED, False), (TieKind.OTHER_AUTHORITY, True), (TieKind.OWNER, False)],
)
def test_r06_what_was_decided_or_pleaded_is_remembered_and_a_job_that_is_over_is_not(
    kind: TieKind, lasts: bool
) -> None:
    assert bool(found(tie(kind, until=DAY))) is lasts
    assert found(tie(kind, until=date(2026, 11, 24)))


def test_r06_a_case_that_comes_from_one_decided_by_the_same_person_is_a_sign() -> None:
    assert [(sign.code, sign.about) for sign in signs([], parties=(), decided=["IVO 2026-1"], on=DAY)] == [
        ("EARLIER_DECISION", "IVO 2026-1")
    ]
