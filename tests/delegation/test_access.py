"""Who sees how much of a case, by grants and by how the person stands to it (R-03, R-73..R-75)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from delegation import access
from delegation.access import Exceptional, Stand, View, may_give, may_keep_wall, may_read_identity, reaches, view
from delegation.types import Actor, Grant, GrantKind
from tests.delegation.authority import NEUTRAL, shipped

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
IN = Stand(case_type="ETV", takes_part=True, cleared=True)
OUT = Stand(case_type="ETV")


def held(
    role: str,
    case_type: str | None = "ETV",
    *,
    rules: frozenset[str] | None = None,
    kind: GrantKind = GrantKind.APPOINTMENT,
    on_behalf_of: str | None = None,
) -> Actor:
    """Return a person with one grant."""
    grant = Grant(
        id="g",
        person="p",
        role=role,
        case_types=None if case_type is None else frozenset({case_type}),
        rules=rules,
        valid_from=NOW,
        valid_to=NOW + timedelta(days=300),
        kind=kind,
        granted_by="q",
        on_behalf_of=on_behalf_of,
    )
    return Actor(person="p", grants=(grant,))


NOBODY = Actor(person="p")


@pytest.mark.parametrize(
    ("actor", "stand", "seen"),
    [
        (NOBODY, OUT, View.NOTHING),
        (NOBODY, IN, View.CONTENT),
        (NOBODY, replace(IN, cleared=False), View.METADATA),
        (NOBODY, replace(IN, takes_part=False), View.NOTHING),
        (NOBODY, replace(OUT, asked=True), View.METADATA),
        (NOBODY, replace(OUT, decides=True), View.CONTENT),
        (NOBODY, replace(OUT, exceptions=frozenset({Exceptional.READ})), View.CONTENT),
        (NOBODY, replace(OUT, exceptions=frozenset({Exceptional.AUDIT})), View.CONTENT),
        (NOBODY, replace(OUT, exceptions=frozenset({Exceptional.IDENTITY})), View.NOTHING),
        (held("INSP"), OUT, View.METADATA),
        (held("INSP", "FTB"), OUT, View.NOTHING),
        (held("IR", None), OUT, View.CONTENT),
        (held("IR", "FTB"), OUT, View.NOTHING),
        (held("REG", None), OUT, View.CONTENT),
        (held("EC", "FTB"), OUT, View.METADATA),
        (held("AC", None), OUT, View.METADATA),
        (held("PO", None), OUT, View.NOTHING),
        (held("SYS", None), OUT, View.NOTHING),
        (held("DOADM", None), OUT, View.NOTHING),
    ],
)
def test_r73_how_much_is_seen_follows_from_grants_and_part(actor: Actor, stand: Stand, seen: View) -> None:
    """R-73: each way in, and what is none."""
    assert view(actor, stand) is seen


@pytest.mark.parametrize("stand", [IN, replace(OUT, decides=True), replace(OUT, exceptions=frozenset(Exceptional))])
def test_r03_r75_conflict_and_walls_close_what_anything_else_opens(stand: Stand) -> None:
    """R-03, R-75: for the registrar and audit too."""
    for actor in (NOBODY, held("REG", None), held("IR", None), held("GD", None)):
        assert view(actor, replace(stand, disqualified=True)) is View.NOTHING
        assert view(actor, replace(stand, walled=True)) is View.NOTHING
        assert view(actor, replace(stand, walled=True, needs_to_know=True)) is View.CONTENT
    assert view(NOBODY, replace(OUT, walled=True, needs_to_know=True)) is View.METADATA


def test_r73_more_grants_never_show_less() -> None:
    """R-73: adding a grant opens or leaves as it was."""
    order = [View.NOTHING, View.METADATA, View.CONTENT]
    grants = [
        held(role, case_type).grants[0] for role in ("INSP", "IR", "EC", "PO", "REG") for case_type in ("ETV", None)
    ]

    for stand in (OUT, IN, replace(OUT, asked=True), replace(OUT, walled=True)):
        for one in grants:
            for other in grants:
                alone = view(Actor(person="p", grants=(one,)), stand)
                both = view(Actor(person="p", grants=(one, other)), stand)
                assert order.index(both) >= order.index(alone)


@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        (held("AC_N"), True),
        (held("GD", None), True),
        (held("EC_N"), False),
        (held("AC_N", "FTB"), False),
        (held("AC_N", None), False),
        (held("AJ"), False),
        (held("NO_SUCH_ROLE"), False),
        (held("AC_N", rules=frozenset({"DO-036"})), True),
        (held("AC_N", rules=frozenset({"DO-037"})), False),
        (held("EC_N", rules=frozenset({"DO-036"}), kind=GrantKind.SUB_DELEGATION, on_behalf_of="AC_N"), True),
        (held("EC_N", rules=frozenset({"DO-036"}), kind=GrantKind.SUB_DELEGATION), False),
        (NOBODY, False),
    ],
)
def test_r73_a_rows_deciders_are_those_whose_grants_reach_it(actor: Actor, seen: bool) -> None:
    """R-73: level, case type, rows and lending as in a decision."""
    order = shipped()
    row = order.requirements("ETV", "OPEN_SUPERVISION", NEUTRAL)

    assert reaches(actor, order, row, case_type="ETV") is seen


def test_r73_the_rows_jurist_reads_where_the_opinion_is_given_outside_any_step() -> None:
    """R-73: only where asked, and only the level that the row names or above."""
    order = shipped()
    row = order.requirements("ETV", "OPEN_SUPERVISION", NEUTRAL)

    assert reaches(held("AJ"), order, row, case_type="ETV", jurist=True)
    assert not reaches(held("TL", None), order, row, case_type="ETV", jurist=True)
    assert not reaches(held("AJ"), order, replace(row, jurist_role=None), case_type="ETV", jurist=True)


def test_r73_the_case_types_in_which_cases_are_known() -> None:
    """R-73: none by housekeeping, all by line post or by a grant for all."""
    known = access.types_known

    assert known(NOBODY) == known(held("PO", None)) == frozenset()
    assert known(held("INSP")) == {"ETV"}
    assert known(held("EC", "FTB")) is None
    assert known(held("GD", None)) is None
    assert known(Actor(person="p", grants=(*held("INSP").grants, *held("HL", "EVB").grants))) == {"ETV", "EVB"}


@pytest.mark.parametrize(
    ("actor", "stand", "protected", "may"),
    [
        (NOBODY, IN, False, False),
        (held("GD", None), replace(OUT, decides=True), False, False),
        (held("REG", None), OUT, False, True),
        (held("REG", "FTB"), IN, False, False),
        (held("REG", None), OUT, True, False),
        (held("IR", None), OUT, False, False),
        (NOBODY, replace(IN, exceptions=frozenset({Exceptional.IDENTITY})), True, True),
        (NOBODY, replace(OUT, exceptions=frozenset({Exceptional.IDENTITY})), False, False),
        (held("REG", None), replace(OUT, walled=True), False, False),
    ],
)
def test_r74_the_name_takes_a_right_of_its_own(actor: Actor, stand: Stand, protected: bool, may: bool) -> None:
    """R-74: the second permission, and being let into the case at all."""
    assert may_read_identity(actor, stand, protected=protected) is may


@pytest.mark.parametrize(
    ("actor", "stand", "to", "what", "may"),
    [
        (held("EC_N"), IN, "q", Exceptional.READ, True),
        (held("EC_N"), IN, "q", Exceptional.IDENTITY, True),
        (held("EC_N"), IN, "p", Exceptional.READ, False),
        (held("EC_N"), OUT, "q", Exceptional.READ, False),
        (held("EC_N", "FTB"), IN, "q", Exceptional.READ, False),
        (held("EC_N", kind=GrantKind.SUBSTITUTION), IN, "q", Exceptional.READ, False),
        (held("EC_N"), IN, "q", Exceptional.AUDIT, False),
        (held("CJ", None), IN, "q", Exceptional.AUDIT, True),
        (held("GD", None), IN, "q", Exceptional.READ, True),
        (held("INSP"), IN, "q", Exceptional.READ, False),
    ],
)
def test_r73_who_lets_others_in_by_name(actor: Actor, stand: Stand, to: str, what: Exceptional, may: bool) -> None:
    """R-73: heads of the type by appointment, never themselves, never what they may not read."""
    assert may_give(actor, stand, to=to, what=what) is may


@pytest.mark.parametrize(
    ("actor", "stand", "may"),
    [
        (held("BCJ", None), replace(OUT, walled=True, needs_to_know=True), True),
        (held("BCJ", None), replace(OUT, walled=True), False),
        (held("BCJ", None), OUT, True),
        (held("BCJ", None), replace(OUT, disqualified=True), False),
        (held("BCJ", None, kind=GrantKind.SUBSTITUTION), OUT, False),
        (held("AC_N"), replace(IN, walled=True, needs_to_know=True), False),
        (NOBODY, OUT, False),
    ],
)
def test_r75_who_keeps_the_need_to_know_list(actor: Actor, stand: Stand, may: bool) -> None:
    """R-75: a deputy chief jurist, the chief jurist or GD, by appointment and on the list."""
    assert may_keep_wall(actor, stand) is may


def test_registers_are_kept_by_appointed_registrars() -> None:
    """S-44: not by lending."""
    assert access.may_keep_registers(held("REG", None))
    assert not access.may_keep_registers(held("REG", None, kind=GrantKind.SUBSTITUTION))
    assert not access.may_keep_registers(held("INSP"))
