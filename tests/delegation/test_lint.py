"""An order that breaks its own rules is refused when it is loaded, with the row and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from delegation.bundle import ESCALATION, FILES, JOINT_PREPARATION, LEGAL_BASIS, ROLES, RULES
from delegation.dmn.boxes import Boxes
from delegation.dmn.checks import not_analysable, overlaps, unreachable
from delegation.errors import OrderFinding, OrderRefused
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


def test_a_row_that_ignores_principle_overlaps_with_the_one_that_does_not() -> None:
    """R-11"""
    assert "DO-002" in refused(cell("DO-040", "principle", "-"))["OVERLAP"][1]


def test_an_alias_that_points_nowhere_is_refused() -> None:
    assert refused(cell("DO-066", "refers_to", "&quot;TIL&quot;"))["ALIAS_WITHOUT_TARGET"][1] == "DO-066"


def test_a_role_with_two_rows_is_refused() -> None:
    assert refused(cell("R-BCJ", "role", "&quot;AJ&quot;", ROLES))["OVERLAP"][1] == "R-AJ och R-BCJ"


def quoted(text: str) -> str:
    """Return a text as a cell of XML writes it."""
    return f"&quot;{text}&quot;"


#: What is changed, and the one finding: its code, its file, where, and the sentence.
BROKEN: dict[str, tuple[Mapping[str, bytes], str, str, str, str]] = {
    "two rows for one decision": (
        cell("DO-046-3", "amount", "&gt; 4000000"),
        "OVERLAP", RULES, "DO-046-2 DO-046-3",
        "raderna DO-046-2 och DO-046-3 träffar båda för ETV INJUNCTION_FINE när principle = nej, amount = 4000000.5; "
        "avgränsa en av dem",
    ),
    "no row for an amount": (
        cell("DO-046-3", "amount", "&gt; 6000000"),
        "GAP", RULES, "ETV INJUNCTION_FINE",
        "ingen rad täcker ETV INJUNCTION_FINE när principle = nej, amount = 5999999.5; lägg till eller vidga en rad",
    ),
    **{
        f"a role nobody knows as {column}": (
            cell("DO-046-1", column, quoted("CEO")),
            "UNKNOWN_ROLE", RULES, "DO-046-1", "rollen `CEO` finns inte i roles.dmn; rätta rollen",
        )
        for column in ("lowest_role", "jurist_role", "sub_delegable_to")
    },
    "a decision nobody knows": (
        cell("DO-040", "decision_type", quoted("NO_SUCH_DECISION")),
        "UNKNOWN_DECISION_TYPE", RULES, "DO-040",
        "beslutstypen `NO_SUCH_DECISION` är inte känd; använd en ur ordlistan",
    ),
    "a case type nobody knows": (
        cell("DO-040", "case_type", quoted("XYZ")),
        "UNKNOWN_CASE_TYPE", RULES, "DO-040", "ärendeslaget `XYZ` är inte känd; använd en ur ordlistan",
    ),
    "all decisions but one": (
        cell("DO-040", "decision_type", f"not({quoted('INJUNCTION')})"),
        "DECISION_TYPES", RULES, "DO-040", "beslutstyperna ska räknas upp; skriv koderna med kommatecken emellan",
    ),
    "a law nobody knows": (
        cell("DO-040", "legal_basis", f"[{quoted('LAW-1')}]"),
        "UNKNOWN_LEGAL_BASIS", RULES, "DO-040",
        "den rättsliga grunden `LAW-1` finns inte i registret; lägg till den",
    ),
    **{
        f"a preparation with nobody in {column}": (
            cell("DO-040", column, f"[{quoted('JB-99')}]"),
            "UNKNOWN_JOINT_CODE", RULES, "DO-040",
            "`JB-99` har inga deltagare i joint_preparation.dmn; rätta koden",
        )
        for column in ("joint_always", "joint_triggered", "joint_after")
    },
    "a column nobody knows": (
        changed(RULES, "<text>affected_persons</text>", "<text>mood</text>"),
        "UNKNOWN_WORD", RULES, "Berörda personer", "ordet `mood` är inte ett känt faktum; använd ett ur ordlistan",
    ),
    "a condition nobody knows": (
        cell("DO-046-1", "sub_delegable_when", "mood"),
        "UNKNOWN_WORD", RULES, "DO-046-1",
        "`mood` i kolumnen `sub_delegable_when` är inte ett känt faktum; rätta villkoret",
    ),
    "a row twice": (
        changed(RULES, '<rule id="DO-041">', '<rule id="DO-040">'),
        "DUPLICATE_ROW", RULES, "DO-040", "radens id förekommer flera gånger; ge raderna olika id",
    ),
    "a row by the id of another": (
        cell("DO-041", "rule_id", quoted("DO-040")),
        "ROW_ID", RULES, "DO-041", "radens id `DO-041` hör inte till `DO-040`; skriv DO-nnn eller DO-nnn-n",
    ),
    "another hit policy": (
        changed(RULES, 'hitPolicy="UNIQUE"', 'hitPolicy="FIRST"'),
        "HIT_POLICY", RULES, "rules", "träffpolicyn ska vara UNIQUE utan sammanräkning; ändra tabellen",
    ),
    "a column missing": (
        changed(RULES, 'name="appealable"', 'name="appeal"'),
        "OUTPUT_MISSING", RULES, "rules", "kolumnen `appealable` saknas bland utfallen; lägg till den",
    ),
    **{
        f"{column} that depends on facts": (
            cell("DO-040", column, "with_fine"),
            "NOT_A_CONSTANT", RULES, "DO-040", f"kolumnen `{column}` ska vara true eller false; rätta raden",
        )
        for column in ("rapporteur", "four_eyes", "controls_after", "oral", "jurist_after")
    },
    **{
        f"a jurist of {row} with the part {part}": (
            cell(row, "jurist_mode", part),
            "JURIST_MODE", RULES, row, "jurist och form (S, M eller B) ska anges tillsammans; rätta raden",
        )
        for row, part in (("DO-046-1", "null"), ("DO-046-1", quoted("X")), ("DO-040", quoted("S")))
    },
    "nobody to decide": (
        cell("DO-040", "lowest_role", "null"),
        "LOWEST_ROLE", RULES, "DO-040", "lägsta beslutsfattare saknas; ange en roll",
    ),
    "a participant nobody knows": (
        cell("P-JB-1", "participants", f"[{quoted('CEO')}]", JOINT_PREPARATION),
        "UNKNOWN_ROLE", JOINT_PREPARATION, "JB-1", "rollen `CEO` finns inte i roles.dmn; rätta deltagaren",
    ),
    "a participant from nowhere": (
        cell("P-JB-1", "participants", f"[{quoted('EC_N:XYZ')}]", JOINT_PREPARATION),
        "UNKNOWN_CASE_TYPE", JOINT_PREPARATION, "JB-1", "ärendeslaget `XYZ` är inte känt; rätta deltagaren",
    ),
    "a resolver nobody knows": (
        cell("E1", "resolver", quoted("CEO"), ESCALATION),
        "UNKNOWN_ROLE", ESCALATION, "E1", "rollen `CEO` finns inte i roles.dmn; rätta raden",
    ),
    "two resolvers for one disagreement": (
        cell("E2-2", "counterpart", quoted("AJ"), ESCALATION),
        "OVERLAP", ESCALATION, "E2-1 och E2-2", "raderna E2-1 och E2-2 träffar samtidigt; avgränsa en av dem",
    ),
    "a cell beyond analysis": (
        cell("DO-046-1", "amount", "&lt;= volume * 2"),
        "NOT_ANALYSABLE", RULES, "DO-046-1",
        "cellen `<= volume * 2` kan inte prövas; skriv konstanter, jämförelser eller intervall",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "code", "file", "element", "text"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_order_is_refused_where_it_breaks_with_what_to_do(
    changes: Mapping[str, bytes], code: str, file: str, element: str, text: str
) -> None:
    with pytest.raises(OrderRefused) as caught:
        load_order({**bundle(), **changes}, number="TEST-2", valid_from=ADOPTED)
    assert caught.value.findings == (OrderFinding(code=code, file=file, element=element, text=text),)


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
