"""An order that breaks its own rules is refused when it is loaded, with the row and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from delegation.bundle import ESCALATION, FILES, JOINT_PREPARATION, LEGAL_BASIS, ROLES, RULES
from delegation.dmn.boxes import Boxes
from delegation.dmn.checks import not_analysable, overlaps, unreachable
from delegation.errors import OrderRefused
from delegation.order import load_order
from tests.delegation.authority import ADOPTED, bundle, shipped


def refused(changes: Mapping[str, bytes]) -> dict[str, tuple[str, str, str]]:
    """Return the findings of a changed bundle, by code."""
    with pytest.raises(OrderRefused) as caught:
        load_order({**bundle(), **changes}, number="TEST-2", valid_from=ADOPTED)
    return {one.code: (one.file, one.element, one.text) for one in caught.value.findings}


def changed(file: str, old: str, new: str, *, rule: str | None = None) -> dict[str, bytes]:
    """Return a file of the bundle with one text replaced, in one rule when named."""
    text = bundle()[file].decode()
    if rule is not None:
        start = text.index(f'<rule id="{rule}">')
        end = text.index("</rule>", start)
        assert old in text[start:end]
        text = text[:start] + text[start:end].replace(old, new, 1) + text[end:]
    else:
        assert old in text
        text = text.replace(old, new, 1)
    return {file: text.encode()}


def cell(rule: str, column: str, new: str, file: str = RULES) -> dict[str, bytes]:
    """Return a file with one input or output cell changed."""
    text, count = re.subn(
        rf'(<(?:input|output)Entry id="{rule}_{column}"><text>)[^<]*', lambda m: m[1] + new, bundle()[file].decode()
    )
    assert count == 1
    return {file: text.encode()}


@pytest.mark.parametrize("name", ["department", "county", "office_code", "region", "avdelning", "län", "ort"])
def test_a_regional_column_is_refused(name: str) -> None:
    """R-10"""
    found = refused(changed(RULES, "<text>affected_persons</text>", f"<text>{name}</text>"))
    assert found["REGIONAL_CONDITION"][0] == RULES
    assert "avdelning, län, ort eller kontor" in found["REGIONAL_CONDITION"][2]


def test_a_regional_label_is_refused() -> None:
    assert "REGIONAL_CONDITION" in refused(changed(RULES, 'label="Berörda personer"', 'label="Region"'))


def test_a_regional_condition_in_a_cell_is_refused() -> None:
    found = refused(cell("DO-046-1", "sub_delegable_when", "avdelning = &quot;Syd&quot;"))
    assert found["REGIONAL_CONDITION"][1] == "DO-046-1"


def test_overlapping_rows_are_refused_and_both_named() -> None:
    found = refused(cell("DO-046-3", "amount", "&gt; 4000000"))
    assert found["OVERLAP"][1] == "DO-046-2 DO-046-3"
    assert "Belopp" in found["OVERLAP"][2] or "amount" in found["OVERLAP"][2]


def test_a_gap_is_refused_with_an_example() -> None:
    found = refused(cell("DO-046-3", "amount", "&gt; 6000000"))
    assert found["GAP"][1] == "ETV INJUNCTION_FINE"
    assert "amount = 5999999.5" in found["GAP"][2]


def test_a_row_that_ignores_principle_overlaps_with_the_one_that_does_not() -> None:
    """R-11"""
    assert "DO-002" in refused(cell("DO-040", "principle", "-"))["OVERLAP"][1]


@pytest.mark.parametrize("column", ["lowest_role", "jurist_role", "sub_delegable_to"])
def test_an_unknown_role_is_refused(column: str) -> None:
    assert refused(cell("DO-046-1", column, "&quot;CEO&quot;"))["UNKNOWN_ROLE"][1] == "DO-046-1"


def test_an_unknown_decision_type_is_refused() -> None:
    found = refused(cell("DO-040", "decision_type", "&quot;NO_SUCH_DECISION&quot;"))
    assert "NO_SUCH_DECISION" in found["UNKNOWN_DECISION_TYPE"][2]


def test_an_unknown_case_type_is_refused() -> None:
    assert "XYZ" in refused(cell("DO-040", "case_type", "&quot;XYZ&quot;"))["UNKNOWN_CASE_TYPE"][2]


def test_decision_types_must_be_counted_up() -> None:
    assert "DECISION_TYPES" in refused(cell("DO-040", "decision_type", "not(&quot;INJUNCTION&quot;)"))


def test_an_unknown_legal_basis_is_refused() -> None:
    found = refused(cell("DO-040", "legal_basis", "[&quot;LAW-1&quot;]"))
    assert found["UNKNOWN_LEGAL_BASIS"][1] == "DO-040"


def test_an_unknown_joint_preparation_is_refused() -> None:
    assert "UNKNOWN_JOINT_CODE" in refused(cell("DO-040", "joint_always", "[&quot;JB-99&quot;]"))


def test_an_unknown_word_is_refused() -> None:
    assert "mood" in refused(changed(RULES, "<text>affected_persons</text>", "<text>mood</text>"))["UNKNOWN_WORD"][2]
    assert "mood" in refused(cell("DO-046-1", "sub_delegable_when", "mood"))["UNKNOWN_WORD"][2]


def test_a_row_twice_is_refused() -> None:
    assert refused(changed(RULES, '<rule id="DO-041">', '<rule id="DO-040">'))["DUPLICATE_ROW"][1] == "DO-040"


def test_a_row_whose_id_is_anothers_is_refused() -> None:
    assert "ROW_ID" in refused(cell("DO-041", "rule_id", "&quot;DO-040&quot;"))


def test_another_hit_policy_is_refused() -> None:
    assert "HIT_POLICY" in refused(changed(RULES, 'hitPolicy="UNIQUE"', 'hitPolicy="FIRST"'))


def test_a_missing_column_is_refused() -> None:
    assert "OUTPUT_MISSING" in refused(changed(RULES, 'name="appealable"', 'name="appeal"'))


def test_an_alias_that_points_nowhere_is_refused() -> None:
    assert refused(cell("DO-066", "refers_to", "&quot;TIL&quot;"))["ALIAS_WITHOUT_TARGET"][1] == "DO-066"


def test_a_control_that_depends_on_facts_is_refused() -> None:
    assert "NOT_A_CONSTANT" in refused(cell("DO-040", "four_eyes", "with_fine"))


def test_a_jurist_without_a_part_is_refused() -> None:
    assert "JURIST_MODE" in refused(cell("DO-046-1", "jurist_mode", "null"))


def test_a_row_without_a_lowest_role_is_refused() -> None:
    assert "LOWEST_ROLE" in refused(cell("DO-040", "lowest_role", "null"))


@pytest.mark.parametrize("asked", ["CEO", "EC_N:XYZ"])
def test_an_unknown_participant_is_refused(asked: str) -> None:
    found = refused(cell("P-JB-1", "participants", f"[&quot;{asked}&quot;]", JOINT_PREPARATION))
    assert set(found) <= {"UNKNOWN_ROLE", "UNKNOWN_CASE_TYPE"}


def test_an_unknown_resolver_is_refused() -> None:
    assert refused(cell("E1", "resolver", "&quot;CEO&quot;", ESCALATION))["UNKNOWN_ROLE"][:2] == (ESCALATION, "E1")


def test_a_role_with_two_rows_is_refused() -> None:
    assert refused(cell("R-BCJ", "role", "&quot;AJ&quot;", ROLES))["OVERLAP"][1] == "R-AJ och R-BCJ"


def test_two_resolvers_for_one_disagreement_are_refused() -> None:
    assert "OVERLAP" in refused(cell("E2-2", "counterpart", "&quot;AJ&quot;", ESCALATION))


def test_a_cell_that_cannot_be_analysed_is_refused() -> None:
    found = refused(cell("DO-046-1", "amount", "&lt;= volume * 2"))
    assert found["NOT_ANALYSABLE"][:2] == (RULES, "DO-046-1")


def test_the_shipped_tables_have_no_findings_by_the_general_checks() -> None:
    for name, table in shipped().tables.items():
        boxes = Boxes(table)
        assert not [*not_analysable(table, boxes), *overlaps(table, boxes), *unreachable(table, boxes)], name


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_refused(name: str) -> None:
    files = bundle()
    del files[name]
    with pytest.raises(OrderRefused, match=name):
        load_order(files, number="TEST-2", valid_from=ADOPTED)


@pytest.mark.parametrize("name", [RULES, JOINT_PREPARATION, ESCALATION, ROLES])
@pytest.mark.parametrize("data", [b"", b"<", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"<a/>"])
def test_an_unreadable_table_is_refused(name: str, data: bytes) -> None:
    assert refused({name: data})["TABLE_INVALID"][0] == name


def test_a_cell_that_is_not_feel_is_refused() -> None:
    assert "TABLE_INVALID" in refused(cell("DO-046-1", "amount", "&lt;= (("))


def test_an_unreadable_registry_is_refused() -> None:
    assert refused({LEGAL_BASIS: b"not toml"})["LEGAL_BASIS_INVALID"][0] == LEGAL_BASIS


def test_an_unknown_chain_is_refused() -> None:
    assert refused(cell("R-AJ", "chain", "&quot;ROYAL&quot;", ROLES))["ROLES_INVALID"][0] == ROLES
