"""``manage.py explain_decision``: stable words for scripts, true words for people."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.workflow_app.office import Office


def _explain(capsys: pytest.CaptureFixture[str], *arguments: str, at: str = "2026-11-23T09:00:00+01:00") -> Any:
    call_command("explain_decision", *arguments, "--at", at, "--format", "json")
    return json.loads(capsys.readouterr().out)


def _fine(capsys: pytest.CaptureFixture[str], login: str, amount: int) -> Any:
    arguments = ("--as", login, "--case-type", "ETV", "--decision", "INJUNCTION_FINE", "--fact", f"amount={amount}")
    return _explain(capsys, *arguments)


@pytest.mark.parametrize(
    ("login", "amount", "allowed", "row", "lowest"),
    [
        ("acn_etv", 1_000_000, True, "DO-046-1", "AC_N"),
        ("acn_etv", 1_000_001, True, "DO-046-2", "AC_N"),
        ("acn_etv", 5_000_000, True, "DO-046-2", "AC_N"),
        ("acn_etv", 5_000_001, False, "DO-046-3", "GD"),
        ("gd", 5_000_001, True, "DO-046-3", "GD"),
        ("ecn_etv_01", 100, False, "DO-046-1", "AC_N"),
        ("insp_017", 100, False, "DO-046-1", "AC_N"),
        ("cj", 100, False, "DO-046-1", "AC_N"),
        ("acn_nts", 100, False, "DO-046-1", "AC_N"),
        ("stf", 100, False, "DO-046-1", "AC_N"),
    ],
)
def test_r_08_the_row_and_the_band_decide_who_may(
    office: Office,
    capsys: pytest.CaptureFixture[str],
    login: str,
    amount: int,
    allowed: bool,
    row: str,
    lowest: str,
) -> None:
    found = _fine(capsys, login, amount)

    assert (found["allowed"], found["rule"], found["row"]) == (allowed, "DO-046", row)
    assert (found["lowest_role"], found["order_version"]) == (lowest, "DEMO-1")
    assert bool(found["bars"]) is not allowed


def test_every_bar_has_code_rule_and_a_sentence(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    for bar in _fine(capsys, "insp_017", 100)["bars"]:
        assert set(bar) == {"code", "rule_id", "text"}
        assert bar["rule_id"].startswith("R-")
        assert bar["text"].endswith(".")


def test_who_may_names_only_those_who_can(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    found = _fine(capsys, "insp_017", 100)

    assert found["who_may"] == ["Avdelningschef A (ETV, EVB)", "Generaldirektör"]


def test_the_controls_that_come_first_are_listed_apart(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    codes = {control["code"] for control in _fine(capsys, "acn_etv", 1_200_000)["controls"]}

    assert {"FOUR_EYES", "JURIST_HEARD", "PROPOSAL_STANDS"} <= codes


def test_what_the_file_must_hold_comes_first_until_it_says_otherwise(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    """R-91"""
    arguments = ("--as", "gd", "--case-type", "ETV", "--decision", "BAN_DIRECT")
    unsaid = _explain(capsys, *arguments)
    said = _explain(capsys, *arguments, "--fact", "danger=false")

    assert unsaid["allowed"]
    assert "DANGER_SHOWN" in {control["code"] for control in unsaid["controls"]}
    assert [bar["code"] for bar in said["bars"]] == ["DANGER_SHOWN"]


def test_r_10_r_11_principle_is_for_the_director_general(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--case-type", "ETV", "--decision", "NO_DEFICIENCY", "--fact", "principle=true")

    assert _explain(capsys, "--as", "acn_etv", *arguments)["rule"] == "DO-002"
    assert not _explain(capsys, "--as", "acn_etv", *arguments)["allowed"]
    assert _explain(capsys, "--as", "gd", *arguments)["allowed"]


def test_r_59_the_sub_delegation_ends_the_same_second(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--as", "ecn_etv_01", "--case-type", "ETV", "--decision", "OPEN_SUPERVISION")

    assert _explain(capsys, *arguments)["allowed"]
    assert not _explain(capsys, *arguments, at="2027-12-01T09:00:00+01:00")["allowed"]


def test_a_missing_amount_bars_and_says_which_fact(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    found = _explain(capsys, "--as", "gd", "--case-type", "ETV", "--decision", "INJUNCTION_FINE")

    assert not found["allowed"]
    assert "amount" in found["bars"][0]["text"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--as", "nobody", "--case-type", "ETV", "--decision", "INJUNCTION"), "no account is called"),
        (("--as", "gd", "--case-type", "XYZ", "--decision", "INJUNCTION"), "unknown case type"),
        (("--as", "gd", "--case-type", "ETV", "--decision", "BEHEAD"), "unknown decision type"),
        (("--as", "gd", "--case-type", "ETV", "--decision", "INJUNCTION", "--fact", "x=1"), "states no fact"),
        (("--as", "gd", "--case-type", "ETV", "--decision", "INJUNCTION", "--fact", "amount=x"), "is a number"),
        (("--as", "gd", "--case-type", "ETV", "--decision", "INJUNCTION", "--fact", "danger=x"), "true or false"),
        (("--as", "gd", "--case-type", "ETV", "--decision", "INJUNCTION", "--at", "2026-01-01"), "no time zone"),
        (
            ("--as", "gd", "--case-type", "ETV", "--decision", "INJUNCTION", "--at", "1999-01-01T00:00Z"),
            "no delegation",
        ),
    ],
)
def test_a_word_the_order_does_not_know_is_refused_in_words(
    office: Office, arguments: tuple[str, ...], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("explain_decision", *arguments)
